"""Columns of a table as numbers, dates, flags or texts; unreadable values count as missing."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from .._constants import Bools, Floats, Ints
from ..schema import plain_days
from ._payload import MOST_WHOLE

__all__ = ["days_of", "exact_numbers", "series_of", "texts_of", "truths_of"]

#: Years 1 to 9999, as days since 1970-01-01: what ISO 8601 writes with four digits.
_FIRST_DAY: Final = -719162
_LAST_DAY: Final = 2932896


def series_of(table: pd.DataFrame, name: str) -> pd.Series[Any] | None:
    """
    Return a column, the first one where the name occurs twice.

    Parameters
    ----------
    table
        Any table.
    name
        Name of a column.

    Returns
    -------
    column
        None where there is none.
    """
    if name not in table.columns:
        return None
    first: pd.Series[Any] = table.iloc[:, int(np.flatnonzero(table.columns == name)[0])]
    return first


def exact_numbers(table: pd.DataFrame, name: str) -> Floats:
    """
    Return a column as numbers.

    Parameters
    ----------
    table
        Any table.
    name
        Name of a column.

    Returns
    -------
    values
        NaN where a value is missing, unreadable, infinite or past what is counted exactly.
    """
    series = series_of(table, name)
    if series is None:
        return np.full(len(table), np.nan)
    values: Floats = pd.to_numeric(series, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(values) < MOST_WHOLE / 1000, values, np.nan)


def truths_of(table: pd.DataFrame, name: str) -> Bools:
    """
    Return a column as truth values.

    Parameters
    ----------
    table
        Any table.
    name
        Name of a column.

    Returns
    -------
    truths
        True where the value is a true boolean, False for everything else.
    """
    series = series_of(table, name)
    if series is None:
        return np.zeros(len(table), dtype=np.bool_)
    if pd.api.types.is_bool_dtype(series.dtype):
        return series.to_numpy(dtype=np.bool_, na_value=False)
    values = series.to_numpy(dtype=object)
    return np.array([isinstance(v, (bool, np.bool_)) and bool(v) for v in values], dtype=np.bool_)


def days_of(table: pd.DataFrame, name: str) -> Floats:
    """
    Return a column of dates as days.

    Parameters
    ----------
    table
        Any table.
    name
        Name of a column: dates, or texts of ISO 8601.

    Returns
    -------
    days
        Days since 1970-01-01 by the clock of the place; NaN where there is no date of the years
        1 to 9999.
    """
    series = series_of(table, name)
    if series is None:
        return np.full(len(table), np.nan)
    series = plain_days(series)
    if not pd.api.types.is_datetime64_any_dtype(series.dtype):
        texts = series.astype(object).map(_text_or_none)
        series = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=False)
    if getattr(series.dt, "tz", None) is not None:
        series = series.dt.tz_localize(None)
    days = series.to_numpy(dtype="datetime64[D]").astype("int64")
    # NaT is the smallest of all.
    return np.where((days < _FIRST_DAY) | (days > _LAST_DAY), np.nan, days.astype("float64"))


def texts_of(series: pd.Series[Any]) -> tuple[Ints, list[str]]:
    """
    Return the texts of a column, each once, with a code for each cell.

    Parameters
    ----------
    series
        Cells of any kind.

    Returns
    -------
    codes
        Which of the texts each cell says; -1 where it says nothing.
    texts
        Each once, as ``str`` writes it.
    """
    if not _all_words(series):
        series = pd.Series([_text_or_none(cell) for cell in series.to_numpy(dtype=object)], dtype=object)
    codes, cells = pd.factorize(series)
    texts = [_whole_characters(str(cell)) for cell in cells]
    blank = np.array([not text or text.isspace() for text in texts], dtype=np.bool_)
    if blank.any():
        kept = np.where(blank, -1, np.cumsum(~blank) - 1)
        codes = np.where(codes < 0, -1, kept[codes])
        texts = [text for text, empty in zip(texts, blank.tolist(), strict=True) if not empty]
    return codes.astype(np.int64), texts


def _whole_characters(text: str) -> str:
    """Return a text in which halves of surrogate pairs, which are no characters, are U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _all_words(series: pd.Series[Any]) -> bool:
    """Return whether equal cells are equal texts; 1, 1.0 and True are equal but differ as texts."""
    if isinstance(series.dtype, pd.StringDtype):
        return True
    return series.dtype == object and pd.api.types.infer_dtype(series, skipna=True) in ("string", "empty")


def _text_or_none(value: object) -> str | None:
    """Return a cell as text; None where it is missing."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    return str(value)
