"""Second feet: places elsewhere on the line that are nearly as near as the first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._constants import GEOD, WGS84_RADIUS_M, Bools, Floats, Ints
from ._cells import Cells, make_cells
from ._descent import descend
from ._nearest import rivals
from ._pieces import Pieces, chord_slack
from ._runs import Run
from ._settle import Feet, settle
from ._space import Space, between, dot, length, ragged, repeated, taken
from ._sphere import to_lonlat

__all__ = ["find_second"]

#: A second foot is farther than the first by no more than this, metres, or this share.
CLOSE_M, CLOSE_SHARE = 50.0, 0.01

#: It lies farther from the first than this, metres, and than this share of the distance.
ELSEWHERE_M, ELSEWHERE_SHARE = 1_000.0, 0.5

#: On a line of no more pieces than this, all places elsewhere are searched at once.
FEW_PIECES = 32_768

#: Pairs of a point and a piece measured at a time.
BLOCK = 262_144


def find_second(pieces: Pieces, cells: Cells, lon: Floats, lat: Floats, feet: Feet, first: Space) -> Floats:
    """
    Find the chainage of the nearest second foot of each point.

    A second foot is a local minimum of the distance along the line, an end of the
    line included. It is farther from the point than the first foot by no more than
    50 m or 1 %, whichever is more, and farther from the first foot by geodesic than
    1 km and than half the distance.

    Parameters
    ----------
    pieces
        The line, cut.
    cells
        The points.
    lon, lat
        Degrees of the points, in the order of the cells.
    feet
        Their first feet, in the same order.
    first
        The places of those feet.

    Returns
    -------
    chainage
        Metres, in the same order; NaN where there is no second foot.
    """
    every = len(pieces) <= FEW_PIECES
    second, unsure = _search(pieces, cells, lon, lat, feet, first, every=every)
    if every:
        return second
    if len(unsure):
        few = make_cells(taken(cells.points, unsure), pieces.typical_m)
        at = unsure.take(few.order)
        second[at], _ = _search(pieces, few, lon[at], lat[at], feet.take(at), taken(first, at), every=True)
    return second


def _search(
    pieces: Pieces, cells: Cells, lon: Floats, lat: Floats, feet: Feet, first: Space, *, every: bool
) -> tuple[Floats, Ints]:
    """
    Search among all places elsewhere on the line, or among the nearest of them alone.

    The nearest place elsewhere is nearly always a local minimum, and then the second foot.
    Where it is none, as at the rim of what counts as elsewhere, the point is unsure.
    """
    pairs = descend(cells, pieces.runs, _Rivalry(cells, feet.distance, first, every=every))
    piece, each = pairs.runs, pairs.count
    size = cells.count[pairs.cells]
    rows = ragged(cells.start[pairs.cells], size)
    start, count = np.repeat(np.cumsum(each) - each, size), np.repeat(each, size)
    second = np.full(len(lon), np.nan)
    block = np.cumsum(count) // BLOCK
    asked = [np.zeros(0, dtype=np.int64)]
    for at in np.split(np.arange(len(rows)), np.flatnonzero(np.diff(block)) + 1) if len(rows) else []:
        row, offer = np.repeat(rows[at], count[at]), piece.take(ragged(start[at], count[at]))
        elsewhere = _elsewhere_near(pieces, cells.points, row, offer, feet, first)
        asked.append(elsewhere.row[np.flatnonzero(np.diff(elsewhere.row, prepend=-1))])
        minima = _minima(pieces, cells.points, elsewhere if every else _nearest_of(elsewhere))
        _take_nearest(pieces, lon, lat, feet, first, minima, second)
    tried = np.concatenate(asked)
    return second, tried[np.isnan(second[tried])]


def _close(distance: Floats) -> Floats:
    """Tell how far a second foot may be, metres."""
    limit: Floats = distance + np.maximum(CLOSE_M, CLOSE_SHARE * distance)
    return limit


def _elsewhere(distance: Floats) -> Floats:
    """Tell how far from the first a second foot must be, metres."""
    return np.maximum(ELSEWHERE_M, ELSEWHERE_SHARE * distance)


def _straight(arc: Floats) -> Floats:
    """Bound from below the straight distance that arcs of this length span."""
    half = np.minimum(arc / (2 * WGS84_RADIUS_M), np.pi / 2)
    chord: Floats = 0.99 * 2 * WGS84_RADIUS_M * np.sin(half)
    return chord


class _Rivalry:
    """The rule that keeps the runs which may hold a second foot of some point of a cell."""

    def __init__(self, cells: Cells, distance: Floats, first: Space, *, every: bool) -> None:
        spread = [cells.summed(column, np.maximum) - cells.summed(column, np.minimum) for column in first]
        most = cells.summed(distance, np.maximum)
        self._cells, self._every = cells, every
        #: The first foot of one point of each cell, and where the cell's centre is from there.
        foot = taken(first, cells.start)
        self._from_foot = between(cells.centre, foot)
        self._near = length(self._from_foot)
        #: How far from that foot, straight, a second foot of any point of the cell is at the least.
        wide = length((spread[0], spread[1], spread[2]))
        self._apart = _straight(_elsewhere(cells.summed(distance, np.minimum))) - wide
        #: How far from it a place is elsewhere for all points of the cell.
        self._surely = _elsewhere(most) + wide
        arc = 1.02 * (self._near + cells.radius) ** 3 / (24 * WGS84_RADIUS_M**2)
        self._margin = _close(most) - most + arc + 1e-3

    def __call__(self, cell: Ints, count: Ints, starts: Ints, run: Run, at: Ints) -> Bools:
        gap, along = run.gap(repeated(taken(self._cells.centre, cell), count), at)
        aside, chord = run.aside.take(at), run.chord.take(at)
        apart = between(repeated(taken(self._from_foot, cell), count), gap)
        off = length(apart)
        reach = np.maximum(along, chord - along) + aside
        kept: Bools = off + reach >= np.repeat(self._apart[cell], count)
        radius, near, margin = self._cells.radius[cell], self._near[cell], self._margin[cell]
        away = length(gap)
        if not self._every:
            # Measured against the run that is nearest among those that are surely elsewhere.
            worst = np.where(off - reach > np.repeat(self._surely[cell], count), away + aside, np.inf)
            least = np.minimum.reduceat(worst, starts)
            tied = np.flatnonzero(worst == np.repeat(least, count))
            best = tied[np.searchsorted(tied, starts)]
            further = aside[best] + 2 * chord_slack(away[best] + radius)
            further[np.isinf(least)] = np.inf
            from_best = between(repeated(taken(gap, best), count), gap)
            kept &= rivals(away.copy(), aside, chord, from_best, radius, away[best], further, count)
        kept &= rivals(away, aside, chord, apart, radius, near, margin, count)
        return kept


@dataclass(frozen=True, eq=False)
class _Places:
    """Places on the line, each the nearest on its piece to a point; sorted by point."""

    #: Which point.
    row: Ints
    piece: Ints
    #: Metres from the start of the piece, and straight from the point.
    along: Floats
    distance: Floats

    def take(self, at: Ints) -> _Places:
        """Keep some."""
        return _Places(self.row[at], self.piece[at], self.along[at], self.distance[at])


def _elsewhere_near(
    pieces: Pieces, points: Space, row: Ints, piece: Ints, feet: Feet, first: Space
) -> _Places:
    """Find the places that are near enough and far enough from the first foot."""
    distance, along = pieces.measure(taken(points, row), piece)
    places = _Places(row, piece, along, distance)
    places = places.take(np.flatnonzero(distance <= _close(feet.distance.take(row))))
    gap = length(between(pieces.at(places.piece, places.along), taken(first, places.row)))
    return places.take(np.flatnonzero(gap >= _straight(_elsewhere(feet.distance.take(places.row)))))


def _nearest_of(places: _Places) -> _Places:
    """Keep the nearest of each point, and those that straight distance may order wrongly."""
    if not len(places.row):
        return places
    starts = np.flatnonzero(np.diff(places.row, prepend=-1))
    least = np.minimum.reduceat(places.distance, starts)
    limit = np.repeat(least + 2 * chord_slack(least), np.diff(starts, append=len(places.row)))
    return places.take(np.flatnonzero(places.distance <= limit))


def _minima(pieces: Pieces, points: Space, places: _Places) -> _Places:
    """Keep the local minima of straight distance along the line."""
    piece, along = places.piece, places.along
    at_start, at_end = along <= 0, along >= pieces.chord[piece]
    # A corner counts once, with the piece that ends there, and only if the next one leads away.
    following = np.minimum(piece + 1, len(pieces) - 1)
    beyond = between(taken(points, places.row), taken(pieces.ends, piece + 1))
    onward = dot(beyond, taken(pieces.unit, following))
    lowest = np.where(at_end, (onward <= 0) | (piece + 1 == len(pieces)), ~at_start | (piece == 0))
    return places.take(np.flatnonzero(lowest))


def _take_nearest(
    pieces: Pieces, lon: Floats, lat: Floats, feet: Feet, first: Space, found: _Places, second: Floats
) -> None:
    """Write down for each point the nearest of its minima that holds when measured by geodesic."""
    left = np.arange(len(found.row))
    while len(left):
        starts = np.flatnonzero(np.diff(found.row[left], prepend=-1))
        least = np.minimum.reduceat(found.distance[left], starts)
        least = np.repeat(least, np.diff(starts, append=len(left)))
        # What straight distance may order wrongly is measured together.
        trial = found.distance[left] <= least + 2 * chord_slack(least)
        at = left[trial]
        row = found.row[at]
        feet_there = settle(pieces, lon[row], lat[row], found.piece[at], found.along[at])
        holds = np.flatnonzero(_holds(pieces, feet, first, row, feet_there))
        order = holds[np.lexsort((feet_there.chainage[holds], feet_there.distance[holds], row[holds]))]
        settled, where = np.unique(row[order], return_index=True)
        second[settled] = feet_there.chainage[order[where]]
        left = left[~trial]
        left = left[np.isnan(second[found.row[left]])]


def _holds(pieces: Pieces, feet: Feet, first: Space, row: Ints, there: Feet) -> Bools:
    here = to_lonlat(taken(first, row))
    _, _, apart = GEOD.inv(*here, *to_lonlat(pieces.place(there.chainage)))
    distance = feet.distance[row]
    holds: Bools = (there.distance <= _close(distance)) & (apart > _elsewhere(distance))
    return holds
