"""Events with an extent: the stretch of border abreast of them, what they share of it, and their foot."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from .._constants import WGS84_CRS, Floats, Ints
from .._datums import to_wgs84
from ..border import Border
from ..errors import GeometryError
from ..geodesy import Feet, find_feet
from ..schema import describe_rows
from ._shared_border import SPACING_M, OutlinePart, find_stretches

__all__ = ["Extents", "locate_extended"]

_COLLECTION = 7


@dataclass(frozen=True, eq=False)
class Extents:
    """Positions of events with an extent along a border; one value an event."""

    #: The foot of the nearest place of each.
    feet: Feet
    #: First and last chainage abreast of it, metres.
    from_m: Floats
    to_m: Floats
    #: Metres of border that it shares.
    shared_m: Floats
    #: Whether a part of it lies on contested land: 1 or 0, -1 where that is not known.
    contested: NDArray[np.int8]


def locate_extended(events: gpd.GeoDataFrame, rows: Ints, border: Border) -> Extents:
    """
    Refer events with an extent to a border.

    Parameters
    ----------
    events
        Geometries in a CRS that is set.
    rows
        Positions of those that are no points.
    border
        The reference line.

    Returns
    -------
    extents
        One value a row of `rows`.

    Raises
    ------
    GeometryError
        If one is a collection of different kinds, or not on the globe.
    """
    shapes = _project_shapes(events, rows)
    outlines = [_outline_parts(shape) for shape in shapes]
    parts = [part for outline in outlines for part in outline]
    lon, lat = (np.concatenate([part.samples[axis] for part in parts]) for axis in (0, 1))
    feet = border.foot(lon, lat)
    part_start = np.cumsum([0, *(len(part.samples[0]) for part in parts)])
    first_part = np.cumsum([0, *map(len, outlines)])
    start = part_start[first_part]
    owner = np.repeat(np.arange(len(shapes)), np.diff(start))
    from_m = np.minimum.reduceat(feet.chainage, start[:-1])
    to_m = np.maximum.reduceat(feet.chainage, start[:-1])
    nearest = np.lexsort((feet.chainage, feet.distance, owner))[start[:-1]]
    near_lon, near_lat, least = lon[nearest], lat[nearest], feet.distance[nearest]
    chainage, shared_m = np.full(len(rows), np.nan), np.zeros(len(rows))
    touches = np.zeros(len(rows), dtype=np.bool_)
    for row, (shape, outline) in enumerate(zip(shapes, outlines, strict=True)):
        bounds = part_start[first_part[row] : first_part[row + 1] + 1]
        outline_feet = [feet.take(np.arange(*ends)) for ends in pairwise(bounds)]
        met = find_stretches(shape, outline, outline_feet, border)
        touches[row] = met.touches
        if len(met.start_m):
            from_m[row], to_m[row] = min(from_m[row], met.start_m[0]), max(to_m[row], met.end_m[-1])
            stretches = met.select_long()
            shared_m[row] = (stretches.end_m - stretches.start_m).sum()
            counted = stretches if len(stretches.start_m) else met
            chainage[row] = (counted.start_m[0] + counted.end_m[0]) / 2
        if not met.touches:
            near_lon[row], near_lat[row] = _nearest_place(
                outline, border, (from_m[row], to_m[row]), (near_lon[row], near_lat[row]), least[row]
            )
    nearest_feet = border.foot(near_lon, near_lat, second=True)
    nearest_feet.distance[touches] = nearest_feet.offset[touches] = 0.0
    shares = np.flatnonzero(np.isfinite(chainage))
    nearest_feet.chainage[shares] = chainage[shares]
    nearest_feet.beyond_end[shares], nearest_feet.second[shares] = False, np.nan
    return Extents(nearest_feet, from_m, to_m, shared_m, _touch_contested(shapes, border))


def _project_shapes(events: gpd.GeoDataFrame, rows: Ints) -> NDArray[np.object_]:
    """Return the shapes in longitude and latitude, or refuse."""
    geometry = events.geometry.iloc[rows]
    mixed = shapely.get_type_id(geometry.to_numpy()) == _COLLECTION
    if mixed.any():
        raise GeometryError(
            f"locate takes points, lines and polygons, but {describe_rows(geometry.index, mixed)} "
            "a collection of different kinds; events.explode() takes collections apart."
        )
    if not geometry.crs.equals(WGS84_CRS, ignore_axis_order=True):
        geometry, _ = to_wgs84(geometry, subject="locate: the table")
    shapes: NDArray[np.object_] = shapely.force_2d(geometry.to_numpy())
    bounds = shapely.bounds(shapes)
    off = ~((np.abs(bounds[:, ::2]) <= 360).all(axis=1) & (np.abs(bounds[:, 1::2]) <= 90).all(axis=1))
    if off.any():
        raise GeometryError(
            f"locate takes longitude and latitude, but {describe_rows(geometry.index, off)} something else "
            "(latitude beyond 90 degrees); are the two swapped, or is the CRS wrong?"
        )
    return shapes


def _outline_parts(shape: shapely.Geometry) -> list[OutlinePart]:
    """Return the lines, rings and single points of an outline."""
    parts = shapely.get_parts(shape)
    parts = parts[~shapely.is_empty(parts)]
    areas = shapely.get_dimensions(parts) == 2
    lines = [*shapely.get_rings(parts[areas]), *parts[~areas]]
    return [OutlinePart(shapely.get_coordinates(line)) for line in lines]


def _nearest_place(
    outline: list[OutlinePart],
    border: Border,
    abreast: tuple[float, float],
    place: tuple[float, float],
    distance: float,
) -> tuple[float, float]:
    """
    Return the place of an outline nearest to the border, given the nearest sample and its distance.

    Where two lines do not meet, they are nearest at a vertex of one of them: those of
    the outline are samples, those of the border are held against the outline.
    """
    chainage = border.vertex_chainage
    inside = (chainage >= abreast[0] - SPACING_M) & (chainage <= abreast[1] + SPACING_M)
    lon, lat = shapely.get_coordinates(border.line)[inside].T
    for part in outline:
        if part.chain is None or not len(lon):
            continue
        feet = find_feet(part.pieces, lon, lat)
        nearest = int(feet.distance.argmin())
        if feet.distance[nearest] < distance:
            distance = float(feet.distance[nearest])
            place_lon, place_lat = part.chain.interpolate(feet.chainage[nearest : nearest + 1])
            place = float(place_lon[0]), float(place_lat[0])
    return place


def _touch_contested(shapes: NDArray[np.object_], border: Border) -> NDArray[np.int8]:
    """Return which shapes touch contested land: 1 or 0, or -1 where that is not known."""
    if border.contested is None:
        return np.full(len(shapes), -1, dtype=np.int8)
    shapely.prepare(border.contested)
    contested: NDArray[np.int8] = shapely.intersects(border.contested, shapes).astype(np.int8)
    return contested
