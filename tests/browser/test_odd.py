"""Odd tables, and browsers that cannot read the page."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from browser.steps import live, ready, saved, settled

import borderline as bl

sync_api = pytest.importorskip("playwright.sync_api", reason="browser tests need playwright")
expect = sync_api.expect
pytestmark = pytest.mark.browser

POINT = shapely.Point(103.3711, 14.3528)


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


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_border_alone_is_a_page_without_charts(opened, border, density, tmp_path, language):
    path = tmp_path / "border.html"
    bl.explore(border, density=density, color="n_events", language=language, zoom=9).save(path)
    with opened(path) as page:
        ready(page)
        for hidden in ("#bl-panel", "#bl-table", ".bl-boxes input"):
            expect(page.locator(hidden)).to_be_hidden()
        assert page.evaluate("Borderline.page.density.quantity") == "n_events"
        assert page.evaluate("Borderline.page.map.getZoom()") == 9
        middle = shapely.get_coordinates(border.interpolate(border.length_m / 2))[0]
        centre = page.evaluate("(({ lng, lat }) => [lng, lat])(Borderline.page.map.getCenter())")
        # Two pixels of this zoom.
        assert centre == pytest.approx(middle.tolist(), abs=0.0055)


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
