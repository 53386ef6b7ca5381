"""Write a table in the format that the ending of a file names: whole or not at all, with provenance."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import hashlib
import importlib.metadata
import json
import os
import pathlib
import re
import shutil
import sqlite3
import tempfile
from typing import Any, Final, TextIO

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._vector import VECTOR_DRIVERS, write_vector
from ..errors import CRSError, FormatError, OptionError, OutputError, TableError, describe_type
from ..options import validate_flag
from ..provenance import Source
from ._cell_values import is_missing
from ._spreadsheets import write_spreadsheet

__all__ = ["write_table"]

_ENDINGS: Final = (".csv", ".fgb", ".geojson", ".gpkg", ".parquet", ".xlsx")
#: Beginnings of text that a spreadsheet takes for a formula, as in the tables that the map saves.
_FORMULA: Final = re.compile(r"[\s\x00-\x1f\u00a0\ufeff]*[=+\-@\uff0b\uff0d\uff1d\uff20|%]|[\t\r\n]")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")
_LAYER: Final = re.compile(r"(?!gpkg_|rtree_|sqlite_|layer_styles$)[^\x00-\x1f\"]+", re.IGNORECASE)


def write_table(
    table: pd.DataFrame, path: str | os.PathLike[str], *, layer: str | None = None, bom: bool = False
) -> pathlib.Path:
    """
    Write a table, and its provenance beside it.

    The file is written under another name first and put in place when it is
    complete: a failure leaves what was there before. `read_events` reads it again.

    Parameters
    ----------
    table
        A GeoDataFrame with a CRS; or a DataFrame without geometry for ``.csv``, ``.xlsx`` and
        ``.parquet``. ``attrs["sources"]`` (a list of `Source` or of their dicts) is recorded as the credit.
    path
        Its ending picks the format. ``.csv`` and ``.xlsx`` hold points as ``latitude`` and
        ``longitude``, like ``.geojson`` in EPSG:4326; other geometries are WKT in ``.csv`` and left
        out of ``.xlsx``. ``.gpkg``, ``.fgb`` and ``.parquet`` keep the CRS. Measures (M) of lines are
        kept in ``.gpkg``, ``.fgb`` and ``.csv``. ``.xlsx`` keeps numbers (to 16 digits) and dates as
        such, and needs the extra ``excel``. The provenance goes to the same name with
        ``.source.json`` added.
    layer
        Name of a layer of a ``.gpkg``: it is replaced, or added to the other layers of the file, and
        gets a simple style that QGIS shows when it opens the file. Without a name the whole file is
        replaced, and holds one layer named like the file.
    bom
        Write a ``.csv`` for Excel: with the byte order mark by which it recognises UTF-8, and with an
        apostrophe before text that it would take for a formula.

    Returns
    -------
    path
        Where the table is.

    Raises
    ------
    FormatError
        If no format has this ending, or a layer is added to a file that is no GeoPackage.
    OptionError
        If `layer` is no name of a layer, or an option does not fit the format.
    TableError
        If `table` is no table, or holds what the format cannot.
    CRSError
        If it has no CRS.
    OutputError
        If the file cannot be written.
    MissingExtraError
        If ``.xlsx`` needs `openpyxl`, which is not installed.

    Examples
    --------
    >>> import borderline as bl
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = bl.write_table(bl.load_incidents(), folder + "/incidents.gpkg")
    ...     len(bl.read_events(path))
    222
    """
    if not isinstance(path, (str, os.PathLike)):
        raise FormatError(f"write_table: path is the name of a file, not {describe_type(path)}.")
    target = pathlib.Path(path)
    ending = target.suffix.lower()
    if ending not in _ENDINGS:
        raise FormatError(
            f"{target.name!r}: no format has the ending {ending or '(none)'}; use {', '.join(_ENDINGS)}."
        )
    _validate_options(ending, layer, bom=bom)
    if isinstance(table, gpd.GeoDataFrame) and table.active_geometry_name is None:
        table = pd.DataFrame(table)
    _require_writable(table, ending)
    beside = target.with_name(target.name + ".source.json")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.stem}-") as folder:
            draft = pathlib.Path(folder, "table" + ending)
            if layer is not None and target.exists():
                _copy_geopackage(target, draft)
            _write_draft(table, draft, layer=layer, name=target.stem, bom=bom)
            record = pathlib.Path(folder, "record.json")
            record.write_text(_describe_file(table, draft, beside, layer), encoding="utf-8")
            draft.replace(target)
            record.replace(beside)
    except OSError as error:
        raise OutputError(
            f"{str(target)!r} could not be written ({error.strerror or error}); "
            "does the folder exist, and may you write there?"
        ) from error
    except UnicodeEncodeError as error:
        raise TableError(
            f"The table holds text that is no Unicode ({error.object[error.start : error.end]!r}), "
            "so it cannot be written as UTF-8."
        ) from error
    return target


def _validate_options(ending: str, layer: object, *, bom: object) -> None:
    if validate_flag(bom, "bom") and ending != ".csv":
        raise OptionError(f"bom is an option of .csv, and the file is {ending}.")
    if layer is None:
        return
    if not (isinstance(layer, str) and _LAYER.fullmatch(layer)):
        raise OptionError(f"layer must be the name of a layer, such as 'incidents', not {layer!r}.")
    if ending != ".gpkg":
        raise OptionError(f"layer is an option of .gpkg, and the file is {ending}.")


def _require_writable(table: pd.DataFrame, ending: str) -> None:
    given: object = table  # callers without a type checker hand over anything
    if isinstance(given, gpd.GeoDataFrame):
        if given.crs is None:
            raise CRSError(
                "The table has no CRS; if it is longitude and latitude, say so with set_crs(4326)."
            )
    elif not isinstance(given, pd.DataFrame):
        raise TableError(f"write_table takes a DataFrame or a GeoDataFrame, not {describe_type(given)}.")
    elif ending in VECTOR_DRIVERS:
        raise TableError(
            f"{ending} takes a GeoDataFrame with a geometry, not {describe_type(given)}; "
            "read_events makes one, or write .csv, .xlsx or .parquet."
        )
    names = [*_index_names(table), *table.columns]
    repeated = sorted({str(name) for name in names if names.count(name) > 1})
    if repeated:
        raise TableError(
            f"The columns {', '.join(repeated)} are there twice (or name the index); rename one."
        )


def _index_names(table: pd.DataFrame) -> list[Any]:
    """Return the columns that the index becomes; events have one, even if it is not named."""
    if isinstance(table, gpd.GeoDataFrame):
        return ["event_id"] if table.index.nlevels == 1 and table.index.name is None else [*table.index.names]
    return [name for name in table.index.names if name is not None]


def _copy_geopackage(target: pathlib.Path, draft: pathlib.Path) -> None:
    shutil.copyfile(target, draft)
    try:
        with contextlib.closing(sqlite3.connect(draft)) as connection:
            connection.execute("SELECT table_name FROM gpkg_contents").fetchall()
    except sqlite3.DatabaseError as error:
        raise FormatError(f"{target.name} is no GeoPackage, so no layer can be added to it.") from error


def _write_draft(table: Any, path: pathlib.Path, *, layer: str | None, name: str, bom: bool) -> None:  # noqa: ANN401 - a table of either kind
    has_geometry = isinstance(table, gpd.GeoDataFrame)
    if has_geometry:
        table = table.rename_axis(index=_index_names(table))
        table = table if table.active_geometry_name == "geometry" else table.rename_geometry("geometry")
    if path.suffix == ".parquet":
        _write_parquet(table, path)
        return
    flat = table.reset_index() if _index_names(table) else table
    if has_geometry and path.suffix in {".csv", ".xlsx", ".geojson"}:
        flat = flat.to_crs(4326)
    if path.suffix == ".csv":
        _write_csv(_flat_columns(flat), path, bom=bom)
    elif path.suffix == ".xlsx":
        columns = _flat_columns(flat)
        if has_geometry:
            # Lines and polygons exceed what a cell of Excel holds, and nobody reads them there.
            columns.pop("geometry", None)
        write_spreadsheet(columns, path, title=name)
    else:
        _require_plain(flat, path.suffix)
        kinds = sorted(set(flat.geom_type.dropna()))
        kind = kinds[0] if len(kinds) == 1 else "Unknown" if kinds else "Point"
        write_vector(flat, path, geometry_type=kind, layer=layer or name, style=layer is not None)


def _write_parquet(table: Any, path: pathlib.Path) -> None:  # noqa: ANN401 - as above
    if isinstance(table, gpd.GeoDataFrame) and shapely.has_m(table.geometry.to_numpy()).any():
        # The format has no measures.
        table = table.set_geometry(shapely.force_2d(table.geometry.to_numpy()), crs=table.crs)
    plain = table.copy(deep=False)
    plain.attrs = _plain_attrs(table.attrs)
    plain.to_parquet(path)


def _flat_columns(flat: pd.DataFrame) -> dict[str, list[object]]:
    """Return cells by column, with the geometry as coordinates or as text."""
    if not isinstance(flat, gpd.GeoDataFrame):
        return {str(name): flat[name].astype(object).tolist() for name in flat.columns}
    shapes = flat.geometry.to_numpy()
    columns = {
        str(name): flat[name].astype(object).tolist()
        for name in flat.columns
        if name not in {"geometry", "latitude", "longitude"}
    }
    if np.isin(shapely.get_type_id(shapes), (-1, 0)).all():
        # The geometry is the position; older columns of coordinates would contradict it.
        columns["latitude"] = shapely.get_y(shapes).tolist()
        columns["longitude"] = shapely.get_x(shapes).tolist()
    else:
        columns["geometry"] = shapely.to_wkt(shapes, rounding_precision=-1).tolist()
    return columns


def _write_csv(columns: dict[str, list[object]], path: pathlib.Path, *, bom: bool) -> None:
    """Write texts as they are, days in ISO form, numbers with every digit, nothing where it is missing."""
    defuse = _defuse_formula if bom else str
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        writer = csv.writer(_UnixLines(file))
        writer.writerow(map(defuse, columns))
        for record in zip(*columns.values(), strict=True):
            writer.writerow([defuse(cell) if isinstance(cell, str) else _cell_text(cell) for cell in record])


def _defuse_formula(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


class _UnixLines:
    """Ends lines in LF for a writer that ends them in CRLF, because only then it quotes a lone CR."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, record: str) -> int:
        """Write one record."""
        return self._file.write(record.removesuffix("\r\n") + "\n")


def _cell_text(value: object) -> str:
    if is_missing(value):
        return ""
    if isinstance(value, pd.Timestamp):
        midnight = value == value.normalize()
        return value.strftime("%Y-%m-%d") if midnight and value.tz is None else value.isoformat()
    if isinstance(value, float):
        return repr(float(value))
    return str(value)


def _require_plain(flat: gpd.GeoDataFrame, ending: str) -> None:
    """Validate that a vector file can hold the columns, before half of them is written."""
    for name in flat.columns:
        column = flat[name]
        if name != "geometry" and isinstance(column.dtype, gpd.array.GeometryDtype):
            raise TableError(f"{ending} holds one geometry; drop the column {name!r} or write .parquet.")
        if (
            column.dtype == object
            and column.map(lambda cell: isinstance(cell, (list, dict, set, tuple))).any()
        ):
            raise TableError(
                f"{ending} holds plain values, and column {name!r} has lists; join them into text."
            )
    folded = [str(name).casefold() for name in flat.columns]
    repeated = sorted({name for name in folded if folded.count(name) > 1})
    if repeated and ending == ".gpkg":
        raise TableError(f".gpkg ignores case, so these columns collide: {', '.join(repeated)}; rename one.")


def _describe_file(table: pd.DataFrame, draft: pathlib.Path, beside: pathlib.Path, layer: str | None) -> str:
    """Return the provenance of a file as JSON; that of the other layers is kept."""
    try:
        version = importlib.metadata.version("borderline-geo")
    except importlib.metadata.PackageNotFoundError:
        version = "unknown"
    attrs = _plain_attrs(table.attrs)
    crs = table.crs if isinstance(table, gpd.GeoDataFrame) else None
    content = {
        "rows": len(table),
        "columns": [str(column) for column in table.columns],
        **({"crs": crs.to_string()} if crs is not None else {}),
        "sources": attrs.pop("sources", []),
        "attrs": attrs,
    }
    record = {
        "file": beside.name.removesuffix(".source.json"),
        "sha256": hashlib.sha256(draft.read_bytes()).hexdigest(),
        "written_by": f"borderline {version}",
        **(content if layer is None else {"layers": _read_layers(beside) | {layer: content}}),
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def _read_layers(beside: pathlib.Path) -> dict[str, Any]:
    """Return what is recorded of the layers of a GeoPackage; nothing if there is no record."""
    try:
        record = json.loads(beside.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(record, dict):
        return {}
    if isinstance(record.get("layers"), dict):
        return dict(record["layers"])
    name = pathlib.PurePath(beside.name.removesuffix(".source.json")).stem
    return {
        name: {key: record[key] for key in ("rows", "columns", "crs", "sources", "attrs") if key in record}
    }


def _plain_attrs(attrs: dict[Any, Any]) -> dict[str, Any]:
    """Return the attributes that JSON can hold; a `Source` becomes its dict."""
    kept = {}
    for name, value in attrs.items():
        is_list = isinstance(value, (list, tuple))
        items = [
            dataclasses.asdict(item) if isinstance(item, Source) else item
            for item in (value if is_list else [value])
        ]
        try:
            json.dumps(items, allow_nan=False)
        except (TypeError, ValueError):
            continue
        kept[str(name)] = items if is_list else items[0]
    return kept
