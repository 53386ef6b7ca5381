"""Read delimited text (comma, semicolon, tab, bar) in any of the encodings seen in the field, as a stream."""

from __future__ import annotations

import contextlib
import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from .._text_encoding import find_encoding
from ..errors import FormatError
from ._archives import OpenedFile
from ._header_rows import HEADER_ROWS, Header, find_header
from ._plain_text import PlainTable, read_plain_text
from ._raw_table import Faults, RawTable, quote_cell, unique_names
from ._text_records import MAX_CELL_CHARS, RecordReader

__all__ = ["MAX_CELL_CHARS", "MAX_COLUMNS", "read_delimited"]

#: Most columns taken: short rows are never padded beyond what a real table has.
MAX_COLUMNS: Final = 2_000
#: Longest line taken, characters.
_MAX_LINE: Final = 1 << 25
#: Records held as lists before they are packed into columns.
_BATCH: Final = 20_000
#: Characters from which the delimiter is found.
_HEAD: Final = 1 << 20

_DELIMITERS: Final = (",", ";", "\t", "|")
#: What spreadsheets write into the first line of a text table.
_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?[ \t]*[,;\t|]*\r?\n', re.IGNORECASE)

_ROW_EMPTY: Final = "all cells are empty; delete the row"

#: Given the columns and what the source says they mean, returns whether the cells of a record are kept.
MakePredicate = Callable[[list[str], Mapping[str, str]], Callable[[list[str]], bool] | None]
#: Given the first record, returns the columns of a layout that has no header.
NameColumns = Callable[[list[str]], list[str] | None]


def read_delimited(
    opened: OpenedFile,
    *,
    known: frozenset[str],
    make_predicate: MakePredicate = lambda _, __: None,
    name_columns: NameColumns = lambda _: None,
    encoding: str | None = None,
) -> RawTable:
    """
    Read a text table.

    Parameters
    ----------
    opened
        Text in one of the encodings that `find_encoding` finds.
    known
        More column names that the caller recognises; they help to find the delimiter.
    make_predicate
        Given the columns, returns which records are kept; the others are counted.
    name_columns
        Given the first record, returns the columns where it is no header.
    encoding
        Name of a codec, where the caller says it.

    Returns
    -------
    raw
        All cells as text; records with too many or too few cells are faults.

    Raises
    ------
    FormatError
        If the bytes are no text, there is no header, a quote is left open,
        a cell is longer than `MAX_CELL_CHARS` or there are over `MAX_COLUMNS` columns.
    """
    codec, is_damaged = find_encoding(opened.file, opened.name, encoding=encoding)
    text = io.TextIOWrapper(opened.file, encoding=codec, errors="replace", newline="")
    try:
        shape = _find_shape(text.read(_HEAD), known, name_columns, opened.name)
        text.seek(0)
        lines = _read_lines(text, opened.name)
        if is_damaged:
            lines = (line.replace("\0", "\ufffd") for line in lines)
        records = RecordReader(lines, shape.delimiter, opened.name, quoted=shape.columns is None)
        header = _skip_header(records, shape) if shape.columns is None else shape.columns
        if len(header) > MAX_COLUMNS:
            raise FormatError(f"{opened.name} has {len(header)} columns; at most {MAX_COLUMNS} are read.")
        columns = unique_names(header)
        records.width = len(columns)
        meanings = {target: columns[position] for target, position in shape.header.tagged.items()}
        keep = make_predicate(columns, meanings)
        is_plain = keep is None and not is_damaged and codec.startswith("utf-8") and _begins_plainly(shape)
        plain = read_plain_text(opened.file, shape.delimiter, columns) if is_plain else None
        fitted = records if shape.columns is None else _fit_records(records, columns, name_columns)
        collected = (
            _collect_records(fitted, columns, keep, is_damaged=is_damaged)
            if plain is None
            else _collect_plain(plain)
        )
    finally:
        text.detach()
    passed = shape.header.describe(shape.lines)
    return RawTable(
        table=collected.table,
        cells=collected.table,
        geometries=None,
        lines=collected.lines,
        faults=collected.faults,
        name=opened.name,
        stem=opened.stem,
        encoding=codec,
        repairs=collected.repairs,
        passed_over=collected.passed_over,
        meanings=meanings,
        notes=(f"{opened.name}: {passed}.",) if passed else (),
    )


def _begins_plainly(shape: _TextShape) -> bool:
    """Return whether the first line is the header, and the second the first record."""
    header = shape.header
    return (shape.columns, header.position, header.first_record, shape.lines[:2]) == (None, 0, 1, [1, 2])


def _collect_plain(plain: PlainTable) -> _Collected:
    faults = Faults()
    for row in plain.blank_rows:
        faults.add(row, "row_empty", _ROW_EMPTY)
    return _Collected(plain.table, plain.lines, faults, Faults(), 0)


def _skip_header(records: RecordReader, shape: _TextShape) -> list[str]:
    """Advance to the first record, and return the names of the columns."""
    for line, _ in records:
        if not shape.lines or line >= shape.lines[shape.header.first_record - 1]:
            break
    return shape.header.names


def _fit_records(
    records: Iterable[tuple[int, list[str]]], columns: list[str], name_columns: NameColumns
) -> Iterator[tuple[int, list[str]]]:
    """Bring records of an older, narrower generation of a layout under the columns of the widest one."""
    width = len(columns)
    for line, cells in records:
        if len(cells) < width and (own := name_columns(cells)) is not None:
            by_name = dict(zip(own, cells, strict=True))
            yield line, [by_name.get(name, "") for name in columns]
        else:
            yield line, cells


class _Collected(NamedTuple):
    """The records of a text table."""

    table: pd.DataFrame
    lines: npt.NDArray[np.int64]
    faults: Faults
    repairs: Faults
    passed_over: int


def _collect_records(
    records: Iterable[tuple[int, list[str]]],
    columns: list[str],
    keep: Callable[[list[str]], bool] | None,
    *,
    is_damaged: bool,
) -> _Collected:
    """Pack records into columns of text, batch by batch; count those that are not kept."""
    width = len(columns)
    faults, repairs, passed_over = Faults(), Faults(), 0
    lines: list[int] = []
    batches: list[list[pa.Array]] = []
    batch: list[list[str]] = []
    for line, cells in records:
        row = len(lines)
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            del cells[width:]  # a delimiter at the end of the row
        if len(cells) != width:
            _add_width_fault(faults, row, cells, width)
            cells = (cells + [""] * width)[:width]  # noqa: PLW2901 - the record is stored padded
        elif keep is not None and not keep(cells):
            passed_over += 1
            continue
        elif not any(cell.strip() for cell in cells):
            faults.add(row, "row_empty", _ROW_EMPTY)
        if is_damaged:
            _add_damage(repairs, row, cells, columns)
        batch.append(cells)
        lines.append(line)
        if len(batch) == _BATCH:
            batches.append(_pack_columns(batch, width))
            batch = []
    batches.append(_pack_columns(batch, width))
    arrays = {
        name: pd.array(
            pa.chunked_array([packed[position] for packed in batches], type=pa.large_string()),
            dtype=pd.StringDtype("pyarrow"),
        )
        for position, name in enumerate(columns)
    }
    table = pd.DataFrame(arrays)
    return _Collected(table, np.array(lines, dtype=np.int64), faults, repairs, passed_over)


def _add_damage(repairs: Faults, row: int, cells: list[str], columns: list[str]) -> None:
    """List the cells of a record in which a byte was no text."""
    for name, cell in zip(columns, cells, strict=False):
        if "\ufffd" in cell:
            detail = f"{name} is {quote_cell(cell)}: bytes that are no text became \ufffd; correct the cell"
            repairs.add(row, "bytes_replaced", detail)


def _pack_columns(batch: list[list[str]], width: int) -> list[pa.Array]:
    columns = zip(*batch, strict=True) if batch else ([] for _ in range(width))
    return [pa.array(column, type=pa.large_string()) for column in columns]


class _TextShape(NamedTuple):
    """How the cells of a text table are told apart, and where its header lies."""

    delimiter: str
    #: Columns of a layout without a header; None where the table has one.
    columns: list[str] | None
    header: Header
    #: Line of each row up to the first record.
    lines: list[int]


def _find_shape(head: str, known: frozenset[str], name_columns: NameColumns, name: str) -> _TextShape:
    """Return the delimiter with the most known names in the header, then the most cells; and the header."""
    said = _SEPARATOR_LINE.match(head)
    best, best_score = None, (-1, -1)
    for delimiter in [said[1]] if said else _DELIMITERS:
        plain_rows = _plain_rows(head, delimiter)
        if name_columns(next(plain_rows)) is not None:
            # A later generation of the layout may have more columns.
            columns = max((name_columns(row) or [] for row in _plain_rows(head, delimiter)), key=len)
            return _TextShape(delimiter, columns, Header(columns, 0, 0, {}, len(columns)), [])
        rows, lines = _first_records(head, delimiter, name)
        header = find_header(rows, known)
        score = (header.n_known, len(header.names))
        if score > best_score:
            best, best_score = _TextShape(delimiter, None, header, lines), score
    assert best is not None  # noqa: S101 - there is at least one delimiter
    return best


def _plain_rows(head: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows of text without quotes; the last one may be cut off."""
    lines = head.split("\n")
    yield from (line.rstrip("\r").split(delimiter) for line in (lines[:-1] if len(lines) > 1 else lines))


def _first_records(head: str, delimiter: str, name: str) -> tuple[list[list[str]], list[int]]:
    """Return the first records that are not blank, and the line of each."""
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = RecordReader(io.StringIO(head, newline=""), delimiter, name)
    with contextlib.suppress(FormatError):
        # A cell without an end under one delimiter may have one under another.
        for line, cells in itertools.islice(reader, HEADER_ROWS + 1):
            if not (line == 1 and _SEPARATOR_LINE.match(head)):
                rows.append(cells)
                lines.append(line)
    return rows[:HEADER_ROWS], lines[:HEADER_ROWS]


def _read_lines(text: io.TextIOBase, name: str) -> Iterator[str]:
    number = 0
    while line := text.readline(_MAX_LINE):
        number += 1
        if len(line) == _MAX_LINE:
            raise FormatError(f"{name}: line {number} has more than {_MAX_LINE} characters; is it a table?")
        yield line


def _add_width_fault(faults: Faults, row: int, cells: list[str], width: int) -> None:
    if len(cells) > width:
        extra = ", ".join(quote_cell(cell) for cell in cells[width : width + 5])
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
