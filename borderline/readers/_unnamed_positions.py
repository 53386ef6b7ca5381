"""Columns that hold positions under names that do not say so."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Final

from ..errors import TableError
from ._cell_values import known_cells
from ._coordinates import position_texts
from ._position_notation import is_surely_position
from ._raw_table import RawTable, quote_cell

__all__ = ["find_position_texts"]

#: Cells looked at to see what a column holds.
_SAMPLE: Final = 30


def find_position_texts(raw: RawTable, matched: MutableMapping[str, str]) -> None:
    """
    Match the column whose cells can be nothing but positions, where no other column says where.

    A place whose name is a position is one, too: it is read beside the name.

    Raises
    ------
    TableError
        If there are several such columns.
    """
    if raw.geometries is not None or {"latitude", "longitude", "coordinates", "easting"} & matched.keys():
        return
    free = [name for name in raw.cells.columns if name not in matched.values()]
    location = [matched[target] for target in ("location",) if target in matched]
    holding = [name for name in (*free, *location) if _holds_positions(raw, name)]
    if len(holding) > 1:
        listed = ", ".join(map(quote_cell, holding))
        raise TableError(
            f"{raw.name} has several columns of positions ({listed}); say which one holds the place "
            'with columns={"coordinates": ...}.'
        )
    if holding:
        matched["coordinates"] = holding[0]


def _holds_positions(raw: RawTable, name: str) -> bool:
    column = raw.cells[name].head(20 * _SAMPLE)
    kind = column.dtype.kind if hasattr(column.dtype, "kind") else "O"
    if kind in "iufbmM":
        return False
    texts = [text for _, text in known_cells(position_texts(column))][:_SAMPLE]
    return bool(texts) and all(map(is_surely_position, texts))
