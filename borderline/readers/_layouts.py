"""The layouts of tables we know, each told by the columns that give it away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from ..errors import FormatError, near_miss
from ..options import is_one_of
from . import _acled, _gdelt, _osint, _ucdp
from ._columns import fold_name
from ._raw import Raw

__all__ = ["LAYOUTS", "Layout", "find_layout", "looked_for", "name_columns"]

Cells = Mapping[str, pd.Series]
#: Columns of ours that a provider tells in its own way, and the rows that only repeat another.
Derive = Callable[[Raw, Cells], tuple[dict[str, pd.Series], dict[int, int]]]


@dataclass(frozen=True, slots=True)
class Layout:
    """A way of writing an events table."""

    #: What `Check.format` says and the argument ``format`` takes.
    name: str
    #: What it is, in words.
    title: str
    #: Columns, folded, that together give it away; none for the last resort.
    signature: frozenset[str] = frozenset()
    #: What the column ``dataset`` says; empty for the name of the file.
    dataset: str = ""
    #: Our name to theirs, folded, where the name alone would mislead.
    columns: Mapping[str, str] = field(default_factory=dict)
    #: Fills columns of ours from several of theirs.
    derive: Derive | None = None
    #: What the crosswalks call it; empty for its own name.
    crosswalk: str = ""
    #: Whether ``03/04/2001`` is the third of April by the provider's own word.
    day_first: bool = False

    @property
    def words(self) -> str:
        """The name under which the crosswalks have its words."""
        return self.crosswalk or self.name

    def named(self, names: Iterable[str]) -> dict[str, str]:
        """Our name to the table's own for the columns that this layout knows and the table has."""
        theirs: dict[str, str] = {}
        for name in names:
            theirs.setdefault(fold_name(name), name)
        return {ours: theirs[name] for ours, name in self.columns.items() if name in theirs}


_SEEDS: Final = frozenset(
    {
        "date_start",
        "country_reported",
        "province_reported",
        "geo_precision",
        "coordinate_source",
        "fatalities_min",
        "fatalities_max",
    }
)

#: Asked in this order; the last one fits every table.
LAYOUTS: Final[tuple[Layout, ...]] = (
    Layout("seeds", "the built-in incidents", _SEEDS, dataset="borderline-seeds"),
    Layout(
        "acled-actors",
        "ACLED, a row for each actor",
        _acled.PER_ACTOR,
        dataset="ACLED",
        crosswalk="acled",
        columns=_acled.COLUMNS | {"actor1": "actor"},
        derive=_acled.derive,
        day_first=True,
    ),
    Layout(
        "acled",
        "ACLED",
        _acled.SIGNATURE,
        dataset="ACLED",
        columns=_acled.COLUMNS,
        derive=_acled.derive,
        day_first=True,
    ),
    Layout(
        "ucdp-ged",
        "UCDP georeferenced events",
        _ucdp.SIGNATURE,
        dataset="UCDP GED",
        columns=_ucdp.COLUMNS,
        derive=_ucdp.derive,
    ),
    Layout(
        "gdelt",
        "GDELT events",
        _gdelt.SIGNATURE,
        dataset="GDELT",
        columns=_gdelt.COLUMNS,
        derive=_gdelt.derive,
    ),
    Layout("osint", "events of osint-geo-extractor", _osint.SIGNATURE, derive=_osint.derive),
    Layout(
        "bellingcat",
        "a time map in Bellingcat's style",
        _osint.TIMEMAP,
        columns=_osint.TIMEMAP_COLUMNS,
    ),
    Layout("table", "a table with its own columns"),
)


def find_layout(names: Iterable[str], wanted: str) -> tuple[Layout, str]:
    """
    Pick the layout by name, or the first whose signature the columns hold.

    Returns
    -------
    layout
        How the table is written.
    why
        What gave it away, in words.

    Raises
    ------
    FormatError
        If `wanted` is neither ``"auto"`` nor a known name, or the columns lack what
        the layout named by the caller has.
    """
    known = {layout.name: layout for layout in LAYOUTS}
    folded = {fold_name(name) for name in names}
    if is_one_of(wanted, known):
        layout = known[wanted]
        missing = sorted(layout.signature - folded)
        if missing:
            raise FormatError(
                f"format={wanted!r} ({layout.title}) has the columns {', '.join(sorted(layout.signature))}; "
                f"this table lacks {', '.join(missing)}. Leave format out to have it found."
            )
        return layout, "asked for"
    if wanted != "auto":
        raise FormatError(
            f"No layout is called {wanted!r}; leave format out to have it found."
            f"{near_miss(str(wanted), ['auto', *known])}"
        )
    layout = next(layout for layout in LAYOUTS if layout.signature <= folded)
    if layout.signature:
        return layout, f"it has the columns {', '.join(sorted(layout.signature))}"
    return layout, "no known provider's columns; read by the names of its own"


def looked_for() -> str:
    """Tell which columns would have given a layout away, for the message that nothing did."""
    return "; ".join(
        f"{each.name}: {', '.join(sorted(each.signature))}" for each in LAYOUTS if each.signature
    )


def name_columns(first: list[str]) -> list[str] | None:
    """Name the columns of a file that comes without a header; None where the first record is one."""
    return _gdelt.name_columns(first)
