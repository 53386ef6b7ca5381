"""Delimited text (comma, semicolon, tab, bar): records with the line they begin on."""

from __future__ import annotations

import csv
import io
import pathlib
from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from ..errors import FormatError
from ._columns import count_known
from ._raw import Faults, Raw, quoted, unique_names

__all__ = ["MAX_CELL_CHARS", "MAX_COLUMNS", "read_delimited"]

#: Longest cell taken; a longer one is nearly always a quote left open.
MAX_CELL_CHARS: Final = 131_072
#: Most columns taken: short rows are never padded beyond what a real table has.
MAX_COLUMNS: Final = 2_000

_DELIMITERS: Final = (",", ";", "\t", "|")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
# A line after the last: when it does not come back as a record of its own, a quote was left open.
_END: Final = "end"


def read_delimited(path: pathlib.Path, *, known: frozenset[str]) -> Raw:
    """
    Take a text table apart.

    Parameters
    ----------
    path
        UTF-8 text, with or without byte order mark, first record the header.
    known
        More column names the caller recognises; they help to tell the delimiter.

    Returns
    -------
    raw
        All cells as text; rows with too many or too few cells are faults.

    Raises
    ------
    FormatError
        If the bytes are no UTF-8 text, there is no header, a quote is left open,
        a cell is longer than `MAX_CELL_CHARS` or there are over `MAX_COLUMNS` columns.
    """
    text = _decode(path)
    delimiter = _delimiter(text, known, path.name)
    header: list[str] | None = None
    records: list[list[str]] = []
    lines: list[int] = []
    faults = Faults()
    for line, cells in _records(text, delimiter, path.name):
        if header is None:
            if len(cells) > MAX_COLUMNS:
                raise FormatError(f"{path.name} has {len(cells)} columns; at most {MAX_COLUMNS} are read.")
            header = cells
            continue
        width = len(header)
        if len(cells) != width:
            _note_ragged(faults, len(records), cells, width)
            cells = (cells + [""] * width)[:width]  # noqa: PLW2901 - the record is stored padded
        elif not any(cell.strip() for cell in cells):
            faults.add(len(records), "row_empty", "all cells are empty; delete the row")
        records.append(cells)
        lines.append(line)
    if header is None:
        raise FormatError(f"{path.name} holds nothing but blank lines; the first line must name the columns.")
    table = pd.DataFrame(records, columns=unique_names(header), dtype="object")
    return Raw(
        table=table,
        cells=table,
        geometries=None,
        lines=np.array(lines, dtype=np.int64),
        faults=faults,
        name=path.name,
        stem=path.stem,
    )


def _decode(path: pathlib.Path) -> str:
    data = path.read_bytes()
    if not data:
        raise FormatError(f"{path.name} is empty: not even a header.")
    if data.startswith(_UTF16):
        raise FormatError(f"{path.name} is UTF-16 text; save it as UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FormatError(
            f"{path.name} is not UTF-8 text: byte 0x{data[error.start]:02x} at position {error.start} "
            f"(line {line}); save it as UTF-8."
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise FormatError(f"{path.name} holds a NUL character (line {line}), so it is no text table.")
    if not text.strip():
        raise FormatError(f"{path.name} holds nothing but blank lines; the first line must name the columns.")
    return text


def _delimiter(text: str, known: frozenset[str], name: str) -> str:
    """Pick the delimiter under which most header cells are known names; then most cells."""
    best, best_score = ",", (-1, -1)
    for delimiter in _DELIMITERS:
        header = _first_record(text, delimiter, name)
        score = (count_known(header, known), len(header))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _first_record(text: str, delimiter: str, name: str) -> list[str]:
    try:
        for _, cells in _records(text, delimiter, name):
            return cells
    except FormatError:
        # An open quote under one delimiter may be none under another.
        return []
    return []


def _records(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records that are not blank, each with the line (from 1) on which it begins."""
    ended = False

    def lines() -> Iterator[str]:
        nonlocal ended
        yield from io.StringIO(text, newline="")
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
