"""
Coordinates as people write them, to points: degrees and minutes, both in one cell, MGRS, UTM.

Bad coordinates are faults of their record, missing ones become missing points.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer

from .._constants import Bools, Floats
from ._cell_values import ascii_digits, known_cells, read_numbers, read_texts
from ._raw_table import Faults, quote_cell

__all__ = [
    "Points",
    "parse_angle",
    "parse_position",
    "points_from_columns",
    "points_from_geometries",
    "points_from_positions",
]

#: One point a record, None where there is none.
Points = npt.NDArray[np.object_]

#: A pair exchanged must lie within so many degrees of the middle of the others.
_SAME_REGION_DEG: Final = 10.0

_POINT: Final = 0
_MULTIPOINT: Final = 4

#: Letters of the two directions of each axis, the negative one last.
_AXES: Final = {"latitude": "NS", "longitude": "EW"}

_NUMBER: Final = r"\d{1,3}(?:[.,]\d+)?"
#: Degrees, then minutes and seconds where there are any; marks as typed, printed or pasted.
_ANGLE: Final = (
    rf"(?P<sign>[-+\u2212])?\s*(?P<degrees>{_NUMBER})\s*(?:°|º|˚|d|deg|องศา)?\s*"
    r"(?:(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*(?:'|\u2032|\u2019|m|min|ลิปดา)?\s*"
    r"(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:\"|\u2033|\u201d|''|\u2032\u2032|\u2019\u2019|s|sec|พิลิปดา)?)?)?"
)
_SIGNED_ANGLE: Final = re.compile(rf"(?P<before>[NSEW])?\s*{_ANGLE}\s*(?P<after>[NSEW])?", re.IGNORECASE)
_MGRS: Final = re.compile(
    r"(\d{1,2})\s*([C-HJ-NP-X])\s*([A-HJ-NP-Z]{2})\s*(\d{2,10}|\d{1,5}\s+\d{1,5})", re.IGNORECASE
)
_UTM: Final = re.compile(
    r"(?:UTM\s*)?(?:zone\s*)?(?P<zone>\d{1,2})\s*(?P<band>[C-HJ-NP-X])?[\s,;]+"
    r"(?P<east>\d{6}(?:\.\d+)?)\s*m?\s*E?[\s,;]+(?P<north>\d{1,8}(?:\.\d+)?)\s*m?\s*N?",
    re.IGNORECASE,
)
#: What separates two angles, the surest first: a comma may also be a decimal mark.
_SEPARATORS: Final = (
    re.compile(r"\s*[;/|]\s*"),
    re.compile(r"\s*,\s+"),
    re.compile(r"\s*,\s*"),
    re.compile(r"\s+"),
)


def points_from_columns(
    latitude: pd.Series, longitude: pd.Series, *, faults: Faults, repairs: Faults
) -> Points:
    """
    Make points of a column of latitudes and one of longitudes on WGS 84.

    Parameters
    ----------
    latitude, longitude
        Cells of any kind: decimal degrees, or degrees, minutes and seconds.
    faults
        Receives ``coordinate_not_a_number``, ``coordinate_incomplete`` and what
        `points_from_geometries` finds.
    repairs
        Receives ``coordinates_swapped``.

    Returns
    -------
    points
        None where both are missing, or where the row has a fault.
    """
    lat, bad_lat = _read_angles(latitude, "latitude", faults)
    lon, bad_lon = _read_angles(longitude, "longitude", faults)
    incomplete = np.isnan(lat) != np.isnan(lon)
    for row in np.flatnonzero(incomplete).tolist():
        if row not in bad_lat and row not in bad_lon:
            absent = latitude.name if np.isnan(lat[row]) else longitude.name
            faults.add(
                row,
                "coordinate_incomplete",
                f"{absent} is missing and the other half is there; fill it in or empty both",
            )
    return _make_points(lon, lat, ~(np.isnan(lat) | np.isnan(lon)), faults, repairs)


def points_from_positions(cells: pd.Series, *, faults: Faults, repairs: Faults) -> Points:
    """
    Make points of cells that hold a whole position each; see `parse_position`.

    Parameters
    ----------
    cells
        Text.
    faults
        Receives ``coordinates_unreadable`` and what `points_from_geometries` finds.
    repairs
        Receives ``coordinates_swapped``.

    Returns
    -------
    points
        None where missing, or where the row has a fault.
    """
    lat, lon = np.full(len(cells), np.nan), np.full(len(cells), np.nan)
    parsed: dict[str, tuple[float, float] | str] = {}
    for row, text in known_cells(read_texts(cells)):
        if text not in parsed:
            parsed[text] = parse_position(text)
        position = parsed[text]
        if isinstance(position, str):
            remedy = "write 14.3906, 104.6802 or a grid reference"
            detail = f"{cells.name} is {quote_cell(text)}: {position}; {remedy}"
            faults.add(row, "coordinates_unreadable", detail)
        else:
            lat[row], lon[row] = position
    return _make_points(lon, lat, ~np.isnan(lat), faults, repairs)


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


def parse_angle(text: str, axis: str) -> float | str:
    r"""
    Parse a latitude or a longitude in degrees, minutes and seconds.

    Parameters
    ----------
    text
        Such as ``14°21'05.3"N``, ``N 14 21 05.3`` or ``14.3515``.
    axis
        ``"latitude"`` or ``"longitude"``; the letter of the other one is a fault.

    Returns
    -------
    degrees
        Decimal degrees on WGS 84, or what is wrong.

    Examples
    --------
    >>> parse_angle("14°21'18\"N", "latitude")
    14.355
    """
    match = _SIGNED_ANGLE.fullmatch(ascii_digits(text).strip())
    if match is None:
        return "it is no angle"
    letters = {letter.upper() for letter in (match["before"], match["after"]) if letter}
    if len(letters) > 1 or not letters <= set(_AXES[axis]):
        return f"the letter {' and '.join(sorted(letters))} is none of a {axis}"
    parts = [
        float(part.replace(",", "."))
        for part in (match["degrees"], match["minutes"], match["seconds"])
        if part
    ]
    if any(part >= 60 for part in parts[1:]):
        return "minutes and seconds are less than 60"
    if any(not part.is_integer() for part in parts[:-1]):
        return "a part with decimals is followed by a smaller part"
    value = math.fsum(part / 60.0**power for power, part in enumerate(parts))
    negative = match["sign"] in {"-", "\N{MINUS SIGN}"}
    if negative and letters:
        return "it has both a sign and a letter"
    return -value if negative or _AXES[axis][1] in letters else value


def parse_position(text: str) -> tuple[float, float] | str:
    """
    Parse a position from one cell.

    Parameters
    ----------
    text
        A pair of angles (latitude first, unless letters say otherwise), a MGRS grid
        reference such as ``48P WA 220 861`` (the middle of its square is taken), or UTM such as
        ``48N 422000 1586000``.

    Returns
    -------
    position
        Latitude and longitude in degrees on WGS 84, or what is wrong.

    Examples
    --------
    >>> parse_position("14.35, 103.3")
    (14.35, 103.3)
    >>> [round(degrees, 4) for degrees in parse_position("48P WA 220 861")]
    [14.3473, 105.2045]
    """
    text = ascii_digits(text).strip().strip("()[]")
    if re.fullmatch(r"\d+,\d+", text):
        return "it may be one number with a decimal comma; put a blank between the two"
    if match := _MGRS.fullmatch(text):
        return _from_mgrs(*match.groups())
    if match := _UTM.fullmatch(text):
        return _from_utm(match["zone"], match["band"], float(match["east"]), float(match["north"]))
    reason = "it is neither a pair of angles, nor a grid reference, nor UTM"
    for first, second in _candidate_pairs(text):
        # Letters may say that the longitude comes first.
        longitude_first = bool(re.search("[EWew]", first)) and bool(re.search("[NSns]", second))
        lat_text, lon_text = (second, first) if longitude_first else (first, second)
        lat, lon = parse_angle(lat_text, "latitude"), parse_angle(lon_text, "longitude")
        if isinstance(lat, float) and isinstance(lon, float):
            return lat, lon
        reason = lat if isinstance(lat, str) else str(lon)
    return reason


def _candidate_pairs(text: str) -> list[tuple[str, str]]:
    """Split a cell in two: after a letter, at a separator, or in the middle of its blanks."""
    trailing = re.fullmatch(r"(.*\d.*?[NSEW])[\s,;/]*(.*\d.*[NSEW])", text, re.IGNORECASE)
    leading = re.fullmatch(r"([NSEW].*\d[^NSEW]*?)[\s,;/]*([NSEW].*\d.*)", text, re.IGNORECASE)
    pairs = [(match[1].strip(" ,;/"), match[2]) for match in (leading, trailing) if match]
    for separator in _SEPARATORS:
        parts = separator.split(text)
        half, odd = divmod(len(parts), 2)
        if not odd and half in {1, 2, 3} and (half == 1 or separator is _SEPARATORS[-1]):
            pairs.append((" ".join(parts[:half]), " ".join(parts[half:])))
    return pairs


def _from_mgrs(zone: str, band: str, square: str, digits: str) -> tuple[float, float] | str:
    import mgrs  # noqa: PLC0415 - a C library that few tables need

    parts = digits.split()
    if len({len(part) for part in parts}) > 1 or len("".join(parts)) % 2:
        return "easting and northing have different numbers of digits"
    try:
        lat, lon = mgrs.MGRS().toLatLon(f"{zone}{band}{square}{''.join(parts)}".upper())
    except mgrs._native.MGRSError:  # noqa: SLF001 - the package exports its error nowhere else
        return "there is no such grid square"
    return float(lat), float(lon)


def _from_utm(zone: str, band: str | None, east: float, north: float) -> tuple[float, float] | str:
    number = int(zone)
    if not 1 <= number <= 60:
        return "zones run from 1 to 60"
    if band is None or band.upper() == "S":
        return "the hemisphere is open; write the zone with its band, such as 48P"
    lon, lat = _utm_transformer(number, south=band.upper() < "N").transform(east, north)
    if not (100_000 <= east < 1_000_000 and -90 <= lat <= 90):
        return "it is off the zone"
    return float(lat), float(lon)


@cache
def _utm_transformer(zone: int, *, south: bool) -> Transformer:
    return Transformer.from_crs(f"EPSG:{(32700 if south else 32600) + zone}", 4326, always_xy=True)
