"""Read files of a GIS and JSON of the providers' interfaces into raw tables."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._json_maps import JSON_LINES, parse_json, parse_json_lines, read_json_map
from .._map_layers import MapLayer, flatten_collection
from .._vector import read_map_layers, select_layers
from ..errors import FormatError
from ._layout import count_known_names, match_columns
from ._memory_tables import move_to_wgs84, read_frame
from ._raw_table import Faults, RawTable, unique_names

__all__ = ["read_map_file"]

#: Keys under which interfaces keep their records (ACLED, UCDP, Kobo, ODK, Ushahidi and others).
_RECORD_KEYS: Final = (
    "data",
    "Result",
    "results",
    "events",
    "value",
    "records",
    "incidents",
    "items",
    "rows",
)
#: Records nested deeper than this stay as they are.
_MAX_NESTED: Final = 3
_COORDINATE_KEYS: Final = ({"lat", "lon"}, {"lat", "lng"}, {"latitude", "longitude"}, {"type", "coordinates"})
_POINTS: Final = frozenset({0, 4})


def read_map_file(
    path: pathlib.Path, *, name: str, stem: str, layer: str | None, encoding: str | None
) -> RawTable:
    """
    Read a file of a GIS, or JSON.

    Parameters
    ----------
    path
        An existing file, or the folder of a geodatabase.
    name
        Name of the file in messages.
    stem
        Short name for the column ``dataset``.
    layer
        Layer to read; without it those of points are joined, which must have the same columns.
    encoding
        Encoding of the texts of a Shapefile.

    Raises
    ------
    FormatError
        If the file is damaged, holds no rows, or has layers of several shapes.
    CRSError
        If geometries have no CRS.
    """
    ending = path.suffix.lower()
    layers: list[MapLayer] | None = None
    data = path.read_bytes() if ending in {*JSON_LINES, ".json", ".geojson"} else b""
    if ending in JSON_LINES or _has_object_lines(data):
        objects, lines = parse_json_lines(data, name)
        layers = read_json_map(objects, name, lines=lines)
        if layers is None:
            return _read_records(objects, name, stem, lines)
    elif ending == ".json":
        if not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"[", b"\xff\xfe")):
            raise FormatError(f"{name} does not begin like a .json file; is the ending right?")
        content = parse_json(data, name)
        layers = read_json_map(content, name)
        if layers is None:
            return _read_records(_find_records(content, name), name, stem, None)
    if layers is not None and layer is not None:
        layers = select_layers(layers, layer, name)
    if layers is None:
        layers = read_map_layers(path, layer=layer, encoding=encoding)
    return _join_layers(layers, name, stem, is_chosen=layer is not None)


def _has_object_lines(data: bytes) -> bool:
    """Return whether the first line is a whole JSON object and another one follows it."""
    first, _, rest = data.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    first = first.strip()
    return first.startswith(b"{") and first.endswith(b"}") and rest.lstrip().startswith(b"{")


def _find_records(content: Any, name: str) -> list[Any]:  # noqa: ANN401 - any JSON
    """Return a list of records, bare or as an interface wraps it."""
    if isinstance(content, dict):
        content = next((content[key] for key in _RECORD_KEYS if isinstance(content.get(key), list)), None)
    if not isinstance(content, list) or not content or not all(isinstance(row, dict) for row in content):
        raise FormatError(
            f"{name} holds no rows: neither a list of objects, nor one under "
            f"{', '.join(_RECORD_KEYS)}, nor GeoJSON."
        )
    return content


def _read_records(records: list[Any], name: str, stem: str, lines: list[int] | None) -> RawTable:
    flat = [dict(_flatten_record(record)) if isinstance(record, dict) else {} for record in records]
    columns = list(dict.fromkeys(key for record in flat for key in record))
    frame = pd.DataFrame(
        {key: pd.Series([record.get(key) for record in flat], dtype=object) for key in columns},
        index=range(len(flat)),
    )
    raw = read_frame(frame, name=name, stem=stem)
    for row, record in enumerate(records):
        if not isinstance(record, dict):
            raw.faults.add(row, "row_unreadable", "it is no JSON object; correct or delete it")
    return raw if lines is None else dataclasses.replace(raw, lines=np.array(lines, dtype=np.int64))


def _flatten_record(record: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield the cells of a record; those of objects in it under joined names, but for positions."""
    for key, value in record.items():
        name = f"{prefix}{key}"
        is_position = isinstance(value, dict) and any(
            keys <= {str(inner).casefold() for inner in value} for keys in _COORDINATE_KEYS
        )
        if isinstance(value, dict) and value and not is_position and depth < _MAX_NESTED:
            yield from _flatten_record(value, f"{name}.", depth + 1)
        else:
            yield name, value


def _join_layers(layers: list[MapLayer], name: str, stem: str, *, is_chosen: bool) -> RawTable:
    """Return one table of the layers that hold events, each of which must have the same columns."""
    filled = [layer for layer in layers if len(layer.cells)] or layers[:1]
    if not filled:
        raise FormatError(f"{name} holds no layer with a row.")
    points = filled if is_chosen else [layer for layer in filled if _holds_points(layer)]
    if not points and len(filled) > 1:
        listed = ", ".join(layer.name for layer in filled[:10])
        raise FormatError(
            f"{name} holds {len(filled)} layers and none of points ({listed}); choose one with layer=. "
            "A line is read with Border.from_file."
        )
    kept = points or filled
    # A layer of points may hold events whatever its columns are called.
    known = kept if points else [layer for layer in kept if _count_known(layer)] or kept
    passed = [layer.name for layer in filled if layer not in known]
    _require_one_shape(known, name)
    notes = [note for layer in layers for note in layer.notes]
    if passed:
        notes.append(f"{name}: passed over the layer{'s' * (len(passed) > 1)} {', '.join(passed)}.")
    raws = [_read_layer(layer, name, stem) for layer in known]
    first = raws[0]
    title = ", ".join(layer.name for layer in known if layer.name)
    if len(raws) == 1:
        return dataclasses.replace(first, part=title, notes=tuple(dict.fromkeys(notes)))
    return _concat_raws(raws, [layer.name for layer in known], title, tuple(dict.fromkeys(notes)))


def _holds_points(layer: MapLayer) -> bool:
    if layer.geometries is None:
        return False
    kinds = {int(kind) for kind in np.unique(shapely.get_type_id(layer.geometries)) if kind >= 0}
    return not kinds or bool(kinds & _POINTS)


def _count_known(layer: MapLayer) -> int:
    return count_known_names(map(str, layer.cells.columns)) + len(layer.meanings)


def _require_one_shape(layers: list[MapLayer], name: str) -> None:
    first, *others = layers
    if first.notation in {"KML", "GeoJSON"}:
        return  # each placemark has the fields that it needs
    for other in others:
        if set(other.cells.columns) != set(first.cells.columns):
            shapes = "; ".join(
                f"{part.name}: {', '.join(map(str, part.cells.columns[:8]))}" for part in layers[:5]
            )
            raise FormatError(
                f"{name} holds {len(layers)} layers ({', '.join(part.name for part in layers[:10])}) "
                f"with different columns ({shapes}); choose one with layer=."
            )


def _read_layer(layer: MapLayer, name: str, stem: str) -> RawTable:
    raw = read_frame(layer.cells, name=name, stem=stem)
    if layer.lines is not None:
        raw = dataclasses.replace(raw, lines=np.array(layer.lines, dtype=np.int64))
    if layer.geometries is None:
        return raw
    geometries = np.array(
        [flatten_collection(geometry) for geometry in layer.geometries] + [None], dtype=object
    )
    series, datum, shift = move_to_wgs84(gpd.GeoSeries(geometries[:-1], crs=layer.crs), name)
    for row, fault in layer.faults.items():
        raw.faults.add(row, "geometry_unreadable", f"{fault}; correct or empty it")
    column = unique_names(["geometry"], taken=map(str, layer.cells.columns))[0]
    # A column of its own has the better word for what the format has a field for.
    matched = match_columns(
        [str(column) for column in layer.cells.columns if column not in layer.meanings.values()], {}
    )
    return dataclasses.replace(
        raw,
        table=raw.table.assign(**{column: list(layer.geometries)}),
        geometries=series.to_numpy(),
        geometry_name="geometry",
        datum=datum,
        shift=shift,
        notations={"geometry": layer.notation} if layer.notation else {},
        meanings={target: field for target, field in layer.meanings.items() if target not in matched},
    )


def _concat_raws(raws: list[RawTable], layers: list[str], title: str, notes: tuple[str, ...]) -> RawTable:
    """Return the tables of several layers as one, with a column for the layer of each row."""
    first = raws[0]
    column = unique_names(["layer"], taken=[str(name) for raw in raws for name in raw.cells.columns])[0]
    named = [
        (raw.table.assign(**{column: layer}), raw.cells.assign(**{column: layer}))
        for raw, layer in zip(raws, layers, strict=True)
    ]
    faults, repairs = Faults(), Faults()
    start = 0
    for raw in raws:
        moved = {row: row + start for row in range(len(raw.cells))}
        faults.by_row.update(raw.faults.move_rows(moved).by_row)
        repairs.by_row.update(raw.repairs.move_rows(moved).by_row)
        start += len(raw.cells)
    is_placed = all(raw.geometries is not None for raw in raws)
    return dataclasses.replace(
        first,
        table=pd.concat([table for table, _ in named], ignore_index=True),
        cells=pd.concat([cells for _, cells in named], ignore_index=True),
        geometries=np.concatenate([raw.geometries for raw in raws if raw.geometries is not None])
        if is_placed
        else None,
        lines=None,
        faults=faults,
        repairs=repairs,
        meanings={target: name for raw in reversed(raws) for target, name in raw.meanings.items()},
        datum=", ".join(dict.fromkeys(raw.datum for raw in raws if raw.datum)),
        part=title,
        notes=notes,
    )
