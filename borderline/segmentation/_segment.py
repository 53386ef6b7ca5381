"""The verb `segment`: a border cut into stretches."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .. import catalog
from .._constants import WGS84_CRS, Floats, Ints
from ..border import Border
from ..errors import MeasureError
from ..provenance import cited

__all__ = ["segment"]

#: A remainder shorter than this, metres, makes no segment of its own.
SHORTEST_M = 1.0

#: Provinces on the banks are read off at places this far apart, metres.
STEP_M = 250.0


def segment(border: Border, *, every_km: float) -> gpd.GeoDataFrame:
    """
    Cut a border into stretches of equal length.

    Parameters
    ----------
    border
        The line to cut; chainage grows from ``border.datum``.
    every_km
        Length of a segment, geodesic kilometres along the drawn line. The last
        one is shorter; a remainder under 1 m joins the segment before it.

    Returns
    -------
    segments
        Index ``segment_id`` from 0. ``from_m``, ``to_m`` (geodesic metres, half
        open, the last one closed), ``length_km``, ``admin1_left``, ``admin1_right``
        (the built-in province with the longest share of each bank; missing for
        countries that are not built in), ``geometry`` (lines, EPSG:4326).

    Raises
    ------
    MeasureError
        If `every_km` is not a positive, finite number, or makes more than a
        million segments.

    Examples
    --------
    >>> import borderline as bl
    >>> segments = bl.segment(bl.load_border(), every_km=100)
    >>> len(segments), round(float(segments["length_km"].iloc[-1]), 1)
    (9, 24.2)
    >>> segments["admin1_right"].iloc[0]
    'Ubon Ratchathani'
    """
    step = float(every_km) * 1000.0
    if not (np.isfinite(step) and step > 0):
        raise MeasureError(f"every_km must be a positive number of kilometres, not {every_km}.")
    length = border.length_m
    if length / step > 1e6:
        raise MeasureError(
            f"every_km={every_km} would make {length / step:,.0f} segments of "
            f"{length / 1000:.0f} km of border; take a longer one."
        )
    breaks = np.append(np.arange(0.0, length, step), length)
    if len(breaks) > 2 and breaks[-1] - breaks[-2] < SHORTEST_M:
        breaks = np.delete(breaks, -2)
    left, right = _banks(border, breaks)
    table = gpd.GeoDataFrame(
        {
            "from_m": breaks[:-1],
            "to_m": breaks[1:],
            "length_km": np.diff(breaks) / 1000.0,
            "admin1_left": pd.array(left, dtype="string"),
            "admin1_right": pd.array(right, dtype="string"),
        },
        geometry=[border.slice(*pair) for pair in itertools.pairwise(breaks)],
        index=pd.RangeIndex(len(breaks) - 1, name="segment_id"),
        crs=WGS84_CRS,
    )
    table.attrs["border"] = border.identity
    known = any(text is not None for text in (*left, *right))
    table.attrs["sources"] = cited({}, border.source, *([catalog.get("admin1").source] if known else []))
    return table


def _banks(border: Border, breaks: Floats) -> tuple[list[str | None], list[str | None]]:
    """Name the province that holds most of each bank of each segment."""
    pieces = np.maximum(np.ceil(np.diff(breaks) / STEP_M).astype(np.int64), 1)
    owner = np.repeat(np.arange(len(pieces)), pieces)
    order = np.arange(len(owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    place = breaks[owner] + (order + 0.5) * (np.diff(breaks) / pieces)[owner]
    points = border.interpolate(place)
    return _bank(border.left, points, owner, len(pieces)), _bank(border.right, points, owner, len(pieces))


def _bank(country: str, points: NDArray[np.object_], owner: Ints, segments: int) -> list[str | None]:
    units = catalog.load_admin(1)
    units = units[units["country"] == country]
    if units.empty:
        return [None] * segments
    at, unit = shapely.STRtree(units.geometry.to_numpy()).query_nearest(points, all_matches=False)
    shares = pd.crosstab(owner[at], units["name"].to_numpy()[unit])
    return [str(name) for name in shares.idxmax(axis=1)]
