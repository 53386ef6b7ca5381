"""The verb `shrink_rates` against moments by hand, brute-force likelihood and simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from borderline.errors import OptionError, TableError
from borderline.stats import shrink_rates
from borderline.stats._gamma_poisson import fit_gamma, shrink_by_moments, weigh_gammas

counts = st.lists(st.integers(0, 25), min_size=2, max_size=12).filter(any)


def table(count, exposure=None, **columns):
    exposure = np.ones(len(count)) if exposure is None else np.asarray(exposure, float)
    return pd.DataFrame({"n_events": count, "exposure": exposure, **columns})


def test_marshall_by_hand():
    """Rates 1, 0, 5 of exposures 2, 1, 1: mean 7/4, spread 5.1875, between 5.1875 - 1.75 / (4/3)."""
    count, exposure = np.array([2, 0, 5]), np.array([2.0, 1.0, 1.0])
    spread = (2 * 0.75**2 + 1.75**2 + 3.25**2) / 4
    between = spread - 1.75 / (4 / 3)
    by_hand = [1.75 + between / (between + 1.75 / e) * (r - 1.75) for e, r in ((2, 1), (1, 0), (1, 5))]
    np.testing.assert_allclose(shrink_by_moments(count, exposure), by_hand)


def test_marshall_is_pysals():
    smoothing = pytest.importorskip("esda.smoothing")
    rng = np.random.default_rng(2)
    exposure = rng.uniform(50, 500, 40)
    count = rng.poisson(0.05 * exposure * rng.gamma(2, size=40))
    theirs = np.asarray(smoothing.Empirical_Bayes(count, exposure).r).ravel()
    np.testing.assert_allclose(shrink_by_moments(count, exposure), theirs, rtol=1e-10)


def test_the_likeliest_gamma_by_brute_force():
    """The counts are negative binomial; every pair of shape and mean on a fine grid is tried."""
    rng = np.random.default_rng(4)
    exposure = rng.uniform(0.5, 2.0, 30)
    count = rng.poisson(exposure * 3 * rng.gamma(0.8, size=30) / 0.8)
    found = fit_gamma(count, exposure)

    def likelihood(shape, mean):
        return stats.nbinom.logpmf(count, shape, shape / (shape + exposure * mean)).sum()

    best = likelihood(found.shape, found.mean)
    for shape in found.shape * np.exp(np.linspace(-0.5, 0.5, 41)):
        for mean in found.mean * np.exp(np.linspace(-0.5, 0.5, 41)):
            assert likelihood(shape, mean) <= best + 1e-7


def test_limits_of_one_gamma_are_those_of_scipy():
    count, exposure = np.array([0, 3, 11]), np.array([1.0, 2.0, 0.5])
    mixture = weigh_gammas(count, exposure)
    one = mixture._replace(shape=np.array([2.0]), mean=np.array([1.5]), weight=np.array([1.0]))
    low, high = one.limits(count, exposure, 0.9)
    posterior = stats.gamma(count + 2.0, scale=1 / (exposure + 2.0 / 1.5))
    np.testing.assert_allclose([low, high], posterior.ppf([[0.05], [0.95]]), rtol=1e-8)


@given(
    st.lists(st.tuples(st.integers(0, 400), st.floats(1e-3, 1e3)), min_size=2, max_size=12),
    st.floats(0.01, 0.9999),
)
@settings(max_examples=60)
def test_limits_leave_half_of_the_rest_on_either_side(places, level):
    count, exposure = (np.array(each) for each in zip(*places, strict=True))
    count[0] += 1
    mixture = weigh_gammas(count, exposure)
    shape, rate = count[:, None] + mixture.shape, exposure[:, None] + mixture.shape / mixture.mean
    for limit, tail in zip(
        mixture.limits(count, exposure, level), ((1 - level) / 2, (1 + level) / 2), strict=True
    ):
        below = special.gammainc(shape, limit[:, None] * rate) @ mixture.weight
        np.testing.assert_allclose(below, tail, atol=1e-7)


def test_limits_of_the_mixture_by_numerical_integration():
    """The same posterior, on a dense grid of shape and mean and with scipy's negative binomial."""
    count, exposure = np.array([0, 1, 7, 2, 0, 3]), np.array([1.0, 0.7, 1.3, 1.0, 0.4, 1.6])
    to_mean = (np.arange(160) + 0.5) / 160
    shapes = count.mean() * (1 - to_mean) / to_mean
    means = np.exp(np.linspace(-5, 6, 700))
    shape, mean = (grid.ravel() for grid in np.meshgrid(shapes, means, indexing="ij"))
    log = sum(
        stats.nbinom.logpmf(n, shape, shape / (shape + e * mean))
        for n, e in zip(count, exposure, strict=True)
    )
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    low, high = weigh_gammas(count, exposure).limits(count, exposure, 0.9)
    for at in range(len(count)):
        posterior = stats.gamma(count[at] + shape, scale=1 / (exposure[at] + shape / mean))
        assert (weight * posterior.cdf(low[at])).sum() == pytest.approx(0.05, abs=0.004)
        assert (weight * posterior.cdf(high[at])).sum() == pytest.approx(0.95, abs=0.004)


@given(counts)
@settings(max_examples=25)
def test_shrunk_rates_lie_between_the_raw_rate_and_the_mean(count):
    result = shrink_rates(table(count))
    mean = result.attrs["prior"][0]["mean"]
    raw = np.array(count, float)
    low, high = np.minimum(raw, mean), np.maximum(raw, mean)
    shrunk = result["rate_shrunk"].to_numpy()
    assert ((low - 1e-9 <= shrunk) & (shrunk <= high + 1e-9)).all()
    assert (result["rate_shrunk_low"] < result["rate_shrunk_high"]).all()
    assert (result["rank_low"] <= result["rank_high"]).all()
    assert result["rank_low"].ge(1).all()
    assert result["rank_high"].le(len(count)).all()


@given(counts, st.floats(0.01, 100))
@settings(max_examples=15)
def test_the_unit_of_exposure_does_not_matter(count, unit):
    one, other = shrink_rates(table(count)), shrink_rates(table(count, np.full(len(count), unit)))
    for name in ("rate_shrunk", "rate_shrunk_low", "rate_shrunk_high"):
        np.testing.assert_allclose(other[name] * unit, one[name], rtol=1e-3)


def test_equal_counts_are_shrunk_wholly():
    result = shrink_rates(table([5] * 20))
    np.testing.assert_allclose(result["rate_shrunk"], 5.0, rtol=1e-3)


def test_ranks_of_clear_differences_are_certain():
    result = shrink_rates(table([1000, 100, 10, 0]))
    assert result["rank_low"].tolist() == result["rank_high"].tolist() == [1, 2, 3, 4]


@pytest.mark.slow
def test_limits_hold_nine_rates_in_ten():
    """Rates from a gamma of shape 1 over 82 segments, 158 events expected; full runs are in validation."""
    rng = np.random.default_rng(12)
    hits = []
    for _ in range(25):
        exposure = rng.gamma(4.0, size=82) / 4.0
        rate = rng.gamma(1.0, size=82) * 158 / 82
        count = rng.poisson(rate * exposure)
        low, high = weigh_gammas(count, exposure).limits(count, exposure, 0.9)
        hits.append(((low <= rate) & (rate <= high)).mean())
    assert 0.88 <= np.mean(hits) <= 0.92


def test_groups_are_shrunk_each_by_itself_and_per_year():
    one, two = [9, 0, 1], [40, 30, 55]
    long = table(one + two, np.ones(6), period=["a"] * 3 + ["b"] * 3)
    long.attrs = {
        "by": ["period"],
        "period": {"a": ["2024-01-01", "2024-12-31"], "b": ["2025-01-01", "2025-06-30"]},
        "rate_unit": "events per km and year",
    }
    result = shrink_rates(long)
    alone = shrink_rates(table(two, np.full(3, 181 / 365.2425)))
    np.testing.assert_allclose(result["rate_shrunk"].iloc[3:], alone["rate_shrunk"])
    assert result["rank_shrunk"].tolist() == [1, 3, 2, 2, 3, 1]


def test_same_seed_same_answer_and_nothing_is_changed():
    rates = table([3, 0, 4, 1])
    before = rates.copy(deep=True)
    pd.testing.assert_frame_equal(shrink_rates(rates, seed=5), shrink_rates(rates, seed=5))
    pd.testing.assert_frame_equal(rates, before)


def test_a_segment_without_exposure_has_no_rate():
    result = shrink_rates(table([3, 1, 0], [1.0, 2.0, 0.0]))
    assert result["rate_shrunk"].isna().tolist() == [False, False, True]
    assert result["rank_high"].isna().tolist() == [False, False, True]


def test_no_events_at_all():
    """Nothing but the sum is known: no event in three kilometres bounds the rate by 3.0 / 3."""
    result = shrink_rates(table([0, 0, 0]))
    assert result["rate_shrunk"].tolist() == [0, 0, 0]
    assert result["rate_shrunk_high"].tolist() == pytest.approx([-np.log(0.05) / 3] * 3)
    assert result["rank_high"].tolist() == [3, 3, 3]
    assert shrink_rates(table([0, 0, 0]), method="marshall")["rate_shrunk"].tolist() == [0, 0, 0]


def test_one_event():
    result = shrink_rates(table([1] + [0] * 9))
    assert (result["rate_shrunk_high"] > result["rate_shrunk"]).all()


@pytest.mark.parametrize(
    ("rates", "options", "error", "message"),
    [
        (table([1, 2]).drop(columns="exposure"), {}, TableError, "density makes them"),
        (table([1]), {}, TableError, "two segments"),
        (table([]), {}, TableError, "two segments"),
        (table([1, 2]), {"method": "james"}, OptionError, "method must be "),
        (table([1, 2]), {"level": 1.0}, OptionError, "level must be "),
    ],
)
def test_bad_input(rates, options, error, message):
    with pytest.raises(error, match=message):
        shrink_rates(rates, **options)
