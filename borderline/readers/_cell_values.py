"""Cells to values: text, numbers and counts of people; what cannot be read is a fault of its record."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .._constants import Floats

__all__ = [
    "SENTINELS",
    "DistinctTexts",
    "Texts",
    "ascii_digits",
    "is_missing",
    "is_missing_word",
    "known_cells",
    "read_distinct",
    "read_marked_texts",
    "read_number",
    "read_numbers",
    "read_texts",
]

#: Marks that programs write for "no value".
_NULL_MARKS: Final = frozenset(
    (
        *(
            "na",
            "n/a",
            "n.a.",
            "n.a",
            "#n/a",
            "#na",
            "#value!",
            "#ref!",
            "#name?",
            "#null!",
            "#div/0!",
            "#num!",
        ),
        *(
            "nan",
            "nat",
            "none",
            "null",
            "(null)",
            "<null>",
            "<na>",
            "\\n",
            "nil",
            "undefined",
            "#div/0!",
            "#num!",
        ),
    )
)
#: Words and marks that mean "unknown" in a column of numbers, dates or positions.
_MISSING_WORDS: Final = _NULL_MARKS | frozenset(
    (
        *(
            "-",
            "--",
            "---",
            "–",
            "—",
            "?",
            "??",
            ".",
            "..",
            "...",
            "…",
            "*",
            "unknown",
            "unk",
            "unk.",
            "not known",
        ),
        *(
            "not available",
            "not reported",
            "not stated",
            "no data",
            "no information",
            "missing",
            "tbc",
            "tbd",
        ),
        *("nd", "n.d.", "n/d", "n/k", "nk", "undetermined", "unspecified", "unclear"),
        *("to be confirmed", "not known", "tbc", "tbd"),
        *("ไม่ทราบ", "ไม่ทราบจำนวน", "ไม่มีข้อมูล", "ไม่ระบุ", "ไม่ปรากฏ", "ไม่แน่ชัด", "รอยืนยัน", "ไม่ทราบแน่ชัด"),
        *("មិនដឹង", "មិនស្គាល់", "មិនច្បាស់", "គ្មានទិន្នន័យ", "គ្មានព័ត៌មាន", "មិនបានបញ្ជាក់", "មិនមានទិន្នន័យ"),
    )
)
#: Words that stand for no name in a column of places.
_NAMELESS_WORDS: Final = _MISSING_WORDS - {"nd", "nk", "*", "none", "nil"}
_LONGEST_WORD: Final = max(map(len, _MISSING_WORDS))
#: Figures that stand for "no value" where they can be no figure.
SENTINELS: Final = (-9.0, -77.0, -88.0, -99.0, -999.0, -9999.0, -99999.0)

#: What word processors make of a minus.
_MINUS_SIGN: Final = "\N{MINUS SIGN}"

_NUMBER: Final = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,3})?")
#: One text a record, None where there is none.
Texts = npt.NDArray[np.object_]


def is_missing(value: object) -> bool:
    """Return whether a cell is None, NaN, NaT or NA (an array or a list never is)."""
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value)  # noqa: PLR0124 - NaN


def ascii_digits(text: str) -> str:
    """
    Replace the digits of any script by 0 to 9, and any blank by a plain one; drop invisible characters.

    Examples
    --------
    >>> ascii_digits("๒๔ กรกฎาคม ๒๕๖๘")
    '24 กรกฎาคม 2568'
    """
    return text if text.isascii() else "".join(map(_plain_character, text))


@cache
def _plain_character(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category in {"Zs", "Zl", "Zp"} else character


def read_texts(column: pd.Series) -> Texts:
    """
    Read every cell as stripped text, None where it is missing or blank.

    Whole floats lose their ``.0`` (an integer column with gaps has them), dates
    are written in ISO form.
    """
    if isinstance(column.dtype, pd.StringDtype):
        return read_distinct(column).texts
    if column.dtype == object and pd.api.types.infer_dtype(column, skipna=True) == "string":
        codes, uniques = pd.factorize(column.to_numpy())
        return np.array([*map(_read_text, uniques), None], dtype=object)[codes]
    texts = np.empty(len(column), dtype=object)
    for position, value in enumerate(column):
        texts[position] = _read_text(value)
    return texts


class DistinctTexts(NamedTuple):
    """A column of text, each distinct cell once: columns of files repeat themselves."""

    #: Position of each cell among the distinct ones; that of None where it is missing or blank.
    codes: npt.NDArray[np.int64]
    #: Distinct texts, stripped; the last one is None.
    distinct: Texts

    @property
    def texts(self) -> Texts:
        """Return the text of every cell."""
        texts: Texts = self.distinct[self.codes]
        return texts

    def blank_words(self, words: frozenset[str]) -> DistinctTexts:
        """Return the column without texts that are one of some words."""
        longest = max(map(len, words))
        distinct = self.distinct.copy()
        for place, text in enumerate(distinct):
            if text is not None and len(text) <= longest and text.casefold() in words:
                distinct[place] = None
        return DistinctTexts(self.codes, distinct)


def read_distinct(column: pd.Series) -> DistinctTexts:
    """Read every cell as `read_texts` does, each distinct one once."""
    if isinstance(column.dtype, pd.StringDtype):
        cells = pa.chunked_array(pa.array(column.array, type=pa.large_string()))
        encoded = pc.utf8_trim_whitespace(cells).combine_chunks().dictionary_encode()
        codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
        known = encoded.dictionary.to_pylist()
        distinct = np.array([*(text.strip() or None for text in known), None], dtype=object)
        return DistinctTexts(codes, distinct)
    codes, uniques = pd.factorize(read_texts(column))
    return DistinctTexts(codes, np.array([*uniques, None], dtype=object))


def _read_text(value: object) -> str | None:
    if isinstance(value, str):
        return value.strip() or None
    if is_missing(value):
        return None
    if isinstance(value, (float, np.floating)):
        return str(int(value)) if float(value).is_integer() else str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value).strip() or None


def known_cells(cells: Texts) -> Iterable[tuple[int, str]]:
    """Yield position and text of each cell that is neither empty nor a word for "unknown"."""
    for position, cell in enumerate(cells):
        if cell is not None and not is_missing_word(cell):
            yield position, cell


def read_marked_texts(column: pd.Series, *, is_place: bool) -> Texts:
    """Read a column of text without the marks, and for places the words, that stand for nothing."""
    return read_distinct(column).blank_words(_NAMELESS_WORDS if is_place else _NULL_MARKS).texts


def read_numbers(column: pd.Series) -> tuple[Floats, dict[int, str]]:
    """
    Read a column as decimal numbers; a comma may be the decimal mark.

    Returns
    -------
    values
        NaN where a cell is missing or unreadable.
    unreadable
        Position and text of the cells that are no finite number.
    """
    kind = column.dtype.kind if isinstance(column.dtype, np.dtype) else ""
    if kind in "iuf" and kind:
        values = column.to_numpy(dtype=np.float64, copy=True)
        infinite = np.flatnonzero(np.isinf(values))
        unreadable = {int(position): str(values[position]) for position in infinite}
        values[infinite] = np.nan
        return values, unreadable
    if isinstance(column.dtype, pd.StringDtype) and (fast := _cast_numbers(column)) is not None:
        return fast, {}
    cells = read_distinct(column)
    numbers = np.full(len(cells.distinct), np.nan)
    bad: set[int] = set()
    for code, cell in known_cells(cells.distinct):
        number = read_number(cell)
        if number is None:
            bad.add(code)
        else:
            numbers[code] = number
    # The last of the distinct texts is the missing one.
    rows = np.flatnonzero(np.isin(cells.codes, list(bad))).tolist() if bad else []
    return numbers[cells.codes], {row: cells.distinct[cells.codes[row]] for row in rows}


def _cast_numbers(column: pd.Series) -> Floats | None:
    """Return a column of plain decimal numbers and empty cells; None if any cell is something else."""
    cells = pc.utf8_trim_whitespace(pa.chunked_array(pa.array(column.array, type=pa.large_string())))
    try:
        values = pc.cast(pc.if_else(pc.equal(cells, ""), None, cells), pa.float64())
    except pa.ArrowInvalid:
        return None
    numbers: Floats = values.to_numpy(zero_copy_only=False).astype(np.float64)
    # Words such as "inf" and "nan" are read with the others.
    is_plain = len(numbers) == values.null_count + np.isfinite(numbers).sum()
    return numbers if is_plain else None


def read_number(text: str) -> float | None:
    """
    Return a decimal number, with a point or a comma, in the digits of any script; None for anything else.

    Examples
    --------
    >>> read_number("14,5"), read_number("๑๔.๕"), read_number("1 400")
    (14.5, 14.5, None)
    """
    plain = ascii_digits(text).strip().replace(_MINUS_SIGN, "-")
    number = float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else math.inf
    return number if math.isfinite(number) else None


def is_missing_word(text: str) -> bool:
    """Return whether a text is empty, or a word or mark for "no value"."""
    if len(text) > _LONGEST_WORD:
        return False
    folded = text.casefold() if text.isascii() else ascii_digits(text).strip().casefold()
    return not folded or folded in _MISSING_WORDS
