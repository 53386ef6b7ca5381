"""Reading and saving: the sheet of an incident, the file, search, the legend."""

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
from browser.steps import live, ready, saved, settled

import borderline as bl

sync_api = pytest.importorskip("playwright.sync_api", reason="browser tests need playwright")
expect = sync_api.expect
pytestmark = pytest.mark.browser


def day_number(value):
    return int(pd.Timestamp(value).to_numpy().astype("datetime64[D]").astype(int))


POINT = shapely.Point(103.3711, 14.3528)


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
