"""From whatever a caller hands over to raw cells: tables in memory, text, JSON, files of a GIS."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import tempfile
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import shapely

from .._vector import READABLE, read_vector
from ..errors import FormatError, TableError
from ._delimited import read_delimited
from ._frames import take_frame
from ._layouts import find_layout, name_columns
from ._opening import ARCHIVES, Opened, open_source
from ._raw import Raw
from ._sheets import SPREADSHEETS, read_sheet
from ._values import texts
from ._wanted import Wanted

__all__ = ["take"]

_TEXT: Final = frozenset({".csv", ".tsv", ".tab", ".txt"})
_ENDINGS: Final = _TEXT | SPREADSHEETS | READABLE.keys()
#: What columns of KML and GPX mean.
_MARKS: Final = {
    "name": "location",
    "description": "notes",
    "desc": "notes",
    "timestamp": "event_date",
    "begin": "event_date",
    "time": "event_date",
    "end": "event_date_end",
}
#: Under these keys the interfaces of ACLED and UCDP keep their rows.
_ROWS: Final = ("data", "Result", "results", "events")
#: Largest JSON answer taken whole, bytes.
_MAX_JSON: Final = 1 << 29


def take(
    source: str | os.PathLike[str] | pd.DataFrame,
    *,
    format: str,  # noqa: A002 - as the caller's argument is called
    mapping: Mapping[str, str],
    wanted: Wanted,
) -> Raw:
    """
    Take a source apart, keeping what is wanted of it.

    Raises
    ------
    TableError
        If `source` is neither a path nor a table.
    FormatError
        If the file is missing, of no known kind, or damaged.
    """
    if isinstance(source, pd.DataFrame):
        return _kept(take_frame(source), format, mapping, wanted)
    if not isinstance(source, (str, os.PathLike)):
        raise TableError(f"Events come from a path or a DataFrame, not from {type(source).__name__}.")
    path = pathlib.Path(source)
    _require_known(path.suffix.lower(), path.name, _ENDINGS | ARCHIVES)
    if not path.is_file():
        raise FormatError(f"There is no file {str(path)!r}; is the folder the right one?")
    with open_source(path, endings=_ENDINGS) as opened:
        _require_known(opened.ending, opened.name, _ENDINGS)
        if opened.ending in _TEXT:
            return _take_text(opened, format, mapping, wanted)
        if opened.ending in SPREADSHEETS:
            return _kept(read_sheet(opened), format, mapping, wanted)
        frame = _read_records(opened) if opened.ending == ".json" else None
        if frame is None:
            frame = _read_vector(opened)
        return _kept(take_frame(frame, name=opened.name, stem=opened.stem), format, mapping, wanted)


def _require_known(ending: str, name: str, known: frozenset[str]) -> None:
    if ending not in known:
        raise FormatError(
            f"{name!r}: the ending {ending or '(none)'} is not known; "
            f"endings read: {', '.join(sorted(_ENDINGS | ARCHIVES))}."
        )


def _take_text(opened: Opened, layout: str, mapping: Mapping[str, str], wanted: Wanted) -> Raw:
    return read_delimited(
        opened,
        known=frozenset(mapping.values()),
        choose=lambda names: wanted.predicate(names, find_layout(names, layout)[0], dict(mapping)),
        name_columns=name_columns,
    )


def _read_records(opened: Opened) -> pd.DataFrame | None:
    """Read a JSON list of rows, bare or as an interface wraps it; None for GeoJSON and what is no JSON."""
    data = opened.file.read(_MAX_JSON + 1)
    opened.file.seek(0)
    if not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"[")):
        return None
    if len(data) > _MAX_JSON:
        raise FormatError(f"{opened.name} has more than {_MAX_JSON >> 20} MB of JSON; take a table of text.")
    try:
        told = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{opened.name} is no JSON: {str(error).splitlines()[0]}.") from error
    if isinstance(told, dict) and "type" in told and ("features" in told or "geometry" in told):
        return None
    if isinstance(told, dict):
        told = next((told[key] for key in _ROWS if isinstance(told.get(key), list)), None)
    if not isinstance(told, list) or not told or not all(isinstance(row, dict) for row in told):
        raise FormatError(
            f"{opened.name} holds no rows: neither a list of objects, nor one under {', '.join(_ROWS)}, "
            "nor GeoJSON."
        )
    return pd.DataFrame.from_records(told).astype(object)


def _read_vector(opened: Opened) -> pd.DataFrame:
    if opened.path is not None:
        return _our_names(read_vector(opened.path), opened.ending)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / f"{opened.stem}{opened.ending}"
        path.write_bytes(opened.file.read())
        return _our_names(read_vector(path), opened.ending)


def _our_names(table: pd.DataFrame, ending: str) -> pd.DataFrame:
    """Name what the columns of a placemark or a waypoint mean, and leave out those without a value."""
    if ending not in {".kml", ".gpx"}:
        return table
    filled = table.drop(
        columns=[name for name in table.columns if name != "geometry" and table[name].isna().all()]
    )
    names = {name: _MARKS[name.casefold()] for name in filled.columns if name.casefold() in _MARKS}
    return filled.rename(columns=names)


def _kept(raw: Raw, layout: str, mapping: Mapping[str, str], wanted: Wanted) -> Raw:
    """Pass over the rows that are not wanted of a table that was read whole."""
    if wanted.everything:
        return raw
    cells = raw.cells
    if raw.geometries is not None:
        points = raw.geometries
        beside = {"latitude": shapely.get_y(points), "longitude": shapely.get_x(points)}
        cells = cells.drop(columns=list(beside), errors="ignore").assign(**beside)
    names = list(map(str, cells.columns))
    wants = wanted.predicate(names, find_layout(names, layout)[0], dict(mapping))
    if wants is None:
        return raw
    columns = [[text or "" for text in texts(cells[name])] for name in cells.columns]
    keep = np.flatnonzero([wants(list(row)) for row in zip(*columns, strict=True)])
    return dataclasses.replace(
        raw,
        table=raw.table.iloc[keep].reset_index(drop=True),
        cells=raw.cells.iloc[keep].reset_index(drop=True),
        geometries=None if raw.geometries is None else raw.geometries[keep],
        passed_over=len(raw.table) - len(keep),
    )
