"""Two drawings of a border: what they share, how far apart they are, and the land between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import shapely

from .._constants import GEOD, Bools, Floats
from ..border import Border, require_border
from ..errors import GeometryError
from ..geodesy import Chain, Feet

__all__ = ["LandBetween", "LinePair", "feet_along", "hausdorff_distance", "land_between", "pair_lines"]

#: Lines that run along each other for less than this, metres, are not two drawings of one border.
LEAST_M: Final = 1.0

#: The largest separation is known to this, metres.
EXACT_M: Final = 0.05

#: Places looked at first, beside the vertices, are this far apart, metres.
FIRST_M: Final = 1_000.0

#: Feet as near as this, metres, are on one edge.
SAME_M: Final = 1e-3

#: Edges are drawn as geodesics by pieces no longer than this, metres.
DENSE_M: Final = 1_000.0

#: Points tested against the curve at a time.
CHUNK: Final = 64


@dataclass(frozen=True, eq=False)
class LinePair:
    """Two lines that run the same way, and the stretch of each that faces the other."""

    #: The first line.
    a: Border
    #: The second, turned round if it ran the other way.
    b: Border
    #: Chainage on the first where the common stretch starts and ends, metres.
    span_a: tuple[float, float]
    #: The same on the second.
    span_b: tuple[float, float]


def pair_lines(a: Border, b: Border) -> LinePair:
    """
    Return the common stretch of two lines, from foot of end to foot of end.

    Parameters
    ----------
    a, b
        Two drawings of a border, in either direction.

    Returns
    -------
    pair
        Both running as `a` does.

    Raises
    ------
    TableError
        If one of them is not a border.
    GeometryError
        If the lines do not run along each other.
    """
    for line in (a, b):
        require_border(line, verb="A comparison of lines")
    span_a = _find_ends(a, b)
    if span_a[0] > span_a[1]:
        b = b.reversed()
        span_a = span_a[1], span_a[0]
    span_b = _find_ends(b, a)
    if span_a[1] - span_a[0] < LEAST_M or span_b[1] - span_b[0] < LEAST_M:
        raise GeometryError(
            f"{a.name or 'The first line'} and {b.name or 'the second'} do not run along each other, "
            "so there is nothing to compare."
        )
    return LinePair(a, b, span_a, span_b)


def _find_ends(line: Border, other: Border) -> tuple[float, float]:
    """Return the feet of the ends of another line."""
    ends = shapely.get_coordinates(other.line)[[0, -1]]
    first, last = np.clip(line.foot(ends[:, 0], ends[:, 1]).chainage, 0.0, line.length_m)
    return float(first), float(last)


class _Spans(NamedTuple):
    """Stretches of a line between two places whose feet are known."""

    start: Floats
    end: Floats
    #: Separation at the two places, metres.
    at_start: Floats
    at_end: Floats
    #: Chainage of their feet on the other line.
    foot_start: Floats
    foot_end: Floats

    def take(self, mask: Bools) -> _Spans:
        """Return some of the spans."""
        return _Spans(*(values[mask] for values in self))


def feet_along(line: Border, other: Border, chainage: Floats) -> Feet:
    """Return the feet on another line of places on a line, given by chainage."""
    places = line.interpolate(chainage)
    return other.foot(shapely.get_x(places), shapely.get_y(places))


def hausdorff_distance(a: Border, b: Border) -> float:
    """
    Return the largest geodesic distance from a place on either line to the other line.

    Parameters
    ----------
    a, b
        Two lines.

    Returns
    -------
    distance_m
        At most 5 cm too small.
    """
    return max(_farthest_distance(a, b), _farthest_distance(b, a))


def _farthest_distance(line: Border, other: Border) -> float:
    """
    Return the distance of the farthest place of one line from another.

    Distance to one edge is convex along another edge, so between two places whose feet
    lie on one edge it is largest at one of the two. Other stretches are halved until
    they are too short to hold anything farther than what was found.
    """
    chainage = np.unique(np.concatenate([line.vertex_chainage, np.arange(0.0, line.length_m, FIRST_M)]))
    feet = feet_along(line, other, chainage)
    far, foot = feet.distance, feet.chainage
    most = float(far.max())
    spans = _Spans(chainage[:-1], chainage[1:], far[:-1], far[1:], foot[:-1], foot[1:])
    corners = np.unique(other.vertex_chainage)
    while True:
        bound = (spans.at_start + spans.at_end + spans.end - spans.start) / 2
        spans = spans.take((bound > most + EXACT_M) & ~_on_one_edge(spans, corners))
        if not len(spans.start):
            return most
        middle = (spans.start + spans.end) / 2
        feet = feet_along(line, other, middle)
        most = max(most, float(feet.distance.max()))
        spans = _Spans(
            np.concatenate([spans.start, middle]),
            np.concatenate([middle, spans.end]),
            np.concatenate([spans.at_start, feet.distance]),
            np.concatenate([feet.distance, spans.at_end]),
            np.concatenate([spans.foot_start, feet.chainage]),
            np.concatenate([feet.chainage, spans.foot_end]),
        )


def _on_one_edge(spans: _Spans, corners: Floats) -> Bools:
    first = np.minimum(spans.foot_start, spans.foot_end)
    last = np.maximum(spans.foot_start, spans.foot_end)
    edge = np.clip(np.searchsorted(corners, first + SAME_M, side="right") - 1, 0, len(corners) - 2)
    return np.asarray(last <= corners[edge + 1] + SAME_M)


class LandBetween(NamedTuple):
    """Square kilometres of the ellipsoid."""

    #: Left of the first line and right of the second.
    left_km2: float
    #: Right of the first line and left of the second.
    right_km2: float


def land_between(pair: LinePair) -> LandBetween:
    """
    Return the land that two lines put on different sides.

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
    first, second = _densify_line(pair.a, pair.span_a), _densify_line(pair.b, pair.span_b)
    second[:, 0] += 360.0 * np.round((first[0, 0] - second[0, 0]) / 360.0)
    curve = np.concatenate([first, second[::-1], first[:1]])
    joints = np.stack([curve[-2:], np.stack([first[-1], second[-1]])])
    lines = [*shapely.linestrings(joints), *(shapely.linestrings(drawn) for drawn in (first, second))]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines)]))
    if not len(faces):
        return LandBetween(0.0, 0.0)
    area = np.array([abs(GEOD.geometry_area_perimeter(face)[0]) for face in faces]) / 1e6
    turns = _count_windings(curve, shapely.get_coordinates(shapely.point_on_surface(faces)))
    return LandBetween(float(area[turns > 0].sum()), float(area[turns < 0].sum()))


def _densify_line(border: Border, span: tuple[float, float]) -> Floats:
    xy = shapely.get_coordinates(border.slice(*span))
    lon, lat, _ = Chain.from_lonlat(xy[:, 0], xy[:, 1]).split(DENSE_M)
    return np.column_stack([np.unwrap(lon, period=360.0), lat])


def _count_windings(curve: Floats, points: Floats) -> Floats:
    """Return winding numbers: upward edges to the right of a point, less downward ones."""
    x0, y0, x1, y1 = *curve[:-1].T, *curve[1:].T
    turns = np.empty(len(points))
    for start in range(0, len(points), CHUNK):
        x, y = points[start : start + CHUNK, :, None].transpose(1, 0, 2)
        left = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
        up = (y0 <= y) & (y1 > y) & (left > 0)
        down = (y0 > y) & (y1 <= y) & (left < 0)
        turns[start : start + CHUNK] = up.sum(axis=1) - down.sum(axis=1)
    return turns
