"""Administrative units on the banks of a border: which of them lies nearest to a place on the line."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from . import catalog
from ._constants import Floats, Ints
from .border import Border

__all__ = ["BankUnits", "main_units"]

#: Units are sampled along the border at this spacing, metres.
STEP_M: Final = 250.0
#: Only the parts of units this near to the line are kept, degrees.
NEAR: Final = 0.1


class BankUnits:
    """
    The units of one country, searched by nearness to places on a border.

    Parameters
    ----------
    border
        The border.
    country
        Country of the bank; it may have no units.
    layer
        ``"admin1"``, ``"admin2"``, or the key of registered units.
    """

    def __init__(self, border: Border, country: str, layer: str) -> None:
        units = catalog.load_admin(layer)
        self.units: gpd.GeoDataFrame = units[units["country"] == country].reset_index(drop=True)
        self._border = border
        # A degree of longitude is shorter than one of latitude; nearness is judged where both are equal.
        self._squeeze = float(np.cos(np.radians(shapely.get_coordinates(border.course)[:, 1].mean())))
        pieces, self._owner = _clip_near_line(self.units.geometry.to_numpy(), border.course)
        self._tree = shapely.STRtree(self._to_even_scale(pieces))

    def nearest(self, chainage_m: Floats) -> Ints:
        """Return the position of the nearest unit for each chainage; all -1 without units."""
        if self.units.empty:
            return np.full(len(chainage_m), -1)
        points = self._to_even_scale(self._border.interpolate(chainage_m))
        nearest = np.full(len(points), -1)
        place, piece = self._tree.query_nearest(points, all_matches=True)
        unit = self._owner[piece]
        # The first of several equally near ones, whatever the order of the index.
        order = np.lexsort((-unit, place))
        nearest[place[order]] = unit[order]
        return nearest

    def _to_even_scale(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Shrink longitudes so that both axes have the same scale."""
        squeezed: NDArray[np.object_] = shapely.transform(
            shapes, lambda xy: xy * np.array([self._squeeze, 1.0])
        )
        return squeezed


def main_units(bank: BankUnits, start_m: Floats, end_m: Floats) -> list[str | None]:
    """
    Return the name of the unit with the longest share of a bank, for each segment.

    Parameters
    ----------
    bank
        Units of one country.
    start_m, end_m
        Segments, geodesic metres.

    Returns
    -------
    names
        None where the country has no units.
    """
    if bank.units.empty:
        return [None] * len(start_m)
    length = end_m - start_m
    pieces = np.maximum(np.ceil(length / STEP_M).astype(np.int64), 1)
    owner = np.repeat(np.arange(len(pieces)), pieces)
    order = np.arange(len(owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    place = start_m[owner] + (order + 0.5) * (length / pieces)[owner]
    shares = pd.crosstab(owner, bank.units["name"].to_numpy()[bank.nearest(place)])
    return [str(name) for name in shares.idxmax(axis=1)]


def _clip_near_line(units: NDArray[np.object_], line: shapely.LineString) -> tuple[NDArray[np.object_], Ints]:
    """Cut units into slices near the line; return the slices and the position of the unit of each."""
    coarse = shapely.segmentize(shapely.simplify(line, NEAR / 5), 2 * NEAR)
    xy = shapely.get_coordinates(coarse)
    low, high = np.minimum(xy[:-1], xy[1:]) - NEAR, np.maximum(xy[:-1], xy[1:]) + NEAR
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    box, unit = shapely.STRtree(units).query(boxes)
    pieces = np.array(
        [
            shapely.clip_by_rect(units[u], *low[b].tolist(), *high[b].tolist())
            for b, u in zip(box.tolist(), unit.tolist(), strict=True)
        ],
        dtype=object,
    )
    kept = ~shapely.is_empty(pieces) if len(pieces) else np.zeros(0, dtype=np.bool_)
    if not kept.any():
        return units, np.arange(len(units))
    return pieces[kept], unit[kept]
