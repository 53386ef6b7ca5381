"""`transfer`: same point, same measure, or retired."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import MeasureError, OptionError, TableError

# The new line runs 0.1 degrees farther east in its middle third, and is else the old one.
OLD = [(100.0, lat) for lat in (10.0, 11.0, 12.0, 13.0)]
NEW = [(100.0, 10.0), (100.0, 11.0), (100.1, 11.2), (100.1, 11.8), (100.0, 12.0), (100.0, 13.0)]
RULES = ["point", "measure", "retire"]


def make(xy, **options):
    return bl.Border.from_line(shapely.LineString(xy), **{"left": "XAA", "right": "XBB", **options})


old, new = make(OLD), make(NEW)


def at(lat):
    return Geodesic.WGS84.Inverse(10.0, 100.0, lat, 100.0)["s12"]


def posts(*chainage):
    return pd.DataFrame({"chainage_m": list(chainage), "name": [f"post {i}" for i in range(len(chainage))]})


def test_the_same_point():
    moved = bl.lines.transfer(posts(at(10.5), at(11.5), at(12.5)), old, new)
    longer = new.length_m - old.length_m
    # Beyond the detour the same points lie farther along by what the detour adds.
    assert moved["chainage_m"].iloc[0] == pytest.approx(at(10.5), abs=1e-3)
    assert moved["chainage_m"].iloc[2] == pytest.approx(at(12.5) + longer, abs=1e-3)
    assert moved["moved_m"].iloc[[0, 2]].max() < 1e-3
    place = new.interpolate(moved["chainage_m"].iloc[1])
    width = Geodesic.WGS84.Inverse(11.5, 100.0, place.y, place.x)["s12"]
    assert moved["moved_m"].iloc[1] == pytest.approx(width, abs=1e-3)
    assert width == pytest.approx(10_930, rel=1e-2)
    assert not moved["retired"].any()
    assert moved["name"].tolist() == ["post 0", "post 1", "post 2"]
    assert moved["chainage_before_m"].tolist() == [at(10.5), at(11.5), at(12.5)]


def test_the_same_measure():
    table = posts(0.0, at(11.5), old.length_m)
    moved = bl.lines.transfer(table, old, new, rule="measure")
    assert moved["chainage_m"].to_numpy() == pytest.approx(table["chainage_m"].to_numpy(), abs=1e-6)
    claim = {"nominal_length_km": 330.0}
    moved = bl.lines.transfer(table, make(OLD, **claim), make(NEW, **claim), rule="measure")
    assert moved["measure_km"].to_numpy() == pytest.approx([0.0, 330 * at(11.5) / old.length_m, 330.0])
    assert moved["chainage_m"].iloc[2] == pytest.approx(new.length_m)
    place = new.interpolate(moved["chainage_m"].iloc[1])
    assert moved["moved_m"].iloc[1] == pytest.approx(
        Geodesic.WGS84.Inverse(11.5, 100.0, place.y, place.x)["s12"], abs=1e-3
    )


def test_a_measure_that_the_new_line_has_not_is_retired():
    moved = bl.lines.transfer(posts(at(10.5), new.length_m), new, old, rule="measure")
    assert moved["retired"].tolist() == [False, True]
    assert np.isnan(moved["chainage_m"].iloc[1])


def test_retired_where_the_lines_part():
    moved = bl.lines.transfer(posts(at(10.5), at(11.5), at(12.5)), old, new, rule="retire", tolerance_m=1_000)
    assert moved["retired"].tolist() == [False, True, False]
    assert np.isnan(moved["chainage_m"].iloc[1])
    assert np.isnan(moved["measure_km"].iloc[1])
    assert moved["moved_m"].iloc[1] > 10_000
    assert moved.attrs["transfer"]["retired"] == 1


def test_a_stretch_is_retired_for_what_lies_inside_it():
    stretches = pd.DataFrame({"from_m": [0.0, at(10.5)], "to_m": [at(10.9), at(12.5)]}, index=["a", "b"])
    moved = bl.lines.transfer(stretches, old, new, rule="retire", tolerance_m=1_000)
    assert moved["retired"].tolist() == [False, True]
    assert moved.loc["a", "to_m"] == pytest.approx(at(10.9), abs=1e-3)
    kept = bl.lines.transfer(stretches, old, new)
    assert kept["to_m"].iloc[1] - kept["from_m"].iloc[1] == pytest.approx(
        at(12.5) - at(10.5) + new.length_m - old.length_m, abs=1e-3
    )
    assert kept["from_before_m"].tolist() == stretches["from_m"].tolist()


def test_the_tolerance_is_the_accuracy_unless_told():
    vague, sure = make(OLD, accuracy_m=20_000.0), make(NEW, accuracy_m=100.0)
    assert not bl.lines.transfer(posts(at(11.5)), vague, sure, rule="retire")["retired"].any()
    assert bl.lines.transfer(posts(at(11.5)), make(OLD), sure, rule="retire")["retired"].all()


def test_segments_stay_segments():
    one, other = bl.load_border(), bl.load_border(line="osm-2026")
    segments = bl.segment(one, every_km=50)
    moved = bl.lines.transfer(segments, one, other)
    assert type(moved) is gpd.GeoDataFrame
    assert moved.crs == segments.crs
    assert moved["length_km"].sum() == pytest.approx(other.length_m / 1000, abs=0.1)
    np.testing.assert_allclose(moved["from_m"].iloc[1:], moved["to_m"].iloc[:-1])
    assert moved.geometry.iloc[3].equals(other.slice(moved["from_m"].iloc[3], moved["to_m"].iloc[3]))
    located = bl.load_incidents().pipe(bl.locate, other)
    assert bl.density(located, moved, exposure="length")["n_events"].sum() > 100


def test_events_keep_their_points():
    one, other = bl.load_border(), bl.load_border(line="osm-2026")
    located = bl.load_incidents().pipe(bl.locate, one)
    moved = bl.lines.transfer(located, one, other)
    assert moved.geometry.equals(located.geometry)
    missing = located["chainage_m"].isna()
    assert moved["chainage_m"].isna().equals(missing)
    assert not moved.loc[missing, "retired"].any()


def test_the_other_way_round():
    turned = new.reversed()
    there = bl.lines.transfer(posts(at(10.5), at(12.5)), old, new)["chainage_m"]
    back = bl.lines.transfer(posts(at(10.5), at(12.5)), old, turned)["chainage_m"]
    np.testing.assert_allclose(new.length_m - back, there, atol=1e-3)
    stretch = pd.DataFrame({"from_m": [at(10.1)], "to_m": [at(10.9)]})
    moved = bl.lines.transfer(stretch, old, turned)
    assert moved["from_m"].iloc[0] < moved["to_m"].iloc[0]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.sampled_from(RULES))
@settings(max_examples=30)
def test_to_the_same_line_and_nothing_moves(shares, rule):
    table = posts(*(share * new.length_m for share in shares))
    moved = bl.lines.transfer(table, new, new, rule=rule, tolerance_m=1.0 if rule == "retire" else None)
    np.testing.assert_allclose(moved["chainage_m"], table["chainage_m"], atol=5e-3)
    assert (moved["moved_m"] < 1e-2).all()
    assert not moved["retired"].any()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
@settings(max_examples=30)
def test_measures_go_there_and_back(shares):
    claim = {"nominal_length_km": 330.0}
    one, other = make(OLD, **claim), make(NEW, **claim)
    table = posts(*(share * one.length_m for share in shares))
    moved = bl.lines.transfer(table, one, other, rule="measure")
    back = bl.lines.transfer(moved[["chainage_m"]], other, one, rule="measure")
    np.testing.assert_allclose(back["chainage_m"], table["chainage_m"], atol=1e-5)
    np.testing.assert_allclose(moved["measure_km"], one.to_measure(table["chainage_m"]), atol=1e-9)


def test_index_order_and_input_stay():
    table = posts(at(12.5), at(10.5)).set_index("name")
    before = table.copy(deep=True)
    moved = bl.lines.transfer(table, old, new)
    pd.testing.assert_frame_equal(table, before)
    assert moved.index.equals(table.index)


@pytest.mark.parametrize(
    ("table", "options", "error", "message"),
    [
        (pd.DataFrame({"km": [1.0]}), {}, TableError, "needs the column chainage_m"),
        (posts(1e9), {}, MeasureError, r"beyond the ends of the border in row 0 \(1000000000\.000 m\)"),
        (posts(-1.0), {}, MeasureError, "beyond the ends"),
        (pd.DataFrame({"chainage_m": ["far"]}), {}, TableError, "no column of numbers"),
        (pd.DataFrame({"from_m": [5.0], "to_m": [1.0]}), {}, MeasureError, "runs backwards"),
        (
            posts(1.0),
            {"rule": "guess"},
            OptionError,
            "rule must be one of 'point', 'measure', 'retire', not 'guess'",
        ),
        (posts(1.0), {"tolerance_m": 5.0}, OptionError, "goes with rule='retire'"),
        (posts(1.0), {"rule": "retire"}, OptionError, "needs tolerance_m"),
        (
            posts(1.0),
            {"rule": "retire", "tolerance_m": -1.0},
            OptionError,
            "tolerance_m must be a number of metres, 0 or more, not -1",
        ),
    ],
)
def test_bad_input(table, options, error, message):
    with pytest.raises(error, match=message):
        bl.lines.transfer(table, old, new, **options)


def test_borders_that_do_not_fit():
    with pytest.raises(MeasureError, match="Only one of the two"):
        bl.lines.transfer(posts(1.0), make(OLD, nominal_length_km=300), new, rule="measure")
    table = posts(1.0)
    table.attrs["border"] = new.identity
    with pytest.raises(TableError, match="was made with"):
        bl.lines.transfer(table, old, new)
