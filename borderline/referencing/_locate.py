"""The verb `locate`: where events stand to a border."""

from __future__ import annotations

from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from .._constants import Bools, Floats, Ints
from ..border import Border, require_border
from ..geodesy import Feet
from ..provenance import cited
from ..schema import EXTENT_COLUMNS, Column, add_columns, split_points
from ._extents import Extents, locate_extended

__all__ = ["locate"]


def locate(events: gpd.GeoDataFrame, border: Border) -> gpd.GeoDataFrame:
    """
    Refer each event to the border: how far along, how far off, on which side.

    The foot is the nearest point of the line by geodesic on WGS 84. Distance and
    chainage are metres on the ellipsoid, to the drawn line: how well the line
    itself is known is ``border.accuracy_m``, how well the event's position is
    known its ``location_error_m``.

    Parameters
    ----------
    events
        Points in any CRS that is set, or events of some extent: lines, polygons and
        groups of points. Missing and empty geometries give missing results.
    border
        Reference line; chainage grows from ``border.datum``.

    Returns
    -------
    located
        `events` with the same index and order, and in addition ``chainage_m`` and
        ``distance_m`` (geodesic metres), ``measure_km`` (kilometres by the border's
        calibration), ``offset_m`` (the distance, positive to the left), ``side``
        (ISO 3166-1 alpha-3 of the bank, ``line`` within 1 mm; past an end that of
        the last edge's extension), ``beyond_end``, ``ambiguous`` (a second foot
        competes: a local minimum of the distance, farther than the first foot by at
        most 50 m or 1 %, whichever is more, and as the crow flies more than 1 km and
        more than half the distance away from it), ``alt_chainage_m`` (chainage of the
        nearest such foot) and ``contested`` (the event lies on land that drawings of
        the border put on different sides, so that its side depends on the line;
        missing where only one drawing is known). Columns of these names are replaced.

        If any event has an extent, ``from_m``, ``to_m`` and ``shared_m`` are added.
        ``from_m`` and ``to_m`` are the stretch of border abreast of it, from the first to
        the last foot of all its points; for a point both are its chainage. ``shared_m`` is
        how many metres of border it shares: a line that runs along the border, an area
        whose side is the border, and the border inside an area that straddles it. A point,
        a crossing and a touch share 0. Two lines run together where they are copies of
        each other: they stay within 1 m, and within a five-hundredth of the length that they
        run together. Stretches shorter than 1 m count as points of touch, and gaps as short
        as that are closed.

        The distance of such an event is that of its nearest point, and so is its chainage
        if it shares nothing. Otherwise the chainage lies half way along the first stretch
        that it shares. Where an event touches or crosses the border, the distance is 0, the
        side ``line``, and the chainage, if it shares no stretch, that of the first such
        place. It is contested if any part of it lies on contested land.

    Raises
    ------
    TableError
        If `events` is not a GeoDataFrame.
    CRSError
        If it has no CRS.
    GeometryError
        If a geometry is a collection of different kinds, or not on the globe; rows
        are named.

    Examples
    --------
    >>> import borderline as bl, geopandas as gpd, shapely
    >>> border = bl.load_border()
    >>> temples = gpd.GeoDataFrame(
    ...     {"location": ["Preah Vihear", "Ta Khwai"]},
    ...     geometry=shapely.points([[104.6802, 14.3906], [103.3711, 14.3528]]),
    ...     crs=4326,
    ... )
    >>> bl.locate(temples, border)[["distance_m", "side"]].round().values.tolist()
    [[952.0, 'KHM'], [41.0, 'THA']]

    An area that straddles the border takes the stretch inside it, and what its
    corners look at:

    >>> area = gpd.GeoDataFrame(geometry=[shapely.box(104.6, 14.3, 104.7, 14.45)], crs=4326)
    >>> row = bl.locate(area, border).iloc[0]
    >>> row["side"], float(row["distance_m"]), bool(row["from_m"] < row["chainage_m"] < row["to_m"])
    ('line', 0.0, True)

    A patrol along the border shares all of its way:

    >>> patrol = gpd.GeoDataFrame(geometry=[border.slice(300_000, 360_000)], crs=4326)
    >>> bl.locate(patrol, border)[["chainage_m", "from_m", "to_m", "shared_m"]].round().values.tolist()
    [[330000.0, 300000.0, 360000.0, 60000.0]]
    """
    require_border(border, verb="locate")
    lon, lat, extended = split_points(events, verb="locate")
    feet = border.foot(lon, lat, second=True)
    contested = _lie_on_contested(lon, lat, feet, border)
    extents = None
    if len(extended):
        extents = locate_extended(events, extended, border)
        feet.put(extended, extents.feet)
        contested[extended] = extents.contested
    columns = _make_columns(feet, contested, border)
    # Those of an earlier call would be wrong here.
    if extents is not None or "shared_m" in events.columns:
        columns |= _extent_columns(feet, extended, extents)
    located = add_columns(events, columns)
    located.attrs = {
        **events.attrs,
        "border": border.identity,
        "sources": cited(events.attrs, border.source),
    }
    return located


def _make_columns(feet: Feet, contested: NDArray[np.int8], border: Border) -> dict[str, Column]:
    """Return the columns, in their order."""
    missing = np.isnan(feet.distance)
    side = np.where(missing, 3, np.sign(feet.offset) + 1).astype(np.int64)
    return {
        "chainage_m": feet.chainage,
        "measure_km": border.to_measure(feet.chainage),
        "distance_m": feet.distance,
        "offset_m": feet.offset,
        "side": _side_names(border.left, border.right).take(side),
        "beyond_end": _flag_column(feet.beyond_end, missing),
        "ambiguous": _flag_column(np.isfinite(feet.second), missing),
        "alt_chainage_m": feet.second,
        "contested": _flag_column(contested > 0, contested < 0),
    }


def _extent_columns(feet: Feet, extended: Ints, extents: Extents | None) -> dict[str, Floats]:
    """Return the stretch abreast of each event, and what it shares of the border."""
    of_points = feet.chainage, feet.chainage, np.where(np.isnan(feet.distance), np.nan, 0.0)
    columns = {name: values.copy() for name, values in zip(EXTENT_COLUMNS, of_points, strict=True)}
    if extents is not None:
        for name, values in columns.items():
            values[extended] = getattr(extents, name)
    return columns


@lru_cache(maxsize=16)
def _side_names(left: str, right: str) -> ExtensionArray:
    """Return the names of the right bank, the line, the left bank and none of them, in this order."""
    return pd.array([right, "line", left, pd.NA], dtype="string")


def _flag_column(values: Bools, missing: Bools) -> pd.arrays.BooleanArray:
    return pd.arrays.BooleanArray(values & ~missing, missing.copy())


def _lie_on_contested(lon: Floats, lat: Floats, feet: Feet, border: Border) -> NDArray[np.int8]:
    """Return which points lie on contested land: 1 or 0, or -1 where that is not known."""
    known = np.isfinite(feet.distance)
    contested = np.full(len(lon), -1, dtype=np.int8)
    if border.contested is None:
        return contested
    contested[known] = 0
    near = np.flatnonzero(known & (feet.distance <= _contested_reach(border)))
    shapely.prepare(border.contested)
    contested[near] = shapely.contains_xy(border.contested, lon[near], lat[near])
    return contested


@lru_cache(maxsize=16)
def _contested_reach(border: Border) -> float:
    """Return how far contested land reaches, metres: points farther off cannot lie in it."""
    corners = shapely.get_coordinates(border.contested)
    return float(border.foot(*corners.T).distance.max())
