"""The verb `density_sensitivity`: stretches that stay on top, and those that do not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

import borderline as bl
from borderline.errors import OptionError, TableError

BORDER = bl.Border.from_line(shapely.LineString([(0, 0), (2, 0)]), left="XAA", right="XBB", name="equator")


def located(chainage):
    n = len(chainage)
    near = {"distance_m": np.full(n, 50.0), "beyond_end": np.zeros(n, bool)}
    return pd.DataFrame({"chainage_m": np.asarray(chainage, float), **near})


def test_the_reference_is_what_density_counts():
    events = located(np.random.default_rng(1).uniform(0, BORDER.length_m, 200))
    found = bl.stats.density_sensitivity(events, BORDER)
    rates = bl.density(events, bl.segment(BORDER, every_km=10))
    # The last 2.6 km are shorter than half a segment and join the one before.
    assert found["n_events"].tolist()[:-1] == rates["n_events"].tolist()[:-2]
    assert found["n_events"].sum() == 200
    np.testing.assert_allclose(found["rate"].iloc[:-1], rates["events_per_km"].iloc[:-2])
    assert found["on_top"].sum() == 2


def test_a_crowd_spread_over_a_stretch_stays_on_top_however_it_is_cut():
    crowd = np.linspace(80_500, 99_500, 300)
    few = np.random.default_rng(2).uniform(0, BORDER.length_m, 30)
    found = bl.stats.density_sensitivity(located([*crowd, *few]), BORDER, top=0.09)
    top = found[found["on_top"]]
    assert top["from_m"].tolist() == [80_000, 90_000]
    assert (top["share_on_top"] > 0.8).all()
    assert found.loc[~found["on_top"], "share_on_top"].max() < 0.5


def test_a_crowd_at_a_break_belongs_to_either_side():
    """All within 200 m of a break: cut from another origin, the other side is on top."""
    events = located(100_000 + np.linspace(1, 200, 50))
    found = bl.stats.density_sensitivity(events, BORDER, every_km=[10], origins=2, top=0.05)
    assert found.index[found["on_top"]].tolist() == [10]
    # Segments from 5 km on hold 95 to 105 km: half of the tenth and half of the one before.
    assert found["share_on_top"].iloc[9:12].tolist() == pytest.approx([0.5, 0.5, 0.0])
    assert found.attrs["overlap"] == pytest.approx(5 / 15)


def test_a_single_way_of_cutting_agrees_with_itself():
    found = bl.stats.density_sensitivity(located([5.0, 7.0]), BORDER, every_km=[10], origins=1)
    assert found.attrs["segmentations"] == []
    assert found["share_on_top"].tolist() == found["on_top"].astype(float).tolist()


def test_rates_per_land():
    found = bl.stats.density_sensitivity(
        located([15_000.0] * 8), BORDER, every_km=[20], origins=1, within_km=5
    )
    assert found.attrs["exposure"] == "catchment"
    assert found["rate"].iloc[0] == pytest.approx(8 / 200, rel=0.01)
    assert "km2" in found.attrs["method"]


@pytest.mark.parametrize("chainage", [[], [1.0], [0.0] * 5, [BORDER.length_m] * 5, [np.nan] * 3])
def test_thin_tables_have_a_clear_answer(chainage):
    found = bl.stats.density_sensitivity(located(chainage), BORDER)
    assert found["n_events"].sum() + sum(found.attrs["left_out"].values()) == len(chainage)
    assert found["on_top"].sum() == (found["n_events"] > 0).sum()
    assert found["share_on_top"].between(0, 1).all()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"every_km": []}, OptionError, "every_km must be "),
        ({"every_km": [10, -1]}, OptionError, "every_km must be "),
        ({"every_km": [1e-6]}, OptionError, "makes over"),
        ({"origins": 0}, OptionError, "origins must be "),
        ({"top": 1.0}, OptionError, "top must be "),
        ({"exposure": "roads"}, OptionError, "exposure must be "),
        ({"exposure": "catchment"}, OptionError, "needs within_km"),
    ],
)
def test_bad_input(options, error, message):
    with pytest.raises(error, match=message):
        bl.stats.density_sensitivity(located([1.0]), BORDER, **options)


def test_events_that_are_not_located():
    with pytest.raises(TableError, match="run locate first"):
        bl.stats.density_sensitivity(pd.DataFrame({"a": [1]}), BORDER)
