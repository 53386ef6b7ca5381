"""The verb `hotspots`: its windows and likelihood against brute force, its p-values against exact ones."""

from __future__ import annotations

import itertools
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import OptionError, TableError
from borderline.stats import hotspots
from borderline.stats._exposure_share import EvenShare, share_exposure
from borderline.stats._scan_clusters import Scan, find_clusters, naus_p_value
from borderline.stats._scan_maxima import event_maxima, scan_cells, scan_events, scan_p_value
from borderline.stats._scan_windows import TIE, Rules

BORDER = bl.Border.from_line(shapely.LineString([(0, 0), (1, 0)]), left="XAA", right="XBB", name="equator")
LENGTH = BORDER.length_m
EVEN = EvenShare(np.array([0.0, LENGTH]), np.array([0.0, 1.0]))
BENT = bl.Border.from_line(
    shapely.LineString([(0, 0), (0.3, 0.2), (0.6, 0), (1, 0.1)]), left="XAA", right="XBB", name="bent"
)


def located(chainage, distance=100.0, **columns):
    n = len(chainage)
    return pd.DataFrame(
        {
            "chainage_m": np.asarray(chainage, float),
            "distance_m": np.broadcast_to(np.asarray(distance, float), n),
            "beyond_end": np.zeros(n, bool),
            **columns,
        }
    )


def likelihood_ratio(n, total, expected):
    """Kulldorff's, written out."""
    if n <= expected:
        return 0.0
    inside = n * math.log(n / expected)
    return inside + ((total - n) * math.log((total - n) / (total - expected)) if total > n else 0.0)


def every_window(places, measure, rules):
    """Windows from event to event, short ones stretched either way, counted one by one."""
    start, end = measure.start_m, measure.end_m
    for one, other in itertools.product(sorted(set(places)), repeat=2):
        if other - one >= rules.min_length_m:
            yield one, other
    for place in set(places):
        low = min(max(place, start), end - rules.min_length_m)
        yield low, low + rules.min_length_m
        high = max(min(place, end), start + rules.min_length_m)
        yield high - rules.min_length_m, high


def brute_force(places, measure, rules):
    """The largest likelihood ratio, and the windows that reach it."""
    found = []
    for low, high in every_window(places, measure, rules):
        n = sum(low - 1e-3 <= place <= high + 1e-3 for place in places)
        share = float(measure.upto(np.array([high]))[0] - measure.before(np.array([low]))[0])
        share = max(share, measure.least)
        if n >= rules.min_events and share <= rules.max_share + 1e-12:
            found.append((likelihood_ratio(n, len(places), len(places) * share), low, high, n, share))
    best = max((row[0] for row in found), default=0.0)
    return best, [row for row in found if row[0] >= best - 1e-9 * (1 + best) and row[0] > 0]


# On a lattice of half kilometres events tie, and windows are exactly as long as the shortest. Whole
# metres keep clear of the millimetre within which chainages are one place.
places_on = st.lists(
    st.one_of(st.integers(0, 222).map(lambda at: at * 500.0), st.integers(0, int(LENGTH)).map(float)),
    min_size=1,
    max_size=25,
)
rules_of = st.builds(
    Rules,
    st.sampled_from([200.0, 1000.0, 2500.0, 40_000.0]),
    st.integers(2, 5),
    st.sampled_from([0.05, 0.3, 0.5, 1.0]),
)


@given(places_on, rules_of)
@settings(max_examples=150)
def test_largest_of_all_windows_on_length(places, rules):
    best, windows = brute_force(places, EVEN, rules)
    fast = scan_events(np.sort(np.array([places])), EVEN, rules)
    np.testing.assert_allclose(fast, best, rtol=1e-9, atol=1e-9)
    table = hotspots(
        located(places),
        BORDER,
        min_length_km=rules.min_length_m / 1000,
        min_events=rules.min_events,
        max_share=rules.max_share,
        simulations=1,
    )
    assert len(table) == 0 if not windows else table["llr"].iloc[0] == pytest.approx(best, rel=1e-9)
    if windows:
        top = table.iloc[0]
        assert any(
            np.allclose([top["from_m"], top["to_m"], top["n_events"]], row[1:4], atol=2e-3) for row in windows
        )
        assert top["expected"] == pytest.approx(len(places) * min(row[4] for row in windows), rel=1e-6)


@pytest.fixture(scope="module")
def land():
    return share_exposure("catchment", BENT, segments=None, within_km=15.0, bank=None)


@given(st.lists(st.floats(0, 0.9999), min_size=1, max_size=20), rules_of)
@settings(max_examples=60)
def test_largest_of_all_windows_on_land(land, at, rules):
    feet = land.catchment.feet_m
    places = np.sort(feet[(np.array(at) * len(feet)).astype(int)].round())
    best, _ = brute_force(places.tolist(), land, rules)
    np.testing.assert_allclose(scan_events(places[None], land, rules), best, rtol=1e-9, atol=1e-9)


@given(
    st.lists(st.integers(0, 6), min_size=2, max_size=12), st.integers(2, 4), st.sampled_from([0.3, 0.5, 1.0])
)
@settings(max_examples=100)
def test_largest_of_all_runs_of_cells(cells, min_events, max_share):
    cells = np.array([*cells, 1])
    total = int(cells.sum())
    weights = np.arange(1, len(cells) + 1) % 4 + 0.5
    shares = weights / weights.sum()
    breaks = np.arange(len(cells) + 1) * 700.0
    rules = Rules(1000.0, min_events, max_share)
    best = 0.0
    for one, other in itertools.combinations(range(len(cells) + 1), 2):
        n, share = int(cells[one:other].sum()), float(shares[one:other].sum())
        if n >= min_events and share <= max_share + 1e-12 and other - one >= 2:
            best = max(best, likelihood_ratio(n, total, total * share))
    np.testing.assert_allclose(scan_cells(cells[None], breaks, shares, rules), best, rtol=1e-9, atol=1e-9)


def test_two_events_have_a_p_value_in_closed_form():
    """Of two uniform events, the closer the likelier: the chance to be no farther apart is 2d - d^2."""
    gap = 0.2
    table = hotspots(
        located([30_000.0, 30_000.0 + gap * LENGTH]),
        BORDER,
        min_length_km=0.001,
        max_share=1,
        simulations=4_999,
    )
    exact = 2 * gap - gap**2
    assert table["p_value"].iloc[0] == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 4_999))


def test_equal_windows_in_data_and_simulation_are_ties_and_count_as_reached():
    """Two events within a kilometre always make the same best window, whatever the gap."""
    table = hotspots(located([10_000.0, 10_200.0]), BORDER, min_length_km=110, max_share=1, simulations=99)
    assert table["p_value"].tolist() == [1.0]
    assert scan_p_value(np.array([2.0]), np.array([1.0, 2.0 + 1e-12, 2.0 - 1e-12, 3.0]), TIE)[0] == 4 / 5


def test_p_value_counts_the_data_among_the_simulations():
    crowd = located(np.full(40, 50_000.0))
    assert hotspots(crowd, BORDER, simulations=199)["p_value"].iloc[0] == 1 / 200


def test_clusters_do_not_overlap_and_come_best_first():
    rng = np.random.default_rng(4)
    places = np.concatenate(
        [rng.uniform(0, LENGTH, 60), rng.normal(30e3, 500, 15), rng.normal(80e3, 500, 12)]
    )
    table = hotspots(located(places), BORDER, simulations=99, seed=3)
    assert table["llr"].is_monotonic_decreasing
    assert table["p_value"].is_monotonic_increasing
    for one, other in itertools.combinations(table.itertuples(), 2):
        assert one.to_m < other.from_m or other.to_m < one.from_m
    assert (table["p_value"].iloc[:2] == 0.01).all()
    assert table["from_m"].iloc[0] < 30e3 < table["to_m"].iloc[0]
    assert table["from_m"].iloc[1] < 80e3 < table["to_m"].iloc[1]
    inside = [((places >= row.from_m) & (places <= row.to_m)).sum() for row in table.itertuples()]
    assert table["n_events"].tolist() == inside


def test_relative_risk_and_expected():
    places = [*np.linspace(0, 10_000, 11), *np.linspace(20_000, LENGTH, 5)]
    top = hotspots(located(places), BORDER, simulations=9).iloc[0]
    assert top["expected"] == pytest.approx(16 * (top["to_m"] - top["from_m"]) / LENGTH)
    rest = (16 - top["n_events"]) / (16 - top["expected"])
    assert top["relative_risk"] == pytest.approx(top["n_events"] / top["expected"] / rest)


def test_columns_index_and_what_it_says_of_itself():
    events = located([5.0, 90.0, np.nan, 60_000.0, 3.0], [1.0, 1.0, 1.0, 1.0, 9e3])
    before = events.copy(deep=True)
    table = hotspots(events, BORDER, within_km=5, exposure="length", simulations=19, seed=7)
    pd.testing.assert_frame_equal(events, before)
    assert type(table) is gpd.GeoDataFrame
    assert table.columns.tolist() == [
        "from_m", "to_m", "n_events", "n_vague", "expected", "relative_risk", "llr", "p_value", "geometry"
    ]  # fmt: skip
    assert table.index.name == "hotspot_id"
    assert table.crs == "EPSG:4326"
    assert table.attrs["left_out"] == {
        "no_chainage": 1, "beyond_end": 0, "beyond_within_km": 1, "outside_segments": 0
    }  # fmt: skip
    assert table.attrs["n_events"] + sum(table.attrs["left_out"].values()) == len(events)
    assert table.attrs["within_km"] == 5
    said = (
        "Scan statistic (Kulldorff 1997) of 3 events within 5 km of the line along 111.3 km of the equator: "
    )
    assert table.attrs["method"].startswith(said)
    assert "19 simulations" in table.attrs["method"]


def test_same_seed_same_answer_in_any_order_of_rows():
    rng = np.random.default_rng(1)
    events = located(rng.uniform(0, LENGTH, 50))
    one = hotspots(events, BORDER, seed=5, simulations=49)
    pd.testing.assert_frame_equal(
        one, hotspots(events.sample(frac=1, random_state=2), BORDER, seed=5, simulations=49)
    )
    assert not hotspots(events, BORDER, seed=6, simulations=49)["p_value"].equals(one["p_value"])


def test_reversed_border_has_the_same_windows():
    rng = np.random.default_rng(2)
    places = rng.uniform(0, LENGTH, 40)
    one = hotspots(located(places), BORDER, simulations=9)
    other = hotspots(located(LENGTH - places), BORDER.reversed(), simulations=9)
    np.testing.assert_allclose(one["llr"], other["llr"], rtol=1e-6)


def test_default_exposure_follows_the_distance():
    events = located(np.linspace(1_000, 60_000, 9), side=["XAA"] * 9)
    said = [hotspots(events, BENT, within_km=km, simulations=1).attrs["exposure"] for km in (None, 1, 5)]
    assert said == ["length", "length", "catchment"]
    one = hotspots(events, BENT, within_km=5, bank="XAA", simulations=1)
    other = hotspots(events, BENT, within_km=5, bank="XBB", simulations=1)
    assert (one.attrs["n_events"], other.attrs["left_out"]["other_bank"]) == (9, 9)
    assert not np.isclose(
        one["expected"].iloc[0], hotspots(events, BENT, within_km=5, simulations=1)["expected"].iloc[0]
    )


def test_a_short_window_in_a_bend_is_hot_by_land_alone():
    """What docs/methods.md says; by length, and by the land near the line, it is none."""
    border = bl.load_border()
    events = bl.load_incidents().pipe(bl.geocode).pipe(bl.locate, border)
    violent = events[
        ~events["event_type"].isin(bl.schema.NOT_VIOLENT) & ~events["beyond_end"].fillna(value=True)
    ]
    near = violent["distance_m"][violent["distance_m"] <= 25_000]
    assert (near <= 1_000).mean() == pytest.approx(0.78, abs=0.01)
    options = {"distinct": "place-day", "simulations": 999, "seed": 1, "limit": 40}

    def hot(**more):
        found = hotspots(violent, border, **options, **more)
        return found[(found["from_m"] < 74_500) & (found["to_m"] > 73_000) & (found["p_value"] <= 0.05)]

    by_land = hot(within_km=25)
    assert by_land["n_events"].tolist() == [3]
    assert by_land["expected"].iloc[0] == pytest.approx(0.03, abs=0.005)
    assert hot(within_km=25, exposure="length").empty
    assert hot(within_km=2).empty
    assert hot(within_km=25, min_length_km=10).empty


def test_a_column_of_segments_as_exposure():
    segments = bl.segment(BORDER, every_km=10)
    segments["people"] = np.where(segments["from_m"] < 50_000, 9.0, 1.0)
    rng = np.random.default_rng(3)
    events = located(np.append(rng.uniform(0, 50_000, 180), rng.uniform(50_000, LENGTH, 24)))
    naive = hotspots(events, BORDER, segments=segments, simulations=99)
    fair = hotspots(events, BORDER, segments=segments, exposure="people", simulations=99)
    assert naive["p_value"].iloc[0] == 0.01
    assert fair["p_value"].iloc[0] > 0.05
    shuffled = hotspots(events, BORDER, segments=segments.iloc[::-1], exposure="people", simulations=99)
    pd.testing.assert_frame_equal(shuffled, fair)


def test_many_events_are_scanned_over_segments_or_a_grid():
    rng = np.random.default_rng(8)
    places = np.append(rng.uniform(0, LENGTH, 2_400), rng.uniform(20_000, 25_000, 200))
    segments = bl.segment(BORDER, every_km=2.5)
    table = hotspots(located(places), BORDER, segments=segments, simulations=99)
    breaks = np.append(segments["from_m"], LENGTH)
    assert np.isin(table[["from_m", "to_m"]].to_numpy(), breaks).all()
    assert table["from_m"].iloc[0] == 20_000
    assert table["to_m"].iloc[0] == 25_000
    assert table["n_events"].iloc[0] == ((places >= 20_000) & (places < 25_000)).sum()
    grid = hotspots(located(places), BORDER, simulations=99)
    assert grid["p_value"].iloc[0] == 0.01
    assert "out of 111" in grid.attrs["method"]
    part = hotspots(located(places), BORDER, segments=segments.iloc[4:12], simulations=9)
    assert part.attrs["left_out"]["outside_segments"] == ((places < 10_000) | (places >= 30_000)).sum()


def test_events_of_one_place_and_day_count_once():
    days = pd.to_datetime(["2025-07-24", "2025-07-24", "2025-07-25", None, None, "2025-07-24"])
    events = located([5_000.0] * 5 + [50_000.0], event_date=days)
    said = {
        distinct: hotspots(events, BORDER, distinct=distinct, simulations=1).attrs
        for distinct in (None, "place-day", "place")
    }
    assert [attrs["n_events"] for attrs in said.values()] == [6, 5, 2]
    assert said["place-day"]["left_out"]["same_place_day"] == 1
    assert "of 5 events, each place-day once, along" in said["place-day"]["method"]
    with pytest.raises(OptionError, match="distinct must be"):
        hotspots(events, BORDER, distinct="day")


def test_cells_finer_than_the_land_is_known_give_finite_answers(land):
    breaks = np.concatenate([[0.0], 5_000 + np.arange(500) * 0.1, [BENT.length_m]])
    scan = Scan(5_000 + np.arange(0, 40, 0.5), land, Rules(0.1, 2, 0.5), breaks, fixed=False)
    assert (np.diff(land.before(breaks)) == 0).any()
    assert (scan.shares > 0).all()
    assert scan.shares.sum() == pytest.approx(1)
    assert all(np.isfinite(each.llr) for each in find_clusters(scan, 3))


# --- windows of one length


@pytest.mark.parametrize(("n", "count", "exact"), [
    (2, 2, lambda w: 2 * w - w**2),
    (3, 3, lambda w: 3 * w**2 - 2 * w**3),
    (3, 2, lambda w: 1 - (1 - 2 * w) ** 3),
])  # fmt: skip
@pytest.mark.parametrize("share", [0.01, 0.2, 0.5])
def test_naus_where_it_can_be_worked_out_by_hand(n, count, exact, share):
    assert naus_p_value(count, n, share) == pytest.approx(exact(share), rel=1e-12)


@pytest.mark.parametrize(("n", "count", "share"), [(10, 6, 0.2), (15, 8, 0.3), (7, 4, 0.5), (40, 21, 0.35)])
def test_naus_against_simulation(n, count, share):
    runs = 40_000
    places = np.sort(np.random.default_rng(n).uniform(size=(runs, n)), axis=1)
    reached = (places[:, count - 1 :] - places[:, : n - count + 1]).min(axis=1) <= share
    p_value = naus_p_value(count, n, share)
    assert reached.mean() == pytest.approx(p_value, abs=4 * np.sqrt(p_value * (1 - p_value) / runs))


def test_window_of_one_length_is_the_fullest_with_an_exact_p_value():
    places = [*np.linspace(40_000, 48_000, 9), 1_000.0, 20_000.0, 90_000.0]
    table = hotspots(located(places), BORDER, window_km=10, simulations=99)
    assert table["n_events"].iloc[0] == 9
    np.testing.assert_allclose(table["to_m"] - table["from_m"], 10_000)
    assert table["p_value"].iloc[0] == naus_p_value(9, 12, 10_000 / LENGTH)
    assert table["p_value"].iloc[0] < 0.01
    assert "Naus" in table.attrs["method"]


def test_window_of_one_length_with_fewer_events_is_simulated():
    rng = np.random.default_rng(1)
    places = rng.uniform(0, LENGTH, 60)
    table = hotspots(located(places), BORDER, window_km=10, simulations=999)
    inside = [((places >= at) & (places <= at + 10_000)).sum() for at in places if at + 10_000 <= LENGTH]
    assert table["n_events"].iloc[0] == max(inside)
    assert (table["p_value"].iloc[0] * 1000) % 1 == pytest.approx(0, abs=1e-9)


# --- input that asks for care


@pytest.mark.parametrize("chainage", [[], [5_000.0], [np.nan, np.nan]])
def test_nothing_to_scan(chainage):
    table = hotspots(located(chainage), BORDER)
    assert len(table) == 0
    assert table["p_value"].dtype == np.float64
    assert table.crs == "EPSG:4326"
    assert table.attrs["n_events"] == np.isfinite(chainage).sum()


@pytest.mark.parametrize("place", [0.0, 55_000.0, LENGTH])
def test_all_events_at_one_place(place):
    table = hotspots(located([place] * 12), BORDER, simulations=99)
    assert len(table) == 1
    top = table.iloc[0]
    assert top["to_m"] - top["from_m"] == pytest.approx(1_000)
    assert top["from_m"] <= place <= top["to_m"]
    assert (top["n_events"], top["p_value"], top["relative_risk"]) == (12, 0.01, np.inf)
    assert top["llr"] == pytest.approx(12 * np.log(LENGTH / 1_000))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"min_length_km": 0}, OptionError, "min_length_km must be "),
        ({"min_length_km": 112}, OptionError, "min_length_km must be "),
        ({"window_km": float("nan")}, OptionError, "window_km must be "),
        ({"window_km": 0}, OptionError, "window_km must be "),
        ({"min_events": 1}, OptionError, "min_events must be "),
        ({"min_events": 2.5}, OptionError, "min_events must be "),
        ({"max_share": 0}, OptionError, "max_share must be "),
        ({"max_share": 50}, OptionError, "max_share must be "),
        ({"simulations": 0}, OptionError, "simulations must be "),
        ({"limit": 0}, OptionError, "limit must be "),
        ({"within_km": -1}, OptionError, "within_km must be "),
        ({"exposure": "catchment"}, OptionError, "needs within_km"),
        ({"exposure": "lenght"}, OptionError, "exposure must be "),
        ({"bank": "THA"}, OptionError, "bank must be "),
    ],
)
def test_bad_options(options, error, message):
    with pytest.raises(error, match=message):
        hotspots(located([1.0, 2.0]), BORDER, **options)


def test_bad_tables():
    segments = bl.segment(BORDER, every_km=10)
    segments["people"] = 1.0
    other = bl.segment(BENT, every_km=10).assign(people=1.0)
    events = located([1_000.0, 2_000.0, 12_000.0])
    for given_segments, message in [
        (pd.concat([segments.iloc[:2], segments.iloc[1:3]]), "overlap"),
        (segments.iloc[[0, 2]], "gaps"),
        (segments.iloc[:0], "no segments"),
        (other, "cut the same border"),
        (segments.assign(people=np.nan), "nan in segment 0"),
        (segments.assign(people=-1.0), "zero or more"),
        (segments.assign(people=0.0), "zero in every segment"),
        (segments.assign(people=[0.0] + [1.0] * 11), "lies at 1.000 km, where the exposure is zero"),
        (segments.assign(people="many"), "no column of numbers"),
    ]:
        with pytest.raises(TableError, match=message):
            hotspots(events, BORDER, segments=given_segments, exposure="people")
    with pytest.raises(TableError, match="run locate first"):
        hotspots(pd.DataFrame({"a": [1]}), BORDER)


# --- size, a sample of the full runs in tests/validation


@pytest.mark.parametrize("n", [20, 150])
def test_size_on_a_uniform_line(n):
    """500 runs: four standard errors are 3.9 %."""
    rules, rng = Rules(1_000.0, 2, 0.5), np.random.default_rng(n)
    chance = event_maxima(n, EVEN, rules, 1_999, rng)
    observed = event_maxima(n, EVEN, rules, 500, np.random.default_rng(n + 1))
    assert (scan_p_value(observed, chance, TIE) <= 0.05).mean() == pytest.approx(0.05, abs=0.039)


@pytest.mark.parametrize("runs", [80, pytest.param(400, marks=pytest.mark.slow)])
def test_size_on_the_land_round_a_bent_line(runs):
    """Of 250 events spread evenly over the land; length takes bends for clusters."""
    rng, n = np.random.default_rng(12), 250
    # So near the equator degrees are squares, to a hundredth of a per cent.
    feet = BENT.foot(rng.uniform(-0.2, 1.2, 1_000 * runs), rng.uniform(-0.2, 0.4, 1_000 * runs))
    on_land = feet.chainage[(feet.distance <= 15_000) & ~feet.beyond_end]
    places = np.sort(on_land[: runs * n].reshape(runs, n), axis=1)
    rules, size = Rules(1_000.0, 2, 0.5), {}
    for exposure in ("catchment", "length"):
        measure = share_exposure(exposure, BENT, segments=None, within_km=15.0, bank=None)
        chance = event_maxima(n, measure, rules, 5 * runs - 1, np.random.default_rng(13))
        size[exposure] = (scan_p_value(scan_events(places, measure, rules), chance, TIE) <= 0.05).mean()
    assert size["catchment"] == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / runs))
    assert size["length"] > 0.5
