"""The days of each event, from all the columns of a table that say when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from ..schema import DATE_PRECISIONS
from ._cell_values import Texts, read_distinct, read_texts
from ._date_parsing import DateEvidence, Days, ParsedColumn, limit_pairs, parse_column
from ._raw_table import Faults

__all__ = ["join_date_parts", "read_event_dates"]

#: Names of columns with parts of a date, the year first.
_DATE_PARTS: Final = (
    ("year", "iyear", "event_year", "incident_year", "yr", "ปี", "พ_ศ", "ឆ្នាំ"),
    ("month", "imonth", "event_month", "incident_month", "mon", "เดือน", "ខែ"),
    ("day", "iday", "event_day", "incident_day", "dy", "วัน", "ទី"),
)
#: Columns that say when an event was reported or coded, so it cannot be later.
_REPORT_COLUMNS: Final = (
    *("timestamp", "dateadded", "date_added", "created_at", "updated_at", "reported_at", "date_reported"),
    *("report_date", "reported_date", "published", "published_date", "date_published", "source_date"),
)
#: Codes of providers for how well a day is known, by column.
_PRECISION_CODES: Final[dict[str, dict[str, str]]] = {
    "time_precision": {"1": "day", "2": "week", "3": "month"},
    "date_prec": {"1": "day", "2": "days", "3": "week", "4": "month", "5": "year"},
}
_PRECISION_WORDS: Final = {word: word for word in DATE_PRECISIONS} | {"exact": "day"}
_DAY: Final = np.timedelta64(1, "D")


def join_date_parts(columns: Mapping[str, pd.Series]) -> tuple[pd.Series, list[str]] | None:
    """
    Return a date from columns for its year, month and day, and their names; None where there is no such pair.

    A month or a day that is empty or 0 is not known.
    """
    named = [next((columns[name] for name in names if name in columns), None) for names in _DATE_PARTS]
    if named[0] is None or named[1] is None:
        return None
    texts = [
        np.full(len(named[0]), None, dtype=object) if part is None else read_texts(part) for part in named
    ]
    joined = [_join_parts(*parts) for parts in zip(*texts, strict=True)]
    names = [str(part.name) for part in named if part is not None]
    return pd.Series(joined, dtype=object, name=", ".join(names)), names


def _join_parts(year: str | None, month: str | None, day: str | None) -> str | None:
    if year is None or year == "0":
        return None
    month, day = (
        None if part is None or not part.strip("0") or part.startswith("-") else part for part in (month, day)
    )
    if month is None:
        return year
    if month.isdecimal():
        return f"{year}-{month}" if day is None else f"{year}-{month}-{day}"
    return f"{month} {year}" if day is None else f"{day} {month} {year}"


def read_event_dates(
    start: pd.Series | None,
    end: pd.Series | None,
    precision: pd.Series | None,
    columns: Mapping[str, pd.Series],
    *,
    day_first: bool,
    faults: Faults,
    repairs: Faults,
) -> tuple[dict[str, Any], dict[str, str]]:
    """
    Read the first and the last day of each event, and how well they are known.

    Parameters
    ----------
    start, end
        Columns of dates; None where there is none.
    precision
        Words of `schema.DATE_PRECISIONS`; None where there is none.
    columns
        All columns of the table by folded name, for the evidence in them.
    day_first
        Whether the provider documents that days come first.
    faults
        Receives what is wrong with a start.
    repairs
        Receives what is wrong with an end, which is left out.

    Returns
    -------
    values
        ``event_date``, ``event_date_end`` and ``date_precision``.
    remarks
        Order of day and month where it was open.
    """
    values: dict[str, Any] = {}
    remarks: dict[str, str] = {}
    parsed = {
        name: parse_column(column)
        for name, column in (("event_date", start), ("event_date_end", end))
        if column is not None
    }
    evidence = _collect_evidence(parsed, columns, day_first=day_first)
    years = _read_years(parsed, columns)
    for name, column in parsed.items():
        if column.has_open_order and evidence.order:
            remarks[f"{name}_order"] = evidence.order
    if "event_date" in parsed:
        dated = parsed["event_date"].resolve(evidence, faults=faults, repairs=repairs, years=years)
        first, last = dated.first, dated.last
        words = dated.precision
    elif "event_date_end" in parsed:
        count = len(parsed["event_date_end"])
        first, last = (np.full(count, np.datetime64("NaT", "D"), dtype="datetime64[D]") for _ in range(2))
        words = np.full(count, None, dtype=object)
    else:
        return {}, {}
    widened = last > first
    last = np.where(widened, last, np.datetime64("NaT", "D"))
    if "event_date_end" in parsed:
        ends = parsed["event_date_end"].resolve(evidence, faults=repairs, repairs=repairs, years=years).last
        for row in np.flatnonzero(ends < first).tolist():
            repairs.add(
                row,
                "dates_reversed",
                f"it ends on {ends[row]}, before it begins on {first[row]}; the end is left out",
            )
            ends[row] = np.datetime64("NaT", "D")
        last = np.where(np.isnat(ends), last, ends)
    first, last, words = _widen_days(first, last, words, precision, columns)
    values["event_date"] = first.astype("datetime64[ns]")
    values["event_date_end"] = last.astype("datetime64[ns]")
    values["date_precision"] = words
    return values, remarks


def _collect_evidence(
    parsed: Mapping[str, ParsedColumn], columns: Mapping[str, pd.Series], *, day_first: bool
) -> DateEvidence:
    """Return what the columns of dates, and those beside them, prove."""
    evidence = DateEvidence(day_first=day_first)
    for column in parsed.values():
        evidence.note_header(column.name)
        evidence.note_cells(column.parsed.values())
    if len(evidence.disproved) == 1 or not any(column.has_open_order for column in parsed.values()):
        return evidence
    taken = {column.name for column in parsed.values()}
    for name, beside in columns.items():
        if str(beside.name) not in taken and ("date" in name.split("_") or name in _REPORT_COLUMNS):
            sister = parse_column(beside)
            evidence.note_cells(cell for cell in sister.parsed.values() if cell and cell.first.is_open)
    start, end = parsed.get("event_date"), parsed.get("event_date_end")
    if start is not None and end is not None:
        evidence.note_limits(limit_pairs(start, end))
    for name in _REPORT_COLUMNS:
        if start is not None and name in columns and str(columns[name].name) not in taken:
            reported = parse_column(columns[name])
            days = [None] * len(reported)
            known = reported.resolve(evidence, faults=Faults(), repairs=Faults()).last
            for row in np.flatnonzero(~np.isnat(known)).tolist():
                # The zone of a report may be another one than that of the border.
                days[row] = known[row].item() + dt.timedelta(days=1)
            evidence.note_limits(limit_pairs(start, days))
    return evidence


def _read_years(
    parsed: Mapping[str, ParsedColumn], columns: Mapping[str, pd.Series]
) -> dict[int, int] | None:
    """Return the year of each row from a column of its own, where any date has a year of two digits."""
    is_short = any(
        cell is not None and cell.first.is_short
        for column in parsed.values()
        for cell in column.parsed.values()
    )
    if not is_short or "year" not in columns:
        return None
    texts = read_texts(columns["year"])
    return {
        row: int(text)
        for row, text in enumerate(texts)
        if text is not None and text.isdecimal() and len(text) == 4 and int(text) < 2343
    }


def _widen_days(
    first: Days, last: Days, words: Texts, precision: pd.Series | None, columns: Mapping[str, pd.Series]
) -> tuple[Days, Days, Texts]:
    """Widen days to the week, month or year within which a provider places them."""
    said = _read_precision(precision, columns)
    if said is None:
        return first, last, words
    first, last, words = first.copy(), last.copy(), words.copy()
    for word in ("days", "week", "month", "year"):
        rows = np.flatnonzero((said == word) & ~np.isnat(first))
        words[rows] = word
        lone = rows[np.isnat(last[rows]) | (last[rows] == first[rows])]
        day = first[lone]
        if word == "week":
            first[lone], last[lone] = day - 3 * _DAY, day + 3 * _DAY
        elif word in {"month", "year"}:
            unit = f"datetime64[{word[0].upper()}]"
            first[lone] = day.astype(unit).astype("datetime64[D]")
            last[lone] = (day.astype(unit) + 1).astype("datetime64[D]") - _DAY
    return first, last, words


def _read_precision(precision: pd.Series | None, columns: Mapping[str, pd.Series]) -> Texts | None:
    """Return the word for how well each day is known, None where nothing is said."""
    if precision is not None:
        codes, column = _PRECISION_WORDS, precision
    else:
        name = next((name for name in _PRECISION_CODES if name in columns), None)
        if name is None:
            return None
        codes, column = _PRECISION_CODES[name], columns[name]
    cells = read_distinct(column)
    said = np.full(len(cells.distinct), None, dtype=object)
    said[:] = [codes.get((text or "").casefold()) for text in cells.distinct]
    return said[cells.codes]
