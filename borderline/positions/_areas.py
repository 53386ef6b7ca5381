"""The polygons of positions: units by their code, well-known text, and the cells of places."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from .. import catalog
from .._constants import Floats

__all__ = ["distance_to_area", "place_cell", "read_areas"]

#: Metres of a degree of latitude, near enough to judge whether a polygon holds its point.
DEGREE_M: Final = 111_320.0

#: The land of a place ends this far off even where no other place is near, metres.
CELL_M: Final = 30_000.0

#: Places nearer than this to a point are the point's own, metres.
SAME_M: Final = 500.0

#: So many of the nearest places bound a cell.
NEIGHBOURS: Final = 64

#: An invalid polygon is repaired where that changes its area by no more than this share.
HAIR: Final = 1e-3

#: Kinds of places that stand for much more than a settlement, and bound no cell.
_WIDE: Final = frozenset({"province"})


@lru_cache(maxsize=4096)
def read_areas(text: str) -> tuple[shapely.Geometry, ...]:
    """
    Return the polygons that a text may mean.

    Parameters
    ----------
    text
        Code of a province (``TH-33``) or of a district, or a polygon in well-known text,
        degrees, WGS 84.

    Returns
    -------
    polygons
        Empty where it means none; several where two countries use one code.
    """
    word = text.strip()
    units = _units_by_code().get(word.upper())
    if units is not None:
        return units
    try:
        area = shapely.from_wkt(word)
    except shapely.errors.GEOSException:
        return ()
    if area is None or area.geom_type not in {"Polygon", "MultiPolygon"} or not area.area > 0:
        return ()
    if area.is_valid:
        return (area,)
    # Decimals cut off by a writer make outlines cross themselves by a hair; where more of them
    # crosses, nobody knows which land is meant.
    repaired = shapely.make_valid(area, method="structure", keep_collapsed=False)
    kept = repaired.geom_type in {"Polygon", "MultiPolygon"}
    return (repaired,) if kept and abs(repaired.area - area.area) <= HAIR * area.area else ()


@lru_cache(maxsize=1)
def _units_by_code() -> dict[str, tuple[shapely.Geometry, ...]]:
    """Return the polygons of provinces and districts by code."""
    units: dict[str, tuple[shapely.Geometry, ...]] = {}
    for kind, column in (("province", "admin1_iso"), ("district", "admin2_code")):
        table = catalog.load_admin(kind)
        for code, polygon in zip(table[column], table.geometry, strict=True):
            units[str(code)] = (*units.get(str(code), ()), polygon)
    return units


def distance_to_area(area: shapely.Geometry, lon: float, lat: float) -> float:
    """Return how far a point lies outside a polygon, metres within 1 %; 0 inside."""
    squeeze = float(np.cos(np.radians(lat)))
    if shapely.intersects_xy(area, lon, lat):
        return 0.0
    scale = np.array([squeeze, 1.0])
    flat = shapely.transform(area, lambda xy: xy * scale)
    return float(shapely.distance(flat, shapely.Point(lon * squeeze, lat))) * DEGREE_M


@lru_cache(maxsize=1)
def _place_points() -> Floats:
    """Return the distinct points of the gazetteer's places, degrees."""
    places = catalog.read_table("places")
    settled = places[~places["kind"].isin(_WIDE)]
    points: Floats = settled[["longitude", "latitude"]].to_numpy(dtype=np.float64)
    return np.unique(points, axis=0)


@lru_cache(maxsize=8192)
def place_cell(lon: float, lat: float) -> shapely.Geometry:
    """
    Return the land nearer to a place than to any other place of the gazetteer.

    Parameters
    ----------
    lon, lat
        The place, degrees.

    Returns
    -------
    cell
        Within 30 km of the place. Places nearer than 500 m are taken as the same.
    """
    scale = np.array([DEGREE_M * np.cos(np.radians(lat)), DEGREE_M])
    apart: NDArray[np.float64] = (_place_points() - (lon, lat)) * scale
    distance = np.hypot(apart[:, 0], apart[:, 1])
    near = np.flatnonzero((distance > SAME_M) & (distance < 2 * CELL_M))
    near = near[np.argsort(distance[near], kind="stable")[:NEIGHBOURS]]
    reach = shapely.Point(0, 0).buffer(CELL_M, quad_segs=32)
    cell: shapely.Geometry = reach
    if len(near):
        cells = shapely.voronoi_polygons(shapely.MultiPoint([(0.0, 0.0), *apart[near]]), extend_to=reach)
        parts = shapely.get_parts(cells)
        own = parts[shapely.intersects(parts, shapely.Point(0, 0))][0]
        cell = shapely.intersection(own, reach)
    return shapely.transform(cell, lambda xy: xy / scale + (lon, lat))
