"""Foot points: the nearest point of a chain by geodesic, for arrays of points."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from .._constants import WGS84_RADIUS_M, Bools, Floats, Ints
from ._cells import make_cells, near_together
from ._nearest import PAIRS, Nearest, find_nearest, offered
from ._pieces import Pieces, chord_slack
from ._second import find_second
from ._settle import ON_LINE_M, Feet, settle
from ._space import Space, between, dot, length, taken
from ._sphere import to_space

__all__ = ["find_feet"]

#: Points handled at a time: enough to fill cells, few enough to stay in the processor's cache.
CHUNK = 65_536

#: Between these distances, metres, feet need no geodesic.
CLOSE_M, NEAR_M = 1.0, 25_000.0


def find_feet(pieces: Pieces, lon: Floats, lat: Floats, *, second: bool = False) -> Feet:
    """
    Find the nearest point of a chain for each point.

    Parameters
    ----------
    pieces
        The chain, cut.
    lon, lat
        Degrees; NaN marks a missing point.
    second
        Whether to look for second feet, too; without, none is found.

    Returns
    -------
    feet
        One value a point, in the same order.
    """
    result = Feet.missing(len(lon))

    def find(at: Ints) -> None:
        order, feet = _feet_of(pieces, lon.take(at), lat.take(at), second=second)
        result.put(at.take(order), feet)

    parts = near_together(lon, lat, CHUNK)
    if len(parts) > 1:
        pieces.prepare()
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            for _ in pool.map(find, parts):
                pass
    elif len(parts):
        find(parts[0])
    return result


def _feet_of(pieces: Pieces, lon: Floats, lat: Floats, *, second: bool) -> tuple[Ints, Feet]:
    """Find the feet of some points; tell in which order they come."""
    cells = make_cells(to_space(lon, lat), pieces.typical_m)
    lon, lat = lon.take(cells.order), lat.take(cells.order)
    nearest = find_nearest(pieces, cells)
    feet, first, settled = _feet_in_space(pieces, cells.points, nearest)
    rest = np.flatnonzero(~settled & ~nearest.doubtful)
    if len(rest):
        feet.put(rest, settle(pieces, lon[rest], lat[rest], nearest.piece[rest], nearest.along[rest]))
    doubtful = np.flatnonzero(nearest.doubtful)
    # Very far off nearly the whole line is in question: no more than so many pairs at once.
    share = np.cumsum(nearest.count[doubtful]) // PAIRS
    for at in np.split(doubtful, np.flatnonzero(np.diff(share)) + 1) if len(doubtful) else []:
        feet.put(at, _first_by_geodesic(pieces, lon, lat, cells.points, nearest, at))
    if second:
        again = np.flatnonzero(~settled)
        for column, place in zip(first, pieces.place(feet.chainage[again]), strict=True):
            column[again] = place
        feet.second[:] = find_second(pieces, cells, lon, lat, feet, first)
    return cells.order, feet


def _feet_in_space(pieces: Pieces, points: Space, nearest: Nearest) -> tuple[Feet, Space, Bools]:
    """
    Take feet as the search left them, and their places; tell which are near enough to stay.

    Up to `NEAR_M` the nearest place by straight distance is that by geodesic within
    0.3 mm, and the arc exceeds its chord c by c^3 / 24 R^2 within 0.2 mm. Nearer than
    `CLOSE_M` it would matter that pieces run up to 0.3 mm under the ellipsoid.
    """
    piece, along = nearest.piece, nearest.along
    chord = pieces.chord[piece]
    at_start, at_end = along <= 0, along >= chord
    place = pieces.at(piece, along)
    reach = between(points, place)
    straight = length(reach)
    distance = straight + straight * straight * straight / (24 * WGS84_RADIUS_M**2)
    left = taken(pieces.left, piece)
    corner = np.flatnonzero(at_start | at_end)
    end = piece[corner] + at_end[corner]
    for column, bisector in zip(left, pieces.left_of_corner, strict=True):
        column[corner] = bisector.take(end)
    side = np.where(dot(reach, left) >= 0, 1.0, -1.0)
    chainage = pieces.start_m[piece] + along / chord * pieces.length_m[piece]
    offset = np.where(distance <= ON_LINE_M, 0.0, side * distance)
    n = len(piece)
    feet = Feet(chainage, distance, offset, np.zeros(n, dtype=np.bool_), np.full(n, np.nan))
    outermost = (at_start & (piece == 0)) | (at_end & (piece == len(pieces) - 1))
    return feet, place, (straight >= CLOSE_M) & (straight <= NEAR_M) & ~outermost


def _first_by_geodesic(
    pieces: Pieces, lon: Floats, lat: Floats, points: Space, nearest: Nearest, rows: Ints
) -> Feet:
    """Settle the feet of doubtful points on every piece in question; the nearest counts, then the first."""
    point, rival = offered(nearest, rows)
    away, start = pieces.measure(taken(points, rows[point]), rival)
    least = np.minimum.reduceat(away, np.flatnonzero(np.diff(point, prepend=-1)))[point]
    best = pieces.start_m[nearest.piece[rows]] + nearest.along[rows]
    apart = np.abs(pieces.start_m[rival] + start - best[point])
    close = away <= least + chord_slack(least, apart)
    point, rival, start = point[close], rival[close], start[close]
    trial = settle(pieces, lon[rows[point]], lat[rows[point]], rival, start)
    order = np.lexsort((trial.chainage, np.round(trial.distance, 7), point))
    first = order[np.unique(point[order], return_index=True)[1]]
    return trial.take(first)
