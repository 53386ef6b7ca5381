"""Feet: the nearest point of a chain by geodesic, for arrays of points."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from .._constants import WGS84_RADIUS_M, Bools, Floats, Ints
from ._dual_tree import Candidates, PointTree, build_tree, split_by_location
from ._few_points import FEW_POINTS, FewPoints
from ._foot_refinement import ON_LINE_M, Feet, refine_feet
from ._geocentric import Vectors, dot, norm, subtract, take_rows, to_vectors
from ._nearest_piece import MAX_PAIRS, NearestPieces, find_candidates, find_nearest
from ._pieces import Pieces, chord_slack
from ._second_foot import FootedPoints, find_second_feet

__all__ = ["find_feet"]

#: Points of a batch: enough to fill cells, few enough to stay in the processor's cache.
BATCH = 65_536

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

    def fill_batch(rows: Ints) -> None:
        order, feet = _find_batch(pieces, lon.take(rows), lat.take(rows), second=second)
        result.put(rows.take(order), feet)

    batches = split_by_location(lon, lat, BATCH)
    if len(batches) > 1:
        pieces.fill_caches()
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            for _ in pool.map(fill_batch, batches):
                pass
    elif len(batches):
        fill_batch(batches[0])
    return result


def _find_batch(pieces: Pieces, lon: Floats, lat: Floats, *, second: bool) -> tuple[Ints, Feet]:
    """Find the feet of a batch of points; return the order of the points, and their feet in it."""
    points, order = to_vectors(lon, lat), np.arange(len(lon))
    index: FewPoints | PointTree | None = None
    candidates = None
    if len(lon) < FEW_POINTS:
        index = FewPoints(points, pieces.levels)
        candidates = index.find_nearest()
    if index is None or candidates is None:
        index = build_tree(points, pieces.mean_chord_m)
        points, order = index.points, index.order
        lon, lat = lon.take(order), lat.take(order)
        candidates = find_candidates(pieces, index)
    nearest = find_nearest(pieces, points, candidates)
    feet, first, settled = _straight_feet(pieces, points, nearest)
    rest = np.flatnonzero(~settled & ~nearest.doubtful)
    if len(rest):
        feet.put(rest, refine_feet(pieces, lon[rest], lat[rest], nearest.piece[rest], nearest.along[rest]))
    doubtful = np.flatnonzero(nearest.doubtful)
    # Very far off nearly the whole line is in question: no more than so many pairs at once.
    batch = np.cumsum(candidates.count[doubtful]) // MAX_PAIRS
    for rows in np.split(doubtful, np.flatnonzero(np.diff(batch)) + 1) if len(doubtful) else []:
        best = pieces.start_m[nearest.piece[rows]] + nearest.along[rows]
        feet.put(
            rows,
            _resolve_doubtful(
                pieces, lon[rows], lat[rows], take_rows(points, rows), candidates.take(rows), best
            ),
        )
    if second:
        moved = np.flatnonzero(~settled)
        for column, places in zip(first, pieces.interpolate(feet.chainage[moved]), strict=True):
            column[moved] = places
        feet.second[:] = find_second_feet(pieces, FootedPoints(points, lon, lat, feet, first), index)
    return order, feet


def _straight_feet(pieces: Pieces, points: Vectors, nearest: NearestPieces) -> tuple[Feet, Vectors, Bools]:
    """
    Return the feet by straight distance, their places, and which of them need no geodesic.

    Up to `NEAR_M` the nearest place by straight distance is that by geodesic within
    0.3 mm, and the arc exceeds its chord c by c^3 / 24 R^2 within 0.2 mm. Nearer than
    `CLOSE_M` it would matter that pieces run up to 0.3 mm below the ellipsoid.
    """
    piece, along = nearest.piece, nearest.along
    chord = pieces.chord[piece]
    at_start, at_end = along <= 0, along >= chord
    places = pieces.place_on(piece, along)
    vectors = subtract(points, places)
    straight = norm(vectors)
    distance = straight + straight * straight * straight / (24 * WGS84_RADIUS_M**2)
    left = take_rows(pieces.left, piece)
    corner = np.flatnonzero(at_start | at_end)
    vertex = piece[corner] + at_end[corner]
    for column, bisector in zip(left, pieces.left_at_vertex, strict=True):
        column[corner] = bisector.take(vertex)
    side = np.where(dot(vectors, left) >= 0, 1.0, -1.0)
    chainage = pieces.start_m[piece] + along / chord * pieces.length_m[piece]
    offset = np.where(distance <= ON_LINE_M, 0.0, side * distance)
    n = len(piece)
    feet = Feet(chainage, distance, offset, np.zeros(n, dtype=np.bool_), np.full(n, np.nan))
    outermost = (at_start & (piece == 0)) | (at_end & (piece == len(pieces) - 1))
    return feet, places, (straight >= CLOSE_M) & (straight <= NEAR_M) & ~outermost


def _resolve_doubtful(
    pieces: Pieces, lon: Floats, lat: Floats, points: Vectors, candidates: Candidates, best: Floats
) -> Feet:
    """
    Refine the feet of points on every candidate; the nearest counts, then the first.

    `best` is the chainage of the nearest places by straight distance.
    """
    point, candidate = candidates.pairs()
    distance, along = pieces.straight_distance(take_rows(points, point), candidate)
    least = np.minimum.reduceat(distance, np.flatnonzero(np.diff(point, prepend=-1)))[point]
    apart = np.abs(pieces.start_m[candidate] + along - best[point])
    close = distance <= least + chord_slack(least, apart)
    point, candidate, along = point[close], candidate[close], along[close]
    trial = refine_feet(pieces, lon[point], lat[point], candidate, along)
    order = np.lexsort((trial.chainage, np.round(trial.distance, 7), point))
    first = order[np.unique(point[order], return_index=True)[1]]
    return trial.take(first)
