"""Read the one sheet of a spreadsheet that holds a table, its cells as text; write a table to a sheet."""

from __future__ import annotations

import datetime as dt
import math
import pathlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from ..errors import FormatError, MissingExtraError, TableError
from ._archives import OpenedFile
from ._cell_values import is_missing
from ._delimited import MAX_COLUMNS
from ._raw_table import Faults, RawTable, quote_cell, unique_names

__all__ = ["SPREADSHEETS", "read_spreadsheet", "write_spreadsheet"]

SPREADSHEETS: Final = frozenset({".xlsx", ".xls", ".xlsb", ".ods"})

#: Limits of a sheet in Excel: rows, and characters of a cell.
_MAX_ROWS: Final = 1_048_576
_MAX_CELL_CHARS: Final = 32_767
_MAX_TITLE_CHARS: Final = 31
#: Whole numbers beyond this lose digits, because Excel stores every number as a float.
_MAX_EXACT: Final = 10**15
#: Control characters that XML cannot hold.
_NO_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NO_TITLE: Final = re.compile(r"[\[\]:*?/\\']")
#: The days that Excel can count, those from March 1900: its calendar has a 29 February in that year.
_FIRST_DAY: Final = dt.datetime(1900, 3, 1)  # noqa: DTZ001 - days are naive


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
            "pandas.read_excel(path, sheet_name=...) and pass the table instead."
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


def write_spreadsheet(columns: Mapping[str, Sequence[object]], path: pathlib.Path, *, title: str) -> None:
    """
    Write columns to the only sheet of an Excel file.

    Numbers, truth values and dates keep their types; every text is stored as text, so none of it is
    taken for a formula.

    Parameters
    ----------
    columns
        Cells by column name, all columns equally long.
    path
        Where the file goes.
    title
        Name of the sheet; shortened to what Excel accepts.

    Raises
    ------
    MissingExtraError
        If `openpyxl` is not installed.
    TableError
        If the table does not fit into a sheet of Excel.
    """
    try:
        from openpyxl import Workbook  # noqa: PLC0415 - an extra
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError(
            "Excel files are written with openpyxl, which is not installed; "
            "pip install 'borderline-geo[excel]', or write .csv with bom=True."
        ) from error
    count = len(next(iter(columns.values()), ()))
    if count >= _MAX_ROWS:
        raise TableError(
            f"A sheet of Excel holds {_MAX_ROWS - 1:,} rows, and the table has {count:,}; write .csv."
        )
    # Converted before anything is written: openpyxl cannot abandon a sheet.
    stored = {name: [_excel_value(value, name) for value in cells] for name, cells in columns.items()}
    names = [_excel_value(name, name) for name in columns]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NO_TITLE.sub("_", title)[:_MAX_TITLE_CHARS] or "table")
    sheet.freeze_panes = "A2"

    def make_cell(value: object) -> Any:  # noqa: ANN401 - a cell of openpyxl
        cell = WriteOnlyCell(sheet, value=value)
        if isinstance(value, str):
            cell.data_type = "s"  # else a text that begins with = would be a formula
        elif isinstance(value, dt.datetime):
            cell.number_format = "yyyy-mm-dd" if value.time() == dt.time() else "yyyy-mm-dd hh:mm:ss"
        return cell

    sheet.append([make_cell(name) for name in names])
    for record in zip(*stored.values(), strict=True):
        sheet.append([make_cell(value) for value in record])
    book.save(path)


def _excel_value(value: object, column: str) -> object:
    """Return what Excel can store: a number, a truth value, a naive date, a text or None."""
    if is_missing(value):
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)) and abs(int(value)) <= _MAX_EXACT:
        return int(value)
    if isinstance(value, (float, np.floating)) and math.isfinite(value):
        return float(value)
    if isinstance(value, dt.datetime) and value.tzinfo is None and value >= _FIRST_DAY:
        return value
    text = value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else str(value)
    if len(text) > _MAX_CELL_CHARS:
        raise TableError(
            f"A cell of Excel holds {_MAX_CELL_CHARS:,} characters, and one of column {column!r} has "
            f"{len(text):,}; leave the column out, or write another format."
        )
    if _NO_XML.search(text):
        raise TableError(
            f"Column {column!r} holds a control character ({quote_cell(text)}), which Excel cannot store; "
            "remove it, or write another format."
        )
    return text
