"""Coverage of the profile's limits for the smoothed intensity."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy import stats

import borderline as bl
from borderline.stats._kernel import KERNELS, weight_at

BORDER = bl.Border.from_line(shapely.LineString([(0, 0), (7.4, 0)]), left="XAA", right="XBB", name="equator")
LENGTH = BORDER.length_m / 1000
RUNS = 2000
STEP_KM = 20.0


def located(km):
    return pd.DataFrame({"chainage_m": km * 1000, "distance_m": 0.0, "beyond_end": False})


def uniform(rng, n):
    return rng.uniform(0, LENGTH, n)


def clusters(rng, n):
    """Half of the events round three places, half anywhere."""
    spread = np.concatenate([rng.normal(at, sd, n) for at, sd in ((105, 3), (320, 8), (600, 15))])
    both = np.concatenate([rng.choice(spread, n), rng.uniform(0, LENGTH, n)])
    return np.clip(rng.choice(both, n), 0, LENGTH)


def smoothed(draw, nodes, bandwidth):
    """The mean of one event's kernel at the nodes, from a million events."""
    km = np.sort(draw(np.random.default_rng(0), 1_000_000))
    cells = np.linspace(0, LENGTH, 8001)
    share = np.histogram(km, cells)[0] / len(km)
    middle = (cells[1:] + cells[:-1]) / 2
    return weight_at(nodes[:, None], middle, np.array(bandwidth), LENGTH, KERNELS["gaussian"]) @ share


def coverage(draw, mean, bandwidth, rng, runs=RUNS):
    inside = 0
    for _ in range(runs):
        km = draw(rng, rng.poisson(mean))
        curve = bl.profile(located(km), BORDER, bandwidth_km=bandwidth, step_km=STEP_KM, level=0.9)
        if not isinstance(inside, np.ndarray):
            truth = mean * smoothed(draw, curve["chainage_m"].to_numpy() / 1000, bandwidth)
        inside = inside + ((curve["intensity_low"] <= truth) & (truth <= curve["intensity_high"])).to_numpy()
    return inside / runs


@pytest.mark.parametrize(("name", "draw"), [("uniform", uniform), ("half in three clusters", clusters)])
def test_band_covers_at_its_level(name, draw, record):
    found = coverage(draw, 158, 10.0, np.random.default_rng(11))
    record(
        "profile, 90 % limits of the smoothed intensity",
        f"158 events {name}, 10 km bandwidth, mean over nodes",
        RUNS,
        f"{100 * found.mean():.1f} %",
        "88-92 %" if name == "uniform" else "at least 88 %",
        0.88 <= found.mean() <= 0.92 if name == "uniform" else found.mean() >= 0.88,
    )
    record(
        "profile, 90 % limits of the smoothed intensity",
        f"158 events {name}, 10 km bandwidth, worst node",
        RUNS,
        f"{100 * found.min():.1f} %",
        "90 %",
        None,
    )


def test_worst_case_over_many_means(record):
    rng = np.random.default_rng(12)
    worst = min(
        ((coverage(draw, mean, width, rng, 500).mean(), mean, width, draw.__name__))
        for draw in (uniform, clusters)
        for mean in (10, 40, 158, 1000)
        for width in (2.0, 10.0, 50.0)
    )
    record(
        "profile, 90 % limits of the smoothed intensity",
        "worst of 24 scenarios (10 to 1,000 events, 2 to 50 km): "
        f"{worst[1]} events {worst[3]}, {worst[2]:g} km",
        500,
        f"{100 * worst[0]:.1f} %",
        "90 %",
        None,
    )


def test_limits_of_a_count_at_every_mean(record):
    """Enumerated, not simulated: with equal weights the limits are those of a Poisson mean."""
    from borderline.stats._gamma_limits import gamma_limits  # noqa: PLC0415

    count = np.arange(400.0)
    low, high = gamma_limits(count, count, np.ones(400), 0.9)
    means = np.geomspace(0.2, 100, 400)
    covered = np.array([stats.poisson.pmf(count, m)[(low <= m) & (m <= high)].sum() for m in means])
    record(
        "profile, 90 % limits of a single count (mid-P)",
        "every mean from 0.2 to 100, mean of the exact coverage",
        400,
        f"{100 * covered.mean():.1f} %",
        "90 %",
        None,  # below a mean of 1 a count of 0 makes any limits cover more than they promise
    )
    record(
        "profile, 90 % limits of a single count (mid-P)",
        f"every mean from 0.2 to 100, worst (mean {means[covered.argmin()]:.2f})",
        400,
        f"{100 * covered.min():.1f} %",
        "90 %",
        None,
    )
