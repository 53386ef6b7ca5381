"""Events that are no points: the stretch of border abreast of them, and their nearest place."""

from __future__ import annotations

from dataclasses import dataclass, fields

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from .._constants import WGS84_CRS, Floats, Ints
from ..border import Border
from ..errors import GeometryError
from ..geodesy import Chain, Feet, Pieces, find_feet
from ..schema import describe_rows

__all__ = ["Extents", "locate_extended"]

#: Points are put along an event's outline no farther apart than this, metres.
SPACING_M = 100.0

#: Within this distance, metres, an event touches the border.
TOUCHES_M = 1e-3

#: Pieces of a shared stretch no farther apart than this, metres, are one.
JOINED_M = 1.0

_COLLECTION = 7


@dataclass(frozen=True, eq=False)
class Extents:
    """Where events of some extent stand to a border; one value an event."""

    #: The foot of the nearest place of each.
    feet: Feet
    #: First and last chainage abreast of it, metres.
    from_m: Floats
    to_m: Floats
    #: Whether a part of it lies on contested land: 1 or 0, -1 where that is not known.
    contested: NDArray[np.int8]


def locate_extended(events: gpd.GeoDataFrame, rows: Ints, border: Border) -> Extents:
    """
    Refer events of some extent to a border.

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
    shapes = _lonlat(events, rows)
    lon, lat, owner = _outline(shapes)
    feet = border.foot(lon, lat)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    from_m = np.minimum.reduceat(feet.chainage, starts)
    to_m = np.maximum.reduceat(feet.chainage, starts)
    nearest = np.lexsort((feet.chainage, feet.distance, owner))[starts]
    near_lon, near_lat = lon[nearest], lat[nearest]
    shared = np.full(len(rows), np.nan)
    steps = _steps(border)
    for at, shape in enumerate(shapes):
        met = _met(shape, steps, border)
        if len(met):
            from_m[at], to_m[at] = min(from_m[at], met.min()), max(to_m[at], met.max())
            shared[at] = _first_stretch(met)
        elif feet.distance[nearest[at]] > TOUCHES_M:
            near_lon[at], near_lat[at] = _nearest_place(
                shape, border, (from_m[at], to_m[at]), (near_lon[at], near_lat[at])
            )
    found = border.foot(near_lon, near_lat, second=True)
    touches = np.flatnonzero(np.isfinite(shared))
    for field in fields(Feet):
        getattr(found, field.name)[touches] = shared[touches] if field.name == "chainage" else 0
    found.second[touches] = np.nan
    return Extents(found, from_m, to_m, _contested(shapes, border))


def _lonlat(events: gpd.GeoDataFrame, rows: Ints) -> NDArray[np.object_]:
    """Take the shapes in longitude and latitude, or refuse."""
    geometry = events.geometry.iloc[rows]
    mixed = shapely.get_type_id(geometry.to_numpy()) == _COLLECTION
    if mixed.any():
        raise GeometryError(
            f"locate takes points, lines and polygons, but {describe_rows(geometry.index, mixed)} "
            "a collection of different kinds; events.explode() takes collections apart."
        )
    if not geometry.crs.equals(WGS84_CRS, ignore_axis_order=True):
        geometry = geometry.to_crs(WGS84_CRS)
    shapes: NDArray[np.object_] = shapely.force_2d(geometry.to_numpy())
    bounds = shapely.bounds(shapes)
    off = ~((np.abs(bounds[:, ::2]) <= 360).all(axis=1) & (np.abs(bounds[:, 1::2]) <= 90).all(axis=1))
    if off.any():
        raise GeometryError(
            f"locate takes longitude and latitude, but {describe_rows(geometry.index, off)} something else "
            "(latitude beyond 90 degrees); are the two swapped, or is the CRS wrong?"
        )
    return shapes


def _lines(shape: shapely.Geometry) -> list[Floats]:
    """Take the coordinates of the parts: lines, rings, or single points."""
    parts = shapely.get_parts(shape)
    rings = shapely.get_rings(parts[shapely.get_type_id(parts) == 3])
    others = parts[shapely.get_type_id(parts) != 3]
    return [shapely.get_coordinates(part) for part in [*rings, *others]]


def _outline(shapes: NDArray[np.object_]) -> tuple[Floats, Floats, Ints]:
    """Put points along the outline of each shape; its edges are geodesics."""
    lon, lat, owner = [], [], []
    for at, shape in enumerate(shapes):
        for xy in _lines(shape):
            x, y = xy.T
            if len(xy) > 1 and (xy[1:] != xy[:-1]).any():
                x, y, _ = Chain.from_lonlat(x, y).split(SPACING_M)
            lon.append(x)
            lat.append(y)
            owner.append(np.full(len(x), at))
    return np.concatenate(lon), np.concatenate(lat), np.concatenate(owner)


@dataclass(frozen=True, eq=False)
class _Steps:
    """The border in straight steps of longitude and latitude, for what it meets."""

    line: shapely.LineString
    tree: shapely.STRtree
    lon0: float


def _steps(border: Border) -> _Steps:
    xy = shapely.get_coordinates(border.line)
    lon, lat, _ = Chain.from_lonlat(xy[:, 0], xy[:, 1]).split(SPACING_M)
    lon0 = float(lon[0])
    points = np.stack([_near(lon, lon0), lat], axis=1)
    edges = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))
    return _Steps(shapely.linestrings(points), shapely.STRtree(edges), lon0)


def _near(lon: Floats, lon0: float) -> Floats:
    """Turn longitudes so that none is farther than half the globe from one."""
    turned: Floats = (lon - lon0 + 180.0) % 360.0 - 180.0 + lon0
    return turned


def _met(shape: shapely.Geometry, steps: _Steps, border: Border) -> Floats:
    """List chainages, in order, of the ends of what a shape shares with the border."""
    around = shapely.transform(shape, lambda xy: np.stack([_near(xy[:, 0], steps.lon0), xy[:, 1]], axis=1))
    dense = shapely.segmentize(around, SPACING_M / 111_000)
    edges = steps.tree.query(dense, predicate="intersects")
    if not len(edges):
        return np.zeros(0)
    common = shapely.intersection(dense, steps.tree.geometries[np.sort(edges)])
    xy = shapely.get_coordinates(common)
    return np.sort(border.foot(xy[:, 0], xy[:, 1]).chainage)


def _first_stretch(met: Floats) -> float:
    """Take the middle of the first stretch in what is shared."""
    gaps = np.flatnonzero(np.diff(met) > SPACING_M + JOINED_M)
    end = met[gaps[0]] if len(gaps) else met[-1]
    return float((met[0] + end) / 2)


def _nearest_place(
    shape: shapely.Geometry, border: Border, abreast: tuple[float, float], known: tuple[float, float]
) -> tuple[float, float]:
    """
    Find the place of a shape nearest to the border, given the nearest of the points put on it.

    Where two lines do not meet, they are nearest at a corner of one of them: those of
    the shape are known, those of the border are held against the shape.
    """
    chain = Chain.from_lonlat(*shapely.get_coordinates(border.line).T)
    inside = (chain.chainage >= abreast[0] - SPACING_M) & (chain.chainage <= abreast[1] + SPACING_M)
    corners = chain.lon[inside], chain.lat[inside]
    best, place = float(border.foot([known[0]], [known[1]]).distance[0]), known
    for xy in _lines(shape):
        if len(corners[0]) == 0 or len(xy) < 2 or not (xy[1:] != xy[:-1]).any():
            continue
        own = Chain.from_lonlat(*xy.T)
        feet = find_feet(Pieces.from_chain(own), *corners)
        at = int(feet.distance.argmin())
        if feet.distance[at] < best:
            best = float(feet.distance[at])
            lon, lat = own.interpolate(feet.chainage[at : at + 1])
            place = float(lon[0]), float(lat[0])
    return place


def _contested(shapes: NDArray[np.object_], border: Border) -> NDArray[np.int8]:
    if border.contested is None:
        return np.full(len(shapes), -1, dtype=np.int8)
    shapely.prepare(border.contested)
    contested: NDArray[np.int8] = shapely.intersects(border.contested, shapes).astype(np.int8)
    return contested
