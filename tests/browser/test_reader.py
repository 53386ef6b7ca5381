"""What a reader does with the page: choosing, reading, saving, sharing, by hand and by keyboard."""

from __future__ import annotations

import csv
import io
import itertools
import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import borderline as bl

sync_api = pytest.importorskip("playwright.sync_api", reason="browser tests need playwright")
expect = sync_api.expect
pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[1] / "js" / "node_modules" / "axe-core" / "axe.min.js"
POINT = shapely.Point(103.3711, 14.3528)


def ready(page):
    page.wait_for_selector("html[data-bl-ready]", state="attached")
    return page


def settled(page):
    """Let the page draw what was chosen, and what waits until the choice rests."""
    page.evaluate("new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")
    page.wait_for_timeout(220)
    return page


def live(page):
    return page.locator(".bl-live").text_content()


def day_number(value):
    return int(pd.Timestamp(value).to_numpy().astype("datetime64[D]").astype(int))


def saved(located, border, folder, density=None, **options):
    path = folder / "map.html"
    bl.explore(located, border, density, **options).save(path)
    return path


# Choosing ------------------------------------------------------------------


def test_counts_are_those_of_the_table(seeds_page, located):
    rng = np.random.default_rng(3)
    km = located["measure_km"].to_numpy()
    days = located["event_date"]
    sides = seeds_page.evaluate("Borderline.page.sides")
    actors = [name for name, _ in seeds_page.evaluate("Borderline.page.actors")]
    assert [len(located[located["side"] == side]) for side in sides] == [
        int(n) for n in located["side"].value_counts()
    ]
    for _ in range(60):
        first, last = sorted(rng.choice(days.dropna().to_numpy(), 2))
        low, high = sorted(rng.choice(np.arange(0, 8170), 2, replace=False).tolist())
        actor = int(rng.integers(len(actors)))
        state = {"days": None, "km": None, "sides": None, "actor": None}
        keep = np.ones(len(located), dtype=bool)
        if rng.random() < 0.7:
            state["days"] = [day_number(first), day_number(last)]
            keep &= (days >= first) & (days <= last)
        if rng.random() < 0.6:
            state["km"] = [low, high]
            keep &= (km >= low / 10) & (km < high / 10)
        if rng.random() < 0.4:
            state["sides"] = [0]
            keep &= (located["side"] == sides[0]).fillna(value=False).to_numpy()
        if rng.random() < 0.4:
            state["actor"] = actor
            named = (located["actor1"] == actors[actor]) | (located["actor2"] == actors[actor])
            keep &= named.fillna(value=False).to_numpy()
        count, drawn = seeds_page.evaluate(
            """(state) => {
              const p = Borderline.page;
              p.filter.set(state);
              p.paintNow();
              const symbols = p.incidents.symbolsAt(p.map.getZoom());
              return [p.filter.count, symbols.reduce((n, s) => n + s.total, 0)];
            }""",
            state,
        )
        assert count == keep.sum(), state
        assert drawn == (keep & located.geometry.notna() & ~located.geometry.is_empty).sum()
        if keep.all():
            assert live(seeds_page) == f"All {len(located)} incidents"
        else:
            assert live(seeds_page).startswith(f"{keep.sum()} of {len(located)} incidents")


def test_types_sides_and_actors_are_chosen_by_their_controls(seeds_page, located):
    seeds_page.locator(".bl-check", has_text="Shooting").locator("input").uncheck()
    settled(seeds_page)
    rest = (located["event_type"] != "shooting").sum()
    assert live(seeds_page) == f"{rest} of {len(located)} incidents"
    seeds_page.locator(".bl-tools button", has_text="Show all").click()
    settled(seeds_page)
    assert live(seeds_page) == f"All {len(located)} incidents"
    assert seeds_page.locator(".bl-check", has_text="Shooting").locator("input").is_checked()
    seeds_page.locator(".bl-check", has_text="Thailand").locator("input").uncheck()
    settled(seeds_page)
    assert live(seeds_page).startswith(f"{(located['side'] != 'THA').fillna(value=True).sum()} of")
    seeds_page.locator(".bl-tools button", has_text="Show all").click()
    seeds_page.get_by_label("Actor").select_option(index=1)
    settled(seeds_page)
    name, count = seeds_page.evaluate("Borderline.page.actors[0]")
    named = ((located["actor1"] == name) | (located["actor2"] == name)).fillna(value=False).sum()
    assert count == named
    assert live(seeds_page).startswith(f"{named} of")


@pytest.mark.parametrize("chart", [0, 1])
def test_a_window_is_drawn_moved_and_taken_away_with_the_pointer(seeds_page, chart):
    box = seeds_page.locator(".bl-chart").nth(chart).bounding_box()
    state = "Borderline.page.filter.state." + ("days" if chart == 0 else "km")

    def drag(from_, to):
        y0, y1 = box["y"] + 12, box["y"] + 80
        seeds_page.mouse.move(box["x"] + from_ * box["width"], y0 if from_ < 0.4 else (y0 + y1) / 2)
        seeds_page.mouse.down()
        end = y1 if from_ < 0.4 else (y0 + y1) / 2
        seeds_page.mouse.move(box["x"] + to * box["width"], end, steps=4)
        seeds_page.mouse.up()
        return seeds_page.evaluate(state)

    first = drag(0.3, 0.6)
    assert first[0] < first[1]
    moved = drag(0.45, 0.55)
    assert moved[1] - moved[0] == first[1] - first[0]
    assert moved[0] > first[0]
    assert (
        settled(seeds_page)
        .locator(".bl-live")
        .text_content()
        .startswith(f"{seeds_page.evaluate('Borderline.page.filter.count')} of")
    )
    seeds_page.mouse.click(box["x"] + 0.95 * box["width"], box["y"] + 40)
    assert seeds_page.evaluate(state) is None


def test_windows_are_sliders_for_the_keyboard(seeds_page, located):
    time, profile = seeds_page.locator(".bl-chart").nth(0), seeds_page.locator(".bl-chart").nth(1)
    first, last = located["event_date"].min(), located["event_date"].max()
    assert time.get_attribute("role") == "slider"
    assert int(time.get_attribute("aria-valuemin")) == day_number(first)
    assert int(time.get_attribute("aria-valuemax")) == day_number(last)
    time.press("ArrowRight")
    time.press("ArrowRight")
    settled(seeds_page)
    days = seeds_page.evaluate("Borderline.page.filter.state.days")
    assert int(time.get_attribute("aria-valuenow")) == days[0] > day_number(first)
    assert str(np.datetime64(days[0], "D"))[:4] in time.get_attribute("aria-valuetext")
    time.press("Shift+ArrowRight")
    assert seeds_page.evaluate("Borderline.page.filter.state.days")[1] > days[1]
    assert seeds_page.evaluate("Borderline.page.filter.state.days")[0] == days[0]
    time.press("Escape")
    assert seeds_page.evaluate("Borderline.page.filter.state.days") is None
    profile.press("ArrowRight")
    profile.press("ArrowUp")
    settled(seeds_page)
    assert seeds_page.evaluate("Borderline.page.filter.state.km")[0] == 0
    assert seeds_page.evaluate("Borderline.page.filter.state.days") is not None
    assert profile.get_attribute("aria-valuetext").startswith("km 0.0 to 81.7, ")
    profile.press("Escape")
    assert not seeds_page.evaluate("Borderline.page.filter.active")


def test_the_charts_go_into_a_window_and_back(opened, seeds_file, located):
    first, last = day_number("2025-07-20"), day_number("2025-08-02")
    with opened(seeds_file, fragment="#time=2025-07-20..2025-08-02") as page:
        zoom = ready(page).locator(".bl-zoom")
        expect(zoom).to_have_text("Zoom to window")
        zoom.click()
        settled(page)
        expect(zoom).to_have_text("Whole period")
        assert page.evaluate("Borderline.page.span") == [first, last]
        expect(page.locator("figcaption").first).to_have_text("Incidents over time, a bar a day")
        # A bar a day: the counts of the chart are those of the table.
        days = located["event_date"].dropna()
        bars = page.evaluate(
            f"""Array.from(Borderline.countBars(Borderline.page.filter.day, {first}, 1, {last - first + 1},
                Borderline.page.filter.mask))"""
        )
        assert bars == [int((days == d).sum()) for d in pd.date_range("2025-07-20", "2025-08-02")]
        time = page.locator(".bl-chart").first
        time.press("Escape")
        time.press("ArrowRight")
        assert page.evaluate("Borderline.page.filter.state.days")[0] >= day_number(days.min())
        fragment = page.evaluate("(Borderline.page.keep(), location.hash)")
        assert "span=2025-07-20..2025-08-02" in fragment
        page.locator(".bl-tools button", has_text="Show all").click()
        settled(page)
        assert not page.evaluate("Borderline.page.zoomed")
        expect(zoom).to_be_disabled()
    with opened(seeds_file, fragment=fragment) as page:
        assert ready(page).evaluate("Borderline.page.span") == [first, last]


def test_the_intensity_of_a_stretch_is_that_of_the_whole_border_there(seeds_page):
    """A window over the kilometres shows a part of the curve; it does not make another one."""
    seeds_page.evaluate("Borderline.page.setProfile('intensity')")
    seeds_page.evaluate("Borderline.page.filter.set({ km: [2500, 3500] })")
    settled(seeds_page)
    across, mask = seeds_page.evaluate(
        "['across', 'mask'].map((name) => Borderline.page.filter[name].reduce((a, b) => a + b, 0))"
    )
    assert across == seeds_page.evaluate("Borderline.page.filter.rows") > mask > 0
    # Left of the window nothing is drawn in the colour of what is chosen.
    blue = seeds_page.evaluate(
        """() => {
          const canvas = document.querySelectorAll('.bl-chart canvas')[1];
          const copy = document.createElement('canvas');
          Object.assign(copy, { width: canvas.width, height: canvas.height });
          const context = copy.getContext('2d', { willReadFrequently: true });
          context.drawImage(canvas, 0, 0);
          const blue = [0, 0x72, 0xb2];
          const count = (x0, x1) => {
            const { data } = context.getImageData(x0, 0, x1 - x0, canvas.height);
            let n = 0;
            for (let i = 0; i < data.length; i += 4) n += blue.every((value, k) => data[i + k] === value);
            return n;
          };
          const p = Borderline.page.profile, ratio = canvas.width / canvas.clientWidth;
          const [from, to] = [2500, 3500].map((cell) => Math.round(p.toX(cell) * ratio));
          return [count(0, from - 2), count(from, to), count(to + 2, canvas.width)];
        }"""
    )
    assert blue[0] == blue[2] == 0
    assert blue[1] > 20


def test_time_runs_and_stops(seeds_page):
    play = seeds_page.locator(".bl-play")
    play.click()
    expect(play).to_have_text("Pause")
    seeds_page.wait_for_timeout(400)
    one = seeds_page.evaluate("Borderline.page.filter.state.days")
    seeds_page.wait_for_timeout(400)
    two = seeds_page.evaluate("Borderline.page.filter.state.days")
    assert two[0] > one[0]
    assert two[1] - two[0] == one[1] - one[0]
    play.click()
    expect(play).to_have_text("Play")
    stopped = seeds_page.evaluate("Borderline.page.filter.state.days")
    seeds_page.wait_for_timeout(150)
    assert seeds_page.evaluate("Borderline.page.filter.state.days") == stopped


def test_time_runs_at_three_speeds(seeds_page):
    """Days a second, by the page's own clock of frames: each speed is faster than the one before."""
    rate = """async () => {
      const p = Borderline.page;
      p.filter.reset();
      p.play.start();
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      let start = null, now = 0;
      while (start === null || now - start < 400) {
        now = await frame();
        if (start === null && p.filter.state.days) start = now;
      }
      const days = p.filter.state.days[0] - p.filter.firstDay;
      p.play.stop();
      return days / (now - start);
    }"""
    speed = seeds_page.locator(".bl-tools button", has_text="Speed")
    rates = {}
    for _ in range(3):
        speed.click()
        rates[speed.text_content()] = seeds_page.evaluate(rate)
    assert set(rates) == {"Speed: slow", "Speed: medium", "Speed: fast"}
    assert 0 < rates["Speed: slow"] < rates["Speed: medium"] < rates["Speed: fast"]


def test_the_profile_points_at_the_border_and_the_border_at_the_profile(seeds_page, border):
    box = seeds_page.locator(".bl-chart").nth(1).bounding_box()
    seeds_page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 30)
    settled(seeds_page)
    cell = seeds_page.evaluate("Borderline.page.profile.marked")
    assert 3500 < cell < 4700
    at = border.calibration.to_chainage_m([cell / 10])[0]
    middle = seeds_page.evaluate(f"Borderline.page.map.latLngToContainerPoint(Borderline.page.line.at({at}))")
    frame = seeds_page.locator(".folium-map").bounding_box()
    seeds_page.mouse.move(5, 5)
    seeds_page.mouse.move(frame["x"] + middle["x"], frame["y"] + middle["y"])
    settled(seeds_page)
    assert abs(seeds_page.evaluate("Borderline.page.profile.marked") - cell) < 60


# Reading and saving --------------------------------------------------------


def test_the_card_shows_foot_and_error_and_gives_a_link_that_restores_it(opened, seeds_file, located):
    row_id = "TK-2025-07-24-01"
    with opened(seeds_file) as page:
        ready(page)
        row = page.evaluate(
            """async (id) => {
              const p = Borderline.page;
              for (let k = 0; k < p.total; k++) if ((await p.read(k)).id === id) return k;
            }""",
            row_id,
        )
        page.evaluate(
            f"Borderline.page.filter.set({{days: [{day_number('2025-07-20')}, {day_number('2025-08-01')}]}})"
        )
        settled(page)
        page.evaluate(f"void Borderline.page.show({row})")
        page.wait_for_selector(".bl-popup")
        facts = page.locator(".bl-facts").text_content()
        assert row_id in facts
        paths = page.locator(".leaflet-overlay-pane path").count()
        assert paths == 3  # ring, foot, error disc
        settled(page)
        address = page.evaluate(f"Borderline.page.addressOf({row})")
        assert page.evaluate("location.href") == address
    fragment = address[address.index("#") :]
    assert f"incident={row}~{row_id}" in fragment
    with opened(seeds_file, fragment=fragment) as page:
        ready(page).wait_for_selector(".bl-popup")
        assert row_id in page.locator(".bl-facts").text_content()
        first, last = (np.datetime64(d) for d in ("2025-07-20", "2025-08-01"))
        count = ((located["event_date"] >= first) & (located["event_date"] <= last)).sum()
        assert live(page).startswith(f"{count} of")


def test_the_file_holds_what_is_chosen_and_no_formula(opened, border, tmp_path):
    notes = ['=HYPERLINK("x")', "+1", "-2", "@SUM(A1)", "\t=1", 'plain, "quoted"\nand more', "\uff1d1", None]
    table = gpd.GeoDataFrame(
        {
            "event_date": pd.date_range("2025-07-01", periods=8),
            "event_type": ["shooting"] * 4 + ["airstrike"] * 4,
            "notes": notes, "fatalities": range(8), "location": "=1+1",
        },
        geometry=[POINT] * 8, index=[f"=id{k}" for k in range(8)], crs=4326,
    )  # fmt: skip
    located = bl.locate(table, border)
    with opened(saved(located, border, tmp_path), accept_downloads=True) as page:
        ready(page).locator(".bl-check", has_text="Shooting").locator("input").uncheck()
        page.locator("#bl-table summary").click()
        expect(page.locator("#bl-table tbody tr")).to_have_count(4)
        expect(page.locator(".bl-csv")).to_have_text("Download as CSV (4)")
        with page.expect_download() as download:
            page.locator(".bl-csv").click()
        assert download.value.suggested_filename == "incidents.csv"
        text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["event_id"] for row in rows] == ["'=id4", "'=id5", "'=id6", "'=id7"]
    assert [row["notes"] for row in rows] == ["'\t=1", notes[5], "'\uff1d1", ""]
    assert {row["location"] for row in rows} == {"'=1+1"}
    assert [int(row["fatalities"]) for row in rows] == [4, 5, 6, 7]
    assert float(rows[0]["distance_m"]) == round(located["distance_m"].iloc[4])
    assert all(not re.match(r"\s*[=+@\-](?!\d)", cell) for row in rows for cell in row.values())


def test_search_finds_places_in_every_script(seeds_page):
    box = seeds_page.get_by_role("combobox", name="Find a place")
    for text in ("Ta Moan", "ta muen thom", "ตาเมือนธม", "តាមាន់ធំ"):
        box.fill(text)
        seeds_page.wait_for_selector(".bl-found li")
        assert seeds_page.locator(".bl-found li").count() >= 1, text
    box.press("Enter")
    seeds_page.wait_for_selector(".bl-popup")
    assert "Ta M" in seeds_page.locator(".bl-facts").text_content()
    box.fill("zzzz")
    expect(seeds_page.locator("p.bl-small[role=status]")).to_have_text("No place of this name")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_sheet_never_covers_its_place_nor_is_covered(opened, seeds_file, phone):
    with opened(seeds_file, phone=phone) as page:
        ready(page)
        for row in range(0, 200, 23):
            if page.evaluate(f"!Borderline.page.latlngOf({row})"):
                continue
            page.evaluate(f"void Borderline.page.show({row})")
            expect(page.locator(".bl-sheet .bl-facts")).to_be_visible()
            settled(page)
            x, y, free, on_top = page.evaluate(
                f"""() => {{
                  const p = Borderline.page, frame = p.map.getContainer().getBoundingClientRect();
                  const at = p.map.latLngToContainerPoint(p.latlngOf({row}));
                  const [x, y] = [frame.left + at.x, frame.top + at.y];
                  const sheet = document.querySelector('.bl-sheet'), box = sheet.getBoundingClientRect();
                  const free = x < box.left || x > box.right || y < box.top || y > box.bottom;
                  const inside = at.x > 0 && at.y > 0 && at.x < frame.width && at.y < frame.height;
                  const [west, east] = [box.left + 12, box.right - 12];
                  const [north, south] = [box.top + 12, box.bottom - 12];
                  const corners = [[west, north], [east, north], [west, south]];
                  const seen = corners.every(([a, b]) => sheet.contains(document.elementFromPoint(a, b)));
                  return [x, y, free && inside, seen];
                }}"""
            )
            assert free, (row, x, y)
            assert on_top
        page.keyboard.press("Escape")
        expect(page.locator(".bl-sheet")).to_have_count(0)


def test_the_sheet_says_that_there_is_more_below(seeds_page):
    row = seeds_page.evaluate("Borderline.page.total - 40")
    seeds_page.evaluate(f"void Borderline.page.show({row})")
    expect(seeds_page.locator(".bl-facts")).to_be_visible()
    more = seeds_page.locator(".bl-more")
    expect(seeds_page.locator(".bl-sheet h2")).to_be_visible()
    expect(more).to_be_visible()
    seeds_page.evaluate("document.querySelector('.bl-body').scrollTop = 1e6")
    expect(more).to_be_hidden()


def test_the_sheet_goes_with_what_is_chosen_and_speaks_the_language(seeds_page):
    row = seeds_page.evaluate(
        """async () => {
          const p = Borderline.page;
          for (let k = 0; k < p.total; k++) if ((await p.read(k)).id === 'TK-2025-07-24-01') return k;
        }"""
    )
    seeds_page.evaluate(f"void Borderline.page.show({row})")
    heading = seeds_page.locator(".bl-sheet h2")
    expect(heading).to_have_text("Ground clash")
    seeds_page.locator(".bl-head select").select_option("th")
    expect(heading).to_have_text("การปะทะภาคพื้นดิน")
    expect(seeds_page.locator(".bl-facts")).to_contain_text("อุดรมีชัย")
    seeds_page.evaluate("Borderline.page.filter.set({ days: [0, Borderline.page.filter.firstDay + 100] })")
    expect(heading).to_have_count(0)


def test_the_sheet_holds_what_is_chosen_of_a_point_and_stays(seeds_page, located):
    """Other incidents of the same point, left out by choice, neither show nor close the sheet."""
    points = located.groupby([located.geometry.x, located.geometry.y])["event_date"]
    at = max(points.groups, key=lambda key: points.get_group(key).nunique())
    days = points.get_group(at).sort_values()
    first, last = days.iloc[2], days.iloc[-2]
    expected = int(((days >= first) & (days <= last)).sum())
    assert 1 < expected < len(days)
    show = """async ([lon, lat, first, last]) => {
      const p = Borderline.page, near = (a, b) => Math.abs(a - b) < 1e-5;
      p.filter.set({ days: [first, last] });
      p.paintNow();
      const here = (k) => near(p.columns.lon[k], lon) && near(p.columns.lat[k], lat);
      const row = Array.from(p.filter.selected()).find(here);
      await p.show(row);
      p.dirty = true;
      p.paintNow();
    }"""
    seeds_page.evaluate(show, [*at, day_number(first), day_number(last)])
    expect(seeds_page.locator(".bl-count")).to_have_text(f"1 of {expected}")
    # What is looked for by name is shown even if it was left out.
    seeds_page.evaluate("Borderline.page.filter.set({ groups: [] })")
    settled(seeds_page)
    expect(seeds_page.locator(".bl-sheet")).to_have_count(0)
    box = seeds_page.get_by_role("combobox", name="Find a place")
    box.fill("Ta Moan")
    seeds_page.wait_for_selector(".bl-found li")
    box.press("Enter")
    expect(seeds_page.locator(".bl-sheet .bl-facts")).to_be_visible()
    settled(seeds_page)
    expect(seeds_page.locator(".bl-sheet")).to_have_count(1)
    assert live(seeds_page) == f"All {len(located)} incidents"


@pytest.mark.parametrize("language", ["en", "th", "km"])
def test_the_legend_fits_beside_the_map(opened, seeds_file, language):
    with opened(seeds_file, fragment=f"#lang={language}") as page:
        tall, room, wide, across = ready(page).evaluate(
            "(({scrollHeight, clientHeight, scrollWidth, clientWidth}) => "
            "[scrollHeight, clientHeight, scrollWidth, clientWidth])(document.getElementById('bl-side'))"
        )
        assert tall <= room
        assert wide <= across


def test_classes_are_said_in_the_language_of_the_reader(seeds_page):
    seeds_page.locator(".bl-head select").select_option("th")
    labels = seeds_page.locator(".bl-density .bl-key").all_text_contents()
    assert not [label for label in labels if "under" in label or "more" in label]


def test_signs_grow_with_fatalities(seeds_page, located):
    seeds_page.get_by_label("Size of signs").select_option("fatalities")
    settled(seeds_page)
    symbols = seeds_page.evaluate("Borderline.page.incidents.symbols.map((s) => [s.load, s.radius])")
    known = located.loc[located.geometry.notna() & ~located.geometry.is_empty]
    best = known["fatalities"].fillna(known["fatalities_low"]).fillna(0)
    assert sum(load for load, _ in symbols) == best.sum()
    ordered = sorted(symbols)
    assert all(a[1] <= b[1] for a, b in itertools.pairwise(ordered))


# For everyone --------------------------------------------------------------


@pytest.mark.parametrize(("language", "word"), [("th", "เหตุการณ์"), ("km", "ហេតុការណ៍")])
def test_the_page_speaks(opened, seeds_file, language, word):
    with opened(seeds_file, fragment=f"#lang={language}") as page:
        ready(page)
        assert page.evaluate("document.documentElement.lang") == language
        for selector in ("h1", ".bl-live", "#bl-status", "#bl-table summary", "figcaption"):
            assert word in page.locator(selector).first.text_content(), selector
        left = page.evaluate(
            """Array.from(document.querySelectorAll('[data-t]'))
              .filter((e) => e.offsetParent && /^[\\x20-\\x7e]+$/.test(e.textContent))
              .map((e) => e.textContent)"""
        )
        assert left == []
        assert page.title() == page.locator("h1").text_content()
        assert page.title() in page.locator(".folium-map").get_attribute("aria-label")
        page.locator("#bl-about summary").click()
        assert not re.search(r"[a-z]", page.locator("#bl-about [data-t]").last.text_content())
        page.locator(".bl-head select").select_option("en")
        settled(page)
        assert live(page).startswith("All ")
        assert page.evaluate("document.documentElement.lang") == "en"


def test_a_heading_of_the_analyst_stays_as_it_is(opened, located, border, tmp_path):
    path = saved(located, border, tmp_path, title="Mines, 2025")
    with opened(path, fragment="#lang=th") as page:
        assert ready(page).locator("h1").text_content() == page.title() == "Mines, 2025"


def test_every_text_is_there_in_three_languages(seeds_page):
    texts = seeds_page.evaluate(
        "Borderline.unpack('bl-texts').then((b) => JSON.parse(new TextDecoder().decode(b)))"
    )
    for key, three in texts.items():
        assert len(three) == 3, key
        assert all(three), key
        holes = [sorted(re.findall(r"\{(\w+)\}", text)) for text in three]
        assert holes[0] == holes[1] == holes[2], key


# Colours do not depend on the language, nor words on the scheme.
@pytest.mark.parametrize(
    ("scheme", "language"), [("light", "en"), ("light", "th"), ("light", "km"), ("dark", "en")]
)
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_axe_finds_nothing(opened, seeds_file, phone, scheme, language):
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci in tests/js): accessibility is not checked by it")
    # The page's policy runs no script that is not its own; axe comes from outside of it.
    look = "axe.run().then((r) => r.violations.map((v) => [v.id, v.nodes[0].html]))"
    with opened(
        seeds_file, phone=phone, color_scheme=scheme, bypass_csp=True, fragment=f"#lang={language}"
    ) as page:
        ready(page).add_script_tag(path=str(AXE))
        page.locator("#bl-table summary").click()
        page.wait_for_selector("#bl-table tbody tr")
        assert page.evaluate(look) == []
        page.locator("#bl-table summary").click()
        page.evaluate("void Borderline.page.show(100)")
        page.wait_for_selector(".bl-sheet")
        assert page.evaluate(look) == []
        page.keyboard.press("Escape")
        if phone:
            page.locator(".bl-legend > summary").click()
        else:
            page.locator("#bl-about summary").click()
        assert page.evaluate(look) == []


def test_every_control_is_at_most_15_stops_away(seeds_page):
    stops = []
    name = """() => {
      const here = document.activeElement;
      if (here === document.body) return -1;
      window.stops = window.stops || [];
      if (!window.stops.includes(here)) window.stops.push(here);
      return window.stops.indexOf(here);
    }"""
    for _ in range(40):
        seeds_page.keyboard.press("Tab")
        here = seeds_page.evaluate(name)
        if here < 0 or here in stops:
            break
        stops.append(here)
    assert len(stops) <= 15
    reached = seeds_page.evaluate(
        """() => {
          const kinds = 'fieldset, [role=toolbar], .leaflet-bar, footer';
          const panel = document.getElementById('bl-panel');
          const group = (one) =>
            one.closest('.bl-also, .bl-boxes') || (one.closest('.bl-tools, .bl-modes') && panel)
            || one.closest(kinds) || one;
          const groups = window.stops.map(group);
          return Array.from(document.querySelectorAll('a, button, input, select, summary, [tabindex="0"]'))
            .filter((one) => one.checkVisibility() && !one.disabled)
            .filter((one) => !groups.some((group) => group.contains(one)))
            .map((one) => one.outerHTML.slice(0, 80));
        }"""
    )
    assert reached == []
    # Within a group the arrow keys lead on.
    seeds_page.locator(".bl-play").focus()
    seeds_page.keyboard.press("End")
    assert seeds_page.evaluate("document.activeElement.textContent") == "Incidents per km"
    seeds_page.keyboard.press("Enter")
    assert seeds_page.evaluate("Borderline.page.profile.mode") == "intensity"
    seeds_page.locator("fieldset:has(.bl-icon) input").first.focus()
    seeds_page.keyboard.press("ArrowDown")
    assert seeds_page.evaluate(
        "document.activeElement === document.querySelectorAll('fieldset .bl-icon')[1].previousElementSibling"
    )


# What the browser takes for paper: the page of itself, and what it does when printing begins and ends.
PAPER = """(border) => {
  const p = Borderline.page, before = location.hash;
  window.dispatchEvent(new Event('beforeprint'));
  const frame = p.map.getContainer().getBoundingClientRect();
  const inside = border.every(([lat, lon]) => p.map.getBounds().contains([lat, lon]));
  const picture = document.querySelector('.bl-picture');
  const { data } = picture.getContext('2d').getImageData(0, 0, picture.width, picture.height);
  const colours = new Set(new Uint32Array(data.buffer)).size;
  const side = document.querySelector('#bl-side');
  const cut = side.scrollHeight > side.clientHeight || side.scrollWidth > side.clientWidth;
  window.dispatchEvent(new Event('afterprint'));
  const back = p.map.getContainer().getBoundingClientRect();
  const left = document.querySelectorAll('.bl-picture').length;
  return { width: frame.width, back: back.width, inside, colours, cut, left, kept: before === location.hash };
}"""


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_paper_holds_the_whole_border_and_the_page_comes_back(opened, seeds_file, border, phone):
    with opened(seeds_file, phone=phone) as page:
        ready(page).emulate_media(media="print")
        west, south, east, north = border.line.bounds
        found = page.evaluate(PAPER, [[south, west], [north, east]])
        assert found["width"] == 790
        assert found["inside"]
        assert found["colours"] > 100
        assert not found["cut"]
        assert found["left"] == 0
        assert found["kept"]
        assert found["back"] != 790


def test_it_prints_on_one_page_with_its_legend(seeds_page):
    pdf = seeds_page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    seeds_page.emulate_media(media="print")
    expect(seeds_page.locator(".bl-legend .bl-icon").first).to_be_visible()
    assert not seeds_page.locator(".bl-tools").is_visible()


# Odd tables ----------------------------------------------------------------


def odd(count, **columns):
    return gpd.GeoDataFrame(
        columns, geometry=[POINT] * count, index=[f"r{k}" for k in range(count)], crs=4326
    )


ODD = {
    "none": (odd(0), 0),
    "one": (odd(1, event_date=["2025-07-24"]), 1),
    "all on one spot": (odd(50, event_date=pd.date_range("2025-07-01", periods=50)), 50),
    "no dates": (odd(3, event_type=["shooting"] * 3), 3),
    "some dates": (odd(3, event_date=["2025-07-24", None, "2025-07-30"]), 3),
    "no types": (odd(2, event_date=["2025-07-24", "2025-07-25"], event_type=[None, None]), 2),
    "200 types": (odd(200, event_type=[f"type {k}" for k in range(200)], event_date="2025-07-24"), 200),
    "200 actors and more": (
        odd(500, actor1=[f"actor {k}" for k in range(500)], event_date="2025-07-24"),
        500,
    ),
}


@pytest.mark.parametrize(("table", "count"), ODD.values(), ids=ODD.keys())
def test_odd_tables_make_a_page_that_works(opened, border, tmp_path, table, count):
    with opened(saved(bl.locate(table, border), border, tmp_path)) as page:
        ready(page)
        assert page.evaluate("Borderline.page.filter.count") == count
        for key in ("ArrowRight", "Shift+ArrowLeft", "ArrowUp", "End", "Escape"):
            page.locator(".bl-chart").first.press(key)
            page.locator(".bl-chart").last.press(key)
        page.locator(".bl-play").click()
        settled(page)
        page.evaluate("Borderline.page.play.stop()")
        page.evaluate("Borderline.page.setProfile('intensity')")
        page.evaluate("Borderline.page.filter.reset()")
        settled(page)
        expected = (
            "The table holds no incident." if not count else f"All {count} incident{'s' * (count != 1)}"
        )
        assert live(page) == expected
        page.locator("#bl-table summary").click()
        expect(page.locator("#bl-table tbody tr")).to_have_count(min(count, 200))


def test_long_and_strange_texts_are_shown_whole(opened, border, tmp_path):
    notes = [
        "x" * 1_000_000,
        "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
        "\U0001f4a5\U0001f468\u200d\U0001f469\u200d\U0001f467",
    ]
    table = odd(3, event_date=["2025-07-24"] * 3, notes=notes, location=[*notes[1:], "z\u0301" * 50])
    with opened(saved(bl.locate(table, border), border, tmp_path)) as page:
        ready(page).evaluate("void Borderline.page.show(0)")
        for k, note in enumerate(notes):
            expect(page.locator(".bl-facts dd").last).to_have_text(f"r{k}")
            assert page.locator(".bl-note").text_content() == note
            expect(page.locator(".bl-sheet")).to_be_in_viewport(ratio=0.999)
            page.locator(".bl-pager button", has_text="Later").press("Enter")
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_browsers_that_cannot_read_the_scripts_keep_the_words(opened, seeds_file):
    with opened(seeds_file, script="delete window.DecompressionStream") as page:
        expect(page.locator("#bl-message")).to_be_visible()
    with opened(seeds_file, java_script_enabled=False) as page:
        expect(page.locator("noscript p")).to_be_visible()
