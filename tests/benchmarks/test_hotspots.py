"""
Speed of the scan: 100,000 events over 1,000 segments with 999 simulations.

Judged by the time of the processor, printed beside the time by the clock.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

import borderline as bl

COUNT = 100_000
SIMULATIONS = 999


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


@pytest.fixture(scope="module")
def segments(border):
    return bl.segment(border, every_km=border.length_m / 1000 / 1000)


def uniform(border, count):
    places = np.random.default_rng(1).uniform(0, border.length_m, count)
    return pd.DataFrame({"chainage_m": places, "distance_m": 10.0, "beyond_end": False})


def processor_time(benchmark, scan):
    started = time.process_time()
    result = benchmark.pedantic(scan, rounds=1)
    benchmark.extra_info["seconds of processor"] = round(time.process_time() - started, 2)
    return result


@pytest.mark.parametrize("exposure", ["length", "catchment"])
def test_scan_over_segments(benchmark, border, segments, exposure):
    assert len(segments) == 1_000
    events = uniform(border, COUNT)
    bl.stats.catchment_km2(
        border, [0.0, border.length_m / 1000], within_km=25
    )  # the land is measured once a border
    result = processor_time(
        benchmark,
        lambda: bl.hotspots(
            events, border, segments=segments, exposure=exposure, within_km=25, simulations=SIMULATIONS
        ),
    )
    assert len(result)


def test_scan_from_event_to_event(benchmark, border):
    events = uniform(border, 2_000)
    result = processor_time(benchmark, lambda: bl.hotspots(events, border, simulations=SIMULATIONS))
    assert len(result)


def test_window_of_one_length(benchmark, border):
    events = uniform(border, COUNT)
    result = processor_time(
        benchmark, lambda: bl.hotspots(events, border, window_km=10, simulations=SIMULATIONS)
    )
    assert len(result)
