"""Points in cells that halve again and again, each cell with the ball that holds its points."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .._constants import Floats, Ints

__all__ = ["Cells", "make_cells"]

#: Halvings at most: three coordinates of 21 bits fill a key.
DEEPEST = 21

#: A cell of this many points or fewer is not cut further once it is small.
FEW = 8

#: Cells smaller than so many typical pieces are small.
SMALL = 64.0


@dataclass(frozen=True, eq=False)
class Cells:
    """Points in order, and the cells they lie in: the whole first, then smaller and smaller ones."""

    #: Which point comes where.
    order: Ints
    #: Earth-centred metres of the points in this order, shape (n, 3).
    points: Floats
    #: Where the points of each cell start, and how many they are.
    start: Ints
    count: Ints
    #: The first of the cells it is cut into, and how many they are; 0 for the smallest.
    child: Ints
    children: Ints
    #: Middle of the box round its points, three columns, metres.
    centre: tuple[Floats, Floats, Floats]
    #: Half the diagonal of that box, metres.
    radius: Floats
    #: Where the cells of each size start.
    sizes: Ints

    def summed(self, values: Floats, ufunc: np.ufunc) -> Floats:
        """
        Reduce one value a point to one value a cell.

        Parameters
        ----------
        values
            One a point, in the order of the cells; shape (n,) or (n, 3).
        ufunc
            ``np.minimum`` or ``np.maximum``.

        Returns
        -------
        reduced
            One a cell.
        """
        parts, below = [], np.arange(len(values))
        for first, last in zip(self.sizes[-2::-1], self.sizes[:0:-1], strict=True):
            start = self.start[first:last]
            at = start if len(below) == len(self.points) else np.searchsorted(below, start)
            values = ufunc.reduceat(values, at)
            parts.append(values)
            below = start
        return np.concatenate(parts[::-1])


def make_cells(points: Floats, smallest: float) -> Cells:
    """
    Sort points into cells.

    Parameters
    ----------
    points
        Earth-centred metres, shape (n, 3), one or more.
    smallest
        Edge below which a cell is not cut, metres.

    Returns
    -------
    cells
        The points in the order of a Morton curve.
    """
    low = points.min(axis=0)
    edge = float((points.max(axis=0) - low).max())
    depth = int(np.clip(np.ceil(np.log2(max(edge, 1e-3) / smallest)), 0, DEEPEST))
    key = _key((points - low) * ((2**depth - 1e-6) / max(edge, 1e-3)))
    order = np.argsort(key)
    points, key = points[order], key[order]
    parted = np.full(len(points), depth + 1, dtype=np.int8)
    differs = key[1:] ^ key[:-1]
    parted[1:] = depth - (np.frexp(differs.astype(np.float64))[1] - 1) // 3
    parted[1:][differs == 0] = depth + 1
    parted[0] = 0
    starts = [np.zeros(1, dtype=np.int64)]
    for each in range(1, depth + 1):
        cut = np.flatnonzero(parted <= each)
        if edge / 2**each < SMALL * smallest:
            cut = _spare_few(cut, starts[-1], len(points))
        starts.append(cut)
    return _tree(order, points, starts)


def _spare_few(cut: Ints, above: Ints, count: int) -> Ints:
    """Leave cells with few points whole: keep their own start, drop the cuts inside."""
    sizes = np.diff(above, append=count)
    holder = np.searchsorted(above, cut, side="right") - 1
    kept: Ints = cut[(sizes[holder] > FEW) | (above[holder] == cut)]
    return kept


def _tree(order: Ints, points: Floats, starts: list[Ints]) -> Cells:
    """Tie the cells of all sizes together, with a ball round the points of each."""
    sizes = np.cumsum([0, *(len(each) for each in starts)])
    start = np.concatenate(starts)
    count = np.concatenate([np.diff(each, append=len(points)) for each in starts])
    firsts = [np.searchsorted(below, each) for each, below in itertools.pairwise(starts)]
    child = np.concatenate(
        [*(size + first for size, first in zip(sizes[1:], firsts, strict=False)), np.zeros_like(starts[-1])]
    )
    children = np.concatenate(
        [
            *(np.diff(first, append=len(below)) for first, below in zip(firsts, starts[1:], strict=True)),
            np.zeros_like(starts[-1]),
        ]
    )
    bare = np.zeros(0)
    cells = Cells(order, points, start, count, child, children, (bare, bare, bare), bare, sizes)
    low, high = cells.summed(points, np.minimum), cells.summed(points, np.maximum)
    span = high - low
    radius = np.sqrt((span * span).sum(axis=1)) / 2
    x, y, z = ((low + high) / 2).T
    centre = (np.ascontiguousarray(x), np.ascontiguousarray(y), np.ascontiguousarray(z))
    return replace(cells, centre=centre, radius=radius)


def _key(scaled: Floats) -> NDArray[np.uint64]:
    """Interleave the bits of three coordinates."""
    key = np.zeros(len(scaled), dtype=np.uint64)
    for axis in range(3):
        bits = scaled[:, axis].astype(np.uint64)
        for shift, mask in (
            (32, 0x1F00000000FFFF),
            (16, 0x1F0000FF0000FF),
            (8, 0x100F00F00F00F00F),
            (4, 0x10C30C30C30C30C3),
            (2, 0x1249249249249249),
        ):
            bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
        key |= bits << np.uint64(axis)
    return key
