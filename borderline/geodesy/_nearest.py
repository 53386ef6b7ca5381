"""The nearest piece of a line by straight distance, for points in cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._constants import Bools, Floats, Ints
from ._cells import Cells
from ._descent import descend
from ._pieces import Pieces, chord_slack
from ._runs import Run
from ._space import Space, between, dot, length, ragged, repeated, taken

__all__ = ["PAIRS", "Nearest", "find_nearest", "offered", "rivals"]

#: Points measured at a time: what they need stays in the processor's cache.
BLOCK = 16_384

#: Fewer points than this are measured against all their offers at once.
WORTH_RANK = 400

#: Counts of offers from this on are not told apart.
FEWEST_LAST = np.uint16(65_535)

#: Pairs of a point and an offer measured at once.
PAIRS = 262_144

#: Places closer together along the line than this, metres, are one.
APART_M = 1.0


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest piece of each point, in the order of the cells."""

    #: Position of the piece.
    piece: Ints
    #: How far along the piece the nearest place is, metres.
    along: Floats
    #: Whether another place may be nearer by geodesic.
    doubtful: Bools
    #: Pieces that may be the nearest to some point of a cell, cell after cell.
    offers: Ints
    #: Where the offers to each point start, and how many they are.
    first: Ints
    count: Ints


def find_nearest(pieces: Pieces, cells: Cells) -> Nearest:
    """
    Find the nearest piece of each point.

    Parameters
    ----------
    pieces
        The line, cut.
    cells
        The points.

    Returns
    -------
    nearest
        One value a point, in the order of the cells.
    """
    pairs = descend(cells, pieces.runs, _Nearness(cells))
    offers, each = pairs.runs, pairs.count
    size = cells.count[pairs.cells]
    first, count = np.repeat(np.cumsum(each) - each, size), np.repeat(each, size)
    # Points with many offers first: those still to be measured are then the first so many.
    by_count = np.argsort(FEWEST_LAST - np.minimum(count, FEWEST_LAST).astype(np.uint16), kind="stable")
    n = len(count)
    piece, along, doubtful = np.empty(n, dtype=np.int64), np.empty(n), np.empty(n, dtype=np.bool_)
    for i in range(0, n, BLOCK):
        at = by_count[i : i + BLOCK]
        piece[at], along[at], doubtful[at] = _measure(
            pieces, taken(cells.points, at), offers, first.take(at), count.take(at)
        )
    return Nearest(piece, along, doubtful, offers, first, count)


class _Nearness:
    """The rule that keeps the runs which may hold the nearest place to some point of a cell."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells

    def __call__(self, cell: Ints, count: Ints, starts: Ints, run: Run, at: Ints) -> Bools:
        radius = self._cells.radius[cell]
        gap, _ = run.gap(repeated(taken(self._cells.centre, cell), count), at)
        away, aside = length(gap), run.aside.take(at)
        farthest = away + aside
        tied = np.flatnonzero(farthest == np.repeat(np.minimum.reduceat(farthest, starts), count))
        best = tied[np.searchsorted(tied, starts)]
        near = away[best]
        margin = aside[best] + chord_slack(near + radius)
        apart = between(repeated(taken(gap, best), count), gap)
        return rivals(away, aside, run.chord.take(at), apart, radius, near, margin, count)


def rivals(
    away: Floats,
    aside: Floats,
    chord: Floats,
    apart: Space,
    radius: Floats,
    near: Floats,
    margin: Floats,
    count: Ints,
) -> Bools:
    """
    Tell which runs may hold a place hardly farther from some point of a cell than a known place.

    Let b be the known place, c the cell's centre, r its radius. For any point p of the
    cell and v of the run, |p - v|^2 - |p - b|^2 is linear in p, so it is at least its
    value at c less 2 r |v - b|. Along the chord both terms change with the way s from its
    place nearest to c: by s^2 and by 2 r s; that the run strays from it costs 2 s each metre.

    Parameters
    ----------
    away, aside, chord
        Metres from the centre to the chord of each run, how far that strays from it, and
        how long it is.
    apart
        From the known place to the chord's place nearest to the centre.
    radius, near, margin
        One value a cell, metres: its radius, how far the known place is from its centre,
        and by how much more a place may be farther from a point than the known one.
    count
        Runs of each cell.

    Returns
    -------
    mask
        One value a run. Overwrites `away`.
    """
    limit = np.repeat(near * near + margin * (2 * (near + radius) + margin) + 1e-6, count)
    if radius.any():
        reach = np.repeat(radius, count)
        wide = length(apart)
        wide += aside
        wide *= reach
        reach += aside
        step = np.minimum(reach, chord)
        wide += reach * step
        wide *= 2
        limit += wide
        limit -= step * step
    away -= aside
    np.maximum(away, 0.0, out=away)
    away *= away
    mask: Bools = away <= limit
    return mask


def _measure(
    pieces: Pieces, points: Space, offers: Ints, first: Ints, count: Ints
) -> tuple[Ints, Floats, Bools]:
    """
    Measure points against their offers; counts fall.

    Most points have few offers, which are measured one of each point at a time. The few
    points that have more are measured against all of theirs at once.
    """
    n = len(count)
    ranks = int(count[min(WORTH_RANK, n - 1)]) if n >= WORTH_RANK else 0
    many = int(np.searchsorted(-count, -ranks, side="left"))
    piece, at, doubtful = np.empty(n, dtype=np.int64), np.empty(n), np.empty(n, dtype=np.bool_)
    # No more than so many pairs at once: a point may be as near to the whole line.
    share = np.cumsum(count[:many]) // PAIRS
    for rows in np.split(np.arange(many), np.flatnonzero(np.diff(share)) + 1) if many else []:
        piece[rows], at[rows], doubtful[rows] = _at_once(
            pieces, taken(points, rows), offers, first[rows], count[rows]
        )
    rest = slice(many, n)
    x, y, z = points
    piece[rest], at[rest], doubtful[rest] = _by_rank(
        pieces, (x[rest], y[rest], z[rest]), offers, first[rest], count[rest]
    )
    return piece, at, doubtful


def _at_once(
    pieces: Pieces, points: Space, offers: Ints, first: Ints, count: Ints
) -> tuple[Ints, Floats, Bools]:
    point = np.repeat(np.arange(len(count)), count)
    offer = offers[ragged(first, count)]
    distance, along = pieces.measure(repeated(points, count), offer)
    starts = np.cumsum(count) - count
    least = np.minimum.reduceat(distance, starts)
    best = np.full(len(count), len(point))
    tied = np.flatnonzero(distance == least[point])
    np.minimum.at(best, point[tied], tied)
    place = pieces.start_m[offer] + along
    distance[np.abs(place - place[best][point]) <= APART_M] = np.inf
    second = np.minimum.reduceat(distance, starts)
    return offer[best], along[best], second <= least + chord_slack(least)


def _by_rank(
    pieces: Pieces, points: Space, offers: Ints, first: Ints, count: Ints
) -> tuple[Ints, Floats, Bools]:
    n = len(count)
    x, y, z = points
    best, place, at = np.full(n, np.inf), np.full(n, -np.inf), np.empty(n)
    second, piece = np.full(n, np.inf), np.empty(n, dtype=np.int64)
    for rank in range(int(count[0]) if n else 0):
        m = int(np.searchsorted(-count, -rank, side="left"))
        offer = offers.take(first[:m] + rank)
        reach, along = pieces.runs[0].gap((x[:m], y[:m], z[:m]), offer)
        square = dot(reach, reach)
        start = pieces.start_m.take(offer)
        start += along
        better = square < best[:m]
        # Of two places apart, the farther is the rival of the nearer.
        loser = np.maximum(square, best[:m])
        loser[np.abs(start - place[:m]) <= APART_M] = np.inf
        np.minimum(second[:m], loser, out=second[:m])
        np.copyto(best[:m], square, where=better)
        np.copyto(place[:m], start, where=better)
        np.copyto(at[:m], along, where=better)
        np.copyto(piece[:m], offer, where=better)
    distance = np.sqrt(best)
    return piece, at, np.sqrt(second) <= distance + chord_slack(distance)


def offered(nearest: Nearest, rows: Ints) -> tuple[Ints, Ints]:
    """
    List every piece that may be the nearest to some of the points.

    Parameters
    ----------
    nearest
        What `find_nearest` found.
    rows
        Which points.

    Returns
    -------
    point, piece
        Pairs of a position in `rows` and a piece, sorted by point.
    """
    count = nearest.count[rows]
    point = np.repeat(np.arange(len(rows)), count)
    return point, nearest.offers[ragged(nearest.first[rows], count)]
