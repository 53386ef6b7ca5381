"""Points that stand for areas and for stretches of line, each with the radius that holds 90 % of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]

#: Metres in a degree of latitude: good to 0.5 %, and radii are rounded to 100 m.
DEGREE_M = 111_000.0

#: Points laid across the box round an area, each way.
ACROSS = 40

#: Part of an area or a line that its radius holds.
HELD = 0.9


def away_m(lon: Floats, lat: Floats, lon0: float, lat0: float) -> Floats:
    """Metres between points no more than a few hundred kilometres apart."""
    east = (lon - lon0) * np.cos(np.radians(lat0))
    return np.asarray(DEGREE_M * np.hypot(east, lat - lat0))


def area_point(shape: shapely.Geometry, held: float = HELD) -> tuple[float, float, int]:
    """Longitude and latitude of the middle of an area (a point of it), and the radius that holds a part."""
    middle = shapely.centroid(shape)
    if not shapely.contains(shape, middle):
        middle = shapely.point_on_surface(shape)
    lon, lat = float(middle.x), float(middle.y)
    x, y = _spread(shape)
    return lon, lat, _rounded(away_m(x, y, lon, lat), held)


def nearest_reach(shape: shapely.Geometry, lon: Floats, lat: Floats) -> Floats:
    """Metres from each point to the farthest part of an area that lies nearer to it than to the others."""
    x, y = _spread(shape)
    away = np.stack([away_m(x, y, *point) for point in zip(lon, lat, strict=True)])
    nearest = away.argmin(axis=0)
    return np.array([away[row, nearest == row].max(initial=0.0) for row in range(len(lon))])


def _spread(shape: shapely.Geometry) -> tuple[Floats, Floats]:
    """Points laid evenly over an area."""
    west, south, east, north = shapely.bounds(shape)
    x, y = np.meshgrid(np.linspace(west, east, ACROSS), np.linspace(south, north, ACROSS))
    shapely.prepare(shape)
    inside = shapely.contains_xy(shape, x, y)
    return x[inside], y[inside]


def stretch_point(points: npt.NDArray[np.float64]) -> tuple[float, float, int]:
    """Middle of a stretch given by evenly spaced points of the line, and the radius, metres."""
    lon, lat = points[len(points) // 2].tolist()
    return lon, lat, _rounded(away_m(points[:, 0], points[:, 1], lon, lat))


def _rounded(distances: Floats, held: float = HELD) -> int:
    """Radius that holds a part of the distances, in full hundreds."""
    return 100 * int(np.ceil(np.quantile(distances, held) / 100)) if len(distances) else 1000
