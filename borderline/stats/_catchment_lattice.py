"""Points of an equal-area lattice over the land near a line."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from pyproj import Transformer
from scipy.spatial import KDTree

from .._constants import WGS84_CRS, WGS84_RADIUS_M, Floats
from ..geodesy import Chain

__all__ = ["Lattice", "lay_lattice"]

#: Slope of the rows of the lattice against the line. No ratio of small whole numbers is near it, so
#: strips across a straight line hold equal numbers of points.
SLOPE = (1 + 5**0.5) / 2


class Lattice(NamedTuple):
    """Points that represent equal areas."""

    #: Longitude, degrees.
    lon: Floats
    #: Latitude, degrees.
    lat: Floats
    #: Side of the square that a point represents, metres in the equal-area plane.
    step_m: float


def lay_lattice(chain: Chain, within_m: float, points: int) -> Lattice:
    """
    Return points spread evenly over the land within a distance of a line, and a little beyond.

    Parameters
    ----------
    chain
        The line.
    within_m
        Distance from the line, geodesic metres.
    points
        Approximate number of points on the land along a straight line.

    Returns
    -------
    lattice
        Points of a square lattice in a Lambert azimuthal equal-area projection of the ellipsoid, centred on
        the middle of the line.
    """
    step = float(np.sqrt(2 * within_m * max(chain.length_m, within_m) / points))
    lon, lat, _ = chain.split(within_m / 4)
    middle = chain.interpolate(np.array([chain.length_m / 2]))
    plane = Transformer.from_crs(
        WGS84_CRS,
        f"+proj=laea +lon_0={middle[0][0]:.6f} +lat_0={middle[1][0]:.6f} +datum=WGS84",
        always_xy=True,
    )
    line = np.stack(plane.transform(lon, lat), axis=1)
    chord = line[-1] - line[0]
    angle = np.arctan2(chord[1], chord[0]) + np.arctan(SLOPE)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = line @ turn
    # Away from its centre the projection stretches one direction and compresses the other.
    arc = 2 * np.arcsin(np.minimum(np.hypot(*line.T).max() / (2 * WGS84_RADIUS_M), 0.95))
    reach = (within_m + 2 * step) / np.cos(arc / 2)
    cells = _list_lattice_points(turned, reach, step)
    # Points of the line are at most a quarter of the band apart: one is within that of each foot.
    near, _ = KDTree(turned).query(cells, distance_upper_bound=np.hypot(reach, within_m / 4))
    x, y = turn @ cells[np.isfinite(near)].T
    grid_lon, grid_lat = plane.transform(x, y, direction="INVERSE")
    return Lattice(grid_lon, grid_lat, step)


def _list_lattice_points(line: Floats, reach: float, step: float) -> Floats:
    """Return the lattice points in boxes around runs of the line, each once, row by row."""
    indices = []
    # Runs are about as long as the band is wide: shorter ones overlap, longer ones have large boxes.
    apart = np.hypot(*np.diff(line, axis=0).T)
    run = np.floor(np.concatenate([[0.0], np.cumsum(apart)]) / reach).astype(np.int64)
    for part in np.split(line, np.flatnonzero(np.diff(run)) + 1):
        low = np.ceil((part.min(axis=0) - reach) / step).astype(np.int64)
        high = np.floor((part.max(axis=0) + reach) / step).astype(np.int64) + 1
        column, row = np.meshgrid(np.arange(low[0], high[0]), np.arange(low[1], high[1]))
        indices.append((row.ravel() << 32) + column.ravel())
    index = np.unique(np.concatenate(indices))
    column = ((index + (1 << 31)) & ((1 << 32) - 1)) - (1 << 31)
    row = (index - column) >> 32
    return np.stack([column, row], axis=1) * step
