"""Scan expected counts of cells, where events may be in several places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
from pandas.api.extensions import ExtensionArray

from .._constants import Bools, Floats, Ints
from ..border import Border
from ._count_limits import CountDistribution, distribute_draws, distribute_shares
from ._exposure_share import ExposureShare, join_segments, locate_cells
from ._placements import Placements
from ._sample import SLACK_M, Sample
from ._scan_clusters import GRID_CELLS, Cluster, Scan, require_exposure
from ._scan_maxima import cell_maxima, scan_p_value
from ._scan_windows import TIE, Rules, Windows, cell_windows, find_best_window, llr
from ._vague_counts import vague_column

__all__ = ["PlaceField"]

#: Cells of a grid in the shortest window.
CELLS_PER_WINDOW: Final = 8

#: Errors are told apart in so many classes.
ERROR_CLASSES: Final = 64


@dataclass(frozen=True, eq=False)
class PlaceField:
    """Where the events of a scan may be: expected counts of cells, by the error of their positions."""

    sample: Sample
    placements: Placements
    scan: Scan
    rules: Rules
    #: Breaks of the cells, metres.
    breaks: Floats
    #: Which places count, and the cell of each; -1 for none. Shape (rows, places).
    cell: Ints
    #: Events at each row of the placements, and their error, metres; 0 where it is not known.
    n_of_row: Floats
    error_m: Floats
    #: Errors of the classes, ascending, and expected counts of cells up to each, shape (classes, cells + 1).
    class_m: Floats
    mass: Floats
    #: Expected counts for certain: events that count as their points, by cell.
    base: Floats
    #: Expected number of events, and of those outside the segments.
    total: float
    outside: float
    #: Whether any error is known.
    known: bool

    @classmethod
    def lay_out(
        cls,
        sample: Sample,
        share: ExposureShare,
        rules: Rules,
        segments: gpd.GeoDataFrame | None,
        border: Border,
    ) -> PlaceField:
        """
        Lay the places of a sample out over cells.

        Parameters
        ----------
        sample
            The events, with placements.
        share
            Exposure of the border.
        rules
            Which windows are allowed; the shortest is made twice the median error if it is not.
        segments
            Stretches that are the cells, or None for a grid.
        border
            The line.

        Returns
        -------
        field
            Expected counts.
        """
        sample, group = sample.split_places(np.zeros(len(sample.rows), dtype=np.int64))
        placements = sample.placements
        if placements is None or len(group) != len(placements.weight):
            raise TypeError("points have no placements")
        inside_share = sample.share_inside() * sample.weight
        error = np.nan_to_num(sample.error_m)
        shortest = max(rules.min_length_m, 2.0 * _weighted_median(error, inside_share))
        rules = rules._replace(min_length_m=min(shortest, share.end_m - share.start_m))
        breaks = _cut_finely(share, rules, segments, border)
        off = (placements.chainage_m < share.start_m - SLACK_M) | (
            placements.chainage_m > share.end_m + SLACK_M
        )
        inside = sample.mark_outside() < 0
        cell = np.where(inside & ~off, locate_cells(placements.chainage_m, breaks), -1)
        n_of_row = placements.count_rows(sample.weight)
        firm = (placements.index < 0) & (sample.weight > 0)
        firm &= (sample.chainage_m >= share.start_m - SLACK_M) & (sample.chainage_m <= share.end_m + SLACK_M)
        firm_cell = locate_cells(sample.chainage_m[firm], breaks)
        base = np.bincount(firm_cell, minlength=len(breaks) - 1).astype(np.float64)
        placed = placements.index >= 0
        row_error = np.zeros(len(n_of_row))
        row_error[placements.index[placed]] = error[placed]
        shares = placements.share_rows(cell)
        weight = n_of_row[shares.row] * shares.share
        class_m, mass = _accumulate_classes(
            np.concatenate([row_error[shares.row], error[firm]]),
            np.concatenate([shares.cell, firm_cell]),
            np.concatenate([weight, np.ones(int(firm.sum()))]),
            len(breaks) - 1,
        )
        total = float(weight.sum() + firm.sum())
        points = np.concatenate([placements.chainage_m[cell >= 0], sample.chainage_m[firm]])
        scan = Scan(np.sort(points), share, rules, breaks, fixed=False)
        require_exposure(scan)
        return cls(
            sample,
            placements,
            scan,
            rules,
            breaks,
            cell,
            n_of_row,
            row_error,
            class_m,
            mass,
            base,
            total,
            float(sample.n_events) - total,
            bool((np.isfinite(sample.error_m) & (inside_share > 0)).any()),
        )

    def windows(self) -> Iterator[Windows]:
        """Yield the windows that the rules allow and that are long enough for what they hold."""
        for windows in cell_windows(
            self.breaks, self.mass[-1, 1:] - self.mass[-1, :-1], self.scan.shares, self.rules
        ):
            yield windows.where(self._mark_resolved(windows))

    def _mark_resolved(self, windows: Windows) -> Bools:
        """Return which windows are no shorter than twice the median error of what they hold."""
        first, last = (
            np.searchsorted(self.breaks, ends - SLACK_M) for ends in (windows.from_m, windows.to_m)
        )
        length = windows.to_m - windows.from_m
        upto = np.searchsorted(self.class_m, length / 2 + SLACK_M, side="right") - 1
        fine = np.where(upto >= 0, self.mass[upto, last] - self.mass[upto, first], 0.0)
        resolved: Bools = fine > 0.5 * (self.mass[-1, last] - self.mass[-1, first]) + TIE
        return resolved

    def find_clusters(self, limit: int) -> list[Cluster]:
        """Find the most likely clusters that do not overlap, as `find_clusters` of whole events."""
        clusters: list[Cluster] = []
        while len(clusters) < limit and self.total > 0:
            taken = [(cluster.from_m, cluster.to_m) for cluster in clusters]
            best = find_best_window(self.windows(), self.total, taken, closed=False)
            if best is None:
                break
            clusters.append(best)
        return clusters

    def simulate_maxima(self, simulations: int, rng: np.random.Generator) -> Floats:
        """Return the largest likelihood ratio of each simulation of as many events, placed exactly."""
        n = max(round(self.total), 1)
        return cell_maxima(n, self.breaks, self.scan.shares, self.rules, simulations, rng)

    def count_windows(self, clusters: list[Cluster]) -> tuple[Floats, CountDistribution]:
        """Return the expected count of each cluster, and what it may be."""
        cluster_of_cell = np.full(len(self.breaks), -1, dtype=np.int64)
        for number, (first, last) in enumerate(self._bound_cells(clusters)):
            cluster_of_cell[first:last] = number
        place = np.where(self.cell >= 0, cluster_of_cell[self.cell], -1)
        of_base = cluster_of_cell[:-1]
        kept = of_base >= 0
        base = np.bincount(of_base[kept], self.base[kept], minlength=len(clusters)).astype(np.float64)
        shares = self.placements.share_rows(place)
        counts = base + np.bincount(
            shares.cell, self.n_of_row[shares.row] * shares.share, minlength=len(clusters)
        ).astype(np.float64)
        distribution = (
            distribute_draws(place, self.n_of_row, base)
            if self.placements.drawn
            else distribute_shares(shares, self.n_of_row, base)
        )
        return counts, distribution

    def rank_clusters(
        self, clusters: list[Cluster], distribution: CountDistribution, maxima: Floats
    ) -> Floats:
        """Return p-values by rank: of expected counts, or averaged over draws."""
        if not self.placements.drawn:
            return scan_p_value(np.array([cluster.llr for cluster in clusters]), maxima, TIE)
        share = np.array([cluster.share for cluster in clusters])[:, None]
        counts, chance = distribution
        ratio = llr(counts, np.broadcast_to(share, counts.shape), self.total)
        ranked = scan_p_value(ratio.ravel(), maxima, TIE).reshape(ratio.shape)
        return np.asarray(np.minimum((ranked * chance).sum(axis=1), 1.0))

    def count_vague_events(self, clusters: list[Cluster]) -> ExtensionArray | Floats:
        """Return the expected number of events in each cluster whose error exceeds its length."""
        n_vague = np.zeros(len(clusters))
        for number, (first, last) in enumerate(self._bound_cells(clusters)):
            length = self.breaks[last] - self.breaks[first]
            upto = np.searchsorted(self.class_m, length, side="right") - 1
            held = self.mass[:, last] - self.mass[:, first]
            n_vague[number] = held[-1] - (held[upto] if upto >= 0 else 0.0)
        return vague_column(n_vague, known=self.known, whole=False).to_numpy()

    def _bound_cells(self, clusters: list[Cluster]) -> list[tuple[int, int]]:
        ends = np.array([(cluster.from_m, cluster.to_m) for cluster in clusters]).reshape(-1, 2)
        return [(int(first), int(last)) for first, last in np.searchsorted(self.breaks, ends - SLACK_M)]


def _cut_finely(
    share: ExposureShare, rules: Rules, segments: gpd.GeoDataFrame | None, border: Border
) -> Floats:
    """Return the breaks of cells, several of which make up the shortest window."""
    if segments is not None:
        return join_segments(segments, border)
    length = share.end_m - share.start_m
    cells = max(1, int(min(GRID_CELLS, CELLS_PER_WINDOW * length / rules.min_length_m)))
    return np.linspace(share.start_m, share.end_m, cells + 1)


def _weighted_median(values: Floats, weight: Floats) -> float:
    order = np.argsort(values, kind="stable")
    upto = np.cumsum(weight[order])
    if not len(upto) or not upto[-1] > 0:
        return 0.0
    return float(values[order][np.searchsorted(upto, upto[-1] / 2 + TIE)])


def _accumulate_classes(error_m: Floats, cell: Ints, weight: Floats, n_cells: int) -> tuple[Floats, Floats]:
    """Return classes of errors, and the expected counts before each cell of those up to each class."""
    distinct = np.unique(error_m)
    if len(distinct) > ERROR_CLASSES:
        # An error counts as the upper end of its class, so no window is allowed that is too short.
        distinct = np.unique(np.quantile(distinct, np.linspace(0, 1, ERROR_CLASSES), method="higher"))
    classes = np.append(distinct, np.inf) if len(distinct) else np.array([np.inf])
    place = np.searchsorted(classes, error_m)
    mass = np.zeros((len(classes), n_cells + 1))
    np.add.at(mass[:, 1:], (place, cell), weight)
    return classes, np.cumsum(np.cumsum(mass, axis=0), axis=1)
