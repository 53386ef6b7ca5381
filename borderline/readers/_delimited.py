"""Delimited text (comma, semicolon, tab, bar): records with the line they begin on, read as a stream."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ..errors import FormatError
from ._columns import count_known
from ._encoding import find_encoding, open_text
from ._opening import Opened
from ._raw import Faults, Raw, quoted, unique_names

__all__ = ["MAX_CELL_CHARS", "MAX_COLUMNS", "read_delimited"]

#: Longest cell taken; a longer one is nearly always a quote left open.
MAX_CELL_CHARS: Final = 131_072
#: Most columns taken: short rows are never padded beyond what a real table has.
MAX_COLUMNS: Final = 2_000
#: Longest line taken, characters.
_MAX_LINE: Final = 1 << 25
#: Records held as lists before they are packed into columns.
_BATCH: Final = 20_000
#: Characters that the delimiter is told from.
_HEAD: Final = 1 << 20

_DELIMITERS: Final = (",", ";", "\t", "|")
# A line after the last: when it does not come back as a record of its own, a quote was left open.
_END: Final = "end"

#: Given the names of the columns, says which records are wanted.
Choose = Callable[[list[str]], Callable[[list[str]], bool] | None]
#: Given the first record, names the columns of a layout that comes without a header.
Name = Callable[[list[str]], list[str] | None]


def read_delimited(
    opened: Opened,
    *,
    known: frozenset[str],
    choose: Choose = lambda _: None,
    name_columns: Name = lambda _: None,
) -> Raw:
    """
    Take a text table apart.

    Parameters
    ----------
    opened
        Text in any encoding that `find_encoding` tells; first record the header.
    known
        More column names the caller recognises; they help to tell the delimiter.
    choose
        Given the columns, says which records are wanted; the others are counted, not kept.
    name_columns
        Given the first record, names the columns where it is no header.

    Returns
    -------
    raw
        All cells as text; rows with too many or too few cells are faults.

    Raises
    ------
    FormatError
        If the bytes are no text, there is no header, a quote is left open,
        a cell is longer than `MAX_CELL_CHARS` or there are over `MAX_COLUMNS` columns.
    """
    encoding = find_encoding(opened.file, opened.name)
    text = open_text(opened.file, encoding)
    try:
        head = text.read(_HEAD)
        delimiter, first = _delimiter(head, known, opened.name)
        text.seek(0)
        records = _records(_lines(text, opened.name), delimiter, opened.name)
        header = name_columns(first)
        if header is None:
            _, header = next(records)
        if len(header) > MAX_COLUMNS:
            raise FormatError(f"{opened.name} has {len(header)} columns; at most {MAX_COLUMNS} are read.")
        columns = unique_names(header)
        table, lines, faults, passed = _collect(records, columns, choose(columns))
    finally:
        text.detach()
    return Raw(
        table=table,
        cells=table,
        geometries=None,
        lines=lines,
        faults=faults,
        name=opened.name,
        stem=opened.stem,
        encoding=encoding,
        passed_over=passed,
    )


def _collect(
    records: Iterable[tuple[int, list[str]]], columns: list[str], wanted: Callable[[list[str]], bool] | None
) -> tuple[pd.DataFrame, npt.NDArray[np.int64], Faults, int]:
    """Pack records into columns of text, batch by batch; count those that are not wanted."""
    width = len(columns)
    faults, passed = Faults(), 0
    lines: list[int] = []
    batches: list[list[pa.Array]] = []
    batch: list[list[str]] = []
    for line, cells in records:
        row = len(lines)
        if len(cells) != width:
            _note_ragged(faults, row, cells, width)
            cells = (cells + [""] * width)[:width]  # noqa: PLW2901 - the record is stored padded
        elif wanted is not None and not wanted(cells):
            passed += 1
            continue
        elif not any(cell.strip() for cell in cells):
            faults.add(row, "row_empty", "all cells are empty; delete the row")
        batch.append(cells)
        lines.append(line)
        if len(batch) == _BATCH:
            batches.append(_packed(batch, width))
            batch = []
    batches.append(_packed(batch, width))
    packed = {
        name: pd.array(
            pa.chunked_array([each[position] for each in batches], type=pa.large_string()),
            dtype=pd.StringDtype("pyarrow"),
        )
        for position, name in enumerate(columns)
    }
    return pd.DataFrame(packed), np.array(lines, dtype=np.int64), faults, passed


def _packed(batch: list[list[str]], width: int) -> list[pa.Array]:
    columns = zip(*batch, strict=True) if batch else ([] for _ in range(width))
    return [pa.array(column, type=pa.large_string()) for column in columns]


def _delimiter(head: str, known: frozenset[str], name: str) -> tuple[str, list[str]]:
    """Pick the delimiter under which most header cells are known names, then most cells; and that record."""
    best, best_first, best_score = ",", [""], (-1, -1)
    for delimiter in _DELIMITERS:
        first = _first_record(head, delimiter, name)
        score = (count_known(first, known), len(first))
        if score > best_score:
            best, best_first, best_score = delimiter, first, score
    return best, best_first


def _first_record(head: str, delimiter: str, name: str) -> list[str]:
    try:
        for _, cells in _records(io.StringIO(head, newline=""), delimiter, name):
            return cells
    except FormatError:
        # An open quote under one delimiter may be none under another.
        return []
    return []


def _lines(text: io.TextIOBase, name: str) -> Iterator[str]:
    number = 0
    while line := text.readline(_MAX_LINE):
        number += 1
        if len(line) == _MAX_LINE:
            raise FormatError(f"{name}: line {number} has more than {_MAX_LINE} characters; is it a table?")
        yield line


def _records(text: Iterable[str], delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records that are not blank, each with the line (from 1) on which it begins."""
    ended = False

    def lines() -> Iterator[str]:
        nonlocal ended
        yield from text
        ended = True
        yield _END

    reader = csv.reader(lines(), delimiter=delimiter)
    begins = 1
    try:
        for cells in reader:
            if ended:
                if cells == [_END]:
                    return
                raise FormatError(
                    f"{name}: the record that begins on line {begins} has a quote that is never closed; "
                    'close it, or write a quote inside a cell twice ("").'
                )
            if cells:
                if max(map(len, cells)) > MAX_CELL_CHARS:
                    raise _too_long(name, begins)
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        raise _too_long(name, begins) from None


def _too_long(name: str, line: int) -> FormatError:
    return FormatError(
        f"{name}: the record that begins on line {line} has a cell of more than "
        f"{MAX_CELL_CHARS} characters; is a quote left open there?"
    )


def _note_ragged(faults: Faults, row: int, cells: list[str], width: int) -> None:
    if len(cells) > width:
        extra = ", ".join(quoted(cell) for cell in cells[width : width + 5])
        faults.add(
            row,
            "row_too_long",
            f"{len(cells)} cells where the header has {width} (over: {extra}); "
            "put quotes round a cell that holds the delimiter",
        )
    else:
        faults.add(
            row,
            "row_too_short",
            f"{len(cells)} cells where the header has {width}; was the file cut off, or a line broken?",
        )
