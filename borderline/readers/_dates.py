"""Dates as people write them; a day that could be a month is settled by its column or refused."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ._digits import plain_digits
from ._months import ERA, MONTH, month_number
from ._raw import Faults, quoted
from ._values import known_texts, texts

__all__ = ["dates"]

_FIRST_YEAR: Final = 1800
_LAST_YEAR: Final = 2199
#: The Buddhist era of Thai and Khmer calendars counts 543 years more.
_BUDDHIST_ERA: Final = 543
#: From here a year can only be of that era.
_FIRST_BUDDHIST: Final = _FIRST_YEAR + _BUDDHIST_ERA

_TIME: Final = r"(?:(?:T|\s+)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
_ENGLISH_DAY: Final = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,?\s+"
_OTHER_DAY: Final = r"(?:วัน|ថ្ងៃ)[\u0e00-\u0e7f\u1780-\u17ff]*\s*"
_WEEKDAY: Final = f"(?:{_OTHER_DAY}|{_ENGLISH_DAY})?"
#: Two digits of the Buddhist era, as Thai abbreviations of months have them beside them.
_SHORT_YEAR: Final = re.compile(rf"(\d{{1,2}})\s*([\u0e00-\u0e7f.]{{2,12}})\s*{ERA}(\d{{2}})")
_PLAIN: Final = (
    re.compile(rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"),
    re.compile(rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}){_TIME}"),
    re.compile(rf"{_WEEKDAY}(?P<day>\d{{1,2}})[ -]?(?P<month>{MONTH})\.?[ ,-]*{ERA}(?P<year>\d{{4}}){_TIME}"),
    re.compile(rf"{_WEEKDAY}(?P<month>[A-Za-z]{{3,9}})\.? (?P<day>\d{{1,2}}),? (?P<year>\d{{4}}){_TIME}"),
)
#: Day and month in an order that only other cells can tell.
_SLASHED: Final = re.compile(rf"(\d{{1,2}})[/-](\d{{1,2}})[/-](\d{{4}}){_TIME}")

_REMEDY: Final = "write it as 2025-07-24"

Read = date | tuple[int, int, int] | str


def dates(
    column: pd.Series, *, faults: Faults, day_first: bool = False
) -> tuple[npt.NDArray[np.datetime64], str]:
    """
    Days of a column, naive: as written, whatever the time or the offset beside them.

    ISO dates, ``20250724``, ``24 July 2025``, ``July 24, 2025`` and ``24.07.2025``
    are read as they stand, with months in English, Thai or Khmer, Thai or Khmer digits, and
    years of the Buddhist era (2343 and later: they cannot be others). ``24/07/2025`` is
    day first or month first, whichever other cells of the column prove; where nothing
    proves it, ``03/04/2025`` is a fault.

    Parameters
    ----------
    column
        Cells of any kind.
    faults
        Takes ``date_unreadable`` and ``date_ambiguous``.
    day_first
        Whether the provider says that days come first, where no cell of the column proves it.

    Returns
    -------
    days
        ``datetime64[ns]``, NaT where missing or unreadable.
    order
        ``"day first"`` or ``"month first"`` where the column proved it, else empty.
    """
    cells = texts(column)
    known = list(known_texts(cells))
    read = {cell: _read(cell) for cell in {cell for _, cell in known}}
    pairs = [value for value in read.values() if isinstance(value, tuple)]
    proved = (any(first > 12 for first, _, _ in pairs), any(second > 12 for _, second, _ in pairs))
    orders = {(True, False): "day first", (False, True): "month first"}
    order = orders.get(proved, "day first" if day_first and pairs and not any(proved) else "")
    settled = {cell: _settle(value, order) for cell, value in read.items()}
    days = np.full(len(cells), np.datetime64("NaT"), dtype="datetime64[ns]")
    for position, cell in known:
        value = settled[cell]
        if isinstance(value, date):
            days[position] = np.datetime64(value)
        elif isinstance(value, tuple):
            first, second, year = value
            faults.add(
                position,
                "date_ambiguous",
                f"{column.name} is {quoted(cell)}, which is day {first} of month {second} or "
                f"day {second} of month {first} of {year}; {_REMEDY}",
            )
        else:
            faults.add(position, "date_unreadable", f"{column.name} is {quoted(cell)}{value}; {_REMEDY}")
    return days, order


def _read(cell: str) -> Read:
    """Read a date, or (first, second, year) whose order is open, or say why not."""
    cell = plain_digits(cell)
    if found := _SHORT_YEAR.fullmatch(cell):
        return _date(2500 + int(found[3]), month_number(found[2]), int(found[1]))
    if found := _SLASHED.fullmatch(cell):
        first, second, year = (int(part) for part in found.groups())
        if year >= _FIRST_BUDDHIST:
            return _date(year, second, first)  # whoever counts years so writes the day first
        return _date(year, first, second) if first == second else (first, second, year)
    for pattern in _PLAIN:
        if found := pattern.fullmatch(cell):
            month = found["month"]
            number = int(month) if month.isdecimal() else month_number(month)
            return _date(int(found["year"]), number, int(found["day"]))
    return ""


def _settle(value: Read, order: str) -> Read:
    """Turn an open pair into a date where its own numbers or the column's order decide."""
    if not isinstance(value, tuple):
        return value
    first, second, year = value
    if first > 12 or (order == "day first" and second <= 12):
        return _date(year, second, first)
    if second > 12 or order == "month first":
        return _date(year, first, second)
    return value


def _date(year: int, month: int, day: int) -> Read:
    if year >= _FIRST_BUDDHIST:
        year -= _BUDDHIST_ERA
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return f" (the year {year} is out of range)"
    try:
        return date(year, month, day)
    except ValueError:
        return " (there is no such day)"
