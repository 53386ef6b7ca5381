"""Limits of rates: exact ones by enumeration at every mean, shrunk ones by simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import borderline as bl
from borderline.stats._gamma_poisson import fit_gamma, weigh_gammas
from borderline.stats._poisson import poisson_limits, variance_over_mean

MEANS = np.round(np.geomspace(0.2, 100, 400), 6)

#: Name, segments, events expected, shape of the gamma of rates; exposures vary by half their mean.
SCENARIOS = [
    ("82 segments, 158 events, gamma of shape 1", 82, 158, 1.0),
    ("82 segments, 158 events, gamma of shape 0.3", 82, 158, 0.3),
    ("82 segments, 158 events, gamma of shape 5", 82, 158, 5.0),
    ("82 segments, 40 events, gamma of shape 1", 82, 40, 1.0),
    ("82 segments, 1,000 events, gamma of shape 1", 82, 1000, 1.0),
    ("9 segments, 20 events, gamma of shape 1", 9, 20, 1.0),
    ("9 segments, 20 events, gamma of shape 0.2", 9, 20, 0.2),
    ("9 segments, 20 events, one rate for all", 9, 20, np.inf),
    ("82 segments, 158 events, one rate for all", 82, 158, np.inf),
]
NAMED = SCENARIOS[0][0]


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_exact_poisson_limits_at_every_mean(level, record):
    """Every count is enumerated; which ones are covered is found from the tails, not the limits."""
    count = np.arange(0, 400)
    low, high = poisson_limits(count, level)
    tail = (1 - level) / 2
    least, apart = 1.0, 0.0
    for mean in MEANS:
        chance = stats.poisson.pmf(count, mean)
        covered = chance[(low <= mean) & (mean <= high)].sum()
        below, above = stats.poisson.cdf(count, mean), stats.poisson.sf(count - 1, mean)
        apart = max(apart, abs(covered - chance[(below >= tail) & (above >= tail)].sum()))
        least = min(least, covered)
    name = f"coverage over means 0.2 to 100, level {level * 100:g} %"
    record(
        "density: exact Poisson limits",
        f"least {name}",
        len(MEANS),
        f"{least * 100:.2f} %",
        f"at least {level * 100:g} %",
        least >= level,
    )
    record(
        "density: exact Poisson limits",
        f"distance to the enumerated {name}",
        len(MEANS),
        f"{apart:.1e}",
        "at most 1e-06",
        apart <= 1e-6,
    )


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[each[0] for each in SCENARIOS])
def test_shrunk_rates_are_covered(scenario, record):
    """Rates are drawn from a gamma, counts from rates; how many true rates lie between the limits."""
    name, segments, events, shape = scenario
    runs = 400
    rng = np.random.default_rng(2025)
    held, plain, counted = 0, 0, 0
    for _ in range(runs):
        exposure = rng.gamma(4.0, size=segments) / 4.0
        rate = np.full(segments, events / segments)
        if np.isfinite(shape):
            rate = rate * rng.gamma(shape, size=segments) / shape
        count = rng.poisson(rate * exposure)
        if not count.any():
            continue
        low, high = weigh_gammas(count, exposure).limits(count, exposure, 0.9)
        held += ((low <= rate) & (rate <= high)).sum()
        gamma = fit_gamma(count, exposure)
        posterior = stats.gamma(count + gamma.shape, scale=1 / (exposure + gamma.shape / gamma.mean))
        low, high = posterior.ppf([[0.05], [0.95]])
        plain += ((low <= rate) & (rate <= high)).sum()
        counted += segments
    held, plain = held / counted, plain / counted
    said = f"{held * 100:.1f} % (uncorrected {plain * 100:.1f} %)"
    promised = name == NAMED
    nominal = "90 % (88 to 92 %)" if promised else "90 %"
    record(
        "shrink_rates: limits at 90 %", name, runs, said, nominal, 0.88 <= held <= 0.92 if promised else None
    )


@pytest.mark.parametrize(
    ("segments", "events", "promised"), [(82, 158, True), (82, 40, False), (9, 20, False)], ids=str
)
def test_ranks_are_covered(segments, events, promised, record):
    """Rates differ as a gamma of shape 1; how many true ranks lie between the ranks of the verb."""
    runs, held = 400, []
    rng = np.random.default_rng(5)
    for run in range(runs):
        exposure = rng.gamma(4.0, size=segments) / 4.0
        rate = rng.gamma(1.0, size=segments) * events / segments
        count = rng.poisson(rate * exposure)
        rank = (-rate).argsort().argsort() + 1
        table = pd.DataFrame({"n_events": count, "exposure": exposure})
        shrunk = bl.stats.shrink_rates(table, level=0.9, seed=run).astype({"rank_low": int, "rank_high": int})
        held.append(((shrunk["rank_low"] <= rank) & (rank <= shrunk["rank_high"])).mean())
    share = float(np.mean(held))
    record(
        "shrink_rates: rank intervals at 90 %",
        f"{segments} segments, {events} events, gamma of shape 1",
        runs,
        f"{share * 100:.1f} %",
        "at least 90 %" if promised else "90 %",
        share >= 0.9 if promised else None,
    )


def bundled(mean, largest, segments, runs, rng):
    """Coverage of Poisson and quasi-Poisson limits for bundles of 1 to `largest` events, one rate for all."""
    sizes = np.arange(1, largest + 1)
    held = np.zeros(2)
    for _ in range(runs):
        bundles = rng.poisson(mean / sizes.mean(), segments)
        segment = np.repeat(np.arange(segments), bundles)
        count = np.bincount(segment, rng.choice(sizes, bundles.sum()), segments).astype(np.int64)
        spread = max(1.0, np.nan_to_num(variance_over_mean(count, np.ones(segments)), nan=1.0))
        for at, dispersion in enumerate((1.0, spread)):
            low, high = poisson_limits(count, 0.9, dispersion=dispersion)
            held[at] += ((low <= mean) & (mean <= high)).mean()
    return held / runs


@pytest.mark.parametrize("mean", [2, 10, 100])
def test_quasi_poisson_limits_for_events_in_bundles(mean, record):
    """The dispersion of bundles of 1 to 5 is 11/3. Few bundles are covered too often, as small counts are."""
    runs = 4_000
    plain, quasi = bundled(mean, 5, 82, runs, np.random.default_rng(2026))
    scenario = f"82 segments, events in bundles of 1 to 5, mean {mean}"
    record("density: Poisson limits at 90 %", scenario, runs, f"{plain * 100:.1f} %", "90 %", None)
    if mean == 100:
        nominal, held = "90 % (88 to 92 %)", 0.88 <= quasi <= 0.92
    else:
        nominal, held = "90 % or more", quasi >= 0.9
    record("density: quasi-Poisson limits at 90 %", scenario, runs, f"{quasi * 100:.1f} %", nominal, held)


def test_worst_quasi_poisson_limits(record):
    runs, rng = 400, np.random.default_rng(2027)
    scenarios = [
        (mean, largest, segments)
        for mean in (0.5, 2, 10, 30, 100)
        for largest in (1, 2, 5, 15)
        for segments in (5, 9, 82)
    ]
    found = {each: bundled(*each, runs, rng)[1] for each in scenarios}
    mean, largest, segments = worst = min(found, key=found.get)
    record(
        "density: quasi-Poisson limits at 90 %",
        f"worst of {len(scenarios)} scenarios (mean 0.5 to 100, bundles of up to 15, 5 to 82 segments): "
        f"mean {mean:g}, bundles of 1 to {largest}, {segments} segments",
        runs,
        f"{found[worst] * 100:.1f} %",
        "90 %",
        None,
    )
