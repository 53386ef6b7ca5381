"""Local statistics on the chain of segments: how often they find something where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest

import borderline as bl

RUNS = 4_000
EVENTS = 1_000

#: What events are uniform on, the permutations, and what the rates are per.
SCENARIOS = {
    "length": ("on the line", 9_999),
    "catchment": ("in the 25-km band", 999),
}
NAMES = {"g_star": "Local G*", "moran": "Local Moran's I"}


@pytest.fixture(scope="module")
def segments():
    return bl.segment(bl.load_border(), every_km=10)


def percent(share):
    return f"{100 * share:.1f} %"


@pytest.mark.parametrize("exposure", SCENARIOS)
def test_size(exposure, segments, record):
    """Counts are few, and ties count as reached, so the tests keep their level with room to spare."""
    where, permutations = SCENARIOS[exposure]
    border = bl.load_border()
    breaks = np.append(segments["from_m"], border.length_m)
    amount = np.diff(breaks) if exposure == "length" else bl.catchment_km2(border, breaks, within_km=25)
    share = amount / amount.sum()
    rng = np.random.default_rng(6)
    reached = {name: np.zeros(len(segments)) for name in NAMES}
    chains, whole = dict.fromkeys(NAMES, 0), 0
    for run in range(RUNS):
        table = segments.assign(rate=rng.multinomial(EVENTS, share) / amount)
        local = bl.local_statistics(table, permutations=permutations, seed=run)
        for name in NAMES:
            reached[name] += local[f"{name}_p"].to_numpy() <= 0.05
            chains[name] += bool((local[f"{name}_q"] <= 0.05).any())
        whole += local.attrs["moran_p"] <= 0.05
    scenario = f"{EVENTS:,} events uniform {where}, rates by {exposure} of 10-km segments"
    for name, said in NAMES.items():
        each = reached[name] / RUNS
        promised = "at most 5 % + 3 SE"
        record(
            f"{said}: segments at p of 5 %",
            scenario,
            RUNS,
            percent(each.mean()),
            promised,
            each.mean() <= 0.0603,
        )
        record(
            f"{said}: the segment most often at p of 5 %", scenario, RUNS, percent(each.max()), "5 %", None
        )
        if exposure == "length":  # 999 permutations cannot pass the control over 83 segments
            found = chains[name] / RUNS
            record(
                f"{said}: chains with a discovery",
                f"BH, {scenario}",
                RUNS,
                percent(found),
                promised,
                found <= 0.0603,
            )
    record(
        "Moran's I of the chain, 5 % test",
        scenario,
        RUNS,
        percent(whole / RUNS),
        "4-6 %",
        0.04 <= whole / RUNS <= 0.06,
    )
