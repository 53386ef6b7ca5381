"""
What a small table and a fresh interpreter cost: 210 rows, and the import beside that of geopandas.

`make bench` prints the table. CPU milliseconds, the best of many calls or of fresh
interpreters taken in turns, so that other work on the machine tells little.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import geopandas as gpd
import numpy as np
import pytest
import shapely

import borderline as bl

ROWS = 210
#: An import of borderline may take so many times that of geopandas, until the first verb is there, too.
MOST_IMPORT = 1.15


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


@pytest.fixture(scope="module")
def incidents():
    """The built-in incidents, some of which are known by name only."""
    return bl.load_incidents()


@pytest.fixture(scope="module")
def points(border):
    """As many points within about 25 km of the line, without any other column."""
    rng = np.random.default_rng(1)
    feet = shapely.get_coordinates(border.interpolate(rng.uniform(0, border.length_m, ROWS)))
    return gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(*(feet + rng.laplace(0, 0.05, (ROWS, 2))).T), crs=4326
    )


def cpu_ms(function, rounds=50):
    """Best of some calls, milliseconds of the processor."""
    best = np.inf
    for _ in range(rounds):
        start = time.process_time()
        function()
        best = min(best, time.process_time() - start)
    return round(best * 1e3, 1)


@pytest.mark.parametrize("table", ["incidents", "points"])
@pytest.mark.parametrize("verb", ["locate", "geocode"])
def test_a_small_table(benchmark, request, border, verb, table):
    events = request.getfixturevalue(table)
    assert len(events) == ROWS
    call = {"locate": lambda: bl.locate(events, border), "geocode": lambda: bl.geocode(events)}[verb]
    call()  # indexes are made once
    benchmark.extra_info["CPU ms"] = cpu_ms(call)
    result = benchmark.pedantic(call, rounds=20)
    assert len(result) == ROWS


def fresh_cpu_s(code, rounds=7):
    """Best of some fresh interpreters for each program, taken in turns; seconds of the processor."""
    best = dict.fromkeys(code, np.inf)
    for _ in range(rounds):
        for name, program in code.items():
            process = subprocess.Popen([sys.executable, "-c", program])
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            assert process.returncode == 0
            best[name] = min(best[name], usage.ru_utime + usage.ru_stime)
    return best


def test_import(benchmark):
    seconds = fresh_cpu_s(
        {
            "python": "pass",
            "geopandas": "import geopandas",
            "import": "import borderline",
            "first verb": "import borderline; borderline.locate",
        }
    )
    ratios = {
        name: round((seconds[name] - seconds["python"]) / (seconds["geopandas"] - seconds["python"]), 2)
        for name in ("import", "first verb")
    }
    benchmark.extra_info["times import geopandas"] = ratios["import"]
    benchmark.extra_info["times with the first verb"] = ratios["first verb"]
    benchmark.pedantic(
        lambda: subprocess.run([sys.executable, "-c", "import borderline"], check=True), rounds=3
    )
    assert ratios["import"] <= MOST_IMPORT
