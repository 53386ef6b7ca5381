"""UCDP GED, yearly and candidate releases: 49 columns, each event with an interval and three death counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from ._cell_values import read_texts
from ._crosswalks import gleditsch_ward_codes
from ._layout import Derived, Layout, columns_by_name
from ._raw_table import RawTable

__all__ = ["LAYOUT"]

_COLUMNS: Final[dict[str, str]] = {
    "event_id": "id",
    "event_date": "date_start",
    "event_date_end": "date_end",
    "event_type": "type_of_violence",
    "location": "where_coordinates",
    "admin1": "adm_1",
    "fatalities": "best",
    "fatalities_low": "low",
    "fatalities_high": "high",
    "fatalities_civilian": "deaths_civilians",
    "actor1": "side_a",
    "actor2": "side_b",
    "geo_precision": "where_prec",
    "source": "source_article",
    "notes": "source_headline",
}

_TYPES_OF_VIOLENCE: Final = {"1": "state-based", "2": "non-state", "3": "one-sided"}


def _derive_columns(raw: RawTable, cells: Mapping[str, pd.Series]) -> Derived:
    """Write the type of violence in words, and take the country from its number where that is known."""
    columns = columns_by_name(raw)
    types = read_texts(cells["event_type"])
    words = [_TYPES_OF_VIOLENCE.get(number or "", number) for number in types]
    derived = {"event_type_source": pd.Series(words, dtype=object)}
    if "country_id" in columns:
        codes = gleditsch_ward_codes(read_texts(columns["country_id"]))
        names = read_texts(columns["country"]) if "country" in columns else codes
        countries = [code or name for code, name in zip(codes, names, strict=True)]
        derived["country"] = pd.Series(countries, dtype=object, name="country")
    return Derived(derived, {})


LAYOUT: Final = Layout(
    "ucdp-ged",
    "UCDP georeferenced events",
    frozenset(
        {"type_of_violence", "where_prec", "date_prec", "date_start", "date_end", "best", "low", "high"}
    ),
    dataset="UCDP GED",
    columns=_COLUMNS,
    derive=_derive_columns,
)
