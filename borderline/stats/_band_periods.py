"""Periods that events are counted by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from .._constants import Ints
from ..errors import TableError
from ..schema import require_columns

__all__ = ["Periods", "read_periods"]


class Periods(NamedTuple):
    """Stretches of time, half open, in their order."""

    #: What each is called.
    label: list[str]
    #: First instant of each.
    start: list[pd.Timestamp]
    #: First instant after each.
    end: list[pd.Timestamp]
    #: Position of the period of each event; -1 outside all, -2 without a date.
    of_event: Ints


def read_periods(events: pd.DataFrame, period: str | Sequence[str | date], counted: Ints) -> Periods:
    """
    Sort events into periods.

    Parameters
    ----------
    events
        Events with ``event_date``.
    period
        A frequency of pandas, such as ``Y``, ``Q``, ``M``, ``W`` or ``D``; or the dates
        where periods begin, the last one where the last period ends.
    counted
        Positions of the events that the first and last period of a frequency follow.

    Returns
    -------
    periods
        Without gaps.

    Raises
    ------
    TableError
        If there is no such column, frequency or date, or the dates do not grow.
    """
    require_columns(events, ["event_date"], verb="bands", remedy="periods go by it; leave period out")
    dates = pd.to_datetime(events["event_date"])
    if isinstance(period, str):
        return _by_frequency(dates, period, counted)
    try:
        edges = pd.DatetimeIndex([pd.Timestamp(each) for each in period])
    except (TypeError, ValueError) as error:
        raise TableError(f"period holds something that is no date ({error}).") from None
    if len(edges) < 2 or edges.hasnans or not (edges[1:] > edges[:-1]).all():
        raise TableError(
            "period takes two or more dates that grow, such as ['2025-01-01', '2025-07-24', '2026-01-01'], "
            "or a frequency such as 'M'."
        )
    at = np.searchsorted(edges.to_numpy(), dates.to_numpy(dtype=edges.to_numpy().dtype), side="right") - 1
    at = np.where((at >= 0) & (at < len(edges) - 1), at, -1)
    starts, ends = list(edges[:-1]), list(edges[1:])
    labels = [f"{start:%Y-%m-%d} to {end:%Y-%m-%d}" for start, end in zip(starts, ends, strict=True)]
    return Periods(labels, starts, ends, np.where(dates.isna(), -2, at).astype(np.int64))


def _by_frequency(dates: pd.Series[pd.Timestamp], frequency: str, counted: Ints) -> Periods:
    try:
        each = dates.dt.to_period(frequency)
    except (ValueError, AttributeError):
        raise TableError(
            f"{frequency!r} is no frequency; use Y, Q, M, W or D, or give the dates where periods begin."
        ) from None
    used = each.iloc[counted].dropna()
    if used.empty:
        return Periods([], [], [], np.where(dates.isna(), -2, -1).astype(np.int64))
    whole = pd.period_range(used.min(), used.max())
    at = whole.get_indexer(pd.PeriodIndex(each))
    starts = [one.start_time for one in whole]
    return Periods(
        [str(one) for one in whole],
        starts,
        [(one + 1).start_time for one in whole],
        np.where(dates.isna(), -2, at).astype(np.int64),
    )
