"""A border as a row of a table, and back: what every file format carries of it."""

from __future__ import annotations

import datetime as dt
import json
import os
import pathlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._constants import WGS84_CRS, Floats
from .._countries import alpha3, validate_country
from .._line import read_line
from .._vector import READABLE, SHAPEFILE, read_vector
from ..errors import (
    CRSError,
    FormatError,
    GeometryError,
    MeasureError,
    OptionError,
    TableError,
    UnknownKeyError,
    describe_type,
    near_miss,
)
from ..provenance import Source
from ._calibration import Calibration
from ._chainage_line import ChainageLine, Datum
from ._line_accuracy import LineAccuracy
from ._planar_edges import EDGES, natural_edges

__all__ = [
    "calibrate_measures",
    "name_borders",
    "pack_border",
    "read_lines",
    "select_border",
    "unpack_border",
    "with_measures",
]

_CSV: Final = ".csv"

#: ISO code of a measured LineString in well-known binary (ISO 13249-3; OGC 06-103r4, 8.2.3).
_LINESTRING_M: Final = 2002

#: The columns that hold the fields of a `Source`.
_SOURCE: Final = {"source": "title", **{column.name: column.name for column in fields(Source)[1:]}}

#: Shapefiles write smaller numbers where a vertex has no measure.
_NO_MEASURE: Final = -1e38

#: Columns of JSON and well-known text.
_PACKED: Final = ("calibration", "contested", "accuracy_along")

_TEXTS: Final = ("name", "left", "right", "edges", "datum", "direction", *_SOURCE, *_PACKED)
_NUMBERS: Final = ("datum_longitude", "datum_latitude", "accuracy_m")


def pack_border(
    values: Mapping[str, Any], *, length_m: float, nominal_length_km: float | None
) -> gpd.GeoDataFrame:
    """
    Return a table of one row with the fields of a border.

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
    contested, along = values["contested"], values["accuracy_along"]
    row = {
        **{name: values[name] for name in ("name", "left", "right")},
        "length_m": length_m,
        "nominal_length_km": _number_or_nan(nominal_length_km),
        "accuracy_m": _number_or_nan(values["accuracy_m"]),
        "datum": datum.name,
        "datum_longitude": datum.longitude,
        "datum_latitude": datum.latitude,
        "direction": datum.direction,
        **{column: getattr(source, name) for column, name in _SOURCE.items()},
        "calibration": None if calibration is None else json.dumps(asdict(calibration), ensure_ascii=False),
        "contested": None if contested is None else shapely.to_wkt(contested, rounding_precision=-1),
        "accuracy_along": None if along is None else json.dumps(asdict(along)),
    }
    if values["edges"] != "geodesic":
        row["edges"] = values["edges"]
    table = gpd.GeoDataFrame({name: [value] for name, value in row.items()}, geometry=[values["line"]])
    table = table.astype({name: "string" for name in _TEXTS if name in table.columns}).set_crs(WGS84_CRS)
    table.attrs["sources"] = [asdict(source)] if source.credit else []
    return table


def unpack_border(
    table: gpd.GeoDataFrame,
    *,
    left: str | None = None,
    right: str | None = None,
    edges: str | None = None,
    start: Sequence[float] | None = None,
) -> dict[str, Any]:
    """
    Read the fields of one border.

    Parameters
    ----------
    table
        One row, or several that are pieces of one line.
    left, right
        Countries, where the table does not say or says it wrongly.
    edges
        How edges run; None as the table says.
    start
        Longitude and latitude near the first vertex; None as the pieces run.

    Returns
    -------
    values
        Named as in `Border`; what the table does not hold is as in `Border.from_line`.

    Raises
    ------
    TableError
        If a country is nowhere to be found, or a column cannot be read.
    OptionError
        If `left` or `right` is not a country code.
    GeometryError
        If the rows make no line.
    """
    cell = {name: _common_value(table[name]) for name in (*_TEXTS, *_NUMBERS) if name in table.columns}
    given = {"left": left, "right": right}
    sides = {
        side: validate_country(code, side) if code else _read_country(cell.get(side), side)
        for side, code in given.items()
    }
    lacking = [side for side, code in sides.items() if not code]
    if lacking:
        raise TableError(
            f"The table does not say which country is {' and which '.join(lacking)}; give "
            f"{' and '.join(f'{side}=' for side in lacking)}, or name its columns with "
            "columns={'left': ..., 'right': ...}."
        )
    drawn = read_line(table.geometry, start=start)
    longitude, latitude = drawn.line.coords[0]
    course = ChainageLine(line=drawn.line, edges=edges or _find_edges(table, cell))
    datum = Datum(
        str(cell.get("datum") or "the first vertex of the line"),
        _read_number(cell, "datum_longitude", longitude),
        _read_number(cell, "datum_latitude", latitude),
        str(cell.get("direction") or ""),
    )
    return {
        "line": drawn.line,
        "edges": course.edges,
        **sides,
        "name": str(cell.get("name") or ""),
        "datum": datum,
        "source": _read_source(cell),
        "accuracy_m": _read_number(cell, "accuracy_m", None),
        "calibration": _read_calibration(cell.get("calibration"))
        or calibrate_measures(course.vertex_chainage, drawn.measure),
        "contested": _read_contested(cell.get("contested")),
        "accuracy_along": _read_accuracy(cell.get("accuracy_along")),
    }


def _find_edges(table: gpd.GeoDataFrame, cell: Mapping[str, Any]) -> str:
    """Return how edges run: as the table says, as borders are written, else straight in degrees."""
    if cell.get("edges") in EDGES:
        return str(cell["edges"])
    is_ours = {"datum_longitude", "length_m"} <= set(table.columns)
    is_spherical = table.attrs.get("edges") == "spherical"
    return "geodesic" if is_ours or is_spherical else natural_edges(table)


def calibrate_measures(chainage_m: Floats, measure: Floats | None) -> Calibration | None:
    """
    Return a calibration by the measures (M) of vertices, None where there are none.

    Parameters
    ----------
    chainage_m
        Of each vertex, metres.
    measure
        Of each vertex, kilometres; NaN where it has none.

    Raises
    ------
    MeasureError
        If the measures do not grow along the line, or only one vertex has one.
    """
    if measure is None:
        return None
    known = np.flatnonzero(np.isfinite(measure) & (measure > _NO_MEASURE))
    # Vertices within a millimetre may share a measure: they are one control point.
    once = (np.diff(measure[known]) != 0) | (np.diff(chainage_m[known]) > 1e-3)
    known = known[np.append(True, once)] if len(known) else known
    steps = np.diff(measure[known])
    if len(known) < 2:
        raise MeasureError(
            "Only one vertex of the line has a measure (M); give two or more, or drop it (force_2d)."
        )
    if (steps <= 0).any():
        vertex = int(np.flatnonzero(steps <= 0)[0])
        before, after = known[vertex], known[vertex + 1]
        raise MeasureError(
            f"The measures (M) of the line do not grow: vertex {before + 1} has {measure[before]:g} and "
            f"vertex {after + 1} has {measure[after]:g}; correct them, reverse the line, or drop them with "
            "shapely.force_2d."
        )
    points = zip(chainage_m[known].tolist(), measure[known].tolist(), strict=True)
    chainage, kilometres = zip(*points, strict=True)
    return Calibration(chainage, kilometres, Source(title="measures (M) of the line"))


def with_measures(line: shapely.LineString, measure: Floats) -> shapely.LineString:
    """Return a line whose vertices have a measure (M)."""
    xym = np.column_stack([shapely.get_coordinates(line), measure]).astype("<f8")
    head = struct.pack("<BII", 1, _LINESTRING_M, len(xym))
    measured: shapely.LineString = shapely.from_wkb(head + xym.tobytes())
    return measured


def _read_country(code: Any, column: str) -> str:  # noqa: ANN401 - a cell
    try:
        return alpha3(str(code)) if code else ""
    except UnknownKeyError as error:
        raise TableError(f"The column {column!r}: {error}") from None


def _number_or_nan(value: float | None) -> float:
    return np.nan if value is None else float(value)


def _common_value(column: pd.Series[Any]) -> Any:  # noqa: ANN401 - whatever the file holds
    """Return the value that all rows share; None where they have none or differ."""
    # GDAL converts text that looks like JSON or a date.
    known = column.dropna().map(_restore_text).unique()
    return known[0] if len(known) == 1 else None


def _restore_text(value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return value


def _read_number(cell: Mapping[str, Any], name: str, default: Any) -> Any:  # noqa: ANN401 - float or the default
    value = cell.get(name)
    if value is None or value == "":
        return default
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TableError(f"The column {name!r} holds {value!r}, which is not a number.") from None


def _read_source(cell: Mapping[str, Any]) -> Source:
    known = {name: cell.get(column) for column, name in _SOURCE.items()}
    return Source(**{"title": "", **{name: str(text) for name, text in known.items() if text is not None}})


def _read_calibration(text: Any) -> Calibration | None:  # noqa: ANN401 - a cell
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


def _read_accuracy(text: Any) -> LineAccuracy | None:  # noqa: ANN401 - a cell
    if not text:
        return None
    try:
        read = json.loads(text)
        return LineAccuracy(
            float(read["overall_m"]),
            tuple(map(float, read["breaks_m"])),
            tuple(map(float, read["accuracy_m"])),
            float(read["correlation_m"]),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise TableError(
            f"The column 'accuracy_along' cannot be read ({error}); it holds JSON with overall_m, breaks_m, "
            "accuracy_m and correlation_m, as to_geodataframe writes it."
        ) from error


def _read_contested(text: Any) -> shapely.MultiPolygon | None:  # noqa: ANN401 - a cell
    if not text:
        return None
    try:
        land = shapely.from_wkt(str(text))
    except shapely.errors.GEOSException:
        land = None
    if land is None or land.geom_type != "MultiPolygon":
        raise TableError("The column 'contested' holds no MultiPolygon in well-known text.")
    return land


def read_lines(
    path: str | os.PathLike[str] | gpd.GeoDataFrame,
    *,
    layer: str | None,
    columns: Mapping[str, str] | None,
) -> gpd.GeoDataFrame:
    """
    Read lines with their columns, in their own CRS.

    Parameters
    ----------
    path
        A file, or a table already read.
    layer
        Which layer of a file that has several.
    columns
        Names of columns in the file, by the names that they get.

    Returns
    -------
    table
        One row or more.

    Raises
    ------
    FormatError
        If the file cannot be read, or holds no geometries.
    CRSError
        If it has no CRS.
    TableError
        If a column named is not there.
    GeometryError
        If it has no row.
    """
    if not isinstance(path, (gpd.GeoDataFrame, str, os.PathLike)):
        raise FormatError(f"A path or a GeoDataFrame of lines is needed, not {describe_type(path)}.")
    table = path.copy() if isinstance(path, gpd.GeoDataFrame) else _read_file(pathlib.Path(path), layer)
    if table.crs is None:
        raise CRSError(
            "The lines have no CRS; read them with geopandas.read_file, say which it is with "
            "set_crs(...), and pass the table instead."
        )
    if table.empty:
        raise GeometryError("The table holds no line.")
    if columns is not None and not isinstance(columns, Mapping):
        raise OptionError(f"columns must be a mapping, such as {{'left': 'country_a'}}, not {columns!r:.80}.")
    renamed = dict(columns or {})
    missing = [name for name in renamed.values() if name not in table.columns]
    if missing:
        hint = near_miss(missing[0], map(str, table.columns))
        raise TableError(f"The file has no column {missing[0]!r}.{hint}")
    table = table.drop(
        columns=[column for column, name in renamed.items() if column in table.columns and column != name]
    )
    return table.rename(columns={name: column for column, name in renamed.items()})


def name_borders(table: gpd.GeoDataFrame) -> list[str]:
    """
    Return the name of the border of each row.

    Raises
    ------
    TableError
        If there is no column of names, one is missing, or two rows have the same.
    """
    if "name" not in table.columns:
        raise TableError(
            "The table has no column 'name' to tell its borders apart; say which one it is with "
            "columns={'name': ...}."
        )
    names = table["name"]
    lacking = names.isna() | (names.astype("string") == "")
    if lacking.any():
        raise TableError(f"Row {table.index[lacking].tolist()[0]!r} has no name; give it one.")
    twice = names[names.duplicated()].unique()
    if len(twice):
        rows = ", ".join(repr(row) for row in table.index[names == twice[0]].tolist()[:5])
        raise TableError(
            f"Two borders have one name: {str(twice[0])!r} in rows {rows}; rename one, or, if the rows are "
            "pieces of one border, join them with table.dissolve('name', as_index=False)."
        )
    return [str(name) for name in names]


def select_border(table: gpd.GeoDataFrame, name: str | None) -> gpd.GeoDataFrame:
    """
    Return the rows of one border.

    Raises
    ------
    UnknownKeyError
        If none has the name.
    TableError
        If two have it, or if there are several borders and no name was given.
    """
    known = table["name"].dropna() if "name" in table.columns else pd.Series(dtype=object)
    if name is None:
        if len(known.unique()) > 1:
            some = ", ".join(repr(str(known_name)) for known_name in known.unique()[:10])
            raise TableError(
                f"There are {known.nunique()} borders in it ({some}); choose one with name=, "
                "or read them all with read_borders."
            )
        return table
    rows = (
        table[(table["name"].astype("string") == name).fillna(value=False)] if len(known) else table.iloc[:0]
    )
    if rows.empty:
        raise UnknownKeyError(
            f"There is no border {name!r} in the table.{near_miss(name, map(str, known.unique()))}"
        )
    name_borders(rows)
    return rows


def _read_file(path: pathlib.Path, layer: str | None) -> gpd.GeoDataFrame:
    if not path.exists():
        raise FormatError(f"There is no file {str(path)!r}; is the folder the right one?")
    ending = path.suffix.lower()
    if ending == _CSV:
        return _read_csv(path)
    if ending not in {*READABLE, SHAPEFILE}:
        known = ", ".join(sorted({*READABLE, SHAPEFILE, _CSV}))
        raise FormatError(f"{path.name!r}: no format has the ending {ending or '(none)'}; use {known}.")
    table = read_vector(path, layer=layer, measured=True)
    if not isinstance(table, gpd.GeoDataFrame):
        raise FormatError(f"{path.name} holds no geometries.")
    return table


def _read_csv(path: pathlib.Path) -> gpd.GeoDataFrame:
    """Read lines as `write_table` writes them: well-known text in longitude and latitude."""
    try:
        table = pd.read_csv(path, dtype="string", keep_default_na=False)
        lines = shapely.from_wkt(table.pop("geometry").to_numpy(dtype=object))
    except (KeyError, ValueError, shapely.errors.GEOSException) as error:
        raise FormatError(
            f"{path.name} has no column 'geometry' of lines as well-known text ({error})."
        ) from error
    return gpd.GeoDataFrame(table, geometry=lines, crs=WGS84_CRS)
