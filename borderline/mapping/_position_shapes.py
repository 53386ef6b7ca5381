"""Soft shapes on a map: where incidents may have been whose position does not decide their side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from .._constants import Bools, Floats
from ..border import Border
from ..errors import BorderlineError
from ..positions import find_bearings, read_positions

__all__ = ["MOST_ROWS", "PositionShapes", "read_shapes"]

#: With more incidents than this the page draws dots, and no shapes.
MOST_ROWS: Final = 5_000
#: Outlines of areas are drawn with this tolerance, degrees, as the ground is.
TOLERANCE: Final = 0.006
#: Parts of an area smaller than this, square degrees, are not drawn.
SMALLEST: Final = 2e-4
#: A standard deviation of one axis to the radius that holds 90 % of a round normal distribution.
RADIUS_PER_SD: Final = 2.1459660262893476


@dataclass(frozen=True, slots=True)
class PositionShapes:
    """The shapes, and the one of each incident."""

    #: Position of the shape of each incident in `shapes`; NaN where there is none.
    index: Floats
    #: Half axes of each shape, metres, the direction of the first, degrees clockwise from north, and the
    #: position of its area in `areas`, or None.
    shapes: list[tuple[int, int, int, int | None]] = field(default_factory=list)
    #: Rings of each area, each longitudes and latitudes in turn.
    areas: list[list[list[float]]] = field(default_factory=list)

    def as_config(self) -> dict[str, Any]:
        """Return what the page needs besides the index."""
        return {"shapes": self.shapes, "areas": self.areas}


def read_shapes(events: gpd.GeoDataFrame, border: Border, known: Bools) -> PositionShapes:
    """
    Return the shapes of the incidents whose side is not known.

    Parameters
    ----------
    events
        Events, with what they say of their positions; see `positions.read_positions`.
    border
        The line; fronts without a direction of their own run along it.
    known
        Which sides are known; their incidents get no shape.

    Returns
    -------
    shapes
        None for any incident where the table has many, or what it says cannot be read.
    """
    nothing = PositionShapes(np.full(len(events), np.nan))
    if len(events) > MOST_ROWS or known.all():
        return nothing
    try:
        positions = read_positions(events, verb="explore")
    except BorderlineError:
        return nothing  # a map shows what can be shown
    bearing = find_bearings(positions, border)
    wanted = np.unique(positions.index[~known & (positions.index >= 0)])
    shapes: list[tuple[int, int, int, int | None]] = []
    areas: list[list[list[float]]] = []
    outlines: dict[bytes, int] = {}
    place = np.full(len(positions) + 1, np.nan)
    for position in wanted.tolist():
        half = [positions.error_m[position]] * 2
        turn, area = 0.0, None
        if positions.model[position] == "ellipse" and np.isfinite(bearing[position]):
            deviations = positions.along_m[position], positions.across_m[position]
            half, turn = [RADIUS_PER_SD * deviation for deviation in deviations], bearing[position]
        outline = positions.area[position]
        if outline is not None:
            area = outlines.setdefault(shapely.to_wkb(outline), len(areas))
            if area == len(areas):
                areas.append(_draw_area(outline))
        if area is None and not np.nanmax([*half, 0.0]) > 0:
            continue
        place[position] = len(shapes)
        first, second = np.rint(np.nan_to_num(half)).astype(int).tolist()
        shapes.append((first, second, round(float(turn)), area))
    index = np.where(known, np.nan, place[positions.index])
    return PositionShapes(index, shapes, areas)


def _draw_area(area: shapely.Geometry) -> list[list[float]]:
    """Return the outer rings of an area, simplified; the largest part is always there."""
    parts = shapely.get_parts(area)
    sizes = shapely.area(parts)
    kept = parts[(sizes >= SMALLEST) | (sizes == sizes.max())]
    rings = shapely.get_exterior_ring(shapely.simplify(kept, TOLERANCE))
    return [shapely.get_coordinates(ring).round(4).ravel().tolist() for ring in rings]
