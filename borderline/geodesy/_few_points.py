"""
Search for few points, each by itself: 210 points take a third of the time that a tree of them takes.

Every point goes down the tree of chords, some levels at a time. The rules are those of
the dual-tree search with cells of radius 0, so the candidates that matter are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from .._constants import Bools, Floats, Ints
from ._dual_tree import Candidates
from ._geocentric import Vectors
from ._pieces import Chords, chord_slack

__all__ = ["FEW_POINTS", "search_nearest", "search_within"]

#: Fewer points than this are searched each by itself.
FEW_POINTS = 400

#: The search starts at the first level of no more runs than this, and goes down so many levels at once.
TOP_RUNS, LEVELS_AT_ONCE = 32, 3

#: With more pairs of a point and a run than this the search gives up: a tree of points needs fewer.
MAX_PAIRS = 262_144

#: Covers rounding, metres.
ROUNDING_M = 1e-6


class _Pairs(NamedTuple):
    """Pairs of a point and a run of pieces, sorted by both."""

    point: Ints
    #: From the chord's place nearest to the point, to the point; shape (3, n).
    vectors: Floats
    #: Metres from the start of the chord to that place.
    along: Floats
    #: Length of the chord, and how far the run strays from it, metres.
    chord: Floats
    deviation: Floats

    @property
    def distance(self) -> Floats:
        """Metres from the point to the chord."""
        return _column_norms(self.vectors)


_Rule: TypeAlias = Callable[[_Pairs], Bools]


def search_nearest(points: Vectors, levels: list[Chords]) -> Candidates | None:
    """
    Find the pieces that may hold the nearest place to each point.

    Parameters
    ----------
    points
        One or more.
    levels
        The line's pieces in runs, single pieces first.

    Returns
    -------
    candidates
        One or more a point; None where there would be too many.
    """

    def may_be_nearest(pairs: _Pairs) -> Bools:
        distance = pairs.distance
        starts = np.flatnonzero(np.diff(pairs.point, prepend=-1))
        nearest = np.minimum.reduceat(distance + pairs.deviation, starts)
        limit = nearest + chord_slack(nearest) + ROUNDING_M
        kept: Bools = distance - pairs.deviation <= limit.take(pairs.point)
        return kept

    return _descend_levels(np.stack(points), levels, may_be_nearest)


def search_within(
    points: Vectors, levels: list[Chords], reach: Floats, foot: Vectors, separation: Floats
) -> Candidates | None:
    """
    Find the pieces that may hold a place within reach of a point, but away from its foot.

    Parameters
    ----------
    points
        One or more.
    levels
        The line's pieces in runs, single pieces first.
    reach
        How far the place may be from each point, straight metres.
    foot
        The foot of each point.
    separation
        How far the place must be from it, straight metres.

    Returns
    -------
    candidates
        None where there would be too many.
    """
    xyz = np.stack(points)
    from_foot = xyz - np.stack(foot)
    reach, separation = reach + ROUNDING_M, separation - ROUNDING_M

    def may_be_elsewhere(pairs: _Pairs) -> Bools:
        kept: Bools = pairs.distance - pairs.deviation <= reach.take(pairs.point)
        farthest = _column_norms(from_foot.take(pairs.point, axis=1) - pairs.vectors)
        farthest += np.maximum(pairs.along, pairs.chord - pairs.along) + pairs.deviation
        kept &= farthest >= separation.take(pairs.point)
        return kept

    return _descend_levels(xyz, levels, may_be_elsewhere)


def _descend_levels(xyz: Floats, levels: list[Chords], rule: _Rule) -> Candidates | None:
    """Return the pieces that a rule leaves to each point; it must keep a run that holds one it would keep."""
    count = xyz.shape[1]
    level = next(i for i, chords in enumerate(levels) if len(chords) <= TOP_RUNS)
    runs = len(levels[level])
    point, run = np.arange(count).repeat(runs), np.tile(np.arange(runs), count)
    while len(run) <= MAX_PAIRS:
        kept = np.flatnonzero(rule(_measure_pairs(xyz, levels[level], point, run)))
        point, run = point.take(kept), run.take(kept)
        if level == 0:
            counts = np.bincount(point, minlength=count)
            return Candidates(run, np.cumsum(counts) - counts, counts)
        parts = 2 ** min(LEVELS_AT_ONCE, level)
        level -= min(LEVELS_AT_ONCE, level)
        point = point.repeat(parts)
        run = (run[:, np.newaxis] * parts + np.arange(parts)).ravel()
        exists = run < len(levels[level])
        if not exists.all():
            point, run = point[exists], run[exists]
    return None


def _measure_pairs(xyz: Floats, chords: Chords, point: Ints, run: Ints) -> _Pairs:
    """Return the shortest vectors from chords to points, in fewer steps than `Chords.shortest_vectors`."""
    vectors, unit = xyz.take(point, axis=1), chords.unit_xyz.take(run, axis=1)
    vectors -= chords.start_xyz.take(run, axis=1)
    length = chords.length.take(run)
    along = np.einsum("ij,ij->j", vectors, unit)
    np.maximum(along, 0.0, out=along)
    np.minimum(along, length, out=along)
    unit *= along
    vectors -= unit
    return _Pairs(point, vectors, along, length, chords.deviation.take(run))


def _column_norms(vectors: Floats) -> Floats:
    square = np.einsum("ij,ij->j", vectors, vectors)
    norms: Floats = np.sqrt(square, out=square)
    return norms
