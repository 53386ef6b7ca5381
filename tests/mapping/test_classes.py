"""The classes by which the border is coloured."""

from __future__ import annotations

import sys

import geopandas as gpd
import mapclassify
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import MissingExtraError, OptionError, TableError
from borderline.mapping import _colour_classes
from borderline.mapping._density_layer import density_config, join_tables

RATES = st.lists(st.one_of(st.just(0.0), st.floats(1e-4, 1e4), st.none()), min_size=1, max_size=60)


@pytest.fixture(scope="module")
def border():
    return bl.Border.from_line(shapely.LineString([(7.0, 49.0), (8.0, 49.0)]), left="DEU", right="FRA")


@pytest.fixture(scope="module")
def located(border):
    rng = np.random.default_rng(3)
    table = gpd.GeoDataFrame(
        {
            "event_date": pd.to_datetime(["2025-07-03"] * 30 + ["2025-12-03"] * 50),
            "fatalities": rng.integers(0, 4, 80),
        },
        geometry=shapely.points(rng.uniform(7, 8, 80), rng.uniform(48.99, 49.01, 80)),
        crs=4326,
    )
    return bl.locate(table, border)


def lower_bounds(labels):
    return [float(label.split()[0]) for label in labels]


@pytest.mark.parametrize("scheme", _colour_classes.SCHEMES)
@settings(max_examples=30)
@given(values=RATES)
def test_every_amount_is_in_the_class_whose_label_holds_it(scheme, values):
    table = pd.DataFrame({"n_events": values}, dtype="float64")
    (found,) = _colour_classes.quantities(table, scheme)
    numbers = table["n_events"].to_numpy()
    assert len(found["labels"]) == len(found["colours"]) == len(found["widths"]) <= 5
    bounds = lower_bounds(found["labels"])
    for value, k in zip(numbers, found["class"], strict=True):
        if not value > 0:
            assert k == -1
            continue
        assert bounds[k] <= value * (1 + 1e-6)
        assert k + 1 == len(bounds) or value <= bounds[k + 1] * (1 + 1e-6)


def test_quantiles_hold_about_as_many_each():
    table = pd.DataFrame({"n_events": np.random.default_rng(0).lognormal(size=500)})
    (found,) = _colour_classes.quantities(table, "quantiles")
    # Bounds have three digits, so that a few change their class.
    assert np.bincount(found["class"]).tolist() == pytest.approx([100] * 5, rel=0.05)


@pytest.mark.filterwarnings("ignore:Numba not installed")
def test_fisher_jenks_is_the_one_of_mapclassify():
    values = np.random.default_rng(1).lognormal(size=80)
    (found,) = _colour_classes.quantities(pd.DataFrame({"n_events": values}), "FisherJenks")
    assert found["class"] == mapclassify.FisherJenks(values, k=5).yb.tolist()


def test_changes_have_classes_to_both_sides():
    ratios = [0.0, 0.49, 0.5, 0.79, 0.8, 1.0, 1.25, 2.0, np.inf, np.nan]
    (found,) = _colour_classes.quantities(pd.DataFrame({"rate_ratio": ratios}), "round")
    assert found["class"] == [0, 0, 1, 1, 2, 2, 3, 4, 4, -1]
    assert found["labels"][0] == "under 0.5"
    assert found["widths"] == found["widths"][::-1]


def test_quantities_are_those_of_the_table(located, border):
    segments = bl.segment(border, every_km=10)
    names = [q["name"] for q in density_config(bl.density(located, segments), border)["quantities"]]
    assert names == ["events_per_km", "n_events", "fatalities"]
    near = bl.density(located, segments, within_km=5, border=border)
    assert "events_per_km2" in [q["name"] for q in density_config(near, border)["quantities"]]
    compared = bl.compare_periods(located, segments, "2025-07", "2025-12")
    config = density_config(compared, border)
    assert [q["name"] for q in config["quantities"]] == ["rate_ratio"]
    assert config["periods"] == [["2025-07-01", "2025-07-31"], ["2025-12-01", "2025-12-31"]]
    assert sum(config["n_before"]) == 30


def test_several_tables_of_the_same_segments_make_one_choice(located, border):
    segments = bl.segment(border, every_km=10)
    density = bl.density(located, segments)
    change = bl.compare_periods(located, segments, "2025-07", "2025-12", within_km=2)
    whole = join_tables([density, change])
    config = density_config(whole, border)
    assert [q["name"] for q in config["quantities"]] == [
        "events_per_km", "n_events", "fatalities", "rate_ratio",
    ]  # fmt: skip
    assert (config["withinKm"], config["changeWithinKm"]) == (None, 2.0)
    assert len(config["periods"]) == 2
    assert config["n_events"] == density["n_events"].tolist()
    assert config["n_before"] == change["n_before"].tolist()
    assert "rate_ratio" not in density.columns
    assert "periods" not in density.attrs
    assert join_tables(density) is density
    assert join_tables(None) is None
    assert bl.explore(located, border, [density, change])
    other = bl.density(located, bl.segment(border, every_km=20))
    for tables in ([density, other], [], [density, 3]):
        with pytest.raises(TableError, match="segments"):
            bl.explore(located, border, tables)


def test_tables_that_cannot_colour_a_line_are_refused(located, border):
    segments = bl.segment(border, every_km=10)
    with pytest.raises(TableError, match="several rows a segment"):
        density_config(bl.density(located, segments, by="bank", border=border), border)
    with pytest.raises(OptionError, match=r"classes must be .*not 'FisherJenk'\. Did you mean 'FisherJenks'"):
        density_config(bl.density(located, segments), border, scheme="FisherJenk")


def test_classes_of_mapclassify_name_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "mapclassify", None)
    with pytest.raises(MissingExtraError, match=r"borderline-geo\[stats\]"):
        _colour_classes.quantities(pd.DataFrame({"n_events": [1.0, 2.0, 3.0]}), "FisherJenks")
    assert _colour_classes.quantities(pd.DataFrame({"n_events": [1.0, 2.0, 3.0]}), "quantiles")
