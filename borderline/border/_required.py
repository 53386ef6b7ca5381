"""A border where one is needed."""

from __future__ import annotations

import pandas as pd

from ..errors import TableError
from ._border import Border

__all__ = ["border_of", "require_border"]


def border_of(table: pd.DataFrame) -> Border | None:
    """
    Return the border that a table carries in its ``attrs``.

    Parameters
    ----------
    table
        What `locate` or `segment` returned.

    Returns
    -------
    border
        None where the table carries none, as after reading it from a file.
    """
    border: Border | None = getattr(table.attrs.get("border"), "border", None)
    return border


def require_border(border: object, *, verb: str) -> None:
    """
    Make sure that a verb was given a border.

    Parameters
    ----------
    border
        What the caller gave.
    verb
        Who asks, for the message.

    Raises
    ------
    TableError
        If it is something else, such as the key of a border.
    """
    if not isinstance(border, Border):
        given = repr(border) if isinstance(border, str) else type(border).__name__
        raise TableError(f"{verb} needs a Border, not {given}; load_border or Border.from_line makes one.")
