"""The land between two lines, and on which side of the first it lies."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import shapely

from .._constants import GEOD, Floats
from ..border import Border
from ..geodesy import Chain
from ._pairing import Pair

__all__ = ["LandBetween", "land_between"]

#: Edges are drawn as geodesics by pieces no longer than this, metres.
DENSE_M: Final = 1_000.0

#: Points tested against the curve at a time.
CHUNK: Final = 64


class LandBetween(NamedTuple):
    """Square kilometres of the ellipsoid."""

    #: Left of the first line and right of the second.
    left_km2: float
    #: Right of the first line and left of the second.
    right_km2: float


def land_between(pair: Pair) -> LandBetween:
    """
    Measure the land that two lines put on different sides.

    The two common stretches are joined at their ends to a closed curve. What it winds
    round counterclockwise lies to the left of the first line and to the right of the
    second, what it winds round clockwise the other way about; what it winds round not at
    all lies on the same side of both.

    Parameters
    ----------
    pair
        Two lines and their common stretch.

    Returns
    -------
    land
        Areas on the ellipsoid.
    """
    first, second = _dense(pair.a, pair.span_a), _dense(pair.b, pair.span_b)
    second[:, 0] += 360.0 * np.round((first[0, 0] - second[0, 0]) / 360.0)
    curve = np.concatenate([first, second[::-1], first[:1]])
    joints = np.stack([curve[-2:], np.stack([first[-1], second[-1]])])
    lines = [*shapely.linestrings(joints), *(shapely.linestrings(each) for each in (first, second))]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines)]))
    if not len(faces):
        return LandBetween(0.0, 0.0)
    area = np.array([abs(GEOD.geometry_area_perimeter(face)[0]) for face in faces]) / 1e6
    turns = _winding(curve, shapely.get_coordinates(shapely.point_on_surface(faces)))
    return LandBetween(float(area[turns > 0].sum()), float(area[turns < 0].sum()))


def _dense(border: Border, span: tuple[float, float]) -> Floats:
    xy = shapely.get_coordinates(border.slice(*span))
    lon, lat, _ = Chain.from_lonlat(xy[:, 0], xy[:, 1]).split(DENSE_M)
    return np.column_stack([np.unwrap(lon, period=360.0), lat])


def _winding(curve: Floats, points: Floats) -> Floats:
    """Count how often a closed curve winds round points: upward edges to the right, less downward ones."""
    x0, y0, x1, y1 = *curve[:-1].T, *curve[1:].T
    turns = np.empty(len(points))
    for start in range(0, len(points), CHUNK):
        x, y = points[start : start + CHUNK, :, None].transpose(1, 0, 2)
        left = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
        up = (y0 <= y) & (y1 > y) & (left > 0)
        down = (y0 > y) & (y1 <= y) & (left < 0)
        turns[start : start + CHUNK] = up.sum(axis=1) - down.sum(axis=1)
    return turns
