"""Validation of a line: one open LineString, or a message that says what is wrong with it."""

from __future__ import annotations

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from ._constants import WGS84_CRS
from .errors import CRSError, GeometryError

__all__ = ["as_line"]


def as_line(line: BaseGeometry | gpd.GeoSeries | gpd.GeoDataFrame) -> shapely.LineString:
    """
    Return one open, simple LineString in longitude and latitude.

    Parameters
    ----------
    line
        A LineString or a MultiLineString that merges into one, in longitude and
        latitude; or a GeoSeries or GeoDataFrame of such, in any CRS that is set.

    Returns
    -------
    line
        Two-dimensional, EPSG:4326, in the direction given.

    Raises
    ------
    CRSError
        If a GeoSeries or GeoDataFrame has no CRS.
    GeometryError
        If it is empty, no line, in pieces, a loop, or crosses itself.
    """
    geometry = _read_geometry(line)
    if geometry is None or geometry.is_empty:
        raise GeometryError("The line is empty.")
    if geometry.geom_type not in {"LineString", "MultiLineString"}:
        remedy = (
            " Use its boundary or the part of it that is the border."
            if "Polygon" in geometry.geom_type
            else ""
        )
        raise GeometryError(f"A border is a line, not a {geometry.geom_type}.{remedy}")
    whole = shapely.force_2d(geometry)
    if whole.geom_type == "MultiLineString":
        whole = shapely.line_merge(whole, directed=True)
        if whole.geom_type != "LineString":
            whole = shapely.line_merge(whole)
        if whole.geom_type != "LineString":
            raise GeometryError(_describe_pieces(whole))
    if whole.is_ring:
        raise GeometryError(
            "The line is a loop, so it has no ends to count from; cut it where chainage starts."
        )
    if not whole.is_simple:
        raise GeometryError(
            "The line crosses or touches itself, so chainage there has two answers; "
            f"mend it near {_where_not_simple(whole)}."
        )
    return whole


def _read_geometry(line: BaseGeometry | gpd.GeoSeries | gpd.GeoDataFrame) -> BaseGeometry | None:
    if isinstance(line, gpd.GeoSeries | gpd.GeoDataFrame):
        if line.crs is None:
            raise CRSError(
                "The line has no CRS; if it is in longitude and latitude, say so with set_crs(4326)."
            )
        parts = shapely.get_parts(line.geometry.to_crs(WGS84_CRS).dropna().to_numpy())
        return parts[0] if len(parts) == 1 else shapely.multilinestrings(_require_lines(parts))
    if isinstance(line, BaseGeometry) or line is None:
        return line
    raise GeometryError(
        f"A border is made from a shapely LineString or a GeoSeries, not from {type(line).__name__}."
    )


def _require_lines(parts: list[BaseGeometry]) -> list[BaseGeometry]:
    for part in parts:
        if part.geom_type != "LineString":
            raise GeometryError(f"A border is made of lines, not of a {part.geom_type}.")
    return parts


def _describe_pieces(lines: shapely.MultiLineString) -> str:
    ends = [
        " to ".join(f"({x:.5f}, {y:.5f})" for x, y in (part.coords[0], part.coords[-1]))
        for part in lines.geoms
    ]
    more = f" and {len(ends) - 3} more" if len(ends) > 3 else ""
    return (
        f"The line is in {len(ends)} pieces that do not join: {'; '.join(ends[:3])}{more}. "
        "Close the gaps, or make a border of each piece."
    )


def _where_not_simple(line: shapely.LineString) -> str:
    """Return the place where a line meets itself most often, in words."""
    noded = shapely.node(line)
    ends: dict[tuple[float, ...], int] = {}
    for part in shapely.get_parts(noded):
        for end in (part.coords[0], part.coords[-1]):
            ends[end] = ends.get(end, 0) + 1
    crossing = max(ends, key=lambda end: ends[end])
    return f"({crossing[0]:.5f}, {crossing[1]:.5f})"
