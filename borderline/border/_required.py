"""A border where one is needed."""

from __future__ import annotations

from ..errors import TableError
from ._border import Border

__all__ = ["require_border"]


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
