"""
Prediction of the foot of an incident on the border, so that the page needs few bytes for it.

The page knows the position of an incident and the 100 m of border that hold its foot; the metres
within them, and the distance, follow from the line to about a metre. Only the difference between
the true and the predicted values is stored: a page of 1,000,000 incidents has 10.9 MB with it and
14.1 MB without. Page (``feet.js``) and package use the same operations of IEEE arithmetic in the
same order (no sines, which may differ in the last bit), so that both get the same number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from .._constants import Bools, Floats, Ints
from ..border import Border
from ._line_planes import CHAINAGE_PER, LONLAT_PER, line_columns

__all__ = ["CELLS_PER_KM", "FootPredictor", "map_through_points"]

#: Cells in a kilometre of border, by which the page selects stretches.
CELLS_PER_KM: Final = 10
#: Edges examined in a cell; feet on a line with more of them are predicted less well.
MOST_EDGES: Final = 8
#: Radians in a degree and the constants of WGS 84, written alike in both languages.
_RADIANS: Final = 0.017453292519943295
_AXIS: Final = 6378137.0
_E2: Final = 0.0066943799901413165


def map_through_points(values: Floats, come: Floats, go: Floats) -> Floats:
    """
    Interpolate between control points, and extrapolate beyond them.

    Parameters
    ----------
    values
        Numbers; missing ones stay missing.
    come, go
        The same points in the units of `values` and of the result, growing.

    Returns
    -------
    numbers
        As ``B.through`` of the page gets them.
    """
    k = np.clip(np.searchsorted(come, values, side="left"), 1, len(come) - 1)
    return go[k - 1] + ((values - come[k - 1]) / (come[k] - come[k - 1])) * (go[k] - go[k - 1])


@dataclass(frozen=True, slots=True)
class FootPredictor:
    """The line as the page decodes it, with its control points."""

    #: Vertices, degrees, and metres along the line.
    lon: Floats
    lat: Floats
    chainage: Floats
    #: Control points between metres and kilometres.
    chainages: Floats
    kms: Floats

    @classmethod
    def of(cls, border: Border, *, measured: bool) -> Self:
        """
        Return the predictor of a border.

        Parameters
        ----------
        border
            The border.
        measured
            Whether kilometres follow the calibration of the border, or else its chainage.

        Returns
        -------
        feet
            The predictor.
        """
        lon, lat, chainage = line_columns(border)
        known = border.calibration if measured else None
        chainages = (0.0, 1000.0) if known is None else known.chainage_m
        return cls(
            np.rint(lon * LONLAT_PER) / LONLAT_PER,
            np.rint(lat * LONLAT_PER) / LONLAT_PER,
            np.rint(chainage * CHAINAGE_PER) / CHAINAGE_PER,
            np.asarray(chainages, dtype="float64"),
            np.asarray((0.0, 1.0) if known is None else known.measure_km, dtype="float64"),
        )

    def predict(self, lon: Floats, lat: Floats, cells: Floats) -> tuple[Floats, Floats]:
        """
        Return the nearest place to each point in its cell of the border.

        Parameters
        ----------
        lon, lat
            Points, degrees.
        cells
            Cells of the border; the foot is looked for in these.

        Returns
        -------
        within
            Whole metres of the foot within its cell, from 0 to 100.
        distance
            Whole metres from the point to the foot; both 0 where a point or a cell is missing.
        """
        known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat) & np.isfinite(cells))
        within, distance = np.zeros(len(lon)), np.zeros(len(lon))
        if len(known) and len(self.lon) > 1:
            within[known], distance[known] = self._predict_known(lon[known], lat[known], cells[known])
        return within, distance

    def _predict_known(self, lon: Floats, lat: Floats, cells: Floats) -> tuple[Floats, Floats]:
        """Predict feet of points that all have a position and a cell."""
        begin = map_through_points(cells / CELLS_PER_KM, self.kms, self.chainages)
        end = map_through_points((cells + 1) / CELLS_PER_KM, self.kms, self.chainages)
        last = len(self.lon) - 2
        edge = np.clip(np.searchsorted(self.chainage, begin, side="right") - 1, 0, last)
        stop = np.clip(np.searchsorted(self.chainage, end, side="left") - 1, edge, last)
        stop = np.minimum(stop, edge + MOST_EDGES - 1)
        kx, ky = _metres_per_degree(lat)
        best = np.full(len(lon), np.inf)
        foot, away_x, away_y = np.zeros(len(lon)), np.zeros(len(lon)), np.zeros(len(lon))
        rows = np.arange(len(lon))
        while len(rows):
            e = edge[rows]
            chainage, x, y = self._nearest_on_edge(
                e, lon[rows], lat[rows], kx[rows], ky[rows], begin[rows], end[rows]
            )
            square = x * x + y * y
            closer = square < best[rows]
            there = rows[closer]
            best[there], foot[there] = square[closer], chainage[closer]
            away_x[there], away_y[there] = x[closer], y[closer]
            rows = rows[e < stop[rows]]
            edge[rows] += 1
        kilometre = map_through_points(foot, self.chainages, self.kms)
        within = np.floor(kilometre * 1000 - cells * (1000 // CELLS_PER_KM) + 0.5)
        # Half-way between point and foot a degree has the length that counts.
        dx, dy = away_x / kx, away_y / ky
        kx, ky = _metres_per_degree(lat - dy / 2)
        dx, dy = dx * kx, dy * ky
        return np.clip(within, 0, 1000 // CELLS_PER_KM), np.floor(np.sqrt(dx * dx + dy * dy) + 0.5)

    def _nearest_on_edge(
        self, e: Ints, lon: Floats, lat: Floats, kx: Floats, ky: Floats, begin: Floats, end: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Return the nearest place on an edge within a stretch: its chainage, and metres to the point."""
        dx = (self.lon[e + 1] - self.lon[e]) * kx
        dy = (self.lat[e + 1] - self.lat[e]) * ky
        px, py = (lon - self.lon[e]) * kx, (lat - self.lat[e]) * ky
        square = dx * dx + dy * dy
        start, length = self.chainage[e], self.chainage[e + 1] - self.chainage[e]
        t = _safe_ratio(px * dx + py * dy, square, square > 0)
        t = np.maximum(t, np.maximum(_safe_ratio(begin - start, length, length > 0), 0.0))
        t = np.minimum(
            t, np.minimum(np.where(length > 0, _safe_ratio(end - start, length, length > 0), 1.0), 1.0)
        )
        return start + t * length, px - t * dx, py - t * dy


def _safe_ratio(top: Floats, bottom: Floats, fine: Bools) -> Floats:
    """Divide where the divisor allows it; return 0 elsewhere."""
    return np.divide(top, bottom, out=np.zeros(len(top)), where=fine)


def _metres_per_degree(lat: Floats) -> tuple[Floats, Floats]:
    """Return the metres of a degree of longitude and of latitude; the cosine comes from its series."""
    x = lat * _RADIANS
    square = x * x
    cosine = np.ones(len(lat))
    for k in range(14, 0, -2):
        cosine = 1 - (square / (k * (k - 1))) * cosine
    rest = 1 - _E2 * (1 - cosine * cosine)
    root = np.sqrt(rest)
    across = _AXIS / root
    return _RADIANS * across * cosine, _RADIANS * (_AXIS * (1 - _E2) / (rest * root))
