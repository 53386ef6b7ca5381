"""Which unit holds each bank, and where along the border that changes."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .. import catalog
from .._constants import Floats, Ints
from ..border import Border
from ._breaks import SHORTEST_M

__all__ = ["Bank", "change_breaks", "main_units"]

#: The units along a bank are read off at places this far apart, metres.
STEP_M: Final = 250.0
#: Units are looked at this near the line, degrees.
NEAR: Final = 0.1
#: Where they change is searched at places this far apart, so a shorter contact may go unseen.
SEARCH_M: Final = 50.0
#: And narrowed down to this, metres.
NARROW_M: Final = 1e-3


class Bank:
    """The units of one country, asked which of them is nearest to a place on the border."""

    def __init__(self, border: Border, country: str, layer: str) -> None:
        """Take the units of a country; there may be none."""
        units = catalog.load_admin(int(layer[-1]) if layer in {"admin1", "admin2"} else layer)
        self.units: gpd.GeoDataFrame = units[units["country"] == country].reset_index(drop=True)
        self._border = border
        # Degrees of longitude are shorter than those of latitude: nearness is judged where both are even.
        self._squeeze = float(np.cos(np.radians(shapely.get_coordinates(border.line)[:, 1].mean())))
        pieces, self._owner = _near(self.units.geometry.to_numpy(), border.line)
        self._tree = shapely.STRtree(self._even(pieces))

    def at(self, chainage_m: Floats) -> Ints:
        """Name the units at places of the border, by position; all -1 where there are none."""
        if self.units.empty:
            return np.full(len(chainage_m), -1)
        points = self._even(self._border.interpolate(chainage_m))
        found = np.full(len(points), -1)
        asked, piece = self._tree.query_nearest(points, all_matches=True)
        unit = self._owner[piece]
        # The first of several equally near ones, whatever the order of the index.
        order = np.lexsort((-unit, asked))
        found[asked[order]] = unit[order]
        return found

    def _even(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        squeezed: NDArray[np.object_] = shapely.transform(
            shapes, lambda xy: xy * np.array([self._squeeze, 1.0])
        )
        return squeezed


def main_units(bank: Bank, start_m: Floats, end_m: Floats) -> list[str | None]:
    """
    Name the unit with the longest share of a bank, for each segment.

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
    shares = pd.crosstab(owner, bank.units["name"].to_numpy()[bank.at(place)])
    return [str(name) for name in shares.idxmax(axis=1)]


def change_breaks(border: Border, banks: tuple[Bank, Bank]) -> Floats:
    """
    Find where the unit on either bank changes.

    Parameters
    ----------
    border
        The line.
    banks
        Units on the left and on the right.

    Returns
    -------
    breaks
        Geodesic metres, growing, both ends of the border among them.
    """
    length = border.length_m
    places = np.linspace(0.0, length, max(int(np.ceil(length / SEARCH_M)), 1) + 1)
    places = np.clip(places, NARROW_M, length - NARROW_M)
    found = [np.array([0.0, length])]
    for bank in banks:
        units = bank.at(places)
        at = np.flatnonzero(np.diff(units))
        low, high, before = places[at], places[at + 1], units[at]
        while len(at) and (high - low).max() > NARROW_M:
            middle = (low + high) / 2
            same = bank.at(middle) == before
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        found.append((low + high) / 2)
    breaks = np.unique(np.concatenate(found))
    # Where both banks change within a metre there is one break, and the ends stay where they are.
    kept = np.concatenate([[True], np.diff(breaks) >= SHORTEST_M])
    inner = breaks[kept & (breaks >= SHORTEST_M) & (breaks <= length - SHORTEST_M)]
    return np.concatenate([[0.0], inner, [length]])


def _near(units: NDArray[np.object_], line: shapely.LineString) -> tuple[NDArray[np.object_], Ints]:
    """Cut units into slices near a line, each with the unit's position; distances are quick to them."""
    coarse = shapely.segmentize(shapely.simplify(line, NEAR / 5), 2 * NEAR)
    xy = shapely.get_coordinates(coarse)
    low, high = np.minimum(xy[:-1], xy[1:]) - NEAR, np.maximum(xy[:-1], xy[1:]) + NEAR
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    at, of = shapely.STRtree(units).query(boxes)
    pieces = np.array(
        [
            shapely.clip_by_rect(units[unit], *low[box].tolist(), *high[box].tolist())
            for box, unit in zip(at.tolist(), of.tolist(), strict=True)
        ],
        dtype=object,
    )
    kept = ~shapely.is_empty(pieces) if len(pieces) else np.zeros(0, dtype=np.bool_)
    if not kept.any():
        return units, np.arange(len(units))
    return pieces[kept], of[kept]
