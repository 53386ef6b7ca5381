"""The verb `locate`: where events stand to a border."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from .._constants import Floats
from ..border import Border
from ..geodesy import Feet
from ..provenance import cited
from ..schema import points_lonlat

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
        Points in any CRS that is set. Missing and empty points give missing results.
    border
        Reference line; chainage grows from ``border.datum``.

    Returns
    -------
    located
        `events` with the same index and order, and in addition ``chainage_m`` and
        ``distance_m`` (geodesic metres), ``measure_km`` (kilometres by the border's
        calibration), ``offset_m`` (the distance, positive to the left), ``side``
        (ISO 3166-1 alpha-3 of the bank, ``line`` within 1 mm; past an end that of
        the last edge's extension), ``beyond_end`` and ``contested`` (the point lies
        on land that drawings of the border put on different sides, so that its side
        depends on the line; missing where only one drawing is known). Columns of
        these names are replaced.

    Raises
    ------
    TableError
        If `events` is not a GeoDataFrame.
    CRSError
        If it has no CRS.
    GeometryError
        If a geometry is not a point, or not on the globe; rows are named.

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
    """
    lon, lat = points_lonlat(events, verb="locate")
    feet = border.foot(lon, lat)
    missing = np.isnan(feet.distance)
    located = events.copy()
    located["chainage_m"] = feet.chainage
    located["measure_km"] = border.measure(feet.chainage)
    located["distance_m"] = feet.distance
    located["offset_m"] = feet.offset
    located["side"] = pd.Series(_side(feet, border), index=events.index, dtype="string")
    located["beyond_end"] = pd.Series(feet.beyond_end, index=events.index, dtype="boolean").mask(missing)
    located["contested"] = pd.Series(_contested(lon, lat, feet, border), index=events.index, dtype="boolean")
    located.attrs = {
        **events.attrs,
        "border": border.identity,
        "sources": cited(events.attrs, border.source),
    }
    return located


def _side(feet: Feet, border: Border) -> NDArray[np.object_]:
    banks = np.array([border.right, "line", border.left, None], dtype=object)
    which = np.where(np.isnan(feet.offset), 3, np.sign(feet.offset) + 1)
    side: NDArray[np.object_] = banks[which.astype(np.int64)]
    return side


def _contested(lon: Floats, lat: Floats, feet: Feet, border: Border) -> NDArray[np.object_]:
    """Tell which points lie on contested land; None where that is not known."""
    known = np.isfinite(feet.distance)
    contested = np.full(len(lon), None, dtype=object)
    if border.contested is None:
        return contested
    contested[known] = False
    # The patches hug the line: only points as near as their farthest corner can lie in one.
    reach = border.foot(*shapely.get_coordinates(border.contested).T).distance.max()
    near = np.flatnonzero(known & (feet.distance <= reach))
    shapely.prepare(border.contested)
    contested[near] = shapely.contains_xy(border.contested, lon[near], lat[near])
    return contested
