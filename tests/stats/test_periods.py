"""The verb `compare_periods` against enumeration and scipy's own tests."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import borderline as bl
from borderline.errors import OptionError, TableError
from borderline.stats._false_discovery import q_values
from borderline.stats._period_comparison import _binomial_p_value, _fisher_p_value, _ratio_limits

BORDER = bl.Border.from_line(shapely.LineString([(0, 0), (1, 0)]), left="XAA", right="XBB", name="equator")
SEGMENTS = bl.segment(BORDER, every_km=20)
counts = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8)


def events_of(one, two):
    """Events of June (30 days) and July (31), so many a segment."""
    place = np.repeat(np.tile(SEGMENTS["from_m"].to_numpy() + 1.0, 2), [*one, *two])
    date = np.repeat(pd.to_datetime(["2025-06-10", "2025-07-10"]), [sum(one), sum(two)])
    n = len(place)
    return pd.DataFrame(
        {
            "chainage_m": place,
            "distance_m": np.full(n, 5.0),
            "beyond_end": np.zeros(n, bool),
            "event_date": date,
        }
    )


def test_counts_shares_and_ratios():
    result = bl.compare_periods(
        events_of([4, 0, 2, 0, 0, 0], [2, 3, 2, 0, 0, 0]), SEGMENTS, "2025-06", "2025-07"
    )
    assert result["n_before"].tolist() == [4, 0, 2, 0, 0, 0]
    assert result["n_after"].tolist() == [2, 3, 2, 0, 0, 0]
    assert result["rate_ratio"].iloc[0] == pytest.approx((2 / 31) / (4 / 30))
    assert np.isinf(result["rate_ratio"].iloc[1])
    assert result["rate_ratio"].iloc[3:].isna().all()
    assert result["share_after"].tolist()[:3] == pytest.approx([2 / 7, 3 / 7, 2 / 7])
    assert result.attrs["overall"]["rate_ratio"] == pytest.approx((7 / 31) / (6 / 30))
    assert result[["p_value", "q_value", "p_moved", "q_moved"]].iloc[3:].isna().all(axis=None)
    assert result["rate_ratio_low"].iloc[3] == 0
    assert np.isinf(result["rate_ratio_high"].iloc[3])


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.1, 10), st.floats(0.5, 0.99))
@settings(max_examples=60)
def test_limits_and_p_are_those_of_the_binomial(one, two, days_ratio, level):
    total = one + two
    low, high = _ratio_limits(np.array([one]), np.array([two]), days_ratio, level)
    if total == 0:
        assert (low[0], high[0]) == (0, np.inf)
        return
    exact = stats.binomtest(two, total).proportion_ci(level, method="exact")
    np.testing.assert_allclose(
        low[0] * days_ratio / (1 + low[0] * days_ratio), exact.low, rtol=1e-7, atol=1e-12
    )
    if exact.high < 1:
        share = high[0] * days_ratio / (1 + high[0] * days_ratio)
        np.testing.assert_allclose(share, exact.high, rtol=1e-7)
    else:
        assert np.isinf(high[0])
    share = days_ratio / (1 + days_ratio)
    sides = [stats.binomtest(two, total, share, alternative=side).pvalue for side in ("less", "greater")]
    found = _binomial_p_value(np.array([one]), np.array([two]), days_ratio)[0]
    assert found == pytest.approx(min(1, 2 * min(sides)), abs=1e-10)


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.2, 5))
@settings(max_examples=40)
def test_a_ratio_of_one_is_outside_the_limits_when_p_is_small(one, two, days_ratio):
    low, high = _ratio_limits(np.array([one]), np.array([two]), days_ratio, 0.95)
    p = _binomial_p_value(np.array([one]), np.array([two]), days_ratio)[0]
    if one + two and abs(p - 0.05) > 1e-9:
        assert (p < 0.05) == (not low[0] <= 1 <= high[0])


@given(counts)
@settings(max_examples=30)
def test_moves_are_fishers_test_against_all_other_segments(table):
    one, two = np.array(table).T
    found = _fisher_p_value(one, two)
    for at, p in enumerate(found):
        if one[at] + two[at] == 0:
            assert np.isnan(p)
            continue
        rest = [[one[at], one.sum() - one[at]], [two[at], two.sum() - two[at]]]
        sides = [stats.fisher_exact(rest, alternative=side).pvalue for side in ("less", "greater")]
        assert p == pytest.approx(min(1, 2 * min(sides)), rel=1e-6)


@pytest.mark.parametrize(("mean", "ratio"), [(0.2, 1.0), (2.0, 0.5), (20.0, 3.0)])
def test_coverage_is_at_least_nominal_and_the_enumerated_value(mean, ratio):
    """Every pair of counts: those whose limits hold the ratio are those in neither binomial tail."""
    size = int(mean * ratio + 12 * np.sqrt(mean * ratio) + 25)
    one, two = (grid.ravel() for grid in np.meshgrid(np.arange(size), np.arange(size), indexing="ij"))
    chance = stats.poisson.pmf(one, mean) * stats.poisson.pmf(two, mean * ratio)
    low, high = _ratio_limits(one, two, 1.0, 0.9)
    total, share = one + two, ratio / (1 + ratio)
    inside = (stats.binom.cdf(two, total, share) > 0.05) & (stats.binom.sf(two - 1, total, share) > 0.05)
    covered = chance[(low <= ratio) & (ratio <= high)].sum()
    assert covered >= 0.9
    assert covered == pytest.approx(chance[inside].sum(), abs=1e-6)


def test_a_change_of_the_whole_border_is_no_move():
    result = bl.compare_periods(events_of([5] * 6, [50] * 6), SEGMENTS, "2025-06", "2025-07")
    assert (result["p_value"] < 1e-6).all()
    assert (result["p_moved"] > 0.9).all()


def test_a_move_is_found_where_it_happened():
    result = bl.compare_periods(
        events_of([30, 10, 10, 10, 10, 0], [0, 10, 10, 10, 10, 30]), SEGMENTS, "2025-06", "2025-07"
    )
    assert (result["q_moved"] < 0.001).tolist() == [True, False, False, False, False, True]


def test_q_values_count_only_what_was_tested():
    p = np.array([0.01, np.nan, 0.02, 0.9])
    assert q_values(p).tolist() == pytest.approx([0.03, np.nan, 0.03, 0.9], nan_ok=True)
    assert (q_values(p, method="by")[[0, 2]] > q_values(p)[[0, 2]]).all()
    assert q_values(np.array([np.nan])).tolist() == pytest.approx([np.nan], nan_ok=True)


def test_every_event_is_accounted_for():
    events = events_of([3, 0, 0, 0, 0, 0], [2, 1, 0, 0, 0, 0])
    events.loc[0, "event_date"] = pd.NaT
    events.loc[1, "event_date"] = pd.Timestamp("2025-05-01")
    events.loc[2, "chainage_m"] = np.nan
    before = events.copy(deep=True)
    result = bl.compare_periods(events, SEGMENTS, "2025-06", "2025-07", distinct="place-day")
    out = result.attrs["left_out"]
    assert (out["no_date"], out["outside_period"], out["no_chainage"], out["same_place_day"]) == (1, 1, 1, 1)
    assert int(result[["n_before", "n_after"]].sum().sum()) + sum(out.values()) == len(events)
    pd.testing.assert_frame_equal(events, before)
    for words in ("2025-06-01 to 2025-06-30 (30 days)", "Fisher", "Benjamini and Hochberg", "4 of 6"):
        assert words in result.attrs["method"]


@pytest.mark.parametrize(
    ("one", "two"),
    [([0] * 6, [0] * 6), ([1, 0, 0, 0, 0, 0], [0] * 6), ([7, 0, 0, 0, 0, 0], [9, 0, 0, 0, 0, 0])],
)
def test_thin_tables_have_a_clear_answer(one, two):
    result = bl.compare_periods(events_of(one, two), SEGMENTS, "2025-06", "2025-07")
    assert not (result["q_moved"] < 0.5).any()
    assert (result["rate_ratio_low"] >= 0).all()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"after": "2025-06"}, OptionError, "before and after overlap"),
        ({"after": ("2025-07-03", "2025-07-02")}, OptionError, "after has no days"),
        ({"fdr": "holm"}, OptionError, "fdr must be "),
        ({"level": 95}, OptionError, "level must be "),
        ({"distinct": "day"}, OptionError, "distinct must be "),
    ],
)
def test_bad_input(options, error, message):
    told = {"before": "2025-06", "after": "2025-07", **options}
    before, after = told.pop("before"), told.pop("after")
    with pytest.raises(error, match=message):
        bl.compare_periods(events_of([1] * 6, [1] * 6), SEGMENTS, before, after, **told)


def test_overlapping_segments_and_missing_dates():
    events = events_of([1] * 6, [1] * 6)
    with pytest.raises(TableError, match="overlap"):
        bl.compare_periods(events, pd.concat([SEGMENTS, SEGMENTS]), "2025-06", "2025-07")
    with pytest.raises(TableError, match="event_date"):
        bl.compare_periods(events.drop(columns="event_date"), SEGMENTS, "2025-06", "2025-07")


def test_the_fighting_of_december_2025_reached_stretches_that_july_had_not():
    """In stretches of 50 km, each place and day counted once."""
    border = bl.load_border()
    events = bl.load_incidents().pipe(bl.locate, border)
    segments = bl.segment(border, every_km=50)
    result = bl.compare_periods(events, segments, "2025-07", "2025-12", within_km=25, distinct="place-day")
    moved = result[result["q_moved"] < 0.05]
    assert moved["admin1_right"].tolist() == ["Sa Kaeo"]
    assert moved["n_before"].tolist() == [0]
    assert moved["n_after"].iloc[0] > 10
