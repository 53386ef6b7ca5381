"""
Text that would be code if anything took it for code, in every place where text of others arrives.

It is shown as it was given, runs nowhere, and changes nothing: neither in a browser, which may not
even have to stop it, nor in the process that writes the page.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import re

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import borderline as bl
from borderline.mapping import _basemap, _border_features

sync_api = pytest.importorskip("playwright.sync_api", reason="browser tests need playwright")
expect = sync_api.expect
pytestmark = pytest.mark.browser

CALL = "window.fired=1"
MAKE = "cycler.__init__.__globals__.os.mkdir(dict(pwned=1)|first)"
HOSTILE = [
    f"<script>{CALL}</script>",
    f"</script><script>{CALL}</script>",
    f"<img src=x onerror={CALL}>",
    f'"><img src=x onerror="{CALL}">',
    f"' onmouseover='{CALL}",
    f"<svg/onload={CALL}>",
    f"<iframe srcdoc='<script>parent.{CALL}</script>'>",
    f"<a href='javascript:{CALL}'>x</a>",
    f"</title><script>{CALL}</script>",
    f"</style><script>{CALL}</script>",
    f"</textarea><template><script>{CALL}</script></template>",
    "<base href='https://example.org/'>",
    "<!--<script>",
    "-->",
    "]]>",
    "{{ 6 * 7 }}",
    f"{{{{ {MAKE} }}}}",
    f"{{% if {MAKE} %}}x{{% endif %}}",
    "{% bad",
    "{# open",
    f"{{{{ constructor.constructor('{CALL}')() }}}}",
    f"`${{{CALL}}}`",
    f"${{{CALL}}}",
    f"';{CALL}//",
    f'";{CALL}//',
    f"\\';{CALL}//",
    f"\u2028{CALL}\u2029",
    f"javascript:{CALL}",
    f"JaVaScRiPt:{CALL}",
    f"java\tscript:{CALL}",
    f"\x01javascript:{CALL}",
    f"vbscript:{CALL}",
    f"data:text/html,<script>{CALL}</script>",
    f"//example.org/{CALL}",
    f"https://example.org/\"onclick='{CALL}'",
    "&lt;b&gt; &amp; &#x3c;",
    "%3Cscript%3E",
    "tab\there\x07\x1b[31m\x7f",
    "\u202eright to left\u202c",
    "__proto__",
    "constructor",
    "100% of 5 < 6 > 4 & \\ /",
    "=HYPERLINK(1)",
    "-2+3|cmd",
    "@SUM(1)",
]
EVERYTHING = " ".join(HOSTILE)
#: How the page says a field; those without a name are said with others or in the file only.
FIELDS = {
    "event_type": None, "location": "Place", "location_alt": "Also", "actor1": "Actors", "actor2": "Actors",
    "notes": None, "side_blamed": "(Blamed|Each side says)", "geo_precision": "Position", "source": "Source",
    "dataset": "Record", "side": "Side", "admin1": "Province", "admin2": "Province", "country": None,
    "admin1_reported": None, "event_type_source": None, "geocoded_by": None, "source_url": None,
}  # fmt: skip
#: Columns that the file has under their own name.
IN_FILE = sorted(
    set(FIELDS) - {"location_alt", "admin1_reported", "geocoded_by", "source_url"} | {"event_type_source"}
)


HANDLERS = """() => [...document.querySelectorAll('*')].filter(
  (element) => element.getAttributeNames().some((name) => name.startsWith('on'))
).length"""


def markup(text):
    """What HTML can carry of a text; the rest is shown as U+FFFD."""
    return "".join("\ufffd" if (ord(c) < 32 and c not in "\t\n\r") or ord(c) == 127 else c for c in text)


@pytest.fixture(scope="module")
def path(border, tmp_path_factory):
    """A page with hostile text wherever a user or a table can put text."""
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        drawing = _border_features.Drawing(EVERYTHING, [shapely.LineString([(103, 14), (103.1, 14.1)])])
        patch.setattr(_basemap, "drawings", lambda _border: [drawing])
        also = ["also " + text for text in HOSTILE]
        table = gpd.GeoDataFrame(
            dict.fromkeys(FIELDS, HOSTILE) | {"event_date": "2025-07-24", "location_alt": also}
            | dict.fromkeys(HOSTILE, HOSTILE) | {f"source {EVERYTHING} url": HOSTILE},
            geometry=[shapely.Point(103.3711, 14.3528)] * len(HOSTILE), crs=4326,
            index=pd.Index([f"{k:02}" + text for k, text in enumerate(HOSTILE)], name=EVERYTHING),
        )  # fmt: skip
        source = bl.Source(
            title=EVERYTHING, url=EVERYTHING, attribution=EVERYTHING, retrieved=EVERYTHING, license=EVERYTHING
        )
        table.attrs["sources"] = [source]
        squares = [shapely.box(102 + k / 9, 13.6, 102.1 + k / 9, 13.7) for k in range(len(HOSTILE))]
        provinces = gpd.GeoDataFrame({"name": HOSTILE, EVERYTHING: HOSTILE}, geometry=squares, crs=4326)
        line = bl.Border.from_line(border.line, left="KHM", right="THA", name=EVERYTHING, source=source)
        line = dataclasses.replace(line, datum=dataclasses.replace(line.datum, name=EVERYTHING))
        line = line.with_calibration(bl.Calibration((0.0, line.length_m), (0.0, 800.0), source))
        density = pd.DataFrame(
            {"from_m": [0.0], "to_m": [9e4], "events_per_km": [1.0], EVERYTHING: EVERYTHING}
        )
        density.attrs |= {"sources": [source], "periods": {EVERYTHING: (EVERYTHING, EVERYTHING)}}
        tiles = ("https://tiles.example/{z}/{x}/{y}.png", EVERYTHING)
        map_ = bl.explore(table, line, density, title=EVERYTHING, provinces=provinces, tiles=tiles)
        map_.save(folder / "hostile.html")
        (folder / "frame.html").write_text(f"<!DOCTYPE html>{map_._repr_html_()}", encoding="utf-8")
    assert sorted(each.name for each in folder.iterdir()) == ["frame.html", "hostile.html"]
    return folder / "hostile.html"


@pytest.fixture
def hostile(opened, path):
    with opened(path) as page:
        page.wait_for_selector("html[data-bl-ready]", state="attached")
        yield page
        assert page.evaluate("window.fired") is None
        assert page.locator("iframe, img:not(.leaflet-tile), svg[onload], object, embed, base").count() == 0
        assert page.evaluate(HANDLERS) == 0
        for link in page.locator("a[href]:not([href^='#'])").all():
            assert re.match("https?://", link.get_attribute("href"))
            assert link.get_attribute("target") == "_blank"
            assert {"noopener", "noreferrer"} <= set(link.get_attribute("rel").split())


def fact(page, name):
    return page.locator(".bl-facts dt", has_text=re.compile(f"^{name}$")).locator("+ dd").text_content()


def test_headings_names_and_credits_are_shown_as_given(hostile):
    assert hostile.title() == hostile.evaluate(
        "(t) => t.trim().replace(/[ \\t\\n\\f\\r]+/g, ' ')", markup(EVERYTHING)
    )
    assert hostile.locator("h1").text_content() == markup(EVERYTHING)
    assert markup(EVERYTHING) in hostile.locator("#bl-about").text_content()
    credits_ = hostile.locator(".bl-credits").text_content()
    # Credits are named once, and several of them may stand in one text.
    assert all(markup(part) in credits_ for part in EVERYTHING.split("; "))
    assert hostile.evaluate("Borderline.page.labels.filter((l) => l.kind === 'province').length") == len(
        HOSTILE
    )


def test_other_drawings_and_tiles_are_named_as_given(hostile):
    names = hostile.locator("label.bl-check span").all_text_contents()
    assert EVERYTHING in names
    hostile.evaluate("Borderline.makeTiles(Borderline.page.map, {url: 'data:,', credit: 'x'}) && 0")
    shown = hostile.evaluate(
        """(credit) => {
      const map = Borderline.page.map, tiles = Borderline.makeTiles(map, { url: 'data:,{z}{x}{y}', credit });
      map.attributionControl.addAttribution(tiles.options.attribution);
      return map.attributionControl.getContainer().textContent;
    }""",
        EVERYTHING,
    )
    assert EVERYTHING.strip() in shown


def test_every_field_of_every_row_is_shown_as_given(hostile):
    hostile.evaluate("void Borderline.page.show(0)")
    for k, text in enumerate(HOSTILE):
        expect(hostile.locator(".bl-count")).to_have_text(f"{k + 1} of {len(HOSTILE)}")
        expect(hostile.locator(".bl-facts dd").last).to_contain_text(f"{k:02}")
        assert hostile.locator(".bl-popup h2").text_content() == text
        assert hostile.locator(".bl-note").text_content() == text
        for name in filter(None, FIELDS.values()):
            if name == "Source" and text.startswith("https:"):
                assert hostile.locator(".bl-facts a").first.get_attribute("title") == text
                continue
            wanted = "also " + text.replace(";", ", ").rstrip(", ") if name == "Also" else text
            assert wanted in fact(hostile, name), (k, name)
        hostile.locator(".bl-pager button", has_text="Later").press("Enter")


def test_table_shows_what_was_given(hostile):
    hostile.locator("#bl-table summary").click()
    hostile.wait_for_selector("#bl-table tbody tr")
    assert hostile.locator("#bl-table tbody td:nth-child(4)").all_text_contents() == HOSTILE


def test_file_holds_what_was_given_and_no_formula(hostile):
    text = hostile.evaluate("Borderline.chosenAsCsv(Borderline.page)").removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(HOSTILE)
    for k, (row, given) in enumerate(zip(rows, HOSTILE, strict=True)):
        assert row["event_id"] == f"{k:02}" + given
        for name in IN_FILE:
            cell = row[name]
            assert not re.match(r"[\s\x00-\x1f]*[=+\-@|%]", cell), (k, name)
            assert cell.removeprefix("'") == given or cell == given, (k, name)


def test_search_finds_and_shows_what_was_given(hostile):
    box = hostile.locator("input[role=combobox]")
    for text in HOSTILE:
        box.fill(text)
        found = hostile.locator("#bl-found li")
        if not hostile.evaluate("(text) => Borderline.plainName(text)", text):
            continue
        expect(found.first).to_be_attached()
        shown = found.evaluate_all("(items) => items.map((item) => item.firstChild.textContent)")
        # Spellings meet whatever their case, so a name stands for all of them.
        assert any(text.strip().casefold() in name.casefold() for name in shown), text
    box.fill(f"<img src=x onerror={CALL}>")
    box.press("Enter")
    expect(hostile.locator(".bl-note")).to_have_text(f"<img src=x onerror={CALL}>")


def test_actors_and_sides_are_chosen_by_what_was_given(hostile):
    options = hostile.locator("select option").all_text_contents()
    for text in HOSTILE:
        assert any(option == f"{text} (1)" for option in options), text


KEYS = [
    "view",
    "time",
    "km",
    "types",
    "sides",
    "actor",
    "size",
    "profile",
    "lang",
    "incident",
    "__proto__",
    "x",
]


RESTORE = """async ([keys, texts]) => {
  const restore = (text) => Borderline.restore(Borderline.page, Borderline.readFragment('#' + text));
  for (const text of texts) {
    for (const part of [text, encodeURIComponent(text)]) {
      for (const key of keys) await restore(`${key}=${part}`);
      await restore(part);
    }
  }
}"""


def test_addresses_change_nothing_they_should_not(opened, path):
    with opened(path, fragment="#" + KEYS[0] + "=%E0%A4%A") as page:
        page.wait_for_selector("html[data-bl-ready]", state="attached")
        before = page.locator("#bl-status").text_content()
        page.evaluate(
            RESTORE, [KEYS, [*HOSTILE, *(f"0~{t}" for t in HOSTILE), "999~x", "1e9,1e9,99", "NaN..NaN"]]
        )
        for text in HOSTILE:
            page.evaluate("(text) => (location.hash = '#incident=0~' + text)", text)
        page.evaluate("Borderline.page.filter.reset()")
        assert page.locator("#bl-status").text_content() == before
        assert page.evaluate("window.fired") is None
        assert page.evaluate("({}).polluted") is None
    for text in HOSTILE[:12]:
        with opened(path, fragment="#" + text) as page:
            page.wait_for_selector("html[data-bl-ready]", state="attached")


def test_links_name_a_row_whose_label_is_hostile(hostile):
    for k, text in enumerate(HOSTILE):
        address = hostile.evaluate(
            "async (k) => { await Borderline.page.show(k); return Borderline.page.addressOf(k); }", k
        )
        found = hostile.evaluate("(a) => Borderline.readFragment(new URL(a).hash)", address)
        assert (found["row"], found["id"]) == (k, f"{k:02}" + text)


def test_a_frame_in_a_notebook_shows_it_and_runs_nothing(browser, path):
    page = browser.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((path.parent / "frame.html").as_uri())
    inside = page.frame_locator("iframe")
    inside.locator("html[data-bl-ready]").wait_for(state="attached")
    assert inside.locator("h1").text_content() == markup(EVERYTHING)
    page.frames[1].evaluate("void Borderline.page.show(0)")
    assert inside.locator(".bl-note").text_content() == HOSTILE[0]
    assert inside.get_by_text("Copy link").count() == 0
    assert page.evaluate("[window.fired, frames[0].fired]") == [None, None]
    assert said == []
    page.close()
