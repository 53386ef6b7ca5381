"""The layouts of tables that are recognised, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..errors import FormatError
from ..options import validate_word
from . import _acled, _event_databases, _gdelt, _osint, _seeds, _ucdp
from ._column_names import fold_column_name
from ._layout import Layout

__all__ = ["LAYOUTS", "find_layout", "list_signatures", "validate_format"]

#: Tried in this order; the last one fits every table.
LAYOUTS: Final[tuple[Layout, ...]] = (
    _seeds.LAYOUT,
    _acled.LAYOUT_PER_ACTOR,
    _acled.LAYOUT,
    _ucdp.LAYOUT,
    _gdelt.LAYOUT,
    _osint.LAYOUT,
    _osint.LAYOUT_TIMEMAP,
    *_event_databases.LAYOUTS,
    Layout("table", "a table with its own columns"),
)


def validate_format(name: object) -> str:
    """
    Return the argument ``format``: ``"auto"``, or the name of a layout.

    Raises
    ------
    OptionError
        If it is something else.
    """
    return validate_word(name, "format", ["auto", *(layout.name for layout in LAYOUTS)])


def find_layout(names: Iterable[str], wanted: str) -> tuple[Layout, str]:
    """
    Return the layout of that name, or the first whose signature is among the columns.

    Parameters
    ----------
    names
        Columns of the table.
    wanted
        As `validate_format` returns it.

    Returns
    -------
    layout
        How the table is written.
    why
        How it was recognised, in words.

    Raises
    ------
    FormatError
        If the columns lack what the layout named by the caller has.
    """
    folded = {fold_column_name(name) for name in names}
    if wanted != "auto":
        layout = next(layout for layout in LAYOUTS if layout.name == wanted)
        missing = sorted(layout.signature - folded)
        if missing:
            raise FormatError(
                f"format={wanted!r} ({layout.title}) has the columns {', '.join(sorted(layout.signature))}; "
                f"this table lacks {', '.join(missing)}. Leave format out to have it found."
            )
        return layout, "asked for"
    layout = next(layout for layout in LAYOUTS if layout.signature <= folded)
    if layout.signature:
        return layout, f"it has the columns {', '.join(sorted(layout.signature))}"
    return layout, "no known provider's columns; read by the names of its own"


def list_signatures() -> str:
    """Return the columns that identify each layout, for a message."""
    return "; ".join(
        f"{layout.name}: {', '.join(sorted(layout.signature))}" for layout in LAYOUTS if layout.signature
    )
