"""From what a caller hands over to raw tables: tables in memory, text, spreadsheets, JSON, files of a GIS."""

from __future__ import annotations

import contextlib
import dataclasses
import glob
import os
import pathlib
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, Final, TypeAlias, cast

import numpy as np
import pandas as pd
import shapely

from .._vector import GEODATABASE, READABLE
from ..errors import FormatError, OptionError, TableError, describe_type
from ._archives import ARCHIVES, OpenedFile, open_table_file
from ._cell_values import read_texts
from ._delimited import read_delimited
from ._gdelt import name_columns
from ._map_files import read_map_file
from ._memory_tables import read_frame
from ._providers import find_layout
from ._raw_table import IN_MEMORY, RawTable
from ._row_filter import RowFilter
from ._spreadsheets import SPREADSHEETS, read_spreadsheet

__all__ = [
    "EventSource",
    "ReadingRequest",
    "expand_sources",
    "label_sources",
    "read_source",
    "validate_part",
]

#: What events are read from: a path, an open file, or a table in memory.
EventSource: TypeAlias = str | os.PathLike[str] | IO[Any] | pd.DataFrame

_TEXT: Final = frozenset({".csv", ".tsv", ".tab", ".txt", ".dat", ".psv"})
_ENDINGS: Final = _TEXT | SPREADSHEETS | READABLE.keys() | {GEODATABASE}
_BLOCK: Final = 1 << 20
#: Bytes looked at to see what a file is.
_HEAD: Final = 4096
#: How files begin, for an open file without a name.
_BEGINNINGS: Final = (
    (b"SQLite format 3\0", ".gpkg"),
    (b"fgb\x03", ".fgb"),
    (b"PAR1", ".parquet"),
    (b"\x1f\x8b", ".csv.gz"),
    (b"\xd0\xcf\x11\xe0", ".xls"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class ReadingRequest:
    """How sources are to be read, as the caller says."""

    #: Name of a layout, or ``"auto"``.
    format: str
    #: Event column to column of the table.
    mapping: Mapping[str, str]
    row_filter: RowFilter
    #: Sheet of a spreadsheet and layer of a map; None for those that hold events.
    sheet: str | None = None
    layer: str | None = None
    #: Encoding of text; None where it is to be found.
    encoding: str | None = None


def validate_part(name: object, option: str) -> str | None:
    """
    Return the argument ``sheet`` or ``layer``.

    Raises
    ------
    OptionError
        If it is no text.
    """
    if name is None or (isinstance(name, str) and name):
        return name
    raise OptionError(f"{option} must be the name of a {option}, not {name!r}.")


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


def read_source(source: EventSource, request: ReadingRequest) -> RawTable:
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
        _require_no_part(request.sheet, "sheet", IN_MEMORY)
        _require_no_part(request.layer, "layer", IN_MEMORY)
        return _filter_rows(read_frame(source), request)
    if isinstance(source, (str, os.PathLike)):
        return _read_path(pathlib.Path(source), request)
    if callable(getattr(source, "read", None)):
        with _save_file(source) as path:
            return _read_path(path, request)
    raise TableError(
        "Events come from a path, an open file, a DataFrame, or a list of these, "
        f"not from {describe_type(source)}."
    )


def _read_path(path: pathlib.Path, request: ReadingRequest) -> RawTable:
    _require_known_ending(path.suffix.lower(), path.name, _ENDINGS | ARCHIVES)
    if path.is_dir() and path.suffix.lower() == GEODATABASE:
        _require_no_part(request.sheet, "sheet", path.name)
        return _filter_rows(
            read_map_file(
                path, name=path.name, stem=path.stem, layer=request.layer, encoding=request.encoding
            ),
            request,
        )
    if not path.is_file():
        raise FormatError(f"There is no file {str(path)!r}; is the folder the right one?")
    with open_table_file(path, endings=_ENDINGS) as opened:
        _require_known_ending(opened.ending, opened.name, _ENDINGS)
        if opened.ending not in SPREADSHEETS:
            _require_no_part(request.sheet, "sheet", opened.name)
        if opened.ending in _TEXT or (opened.ending in SPREADSHEETS and _is_plain_text(opened)):
            _require_no_part(request.layer, "layer", opened.name)
            return read_delimited(
                opened,
                known=frozenset(request.mapping.values()),
                make_predicate=lambda names, meanings: request.row_filter.make_predicate(
                    names, find_layout(names, request.format)[0], {**meanings, **request.mapping}
                ),
                name_columns=name_columns,
                encoding=request.encoding,
            )
        if opened.ending in SPREADSHEETS:
            _require_no_part(request.layer, "layer", opened.name)
            raw = read_spreadsheet(opened, sheet=request.sheet)
        elif opened.path is not None:
            raw = read_map_file(
                opened.path,
                name=opened.name,
                stem=opened.stem,
                layer=request.layer,
                encoding=request.encoding,
            )
        else:
            with tempfile.TemporaryDirectory() as folder:
                unpacked = pathlib.Path(folder) / f"{opened.stem}{opened.ending}"
                unpacked.write_bytes(opened.file.read())
                raw = read_map_file(
                    unpacked,
                    name=opened.name,
                    stem=opened.stem,
                    layer=request.layer,
                    encoding=request.encoding,
                )
        return _filter_rows(raw, request)


def _is_plain_text(opened: OpenedFile) -> bool:
    """Return whether a file is delimited text under the ending of a spreadsheet, as some programs export."""
    head = opened.file.read(_HEAD)
    opened.file.seek(0)
    is_binary = b"\0" in head.replace(b"\r\0", b"") and not head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return bool(head.strip()) and not is_binary and not head.startswith((b"PK", b"<", b"\xd0\xcf\x11\xe0"))


def _require_no_part(wanted: str | None, option: str, name: str) -> None:
    if wanted is not None:
        raise FormatError(f"{name} has no {option}s, so {option}={wanted!r} cannot be meant; leave it out.")


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
        return ".gpx" if b"<gpx" in text else ".gml" if b"opengis.net/gml" in text else ".kml"
    if text.startswith((b"{", b"[")):
        first, _, second = text.partition(b"\n")
        has_lines = first.rstrip().endswith(b"}") and second.lstrip().startswith(b"{")
        return ".geojsonl" if has_lines else ".json"
    return ".csv"


def _require_known_ending(ending: str, name: str, known: frozenset[str]) -> None:
    if ending not in known:
        raise FormatError(
            f"{name!r}: the ending {ending or '(none)'} is not known; "
            f"endings read: {', '.join(sorted(_ENDINGS | ARCHIVES))}."
        )


def _filter_rows(raw: RawTable, request: ReadingRequest) -> RawTable:
    """Pass over the records of a table that was read whole."""
    if request.row_filter.keeps_all:
        return raw
    cells = raw.cells
    if raw.geometries is not None:
        points = raw.geometries
        coordinates = {"latitude": shapely.get_y(points), "longitude": shapely.get_x(points)}
        cells = cells.drop(columns=list(coordinates), errors="ignore").assign(**coordinates)
    names = list(map(str, cells.columns))
    layout, _ = find_layout(names, request.format)
    keep = request.row_filter.make_predicate(names, layout, {**raw.meanings, **request.mapping})
    if keep is None:
        return raw
    columns = [[text or "" for text in read_texts(cells[name])] for name in cells.columns]
    is_kept = [keep(list(row)) for row in zip(*columns, strict=True)]
    # What cannot be read is set aside with its reason, not passed over.
    kept = np.flatnonzero(
        np.array([passed or row in raw.faults for row, passed in enumerate(is_kept)], dtype=bool)
    )
    moved = {int(row): position for position, row in enumerate(kept)}
    return dataclasses.replace(
        raw,
        table=raw.table.iloc[kept].reset_index(drop=True),
        cells=raw.cells.iloc[kept].reset_index(drop=True),
        geometries=None if raw.geometries is None else raw.geometries[kept],
        lines=None if raw.lines is None else raw.lines[kept],
        faults=raw.faults.move_rows(moved),
        repairs=raw.repairs.move_rows(moved),
        passed_over=len(raw.table) - len(kept),
    )
