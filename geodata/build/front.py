"""
Positions of places that are known only by other places.

A row of `places_front.csv` has a point of its own (`latitude`, `longitude`), or lies so far from another
place (`relative_to`, `bearing`, `distance_km`), or somewhere in a unit or along its border (`within`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import shapely
from pyproj import Geod

GEOD = Geod(ellps="WGS84")

#: Share of a reported distance by which it may be wrong, with the direction it is given with.
ROUGH = 0.4

#: Share of a reported distance without a direction that is added to it.
ROUND = 0.25

#: A place named with another one, without a distance, lies within this.
BESIDE_M = 5_000

Row = dict[str, Any]
#: Longitude, latitude, radius in metres.
Extent = tuple[float, float, int]


@dataclass(frozen=True)
class Gazetteer:
    """What positions are taken from."""

    #: Rows of the layer made so far.
    known: list[Row]
    #: Points of places as reports have them, by name: a district's is its town.
    seats: dict[str, Extent]
    line: shapely.LineString

    def unit(self, kind: str, name: str, iso: str) -> Row:
        """Find a unit by its kind, its name (with its district after an @) and its province."""
        name, _, district = name.partition("@")
        found = [
            row
            for row in self.known
            if row["kind"] == kind and row["name"] == name and row["admin1_iso"] == iso
            and (not district or row["admin2"] == district) and (kind != "border" or row["admin2"])
        ]  # fmt: skip
        if len(found) != 1:
            raise ValueError(f"{len(found)} rows are the {kind} {name} of {iso}.")
        return found[0]


def front_rows(rows: list[Row], gazetteer: Gazetteer) -> list[Row]:
    """Add to each row its ``extent``, its ``admin2`` and, where it has no point, what the point is."""
    points = dict(gazetteer.seats)
    placed = []
    for row in rows:
        extent, admin2, origin = _position(row, gazetteer, points)
        points[row["name"]] = extent
        source = f"{origin}{row['source']}"
        placed.append({**row, "extent": extent, "admin2": admin2, "source": source})
    return placed


def _position(row: Row, gazetteer: Gazetteer, points: dict[str, Extent]) -> tuple[Extent, str, str]:
    """Return the position of a row, its district, and what its source begins with."""
    if row["latitude"]:
        return (float(row["longitude"]), float(row["latitude"]), int(row["error_m"])), "", ""
    if row["within"]:
        return _within(row, gazetteer)
    lon, lat, error_m = points[row["relative_to"]]
    if row["bearing"]:
        metres = float(row["distance_km"]) * 1000
        lon, lat, _ = GEOD.fwd(lon, lat, float(row["bearing"]), metres)
        reach = error_m + ROUGH * metres
    elif row["distance_km"]:
        reach = error_m + (1 + ROUND) * float(row["distance_km"]) * 1000
    else:
        reach = error_m + BESIDE_M
    radius = int(row["error_m"] or 100 * math.ceil(reach / 100))
    derived = "" if row["source"].startswith("derived") else "derived: by "
    return (lon, lat, radius), "", f"{derived}{row['relative_to']}, " if derived else ""


def _within(row: Row, gazetteer: Gazetteer) -> tuple[Extent, str, str]:
    """Return the middle of a unit, or of the border along it, with its radius."""
    kind, _, name = row["within"].partition(":")
    if kind == "line by subdistrict":
        unit = gazetteer.unit("subdistrict", name, row["province_iso"])
        lon, lat, _ = unit["extent"]
        foot = shapely.get_point(shapely.shortest_line(shapely.Point(lon, lat), gazetteer.line), 1)
        return (float(foot.x), float(foot.y), int(row["error_m"])), unit["admin2"], ""
    unit = gazetteer.unit(kind, name, row["province_iso"])
    where = f"on the border along {unit['name']}" if kind == "border" else f"in the {kind} {unit['name']}"
    district = unit["name"] if kind == "district" else unit["admin2"]
    return unit["extent"], district, f"somewhere {where}: "
