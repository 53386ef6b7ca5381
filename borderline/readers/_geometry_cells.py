"""Find and read geometries in the cells of a table: well-known text and binary, GeoJSON, objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjCRSError
from shapely.geometry.base import BaseGeometry

from .._datums import describe_crs, to_wgs84
from .._json_maps import geometry_from_json
from .._map_layers import first_line, flatten_collection
from ..errors import CRSError, TableError
from ._cell_values import is_missing
from ._column_names import suggests_position
from ._raw_table import RawTable, quote_cell

__all__ = ["read_geometry_cells", "require_position_read"]

#: Cells looked at to see what a column holds.
_SAMPLE: Final = 60
#: Names of columns of geometries, the surest first.
_NAMES: Final = (
    *("geometry", "geom", "the_geom", "wkb_geometry", "wkt_geometry", "wkt", "wkb", "geojson", "shape"),
    *("geom_wkt", "geom_wkb", "point", "location", "_geolocation"),
)
_WKT: Final = re.compile(
    r"\s*(?:SRID\s*=\s*(?P<srid>\d+)\s*;)?\s*(?P<wkt>(?:MULTI)?"
    r"(?:POINT|LINESTRING|POLYGON|CURVE|SURFACE|CURVEPOLYGON|CIRCULARSTRING|COMPOUNDCURVE|TIN|TRIANGLE|"
    r"POLYHEDRALSURFACE|GEOMETRYCOLLECTION)\s*(?:Z|M|ZM)?\s*(?:\(|EMPTY).*)",
    re.IGNORECASE | re.DOTALL,
)
_HEX_WKB: Final = re.compile(r"(?:00[0-9A-Fa-f]{8}|01[0-9A-Fa-f]{8})(?:[0-9A-Fa-f]{2})+")
#: A point in hexadecimal well-known binary has so many digits.
_SHORTEST_HEX: Final = 42
_LATITUDES: Final = ("lat", "latitude", "y")
_LONGITUDES: Final = ("lon", "lng", "long", "longitude", "x")

_DIGIT: Final = re.compile(r"\d")


class _Cell(NamedTuple):
    """A cell that holds a geometry."""

    geometry: BaseGeometry | None
    notation: str
    #: EPSG code where the cell has one, else 0.
    srid: int = 0
    #: What is wrong with the geometry; empty if nothing is.
    fault: str = ""


def read_geometry_cells(raw: RawTable, matched: MutableMapping[str, str]) -> RawTable:
    """
    Read the column of a table whose cells are geometries, where no other column says where.

    Parameters
    ----------
    raw
        A source; one with geometries of its own is returned as it is.
    matched
        Event column to column of the source; the one that turns out to hold geometries is taken out.

    Returns
    -------
    raw
        With the geometries, and a fault ``geometry_unreadable`` for each that is none.

    Raises
    ------
    TableError
        If several columns hold geometries and no name tells which one says where.
    CRSError
        If cells name different reference systems, or one that does not exist.
    """
    if raw.geometries is not None or {"easting", "northing"} & matched.keys():
        return raw
    pair = [matched[target] for target in ("latitude", "longitude") if target in matched]
    blank = [all(map(_is_blank, cells)) for cells in zip(*(raw.cells[name] for name in pair), strict=True)]
    if pair and not all(blank):
        return _fill_pairs(raw, pair, blank) if len(pair) == 2 and any(blank) else raw
    named = matched.get("coordinates")
    columns = [
        name for name in raw.cells.columns if named in {None, name} and _holds_geometries(raw.cells[name])
    ]
    if not columns:
        return raw
    folded = {str(name).strip().casefold(): name for name in columns}
    best = next((folded[name] for name in _NAMES if name in folded), columns[0])
    if len(columns) > 1 and str(best).strip().casefold() not in _NAMES:
        listed = ", ".join(map(quote_cell, columns))
        raise TableError(
            f"{raw.name} has several columns of geometries ({listed}); say which one holds the place "
            'with columns={"coordinates": ...}.'
        )
    for target in [target for target, name in matched.items() if name == best or name in pair]:
        del matched[target]
    return _read_column(raw, best)


def _fill_pairs(raw: RawTable, pair: list[str], blank: list[bool]) -> RawTable:
    """Fill empty pairs of latitude and longitude from the points of a column of geometries."""
    columns = [name for name in raw.cells.columns if name not in pair and _holds_geometries(raw.cells[name])]
    if len(columns) != 1:
        return raw
    latitudes, longitudes = (raw.cells[name].to_list() for name in pair)
    n_filled = 0
    for row in np.flatnonzero(blank).tolist():
        cell = _parse_cell(raw.cells[columns[0]].iloc[row], str(columns[0]))
        if cell is None or cell.srid not in {0, 4326} or cell.geometry is None or cell.geometry.is_empty:
            continue
        if cell.geometry.geom_type == "Point":
            latitudes[row], longitudes[row] = str(cell.geometry.y), str(cell.geometry.x)
            n_filled += 1
    if not n_filled:
        return raw
    raw.consulted.add(str(columns[0]))
    filled = {
        name: pd.Series(cells, dtype=object, index=raw.cells.index)
        for name, cells in zip(pair, (latitudes, longitudes), strict=True)
    }
    cells = raw.cells.assign(**filled)
    return replace(raw, cells=cells)


def _holds_geometries(column: pd.Series) -> bool:
    cells = [cell for cell in column.head(10 * _SAMPLE) if not _is_blank(cell)][:_SAMPLE]
    kinds = [_parse_cell(cell, str(column.name)) is not None for cell in cells]
    return bool(kinds) and sum(kinds) * 2 > len(kinds)


def _read_column(raw: RawTable, name: str) -> RawTable:
    geometries = np.full(len(raw.cells), None, dtype=object)
    notations: dict[str, None] = {}
    srids: dict[int, int] = {}
    for row, value in enumerate(raw.cells[name]):
        if _is_blank(value):
            continue
        cell = _parse_cell(value, name)
        if cell is None or cell.fault:
            fault = cell.fault if cell else "no geometry"
            detail = f"{name} is {quote_cell(value)}: {fault}; correct it, or empty it"
            raw.faults.add(row, "geometry_unreadable", detail)
            continue
        geometries[row] = cell.geometry
        notations[cell.notation] = None
        srids.setdefault(cell.srid, row)
    datum, shift = "", raw.shift
    if len(srids) > 1:
        first, other = list(srids)[:2]
        raise CRSError(
            f"{raw.name}: column {name!r} has geometries of several reference systems (SRID {first} in row "
            f"{srids[first] + 1}, {other} in row {srids[other] + 1}); bring them to one."
        )
    srid = next(iter(srids), 0)
    if srid not in {0, 4326}:
        series = gpd.GeoSeries(geometries, crs=_read_srid(srid, raw.name, name))
        moved, shift = to_wgs84(series, subject=f"{raw.name}: column {name!r}")
        datum = describe_crs(series.crs, shift)
        geometries = moved.to_numpy()
    return replace(
        raw,
        cells=raw.cells.drop(columns=[name]),
        geometries=geometries,
        geometry_name=str(name),
        datum=raw.datum or datum,
        shift=shift,
        notations={**raw.notations, "geometry": " and ".join(notations)},
    )


def _read_srid(srid: int, source: str, column: str) -> CRS:
    try:
        return CRS.from_epsg(srid)
    except ProjCRSError:
        raise CRSError(f"{source}: column {column!r} names SRID {srid}, which is no code of EPSG.") from None


def _is_blank(value: object) -> bool:
    return is_missing(value) or (isinstance(value, str) and not value.strip())


def _parse_cell(value: object, column: str) -> _Cell | None:
    """Return the geometry of a cell; None if it is none."""
    if isinstance(value, BaseGeometry):
        return _Cell(flatten_collection(value), "geometry objects", shapely.get_srid(value) or 0)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _parse_binary(bytes(value))
    if isinstance(value, str):
        text = value.strip()
        if match := _WKT.fullmatch(text):
            return _parse_text(match)
        if len(text) >= _SHORTEST_HEX and _HEX_WKB.fullmatch(text):
            return _parse_binary(bytes.fromhex(text))
        value = _parse_json_text(text)
    return _parse_object(value) if isinstance(value, Mapping) else _parse_pair(value, column)


def _parse_json_text(text: str) -> object:
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _parse_pair(value: object, column: str) -> _Cell | None:
    """Return the point of a pair under the name that Kobo gives it: latitude first, two nulls for none."""
    if not isinstance(value, (list, tuple, np.ndarray)) or len(value) != 2:
        return None
    if not column.casefold().endswith("geolocation"):
        return None
    pair = [number for number in value if isinstance(number, (int, float)) and not isinstance(number, bool)]
    return _Cell(shapely.Point(pair[1], pair[0]) if len(pair) == 2 else None, "latitude and longitude")


def _parse_text(match: re.Match[str]) -> _Cell:
    try:
        geometry = shapely.from_wkt(match["wkt"])
    except (shapely.errors.GEOSException, ValueError) as error:
        return _Cell(None, "", fault=first_line(error))
    return _Cell(flatten_collection(geometry), "well-known text", int(match["srid"] or 0))


def _parse_binary(data: bytes) -> _Cell | None:
    if len(data) < 5 or data[0] not in (0, 1):
        return None
    kind = int.from_bytes(data[1:5], "little" if data[0] else "big") & 0x1FFFFFFF
    if not 1 <= kind % 1000 <= 17 or kind > 3017:
        return None
    try:
        geometry = shapely.from_wkb(data)
    except (shapely.errors.GEOSException, ValueError) as error:
        return _Cell(None, "", fault=first_line(error))
    return _Cell(flatten_collection(geometry), "well-known binary", shapely.get_srid(geometry) or 0)


def _parse_object(value: Mapping[Any, Any]) -> _Cell | None:
    folded = {str(key).casefold(): content for key, content in value.items()}
    if folded.get("type") == "Feature":
        inner = folded.get("geometry")
        return _Cell(None, "GeoJSON") if inner is None else _parse_cell(inner, "")
    if "type" in folded and ("coordinates" in folded or "geometries" in folded):
        try:
            return _Cell(geometry_from_json(value), "GeoJSON")
        except ValueError as error:
            return _Cell(None, "", fault=str(error))
    latitude = _first_number(folded, _LATITUDES)
    longitude = _first_number(folded, _LONGITUDES)
    if latitude is not None and longitude is not None:
        return _Cell(shapely.Point(longitude, latitude), "latitude and longitude")
    return None


def _first_number(content: Mapping[str, Any], names: Iterable[str]) -> float | None:
    for name in names:
        value = content.get(name)
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                continue
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return float(value)
    return None


def require_position_read(raw: RawTable, matched: Mapping[str, str]) -> None:
    """
    Refuse a table with columns that look like a position and were not read as one.

    An event that has coordinates of its own must not be placed by the name of its place.

    Raises
    ------
    TableError
        It names the columns and the remedy.
    """
    positions = {"latitude", "longitude", "coordinates", "easting", "northing"}
    if raw.geometries is not None or positions & matched.keys():
        return
    used = set(matched.values())
    names = [
        str(name) for name in raw.cells.columns if name not in used and _looks_like_position(raw.cells[name])
    ]
    if names:
        listed = ", ".join(quote_cell(name) for name in names[:6])
        raise TableError(
            f"{raw.name} has columns that look like a position and are not recognised ({listed}), so its "
            "rows would be placed by name. Name them with "
            'columns={"latitude": ..., "longitude": ...} or columns={"coordinates": ...}, or drop them.'
        )


def _looks_like_position(column: pd.Series) -> bool:
    if not suggests_position(str(column.name)):
        return False
    cells = [str(cell) for cell in column.head(10 * _SAMPLE) if not _is_blank(cell)][:_SAMPLE]
    return bool(cells) and sum(bool(_DIGIT.search(cell)) for cell in cells) * 2 > len(cells)
