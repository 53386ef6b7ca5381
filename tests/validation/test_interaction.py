"""Size of the tests of space-time interaction where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import borderline as bl
from borderline.stats._catchment import catchment_of

RUNS = 4000
EVENTS = 158
WHERE = {"line": "on the line", "band": "in the 25-km band"}


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


@pytest.mark.parametrize("where", ["line", "band"])
def test_size(where, border, record):
    """Dates come in two bursts, places uniform: clustered each, but not in both together."""
    rng = np.random.default_rng(21)
    land = catchment_of(border, within_km=25)
    rejected = np.zeros(2)
    for run in range(RUNS):
        on_line = where == "line"
        chainage = rng.uniform(0, border.length_m, EVENTS) if on_line else land.draw(EVENTS, rng)
        day = np.where(
            rng.uniform(size=EVENTS) < 0.5, rng.integers(200, 206, EVENTS), rng.integers(0, 365, EVENTS)
        )
        events = pd.DataFrame(
            {
                "chainage_m": np.clip(chainage, 0, border.length_m),
                "distance_m": 0.0,
                "beyond_end": False,
                "event_date": pd.Timestamp("2025-01-01") + pd.to_timedelta(day, unit="D"),
            }
        )
        tests = bl.stats.space_time_interaction(
            events, border, near_km=10, near_days=7, simulations=99, seed=run
        )
        rejected += tests["p_value"].to_numpy() <= 0.05
    for name, count in zip(("Knox", "Mantel"), rejected, strict=True):
        record(
            f"space_time_interaction, {name}, 5 % test",
            f"{EVENTS} events uniform {WHERE[where]}, dates in bursts",
            RUNS,
            f"{100 * count / RUNS:.2f} %",
            "4-6 %",
            0.04 <= count / RUNS <= 0.06,
        )
