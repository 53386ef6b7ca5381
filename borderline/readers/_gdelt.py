"""GDELT events, 1.0 and 2.0: tab-separated without a header, positions of places rather than of events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import pandas as pd

from ._cell_values import read_texts
from ._crosswalks import cameo_types, fips_codes
from ._layout import Derived, Layout, columns_by_name
from ._raw_table import RawTable

__all__ = ["LAYOUT", "ROOT_CODE", "name_columns"]

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


def _export_columns(place: tuple[str, ...]) -> list[str]:
    places = ("Actor1Geo", "Actor2Geo", "ActionGeo")
    return [*_HEAD, *(f"{name}_{field}" for name in places for field in place), *_TAIL]


#: By the number of columns: 61 in version 2.0, 58 in 1.0, 57 there without the link.
_BY_WIDTH: Final[dict[int, list[str]]] = {
    len(names): names
    for names in (_export_columns(_PLACE), _export_columns(_PLACE_1), _export_columns(_PLACE_1)[:-1])
}

#: The column with the first two digits of the event code.
ROOT_CODE: Final = "eventrootcode"

_COLUMNS: Final[dict[str, str]] = {
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
    Return the column names of an export, which has no header; None if `first` is a header.

    An export is identified by its width and by a date in the second cell.

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


def _derive_columns(raw: RawTable, cells: Mapping[str, pd.Series]) -> Derived:
    """Convert event codes to types and FIPS country codes to ISO ones; keep the event code."""
    columns = columns_by_name(raw)
    codes = read_texts(cells["event_type"])
    derived = {
        "event_type": pd.Series(cameo_types(codes), dtype=object),
        "event_type_source": pd.Series(codes, dtype=object),
    }
    if "actiongeo_countrycode" in columns:
        countries = fips_codes(read_texts(columns["actiongeo_countrycode"]))
        derived["country"] = pd.Series(countries, dtype=object, name="country")
    return Derived(derived, {})


LAYOUT: Final = Layout(
    "gdelt",
    "GDELT events",
    frozenset({"globaleventid", "sqldate", "eventcode", "actiongeo_type", "actiongeo_lat"}),
    dataset="GDELT",
    columns=_COLUMNS,
    derive=_derive_columns,
)
