"""The one grammar of periods: whole days, the first and the last included."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from .._constants import Bools, Ints
from ..errors import OptionError, TableError
from ..schema import require_columns

__all__ = [
    "Day",
    "EventDays",
    "Period",
    "PeriodOption",
    "Periods",
    "PeriodsOption",
    "day_numbers",
    "event_days",
    "read_period",
    "read_periods",
]

Day: TypeAlias = str | date | None
#: A day, a month or a year; or a first and a last day.
PeriodOption: TypeAlias = str | date | tuple[Day, Day]
#: The same, several by name, or a frequency.
PeriodsOption: TypeAlias = PeriodOption | Mapping[str, PeriodOption]

#: Days of a mean year of the Gregorian calendar.
DAYS_A_YEAR: Final = 365.2425

#: The frequencies that a user would think of.
FREQUENCIES: Final = "Y, Q, M, W or D"

_ONE: Final = (
    "a day ('2025-07-24'), a month ('2025-07'), a year ('2025'), or a pair of a first and a last day, "
    "both included (None for an open end)"
)
_SEVERAL: Final = f"{_ONE}; several of these by name ({{'July': '2025-07'}}), or a frequency ({FREQUENCIES})"


class EventDays(NamedTuple):
    """The days of events: the first of each, and the last of those that last."""

    #: Midnights without a time zone; missing where the date is.
    first: pd.Series[pd.Timestamp]
    #: The same as `first` for an event of one day.
    last: pd.Series[pd.Timestamp]

    @property
    def missing(self) -> Bools:
        """Which events have no date."""
        return self.first.isna().to_numpy(dtype=np.bool_)


class Period(NamedTuple):
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

    @property
    def iso(self) -> list[str]:
        """The first and the last day as ISO 8601 dates."""
        return [f"{self.start:%Y-%m-%d}", f"{self.end:%Y-%m-%d}"]

    def touches(self, days: EventDays) -> Bools:
        """Return which events have a day in the period; those without a date do not."""
        inside = (days.first <= self.end) & (days.last >= self.start)
        return inside.to_numpy(dtype=np.bool_)


class Periods(NamedTuple):
    """The periods that a summary asks for."""

    #: By name; one under the empty name where a single period counts; none without dates.
    named: dict[str, Period]
    #: Whether they part the result.
    apart: bool
    #: Whether the caller gave days, so that events outside do not count.
    given: bool
    #: Days of each event; None for a table without dates.
    days: EventDays | None

    @property
    def only(self) -> Period | None:
        """The period, where there is a single one."""
        return next(iter(self.named.values())) if len(self.named) == 1 else None

    def occurrences(self, rows: Ints) -> tuple[Ints, Ints]:
        """
        Return each of some events once for each period that it touches.

        Parameters
        ----------
        rows
            Positions of events.

        Returns
        -------
        rows, period
            Positions of the events and of the period of each, in the order of `rows`.
        """
        if not self.given or self.days is None or not self.named:
            return rows, np.zeros(len(rows), dtype=np.int64)
        touched = np.stack([period.touches(self.days)[rows] for period in self.named.values()], axis=1)
        place, period = np.nonzero(touched)
        return rows[place], period.astype(np.int64)


def event_days(events: pd.DataFrame, *, verb: str) -> EventDays:
    """
    Return the days of each event.

    Parameters
    ----------
    events
        Events with ``event_date``, and ``event_date_end`` where they last.
    verb
        Who asks, for messages.

    Returns
    -------
    days
        First and last day of each; an end that is missing or before the start is the start.

    Raises
    ------
    TableError
        If there is no such column, or it holds no dates.
    """
    require_columns(events, ["event_date"], verb=verb, remedy="read_events makes it")
    first = _read_midnights(events["event_date"], verb)
    if "event_date_end" not in events.columns:
        return EventDays(first, first)
    last = _read_midnights(events["event_date_end"], verb)
    return EventDays(first, last.where(last > first, first))


def _read_midnights(dates: pd.Series, verb: str) -> pd.Series[pd.Timestamp]:
    if not pd.api.types.is_datetime64_any_dtype(dates.dtype):
        if dates.notna().any():
            raise TableError(
                f"{verb}: {dates.name} holds no dates but {dates.dtype}; pandas.to_datetime makes them."
            )
        dates = pd.Series(pd.NaT, index=dates.index, dtype="datetime64[ns]")
    if dates.dt.tz is not None:
        dates = dates.dt.tz_localize(None)
    days: pd.Series[pd.Timestamp] = dates.dt.normalize()
    return days


def read_period(period: PeriodOption, days: EventDays | None, *, name: str) -> Period:
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
        What the option is called, for messages.

    Returns
    -------
    period
        Its days.

    Raises
    ------
    OptionError
        If it cannot be read, has no days, or is open where the data has no dates.
    """
    given = (period, period) if isinstance(period, str | date) else period
    pair = tuple(given) if isinstance(given, list | tuple) else ()
    if len(pair) != 2:
        raise OptionError(f"{name} must be {_ONE}, not {period!r}.")
    ends = []
    for last, side in enumerate(pair):
        if side is None:
            known = pd.Series(dtype="datetime64[ns]") if days is None else days[last].dropna()
            if known.empty:
                raise OptionError(f"{name} is open, and no event has a date to close it; give both days.")
            ends.append(known.max() if last else known.min())
        else:
            ends.append(_read_day(side, last=bool(last), name=name))
    read = Period(*ends)
    if read.days < 1:
        raise OptionError(
            f"{name} has no days: it ends on {read.end:%Y-%m-%d}, before it starts on {read.start:%Y-%m-%d}."
        )
    return read


def _read_day(side: object, *, last: bool, name: str) -> pd.Timestamp:
    whole: object = None
    # Without a year pandas would take a month for one of the year 1.
    if isinstance(side, date) or (isinstance(side, str) and side[:4].isdigit()):
        with contextlib.suppress(TypeError, ValueError):
            whole = pd.Period(side) if isinstance(side, str) else pd.Period(pd.Timestamp(side), freq="D")
    if not isinstance(whole, pd.Period):
        raise OptionError(f"{name} must be {_ONE}, not {side!r}.")
    return (whole.end_time if last else whole.start_time).normalize()


def read_periods(
    events: pd.DataFrame, period: PeriodsOption | None, rows: Bools, *, verb: str, name: str = "period"
) -> Periods:
    """
    Read the periods that a summary is parted by, or the one that it is of.

    Parameters
    ----------
    events
        The table; without `period` it may lack dates.
    period
        None for the days from the first event to the last; a period as `read_period` takes it;
        several by name; or a frequency of pandas, for the periods from the first of `rows` to the last.
    rows
        Events that count otherwise.
    verb
        Who asks, for messages.
    name
        What the option is called, for messages.

    Returns
    -------
    periods
        In the order given.

    Raises
    ------
    TableError
        If dates are needed and missing.
    OptionError
        If the option cannot be read, or two periods overlap: events of one day would count twice.
    """
    if period is None:
        if "event_date" not in events or not pd.api.types.is_datetime64_any_dtype(events["event_date"].dtype):
            return Periods({}, apart=False, given=False, days=None)
        days = event_days(events, verb=verb)
        known = not days.missing.all()
        whole = {"": read_period((None, None), days, name=name)} if known else {}
        return Periods(whole, apart=False, given=False, days=days)
    days = event_days(events, verb=verb)
    if isinstance(period, Mapping):
        return Periods(_read_named(period, days, name), apart=True, given=True, days=days)
    if isinstance(period, str) and not period[:1].isdigit():
        return Periods(_list_calendar_periods(period, days, rows, name), apart=True, given=True, days=days)
    if not isinstance(period, str | date) and not (isinstance(period, list | tuple) and len(period) == 2):
        raise OptionError(f"{name} must be {_SEVERAL}, not {period!r}.")
    return Periods({"": read_period(period, days, name=name)}, apart=False, given=True, days=days)


def _read_named(periods: Mapping[str, PeriodOption], days: EventDays, name: str) -> dict[str, Period]:
    """Read several periods by name, which must not overlap."""
    if not periods:
        raise OptionError(f"{name} names no period; name at least one, such as {{'July': '2025-07'}}.")
    named = {str(key): read_period(value, days, name=f"{name} {key!r}") for key, value in periods.items()}
    order = sorted(named, key=lambda key: named[key].start)
    for earlier, later in itertools.pairwise(order):
        if named[later].start <= named[earlier].end:
            raise OptionError(
                f"The periods {earlier!r} and {later!r} overlap, so an event would count twice: "
                f"{named[earlier].text}, {named[later].text}."
            )
    return named


def _list_calendar_periods(frequency: str, days: EventDays, rows: Bools, name: str) -> dict[str, Period]:
    """List the calendar periods from the first event that counts to the last, without gaps."""
    counted = rows & ~days.missing
    first, last = days.first[counted], days.last[counted]
    try:
        whole = pd.period_range("2000-01-01", periods=1, freq=frequency)
        if whole[0].end_time - whole[0].start_time < pd.Timedelta(hours=23):
            raise ValueError(frequency)  # noqa: TRY301 - refused like any other word
        if first.empty:
            return {}
        whole = pd.period_range(pd.Period(first.min(), frequency), pd.Period(last.max(), frequency))
    except (ValueError, AttributeError):
        raise OptionError(f"{name} must be {_SEVERAL}, not {frequency!r}.") from None
    return {
        str(stretch): Period(stretch.start_time.normalize(), stretch.end_time.normalize())
        for stretch in whole
    }


def day_numbers(days: EventDays, rows: Ints, start: pd.Timestamp) -> Ints:
    """
    Return the day on which each of some events first counts, as days since a start.

    Parameters
    ----------
    days
        Days of all events.
    rows
        Positions of events with a date.
    start
        First day that counts; an event that began before it counts on this day.

    Returns
    -------
    number
        Whole days from 0.
    """
    since = (days.first.iloc[rows] - start).dt.days
    return np.maximum(np.asarray(since, dtype=np.int64), 0)
