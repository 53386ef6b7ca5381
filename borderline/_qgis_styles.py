"""Styles that QGIS applies to the layers of a GeoPackage when it opens them."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final, NamedTuple
from xml.sax.saxutils import quoteattr

__all__ = ["STYLE_TABLE", "store_style"]

#: The table of a GeoPackage in which QGIS looks for styles; GDAL lists it among the layers.
STYLE_TABLE: Final = "layer_styles"

#: As QGIS creates it, so that it can add styles of its own.
_CREATE: Final = f"""
CREATE TABLE IF NOT EXISTS {STYLE_TABLE} (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
    f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)"""
_REGISTER: Final = """
INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier) VALUES (?, 'attributes', ?)"""
_FORGET: Final = f"DELETE FROM {STYLE_TABLE} WHERE f_table_name = ? AND owner = 'borderline'"  # noqa: S608 - a constant
_INSERT: Final = f"""
INSERT INTO {STYLE_TABLE} (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
    styleName, styleQML, styleSLD, useAsDefault, description, owner)
SELECT '', '', table_name, column_name, 'borderline', ?, '', 1, 'Default style of borderline', 'borderline'
FROM gpkg_geometry_columns WHERE table_name = ?"""  # noqa: S608 - the same


class _Symbol(NamedTuple):
    """A symbol of QGIS: its type, the class of its only layer, and the properties of that."""

    symbol_type: str
    layer_class: str
    geometry_code: int
    properties: dict[str, str]


_SYMBOLS: Final = {
    "Point": _Symbol(
        "marker",
        "SimpleMarker",
        0,
        {
            "name": "circle",
            "color": "213,94,0,200",
            "outline_color": "255,255,255,255",
            "outline_style": "solid",
            "outline_width": "0.3",
            "outline_width_unit": "MM",
            "size": "2.6",
            "size_unit": "MM",
        },
    ),
    "LineString": _Symbol(
        "line",
        "SimpleLine",
        1,
        {
            "line_color": "35,35,35,255",
            "line_style": "solid",
            "line_width": "0.7",
            "line_width_unit": "MM",
            "capstyle": "round",
            "joinstyle": "round",
        },
    ),
    "Polygon": _Symbol(
        "fill",
        "SimpleFill",
        2,
        {
            "color": "0,114,178,40",
            "style": "solid",
            "outline_color": "0,114,178,255",
            "outline_style": "solid",
            "outline_width": "0.4",
            "outline_width_unit": "MM",
        },
    ),
}


def store_style(path: Path, layer: str, geometry_type: str) -> None:
    """
    Store a simple style as the default one of a layer; a user's own styles are kept.

    Parameters
    ----------
    path
        A GeoPackage.
    layer
        Name of one of its layers.
    geometry_type
        Name of the geometry type, such as ``"MultiLineString"``; other types than points, lines and
        polygons get no style.
    """
    symbol = _SYMBOLS.get(geometry_type.removeprefix("Multi"))
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.execute(_CREATE)
            connection.execute(_REGISTER, (STYLE_TABLE, STYLE_TABLE))
            connection.execute(_FORGET, (layer,))
            if symbol is not None:
                connection.execute(_INSERT, (_write_qml(symbol), layer))
    finally:
        connection.close()


def _write_qml(symbol: _Symbol) -> str:
    """Return the style in the XML of QGIS, its properties in the older and in the newer notation."""
    newer = "".join(
        f'<Option type="QString" name={quoteattr(name)} value={quoteattr(value)}/>'
        for name, value in symbol.properties.items()
    )
    older = "".join(
        f"<prop k={quoteattr(name)} v={quoteattr(value)}/>" for name, value in symbol.properties.items()
    )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.22" styleCategories="Symbology">'
        '<renderer-v2 type="singleSymbol" symbollevels="0" forceraster="0" enableorderby="0"><symbols>'
        f'<symbol type="{symbol.symbol_type}" name="0" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{symbol.layer_class}" enabled="1" locked="0" pass="0">'
        f'<Option type="Map">{newer}</Option>{older}'
        f"</layer></symbol></symbols></renderer-v2><layerGeometryType>{symbol.geometry_code}"
        "</layerGeometryType></qgis>"
    )
