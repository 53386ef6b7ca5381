"""The map in a real browser with the network switched off: what it shows, and what it never does."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pytest
import shapely
from browser.steps import ready

import borderline as bl

sync_api = pytest.importorskip("playwright.sync_api", reason="browser tests need playwright")
expect = sync_api.expect
pytestmark = pytest.mark.browser

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


# Where a symbol stands on the screen, largest first.
#: The page draws once a frame, however much is chosen in between.
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
SYMBOLS = """() => {
  const p = Borderline.page, frame = p.map.getContainer().getBoundingClientRect();
  return p.incidents.symbols.slice().sort((a, b) => b.total - a.total).map((s) => {
    const at = p.map.layerPointToContainerPoint(L.point(s.px, s.py).subtract(p.map.getPixelOrigin()));
    const rows = p.places.incidents(s);
    return {x: frame.left + at.x, y: frame.top + at.y, r: s.radius, total: s.total, rows};
  });
}"""


def fact(page, name):
    """Read one line of the sheet."""
    return page.locator(".bl-facts dt", has_text=re.compile(f"^{name}$")).locator("+ dd").text_content()


def paged(page, total):
    """Collect the records of a sheet by its buttons, one after the other."""
    records = []
    for k in range(total):
        expect(page.locator(".bl-count")).to_have_text(f"{k + 1} of {total}")
        if records:
            expect(page.locator(".bl-facts dd").last).not_to_have_text(records[-1])
        records.append(fact(page, "Record"))
        if k + 1 < total:
            page.locator(".bl-pager button", has_text="Later").press("Enter")
    return [record.split(", ")[0] for record in records]


def test_counts_agree_with_the_table(seeds_page, located):
    drawn = located[~(located.geometry.isna() | located.geometry.is_empty)]
    symbols = seeds_page.evaluate(SYMBOLS)
    assert sum(symbol["total"] for symbol in symbols) == len(drawn)
    assert sorted(row for symbol in symbols for row in symbol["rows"]) == sorted(
        seeds_page.evaluate(
            "Array.from(Borderline.page.places.of.keys()).filter(i => Borderline.page.places.of[i] >= 0)"
        )
    )
    assert seeds_page.evaluate("Borderline.page.places.count") == len(drawn.geometry.drop_duplicates())
    legend = seeds_page.locator("fieldset:has(.bl-icon) .bl-number").all_text_contents()
    assert sum(map(int, legend)) == len(located)
    status = seeds_page.locator("#bl-status").text_content()
    assert status.startswith(f"{len(drawn)} incidents at ")
    assert f"{len(located) - len(drawn)} incidents have no position" in status


def test_a_click_reaches_every_incident_of_a_symbol(seeds_page, located):
    symbol = seeds_page.evaluate(SYMBOLS)[0]
    assert symbol["total"] > 10
    seeds_page.mouse.click(symbol["x"], symbol["y"])
    records = paged(seeds_page, symbol["total"])
    assert len(set(records)) == symbol["total"]
    assert set(records) <= set(located.index)


def test_the_keyboard_reaches_every_incident_of_a_point(seeds_page, located):
    shared = located.groupby([located.geometry.x, located.geometry.y]).groups
    expected = set(max(shared.values(), key=len))
    seeds_page.locator("#bl-table summary").press("Enter")
    rows = seeds_page.evaluate(
        "Borderline.page.places.members.slice().sort((a, b) => b.length - a.length)[0]"
    )
    seeds_page.locator(f".bl-show[data-row='{rows[0]}']").press("Enter")
    assert set(paged(seeds_page, len(rows))) == expected
    seeds_page.keyboard.press("Escape")
    seeds_page.wait_for_selector(".bl-sheet", state="detached")
    assert seeds_page.evaluate("document.activeElement.dataset.row") == str(rows[0])


def test_table_lists_the_first_rows_and_says_so(seeds_page, located):
    seeds_page.locator("#bl-table summary").click()
    rows = seeds_page.locator("#bl-table tbody tr")
    expect(rows).to_have_count(200)
    assert seeds_page.locator(".bl-rows").text_content() == (
        f"The first 200 of {len(located)} incidents; the file has all of them."
    )
    for kind in ("Talks", "Artillery"):
        seeds_page.locator(".bl-check", has_text=kind).locator("input").press("Space")
    chosen = ~located["event_type"].isin(["diplomatic_event", "artillery_rocket"])
    expect(rows).to_have_count(int(chosen.sum()))
    absent = located.geometry.isna() | located.geometry.is_empty
    absent &= chosen
    assert seeds_page.locator("#bl-table td", has_text="no position").count() == absent.sum()


def test_the_sheet_tells_the_facts(opened, border, tmp_path):
    table = gpd.GeoDataFrame(
        {
            "event_date": ["2025-07-24"], "event_date_end": ["2025-07-28"], "event_type": ["airstrike"],
            "location": ["Ta Khwai"], "location_alt": ["Ta Krabei;តាក្របី;Ta Kwai;ตาควาย"],
            "side_blamed": ["A blames B; B denies"],
            "fatalities": [3], "fatalities_low": [3], "fatalities_high": [11],
            "location_error_m": [5000.0], "geo_precision": ["border_stretch"],
            "source_url": ["https://example.org/a"], "source_2_url": ["javascript:alert(1)"], "actor1": ["A"],
        },
        geometry=[shapely.Point(103.3711, 14.3228)], index=["X-1"], crs=4326,
    )  # fmt: skip
    located = bl.locate(table, border)
    bl.explore(located, border).save(tmp_path / "one.html")
    with opened(tmp_path / "one.html") as page:
        symbol = ready(page).evaluate(SYMBOLS)[0]
        page.mouse.click(symbol["x"], symbol["y"])
        assert page.locator(".bl-popup h2").text_content() == "Air strike"
        assert page.locator(".bl-when").text_content() == "24–28 Jul 2025"
        assert fact(page, "Place") == "Ta Khwaiตาควายតាក្របី"
        assert [page.locator(f".bl-facts [lang={tag}]").text_content() for tag in ("th", "km")] == [
            "ตาควาย",
            "តាក្របី",
        ]
        assert fact(page, "Also") == "Ta Krabei, Ta Kwai"
        assert fact(page, "Each side says") == "A blames B; B denies"
        assert fact(page, "Side").startswith("probably CambodiaToo close to be sure of the side")
        assert fact(page, "Distance").startswith("3.3 km (")
        assert fact(page, "Along") == f"km {located['measure_km'].iloc[0]:.0f} of 817 along the border"
        assert fact(page, "Fatalities") == "3 to 11"
        assert fact(page, "Position") == "known to about 5 km (“border stretch”)"
        assert fact(page, "Source") == "example.org, javascript:alert(1)"
        assert page.locator(".bl-facts a").count() == 1
        link = page.locator(".bl-facts a")
        assert link.get_attribute("href") == "https://example.org/a"
        assert link.get_attribute("target") == "_blank"
        assert link.get_attribute("rel") == "noopener noreferrer"
        assert page.locator(".bl-pager").count() == 0


WORDS = [
    ("distance(null, 100)", "unknown"),
    ("distance(1234, null)", "about 1.2 km"),
    ("distance(1234, 5000)", "1 km (± 5 km)"),
    ("distance(234, 5000)", "under 1 km (± 5 km)"),
    ("distance(234, 50)", "230 m (± 50 m)"),
    ("distance(12345, 450)", "12.3 km (± 450 m)"),
    ("distance(123456, 20000)", "120 km (± 20 km)"),
    ("distance(0, null)", "about 0 m"),
    ("distance(1000, 5000, 0, 3000)", "1.0 km (0 to 3.0 km)"),
    ("distance(12345, 5000, 8000, 17000)", "12.3 km (8.0 km to 17.0 km)"),
    ("distance(230, 100, 140, 320)", "230 m (140 m to 320 m)"),
    ("distance(60000, 75000, 2000, 160000)", "60 km (2 km to 160 km)"),
    ("side('KHM', false, () => 'Cambodia', 76)", "Cambodia 76 %"),
    ("side('KHM', false, () => 'Cambodia', 100)", "Cambodia over 99 %"),
    ("side('KHM', false, () => 'Cambodia', 97, true)", "probably Cambodia"),
    ("side('KHM', false, () => 'Cambodia', 97, false)", "Cambodia 97 %"),
    ("side('line', false, () => 'Cambodia', 50)", "on the line as drawn"),
    ("bank('?', () => 'Cambodia')", "side not known"),
    ("bank(undefined, () => 'Cambodia')", "none"),
    (
        "drawings(4, 2, ['Cambodia', 'Thailand'])",
        ("The side depends on the drawing: Cambodia 4, Thailand 2 of 6 drawings."),
    ),
    ("drawings(6, 0, ['Cambodia', 'Thailand'])", ""),
    ("kilometre(433.27, 5000, 817)", "km 433 of 817 along the border"),
    ("kilometre(433.27, 100, null)", "km 433.3 along the border"),
    ("deaths(null, null, null)", "unknown"),
    ("deaths(0, 0, 0)", "0"),
    ("deaths(2, 2, 7)", "2 to 7"),
    ("deaths(null, null, 7)", "at most 7"),
    ("deaths(4, null, null)", "4"),
    ("date(null, null)", "Date unknown"),
    ("date('2025-07-24', '2025-08-01')", "24 Jul – 1 Aug 2025"),
    ("date('2025-12-31', '2026-01-01')", "31 Dec 2025 – 1 Jan 2026"),
    ("precision(null, null)", "not stated"),
    ("doubt(900, 100, 450)", ""),
    ("doubt(100, 900, 450, false)", ""),
    ("doubt(900, 100, 0, true)", "Too close to be sure of the side: the position is known to about 100 m."),
    ("link('https://example.org') !== null", True),
    ("link('javascript:alert(1)')", None),
    ("link('java\\nscript:alert(1)')", None),
    ("link(' https://example.org')", None),
    ("type('constructor')", "constructor"),
]


def test_facts_are_put_in_honest_words(seeds_page):
    said = {call: seeds_page.evaluate(f"Borderline.words.{call}") for call, _ in WORDS}
    assert said == dict(WORDS)


def test_leaving_out_a_type_leaves_out_its_incidents(seeds_page):
    total = sum(symbol["total"] for symbol in seeds_page.evaluate(SYMBOLS))
    box = seeds_page.locator(".bl-check", has_text="Artillery")
    box.locator("input").press("Space")
    seeds_page.evaluate(TWO_FRAMES)
    assert 0 < sum(symbol["total"] for symbol in seeds_page.evaluate(SYMBOLS)) < total
    box.locator("input").press("Space")
    seeds_page.evaluate(TWO_FRAMES)
    assert sum(symbol["total"] for symbol in seeds_page.evaluate(SYMBOLS)) == total


def test_a_click_on_the_line_tells_its_density(seeds_page, density):
    k = int(np.argmax(density["n_events"]))
    middle = float(density[["from_m", "to_m"]].iloc[k].mean())
    seeds_page.evaluate(
        f"void Borderline.page.map.setView(Borderline.page.line.at({middle}), 13, {{animate: false}})"
    )
    frame = seeds_page.locator(".folium-map").bounding_box()
    seeds_page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    assert fact(seeds_page, "Incidents") == str(density["n_events"].iloc[k])


def test_line_on_the_page_is_the_border(seeds_page, border):
    chainage = np.linspace(0, border.length_m, 50)
    there = np.array(
        seeds_page.evaluate("all => all.map(c => Borderline.page.line.at(c))", chainage.tolist())
    )
    points = border.interpolate(chainage)
    # A millionth of a degree of rounding, and edges that are straight on the screen.
    np.testing.assert_allclose(there[:, 1], shapely.get_x(points), atol=5e-6)
    np.testing.assert_allclose(there[:, 0], shapely.get_y(points), atol=5e-6)


def test_foot_of_each_incident_is_the_foot_of_locate(seeds_page, located, border):
    here = located[located["chainage_m"].notna()]
    feet = seeds_page.evaluate("Array.from(Borderline.page.places.footX)")
    lon = np.unique(np.round(shapely.get_x(border.interpolate(here["chainage_m"].to_numpy())), 4))
    shown = np.unique(np.round(np.array(feet) / 256 * 360 - 180, 4))
    assert np.abs(shown[:, None] - lon).min(axis=1).max() < 2e-4


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_overlaps_or_overflows(opened, seeds_file, viewport):
    with opened(seeds_file, viewport) as page:
        ready(page)
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
        assert page.evaluate("document.scrollingElement.scrollHeight <= innerHeight")
        boxes = [name["box"] for name in page.evaluate("Borderline.page.names.shown")]
        assert len(boxes) > 10
        for i, a in enumerate(boxes):
            for b in boxes[:i]:
                assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]
        symbols = page.evaluate(SYMBOLS)
        for i, a in enumerate(symbols):
            for b in symbols[:i]:
                assert np.hypot(a["x"] - b["x"], a["y"] - b["y"]) > 0.8 * (a["r"] + b["r"])


def test_a_phone_shows_the_sheet_in_full(opened, seeds_file):
    with opened(seeds_file, phone=True) as page:
        symbol = ready(page).evaluate(SYMBOLS)[0]
        page.touchscreen.tap(symbol["x"], symbol["y"])
        expect(page.locator(".bl-sheet")).to_be_in_viewport(ratio=0.999)
        page.locator(".bl-pager button", has_text="Later").click()
        expect(page.locator(".bl-count")).to_have_text(f"2 of {symbol['total']}")


def test_page_can_be_found_through_by_keyboard(seeds_page):
    assert seeds_page.evaluate("document.documentElement.lang") == "en"
    assert seeds_page.title() == seeds_page.locator("h1").text_content()
    assert seeds_page.locator("main").count() == seeds_page.locator("h1").count() == 1
    seen = []
    for _ in range(25):
        seeds_page.keyboard.press("Tab")
        seen.append(seeds_page.evaluate("document.activeElement.outerHTML.slice(0, 60)"))
    for part in (
        "bl-skip",
        "folium-map",
        "leaflet-control-zoom-in",
        "checkbox",
        "Legend",
        "Incidents as a table",
    ):
        assert any(part in element for element in seen), part


def test_old_browsers_get_a_message(opened, seeds_file):
    with opened(seeds_file, script="delete window.DecompressionStream") as page:
        message = page.locator("#bl-message")
        message.wait_for(state="visible")
        assert "too old" in message.text_content()


def test_damaged_data_gets_a_message(opened, seeds_file, tmp_path):
    text = seeds_file.read_text(encoding="utf-8")
    broken = re.sub(r'(id="bl-incidents">.{40}).{40}', r"\1", text, count=1)
    (tmp_path / "broken.html").write_text(broken, encoding="utf-8")
    with opened(tmp_path / "broken.html") as page:
        page.locator("#bl-message").wait_for(state="visible")
        assert "could not be read" in page.locator("#bl-message").text_content()


@pytest.mark.parametrize("rows", [0, 1])
def test_few_incidents(opened, located, border, tmp_path, rows):
    bl.explore(located.iloc[:rows], border).save(tmp_path / "few.html")
    with opened(tmp_path / "few.html") as page:
        assert len(ready(page).evaluate(SYMBOLS)) == rows
