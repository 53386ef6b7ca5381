"""Land of a country out of what a caller brings, and how two of them stand to each other."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from .._constants import GEOD, WGS84_CRS
from ..errors import CRSError, GeometryError
from ._sharing import Plane

__all__ = ["as_land", "require_apart", "why_not_touching"]

#: About a kilometre, degrees.
SHORT_DEG: Final = 0.01


def as_land(polygon: BaseGeometry | gpd.GeoSeries | gpd.GeoDataFrame, *, which: str) -> BaseGeometry:
    """
    Take the land of one country, in longitude and latitude.

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
        If a GeoSeries or GeoDataFrame has no CRS, or coordinates are no degrees.
    GeometryError
        If it is empty, no polygon, or not valid.
    """
    if isinstance(polygon, gpd.GeoSeries | gpd.GeoDataFrame):
        if polygon.crs is None:
            raise CRSError(f"{which} has no CRS; if it is longitude and latitude, say so with set_crs(4326).")
        parts = polygon.geometry.to_crs(WGS84_CRS).dropna().to_numpy()
    elif isinstance(polygon, BaseGeometry):
        parts = np.array([polygon], dtype=object)
    else:
        raise GeometryError(
            f"{which} is a {type(polygon).__name__}; give a shapely Polygon or MultiPolygon, or a GeoSeries."
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
            f"The coordinates of {which} are no longitude and latitude; hand over a GeoSeries with its CRS, "
            "and check that longitude comes first."
        )
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def require_apart(a: BaseGeometry, b: BaseGeometry, plane: Plane, *, names: str, tolerance_m: float) -> None:
    """
    Refuse land that two countries both hold, but for slivers as thin as the tolerance.

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
    at = largest.representative_point()
    raise GeometryError(
        f"{names} overlap by {area:.6g} km2, the most near ({at.x:.5f}, {at.y:.5f}), so no line parts them; "
        "cut the overlap off one of them, or raise tolerance_m if it is a sliver."
    )


def why_not_touching(a: BaseGeometry, b: BaseGeometry, *, names: str, tolerance_m: float) -> str:
    """Say what two lands have in common where it is no line."""
    one, other = (np.array(point.coords[0]) for point in nearest_points(a.boundary, b.boundary))
    apart = GEOD.inv(*one, *other)[2]
    if apart <= max(tolerance_m, 1e-3):
        return f"{names} meet only in a point, at ({one[0]:.5f}, {one[1]:.5f}), so they share no boundary."
    return (
        f"{names} do not touch: they come nearest, {apart:,.6g} m apart, at ({one[0]:.5f}, {one[1]:.5f}). "
        "If both are drawn along the same border, raise tolerance_m above what lies between them."
    )
