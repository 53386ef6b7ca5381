"""The incidents that come with the library."""

from __future__ import annotations

import dataclasses
import json

import geopandas as gpd

from .._paths import data_path
from ..provenance import Source
from ._checking import read_events

__all__ = ["load_incidents"]


def load_incidents() -> gpd.GeoDataFrame:
    """
    Load the 210 sourced incidents on or near the Thai-Cambodian border, 2008 to 2026.

    They are no complete count of incidents or of the dead: never add up a toll from them.
    Many positions are estimates (``location_error_m``, ``coordinate_source``) and 26 rows
    have none.

    Returns
    -------
    events
        EPSG:4326, as `read_events` returns them; ``attrs["sources"]`` has the credit.

    Raises
    ------
    UnknownKeyError
        If the built-in data is not where it should be.

    Examples
    --------
    >>> import borderline as bl
    >>> seeds = bl.load_incidents()
    >>> len(seeds), int(seeds.geometry.notna().sum())
    (210, 184)
    """
    events = read_events(data_path("seeds", "incidents.csv"), format="seeds")
    events.attrs["sources"] = [dataclasses.asdict(_credit())]
    return events


def _credit() -> Source:
    """Take the credit from the record of the incidents in the catalog."""
    catalog = json.loads(data_path("geodata", "catalog.json").read_text(encoding="utf-8"))
    record = next(layer for layer in catalog["layers"] if layer["key"] == "incidents")
    return Source(
        title=record["title"],
        url=record["url"],
        license=record["license"],
        attribution=record["attribution"],
        retrieved=record["date"],
        sha256=record["sha256"],
    )
