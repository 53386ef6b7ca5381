"""Which records a caller wants of a file that is larger than the question: by box, country, kind of event."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from .._countries import alpha3
from ..errors import FormatError, GeometryError
from . import _gdelt
from ._columns import fold_name, match_columns
from ._crosswalks import country_codes, fips_codes
from ._layouts import Layout
from ._values import Texts

__all__ = ["Wanted"]

Box = tuple[float, float, float, float]
Predicate = Callable[[list[str]], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to keep while reading; a record that says nothing of it is passed over."""

    #: West, south, east, north in degrees; west is greater than east across the antimeridian.
    bbox: Box | None = None
    #: ISO 3166-1 alpha-3 codes.
    countries: frozenset[str] | None = None
    #: The first two digits of a CAMEO event code.
    cameo_roots: frozenset[str] | None = None

    @classmethod
    def of(
        cls,
        bbox: Sequence[float] | None,
        countries: Iterable[str] | None,
        cameo_roots: Iterable[str | int] | None,
    ) -> Wanted:
        """
        Take what a caller asks for.

        Raises
        ------
        GeometryError
            If `bbox` is no box of degrees.
        UnknownKeyError
            If a country code is none.
        FormatError
            If a root code has no two digits.
        """
        box = None if bbox is None else _box(bbox)
        given = [countries] if isinstance(countries, str) else countries
        codes = None if given is None else frozenset(map(alpha3, given))
        roots = None
        if cameo_roots is not None:
            roots = frozenset(str(each).zfill(2) for each in cameo_roots)
            if not all(len(each) == 2 and each.isdecimal() for each in roots):
                raise FormatError(f"cameo_roots takes codes from 01 to 20, not {sorted(roots)}.")
        return cls(box, codes, roots)

    @property
    def everything(self) -> bool:
        """Whether nothing is passed over."""
        return self == Wanted()

    def predicate(self, names: list[str], layout: Layout, mapping: dict[str, str]) -> Predicate | None:
        """
        Say of the cells of a record whether it is wanted.

        Raises
        ------
        FormatError
            If the table has no column for what is asked.
        """
        if self.everything:
            return None
        found = match_columns(names, layout.named(names) | mapping)
        tests: list[Predicate] = []
        if self.bbox is not None:
            tests.append(
                _in_box(self.bbox, *(_position(names, found, key) for key in ("latitude", "longitude")))
            )
        if self.countries is not None:
            tests.append(
                _in_country(
                    self.countries, _position(names, found, "country"), _CODES.get(layout.name, country_codes)
                )
            )
        if self.cameo_roots is not None:
            tests.append(_of_root(self.cameo_roots, _root(names)))
        return lambda cells: all(test(cells) for test in tests)


_CODES: Final[dict[str, Callable[[Texts], Texts]]] = {"gdelt": fips_codes}


def _box(bbox: Sequence[float]) -> Box:
    try:
        west, south, east, north = (float(each) for each in bbox)
    except (TypeError, ValueError):
        raise GeometryError(f"bbox is (west, south, east, north) in degrees, not {bbox!r}.") from None
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise GeometryError(f"bbox is (west, south, east, north) in degrees, not {bbox!r}.")
    return west, south, east, north


def _position(names: list[str], found: dict[str, str], key: str) -> int:
    if key not in found:
        raise FormatError(f"Rows are to be chosen by {key}, but the table has no column for it.")
    return names.index(found[key])


def _root(names: list[str]) -> int:
    folded = [fold_name(name) for name in names]
    if _gdelt.ROOT not in folded:
        raise FormatError("cameo_roots chooses among GDELT events; this table has no column EventRootCode.")
    return folded.index(_gdelt.ROOT)


def _in_box(box: Box, lat_at: int, lon_at: int) -> Predicate:
    west, south, east, north = box

    def test(cells: list[str]) -> bool:
        lat, lon = cells[lat_at].strip(), cells[lon_at].strip()
        if not (lat and lon):
            return False
        try:
            y, x = float(lat), float(lon)
        except ValueError:
            return True  # what cannot be read is set aside with its reason, not passed over
        if not (math.isfinite(x) and math.isfinite(y)):
            return True
        return south <= y <= north and (west <= x <= east if west <= east else x >= west or x <= east)

    return test


def _in_country(wanted: frozenset[str], at: int, codes: Callable[[Texts], Texts]) -> Predicate:
    known: dict[str, bool] = {}

    def test(cells: list[str]) -> bool:
        claim = cells[at].strip()
        if claim not in known:
            known[claim] = bool(claim) and codes(np.array([claim], dtype=object))[0] in wanted
        return known[claim]

    return test


def _of_root(wanted: frozenset[str], at: int) -> Predicate:
    return lambda cells: cells[at].strip() in wanted
