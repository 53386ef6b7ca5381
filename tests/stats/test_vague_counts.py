"""Counts say how many of their events are vaguer than what they are counted in."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import PositionWarning

BORDER = bl.Border.from_line(shapely.LineString([(0, 0), (2, 0)]), left="XAA", right="XBB", name="equator")
SEGMENTS = bl.segment(BORDER, every_km=20)


def located(km, error_km=None, **columns):
    km = np.asarray(km, dtype=float)
    table = {
        "chainage_m": km * 1000,
        "distance_m": 100.0,
        "offset_m": 100.0,
        "side": pd.array(["XAA"] * len(km), dtype="string"),
        "beyond_end": False,
        "event_date": pd.date_range("2025-07-24", periods=len(km)),
        **columns,
    }
    if error_km is not None:
        table["location_error_m"] = pd.array(1000 * np.asarray(error_km, dtype=float), dtype="Float64")
    return pd.DataFrame(table)


#: What each verb says of events with an error of 30 km, counted in something shorter.
FINE = {
    "density": lambda events: bl.density(events, SEGMENTS, exposure="length"),
    "bands": lambda events: bl.bands(events, BORDER, edges_km=[0, 5, 25]),
    "profile": lambda events: bl.profile(events, BORDER, bandwidth_km=5),
    "profile in time": lambda events: bl.profile(events, BORDER, bandwidth_km=5, bandwidth_days=2),
    "hotspots": lambda events: bl.hotspots(events, BORDER, simulations=9),
    "compare_periods": lambda events: bl.compare_periods(
        events, SEGMENTS, ("2025-07-24", "2025-07-25"), ("2025-07-26", None)
    ),
    "k_function": lambda events: bl.stats.k_function(events, BORDER, distances_km=[5], simulations=19),
    "density_sensitivity": lambda events: bl.stats.density_sensitivity(events, BORDER),
    "space_time_interaction": lambda events: bl.stats.space_time_interaction(
        events, BORDER, near_km=5, near_days=2, simulations=19
    ),
}


@pytest.mark.parametrize("verb", FINE)
def test_what_is_finer_than_its_positions_warns_once_and_says_so(verb):
    events = located([1, 2, 3, 4, 41], [30] * 5)
    with pytest.warns(
        PositionWarning, match="finer than (its|their) positions|they are finer than"
    ) as caught:
        result = FINE[verb](events)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert result.attrs["position_note"] in result.attrs["method"]
    assert "finer than" in result.attrs["position_note"]
    assert result.attrs["n_vague"] >= 3


@pytest.mark.parametrize("verb", FINE)
def test_precise_positions_are_not_mentioned(verb):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = FINE[verb](located([1, 2, 3, 4, 41], [0.01] * 5))
    assert result.attrs["n_vague"] == 0
    assert result.attrs["position_note"] == ""


@pytest.mark.parametrize("verb", FINE)
def test_without_a_known_error_nothing_changes_and_a_note_says_so(verb):
    bare, empty = located([1, 2, 3, 4, 41]), located([1, 2, 3, 4, 41], [np.nan] * 5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        results = [FINE[verb](bare), FINE[verb](empty)]
    for result in results:
        assert result.attrs["n_vague"] is None
        assert result.attrs["position_note"] == "No position error is known, so positions are taken as exact."
        assert "error" not in result.attrs["method"]
        for name in (name for name in result.columns if name.startswith("n_vague")):
            assert result[name].isna().all()


@given(
    st.lists(st.tuples(st.floats(0, 222), st.one_of(st.none(), st.floats(0, 60))), min_size=1, max_size=20)
)
@settings(max_examples=40)
def test_vague_events_are_counted_by_hand(rows):
    events = located([row[0] for row in rows], [np.nan if row[1] is None else row[1] for row in rows])
    rates = bl.density(events, SEGMENTS, exposure="length")
    for start, end, count in zip(rates["from_m"], rates["to_m"], rates["n_vague"], strict=True):
        last = end == rates["to_m"].max()
        by_hand = sum(
            error is not None and 1000 * error > end - start
            for km, error in rows
            if start <= 1000 * km + 1e-3 and (1000 * km + 1e-3 < end or last)
        )
        assert pd.isna(count) if all(error is None for _, error in rows) else count == by_hand


def test_a_band_counts_events_whose_error_exceeds_its_width():
    events = located([1, 2, 3, 4], [0.5, 3, 4.5, 90], distance_m=[100.0, 200.0, 2000.0, 9000.0])
    bands = bl.bands(events, BORDER, edges_km=[0, 1, 5])
    left = bands[bands["side"] == "XAA"]
    assert left["n_events"].tolist() == [2, 1, 1]
    assert left["n_vague"].tolist() == [1, 1, 0]  # an open band has no width to exceed


def test_windows_shorter_than_twice_the_median_error_are_said():
    events = located([10, 10.2, 10.4, 10.6, 10.8, 150], [1, 1, 1, 1, 1, 1])
    with pytest.warns(PositionWarning, match="1 of 1 windows are shorter than twice the median"):
        hot = bl.hotspots(events, BORDER, simulations=9, limit=1)
    assert hot["n_vague"].tolist() == [0]  # the window of 1 km is as long as the error
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        longer = bl.hotspots(events, BORDER, simulations=9, limit=1, min_length_km=2)
    assert longer.attrs["position_note"] == ""


SIDES = {
    "side": pd.array(["XAA", "XAA", "XBB", "line"], dtype="string"),
    "side_known": [True, False, True, False],
}


def test_a_side_that_is_not_known_has_rows_of_its_own():
    events = located([1, 2, 3, 4], **SIDES)
    bands = bl.bands(events, BORDER, edges_km=[0, 5])
    assert bands.groupby("side", sort=False)["n_events"].sum().to_dict() == {
        "XAA": 1,
        "XBB": 1,
        "not known": 2,
    }
    assert bands.loc[bands["side"] == "not known", "events_per_km2"].isna().all()
    rates = bl.density(events, SEGMENTS, by="bank", within_km=5)
    assert rates.groupby("bank", sort=False)["n_events"].sum().to_dict() == {
        "XAA": 1,
        "XBB": 1,
        "not known": 2,
    }
    assert rates.loc[rates["bank"] == "not known", "rate"].isna().all()
    assert rates.loc[rates["bank"] == "not known", "events_per_km"].notna().all()


@pytest.mark.parametrize("verb", ["density", "hotspots"])
def test_an_event_whose_side_is_not_known_is_on_no_bank(verb):
    events = located([1, 2, 3, 4], **SIDES)
    result = (
        bl.density(events, SEGMENTS, bank="XAA")
        if verb == "density"
        else bl.hotspots(events, BORDER, bank="XAA", simulations=9)
    )
    assert result.attrs["left_out"]["side_not_known"] == 2
    assert result.attrs["left_out"]["other_bank"] == 1
    assert result.attrs["n_events"] == 1


def test_without_the_column_sides_count_as_they_are():
    events = located([1, 2, 3, 4], side=SIDES["side"])
    assert set(bl.bands(events, BORDER, edges_km=[0, 5])["side"]) == {"XAA", "XBB", "line"}
    assert set(bl.density(events, SEGMENTS, by="bank")["bank"]) == {"XAA", "XBB"}
