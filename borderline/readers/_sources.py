"""From what a caller hands over to raw tables: tables in memory, text, spreadsheets, JSON, files of a GIS."""

from __future__ import annotations

import contextlib
import dataclasses
import glob
import json
import os
import pathlib
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, Final, TypeAlias, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from .._constants import WGS84_CRS
from .._vector import READABLE, read_vector
from ..errors import CRSError, FormatError, TableError
from ._archives import ARCHIVES, OpenedFile, open_table_file
from ._cell_values import read_texts
from ._delimited import read_delimited
from ._gdelt import name_columns
from ._layout import fold_column_name, match_columns
from ._providers import find_layout
from ._raw_table import IN_MEMORY, Faults, RawTable, unique_names
from ._row_filter import RowFilter
from ._spreadsheets import SPREADSHEETS, read_spreadsheet

__all__ = ["EventSource", "expand_sources", "label_sources", "read_source"]

#: What events are read from: a path, an open file, or a table in memory.
EventSource: TypeAlias = str | os.PathLike[str] | IO[Any] | pd.DataFrame

_TEXT: Final = frozenset({".csv", ".tsv", ".tab", ".txt"})
_ENDINGS: Final = _TEXT | SPREADSHEETS | READABLE.keys()
#: Event columns for the fields of KML and GPX.
_KML_FIELDS: Final = {
    "name": "location",
    "description": "notes",
    "desc": "notes",
    "timestamp": "event_date",
    "begin": "event_date",
    "time": "event_date",
    "end": "event_date_end",
}
#: Keys under which the interfaces of ACLED and UCDP keep their records.
_RECORD_KEYS: Final = ("data", "Result", "results", "events")
#: Largest JSON file read, bytes.
_MAX_JSON: Final = 1 << 29

_BLOCK: Final = 1 << 20
#: How files begin, for an open file without a name.
_BEGINNINGS: Final = (
    (b"SQLite format 3\0", ".gpkg"),
    (b"fgb\x03", ".fgb"),
    (b"PAR1", ".parquet"),
    (b"\x1f\x8b", ".csv.gz"),
    (b"\xd0\xcf\x11\xe0", ".xls"),
)


def expand_sources(source: EventSource | Iterable[EventSource]) -> list[EventSource]:
    """
    Return the sources that a caller hands over: one, several, or the files that match a pattern.

    Raises
    ------
    FormatError
        If no file matches a pattern.
    TableError
        If there is no source.
    """
    if isinstance(source, (str, os.PathLike)):
        pattern = os.fspath(source)
        if not (isinstance(pattern, str) and glob.has_magic(pattern)) or pathlib.Path(pattern).exists():
            return [source]
        paths: list[EventSource] = [*sorted(glob.glob(pattern))]  # noqa: PTH207 - pathlib takes no absolute pattern
        if not paths:
            raise FormatError(f"No file matches {pattern!r}; is the folder the right one?")
        return paths
    is_single = isinstance(source, (pd.DataFrame, bytes, Mapping)) or hasattr(source, "read")
    if is_single or not isinstance(source, Iterable):
        return [cast("EventSource", source)]
    sources = [*source]
    if not sources:
        raise TableError("The list of files is empty, so there are no events to read.")
    return sources


def label_sources(sources: list[EventSource]) -> list[str]:
    """Return a name for each of several sources that its own name does not identify, else an empty one."""
    paths = [_source_path(source) for source in sources]
    counts = Counter(path.name for path in paths if path is not None)
    labels = []
    for number, (source, path) in enumerate(zip(sources, paths, strict=True), 1):
        if isinstance(source, pd.DataFrame):
            labels.append(f"table {number}")
        elif path is None:
            labels.append(f"file {number}")
        else:
            labels.append(str(path) if counts[path.name] > 1 else "")
    return labels


def _source_path(source: EventSource) -> pathlib.PurePath | None:
    name = source if isinstance(source, (str, os.PathLike)) else getattr(source, "name", None)
    return pathlib.PurePath(name) if isinstance(name, (str, os.PathLike)) else None


def read_source(
    source: EventSource,
    *,
    format: str,  # noqa: A002 - as the caller's argument is called
    mapping: Mapping[str, str],
    row_filter: RowFilter,
) -> RawTable:
    """
    Read one source, keeping the records that pass a filter.

    Raises
    ------
    TableError
        If `source` is neither a path, nor an open file, nor a table.
    FormatError
        If the file is missing, of no known kind, or damaged.
    """
    if isinstance(source, pd.DataFrame):
        return _filter_rows(_read_frame(source), format, mapping, row_filter)
    if isinstance(source, (str, os.PathLike)):
        return _read_path(pathlib.Path(source), format, mapping, row_filter)
    if callable(getattr(source, "read", None)):
        with _save_file(source) as path:
            return _read_path(path, format, mapping, row_filter)
    raise TableError(
        "Events come from a path, an open file, a DataFrame, or a list of these, "
        f"not from {type(source).__name__}."
    )


def _read_path(
    path: pathlib.Path, layout: str, mapping: Mapping[str, str], row_filter: RowFilter
) -> RawTable:
    _require_known_ending(path.suffix.lower(), path.name, _ENDINGS | ARCHIVES)
    if not path.is_file():
        raise FormatError(f"There is no file {str(path)!r}; is the folder the right one?")
    with open_table_file(path, endings=_ENDINGS) as opened:
        _require_known_ending(opened.ending, opened.name, _ENDINGS)
        if opened.ending in _TEXT:
            return read_delimited(
                opened,
                known=frozenset(mapping.values()),
                make_predicate=lambda names: row_filter.make_predicate(
                    names, find_layout(names, layout)[0], mapping
                ),
                name_columns=name_columns,
            )
        if opened.ending in SPREADSHEETS:
            raw = read_spreadsheet(opened)
        else:
            frame = _read_json_records(opened) if opened.ending == ".json" else None
            if frame is None:
                frame = _read_vector_file(opened)
            raw = _read_frame(frame, name=opened.name, stem=opened.stem)
        return _filter_rows(raw, layout, mapping, row_filter)


@contextlib.contextmanager
def _save_file(file: IO[Any]) -> Iterator[pathlib.Path]:
    """
    Copy an open file to disk, so that it is read like any other; it is deleted afterwards.

    Its name tells the kind of file; one without a known ending is recognised by its beginning.
    """
    name = (_source_path(file) or pathlib.PurePath("input")).name.strip("<>")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "content")
        with path.open("wb") as copy:
            while block := file.read(_BLOCK):
                copy.write(block.encode("utf-8", "surrogatepass") if isinstance(block, str) else block)
        if pathlib.PurePath(name).suffix.lower() not in _ENDINGS | ARCHIVES:
            name += _recognise_ending(path)
        yield path.rename(path.with_name(name))


def _recognise_ending(path: pathlib.Path) -> str:
    """Return the ending that fits the beginning of a file; what is nothing else is text."""
    with path.open("rb") as file:
        head = file.read(4096)
    for beginning, ending in _BEGINNINGS:
        if head.startswith(beginning):
            return ending
    if head.startswith(b"PK\x03\x04"):
        if b"opendocument" in head:
            return ".ods"
        return ".xlsx" if b"[Content_Types].xml" in head or b"xl/" in head else ".zip"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"<?xml", b"<kml", b"<gpx")):
        return ".gpx" if b"<gpx" in text else ".kml"
    return ".json" if text.startswith((b"{", b"[")) else ".csv"


def _require_known_ending(ending: str, name: str, known: frozenset[str]) -> None:
    if ending not in known:
        raise FormatError(
            f"{name!r}: the ending {ending or '(none)'} is not known; "
            f"endings read: {', '.join(sorted(_ENDINGS | ARCHIVES))}."
        )


def _read_frame(frame: pd.DataFrame, *, name: str = IN_MEMORY, stem: str = "") -> RawTable:
    """
    Read a table in memory without changing it.

    A GeoDataFrame is transformed to EPSG:4326; an index that is named like an identifier serves as one.

    Raises
    ------
    CRSError
        If a GeoDataFrame has no CRS.
    """
    table = pd.DataFrame(frame)
    if table.index.name is not None and "event_id" in match_columns([str(table.index.name)], {}):
        folded_names = {fold_column_name(column) for column in table.columns}
        if fold_column_name(table.index.name) not in folded_names:
            table = table.reset_index()
    table = table.reset_index(drop=True)
    active = frame.active_geometry_name if isinstance(frame, gpd.GeoDataFrame) else None
    position = None if active is None else list(map(str, table.columns)).index(str(active))
    table.columns = pd.Index(unique_names(table.columns))
    raw = RawTable(
        table=table, cells=table, geometries=None, lines=None, faults=Faults(), name=name, stem=stem
    )
    if position is None:
        return raw
    geometry = frame.geometry
    if geometry.crs is None:
        raise CRSError(
            f"{name} has no CRS; if its points are longitude and latitude, say so with set_crs(4326)."
        )
    if not CRS(geometry.crs).equals(WGS84_CRS, ignore_axis_order=True):
        geometry = geometry.to_crs(WGS84_CRS)
    cells = table.drop(columns=table.columns[position])
    return dataclasses.replace(raw, cells=cells, geometries=geometry.to_numpy())


def _read_json_records(opened: OpenedFile) -> pd.DataFrame | None:
    """Read a JSON list of records, bare or as an interface wraps it; None for GeoJSON and what is no JSON."""
    data = opened.file.read(_MAX_JSON + 1)
    opened.file.seek(0)
    if not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"[")):
        return None
    if len(data) > _MAX_JSON:
        raise FormatError(f"{opened.name} has more than {_MAX_JSON >> 20} MB of JSON; take a table of text.")
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{opened.name} is no JSON: {str(error).splitlines()[0]}.") from error
    if isinstance(content, dict) and "type" in content and ("features" in content or "geometry" in content):
        return None
    if isinstance(content, dict):
        content = next((content[key] for key in _RECORD_KEYS if isinstance(content.get(key), list)), None)
    if not isinstance(content, list) or not content or not all(isinstance(row, dict) for row in content):
        raise FormatError(
            f"{opened.name} holds no rows: neither a list of objects, nor one under "
            f"{', '.join(_RECORD_KEYS)}, nor GeoJSON."
        )
    return pd.DataFrame.from_records(content).astype(object)


def _read_vector_file(opened: OpenedFile) -> pd.DataFrame:
    if opened.path is not None:
        table = read_vector(opened.path)
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / f"{opened.stem}{opened.ending}"
            path.write_bytes(opened.file.read())
            table = read_vector(path)
    if opened.ending not in {".kml", ".gpx"}:
        return table
    filled = table.drop(
        columns=[name for name in table.columns if name != "geometry" and table[name].isna().all()]
    )
    names = {name: _KML_FIELDS[name.casefold()] for name in filled.columns if name.casefold() in _KML_FIELDS}
    return filled.rename(columns=names)


def _filter_rows(raw: RawTable, layout: str, mapping: Mapping[str, str], row_filter: RowFilter) -> RawTable:
    """Pass over the records of a table that was read whole."""
    if row_filter.keeps_all:
        return raw
    cells = raw.cells
    if raw.geometries is not None:
        points = raw.geometries
        coordinates = {"latitude": shapely.get_y(points), "longitude": shapely.get_x(points)}
        cells = cells.drop(columns=list(coordinates), errors="ignore").assign(**coordinates)
    names = list(map(str, cells.columns))
    keep = row_filter.make_predicate(names, find_layout(names, layout)[0], mapping)
    if keep is None:
        return raw
    columns = [[text or "" for text in read_texts(cells[name])] for name in cells.columns]
    kept = np.flatnonzero([keep(list(row)) for row in zip(*columns, strict=True)])
    return dataclasses.replace(
        raw,
        table=raw.table.iloc[kept].reset_index(drop=True),
        cells=raw.cells.iloc[kept].reset_index(drop=True),
        geometries=None if raw.geometries is None else raw.geometries[kept],
        passed_over=len(raw.table) - len(kept),
    )
