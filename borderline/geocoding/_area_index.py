"""
Points and areas: which area holds a point, and which is the nearest. Arrays only.

An R-tree join (geopandas ``sjoin``) asks for candidates point by point; here the points are
sorted once and every area is asked for all of its own, and what can be prepared of areas is
kept, so that a second table of 210 rows costs a tenth of the first.
"""

from __future__ import annotations

import functools
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from .._constants import GEOD, Bools, Floats, Ints
from ._area_grid import UNSETTLED, Cells, settled_cells

__all__ = ["NOWHERE", "find_containing", "find_nearest", "measure_distances"]

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
#: Fewer points than this are looked up by one thread.
_FEW: Final = 5_000
#: Points that one thread looks up at a time.
_CHUNK: Final = 20_000
#: Vertices of a boundary that go into one leaf of the index.
_RUN: Final = 16
#: Sets of areas whose index is kept.
_KEPT: Final = 8

Result = TypeVar("Result")

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
    index = _index_areas(areas)
    west, south, east, north = index.total_bounds
    rows = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
    if len(rows) >= _MANY:
        in_cell = index.cells.look_up(lon[rows], lat[rows])
        position[rows] = in_cell
        rows = rows[in_cell == UNSETTLED]
    position[rows] = index.find_containing(lon[rows], lat[rows])
    return position


class _AreaIndex:
    """Areas with what is computed of them once, however often they are asked for."""

    def __init__(self, areas: Areas) -> None:
        # Copies of ours: preparing writes into the geometry, and callers may share theirs between threads.
        self.areas = areas.copy()
        self.parts, self._owner = shapely.get_parts(areas, return_index=True)
        self._bounds = shapely.bounds(self.parts)
        self._prepared = np.zeros(len(self.parts), dtype=np.bool_)
        self._locks = [threading.Lock() for _ in self.parts]
        self.total_bounds = tuple(shapely.total_bounds(areas).tolist())

    @functools.cached_property
    def cells(self) -> Cells:
        """Grid whose cells, but those near a boundary, are known to lie in one area or in none."""
        return settled_cells(self.areas, self.find_containing)

    @functools.cached_property
    def boundary_tree(self) -> tuple[Areas, Ints, shapely.STRtree]:
        """Short runs of the boundaries in the conformal plane, the area of each, and their R-tree."""
        runs, owner = _boundary_runs(self.areas, _conformal_plane())
        return runs, owner, shapely.STRtree(runs)

    def find_containing(self, lon: Floats, lat: Floats) -> Ints:
        """Find the area that holds each point: every part is asked for the points in its box."""
        order = np.argsort(lon)
        x, y = lon[order], lat[order]
        bounds = self._bounds
        first = np.searchsorted(x, bounds[:, 0], side="left")
        last = np.searchsorted(x, bounds[:, 2], side="right")

        def find_rows(part: int) -> Ints:
            rows: Ints = np.arange(first[part], last[part])
            rows = rows[(y[rows] >= bounds[part, 1]) & (y[rows] <= bounds[part, 3])]
            if len(rows):
                inside: Bools = shapely.intersects_xy(self._prepare_part(part), x[rows], y[rows])
                rows = rows[inside]
            return rows

        busy = np.flatnonzero(last > first)
        rows_of_parts = _map_threads(find_rows, busy.tolist(), len(lon))
        position = np.full(len(lon), NOWHERE, dtype=np.int64)
        # The first of several areas counts, so it is written last.
        for part, rows in zip(busy[::-1], rows_of_parts[::-1], strict=True):
            position[order[rows]] = self._owner[part]
        return position

    def _prepare_part(self, part: int) -> shapely.Geometry:
        """Return a part whose own index is built: threads may ask it at the same time."""
        shape = self.parts[part]
        with self._locks[part]:
            if not self._prepared[part]:
                shapely.prepare(shape)
                shapely.intersects_xy(shape, *shapely.get_coordinates(shape)[0])
                self._prepared[part] = True
        return shape


#: Indexes by the identity of the areas, which they keep alive; the last one used comes last.
_INDEXES: Final[OrderedDict[tuple[int, ...], _AreaIndex]] = OrderedDict()
_INDEXES_LOCK: Final = threading.Lock()


def _index_areas(areas: Areas) -> _AreaIndex:
    """Return the index of areas; geometries do not change, so the same ones have the same index."""
    key = tuple(map(id, areas))
    with _INDEXES_LOCK:
        index = _INDEXES.pop(key, None)
    if index is None:
        index = _AreaIndex(areas)
    with _INDEXES_LOCK:
        _INDEXES[key] = index
        while len(_INDEXES) > _KEPT:
            _INDEXES.popitem(last=False)
    return index


def _map_threads(function: Callable[[int], Result], tasks: Iterable[int], points: int) -> list[Result]:
    """Call a function for each task, in several threads where there are many points."""
    if points < _FEW:
        return [function(task) for task in tasks]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(function, tasks))


@functools.lru_cache(maxsize=1)
def _conformal_plane() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(4326, _CONFORMAL, always_xy=True)


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
    if not len(areas):
        return position, distance
    index = _index_areas(areas)
    rows = np.flatnonzero(_within_reach(index, lon, lat, within_m))
    if not len(rows):
        return position, distance
    project = _conformal_plane()
    runs, owner, tree = index.boundary_tree
    points = shapely.points(*project.transform(lon[rows], lat[rows]))
    stretch = 1.0 / np.cos(np.radians(np.abs(lat[rows]).max() + within_m / 1e5))
    which, run = _nearest_runs(points, tree, within_m * stretch * _SLACK)
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


def measure_distances(areas: Areas, area: Ints, lon: Floats, lat: Floats) -> Floats:
    """
    Measure how far points are from areas.

    Parameters
    ----------
    areas
        Polygons in longitude and latitude.
    area
        Position of the area to measure to, for each point.
    lon, lat
        Degrees.

    Returns
    -------
    distance_m
        Geodesic metres; 0 inside and on the boundary.
    """
    distance = np.zeros(len(lon))
    if not len(lon):
        return distance
    project = _conformal_plane()
    runs, owner, _ = _index_areas(areas).boundary_tree
    points = shapely.points(*project.transform(lon, lat))
    for wanted in np.unique(area).tolist():
        rows = np.flatnonzero(area == wanted)
        rows = rows[~shapely.intersects_xy(areas[wanted], lon[rows], lat[rows])]
        own = runs[np.searchsorted(owner, wanted) : np.searchsorted(owner, wanted, side="right")]
        nearest = shapely.STRtree(own).nearest(points[rows])
        feet = shapely.get_point(shapely.shortest_line(points[rows], own[nearest]), 1)
        foot = project.transform(shapely.get_x(feet), shapely.get_y(feet), direction="INVERSE")
        _, _, distance[rows] = GEOD.inv(lon[rows], lat[rows], *foot)
    return distance


def _nearest_runs(points: Areas, tree: shapely.STRtree, reach: float) -> tuple[Ints, Ints]:
    """Pair each point with all runs at the smallest distance, none where that is out of reach."""

    def search(start: int) -> npt.NDArray[np.int64]:
        pairs: npt.NDArray[np.int64] = tree.query_nearest(points[start : start + _CHUNK], max_distance=reach)
        pairs[0] += start
        return pairs

    chunks = _map_threads(search, range(0, len(points), _CHUNK), len(points))
    which, run = np.concatenate(chunks, axis=1)
    return which, run


def _within_reach(index: _AreaIndex, lon: Floats, lat: Floats, within_m: float) -> Bools:
    """Return which points lie in the box round all areas, widened by the reach (never too little)."""
    west, south, east, north = index.total_bounds
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
