"""Read delimited text (comma, semicolon, tab, bar) in any of the encodings seen in the field, as a stream."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ..errors import FormatError
from ._archives import OpenedFile
from ._layout import count_known_names
from ._raw_table import Faults, RawTable, quote_cell, unique_names

__all__ = ["MAX_CELL_CHARS", "MAX_COLUMNS", "read_delimited"]

#: Longest cell taken; a longer one is nearly always a quote left open.
MAX_CELL_CHARS: Final = 131_072
#: Most columns taken: short rows are never padded beyond what a real table has.
MAX_COLUMNS: Final = 2_000
#: Longest line taken, characters.
_MAX_LINE: Final = 1 << 25
#: Records held as lists before they are packed into columns.
_BATCH: Final = 20_000
#: Characters from which the delimiter is found.
_HEAD: Final = 1 << 20

_DELIMITERS: Final = (",", ";", "\t", "|")
# A line after the last: when it does not come back as a record of its own, a quote was left open.
_END: Final = "end"

_BLOCK: Final = 1 << 20
#: Bytes of a file that is not Unicode that are shown to the detector.
_SAMPLE: Final = 1 << 18
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Code pages of tables from the region, and from Western spreadsheets; any other is refused.
_CODE_PAGES: Final = ("cp874", "cp1252")

#: Given the columns, returns a function that says whether the cells of a record are kept.
MakePredicate = Callable[[list[str]], Callable[[list[str]], bool] | None]
#: Given the first record, returns the columns of a layout that has no header.
NameColumns = Callable[[list[str]], list[str] | None]


def read_delimited(
    opened: OpenedFile,
    *,
    known: frozenset[str],
    make_predicate: MakePredicate = lambda _: None,
    name_columns: NameColumns = lambda _: None,
) -> RawTable:
    """
    Read a text table.

    Parameters
    ----------
    opened
        Text in one of the encodings that `_find_encoding` finds; the first record is the header.
    known
        More column names that the caller recognises; they help to find the delimiter.
    make_predicate
        Given the columns, returns which records are kept; the others are counted.
    name_columns
        Given the first record, returns the columns where it is no header.

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
    encoding = _find_encoding(opened.file, opened.name)
    text = io.TextIOWrapper(opened.file, encoding=encoding, newline="")
    try:
        head = text.read(_HEAD)
        delimiter, first = _find_delimiter(head, known, opened.name)
        text.seek(0)
        records = _read_records(_read_lines(text, opened.name), delimiter, opened.name)
        header = name_columns(first)
        if header is None:
            _, header = next(records)
        if len(header) > MAX_COLUMNS:
            raise FormatError(f"{opened.name} has {len(header)} columns; at most {MAX_COLUMNS} are read.")
        columns = unique_names(header)
        table, lines, faults, passed_over = _collect_records(records, columns, make_predicate(columns))
    finally:
        text.detach()
    return RawTable(
        table=table,
        cells=table,
        geometries=None,
        lines=lines,
        faults=faults,
        name=opened.name,
        stem=opened.stem,
        encoding=encoding,
        passed_over=passed_over,
    )


def _collect_records(
    records: Iterable[tuple[int, list[str]]], columns: list[str], keep: Callable[[list[str]], bool] | None
) -> tuple[pd.DataFrame, npt.NDArray[np.int64], Faults, int]:
    """Pack records into columns of text, batch by batch; count those that are not kept."""
    width = len(columns)
    faults, passed_over = Faults(), 0
    lines: list[int] = []
    batches: list[list[pa.Array]] = []
    batch: list[list[str]] = []
    for line, cells in records:
        row = len(lines)
        if len(cells) != width:
            _add_width_fault(faults, row, cells, width)
            cells = (cells + [""] * width)[:width]  # noqa: PLW2901 - the record is stored padded
        elif keep is not None and not keep(cells):
            passed_over += 1
            continue
        elif not any(cell.strip() for cell in cells):
            faults.add(row, "row_empty", "all cells are empty; delete the row")
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
    return pd.DataFrame(arrays), np.array(lines, dtype=np.int64), faults, passed_over


def _pack_columns(batch: list[list[str]], width: int) -> list[pa.Array]:
    columns = zip(*batch, strict=True) if batch else ([] for _ in range(width))
    return [pa.array(column, type=pa.large_string()) for column in columns]


def _find_delimiter(head: str, known: frozenset[str], name: str) -> tuple[str, list[str]]:
    """Return the delimiter with the most known names in the header, then the most cells; and the header."""
    best, best_first, best_score = ",", [""], (-1, -1)
    for delimiter in _DELIMITERS:
        first = _first_record(head, delimiter, name)
        score = (count_known_names(first, known), len(first))
        if score > best_score:
            best, best_first, best_score = delimiter, first, score
    return best, best_first


def _first_record(head: str, delimiter: str, name: str) -> list[str]:
    try:
        for _, cells in _read_records(io.StringIO(head, newline=""), delimiter, name):
            return cells
    except FormatError:
        # An open quote under one delimiter may be none under another.
        return []
    return []


def _read_lines(text: io.TextIOBase, name: str) -> Iterator[str]:
    number = 0
    while line := text.readline(_MAX_LINE):
        number += 1
        if len(line) == _MAX_LINE:
            raise FormatError(f"{name}: line {number} has more than {_MAX_LINE} characters; is it a table?")
        yield line


def _read_records(text: Iterable[str], delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
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
                    raise _cell_too_long(name, begins)
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        raise _cell_too_long(name, begins) from None


def _cell_too_long(name: str, line: int) -> FormatError:
    return FormatError(
        f"{name}: the record that begins on line {line} has a cell of more than "
        f"{MAX_CELL_CHARS} characters; is a quote left open there?"
    )


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


def _find_encoding(file: IO[bytes], name: str) -> str:
    """
    Return the encoding of a text file; the file is read once and rewound.

    A byte order mark decides; then UTF-16 without a mark, recognised by its zero bytes; then
    UTF-8, if every byte of the file agrees; then Thai (CP874, which holds TIS-620)
    or Western (CP1252), whichever makes words of the bytes.

    Parameters
    ----------
    file
        Seekable, at its beginning.
    name
        Name of the file in messages.

    Returns
    -------
    encoding
        Name of a Python codec.

    Raises
    ------
    FormatError
        If the file is empty, or its bytes are text in none of these.
    """
    head = file.read(_SAMPLE)
    file.seek(0)
    if not head:
        raise FormatError(f"{name} is empty: not even a header.")
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            _check_decoding(file, encoding, name)
            return encoding
    utf16 = _find_utf16(head)
    if utf16:
        _check_decoding(file, utf16, name)
        return utf16
    try:
        _check_decoding(file, "utf-8", name)
    except FormatError as error:
        code_page = _find_code_page(file)
        if code_page is None:
            raise error from None
        _check_decoding(file, code_page, name)
        return code_page
    return "utf-8"


def _find_utf16(head: bytes) -> str | None:
    """Recognise UTF-16 without a mark: every other byte of a plain header is zero."""
    sample = head[: len(head) // 2 * 2][:2048]
    if len(sample) < 8:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    enough = len(sample) // 2 * 0.4
    if odd > enough and not even:
        return "utf-16-le"
    return "utf-16-be" if even > enough and not odd else None


def _check_decoding(file: IO[bytes], encoding: str, name: str) -> None:
    """Decode the whole file once, block by block, so that no row is met half read."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, blank, before = 1, True, 0
    while block := file.read(_BLOCK):
        try:
            text = decoder.decode(block, final=False)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count(b"\n")
            raise FormatError(
                f"{name} is no {_codec_title(encoding)} text: byte 0x{error.object[error.start]:02x} "
                f"in line {line}, about position {before + error.start}; save it as UTF-8."
            ) from None
        if "\0" in text:
            line += text.count("\n", 0, text.index("\0"))
            raise FormatError(f"{name} holds a NUL character (line {line}), so it is no text table.")
        line += text.count("\n")
        blank = blank and not text.strip()
        before += len(block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise FormatError(
            f"{name} is no {_codec_title(encoding)} text: it breaks off inside a character (line {line}); "
            "was the file cut off?"
        ) from None
    if blank:
        raise FormatError(f"{name} holds nothing but blank lines; the first line must name the columns.")
    file.seek(0)


def _find_code_page(file: IO[bytes]) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - needed for few files

    file.seek(0)
    match = from_bytes(file.read(_SAMPLE), cp_isolation=list(_CODE_PAGES)).best()
    file.seek(0)
    return None if match is None else match.encoding


def _codec_title(encoding: str) -> str:
    return encoding.removesuffix("-sig").upper()
