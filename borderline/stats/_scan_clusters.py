"""The clusters of one scan, and what chance makes of the same number of events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import bdtrc

from .._constants import Floats, Ints
from ..border import Border
from ..errors import TableError
from ._exposure_share import EvenShare, ExposureShare, join_segments, locate_cells
from ._scan_maxima import cell_maxima, event_maxima, fixed_maxima, scan_p_value
from ._scan_windows import (
    TIE,
    Cluster,
    Rules,
    Windows,
    cell_windows,
    event_windows,
    find_best_window,
    fixed_windows,
)

__all__ = [
    "Cluster",
    "Scan",
    "cut_cells",
    "find_clusters",
    "naus_p_value",
    "rank_clusters",
    "require_exposure",
    "simulate_maxima",
]

#: About how many cells a grid has where no segments are given.
GRID_CELLS: Final = 1_000


class Scan(NamedTuple):
    """What is scanned, and how."""

    #: Chainages of the events, metres, ascending.
    places: Floats
    #: What they are compared with.
    exposure: ExposureShare
    #: Which windows count.
    rules: Rules
    #: Breaks of the cells that windows are made of, metres; None for windows from event to event.
    breaks: Floats | None
    #: Whether all windows have the shortest length.
    fixed: bool

    @property
    def shares(self) -> Floats:
        """Exposure of each cell, a share of the whole."""
        breaks = np.zeros(0) if self.breaks is None else self.breaks
        edge = self.exposure.before(breaks)
        edge[:1], edge[-1:] = 0.0, 1.0
        # No cell has less land than can be told from none, or an event in it would be a wonder.
        share = np.maximum(np.diff(edge), self.exposure.least)
        return np.asarray(share / share.sum(), dtype=np.float64)

    @property
    def counts(self) -> Ints:
        """Events in each cell."""
        breaks = np.zeros(2) if self.breaks is None else self.breaks
        return np.bincount(locate_cells(self.places, breaks), minlength=len(breaks) - 1)

    def windows(self) -> Iterator[Windows]:
        """List all windows, in batches."""
        if self.fixed:
            few = fixed_windows(self.places, self.exposure, self.rules.min_length_m)
            return iter([few.where(few.n >= self.rules.min_events)])
        if self.breaks is not None:
            return cell_windows(self.breaks, self.counts, self.shares, self.rules)
        return event_windows(self.places, self.exposure, self.rules)


def cut_cells(exposure: ExposureShare, rules: Rules, segments: pd.DataFrame | None, border: Border) -> Floats:
    """
    Cut the border into the cells that windows are made of.

    Parameters
    ----------
    exposure
        What events are compared with.
    rules
        No cell of a grid is shorter than the shortest window.
    segments
        Stretches that are the cells, or None for a grid.
    border
        The line.

    Returns
    -------
    breaks_m
        Chainages between cells, metres.
    """
    if segments is not None:
        return join_segments(segments, border)
    length = exposure.end_m - exposure.start_m
    cells = max(1, int(min(GRID_CELLS, length / rules.min_length_m)))
    return np.linspace(exposure.start_m, exposure.end_m, cells + 1)


def require_exposure(scan: Scan) -> None:
    """
    Refuse events where the exposure says there can be none.

    Parameters
    ----------
    scan
        What is scanned.

    Raises
    ------
    TableError
        If an event lies in a stretch without exposure.
    """
    if isinstance(scan.exposure, EvenShare):
        knots = scan.exposure.knots_m
        bare = np.diff(scan.exposure.shares)[locate_cells(scan.places, knots)] <= 0.0
        if bare.any():
            raise TableError(
                f"An event lies at {scan.places[bare][0] / 1000:.3f} km, where the exposure is zero; "
                "leave such events out, or give the stretch an exposure."
            )


def find_clusters(scan: Scan, limit: int) -> list[Cluster]:
    """
    Find the most likely cluster, then the most likely that overlaps none before it, and so on.

    Parameters
    ----------
    scan
        What is scanned.
    limit
        How many at most.

    Returns
    -------
    clusters
        Best first.
    """
    clusters: list[Cluster] = []
    while len(clusters) < limit and len(scan.places):
        taken = [(cluster.from_m, cluster.to_m) for cluster in clusters]
        best = find_best_window(scan.windows(), len(scan.places), taken, closed=scan.breaks is None)
        if best is None:
            break
        clusters.append(best)
    return clusters


def simulate_maxima(scan: Scan, simulations: int, rng: np.random.Generator) -> Floats:
    """
    Let chance and exposure alone place as many events, and scan them alike.

    Parameters
    ----------
    scan
        What is scanned.
    simulations
        How many times.
    rng
        Source of random numbers.

    Returns
    -------
    maxima
        Largest likelihood ratio of each simulation.
    """
    n, rules = len(scan.places), scan.rules
    if scan.fixed:
        return fixed_maxima(n, scan.exposure, rules.min_length_m, simulations, rng, rules.min_events)
    if scan.breaks is not None:
        return cell_maxima(n, scan.breaks, scan.shares, rules, simulations, rng)
    return event_maxima(n, scan.exposure, rules, simulations, rng)


def rank_clusters(clusters: list[Cluster], scan: Scan, maxima: Floats, *, even: bool) -> Floats:
    """
    Rank clusters among the best of simulations, or take their exact chance where there is one.

    Parameters
    ----------
    clusters
        Clusters, best first.
    scan
        Where they were found.
    maxima
        Largest likelihood ratio of each simulation.
    even
        Whether the exposure is length, for which the chance of a full window of one
        length is known.

    Returns
    -------
    p_value
        One a cluster.
    """
    values = scan_p_value(np.array([cluster.llr for cluster in clusters]), maxima, TIE)
    share = scan.rules.min_length_m / (scan.exposure.end_m - scan.exposure.start_m)
    total = len(scan.places)
    if scan.fixed and even and share <= 0.5:
        for i, cluster in enumerate(clusters):
            if 2 * cluster.n > total:
                values[i] = naus_p_value(cluster.n, total, share)
    return values


def naus_p_value(count: int, total: int, share: float) -> float:
    """
    Chance that some window of a fixed length holds so many of the events on a line.

    Parameters
    ----------
    count
        Events in the window, more than half of `total`.
    total
        Events on the line, uniform and independent.
    share
        Length of the window over that of the line, at most a half.

    Returns
    -------
    p_value
        Exact.
    """
    factor = count / share - total - 1.0
    beyond = float(bdtrc(count - 1, total, share))
    here = beyond - float(bdtrc(count, total, share)) if count < total else beyond
    return min(1.0, factor * here + 2.0 * beyond)
