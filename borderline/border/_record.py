"""A border as a row of a table, and back: what every file format carries of it."""

from __future__ import annotations

import datetime as dt
import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._constants import WGS84_CRS, Floats
from .._countries import alpha3
from .._line import as_line
from ..errors import TableError
from ..provenance import Source
from ._calibration import Calibration
from ._datum import Datum

__all__ = ["pack", "unpack", "with_m"]

#: ISO code of a measured LineString in well-known binary (ISO 13249-3; OGC 06-103r4, 8.2.3).
_LINESTRING_M: Final = 2002

#: The columns that hold the fields of a `Source`.
_SOURCE: Final = {"source": "title", **{each.name: each.name for each in fields(Source)[1:]}}

_TEXTS: Final = ("name", "left", "right", "datum", "direction", *_SOURCE, "calibration", "contested")
_NUMBERS: Final = ("datum_longitude", "datum_latitude", "accuracy_m")


def pack(values: Mapping[str, Any], *, length_m: float, nominal_length_km: float | None) -> gpd.GeoDataFrame:
    """
    Make a table of one row out of the fields of a border.

    Parameters
    ----------
    values
        Field by field, named as in `Border`.
    length_m, nominal_length_km
        For readers of the table; they follow from the rest.

    Returns
    -------
    table
        Plain columns and the line, EPSG:4326.
    """
    datum, source, calibration = values["datum"], values["source"], values["calibration"]
    contested = values["contested"]
    row = {
        **{name: values[name] for name in ("name", "left", "right")},
        "length_m": length_m,
        "nominal_length_km": _number(nominal_length_km),
        "accuracy_m": _number(values["accuracy_m"]),
        "datum": datum.name,
        "datum_longitude": datum.longitude,
        "datum_latitude": datum.latitude,
        "direction": datum.direction,
        **{column: getattr(source, name) for column, name in _SOURCE.items()},
        "calibration": None if calibration is None else json.dumps(asdict(calibration), ensure_ascii=False),
        "contested": None if contested is None else shapely.to_wkt(contested, rounding_precision=-1),
    }
    table = gpd.GeoDataFrame({name: [value] for name, value in row.items()}, geometry=[values["line"]])
    table = table.astype(dict.fromkeys(_TEXTS, "string")).set_crs(WGS84_CRS)
    table.attrs["sources"] = [asdict(source)] if source.credit else []
    return table


def unpack(table: gpd.GeoDataFrame, *, left: str | None = None, right: str | None = None) -> dict[str, Any]:
    """
    Read the fields of one border.

    Parameters
    ----------
    table
        One row, or several that are pieces of one line.
    left, right
        Countries, where the table does not say or says it wrongly.

    Returns
    -------
    values
        Named as in `Border`; what the table does not hold is as in `Border.from_line`.

    Raises
    ------
    TableError
        If a country is nowhere to be found, or a column cannot be read.
    GeometryError
        If the rows make no line.
    """
    cell = {name: _cell(table[name]) for name in (*_TEXTS, *_NUMBERS) if name in table.columns}
    sides = {"left": left or cell.get("left"), "right": right or cell.get("right")}
    lacking = [side for side, code in sides.items() if not code]
    if lacking:
        raise TableError(
            f"The table does not say which country is {' and which '.join(lacking)}; give "
            f"{' and '.join(f'{side}=' for side in lacking)}, or name its columns with "
            "columns={'left': ..., 'right': ...}."
        )
    line = as_line(table.geometry)
    at = line.coords[0]
    datum = Datum(
        str(cell.get("datum") or "the first vertex of the line"),
        _float(cell, "datum_longitude", at[0]),
        _float(cell, "datum_latitude", at[1]),
        str(cell.get("direction") or ""),
    )
    return {
        "line": line,
        **{side: alpha3(str(code)) for side, code in sides.items()},
        "name": str(cell.get("name") or ""),
        "datum": datum,
        "source": _source(cell),
        "accuracy_m": _float(cell, "accuracy_m", None),
        "calibration": _calibration(cell.get("calibration")),
        "contested": _contested(cell.get("contested")),
    }


def with_m(line: shapely.LineString, measure: Floats) -> shapely.LineString:
    """Give each vertex of a line a measure (M)."""
    xym = np.column_stack([shapely.get_coordinates(line), measure]).astype("<f8")
    head = struct.pack("<BII", 1, _LINESTRING_M, len(xym))
    measured: shapely.LineString = shapely.from_wkb(head + xym.tobytes())
    return measured


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


def _cell(column: pd.Series[Any]) -> Any:  # noqa: ANN401 - whatever the file holds
    """Take what the rows say alike; None where they are silent or differ."""
    # GDAL turns text that is JSON, or a day, into what it stands for.
    known = column.dropna().map(_as_text).unique()
    return known[0] if len(known) == 1 else None


def _as_text(value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return value


def _float(cell: Mapping[str, Any], name: str, default: Any) -> Any:  # noqa: ANN401 - float or the default
    value = cell.get(name)
    if value is None or value == "":
        return default
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TableError(f"The column {name!r} holds {value!r}, which is no number.") from None


def _source(cell: Mapping[str, Any]) -> Source:
    known = {name: cell.get(column) for column, name in _SOURCE.items()}
    return Source(**{"title": "", **{name: str(text) for name, text in known.items() if text is not None}})


def _calibration(text: Any) -> Calibration | None:  # noqa: ANN401 - a cell
    if not text:
        return None
    try:
        read = json.loads(text)
        source = Source(**read["source"])
        return Calibration(
            tuple(map(float, read["chainage_m"])), tuple(map(float, read["measure_km"])), source
        )
    except (ValueError, TypeError, KeyError) as error:
        raise TableError(
            f"The column 'calibration' cannot be read ({error}); it holds JSON with chainage_m, "
            "measure_km and source, as to_geodataframe writes it."
        ) from error


def _contested(text: Any) -> shapely.MultiPolygon | None:  # noqa: ANN401 - a cell
    if not text:
        return None
    try:
        land = shapely.from_wkt(str(text))
    except shapely.errors.GEOSException:
        land = None
    if land is None or land.geom_type != "MultiPolygon":
        raise TableError("The column 'contested' holds no MultiPolygon in well-known text.")
    return land
