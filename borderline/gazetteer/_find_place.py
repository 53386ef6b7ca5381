"""The verb `find_place`: candidates for one name."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import shapely

from .. import catalog
from .._countries import find_country, validate_country
from ..errors import OptionError, near_miss
from ..options import validate_whole
from ..provenance import cited
from ._answers import Answer, Query
from ._name_index import NameIndex, load_index, province_codes
from ._own_places import Gazetteer, list_tables
from ._place_lookup import list_answers

__all__ = ["find_place"]

_COLUMNS: Final = (
    "name", "matched", "kind", "country", "admin1", "admin1_iso", "latitude", "longitude", "location_error_m",
    "score", "disputed", "reading",
)  # fmt: skip


def find_place(
    name: str,
    *,
    country: str | None = None,
    admin1: str | None = None,
    near: tuple[float, float] | shapely.Point | None = None,
    limit: int = 5,
    gazetteer: Gazetteer | None = None,
) -> pd.DataFrame:
    """
    Find the places that a name may mean.

    Names are compared exactly, then without what spellings differ in (blanks, accents,
    words such as province or จังหวัด, ways of romanising one sound), then by likeness.
    Places near the border of Cambodia and Thailand go before others of their name, a district
    before the town of its name.

    Parameters
    ----------
    name
        In English spelling, Thai or Khmer, with its district or province after a comma
        where that is known: what lies outside of those is no answer. "5 km north of X" moves
        the point and widens the radius, "along the border in X" gives the stretch of border
        along a province or district, "opposite X" the other side of the border, "near pillar
        46" a boundary pillar. Texts of more than 400 characters are no names.
    country
        Only places filed under this country: ISO 3166-1 alpha-3 or alpha-2, or its
        English name.
    admin1
        Only places filed under this province: its name in any spelling, or ISO 3166-2.
    near
        A point, or its longitude and latitude in degrees (EPSG:4326): what lies near it
        goes before what lies far off.
    limit
        How many candidates to list at most. Of several places that are named together all
        are listed.
    gazetteer
        A table of places of your own, which goes before the built-in ones; or a list of
        tables and the word ``"places"`` (the built-in ones) in order of precedence: without
        that word, only your own are known. Of one name, the place of the table that goes
        first is meant. Columns: ``name``, ``country``, ``admin1`` or ``admin1_iso``, and
        points or polygons (any CRS that is set) or ``latitude`` and ``longitude`` (degrees);
        where known ``aliases`` (``;`` between), ``kind``, ``admin2`` (district);
        ``location_error_m`` (metres, the radius that holds 90 %) for points.

    Returns
    -------
    places
        Best first, empty when nothing is good enough: ``name``, ``matched`` (the spelling
        that matched), ``kind``, ``country`` (alpha-3), ``admin1``, ``admin1_iso``,
        ``latitude`` and ``longitude`` (degrees, EPSG:4326), ``location_error_m`` (metres,
        the radius that holds 90 %), ``score`` (0 to 1), ``disputed`` (claimed by both
        countries: the province is the one it is filed under, whatever side of the line
        the point lies on), ``reading``: ``place`` for the place named, ``surroundings`` for
        what it is said to lie in or stand by, where only that is known, ``several`` for each
        of several places named together ("Surin, Sisaket and Buriram"), ``across`` for the
        other side of the border, ``candidate`` for what else the name may mean. `geocode`
        takes the rows that are no candidates; there are none where several places have the
        name. ``attrs["sources"]`` credits the data.

    Raises
    ------
    OptionError
        If `name` is no text, `country` or `admin1` is not known, `near` no point in
        longitude and latitude, `limit` no whole number from 1, or `gazetteer` something else.
    TableError
        If a table of `gazetteer` lacks a column, or has one that is nearly called so.

    Examples
    --------
    >>> import borderline as bl
    >>> bl.find_place("Prasat Ta Moan Thom", limit=1)[["name", "admin1_iso", "disputed"]].values.tolist()
    [['Prasat Ta Muean Thom', 'TH-32', True]]
    >>> bl.find_place("Samrong", country="KHM", admin1="Oddar Meanchey")["kind"].head(2).tolist()
    ['district', 'town']
    >>> bl.find_place("between Poipet and Pailin")[["name", "reading"]].values.tolist()
    [['Paoy Paet', 'several'], ['Pailin', 'several']]
    """
    if not isinstance(name, str):
        raise OptionError(f"name must be text, not {name!r}.")
    validate_whole(limit, "limit")
    index = load_index(gazetteer)
    countries = None if country is None else frozenset({_validate_country(country)})
    provinces = None if admin1 is None else _validate_province(admin1, index)
    point = None if near is None else _validate_near(near)
    answers = list_answers(Query(name, countries, provinces), index, near=point, limit=limit)
    rows = [_list_cells(answer, index) for answer in answers]
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    texts = dict.fromkeys((*_COLUMNS[:6], "reading"), "string")
    numbers = dict.fromkeys(_COLUMNS[6:10], "float64")
    table = table.astype({**texts, **numbers, "disputed": "bool"})
    tables = list_tables(gazetteer)
    own = [credit for part in tables if not isinstance(part, str) for credit in part.attrs.get("sources", [])]
    built_in = [catalog.get(part).source for part in tables if isinstance(part, str)]
    table.attrs["sources"] = cited({"sources": own}, *built_in)
    return table


def _list_cells(answer: Answer, index: NameIndex) -> tuple[object, ...]:
    """Return the row for an answer."""
    places, place = index.places, answer.place
    return (
        places.name[place],
        None if answer.spelling is None else index.spelling[answer.spelling],
        places.kind[place],
        places.country[place],
        places.admin1[place],
        places.iso[place],
        answer.lat,
        answer.lon,
        answer.error_m,
        answer.score,
        bool(places.disputed[place]),
        answer.reading,
    )


def _validate_country(country: str) -> str:
    """Return the code of a country that is given by a code or an English name."""
    known = find_country(country) if isinstance(country, str) else None
    return known or validate_country(country, "country")


def _validate_province(admin1: str, index: NameIndex) -> frozenset[str]:
    """Return the codes of the provinces that bear a name."""
    codes = province_codes(admin1, index) if isinstance(admin1, str) else frozenset()
    if not codes:
        known = index.places.name[index.places.kind == "province"].tolist()
        hint = near_miss(str(admin1), known)
        offered = hint if hint.startswith(" Did") else ""
        raise OptionError(f"admin1 must be a province or its ISO 3166-2 code, not {admin1!r}.{offered}")
    return codes


def _validate_near(near: tuple[float, float] | shapely.Point) -> tuple[float, float]:
    """Return a point as longitude and latitude."""
    try:
        lon, lat = (near.x, near.y) if isinstance(near, shapely.Point) else map(float, near)
    except (TypeError, ValueError, shapely.errors.GEOSException):
        lon, lat = np.nan, np.nan
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise OptionError(f"near must be a point, or its longitude, then latitude in degrees, not {near!r}.")
    return lon, lat
