"""Rows of a table that are no event: sums, notes below it, rows without a place and a date."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from .._constants import Bools
from ._cell_values import ascii_digits, read_texts
from ._raw_table import RawTable, quote_cell

__all__ = ["reject_stray_rows"]

_SUM: Final = re.compile(
    r"(?:grand\s+|sub-?\s?)?totals?(?:\s+\d*\s*(?:events?|incidents?|rows?|records?))?|sums?|overall|average|mean|"
    r"รวม|รวมทั้งหมด|รวมทั้งสิ้น|ยอดรวม|ทั้งหมด|ผลรวม|សរុប|សរុបរួម|សរុបទាំងអស់|ផលបូក|tổng(?: cộng)?",
    re.IGNORECASE,
)
_NOTE: Final = re.compile(
    r"(?:sources?|notes?|remarks?|legend|last updated|updated|data as of|compiled by|copyright|©|\*|"
    r"ที่มา|แหล่งที่มา|หมายเหตุ|ประเภท|ข้อมูล ณ|ប្រភព|កំណត់សម្គាល់|សម្គាល់)\s*[:：*].*|©.*",
    re.IGNORECASE | re.DOTALL,
)


def reject_stray_rows(raw: RawTable, *, placed: Bools, named: Bools, dated: Bools | None) -> None:
    """
    Set aside rows that are no event.

    Parameters
    ----------
    raw
        Its faults receive ``row_of_totals``, ``note_below_table`` and ``no_place_and_no_date``.
    placed
        Which rows have a point.
    named
        Which rows have the name of a place or a province.
    dated
        Which rows have a date; None where the table has no dates.
    """
    bare = ~placed if dated is None else ~placed & ~dated
    for row in np.flatnonzero(bare).tolist():
        if row in raw.faults:
            continue
        texts = [text for text in read_texts(raw.cells.iloc[row]) if text is not None]
        total = next((text for text in texts if _SUM.fullmatch(text.strip(" :."))), None)
        note = next((text for text in texts if _NOTE.fullmatch(text)), None)
        if total is not None:
            detail = f"{quote_cell(total)} beside sums, without a place and a date; delete the row"
            raw.faults.add(row, "row_of_totals", detail)
        elif note is not None and len(texts) <= 2:
            raw.faults.add(
                row, "note_below_table", f"{quote_cell(note)}: a note, not an event; delete the row"
            )
        elif dated is not None and not named[row] and _says_nothing(texts):
            detail = "neither a place nor a date, nor any words; fill in one of them, or delete the row"
            raw.faults.add(row, "no_place_and_no_date", detail)


def _says_nothing(texts: list[str]) -> bool:
    """Return whether a row holds one cell, or figures alone."""
    return len(texts) == 1 or all(re.fullmatch(r"[-+]?[\d.,\s]+%?", ascii_digits(text)) for text in texts)
