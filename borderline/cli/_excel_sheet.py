"""A table as one sheet of an Excel file; text stays text, whatever it begins with."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from ..errors import MissingExtraError, TableError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["write_sheet"]

#: What a sheet holds at most.
_MAX_ROWS: Final = 1_048_576
_MAX_LETTERS: Final = 32_767
#: Characters that an Excel file cannot hold.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_sheet(table: pd.DataFrame, path: pathlib.Path) -> None:
    """
    Write a plain table, its index first.

    Parameters
    ----------
    table
        Without a geometry.
    path
        Where the file goes; it is not put in place whole or not at all, the caller does that.

    Raises
    ------
    MissingExtraError
        If openpyxl is not installed.
    TableError
        If the table does not fit into a sheet.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    except ImportError as error:
        raise MissingExtraError(
            "Excel files need openpyxl; install it with pip install 'borderline-geo[excel]', or write .csv."
        ) from error
    if len(table) >= _MAX_ROWS:
        raise TableError(f"A sheet of Excel holds {_MAX_ROWS - 1:,} rows, not {len(table):,}; write .csv.")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("table")
    sheet.freeze_panes = "A2"

    def make_cells(values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            cell = WriteOnlyCell(sheet, value="" if isinstance(value, str) else value)
            if isinstance(value, str):
                # A text that begins with = would be a formula: it is set as text.
                cell.value, cell.data_type = value, "s"
            yield cell

    flat = table.reset_index()
    sheet.append(make_cells(map(str, flat.columns)))
    columns = [[_plain_value(value, name) for value in flat[name].astype(object)] for name in flat.columns]
    for row in zip(*columns, strict=True):
        sheet.append(make_cells(row))
    book.save(path)


def _plain_value(value: Any, column: object) -> Any:  # noqa: ANN401 - the content of a cell
    """Return what a cell can hold: a number, a truth value, a date, text; None where it is missing."""
    import math

    import numpy as np
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, pd.Timestamp):
        if value.tz is not None:
            return value.isoformat()
        return value.date() if value == value.normalize() else value.to_pydatetime()
    text = _CONTROL.sub(" ", str(value))
    if len(text) > _MAX_LETTERS:
        raise TableError(
            f"A cell of Excel holds {_MAX_LETTERS:,} characters, and column {str(column)!r} has one of "
            f"{len(text):,}; write .csv."
        )
    return text
