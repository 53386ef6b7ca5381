"""Counts of events that may be in several places: laws, independent oracles, coverage."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from vague_truth import clusters, compare_estimates, cover_bank, cover_rate, smooth

import borderline as bl
from borderline.errors import OptionError, PositionWarning, TableError
from borderline.stats._count_limits import (
    CountDistribution,
    count_limits,
    distribute_draws,
    distribute_shares,
    mixed_poisson_limits,
)
from borderline.stats._placements import Shares

pytestmark = pytest.mark.filterwarnings("ignore::borderline.errors.PositionWarning")

LINE = shapely.LineString([(100, 0), (100.6, 0.1), (101.2, -0.1), (101.8, 0)])
BORDER = bl.Border.from_line(LINE, left="XAA", right="XBB", name="zigzag")
REVERSED = bl.Border.from_line(shapely.reverse(LINE), left="XBB", right="XAA", name="gazgiz")
KM = 111.3
MODES = ("spread", "impute")


def reports(xy_km, error_km, **columns):
    """Reports at kilometres east and north of the start of the line."""
    xy = np.asarray(xy_km, dtype=float).reshape(-1, 2) / KM
    table = {
        "event_date": pd.date_range("2025-07-20", periods=len(xy)),
        "location_error_m": pd.array(np.asarray(error_km, dtype=float) * 1000, dtype="Float64"),
        "fatalities": pd.array(np.arange(len(xy)) % 4, dtype="Int64"),
        **columns,
    }
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(100 + xy[:, 0], xy[:, 1]), crs=4326)


def located(xy_km, error_km, border=BORDER, **columns):
    return bl.locate(reports(xy_km, error_km, **columns), border)


events_near = st.lists(
    st.tuples(st.floats(-30, 230), st.floats(-30, 30), st.sampled_from([0.0, 0.1, 2.0, 15.0])),
    min_size=1,
    max_size=12,
)
#: Every verb that counts, with its options but for positions.
VERBS = {
    "density": lambda events, **k: bl.density(events, bl.segment(BORDER, every_km=20), within_km=15, **k),
    "density by bank": lambda events, **k: bl.density(
        events, bl.segment(BORDER, every_km=20), within_km=15, exposure="length", by="bank", **k
    ),
    "density of a bank": lambda events, **k: bl.density(
        events, bl.segment(BORDER, every_km=20), bank="XAA", period="W", limits="quasi-poisson", **k
    ),
    "bands": lambda events, **k: bl.bands(events, BORDER, edges_km=[0, 1, 5], within_km=25, **k),
    "profile": lambda events, **k: bl.profile(events, BORDER, bandwidth_km=5, within_km=15, **k),
    "profile in time": lambda events, **k: bl.profile(
        events, BORDER, bandwidth_km=5, bandwidth_days=2, period=("2025-07-01", "2025-08-31"), **k
    ),
    "compare_periods": lambda events, **k: bl.compare_periods(
        events, bl.segment(BORDER, every_km=20), (None, "2025-07-24"), ("2025-07-25", None), within_km=15, **k
    ),
    "hotspots": lambda events, **k: bl.hotspots(events, BORDER, simulations=19, within_km=15, **k),
    "k_function": lambda events, **k: bl.stats.k_function(
        events, BORDER, distances_km=[2, 5], simulations=19, within_km=15, **k
    ),
}
SAMPLE = [(5, 1), (25, -3), (60, 8), (61, 8), (62, 9), (110, -12), (150, 2), (190, 0.5), (-9, 2), (100, 40)]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("verb", VERBS)
def test_exact_positions_on_an_exact_line_give_the_plain_result_bit_for_bit(verb, mode):
    events = located(SAMPLE, np.zeros(len(SAMPLE)))
    plain, result = VERBS[verb](events), VERBS[verb](events, positions=mode)
    for name in (name for name in plain.columns if name != "geometry" and not name.startswith("n_vague")):
        pd.testing.assert_series_equal(result[name], plain[name], check_exact=True)
    assert result.attrs["n_events"] == plain.attrs["n_events"]
    assert sum(result.attrs["left_out"].values()) == sum(plain.attrs["left_out"].values())


@pytest.mark.parametrize("mode", MODES)
@given(rows=events_near, within_km=st.sampled_from([None, 5.0, 20.0]))
@settings(max_examples=15)
def test_expected_beyond_and_past_an_end_add_up(mode, rows, within_km):
    events = located([row[:2] for row in rows], [row[2] for row in rows])
    segments = bl.segment(BORDER, every_km=20)
    results = [
        bl.density(events, segments, within_km=within_km, exposure="length", positions=mode, draws=20),
        bl.bands(events, BORDER, edges_km=[0, 2], within_km=within_km, positions=mode, draws=20),
    ]
    if mode == "spread":
        results.append(
            bl.density(events, segments, within_km=within_km, exposure="length", positions=mode, deconvolve=5)
        )
    for result in results:
        facts = result.attrs
        total = result["n_expected"].sum() + facts["expected_beyond_km"] + facts["expected_past_end"]
        assert total == pytest.approx(len(events), abs=1e-9)
        assert result["n_events"].sum() + sum(facts["left_out"].values()) == pytest.approx(
            len(events), abs=1e-9
        )
        assert (result["n_events_low"] <= result["n_expected"] + 1).all()
        assert (result["n_events_high"] >= result["n_expected"] - 1).all()
    curve = bl.profile(events, BORDER, bandwidth_km=10, within_km=within_km, positions=mode, draws=20)
    total = np.trapezoid(curve["intensity_per_km"], curve["chainage_m"] / 1000)
    assert total == pytest.approx(curve.attrs["n_expected"], abs=1e-6)


@given(rows=events_near, seed=st.integers(0, 99))
@settings(max_examples=15)
def test_the_order_of_rows_does_not_matter(rows, seed):
    events = located([row[:2] for row in rows], [row[2] for row in rows])
    shuffled = events.iloc[np.random.default_rng(seed).permutation(len(events))]
    options = {
        "segments": bl.segment(BORDER, every_km=20),
        "within_km": 20,
        "positions": "spread",
        "by": "bank",
    }
    for steps in (None, 5):
        one, two = (bl.density(table, **options, deconvolve=steps) for table in (events, shuffled))
        for name in ("n_expected", "n_events_low", "n_events_high", "events_per_km_high"):
            np.testing.assert_allclose(two[name], one[name], atol=1e-9)


@given(rows=events_near)
@settings(max_examples=15)
def test_a_border_drawn_the_other_way_gives_the_same_counts(rows):
    tables = [
        bl.bands(
            located([row[:2] for row in rows], [row[2] for row in rows], border),
            border,
            edges_km=[0, 2, 10],
            positions="spread",
        ).sort_values(["side", "from_km"])
        for border in (BORDER, REVERSED)
    ]
    tables = [table[table["side"] != "line"] for table in tables]
    for name in ("n_expected", "n_events_low", "n_events_high", "events_per_km2_low"):
        np.testing.assert_allclose(tables[1][name], tables[0][name], atol=1e-6)


@pytest.mark.parametrize("mode", MODES)
def test_nothing_is_left_out_for_being_vague(mode):
    events = located([(60, 11), (61, 11)], [40, 0.1], geocoded_by=pd.array(["gazetteer"] * 2, dtype="string"))
    assert bl.density(events, every_km=20, border=BORDER, within_km=5).attrs["left_out"]["too_vague"] == 1
    spread = bl.density(events, every_km=20, border=BORDER, within_km=5, positions=mode)
    assert "too_vague" not in spread.attrs["left_out"]
    assert 1 < spread["n_expected"].sum() < 2


def test_a_spread_count_is_the_probability_of_the_segment():
    """An independent oracle: 200,000 draws of a round normal position beside a straight line."""
    line = shapely.LineString([(100, 0), (102, 0)])
    border = bl.Border.from_line(line, left="XAA", right="XBB", name="equator")
    events = bl.locate(reports([(60, 2)], [8], position_model="normal"), border)
    rates = bl.density(events, bl.segment(border, every_km=5), within_km=3, positions="spread")
    sd = 8 / np.sqrt(2 * np.log(10))
    east = 60 / KM * 111.3195
    ends = np.append(rates["from_m"], border.length_m) / 1000
    along = np.diff(stats.norm.cdf(ends, east, sd))
    north = 2 / KM * 110.574
    near = np.diff(stats.norm.cdf([-3, 3], north, sd))[0]
    np.testing.assert_allclose(rates["n_expected"], along * near, atol=0.012)
    assert rates["n_expected"].sum() == pytest.approx(near, abs=0.01)


@given(
    st.lists(st.tuples(st.floats(0.001, 1), st.integers(1, 6)), min_size=1, max_size=8), st.floats(0.5, 0.99)
)
@settings(max_examples=60)
def test_limits_of_a_count_are_those_of_the_convolution(events, level):
    share, n = (np.array(part, dtype=float) for part in zip(*events, strict=True))
    chance = np.ones(1)
    for p, count in zip(share, n, strict=True):
        for _ in range(int(count)):
            chance = np.convolve(chance, [1 - p, p])
    rows = np.arange(len(share))
    found = distribute_shares(Shares(rows, np.zeros_like(rows), share), n, np.zeros(1))
    full = np.zeros(len(chance))
    counts, probability = found
    np.add.at(full, counts[0].astype(int), probability[0])
    np.testing.assert_allclose(full, chance, atol=1e-9)
    low, high = count_limits(found, level)
    tail = (1 - level) / 2
    assert chance[: int(low[0])].sum() <= tail + 1e-9
    assert chance[int(high[0]) + 1 :].sum() <= tail + 1e-9
    assert chance[: int(low[0]) + 1].sum() >= tail - 1e-9
    assert chance[int(high[0]) :].sum() >= tail - 1e-9


def test_a_large_count_is_near_its_exact_distribution():
    rng = np.random.default_rng(1)
    share = rng.uniform(0, 1, 3_000)
    rows = np.arange(len(share))
    found = distribute_shares(Shares(rows, np.zeros_like(rows), share), np.ones(len(share)), np.zeros(1))
    drawn = (rng.random((4_000, len(share))) < share).sum(axis=1)
    low, high = count_limits(found, 0.9)
    expected = np.quantile(drawn, [0.05, 0.95])
    assert abs(low[0] - expected[0]) <= 3
    assert abs(high[0] - expected[1]) <= 3


@given(
    st.lists(st.tuples(st.integers(0, 30), st.floats(0.01, 1)), min_size=1, max_size=6), st.floats(0.5, 0.99)
)
@settings(max_examples=60)
def test_limits_of_a_rate_average_the_exact_tails(counts, level):
    values, weight = np.array(sorted(dict(counts).items()), dtype=float).T
    weight = weight / weight.sum()
    low, high = mixed_poisson_limits(CountDistribution(values[None], weight[None]), level)
    tail = (1 - level) / 2
    as_many = (weight * stats.poisson.sf(values - 1, low[0])).sum()
    assert as_many == pytest.approx(tail, abs=1e-9) or (
        low[0] == 0 and weight[0] * (values[0] == 0) >= tail - 1e-9
    )
    assert (weight * stats.poisson.cdf(values, high[0])).sum() == pytest.approx(tail, abs=1e-9)


def test_draws_are_counted_together():
    cell = np.array([[0, 0, 1, -1], [0, 1, 1, 1]])
    found = distribute_draws(cell, np.array([2.0, 1.0]), np.array([0.0, 1.0]))
    counts, probability = found
    assert counts.tolist() == [[0, 2, 3], [1, 2, 4]]
    assert probability.tolist() == [[0.5, 0.25, 0.25], [0.25, 0.5, 0.25]]


def test_each_group_is_deconvolved_by_itself():
    rng = np.random.default_rng(3)
    xy = np.column_stack([np.append(rng.normal(60, 1, 20), rng.normal(160, 1, 20)), rng.normal(0, 1, 40)])
    kinds = pd.array(["a"] * 20 + ["b"] * 20, dtype="string")
    events = located(xy, np.full(40, 8.0), event_type=kinds)
    segments = bl.segment(BORDER, every_km=10)
    options = {"positions": "spread", "deconvolve": 5, "period": "2025"}
    both = bl.density(events, segments, by="event_type", **options)
    for kind in ("a", "b"):
        alone = bl.density(events[events["event_type"] == kind], segments, **options)
        of_kind = both[both["event_type"] == kind]
        np.testing.assert_allclose(of_kind["n_expected"], alone["n_expected"], atol=1e-9)
    spread = bl.density(events, segments, positions="spread")
    sharper = bl.density(events, segments, positions="spread", deconvolve=5)
    assert sharper["n_expected"].max() > 1.2 * spread["n_expected"].max()


def test_no_window_is_finer_than_what_it_holds():
    rng = np.random.default_rng(4)
    xy = np.column_stack([np.append(rng.normal(60, 1, 20), rng.uniform(0, 200, 40)), rng.normal(0, 1, 60)])
    error = np.where(np.arange(60) < 20, 8.0, 1.0)
    events = located(xy, error)
    for mode in MODES:
        hot = bl.hotspots(events, BORDER, simulations=19, positions=mode)
        assert len(hot)
        for row in hot.itertuples():
            inside = (events["chainage_m"] >= row.from_m) & (events["chainage_m"] <= row.to_m)
            median = np.median(events.loc[inside, "location_error_m"]) if inside.any() else 0.0
            assert row.to_m - row.from_m >= 2 * min(median, 8000.0) - 1 or row.n_expected < inside.sum()
            assert row.to_m - row.from_m >= 2 * np.median(error) * 1000 - 1
            assert row.n_events_low - 1 <= row.n_expected <= row.n_events_high + 1
        assert hot.iloc[0]["from_m"] < 60_000 < hot.iloc[0]["to_m"]


@pytest.mark.parametrize("mode", MODES)
def test_sides_that_are_not_known_stay_in_their_own_rows(mode):
    events = located([(60, 1), (100, 9), (150, -9)], [10, 0.1, 0.1]).assign(side_known=[False, True, True])
    table = bl.bands(events, BORDER, edges_km=[0, 5], positions=mode)
    by_side = table.groupby("side", sort=False)["n_expected"].sum()
    assert by_side.to_dict() == pytest.approx({"XAA": 1, "XBB": 1, "not known": 1}, abs=1e-9)
    rates = bl.density(events, bl.segment(BORDER, every_km=20), by="bank", positions=mode)
    by_bank = rates.groupby("bank", sort=False)["n_expected"].sum()
    assert by_bank.to_dict() == pytest.approx({"XAA": 1, "XBB": 1, "not known": 1}, abs=0.02)


@pytest.mark.parametrize("positions", ["points", "impute"])
def test_only_spread_positions_are_deconvolved(positions):
    with pytest.raises(OptionError, match="deconvolve must be None unless positions='spread', not 5"):
        bl.density(located(SAMPLE[:3], [1, 1, 1]), every_km=20, positions=positions, deconvolve=5)


def test_spread_positions_need_the_border():
    events = located(SAMPLE[:3], [1, 1, 1])
    segments = bl.segment(BORDER, every_km=20)
    bare = pd.DataFrame(segments.drop(columns="geometry"))
    bare.attrs = {}
    events.attrs = {}
    with pytest.raises(TableError, match="needs the border"):
        bl.density(events, bare, positions="spread")


#: Two days, on either side of where `compare_periods` divides the time here.
APART = pd.to_datetime(["2025-07-20", "2025-07-28"])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "k_function"])
def test_what_is_no_point_counts_as_without_an_error(verb, mode):
    """An event along the border and one whose point is missing."""
    places = [shapely.LineString([(100.3, 0.07), (100.5, 0.1)]), shapely.Point()]
    events = reports([(5, 1), (60, 8)], [2.0, 2.0], event_date=APART).set_geometry(places, crs=4326)
    events = bl.locate(events, BORDER)
    plain, result = VERBS[verb](events), VERBS[verb](events, positions=mode)
    assert result.attrs["n_events"] == plain.attrs["n_events"]
    assert result.attrs["left_out"]["no_chainage"] == 1
    assert sum(result.attrs["left_out"].values()) == sum(plain.attrs["left_out"].values())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "k_function"])
def test_a_position_that_is_set_aside_is_left_out_with_its_reason(verb, mode):
    for errors in ([1.0, 5_000.0], [5_000.0, 5_000.0]):
        events = located(SAMPLE[:2], errors, event_date=APART)
        with pytest.warns(PositionWarning, match="wider than the border"):
            result = VERBS[verb](events, positions=mode)
        assert result.attrs["left_out"]["no_position"] == errors.count(5_000.0)


def test_without_errors_a_warning_says_so_once():
    events = located([(60, 1), (100, 9)], [np.nan, np.nan])
    with pytest.warns(PositionWarning) as caught:
        bl.density(events, bl.segment(BORDER, every_km=20), positions="spread")
    assert len(caught) == 1


def test_the_bank_of_many_events_at_one_place_needs_shared_draws():
    """Forty exact events 100 m beside a line good to 500 m are on one bank or on the other, all together."""
    sure = bl.Border.from_line(LINE, left="XAA", right="XBB", name="zigzag", accuracy_m=500.0)
    rng = np.random.default_rng(5)
    held = {"spread": 0, "impute": 0}
    runs = 60
    for run in range(runs):
        # The truth: the line is drawn elsewhere than it is, by one displacement for all.
        shift = rng.normal(0, 500 / 1.6449)
        truth = 40.0 * (100 + shift > 0)
        events = bl.locate(reports([(60, 10 + 0.1)] * 40, [0.0] * 40), sure)
        for mode in held:
            table = bl.bands(
                events, sure, edges_km=[0], within_km=50, positions=mode, level=0.9, draws=100, seed=run
            )
            left = table[table["side"] == "XAA"].iloc[0]
            held[mode] += left["n_events_low"] <= truth <= left["n_events_high"]
    assert held["impute"] >= 0.85 * runs
    assert held["spread"] <= 0.3 * runs


def test_limits_of_a_bank_hold_with_shared_draws():
    held = cover_bank(0.3, 40, seed=1)
    assert held["impute"] >= 0.85
    assert held["spread"] <= 0.6


def test_limits_of_a_rate_hold():
    held = cover_rate(0.2, 5.0, 4, seed=2)
    assert held["rate"] >= 0.9
    assert held["count"] < held["rate"]


def test_spreading_is_nearest_for_a_smooth_truth_and_deconvolving_for_clusters():
    error = compare_estimates(smooth, 158, 6, seed=3)
    assert error["spread"] < 0.95
    assert min(error, key=error.get) == "spread"
    error = compare_estimates(clusters, 158, 6, seed=4)
    assert error["deconvolved"] < 0.9
    assert min(error, key=error.get) == "deconvolved"
