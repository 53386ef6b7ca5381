"""
Every error borderline raises on purpose, in one tree.

Each leaf is also the builtin a careful caller would expect, so ``except
ValueError`` keeps working, and each message names the culprit and the remedy::

    BorderlineError
    ├── OptionError (ValueError)       an option that is no word or number a verb takes
    ├── CRSError (ValueError)          no CRS, or one that cannot serve
    ├── GeometryError (ValueError)     not a point, not one line, empty, off the globe
    ├── TableError (ValueError)        a column or a value that a verb cannot use
    ├── MeasureError (ValueError)      a chainage or a length outside the border
    ├── AddressError (ValueError)      an address that cannot be read, or fits several places
    ├── FormatError (ValueError)       a file that no reader recognises
    ├── UnknownKeyError (LookupError)  a key the catalog does not hold
    ├── KeyTakenError (ValueError)     a key the catalog holds already
    ├── IntegrityError (ValueError)    data that is not what its record says
    ├── DownloadError (OSError)        a file that could not be fetched whole
    ├── OutputError (OSError)          a file that could not be written whole
    └── MissingExtraError (ImportError)  a library of an optional extra that is not installed

    BorderlineWarning (UserWarning)
    ├── PositionWarning                positions without an error, or a result finer than its positions
    └── RejectsWarning                 rows were set aside while reading
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "AddressError",
    "BorderlineError",
    "BorderlineWarning",
    "CRSError",
    "DownloadError",
    "FormatError",
    "GeometryError",
    "IntegrityError",
    "KeyTakenError",
    "MeasureError",
    "MissingExtraError",
    "OptionError",
    "OutputError",
    "PositionWarning",
    "RejectsWarning",
    "TableError",
    "UnknownKeyError",
    "describe_type",
    "near_miss",
]


#: A list longer than this is not read out.
_MANY = 40


class BorderlineError(Exception):
    """Base of every error raised on purpose."""


class OptionError(BorderlineError, ValueError):
    """An option of the wrong kind, out of range, or an unknown word; the message offers the near miss."""


class CRSError(BorderlineError, ValueError):
    """A table without a coordinate reference system, or with one that cannot serve."""


class GeometryError(BorderlineError, ValueError):
    """A geometry of the wrong kind, empty, in pieces, or off the globe."""


class TableError(BorderlineError, ValueError):
    """A table that lacks a column, or holds a value a verb cannot use."""


class MeasureError(BorderlineError, ValueError):
    """A chainage, a break or a segment length that does not fit the border."""


class AddressError(BorderlineError, ValueError):
    """An address that cannot be read, or that fits several places of the border."""


class FormatError(BorderlineError, ValueError):
    """A file that no reader recognises, or that cannot be decoded."""


class UnknownKeyError(BorderlineError, LookupError):
    """A key that the catalog does not hold; the message offers near misses."""


class KeyTakenError(BorderlineError, ValueError):
    """A key that the catalog holds already."""


class IntegrityError(BorderlineError, ValueError):
    """Data that is not what its catalog record says it is."""


class DownloadError(BorderlineError, OSError):
    """A file that could not be fetched; nothing is left half fetched."""


class OutputError(BorderlineError, OSError):
    """A file that could not be written; nothing is left half written."""


class MissingExtraError(BorderlineError, ImportError):
    """A library that an optional extra brings, and that is not installed."""


class BorderlineWarning(UserWarning):
    """Base of every warning borderline gives."""


class PositionWarning(BorderlineWarning):
    """Positions without an error or at odds with themselves, or a result finer than its positions."""


class RejectsWarning(BorderlineWarning):
    """Some rows were set aside while reading; `check_events` lists them."""


def describe_type(value: object) -> str:
    """
    Return the name of a value's type for a message, with its module where that tells something.

    Types of Python, pandas, geopandas and borderline are known by their names alone.

    Examples
    --------
    >>> describe_type(3), describe_type(ValueError()), describe_type(difflib.Differ())
    ('int', 'ValueError', 'difflib.Differ')
    """
    kind = type(value)
    known = kind.__module__.partition(".")[0] in {"builtins", "pandas", "geopandas", "borderline"}
    return kind.__name__ if known else f"{kind.__module__}.{kind.__name__}"


def near_miss(word: object, known: Iterable[str]) -> str:
    """
    Complete an error message with what the caller may have meant.

    Parameters
    ----------
    word
        What was given.
    known
        What would have been accepted.

    Returns
    -------
    hint
        ``" Did you mean 'x'?"``, or when nothing is close the list, if it is short.

    Examples
    --------
    >>> near_miss("osm-2052", ["osm-2025", "rtsd-2019"])
    " Did you mean 'osm-2025'?"
    """
    names = sorted(known)
    close = difflib.get_close_matches(str(word), names, n=1, cutoff=0.6)
    if close:
        return f" Did you mean '{close[0]}'?"
    if len(names) > _MANY:
        return f" Known are {len(names)}, from {names[0]} to {names[-1]}."
    return f" Known: {', '.join(names)}." if names else ""
