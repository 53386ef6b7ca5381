"""The nearest piece of a line by straight distance, for points in cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._constants import Bools, Floats, Ints
from ._cells import Cells
from ._descent import Pairs, descend, ragged
from ._pieces import Pieces, chord_slack
from ._runs import Run

__all__ = ["Nearest", "find_nearest", "offered", "touching"]

#: Points measured at a time: what they need stays in the processor's cache.
BLOCK = 16_384

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
    offers, each = touching(pairs, len(pieces))
    of = np.repeat(np.arange(len(each)), cells.count[pairs.cells])
    first, count = (np.cumsum(each) - each)[of], each[of]
    # Points with many offers first: those still to be measured are then the first so many.
    by_count = np.argsort(-count, kind="stable")
    n = len(of)
    piece, along, doubtful = np.empty(n, dtype=np.int64), np.empty(n), np.empty(n, dtype=np.bool_)
    for i in range(0, n, BLOCK):
        at = by_count[i : i + BLOCK]
        piece[at], along[at], doubtful[at] = _measure(pieces, cells.points[at], offers, first[at], count[at])
    return Nearest(piece, along, doubtful, offers, first, count)


def touching(pairs: Pairs, last: int) -> tuple[Ints, Ints]:
    """
    List the pieces that start or end at the points of the line paired with cells.

    Parameters
    ----------
    pairs
        Cells and points of the line.
    last
        How many pieces there are.

    Returns
    -------
    piece
        Cell after cell, each once.
    count
        How many each cell has.
    """
    end = pairs.ends
    first = np.cumsum(pairs.count) - pairs.count
    follows = np.zeros(len(end), dtype=np.bool_)
    follows[1:] = end[1:] == end[:-1] + 1
    follows[first] = False
    take = np.stack([~follows & (end > 0), end < last], axis=1)
    count = np.add.reduceat(take.sum(axis=1), first) if len(first) else pairs.count
    return (end[:, None] + np.array([-1, 0]))[take], count


class _Nearness:
    """
    The rule that keeps the runs one of whose pieces may be the nearest to some point of a cell.

    Let b be a point of the line near the cell's centre c, r the cell's radius. For any
    point p of the cell and v of the line, |p - v|^2 - |p - b|^2 is linear in p, so it is
    at least its value at c less 2 r |v - b|. The nearer end v of the nearest piece is
    farther than b by no more than a quarter of the squared piece, whence the bound.
    """

    def __init__(self, cells: Cells) -> None:
        self._cells = cells

    def __call__(self, cell: Ints, run: Run, at: Ints) -> Bools:
        radius, spread = self._cells.radius[cell], run.radius[at]
        middle = [column[at] for column in run.middle]
        away = _length(*(c[cell] - m for c, m in zip(self._cells.centre, middle, strict=True)))
        starts = np.flatnonzero(np.diff(cell, prepend=-1))
        count = np.diff(starts, append=len(cell))
        near = np.repeat(np.minimum.reduceat(away, starts), count)
        tied = np.flatnonzero(away == near)
        best = np.empty(len(starts), dtype=np.int64)
        best[np.repeat(np.arange(len(starts)), count)[tied]] = at[tied]
        best = np.repeat(best, count)
        spread_m = _length(*(m - c[best] for c, m in zip(run.middle, middle, strict=True))) + spread
        far = near + radius
        slack = chord_slack(far)
        room = 2 * radius * spread_m + run.bulge[at] + slack * (2 * far + slack) + 1e-6
        closest = np.maximum(away - spread, 0.0)
        kept: Bools = closest * closest <= near * near + room
        return kept


def _length(x: Floats, y: Floats, z: Floats) -> Floats:
    length: Floats = np.sqrt(x * x + y * y + z * z)
    return length


def _measure(
    pieces: Pieces, points: Floats, offers: Ints, first: Ints, count: Ints
) -> tuple[Ints, Floats, Bools]:
    """Measure points against their offers, one offer of each at a time; counts fall."""
    n = len(points)
    x, y, z = (np.ascontiguousarray(points[:, axis]) for axis in range(3))
    best, place, at = np.full(n, np.inf), np.full(n, -np.inf), np.empty(n)
    second, piece = np.full(n, np.inf), np.empty(n, dtype=np.int64)
    for rank in range(int(count[0])):
        m = int(np.searchsorted(-count, -rank, side="left"))
        offer = offers[first[:m] + rank]
        ex, ey, ez, ux, uy, uz, chord, start = (column.take(offer) for column in pieces.columns)
        np.subtract(x[:m], ex, out=ex)
        np.subtract(y[:m], ey, out=ey)
        np.subtract(z[:m], ez, out=ez)
        along = ex * ux + ey * uy + ez * uz
        np.clip(along, 0.0, chord, out=along)
        ex -= along * ux
        ey -= along * uy
        ez -= along * uz
        square = ex * ex + ey * ey + ez * ez
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
