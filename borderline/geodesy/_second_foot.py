"""Second feet: places elsewhere on the line that are nearly as near as the first foot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._constants import GEOD, WGS84_RADIUS_M, Bools, Floats, Ints
from ._dual_tree import Candidates, PointTree, build_tree, search_tree
from ._few_points import FewPoints
from ._foot_refinement import Feet, refine_feet
from ._geocentric import Vectors, dot, norm, repeat_rows, subtract, take_rows, to_lonlat
from ._nearest_piece import may_compete
from ._pieces import Chords, Pieces, chord_slack

__all__ = ["FootedPoints", "find_second_feet"]

#: A second foot is farther than the first by no more than this, metres, or this share.
CLOSE_M, CLOSE_SHARE = 50.0, 0.01

#: It lies farther from the first than this, metres, and than this share of the distance.
ELSEWHERE_M, ELSEWHERE_SHARE = 1_000.0, 0.5

#: On a line of no more pieces than this, all places elsewhere are searched at once.
FEW_PIECES = 32_768

#: Pairs of a point and a piece compared at a time.
BLOCK = 262_144


@dataclass(frozen=True, eq=False)
class FootedPoints:
    """Points and their first feet."""

    #: The points in space, and in degrees.
    points: Vectors
    lon: Floats
    lat: Floats
    #: Their first feet, and the places of those.
    feet: Feet
    first: Vectors

    def take(self, rows: Ints) -> FootedPoints:
        """Return some of the points."""
        points, first = take_rows(self.points, rows), take_rows(self.first, rows)
        return FootedPoints(points, self.lon.take(rows), self.lat.take(rows), self.feet.take(rows), first)


def find_second_feet(pieces: Pieces, footed: FootedPoints, index: PointTree | FewPoints) -> Floats:
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
    footed
        The points, in the order of the index.
    index
        The points, to be searched.

    Returns
    -------
    chainage
        Metres, in the same order; NaN where there is no second foot.
    """
    if isinstance(index, PointTree):
        return _search_tree(pieces, footed, index)
    if len(pieces) <= FEW_PIECES:
        distance = footed.feet.distance
        separation = _min_chord(_min_separation(distance))
        candidates = index.find_elsewhere(_max_distance(distance), footed.first, separation)
        if candidates is not None:
            rows = np.arange(len(footed.lon))
            second, _ = _try_candidates(pieces, footed, rows, candidates, every_place=True)
            return second
    tree = build_tree(footed.points, pieces.mean_chord_m)
    second = np.empty(len(footed.lon))
    second[tree.order] = _search_tree(pieces, footed.take(tree.order), tree)
    return second


def _search_tree(pieces: Pieces, footed: FootedPoints, tree: PointTree) -> Floats:
    """Find second feet of points in the order of a tree."""
    every_place = len(pieces) <= FEW_PIECES
    rule = _SecondFootRule(tree, footed.feet.distance, footed.first, every_place=every_place)
    rows, candidates = search_tree(tree, pieces.levels, rule)
    second, unsure = _try_candidates(pieces, footed, rows, candidates, every_place=every_place)
    if len(unsure) and not every_place:
        few = footed.take(unsure)
        subtree = build_tree(few.points, pieces.mean_chord_m)
        few = few.take(subtree.order)
        rule = _SecondFootRule(subtree, few.feet.distance, few.first, every_place=True)
        second[unsure.take(subtree.order)], _ = _try_candidates(
            pieces, few, *search_tree(subtree, pieces.levels, rule), every_place=True
        )
    return second


def _try_candidates(
    pieces: Pieces, footed: FootedPoints, rows: Ints, candidates: Candidates, *, every_place: bool
) -> tuple[Floats, Ints]:
    """
    Return the second foot of each point among its candidates, and the points that are unsure.

    Of the candidates all places are tried, or the nearest elsewhere alone. That one is nearly
    always a local minimum, and then the second foot. Where it is none, as at the rim of what
    counts as elsewhere, the point is unsure.
    """
    second = np.full(len(footed.lon), np.nan)
    batch = np.cumsum(candidates.count) // BLOCK
    tried = [np.zeros(0, dtype=np.int64)]
    for part in np.split(np.arange(len(rows)), np.flatnonzero(np.diff(batch)) + 1) if len(rows) else []:
        point, piece = candidates.take(part).pairs()
        elsewhere = _select_elsewhere(pieces, footed, rows[part].take(point), piece)
        if not len(elsewhere.row):
            continue
        tried.append(elsewhere.row[np.flatnonzero(np.diff(elsewhere.row, prepend=-1))])
        minima = _select_minima(
            pieces, footed.points, elsewhere if every_place else _select_nearest(elsewhere)
        )
        _accept_nearest(pieces, footed, minima, second)
    tried_rows = np.concatenate(tried)
    return second, tried_rows[np.isnan(second[tried_rows])]


def _max_distance(distance: Floats) -> Floats:
    """Return how far a second foot may be from the point, metres."""
    limit: Floats = distance + np.maximum(CLOSE_M, CLOSE_SHARE * distance)
    return limit


def _min_separation(distance: Floats) -> Floats:
    """Return how far from the first a second foot must be, metres."""
    return np.maximum(ELSEWHERE_M, ELSEWHERE_SHARE * distance)


def _min_chord(arc: Floats) -> Floats:
    """Return a lower bound of the straight distance that arcs of this length span."""
    half = np.minimum(arc / (2 * WGS84_RADIUS_M), np.pi / 2)
    chord: Floats = 0.99 * 2 * WGS84_RADIUS_M * np.sin(half)
    return chord


class _SecondFootRule:
    """Keep the runs that may hold a second foot of some point of a cell."""

    def __init__(self, tree: PointTree, distance: Floats, first: Vectors, *, every_place: bool) -> None:
        spread = [tree.reduce(column, np.maximum) - tree.reduce(column, np.minimum) for column in first]
        largest = tree.reduce(distance, np.maximum)
        self._tree, self._every_place = tree, every_place
        #: The first foot of one point of each cell, and where the cell's centre is from there.
        foot = take_rows(first, tree.start)
        self._from_foot = subtract(tree.centre, foot)
        self._near = norm(self._from_foot)
        #: How far from that foot, straight, a second foot of any point of the cell is at the least.
        wide = norm((spread[0], spread[1], spread[2]))
        self._apart = _min_chord(_min_separation(tree.reduce(distance, np.minimum))) - wide
        #: How far from it a place is elsewhere for all points of the cell.
        self._surely = _min_separation(largest) + wide
        arc = 1.02 * (self._near + tree.radius) ** 3 / (24 * WGS84_RADIUS_M**2)
        self._margin = _max_distance(largest) - largest + arc + 1e-3

    def __call__(self, cell: Ints, count: Ints, starts: Ints, chords: Chords, run: Ints) -> Bools:
        vectors, along = chords.shortest_vectors(repeat_rows(take_rows(self._tree.centre, cell), count), run)
        deviation, chord = chords.deviation.take(run), chords.length.take(run)
        apart = subtract(repeat_rows(take_rows(self._from_foot, cell), count), vectors)
        separation = norm(apart)
        reach = np.maximum(along, chord - along) + deviation
        kept: Bools = separation + reach >= np.repeat(self._apart[cell], count)
        radius, near, margin = self._tree.radius[cell], self._near[cell], self._margin[cell]
        distance = norm(vectors)
        if not self._every_place:
            # Compared with the run that is nearest among those that are surely elsewhere.
            surely = separation - reach > np.repeat(self._surely[cell], count)
            farthest = np.where(surely, distance + deviation, np.inf)
            least = np.minimum.reduceat(farthest, starts)
            tied = np.flatnonzero(farthest == np.repeat(least, count))
            best = tied[np.searchsorted(tied, starts)]
            further = deviation[best] + 2 * chord_slack(distance[best] + radius)
            further[np.isinf(least)] = np.inf
            from_best = subtract(repeat_rows(take_rows(vectors, best), count), vectors)
            kept &= may_compete(
                distance.copy(), deviation, chord, from_best, radius, distance[best], further, count
            )
        kept &= may_compete(distance, deviation, chord, apart, radius, near, margin, count)
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

    def take(self, rows: Ints) -> _Places:
        """Keep some."""
        return _Places(self.row[rows], self.piece[rows], self.along[rows], self.distance[rows])


def _select_elsewhere(pieces: Pieces, footed: FootedPoints, row: Ints, piece: Ints) -> _Places:
    """Return the places that are near enough to the point and far enough from the first foot."""
    distance, along = pieces.straight_distance(take_rows(footed.points, row), piece)
    near = np.flatnonzero(distance <= _max_distance(footed.feet.distance.take(row)))
    places = _Places(row, piece, along, distance).take(near)
    separation = norm(
        subtract(pieces.place_on(places.piece, places.along), take_rows(footed.first, places.row))
    )
    least = _min_chord(_min_separation(footed.feet.distance.take(places.row)))
    return places.take(np.flatnonzero(separation >= least))


def _select_nearest(places: _Places) -> _Places:
    """Keep the nearest of each point, and those that straight distance may order wrongly."""
    if not len(places.row):
        return places
    starts = np.flatnonzero(np.diff(places.row, prepend=-1))
    least = np.minimum.reduceat(places.distance, starts)
    limit = np.repeat(least + 2 * chord_slack(least), np.diff(starts, append=len(places.row)))
    return places.take(np.flatnonzero(places.distance <= limit))


def _select_minima(pieces: Pieces, points: Vectors, places: _Places) -> _Places:
    """Keep the local minima of straight distance along the line."""
    piece, along = places.piece, places.along
    at_start, at_end = along <= 0, along >= pieces.chord[piece]
    # A corner counts once, with the piece that ends there, and only if the next one leads away.
    following = np.minimum(piece + 1, len(pieces) - 1)
    from_corner = subtract(take_rows(points, places.row), take_rows(pieces.ends, piece + 1))
    onward = dot(from_corner, take_rows(pieces.unit, following))
    lowest = np.where(at_end, (onward <= 0) | (piece + 1 == len(pieces)), ~at_start | (piece == 0))
    return places.take(np.flatnonzero(lowest))


def _accept_nearest(pieces: Pieces, footed: FootedPoints, minima: _Places, second: Floats) -> None:
    """Write into `second` the nearest minimum of each point that qualifies when measured by geodesic."""
    left = np.arange(len(minima.row))
    while len(left):
        starts = np.flatnonzero(np.diff(minima.row[left], prepend=-1))
        least = np.minimum.reduceat(minima.distance[left], starts)
        least = np.repeat(least, np.diff(starts, append=len(left)))
        # What straight distance may order wrongly is measured together.
        is_trial = minima.distance[left] <= least + 2 * chord_slack(least)
        trial = minima.take(left[is_trial])
        row = trial.row
        refined = refine_feet(pieces, footed.lon[row], footed.lat[row], trial.piece, trial.along)
        accepted = np.flatnonzero(_is_second_foot(pieces, footed, row, refined))
        order = accepted[np.lexsort((refined.chainage[accepted], refined.distance[accepted], row[accepted]))]
        settled, position = np.unique(row[order], return_index=True)
        second[settled] = refined.chainage[order[position]]
        left = left[~is_trial]
        left = left[np.isnan(second[minima.row[left]])]


def _is_second_foot(pieces: Pieces, footed: FootedPoints, row: Ints, refined: Feet) -> Bools:
    first_lonlat = to_lonlat(take_rows(footed.first, row))
    refined_lonlat = to_lonlat(pieces.interpolate(refined.chainage))
    _, _, separation = GEOD.inv(*first_lonlat, *refined_lonlat)
    distance = footed.feet.distance[row]
    qualifies: Bools = (refined.distance <= _max_distance(distance)) & (
        separation > _min_separation(distance)
    )
    return qualifies
