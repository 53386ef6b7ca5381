"""A grid over areas whose cells, but those near a boundary, are known to lie in one area or in none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from .._constants import Floats, Ints

__all__ = ["UNSETTLED", "Cells", "settled_cells"]

#: Stands for a cell that a boundary may cross.
UNSETTLED: Final = -2

#: Cells along the longer side of the box round all areas.
_CELLS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Cells:
    """The area that each cell lies in: its position, -1 for none, `UNSETTLED` near a boundary."""

    #: South-western corner, degrees.
    west: float
    south: float
    #: Side of a cell, degrees.
    side: float
    #: One row for each parallel, from the south.
    inside: npt.NDArray[np.int32]

    def look_up(self, lon: Floats, lat: Floats) -> Ints:
        """Return what the cell of each point lies in; the points must lie in the box round the areas."""
        area = self.inside[_cell_number(lat, self.south, self.side), _cell_number(lon, self.west, self.side)]
        return area.astype(np.int64)


def settled_cells(areas: npt.NDArray[np.object_], held: Callable[[Floats, Floats], Ints]) -> Cells:
    """
    Lay a grid over areas.

    Cells that no boundary comes near and that touch one another lie in the same areas, so one
    point of each such patch tells where all its points are.

    Parameters
    ----------
    areas
        Polygons in longitude and latitude.
    held
        Finds the area that holds each point, from longitudes and latitudes.

    Returns
    -------
    cells
        The grid.
    """
    from scipy import ndimage  # noqa: PLC0415 - few inputs are large enough to need it

    west, south, east, north = shapely.total_bounds(areas)
    side = max(east - west, north - south, 1e-9) / _CELLS
    shape = (_cell_number(north, south, side) + 1, _cell_number(east, west, side) + 1)
    # Vertices less than a cell apart: marking the cells round each marks all that an edge enters.
    boundary = shapely.segmentize(shapely.boundary(areas), side * 0.9)
    x, y = shapely.get_coordinates(boundary).T
    near = np.zeros(shape, dtype=np.bool_)
    near[_cell_number(y, south, side), _cell_number(x, west, side)] = True
    near = ndimage.binary_dilation(near, structure=np.ones((3, 3)))
    patch, count = ndimage.label(~near)
    inside = np.full(shape, UNSETTLED, dtype=np.int32)
    if count:
        numbers, first = np.unique(patch, return_index=True)
        rows, columns = np.divmod(first[numbers > 0], shape[1])
        known = held(west + (columns + 0.5) * side, south + (rows + 0.5) * side)
        inside = np.concatenate([[UNSETTLED], known]).astype(np.int32)[patch]
    return Cells(west, south, side, inside)


def _cell_number(degrees: Floats, start: float, side: float) -> Ints:
    """Return the number of whole cells from the edge of the grid."""
    number: Ints = ((degrees - start) / side).astype(np.int64)
    return number
