"""From raw cells to the events table, every row accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from .._constants import WGS84_CRS
from ..errors import TableError
from ..schema import EVENT_COLUMNS
from ._columns import TARGETS, match_columns
from ._fields import Cells, read_fields
from ._layouts import Layout, looked_for
from ._points import Points, points_from_columns, points_from_geometries, points_from_places
from ._raw import Faults, Raw, quoted, unique_names
from ._values import Texts, texts

__all__ = ["build_account", "build_events"]

_COLUMNS_SHOWN = 12
_UTM = frozenset({"utm_zone", "easting", "northing"})


def build_events(
    raw: Raw, layout: Layout, mapping: Mapping[str, str]
) -> tuple[gpd.GeoDataFrame, dict[int, int]]:
    """
    Make the events table of the rows that have no fault; `raw.faults` is completed.

    Returns
    -------
    events
        One row an event.
    folded
        Position of each row that only repeats another one, to that of the other.

    Raises
    ------
    TableError
        If nothing in the table says where, or only half of a coordinate pair is there.
    """
    names = list(raw.cells.columns)
    found = match_columns(names, layout.named(names) | dict(mapping))
    _require_a_place(raw, found)
    cells = {ours: raw.cells[theirs] for ours, theirs in found.items()}
    raw, derived, folded = _derived(raw, cells, layout, mapping)
    cells |= derived
    points = _points(raw, cells)
    values, remarks = read_fields(raw, cells, layout, points)
    # A row stands for its event itself where the row it repeats cannot be used.
    folded = {row: first for row, first in folded.items() if not {row, first} & raw.faults.by_row.keys()}
    ids, ids_from = _ids(raw, cells, folded)
    out = raw.faults.by_row.keys() | folded.keys()
    kept = np.array([row for row in range(len(raw.cells)) if row not in out], dtype=np.intp)
    consumed = set(found.values())
    if raw.geometries is not None:
        # The geometry says where; coordinates beside it are only carried along.
        consumed -= {found.get("latitude", ""), found.get("longitude", "")} - set(mapping.values())
    columns = _schema_columns(values, kept) | _extra_columns(raw, consumed, values, kept)
    frame = pd.DataFrame(columns, index=range(len(kept)))
    frame.index = pd.Index(ids[kept], name="event_id", dtype="string")
    events = gpd.GeoDataFrame(frame, geometry=points[kept], crs=WGS84_CRS)
    events.attrs = {
        "format": layout.name,
        "event_id": ids_from,
        "rows": len(raw.cells),
        "rejects": reasons(raw.faults),
        **({"encoding": raw.encoding} if raw.encoding else {}),
        **({"repaired": reasons(raw.repairs)} if raw.repairs.by_row else {}),
        **({"passed_over": raw.passed_over} if raw.passed_over else {}),
        **remarks,
    }
    return events, folded


def _derived(
    raw: Raw, cells: Cells, layout: Layout, mapping: Mapping[str, str]
) -> tuple[Raw, dict[str, pd.Series], dict[int, int]]:
    """Let the layout fill columns of ours (unless the caller named them) and mend columns of its own."""
    if layout.derive is None:
        return raw, {}, {}
    told, folded = layout.derive(raw, cells)
    ours = {name: column for name, column in told.items() if name in TARGETS and name not in mapping}
    own = {name: column for name, column in told.items() if name not in TARGETS}
    if own:
        raw = replace(raw, cells=raw.cells.assign(**own))
    return raw, ours, folded


def reasons(faults: Faults) -> dict[str, int]:
    """Count the rows by the first complaint of each."""
    return dict(sorted(Counter(found[0][0] for found in faults.by_row.values()).items()))


def build_account(raw: Raw, faults: Faults) -> pd.DataFrame:
    """Take the rows complained of as they came, each with where it was and why."""
    rows = faults.rows()
    complaints = [faults.by_row[row] for row in rows]
    lines = [pd.NA if raw.lines is None else int(raw.lines[row]) for row in rows]
    details = ["; ".join(text for _, text in found) for found in complaints]
    head = pd.DataFrame(
        {
            "row": pd.array([row + 1 for row in rows], dtype="Int64"),
            "line": pd.array(lines, dtype="Int64"),
            "reason": pd.array([found[0][0] for found in complaints], dtype="string"),
            "detail": pd.array(details, dtype="string"),
        }
    )
    body = pd.DataFrame(raw.table.iloc[rows]).reset_index(drop=True)
    if raw.lines is not None:
        body = body.astype(object)
    body.columns = pd.Index(unique_names(body.columns, taken=head.columns))
    return pd.concat([head, body], axis="columns")


def _require_a_place(raw: Raw, found: Mapping[str, str]) -> None:
    if raw.geometries is not None:
        return
    names = [quoted(name) for name in raw.cells.columns]
    more = ", …" if len(names) > _COLUMNS_SHOWN else ""
    listed = f"Columns found: {', '.join(names[:_COLUMNS_SHOWN]) or 'none'}{more}."
    pair = [name for name in ("latitude", "longitude") if name in found]
    if len(pair) == 1:
        other = "longitude" if pair == ["latitude"] else "latitude"
        raise TableError(
            f"{raw.name} has a {pair[0]} column ({quoted(found[pair[0]])}) but none for {other}; "
            f'name it with columns={{"{other}": ...}}. {listed}'
        )
    if not pair and not {"location", "coordinates"} & found.keys() and not found.keys() >= _UTM:
        raise TableError(
            f"{raw.name} has no column that says where: neither latitude and longitude, "
            "nor coordinates, nor a location; "
            'name them with columns={"latitude": ..., "longitude": ...} or columns={"location": ...}. '
            f"{listed} Layouts looked for: {looked_for()}."
        )


def _points(raw: Raw, cells: Cells) -> Points:
    """Take points from the geometry, else from the coordinates, each row from the first column that tells."""
    if raw.geometries is not None:
        return points_from_geometries(raw.geometries, faults=raw.faults, repairs=raw.repairs)
    found: list[Points] = []
    if {"latitude", "longitude"} <= cells.keys():
        pair = cells["latitude"], cells["longitude"]
        found.append(points_from_columns(*pair, faults=raw.faults, repairs=raw.repairs))
    if "coordinates" in cells:
        found.append(points_from_places(cells["coordinates"], faults=raw.faults, repairs=raw.repairs))
    if cells.keys() >= _UTM:
        zone, east, north = (texts(cells[name]) for name in ("utm_zone", "easting", "northing"))
        told = [" ".join(filter(None, parts)) or None for parts in zip(zone, east, north, strict=True)]
        whole = pd.Series(told, dtype=object, name="UTM")
        found.append(points_from_places(whole, faults=raw.faults, repairs=raw.repairs))
    points: Points = np.full(len(raw.cells), None, dtype=object)
    for each in reversed(found):
        points = np.where(shapely.is_missing(each), points, each)
    return points


def _ids(raw: Raw, cells: Cells, folded: Mapping[int, int]) -> tuple[Texts, str]:
    """Take the identifiers and say where they come from; a repeated one is a fault of the later row."""
    count = len(raw.cells)
    if "event_id" not in cells:
        return np.array([str(row + 1) for row in range(count)], dtype=object), "row numbers"
    ids = texts(cells["event_id"])
    made = 0
    for row, own in enumerate(ids):
        if own is None:
            ids[row] = f"row-{row + 1}"
            made += 1
    first: dict[str, int] = {}
    for row, own in enumerate(ids):
        if row in raw.faults or row in folded:
            continue
        if own in first:
            detail = (
                f"{quoted(own)} is also row {first[own] + 1}; give one of the two another id, or delete it"
            )
            raw.faults.add(row, "duplicate_id", detail)
        else:
            first[own] = row
    name = str(cells["event_id"].name)
    return ids, f"column {name}" + (f"; {made} empty ones made from row numbers" if made else "")


def _schema_columns(values: Mapping[str, Any], kept: npt.NDArray[np.intp]) -> dict[str, Any]:
    """All columns of the vocabulary in their order, missing where the table is silent."""
    columns = {}
    for name, dtype in EVENT_COLUMNS.items():
        told = values[name][kept] if name in values else np.full(len(kept), None, dtype=object)
        if dtype in {"Int64", "Float64"}:
            columns[name] = _nullable(told.astype(np.float64), dtype)
        elif dtype == "string":
            columns[name] = pd.array(told, dtype="string")
        else:
            columns[name] = told.astype(dtype)
    return columns


def _nullable(values: npt.NDArray[np.float64], dtype: str) -> Any:  # noqa: ANN401 - either of two array types
    absent = np.isnan(values)
    plain = np.where(absent, 0.0, values)
    if dtype == "Int64":
        return pd.arrays.IntegerArray(plain.astype(np.int64), absent)
    return pd.arrays.FloatingArray(plain, absent)


def _extra_columns(
    raw: Raw, consumed: set[str], values: Mapping[str, Any], kept: npt.NDArray[np.intp]
) -> dict[str, Any]:
    """Take along what the table has besides; text from a file is missing where its cell is empty."""
    extras: dict[str, Any] = {}
    if "country_reported" in values:
        extras["country_reported"] = pd.array(values["country_reported"][kept], dtype="string")
    others = [name for name in raw.cells.columns if name not in consumed]
    reserved = [*EVENT_COLUMNS, *extras, "geometry", "event_id"]
    for theirs, ours in zip(others, unique_names(others, taken=reserved), strict=True):
        column = raw.cells[theirs].iloc[kept]
        if raw.lines is None:
            extras[ours] = column.array
        else:
            filled = column.astype("string")
            extras[ours] = filled.mask(filled == "").array
    return extras
