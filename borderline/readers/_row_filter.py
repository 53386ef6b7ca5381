"""Select records while they are read, by box, country or kind of event."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from pyproj import CRS

from .._countries import validate_country
from .._datums import transform_lonlat
from ..errors import FormatError, OptionError
from ..options import validate_numbers
from ._angle_notation import parse_angle
from ._cell_values import Texts, is_missing_word, read_number
from ._column_names import fold_column_name
from ._crosswalks import country_codes, fips_codes
from ._gdelt import ROOT_CODE
from ._layout import Layout, match_columns
from ._position_notation import read_position

__all__ = ["RowFilter"]

#: West, south, east, north in degrees.
Box = tuple[float, float, float, float]
#: Latitude and longitude, or what is wrong.
Pair = tuple[float, float] | str
#: Returns the position of a record.
PositionOf = Callable[[list[str]], Pair | None]
#: Returns whether the cells of a record pass.
Predicate = Callable[[list[str]], bool]

_CAMEO_ROOTS: Final = frozenset(f"{root:02}" for root in range(1, 21))
#: How a layout writes countries, where it is not by name or ISO code.
_COUNTRY_CODES: Final[Mapping[str, Callable[[Texts], Texts]]] = {"gdelt": fips_codes}


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Which records to keep while reading; one that is silent on a criterion is passed over."""

    #: West is greater than east across the antimeridian.
    bbox: Box | None = None
    #: ISO 3166-1 alpha-3 codes.
    countries: frozenset[str] | None = None
    #: The first two digits of CAMEO event codes.
    cameo_roots: frozenset[str] | None = None
    #: Geographic CRS of coordinates in columns and cells; None for WGS 84.
    datum: CRS | None = None

    @classmethod
    def from_options(
        cls,
        bbox: Sequence[float] | None,
        countries: Iterable[str] | None,
        cameo_roots: Iterable[str | int] | None,
        datum: CRS | None = None,
    ) -> RowFilter:
        """
        Validate the options of a caller.

        Raises
        ------
        OptionError
            If `bbox` is no box of degrees, a country does not exist, or a root code is none of CAMEO's.
        """
        return cls(
            None if bbox is None else _validate_box(bbox),
            None if countries is None else _validate_countries(countries),
            None if cameo_roots is None else _validate_roots(cameo_roots),
            datum,
        )

    @property
    def keeps_all(self) -> bool:
        """Whether no record is passed over."""
        return self.bbox is None and self.countries is None and self.cameo_roots is None

    def make_predicate(
        self, names: list[str], layout: Layout, mapping: Mapping[str, str]
    ) -> Predicate | None:
        """
        Return a function that says whether the cells of a record pass; None if all do.

        Raises
        ------
        FormatError
            If the table has no column to select by.
        """
        if self.keeps_all:
            return None
        matched = match_columns(names, layout.known_columns(names) | dict(mapping))
        tests: list[Predicate] = []
        if self.bbox is not None:
            tests.append(_in_box(self.bbox, _find_position(names, matched, self.datum)))
        if self.countries is not None:
            to_codes = _COUNTRY_CODES.get(layout.name, country_codes)
            tests.append(_in_countries(self.countries, _find_column(names, matched, "country"), to_codes))
        if self.cameo_roots is not None:
            tests.append(_has_root(self.cameo_roots, _find_root_code(names)))
        return lambda cells: all(test(cells) for test in tests)


def _validate_box(bbox: Sequence[float]) -> Box:
    expected = "(west, south, east, north) in degrees"
    degrees = validate_numbers(bbox, "bbox", expected)
    if len(degrees) == 4:
        west, south, east, north = degrees
        if -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90:
            return west, south, east, north
    raise OptionError(f"bbox must be {expected}, not {bbox!r}.")


def _validate_countries(countries: Iterable[str]) -> frozenset[str]:
    names = [countries] if isinstance(countries, str) else countries
    if not isinstance(names, Iterable):
        raise OptionError(f"countries must be a list of ISO 3166-1 codes such as 'THA', not {countries!r}.")
    return frozenset(validate_country(name, "countries") for name in names)


def _validate_roots(cameo_roots: Iterable[str | int]) -> frozenset[str]:
    roots = [cameo_roots] if isinstance(cameo_roots, (str, int)) else cameo_roots
    codes = frozenset(str(root).zfill(2) for root in roots) if isinstance(roots, Iterable) else frozenset()
    if not codes or not codes <= _CAMEO_ROOTS:
        raise OptionError(f"cameo_roots must be codes from '01' to '20', not {cameo_roots!r}.")
    return codes


def _find_column(names: list[str], matched: Mapping[str, str], key: str) -> int:
    if key not in matched:
        raise FormatError(f"Rows are to be selected by {key}, but the table has no column for it.")
    return names.index(matched[key])


def _find_root_code(names: list[str]) -> int:
    folded = [fold_column_name(name) for name in names]
    if ROOT_CODE not in folded:
        raise FormatError("cameo_roots selects GDELT events; this table has no column EventRootCode.")
    return folded.index(ROOT_CODE)


def _find_position(names: list[str], matched: Mapping[str, str], datum: CRS | None) -> PositionOf:
    """Return a function that gives the position of a record."""
    if {"latitude", "longitude"} <= matched.keys():
        lat_at, lon_at = (names.index(matched[key]) for key in ("latitude", "longitude"))
        return lambda cells: _read_pair(cells[lat_at], cells[lon_at], datum)
    if "coordinates" in matched:
        position_at = names.index(matched["coordinates"])
        return lambda cells: _read_whole(cells[position_at].strip(), datum)
    if {"utm_zone", "easting", "northing"} <= matched.keys():
        places = [names.index(matched[key]) for key in ("utm_zone", "easting", "northing")]
        return lambda cells: _read_whole(" ".join(cells[place].strip() for place in places).strip(), datum)
    _find_column(names, matched, "latitude")
    raise AssertionError


def _read_pair(latitude: str, longitude: str, datum: CRS | None) -> Pair | None:
    lat, lon = latitude.strip(), longitude.strip()
    if is_missing_word(lat) or is_missing_word(lon):
        return None
    try:
        y, x = float(lat), float(lon)
    except ValueError:
        return _read_angles(lat, lon, datum)
    if not (math.isfinite(x) and math.isfinite(y)):
        return "unreadable"
    return (y, x) if datum is None else _read_angles(lat, lon, datum)


@lru_cache(maxsize=65536)
def _read_angles(latitude: str, longitude: str, datum: CRS | None) -> Pair:
    pair = []
    for text, axis in ((latitude, "latitude"), (longitude, "longitude")):
        number = read_number(text)
        angle = parse_angle(text, axis) if number is None else number
        if isinstance(angle, str):
            return angle
        pair.append(angle)
    if datum is not None:
        lon, lat, _ = transform_lonlat(datum, pair[1:], pair[:1], subject="datum")
        return float(lat[0]), float(lon[0])
    return pair[0], pair[1]


@lru_cache(maxsize=65536)
def _read_whole(text: str, datum: CRS | None) -> Pair | None:
    if is_missing_word(text):
        return None
    position = read_position(text, datum)
    return position if isinstance(position, str) else position[:2]


def _in_box(box: Box, position_of: PositionOf) -> Predicate:
    west, south, east, north = box

    def test(cells: list[str]) -> bool:
        position = position_of(cells)
        if position is None:
            return False
        if isinstance(position, str):
            return True  # what cannot be read is set aside with its reason, not passed over
        y, x = position
        if abs(y) > 90 or abs(x) > 180:
            return True  # likewise, or mended
        return south <= y <= north and (west <= x <= east if west <= east else x >= west or x <= east)

    return test


def _in_countries(countries: frozenset[str], position: int, to_codes: Callable[[Texts], Texts]) -> Predicate:
    known: dict[str, bool] = {}

    def test(cells: list[str]) -> bool:
        name = cells[position].strip()
        if name not in known:
            known[name] = bool(name) and to_codes(np.array([name], dtype=object))[0] in countries
        return known[name]

    return test


def _has_root(roots: frozenset[str], position: int) -> Predicate:
    return lambda cells: cells[position].strip() in roots
