"""Validation of a line: one open LineString, or a message that says what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ._constants import GEOD, Floats
from ._datums import to_wgs84
from .errors import CRSError, GeometryError, describe_type

__all__ = ["DrawnLine", "as_line", "read_line"]

#: Ends of pieces that are closer than this are one vertex, geodesic metres.
_SAME_M: Final = 0.001
#: Radius of a sphere round the Earth, metres; enough to find ends that may be one vertex.
_RADIUS_M: Final = 6_371_000.0
#: Most pieces named in a message.
_MAX_SHOWN: Final = 3


class DrawnLine(NamedTuple):
    """A line with what its vertices carry."""

    #: Two-dimensional, EPSG:4326.
    line: shapely.LineString
    #: Measure (M) of each vertex, NaN where it has none; None if no vertex has one.
    measure: Floats | None


def as_line(line: BaseGeometry | gpd.GeoSeries | gpd.GeoDataFrame) -> shapely.LineString:
    """Return the line that `read_line` reads, without its measures."""
    return read_line(line).line


def read_line(
    line: BaseGeometry | gpd.GeoSeries | gpd.GeoDataFrame, *, start: Sequence[float] | None = None
) -> DrawnLine:
    """
    Return one open, simple LineString in longitude and latitude.

    Pieces join where their ends are within 1 mm of each other; the meridians 180 and -180 are one. A piece
    that is given twice counts once, and points beside a line in a collection are dropped.

    Parameters
    ----------
    line
        A LineString or a MultiLineString that joins into one, in longitude and
        latitude; or a GeoSeries or GeoDataFrame of such, in any CRS that is set.
    start
        Longitude and latitude near the end at which the line is to begin. Without it the line runs as
        its pieces do.

    Returns
    -------
    drawn
        The line, two-dimensional, EPSG:4326, and its measures (M).

    Raises
    ------
    CRSError
        If a GeoSeries or GeoDataFrame has no CRS, or one that cannot be brought to longitude and latitude.
    GeometryError
        If it is empty, no line, in pieces, a loop, or crosses itself; or if pieces run against each
        other and `start` does not say which end is the first.
    """
    pieces = _drop_repeats(_list_pieces(line))
    if not pieces:
        raise GeometryError("The line is empty.")
    xym = pieces[0] if len(pieces) == 1 else _join_pieces(pieces, has_start=start is not None)
    if start is not None and _ends_nearer(xym, start):
        xym = xym[::-1]
    whole: shapely.LineString = shapely.linestrings(xym[:, :2])
    if whole.is_ring:
        raise GeometryError(
            "The line is a loop, so it has no ends to count from; cut it where chainage starts."
        )
    # Across the antimeridian neighbours have longitudes of either sign.
    unwrapped = shapely.linestrings(np.column_stack([np.unwrap(xym[:, 0], period=360.0), xym[:, 1]]))
    if not (whole.is_simple or unwrapped.is_simple):
        raise GeometryError(
            "The line crosses or touches itself, so chainage there has two answers; "
            f"mend it near {_where_not_simple(whole)}."
        )
    return DrawnLine(whole, xym[:, 2] if np.isfinite(xym[:, 2]).any() else None)


def _list_pieces(line: BaseGeometry | gpd.GeoSeries | gpd.GeoDataFrame) -> list[Floats]:
    """Return longitude, latitude and measure of the vertices of each LineString."""
    if isinstance(line, gpd.GeoSeries | gpd.GeoDataFrame):
        series = line.geometry.dropna()
        if series.crs is None:
            raise CRSError(
                "The line has no CRS; if it is in longitude and latitude, say so with set_crs(4326)."
            )
        kind = "a line, not a" if len(series) == 1 else "made of lines, not of a"
        parts = [part for geometry in series for part in _split_geometry(geometry, kind=kind)]
        measures = [shapely.get_coordinates(part, include_m=True)[:, 2] for part in parts]
        placed = _transform_parts(gpd.GeoSeries(parts, crs=series.crs))
    elif isinstance(line, BaseGeometry) or line is None:
        parts = [] if line is None else _split_geometry(line, kind="a line, not a")
        measures = [shapely.get_coordinates(part, include_m=True)[:, 2] for part in parts]
        placed = parts
    else:
        raise GeometryError(
            f"A border is made from a shapely LineString or a GeoSeries, not from {describe_type(line)}."
        )
    return [
        np.column_stack([shapely.get_coordinates(part), measure])
        for part, measure in zip(placed, measures, strict=True)
    ]


def _transform_parts(parts: gpd.GeoSeries) -> list[BaseGeometry]:
    moved, _ = to_wgs84(parts, subject="The line")
    return list(moved)


def _split_geometry(geometry: BaseGeometry, *, kind: str) -> list[BaseGeometry]:
    """Return the LineStrings of a geometry that are not empty; points beside lines are dropped."""
    if geometry.is_empty:
        return []
    members = [geometry]
    while any(hasattr(member, "geoms") for member in members):
        members = [part for member in members for part in getattr(member, "geoms", [member])]
    is_mixed = geometry.geom_type == "GeometryCollection"
    lines = [member for member in members if member.geom_type == "LineString"]
    others = [
        member
        for member in members
        if member.geom_type != "LineString" and not (is_mixed and lines and member.geom_type == "Point")
    ]
    if others:
        remedy = " Use its boundary or the part of it that is the border."
        name = geometry.geom_type if len(others) == len(members) and not is_mixed else others[0].geom_type
        raise GeometryError(f"A border is {kind} {name}.{remedy if 'Polygon' in name else ''}")
    return [member for member in lines if not member.is_empty]


def _drop_repeats(pieces: list[Floats]) -> list[Floats]:
    """Leave out pieces that another one repeats, in either direction."""
    seen: set[bytes] = set()
    kept = []
    for xym in pieces:
        forward, backward = (np.round(xy, 9).tobytes() for xy in (xym[:, :2], xym[::-1, :2]))
        if forward not in seen and backward not in seen:
            kept.append(xym)
        seen.add(forward)
    return kept


def _join_pieces(pieces: list[Floats], *, has_start: bool) -> Floats:
    """Join pieces end to end; most of their length keeps its direction."""
    nodes = _number_ends(pieces)
    at_node: dict[int, list[int]] = {}
    for piece, ends in enumerate(nodes):
        for node in ends:
            at_node.setdefault(node, []).append(piece)
    loose = [node for node, touching in at_node.items() if len(touching) == 1]
    if not loose and all(len(touching) == 2 for touching in at_node.values()):
        raise GeometryError(
            "The line is a loop, so it has no ends to count from; cut it where chainage starts."
        )
    if len(loose) != 2 or any(len(touching) > 2 for touching in at_node.values()):
        raise GeometryError(_describe_pieces(pieces))
    order = _walk_pieces(nodes, at_node, loose[0])
    if len(order) < len(pieces):
        raise GeometryError(_describe_pieces(pieces))
    forward = sum(GEOD.line_length(*pieces[piece][:, :2].T) for piece, turned in order if not turned)
    whole = sum(GEOD.line_length(*pieces[piece][:, :2].T) for piece, _ in order)
    if forward * 2 < whole:
        order = [(piece, not turned) for piece, turned in reversed(order)]
    against = sorted(piece + 1 for piece, turned in order if turned)
    if against and not has_start:
        listed = ", ".join(map(str, against[:_MAX_SHOWN]))
        more = f" and {len(against) - _MAX_SHOWN} more" if len(against) > _MAX_SHOWN else ""
        raise GeometryError(
            f"Of the {len(pieces)} pieces of the line some run against the others (numbers {listed}{more}), "
            "so it is open which bank is left; reverse them, or say with start=(longitude, latitude) at "
            "which end chainage begins."
        )
    runs = [pieces[piece][::-1] if turned else pieces[piece] for piece, turned in order]
    return np.concatenate([run if not number else run[1:] for number, run in enumerate(runs)])


def _number_ends(pieces: list[Floats]) -> list[tuple[int, int]]:
    """Return the numbers of both ends of each piece; ends within 1 mm of each other have one number."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - few lines come in pieces

    ends = np.array([xym[end, :2] for xym in pieces for end in (0, -1)])
    lon, lat = np.radians(ends).T
    xyz = _RADIUS_M * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    numbers = np.arange(len(ends))
    for first, second in sorted(cKDTree(xyz).query_pairs(2 * _SAME_M)):
        if GEOD.inv(*ends[first], *ends[second])[2] <= _SAME_M:
            numbers[numbers == numbers[second]] = numbers[first]
    return [(int(numbers[2 * piece]), int(numbers[2 * piece + 1])) for piece in range(len(pieces))]


def _walk_pieces(
    nodes: list[tuple[int, int]], at_node: dict[int, list[int]], node: int
) -> list[tuple[int, bool]]:
    """Return the pieces from one end to the other, and whether each is walked backwards."""
    order: list[tuple[int, bool]] = []
    walked: set[int] = set()
    while True:
        piece = next((piece for piece in at_node[node] if piece not in walked), None)
        if piece is None:
            return order
        turned = nodes[piece][0] != node
        order.append((piece, turned))
        walked.add(piece)
        node = nodes[piece][0] if turned else nodes[piece][1]


def _ends_nearer(xym: Floats, start: Sequence[float]) -> bool:
    """Return whether the last vertex is nearer to a place than the first."""
    lon, lat = start
    first, last = (GEOD.inv(lon, lat, xym[end, 0], xym[end, 1])[2] for end in (0, -1))
    return bool(last < first)


def _describe_pieces(pieces: list[Floats]) -> str:
    """Return which pieces there are, and how far apart the nearest of their ends that do not join lie."""
    ends = [
        " to ".join(f"({x:.5f}, {y:.5f})" for x, y in (xym[0, :2], xym[-1, :2]))
        for xym in pieces[:_MAX_SHOWN]
    ]
    more = f" and {len(pieces) - _MAX_SHOWN} more" if len(pieces) > _MAX_SHOWN else ""
    gap = _measure_gap(pieces[: 4 * _MAX_SHOWN])
    width = (
        f" The narrowest gap is {_format_gap(gap)} wide."
        if gap is not None
        else " Some ends meet three others."
    )
    return (
        f"The line is in {len(pieces)} pieces that do not join: {'; '.join(ends)}{more}.{width} "
        "Close the gaps, or make a border of each piece."
    )


def _measure_gap(pieces: list[Floats]) -> float | None:
    ends = [(piece, xym[end, :2]) for piece, xym in enumerate(pieces) for end in (0, -1)]
    gaps = [
        float(GEOD.inv(*place, *other)[2])
        for number, (piece, place) in enumerate(ends)
        for other_piece, other in ends[number + 1 :]
        if piece != other_piece
    ]
    return min((gap for gap in gaps if gap > _SAME_M), default=None)


def _format_gap(gap: float) -> str:
    return f"{gap * 1000:.1f} mm" if gap < 1 else f"{gap:,.1f} m"


def _where_not_simple(line: shapely.LineString) -> str:
    """Return the place where a line meets itself most often, in words."""
    noded = shapely.node(line)
    ends: dict[tuple[float, ...], int] = {}
    for part in shapely.get_parts(noded):
        for end in (part.coords[0], part.coords[-1]):
            ends[end] = ends.get(end, 0) + 1
    crossing = max(ends, key=lambda end: ends[end])
    return f"({crossing[0]:.5f}, {crossing[1]:.5f})"
