"""Cells to values: text, numbers and counts of people; what cannot be read is a fault of its record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from .._constants import Floats
from ._raw_table import Faults, quote_cell

__all__ = ["Texts", "ascii_digits", "is_missing", "known_cells", "read_counts", "read_numbers", "read_texts"]

#: Words that mean "unknown" in a column of numbers or dates (in text only an empty cell does).
_MISSING_WORDS: Final = frozenset({"na", "n/a", "nan", "nat", "none", "null", "-", "–", "—", "?", "unknown"})

#: More dead or injured than this in one event is no count.
_MAX_COUNT: Final = 10**9

#: What word processors make of a minus.
_MINUS_SIGN: Final = "\N{MINUS SIGN}"

_ZEROS: Final = ("\N{THAI DIGIT ZERO}", "\N{KHMER DIGIT ZERO}")
_DIGITS: Final = {ord(zero) + value: str(value) for zero in _ZEROS for value in range(10)}

_NUMBER: Final = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?")
_COUNT: Final = re.compile(r"([+-]?\d{1,18})(?:\.0{0,2})?")
_RANGE: Final = re.compile(r"(\d{1,18})\s*(?:-|–|to)\s*(\d{1,18})")

#: One text a record, None where there is none.
Texts = npt.NDArray[np.object_]


def is_missing(value: object) -> bool:
    """Return whether a cell is None, NaN, NaT or NA (an array or a list never is)."""
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value)  # noqa: PLR0124 - NaN


def ascii_digits(text: str) -> str:
    """
    Replace Thai and Khmer digits by 0 to 9.

    Examples
    --------
    >>> ascii_digits("๒๔ กรกฎาคม ๒๕๖๘")
    '24 กรกฎาคม 2568'
    """
    return text if text.isascii() else text.translate(_DIGITS)


def read_texts(column: pd.Series) -> Texts:
    """
    Read every cell as stripped text, None where it is missing or blank.

    Whole floats lose their ``.0`` (an integer column with gaps has them), dates
    are written in ISO form.
    """
    if isinstance(column.dtype, pd.StringDtype):
        # Columns of files repeat themselves, so each distinct cell is read once.
        codes, cells = pd.factorize(column)
        distinct = np.array(
            [*(_read_text(cell) for cell in cells.to_numpy(dtype=object)), None], dtype=object
        )
        texts: Texts = distinct[codes]
        return texts
    texts = np.empty(len(column), dtype=object)
    for position, value in enumerate(column):
        texts[position] = _read_text(value)
    return texts


def _read_text(value: object) -> str | None:
    if isinstance(value, str):
        return value.strip() or None
    if is_missing(value):
        return None
    if isinstance(value, (float, np.floating)):
        return str(int(value)) if float(value).is_integer() else str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value).strip() or None


def known_cells(cells: Texts) -> Iterable[tuple[int, str]]:
    """Yield position and text of each cell that is neither empty nor a word for "unknown"."""
    for position, cell in enumerate(cells):
        if cell is not None and cell.casefold() not in _MISSING_WORDS:
            yield position, cell


def read_numbers(column: pd.Series) -> tuple[Floats, dict[int, str]]:
    """
    Read a column as decimal numbers; a comma may be the decimal mark.

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
    cells = read_texts(column)
    values = np.full(len(cells), np.nan)
    unreadable = {}
    for position, cell in known_cells(cells):
        plain = ascii_digits(cell).replace(_MINUS_SIGN, "-")
        number = float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else np.inf
        if np.isfinite(number):
            values[position] = number
        else:
            unreadable[position] = cell
    return values, unreadable


def read_counts(column: pd.Series, *, reason: str, faults: Faults) -> tuple[Floats, Floats, Floats]:
    """
    Read a column as counts of people: the figure, and both ends where a cell holds a range (``3-5``).

    Thousands separators are refused: ``1,200`` is 1200 to one reader and 1.2 to another.

    Parameters
    ----------
    column
        Cells of any kind.
    reason
        Stem of the reason codes: ``<reason>_negative``, ``<reason>_not_a_number``.
    faults
        Receives a complaint for each cell that cannot be used.

    Returns
    -------
    best, low, high
        NaN where unknown; only a range has `low` and `high`, and it has no `best`.
    """
    cells = read_texts(column)
    best, low, high = (np.full(len(cells), np.nan) for _ in range(3))
    parsed: dict[str, tuple[float, float, float] | tuple[str, str]] = {}
    for position, cell in known_cells(cells):
        if cell not in parsed:
            parsed[cell] = _parse_count(cell, str(column.name))
        result = parsed[cell]
        if len(result) == 2:
            faults.add(position, f"{reason}_{result[0]}", result[1])
        else:
            best[position], low[position], high[position] = result
    return best, low, high


def _parse_count(cell: str, column: str) -> tuple[float, float, float] | tuple[str, str]:
    """Return (best, low, high), or (code, detail) of the fault."""
    cell = ascii_digits(cell).replace(_MINUS_SIGN, "-")
    single = _COUNT.fullmatch(cell)
    if single:
        number = int(single[1])
        if number < 0:
            return "negative", f"{column} is {quote_cell(cell)}; leave it empty where unknown"
        if number <= _MAX_COUNT:
            return float(number), np.nan, np.nan
    span = _RANGE.fullmatch(cell)
    if span:
        low, high = int(span[1]), int(span[2])
        if low <= high <= _MAX_COUNT:
            return np.nan, float(low), float(high)
    remedy = "write one whole number without separators, a range as 3-5, or leave it empty"
    return "not_a_number", f"{column} is {quote_cell(cell)}; {remedy}"
