"""Decode time zone polygons from timezonefinder's own files (the layout of its versions 5 and 6)."""

from __future__ import annotations

import json
import pathlib

import numpy as np
import shapely

#: Coordinates are stored as integers of this many to the degree.
PER_DEGREE = 10_000_000

#: Zone and a point inside the part wanted: Asia/Bangkok also holds the north of Viet Nam.
COUNTRIES = {"THA": ("Asia/Bangkok", (100.5, 13.75)), "KHM": ("Asia/Phnom_Penh", (104.9, 12.0))}

Ring = np.ndarray[tuple[int, int], np.dtype[np.int64]]


def country_rings(package: pathlib.Path) -> dict[str, Ring]:
    """
    Outer ring of each country, its territorial sea included.

    One row per vertex (longitude, latitude as integers of 1e-7 degrees), not closed.
    """
    folder = package / "timezonefinder"
    names = json.loads((folder / "timezone_names.json").read_text(encoding="utf-8"))
    first = np.fromfile(folder / "poly_nr2zone_id.bin", "<u2")
    rings = {}
    for country, (zone, inside) in COUNTRIES.items():
        number = names.index(zone)
        parts = [_ring(folder, polygon) for polygon in range(first[number], first[number + 1])]
        (rings[country],) = (
            ring for ring in parts if shapely.Polygon(ring / PER_DEGREE).contains(shapely.Point(inside))
        )
    return rings


def _ring(folder: pathlib.Path, polygon: int) -> Ring:
    """Read one outer ring: all longitudes, then all latitudes, at a byte offset given in a table."""
    if str(polygon) in json.loads((folder / "hole_registry.json").read_text(encoding="utf-8")):
        raise ValueError(f"polygon {polygon} has holes, which this recipe does not expect")
    count = int(np.fromfile(folder / "poly_coord_amount.bin", "<u4")[polygon])
    offset = int(np.fromfile(folder / "poly_adr2data.bin", "<u4")[polygon])
    values = np.fromfile(folder / "poly_data.bin", "<i4", count=2 * count, offset=offset)
    return values.reshape(2, count).T.astype(np.int64)


def polygon(ring: Ring) -> shapely.Polygon:
    """Degrees from a ring of integers."""
    return shapely.Polygon(ring / PER_DEGREE)
