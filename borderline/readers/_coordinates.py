"""
Columns of coordinates, or of geometries, to points.

Bad coordinates are faults of their record, missing ones become missing points.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS

from .._constants import GEOD, Bools, Floats
from .._datums import describe_datum, transform_lonlat
from ._angle_notation import parse_angle
from ._cell_values import Texts, known_cells, read_numbers, read_texts
from ._position_notation import Position, read_position
from ._raw_table import Faults, quote_cell

__all__ = [
    "Placement",
    "Points",
    "join_placements",
    "place_columns",
    "place_positions",
    "points_from_geometries",
    "position_texts",
]

#: One point a record, None where there is none.
Points = npt.NDArray[np.object_]

#: A pair exchanged must lie within so many degrees of the middle of the others.
_SAME_REGION_DEG: Final = 10.0

#: Figures that stand for no coordinate.
_BLANKS: Final = (-99.0, -999.0, -9999.0, -99999.0)

_POINT: Final = 0
_MULTIPOINT: Final = 4

#: Two notations of one row this far apart, metres, contradict each other.
_CONTRADICTION_M: Final = 1000.0


class Placement(NamedTuple):
    """Where one notation places the records."""

    #: One a record, None where there is none.
    points: Points
    #: Radius that the notation or a change of datum gives, metres; NaN where it gives none.
    error_m: Floats
    #: What cannot be read in this notation.
    faults: Faults
    #: What was mended.
    repairs: Faults
    #: Columns, for messages.
    title: str
    #: What the positions were written in; empty for plain degrees.
    notation: str = ""
    #: Datum and how it was left; empty for WGS 84.
    datum: str = ""


def place_columns(latitude: pd.Series, longitude: pd.Series, *, datum: CRS | None) -> Placement:
    """
    Place records by a column of latitudes and one of longitudes.

    Parameters
    ----------
    latitude, longitude
        Cells of any kind: decimal degrees, or degrees, minutes and seconds.
    datum
        Geographic CRS; None for WGS 84.

    Returns
    -------
    placement
        Its faults are ``coordinate_not_a_number``, ``coordinate_incomplete`` and what
        `points_from_geometries` finds; its repairs are ``coordinates_swapped``.
    """
    faults, repairs = Faults(), Faults()
    lat, bad_lat = _read_angles(latitude, "latitude", faults)
    lon, bad_lon = _read_angles(longitude, "longitude", faults)
    # -99 is a longitude, but not where the latitude is that, too.
    blank = np.isin(lat, _BLANKS) & (np.isin(lon, _BLANKS) | np.isnan(lon))
    lat[blank], lon[blank] = np.nan, np.nan
    incomplete = np.isnan(lat) != np.isnan(lon)
    for row in np.flatnonzero(incomplete).tolist():
        if row not in bad_lat and row not in bad_lon:
            absent = latitude.name if np.isnan(lat[row]) else longitude.name
            faults.add(
                row,
                "coordinate_incomplete",
                f"{absent} is missing and the other half is there; fill it in or empty both",
            )
    error = np.full(len(lat), np.nan)
    datum_text = ""
    if datum is not None:
        whole = np.flatnonzero(~(np.isnan(lat) | np.isnan(lon)) & (np.abs(lat) <= 90))
        lon[whole], lat[whole], shift = transform_lonlat(datum, lon[whole], lat[whole], subject="datum")
        error[whole] = shift.added_error_m
        datum_text = shift.text
    present = ~(np.isnan(lat) | np.isnan(lon))
    points = _make_points(lon, lat, present, faults, repairs)
    title = f"{latitude.name} and {longitude.name}"
    return Placement(points, error, faults, repairs, title, "", datum_text)


def place_positions(cells: pd.Series, *, datum: CRS | None) -> Placement:
    """
    Place records by cells that hold a whole position each; see `read_position`.

    Parameters
    ----------
    cells
        Text, or objects that hold a position.
    datum
        Geographic CRS of angles and grids; None for WGS 84.

    Returns
    -------
    placement
        Its faults are ``coordinates_unreadable`` and what `points_from_geometries` finds; its repairs are
        ``coordinates_swapped``.
    """
    faults, repairs = Faults(), Faults()
    lat, lon, error = (np.full(len(cells), np.nan) for _ in range(3))
    parsed: dict[str, Position | str] = {}
    notations: dict[str, None] = {}
    for row, text in known_cells(position_texts(cells)):
        if text not in parsed:
            parsed[text] = read_position(text, datum)
        position = parsed[text]
        if isinstance(position, str):
            remedy = "write 14.3906, 104.6802 or a grid reference"
            detail = f"{cells.name} is {quote_cell(text)}: {position}; {remedy}"
            faults.add(row, "coordinates_unreadable", detail)
        else:
            lat[row], lon[row], error[row], notation = position
            notations[notation] = None
    points = _make_points(lon, lat, ~np.isnan(lat), faults, repairs)
    datum_text = "" if datum is None else describe_datum(datum)
    return Placement(points, error, faults, repairs, str(cells.name), ", ".join(notations), datum_text)


def position_texts(column: pd.Series) -> Texts:
    """Return cells as text, with geometries, bytes and objects as WKT, hexadecimal digits and JSON."""
    if isinstance(column.dtype, pd.StringDtype):
        return read_texts(column)
    return read_texts(pd.Series([_position_text(value) for value in column], dtype=object))


def _position_text(value: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    if isinstance(value, Mapping):
        return json.dumps(dict(value), default=str)
    if isinstance(value, shapely.Geometry):
        return shapely.to_wkt(value, rounding_precision=-1)
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return value


def join_placements(placements: list[Placement], count: int, *, faults: Faults, repairs: Faults) -> Placement:
    """
    Place each record by the first notation that says where.

    Parameters
    ----------
    placements
        The best first.
    count
        Number of records.
    faults
        Receives what is wrong with a record that no notation places.
    repairs
        Receives what was mended, cells that cannot be read beside a notation that can, and
        ``positions_differ`` where two of them are more than a kilometre apart, and by more than their
        digits leave open.

    Returns
    -------
    placement
        The points, and what came with them.
    """
    points: Points = np.full(count, None, dtype=object)
    error = np.full(count, np.nan)
    used: list[Placement] = []
    for placement in placements:
        present = ~shapely.is_missing(placement.points)
        free = shapely.is_missing(points)
        _compare_points(points, placement, repairs)
        points = np.where(free, placement.points, points)
        error = np.where(free & present, placement.error_m, error)
        if (free & present).any() or not used:
            used.append(placement)
    _pass_on_complaints(placements, points, faults, repairs)
    return Placement(
        points,
        error,
        faults,
        repairs,
        ", ".join(placement.title for placement in used),
        "; ".join(dict.fromkeys(placement.notation for placement in used if placement.notation)),
        "; ".join(dict.fromkeys(placement.datum for placement in used if placement.datum)),
    )


def _pass_on_complaints(placements: list[Placement], points: Points, faults: Faults, repairs: Faults) -> None:
    """Collect what is wrong with the notations; of one that is not used, only what was lost with it."""
    placed = ~shapely.is_missing(points)
    for placement in placements:
        for row, complaints in placement.faults.by_row.items():
            for reason, detail in complaints:
                if placed[row] and reason == "coordinates_swapped":
                    continue  # the order of a cell that is not used takes nothing away
                if placed[row]:
                    repairs.add(row, reason, f"{detail} (left out: another notation of the row is used)")
                else:
                    faults.add(row, reason, detail)
        for row, complaints in placement.repairs.by_row.items():
            # What was mended in a notation that is not used changes nothing.
            if points[row] is placement.points[row]:
                for complaint in complaints:
                    repairs.add(row, *complaint)


def _compare_points(points: Points, placement: Placement, repairs: Faults) -> None:
    """Report the records that a second notation places elsewhere."""
    both = np.flatnonzero(~shapely.is_missing(points) & ~shapely.is_missing(placement.points))
    if not len(both):
        return
    lon, lat = shapely.get_x(points[both]), shapely.get_y(points[both])
    other_lon, other_lat = shapely.get_x(placement.points[both]), shapely.get_y(placement.points[both])
    # A degree is never longer than 112 km, so most pairs need no geodesic.
    far = np.maximum(np.abs(lon - other_lon), np.abs(lat - other_lat)) * 112_000 > _CONTRADICTION_M
    for place in np.flatnonzero(far).tolist():
        metres = GEOD.inv(lon[place], lat[place], other_lon[place], other_lat[place])[2]
        rounding_m = _rounding_m(lon[place], lat[place]) + _rounding_m(other_lon[place], other_lat[place])
        if metres > _CONTRADICTION_M + rounding_m:
            repairs.add(
                int(both[place]),
                "positions_differ",
                f"{placement.title} says {other_lat[place]:.6g}, {other_lon[place]:.6g}, {metres / 1000:.1f} "
                f"km from {lat[place]:.6g}, {lon[place]:.6g}, which is used; mend one of the two",
            )


def _rounding_m(lon: float, lat: float) -> float:
    """Return how far off a position may be for its decimal digits alone, metres along one axis."""
    digits = next((n for n in range(6) if round(lon, n) == lon and round(lat, n) == lat), 6)
    return float(0.5 * 10.0**-digits * 111_000)


def _read_angles(column: pd.Series, axis: str, faults: Faults) -> tuple[Floats, set[int]]:
    """Return decimal degrees, and the rows whose cell is neither a number nor an angle."""
    values, unreadable = read_numbers(column)
    bad_rows: set[int] = set()
    for row, cell in unreadable.items():
        angle = parse_angle(cell, axis)
        if isinstance(angle, float):
            values[row] = angle
            continue
        bad_rows.add(row)
        faults.add(
            row,
            "coordinate_not_a_number",
            f"{column.name} is {quote_cell(cell)}: {angle}; write decimal degrees such as 14.3906",
        )
    return values, bad_rows


def points_from_geometries(geometries: Points, *, faults: Faults, repairs: Faults) -> Points:
    """
    Make points of geometries in EPSG:4326, flattened to two dimensions.

    Parameters
    ----------
    geometries
        Anything; a multipoint of one point counts as that point.
    faults
        Receives ``geometry_not_point``, ``latitude_out_of_range``,
        ``longitude_out_of_range``, ``coordinates_swapped`` (where exchanging the two is
        no certain repair), ``coordinates_null_island`` and ``coordinate_not_a_number``.
    repairs
        Receives ``coordinates_swapped``.

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
    no_point = ~absent & (shapely.get_type_id(geometries) != _POINT)
    for row in np.flatnonzero(no_point).tolist():
        faults.add(
            row,
            "geometry_not_point",
            f"a {geometries[row].geom_type}; representative_point() makes a point of it",
        )
    lon, lat = shapely.get_x(geometries), shapely.get_y(geometries)
    infinite = ~absent & ~no_point & ~(np.isfinite(lon) & np.isfinite(lat))
    for row in np.flatnonzero(infinite).tolist():
        faults.add(
            row,
            "coordinate_not_a_number",
            "the point has no finite longitude and latitude; is the CRS of the table the right one?",
        )
    return _make_points(lon, lat, ~absent & ~no_point & ~infinite, faults, repairs)


def _make_points(lon: Floats, lat: Floats, present: Bools, faults: Faults, repairs: Faults) -> Points:
    """Make points of the pairs that are present, exchanging those that can only be swapped."""
    lon, lat = np.where(present, lon, np.nan), np.where(present, lat, np.nan)
    swapped = np.flatnonzero(_certainly_swapped(lon, lat))
    for row in swapped.tolist():
        detail = (
            f"latitude {lat[row]:.10g}, longitude {lon[row]:.10g}: exchanged, as no other reading is possible"
        )
        repairs.add(row, "coordinates_swapped", detail)
    lon[swapped], lat[swapped] = lat[swapped], lon[swapped]
    valid = present & _validate_range(lon, lat, faults)
    points: Points = np.full(len(lon), None, dtype=object)
    points[valid] = shapely.points(lon[valid], lat[valid])
    return points


def _certainly_swapped(lon: Floats, lat: Floats) -> Bools:
    """
    Mark the pairs that are impossible as they stand and lie among the others once exchanged.

    A latitude beyond 90 degrees may also be a slip of the pen, so that alone proves nothing.
    """
    candidates: Bools = (np.abs(lat) > 90) & (np.abs(lat) <= 180) & (np.abs(lon) <= 90)
    possible = (np.abs(lat) <= 90) & (np.abs(lon) <= 180) & ~((lat == 0) & (lon == 0))
    if not candidates.any() or candidates.sum() + possible.sum() < 2:
        return np.zeros(len(lon), dtype=np.bool_)
    exchanged = np.where(candidates, lat, lon), np.where(candidates, lon, lat)
    # The rows that need no repair say where the table is about; without any, all rows together do.
    reference = possible if possible.any() else candidates
    near = [np.abs(axis - np.median(axis[reference])) <= _SAME_REGION_DEG for axis in exchanged]
    swapped: Bools = candidates & near[0] & near[1]
    return swapped


def _validate_range(lon: Floats, lat: Floats, faults: Faults) -> Bools:
    """Mark the pairs that can be a place, and add a fault for each of the others. NaN passes."""
    bad_lat, bad_lon = np.abs(lat) > 90, np.abs(lon) > 180
    null = (lat == 0) & (lon == 0)
    for row in np.flatnonzero(bad_lat | bad_lon | null).tolist():
        pair = f"latitude {lat[row]:.10g}, longitude {lon[row]:.10g}"
        if null[row]:
            faults.add(row, "coordinates_null_island", f"{pair}: usually a blank; empty both if unknown")
        elif bad_lat[row] and abs(lat[row]) <= 180 and abs(lon[row]) <= 90:
            faults.add(row, "coordinates_swapped", f"{pair}: the two are swapped; exchange them")
        elif bad_lat[row]:
            faults.add(row, "latitude_out_of_range", f"{pair}: latitudes run from -90 to 90")
        else:
            faults.add(row, "longitude_out_of_range", f"{pair}: longitudes run from -180 to 180")
    valid: Bools = ~(bad_lat | bad_lon | null)
    return valid
