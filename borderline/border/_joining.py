"""Pieces of a shared boundary joined to one line, or named."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from .._constants import GEOD, WGS84_CRS, Floats, Ints
from ..errors import GeometryError, MeasureError
from ..options import validate_number
from ._land import as_land, require_apart, why_not_touching
from ._sharing import SAME_M, Piece, Plane, Trace, shared_pieces

__all__ = ["shared_boundary", "shared_line"]

#: More pieces than this are not put in order.
MOST = 2_000


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
    one of them that is no loop.

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
        If a GeoSeries or GeoDataFrame has no CRS, or coordinates are no degrees.
    GeometryError
        If a polygon is empty, no polygon or not valid; if the two overlap by more than
        slivers, do not touch, or meet only in points.
    MeasureError
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
    validate_number(tolerance_m, "tolerance_m", "a number of metres")
    if not (np.isfinite(tolerance_m) and tolerance_m >= 0):
        raise MeasureError(f"tolerance_m must not be negative, but is {tolerance_m}.")
    names = "polygon_a and polygon_b"
    a, b = as_land(polygon_a, which="polygon_a"), as_land(polygon_b, which="polygon_b")
    plane = Plane(shapely.get_coordinates(a if _extent(a) < _extent(b) else b))
    require_apart(a, b, plane, names=names, tolerance_m=tolerance_m)
    pieces = shared_pieces(Trace.rings(a, plane), Trace.rings(b, plane), tolerance_m)
    if not pieces:
        raise GeometryError(why_not_touching(a, b, names=names, tolerance_m=tolerance_m))
    return _table(pieces)


def shared_line(pieces: gpd.GeoDataFrame, *, max_gap_m: float) -> shapely.LineString:
    """
    Join the pieces of a shared boundary.

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
        raise GeometryError(_what_does_not_join(pieces))
    xy = np.concatenate([shapely.get_coordinates(each) for each in open_ends.geometry])
    xy[:, 0] = np.unwrap(xy[:, 0], period=360.0)
    ends = np.cumsum(shapely.get_num_coordinates(open_ends.geometry.to_numpy()))[:-1]
    line: shapely.LineString = shapely.linestrings(np.delete(xy, ends[gaps <= SAME_M], axis=0))
    return line


def _extent(land: BaseGeometry) -> float:
    west, south, east, north = land.bounds
    return float(max(east - west, north - south))


def _table(pieces: list[Piece]) -> gpd.GeoDataFrame:
    lines = [piece for piece in pieces if not piece.loop]
    if len(lines) > MOST:
        raise GeometryError(
            f"The shared boundary is in {len(lines)} pieces, so the two are drawn apart; raise tolerance_m."
        )
    order, gap = _in_order(lines)
    ordered = [lines[at] for at in order] + [piece for piece in pieces if piece.loop]
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


def _in_order(lines: list[Piece]) -> tuple[Ints, Floats]:
    """Put pieces in a row by closing the narrowest gap first."""
    n = len(lines)
    if not n:
        return np.empty(0, dtype=np.int64), np.empty(0)
    first, last = (np.array([piece.lonlat[end] for piece in lines]) for end in (0, -1))
    one, other = np.repeat(last, n, axis=0), np.tile(first, (n, 1))
    _, _, gap = GEOD.inv(one[:, 0], one[:, 1], other[:, 0], other[:, 1])
    following = np.full(n, -1)
    head = np.arange(n)  # the first piece of the row that each piece belongs to
    begun = np.zeros(n, dtype=np.bool_)
    for each in np.argsort(gap, kind="stable"):
        here, there = divmod(int(each), n)
        if following[here] < 0 and not begun[there] and head[here] != there:
            following[here], begun[there] = there, True
            head[head == there] = head[here]
    order = [int(np.flatnonzero(~begun)[0])]
    while following[order[-1]] >= 0:
        order.append(int(following[order[-1]]))
    row = np.array(order)
    return row, gap.reshape(n, n)[row[:-1], row[1:]]


def _what_does_not_join(pieces: gpd.GeoDataFrame) -> str:
    lines = pieces[pieces["kind"] == "line"]
    told = []
    for row in lines[lines["gap_m"] > SAME_M].nlargest(5, "gap_m").itertuples():
        x, y = row.geometry.coords[-1]
        told.append(f"a gap of {row.gap_m:,.1f} m at ({x:.5f}, {y:.5f})")
    for row in pieces[pieces["kind"] == "loop"].iloc[:5].itertuples():
        x, y = row.geometry.coords[0]
        told.append(f"a loop of {row.length_m / 1000:,.1f} km through ({x:.5f}, {y:.5f})")
    short = lines[lines["length_m"] < 0.1 * lines["length_m"].sum()] if len(lines) > 1 else lines.iloc[:0]
    for row in short.iloc[:3].itertuples():
        x, y = row.geometry.coords[0]
        told.append(f"a piece of only {row.length_m:,.0f} m from ({x:.5f}, {y:.5f})")
    return (
        f"The shared boundary does not join into one line; it is in {len(pieces)} pieces: {'; '.join(told)}. "
        "max_gap_m closes gaps, a larger tolerance_m takes as one what is drawn apart, and shared_boundary "
        "lists the pieces; Border.from_line takes any one that is no loop."
    )
