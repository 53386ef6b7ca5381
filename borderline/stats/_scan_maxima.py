"""
The largest likelihood ratio of a scan where chance places the events, by exposure.

Among windows of one count the one with the smallest share of the exposure has the largest likelihood
ratio, so only one ratio is computed for each count and simulation. For 2,000 events this is 26 times as
fast as computing the ratio of every window, with the same maxima.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from .._constants import Floats, Ints
from ._exposure_share import ExposureShare
from ._sample import SLACK_M
from ._scan_windows import SHARE_SLACK, Rules, fixed_windows, llr, llr_of_count

__all__ = ["cell_maxima", "event_maxima", "fixed_maxima", "scan_cells", "scan_events", "scan_p_value"]

#: Approximate number of values in a batch of simulations: the arrays fit the cache of a processor.
BATCH: Final = 65_536


def event_maxima(
    n: int, exposure: ExposureShare, rules: Rules, simulations: int, rng: np.random.Generator
) -> Floats:
    """
    Simulate the scan from event to event.

    Parameters
    ----------
    n
        Number of events.
    exposure
        Exposure that chance places them by.
    rules
        Which windows are allowed.
    simulations
        Number of simulations.
    rng
        Random generator.

    Returns
    -------
    maxima
        Largest likelihood ratio of each simulation.
    """
    maxima = [
        scan_events(np.sort(exposure.draw(many * n, rng).reshape(many, n), axis=1), exposure, rules)
        for many in _split_batches(simulations, n)
    ]
    return np.concatenate([np.zeros(0), *maxima])


def fixed_maxima(
    n: int,
    exposure: ExposureShare,
    length_m: float,
    simulations: int,
    rng: np.random.Generator,
    min_events: int,
) -> Floats:
    """
    Simulate the scan of windows of one length.

    Parameters
    ----------
    n, exposure, simulations, rng, min_events
        As for `event_maxima`.
    length_m
        Length of the windows, metres.

    Returns
    -------
    maxima
        Largest likelihood ratio of each simulation.
    """
    rules = Rules(length_m, min_events, 1.0)
    maxima = [
        _scan_fixed_windows(np.sort(exposure.draw(n, rng)), exposure, rules) for _ in range(simulations)
    ]
    return np.array(maxima, dtype=np.float64)


def cell_maxima(
    n: int, breaks: Floats, shares: Floats, rules: Rules, simulations: int, rng: np.random.Generator
) -> Floats:
    """
    Simulate the scan over cells.

    Parameters
    ----------
    n, rules, simulations, rng
        As for `event_maxima`.
    breaks
        Chainages between cells, metres.
    shares
        Exposure of each cell, as a share of the whole.

    Returns
    -------
    maxima
        Largest likelihood ratio of each simulation.
    """
    shares = shares / shares.sum()
    maxima = [
        scan_cells(rng.multinomial(n, shares, size=many), breaks, shares, rules)
        for many in _split_batches(simulations, len(shares))
    ]
    return np.concatenate([np.zeros(0), *maxima])


def scan_events(places: Floats, exposure: ExposureShare, rules: Rules) -> Floats:
    """
    Return the largest likelihood ratio of each of several sets of events.

    Parameters
    ----------
    places
        Chainages, metres, ascending along the second axis, shape (sets, events).
    exposure
        Exposure.
    rules
        Which windows are allowed.

    Returns
    -------
    maxima
        Shape (sets,).
    """
    n = places.shape[1]
    best = np.array([_scan_fixed_windows(row, exposure, rules) for row in places])
    before, upto = exposure.before(places), exposure.upto(places)
    some_short = True
    for count in range(max(rules.min_events, 2), n + 1):
        share = upto[:, count - 1 :] - before[:, : n - count + 1]
        unmasked: Floats = share.min(axis=1)
        least = unmasked
        if some_short:
            short = places[:, count - 1 :] - places[:, : n - count + 1] < rules.min_length_m
            some_short = bool(short.any())
            share[short] = np.inf
            least = share.min(axis=1)
        if unmasked.min() > rules.max_share + SHARE_SLACK:
            break
        least = np.minimum(np.maximum(least, exposure.least), 1.0)
        kept = least <= rules.max_share + SHARE_SLACK
        np.maximum(best, np.where(kept, llr(count, least, n), 0.0), out=best)
    return best


def scan_cells(cells: Ints, breaks: Floats, shares: Floats, rules: Rules) -> Floats:
    """
    Return the largest likelihood ratio of each of several sets of counts.

    Parameters
    ----------
    cells
        Events in each cell, shape (sets, cells); every set has the same total.
    breaks
        Chainages between cells, metres.
    shares
        Exposure of each cell, as a share of the whole.
    rules
        Which windows are allowed.

    Returns
    -------
    maxima
        Shape (sets,).
    """
    total = int(cells[0].sum())
    before = np.zeros((len(cells), cells.shape[1] + 1), dtype=np.intp)
    np.cumsum(cells, axis=1, out=before[:, 1:])
    cumulative = np.concatenate([[0.0], np.cumsum(shares)])
    # Terms of the count alone are looked up, so they cost no logarithm per window.
    by_count = llr_of_count(np.arange(total + 1), total)
    best = np.zeros(len(cells))
    for width in range(1, cells.shape[1] + 1):
        share = cumulative[width:] - cumulative[:-width]
        if share.min() > rules.max_share + SHARE_SLACK:
            break
        kept = (share <= rules.max_share + SHARE_SLACK) & (share > 0.0) & (share < 1.0)
        kept &= breaks[width:] - breaks[:-width] >= rules.min_length_m - SLACK_M
        count = before[:, width:] - before[:, :-width]
        if not kept.all():
            if not kept.any():
                continue
            share, count = share[kept], count[:, kept]
        value = np.take(by_count, count)
        value -= count * np.log(share / (1.0 - share))
        value -= total * np.log1p(-share)
        value[count <= np.maximum(total * share, rules.min_events - 1)] = 0.0
        np.maximum(best, value.max(axis=1), out=best)
    return best


def scan_p_value(observed: Floats, maxima: Floats, tie: float) -> Floats:
    """
    Return p-values of observed clusters by rank among the largest of each simulation.

    Parameters
    ----------
    observed
        Likelihood ratios.
    maxima
        Largest likelihood ratio of each simulation.
    tie
        Values within this, relative to 1 + their size, are equal and count as reached.

    Returns
    -------
    p_value
        One more than the number of simulations that reach each, over one more than their number.
    """
    # A tie counts as reached, whatever the rounding.
    reached = np.asarray(observed - tie * (1.0 + np.abs(observed)), dtype=np.float64)
    above = len(maxima) - np.searchsorted(np.sort(maxima), reached, side="left")
    return np.asarray((1.0 + above) / (1.0 + len(maxima)), dtype=np.float64)


def _scan_fixed_windows(places: Floats, exposure: ExposureShare, rules: Rules) -> float:
    windows = fixed_windows(places, exposure, rules.min_length_m)
    value = llr(windows.n, windows.share, len(places))
    kept = (windows.share <= rules.max_share + SHARE_SLACK) & (windows.n >= rules.min_events)
    return float(np.max(value, initial=0.0, where=kept))


def _split_batches(simulations: int, width: int) -> list[int]:
    """Split simulations into batches, of a size that depends only on their width."""
    size = max(1, BATCH // max(width, 1))
    return [min(size, simulations - done) for done in range(0, simulations, size)]
