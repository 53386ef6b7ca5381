"""The nearest piece of a line to each point, by straight distance in space."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._constants import Bools, Floats, Ints
from ._dual_tree import Candidates, PointTree, search_tree
from ._geocentric import Vectors, dot, norm, repeat_rows, subtract, take_rows
from ._pieces import Chords, Pieces, chord_slack

__all__ = ["MAX_PAIRS", "NearestPieces", "find_candidates", "find_nearest", "may_compete"]

#: Points compared at a time: what they need stays in the processor's cache.
BLOCK = 16_384

#: Fewer points than this are compared with all their candidates at once.
WORTH_RANKING = 400

#: Counts of candidates from this on are not told apart.
LARGEST_COUNT = np.uint16(65_535)

#: Pairs of a point and a candidate compared at once.
MAX_PAIRS = 262_144

#: Places closer together along the line than this, metres, are one.
APART_M = 1.0


@dataclass(frozen=True, eq=False)
class NearestPieces:
    """The nearest piece of each point."""

    #: Position of the piece.
    piece: Ints
    #: How far along the piece the nearest place is, metres.
    along: Floats
    #: Whether another place may be nearer by geodesic.
    doubtful: Bools


def find_candidates(pieces: Pieces, tree: PointTree) -> Candidates:
    """
    Find the pieces that may hold the nearest place to each point.

    Parameters
    ----------
    pieces
        The line, cut.
    tree
        The points.

    Returns
    -------
    candidates
        One or more a point, in the order of the tree.
    """
    _, candidates = search_tree(tree, pieces.levels, _NearestRule(tree))
    return candidates


def find_nearest(pieces: Pieces, points: Vectors, candidates: Candidates) -> NearestPieces:
    """
    Find the nearest piece of each point among its candidates.

    Parameters
    ----------
    pieces
        The line, cut.
    points
        One or more.
    candidates
        One or more for each point.

    Returns
    -------
    nearest
        One value a point.
    """
    n = len(candidates.count)
    if n < WORTH_RANKING and candidates.count.sum() <= MAX_PAIRS:
        return NearestPieces(*_compare_at_once(pieces, points, candidates))
    # Points with many candidates come first: those that have another one left are then the first so many.
    by_count = np.argsort(
        LARGEST_COUNT - np.minimum(candidates.count, LARGEST_COUNT).astype(np.uint16), kind="stable"
    )
    piece, along, doubtful = np.empty(n, dtype=np.int64), np.empty(n), np.empty(n, dtype=np.bool_)
    for start in range(0, n, BLOCK):
        rows = by_count[start : start + BLOCK]
        piece[rows], along[rows], doubtful[rows] = _pick_nearest(
            pieces, take_rows(points, rows), candidates.take(rows)
        )
    return NearestPieces(piece, along, doubtful)


class _NearestRule:
    """Keep the runs that may hold the nearest place to some point of a cell."""

    def __init__(self, tree: PointTree) -> None:
        self._tree = tree

    def __call__(self, cell: Ints, count: Ints, starts: Ints, chords: Chords, run: Ints) -> Bools:
        radius = self._tree.radius[cell]
        vectors, _ = chords.shortest_vectors(repeat_rows(take_rows(self._tree.centre, cell), count), run)
        distance, deviation = norm(vectors), chords.deviation.take(run)
        farthest = distance + deviation
        tied = np.flatnonzero(farthest == np.repeat(np.minimum.reduceat(farthest, starts), count))
        best = tied[np.searchsorted(tied, starts)]
        near = distance[best]
        margin = deviation[best] + chord_slack(near + radius)
        apart = None
        if radius.any():
            apart = subtract(repeat_rows(take_rows(vectors, best), count), vectors)
        return may_compete(distance, deviation, chords.length.take(run), apart, radius, near, margin, count)


def may_compete(
    distance: Floats,
    deviation: Floats,
    chord: Floats,
    apart: Vectors | None,
    radius: Floats,
    near: Floats,
    margin: Floats,
    count: Ints,
) -> Bools:
    """
    Return which runs may hold a place hardly farther from some point of a cell than a known place.

    Let b be the known place, c the cell's centre, r its radius. For any point p of the
    cell and v of the run, |p - v|^2 - |p - b|^2 is linear in p, so it is at least its
    value at c less 2 r |v - b|. Along the chord both terms change with the way s from its
    place nearest to c: by s^2 and by 2 r s; that the run strays from it costs 2 s each metre.

    Parameters
    ----------
    distance, deviation, chord
        Metres from the centre to the chord of each run, how far the run strays from it,
        and how long it is.
    apart
        From the known place to the chord's place nearest to the centre; None where all radii are 0.
    radius, near, margin
        One value a cell, metres: its radius, how far the known place is from its centre,
        and by how much more a place may be farther from a point than the known one.
    count
        Runs of each cell.

    Returns
    -------
    mask
        One value a run. Overwrites `distance`.
    """
    limit = np.repeat(near * near + margin * (2 * (near + radius) + margin) + 1e-6, count)
    if apart is not None and radius.any():
        reach = np.repeat(radius, count)
        wide = norm(apart)
        wide += deviation
        wide *= reach
        reach += deviation
        step = np.minimum(reach, chord)
        wide += reach * step
        wide *= 2
        limit += wide
        limit -= step * step
    distance -= deviation
    np.maximum(distance, 0.0, out=distance)
    distance *= distance
    mask: Bools = distance <= limit
    return mask


def _pick_nearest(pieces: Pieces, points: Vectors, candidates: Candidates) -> tuple[Ints, Floats, Bools]:
    """
    Return the nearest candidate of each point, how far along it, and whether that is in doubt.

    Most points have few candidates, which are compared one of each point at a time; counts
    fall then. The few points that have more are compared with all of theirs at once.
    """
    count = candidates.count
    n = len(count)
    ranks = int(count[min(WORTH_RANKING, n - 1)]) if n >= WORTH_RANKING else 0
    many = int(np.searchsorted(-count, -ranks, side="left"))
    piece, along, doubtful = np.empty(n, dtype=np.int64), np.empty(n), np.empty(n, dtype=np.bool_)
    # A point may be as near to the whole line: no more than so many pairs at once.
    batch = np.cumsum(count[:many]) // MAX_PAIRS
    for rows in np.split(np.arange(many), np.flatnonzero(np.diff(batch)) + 1) if many else []:
        piece[rows], along[rows], doubtful[rows] = _compare_at_once(
            pieces, take_rows(points, rows), candidates.take(rows)
        )
    if many < n:
        x, y, z = points
        piece[many:], along[many:], doubtful[many:] = _compare_by_rank(
            pieces,
            (x[many:], y[many:], z[many:]),
            Candidates(candidates.piece, candidates.first[many:], count[many:]),
        )
    return piece, along, doubtful


def _compare_at_once(pieces: Pieces, points: Vectors, candidates: Candidates) -> tuple[Ints, Floats, Bools]:
    point, candidate = candidates.pairs()
    distance, along = pieces.straight_distance(take_rows(points, point), candidate)
    count = candidates.count
    starts = np.cumsum(count) - count
    least = np.minimum.reduceat(distance, starts)
    tied = np.flatnonzero(distance == least[point])
    best = tied[np.searchsorted(tied, starts)]
    chainage = pieces.start_m[candidate] + along
    distance[np.abs(chainage - chainage[best][point]) <= APART_M] = np.inf
    second = np.minimum.reduceat(distance, starts)
    return candidate[best], along[best], second <= least + chord_slack(least)


def _compare_by_rank(pieces: Pieces, points: Vectors, candidates: Candidates) -> tuple[Ints, Floats, Bools]:
    first, count = candidates.first, candidates.count
    n = len(count)
    x, y, z = points
    best_square, best_chainage, best_along = np.full(n, np.inf), np.full(n, -np.inf), np.empty(n)
    second_square, best_piece = np.full(n, np.inf), np.empty(n, dtype=np.int64)
    for rank in range(int(count[0])):
        m = int(np.searchsorted(-count, -rank, side="left"))
        candidate = candidates.piece.take(first[:m] + rank)
        vectors, along = pieces.levels[0].shortest_vectors((x[:m], y[:m], z[:m]), candidate)
        square = dot(vectors, vectors)
        chainage = pieces.start_m.take(candidate)
        chainage += along
        better = square < best_square[:m]
        # Of two places apart, the farther is the rival of the nearer.
        loser = np.maximum(square, best_square[:m])
        loser[np.abs(chainage - best_chainage[:m]) <= APART_M] = np.inf
        np.minimum(second_square[:m], loser, out=second_square[:m])
        np.copyto(best_square[:m], square, where=better)
        np.copyto(best_chainage[:m], chainage, where=better)
        np.copyto(best_along[:m], along, where=better)
        np.copyto(best_piece[:m], candidate, where=better)
    distance = np.sqrt(best_square)
    return best_piece, best_along, np.sqrt(second_square) <= distance + chord_slack(distance)
