"""Local statistics on the chain of segments: how often they find something where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest

import borderline as bl

RUNS = 4_000
EVENTS = 1_000

#: What the rates are per, and what events are uniform on.
SCENARIOS = {"length": "on the line", "catchment": "in the 25-km band"}
NAMES = {"g_star": "Local G*", "moran": "Local Moran's I"}


@pytest.fixture(scope="module")
def segments():
    return bl.segment(bl.load_border(), every_km=10)


def percent(share):
    return f"{100 * share:.1f} %"


def drawn(exposure, segments, rng):
    """Rates of segments without end, for events uniform on what the rates are per."""
    border = bl.load_border()
    breaks = np.append(segments["from_m"], border.length_m)
    amount = (
        np.diff(breaks)
        if exposure == "length"
        else bl.stats.catchment_km2(border, breaks / 1000, within_km=25)
    )
    while True:
        yield segments.assign(rate=rng.multinomial(EVENTS, amount / amount.sum()) / amount)


def scenario(exposure):
    return f"{EVENTS:,} events uniform {SCENARIOS[exposure]}, rates by {exposure} of 10-km segments"


@pytest.mark.parametrize("exposure", SCENARIOS)
def test_size(exposure, segments, record):
    """Counts are few, and ties count as reached, so the tests keep their level with room to spare."""
    reached, whole = {name: np.zeros(len(segments)) for name in NAMES}, 0
    tables = drawn(exposure, segments, np.random.default_rng(6))
    for run in range(RUNS):
        local = bl.stats.local_statistics(next(tables), simulations=999, seed=run)
        for name in NAMES:
            reached[name] += local[f"{name}_p"].to_numpy() <= 0.05
        whole += local.attrs["moran_p"] <= 0.05
    for name, said in NAMES.items():
        each = reached[name] / RUNS
        held = each.mean() <= 0.0603
        record(
            f"{said}: segments at 5 %",
            scenario(exposure),
            RUNS,
            percent(each.mean()),
            "at most 5 % + 3 SE",
            held,
        )
        record(
            f"{said}: the segment most often at 5 %",
            scenario(exposure),
            RUNS,
            percent(each.max()),
            "5 %",
            None,
        )
    whole /= RUNS
    # Its normal approximation takes rates for alike; by catchment the thinnest segments vary most.
    if exposure == "length":
        promised, held = "4-6 %", 0.04 <= whole <= 0.06
    else:
        promised, held = "at most 5 % + 3 SE", whole <= 0.0603
    record("Moran's I of the chain, 5 % test", scenario(exposure), RUNS, percent(whole), promised, held)


def test_discoveries_where_there_are_none(segments, record):
    """With the permutations of the default; fewer cannot pass the control over 83 segments."""
    runs, chains = 1_000, dict.fromkeys(NAMES, 0)
    tables = drawn("length", segments, np.random.default_rng(7))
    for run in range(runs):
        local = bl.stats.local_statistics(next(tables), seed=run)
        for name in NAMES:
            chains[name] += bool((local[f"{name}_q"] <= 0.05).any())
    for name, said in NAMES.items():
        found = chains[name] / runs
        record(
            f"{said}: chains with a discovery",
            f"BH, {scenario('length')}",
            runs,
            percent(found),
            "at most 5 % + 3 SE",
            found <= 0.0707,
        )
