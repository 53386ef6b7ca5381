"""Comparison of periods: exact ratios by enumeration, size and false discoveries by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from borderline.stats._false_discovery import q_values
from borderline.stats._period_comparison import _binomial_p_value, _fisher_p_value, _ratio_limits

SEGMENTS = 82


@pytest.mark.parametrize("ratio", [0.25, 1.0, 4.0])
def test_exact_ratio_limits_at_every_mean(ratio, record):
    """Every pair of counts is enumerated; which are covered is found from the binomial tails."""
    least, apart = 1.0, 0.0
    means = np.geomspace(0.2, 100, 30)
    for mean in means:
        tops = [int(m + 10 * np.sqrt(m) + 25) for m in (mean, mean * ratio)]
        one, two = (grid.ravel() for grid in np.meshgrid(*map(np.arange, tops), indexing="ij"))
        chance = stats.poisson.pmf(one, mean) * stats.poisson.pmf(two, mean * ratio)
        low, high = _ratio_limits(one, two, 1.0, 0.95)
        share = ratio / (1 + ratio)
        below, above = stats.binom.cdf(two, one + two, share), stats.binom.sf(two - 1, one + two, share)
        covered = chance[(low <= ratio) & (ratio <= high)].sum()
        apart = max(apart, abs(covered - chance[(below >= 0.025) & (above >= 0.025)].sum()))
        least = min(least, covered / chance.sum())
    name = f"ratio {ratio:g}, means before 0.2 to 100, level 95 %"
    method = "compare_periods: exact ratio limits"
    record(
        method, f"least coverage, {name}", len(means), f"{least * 100:.2f} %", "at least 95 %", least >= 0.95
    )
    record(
        method,
        f"distance to the enumerated coverage, {name}",
        len(means),
        f"{apart:.1e}",
        "at most 1e-06",
        apart <= 1e-6,
    )


@pytest.mark.parametrize("events", [158, 1_000])
def test_false_discoveries_where_nothing_changed(events, record):
    """The same uneven rates in both periods: how often anything is discovered at 5 %."""
    runs = 4_000
    rng = np.random.default_rng(7)
    rate, moved = 0, 0
    for _ in range(runs):
        mean = rng.gamma(0.5, size=SEGMENTS)
        mean *= events / 2 / mean.sum()
        one, two = rng.poisson(mean), rng.poisson(mean)
        rate += np.nanmin(q_values(_binomial_p_value(one, two, 1.0)), initial=1.0) <= 0.05
        moved += np.nanmin(q_values(_fisher_p_value(one, two)), initial=1.0) <= 0.05
    for name, hits in (("rates", rate), ("moves", moved)):
        record(
            f"compare_periods: false discovery of {name} at 5 %",
            f"82 segments of uneven rates, {events:,} events, nothing changed",
            runs,
            f"{hits / runs * 100:.1f} %",
            "at most 5 % (6 % in so many runs)",
            hits / runs <= 0.06,
        )


def test_false_discovery_rate_where_some_moved(record):
    """A fifth of the segments triples; of the discoveries, how many are false."""
    runs = 4_000
    rng = np.random.default_rng(8)
    false, power = [], []
    for _ in range(runs):
        mean = np.full(SEGMENTS, 12.0)
        changed = rng.random(SEGMENTS) < 0.2
        one, two = rng.poisson(mean), rng.poisson(mean * np.where(changed, 3.0, 1.0))
        found = q_values(_binomial_p_value(one, two, 1.0)) <= 0.05
        false.append((found & ~changed).sum() / max(found.sum(), 1))
        power.append((found & changed).sum() / max(changed.sum(), 1))
    record(
        "compare_periods: false discovery of rates at 5 %",
        "82 segments of 12 events, a fifth of them tripled",
        runs,
        f"{np.mean(false) * 100:.1f} % (found {np.mean(power) * 100:.0f} % of the changes)",
        "at most 5 %",
        np.mean(false) <= 0.05,
    )
