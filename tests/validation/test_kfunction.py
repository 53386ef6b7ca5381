"""Size of the envelope test of K and of the pair correlation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import borderline as bl
from borderline.stats._catchment import catchment_of

RUNS = 4000
NEGLECT = 1000
EVENTS = 158
DISTANCES = np.arange(4.0, 44.0, 4.0)
WHERE = {"line": "on the line", "band": "in the 25-km band"}


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


def located(chainage, border, **columns):
    return pd.DataFrame(
        {
            "chainage_m": np.clip(chainage, 0, border.length_m),
            "distance_m": 0.0,
            "beyond_end": False,
            **columns,
        }
    )


def sizes(border, draw, runs, **options):
    """Share of runs with p at most 0.05, for K and for g."""
    rejected = np.zeros(2)
    for run in range(runs):
        k = bl.stats.k_function(draw(), border, distances_km=DISTANCES, simulations=39, seed=run, **options)
        rejected += np.array([k.attrs["p_value"], k.attrs["p_value_g"]]) <= 0.05 + 1e-12
    return rejected / runs


@pytest.mark.parametrize(("where", "exposure"), [("line", "length"), ("band", "catchment")])
def test_size(where, exposure, border, record):
    rng = np.random.default_rng(31)
    land = catchment_of(border, within_km=25)

    def draw():
        on_line = where == "line"
        return located(rng.uniform(0, border.length_m, EVENTS) if on_line else land.draw(EVENTS, rng), border)

    found = sizes(border, draw, RUNS, within_km=25, exposure=exposure)
    for name, share in zip(("K", "g"), found, strict=True):
        record(
            f"k_function, {name}, 5 % envelope test by {exposure}",
            f"{EVENTS} events uniform {WHERE[where]}",
            RUNS,
            f"{100 * share:.2f} %",
            "4-6 %",
            0.04 <= share <= 0.06,
        )


@pytest.mark.parametrize("where", WHERE)
def test_size_of_the_exchange_of_types(where, border, record):
    rng = np.random.default_rng(32)
    land = catchment_of(border, within_km=25)

    def draw():
        kind = rng.choice(["shooting", "airstrike"], EVENTS, p=[0.4, 0.6])
        on_line = where == "line"
        chainage = rng.uniform(0, border.length_m, EVENTS) if on_line else land.draw(EVENTS, rng)
        return located(chainage, border, event_type=kind)

    found = sizes(border, draw, RUNS, types=("shooting", "airstrike"))
    for name, share in zip(("K", "g"), found, strict=True):
        record(
            f"k_function, {name} between two types, 5 % envelope test",
            f"{EVENTS} events uniform {WHERE[where]}, types at random",
            RUNS,
            f"{100 * share:.2f} %",
            "4-6 %",
            0.04 <= share <= 0.06,
        )


def test_what_neglect_of_the_catchment_does(border, record):
    rng = np.random.default_rng(33)
    land = catchment_of(border, within_km=25)
    for events in (EVENTS, 1000):
        found = sizes(border, lambda n=events: located(land.draw(n, rng), border), NEGLECT, exposure="length")
        record(
            "k_function, K, 5 % envelope test by length",
            f"{events:,} events uniform {WHERE['band']}: the wrong exposure",
            NEGLECT,
            f"{100 * found[0]:.0f} %",
            "–",
            None,
        )
