"""Other drawings of the border, and the patches of land where the drawings of OpenStreetMap disagree."""

from __future__ import annotations

import itertools
import json
import pathlib

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from line import COAST, TRIPOINT
from pyproj import Geod
from shapely.ops import substring
from world import countries
from zones import PER_DEGREE, Ring

#: Patches smaller than this are left out, in hectares.
SMALLEST_HA = 1.0

#: Features of a patch smaller than this are rounding, in hectares.
SPECK_HA = 0.05

#: Points beyond Cambodia, and at the ends of the border, that close its side of a line into an area.
FAR_CORNERS = [COAST, (102.9, 9.0), (108.0, 9.0), (108.0, 14.343), TRIPOINT]

#: Turns sharper than this are no border, in degrees between the two edges.
NEEDLE = 20

GEOD = Geod(ellps="WGS84")


def world_map_rings(package: pathlib.Path) -> dict[str, Ring]:
    """Mainland ring of each country in the world map of geo-maps, as `zones.country_rings` gives it."""
    rings = {}
    for country in ("THA", "KHM"):
        shells = [polygon[0] for polygon in countries(package)[country]]
        rings[country] = np.rint(max(shells, key=len)[:-1] * PER_DEGREE).astype(np.int64)
    return rings


def survey_edge(units: gpd.GeoDataFrame, line: shapely.LineString) -> shapely.LineString:
    """Outer edge of the raw Thai units, between its points nearest the ends of the line."""
    whole = shapely.union_all(units.geometry[units["country"] == "THA"].to_numpy())
    ring = max(shapely.get_parts(whole), key=lambda part: part.area).exterior
    start, end = (ring.project(shapely.Point(line.coords[index])) for index in (0, -1))
    turned = shapely.LineString(
        [*substring(ring, start, ring.length).coords, *substring(ring, 0, start).coords[1:]]
    )
    reach = (end - start) % ring.length
    ways = [substring(turned, 0, reach), substring(turned, turned.length, reach)]
    nearer = min(ways, key=lambda way: shapely.hausdorff_distance(way, line))
    return _without_notches(shapely.remove_repeated_points(_gridded(nearer)))


def _without_notches(line: shapely.LineString) -> shapely.LineString:
    """Drop needles: where two districts were simplified apart, the edge runs in between them and back."""
    xy = np.array(line.coords)
    scaled = xy * [np.cos(np.radians(xy[:, 1].mean())), 1]
    back, ahead = scaled[:-2] - scaled[1:-1], scaled[2:] - scaled[1:-1]
    cosine = (back * ahead).sum(axis=1) / np.hypot(*back.T) / np.hypot(*ahead.T)
    keep = np.r_[True, cosine < np.cos(np.radians(NEEDLE)), True]
    return shapely.LineString(xy[keep])


def world_atlas_edge(package: pathlib.Path) -> shapely.LineString:
    """Boundary that two countries share in the TopoJSON of world-atlas, from the east."""
    atlas = json.loads((package / "package" / "countries-10m.json").read_text(encoding="utf-8"))
    arcs = {}
    for country in atlas["objects"]["countries"]["geometries"]:
        if country["properties"]["name"] in {"Thailand", "Cambodia"}:
            rings = itertools.chain.from_iterable(country["arcs"])
            # A negative number is an arc run backwards, by its ones' complement.
            arcs[country["properties"]["name"]] = {
                arc if arc >= 0 else ~arc for ring in rings for arc in ring
            }
    (shared,) = arcs["Thailand"] & arcs["Cambodia"]
    steps = np.cumsum(atlas["arcs"][shared], axis=0)
    line = shapely.LineString(steps * atlas["transform"]["scale"] + atlas["transform"]["translate"])
    return _gridded(line if line.coords[0][0] > line.coords[-1][0] else line.reverse())


def _gridded(line: shapely.LineString) -> shapely.LineString:
    """Round to the grid."""
    return shapely.transform(line, lambda xy: np.rint(xy * PER_DEGREE) / PER_DEGREE)


def displacement(line: shapely.LineString, reference: shapely.LineString, plane: int) -> str:
    """Tell how far a reference lies from a line, sampled every 20 m along the reference."""
    mine, other = gpd.GeoSeries([line, reference], crs=4326).to_crs(plane)
    points = shapely.line_interpolate_point(other, np.arange(0, other.length, 20))
    median, most, largest = np.percentile(shapely.distance(points, mine), [50, 90, 100])
    return f"osm-2025 within {median:.0f} m (median), {most:.0f} m (90 %), {largest:.0f} m (all)"


def contested(lines: dict[str, shapely.LineString]) -> gpd.GeoDataFrame:
    """
    Find the land that some versions of the line put in one country and some in the other.

    A patch is land in one piece, the largest is number 1; it has one feature for each way in
    which the versions divide it, with the versions on each side.
    """
    sides = {key: shapely.Polygon([*lines[key].coords, *FAR_CORNERS]) for key in sorted(lines)}
    for side in sides.values():
        shapely.prepare(side)
    edges = shapely.union_all([side.exterior for side in sides.values()], grid_size=1 / PER_DEGREE)
    faces = shapely.get_parts(shapely.polygonize([edges]))
    inside = shapely.point_on_surface(faces)
    khmer = pd.DataFrame({key: shapely.contains(side, inside) for key, side in sides.items()})
    split = (khmer.any(axis=1) & ~khmer.all(axis=1)).to_numpy()
    whole = shapely.get_parts(shapely.coverage_union_all(faces[split]))
    whole = sorted((part for part in whole if _hectares(part) >= SMALLEST_HA), key=_hectares, reverse=True)
    face, patch = shapely.STRtree(whole).query(inside[split], predicate="within")
    number = np.flatnonzero(split)[face]
    table = gpd.GeoDataFrame(
        {
            "patch": patch + 1,
            "in_cambodia": [";".join(khmer.columns[khmer.iloc[row]]) for row in number],
            "in_thailand": [";".join(khmer.columns[~khmer.iloc[row]]) for row in number],
        },
        geometry=faces[number],
        crs=4326,
    ).dissolve(["patch", "in_cambodia", "in_thailand"], method="coverage", as_index=False)
    # One type of geometry, as the file will have it.
    table = table.set_geometry(
        [shapely.multipolygons(shapely.get_parts(shape)) for shape in table.geometry], crs=4326
    )
    table.insert(1, "area_ha", [round(_hectares(shape), 2) for shape in table.geometry])
    # What is left of rounding where all versions all but meet is no division of its own.
    table = table[table["area_ha"] >= SPECK_HA]
    table = table.sort_values(["patch", "area_ha"], ascending=[True, False], ignore_index=True)
    return table[["patch", "area_ha", "in_cambodia", "in_thailand", "geometry"]]


def _hectares(shape: shapely.Geometry) -> float:
    """Area on the ellipsoid."""
    return abs(GEOD.geometry_area_perimeter(shape)[0]) / 1e4
