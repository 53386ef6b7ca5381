"""
The stretches of a border that an event with an extent shares.

Coordinates are rounded, and a copy of a line has other vertices, so an event that runs
along the border crosses it at nearly every vertex. Exact intersection breaks such a run into
as many fragments. Here the outline of the event is compared with the border piece by
piece, within a tolerance; only what an area holds inside is taken by intersection.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from .._constants import Bools, Floats, Ints
from ..border import Border
from ..geodesy import Chain, Feet, Pieces, find_feet

__all__ = ["OutlinePart", "Stretches", "find_stretches"]

#: Points are put along an outline no farther apart than this, metres.
SPACING_M = 100.0

#: Within this distance, metres, a place of an event touches the border.
TOUCH_M = 1e-3

#: Two lines no farther apart than this, metres, may be copies of one: coordinates rounded to five
#: decimals of a degree stray by up to 0.8 m.
COPY_M = 1.0

#: Copies run together for at least this many times their largest distance. Lines that cross at a
#: slight angle do not.
COPY_RATIO = 500.0

#: An end of a run strays no farther than this many times the median distance, and this many metres.
END_RATIO, END_M = 4.0, 0.1

#: Stretches no farther apart than this, metres, are one; one that is shorter is a point of touch.
JOINED_M = 1.0


class Stretches(NamedTuple):
    """Parts of a border in order, apart from each other; one value a part."""

    start_m: Floats
    end_m: Floats
    #: Whether the event meets the border exactly: within a millimetre, or by crossing or holding it.
    touches: bool

    def select_long(self) -> Stretches:
        """Return the stretches without the points of touch."""
        is_long = self.end_m - self.start_m >= JOINED_M
        return Stretches(self.start_m[is_long], self.end_m[is_long], self.touches)


@dataclass(frozen=True, eq=False)
class OutlinePart:
    """A line or a ring of an event's outline, with points put along it; a part of a group is a point."""

    #: Degrees of the vertices, as the event has them.
    vertices: Floats

    @cached_property
    def chain(self) -> Chain | None:
        """The part as a line of geodesics; None where it is a point."""
        x, y = self.vertices.T
        moves = len(x) > 1 and bool((self.vertices[1:] != self.vertices[:-1]).any())
        return Chain.from_lonlat(x, y) if moves else None

    @cached_property
    def pieces(self) -> Pieces:
        """The line cut for a search of feet."""
        assert self.chain is not None  # noqa: S101 - points have no pieces, and callers check
        return Pieces.from_chain(self.chain)

    @cached_property
    def samples(self) -> tuple[Floats, Floats, Floats]:
        """Longitude and latitude of points along the part, and metres along it."""
        if self.chain is None:
            return self.vertices[:, 0], self.vertices[:, 1], np.zeros(len(self.vertices))
        return self.chain.split(SPACING_M)


@dataclass(frozen=True, eq=False)
class _StraightEdges:
    """A border cut so finely that its edges are straight in longitude and latitude."""

    lon: Floats
    lat: Floats
    chainage: Floats
    edges: NDArray[np.object_]
    tree: shapely.STRtree


def find_stretches(
    shape: shapely.Geometry, parts: list[OutlinePart], feet: list[Feet], border: Border
) -> Stretches:
    """
    Find the stretches of a border that an event shares.

    Parameters
    ----------
    shape
        The event in degrees.
    parts
        Its outline.
    feet
        The feet of the samples of each part.
    border
        The reference line.

    Returns
    -------
    stretches
        In the order of chainage, points of touch included.
    """
    crossings, held = _find_crossings(shape, border)
    touched = np.concatenate(
        [crossings, *(part_feet.chainage[part_feet.distance <= TOUCH_M] for part_feet in feet)]
    )
    copied = [held]
    for part, part_feet in zip(parts, feet, strict=True):
        if part.chain is not None and part_feet.distance.min() <= SPACING_M:
            runs, corners = _follow_border(part, part_feet, border)
            copied.append(runs)
            touched = np.concatenate([touched, corners])
    start, end = np.concatenate([np.stack([touched, touched]), *copied], axis=1)
    return Stretches(*_merge_overlapping(start, end), touches=bool(touched.size + held.size))


def _turn_longitudes(lon: Floats, around: float) -> Floats:
    """Turn longitudes so that none is farther than half the globe from one."""
    turned: Floats = (lon - around + 180.0) % 360.0 - 180.0 + around
    return turned


@lru_cache(maxsize=16)
def _straight_edges(border: Border) -> _StraightEdges:
    """Return a border with points put along it; made once for each."""
    lon, lat, chainage = Chain.from_lonlat(*shapely.get_coordinates(border.course).T).split(SPACING_M)
    lon = _turn_longitudes(lon, float(lon[0]))
    points = np.stack([lon, lat], axis=1)
    edges = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))
    return _StraightEdges(lon, lat, chainage, edges, shapely.STRtree(edges))


def _find_crossings(shape: shapely.Geometry, border: Border) -> tuple[Floats, Floats]:
    """Return the chainages where an outline meets a border, and the ends of what lies inside an area."""
    cut = _straight_edges(border)
    around = float(cut.lon[0])
    turned = shapely.transform(
        shape, lambda xy: np.stack([_turn_longitudes(xy[:, 0], around), xy[:, 1]], axis=1)
    )
    none = np.zeros((2, 0))
    near = np.sort(cut.tree.query(shapely.box(*shapely.bounds(turned))))
    if not len(near):
        return none[0], none
    dense = shapely.segmentize(turned, SPACING_M / 111_000)
    outline = _planar_pieces(dense)
    piece, edge = cut.tree.query(outline, predicate="intersects")
    common, pair = shapely.get_coordinates(
        shapely.intersection(outline[piece], cut.edges[edge]), return_index=True
    )
    edge = edge[pair]
    ends = np.stack([cut.lon, cut.lat], axis=1)
    share = np.hypot(*(common - ends[edge]).T) / np.hypot(*(ends[edge + 1] - ends[edge]).T)
    crossings = cut.chainage[edge] + np.clip(share, 0.0, 1.0) * np.diff(cut.chainage)[edge]
    if shapely.get_dimensions(dense) < 2:
        return crossings, none
    bounds = np.unique(np.concatenate([cut.chainage[near], cut.chainage[near + 1], crossings]))
    middle = (bounds[1:] + bounds[:-1]) / 2
    shapely.prepare(dense)
    inside = shapely.contains_xy(
        dense, np.interp(middle, cut.chainage, cut.lon), np.interp(middle, cut.chainage, cut.lat)
    )
    return crossings, np.stack([bounds[:-1][inside], bounds[1:][inside]])


def _planar_pieces(shape: shapely.Geometry) -> NDArray[np.object_]:
    """Return the edges of a shape one by one, or its points."""
    parts: NDArray[np.object_] = shapely.get_parts(shape)
    if shapely.get_dimensions(shape) == 0:
        return parts
    lines = shapely.get_rings(parts) if shapely.get_dimensions(shape) == 2 else parts
    xy, line = shapely.get_coordinates(lines, return_index=True)
    same = np.flatnonzero(line[1:] == line[:-1])
    edges: NDArray[np.object_] = shapely.linestrings(np.stack([xy[same], xy[same + 1]], axis=1))
    return edges


def _follow_border(part: OutlinePart, feet: Feet, border: Border) -> tuple[Floats, Floats]:
    """
    Return the stretches that a part of an outline runs along, and the border's vertices that touch it.

    The part is cut at its own points and at the border's vertices beside it. Between two cuts both lines
    are straight: they run together if they do so at both ends.
    """
    lon, lat, along = part.samples
    vertex_m, corner_lon, corner_lat = _vertices_near(lon, lat, border)
    beside = find_feet(part.pieces, corner_lon, corner_lat)
    near = beside.distance <= COPY_M
    # At a sample, an end or a corner among them, the foot of the sample counts.
    cuts = near & (_distance_to_nearest(beside.chainage, along) > TOUCH_M)
    order = np.argsort(np.concatenate([along, beside.chainage[cuts]]), kind="stable")
    chainage = np.concatenate([feet.chainage, vertex_m[cuts]])[order]
    distance = np.concatenate([feet.distance, beside.distance[cuts]])[order]
    start, end = np.minimum(chainage[1:], chainage[:-1]), np.maximum(chainage[1:], chainage[:-1])
    strays = np.maximum(distance[1:], distance[:-1])
    # A vertex of the border that is not beside the part: the border leaves and comes back.
    apart = vertex_m[~near]
    unbroken = np.searchsorted(apart, start, side="right") == np.searchsorted(apart, end, side="left")
    runs = _select_copies(start, end, strays, (strays <= COPY_M) & unbroken)
    return runs, vertex_m[beside.distance <= TOUCH_M]


def _distance_to_nearest(values: Floats, ordered: Floats) -> Floats:
    following = np.clip(np.searchsorted(ordered, values), 1, len(ordered) - 1)
    distance: Floats = np.minimum(
        np.abs(values - ordered[following - 1]), np.abs(ordered[following] - values)
    )
    return distance


def _vertices_near(lon: Floats, lat: Floats, border: Border) -> tuple[Floats, Floats, Floats]:
    """Return chainage, longitude and latitude of a border's vertices in the box of some points."""
    corner_lon, corner_lat = shapely.get_coordinates(border.line).T
    around = float(corner_lon[0])
    box_lon, turned = _turn_longitudes(lon, around), _turn_longitudes(corner_lon, around)
    margin = 1e-3
    inside = (turned >= box_lon.min() - margin) & (turned <= box_lon.max() + margin)
    inside &= (corner_lat >= lat.min() - margin) & (corner_lat <= lat.max() + margin)
    return border.vertex_chainage[inside], corner_lon[inside], corner_lat[inside]


def _select_copies(start: Floats, end: Floats, strays: Floats, beside: Bools) -> Floats:
    """Return the runs of pieces that are copies of the border: long for how far they stray."""
    start, end, strays = start[beside], end[beside], strays[beside]
    order = np.argsort(start, kind="stable")
    start, end, strays = start[order], end[order], strays[order]
    run = _label_overlapping(start, end)
    kept = []
    for pieces in np.split(np.arange(len(run)), np.flatnonzero(np.diff(run)) + 1) if len(run) else []:
        steady = strays[pieces] <= END_RATIO * np.median(strays[pieces]) + END_M
        inner = pieces[np.argmax(steady) : len(steady) - np.argmax(steady[::-1])]
        length = end[inner].max() - start[inner].min()
        if length >= max(JOINED_M, COPY_RATIO * strays[inner].max()):
            kept.append((start[inner].min(), end[inner].max()))
    return np.array(kept, dtype=np.float64).reshape(-1, 2).T


def _label_overlapping(start: Floats, end: Floats) -> Ints:
    """Return the number of each sorted stretch's group: those that overlap or nearly meet."""
    if not len(start):
        return np.zeros(0, dtype=np.int64)
    reached = np.maximum.accumulate(end)
    labels: Ints = np.cumsum(np.append(0, start[1:] > reached[:-1] + JOINED_M))
    return labels


def _merge_overlapping(start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Join stretches that overlap or nearly meet."""
    order = np.argsort(start, kind="stable")
    start, end = start[order], end[order]
    label = _label_overlapping(start, end)
    first = np.flatnonzero(np.diff(label, prepend=-1))
    return start[first], np.maximum.reduceat(end, first) if len(first) else end
