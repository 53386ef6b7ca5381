"""
One position as people and devices write it, to degrees.

A pair of angles, a grid reference, UTM, a geometry as text, a link to a map: see `read_position`.
"""

from __future__ import annotations

import json
import math
import re
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

import numpy as np
import shapely
from pyproj import CRS

from .._datums import transform_lonlat, utm_crs
from ..errors import CRSError
from ._angle_notation import DIRECTIONS, normalise_angle, parse_angle
from ._cell_values import ascii_digits

__all__ = ["Position", "is_geometry_text", "is_surely_position", "parse_position", "read_position"]


class Position(NamedTuple):
    """A position on WGS 84."""

    #: Degrees.
    latitude: float
    #: Degrees.
    longitude: float
    #: Radius that a receiver wrote beside it, or of the change of datum, metres; NaN where there is none.
    error_m: float
    #: How it was written, for the account of a reading.
    notation: str


_NUMBER: Final = r"[-+]?\d{1,3}(?:\.\d+)?"
_NAN: Final = float("nan")

_MGRS: Final = re.compile(
    r"(?:MGRS\s*:?\s*)?(\d{1,2})[\s-]*([C-HJ-NP-X])[\s-]*([A-HJ-NP-Z]{2})[\s-]*(\d{2,10}|\d{1,5}[\s-]+\d{1,5})",
    re.IGNORECASE,
)
#: A grid square without its zone: the same letters recur every 18 degrees.
_MGRS_WITHOUT_ZONE: Final = re.compile(r"[A-HJ-NP-Z]{2}[\s-]*(\d{4,10}|\d{2,5}[\s-]+\d{2,5})", re.IGNORECASE)
_ZONE: Final = (
    r"(?:zone\s*:?\s*)?(?P<zone>\d{1,2})[\s-]*(?P<band>north(?:ern)?|south(?:ern)?|[C-HJ-NP-X])?(?![a-z])"
)
_EAST: Final = r"(?:(?:E|X|easting)\s*[:=]?\s*)?(?P<east>0?\d{6}(?:\.\d+)?)\s*m?\s*(?:E\b|east\b)?"
_NORTH: Final = r"(?:(?:N|Y|northing)\s*[:=]?\s*)?(?P<north>\d{1,8}(?:\.\d+)?)\s*m?\s*(?:N\b|north\b)?"
_UTM: Final = tuple(
    re.compile(rf"(?:UTM\s*:?\s*)?{pattern}", re.IGNORECASE)
    for pattern in (
        rf"{_ZONE}[\s,;/]+{_EAST}[\s,;/]+{_NORTH}",
        rf"{_EAST}[\s,;/]+{_NORTH}[\s,;/]+(?:UTM\s*)?{_ZONE}",
    )
)
#: Words before a position, and the name of its datum behind it.
_LABEL: Final = re.compile(
    r"^(?:ค่า)?พิกัด(?:ที่เกิดเหตุ)?\s*[:=]?\s*|^និយាមកា[រ]?\s*[:=]?\s*|"
    r"^(?:coordinates?|coords?|position|grid(?:\s+ref(?:erence)?\.?)?|gps)\s*[:=]?\s+",
    re.IGNORECASE,
)
_WGS84_SUFFIX: Final = re.compile(r"\s*[,;]?\s*\(?\s*WGS[\s-]*(?:19)?84\s*\)?$", re.IGNORECASE)
#: Bands of latitude from 80 S, each 8 degrees but the last.
_BANDS: Final = "CDEFGHJKLMNPQRSTUVWX"

_WKT: Final = re.compile(
    r"(?:SRID\s*=\s*(\d+)\s*;\s*)?((?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b.*)", re.IGNORECASE | re.DOTALL
)
_PLAIN_WKT: Final = re.compile(rf"POINT\s*\(\s*({_NUMBER})\s+({_NUMBER})\s*\)", re.IGNORECASE)
_WKB: Final = re.compile(r"(?:\\x)?(0[01](?:[0-9A-F]{2}){20,})", re.IGNORECASE)
#: Latitude and longitude with signs and without separators, by ISO 6709.
_ISO_6709: Final = re.compile(
    r"([-+]\d{2,6}(?:\.\d+)?)([-+]\d{3,7}(?:\.\d+)?)(?:[-+]\d+(?:\.\d+)?)?(?:CRS\w+)?/?"
)
_PAIR: Final = rf"(?P<lat>{_NUMBER})\s*(?:,|~|/|;|\+)\s*(?P<lon>{_NUMBER})"
#: Where links to maps hold the position, the surest first.
_LINKS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"!3d(?P<lat>{_NUMBER})!4d(?P<lon>{_NUMBER})",
        rf"[?&]mlat=(?P<lat>{_NUMBER})&(?:amp;)?mlon=(?P<lon>{_NUMBER})",
        rf"[?&](?:q|query|ll|center|destination|daddr|cp|sll|loc)=(?:loc:)?{_PAIR}",
        rf"/(?:search|place|dir)/{_PAIR}",
        rf"@{_PAIR}",
        rf"#map=\d+(?:\.\d+)?/{_PAIR}",
    )
)
_GEO_URI: Final = re.compile(rf"geo:{_PAIR}.*", re.IGNORECASE)
_IS_LINK: Final = re.compile(r"(?:https?://|www\.|maps\.)\S+", re.IGNORECASE)
#: Hosts that write the longitude first.
_LONGITUDE_FIRST: Final = re.compile(r"//[^/]*yandex\.", re.IGNORECASE)

#: What separates two angles, the surest first: a comma may also be a decimal mark.
_SEPARATORS: Final = (
    re.compile(r"\s*[;/|]\s*"),
    re.compile(r"\s*,\s+"),
    re.compile(r"\s*,\s*"),
    re.compile(r"\s+"),
)
_FIGURE: Final = re.compile(r"[-+\N{MINUS SIGN}]?\d+(?:[.,]\d+)?")
#: Keys of a position in an object, by axis.
_KEYS: Final = {
    "latitude": ("latitude", "lat", "_latitude", "y"),
    "longitude": ("longitude", "lon", "lng", "long", "_longitude", "x"),
}


def parse_position(text: str) -> tuple[float, float] | str:
    """
    Parse a position on WGS 84 from one cell; see `read_position`.

    Returns
    -------
    position
        Latitude and longitude in degrees, or what is wrong.

    Examples
    --------
    >>> parse_position("14.35, 103.3")
    (14.35, 103.3)
    >>> [round(degrees, 4) for degrees in parse_position("48P WA 220 861")]
    [14.3473, 105.2045]
    """
    position = read_position(text)
    return position if isinstance(position, str) else position[:2]


def read_position(text: str, datum: CRS | None = None) -> Position | str:  # noqa: PLR0911 - a notation a line
    """
    Read a position from one cell.

    Parameters
    ----------
    text
        A pair of angles (latitude first, unless letters say otherwise; height and accuracy in metres may
        follow, as receivers write them), a MGRS grid reference such as ``48P WA 220 861`` (the middle of its
        square is taken), UTM such as ``48P 422000 1586000``, a geometry as WKT, WKB or GeoJSON (longitude
        first), ``geo:14.35,103.3``, or a link to a map.
    datum
        Geographic CRS of angles, grid references and UTM; None for WGS 84.

    Returns
    -------
    position
        On WGS 84, or what is wrong.
    """
    text = ascii_digits(text).strip().strip("\"'").strip()
    if shape := _read_geometry_text(text):
        return shape
    text = _WGS84_SUFFIX.sub("", _LABEL.sub("", text)).strip().strip("()[]").strip()
    if link := _read_link(text):
        return link
    if re.fullmatch(r"\d+,\d+", text):
        return "it may be one number with a decimal comma; put a blank between the two"
    if match := _MGRS.fullmatch(text):
        return _from_mgrs(*match.groups(), datum=datum)
    if _MGRS_WITHOUT_ZONE.fullmatch(text):
        return "the zone of the grid reference is missing; write it as 48P WA 220 861"
    for pattern in _UTM:
        if match := pattern.fullmatch(text):
            return _from_utm(
                match["zone"], match["band"], float(match["east"]), float(match["north"]), datum=datum
            )
    read = _read_iso_6709(text) or _read_figures(text) or _read_angles(text)
    if isinstance(read, str):
        return read
    lat, lon, error, notation = read
    return _to_wgs84(lat, lon, error, notation, datum)


def is_geometry_text(text: str) -> bool:
    """Return whether a cell looks like a geometry: WKT, hexadecimal WKB, or an object with coordinates."""
    text = text.strip()
    if text.startswith("{"):
        return bool(re.search(r"[\"']?(?:coordinates|lat|latitude|_latitude)[\"']?\s*:", text, re.IGNORECASE))
    return bool(_WKT.fullmatch(text) or _WKB.fullmatch(text))


def is_surely_position(text: str) -> bool:
    """
    Return whether a cell can be nothing but a position, whatever its column is called.

    Examples
    --------
    >>> is_surely_position("48PUA18"), is_surely_position("14.355, 103.37"), is_surely_position("12, 24")
    (True, True, False)
    """
    text = ascii_digits(text).strip()
    if is_geometry_text(text) or _GEO_URI.fullmatch(text) or _MGRS.fullmatch(text.strip("()[]")):
        return True
    if not re.search(r"\d[.,]\d{2}|[°º˚]\s*\d|\d\s*[°º˚]", text):
        return False
    numbers = re.findall(r"\d+", text)
    return 4 <= len(numbers) <= 10 and len(text) <= 60 and isinstance(read_position(text), Position)


# --- geometries and links ------------------------------------------------------------------


def _read_geometry_text(text: str) -> Position | str | None:
    """Read WKT, WKB in hexadecimal digits, or an object of JSON; None for anything else."""
    if match := _PLAIN_WKT.fullmatch(text):
        return Position(float(match[2]), float(match[1]), _NAN, "WKT")
    if text.startswith("{"):
        return _read_object_text(text)
    if match := _WKT.fullmatch(text):
        wkt = match[2]
        return _read_shape(lambda: shapely.from_wkt(wkt), "WKT", srid=int(match[1] or 0))
    if match := _WKB.fullmatch(text):
        binary = bytes.fromhex(match[1])
        return _read_shape(lambda: shapely.from_wkb(binary), "WKB")
    return None


def _read_shape(make: Callable[[], Any], notation: str, *, srid: int = 0) -> Position | str:
    try:
        shape = make()
    except (shapely.errors.ShapelyError, ValueError, TypeError):
        return f"it is no valid {notation}"
    if shape is None or shape.is_empty:
        return "the geometry is empty"
    if shape.geom_type == "MultiPoint" and len(shape.geoms) == 1:
        shape = shape.geoms[0]
    if shape.geom_type != "Point":
        return f"it is a {shape.geom_type}, not a point; take a point of it"
    srid = srid or int(shapely.get_srid(shape))
    if srid in {0, 4326}:
        return Position(float(shape.y), float(shape.x), _NAN, notation)
    try:
        lon, lat, shift = transform_lonlat(srid, [shape.x], [shape.y], subject=f"SRID {srid}")
    except CRSError as error:
        return str(error).rstrip(".")
    return Position(float(lat[0]), float(lon[0]), shift.added_error_m, f"{notation} in EPSG:{srid}")


def _read_object_text(text: str) -> Position | str:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        try:  # as Python writes a dict
            content = json.loads(text.replace("'", '"'))
        except (ValueError, RecursionError):
            return "it is no valid JSON"
    return _read_object(content)


def _read_object(content: object) -> Position | str:
    if not isinstance(content, Mapping):
        return "it is no object with a position"
    inner = content.get("geometry")
    if isinstance(inner, Mapping):
        return _read_object(inner)
    if "coordinates" in content and "type" in content:
        return _read_shape(lambda: shapely.from_geojson(json.dumps(content)), "GeoJSON")
    folded = {str(key).casefold(): value for key, value in content.items()}
    if isinstance(folded.get("coordinates"), Mapping):
        return _read_object(folded["coordinates"])
    pair = []
    for axis, keys in _KEYS.items():
        value = next((folded[key] for key in keys if key in folded), None)
        angle = parse_angle(str(value), axis) if value is not None else "it has no " + axis
        if isinstance(angle, str):
            return angle
        pair.append(angle)
    return Position(pair[0], pair[1], _NAN, "JSON")


def _read_link(text: str) -> Position | str | None:
    """Read the position in a link to a map, or in a ``geo:`` address; None for anything else."""
    if match := _GEO_URI.fullmatch(text):
        return Position(float(match["lat"]), float(match["lon"]), _NAN, "link")
    if not _IS_LINK.fullmatch(text):
        return None
    decoded = unquote(text)
    for pattern in _LINKS:
        if match := pattern.search(decoded):
            lat, lon = float(match["lat"]), float(match["lon"])
            if _LONGITUDE_FIRST.search(decoded):
                lat, lon = lon, lat
            return Position(lat, lon, _NAN, "link")
    return "the link holds no position; open it and copy the coordinates"


# --- angles --------------------------------------------------------------------------------

_Read = tuple[float, float, float, str]


def _read_iso_6709(text: str) -> _Read | str | None:
    match = _ISO_6709.fullmatch(text)
    if match is None:
        return None
    pair = []
    for figures, degrees in zip(match.groups(), (2, 3), strict=True):
        whole, _, decimals = figures[1:].partition(".")
        parts = [whole[:degrees], *(whole[i : i + 2] for i in range(degrees, len(whole), 2))]
        if len(whole) - degrees not in {0, 2, 4}:
            return None
        numbers = [float(part) for part in parts]
        numbers[-1] += float(f"0.{decimals or 0}")
        if any(number >= 60 for number in numbers[1:]):
            return "minutes and seconds are less than 60"
        value = math.fsum(number / 60.0**power for power, number in enumerate(numbers))
        pair.append(-value if figures[0] == "-" else value)
    return pair[0], pair[1], _NAN, "ISO 6709"


def _read_figures(text: str) -> _Read | None:
    """Read decimal degrees with a height, and an accuracy, behind them, as receivers write them."""
    parts = re.split(r"\s*[,;]\s+|\s+" if re.search(r"\d\s", text) else r"\s*[,;]\s*", text)
    if len(parts) not in {3, 4} or not all(_FIGURE.fullmatch(part) for part in parts):
        return None
    lat, lon, *rest = (float(part.replace(",", ".").replace("\N{MINUS SIGN}", "-")) for part in parts)
    if len(rest) == 1 and not all("." in part or "," in part for part in parts[:2]):
        return None
    if len(rest) == 2 and not _is_degrees_with_height(parts[:2], lon):
        return None
    if not (abs(lat) <= 180 and abs(lon) <= 180):
        return None
    accuracy = rest[1] if len(rest) == 2 and rest[1] > 0 else _NAN
    return lat, lon, accuracy, "decimal degrees with a height"


def _is_degrees_with_height(pair: list[str], lon: float) -> bool:
    """Return whether four numbers are a position with height and accuracy, not two angles."""
    return all(re.search("[.,]", part) for part in pair) or not 0 <= lon < 60


def _read_angles(text: str) -> _Read | str:
    """Read two angles; letters and labels say which comes first."""
    text = normalise_angle(text)
    reason = "it is neither a pair of angles, nor a grid reference, nor UTM"
    for first, second in _candidate_pairs(text):
        longitude_first = _names_axis(first, "longitude") and not _names_axis(second, "longitude")
        lat_text, lon_text = (second, first) if longitude_first else (first, second)
        lat, lon = parse_angle(lat_text, "latitude"), parse_angle(lon_text, "longitude")
        if isinstance(lat, float) and isinstance(lon, float):
            plain = all(_FIGURE.fullmatch(part.strip()) for part in (lat_text, lon_text))
            return lat, lon, _NAN, "decimal degrees" if plain else "angles"
        reason = lat if isinstance(lat, str) else str(lon)
    return reason


def _names_axis(text: str, axis: str) -> bool:
    label, letters = DIRECTIONS[axis]
    return label in text or bool(re.search(f"(?:^|[^a-z])[{letters}](?:[^a-z]|$)", text, re.IGNORECASE))


def _candidate_pairs(text: str) -> list[tuple[str, str]]:
    """Split a cell in two: before a label, after a letter, at a separator, or in the middle of its blanks."""
    (lat_label, _), (lon_label, _) = DIRECTIONS.values()
    pairs = []
    if labelled := re.fullmatch(rf"([{lat_label}{lon_label}].*?)[\s,;/|]*([{lat_label}{lon_label}].*)", text):
        pairs.append((labelled[1], labelled[2]))
    trailing = re.fullmatch(r"(.*\d.*?[NSEW])[\s,;/]*(.*\d.*[NSEW])", text, re.IGNORECASE)
    leading = re.fullmatch(r"([NSEW].*\d[^NSEW]*?)[\s,;/]*([NSEW].*\d.*)", text, re.IGNORECASE)
    pairs += [(match[1].strip(" ,;/"), match[2]) for match in (leading, trailing) if match]
    for separator in _SEPARATORS:
        parts = separator.split(text)
        half, odd = divmod(len(parts), 2)
        if not odd and half in {1, 2, 3} and (half == 1 or separator is _SEPARATORS[-1]):
            pairs.append((" ".join(parts[:half]), " ".join(parts[half:])))
    return pairs


# --- grids ---------------------------------------------------------------------------------


def _from_mgrs(zone: str, band: str, square: str, digits: str, *, datum: CRS | None) -> Position | str:
    parts = re.split(r"[\s-]+", digits)
    if len({len(part) for part in parts}) > 1 or len("".join(parts)) % 2:
        return "easting and northing have different numbers of digits"
    reference = f"{zone}{band}{square}{''.join(parts)}".upper()
    grid = _grid_metres(reference)
    if grid is None:
        return "there is no such grid square"
    east, north = grid
    cell_m = 10.0 ** (5 - len("".join(parts)) // 2)
    position = _from_metres(int(zone), east, north, datum, "MGRS", south=band.upper() < "N")
    # A square may reach over the edge of its band.
    slack = 0.01 + 0.75 * cell_m / 111_000
    return _contradicted_band(position, band.upper(), slack, "the square") or position


@cache
def _grid_metres(reference: str) -> tuple[float, float] | None:
    """Return easting and northing of the middle of a grid square; None where there is none."""
    import mgrs  # noqa: PLC0415 - a C library that few tables need

    try:
        with warnings.catch_warnings():
            # It warns of a band that does not fit its square; that is refused by the caller.
            warnings.simplefilter("ignore")
            _, _, east, north = mgrs.MGRS().MGRSToUTM(reference)
    except mgrs._native.MGRSError:  # noqa: SLF001 - the package exports its error nowhere else
        return None
    return float(east), float(north)


def _from_utm(zone: str, band: str | None, east: float, north: float, *, datum: CRS | None) -> Position | str:
    number = int(zone)
    if not 1 <= number <= 60:
        return "zones run from 1 to 60"
    if not (100_000 <= east < 1_000_000 and north <= 10_000_000):
        return "it is off the zone"
    letter = (band or "").upper()
    if letter in {"", "S"}:
        # S is the band from 32 N to 40 N, or the southern hemisphere; beyond it only the latter.
        if not letter or north <= 4_440_000:
            return "the hemisphere is open; write the zone with its band, such as 48P"
        return _from_metres(number, east, north, datum, "UTM", south=True)
    south = letter.startswith("SOUTH") or (len(letter) == 1 and letter < "N")
    position = _from_metres(number, east, north, datum, "UTM", south=south)
    if letter == "N" or len(letter) > 1:
        return position  # the northern hemisphere, as most write it, or the band from 0 to 8 N
    return _contradicted_band(position, letter, 0.01, "its northing") or position


def _from_metres(
    zone: int, east: float, north: float, datum: CRS | None, notation: str, *, south: bool
) -> Position | str:
    crs = utm_crs(zone, south=south, datum=datum)
    try:
        lon, lat, shift = transform_lonlat(crs, [east], [north], subject="the grid", metres=True)
    except CRSError as error:
        return str(error).rstrip(".")
    if not np.isfinite([lon[0], lat[0]]).all() or abs(lat[0]) > 90:
        return "it is off the zone"
    return Position(float(lat[0]), float(lon[0]), shift.added_error_m, notation)


def _contradicted_band(position: Position | str, band: str, slack: float, subject: str) -> str | None:
    """Return what is wrong where a latitude does not lie in its band."""
    if isinstance(position, str):
        return None
    south = -80 + 8 * _BANDS.index(band)
    north = 84 if band == "X" else south + 8
    if south - slack <= position.latitude <= north + slack:
        return None
    return (
        f"band {band} runs from {_describe_latitude(south)} to {_describe_latitude(north)}, but {subject} "
        f"lies at {_describe_latitude(round(position.latitude, 1))}; check the letter"
    )


def _describe_latitude(degrees: float) -> str:
    return f"{abs(degrees):g} {'S' if degrees < 0 else 'N'}"


def _to_wgs84(lat: float, lon: float, error: float, notation: str, datum: CRS | None) -> Position | str:
    if datum is None:
        return Position(lat, lon, error, notation)
    try:
        there_lon, there_lat, shift = transform_lonlat(datum, [lon], [lat], subject="datum")
    except CRSError as problem:
        return str(problem).rstrip(".")
    total = np.nansum([error, shift.added_error_m])
    return Position(float(there_lat[0]), float(there_lon[0]), float(total), notation)
