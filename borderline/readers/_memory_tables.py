"""Read tables in memory: the columns, what the index holds, the geometry."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Hashable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._constants import WGS84_CRS
from .._datums import Shift, describe_crs, to_wgs84
from .._map_layers import flatten_collection
from ..errors import CRSError
from ._column_names import fold_column_name
from ._raw_table import IN_MEMORY, Faults, RawTable, unique_names

__all__ = ["move_to_wgs84", "read_frame"]

#: Number of the type in shapely.
_COLLECTION: Final = 7
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def read_frame(frame: pd.DataFrame, *, name: str = IN_MEMORY, stem: str = "") -> RawTable:
    """
    Read a table in memory without changing it.

    Levels of the index that have names are columns; the geometry is transformed to EPSG:4326.

    Raises
    ------
    CRSError
        If a GeoDataFrame has no CRS, or one that has no way to the globe.
    """
    table = _reset_named_levels(pd.DataFrame(frame))
    active = frame.active_geometry_name if isinstance(frame, gpd.GeoDataFrame) else None
    position = None if active is None else list(map(str, table.columns)).index(str(active))
    table.columns = pd.Index(unique_names(table.columns))
    repairs = Faults()
    table = _replace_surrogates(table, repairs)
    raw = RawTable(
        table=table,
        cells=table,
        geometries=None,
        lines=None,
        faults=Faults(),
        name=name,
        stem=stem,
        repairs=repairs,
    )
    if position is None:
        return raw
    geometry, datum, shift = move_to_wgs84(frame.geometry, name)
    column = str(table.columns[position])
    return dataclasses.replace(
        raw,
        cells=table.drop(columns=[column]),
        geometries=_flatten_collections(geometry.to_numpy()),
        geometry_name=column,
        datum=datum,
        shift=shift,
    )


def _flatten_collections(geometries: Any) -> Any:  # noqa: ANN401 - arrays of geometries
    """Replace collections of one member by that member."""
    rows = np.flatnonzero(shapely.get_type_id(geometries) == _COLLECTION)
    if not len(rows):
        return geometries
    flat = geometries.copy()
    for row in rows:
        flat[row] = flatten_collection(flat[row])
    return flat


def _reset_named_levels(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with a plain index, whose named levels became columns unless a column has the name."""
    taken = {fold_column_name(column) for column in table.columns}
    kept = [
        level
        for level, name in enumerate(table.index.names)
        if name is not None and fold_column_name(name) not in taken
    ]
    dropped: list[Hashable] = [level for level in range(table.index.nlevels) if level not in kept]
    if not kept:
        return table.reset_index(drop=True)
    if dropped:
        table = table.droplevel(dropped)
    return table.reset_index()


def _replace_surrogates(table: pd.DataFrame, repairs: Faults) -> pd.DataFrame:
    """Replace halves of surrogate pairs, which are no characters, by U+FFFD."""
    mended: dict[int, pd.Series] = {}
    for position, name in enumerate(table.columns):
        column = table.iloc[:, position]
        if column.dtype != object and not isinstance(column.dtype, pd.StringDtype):
            continue
        rows = [
            row
            for row, cell in enumerate(column)
            if isinstance(cell, str) and not cell.isascii() and _SURROGATE.search(cell)
        ]
        if rows:
            cells = column.astype(object)
            for row in rows:
                cells.iloc[row] = _SURROGATE.sub("\ufffd", cells.iloc[row])
                detail = f"{name} holds half of a character, which became \ufffd; complete it"
                repairs.add(row, "characters_replaced", detail)
            mended[position] = cells
    if not mended:
        return table
    columns = [mended.get(position, table.iloc[:, position]) for position in range(table.shape[1])]
    return pd.concat(columns, axis="columns")


def move_to_wgs84(geometry: gpd.GeoSeries, name: str) -> tuple[gpd.GeoSeries, str, Shift]:
    """
    Return geometries in EPSG:4326, the reference system that they came in, and what was done.

    Raises
    ------
    CRSError
        If they have none, or one that cannot be brought to the globe.
    """
    if geometry.crs is None:
        raise CRSError(
            f"{name} has no CRS; if its points are longitude and latitude, say so with set_crs(4326)."
        )
    moved, shift = to_wgs84(geometry, subject=name)
    is_plain = geometry.crs.equals(WGS84_CRS, ignore_axis_order=True)
    return moved, "" if is_plain else describe_crs(geometry.crs, shift), shift
