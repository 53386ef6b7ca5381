"""UCDP GED, yearly and candidate releases: 49 columns, each event with an interval and three death counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from ._columns import fold_name
from ._crosswalks import gleditsch_ward_codes
from ._raw import Raw
from ._values import texts

__all__ = ["COLUMNS", "SIGNATURE", "derive"]

SIGNATURE: Final = frozenset(
    {"type_of_violence", "where_prec", "date_prec", "date_start", "date_end", "best", "low", "high"}
)

COLUMNS: Final[dict[str, str]] = {
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

_VIOLENCE: Final = {"1": "state-based", "2": "non-state", "3": "one-sided"}


def derive(raw: Raw, cells: Mapping[str, pd.Series]) -> tuple[dict[str, pd.Series], dict[int, int]]:
    """Read the kind of violence in words, and the country from its number where its name is none we know."""
    theirs = {fold_name(name): raw.cells[name] for name in raw.cells.columns}
    kinds = texts(cells["event_type"])
    derived = {
        "event_type_source": pd.Series([_VIOLENCE.get(kind or "", kind) for kind in kinds], dtype=object)
    }
    if "country_id" in theirs:
        codes = gleditsch_ward_codes(texts(theirs["country_id"]))
        names = texts(theirs["country"]) if "country" in theirs else codes
        told = [code or name for code, name in zip(codes, names, strict=True)]
        derived["country"] = pd.Series(told, dtype=object, name="country")
    return derived, {}
