"""The descent: cells of points against runs of a line, both cut until a rule leaves few pairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .._constants import Bools, Ints
from ._cells import Cells
from ._runs import Run

__all__ = ["Pairs", "Rule", "descend", "ragged"]

#: Tells which pairs of a cell and a run to keep. Is given the cells, which of them each pair
#: is of, where the pairs of each cell start, the runs and which of them each pair is of.
Rule = Callable[[Ints, Ints, Ints, Run, Ints], Bools]

#: A cell is cut while it has as many runs, and as many pairs of a point and a run.
MANY_RUNS, MANY_PAIRS = 6, 128

#: Pairs the rule is asked about at a time: what it needs stays in the processor's cache.
BLOCK = 16_384

#: Cuts of cells after the runs have become single points.
LAST_CUTS = 4


@dataclass(frozen=True, eq=False)
class Pairs:
    """Cells and the points of the line left to them, cell after cell."""

    #: The cells, in the order of their points.
    cells: Ints
    #: Points of the line, sorted within each cell.
    ends: Ints
    #: How many of them each cell has.
    count: Ints


def descend(cells: Cells, runs: list[Run], rule: Rule) -> Pairs:
    """
    Pair cells with the points of a line that a rule leaves them.

    Parameters
    ----------
    cells
        Points in cells.
    runs
        The line's points in runs, single points first.
    rule
        Is asked at every step, and must keep a run that holds a point it would keep.

    Returns
    -------
    pairs
        Cells to which nothing is left are left out.
    """
    top = runs[-1]
    cell = np.zeros(1, dtype=np.int64)
    pairs = _keep(rule, cell, top, np.arange(len(top)), np.array([len(top)]))
    for level in runs[-2::-1]:
        pairs, _ = _cut_cells(cells, pairs)
        run = (2 * pairs.ends[:, None] + np.arange(2)).ravel()
        count = 2 * pairs.count
        if len(run) and run.max() >= len(level):
            over = np.repeat(np.arange(len(count)), count)[run >= len(level)]
            count -= np.bincount(over, minlength=len(count))
            run = run[run < len(level)]
        pairs = _keep(rule, pairs.cells, level, run, count)
    for _ in range(LAST_CUTS):
        pairs, any_cut = _cut_cells(cells, pairs)
        if not any_cut:
            break
        pairs = _keep(rule, pairs.cells, runs[0], pairs.ends, pairs.count)
    return pairs


def _keep(rule: Rule, cell: Ints, level: Run, run: Ints, count: Ints) -> Pairs:
    """Ask the rule, a block of cells at a time, and drop what it drops."""
    last = np.cumsum(count)
    kept = np.empty(len(run), dtype=np.bool_)
    left = np.empty(len(cell), dtype=np.int64)
    first = 0
    while first < len(cell):
        start = int(last[first] - count[first])
        end = max(int(np.searchsorted(last, start + BLOCK, side="right")), first + 1)
        stop = int(last[end - 1])
        owner = np.repeat(np.arange(end - first), count[first:end])
        starts = last[first:end] - count[first:end] - start
        keeps = rule(cell[first:end], owner, starts, level, run[start:stop])
        kept[start:stop] = keeps
        left[first:end] = np.bincount(owner[keeps], minlength=end - first)
        first = end
    alive = np.flatnonzero(left)
    return Pairs(cell[alive], run[kept], left[alive])


def _cut_cells(cells: Cells, pairs: Pairs) -> tuple[Pairs, bool]:
    """Cut the cells for which it pays; hand their runs to the parts."""
    cell, count = pairs.cells, pairs.count
    cut = (count >= MANY_RUNS) & (count * cells.count[cell] >= MANY_PAIRS) & (cells.children[cell] > 0)
    cut &= cells.radius[cell] > 0
    if not cut.any():
        return pairs, False
    parts = np.where(cut, cells.children[cell], 1)
    new = ragged(np.where(cut, cells.child[cell], cell), parts)
    each = np.repeat(count, parts)
    first = np.repeat(np.cumsum(count) - count, parts)
    return Pairs(new, pairs.ends[ragged(first, each)], each), True


def ragged(first: Ints, count: Ints) -> Ints:
    """
    List positions of ranges one after the other.

    Parameters
    ----------
    first, count
        Where each range starts, and how many positions it has.

    Returns
    -------
    positions
        ``count.sum()`` of them.
    """
    before = np.cumsum(count) - count
    positions: Ints = np.repeat(first - before, count) + np.arange(int(count.sum()))
    return positions
