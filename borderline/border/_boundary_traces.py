"""
Stretches where two boundaries run together, within a tolerance.

The search runs in a conformal plane, where circles stay circles: a stretch of one boundary
that lies within the tolerance of the other. The vertices come out as they went in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from .._constants import GEOD, Floats, Ints

__all__ = ["Piece", "Plane", "Trace", "shared_pieces"]

#: Edges are straight in longitude and latitude, as polygons are drawn; in pieces so long,
#: metres, they are straight in the plane too, within 2 cm.
LONGEST_M: Final = 1_000.0

#: Nearer than this, metres, two places are one: coordinates are rounded, and computing rounds.
SAME_M: Final = 1e-3

#: Past its true end a stretch goes on for a few tolerances, until the boundaries are that far
#: apart; so many of them are taken back.
BACK: Final = 10.0

#: Boundaries no farther apart than this share of the tolerance have come together.
TOGETHER: Final = 0.01


class Plane:
    """Stereographic plane centred on some points; it is conformal."""

    def __init__(self, lonlat: Floats) -> None:
        lam, phi = np.radians(lonlat).T
        x, y, z = (np.cos(phi) * np.cos(lam)).mean(), (np.cos(phi) * np.sin(lam)).mean(), np.sin(phi).mean()
        lon, lat = np.degrees([np.arctan2(y, x), np.arctan2(z, np.hypot(x, y))])
        plane = f"+proj=stere +lat_0={lat:.6f} +lon_0={lon:.6f} +datum=WGS84 +units=m"
        self._there = Transformer.from_crs("EPSG:4326", plane, always_xy=True)

    def project(self, lonlat: Floats) -> Floats:
        """Return longitude and latitude, shape (n, 2), as points of the plane, metres."""
        return np.column_stack(self._there.transform(lonlat[:, 0], lonlat[:, 1]))

    def lonlat(self, xy: Floats) -> Floats:
        """Return points of the plane as longitude and latitude."""
        return np.column_stack(self._there.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))


class Piece(NamedTuple):
    """A stretch of boundary."""

    #: Longitude and latitude of its vertices, shape (n, 2), the land on the left.
    lonlat: Floats
    #: Whether it is a whole ring.
    loop: bool


@dataclass(frozen=True, eq=False)
class Trace:
    """A ring of a boundary, in the plane as well."""

    #: Longitude and latitude, shape (n, 2); the last point is the first.
    lonlat: Floats
    #: The same points in the plane, metres.
    xy: Floats
    #: Which of them are vertices, and not put between two for straightness.
    vertex: Ints

    @classmethod
    def rings(cls, land: BaseGeometry, plane: Plane) -> list[Trace]:
        """Trace every ring of some land, keeping the land on the left."""
        parts = shapely.get_parts(shapely.orient_polygons(land))
        return [
            cls._trace_ring(shapely.get_coordinates(ring), plane)
            for ring in shapely.get_rings(parts)
            if ring.length > 0
        ]

    @classmethod
    def _trace_ring(cls, lonlat: Floats, plane: Plane) -> Trace:
        moves = np.append(True, (np.diff(lonlat, axis=0) != 0).any(axis=1))
        corners = lonlat[moves]
        step = np.diff(corners, axis=0)
        _, _, length = GEOD.inv(*corners[:-1].T, *corners[1:].T)
        parts = np.maximum(np.ceil(length / LONGEST_M).astype(np.int64), 1)
        edge = np.repeat(np.arange(len(parts)), parts)
        order = np.arange(len(edge)) - np.repeat(np.cumsum(parts) - parts, parts)
        points = corners[edge] + step[edge] * (order / parts[edge])[:, None]
        points = np.concatenate([points, corners[-1:]])
        vertex = np.append(np.flatnonzero(order == 0), len(edge))
        return cls(points, plane.project(points), vertex)

    @cached_property
    def along(self) -> Floats:
        """Place of each point along the ring, metres of the plane."""
        return np.append(0.0, np.cumsum(np.hypot(*np.diff(self.xy, axis=0).T)))

    @cached_property
    def chords(self) -> Floats:
        """Straight chords between points, shape (n - 1, 2, 2)."""
        return np.stack([self.xy[:-1], self.xy[1:]], axis=1)

    def interpolate(self, along: float) -> Floats:
        """Return longitude and latitude of a place on the ring; a vertex where one is near."""
        total = self.along[-1]
        along = along % total if along > total else along
        near = self.vertex[np.abs(self.along[self.vertex] - along).argmin()]
        if abs(self.along[near] - along) <= SAME_M:
            return np.array(self.lonlat[near])
        return np.array([np.interp(along, self.along, self.lonlat[:, axis]) for axis in (0, 1)])


def shared_pieces(own: list[Trace], other: list[Trace], tolerance_m: float) -> list[Piece]:
    """
    Return the stretches of a boundary that run along another.

    Parameters
    ----------
    own
        Rings of the boundary whose vertices are kept.
    other
        Rings of the other.
    tolerance_m
        How far apart the two may be drawn, metres.

    Returns
    -------
    pieces
        Stretches longer than the tolerance, in no particular order.
    """
    reach = max(tolerance_m, SAME_M)
    there = np.concatenate([trace.chords for trace in other])
    index = shapely.STRtree(shapely.linestrings(there))
    pieces = []
    for trace in own:
        here = shapely.linestrings(trace.chords)
        chord, other_chord = index.query(here, predicate="dwithin", distance=reach)
        if not len(chord):
            continue
        start, end = _intervals_within(trace.chords[chord], there[other_chord], reach)
        size = np.diff(trace.along)[chord]
        begin = trace.along[chord]
        spans = _merge_intervals(begin + start * size, begin + end * size, trace.along[-1])
        share, gap = _find_feet(trace.chords[chord], there[other_chord])
        corners = np.unique((begin + share * size)[gap <= reach])
        for first, last in spans:
            piece = _cut_piece(trace, corners, first, last, index, reach)
            if piece is not None:
                pieces.append(piece)
    return pieces


def _intervals_within(a: Floats, b: Floats, reach: float) -> tuple[Floats, Floats]:
    """
    Return where chords lie within reach of others: from and to, as shares of their length.

    What lies within reach of a chord is convex: a slab between two discs. So there is
    one interval, from the first to the last place in any of the three.
    """
    origin, way = a[:, 0], a[:, 1] - a[:, 0]
    size = np.hypot(*way.T)
    onto = b[:, 1] - b[:, 0]
    length = np.hypot(*onto.T)
    unit = onto / length[:, None]
    low, high = np.full(len(a), np.inf), np.full(len(a), -np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        for centre in (b[:, 0], b[:, 1]):
            away = origin - centre
            middle = -(away * way).sum(axis=1) / size**2
            root = np.sqrt(middle**2 - ((away**2).sum(axis=1) - reach**2) / size**2)
            low, high = np.fmin(low, middle - root), np.fmax(high, middle + root)
        away = origin - b[:, 0]
        ends = [np.full(len(a), -np.inf), np.full(len(a), np.inf)]
        for axis, least, most in (
            (unit, 0.0, length),
            (np.column_stack([-unit[:, 1], unit[:, 0]]), -reach, reach),
        ):
            offset, rate = (away * axis).sum(axis=1), (way * axis).sum(axis=1)
            bounds = np.sort([(least - offset) / rate, (most - offset) / rate], axis=0)
            level = np.abs(rate) < 1e-12 * size
            inside = (offset >= least - SAME_M) & (offset <= most + SAME_M)
            bounds = np.where(level, np.where(inside, [[-np.inf], [np.inf]], [[np.inf], [-np.inf]]), bounds)
            ends = [np.maximum(ends[0], bounds[0]), np.minimum(ends[1], bounds[1])]
        crossed = ends[0] <= ends[1]
    low = np.where(crossed, np.minimum(low, ends[0]), low)
    high = np.where(crossed, np.maximum(high, ends[1]), high)
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


def _merge_intervals(start: Floats, end: Floats, total: float) -> list[tuple[float, float]]:
    """Merge intervals that touch; one over the ring's first point ends beyond its total length."""
    some = end > start
    order = np.argsort(start[some], kind="stable")
    start, end = start[some][order], np.maximum.accumulate(end[some][order])
    if not len(start):
        return []
    fresh = np.append(True, start[1:] > end[:-1] + SAME_M)
    first = start[fresh]
    last = end[np.append(np.flatnonzero(fresh)[1:] - 1, len(end) - 1)]
    spans = list(zip(first.tolist(), last.tolist(), strict=True))
    if len(spans) > 1 and spans[0][0] <= SAME_M and spans[-1][1] >= total - SAME_M:
        spans = [*spans[1:-1], (spans[-1][0], total + spans[0][1])]
    return spans


def _find_feet(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return the feet on chords of the first ends of others: share of the length, and distance."""
    way = a[:, 1] - a[:, 0]
    share = ((b[:, 0] - a[:, 0]) * way).sum(axis=1) / (way * way).sum(axis=1)
    share = np.clip(share, 0.0, 1.0)
    return share, np.hypot(*(a[:, 0] + share[:, None] * way - b[:, 0]).T)


def _cut_piece(
    trace: Trace, corners: Floats, first: float, last: float, index: shapely.STRtree, reach: float
) -> Piece | None:
    """Return a stretch of a ring, drawn back at both ends to where the boundaries part."""
    total = trace.along[-1]
    if last - first >= total - SAME_M:
        # A ring no longer than a circle of the tolerance is an islet by the other boundary.
        return Piece(trace.lonlat[trace.vertex], loop=True) if total > 2 * np.pi * reach else None
    vertices = trace.along[trace.vertex[:-1]]
    twice_round = [np.concatenate([places, places + total]) for places in (vertices, corners)]
    vertices, corners = (places[(places > first) & (places < last)] for places in twice_round)
    first, last = (
        _draw_back(end, np.concatenate([vertices, corners]), trace, index, reach) for end in (first, last)
    )
    if last - first <= reach:
        return None
    ring = trace.vertex[:-1]
    vertices = vertices[(vertices > first + SAME_M) & (vertices < last - SAME_M)]
    corner = np.searchsorted(trace.along[ring], vertices % total + SAME_M / 2, side="right") - 1
    ends = trace.interpolate(first), trace.interpolate(last)
    return Piece(np.concatenate([[ends[0]], trace.lonlat[ring[corner]], [ends[1]]]), loop=False)


def _draw_back(end: float, candidates: Floats, trace: Trace, index: shapely.STRtree, reach: float) -> float:
    """Move the end of a stretch inwards for as long as the boundaries still come together."""
    near = candidates[np.abs(candidates - end) <= BACK * reach]
    where = np.append(end, near[np.argsort(np.abs(near - end), kind="stable")])
    place = where % trace.along[-1]
    xy = np.column_stack([np.interp(place, trace.along, trace.xy[:, axis]) for axis in (0, 1)])
    _, apart = index.query_nearest(shapely.points(xy), return_distance=True, all_matches=False)
    together = apart[:-1] <= TOGETHER * reach
    stays = np.append(together | (np.diff(apart) >= -SAME_M / 10), True)
    return float(where[np.argmax(stays)])
