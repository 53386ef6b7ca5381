"""The 102 provinces: units dissolved by province and clipped to their country."""

from __future__ import annotations

import pathlib

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

ALPHA3 = {"TH": "THA", "KH": "KHM"}


def provinces(
    units: gpd.GeoDataFrame, countries: dict[str, shapely.Polygon], names: pathlib.Path
) -> gpd.GeoDataFrame:
    """One feature per province, on the grid of 1e-7 degrees, sorted by code."""
    table = pd.read_csv(names)
    rows = []
    for row in table.itertuples():
        country = ALPHA3[row.country]
        members = units.geometry[units["province_iso"] == row.iso_3166_2].to_numpy()
        shape = shapely.intersection(shapely.union_all(members), countries[country])
        rows.append(
            {
                "admin1_iso": row.iso_3166_2,
                "country": country,
                "name": row.name_en,
                "name_local": row.name_local,
                "borders_other_country": bool(row.borders_other_country),
                "geometry": polygonal(shapely.set_precision(shape, 1e-7)),
            }
        )
    return gpd.GeoDataFrame(rows, crs=4326).sort_values("admin1_iso", ignore_index=True)


def polygonal(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Keep the polygons of a geometry, with coordinates rounded to the grid bit for bit."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]
    return shapely.transform(shapely.multipolygons(parts), lambda xy: np.rint(xy * 1e7) / 1e7)
