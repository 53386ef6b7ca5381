"""Spans of days: how long events were watched for."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from .._constants import Bools
from ..errors import MeasureError, TableError
from ..schema import require_columns

__all__ = ["Day", "Period", "Span", "days_of", "span_of", "spans_of"]

Day: TypeAlias = str | pd.Timestamp | None
Period: TypeAlias = str | tuple[Day, Day]

#: Days of a mean year of the Gregorian calendar.
DAYS_A_YEAR: Final = 365.2425


class Span(NamedTuple):
    """Whole days, the first and the last included."""

    #: First day.
    start: pd.Timestamp
    #: Last day.
    end: pd.Timestamp

    @property
    def days(self) -> int:
        """How many days it has."""
        return int((self.end - self.start).days) + 1

    @property
    def years(self) -> float:
        """The same in mean Gregorian years."""
        return self.days / DAYS_A_YEAR

    @property
    def text(self) -> str:
        """The days in words."""
        return f"{self.start:%Y-%m-%d} to {self.end:%Y-%m-%d}"

    def holds(self, days: pd.Series[pd.Timestamp]) -> Bools:
        """Tell which days lie in it; missing ones do not."""
        inside: Bools = days.between(self.start, self.end).to_numpy(dtype=np.bool_)
        return inside


def days_of(events: pd.DataFrame, *, verb: str) -> pd.Series[pd.Timestamp]:
    """
    Take the day of each event.

    Parameters
    ----------
    events
        Events with ``event_date``.
    verb
        Who asks, for messages.

    Returns
    -------
    days
        Midnights, without a time zone; missing where the date is.

    Raises
    ------
    TableError
        If there is no such column, or it holds no dates.
    """
    require_columns(events, ["event_date"], verb=verb, remedy="read_events makes it")
    dates = events["event_date"]
    if not pd.api.types.is_datetime64_any_dtype(dates.dtype):
        if dates.notna().any():
            raise TableError(
                f"{verb}: event_date holds no dates but {dates.dtype}; pandas.to_datetime makes them."
            )
        dates = pd.Series(pd.NaT, index=dates.index, dtype="datetime64[ns]")
    if dates.dt.tz is not None:
        dates = dates.dt.tz_localize(None)
    days: pd.Series[pd.Timestamp] = dates.dt.normalize()
    return days


def span_of(period: Period, days: pd.Series[pd.Timestamp] | None, *, name: str) -> Span:
    """
    Read a period.

    Parameters
    ----------
    period
        A day, month or year (``"2025-07"``), or its first and last day, both included; a side
        that is None is open: the first or last day of the data.
    days
        Days of the data, for sides that are open; None where there are none.
    name
        What the caller calls it, for messages.

    Returns
    -------
    span
        Its days.

    Raises
    ------
    MeasureError
        If it cannot be read, has no days, or is open where the data has no dates.
    """
    given = (period, period) if isinstance(period, str) else period
    pair = tuple(given) if isinstance(given, (list, tuple)) else ()
    if len(pair) != 2:
        raise MeasureError(f"{name} is a month such as '2025-07', or a first and a last day, not {period!r}.")
    known = None if days is None else days.dropna()
    found = []
    for at, side in enumerate(pair):
        if side is None:
            if known is None or known.empty:
                raise MeasureError(f"{name} is open, and no event has a date to close it; give both days.")
            found.append(known.min() if at == 0 else known.max())
            continue
        found.append(_day(side, last=at == 1, name=name))
    span = Span(*found)
    if span.days < 1:
        raise MeasureError(
            f"{name} has no days: it ends on {span.end:%Y-%m-%d}, before it starts on {span.start:%Y-%m-%d}."
        )
    return span


def _day(side: str | pd.Timestamp, *, last: bool, name: str) -> pd.Timestamp:
    whole: object = None
    # Without a year pandas would take a month for one of the year 1.
    if not isinstance(side, str) or side[:4].isdigit():
        with contextlib.suppress(TypeError, ValueError):
            whole = pd.Period(side) if isinstance(side, str) else pd.Period(pd.Timestamp(side), freq="D")
    if not isinstance(whole, pd.Period):
        raise MeasureError(f"{name}: {side!r} is no date; write 2025-07-24, or 2025-07 for a month.")
    return (whole.end_time if last else whole.start_time).normalize()


def spans_of(periods: Mapping[str, Period], days: pd.Series[pd.Timestamp] | None) -> dict[str, Span]:
    """
    Read several periods, which must not overlap.

    Parameters
    ----------
    periods
        Each as `span_of` reads it, by its name.
    days
        Days of the data, for sides that are open.

    Returns
    -------
    spans
        In the order given.

    Raises
    ------
    MeasureError
        If there is none, one cannot be read, or two overlap: an event would count twice.
    """
    if not periods:
        raise MeasureError("period names no period; name at least one, such as {'July': '2025-07'}.")
    spans = {str(name): span_of(period, days, name=f"period {name!r}") for name, period in periods.items()}
    order = sorted(spans, key=lambda name: spans[name].start)
    for one, two in itertools.pairwise(order):
        if spans[two].start <= spans[one].end:
            raise MeasureError(
                f"The periods {one!r} and {two!r} overlap, so an event would count twice: "
                f"{spans[one].text}, {spans[two].text}."
            )
    return spans
