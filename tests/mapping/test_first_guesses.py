"""What people who know folium and geopandas try first: it works, or is answered with the right word."""

from __future__ import annotations

import json
import logging
import re

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import borderline as bl
from borderline.errors import OptionError, TableError


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


@pytest.fixture(scope="module")
def events():
    return gpd.GeoDataFrame(
        {"location": ["Ta Khwai", "nowhere"]}, geometry=[shapely.Point(103.3711, 14.3528), None], crs=4326
    )


@pytest.fixture(scope="module")
def density(events, border):
    located = bl.locate(events, border)
    return bl.density(located, bl.segment(border, every_km=50), within_km=25)


def config_of(page):
    return json.loads(re.search(r'id="bl-config">(.*?)</script>', page)[1])


def page_of(map_):
    return map_.get_root().render()


def test_events_alone_are_located_on_the_default_border_and_it_is_said(events, border, decoded, caplog):
    with caplog.at_level(logging.INFO, logger="borderline"):
        page = page_of(bl.explore(events))
    assert "were not located yet" in caplog.text
    assert "Cambodia–Thailand land border" in caplog.text
    assert "The events were not located yet" in page
    located = page_of(bl.explore(bl.locate(events, border), border))
    assert "not located yet" not in located
    assert decoded(page).records == decoded(located).records
    assert decoded(page).records[0]["side"] == "THA"
    assert "chainage_m" not in events.columns


def test_events_that_are_located_are_not_located_again(events, border, caplog):
    located = bl.locate(events, border)
    with caplog.at_level(logging.INFO, logger="borderline"):
        assert page_of(bl.explore(located)) == page_of(bl.explore(located, border))
    assert not caplog.records


def test_events_of_another_border_are_shown_on_theirs(events, border):
    other = bl.load_border(line="osm-2026")
    located = bl.locate(events, other)
    assert page_of(bl.explore(located)) == page_of(bl.explore(located, other))
    with pytest.raises(TableError, match="give the border they were located on"):
        bl.explore(located, border)
    # As a file gives it back: the record without the border.
    located.attrs["border"] = dict(located.attrs["border"])
    with pytest.raises(TableError, match="give the border they were located on"):
        bl.explore(located)


def test_a_border_alone(border, density):
    page = page_of(bl.explore(border))
    assert "<h1>The Cambodia–Thailand land border</h1>" in page
    assert "No incidents are shown." in page
    assert config_of(page)["incidents"]["total"] == 0
    assert page_of(bl.explore()) == page == page_of(bl.explore(border=border))
    coloured = config_of(page_of(bl.explore(border, density=density)))
    assert coloured["density"]["quantity"] == "events_per_km"


def test_the_table_comes_first(events, border):
    with pytest.raises(TableError, match="needs a Border, not GeoDataFrame"):
        bl.explore(border, events)
    with pytest.raises(TableError, match="events first"):
        bl.explore(border, border)


def test_color_names_the_column_that_colours_the_line(events, density):
    config = config_of(page_of(bl.explore(events, density=density, color="n_events")))
    assert config["density"]["quantity"] == "n_events"
    with pytest.raises(OptionError, match=r"color must be one of 'events_per_km', .*, not 'n_event'\. Did"):
        bl.explore(events, density=density, color="n_event")
    with pytest.raises(OptionError, match=r"color must be None without density, not 'red'.*of their type"):
        bl.explore(events, color="red")


def test_size_in_a_notebook(events):
    shown = bl.explore(events, height=400, width="50%")._repr_html_()
    assert 'style="position: relative; height: 400px; width: 50%"' in shown
    assert "height: 80vh; width: 700.5px" in bl.explore(events, height="80%", width="700.5px")._repr_html_()
    for name in ("height", "width"):
        for wrong in (0, -5, "10em", "10px;}", "", True, float("nan"), [400]):
            with pytest.raises(OptionError, match=f"{name} must be a number of pixels"):
                bl.explore(events, **{name: wrong})


def test_zoom(events, border):
    *place, level = config_of(page_of(bl.explore(events, border, zoom=9.5)))["view"]
    chainage = bl.locate(events, border)["chainage_m"].iloc[0]
    assert (place, level) == ([*border.interpolate(chainage).coords[0]][::-1], 9.5)
    middle = border.interpolate(border.length_m / 2).coords[0]
    assert config_of(page_of(bl.explore(border, zoom=9)))["view"] == [*middle[::-1], 9]
    assert config_of(page_of(bl.explore(events)))["view"] is None
    for wrong in (2, 19, "9", [9]):
        with pytest.raises(OptionError, match="zoom must be a number from 3 to 18, not"):
            bl.explore(events, zoom=wrong)


def test_a_border_alone_has_no_charts_and_no_table(border, events):
    hidden = re.findall(r"<(?:a|section|details)[^>]* hidden>", page_of(bl.explore(border)))
    assert len(hidden) == 3
    assert not re.findall(r"<(?:a|section|details)[^>]* hidden>", page_of(bl.explore(events[:0])))


def test_tables_are_drawn_by_geopandas_as_well(events, border, density):
    matplotlib = pytest.importorskip("matplotlib")
    pytest.importorskip("mapclassify")
    matplotlib.use("Agg")
    assert density.plot("events_per_km").get_figure() is not None
    table = events.assign(
        event_date=pd.to_datetime(["2025-07-24", None]), fatalities=pd.array([1, None], "Int64")
    )
    for tried in (table, bl.locate(table, border), density):
        assert "leaflet" in tried.explore().get_root().render()


def test_tiles_by_name_are_answered(events):
    with pytest.raises(
        OptionError, match=r"tiles must be an address and a credit.*not 'OpenStreetMap'.*network"
    ):
        bl.explore(events, tiles="OpenStreetMap")


def test_words_are_answered_with_the_near_miss(events):
    with pytest.raises(
        OptionError, match=r"classes must be one of .* not 'Quantiles'\. Did you mean 'quantiles'"
    ):
        bl.explore(events, classes="Quantiles")
    with pytest.raises(OptionError, match="plain must be True or False, not 'yes'"):
        bl.explore(events, plain="yes")
