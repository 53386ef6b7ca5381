"""Smooth events along a border and through time."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from .._constants import Floats, Ints
from ..border import Border
from ..errors import OptionError
from ..options import validate_positive
from ._kernel import Kernel, weight_at
from ._kernel_lattice import kernel_sums
from ._period import day_numbers
from ._profile_along import LineEvents, gather_events, profile_nodes
from ._sample import Sample
from ._vague_counts import count_vague, format_count, mark_vague

__all__ = ["smooth_surface"]

#: Largest number of rows; more are taken for a mistake.
MOST_ROWS: Final = 5_000_000

#: Fewest days of a period that can be smoothed in time.
TWO_DAYS: Final = 2


def smooth_surface(
    events: pd.DataFrame,
    sample: Sample,
    border: Border,
    kernel: Kernel,
    *,
    bandwidth_km: float | str,
    bandwidth_days: object,
    step_km: float | None,
    step_days: int,
) -> pd.DataFrame:
    """
    Smooth events into an intensity along a border and through time.

    Parameters
    ----------
    events
        The table.
    sample
        The events that count, with dates, in one period.
    border
        The border.
    kernel
        The kernel, along the border and in time.
    bandwidth_km, step_km
        As for `profile`.
    bandwidth_days
        Standard deviation in time, days.
    step_days
        Days from one date of the result to the next.

    Returns
    -------
    surface
        One row for each date and node: ``event_date``, ``chainage_m`` (metres), ``intensity_per_km_day``.

    Raises
    ------
    OptionError
        If an option is out of range, the period is one day, or there would be too many rows.
    """
    sd_days = validate_positive(bandwidth_days, "bandwidth_days", "a positive number of days")
    period, days_of_events = sample.periods.only, sample.periods.days
    if period is None or days_of_events is None or period.days < TWO_DAYS:
        asked = "a day" if period is None else f"the one day {period.start:%Y-%m-%d}"
        raise OptionError(f"period must be two days or more for bandwidth_days, not {asked}.")
    line = gather_events(events, sample, border, kernel, bandwidth_km)
    nodes = profile_nodes(line.length, line.bandwidth, step_km)
    last = period.days - 1
    dates = np.unique(np.append(np.arange(0, last + 1, step_days), last)).astype(np.float64)
    if len(dates) * len(nodes) > MOST_ROWS:
        raise OptionError(
            f"step_km and step_days make {len(dates):,} dates of {len(nodes):,} nodes, too many rows; "
            "give longer steps."
        )
    day = day_numbers(days_of_events, sample.rows, period.start)
    intensity = _sum_kernels(sample, day, nodes, dates, line, sd_days)
    result = pd.DataFrame(
        {
            "event_date": np.repeat(period.start + pd.to_timedelta(dates, unit="D"), len(nodes)),
            "chainage_m": np.tile(np.append(nodes[:-1] * 1000.0, border.length_m), len(dates)),
            "intensity_per_km_day": intensity.ravel(),
        }
    )
    vague = count_vague(
        sample.error_m,
        mark_vague(sample.error_m, 1000.0 * line.bandwidth),
        sample.weight * sample.share_inside(),
        "the bandwidth",
    )
    result.attrs = {
        **sample.facts(),
        "bandwidth_km": line.bandwidth,
        "bandwidth_days": sd_days,
        "kernel": kernel.name,
        **vague.facts(),
        "method": (
            f"Kernel intensity of {format_count(sample.n_events)} events{sample.describe_filters()} along "
            f"{line.length:.1f} km of the {border.name or 'border'}: "
            f"product of {kernel.name} kernels with standard deviations of "
            f"{line.bandwidth:.4g} km ({line.chosen}) and {sd_days:g} days, reflected at the ends "
            f"of the border and of the period.{sample.describe_positions()}{vague.sentence}"
        ),
    }
    if sample.positions.as_points:
        vague.warn_finer("profile", "Give a larger bandwidth_km.")
    return result


def _sum_kernels(
    sample: Sample, day: Ints, nodes: Floats, days: Floats, line: LineEvents, bandwidth_days: float
) -> Floats:
    """Smooth along the border day by day, then smooth the days."""
    counted = np.flatnonzero(sample.weight > 0)
    order = counted[np.argsort(day[counted], kind="stable")]
    active, start = np.unique(day[order], return_index=True)
    rows = np.zeros((len(active), len(nodes)))
    for row, entries in zip(rows, np.split(order, start[1:]), strict=False):
        if sample.placements is None:
            places_m, n_events = np.unique(sample.chainage_m[entries], return_counts=True)
            counts = n_events.astype(np.float64)
        else:
            weight = np.zeros(len(day))
            weight[entries] = sample.weight[entries]
            places_m, counts = sample.list_places(weight)
        row[:] = kernel_sums(nodes, places_m / 1000.0, counts, line.bandwidth, line.kernel).total
    return _mix_days(days, active, bandwidth_days, line.kernel) @ rows


def _mix_days(days: Floats, active: Ints, bandwidth_days: float, kernel: Kernel) -> Floats:
    events = active.astype(np.float64)
    return weight_at(days[:, None], events[None, :], np.array(bandwidth_days), float(days[-1]), kernel)
