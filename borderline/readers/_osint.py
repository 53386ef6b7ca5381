"""Tables of open-source investigators: one place, a few sentences, and links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import pandas as pd

from ._cell_values import read_texts
from ._layout import Derived, Layout, columns_by_name
from ._raw_table import RawTable

__all__ = ["LAYOUT", "LAYOUT_TIMEMAP"]

_LINK: Final = re.compile(r"https?://[^\s'\",;|\]]+")


def _derive_columns(raw: RawTable, cells: Mapping[str, pd.Series]) -> Derived:
    """Join title and description to a note, and take the first of the links."""
    del cells
    columns = columns_by_name(raw)
    notes = [
        ". ".join(dict.fromkeys(part.rstrip(".") for part in pair if part)) or None
        for pair in zip(read_texts(columns["title"]), read_texts(columns["description"]), strict=True)
    ]
    derived = {"notes": pd.Series(notes, dtype=object)}
    if "links" in columns:
        links = [_LINK.search(text or "") for text in read_texts(columns["links"])]
        derived["source_url"] = pd.Series([link[0] if link else None for link in links], dtype=object)
    return Derived(derived, {})


#: The tables that osint-geo-extractor makes of GeoConfirmed, Bellingcat and others.
LAYOUT: Final = Layout(
    "osint",
    "events of osint-geo-extractor",
    frozenset({"id", "date", "latitude", "longitude", "place_desc", "title", "description"}),
    derive=_derive_columns,
)
LAYOUT_TIMEMAP: Final = Layout(
    "bellingcat",
    "a time map in Bellingcat's style",
    frozenset({"tkid", "place", "lat", "lon", "impact", "link1"}),
    columns={
        "event_id": "tkid",
        "location": "place",
        "event_type": "impact",
        "notes": "description_en",
        "source_url": "link1",
    },
)
