"""Outlines of the countries round Cambodia and Thailand: generalised, and clear of the two."""

from __future__ import annotations

import json
import pathlib

import geopandas as gpd
import numpy as np
import shapely
from conflate import partition, polygonal
from world import countries
from zones import PER_DEGREE

#: The countries whose land lies in the window, alpha-3, with their names.
NAMES = {
    "CHN": "China",
    "IDN": "Indonesia",
    "LAO": "Laos",
    "MMR": "Myanmar",
    "MYS": "Malaysia",
    "VNM": "Viet Nam",
}

#: What is kept, degrees: west, south, east, north.
WINDOW = (93.0, 4.0, 110.0, 23.4)

#: Land beyond is drawn this far, coarsely and without borders, so that no map shows where the window ends.
BEYOND = (65.0, -15.0, 142.0, 42.0)
BEYOND_COARSE = 0.05
BEYOND_SMALL = 0.03

#: How far outlines may be drawn from their source, degrees: about a kilometre.
COARSE = 0.01

#: Tolerance of a first thinning, which only spares time.
FINE = 0.002

#: Spacing of the points that draw midlines across rivers, degrees.
SPACING = 0.01

#: How far a neighbour is grown into the two countries before they are cut out, degrees.
#: Thinning then moves no edge that the two share with it.
GROWN = 0.03

#: Islands and shreds smaller than this are left out, square degrees (about 2 square km).
SMALL = 1.7e-4

GRID = 1 / PER_DEGREE


def neighbours(package: pathlib.Path, atlas: pathlib.Path, units: np.ndarray) -> gpd.GeoDataFrame:
    """Outlines of the neighbours outside the units of the two countries, and land beyond their window."""
    own = shapely.coverage_union_all(units)
    raw = _raw(package)
    ground = _ground(raw, own)
    grown = shapely.difference(ground, shapely.buffer(_filled(own), -GROWN, quad_segs=1))
    whole = partition(raw, grown, spacing=SPACING)
    whole = shapely.set_precision(whole, GRID)
    # As one coverage, so that two neighbours are thinned along the same vertices.
    thin = shapely.make_valid(shapely.coverage_simplify(_large(polygonal(whole)), COARSE))
    outside = shapely.difference(polygonal(thin), own, grid_size=GRID)
    shapes = [*_large(polygonal(outside)), _beyond(atlas)]
    return gpd.GeoDataFrame(
        {"country": [*NAMES, None], "name": [*NAMES.values(), "Land beyond"]}, geometry=shapes, crs=4326
    )


def _beyond(atlas: pathlib.Path) -> shapely.MultiPolygon:
    """Land of a world map outside the window, of whatever country."""
    world = json.loads((atlas / "package" / "land-50m.json").read_text(encoding="utf-8"))
    scale, shift = world["transform"]["scale"], world["transform"]["translate"]
    arcs = [np.cumsum(arc, axis=0) * scale + shift for arc in world["arcs"]]
    (land,) = world["objects"]["land"]["geometries"]
    shells = [polygon[0] for polygon in land["arcs"]]
    # A negative number is an arc run backwards, by its ones' complement.
    rings = [np.vstack([arcs[n] if n >= 0 else arcs[~n][::-1] for n in shell]) for shell in shells]
    kept = shapely.intersection(
        shapely.make_valid(shapely.polygons([shapely.linearrings(ring) for ring in rings])),
        shapely.box(*BEYOND),
    )
    thin = shapely.make_valid(shapely.simplify(shapely.union_all(kept), BEYOND_COARSE))
    outside = shapely.difference(thin, shapely.box(*WINDOW), grid_size=GRID)
    parts = shapely.get_parts(polygonal(np.array([outside], dtype=object))[0])
    return shapely.multipolygons(parts[shapely.area(parts) >= BEYOND_SMALL])


def _raw(package: pathlib.Path) -> np.ndarray:
    """Land of each neighbour in the window, without inland water."""
    found = countries(package)
    window = shapely.box(*WINDOW)
    shapes = []
    for country in NAMES:
        parts = shapely.polygons([shapely.linearrings(polygon[0]) for polygon in found[country]])
        parts = shapely.make_valid(parts[shapely.intersects(shapely.envelope(parts), window)])
        parts = shapely.simplify(parts[shapely.area(parts) > SMALL / 10], FINE)
        shapes.append(shapely.intersection(shapely.union_all(parts, grid_size=GRID), window))
    return polygonal(np.array(shapes, dtype=object))


def _ground(raw: np.ndarray, own: shapely.Geometry) -> shapely.Geometry:
    """All land in the window: lakes and rivers that touch no sea count as land."""
    return _filled(shapely.union_all([*raw, own], grid_size=GRID))


def _filled(shape: shapely.Geometry) -> shapely.Geometry:
    """Close the holes of every part."""
    return shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(shape)])


def _large(shapes: np.ndarray) -> np.ndarray:
    """Drop the small parts of each geometry."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    keep = shapely.area(parts) >= SMALL
    whole = [shapely.multipolygons(parts[keep & (owner == k)]) for k in range(len(shapes))]
    return np.array(whole, dtype=object)
