"""A date axis on which long gaps without events are shortened."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes

from .._constants import Floats
from ._chart_text import GREY, INK, families

__all__ = ["date_axis", "long_gaps"]

#: A gap without events is shortened if it is more than this share of the axis, and more than so many days.
LONG: Final = 0.25
LEAST_DAYS: Final = 100

#: At most so many gaps are shortened.
MOST: Final = 3

#: A shortened gap is this share of what is left.
SHORT: Final = 0.05

#: Margin before the first and after the last event, and at both ends of a gap, as a share of what is left.
ROOM: Final = 0.03

#: Approximate number of ticks on the whole axis; least number on a part of it; and the steps between them.
TICKS: Final = 12
LEAST_TICKS: Final = 4
STEPS: Final = ("D", "2D", "7D", "14D", "MS", "2MS", "3MS", "6MS", "YS", "2YS", "5YS", "10YS", "50YS")


def date_axis(ax: Axes, day: Floats, *, shorten_gaps: bool) -> None:
    """
    Turn the y axis into one of dates.

    Parameters
    ----------
    ax
        The axes.
    day
        Dates of the events, as Matplotlib numbers them.
    shorten_gaps
        Whether long times without events are shortened.
    """
    if len(day):
        empty = long_gaps(day) if shorten_gaps else np.zeros((0, 2))
        kept = float(np.ptp(day)) - float(np.diff(empty).sum())
        around = max(1.0, ROOM * kept)
        # Events keep their distance from the break.
        gaps = empty + np.array([around, -around])
        if len(gaps):
            _shorten_gaps(ax, gaps, max(1.0, SHORT * kept))
        ax.set_ylim(float(day.min()) - around, float(day.max()) + around)
        _set_ticks(ax, gaps, kept)
        _label_gaps(ax, gaps, empty)
    ax.set_ylabel("Date", fontsize=8, color=INK, family=families())
    ax.grid(axis="y", color="#E4E4E4", lw=0.6, zorder=0)
    ax.set_axisbelow(True)


def long_gaps(day: Floats) -> Floats:
    """
    Return the times without events that take too much of the axis.

    Parameters
    ----------
    day
        Dates of the events.

    Returns
    -------
    gaps
        The events before and after each, in order, shape (n, 2).
    """
    days = np.unique(day)
    gap = np.diff(days)
    left, long = float(gap.sum()), []
    for position in np.argsort(-gap, kind="stable")[:MOST]:
        if gap[position] <= max(LONG * left, LEAST_DAYS):
            break
        long.append(position)
        left -= float(gap[position])
    order = np.sort(np.array(long, dtype=np.int64))
    return np.stack([days[order], days[order + 1]], axis=1)


def _shorten_gaps(ax: Axes, gaps: Floats, short: float) -> None:
    """Give each gap the length of so many days, and all other days one each."""
    saved = np.diff(gaps)[:, 0] - short
    knots = gaps.ravel()
    moved = knots - np.repeat(np.cumsum(saved) - saved, 2)
    moved[1::2] -= saved

    def forward(day: Floats) -> Floats:
        return _interpolate_days(np.asarray(day, dtype=np.float64), knots, moved)

    def backward(day: Floats) -> Floats:
        return _interpolate_days(np.asarray(day, dtype=np.float64), moved, knots)

    ax.set_yscale("function", functions=(forward, backward))


def _interpolate_days(day: Floats, knots: Floats, values: Floats) -> Floats:
    """Interpolate between knots; beyond them a day keeps its length."""
    beyond = np.minimum(day - knots[0], 0.0) + np.maximum(day - knots[-1], 0.0)
    result: Floats = np.interp(day, knots, values) + beyond
    return result


def _set_ticks(ax: Axes, gaps: Floats, kept: float) -> None:
    """Put ticks between the gaps, as many as each time is long."""
    low, high = sorted(ax.get_ylim())
    ticks: list[tuple[float, str]] = []
    for start, end in zip([low, *gaps[:, 1]], [*gaps[:, 0], high], strict=True):
        most = max(LEAST_TICKS, round(TICKS * (end - start) / max(kept, 1.0)))
        ticks += _round_dates(start, end, most)
    ax.set_yticks([day for day, _ in ticks], [label for _, label in ticks])


def _round_dates(start: float, end: float, most: int) -> list[tuple[float, str]]:
    """Return the days, months or years between two dates, with labels; at most so many."""
    first, last = (pd.Timestamp(date).tz_localize(None) for date in mdates.num2date([start, end]))  # type: ignore[no-untyped-call]
    for step in STEPS:
        dates = pd.date_range(first.replace(month=1, day=1).normalize(), last, freq=step)
        dates = dates[dates >= first]
        if len(dates) <= most:
            break
    words = {"D": "%d %b %Y", "M": "%b %Y", "Y": "%Y"}[step.rstrip("S")[-1]]
    numbers = mdates.date2num(dates.to_numpy())  # type: ignore[no-untyped-call]
    return [
        (float(number), date.strftime(words).lstrip("0")) for number, date in zip(numbers, dates, strict=True)
    ]


def _label_gaps(ax: Axes, gaps: Floats, empty: Floats) -> None:
    """Break the axis at the gaps and label each with the time that is not drawn to scale."""
    across = ax.get_yaxis_transform()
    for (start, end), (before, after) in zip(gaps, mdates.num2date(empty), strict=True):  # type: ignore[no-untyped-call]
        ax.axhspan(start, end, color="#F3F3F3", lw=0, zorder=0.1)
        ax.plot([0, 0], [start, end], transform=across, color="white", lw=2.5, zorder=5, clip_on=False)
        ax.text(
            0.01, (start + end) / 2, f"shortened: no events from {before:%B %Y} to {after:%B %Y}",
            transform=across, ha="left", va="center_baseline", fontsize=6.5, color=GREY, family=families(),
        )  # fmt: skip
