"""
Columns of dates to days, of the common or the Buddhist era.

A day that could be a month is decided by the whole column and the columns beside it, or refused.
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from .._paths import data_path
from ._cell_values import DistinctTexts, Texts, known_cells, read_distinct
from ._date_notation import DateCell, RawDay, parse_date_cell
from ._raw_table import Faults, quote_cell

__all__ = [
    "DateEvidence",
    "Days",
    "ParsedColumn",
    "ResolvedColumn",
    "limit_pairs",
    "parse_column",
    "parse_dates",
    "resolve_day",
]

Days = npt.NDArray[np.datetime64]

_FIRST_YEAR: Final = 1800
_LAST_YEAR: Final = 2199
#: The Buddhist era of the Thai calendar, and of the Khmer one before its new year, counts 543 years more.
_BUDDHIST_ERA: Final = 543
#: From here a year can only be of that era.
_FIRST_BUDDHIST: Final = _FIRST_YEAR + _BUDDHIST_ERA
#: Years of two digits: up to the first they are of this century, from the last of the one before.
_THIS_CENTURY: Final = 42
_LAST_CENTURY: Final = 70

_REMEDY: Final = "write it as 2025-07-24"
_ORDERS: Final = ("day first", "month first")

#: First and last day, or what is wrong.
Span = tuple[dt.date, dt.date]


@dataclass
class DateEvidence:
    """What a table says of the order of day and month, and of the era of its years."""

    #: Orders that cannot be, by cells or by sister columns.
    disproved: set[str] = field(default_factory=set)
    #: Whether any cell has a year of the Buddhist era, and of the common era, in four digits.
    buddhist: bool = False
    common: bool = False
    #: Scripts of the cells and of the column names: ``"th"``, ``"km"``.
    scripts: set[str] = field(default_factory=set)
    #: Whether the provider documents that days come first.
    day_first: bool = False

    @property
    def order(self) -> str:
        """``"day first"``, ``"month first"``, or empty where nothing proves either."""
        left = [order for order in _ORDERS if order not in self.disproved]
        if len(left) == 1:
            return left[0]
        return "day first" if self.day_first and len(left) == 2 else ""

    def note_header(self, name: object) -> None:
        """Take in the name of a column: its script, and an order that it states."""
        text = str(name)
        self.scripts |= {
            script
            for script, letters in (("km", "[\u1780-\u17ff]"), ("th", "[\u0e00-\u0e7f]"))
            if re.search(letters, text)
        }
        if re.search(r"\bdd?[/.-]?mm?\b", text, re.IGNORECASE):
            self.disproved.add("month first")
        elif re.search(r"\bmm?[/.-]?dd?\b", text, re.IGNORECASE):
            self.disproved.add("day first")

    def note_cells(self, cells: Iterable[DateCell | None]) -> None:
        """Take in cells: numbers that can be no month, years that are of one era, scripts."""
        for cell in cells:
            for day in () if cell is None else filter(None, (cell.first, cell.last)):
                if day.is_open and day.first > 12:
                    self.disproved.add("month first")
                if day.is_open and day.second > 12:
                    self.disproved.add("day first")
                self.buddhist |= day.era == "BE" or (not day.is_short and day.year >= _FIRST_BUDDHIST)
                self.common |= not day.is_short and day.year < _FIRST_BUDDHIST
                self.scripts |= {day.script} - {""}

    def note_limits(self, pairs: Iterable[tuple[RawDay, RawDay | dt.date]]) -> None:
        """Take in days that cannot come after others: an end, the day of a report."""
        for before, after in pairs:
            for order in _ORDERS:
                first = self._resolve_as(before, order)
                last = after if isinstance(after, dt.date) else self._resolve_as(after, order)
                if first is not None and last is not None and first > last:
                    self.disproved.add(order)

    def _resolve_as(self, day: RawDay, order: str) -> dt.date | None:
        trial = DateEvidence(
            {other for other in _ORDERS if other != order}, self.buddhist, self.common, self.scripts
        )
        span = resolve_day(day, trial, None)
        return None if isinstance(span, str) else span[0]


@dataclass
class ParsedColumn:
    """A column of dates, its cells parsed but their order not yet decided."""

    #: For messages.
    name: str
    #: Text of each cell.
    cells: DistinctTexts
    #: By text, those that stand for no value left out; None where it is no date.
    parsed: dict[str, DateCell | None]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.cells.codes)

    @property
    def known(self) -> list[tuple[int, str]]:
        """Position and text of the cells that are not missing."""
        return [(row, text) for row, text in enumerate(self.cells.texts) if text in self.parsed]

    @property
    def has_open_order(self) -> bool:
        """Whether any cell could be read in two orders."""
        return any(
            day.is_open for cell in self.parsed.values() if cell for day in (cell.first, cell.last) if day
        )

    def resolve(
        self,
        evidence: DateEvidence,
        *,
        faults: Faults,
        repairs: Faults,
        years: Mapping[int, int] | None = None,
    ) -> ResolvedColumn:
        """
        Resolve every cell to its first and last day.

        Parameters
        ----------
        evidence
            Of the table.
        faults
            Receives ``date_unreadable`` and ``date_ambiguous``.
        repairs
            Receives ``date_converted`` where a number was taken for a date.
        years
            Year by row, from a column beside it, for years of two digits.
        """
        if years is None:
            return self._resolve_distinct(evidence, faults, repairs)
        resolved = _empty_column(len(self))
        memory: dict[tuple[str, int | None], tuple[Span, str] | tuple[str, str]] = {}
        for row, text in self.known:
            year = years.get(row)
            key = (text, year)
            if key not in memory:
                memory[key] = _resolve_cell(self.parsed[text], evidence, year)
            self._store_answer(resolved, row, memory[key])
            self._tell_rows([row], text, memory[key], faults, repairs)
        return resolved

    def _resolve_distinct(self, evidence: DateEvidence, faults: Faults, repairs: Faults) -> ResolvedColumn:
        """Resolve each distinct cell once."""
        distinct = _empty_column(len(self.cells.distinct))
        for code, text in enumerate(self.cells.distinct):
            if text not in self.parsed:
                continue
            answer = _resolve_cell(self.parsed[text], evidence, None)
            self._store_answer(distinct, code, answer)
            cell = self.parsed[text]
            if isinstance(answer[0], str) or (cell is not None and cell.remark):
                rows = np.flatnonzero(self.cells.codes == code).tolist()
                self._tell_rows(rows, text, answer, faults, repairs)
        codes = self.cells.codes
        return ResolvedColumn(distinct.first[codes], distinct.last[codes], distinct.precision[codes])

    @staticmethod
    def _store_answer(
        resolved: ResolvedColumn, place: int, answer: tuple[Span, str] | tuple[str, str]
    ) -> None:
        span, word = answer
        if not isinstance(span, str):
            resolved.first[place], resolved.last[place] = span
            resolved.precision[place] = word

    def _tell_rows(
        self,
        rows: list[int],
        text: str,
        answer: tuple[Span, str] | tuple[str, str],
        faults: Faults,
        repairs: Faults,
    ) -> None:
        """List what is wrong with a cell, or what was assumed of it, for each row that has it."""
        span, word = answer
        cell = self.parsed[text]
        for row in rows:
            if isinstance(span, str):
                reason = "date_ambiguous" if word else "date_unreadable"
                faults.add(row, reason, f"{self.name} is {quote_cell(text)}{span}; {_REMEDY}")
            elif cell is not None and cell.remark:
                repairs.add(row, "date_converted", f"{self.name} is {quote_cell(text)}: {cell.remark}")


class ResolvedColumn(NamedTuple):
    """Days of each row of a column."""

    #: NaT where missing or unreadable.
    first: Days
    #: Equal to `first` for a day.
    last: Days
    #: One of `schema.DATE_PRECISIONS`; None where there is no date.
    precision: Texts


def _empty_column(count: int) -> ResolvedColumn:
    first, last = (np.full(count, np.datetime64("NaT", "D"), dtype="datetime64[D]") for _ in range(2))
    return ResolvedColumn(first, last, np.full(count, None, dtype=object))


def parse_column(column: pd.Series) -> ParsedColumn:
    """Parse the distinct cells of a column of dates."""
    cells = read_distinct(column)
    parsed = {text: parse_date_cell(text) for _, text in known_cells(cells.distinct)}
    return ParsedColumn(str(column.name), cells, parsed)


def parse_dates(
    column: pd.Series, *, faults: Faults, day_first: bool = False
) -> tuple[npt.NDArray[np.datetime64], str]:
    """
    Parse one column of dates to naive days.

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
        ``datetime64[ns]``, the first day of each cell; NaT where missing or unreadable.
    order
        ``"day first"`` or ``"month first"`` where the column proved it, else empty.
    """
    parsed = parse_column(column)
    evidence = DateEvidence(day_first=day_first)
    evidence.note_header(column.name)
    evidence.note_cells(parsed.parsed.values())
    days = parsed.resolve(evidence, faults=faults, repairs=Faults())
    return days.first.astype("datetime64[ns]"), evidence.order if parsed.has_open_order else ""


def _resolve_cell(
    cell: DateCell | None, evidence: DateEvidence, year: int | None
) -> tuple[Span, str] | tuple[str, str]:
    """Return first and last day with the precision, or what is wrong and whether it has several readings."""
    if cell is None:
        return "", ""
    first = resolve_day(cell.first, evidence, year)
    last = first if cell.last is None else resolve_day(cell.last, evidence, year)
    if isinstance(first, str) or isinstance(last, str):
        wrong = first if isinstance(first, str) else str(last)
        return wrong, "open" if "which is" in wrong else ""
    begins, ends = first[0], last[1]
    if ends < begins:
        return " (it ends before it begins)", ""
    if cell.last is not None:
        return (begins, ends), _width_word(max(_count_days(first), _count_days(last)))
    if cell.part:
        begins, ends = _take_part(begins, ends, cell.part)
    return (begins, ends), _width_word((ends - begins).days + 1)


def _count_days(span: Span) -> int:
    return (span[1] - span[0]).days + 1


def _take_part(first: dt.date, last: dt.date, part: str) -> Span:
    """Return a third of a month, or the week around a day."""
    if part == "about":
        return first - dt.timedelta(days=3), first + dt.timedelta(days=3)
    if part == "week":
        monday = first - dt.timedelta(days=first.weekday())
        return monday, monday + dt.timedelta(days=6)
    begins, ends = {"early": (1, 10), "middle": (11, 20), "late": (21, last.day)}[part]
    return first.replace(day=begins), first.replace(day=ends)


def _width_word(days: int) -> str:
    """Return the word for a span of time within which the day is not known."""
    steps = ((1, "day"), (6, "days"), (13, "week"), (31, "month"))
    return next((word for most, word in steps if days <= most), "year")


def resolve_day(day: RawDay, evidence: DateEvidence, year: int | None) -> Span | str:
    """Return the first and the last day that a day, month or year stands for, or what is wrong."""
    known = _resolve_year(day, evidence, year)
    if isinstance(known, str):
        return known
    number, era = known
    month, day_number = day.first, day.second
    if day.is_open:
        order = evidence.order
        if month > 12 >= day_number or (order == "day first" and day_number <= 12):
            month, day_number = day_number, month
        elif day_number <= 12 and order != "month first" and month != day_number:
            if era != "BE":
                return (
                    f", which is day {month} of month {day_number} or day {day_number} of month {month} "
                    f"of {day.year}"
                )
            # Who counts years so writes the day first, where the column proves nothing else.
            month, day_number = day_number, month
    if era != "BE":
        return _make_span(number, month, day_number)
    scripts = {day.script} if day.script else evidence.scripts
    if scripts == {"km"}:
        return _khmer_span(number, month, day_number)
    return _make_span(number - _BUDDHIST_ERA, month, day_number)


def _resolve_year(  # noqa: PLR0911 - a case a line
    day: RawDay, evidence: DateEvidence, year: int | None
) -> tuple[int, str] | str:
    """Return the year as written in four digits and its era, or what is wrong."""
    number, era = day.year, day.era
    if not day.is_short:
        return number, era or ("BE" if number >= _FIRST_BUDDHIST else "CE")
    if year is not None:
        for known, its_era in ((year, "CE"), (year + _BUDDHIST_ERA, "BE")):
            if known % 100 == number:
                return known, its_era
    if era == "BE":
        return 2500 + number, era
    is_thai = day.script == "th" or (not day.script and evidence.buddhist and not evidence.common)
    open_era = f", which is the year {number} of an era or century that nothing tells"
    if is_thai and not era:
        if number > _THIS_CENTURY or (evidence.buddhist and not evidence.common):
            return 2500 + number, "BE"
        return (2000 + number, "CE") if evidence.common and not evidence.buddhist else open_era
    if number <= _THIS_CENTURY:
        return 2000 + number, "CE"
    if not era and (day.script == "km" or (evidence.buddhist and number < _LAST_CENTURY)):
        return 2500 + number, "BE"
    return (1900 + number, "CE") if number >= _LAST_CENTURY else open_era


def _make_span(year: int, month: int, day: int) -> Span | str:
    """Return the days of a year, a month or a day of the common era."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return f" (the year {year} is out of range)"
    try:
        if not month:
            return dt.date(year, 1, 1), dt.date(year, 12, 31)
        if not day:
            return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
        return dt.date(year, month, day), dt.date(year, month, day)
    except (ValueError, calendar.IllegalMonthError):
        return " (there is no such day)"


@cache
def _visak_days() -> dict[int, dt.date]:
    """Return the day of Visak Bochea, the last of the Khmer Buddhist year, by year."""
    with data_path("geodata", "crosswalks", "visak_bochea.csv").open(encoding="utf-8", newline="") as file:
        return {int(row["year"]): dt.date.fromisoformat(row["day"]) for row in csv.DictReader(file)}


def _khmer_span(  # noqa: C901, PLR0911 - a case a line
    buddhist_year: int, month: int, day: int
) -> Span | str:
    """
    Return the days of a date in the Khmer Buddhist era.

    The year changes on the day after Visak Bochea, between late April and late May. Where that day is not
    known, a date in April or May is refused.
    """
    if not month:
        begins = _visak_days().get(buddhist_year - _BUDDHIST_ERA - 1)
        ends = _visak_days().get(buddhist_year - _BUDDHIST_ERA)
        if begins is None or ends is None:
            return f", which is a year of the Khmer era ({buddhist_year}) whose first day is not known"
        return begins + dt.timedelta(days=1), ends
    fitting: list[Span] = []
    for year in (buddhist_year - _BUDDHIST_ERA - 1, buddhist_year - _BUDDHIST_ERA):
        span = _make_span(year, month, day)
        if isinstance(span, str):
            if month == 2 and day == 29:
                continue
            return span
        eras = {_khmer_year(end) for end in span}
        if None in eras:
            return (
                f", which is a day of the Khmer year {buddhist_year} that may belong to {year} or {year + 1}"
            )
        if eras == {buddhist_year}:
            fitting.append(span)
        elif buddhist_year in eras:
            return f", which is a month in which the Khmer year {buddhist_year} changes"
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        years = " and in ".join(str(span[0].year) for span in fitting)
        return f", which is a day that the Khmer year {buddhist_year} has twice, in {years}"
    return f" (there is no such day in the Khmer year {buddhist_year})"


def _khmer_year(day: dt.date) -> int | None:
    """Return the Khmer Buddhist year of a day; None in April and May where its change is not known."""
    visak = _visak_days().get(day.year)
    if visak is None and day.month in {4, 5}:
        return None
    after = day > visak if visak is not None else day.month > 5
    return day.year + _BUDDHIST_ERA + after


def limit_pairs(
    earlier: ParsedColumn, later: ParsedColumn | Sequence[dt.date | None]
) -> Iterable[tuple[RawDay, RawDay | dt.date]]:
    """Yield the days of a column beside those of another that cannot come before them, row by row."""
    bounds: Mapping[int, RawDay | dt.date | None]
    if isinstance(later, ParsedColumn):
        bounds = {row: cell.first if (cell := later.parsed[text]) else None for row, text in later.known}
    else:
        bounds = dict(enumerate(later))
    seen = set()
    for row, text in earlier.known:
        cell, bound = earlier.parsed[text], bounds.get(row)
        if cell is not None and bound is not None and (cell.first, bound) not in seen:
            seen.add((cell.first, bound))
            yield cell.first, bound
