"""
Windows along a line, the likelihood ratio of each, and the best of them.

The likelihood ratio of a window depends on its count and on its share of the exposure alone, and falls
as the share grows. So among windows of one count the one with the smallest share is the best.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from scipy.special import xlog1py, xlogy

from .._constants import Bools, Floats, Ints
from ._exposure_share import ExposureShare
from ._sample import SLACK_M

__all__ = [
    "SHARE_SLACK",
    "TIE",
    "Cluster",
    "Rules",
    "Windows",
    "cell_windows",
    "event_windows",
    "find_best_window",
    "fixed_windows",
    "llr",
    "llr_of_count",
]

#: Shares are sums, so rounding may put half of the exposure slightly above a half.
SHARE_SLACK: Final = 1e-12

#: Likelihood ratios within this, relative to 1 + their size, are equal.
TIE: Final = 1e-9


class Rules(NamedTuple):
    """Which windows are allowed, in data and simulations alike."""

    #: Shortest window, metres.
    min_length_m: float
    #: Fewest events of a window.
    min_events: int
    #: Largest share of the exposure.
    max_share: float


class Cluster(NamedTuple):
    """A window with more events than expected."""

    #: First and last chainage, metres.
    from_m: float
    to_m: float
    #: Events inside.
    n: int
    #: Share of the exposure inside.
    share: float
    #: Log likelihood ratio.
    llr: float


class Windows(NamedTuple):
    """A batch of windows."""

    #: First and last chainage of each, metres.
    from_m: Floats
    to_m: Floats
    #: Events inside; expected ones where they may be in several places.
    n: Ints | Floats
    #: Share of the exposure inside.
    share: Floats

    def where(self, kept: Bools) -> Windows:
        """Return some of the windows."""
        return Windows(self.from_m[kept], self.to_m[kept], self.n[kept], self.share[kept])


def llr(count: Ints | Floats | int, share: Floats, total: float) -> Floats:
    """
    Return the log likelihood ratio of a cluster against none, given the total.

    Parameters
    ----------
    count
        Events inside.
    share
        Share of the exposure inside.
    total
        Events in all.

    Returns
    -------
    llr
        0 where there are no more events than expected; infinite for events on no exposure.
    """
    n = np.asarray(count, dtype=np.float64)
    # A window of all the exposure has no more events than expected; the cap keeps the logarithm finite.
    part = np.minimum(np.asarray(share, dtype=np.float64), 1.0 - 1e-15)
    spent = xlogy(n, part) + xlog1py(total - n, -part)
    return np.where(n > total * part, llr_of_count(n, total) - spent, 0.0)


def llr_of_count(count: Ints | Floats, total: float) -> Floats:
    """
    Return the terms of the log likelihood ratio that do not depend on the exposure.

    Parameters
    ----------
    count
        Events inside.
    total
        Events in all.

    Returns
    -------
    part
        Never positive.
    """
    n = np.asarray(count, dtype=np.float64)
    rest = total - n
    part: Floats = xlogy(n, n / max(total, 1)) + xlogy(rest, rest / max(total, 1))
    return part


def fixed_windows(places: Floats, exposure: ExposureShare, length_m: float) -> Windows:
    """
    Return the windows of one length that begin or end at an event, within the line.

    Parameters
    ----------
    places
        Chainages of events, metres, ascending.
    exposure
        Exposure.
    length_m
        Length of the windows, metres.

    Returns
    -------
    windows
        Closed; two for each event. No other window of this length holds more events than the fullest of
        them.
    """
    forwards = np.clip(places, exposure.start_m, exposure.end_m - length_m)
    backwards = np.clip(places, exposure.start_m + length_m, exposure.end_m)
    start = np.concatenate([forwards, backwards - length_m])
    end = np.concatenate([forwards + length_m, backwards])
    inside = np.searchsorted(places, end + SLACK_M, side="right")
    count = inside - np.searchsorted(places, start - SLACK_M, side="left")
    share = np.maximum(exposure.upto(end) - exposure.before(start), exposure.least)
    return Windows(start, end, count, share)


def event_windows(places: Floats, exposure: ExposureShare, rules: Rules) -> Iterator[Windows]:
    """
    Yield the windows from event to event, both ends included, by their count.

    Parameters
    ----------
    places
        Chainages of events, metres, ascending.
    exposure
        Exposure.
    rules
        Which windows are allowed. A shorter window is extended to the shortest length, forwards from its
        first event and backwards from its last.

    Yields
    ------
    windows
        Those that the rules allow.
    """
    yield _keep_allowed(fixed_windows(places, exposure, rules.min_length_m), rules)
    n = len(places)
    before, upto = exposure.before(places), exposure.upto(places)
    for count in range(max(rules.min_events, 2), n + 1):
        start, end = places[: n - count + 1], places[count - 1 :]
        share = np.maximum(upto[count - 1 :] - before[: n - count + 1], exposure.least)
        windows = Windows(start, end, np.full(len(start), count), share)
        short = end - start < rules.min_length_m
        if not short.any() and share.min() > rules.max_share + SHARE_SLACK:
            return
        yield _keep_allowed(windows, rules, also=~short)


def cell_windows(breaks: Floats, cells: Ints | Floats, shares: Floats, rules: Rules) -> Iterator[Windows]:
    """
    Yield the windows of whole cells, by their number of cells.

    Parameters
    ----------
    breaks
        Chainages between cells, metres.
    cells
        Events in each cell.
    shares
        Exposure of each cell, as a share of the whole.
    rules
        Which windows are allowed.

    Yields
    ------
    windows
        Those that the rules allow.
    """
    count = np.concatenate([[0], np.cumsum(cells)])
    share = np.concatenate([[0.0], np.cumsum(shares)])
    for width in range(1, len(cells) + 1):
        start, end = breaks[:-width], breaks[width:]
        part = share[width:] - share[:-width]
        if part.min() > rules.max_share + SHARE_SLACK:
            return
        windows = Windows(start, end, count[width:] - count[:-width], part)
        yield _keep_allowed(windows, rules, also=end - start >= rules.min_length_m - SLACK_M)


def find_best_window(
    windows: Iterator[Windows], total: float, taken: list[tuple[float, float]], *, closed: bool
) -> Cluster | None:
    """
    Return the most likely cluster that overlaps none of those found before.

    Parameters
    ----------
    windows
        All windows, in batches.
    total
        Events in all.
    taken
        First and last chainages of the clusters found before, metres.
    closed
        Whether windows that touch overlap.

    Returns
    -------
    best
        Among equals the one with the smallest share, then the first. None if no window has more events than
        expected.
    """
    best: Cluster | None = None
    slack = SLACK_M if closed else -SLACK_M
    for batch in windows:
        value = llr(batch.n, batch.share, total)
        for start, end in taken:
            value[(batch.from_m <= end + slack) & (batch.to_m >= start - slack)] = 0.0
        top = float(value.max(initial=0.0))
        floor = 0.0 if best is None else best.llr
        if top <= 0.0 or top < floor - TIE * (1 + floor):
            continue
        equal = np.flatnonzero(value >= top - TIE * (1 + top))
        top_row = equal[np.lexsort((batch.from_m[equal], batch.share[equal]))[0]]
        candidate = Cluster(
            float(batch.from_m[top_row]),
            float(batch.to_m[top_row]),
            int(batch.n[top_row]),
            float(batch.share[top_row]),
            float(value[top_row]),
        )
        tied = best is not None and top <= floor + TIE * (1 + floor)
        if best is None or not tied or (candidate.share, candidate.from_m) < (best.share, best.from_m):
            best = candidate
    return best


def _keep_allowed(windows: Windows, rules: Rules, also: Bools | None = None) -> Windows:
    kept = (windows.n >= rules.min_events) & (windows.share <= rules.max_share + SHARE_SLACK)
    kept &= True if also is None else also
    return windows.where(kept)
