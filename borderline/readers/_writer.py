"""Write a table in the format its ending names: whole or not at all, with provenance beside it."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import importlib.metadata
import json
import os
import pathlib
import tempfile
from typing import Any, Final, TextIO

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._vector import write_vector
from ..errors import CRSError, FormatError, OutputError, TableError
from ..provenance import Source
from ._cell_values import is_missing

__all__ = ["write_table"]

_ENDINGS: Final = (".csv", ".fgb", ".geojson", ".gpkg", ".parquet")


def write_table(table: gpd.GeoDataFrame, path: str | os.PathLike[str]) -> pathlib.Path:
    """
    Write a table of events, located or not, and its provenance beside it.

    The file is written under another name first and put in place when it is
    complete: a failure leaves what was there before. `read_events` opens it again.

    Parameters
    ----------
    table
        With a CRS; CSV and GeoJSON are written in EPSG:4326. Measures (M) of lines are kept
        in ``.gpkg``, ``.fgb`` and ``.csv``. ``attrs["sources"]`` (a list
        of `Source` or of their dicts) is recorded as the credit.
    path
        Its ending picks the format: ``.csv`` (points as ``latitude`` and ``longitude``, other
        geometries as WKT), ``.geojson``, ``.gpkg``, ``.fgb`` or ``.parquet``.
        The provenance goes to the same name with ``.source.json`` added.

    Returns
    -------
    path
        Where the table is.

    Raises
    ------
    FormatError
        If no format has this ending.
    TableError
        If `table` is no GeoDataFrame, or a column holds what the format cannot.
    CRSError
        If it has no CRS.
    OutputError
        If the file cannot be written.

    Examples
    --------
    >>> import borderline as bl
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = bl.write_table(bl.load_incidents(), folder + "/incidents.gpkg")
    ...     len(bl.read_events(path))
    210
    """
    if not isinstance(path, (str, os.PathLike)):
        raise FormatError(f"write_table: path is the name of a file, not {type(path).__name__}.")
    target = pathlib.Path(path)
    ending = target.suffix.lower()
    if ending not in _ENDINGS:
        raise FormatError(
            f"{target.name!r}: no format has the ending {ending or '(none)'}; use {', '.join(_ENDINGS)}."
        )
    _require_writable(table)
    beside = target.with_name(target.name + ".source.json")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.stem}-") as folder:
            draft = pathlib.Path(folder, "table" + ending)
            _write(table, draft)
            record = pathlib.Path(folder, "record.json")
            record.write_text(_provenance(table, draft, target.name), encoding="utf-8")
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


def _require_writable(table: gpd.GeoDataFrame) -> None:
    if not isinstance(table, gpd.GeoDataFrame) or table.active_geometry_name is None:
        raise TableError(
            f"write_table takes a GeoDataFrame with a geometry, not {type(table).__name__}; "
            "read_events makes one."
        )
    if table.crs is None:
        raise CRSError("The table has no CRS; if it is longitude and latitude, say so with set_crs(4326).")
    names = [table.index.name or "event_id", *table.columns]
    twice = sorted({str(name) for name in names if names.count(name) > 1})
    if twice:
        raise TableError(f"The columns {', '.join(twice)} are there twice (or name the index); rename one.")


def _write(table: gpd.GeoDataFrame, path: pathlib.Path) -> None:
    named = table.rename_axis(index=table.index.name or "event_id")
    named = named.rename_geometry("geometry") if named.active_geometry_name != "geometry" else named
    if path.suffix == ".parquet":
        if shapely.has_m(named.geometry.to_numpy()).any():  # the format has no measures
            named = named.set_geometry(shapely.force_2d(named.geometry.to_numpy()), crs=named.crs)
        named.attrs = _plain(named.attrs)
        named.to_parquet(path)
        return
    flat = named.reset_index()
    if path.suffix in {".csv", ".geojson"}:
        flat = flat.to_crs(4326)
    if path.suffix == ".csv":
        _write_csv(flat, path)
        return
    _require_plain(flat, path.suffix)
    kinds = sorted(set(flat.geom_type.dropna()))
    write_vector(flat, path, geometry_type=kinds[0] if len(kinds) == 1 else "Unknown" if kinds else "Point")


def _write_csv(flat: gpd.GeoDataFrame, path: pathlib.Path) -> None:
    """Texts as they are, days in ISO form, numbers with every digit, nothing where it is missing."""
    points = flat.geometry.to_numpy()
    columns: dict[str, Any] = {}
    for name in flat.columns:
        if name != "geometry" and name not in {"latitude", "longitude"}:
            columns[str(name)] = [_cell(value) for value in flat[name].astype(object)]
    kinds = shapely.get_type_id(points)
    if np.isin(kinds, (-1, 0)).all():
        # The geometry says where; older columns of coordinates would contradict it.
        columns["latitude"] = [_cell(value) for value in shapely.get_y(points).tolist()]
        columns["longitude"] = [_cell(value) for value in shapely.get_x(points).tolist()]
    else:
        columns["geometry"] = [
            "" if text is None else text for text in shapely.to_wkt(points, rounding_precision=-1)
        ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(_UnixLines(file))
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


class _UnixLines:
    """Ends lines in LF for a writer told CRLF, which alone makes it put quotes round a lone CR."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, record: str) -> int:
        """Write one record."""
        return self._file.write(record.removesuffix("\r\n") + "\n")


def _cell(value: object) -> str:
    if is_missing(value):
        return ""
    if isinstance(value, pd.Timestamp):
        midnight = value == value.normalize()
        return value.strftime("%Y-%m-%d") if midnight and value.tz is None else value.isoformat()
    if isinstance(value, float):
        return repr(float(value))
    return str(value)


def _require_plain(flat: gpd.GeoDataFrame, ending: str) -> None:
    """Refuse what a vector file cannot hold, before half of it is written."""
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
    low = [str(name).casefold() for name in flat.columns]
    twice = sorted({name for name in low if low.count(name) > 1})
    if twice and ending == ".gpkg":
        raise TableError(f".gpkg ignores case, so these columns collide: {', '.join(twice)}; rename one.")


def _provenance(table: gpd.GeoDataFrame, draft: pathlib.Path, name: str) -> str:
    try:
        version = importlib.metadata.version("borderline-geo")
    except importlib.metadata.PackageNotFoundError:
        version = "unknown"
    attrs = _plain(table.attrs)
    record = {
        "file": name,
        "sha256": hashlib.sha256(draft.read_bytes()).hexdigest(),
        "written_by": f"borderline {version}",
        "rows": len(table),
        "columns": [str(column) for column in table.columns],
        "crs": table.crs.to_string(),
        "sources": attrs.pop("sources", []),
        "attrs": attrs,
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def _plain(attrs: dict[Any, Any]) -> dict[str, Any]:
    """Keep the attributes that JSON can hold; a `Source` becomes its dict."""
    kept = {}
    for name, value in attrs.items():
        several = isinstance(value, (list, tuple))
        items = [
            dataclasses.asdict(v) if isinstance(v, Source) else v for v in (value if several else [value])
        ]
        try:
            json.dumps(items, allow_nan=False)
        except (TypeError, ValueError):
            continue
        kept[str(name)] = items if several else items[0]
    return kept
