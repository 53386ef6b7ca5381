"""Read the sheets of a spreadsheet that hold a table, their cells as text; write a table to a sheet."""

from __future__ import annotations

import datetime as dt
import math
import pathlib
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from ..errors import FormatError, MissingExtraError, TableError, near_miss
from ._archives import OpenedFile
from ._cell_values import is_missing
from ._delimited import MAX_COLUMNS
from ._header_rows import Header, find_header
from ._raw_table import Faults, RawTable, quote_cell, unique_names

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

__all__ = ["SPREADSHEETS", "read_spreadsheet", "write_spreadsheet"]

SPREADSHEETS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})

#: A sheet with so many known names of columns is a table of events.
_FEWEST_NAMES: Final = 2

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


class _Sheet(NamedTuple):
    """One sheet with a table."""

    title: str
    #: Rows that are not blank, equally long.
    rows: list[list[str]]
    #: Line of each row in the sheet, from 1.
    lines: list[int]
    header: Header
    #: Whether cells were merged downwards.
    has_merged: bool

    @property
    def names(self) -> list[str]:
        """Names of the columns, those of the widest row."""
        return unique_names(self.header.names)


def read_spreadsheet(opened: OpenedFile, *, sheet: str | None = None) -> RawTable:
    """
    Read a spreadsheet.

    Parameters
    ----------
    opened
        Excel or OpenDocument.
    sheet
        Name of the sheet to read. Without it, those with known names of columns are read; they must have
        the same names.

    Returns
    -------
    raw
        Cells as text (days as 2025-07-24); cells merged downwards are repeated. `lines` are the rows
        of the sheet; with several sheets a column ``sheet`` names that of each row.

    Raises
    ------
    FormatError
        If the file is damaged or protected, has no such sheet, or has tables of several shapes.
    """
    sheets, passed = _read_sheets(opened, sheet)
    first = sheets[0]
    for other in sheets[1:]:
        if sorted(other.names) != sorted(first.names):
            shapes = "; ".join(f"{part.title}: {', '.join(part.names[:8])}" for part in sheets[:5])
            raise FormatError(
                f"{opened.name} holds {len(sheets)} sheets ({', '.join(part.title for part in sheets[:10])}) "
                f"with different columns ({shapes}); choose one with sheet=."
            )
    if len(first.names) > MAX_COLUMNS:
        raise FormatError(f"{opened.name} has {len(first.names)} columns; at most {MAX_COLUMNS} are read.")
    tables = [
        pd.DataFrame(part.rows[part.header.first_record :], columns=part.names, dtype="object")
        for part in sheets
    ]
    if len(sheets) > 1:
        name = unique_names(["sheet"], taken=first.names)[0]
        tables = [table.assign(**{name: part.title}) for table, part in zip(tables, sheets, strict=True)]
    table = pd.concat(tables, ignore_index=True)
    lines = [line for part in sheets for line in part.lines[part.header.first_record :]]
    names = first.names
    return RawTable(
        table=table,
        cells=table,
        geometries=None,
        lines=np.array(lines, dtype=np.int64),
        faults=Faults(),
        name=opened.name,
        stem=opened.stem,
        meanings={target: names[position] for target, position in first.header.tagged.items()},
        part=", ".join(part.title for part in sheets),
        notes=(
            *(_describe_sheet(part, opened.name) for part in sheets if _describe_sheet(part, "")),
            *passed,
        ),
    )


def _read_sheets(opened: OpenedFile, wanted: str | None) -> tuple[list[_Sheet], tuple[str, ...]]:
    """Return the sheets to read, and a sentence on those passed over."""
    from python_calamine import (  # noqa: PLC0415 - few tables come so
        CalamineError,
        CalamineWorkbook,
        SheetVisibleEnum,
    )

    try:
        book = CalamineWorkbook.from_filelike(opened.file)
        names = list(book.sheet_names)
        if wanted is not None and wanted not in names:
            raise FormatError(f"{opened.name} has no sheet {wanted!r}.{near_miss(wanted, names)}")
        shown = {data.name for data in book.sheets_metadata if data.visible == SheetVisibleEnum.Visible}
        chosen = [wanted] if wanted is not None else names
        filled = [part for name in chosen if (part := _read_sheet(book.get_sheet_by_name(name))) is not None]
    except (CalamineError, OSError, ValueError, RuntimeError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(f"{opened.name} cannot be read as a spreadsheet: {error}") from error
    if not filled:
        raise FormatError(f"{opened.name} holds no cell{'' if wanted is None else f' in sheet {wanted!r}'}.")
    visible = [part for part in filled if part.title in shown] or filled
    known = [part for part in visible if part.header.n_known >= _FEWEST_NAMES] or visible
    passed = [part.title for part in filled if part not in known]
    note = f"{opened.name}: passed over the sheet{'s' * (len(passed) > 1)} {', '.join(passed)}."
    return known, ((note,) if passed else ())


def _read_sheet(sheet: CalamineSheet) -> _Sheet | None:
    """Return the table of a sheet, None if no cell is filled."""
    rows = [[_cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = [
        area
        for area in (sheet.merged_cell_ranges or [])
        if area[1][0] > area[0][0] and area[0][0] < len(rows)
    ]
    for (top, left), (bottom, _) in merged:
        if left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = row[left] or rows[top][left]
    numbered = [(line, row) for line, row in enumerate(rows, 1) if any(row)]
    if not numbered:
        return None
    width = max(position for _, row in numbered for position, cell in enumerate(row, 1) if cell)
    kept = [row[:width] for _, row in numbered]
    return _Sheet(sheet.name, kept, [line for line, _ in numbered], find_header(kept), bool(merged))


def _describe_sheet(part: _Sheet, name: str) -> str:
    """Return what is to be known about the rows of a sheet, in words; empty where nothing is."""
    texts = [part.header.describe(part.lines)]
    if part.has_merged:
        texts.append("cells merged downwards count for each of their rows")
    sentence = "; ".join(text for text in texts if text)
    return sentence and f"{name}, sheet {part.title}: {sentence}."


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
