"""Which drawings of a border are meant: the built-in ones, by key, or lines of the caller's own."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from .. import catalog
from ..border import Border
from ..errors import OptionError

__all__ = ["DrawingsOption", "read_drawings"]

#: All built-in drawings (None, ``"all"``), keys of them, borders, or either by name.
DrawingsOption: TypeAlias = Mapping[str, Border | str] | Iterable[Border | str] | Border | str | None

_WANTED = "a list or a dict of borders or of keys of lines, or 'all' for every built-in drawing"


def read_drawings(lines: object) -> dict[str, Border]:
    """
    Return the drawings that an option names.

    Parameters
    ----------
    lines
        See `DrawingsOption`. The built-in function ``all`` is taken for ``"all"``.

    Returns
    -------
    drawings
        Borders by name: the key of the line in the catalog, the caller's own name, or the title of the
        source of the line; equal names get a number.

    Raises
    ------
    OptionError
        If it is none of these, or names no drawing.
    UnknownKeyError
        If there is no line of that key; near misses are offered.
    """
    if lines is None or lines is builtins.all or (isinstance(lines, str) and lines == "all"):
        return {key: catalog.load_border(line=key) for key in catalog.get_border().lines}
    if isinstance(lines, Border | str):
        lines = [lines]
    named: list[tuple[str, object]] = []
    if isinstance(lines, Mapping):
        named = [(str(name), line) for name, line in lines.items()]
    elif isinstance(lines, Iterable):
        named = [("", line) for line in lines]
    else:
        raise OptionError(f"lines must be {_WANTED}, not {lines!r}.")
    drawings: dict[str, Border] = {}
    for position, (name, line) in enumerate(named, start=1):
        if isinstance(line, str):
            border, own = catalog.load_border(line=line), line
        elif isinstance(line, Border):
            border, own = line, line.source.title or line.name or f"line {position}"
        else:
            raise OptionError(f"lines must be {_WANTED}; item {position} is {line!r}.")
        label = name or own
        drawings[label if label not in drawings else f"{label} ({position})"] = border
    if not drawings:
        raise OptionError(f"lines must be {_WANTED}, not an empty one.")
    return drawings
