"""Read spreadsheets: the one sheet that holds a table, its cells as text."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
import pandas as pd

from ..errors import FormatError
from ._archives import OpenedFile
from ._delimited import MAX_COLUMNS
from ._raw_table import Faults, RawTable, unique_names

__all__ = ["SPREADSHEETS", "read_spreadsheet"]

SPREADSHEETS: Final = frozenset({".xlsx", ".xls", ".xlsb", ".ods"})


def read_spreadsheet(opened: OpenedFile) -> RawTable:
    """
    Read a spreadsheet.

    Parameters
    ----------
    opened
        Excel or OpenDocument; the first row that is not blank names the columns.

    Returns
    -------
    raw
        Cells as text (days as 2025-07-24); `lines` are the rows of the sheet.

    Raises
    ------
    FormatError
        If the file is damaged or protected, or not exactly one sheet holds a table.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - few tables come so

    try:
        book = CalamineWorkbook.from_filelike(opened.file)
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
        }
    except (CalamineError, OSError, ValueError) as error:
        raise FormatError(f"{opened.name} cannot be read as a spreadsheet: {error}") from error
    filled = {name: rows for name, rows in sheets.items() if any(any(map(_cell_text, row)) for row in rows)}
    if len(filled) != 1:
        listed = f"{len(filled)} sheets ({', '.join(list(filled)[:10])})" if filled else "no cell"
        raise FormatError(
            f"{opened.name} holds {listed}; read the one you want with "
            "pandas.read_excel(path, sheet_name=...) and hand over the table."
        )
    (rows,) = filled.values()
    numbered = [(line, [_cell_text(cell) for cell in row]) for line, row in enumerate(rows, 1)]
    kept = [(line, cells) for line, cells in numbered if any(cells)]
    (_, header), body = kept[0], kept[1:]
    width = max(position for position, cell in enumerate(header, 1) if cell)
    width = max(
        [width, *(max(position for position, cell in enumerate(cells, 1) if cell) for _, cells in body)]
    )
    if width > MAX_COLUMNS:
        raise FormatError(f"{opened.name} has {width} columns; at most {MAX_COLUMNS} are read.")
    table = pd.DataFrame(
        [cells[:width] for _, cells in body], columns=unique_names(header[:width]), dtype="object"
    )
    return RawTable(
        table=table,
        cells=table,
        geometries=None,
        lines=np.array([line for line, _ in body], dtype=np.int64),
        faults=Faults(),
        name=opened.name,
        stem=opened.stem,
    )


def _cell_text(cell: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    """Return a cell as a text file would hold it."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return str(cell).strip()
