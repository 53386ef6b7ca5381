"""
Measure what `locate` adds to the memory of a process that holds very many points.

Prints megabytes as JSON: what the table takes, the most that `locate` added while it ran
(its result included), and what it left behind, which is the result. Needs Linux.
"""

from __future__ import annotations

import argparse
import gc
import json
import pathlib

import geopandas as gpd
import numpy as np
import shapely

import borderline as bl

PART = 1_000_000


def megabytes(name):
    lines = pathlib.Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def scatter(border, count):
    rng = np.random.default_rng(1)
    xy = np.empty((count, 2))
    for first in range(0, count, PART):
        some = min(PART, count - first)
        feet = border.interpolate(rng.uniform(0, border.length_m, some))
        xy[first : first + some] = shapely.get_coordinates(feet) + rng.laplace(0, 0.05, (some, 2))
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=4326)


def measured(count):
    border = bl.load_border()
    bl.locate(scatter(border, 100_000), border)  # what is made once a process
    start = megabytes("VmRSS")
    events = scatter(border, count)
    gc.collect()
    before = megabytes("VmRSS")
    pathlib.Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    located = bl.locate(events, border)
    most = megabytes("VmHWM")
    assert len(located) == count
    return {
        "table": round(before - start),
        "added": round(most - before),
        "left": round(megabytes("VmRSS") - before),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    print(json.dumps(measured(parser.parse_args().count)))  # noqa: T201 - a command
