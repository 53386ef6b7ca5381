"""K and pair correlation: spatstat's values, brute force, closed forms and the size of the test."""

from __future__ import annotations

import pathlib

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import OptionError, TableError
from borderline.stats._catchment import catchment_of
from borderline.stats._k_function_sums import PairCounter
from borderline.stats._rank_envelope import rank_envelope

REFERENCE = pathlib.Path(__file__).parents[1] / "reference"
BORDER = bl.Border.from_line(shapely.LineString([(0, 0), (2, 0)]), left="XAA", right="XBB", name="equator")
LENGTH = BORDER.length_m / 1000


def located(km, **columns):
    km = np.asarray(km, dtype=float)
    return pd.DataFrame({"chainage_m": km * 1000, "distance_m": 100.0, "beyond_end": False, **columns})


@pytest.fixture(scope="module")
def spatstat():
    points = pd.read_csv(REFERENCE / "spatstat_points.csv", skipinitialspace=True)
    return points, pd.read_csv(REFERENCE / "spatstat_k.csv", skipinitialspace=True)


@pytest.mark.parametrize(("correction", "times"), [("ang", 2), ("none", 1)])
def test_k_is_that_of_spatstat(spatstat, correction, times):
    """Where the line goes on to both sides K is 2r here, and r with Ang's weights."""
    (points, k), n = spatstat, len(spatstat[0])
    counter = PairCounter(100.0, k["r"].to_numpy(), correction=correction)
    ours = counter.among(points["km"].to_numpy()) * 100 / (n * (n - 1))
    np.testing.assert_allclose(ours, times * k[correction], rtol=1e-12, atol=1e-12)


def test_cross_k_is_that_of_spatstat(spatstat):
    points, k = spatstat
    km, first = points["km"].to_numpy(), (points["type"] == "a").to_numpy()
    counter = PairCounter(100.0, k["r"].to_numpy(), correction="ang")
    ours = counter.between(km[first], km[~first]) * 100 / (first.sum() * (~first).sum())
    np.testing.assert_allclose(ours, 2 * k["cross"], rtol=1e-12, atol=1e-12)


def test_inhomogeneous_k_is_that_of_spatstat(spatstat):
    points, k = spatstat
    km = points["km"].to_numpy()
    counter = PairCounter(100.0, k["r"].to_numpy(), correction="ang")
    ours = counter.among(km, 1 / (0.9 - 0.006 * km)) / 100
    np.testing.assert_allclose(ours, 2 * k["inhomogeneous"], rtol=1e-12, atol=1e-12)


def scaled(spatstat, **columns):
    """The same points on a border of another length: shares of the line, so K scales with it."""
    points, _ = spatstat
    return located(points["km"] / 100 * LENGTH, **columns)


def test_the_verb_and_its_slope_follow_spatstat(spatstat):
    """g is the rise of K over a window, so spatstat's K gives it too."""
    _, k = spatstat
    r = k["r"].to_numpy()
    found = bl.stats.k_function(
        scaled(spatstat),
        BORDER,
        distances_km=r[4:-4] * LENGTH / 100,
        smooth_km=2 * LENGTH / 100,
        simulations=19,
    )
    np.testing.assert_allclose(found["k_km"], 2 * k["ang"][4:-4] * LENGTH / 100, rtol=1e-9)
    rise = (k["ang"].to_numpy()[8:] - np.where(r[:-8] > 0, k["ang"][:-8], 0)) / 4
    np.testing.assert_allclose(found["g"], rise, rtol=1e-9)


def brute(km, distances, length, *, ang, weight):
    apart = np.abs(km[:, None] - km)
    if ang:
        places = (km[:, None] - apart >= 0).astype(float) + (km[:, None] + apart <= length)
        worth = 2 / places
    else:
        worth = np.ones_like(apart)
    worth = worth * weight * weight[:, None]
    np.fill_diagonal(worth, 0)
    return np.array([worth[apart <= r].sum() for r in distances])


@given(
    st.lists(st.integers(0, 2**20), min_size=2, max_size=40),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=150)
def test_pairs_equal_brute_force(ticks, ang, seed):
    """Places on a lattice of whole ticks, so that ties are ties and distances exact."""
    km, length = np.array(ticks) / 2**14, 64.0
    weight = np.random.default_rng(seed).uniform(0.5, 2, len(km))
    distances = np.unique(np.concatenate([[0.0, 1.0, length], np.abs(km[0] - km)]))
    counter = PairCounter(length, distances, correction="ang" if ang else "none")
    expected = brute(km, distances, length, ang=ang, weight=weight)
    np.testing.assert_allclose(counter.among(km, weight), expected, rtol=1e-9, atol=1e-9)


def test_two_events_worked_by_hand():
    """On 100 km events at 10 and 40: seen from 10 only one place is 30 km away, from 40 two are."""
    counter = PairCounter(100.0, np.array([29.0, 30.0]), correction="ang")
    assert counter.among(np.array([10.0, 40.0])).tolist() == [0, 2 + 1]


@pytest.mark.parametrize(
    ("correction", "law"), [("ang", lambda r: 2 * r), ("none", lambda r: 2 * r - r**2 / LENGTH)]
)
def test_uniform_events_have_the_mean_of_the_closed_form(correction, law):
    """By the mean over many patterns, within four standard errors of it."""
    rng = np.random.default_rng(7)
    distances = np.array([1.0, 10.0, 40.0, LENGTH / 2])
    counter = PairCounter(LENGTH, distances, correction=correction)
    n, runs = 30, 3000
    k = np.array([counter.among(rng.uniform(0, LENGTH, n)) for _ in range(runs)]) * LENGTH / (n * (n - 1))
    error = k.std(axis=0) / np.sqrt(runs)
    assert (np.abs(k.mean(axis=0) - law(distances)) < 4 * error).all()


@given(st.integers(20, 60), st.integers(1, 12), st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=60)
def test_envelope_is_the_definition(simulations, r, seed, rounded):
    """Ranks and their order written out one pair at a time."""
    rng = np.random.default_rng(seed)
    curves = rng.normal(size=(simulations + 1, r)).cumsum(axis=1)
    curves = np.round(curves) if rounded else curves
    ranks = []
    for mine in curves:
        below, above = (curves <= mine).sum(axis=0), (curves >= mine).sum(axis=0)
        ranks.append(sorted(np.minimum(below, above).tolist()))
    share = np.array([sum(other <= mine for other in ranks) for mine in ranks]) / (simulations + 1)
    found = rank_envelope(curves[0], curves[1:], 0.8)
    assert found.p_value == share[0]
    if (share > 0.2 + 1e-12).any():
        np.testing.assert_array_equal(found.low, curves[share > 0.2 + 1e-12].min(axis=0))
    if not rounded:
        outside = ((curves[0] < found.low) | (curves[0] > found.high)).any()
        assert outside == (found.p_value <= 0.2 + 1e-12)


def test_clusters_are_found_and_regularity_too():
    rng = np.random.default_rng(5)
    clustered = located(np.concatenate([rng.normal(c, 1, 10) for c in (30, 90, 170)]))
    k = bl.stats.k_function(clustered, BORDER, simulations=99)
    assert k.attrs["p_value"] == 0.01
    assert (k["k_km"] > k["high"]).iloc[1:10].all()
    even = located(np.linspace(3, LENGTH - 3, 40))
    k = bl.stats.k_function(even, BORDER, distances_km=np.arange(1.0, 5), simulations=99, smooth_km=1)
    assert k.attrs["p_value"] == 0.01
    assert (k["k_km"] < k["low"]).any()


def test_cross_type_sees_attraction_and_nothing_where_there_is_none():
    rng = np.random.default_rng(6)
    parents = rng.uniform(10, LENGTH - 10, 40)
    km = np.concatenate([parents, rng.uniform(0, LENGTH, 40), parents + 0.2])
    kind = ["shooting"] * 40 + ["airstrike"] * 40 + ["arrest"] * 40
    events = located(km, event_type=kind)
    tied = bl.stats.k_function(
        events, BORDER, types=("shooting", "arrest"), distances_km=[0.5, 1, 2], simulations=99
    )
    assert tied.attrs["p_value"] <= 0.05
    assert tied.attrs["left_out"]["other_type"] == 40
    assert tied.attrs["n_events"] == 80
    shuffled = events.assign(event_type=rng.permutation(kind))
    free = bl.stats.k_function(shuffled, BORDER, types=("shooting", "arrest"), simulations=99)
    assert free.attrs["p_value"] > 0.05


def test_by_catchment_bends_are_no_clusters():
    """Events uniform on one bank of a bent line pile up at every other bend; by catchment that is chance."""
    zigzag = shapely.LineString([(0.2 * i, 0.2 * (i % 2)) for i in range(11)])
    border = bl.Border.from_line(zigzag, left="FRA", right="DEU")
    land = catchment_of(border, within_km=10, bank="FRA")
    events = located(land.draw(400, np.random.default_rng(8)) / 1000, side="FRA")
    options = {"within_km": 10, "bank": "FR", "simulations": 99}
    by_length = bl.stats.k_function(events, border, exposure="length", **options)
    by_land = bl.stats.k_function(events, border, **options)
    assert by_length.attrs["p_value"] == 0.01
    assert by_land.attrs["exposure"] == "catchment"
    assert by_land.attrs["p_value"] > 0.05


def test_same_seed_same_answer_and_input_untouched():
    events = located(np.linspace(5, 100, 25))
    before = events.copy(deep=True)
    first = bl.stats.k_function(events, BORDER, simulations=39, seed=3)
    pd.testing.assert_frame_equal(first, bl.stats.k_function(events, BORDER, simulations=39, seed=3))
    assert not first.equals(bl.stats.k_function(events, BORDER, simulations=39, seed=4))
    pd.testing.assert_frame_equal(events, before)


def test_what_it_was_made_of_is_told():
    events = located([1, 2, 3, np.nan, 5])
    events.loc[2, "distance_m"] = 9_000
    k = bl.stats.k_function(events, BORDER, within_km=5, exposure="length", simulations=19)
    assert k.attrs["left_out"] == {"no_chainage": 1, "beyond_end": 0, "beyond_within_km": 1}
    assert k.attrs["n_events"] == 3
    assert "equator" in k.attrs["method"]
    assert "Myllymäki" in k.attrs["method"]


def test_events_of_one_place_or_place_and_day_count_once_if_asked():
    day = pd.Timestamp("2025-07-24") + pd.to_timedelta([0, 0, 1, 3, 3, 9], unit="D")
    kind = ["shooting", "airstrike", "shooting", "shooting", "shooting", "airstrike"]
    events = located([5, 5, 5, 60, 60, 150], event_date=day, event_type=kind)
    for distinct, rows, types in (
        ("place", [0, 3, 5], None),
        ("place-day", [0, 2, 3, 5], None),
        ("place", [0, 1, 3, 5], ("shooting", "airstrike")),
    ):
        k = bl.stats.k_function(events, BORDER, distinct=distinct, types=types, simulations=19)
        once = bl.stats.k_function(events.iloc[rows], BORDER, types=types, simulations=19)
        pd.testing.assert_frame_equal(k, once)
        assert k.attrs["n_events"] == len(rows)
        assert k.attrs["left_out"][f"same_{distinct.replace('-', '_')}"] == 6 - len(rows)
        assert f", each {distinct} once, along" in k.attrs["method"]


@pytest.mark.parametrize("place", [0.0, 50.0, LENGTH])
def test_events_all_at_one_place(place):
    """Then every pair is no distance apart, and K is the length of the line from the start."""
    k = bl.stats.k_function(located([place] * 5), BORDER, simulations=19)
    assert np.allclose(k["k_km"], LENGTH)
    assert k.attrs["p_value"] == 0.05


@pytest.mark.parametrize("km", [[], [5.0], [np.nan, 5.0]])
def test_too_few_events_are_refused(km):
    with pytest.raises(TableError, match="two or more"):
        bl.stats.k_function(located(km), BORDER)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"correction": "translate"}, OptionError, "correction must be "),
        ({"exposure": "people"}, OptionError, "exposure must be "),
        ({"exposure": "catchment"}, OptionError, "needs within_km"),
        ({"simulations": 18}, OptionError, "simulations must be "),
        ({"level": 1.0}, OptionError, "level must be "),
        ({"distances_km": []}, OptionError, "distances_km must be "),
        ({"distances_km": [2, 1]}, OptionError, "distances_km must be "),
        ({"distances_km": [1, 1e6]}, OptionError, "distances_km must be "),
        ({"distances_km": [1, np.nan]}, OptionError, "distances_km must be "),
        ({"smooth_km": 0}, OptionError, "smooth_km must be "),
        ({"types": ("shooting", "shooting")}, OptionError, "types must be "),
        ({"types": ("shooting", "arrest")}, TableError, "event_type"),
        ({"within_km": -1}, OptionError, "within_km must be "),
        ({"bank": "XAA"}, TableError, "side"),
        ({"bank": "KHM"}, OptionError, "bank must be "),
    ],
)
def test_wrong_options_are_refused(options, error, words):
    with pytest.raises(error, match=words):
        bl.stats.k_function(located([1, 2, 3]), BORDER, **options)


def test_a_type_without_events_is_named():
    events = located([1, 2, 3], event_type=["shooting", "shooting", pd.NA])
    with pytest.raises(TableError, match="'arrest'"):
        bl.stats.k_function(events, BORDER, types=("shooting", "arrest"))


def test_size_in_a_sample():
    """The quick look; make validate does the full run. 400 patterns, 5 % of them 20 give or take 4.4."""
    rng = np.random.default_rng(9)
    distances = np.linspace(1, 22, 20)
    counter = PairCounter(LENGTH, distances, correction="ang")
    p = []
    for _ in range(400):
        drawn = np.array([counter.among(rng.uniform(0, LENGTH, 40)) for _ in range(40)])
        p.append(rank_envelope(drawn[0], drawn[1:], 0.95).p_value)
    assert 7 <= (np.array(p) <= 0.05 + 1e-12).sum() <= 34
