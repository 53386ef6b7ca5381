"""Points and areas: which area holds a point, and which is the nearest. Arrays only."""

from __future__ import annotations

import functools
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from .._constants import GEOD, Bools, Floats, Ints
from ._cells import UNSETTLED, Cells, settled_cells

__all__ = ["NOWHERE", "find_containing", "find_nearest"]

#: Position that stands for no area.
NOWHERE: Final = -1

#: Ellipsoidal Mercator keeps angles, so what is nearest on the ground is nearest in it
#: as long as the scale hardly changes on the way (0.1 % over 20 km at 60 degrees).
_CONFORMAL: Final = "EPSG:3395"
#: Beyond this latitude that plane is of no use.
_MOST_NORTHERN: Final = 85.0
#: What the search may look too far by, against the change of scale on the way.
_SLACK: Final = 1.01
#: From this many points on, cells that lie wholly in or out of every area are worth finding first.
_MANY: Final = 50_000
#: Points that one thread looks up at a time.
_CHUNK: Final = 20_000
#: Vertices of a boundary that go into one leaf of the index.
_RUN: Final = 16

Areas = npt.NDArray[np.object_]


def find_containing(areas: Areas, lon: Floats, lat: Floats) -> Ints:
    """
    Find the area that holds each point, its boundary included.

    Parameters
    ----------
    areas
        Polygons in longitude and latitude; where several hold a point, the first does.
    lon, lat
        Degrees; NaN marks a missing point.

    Returns
    -------
    position
        Of the area, `NOWHERE` where there is none.
    """
    position = np.full(len(lon), NOWHERE, dtype=np.int64)
    if not len(areas):
        return position
    west, south, east, north = shapely.total_bounds(areas)
    rows = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
    if len(rows) >= _MANY:
        cells = _cells(tuple(shapely.to_wkb(areas).tolist()))
        position[rows] = found = cells.look_up(lon[rows], lat[rows])
        rows = rows[found == UNSETTLED]
    position[rows] = _held(areas, lon[rows], lat[rows])
    return position


@functools.lru_cache(maxsize=4)
def _cells(areas: tuple[bytes, ...]) -> Cells:
    """Lay a grid over areas once, however often they are asked for."""
    shapes = shapely.from_wkb(np.array(areas, dtype=object))
    return settled_cells(shapes, lambda lon, lat: _held(shapes, lon, lat))


def _held(areas: Areas, lon: Floats, lat: Floats) -> Ints:
    """Ask every area for the points in its box."""
    order = np.argsort(lon)
    x, y = lon[order], lat[order]
    # Copies of ours: preparing writes into the geometry, and callers may share theirs between threads.
    parts, owner = shapely.get_parts(areas, return_index=True)
    bounds = shapely.bounds(parts)
    first = np.searchsorted(x, bounds[:, 0], side="left")
    last = np.searchsorted(x, bounds[:, 2], side="right")

    def held(part: int) -> Ints:
        rows: Ints = np.arange(first[part], last[part])
        rows = rows[(y[rows] >= bounds[part, 1]) & (y[rows] <= bounds[part, 3])]
        if len(rows):
            shapely.prepare(parts[part])
            inside: Bools = shapely.intersects_xy(parts[part], x[rows], y[rows])
            rows = rows[inside]
        return rows

    busy = np.flatnonzero(last > first)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        found = list(pool.map(held, busy.tolist()))
    position = np.full(len(lon), NOWHERE, dtype=np.int64)
    for part, rows in zip(busy[::-1], found[::-1], strict=True):
        position[order[rows]] = owner[part]
    return position


def find_nearest(areas: Areas, lon: Floats, lat: Floats, *, within_m: float) -> tuple[Ints, Floats]:
    """
    Find the area whose boundary is nearest to each point, among those within reach.

    Parameters
    ----------
    areas
        Polygons in longitude and latitude; the first of two equally near ones counts.
    lon, lat
        Degrees, of points outside all areas.
    within_m
        Geodesic metres; what is farther does not count.

    Returns
    -------
    position, distance_m
        Of the area, `NOWHERE` where none is in reach; and how far, NaN there.
    """
    position = np.full(len(lon), NOWHERE, dtype=np.int64)
    distance = np.full(len(lon), np.nan)
    rows = np.flatnonzero(_within_reach(areas, lon, lat, within_m))
    if not len(rows):
        return position, distance
    project = pyproj.Transformer.from_crs(4326, _CONFORMAL, always_xy=True)
    runs, owner = _boundary_runs(areas, project)
    points = shapely.points(*project.transform(lon[rows], lat[rows]))
    stretch = 1.0 / np.cos(np.radians(np.abs(lat[rows]).max() + within_m / 1e5))
    which, run = _nearest_runs(points, runs, within_m * stretch * _SLACK)
    # Of equally near boundaries the first area counts.
    ranked = np.lexsort((owner[run], which))
    which, run = which[ranked], run[ranked]
    which, kept = np.unique(which, return_index=True)
    run = run[kept]
    feet = shapely.get_point(shapely.shortest_line(points[which], runs[run]), 1)
    foot_lon, foot_lat = project.transform(shapely.get_x(feet), shapely.get_y(feet), direction="INVERSE")
    rows = rows[which]
    _, _, metres = GEOD.inv(lon[rows], lat[rows], foot_lon, foot_lat)
    near = metres <= within_m
    position[rows[near]] = owner[run[near]]
    distance[rows[near]] = metres[near]
    return position, distance


def _nearest_runs(points: Areas, runs: Areas, reach: float) -> tuple[Ints, Ints]:
    """Pair each point with all runs at the smallest distance, none where that is out of reach."""
    tree = shapely.STRtree(runs)

    def search(start: int) -> npt.NDArray[np.int64]:
        pairs: npt.NDArray[np.int64] = tree.query_nearest(points[start : start + _CHUNK], max_distance=reach)
        pairs[0] += start
        return pairs

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        which, run = np.concatenate(list(pool.map(search, range(0, len(points), _CHUNK))), axis=1)
    return which, run


def _within_reach(areas: Areas, lon: Floats, lat: Floats, within_m: float) -> Bools:
    """Mark the points in the box round all areas, widened by the reach (never too little)."""
    west, south, east, north = shapely.total_bounds(areas)
    tall = within_m / 110_000.0
    wide = tall / max(np.cos(np.radians(min(max(abs(south), abs(north)) + tall, _MOST_NORTHERN))), 0.05)
    return np.asarray(
        (lon >= west - wide)
        & (lon <= east + wide)
        & (lat >= max(south - tall, -_MOST_NORTHERN))
        & (lat <= min(north + tall, _MOST_NORTHERN))
    )


def _boundary_runs(areas: Areas, project: pyproj.Transformer) -> tuple[Areas, Ints]:
    """Cut the boundaries into short runs of vertices, in the plane, each with its area."""
    parts, area = shapely.get_parts(areas, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    x, y = project.transform(coordinates[:, 0], coordinates[:, 1])
    lines, owner = [], []
    ends = np.append(np.flatnonzero(np.diff(ring)) + 1, len(ring))
    start = 0
    for number, end in enumerate(ends.tolist()):
        for begin in range(start, end - 1, _RUN):
            stop = min(begin + _RUN + 1, end)
            lines.append(np.column_stack([x[begin:stop], y[begin:stop]]))
            owner.append(area[part[number]])
        start = end
    counts = np.array([len(line) for line in lines])
    runs = shapely.linestrings(np.concatenate(lines), indices=np.repeat(np.arange(len(lines)), counts))
    return runs, np.array(owner, dtype=np.int64)
