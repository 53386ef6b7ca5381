"""Write layers and fill in what the catalog states about them."""

from __future__ import annotations

import json
import pathlib

import geopandas as gpd
import pandas as pd

from borderline.catalog import content_sha256
from borderline.catalog._layers import parse_table

ROOT = pathlib.Path(__file__).parent.parent.parent
CATALOG = ROOT / "geodata" / "catalog.json"


def write_layer(layer: pd.DataFrame, file: str) -> None:
    """Write a plain table as CSV, a layer as FlatGeobuf: no index, so that the bytes keep their size."""
    if not isinstance(layer, gpd.GeoDataFrame):
        layer.to_csv(ROOT / file, index=False, lineterminator="\n", encoding="utf-8")
        return
    layer.to_file(ROOT / file, driver="FlatGeobuf", engine="pyogrio", SPATIAL_INDEX="NO")


def read(file: str, kind: str, *, geometry: bool) -> pd.DataFrame:
    """Read a file of the data folder as the library does."""
    if geometry:
        return gpd.read_file(ROOT / file)
    return parse_table(ROOT / file, kind)


def complete_catalog(pins: dict[str, str]) -> list[str]:
    """
    Fill in counts and checksums; return one line for every layer.

    The words of the catalog are written by hand; only what can be measured is filled in.
    """
    catalog = json.loads(CATALOG.read_text(encoding="utf-8"))
    log = []
    for record in catalog["layers"]:
        content = read(record["file"], record["kind"], geometry=record["crs"] is not None)
        record["feature_count"] = len(content)
        record["sha256"] = content_sha256(content)
        for origin in record["origins"]:
            spec = f"{origin['name']}=={origin['version']}"
            if spec in pins:
                origin["sha256"] = pins[spec]
        size = (ROOT / record["file"]).stat().st_size
        log.append(
            f"{record['key']:<12} {len(content):>5} features {size:>9,} bytes  {record['sha256'][:12]}"
        )
    CATALOG.write_text(json.dumps(catalog, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return log


def differences(layers: dict[str, pd.DataFrame]) -> list[str]:
    """Files whose record in the catalog does not describe the layer just made."""
    catalog = json.loads(CATALOG.read_text(encoding="utf-8"))
    stated = {record["file"]: record["sha256"] for record in catalog["layers"]}
    return [file for file, layer in layers.items() if stated.get(file) != content_sha256(layer)]
