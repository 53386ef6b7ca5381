"""Tables of open-source investigators: one place, a few sentences, and links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd

from ._columns import fold_name
from ._raw import Raw
from ._values import texts

__all__ = ["SIGNATURE", "TIMEMAP", "TIMEMAP_COLUMNS", "derive"]

#: What osint-geo-extractor makes of GeoConfirmed, Bellingcat and others.
SIGNATURE: Final = frozenset({"id", "date", "latitude", "longitude", "place_desc", "title", "description"})

TIMEMAP: Final = frozenset({"tkid", "place", "lat", "lon", "impact", "link1"})
TIMEMAP_COLUMNS: Final[dict[str, str]] = {
    "event_id": "tkid",
    "location": "place",
    "event_type": "impact",
    "notes": "description_en",
    "source_url": "link1",
}

_LINK: Final = re.compile(r"https?://[^\s'\",;|\]]+")


def derive(raw: Raw, cells: Mapping[str, pd.Series]) -> tuple[dict[str, pd.Series], dict[int, int]]:
    """Join title and description to a note, and take the first of the links."""
    del cells
    theirs = {fold_name(name): raw.cells[name] for name in raw.cells.columns}
    notes = _joined(texts(theirs["title"]), texts(theirs["description"]))
    derived = {"notes": pd.Series(notes, dtype=object)}
    if "links" in theirs:
        found = [_LINK.search(text or "") for text in texts(theirs["links"])]
        derived["source_url"] = pd.Series([link[0] if link else None for link in found], dtype=object)
    return derived, {}


def _joined(first: Iterable[str | None], second: Iterable[str | None]) -> list[str | None]:
    return [
        ". ".join(dict.fromkeys(part.rstrip(".") for part in pair if part)) or None
        for pair in zip(first, second, strict=True)
    ]
