"""GDELT events, 1.0 and 2.0: tab-separated without a header, positions of places rather than of events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import pandas as pd

from ._columns import fold_name
from ._crosswalks import cameo_types, fips_codes
from ._raw import Raw
from ._values import texts

__all__ = ["COLUMNS", "ROOT", "SIGNATURE", "derive", "name_columns"]

_ACTOR: Final = (
    *("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code"),
    *("Type1Code", "Type2Code", "Type3Code"),
)
_PLACE: Final = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
#: Version 1.0 has no second level of units.
_PLACE_1: Final = tuple(field for field in _PLACE if field != "ADM2Code")

_HEAD: Final = (
    *("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"),
    *(f"Actor{number}{field}" for number in (1, 2) for field in _ACTOR),
    *("IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale"),
    *("NumMentions", "NumSources", "NumArticles", "AvgTone"),
)
_TAIL: Final = ("DATEADDED", "SOURCEURL")


def _names(place: tuple[str, ...]) -> list[str]:
    of = ("Actor1Geo", "Actor2Geo", "ActionGeo")
    return [*_HEAD, *(f"{each}_{field}" for each in of for field in place), *_TAIL]


#: By the number of columns: 61 in version 2.0, 58 in 1.0, 57 there without the link.
_BY_WIDTH: Final[dict[int, list[str]]] = {
    len(names): names for names in (_names(_PLACE), _names(_PLACE_1), _names(_PLACE_1)[:-1])
}

SIGNATURE: Final = frozenset({"globaleventid", "sqldate", "eventcode", "actiongeo_type", "actiongeo_lat"})
#: The column of the two digits that head an event code.
ROOT: Final = "eventrootcode"

COLUMNS: Final[dict[str, str]] = {
    "event_id": "globaleventid",
    "event_date": "sqldate",
    "event_type": "eventcode",
    "location": "actiongeo_fullname",
    "country": "actiongeo_countrycode",
    "latitude": "actiongeo_lat",
    "longitude": "actiongeo_long",
    "geo_precision": "actiongeo_type",
    "actor1": "actor1name",
    "actor2": "actor2name",
    "source_url": "sourceurl",
}


def name_columns(first: list[str]) -> list[str] | None:
    """
    Name the columns of an export, told by its width and by a date where the header would be.

    Examples
    --------
    >>> name_columns(["event_id", "latitude"]) is None
    True
    >>> len(name_columns(["1001", "20250724", *[""] * 59]))
    61
    """
    names = _BY_WIDTH.get(len(first))
    if names is None or not (first[0].isdecimal() and re.fullmatch(r"\d{8}", first[1])):
        return None
    return list(names)


def derive(raw: Raw, cells: Mapping[str, pd.Series]) -> tuple[dict[str, pd.Series], dict[int, int]]:
    """Turn FIPS country codes into ISO ones, and keep the event code beside its meaning."""
    theirs = {fold_name(name): raw.cells[name] for name in raw.cells.columns}
    codes = texts(cells["event_type"])
    derived = {
        "event_type": pd.Series(cameo_types(codes), dtype=object),
        "event_type_source": pd.Series(codes, dtype=object),
    }
    if "actiongeo_countrycode" in theirs:
        found = fips_codes(texts(theirs["actiongeo_countrycode"]))
        derived["country"] = pd.Series(found, dtype=object, name="country")
    return derived, {}
