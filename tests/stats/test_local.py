"""Segments that stand out: exact tests, PySAL's local statistics, and false discoveries kept few."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy import stats

import borderline as bl
from borderline.errors import MissingExtraError, OptionError, TableError
from borderline.stats import local_statistics
from borderline.stats._local import _rank_two_sided

BORDER = bl.Border.from_line(shapely.LineString([(0, 0), (2, 0)]), left="XAA", right="XBB", name="equator")


def table(counts, exposure=None):
    """What density gives, with these counts."""
    segments = bl.segment(BORDER, every_km=BORDER.length_m / 1000 / len(counts))
    exposed = segments["length_km"] if exposure is None else np.asarray(exposure, float)
    counts = np.asarray(counts)
    return segments.assign(n_events=counts, exposure=exposed, rate=counts / exposed)


def excess(density, **options):
    return local_statistics(density, statistics="excess", **options)


# --- excess


def test_excess_is_the_exact_binomial_test():
    counts, exposure = np.array([9, 0, 2, 5, 1, 0]), np.array([1.0, 2.0, 1.0, 4.0, 1.0, 1.0])
    result = excess(table(counts, exposure))
    exact = [
        stats.binomtest(int(n), 17, share, alternative="greater").pvalue
        for n, share in zip(counts, exposure / 10, strict=True)
    ]
    np.testing.assert_allclose(result["p_value"], exact, rtol=1e-12)
    np.testing.assert_allclose(result["q_value"], stats.false_discovery_control(exact), rtol=1e-12)
    np.testing.assert_allclose(result["expected"], 17 * exposure / 10)
    assert result["relative_risk"].iloc[0] == pytest.approx((9 / 1) / (8 / 9))
    wide = excess(table(counts, exposure), fdr="by")
    np.testing.assert_allclose(wide["q_value"], stats.false_discovery_control(exact, method="by"), rtol=1e-12)


def test_excess_keeps_the_table():
    before = table([3, 0, 1])
    kept = before.copy(deep=True)
    result = excess(before)
    pd.testing.assert_frame_equal(before, kept)
    assert result.index.equals(before.index)
    assert result.columns.tolist() == [*before.columns, "expected", "relative_risk", "p_value", "q_value"]
    assert "Exact binomial test of each of 3 segments" in result.attrs["method"]


def test_excess_of_density():
    border = bl.load_border()
    events = bl.load_incidents().pipe(bl.locate, border)
    rates = bl.density(events, bl.segment(border, every_km=10), within_km=25)
    result = excess(rates)
    assert result["expected"].sum() == pytest.approx(rates["n_events"].sum())
    assert result["q_value"].min() < 0.001
    assert rates.attrs["method"] in result.attrs["method"]


def test_excess_without_events_or_all_at_one_place():
    nothing = excess(table([0, 0, 0]))
    assert (nothing["p_value"] == 1).all()
    assert (nothing["q_value"] == 1).all()
    everything = excess(table([0, 12, 0, 0]))
    assert everything["relative_risk"].iloc[1] == np.inf
    assert everything["p_value"].iloc[1] == pytest.approx(0.25**12)


def test_segment_without_exposure_is_not_tested():
    result = excess(table([1, 0, 2], [1.0, np.nan, 3.0]))
    assert result[["expected", "relative_risk", "p_value", "q_value"]].iloc[1].isna().all()
    assert result["expected"].sum() == pytest.approx(3)


def test_few_discoveries_are_false():
    """Of 100 tables of chance alone, about one in twenty has a discovery, and no more."""
    rng = np.random.default_rng(1)
    counts = rng.multinomial(200, np.full(40, 1 / 40), size=100)
    found = [(excess(table(each))["q_value"] <= 0.05).any() for each in counts]
    assert np.mean(found) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 100)


@pytest.mark.parametrize(
    ("given", "options", "error", "message"),
    [
        (table([1, 2]), {"fdr": "none"}, OptionError, "fdr must be "),
        (table([1, 2]).drop(columns="exposure"), {}, TableError, "density makes them"),
        (pd.concat([table([1, 2]), table([3, 4])]), {}, TableError, "several groups"),
    ],
)
def test_bad_input_of_excess(given, options, error, message):
    with pytest.raises(error, match=message):
        excess(given, **options)


# --- local statistics


def g_star(values, at):
    """Ord and Getis's standardised statistic with binary weights, written out."""
    n = len(values)
    near = np.zeros(n)
    near[max(at - 1, 0) : at + 2] = 1
    spread = values.std()
    scale = spread * np.sqrt((n * near.sum() - near.sum() ** 2) / (n - 1))
    return ((near * values).sum() - values.mean() * near.sum()) / scale


@pytest.fixture(scope="module")
def counts():
    cold = np.random.default_rng(3).poisson(2, 40)
    cold[20:24] += 12
    return cold


def test_local_g_star_of_the_chain(counts):
    result = local_statistics(table(counts), column="n_events", simulations=199)
    exact = [g_star(counts.astype(float), at) for at in range(len(counts))]
    np.testing.assert_allclose(result["g_star"], exact, rtol=1e-9)
    assert result["g_star"].idxmax() in range(20, 24)


def test_local_moran_of_the_chain(counts):
    result = local_statistics(table(counts), column="n_events", simulations=199)
    z = counts - counts.mean()
    lag = [np.mean([z[each] for each in (at - 1, at + 1) if 0 <= each < len(z)]) for at in range(len(z))]
    np.testing.assert_allclose(result["moran_i"], (len(z) - 1) * z * lag / (z**2).sum(), rtol=1e-9)
    assert (result["moran_kind"].iloc[20:24] == "high-high").all()
    assert result.attrs["moran_i"] == pytest.approx((z * lag).sum() / (z**2).sum())
    assert result.attrs["moran_p"] < 0.01


def test_a_planted_cluster_is_found_and_little_else():
    """Four of 120 segments; of 40 they would be too many for shuffles to be surprised at."""
    counts = np.random.default_rng(3).poisson(2, 120)
    counts[60:64] += 12
    result = local_statistics(table(counts))
    assert (result["g_star_q"].iloc[61:63] < 0.05).all()
    assert (result["g_star_q"].drop(index=range(58, 66)) > 0.05).all()


def test_table_is_kept_and_order_does_not_matter(counts):
    before = table(counts)
    kept = before.copy(deep=True)
    result = local_statistics(before, simulations=99)
    pd.testing.assert_frame_equal(before, kept)
    turned = local_statistics(before.iloc[::-1], simulations=99)
    pd.testing.assert_frame_equal(turned.iloc[::-1], result)


def test_same_seed_same_answer_and_the_callers_generator_stays(counts):
    np.random.seed(5)  # noqa: NPY002 - the generator that must not move
    expected = np.random.get_state()[1].copy()  # noqa: NPY002
    one = local_statistics(table(counts), simulations=99, seed=3)
    np.testing.assert_array_equal(np.random.get_state()[1], expected)  # noqa: NPY002
    pd.testing.assert_frame_equal(local_statistics(table(counts), simulations=99, seed=3), one)
    assert not local_statistics(table(counts), simulations=99, seed=4)["g_star_p"].equals(one["g_star_p"])


def test_p_values_are_rank_two_sided_and_count_ties():
    simulated = np.array([[0.0, 1.0, 2.0, 3.0]] * 3)
    assert _rank_two_sided(np.array([4.0, 0.0, 1.5]), simulated).tolist() == [0.4, 0.8, 1.0]


@pytest.mark.slow
def test_no_more_local_discoveries_than_promised():
    """Of 60 chains of chance alone, few have one at 5 %."""
    rng = np.random.default_rng(9)
    found = [
        (local_statistics(table(rng.poisson(5, 30)), simulations=499, seed=at)["g_star_q"] <= 0.05).any()
        for at in range(60)
    ]
    assert np.mean(found) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)


@pytest.mark.parametrize("at", [0, 4, 8])
def test_events_in_one_segment_alone(at):
    result = local_statistics(table(5 * np.eye(9, dtype=int)[at]), column="n_events", simulations=99)
    assert np.isfinite(result[["g_star", "g_star_p", "moran_i", "moran_p"]].to_numpy()).all()
    assert result.loc[at, "moran_kind"] == "high-low"
    assert result.loc[at, "g_star_p"] == 1  # the others are all the same, however they are shuffled


@pytest.mark.parametrize("counts", [[0, 0, 0, 0], [4, 4, 4]])
def test_equal_values_have_no_statistic(counts):
    result = local_statistics(table(counts), column="n_events")
    assert (
        result[["g_star", "g_star_p", "g_star_q", "moran_i", "moran_kind", "moran_p"]].isna().all(axis=None)
    )
    assert np.isnan(result.attrs["moran_i"])


@pytest.mark.parametrize(
    ("given", "options", "error", "message"),
    [
        (table([1, 2, 3]), {"neighbours": 0}, OptionError, "neighbours must be "),
        (table([1, 2, 3]), {"simulations": 0}, OptionError, "simulations must be "),
        (table([1, 2, 3]), {"fdr": "bonferroni"}, OptionError, "fdr must be "),
        (table([1, 2, 3]), {"column": "shrunken"}, TableError, "shrunken"),
        (table([1, 2, 3]), {"column": "geometry"}, TableError, "no column of numbers"),
        (table([1, 2, 3]).assign(rate=[1, np.nan, 2]), {}, TableError, "segment 1"),
        (table([1, 2]), {}, TableError, "too few"),
        (table([1, 2, 3, 4]).iloc[[0, 1, 3]], {}, TableError, "gaps"),
        (pd.concat([table([1, 2, 3]), table([1, 2, 3])]), {}, TableError, "several groups"),
    ],
)
def test_bad_input_of_local_statistics(given, options, error, message):
    with pytest.raises(error, match=message):
        local_statistics(given, **options)


def test_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "esda", None)
    with pytest.raises(MissingExtraError, match=r"borderline-geo\[stats\]"):
        local_statistics(table([1, 2, 3]))
