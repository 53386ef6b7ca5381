"""
Messages of the library in the words of the shell.

The library names its remedies in Python: ``columns={"event_date": ...}``, ``every_km=10``,
``check_events``. Somebody at a shell has options and commands instead. The options of a command
bear the names of the library's arguments, so most of the translation follows from the command
itself; the few phrases that have no option are listed here.
"""

from __future__ import annotations

import re
import textwrap
from typing import Final

import click

__all__ = ["translate_message"]

_READ_LINES: Final = (
    r"read them with geopandas\.read_file, say which it is with set_crs\([^)]*\), and pass the table instead"
)
_SET_CRS: Final = r"if [\w ]+ (is|are) (in )?longitude and latitude, say so with (\w+\.)?set_crs\(4326\)"
_NAME_POSITION: Final = (
    r'name them with columns=\{"latitude": \.\.\., "longitude": \.\.\.\} or columns=\{"location": \.\.\.\}'
)

#: What the library says, as a regular expression, and what the shell says for it.
_PHRASES: Final[tuple[tuple[str, str], ...]] = (
    # One sentence is enough for a table that cannot be read: the layouts would fill a screen.
    (r"\.? Layouts looked for: .*$", "."),
    (
        _NAME_POSITION,
        "name them, as in --column latitude=LAT --column longitude=LON or --column location=PLACE",
    ),
    (r"check_events with the same arguments", "`borderline check` with the same options"),
    (_READ_LINES, "write the file again with its coordinate reference system"),
    (_SET_CRS, "write the file again with its coordinate reference system (EPSG:4326 for degrees)"),
    (
        r"rename one, or, if the rows are pieces of one border, join them with table\.dissolve\([^)]*\)",
        "rename one, or join the pieces of one border into one row",
    ),
    (r"choose one with name=, or read them all with read_borders", "keep one of them in the file"),
    (
        r"say which one it is with columns=\{'name': \.\.\.\}",
        "give that column the name 'name'",
    ),
    (
        r"give [^,;]+, or name its columns with columns=\{'left': \.\.\., 'right': \.\.\.\}",
        "name the columns with their codes left and right",
    ),
    (r"reverse them, or say with start=\([^)]*\) at which end chainage begins", "reverse them"),
    (r"say edges='geodesic', or draw the line", "draw the line"),
    (r"give border=, or locate the events again", "locate the events again"),
    (r"Calibration\.from_points\(\.\.\., extend=True\) carries it on", "leave --calibrated out"),
    (r", or say with start=\(longitude, latitude\) at which end chainage begins", ""),
    (r"say edges='geodesic', or draw", "draw"),
    (r"the tables do not carry it; give border=, or locate", "the tables do not carry it; locate"),
    (r"Leave format out to have it found", "Leave --format out to have it found"),
)
#: Messages that list arguments by their bare names.
_LISTS_ARGUMENTS: Final = re.compile(r"cuts in one way at a time|belong to|has no meaning with")

#: The columns of a table that cannot be read, in a sentence of their own.
_FOUND: Final = re.compile(r"\.? Columns found: (.*)\.$")
_COLUMNS: Final = re.compile(r"columns=\{([^}]*)\}")
_COLUMN_PAIR: Final = re.compile(r"""['"]?([\w…]+)['"]?\s*:\s*['"]?([^'",}]+)['"]?""")


def translate_message(message: str, command: click.Command) -> str:
    """
    Return a message of the library in the words of the shell.

    Parameters
    ----------
    message
        As the library raised it.
    command
        The command that is running: arguments are named as its options.

    Returns
    -------
    line
        One line, with options and commands where the library names arguments and functions.
    """
    text = " ".join(message.split())
    for pattern, replacement in _PHRASES:
        text = re.sub(pattern, replacement, text)
    text = _FOUND.sub(lambda match: f" (columns found: {textwrap.shorten(match[1], 150)}).", text)
    text = _COLUMNS.sub(_replace_columns, text)
    listed = bool(_LISTS_ARGUMENTS.search(text))
    for parameter in command.params:
        flag = next((word for word in parameter.opts if word.startswith("--")), "")
        if flag and parameter.name:
            text = _replace_argument(text, parameter.name, flag, listed=listed)
            if getattr(parameter, "multiple", False) and text.startswith(flag):
                # A list is an option that is repeated.
                text = re.sub(r"\[([^\[\]]*)\]", r"\1", text)
    return text


def _replace_columns(match: re.Match[str]) -> str:
    return " ".join(f"--column {name}={column}" for name, column in _COLUMN_PAIR.findall(match[1]))


def _replace_argument(text: str, name: str, flag: str, *, listed: bool) -> str:
    """Replace an argument by its option: ``every_km=10`` by ``--every-km 10``."""
    given = rf"(?<![\w.-]){name}=(?:True\b|'([^']*)'|\"([^\"]*)\"|([\w.+-]*[\w+…-]))?"
    text = re.sub(given, lambda match: " ".join([flag, *filter(None, match.groups())]), text)
    if "_" in name or listed:
        return re.sub(rf"(?<![\w.'-]){name}(?![\w('-])", flag, text)
    # A name that is an English word is the argument only where a sentence about it begins.
    return re.sub(
        rf"(^|\. ){name} (?=must|takes|has|cuts|is an? |is no|is one of|is -?\d)", rf"\1{flag} ", text
    )
