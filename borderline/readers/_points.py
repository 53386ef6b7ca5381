"""Coordinates to points; bad ones are faults, missing ones are missing points."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from .._constants import Bools, Floats
from ._raw import Faults
from ._values import numbers

__all__ = ["points_from_columns", "points_from_geometries"]

Points = npt.NDArray[np.object_]

_POINT: Final = 0
_MULTIPOINT: Final = 4


def points_from_columns(latitude: pd.Series, longitude: pd.Series, *, faults: Faults) -> Points:
    """
    Points from a column of latitudes and one of longitudes, decimal degrees on WGS 84.

    Parameters
    ----------
    latitude, longitude
        Cells of any kind.
    faults
        Takes ``coordinate_not_a_number``, ``coordinate_incomplete`` and what
        `points_from_geometries` finds.

    Returns
    -------
    points
        None where both are missing, or where the row has a fault.
    """
    lat, bad_lat = numbers(latitude)
    lon, bad_lon = numbers(longitude)
    for column, bad in ((latitude, bad_lat), (longitude, bad_lon)):
        for row, cell in bad.items():
            faults.add(
                row,
                "coordinate_not_a_number",
                f"{column.name} is {cell!r:.80}; write decimal degrees such as 14.3906",
            )
    half = np.isnan(lat) != np.isnan(lon)
    for row in np.flatnonzero(half).tolist():
        if row not in bad_lat and row not in bad_lon:
            absent = latitude.name if np.isnan(lat[row]) else longitude.name
            faults.add(
                row,
                "coordinate_incomplete",
                f"{absent} is missing and the other half is there; fill it in or empty both",
            )
    whole = ~(np.isnan(lat) | np.isnan(lon)) & _on_globe(lon, lat, faults)
    points: Points = np.full(len(lat), None, dtype=object)
    points[whole] = shapely.points(lon[whole], lat[whole])
    return points


def points_from_geometries(geometries: Points, *, faults: Faults) -> Points:
    """
    Points from geometries in EPSG:4326, flattened to two dimensions.

    Parameters
    ----------
    geometries
        Anything; a multipoint of one point counts as that point.
    faults
        Takes ``geometry_not_point``, ``latitude_out_of_range``,
        ``longitude_out_of_range``, ``coordinates_swapped``,
        ``coordinates_null_island`` and ``coordinate_not_a_number``.

    Returns
    -------
    points
        None where missing or empty, or where the row has a fault.
    """
    kinds = shapely.get_type_id(geometries)
    single = (kinds == _MULTIPOINT) & (shapely.get_num_geometries(geometries) == 1)
    geometries = np.where(single, shapely.get_geometry(geometries, 0), geometries)
    absent = shapely.is_missing(geometries) | shapely.is_empty(geometries)
    # An empty point has no coordinate to ask for.
    geometries = geometries.copy()
    geometries[absent] = None
    wrong = ~absent & (shapely.get_type_id(geometries) != _POINT)
    for row in np.flatnonzero(wrong).tolist():
        faults.add(
            row,
            "geometry_not_point",
            f"a {geometries[row].geom_type}; representative_point() makes a point of it",
        )
    lon, lat = shapely.get_x(geometries), shapely.get_y(geometries)
    infinite = ~absent & ~wrong & ~(np.isfinite(lon) & np.isfinite(lat))
    for row in np.flatnonzero(infinite).tolist():
        faults.add(
            row,
            "coordinate_not_a_number",
            "the point has no finite longitude and latitude; is the CRS of the table the right one?",
        )
    whole = ~absent & ~wrong & ~infinite & _on_globe(lon, lat, faults)
    points: Points = np.full(len(geometries), None, dtype=object)
    points[whole] = shapely.points(lon[whole], lat[whole])
    return points


def _on_globe(lon: Floats, lat: Floats, faults: Faults) -> Bools:
    """Mark the pairs that can be a place; say what is wrong with the others. NaN passes."""
    high, wide = np.abs(lat) > 90, np.abs(lon) > 180
    null = (lat == 0) & (lon == 0)
    for row in np.flatnonzero(high | wide | null).tolist():
        pair = f"latitude {lat[row]:.10g}, longitude {lon[row]:.10g}"
        if null[row]:
            faults.add(row, "coordinates_null_island", f"{pair}: usually a blank; empty both if unknown")
        elif high[row] and abs(lat[row]) <= 180 and abs(lon[row]) <= 90:
            faults.add(row, "coordinates_swapped", f"{pair}: the two are swapped; exchange them")
        elif high[row]:
            faults.add(row, "latitude_out_of_range", f"{pair}: latitudes run from -90 to 90")
        else:
            faults.add(row, "longitude_out_of_range", f"{pair}: longitudes run from -180 to 180")
    good: Bools = ~(high | wide | null)
    return good
