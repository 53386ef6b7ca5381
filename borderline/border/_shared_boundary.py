"""The boundary that two countries share: its pieces, joined to one line or named."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from .._constants import GEOD, WGS84_CRS, Floats, Ints
from .._datums import to_wgs84
from ..errors import CRSError, GeometryError, describe_type
from ..options import validate_number
from ._boundary_traces import SAME_M, Piece, Plane, Trace, shared_pieces

__all__ = ["join_pieces", "shared_boundary"]

#: About a kilometre, degrees.
SHORT_DEG: Final = 0.01

#: More pieces than this are not put in order.
MOST: Final = 2_000


def shared_boundary(
    polygon_a: BaseGeometry | gpd.GeoSeries | gpd.GeoDataFrame,
    polygon_b: BaseGeometry | gpd.GeoSeries | gpd.GeoDataFrame,
    *,
    tolerance_m: float = 1.0,
) -> gpd.GeoDataFrame:
    """
    List the pieces of boundary that two countries share.

    `Border.between` makes one border of them where they join; this table shows what
    does not: gaps, loops round enclaves, detached pieces. `Border.from_line` takes any
    one of them that is not a loop.

    Parameters
    ----------
    polygon_a
        Land of a country: a shapely Polygon or MultiPolygon in longitude and latitude, or
        a GeoSeries or GeoDataFrame in any CRS that is set, whose parts are taken together.
    polygon_b
        Land of the other country.
    tolerance_m
        How far apart the same boundary may be drawn in the two, metres. The vertices
        are those of `polygon_a`. The default is above what rounding to five decimals of
        a degree does, and below what any border is known to. Where the two boundaries
        part, the end is known to about the tolerance.

    Returns
    -------
    pieces
        Index ``piece_id`` in the order of the line, loops last. ``kind`` (``line`` or
        ``loop``), ``length_m`` (geodesic), ``gap_m`` (geodesic metres from its end to
        the start of the next line; missing for the last and for loops), ``geometry``
        (EPSG:4326, running with `polygon_a` on the left).

    Raises
    ------
    CRSError
        If a GeoSeries or GeoDataFrame has no CRS, or coordinates are not degrees.
    GeometryError
        If a polygon is empty, no polygon or not valid; if the two overlap by more than
        slivers, do not touch, or meet only in points.
    OptionError
        If `tolerance_m` is negative.

    Examples
    --------
    >>> import borderline as bl, shapely
    >>> a = shapely.box(0, 0, 1, 1)
    >>> b = shapely.box(1, 0, 2, 1) - shapely.box(1, 0.4, 1.1, 0.6)
    >>> bl.lines.shared_boundary(a, b)[["kind", "length_m", "gap_m"]].round()
             kind  length_m    gap_m
    piece_id
    0        line   44230.0  22115.0
    1        line   44230.0      NaN
    """
    validate_number(tolerance_m, "tolerance_m", "a number of metres, 0 or more", least=0)
    names = "polygon_a and polygon_b"
    a, b = _read_land(polygon_a, which="polygon_a"), _read_land(polygon_b, which="polygon_b")
    plane = Plane(shapely.get_coordinates(a if _measure_extent(a) < _measure_extent(b) else b))
    _require_apart(a, b, plane, names=names, tolerance_m=tolerance_m)
    pieces = shared_pieces(Trace.rings(a, plane), Trace.rings(b, plane), tolerance_m)
    if not pieces:
        raise GeometryError(_describe_distance(a, b, names=names, tolerance_m=tolerance_m))
    return _tabulate_pieces(pieces)


def join_pieces(pieces: gpd.GeoDataFrame, *, max_gap_m: float) -> shapely.LineString:
    """
    Join the pieces of a shared boundary into one line.

    Parameters
    ----------
    pieces
        As `shared_boundary` lists them.
    max_gap_m
        Gaps up to this are closed by a straight edge, geodesic metres.

    Returns
    -------
    line
        EPSG:4326, in the direction of the pieces.

    Raises
    ------
    GeometryError
        If they do not join; gaps and loops are named with their places.
    """
    open_ends = pieces[pieces["kind"] == "line"]
    gaps = open_ends["gap_m"].to_numpy()[:-1]
    if len(open_ends) < len(pieces) or (gaps > max(max_gap_m, SAME_M)).any():
        raise GeometryError(_describe_obstacles(pieces))
    xy = shapely.get_coordinates(open_ends.geometry.to_numpy())
    xy[:, 0] = np.unwrap(xy[:, 0], period=360.0)
    ends = np.cumsum(shapely.get_num_coordinates(open_ends.geometry.to_numpy()))[:-1]
    line: shapely.LineString = shapely.linestrings(np.delete(xy, ends[gaps <= SAME_M], axis=0))
    return line


def _measure_extent(land: BaseGeometry) -> float:
    west, south, east, north = land.bounds
    return float(max(east - west, north - south))


def _tabulate_pieces(pieces: list[Piece]) -> gpd.GeoDataFrame:
    lines = [piece for piece in pieces if not piece.loop]
    if len(lines) > MOST:
        raise GeometryError(
            f"The shared boundary is in {len(lines)} pieces, so the two are drawn apart; raise tolerance_m."
        )
    order, gap = _order_pieces(lines)
    ordered = [lines[row] for row in order] + [piece for piece in pieces if piece.loop]
    return gpd.GeoDataFrame(
        {
            "kind": pd.array(["loop" if piece.loop else "line" for piece in ordered], dtype="string"),
            "length_m": [GEOD.line_length(*piece.lonlat.T) for piece in ordered],
            "gap_m": np.append(gap, np.full(len(ordered) - len(gap), np.nan)),
        },
        geometry=[shapely.linestrings(piece.lonlat) for piece in ordered],
        index=pd.RangeIndex(len(ordered), name="piece_id"),
        crs=WGS84_CRS,
    )


def _order_pieces(lines: list[Piece]) -> tuple[Ints, Floats]:
    """Order pieces by closing the narrowest gap first; return the order and the gaps."""
    n = len(lines)
    if not n:
        return np.empty(0, dtype=np.int64), np.empty(0)
    first, last = (np.array([piece.lonlat[end] for piece in lines]) for end in (0, -1))
    ends, starts = np.repeat(last, n, axis=0), np.tile(first, (n, 1))
    _, _, gap = GEOD.inv(ends[:, 0], ends[:, 1], starts[:, 0], starts[:, 1])
    following = np.full(n, -1)
    head = np.arange(n)  # the first piece of the row that each piece belongs to
    begun = np.zeros(n, dtype=np.bool_)
    for pair in np.argsort(gap, kind="stable"):
        here, there = divmod(int(pair), n)
        if following[here] < 0 and not begun[there] and head[here] != there:
            following[here], begun[there] = there, True
            head[head == there] = head[here]
    order = [int(np.flatnonzero(~begun)[0])]
    while following[order[-1]] >= 0:
        order.append(int(following[order[-1]]))
    row = np.array(order)
    return row, gap.reshape(n, n)[row[:-1], row[1:]]


def _describe_obstacles(pieces: gpd.GeoDataFrame) -> str:
    lines = pieces[pieces["kind"] == "line"]
    obstacles = []
    for row in lines[lines["gap_m"] > SAME_M].nlargest(5, "gap_m").itertuples():
        x, y = row.geometry.coords[-1]
        obstacles.append(f"a gap of {row.gap_m:,.1f} m at ({x:.5f}, {y:.5f})")
    for row in pieces[pieces["kind"] == "loop"].iloc[:5].itertuples():
        x, y = row.geometry.coords[0]
        obstacles.append(f"a loop of {row.length_m / 1000:,.1f} km through ({x:.5f}, {y:.5f})")
    short = lines[lines["length_m"] < 0.1 * lines["length_m"].sum()] if len(lines) > 1 else lines.iloc[:0]
    for row in short.iloc[:3].itertuples():
        x, y = row.geometry.coords[0]
        obstacles.append(f"a piece of only {row.length_m:,.0f} m from ({x:.5f}, {y:.5f})")
    return (
        f"The shared boundary does not join into one line; it is in {len(pieces)} pieces: "
        f"{'; '.join(obstacles)}. "
        "max_gap_m closes gaps, a larger tolerance_m takes as one what is drawn apart, and shared_boundary "
        "lists the pieces; Border.from_line takes any one that is not a loop."
    )


def _read_land(polygon: BaseGeometry | gpd.GeoSeries | gpd.GeoDataFrame, *, which: str) -> BaseGeometry:
    """
    Return the land of one country, in longitude and latitude.

    Parameters
    ----------
    polygon
        A Polygon or MultiPolygon, or a GeoSeries or GeoDataFrame of such.
    which
        What to call it in a message.

    Returns
    -------
    land
        Polygon or MultiPolygon, two-dimensional, EPSG:4326.

    Raises
    ------
    CRSError
        If a GeoSeries or GeoDataFrame has no CRS, or coordinates are not degrees.
    GeometryError
        If it is empty, no polygon, or not valid.
    """
    if isinstance(polygon, gpd.GeoSeries | gpd.GeoDataFrame):
        if polygon.crs is None:
            raise CRSError(f"{which} has no CRS; if it is longitude and latitude, say so with set_crs(4326).")
        moved, _ = to_wgs84(polygon.geometry, subject=which)
        parts = moved.dropna().to_numpy()
    elif isinstance(polygon, BaseGeometry):
        parts = np.array([polygon], dtype=object)
    else:
        raise GeometryError(
            f"{which} is a {describe_type(polygon)}; give a shapely Polygon or MultiPolygon, or a GeoSeries."
        )
    parts = shapely.force_2d(parts[~shapely.is_empty(parts)])
    if not len(parts):
        raise GeometryError(f"{which} is empty.")
    for part in parts:
        if part.geom_type not in {"Polygon", "MultiPolygon"}:
            raise GeometryError(
                f"{which} is land, so a Polygon or MultiPolygon, not a {part.geom_type}; "
                "Border.from_line makes a border of a line."
            )
        if not part.is_valid:
            raise GeometryError(
                f"{which} is not valid ({shapely.is_valid_reason(part)}); shapely.make_valid mends it."
            )
    xy = shapely.get_coordinates(parts)
    if not (np.abs(xy[:, 1]) <= 90).all() or not (np.abs(xy[:, 0]) <= 360).all():
        raise CRSError(
            f"The coordinates of {which} are not longitude and latitude; pass a GeoSeries with its CRS, "
            "and check that longitude comes first."
        )
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _require_apart(a: BaseGeometry, b: BaseGeometry, plane: Plane, *, names: str, tolerance_m: float) -> None:
    """
    Refuse polygons that overlap by more than slivers as thin as the tolerance.

    Raises
    ------
    GeometryError
        If there is any; its area and its place are named.
    """
    both = shapely.intersection(a, b)
    parts = [part for part in shapely.get_parts(both) if part.area > 0]
    if not parts:
        return
    # Edges are straight in longitude and latitude; short ones are straight in the plane too.
    flat = shapely.transform(shapely.segmentize(np.array(parts, dtype=object), SHORT_DEG), plane.project)
    thick = ~shapely.is_empty(shapely.buffer(flat, -max(tolerance_m, 1e-3) / 2))
    if not thick.any():
        return
    area = sum(abs(GEOD.geometry_area_perimeter(part)[0]) for part in parts) / 1e6
    largest = max((part for part, wide in zip(parts, thick, strict=True) if wide), key=lambda part: part.area)
    place = largest.representative_point()
    raise GeometryError(
        f"{names} overlap by {area:.6g} km2, the most near ({place.x:.5f}, {place.y:.5f}), "
        "so no line parts them; "
        "cut the overlap off one of them, or raise tolerance_m if it is a sliver."
    )


def _describe_distance(a: BaseGeometry, b: BaseGeometry, *, names: str, tolerance_m: float) -> str:
    """Return how far apart two polygons are that share no line, for a message."""
    here, there = (np.array(point.coords[0]) for point in nearest_points(a.boundary, b.boundary))
    apart = GEOD.inv(*here, *there)[2]
    if apart <= max(tolerance_m, 1e-3):
        return f"{names} meet only in a point, at ({here[0]:.5f}, {here[1]:.5f}), so they share no boundary."
    return (
        f"{names} do not touch: they come nearest, {apart:,.6g} m apart, at ({here[0]:.5f}, {here[1]:.5f}). "
        "If both are drawn along the same border, raise tolerance_m above what lies between them."
    )
