"""The grammar of periods: whole days, the first and the last included."""

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
from ..schema import plain_days, require_columns

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

#: Frequencies named in messages.
FREQUENCIES: Final = "Y, Q, M, W or D"

_ONE: Final = (
    "a day ('2025-07-24'), a month ('2025-07'), a year ('2025'), or a pair of a first and a last day, "
    "both included (None for an open end)"
)
_SEVERAL: Final = f"{_ONE}; several of these by name ({{'July': '2025-07'}}), or a frequency ({FREQUENCIES})"


class EventDays(NamedTuple):
    """The first and the last day of each event."""

    #: Midnights without a time zone; missing where there is no date.
    first: pd.Series[pd.Timestamp]
    #: Equal to `first` for an event of one day.
    last: pd.Series[pd.Timestamp]

    @property
    def missing(self) -> Bools:
        """Return which events have no date."""
        return self.first.isna().to_numpy(dtype=np.bool_)


class Period(NamedTuple):
    """Whole days, the first and the last included."""

    #: First day.
    start: pd.Timestamp
    #: Last day.
    end: pd.Timestamp

    @property
    def days(self) -> int:
        """Return the number of days."""
        return int((self.end - self.start).days) + 1

    @property
    def years(self) -> float:
        """Return the length in mean Gregorian years."""
        return self.days / DAYS_A_YEAR

    @property
    def text(self) -> str:
        """Return the first and the last day in words."""
        return f"{self.start:%Y-%m-%d} to {self.end:%Y-%m-%d}"

    @property
    def iso(self) -> list[str]:
        """Return the first and the last day as ISO 8601 dates."""
        return [f"{self.start:%Y-%m-%d}", f"{self.end:%Y-%m-%d}"]

    def touches(self, days: EventDays) -> Bools:
        """Return which events have a day in the period; events without a date have none."""
        inside = (days.first <= self.end) & (days.last >= self.start)
        return inside.to_numpy(dtype=np.bool_)


class Periods(NamedTuple):
    """The periods of a summary."""

    #: Periods by name. A single period has the empty name; without dates there is none.
    named: dict[str, Period]
    #: Whether the result is split by period.
    apart: bool
    #: Whether the caller gave a period, so that events outside it do not count.
    given: bool
    #: Days of each event; None for a table without dates.
    days: EventDays | None

    @property
    def only(self) -> Period | None:
        """Return the single period; None where there are none or several."""
        return next(iter(self.named.values())) if len(self.named) == 1 else None

    def occurrences(self, rows: Ints) -> tuple[Ints, Ints]:
        """
        Return each event once for each period that it touches.

        Parameters
        ----------
        rows
            Positions of events.

        Returns
        -------
        rows, period
            Positions of the events, and the position of the period of each, in the order of `rows`.
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
        Name of the public function, for messages.

    Returns
    -------
    days
        First and last day of each. Where the end is missing or before the start, it is the start.

    Raises
    ------
    TableError
        If the column is missing, or does not hold dates.
    """
    require_columns(events, ["event_date"], verb=verb, remedy="read_events makes it")
    first = _read_midnights(events["event_date"], verb)
    if "event_date_end" not in events.columns:
        return EventDays(first, first)
    last = _read_midnights(events["event_date_end"], verb)
    return EventDays(first, last.where(last > first, first))


def _read_midnights(dates: pd.Series, verb: str) -> pd.Series[pd.Timestamp]:
    if dates.ndim > 1:  # two columns of one name are a table
        raise TableError(f"{verb}: two columns are named 'event_date' or 'event_date_end'; rename one.")
    dates = plain_days(dates)
    if not pd.api.types.is_datetime64_any_dtype(dates.dtype):
        if dates.notna().any():
            raise TableError(
                f"{verb}: {dates.name} holds no dates but {dates.dtype}; convert it with pandas.to_datetime."
            )
        dates = pd.Series(pd.NaT, index=dates.index, dtype="datetime64[ns]")
    if dates.dt.tz is not None:
        dates = dates.dt.tz_localize(None)
    days: pd.Series[pd.Timestamp] = dates.dt.normalize()
    return days


def read_period(period: PeriodsOption, days: EventDays | None, *, name: str) -> Period:
    """
    Read a period.

    Parameters
    ----------
    period
        A day, a month (``"2025-07"``) or a year, or a pair of a first and a last day, both included; None on
        either side is the first or last day of the data.
    days
        Days of the data, for open sides; None where there are none.
    name
        Name of the option, for messages.

    Returns
    -------
    period
        First and last day.

    Raises
    ------
    OptionError
        If it cannot be read, has no days, or has an open side where the data has no dates.
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
                raise OptionError(
                    f"{name} has an open end, and no event has a date to fill it; give both days."
                )
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
    # Without a year, pandas would read a month as one of the year 1.
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
    Read one period, or several that split a summary.

    Parameters
    ----------
    events
        The table; it may lack dates where there is no `period`.
    period
        A period as `read_period` takes it; several by name; a pandas frequency, for the calendar periods from
        the first of `rows` to the last; None for the days from the first event to the last.
    rows
        Which events count by all other criteria.
    verb
        Name of the public function, for messages.
    name
        Name of the option, for messages.

    Returns
    -------
    periods
        In the order given.

    Raises
    ------
    TableError
        If dates are needed and missing.
    OptionError
        If the option cannot be read, or two periods overlap, so that an event would count twice.
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
    """Read several periods by name; they must not overlap."""
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
    """Return the calendar periods from the first event that counts to the last, without gaps."""
    counted = rows & ~days.missing
    first, last = days.first[counted], days.last[counted]
    if not _is_calendar_frequency(frequency):
        raise OptionError(f"{name} must be {_SEVERAL}, not {frequency!r}.")
    if first.empty:
        return {}
    whole = pd.period_range(pd.Period(first.min(), frequency), pd.Period(last.max(), frequency))
    return {
        str(stretch): Period(stretch.start_time.normalize(), stretch.end_time.normalize())
        for stretch in whole
    }


def _is_calendar_frequency(frequency: str) -> bool:
    """Return whether pandas knows a frequency, and its periods have a day or more."""
    try:
        trial = pd.period_range("2000-01-01", periods=1, freq=frequency)[0]
    except (ValueError, AttributeError):
        return False
    # The end of a pandas period is a nanosecond short of the next one.
    return bool(trial.end_time - trial.start_time >= pd.Timedelta(hours=23))


def day_numbers(days: EventDays, rows: Ints, start: pd.Timestamp) -> Ints:
    """
    Return the day on which each event first counts, as days since a start.

    Parameters
    ----------
    days
        Days of all events.
    rows
        Positions of events with a date.
    start
        First day that counts; an event that began earlier counts on this day.

    Returns
    -------
    number
        Whole days from 0.
    """
    since = (days.first.iloc[rows] - start).dt.days
    return np.maximum(np.asarray(since, dtype=np.int64), 0)
