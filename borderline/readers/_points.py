"""Coordinates to points; bad ones are faults, missing ones are missing points."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from .._constants import Bools, Floats
from ._notation import read_angle, read_place
from ._raw import Faults, quoted
from ._values import known_texts, numbers, texts

__all__ = ["points_from_columns", "points_from_geometries", "points_from_places"]

Points = npt.NDArray[np.object_]

#: A pair exchanged must lie within so many degrees of the middle of the others.
_SAME_REGION_DEG: Final = 10.0

_POINT: Final = 0
_MULTIPOINT: Final = 4


def points_from_columns(
    latitude: pd.Series, longitude: pd.Series, *, faults: Faults, repairs: Faults
) -> Points:
    """
    Points from a column of latitudes and one of longitudes on WGS 84.

    Parameters
    ----------
    latitude, longitude
        Cells of any kind: decimal degrees, or degrees, minutes and seconds.
    faults
        Takes ``coordinate_not_a_number``, ``coordinate_incomplete`` and what
        `points_from_geometries` finds.
    repairs
        Takes ``coordinates_swapped``.

    Returns
    -------
    points
        None where both are missing, or where the row has a fault.
    """
    lat, bad_lat = _angles(latitude, "latitude", faults)
    lon, bad_lon = _angles(longitude, "longitude", faults)
    half = np.isnan(lat) != np.isnan(lon)
    for row in np.flatnonzero(half).tolist():
        if row not in bad_lat and row not in bad_lon:
            absent = latitude.name if np.isnan(lat[row]) else longitude.name
            faults.add(
                row,
                "coordinate_incomplete",
                f"{absent} is missing and the other half is there; fill it in or empty both",
            )
    return _pointed(lon, lat, ~(np.isnan(lat) | np.isnan(lon)), faults, repairs)


def points_from_places(cells: pd.Series, *, faults: Faults, repairs: Faults) -> Points:
    """
    Points from cells that hold a whole position each; see `read_place`.

    Parameters
    ----------
    cells
        Text.
    faults
        Takes ``coordinates_unreadable`` and what `points_from_geometries` finds.
    repairs
        Takes ``coordinates_swapped``.

    Returns
    -------
    points
        None where missing, or where the row has a fault.
    """
    lat, lon = np.full(len(cells), np.nan), np.full(len(cells), np.nan)
    read: dict[str, tuple[float, float] | str] = {}
    for row, text in known_texts(texts(cells)):
        place = read.setdefault(text, read_place(text) if text not in read else "")
        if isinstance(place, str):
            remedy = "write 14.3906, 104.6802 or a grid reference"
            faults.add(row, "coordinates_unreadable", f"{cells.name} is {quoted(text)}: {place}; {remedy}")
        else:
            lat[row], lon[row] = place
    return _pointed(lon, lat, ~np.isnan(lat), faults, repairs)


def _angles(column: pd.Series, axis: str, faults: Faults) -> tuple[Floats, dict[int, str]]:
    """Decimal degrees, or degrees, minutes and seconds where a cell is no plain number."""
    values, unreadable = numbers(column)
    left: dict[int, str] = {}
    for row, cell in unreadable.items():
        angle = read_angle(cell, axis)
        if isinstance(angle, float):
            values[row] = angle
            continue
        left[row] = cell
        faults.add(
            row,
            "coordinate_not_a_number",
            f"{column.name} is {quoted(cell)}: {angle}; write decimal degrees such as 14.3906",
        )
    return values, left


def points_from_geometries(geometries: Points, *, faults: Faults, repairs: Faults) -> Points:
    """
    Points from geometries in EPSG:4326, flattened to two dimensions.

    Parameters
    ----------
    geometries
        Anything; a multipoint of one point counts as that point.
    faults
        Takes ``geometry_not_point``, ``latitude_out_of_range``,
        ``longitude_out_of_range``, ``coordinates_swapped`` (where exchanging the two is
        no certain repair), ``coordinates_null_island`` and ``coordinate_not_a_number``.
    repairs
        Takes ``coordinates_swapped``.

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
    return _pointed(lon, lat, ~absent & ~wrong & ~infinite, faults, repairs)


def _pointed(lon: Floats, lat: Floats, there: Bools, faults: Faults, repairs: Faults) -> Points:
    """Make points of the pairs that are there, mending those that can only be swapped."""
    lon, lat = np.where(there, lon, np.nan), np.where(there, lat, np.nan)
    swapped = np.flatnonzero(_surely_swapped(lon, lat))
    for row in swapped.tolist():
        detail = (
            f"latitude {lat[row]:.10g}, longitude {lon[row]:.10g}: exchanged, as no other reading is possible"
        )
        repairs.add(row, "coordinates_swapped", detail)
    lon[swapped], lat[swapped] = lat[swapped], lon[swapped]
    whole = there & _on_globe(lon, lat, faults)
    points: Points = np.full(len(lon), None, dtype=object)
    points[whole] = shapely.points(lon[whole], lat[whole])
    return points


def _surely_swapped(lon: Floats, lat: Floats) -> Bools:
    """
    Mark the pairs that are impossible as they stand and lie among the others once exchanged.

    A latitude beyond 90 degrees may also be a slip of the pen, so that alone proves nothing.
    """
    could: Bools = (np.abs(lat) > 90) & (np.abs(lat) <= 180) & (np.abs(lon) <= 90)
    right = (np.abs(lat) <= 90) & (np.abs(lon) <= 180) & ~((lat == 0) & (lon == 0))
    if not could.any() or could.sum() + right.sum() < 2:
        return np.zeros(len(lon), dtype=np.bool_)
    among = np.where(could, lat, lon), np.where(could, lon, lat)
    # The rows that need no mending say where the table is about; without any, all rows together do.
    told = right if right.any() else could
    near = [np.abs(each - np.median(each[told])) <= _SAME_REGION_DEG for each in among]
    sure: Bools = could & near[0] & near[1]
    return sure


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
