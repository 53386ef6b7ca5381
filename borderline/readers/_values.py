"""Cells to values: text, numbers and counts; what cannot be read is a fault of its row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from .._constants import Floats
from ._digits import plain_digits
from ._raw import Faults, quoted

__all__ = ["MISSING_WORDS", "counts", "is_missing", "known_texts", "numbers", "texts"]

#: Words that mean "unknown" in a column of numbers or dates (in text only an empty cell does).
MISSING_WORDS: Final = frozenset({"na", "n/a", "nan", "nat", "none", "null", "-", "–", "—", "?", "unknown"})

#: More dead or injured than this in one event is no count.
_MAX_COUNT: Final = 10**9

#: What word processors make of a minus.
_MINUS_SIGN: Final = "\N{MINUS SIGN}"

_NUMBER: Final = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?")
_COUNT: Final = re.compile(r"([+-]?\d{1,18})(?:\.0{0,2})?")
_RANGE: Final = re.compile(r"(\d{1,18})\s*(?:-|–|to)\s*(\d{1,18})")

Texts = npt.NDArray[np.object_]
Counts = tuple[Floats, Floats, Floats]


def is_missing(value: object) -> bool:
    """Whether a cell is None, NaN, NaT or NA (an array or a list never is)."""
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value)  # noqa: PLR0124 - NaN


def texts(column: pd.Series) -> Texts:
    """
    Every cell as stripped text, None where it is missing or blank.

    Whole floats lose their ``.0`` (an integer column with gaps has them), dates
    are written in ISO form.
    """
    if isinstance(column.dtype, pd.StringDtype):
        # Columns of files repeat themselves, so each distinct cell is looked at once.
        codes, cells = pd.factorize(column)
        known = np.array([*(_text(cell) for cell in cells.to_numpy(dtype=object)), None], dtype=object)
        once: Texts = known[codes]
        return once
    result = np.empty(len(column), dtype=object)
    for position, value in enumerate(column):
        result[position] = _text(value)
    return result


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value.strip() or None
    if is_missing(value):
        return None
    if isinstance(value, (float, np.floating)):
        return str(int(value)) if float(value).is_integer() else str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value).strip() or None


def known_texts(cells: Texts) -> Iterable[tuple[int, str]]:
    """Positions and texts of the cells that say something about a number."""
    for position, cell in enumerate(cells):
        if cell is not None and cell.casefold() not in MISSING_WORDS:
            yield position, cell


def numbers(column: pd.Series) -> tuple[Floats, dict[int, str]]:
    """
    Decimal numbers of a column; a comma may be the decimal mark.

    Returns
    -------
    values
        NaN where a cell is missing or unreadable.
    unreadable
        Position and text of the cells that are no finite number.
    """
    kind = column.dtype.kind if isinstance(column.dtype, np.dtype) else ""
    if kind in "iuf" and kind:
        values = column.to_numpy(dtype=np.float64, copy=True)
        infinite = np.flatnonzero(np.isinf(values))
        unreadable = {int(position): str(values[position]) for position in infinite}
        values[infinite] = np.nan
        return values, unreadable
    cells = texts(column)
    values = np.full(len(cells), np.nan)
    unreadable = {}
    for position, cell in known_texts(cells):
        plain = plain_digits(cell).replace(_MINUS_SIGN, "-")
        number = float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else np.inf
        if np.isfinite(number):
            values[position] = number
        else:
            unreadable[position] = cell
    return values, unreadable


def counts(column: pd.Series, *, reason: str, faults: Faults) -> Counts:
    """
    Whole numbers of people: the figure, and the two ends where a cell holds a range (``3-5``).

    Thousands separators are refused: ``1,200`` is 1200 to one reader and 1.2 to another.

    Parameters
    ----------
    column
        Cells of any kind.
    reason
        Stem of the reason codes: ``<reason>_negative``, ``<reason>_not_a_number``.
    faults
        Takes a complaint for each cell that cannot be used.

    Returns
    -------
    best, low, high
        NaN where unknown; only a range has `low` and `high`, and it has no `best`.
    """
    cells = texts(column)
    best, low, high = (np.full(len(cells), np.nan) for _ in range(3))
    read: dict[str, tuple[float, float, float] | tuple[str, str]] = {}
    for position, cell in known_texts(cells):
        if cell not in read:
            read[cell] = _count(cell, str(column.name))
        found = read[cell]
        if len(found) == 2:
            faults.add(position, f"{reason}_{found[0]}", found[1])
        else:
            best[position], low[position], high[position] = found
    return best, low, high


def _count(cell: str, column: str) -> tuple[float, float, float] | tuple[str, str]:
    """Read one cell as (best, low, high), or say what is wrong as (code, detail)."""
    cell = plain_digits(cell).replace(_MINUS_SIGN, "-")
    single = _COUNT.fullmatch(cell)
    if single:
        number = int(single[1])
        if number < 0:
            return "negative", f"{column} is {quoted(cell)}; leave it empty where unknown"
        if number <= _MAX_COUNT:
            return float(number), np.nan, np.nan
    between = _RANGE.fullmatch(cell)
    if between:
        first, last = int(between[1]), int(between[2])
        if first <= last <= _MAX_COUNT:
            return np.nan, float(first), float(last)
    remedy = "write one whole number without separators, a range as 3-5, or leave it empty"
    return "not_a_number", f"{column} is {quoted(cell)}; {remedy}"
