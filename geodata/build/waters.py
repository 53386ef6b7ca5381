"""Larger lakes and broad rivers, generalised for drawing."""

from __future__ import annotations

import pathlib

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from conflate import polygonal
from world import countries
from zones import PER_DEGREE

#: Countries whose land is looked at, alpha-3: where two of them meet in a river, it is in neither.
LANDS = ("THA", "KHM", "LAO", "VNM", "MMR", "MYS")

#: What is kept, degrees: west, south, east, north.
WINDOW = (96.0, 5.5, 110.0, 21.0)

#: How far a shore may be drawn from its source, degrees: about 200 m.
COARSE = 0.002

#: Waters and islands smaller than these are left out, square degrees (about 2.4 square km).
SMALL = 2e-4
ISLAND = 2e-4

#: Waters this close to one another, degrees, are one chain.
LINK = 0.02

#: A lake fills this much of the square over its chain's length, or is this broad on average, degrees.
FILL = 0.06
BROAD = 0.02

#: Farther than this from the two countries a water is not drawn, degrees.
NEAR = 1.0

#: Names of the largest lakes, in English, Thai and Khmer where they have one, and a point in each.
NAMED = pd.DataFrame(
    [
        ("Tonle Sap", "โตนเลสาบ", "ទន្លេសាប", 104.05, 12.90),
        ("Songkhla Lake", "ทะเลสาบสงขลา", None, 100.25, 7.60),
        ("Vajiralongkorn Reservoir", "อ่างเก็บน้ำเขื่อนวชิราลงกรณ", None, 98.53, 14.93),
        ("Srinagarind Reservoir", "อ่างเก็บน้ำเขื่อนศรีนครินทร์", None, 99.06, 14.60),
        ("Ubol Ratana Reservoir", "อ่างเก็บน้ำเขื่อนอุบลรัตน์", None, 102.53, 16.74),
        ("Sirindhorn Reservoir", "อ่างเก็บน้ำเขื่อนสิรินธร", None, 105.38, 15.05),
        ("Nam Ngum Reservoir", None, None, 102.63, 18.59),
        ("Tri An Reservoir", None, None, 107.16, 11.17),
        ("Dau Tieng Reservoir", None, None, 106.30, 11.42),
    ],
    columns=["name", "name_th", "name_km", "lon", "lat"],
)

GRID = 1 / PER_DEGREE


def waters(package: pathlib.Path, units: np.ndarray) -> gpd.GeoDataFrame:
    """Lakes and rivers, the largest first; ``kind`` tells them apart by their shape."""
    ground = _ground(package)
    filled = shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(ground)])
    shapes = shapely.get_parts(shapely.difference(filled, ground))
    shapes = shapely.make_valid(shapely.simplify(shapes[shapely.area(shapes) > SMALL / 2], COARSE))
    shapes = shapely.set_precision(shapely.get_parts(polygonal(shapes)), GRID)
    shapes = np.array([_without_islets(shape) for shape in shapely.get_parts(shapes)], dtype=object)
    own = shapely.simplify(shapely.coverage_union_all(units), NEAR / 100)
    shapely.prepare(own)
    kept = (shapely.area(shapes) >= SMALL) & shapely.dwithin(own, shapes, NEAR)
    shapes = shapes[kept][np.argsort(-shapely.area(shapes[kept]), kind="stable")]
    kind = np.where(_is_lake(shapes), "lake", "river")
    return _named(gpd.GeoDataFrame({"kind": kind}, geometry=shapely.multipolygons(shapes[:, None]), crs=4326))


def _is_lake(shapes: np.ndarray) -> np.ndarray:
    """Tell lakes by their shape: the reaches of a river lie one behind the other, and fill little."""
    grown = shapely.union_all(shapely.buffer(shapes, LINK / 2, quad_segs=2))
    chains = shapely.get_parts(grown)
    chain = shapely.STRtree(chains).query(shapely.point_on_surface(shapes), predicate="within")[1]
    west, south, east, north = shapely.bounds(chains).T
    area = shapely.area(shapes)
    fill = np.bincount(chain, area) / ((east - west) ** 2 + (north - south) ** 2)
    return (fill[chain] > FILL) | (2 * area / shapely.length(shapes) > BROAD)


def _ground(package: pathlib.Path) -> shapely.Geometry:
    """Land in the window, inland waters left out."""
    window = shapely.box(*WINDOW)
    shapes = []
    for country in LANDS:
        polygons = countries(package)[country]
        parts = np.array([shapely.Polygon(rings[0], rings[1:]) for rings in polygons], dtype=object)
        parts = parts[shapely.intersects(shapely.envelope(parts), window)]
        shapes.extend(shapely.intersection(shapely.make_valid(parts), window))
    whole = shapely.union_all(shapes, grid_size=GRID)
    return polygonal(np.array([whole], dtype=object))[0]


def _without_islets(shape: shapely.Polygon) -> shapely.Polygon:
    """Close holes too small to be seen."""
    islands = [ring for ring in shape.interiors if shapely.Polygon(ring).area >= ISLAND]
    return shapely.Polygon(shape.exterior, islands)


def _named(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add the names on record; each must find its lake."""
    points = shapely.points(NAMED["lon"], NAMED["lat"])
    found, which = shapely.STRtree(table.geometry.to_numpy()).query(points, predicate="dwithin", distance=0.1)
    first = pd.Series(which, index=found).groupby(level=0).min()
    if len(first) != len(NAMED) or first.duplicated().any():
        raise ValueError("a named lake is not where it should be")
    names = NAMED.set_index(first.to_numpy()).reindex(table.index)[["name", "name_th", "name_km"]]
    names = names.astype(object).where(names.notna(), None)
    return gpd.GeoDataFrame(pd.concat([names, table], axis=1), crs=4326)
