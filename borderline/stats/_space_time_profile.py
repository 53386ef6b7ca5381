"""The verb `space_time_profile`: how dense events are at every place and date."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from .._constants import Bools, Floats, Ints
from ..border import Border, require_border
from ..errors import MeasureError
from ..options import validate_number, validate_whole
from ..provenance import cited
from ._kernel import Kernel, weight_at
from ._kernel_lattice import kernel_sums
from ._period import Period, Span, days_of, span_of
from ._profile_along import Along, along, checked_kernel, profile_nodes
from ._sample import Counted, count_events, near_line

__all__ = ["space_time_profile"]

#: More rows than this are a mistake.
MOST_ROWS: Final = 5_000_000

#: Dates are this many days apart, unless a step is given.
DAYS_PER_STEP: Final = 1

#: A period needs as many for a kernel in time.
TWO_DAYS: Final = 2


def space_time_profile(  # noqa: PLR0913 - each option is one choice of the method
    events: pd.DataFrame,
    border: Border,
    *,
    bandwidth_km: float | str = "likelihood",
    bandwidth_days: float,
    step_km: float | None = None,
    step_days: int = DAYS_PER_STEP,
    period: Period | None = None,
    kernel: str = "gaussian",
    within_km: float | None = None,
) -> pd.DataFrame:
    """
    Smooth events into an intensity along a border and through time.

    The kernel is the product of one in kilometres and one in days, both reflected
    at the ends of the border and of the period, so that sums over places and
    dates integrate to the number of events.

    Parameters
    ----------
    events
        Events after `locate`, with ``event_date``.
    border
        The border they were located on.
    bandwidth_km
        Standard deviation along the border, kilometres, or how to choose it; see `profile`.
    bandwidth_days
        Standard deviation in time, days.
    step_km
        Largest distance between nodes, kilometres; see `profile`.
    step_days
        Days from one date of the result to the next, a whole number; the last date is
        the end of the period all the same.
    period
        A month or year (``"2025-07"``), or a first and a last day, both included (None: the
        first or last of the events that count); by default from the first event to the last.
        Events outside are left out.
    kernel
        ``"gaussian"`` or ``"epanechnikov"``, in both directions.
    within_km
        Leave out events farther than this from the line, geodesic kilometres. By
        default there is no limit.

    Returns
    -------
    profile
        One row a date and node, sorted by both: ``event_date``, ``chainage_m``
        (geodesic metres) and ``intensity_per_km_day``. ``attrs`` hold ``method``,
        ``n_events``, ``left_out`` (also ``no_date`` and ``outside_period``) and the options.

    Raises
    ------
    TableError
        If a column is missing, or the events were located on another border.
    MeasureError
        If an option is out of range, a chainage lies off the border, or the period cannot
        be read or has fewer than two days.
    UnknownKeyError
        If the kernel or the choice of bandwidth is unknown.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.load_incidents().pipe(bl.geocode).pipe(bl.locate, border)
    >>> surface = bl.stats.space_time_profile(
    ...     events, border, bandwidth_km=10, bandwidth_days=7, period=("2025-05-01", "2025-12-31")
    ... )
    >>> peak = surface.loc[surface["intensity_per_km_day"].idxmax()]
    >>> str(peak["event_date"].date())[:7]
    '2025-07'
    """
    require_border(border, verb="space_time_profile")
    shape = checked_kernel(kernel)
    validate_number(bandwidth_days, "bandwidth_days", "a positive number of days")
    validate_whole(step_days, "step_days")
    if not (np.isfinite(bandwidth_days) and bandwidth_days > 0):
        raise MeasureError(f"bandwidth_days must be a positive number of days, not {bandwidth_days}.")
    counted = count_events(
        events,
        length_m=border.length_m,
        border=border.identity,
        within_km=within_km,
        verb="space_time_profile",
    )
    counted, day, span = _in_period(events, counted, period)
    line = along(events, counted, border, shape, bandwidth_km)
    nodes = profile_nodes(line.length, line.bandwidth, step_km)
    last = span.days - 1
    days = np.unique(np.append(np.arange(0, last + 1, step_days), last)).astype(np.float64)
    if len(days) * len(nodes) > MOST_ROWS:
        raise MeasureError(
            f"{len(days):,} dates of {len(nodes):,} nodes are too many rows; "
            "give a longer step_km or step_days."
        )
    intensity = _surface(counted.chainage_m / 1000.0, day, nodes, days, line, bandwidth_days)
    result = pd.DataFrame(
        {
            "event_date": np.repeat(span.start + pd.to_timedelta(days, unit="D"), len(nodes)),
            "chainage_m": np.tile(np.append(nodes[:-1] * 1000.0, border.length_m), len(days)),
            "intensity_per_km_day": intensity.ravel(),
        }
    )
    n = len(day)
    result.attrs = {
        "border": border.identity,
        "sources": cited(events.attrs, border.source),
        "n_events": n,
        "left_out": counted.left_out,
        "bandwidth_km": line.bandwidth,
        "bandwidth_days": float(bandwidth_days),
        "kernel": shape.name,
        "within_km": within_km,
        "period": (f"{span.start:%Y-%m-%d}", f"{span.end:%Y-%m-%d}"),
        "method": (
            f"Kernel intensity of {n} events{near_line(within_km)} along {line.length:.1f} km of "
            f"the {border.name or 'border'} from "
            f"{span.text}: product of {shape.name} kernels with standard deviations of "
            f"{line.bandwidth:.4g} km ({line.chosen}) and {bandwidth_days:g} days, reflected at the ends "
            "of the border and of the period."
        ),
    }
    return result


def _in_period(events: pd.DataFrame, counted: Counted, period: Period | None) -> tuple[Counted, Ints, Span]:
    """Leave out events without a date in the period; return the days of the others since its start."""
    days = days_of(events, verb="space_time_profile")
    dated: Bools = counted.rows & days.notna().to_numpy(dtype=np.bool_)
    span = span_of((None, None) if period is None else period, days[dated], name="period")
    if span.days < TWO_DAYS:
        raise MeasureError(
            f"The period is the one day {span.start:%Y-%m-%d}, in which nothing can change; "
            "give period=(first, last) with last after first."
        )
    inside: Bools = dated & span.holds(days)
    left_out = {
        **counted.left_out,
        "no_date": int((counted.rows & ~dated).sum()),
        "outside_period": int((dated & ~inside).sum()),
    }
    day = np.asarray((days[inside] - span.start).dt.days, dtype=np.int64)
    kept = Counted(counted.chainage_m[inside[counted.rows]], inside, left_out)
    return kept, day, span


def _surface(
    places: Floats, day: Ints, nodes: Floats, days: Floats, line: Along, bandwidth_days: float
) -> Floats:
    """Smooth along the border day by day, then mix the days."""
    order = np.argsort(day, kind="stable")
    active, start = np.unique(day[order], return_index=True)
    rows = np.zeros((len(active), len(nodes)))
    for row, mine in zip(rows, np.split(places[order], start[1:]), strict=False):
        where, times = np.unique(mine, return_counts=True)
        row[:] = kernel_sums(nodes, where, times.astype(np.float64), line.bandwidth, line.kernel).total
    return _mixing(days, active, bandwidth_days, line.kernel) @ rows


def _mixing(days: Floats, active: Ints, bandwidth_days: float, kernel: Kernel) -> Floats:
    at = active.astype(np.float64)
    return weight_at(days[:, None], at[None, :], np.array(bandwidth_days), float(days[-1]), kernel)
