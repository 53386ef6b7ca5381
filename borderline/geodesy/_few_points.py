"""
Search for few points, each by itself: 210 points take a third of the time that a tree of them takes.

Every point goes down the tree of chords, some levels at a time. The rules are those of
the dual-tree search with cells of radius 0, so the candidates that matter are the same.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from .._constants import Bools, Floats, Ints
from ._dual_tree import Candidates
from ._geocentric import Vectors
from ._pieces import Chords, chord_slack

__all__ = ["FEW_POINTS", "FewPoints"]

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
    run: Ints
    #: From the chord's place nearest to the point, to the point, shape (3, n); and how far that is, metres.
    vectors: Floats
    distance: Floats
    #: How far that place is from the farther end of the chord, and the run from the chord, metres.
    reach: Floats
    deviation: Floats


_Rule: TypeAlias = Callable[[_Pairs], Bools]


class FewPoints:
    """Points to search one by one."""

    def __init__(self, points: Vectors, levels: list[Chords]) -> None:
        """
        Take points and the tree of chords.

        Parameters
        ----------
        points
            One or more.
        levels
            The line's pieces in runs, single pieces first.
        """
        self._xyz = np.stack(points)
        self._levels = levels

    def find_nearest(self) -> Candidates | None:
        """
        Find the pieces that may hold the nearest place to each point.

        Returns
        -------
        candidates
            One or more a point; None where there would be too many.
        """
        points = np.arange(self._xyz.shape[1])

        def may_be_nearest(pairs: _Pairs) -> Bools:
            starts = np.searchsorted(pairs.point, points)
            nearest = np.minimum.reduceat(pairs.distance + pairs.deviation, starts)
            limit = nearest + chord_slack(nearest) + ROUNDING_M
            kept: Bools = pairs.distance - pairs.deviation <= limit.take(pairs.point)
            return kept

        return self._search_levels(may_be_nearest)

    def find_elsewhere(self, within: Floats, feet: Vectors, separation: Floats) -> Candidates | None:
        """
        Find the pieces that may hold a place near each point, but away from its foot.

        Parameters
        ----------
        within
            How far the place may be from each point, straight metres.
        feet
            The foot of each point.
        separation
            How far the place must be from it, straight metres.

        Returns
        -------
        candidates
            None where there would be too many.
        """
        from_foot = self._xyz - np.stack(feet)
        within, separation = within + ROUNDING_M, separation - ROUNDING_M

        def may_be_elsewhere(pairs: _Pairs) -> Bools:
            kept: Bools = pairs.distance - pairs.deviation <= within.take(pairs.point)
            farthest = _column_norms(from_foot.take(pairs.point, axis=1) - pairs.vectors)
            farthest += pairs.reach + pairs.deviation
            kept &= farthest >= separation.take(pairs.point)
            return kept

        return self._search_levels(may_be_elsewhere)

    @functools.cached_property
    def _top_pairs(self) -> tuple[int, _Pairs]:
        """Every point with every run of the level where the search starts."""
        level = next(i for i, chords in enumerate(self._levels) if len(chords) <= TOP_RUNS)
        count, runs = self._xyz.shape[1], len(self._levels[level])
        return level, self._pair_runs(level, np.arange(count).repeat(runs), np.tile(np.arange(runs), count))

    def _search_levels(self, rule: _Rule) -> Candidates | None:
        """Return the pieces that a rule leaves to each point; it must keep a run that holds one it keeps."""
        level, pairs = self._top_pairs
        while True:
            kept = np.flatnonzero(rule(pairs))
            point, run = pairs.point.take(kept), pairs.run.take(kept)
            if level == 0:
                counts = np.bincount(point, minlength=self._xyz.shape[1])
                return Candidates(run, np.cumsum(counts) - counts, counts)
            parts = 2 ** min(LEVELS_AT_ONCE, level)
            if len(run) * parts > MAX_PAIRS:
                return None
            level -= min(LEVELS_AT_ONCE, level)
            point = point.repeat(parts)
            run = (run[:, np.newaxis] * parts + np.arange(parts)).ravel()
            exists = run < len(self._levels[level])
            if not exists.all():
                point, run = point[exists], run[exists]
            pairs = self._pair_runs(level, point, run)

    def _pair_runs(self, level: int, point: Ints, run: Ints) -> _Pairs:
        """Measure points from chords, in fewer steps than `Chords.shortest_vectors`."""
        chords = self._levels[level]
        vectors, unit = self._xyz.take(point, axis=1), chords.unit_xyz.take(run, axis=1)
        vectors -= chords.start_xyz.take(run, axis=1)
        length = chords.length.take(run)
        along = np.einsum("ij,ij->j", vectors, unit)
        np.maximum(along, 0.0, out=along)
        np.minimum(along, length, out=along)
        unit *= along
        vectors -= unit
        length -= along
        reach = np.maximum(along, length, out=along)
        return _Pairs(point, run, vectors, _column_norms(vectors), reach, chords.deviation.take(run))


def _column_norms(vectors: Floats) -> Floats:
    square = np.einsum("ij,ij->j", vectors, vectors)
    norms: Floats = np.sqrt(square, out=square)
    return norms
