"""The descent: cells of points against runs of a line, both cut until a rule leaves few pairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .._constants import Bools, Ints
from ._cells import Cells
from ._runs import Run
from ._space import ragged

__all__ = ["Pairs", "Rule", "descend"]

#: Tells which pairs of a cell and a run to keep. Is given the cells, how many pairs each has,
#: where those start, the runs and which of them each pair is of.
Rule = Callable[[Ints, Ints, Ints, Run, Ints], Bools]

#: A cell is cut while it has as many runs, and as many pairs of a point and a run.
MANY_RUNS, MANY_PAIRS = 6, 128

#: Pairs the rule is asked about at a time: what it needs stays in the processor's cache.
BLOCK = 16_384

#: Cuts of cells after the runs have become single pieces.
LAST_CUTS = 4

#: Those end when what is cut holds less than this share of the pairs of a point and a run.
WORTH_CUT = 0.05


@dataclass(frozen=True, eq=False)
class Pairs:
    """Cells and the runs left to them, cell after cell; in the end those are pieces."""

    #: The cells, in the order of their points.
    cells: Ints
    #: The runs, sorted within each cell.
    runs: Ints
    #: How many of them each cell has.
    count: Ints

    def kept(self, mask: Bools) -> Pairs:
        """Drop pairs, and the cells to which nothing is left."""
        if not len(self.cells):
            return self
        left = np.add.reduceat(mask, np.cumsum(self.count) - self.count, dtype=np.int64)
        alive = np.flatnonzero(left)
        return Pairs(self.cells[alive], self.runs[mask], left[alive])


def descend(cells: Cells, runs: list[Run], rule: Rule) -> Pairs:
    """
    Pair cells with the pieces of a line that a rule leaves them.

    Parameters
    ----------
    cells
        Points in cells.
    runs
        The line's pieces in runs, single pieces first.
    rule
        Is asked at every step, and must keep a run that holds a piece it would keep.

    Returns
    -------
    pairs
        Cells to which nothing is left are left out.
    """
    top = runs[-1]
    pairs = Pairs(np.zeros(1, dtype=np.int64), np.arange(len(top)), np.array([len(top)]))
    pairs = pairs.kept(_ask(rule, top, pairs))
    for level in runs[-2::-1]:
        pairs = _cut_runs(_cut_cells(cells, pairs, _worth_cutting(cells, pairs)), len(level))
        pairs = pairs.kept(_ask(rule, level, pairs))
    for _ in range(LAST_CUTS):
        cut = _worth_cutting(cells, pairs)
        load = pairs.count * cells.count[pairs.cells]
        if load[cut].sum() <= WORTH_CUT * load.sum():
            break
        parts = np.where(cut, cells.children[pairs.cells], 1)
        pairs = _cut_cells(cells, pairs, cut)
        asked = np.repeat(cut, parts)
        at = np.repeat(asked, pairs.count)
        kept = np.ones(len(at), dtype=np.bool_)
        kept[at] = _ask(rule, runs[0], Pairs(pairs.cells[asked], pairs.runs[at], pairs.count[asked]))
        pairs = pairs.kept(kept)
    return pairs


def _ask(rule: Rule, level: Run, pairs: Pairs) -> Bools:
    """Ask the rule about pairs, a block of cells at a time."""
    last = np.cumsum(pairs.count)
    kept = np.empty(len(pairs.runs), dtype=np.bool_)
    first = 0
    while first < len(last):
        start = int(last[first] - pairs.count[first])
        end = max(int(np.searchsorted(last, start + BLOCK, side="right")), first + 1)
        stop = int(last[end - 1])
        count = pairs.count[first:end]
        starts = last[first:end] - count - start
        kept[start:stop] = rule(pairs.cells[first:end], count, starts, level, pairs.runs[start:stop])
        first = end
    return kept


def _worth_cutting(cells: Cells, pairs: Pairs) -> Bools:
    """Tell which cells it pays to cut."""
    cell, count = pairs.cells, pairs.count
    cut: Bools = (count >= MANY_RUNS) & (count * cells.count[cell] >= MANY_PAIRS)
    cut &= (cells.children[cell] > 0) & (cells.radius[cell] > 0)
    return cut


def _cut_cells(cells: Cells, pairs: Pairs, cut: Bools) -> Pairs:
    """Cut cells; hand their runs to the parts."""
    if not cut.any():
        return pairs
    cell, count = pairs.cells, pairs.count
    parts = np.where(cut, cells.children[cell], 1)
    new = ragged(np.where(cut, cells.child[cell], cell), parts)
    each = np.repeat(count, parts)
    first = np.repeat(np.cumsum(count) - count, parts)
    return Pairs(new, pairs.runs.take(ragged(first, each)), each)


def _cut_runs(pairs: Pairs, most: int) -> Pairs:
    """Cut every run in two; of the last one there may be one half only."""
    halves = np.empty(2 * len(pairs.runs), dtype=np.int64)
    np.multiply(pairs.runs, 2, out=halves[0::2])
    np.add(halves[0::2], 1, out=halves[1::2])
    count = 2 * pairs.count
    if len(halves) and halves.max() >= most:
        over = halves >= most
        count -= np.add.reduceat(over, np.cumsum(count) - count, dtype=np.int64)
        halves = halves[~over]
    return Pairs(pairs.cells, halves, count)
