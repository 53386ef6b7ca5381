"""Identifiers of events: repeats, later versions, and one identifier on rows that differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from ._cell_values import Texts, read_marked_texts, read_texts
from ._layout import Cells, Layout, columns_by_name
from ._raw_table import RawTable, quote_cell

__all__ = ["KnownId", "assign_ids"]


class KnownId(NamedTuple):
    """An identifier of a source read before."""

    #: Name of its layout.
    layout: str
    #: Name of its source.
    source: str
    #: Row there, from 1.
    row: int


def assign_ids(
    raw: RawTable,
    cells: Cells,
    repeats: Mapping[int, int],
    layout: Layout,
    prefix: str,
    ids_elsewhere: Mapping[str, KnownId],
) -> tuple[Texts, str]:
    """
    Return the identifiers and where they come from.

    A row that repeats another one in every cell is a fault (``duplicate_id``); so is an older version of an
    event (``superseded``). Where rows of one identifier differ, the first one keeps it, and the others get
    one made from the row number, which is a repair (``duplicate_id``).
    """
    count = len(raw.cells)
    if "event_id" in cells:
        ids = read_marked_texts(cells["event_id"], is_place=False).copy()
        empty = np.flatnonzero(pd.isna(ids)).tolist()
        ids[empty] = [f"{prefix}row-{row + 1}" for row in empty]
        ids_from = f"column {cells['event_id'].name}"
        ids_from += f"; {len(empty)} empty ones made from row numbers" if empty else ""
    else:
        ids = np.array([f"{prefix}{row + 1}" for row in range(count)], dtype=object)
        ids_from = "row numbers"
    counted = np.ones(count, dtype=np.bool_)
    counted[[*raw.faults.by_row, *repeats]] = False
    rows = np.flatnonzero(counted)
    codes, distinct = pd.factorize(ids[rows])
    if len(distinct) < len(rows):
        _settle_repeats(raw, ids, rows, codes, layout)
    if ids_elsewhere:
        _settle_elsewhere(raw, ids, rows, layout, prefix, ids_elsewhere)
    return ids, ids_from


def _settle_repeats(raw: RawTable, ids: Texts, rows: np.ndarray, codes: np.ndarray, layout: Layout) -> None:
    """Decide what becomes of the rows that share an identifier."""
    taken = set(ids.tolist())
    order = np.argsort(codes, kind="stable")
    groups = np.split(rows[order], np.flatnonzero(np.diff(codes[order])) + 1)
    columns = columns_by_name(raw)
    versions = read_texts(columns[layout.version]) if layout.version in columns else None
    for group in groups:
        if len(group) == 1:
            continue
        first, *others = _newest_first(group.tolist(), versions)
        seen = {_row_key(raw, first): first}
        for row in sorted(others):
            key = _row_key(raw, row)
            shown = quote_cell(ids[row])
            if key in seen:
                detail = f"{shown} is also row {seen[key] + 1}, and every cell is the same; delete one"
                raw.faults.add(row, "duplicate_id", detail)
            elif versions is not None and _version_number(versions, row) < _version_number(versions, first):
                detail = f"row {first + 1} is a later version of {shown}, by its {layout.version}"
                raw.faults.add(row, "superseded", detail)
            else:
                seen[key] = row
                made = f"row-{row + 1}"
                while made in taken:
                    made += "-2"
                taken.add(made)
                detail = (
                    f"{shown} is also row {first + 1}, and the rows differ: this one is {made!r} here; "
                    "give one of the two another id"
                )
                raw.repairs.add(row, "duplicate_id", detail)
                ids[row] = made


def _newest_first(group: list[int], versions: Texts | None) -> list[int]:
    if versions is None:
        return group
    return sorted(group, key=lambda row: (-_version_number(versions, row), row))


def _version_number(versions: Texts, row: int) -> float:
    try:
        return float(versions[row] or "nan")
    except ValueError:
        return float("-inf")


def _row_key(raw: RawTable, row: int) -> tuple[str, ...]:
    """Return all cells of a row as text, the geometry too."""
    cells = tuple(str(raw.cells.iloc[row, place]).strip() for place in range(raw.cells.shape[1]))
    if raw.geometries is None:
        return cells
    return (*cells, shapely.to_wkb(raw.geometries[row], hex=True) or "")


def _settle_elsewhere(
    raw: RawTable,
    ids: Texts,
    rows: np.ndarray,
    layout: Layout,
    prefix: str,
    ids_elsewhere: Mapping[str, KnownId],
) -> None:
    """Decide what becomes of identifiers that an earlier source has, too."""
    for row in rows.tolist():
        known = ids_elsewhere.get(ids[row])
        if known is None or row in raw.faults:
            continue
        if known.layout == layout.name:
            place = f"row {known.row} of {known.source}"
            detail = f"{quote_cell(ids[row])} is also {place}; give one of the two another id, or delete it"
            raw.faults.add(row, "duplicate_id", detail)
        else:
            # Providers number their events independently of each other.
            ids[row] = f"{prefix}{ids[row]}"
