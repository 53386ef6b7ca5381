"""Knox and Mantel: brute force, exact expectation, and dates that are dealt at random."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import OptionError, TableError
from borderline.stats import _interaction as module

BORDER = bl.Border.from_line(shapely.LineString([(0, 0), (2, 0)]), left="XAA", right="XBB", name="equator")
LENGTH = BORDER.length_m / 1000


def located(km, days):
    dates = pd.Timestamp("2025-07-01") + pd.to_timedelta(np.asarray(days, dtype=float), unit="D")
    return pd.DataFrame(
        {
            "chainage_m": np.asarray(km, dtype=float) * 1000,
            "distance_m": 100.0,
            "beyond_end": False,
            "event_date": dates,
        }
    )


@given(st.integers(3, 25), st.integers(0, 2**32 - 1), st.integers(1, 400))
@settings(max_examples=60)
def test_scores_equal_brute_force(n, seed, chunk):
    rng = np.random.default_rng(seed)
    km, day = rng.integers(0, 40, n) / 2.0, rng.integers(0, 30, n)
    knox = mantel = 0.0
    for i, j in itertools.combinations(range(n), 2):
        apart, days = abs(km[i] - km[j]), abs(int(day[i]) - int(day[j]))
        knox += apart <= 3 and days <= 5
        mantel += 1 / (apart + 3) / (days + 5)
    kept = module.CHUNK
    try:
        module.CHUNK = chunk  # several rows of pairs at a time, or one
        pairs = module._Pairs(km, day, 3.0, 5.0)
    finally:
        module.CHUNK = kept
    assert pairs.score(pairs.date) == pytest.approx([knox, mantel], rel=1e-12)


def test_expectation_is_the_mean_over_all_deals():
    km, day = np.array([0.0, 1.0, 5.0, 6.0, 40.0]), np.array([0, 2, 9, 9, 30])
    pairs = module._Pairs(km, day, 2.0, 7.0)
    every = np.array([pairs.score(np.array(deal)) for deal in itertools.permutations(pairs.date)])
    np.testing.assert_allclose(pairs.expected, every.mean(axis=0), rtol=1e-12)


def test_events_tied_in_both_are_found_and_free_ones_are_not():
    rng = np.random.default_rng(4)
    place, when = rng.uniform(0, LENGTH, 25), rng.integers(0, 365, 25)
    km = np.clip(np.repeat(place, 4) + rng.normal(0, 1, 100), 0, LENGTH)
    day = np.repeat(when, 4) + rng.integers(0, 4, 100)
    tied = bl.stats.space_time_interaction(located(km, day), BORDER, near_km=5, near_days=7, simulations=99)
    assert (tied["p_value"] == 0.01).all()
    assert (tied["ratio"] > 1).all()
    # Clustered in place and in time, but not in both together.
    free = bl.stats.space_time_interaction(
        located(km, rng.permutation(day)), BORDER, near_km=5, near_days=7, simulations=99
    )
    assert (free["p_value"] > 0.05).all()


def test_the_day_alone_counts_and_limits_are_closed():
    events = located([0, 5, 100], [0.9, 7.1, 100])
    tests = bl.stats.space_time_interaction(events, BORDER, near_km=5, near_days=7, simulations=19)
    assert tests.loc["knox", "observed"] == 1
    assert tests.attrs["pairs_near_in_place"] == 1
    assert tests.attrs["pairs_near_in_time"] == 1
    assert tests.loc["knox", "expected"] == pytest.approx(1 / 3)


def test_same_seed_same_answer_and_input_untouched():
    rng = np.random.default_rng(1)
    events = located(rng.uniform(0, LENGTH, 30), rng.integers(0, 60, 30))
    before = events.copy(deep=True)
    options = {"near_km": 20, "near_days": 7, "simulations": 99}
    first = bl.stats.space_time_interaction(events, BORDER, **options)
    pd.testing.assert_frame_equal(first, bl.stats.space_time_interaction(events, BORDER, **options))
    pd.testing.assert_frame_equal(events, before)


def test_rows_without_place_or_date_are_counted_apart():
    events = located([0, 5, np.nan, 80, 90], [0, 1, 2, 3, 4])
    events.loc[3, "event_date"] = pd.NaT
    tests = bl.stats.space_time_interaction(events, BORDER, near_km=5, near_days=7, simulations=19)
    assert tests.attrs["left_out"] == {
        "no_chainage": 1, "beyond_end": 0, "beyond_within_km": 0, "no_date": 1
    }  # fmt: skip
    assert tests.attrs["n_events"] == 3
    assert "Knox" in tests.attrs["method"]


def test_reports_of_one_place_and_day_count_once_if_asked():
    rng = np.random.default_rng(8)
    place, day = rng.uniform(0, LENGTH, 25), rng.integers(0, 365, 25)
    events = located(np.repeat(place, 3), np.repeat(day, 3))
    options = {"near_km": 5, "near_days": 7, "simulations": 99}
    every = bl.stats.space_time_interaction(events, BORDER, **options)
    assert (every["p_value"] == 0.01).all()
    once = bl.stats.space_time_interaction(events, BORDER, distinct="place-day", **options)
    pd.testing.assert_frame_equal(once, bl.stats.space_time_interaction(events.iloc[::3], BORDER, **options))
    assert (once["p_value"] > 0.05).all()
    assert once.attrs["left_out"]["same_place_day"] == 50
    assert "each place-day once" in once.attrs["method"]


def test_all_at_one_place_or_one_day_cannot_be_told_from_chance():
    tests = bl.stats.space_time_interaction(
        located([3] * 6, range(6)), BORDER, near_km=1, near_days=2, simulations=19
    )
    assert (tests["p_value"] == 1).all()
    tests = bl.stats.space_time_interaction(
        located(range(6), [0] * 6), BORDER, near_km=1, near_days=2, simulations=19
    )
    assert (tests["p_value"] == 1).all()
    assert np.allclose(tests["ratio"], 1)


def test_no_pair_near_gives_no_ratio():
    tests = bl.stats.space_time_interaction(
        located([0, 50, 100], [0, 50, 100]), BORDER, near_km=1, near_days=1, simulations=19
    )
    assert np.isnan(tests.loc["knox", "ratio"])
    assert tests.loc["knox", "p_value"] == 1


@pytest.mark.parametrize("km", [[], [1.0], [1.0, 2.0]])
def test_too_few_events_are_refused(km):
    with pytest.raises(TableError, match="needs three"):
        bl.stats.space_time_interaction(located(km, range(len(km))), BORDER, near_km=1, near_days=1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"near_km": 0}, "near_km"),
        ({"near_days": np.nan}, "near_days"),
        ({"simulations": 5}, "simulations must be"),
    ],
)
def test_wrong_options_are_refused(options, words):
    with pytest.raises(OptionError, match=words):
        bl.stats.space_time_interaction(
            located([1, 2, 3], [1, 2, 3]), BORDER, **{"near_km": 1, "near_days": 1, **options}
        )


def test_dates_that_are_none_are_refused():
    events = located([1, 2, 3], [1, 2, 3]).assign(event_date=["once", "upon", "a time"])
    with pytest.raises(TableError, match="holds no dates"):
        bl.stats.space_time_interaction(events, BORDER, near_km=1, near_days=1)
    with pytest.raises(TableError, match="event_date"):
        bl.stats.space_time_interaction(events.drop(columns="event_date"), BORDER, near_km=1, near_days=1)
