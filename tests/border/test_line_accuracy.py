"""The accuracy of a line by stretch: measured, carried, kept through changes of the border."""

from __future__ import annotations

import json
import pathlib
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

import borderline as bl
from borderline.border import LineAccuracy
from borderline.errors import TableError

DATA = pathlib.Path(__file__).parents[2] / "geodata" / "line_accuracy.json"


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


@pytest.mark.parametrize(("key", "other"), [("osm-2025", "rtsd-2019"), ("natural-earth", "osm-2025")])
def test_the_data_is_what_is_measured(key, other):
    """Measured again, part by part, from places drawn at random along the line."""
    line = bl.load_border(line=key)
    chainage = np.random.default_rng(1).uniform(0, line.length_m, 20_000)
    feet = bl.load_border(line=other).foot(*shapely.get_coordinates(line.interpolate(chainage)).T)
    part = (chainage / line.length_m * 16).astype(int)
    measured = [np.quantile(feet.distance[(part == n) & ~feet.beyond_end], 0.9) for n in range(16)]
    stated = json.loads(DATA.read_text(encoding="utf-8"))["lines"][key]["accuracy_m"]
    assert stated == pytest.approx(measured, rel=0.12)


def test_the_built_in_line_knows_its_accuracy_by_stretch(border):
    along = border.accuracy_along
    assert (min(along.accuracy_m), max(along.accuracy_m)) == (295.0, 1055.0)
    assert along.correlation_m == 1800.0
    assert border.accuracy_at([0.0, 290_000.0, border.length_m]).tolist() == [379.0, 1055.0, 336.0]


def test_it_runs_backwards_with_the_border(border):
    back = border.reversed()
    chainage = np.linspace(0, border.length_m, 999)
    inner = np.abs(chainage[:, None] - np.array(border.accuracy_along.breaks_m)).min(axis=1) > 1
    there = border.accuracy_at(chainage)[inner]
    assert (back.accuracy_at(border.length_m - chainage)[inner] == there).all()


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "fgb", "parquet", "csv"])
def test_files_keep_it(border, ending, tmp_path):
    read = bl.Border.from_file(border.to_file(tmp_path / f"border.{ending}"))
    assert read.accuracy_along == border.accuracy_along


def test_another_number_holds_everywhere(border):
    assert (replace(border, accuracy_m=0.0).accuracy_at([0.0, 290_000.0]) == 0.0).all()
    assert (replace(border, accuracy_m=700.0).accuracy_at([0.0, 290_000.0]) == 700.0).all()
    assert np.isnan(replace(border, accuracy_m=None).accuracy_at([0.0, 290_000.0])).all()


def test_a_simplified_line_is_known_less_well(border):
    plain = border.simplify(500)
    share = np.linspace(0.01, 0.99, 50)
    places = border.interpolate(border.length_m * share)
    feet = plain.foot(*shapely.get_coordinates(places).T)
    difference = plain.accuracy_at(feet.chainage) - border.accuracy_at(border.length_m * share)
    assert np.median(difference) == 500
    assert (difference == 500).mean() > 0.8


@pytest.mark.parametrize(
    "values",
    [
        ((0.0, 1.0), (-5.0,), 1800.0),
        ((0.0, 1.0), (5.0, 5.0), 1800.0),
        ((1.0, 0.0), (5.0,), 1800.0),
        ((0.0, 1.0), (5.0,), 0.0),
        ((0.0, np.inf), (5.0,), 1800.0),
        ((0.0,), (), 1800.0),
    ],
)
def test_what_is_no_accuracy_is_refused(values):
    with pytest.raises(TableError, match="breaks_m"):
        LineAccuracy(450.0, *values)


def test_a_column_that_cannot_be_read_is_refused(border):
    table = border.to_geodataframe().assign(accuracy_along="{}")
    with pytest.raises(TableError, match="accuracy_along"):
        bl.Border.from_file(table)


def test_events_are_less_sure_where_the_line_is(border):
    """At 290 km the line is known to 1,055 m, at 490 km to 295 m."""
    points = [border.interpolate(chainage) for chainage in (290_000.0, 490_000.0)]
    events = gpd.GeoDataFrame({"location_error_m": [1.0, 1.0]}, geometry=points, crs=4326)
    table = bl.locate(events, border, level=0.9)
    width = table["offset_high_m"] - table["offset_low_m"]
    assert width.iloc[0] > 2 * width.iloc[1]
