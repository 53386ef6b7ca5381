"""
Write the table of speeds beside geopandas, shapely, spherely and linref, from one run.

`make bench` runs it. Everything sees the same points: within about 25 km of the
built-in line, as incidents are, in random order. CPU seconds say more than the clock
where others use the machine, so both are written down.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.metadata
import os
import pathlib
import platform
import subprocess
import sys
import time

import geopandas as gpd
import linref
import numpy as np
import pandas as pd
import pyproj
import shapely
import spherely

import borderline as bl

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "benchmarks.md"
HEAD = ("what", "answers", "points", "points a second", "CPU s per million", "largest difference in distance")

MEMORY = """
import resource, numpy as np, geopandas as gpd, shapely, borderline as bl
border = bl.load_border()
rng = np.random.default_rng(1)
bl.locate(gpd.GeoDataFrame(geometry=shapely.points([[104.0, 14.4]]), crs=4326), border)
lon, lat = rng.uniform(102.3, 105.3, {count}), rng.uniform(11.5, 14.6, {count})
border.foot(lon[:100_000], lat[:100_000], second=True)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
border.foot(lon, lat, second=True)
print(before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def scatter(border, count, seed=1):
    rng = np.random.default_rng(seed)
    feet = shapely.get_coordinates(border.interpolate(rng.uniform(0, border.length_m, count)))
    return feet + rng.laplace(0, 0.05, (count, 2))


def table(xy):
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=4326)


def timed(function, rounds=2):
    """Best of some rounds: seconds by the clock, seconds of the processor, and the result."""
    best = (np.inf, np.inf)
    for _ in range(rounds):
        clock, processor = time.perf_counter(), time.process_time()
        result = function()
        best = min(best, (time.perf_counter() - clock, time.process_time() - processor))
    return (*best, result)


def row(what, answers, count, function, *, ours=None):
    clock, processor, result = timed(function)
    differ = "" if ours is None else difference(np.asarray(result, dtype=float), ours)
    return (what, answers, f"{count:,}", f"{count / clock:,.0f}", f"{processor / count * 1e6:.2f}", differ)


def difference(theirs, ours):
    apart = np.abs(theirs - ours)
    return f"{np.nanmax(apart):,.3f} m ({np.nanmax(apart / np.maximum(ours, 1000.0)):.2%})"


def own_rows(border, count):
    events = table(scatter(border, count))
    answers = "complete, on the ellipsoid"
    bl.locate(events.iloc[:1000], border)
    yield row("`locate`", answers, count, lambda: bl.locate(events, border))
    away = events.set_geometry(events.geometry.translate(0, -2.7))
    yield row("`locate`, 300 km off", answers, count, lambda: bl.locate(away, border))
    length = border.length_m / 1e6
    dense = shapely.linestrings(
        shapely.get_coordinates(border.interpolate(np.linspace(0, border.length_m, 1_000_001)))
    )
    many = bl.Border.from_line(dense, left="KHM", right="THA")
    bl.locate(events.iloc[:1000], many)
    yield row(f"`locate`, 1,000,000 edges of {length:.1f} m", answers, count, lambda: bl.locate(events, many))
    few = events.iloc[:210]
    yield row("`locate`, 210 rows", answers, 210, lambda: bl.locate(few, border))
    bl.geocode(events.iloc[:1000])
    yield row("`geocode`", "country and province", count, lambda: bl.geocode(events))


def peer_rows(border, count):
    events = table(scatter(border, count))
    ours = bl.locate(events, border)["distance_m"].to_numpy()
    metres = events.to_crs(32648)
    line = gpd.GeoSeries([border.line], crs=4326).to_crs(32648).iloc[0]
    yield row(
        "geopandas, `to_crs` and `distance`",
        "distance, projected",
        count,
        lambda: events.to_crs(32648).distance(line),
        ours=ours,
    )
    shapes = metres.geometry.to_numpy()

    def nearest():
        shapely.prepare(line)
        shapely.line_locate_point(line, shapes)
        return shapely.distance(line, shapes)

    yield row("shapely, `line_locate_point` and `distance`", "both, projected", count, nearest, ours=ours)
    xy = shapely.get_coordinates(border.line)
    globe = spherely.create_linestring([tuple(each) for each in xy])
    lonlat = shapely.get_coordinates(events.geometry)
    places = spherely.points(*lonlat.T)
    yield row(
        "spherely, `distance`",
        "distance, on a sphere",
        count,
        lambda: spherely.distance(places, globe),
        ours=ours,
    )
    yield from linref_rows(metres, line, ours)


def linref_rows(metres, line, ours):
    roads = gpd.GeoDataFrame({"key": [1], "beg": [0.0], "end": [line.length]}, geometry=[line], crs=32648)
    reference = linref.LRS(
        key_col=["key"],
        beg_col="beg",
        end_col="end",
        loc_col="loc",
        geom_col="geometry",
        geom_m_col="geometry_m",
    )
    roads = roads.lr.set_lrs(reference)
    roads = roads.lr.add_geom_m()
    yield row(
        "linref, `project`",
        "distance and chainage, projected",
        len(metres),
        lambda: roads.lr.project(metres, buffer=1e7)["project_distance"],
        ours=ours,
    )


def memory(count):
    code = MEMORY.format(count=count)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    before, after = (int(each) / 1024 for each in done.stdout.split())
    return before, after


def facts():
    names = ("borderline-geo", "geopandas", "shapely", "spherely", "linref", "numpy", "pyproj")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    busy = " ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}, {os.cpu_count()} processors ({platform.machine()}), "
        f"load {busy} when the run began, Python {platform.python_version()}, "
        f"PROJ {pyproj.proj_version_str}, {versions}."
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000, help="points for our own verbs")
    parser.add_argument("--few", type=int, default=20_000, help="points for slower libraries")
    parser.add_argument("--memory", type=int, default=10_000_000, help="points whose memory is measured")
    parser.add_argument("--page", type=pathlib.Path, default=PAGE)
    asked = parser.parse_args()
    about = facts()
    border = bl.load_border()
    rows = [*own_rows(border, asked.count), *peer_rows(border, asked.few)]
    before, after = memory(asked.memory)
    marks = pd.DataFrame(rows, columns=HEAD)
    lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    lines += [f"| {' | '.join(each)} |" for each in marks.itertuples(index=False)]
    text = (
        "# Benchmarks\n\n"
        "`make bench` writes this page in one run; `tests/benchmarks/peers.py` is that run. Points lie\n"
        "within about 25 km of the built-in line, in random order; every library sees the same ones.\n"
        "Best of two rounds. CPU seconds count all threads: where the machine is shared they say more\n"
        "than the clock.\n\n"
        + "\n".join(lines)
        + "\n\nThe last column is how far a library's distance is from ours, in metres and as a share of\n"
        "the distance (or of 1 km, where that is more): what projecting or a sphere costs.\n\n"
        f"Memory: {asked.memory:,} points referred as arrays of coordinates, second feet included, take\n"
        f"{after:,.0f} MB at the most, of which {before:,.0f} MB were there before.\n\n"
        f"Measured {about}\n"
    )
    asked.page.write_text(text, encoding="utf-8")
    asked.page.with_suffix(".csv").write_text(marks.to_csv(index=False), encoding="utf-8")


if __name__ == "__main__":
    main()
