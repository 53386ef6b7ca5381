"""The most likely clusters of a scan, and their p-values."""

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

#: Approximate number of cells of a grid, where no segments are given.
GRID_CELLS: Final = 1_000


class Scan(NamedTuple):
    """Events, exposure and windows of a scan."""

    #: Chainages of the events, metres, ascending.
    places: Floats
    #: Exposure that expected counts are proportional to.
    exposure: ExposureShare
    #: Which windows are allowed.
    rules: Rules
    #: Breaks of the cells that windows consist of, metres; None for windows from event to event.
    breaks: Floats | None
    #: Whether all windows have the shortest length.
    fixed: bool

    @property
    def shares(self) -> Floats:
        """Return the exposure of each cell, as a share of the whole."""
        breaks = np.zeros(0) if self.breaks is None else self.breaks
        edge = self.exposure.before(breaks)
        edge[:1], edge[-1:] = 0.0, 1.0
        # A cell has at least the smallest share that the exposure resolves: an event in a cell of
        # no land would have an infinite likelihood ratio.
        share = np.maximum(np.diff(edge), self.exposure.least)
        return np.asarray(share / share.sum(), dtype=np.float64)

    @property
    def counts(self) -> Ints:
        """Return the number of events in each cell."""
        breaks = np.zeros(2) if self.breaks is None else self.breaks
        return np.bincount(locate_cells(self.places, breaks), minlength=len(breaks) - 1)

    def windows(self) -> Iterator[Windows]:
        """Return all windows, in batches."""
        if self.fixed:
            few = fixed_windows(self.places, self.exposure, self.rules.min_length_m)
            return iter([few.where(few.n >= self.rules.min_events)])
        if self.breaks is not None:
            return cell_windows(self.breaks, self.counts, self.shares, self.rules)
        return event_windows(self.places, self.exposure, self.rules)


def cut_cells(exposure: ExposureShare, rules: Rules, segments: pd.DataFrame | None, border: Border) -> Floats:
    """
    Return the breaks of the cells that windows consist of.

    Parameters
    ----------
    exposure
        Exposure of the border.
    rules
        Which windows are allowed; no cell of a grid is shorter than the shortest.
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
    Refuse events where the exposure is zero.

    Parameters
    ----------
    scan
        Events, exposure and windows.

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
                "leave out such events, or give the stretch an exposure."
            )


def find_clusters(scan: Scan, limit: int) -> list[Cluster]:
    """
    Find the most likely cluster, then the most likely one that overlaps none before it, and so on.

    Parameters
    ----------
    scan
        Events, exposure and windows.
    limit
        Largest number of clusters.

    Returns
    -------
    clusters
        Most likely first.
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
    Place as many events by chance, in proportion to the exposure, and scan them in the same way.

    Parameters
    ----------
    scan
        Events, exposure and windows.
    simulations
        Number of simulations.
    rng
        Random generator.

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
    Return the p-values of clusters: exact where the tail is known, else by rank among simulations.

    Parameters
    ----------
    clusters
        Clusters, most likely first.
    scan
        The scan that found them.
    maxima
        Largest likelihood ratio of each simulation.
    even
        Whether the exposure is length, for which windows of one length have exact p-values.

    Returns
    -------
    p_value
        One for each cluster.
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
    Compute the probability that some window of a fixed length holds as many of the events on a line.

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
    as_many = float(bdtrc(count - 1, total, share))
    exactly = as_many - float(bdtrc(count, total, share)) if count < total else as_many
    return min(1.0, factor * exactly + 2.0 * as_many)
