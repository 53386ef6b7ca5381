"""Countries of the world map of geo-maps, read once: the file is large and slow to parse."""

from __future__ import annotations

import functools
import json
import pathlib

import numpy as np

#: The countries that the recipe looks at, alpha-3.
WANTED = frozenset({"CHN", "IDN", "KHM", "LAO", "MMR", "MYS", "THA", "VNM"})

Polygon = list[np.ndarray]


@functools.cache
def countries(package: pathlib.Path) -> dict[str, list[Polygon]]:
    """Polygons of each country, each a list of rings in longitude and latitude, the outer one first."""
    world = json.loads((package / "package" / "map.geo.json").read_text(encoding="utf-8"))
    return {
        feature["properties"]["A3"]: [
            [np.array(ring) for ring in polygon] for polygon in feature["geometry"]["coordinates"]
        ]
        for feature in world["features"]
        if feature["properties"].get("A3") in WANTED
    }
