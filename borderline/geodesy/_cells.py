"""Points in cells that halve again and again, each cell with the ball that holds its points."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .._constants import Floats, Ints
from ._space import Space, length, ragged, taken

__all__ = ["Cells", "make_cells", "near_together"]

#: Halvings at most: three coordinates of 21 bits fill a key.
DEEPEST = 21

#: A cell of this many points or fewer is not cut further once it is small.
FEW = 8

#: Cells smaller than so many typical pieces are small.
SMALL = 64.0


#: The bits of each byte with a nought before each.
_SPREAD = np.array([int(f"{byte:b}", 4) for byte in range(256)], dtype=np.uint16)


@dataclass(frozen=True, eq=False)
class Cells:
    """Points in order, and the cells they lie in: the whole first, then smaller and smaller ones."""

    #: Which point comes where.
    order: Ints
    #: The points in this order.
    points: Space
    #: Where the points of each cell start, and how many they are.
    start: Ints
    count: Ints
    #: The first of the cells it is cut into, and how many they are; 0 for the smallest.
    child: Ints
    children: Ints
    #: Middle of the box round its points.
    centre: Space
    #: Half the diagonal of that box, metres.
    radius: Floats
    #: The cells that are not cut, in the order of their points.
    whole: Ints
    #: The cells of each size that are cut, the smallest first.
    cut: list[Ints]

    def summed(self, values: Floats, ufunc: np.ufunc) -> Floats:
        """
        Reduce one value a point to one value a cell.

        Parameters
        ----------
        values
            One a point, in the order of the cells.
        ufunc
            ``np.minimum`` or ``np.maximum``.

        Returns
        -------
        reduced
            One a cell.
        """
        reduced = np.empty(len(self.start))
        reduced[self.whole] = ufunc.reduceat(values, self.start[self.whole])
        for cells in self.cut:
            first, last = self.child[cells[0]], self.child[cells[-1]] + self.children[cells[-1]]
            reduced[cells] = ufunc.reduceat(reduced[first:last], self.child[cells] - first)
        return reduced


def make_cells(points: Space, smallest: float) -> Cells:
    """
    Sort points into cells.

    Parameters
    ----------
    points
        One or more.
    smallest
        Edge below which a cell is not cut, metres.

    Returns
    -------
    cells
        The points in the order of a Morton curve.
    """
    low = [float(column.min()) for column in points]
    edge = max(float(column.max()) - least for column, least in zip(points, low, strict=True))
    depth = int(np.clip(np.ceil(np.log2(max(edge, 1e-3) / smallest)), 0, DEEPEST))
    key = _key(points, low, (2**depth - 1e-6) / max(edge, 1e-3))
    order = np.argsort(key)
    points, key = taken(points, order), key.take(order)
    starts, counts, children = _halve(key, depth, edge / smallest)
    return _tree(order, points, starts, counts, children)


def _halve(key: NDArray[np.uint64], depth: int, edge: float) -> tuple[list[Ints], list[Ints], list[Ints]]:
    """
    Cut sorted keys into cells of one size after the other.

    Gives where the cells of each size start, how many keys they hold and into how many
    they are cut; a cell that is not cut has no part in the next size.
    """
    parted = np.full(len(key), depth + 1, dtype=np.int8)
    differs = key[1:] ^ key[:-1]
    parted[1:] = depth - (np.frexp(differs.astype(np.float64))[1] - 1) // 3
    parted[1:][differs == 0] = depth + 1
    parted[0] = 0
    start, count = np.zeros(1, dtype=np.int64), np.array([len(key)])
    starts, counts, children = [start], [count], []
    for each in range(1, depth + 1):
        many = count > (FEW if edge / 2**each < SMALL else 1)
        if not many.any():
            break
        parted[ragged(start[~many], count[~many])] = depth + 1
        above, end = start[many], (start + count)[many]
        start = np.flatnonzero(parted <= each)
        holder = np.searchsorted(above, start, side="right") - 1
        count = np.minimum(np.append(start[1:], len(key)), end[holder]) - start
        parts = np.zeros(len(many), dtype=np.int64)
        parts[many] = np.bincount(holder, minlength=len(above))
        starts.append(start)
        counts.append(count)
        children.append(parts)
    return starts, counts, [*children, np.zeros(len(start), dtype=np.int64)]


def near_together(lon: Floats, lat: Floats, most: int) -> list[Ints]:
    """
    Share out points so that those of one share lie near together.

    Parameters
    ----------
    lon, lat
        Degrees; NaN marks a missing point.
    most
        Points of a share, at most.

    Returns
    -------
    shares
        Positions, without those of missing points; of about equal length.
    """
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    shares = -(-len(known) // most)
    if shares > 1:
        key = _spread(lon.take(known)) | (_spread(lat.take(known)) << np.uint16(1))
        known = known.take(np.argsort(key, kind="stable"))
    return np.array_split(known, shares) if shares else []


def _spread(degrees: Floats) -> NDArray[np.uint16]:
    """Count in 255 steps from the lowest to the highest; a nought before each bit."""
    steps = degrees - degrees.min()
    steps *= 255.0 / max(float(steps.max()), 1e-9)
    spread: NDArray[np.uint16] = _SPREAD.take(steps.astype(np.uint8))
    return spread


def _tree(order: Ints, points: Space, starts: list[Ints], counts: list[Ints], children: list[Ints]) -> Cells:
    """Tie the cells of all sizes together, with a ball round the points of each."""
    sizes = np.cumsum([0, *(len(each) for each in starts)])
    start, count, parts = np.concatenate(starts), np.concatenate(counts), np.concatenate(children)
    child = 1 + np.cumsum(parts) - parts
    whole = np.flatnonzero(parts == 0)
    whole = whole[np.argsort(start[whole])]
    cut = [first + np.flatnonzero(each) for first, each in zip(sizes[:-1].tolist(), children, strict=True)]
    bare = np.zeros(0)
    cells = Cells(order, points, start, count, child, parts, (bare, bare, bare), bare, whole, cut[-2::-1])
    low = [cells.summed(column, np.minimum) for column in points]
    high = [cells.summed(column, np.maximum) for column in points]
    x, y, z = ((least + most) / 2 for least, most in zip(low, high, strict=True))
    across, along, up = (most - least for least, most in zip(low, high, strict=True))
    return replace(cells, centre=(x, y, z), radius=length((across, along, up)) / 2)


def _key(points: Space, low: list[float], scale: float) -> NDArray[np.uint64]:
    """Interleave the bits of three coordinates, counted from the lowest in units of a scale."""
    key = np.zeros(len(points[0]), dtype=np.uint64)
    for axis, (column, least) in enumerate(zip(points, low, strict=True)):
        bits = ((column - least) * scale).astype(np.uint64)
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
