"""The layouts of tables we know, each told by the columns that give it away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..errors import FormatError, near_miss
from ._columns import fold_name

__all__ = ["LAYOUTS", "Layout", "find_layout"]


@dataclass(frozen=True, slots=True)
class Layout:
    """A way of writing an events table."""

    #: What `Check.format` says and the argument ``format`` takes.
    name: str
    #: Columns, folded, that together give it away; none for the last resort.
    signature: frozenset[str]
    #: What the column ``dataset`` says; empty for the name of the file.
    dataset: str = ""


#: Asked in this order; the last one fits every table.
LAYOUTS: Final[tuple[Layout, ...]] = (
    Layout(
        "seeds",
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
    ),
    Layout("table", frozenset()),
)


def find_layout(names: Iterable[str], wanted: str) -> Layout:
    """
    Pick the layout by name, or the first whose signature the columns hold.

    Raises
    ------
    FormatError
        If `wanted` is neither ``"auto"`` nor a known name.
    """
    known = {layout.name: layout for layout in LAYOUTS}
    if wanted in known:
        return known[wanted]
    if wanted != "auto":
        raise FormatError(
            f"No layout is called {wanted!r}; leave format out to have it found."
            f"{near_miss(str(wanted), ['auto', *known])}"
        )
    folded = {fold_name(name) for name in names}
    return next(layout for layout in LAYOUTS if layout.signature <= folded)
