"""Runs of a line's points, halved again and again: what lets a search skip most of the line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._constants import Floats
from ._space import Space, between, dot, repeated, taken

__all__ = ["Run", "make_runs"]


@dataclass(frozen=True, eq=False)
class Run:
    """Consecutive points in runs of ``2 ** level``; one value a run."""

    #: A point of the line near the middle of the run, metres.
    middle: Space
    #: How far the farthest point of the run is from it, metres.
    radius: Floats
    #: A quarter of the squared length of the longest piece that touches the run.
    bulge: Floats

    def __len__(self) -> int:
        """Count the runs."""
        return len(self.radius)


def make_runs(ends: Space, chord: Floats) -> list[Run]:
    """
    Cut the ends of pieces into runs.

    Parameters
    ----------
    ends
        The ends, one more than there are pieces.
    chord
        Straight length of each piece, shape (m,).

    Returns
    -------
    runs
        One value a level; run i of a level holds the runs 2 i and 2 i + 1 of the one below.
    """
    longest = np.maximum(np.append(chord, 0.0), np.insert(chord, 0, 0.0)) ** 2 / 4
    count = len(longest)
    runs = [Run(ends, np.zeros(count), longest)]
    step = 1
    while len(runs[-1]) > 1:
        step *= 2
        first = np.arange(0, count, step)
        middle = taken(ends, np.minimum(first + step // 2, count - 1))
        gap = between(ends, repeated(middle, np.diff(first, append=count)))
        radius = np.sqrt(np.maximum.reduceat(dot(gap, gap), first))
        runs.append(Run(middle, radius, np.maximum.reduceat(longest, first)))
    return runs
