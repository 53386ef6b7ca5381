"""The verb: candidates for one name."""

from __future__ import annotations

from typing import Final

import pandas as pd
import shapely

from .. import catalog
from .._countries import alpha3
from ..errors import GeometryError, TableError, UnknownKeyError, near_miss
from ..options import validate_whole
from ..provenance import cited
from ._answers import Query, list_candidates
from ._index import Index, load_index
from ._normal import fold_names, plain_forms

__all__ = ["find_place", "province_codes"]

#: Candidates that are looked at beyond the limit would not be shown.
_COLUMNS: Final = (
    "name", "matched", "kind", "country", "admin1", "admin1_iso", "latitude", "longitude", "location_error_m",
    "score", "disputed",
)  # fmt: skip


def find_place(
    name: str,
    *,
    country: str | None = None,
    admin1: str | None = None,
    near: tuple[float, float] | shapely.Point | None = None,
    limit: int = 5,
) -> pd.DataFrame:
    """
    Find the places that a name may mean.

    Names are compared exactly, then without what spellings differ in (blanks, accents,
    words such as province or จังหวัด, ways of romanising one sound), then by likeness.
    Places near the border of Cambodia and Thailand go before others of their name.

    Parameters
    ----------
    name
        In English spelling, Thai or Khmer, with its district or province after a comma
        where that is known. "5 km north of X" moves the point and widens the radius,
        "along the border in X" gives the stretch of border along a province or district.
    country
        Only places filed under this country: ISO 3166-1, alpha-3 or alpha-2.
    admin1
        Only places filed under this province: its name in any spelling, or ISO 3166-2.
    near
        A point, or its longitude and latitude in degrees (EPSG:4326): what lies near it
        goes before what lies far off.
    limit
        How many candidates to list at most.

    Returns
    -------
    places
        Best first, empty when nothing is good enough: ``name``, ``matched`` (the spelling
        that matched), ``kind``, ``country`` (alpha-3), ``admin1``, ``admin1_iso``,
        ``latitude`` and ``longitude`` (degrees, EPSG:4326), ``location_error_m`` (metres,
        the radius that holds 90 %), ``score`` (0 to 1), ``disputed`` (claimed by both
        countries: the province is the one it is filed under, whatever side of the line
        the point lies on). ``attrs["sources"]`` credits the data.

    Raises
    ------
    UnknownKeyError
        If `country` or `admin1` is not known.
    GeometryError
        If `near` is no point in longitude and latitude.
    OptionError
        If `limit` is no number from 1 up.
    TableError
        If `name` is no text.

    Examples
    --------
    >>> import borderline as bl
    >>> bl.find_place("Prasat Ta Moan Thom", limit=1)[["name", "admin1_iso", "disputed"]].values.tolist()
    [['Prasat Ta Muean Thom', 'TH-32', True]]
    >>> bl.find_place("Samrong", country="KHM", admin1="Oddar Meanchey")["kind"].iloc[0]
    'town'
    """
    if not isinstance(name, str):
        raise TableError(f"find_place takes a name as text, not {type(name).__name__}.")
    validate_whole(limit, "limit")
    index = load_index()
    countries = None if country is None else frozenset({alpha3(country)})
    provinces = None if admin1 is None else _province(admin1, index)
    listed = list_candidates(Query(name, countries, provinces), index, near=_lonlat(near))[:limit]
    places = index.places
    rows = [
        (
            places.name[each.place],
            index.alias[each.alias],
            places.kind[each.place],
            places.country[each.place],
            places.admin1[each.place],
            places.iso[each.place],
            each.lat,
            each.lon,
            each.error_m,
            each.score,
            bool(places.disputed[each.place]),
        )
        for each in listed
    ]
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    texts = dict.fromkeys(_COLUMNS[:6], "string")
    numbers = dict.fromkeys(_COLUMNS[6:10], "float64")
    table = table.astype({**texts, **numbers, "disputed": "bool"})
    table.attrs["sources"] = cited({}, catalog.get("places").source)
    return table


def province_codes(claim: str, index: Index) -> frozenset[str]:
    """Codes of the provinces that bear a name in any spelling; none where none does."""
    code = claim.strip().upper()
    if code in index.codes:
        return frozenset({code})
    (form,) = plain_forms(fold_names([claim]))
    return index.provinces.get(form, frozenset())


def _province(admin1: str, index: Index) -> frozenset[str]:
    codes = province_codes(str(admin1), index)
    if not codes:
        known = index.places.name[index.places.kind == "province"].tolist()
        raise UnknownKeyError(f"There is no province {admin1!r}.{near_miss(str(admin1), known)}")
    return codes


def _lonlat(near: tuple[float, float] | shapely.Point | None) -> tuple[float, float] | None:
    """Take a point as longitude and latitude."""
    if near is None:
        return None
    try:
        lon, lat = (near.x, near.y) if isinstance(near, shapely.Point) else map(float, near)
    except (TypeError, ValueError, shapely.errors.GEOSException) as error:
        raise GeometryError(f"near is {near!r}; give a point, or its longitude and latitude.") from error
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise GeometryError(f"near is {near!r}; give longitude, then latitude, in degrees.")
    return lon, lat
