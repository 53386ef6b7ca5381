"""The border of a map or a figure where the caller names none."""

from __future__ import annotations

from typing import Any

from . import catalog
from .border import Border, require_border
from .errors import TableError

__all__ = ["border_for", "split_border"]


def border_for(table: Any, border: Border | None, *, verb: str) -> Border:  # noqa: ANN401 - whatever was given
    """
    Return the border that a table is shown on.

    Parameters
    ----------
    table
        What has the border in its ``attrs``; None, or what is no table, names none.
    border
        What the caller gave. None takes the border that `table` names, if it was made in this
        session, or else the built-in one.
    verb
        Who asks, for messages.

    Returns
    -------
    border
        A border.

    Raises
    ------
    TableError
        If `border` is something else.
    """
    if border is None:
        named: Border | None = getattr(getattr(table, "attrs", {}).get("border"), "border", None)
        return catalog.load_border() if named is None else named
    require_border(border, verb=verb)
    return border


def split_border(events: Any, border: Border | None, *, verb: str) -> tuple[Any, Border]:  # noqa: ANN401 - the same
    """
    Return events and border of a map, which may have a border in the place of events.

    Parameters
    ----------
    events
        A table; or a border, or None, for a map without events.
    border, verb
        As for `border_for`.

    Returns
    -------
    events
        None where there are none.
    border
        A border.

    Raises
    ------
    TableError
        If there are two borders, or `border` is something else.
    """
    if not isinstance(events, Border):
        return events, border_for(events, border, verb=verb)
    if border is not None:
        # The likely mistake is the order of the two.
        require_border(border, verb=verb)
        raise TableError(f"{verb} takes one border; give the events first: {verb}(events, border).")
    return None, events
