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
import json
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

HERE = pathlib.Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "benchmarks.md"
HEAD = (
    "what",
    "answers",
    "points",
    "points a second",
    "CPU s per million",
    "largest difference in distance",
    "in chainage",
)
#: An exact answer differs by no more than this, metres.
EXACT_M = 1e-3


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


def row(what, answers, count, function, ours=None):
    """One line of the table; `function` gives distance, and chainage or None, to compare with ours."""
    clock, processor, result = timed(function)
    differ = ("", "") if ours is None else (far(result[0], ours["distance_m"]), along(result[1], ours))
    return (what, answers, f"{count:,}", f"{count / clock:,.0f}", f"{processor / count * 1e6:.2f}", *differ)


def far(theirs, ours):
    apart = np.abs(np.asarray(theirs, dtype=float) - ours)
    share = np.nanmax(apart / np.maximum(ours, 1000.0))
    return f"{np.nanmax(apart) * 1000:.2f} mm" if share < 1e-6 else f"{np.nanmax(apart):,.1f} m ({share:.2%})"


def along(theirs, ours):
    """Points with a second foot may have been given that one."""
    if theirs is None:
        return ""
    apart = np.abs(np.asarray(theirs, dtype=float) - ours["chainage_m"])[~ours["ambiguous"].astype(bool)]
    return f"{np.nanmax(apart) * 1000:.1f} mm" if np.nanmax(apart) < 1 else f"{np.nanmax(apart):,.0f} m"


def own_rows(border, count):
    events = table(scatter(border, count))
    answers = "complete, on the ellipsoid"
    bl.locate(events.iloc[:1000], border)
    yield row("`locate`", answers, count, lambda: bl.locate(events, border))
    away = events.set_geometry(events.geometry.translate(0, -2.7))
    yield row("`locate`, 300 km off", answers, count, lambda: bl.locate(away, border))
    for what, line in (
        ("4,000 vertices", evenly(border, 4_000)),
        ("1,000,000 vertices", evenly(border, 1_000_000)),
        ("1,500,000 vertices, bent at every scale", bent(border, 8)),
    ):
        other = bl.Border.from_line(line, left="KHM", right="THA")
        bl.locate(events.iloc[:1000], other)
        yield row(f"`locate`, {what}", answers, count, lambda line=other: bl.locate(events, line))
    few = events.iloc[:210]
    yield row("`locate`, 210 rows", answers, 210, lambda: bl.locate(few, border))
    bl.geocode(events)
    yield row("`geocode`", "country, province, district", count, lambda: bl.geocode(events))


def evenly(border, vertices):
    places = border.interpolate(np.linspace(0, border.length_m, vertices))
    return shapely.linestrings(shapely.get_coordinates(places))


def bent(border, times):
    """Bend every edge beside its middle, again and again: detail down to half a metre."""
    xy, rng = shapely.get_coordinates(border.line), np.random.default_rng(4)
    for _ in range(times):
        step = np.diff(xy, axis=0)
        middle = (xy[:-1] + xy[1:]) / 2 + step[:, ::-1] * [-1, 1] * rng.uniform(-0.1, 0.1, (len(step), 1))
        finer = np.empty((2 * len(xy) - 1, 2))
        finer[0::2], finer[1::2] = xy, middle
        xy = finer
    return shapely.linestrings(xy)


def peer_rows(border, count, few):
    events = table(scatter(border, count))
    ours = bl.locate(events, border)
    metres = events.to_crs(32648)
    line = gpd.GeoSeries([border.line], crs=4326).to_crs(32648).iloc[0]
    yield row(
        "geopandas, `to_crs` and `distance`",
        "distance, projected",
        count,
        lambda: (events.to_crs(32648).distance(line), None),
        ours,
    )
    shapes = metres.geometry.to_numpy()

    def nearest():
        shapely.prepare(line)
        return shapely.distance(line, shapes), shapely.line_locate_point(line, shapes)

    yield row("shapely, `distance` and `line_locate_point`", "both, projected", count, nearest, ours)
    xy = shapely.get_coordinates(border.line)
    globe = spherely.create_linestring([tuple(each) for each in xy])
    lonlat = shapely.get_coordinates(events.geometry)
    places = spherely.points(*lonlat.T)
    yield row(
        "spherely, `distance`",
        "distance, on a sphere",
        count,
        lambda: (spherely.distance(places, globe), None),
        ours,
    )
    yield linref_row(metres, line, ours)
    yield exact_row(border, events.iloc[:few], ours.iloc[:few])
    provinces = bl.load_admin()[["admin1_iso", "geometry"]]
    yield row(
        "geopandas, `sjoin`",
        "province",
        count,
        lambda: gpd.sjoin(events, provinces, how="left", predicate="intersects"),
    )


def exact_row(border, events, ours):
    """Distances from the centre of an azimuthal equidistant plane are geodesics: a plane for each point."""
    ends = shapely.get_coordinates(evenly(border, 20_000))
    ends = np.concatenate([ends, shapely.get_coordinates(border.line)])
    order = np.argsort(border.foot(*ends.T).chainage, kind="stable")
    lon, lat = ends[order].T
    centre = shapely.Point(0, 0)

    def measure():
        distance, chainage = [], []
        for x, y in shapely.get_coordinates(events.geometry):
            plane = pyproj.Proj(proj="aeqd", lon_0=x, lat_0=y, ellps="WGS84")
            line = shapely.linestrings(np.column_stack(plane(lon, lat)))
            foot = shapely.get_point(shapely.shortest_line(line, centre), 0)
            distance.append(shapely.distance(line, centre))
            chainage.append(border.foot(*plane(foot.x, foot.y, inverse=True)).chainage[0])
        return np.array(distance), np.array(chainage)

    result = row(
        "pyproj and shapely, a plane about each point", "both, on the ellipsoid", len(events), measure, ours
    )
    apart = np.abs(measure()[0] - ours["distance_m"]).max()
    if apart > EXACT_M:
        raise SystemExit(f"locate differs from an exact answer by {apart * 1000:.2f} mm.")
    return result


def linref_row(metres, line, ours):
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

    def project():
        found = roads.lr.project(metres, buffer=1e7)
        return found["project_distance"], found["loc"]

    return row("linref, `project`", "both, projected", len(metres), project, ours)


def memory(count):
    command = [sys.executable, str(HERE / "memory.py"), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def machine():
    """The processor by its own name, where the system tells it."""
    told = pathlib.Path("/proc/cpuinfo")
    lines = told.read_text(encoding="ascii").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def facts():
    names = ("borderline-geo", "geopandas", "shapely", "spherely", "linref", "numpy", "pyproj")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    return (
        f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}, on a machine with {os.cpu_count()} cores ({machine()}, "
        f"{platform.system()}), Python {platform.python_version()}, "
        f"PROJ {pyproj.proj_version_str}, {versions}."
    )


#: The part of the page that this run writes stands between these lines; the rest is kept.
MARKS = ("<!-- make bench -->", "<!-- end of make bench -->")
PAGE_TEXT = """
{table}

The last two columns show the largest difference from our answer, in metres and as a share of the
distance (or of 1 km, if the distance is shorter). A projection is wrong by its scale, a sphere by its
shape. The plane around each point is exact in distance, and there the two answers agree. Chainage is
compared where no second foot competes.

### Memory

{count:,} points: the table takes {table_mb:,} MB. While it runs, `locate` adds at most {added:,} MB,
including its result of {left:,} MB (`tests/benchmarks/memory.py`, a process of its own).

Measured {about}

"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000, help="points for our own verbs")
    parser.add_argument("--few", type=int, default=20_000, help="points for slower libraries")
    parser.add_argument("--fewest", type=int, default=200, help="points for a plane about each")
    parser.add_argument("--memory", type=int, default=10_000_000, help="points whose memory is measured")
    parser.add_argument("--page", type=pathlib.Path, default=PAGE, help="a page that holds the two marks")
    asked = parser.parse_args()
    about = facts()
    border = bl.load_border()
    rows = [*own_rows(border, asked.count), *peer_rows(border, asked.few, asked.fewest)]
    found = memory(asked.memory)
    marks = pd.DataFrame(rows, columns=HEAD)
    lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    lines += [f"| {' | '.join(each)} |" for each in marks.itertuples(index=False)]
    text = PAGE_TEXT.format(
        table="\n".join(lines),
        count=asked.memory,
        table_mb=found["table"],
        added=found["added"],
        left=found["left"],
        about=about,
    )
    before, _, rest = asked.page.read_text(encoding="utf-8").partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    asked.page.write_text(f"{before}{MARKS[0]}\n{text}{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
