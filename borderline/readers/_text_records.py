"""Split delimited text into records, where a quote mark may be a letter of the text."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Final

from ..errors import FormatError

__all__ = ["MAX_CELL_CHARS", "RecordReader"]

#: Longest cell taken; a longer one is nearly always a quote left open.
MAX_CELL_CHARS: Final = 131_072

_NUMBER_OR_DATE: Final = re.compile(r"[+-]?\d[\d.,:/TZ+-]*")


class RecordReader:
    """
    An iterator over the records of delimited text that are not blank.

    Quotes round a cell are those of RFC 4180. A quote mark is a letter where that rule
    makes no record of the header's width, or joins lines each of which is a whole record by itself.

    Parameters
    ----------
    text
        Lines with their ends.
    delimiter
        One character.
    name
        Name of the file in messages.
    quoted
        Whether cells may be quoted; in some layouts they never are.
    """

    def __init__(self, text: Iterable[str], delimiter: str, name: str, *, quoted: bool = True) -> None:
        #: Cells of the header; 0 while it is not known.
        self.width = 0
        self._source = _PushBackLines(text)
        self._delimiter = delimiter
        self._name = name
        self._quoted = quoted
        self._reader = csv.reader(self._source, delimiter=delimiter, strict=True)
        self._begins = 1

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Return the iterator itself."""
        return self

    def __next__(self) -> tuple[int, list[str]]:
        """Return the next record and the line (from 1) on which it begins."""
        while True:
            begins = self._begins
            cells = self._read_record()
            self._begins += len(self._source.taken)
            self._source.taken.clear()
            if cells:
                if max(map(len, cells)) > MAX_CELL_CHARS:
                    raise FormatError(
                        f"{self._name}: the record that begins on line {begins} has a cell of more than "
                        f"{MAX_CELL_CHARS} characters; is a quote left open there?"
                    )
                return begins, cells

    def _read_record(self) -> list[str]:
        taken = self._source.taken
        if not self._quoted:
            return self._split_plain(next(self._source))
        try:
            cells = next(self._reader)
        except csv.Error as error:
            # What is never closed, or grows beyond any cell, is no quoted cell.
            return self._mend_record(is_closed="expected after" in str(error))
        if len(taken) > 1 and self._are_records(taken):
            self._source.push_back(1)
            return self._split_plain(taken[0])
        if self.width and len(cells) < self.width and '"' in taken[0]:
            plain = self._split_plain(taken[0])
            return plain if len(plain) == self.width else cells
        return cells

    def _mend_record(self, *, is_closed: bool) -> list[str]:
        """Read what a quote mark made unreadable: its first line alone, or all of it by looser rules."""
        taken = self._source.taken
        plain = self._split_plain(taken[0])
        whole = self._split_loosely(taken) if is_closed and len(taken) > 1 else None
        if whole and len(whole) == self.width and not self._are_records(taken):
            return whole
        self._source.push_back(1)
        if len(plain) == self.width or max(map(len, plain), default=0) > MAX_CELL_CHARS:
            return plain
        alone = self._split_loosely(taken[:1])
        return alone if alone and len(alone) == self.width else plain

    def _are_records(self, lines: list[str]) -> bool:
        """Return whether each of several lines is a record, as numbers and dates in one column show."""
        rows = [self._split_plain(line) for line in lines]
        if not self.width or any(len(row) != self.width for row in rows):
            return False
        first, *others = rows
        figures = [position for position, cell in enumerate(first) if _NUMBER_OR_DATE.fullmatch(cell.strip())]
        cells = [[row[position].strip() for position in figures] for row in others]
        return bool(figures) and all(
            any(cell for cell in row) and all(not cell or _NUMBER_OR_DATE.fullmatch(cell) for cell in row)
            for row in cells
        )

    def _split_plain(self, line: str) -> list[str]:
        """Split a line at every delimiter; a cell that is quoted as a whole loses its quotes."""
        line = line.rstrip("\r\n")
        if not line:
            return []
        cells = line.split(self._delimiter)
        if not self._quoted or '"' not in line:
            return cells
        return [_unquote_cell(cell) for cell in cells]

    def _split_loosely(self, lines: list[str]) -> list[str] | None:
        """Read lines as one record, with text behind a closing quote; None if they are not exactly one."""
        try:
            records = list(csv.reader(lines, delimiter=self._delimiter))
        except csv.Error:
            return None
        return records[0] if len(records) == 1 else None


class _PushBackLines:
    """Lines that can be given back; those of the record at hand are kept."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._returned: list[str] = []
        self.taken: list[str] = []

    def __iter__(self) -> _PushBackLines:
        return self

    def __next__(self) -> str:
        line = self._returned.pop() if self._returned else next(self._lines)
        self.taken.append(line)
        return line

    def push_back(self, kept: int) -> None:
        """Give back all lines of the record but the first ones."""
        self._returned.extend(reversed(self.taken[kept:]))
        del self.taken[kept:]


def _unquote_cell(cell: str) -> str:
    stripped = cell.strip()
    if len(stripped) > 1 and stripped[0] == stripped[-1] == '"':
        inner = stripped[1:-1]
        if '"' not in inner.replace('""', ""):
            return inner.replace('""', '"')
    return cell
