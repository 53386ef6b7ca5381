"""
Read a text table without surprises at the speed of a compiled parser.

What only the careful reader understands (broken quotes, rows of other widths, blank lines) is left to it.
"""

from __future__ import annotations

from typing import IO, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from ._text_records import MAX_CELL_CHARS

__all__ = ["PlainTable", "read_plain_text"]

_BLOCK: Final = 1 << 22
_QUOTE: Final = 0x22


class PlainTable(NamedTuple):
    """A text table of one record a line."""

    #: All cells as text.
    table: pd.DataFrame
    #: Physical line of each record.
    lines: npt.NDArray[np.int64]
    #: Positions of records whose cells are all blank.
    blank_rows: list[int]


def read_plain_text(file: IO[bytes], delimiter: str, columns: list[str]) -> PlainTable | None:
    """
    Read UTF-8 text whose first line is the header; None where it needs the careful reader.

    Parameters
    ----------
    file
        Seekable; it is read from the beginning, and left where it was.
    delimiter
        One character of ASCII.
    columns
        Names of the columns.
    """
    position = file.tell()
    n_lines = _count_plain_lines(file, delimiter)
    file.seek(0)
    table = None if n_lines is None else _parse_columns(file, delimiter, columns)
    # The careful reader goes on from where it was.
    file.seek(position)
    if n_lines is None or table is None or table.num_rows != n_lines - 1:
        return None
    kind = pd.StringDtype("pyarrow")
    arrays = {name: pd.array(table.column(place), dtype=kind) for place, name in enumerate(columns)}
    lines = np.arange(2, n_lines + 1, dtype=np.int64)
    return PlainTable(pd.DataFrame(arrays), lines, _find_blank_rows(table))


def _count_plain_lines(file: IO[bytes], delimiter: str) -> int | None:
    """Count the lines of a file; None where a quote mark stands inside a cell, or a line ends in CR."""
    beside = np.zeros(256, dtype=np.bool_)
    beside[[*b'\n\r"', *delimiter.encode()]] = True
    count, before = 0, b"\n"
    file.seek(0)
    while block := file.read(_BLOCK):
        content = np.frombuffer(before + block + b"\n", dtype=np.uint8)
        quotes = np.flatnonzero(content == _QUOTE)
        # Every quote mark stands beside a delimiter, the end of a line, or another quote mark.
        if len(quotes) and not (beside[content[quotes - 1]] | beside[content[quotes + 1]]).all():
            return None
        if block.count(b"\r") != block.count(b"\r\n") + block.endswith(b"\r"):
            return None
        count += block.count(b"\n")
        before = block[-1:]
    return count + (before != b"\n")


def _parse_columns(file: IO[bytes], delimiter: str, columns: list[str]) -> pa.Table | None:
    odd_rows: list[int] = []

    def note_row(row: arrow_csv.InvalidRow) -> str:
        odd_rows.append(row.actual_columns)
        return "skip"

    try:
        table = arrow_csv.read_csv(
            file,
            read_options=arrow_csv.ReadOptions(
                use_threads=False, block_size=_BLOCK, skip_rows=1, column_names=columns
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter, invalid_row_handler=note_row),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.large_string()), strings_can_be_null=False
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowException):
        return None
    if odd_rows or table.num_columns != len(columns):
        return None
    longest = (pc.max(pc.binary_length(column)).as_py() or 0 for column in table.columns)
    return None if max(longest, default=0) > MAX_CELL_CHARS else table


def _find_blank_rows(table: pa.Table) -> list[int]:
    rows = np.arange(table.num_rows)
    for column in table.columns:
        cells = column if len(rows) == table.num_rows else column.take(pa.array(rows))
        blank = pc.equal(pc.utf8_trim_whitespace(cells), "").to_numpy()
        rows = rows[blank]
        if not len(rows):
            break
    return [int(row) for row in rows]
