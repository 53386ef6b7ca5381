"""
Dates as people write them, in English, Thai and Khmer, of the common or the Buddhist era.

Parsed here, because pandas and dateutil read none of six common spellings with a Thai or Khmer month,
take 24/07/2568 for a day five centuries ahead, and make 03/04/2025 the fourth of March without a word.
Here a day that could be a month is decided by its column, or refused.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ._cell_values import ascii_digits, known_cells, read_texts
from ._raw_table import Faults, quote_cell

__all__ = ["parse_dates"]

_ENGLISH: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_THAI: Final = (
    *("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน"),
    *("กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"),
)
_THAI_SHORT: Final = ("มค", "กพ", "มีค", "เมย", "พค", "มิย", "กค", "สค", "กย", "ตค", "พย", "ธค")
_KHMER: Final = (
    *("មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា"),
    *("កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ"),
)
_MONTHS: Final = {
    name: number
    for names in (_THAI, _THAI_SHORT, _KHMER, [name.removesuffix("คม").removesuffix("ยน") for name in _THAI])
    for number, name in enumerate(names, 1)
}

#: A word that may be a month.
_MONTH: Final = r"(?:[A-Za-z]{3,9}|[\u0e00-\u0e7f.]{2,12}|[\u1780-\u17ff]{2,12})"
#: Words before a year: Thai for Buddhist and common era, Khmer for both.
_ERA: Final = r"(?:พ\.?\s?ศ\.?\s*|ค\.?\s?ศ\.?\s*|ព\.?ស\.?\s*|គ\.?ស\.?\s*|B\.?E\.?\s*)?"

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
_SHORT_YEAR: Final = re.compile(rf"(\d{{1,2}})\s*([\u0e00-\u0e7f.]{{2,12}})\s*{_ERA}(\d{{2}})")
_PLAIN: Final = (
    re.compile(rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"),
    re.compile(rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}){_TIME}"),
    re.compile(
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})[ -]?(?P<month>{_MONTH})\.?[ ,-]*{_ERA}(?P<year>\d{{4}}){_TIME}"
    ),
    re.compile(rf"{_WEEKDAY}(?P<month>[A-Za-z]{{3,9}})\.? (?P<day>\d{{1,2}}),? (?P<year>\d{{4}}){_TIME}"),
)
#: Day and month in an order that only other cells can tell.
_SLASHED: Final = re.compile(rf"(\d{{1,2}})[/-](\d{{1,2}})[/-](\d{{4}}){_TIME}")

_REMEDY: Final = "write it as 2025-07-24"

#: A date, or first number, second number and year of a date whose order is open, or what is wrong.
ParsedDate = date | tuple[int, int, int] | str


def parse_dates(
    column: pd.Series, *, faults: Faults, day_first: bool = False
) -> tuple[npt.NDArray[np.datetime64], str]:
    """
    Parse a column of dates to naive days: as written, whatever the time or the offset beside them.

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
        Receives ``date_unreadable`` and ``date_ambiguous``.
    day_first
        Whether the provider documents that days come first, where no cell of the column proves it.

    Returns
    -------
    days
        ``datetime64[ns]``, NaT where missing or unreadable.
    order
        ``"day first"`` or ``"month first"`` where the column proved it, else empty.
    """
    cells = read_texts(column)
    known = list(known_cells(cells))
    parsed = {cell: _parse_date(cell) for cell in {cell for _, cell in known}}
    open_pairs = [value for value in parsed.values() if isinstance(value, tuple)]
    proved = (any(first > 12 for first, _, _ in open_pairs), any(second > 12 for _, second, _ in open_pairs))
    orders = {(True, False): "day first", (False, True): "month first"}
    order = orders.get(proved, "day first" if day_first and open_pairs and not any(proved) else "")
    decided = {cell: _decide_order(value, order) for cell, value in parsed.items()}
    days = np.full(len(cells), np.datetime64("NaT", "ns"), dtype="datetime64[ns]")
    for position, cell in known:
        value = decided[cell]
        if isinstance(value, date):
            days[position] = np.datetime64(value)
        elif isinstance(value, tuple):
            first, second, year = value
            faults.add(
                position,
                "date_ambiguous",
                f"{column.name} is {quote_cell(cell)}, which is day {first} of month {second} or "
                f"day {second} of month {first} of {year}; {_REMEDY}",
            )
        else:
            faults.add(position, "date_unreadable", f"{column.name} is {quote_cell(cell)}{value}; {_REMEDY}")
    return days, order


def _parse_date(cell: str) -> ParsedDate:
    cell = ascii_digits(cell)
    if match := _SHORT_YEAR.fullmatch(cell):
        return _make_date(2500 + int(match[3]), _month_number(match[2]), int(match[1]))
    if match := _SLASHED.fullmatch(cell):
        first, second, year = (int(part) for part in match.groups())
        if year >= _FIRST_BUDDHIST:
            return _make_date(year, second, first)  # who counts years so writes the day first
        return _make_date(year, first, second) if first == second else (first, second, year)
    for pattern in _PLAIN:
        if match := pattern.fullmatch(cell):
            month = match["month"]
            number = int(month) if month.isdecimal() else _month_number(month)
            return _make_date(int(match["year"]), number, int(match["day"]))
    return ""


def _decide_order(value: ParsedDate, order: str) -> ParsedDate:
    """Make a date of an open pair where its own numbers or the order of its column decide."""
    if not isinstance(value, tuple):
        return value
    first, second, year = value
    if first > 12 or (order == "day first" and second <= 12):
        return _make_date(year, second, first)
    if second > 12 or order == "month first":
        return _make_date(year, first, second)
    return value


def _make_date(year: int, month: int, day: int) -> ParsedDate:
    if year >= _FIRST_BUDDHIST:
        year -= _BUDDHIST_ERA
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return f" (the year {year} is out of range)"
    try:
        return date(year, month, day)
    except ValueError:
        return " (there is no such day)"


def _month_number(name: str) -> int:
    """
    Return the number of a month by its name, in English by at least three letters; 0 for no month.

    Examples
    --------
    >>> _month_number("Jul"), _month_number("ก.ค."), _month_number("កក្កដា"), _month_number("Smarch")
    (7, 7, 7, 0)
    """
    folded = re.sub(r"[.\s]", "", name).casefold()
    if folded in _MONTHS:
        return _MONTHS[folded]
    if not (folded.isascii() and len(folded) >= 3):
        return 0
    return next((number for number, month in enumerate(_ENGLISH, 1) if month.startswith(folded)), 0)
