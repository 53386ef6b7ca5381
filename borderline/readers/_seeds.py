"""The incidents that come with the library."""

from __future__ import annotations

from typing import Final

from ._layout import Layout

__all__ = ["LAYOUT"]

LAYOUT: Final = Layout(
    "seeds",
    "the built-in incidents",
    frozenset(
        {
            "date_start",
            "country_reported",
            "province_reported",
            "geo_precision",
            "coordinate_source",
            "fatalities_min",
            "fatalities_max",
        }
    ),
    dataset="borderline-seeds",
)
