"""Events in groups: by type, by bank, by period."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from .._constants import Bools, Ints
from ..border import Border
from ..errors import TableError
from ..schema import require_columns
from ._period import Period, Span, days_of, span_of, spans_of

__all__ = ["Groups", "Watched", "group_events", "outside", "watch"]


class Watched(NamedTuple):
    """The time that is counted."""

    #: Periods by name; one without a name when there are no groups of time; empty without dates.
    spans: dict[str, Span]
    #: Whether the periods are groups of the result.
    apart: bool
    #: Whether the caller gave the days, so that events outside do not count.
    given: bool
    #: Day of each event, where the table has dates.
    days: pd.Series[pd.Timestamp] | None


class Groups(NamedTuple):
    """A partition of the events."""

    #: One row a group, one column a key; a single row without columns when nothing parts them.
    table: pd.DataFrame
    #: Position of the group of each event; -1 where it belongs to none.
    code: Ints
    #: For each key, which events have none.
    without: dict[str, Bools]


def watch(events: pd.DataFrame, period: Period | Mapping[str, Period] | None, *, verb: str) -> Watched:
    """
    Find the time that is counted.

    Parameters
    ----------
    events
        Events, with ``event_date`` where there are dates.
    period
        None for the days from the first event to the last, a period, or several by name.
    verb
        Who asks, for messages.

    Returns
    -------
    watched
        The periods, and the day of each event.
    """
    if period is None:
        if "event_date" not in events or not pd.api.types.is_datetime64_any_dtype(events["event_date"].dtype):
            return Watched({}, apart=False, given=False, days=None)
        days = days_of(events, verb=verb)
        known = days.notna().any()
        spans = {"": span_of((None, None), days, name="period")} if known else {}
        return Watched(spans, apart=False, given=False, days=days)
    days = days_of(events, verb=verb)
    if isinstance(period, Mapping):
        return Watched(spans_of(period, days), apart=True, given=True, days=days)
    return Watched({"": span_of(period, days, name="period")}, apart=False, given=True, days=days)


def group_events(
    events: pd.DataFrame,
    by: str | Sequence[str] | None,
    watched: Watched,
    *,
    border: Border | None,
    verb: str,
) -> Groups:
    """
    Part the events.

    Parameters
    ----------
    events
        Events after `locate`.
    by
        Columns of the events, ``"bank"`` or ``"period"``; None for one group.
    watched
        What `watch` found.
    border
        The border, for its banks; without it those of the column ``side``.
    verb
        Who asks, for messages.

    Returns
    -------
    groups
        Every combination of the values of the keys, also those without events.
    """
    keys = [by] if isinstance(by, str) else list(by or [])
    if not all(isinstance(key, str) for key in keys):
        raise TableError(f"by names columns of the events, 'bank' or 'period', not {by!r}.")
    if watched.apart and "period" not in keys:
        keys.append("period")
    if len(set(keys)) < len(keys):
        raise TableError(f"by names a column twice: {', '.join(keys)}.")
    levels: dict[str, list[Hashable]] = {}
    code = np.zeros(len(events), dtype=np.int64)
    without: dict[str, Bools] = {}
    for key in keys:
        values, mine = _parts(events, key, watched, border, verb)
        levels[key] = values
        without[key] = mine < 0
        code = np.where((code < 0) | (mine < 0), -1, code * len(values) + mine)
    names = (
        pd.MultiIndex.from_product(list(levels.values()), names=list(levels)).to_frame(index=False)
        if keys
        else None
    )
    return Groups(pd.DataFrame(index=[0]) if names is None else names, code, without)


def _parts(
    events: pd.DataFrame, key: str, watched: Watched, border: Border | None, verb: str
) -> tuple[list[Hashable], Ints]:
    """List the values of a key, and the position of the value of each event."""
    if key == "period":
        if not watched.apart:
            raise TableError("by='period' needs periods with names, such as period={'July': '2025-07'}.")
        code = np.full(len(events), -1)
        for at, span in enumerate(watched.spans.values()):
            code[_inside(span, watched)] = at
        return list(watched.spans), code
    column = "side" if key == "bank" else key
    remedy = "run locate first" if key == "bank" else "by names columns of the events, 'bank' or 'period'"
    require_columns(events, [column], verb=verb, remedy=remedy)
    values = events[column]
    known: list[Hashable]
    if key == "bank" and border is not None:
        known = [border.left, border.right]
    elif key == "bank":
        known = [*sorted(set(values.dropna().astype(str)) - {"line"})]
    elif isinstance(values.dtype, pd.CategoricalDtype):
        known = list(values.cat.categories)
    else:
        known = sorted(values.dropna().unique())
    if not known and len(events):
        raise TableError(f"{verb}: the column {column!r} holds no value to part events by.")
    return known, pd.Index(known, dtype=object).get_indexer(pd.Index(values.astype(object))).astype(np.int64)


def _inside(span: Span, watched: Watched) -> Bools:
    return span.holds(watched.days) if watched.days is not None else np.zeros(0, dtype=np.bool_)


def outside(watched: Watched) -> dict[str, Bools]:
    """
    Tell which events lie outside the periods that were given, and which have no date.

    Parameters
    ----------
    watched
        What `watch` found.

    Returns
    -------
    reasons
        Masks of events by reason; none where no period was given.
    """
    if not watched.given or watched.days is None:
        return {}
    missing = watched.days.isna().to_numpy(dtype=np.bool_)
    held = np.zeros(len(missing), dtype=np.bool_)
    for span in watched.spans.values():
        held |= span.holds(watched.days)
    return {"no_date": missing, "outside_period": ~held & ~missing}
