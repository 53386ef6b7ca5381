"""Runs of a line's pieces, halved again and again: what lets a search skip most of the line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._constants import Floats, Ints
from ._space import Space, between, dot, length, scale, taken

__all__ = ["Run", "make_runs"]

#: How far runs of more pieces than this stray is bounded by how far their halves do.
EXACT = 64

#: Covers rounding, metres.
ROUNDING_M = 1e-6


@dataclass(frozen=True, eq=False)
class Run:
    """Consecutive pieces in runs of ``2 ** level``, each as the chord from its start to its end."""

    #: Where the run starts.
    start: Space
    #: Direction of the chord; nought where the run ends where it starts.
    unit: Space
    #: Length of the chord, metres.
    chord: Floats
    #: How far the run strays from the chord at most, metres.
    aside: Floats

    def __len__(self) -> int:
        """Count the runs."""
        return len(self.chord)

    def gap(self, points: Space, at: Ints) -> tuple[Space, Floats]:
        """
        Measure from chords to points.

        Parameters
        ----------
        points
            One for each run.
        at
            Which run.

        Returns
        -------
        gap
            From the nearest place of the chord to the point.
        along
            Metres from the start of the chord to that place.
        """
        reach = between(points, taken(self.start, at))
        unit = taken(self.unit, at)
        along = dot(reach, unit)
        np.clip(along, 0.0, self.chord.take(at), out=along)
        return between(reach, scale(unit, along)), along


def make_runs(ends: Space, unit: Space, chord: Floats) -> list[Run]:
    """
    Cut pieces into runs.

    Parameters
    ----------
    ends
        The ends of the pieces, one more than there are pieces.
    unit
        Direction of each piece.
    chord
        Straight length of each piece, metres.

    Returns
    -------
    runs
        One value a level; run i of a level holds the runs 2 i and 2 i + 1 of the one below.
    """
    count = len(chord)
    start = (ends[0][:-1], ends[1][:-1], ends[2][:-1])
    runs = [Run(start, unit, chord, np.zeros(count))]
    step = 1
    while len(runs[-1]) > 1:
        step *= 2
        first = np.arange(0, count, step)
        start, stop = taken(ends, first), taken(ends, np.minimum(first + step, count))
        vector = between(stop, start)
        straight = length(vector)
        bare = Run(start, scale(vector, 1.0 / np.maximum(straight, ROUNDING_M)), straight, straight)
        aside = _aside(bare, ends, first, count) if step <= EXACT else _aside_of_halves(bare, runs[-1])
        runs.append(Run(start, bare.unit, straight, aside + ROUNDING_M))
    return runs


def _aside(run: Run, ends: Space, first: Ints, count: int) -> Floats:
    """Measure how far the farthest end of a piece is from the chord of its run."""
    each = np.diff(first, append=count)
    gap, _ = run.gap((ends[0][:-1], ends[1][:-1], ends[2][:-1]), np.repeat(np.arange(len(first)), each))
    aside: Floats = np.maximum.reduceat(length(gap), first)
    return aside


def _aside_of_halves(run: Run, halves: Run) -> Floats:
    """Bound it: the halves stray from their own chords, and those meet beside that of the run."""
    middle = np.arange(1, len(halves), 2)
    gap, _ = run.gap(taken(halves.start, middle), np.arange(len(middle)))
    aside = np.maximum.reduceat(halves.aside, np.arange(0, len(halves), 2))
    aside[: len(middle)] += length(gap)
    return aside
