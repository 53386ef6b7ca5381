"""Positions as people write them: degrees and minutes, both in one cell, grid references, UTM."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Final

from pyproj import Transformer

from ._digits import plain_digits

__all__ = ["AXES", "read_angle", "read_place"]

#: For each axis the letters of its two directions, the negative one last.
AXES: Final = {"latitude": "NS", "longitude": "EW"}

_NUMBER: Final = r"\d{1,3}(?:[.,]\d+)?"
#: Degrees, then minutes and seconds where there are any; marks as typed, printed or pasted.
_ANGLE: Final = (
    rf"(?P<sign>[-+\u2212])?\s*(?P<degrees>{_NUMBER})\s*(?:°|º|˚|d|deg|องศา)?\s*"
    r"(?:(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*(?:'|\u2032|\u2019|m|min|ลิปดา)?\s*"
    r"(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:\"|\u2033|\u201d|''|\u2032\u2032|\u2019\u2019|s|sec|พิลิปดา)?)?)?"
)
_ONE: Final = re.compile(rf"(?P<before>[NSEW])?\s*{_ANGLE}\s*(?P<after>[NSEW])?", re.IGNORECASE)
_MGRS: Final = re.compile(
    r"(\d{1,2})\s*([C-HJ-NP-X])\s*([A-HJ-NP-Z]{2})\s*(\d{2,10}|\d{1,5}\s+\d{1,5})", re.IGNORECASE
)
_UTM: Final = re.compile(
    r"(?:UTM\s*)?(?:zone\s*)?(?P<zone>\d{1,2})\s*(?P<band>[C-HJ-NP-X])?[\s,;]+"
    r"(?P<east>\d{6}(?:\.\d+)?)\s*m?\s*E?[\s,;]+(?P<north>\d{1,8}(?:\.\d+)?)\s*m?\s*N?",
    re.IGNORECASE,
)
#: Commas that part, and those that are decimal marks.
_PARTED: Final = (
    re.compile(r"\s*[;/|]\s*"),
    re.compile(r"\s*,\s+"),
    re.compile(r"\s*,\s*"),
    re.compile(r"\s+"),
)

Place = tuple[float, float]


def read_angle(text: str, axis: str) -> float | str:
    r"""
    Read a latitude or a longitude in degrees, minutes and seconds.

    Parameters
    ----------
    text
        Such as ``14°21'05.3"N``, ``N 14 21 05.3`` or ``14.3515``.
    axis
        ``"latitude"`` or ``"longitude"``; the letter of the other one is a fault.

    Returns
    -------
    degrees
        Decimal degrees on WGS 84, or why the text is none.

    Examples
    --------
    >>> read_angle("14°21'18\"N", "latitude")
    14.355
    """
    found = _ONE.fullmatch(plain_digits(text).strip())
    if found is None:
        return "it is no angle"
    letters = {letter.upper() for letter in (found["before"], found["after"]) if letter}
    if len(letters) > 1 or not letters <= set(AXES[axis]):
        return f"the letter {' and '.join(sorted(letters))} is none of a {axis}"
    parts = [
        float(part.replace(",", "."))
        for part in (found["degrees"], found["minutes"], found["seconds"])
        if part
    ]
    if any(part >= 60 for part in parts[1:]):
        return "minutes and seconds are less than 60"
    if any(not part.is_integer() for part in parts[:-1]):
        return "a part with decimals is followed by a smaller part"
    value = math.fsum(part / 60.0**power for power, part in enumerate(parts))
    negative = found["sign"] in {"-", "\N{MINUS SIGN}"}
    if negative and letters:
        return "it has both a sign and a letter"
    return -value if negative or AXES[axis][1] in letters else value


def read_place(text: str) -> Place | str:
    """
    Read a position from one cell.

    Parameters
    ----------
    text
        A pair of angles (latitude first, unless letters say otherwise), a MGRS grid
        reference such as ``48P WA 220 861`` (the middle of its square is taken), or UTM such as
        ``48N 422000 1586000``.

    Returns
    -------
    place
        Latitude and longitude in degrees on WGS 84, or why the text is none.

    Examples
    --------
    >>> read_place("14.35, 103.3")
    (14.35, 103.3)
    >>> [round(each, 4) for each in read_place("48P WA 220 861")]
    [14.3473, 105.2045]
    """
    text = plain_digits(text).strip().strip("()[]")
    if re.fullmatch(r"\d+,\d+", text):
        return "it may be one number with a decimal comma; put a blank between the two"
    if found := _MGRS.fullmatch(text):
        return _from_mgrs(*found.groups())
    if found := _UTM.fullmatch(text):
        return _from_utm(found["zone"], found["band"], float(found["east"]), float(found["north"]))
    told = "it is neither a pair of angles, nor a grid reference, nor UTM"
    for pair in _pairs(text):
        first, second = pair
        # Letters may say that the longitude comes first.
        turned = bool(re.search("[EWew]", first)) and bool(re.search("[NSns]", second))
        lat, lon = (second, first) if turned else (first, second)
        place = read_angle(lat, "latitude"), read_angle(lon, "longitude")
        if isinstance(place[0], float) and isinstance(place[1], float):
            return place[0], place[1]
        told = next(each for each in place if isinstance(each, str))
    return told


def _pairs(text: str) -> list[tuple[str, str]]:
    """Part a cell in two: after a letter, at a mark, or in the middle of its blanks."""
    letters = re.fullmatch(r"(.*\d.*?[NSEW])[\s,;/]*(.*\d.*[NSEW])", text, re.IGNORECASE)
    leading = re.fullmatch(r"([NSEW].*\d[^NSEW]*?)[\s,;/]*([NSEW].*\d.*)", text, re.IGNORECASE)
    pairs = [(found[1].strip(" ,;/"), found[2]) for found in (leading, letters) if found]
    for mark in _PARTED:
        parts = mark.split(text)
        half, odd = divmod(len(parts), 2)
        if not odd and half in {1, 2, 3} and (half == 1 or mark is _PARTED[-1]):
            pairs.append((" ".join(parts[:half]), " ".join(parts[half:])))
    return pairs


def _from_mgrs(zone: str, band: str, square: str, digits: str) -> Place | str:
    import mgrs  # noqa: PLC0415 - a C library that few tables need

    parts = digits.split()
    if len({len(part) for part in parts}) > 1 or len("".join(parts)) % 2:
        return "easting and northing have different numbers of digits"
    try:
        lat, lon = mgrs.MGRS().toLatLon(f"{zone}{band}{square}{''.join(parts)}".upper())
    except mgrs._native.MGRSError:  # noqa: SLF001 - the package exports its error nowhere else
        return "there is no such grid square"
    return float(lat), float(lon)


def _from_utm(zone: str, band: str | None, east: float, north: float) -> Place | str:
    number = int(zone)
    if not 1 <= number <= 60:
        return "zones run from 1 to 60"
    if band is None or band.upper() == "S":
        return "the hemisphere is open; write the zone with its band, such as 48P"
    lon, lat = _utm(number, south=band.upper() < "N").transform(east, north)
    if not (100_000 <= east < 1_000_000 and -90 <= lat <= 90):
        return "it is off the zone"
    return float(lat), float(lon)


@cache
def _utm(zone: int, *, south: bool) -> Transformer:
    return Transformer.from_crs(f"EPSG:{(32700 if south else 32600) + zone}", 4326, always_xy=True)
