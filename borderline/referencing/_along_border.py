"""The verb `distances_along`: kilometres between events, measured along the border."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import pandas as pd

from .._constants import Floats, Ints
from ..border import distinguish_borders
from ..errors import OptionError, TableError
from ..options import validate_flag, validate_word
from ..schema import numbers_of, require_columns

__all__ = ["distances_along"]

#: A table of more distances than this does not fit into the memory of a common machine.
MOST_DISTANCES: Final = 100_000_000


def distances_along(
    events: pd.DataFrame,
    other: pd.DataFrame | Literal["previous"] | None = None,
    *,
    order_by: str | None = None,
    signed: bool = False,
) -> pd.DataFrame:
    """
    Measure how far events are from each other along the border.

    Parameters
    ----------
    events
        Events after `locate`: ``chainage_m``; where ``from_m`` and ``to_m`` are there,
        an event is a stretch.
    other
        What to measure to: events or places on the same border, after `locate`; or
        ``"previous"``, for each event the one before it. By default the events themselves.
    order_by
        Column that orders the events for ``"previous"``, by default ``event_date``; those
        that tie keep their order. Events without chainage or without a value here are
        passed over.
    signed
        Whether a distance is negative where the other one lies at a larger chainage. A
        step to the next event is then positive where chainage grows.

    Returns
    -------
    distances
        Geodesic kilometres along the drawn line between the feet, one row an event of
        `events`, one column an event of `other`, or the one column ``previous``. Between
        stretches it is the gap, 0 where they overlap. Missing where a chainage is, and
        for the first event where there is none before it.

    Raises
    ------
    TableError
        If a table lacks a column, if the two were located on different borders, or if
        there would be more than a hundred million distances.
    OptionError
        If `other` is another word, `order_by` given without it, or `signed` no truth value.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.locate(bl.load_incidents(), border).dropna(subset="chainage_m")
    >>> distances = bl.lines.distances_along(events)
    >>> distances.shape == (len(events), len(events)), float(distances.iloc[0, 0])
    (True, 0.0)

    Steps from event to event, by date:

    >>> steps = bl.lines.distances_along(events, "previous", signed=True)
    >>> steps.columns.tolist(), int(steps["previous"].isna().sum())
    (['previous'], 1)
    """
    validate_flag(signed, "signed")
    require_columns(events, ["chainage_m"], verb="distances_along", remedy="run locate first")
    if order_by is not None and not isinstance(other, str):
        raise OptionError('order_by orders the events for other="previous"; leave it out here.')
    if isinstance(other, str):
        validate_word(other, "other", ("previous",), hint="a table from locate")
        column = "event_date" if order_by is None else order_by
        remedy = "order_by names a column of events"
        require_columns(events, [column], verb="distances_along", remedy=remedy)
        ordered = _order_rows(events, column)
        from_m, to_m = _stretch_ends(events)
        gap = _signed_gap(from_m[ordered[1:]], to_m[ordered[1:]], from_m[ordered[:-1]], to_m[ordered[:-1]])
        distance = np.full((len(events), 1), np.nan)
        distance[ordered[1:], 0] = gap
        columns = pd.Index(["previous"])
    else:
        others = events if other is None else other
        _require_same_border(events, others)
        if len(events) * len(others) > MOST_DISTANCES:
            raise TableError(
                f"distances_along: {len(events):,} x {len(others):,} distances are too many for one table; "
                'take fewer events, or other="previous".'
            )
        (from_m, to_m), (other_from_m, other_to_m) = _stretch_ends(events), _stretch_ends(others)
        distance = _signed_gap(from_m[:, None], to_m[:, None], other_from_m, other_to_m)
        columns = others.index
    kilometres = (distance if signed else np.abs(distance)) / 1000
    return pd.DataFrame(kilometres, index=events.index, columns=columns)


def _require_same_border(events: pd.DataFrame, others: pd.DataFrame) -> None:
    """Validate that two tables were located on one border."""
    require_columns(others, ["chainage_m"], verb="distances_along", remedy="run locate first")
    borders = [table.attrs.get("border") for table in (events, others)]
    if None not in borders and borders[0] != borders[1]:
        first, second = distinguish_borders(*borders)
        raise TableError(f"distances_along: one table was located on {first}, the other on {second}.")


def _order_rows(events: pd.DataFrame, order_by: str) -> Ints:
    """Return the rows that have a chainage and a value, ordered by it."""
    known = np.isfinite(numbers_of(events, "chainage_m")) & events[order_by].notna().to_numpy()
    rows: Ints = np.flatnonzero(known)
    return rows[events[order_by].iloc[rows].argsort(kind="stable").to_numpy()]


def _stretch_ends(events: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return where events begin and end along the border, metres."""
    if not {"from_m", "to_m"} <= set(events.columns):
        chainage = numbers_of(events, "chainage_m")
        return chainage, chainage
    return numbers_of(events, "from_m"), numbers_of(events, "to_m")


def _signed_gap(from_m: Floats, to_m: Floats, other_from_m: Floats, other_to_m: Floats) -> Floats:
    """Return the gaps between stretches, negative where the other one lies farther along."""
    gap: Floats = np.maximum(from_m - other_to_m, 0.0) - np.maximum(other_from_m - to_m, 0.0)
    return gap
