"""Names of months in English, Thai and Khmer, and the marks of an era."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["ERA", "MONTH", "month_number"]

_ENGLISH: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_THAI: Final = (
    *("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน"),
    *("กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"),
)
_THAI_SHORT: Final = ("มค", "กพ", "มีค", "เมย", "พค", "มิย", "กค", "สค", "กย", "ตค", "พย", "ธค")
_KHMER: Final = (
    *("មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា"),
    *("កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ"),
)
_OTHER: Final = {
    name: number
    for names in (_THAI, _THAI_SHORT, _KHMER, [name.removesuffix("คม").removesuffix("ยน") for name in _THAI])
    for number, name in enumerate(names, 1)
}

#: A word that may be a month.
MONTH: Final = r"(?:[A-Za-z]{3,9}|[\u0e00-\u0e7f.]{2,12}|[\u1780-\u17ff]{2,12})"
#: Words before a year: Thai for Buddhist and common era, Khmer for both.
ERA: Final = r"(?:พ\.?\s?ศ\.?\s*|ค\.?\s?ศ\.?\s*|ព\.?ស\.?\s*|គ\.?ស\.?\s*|B\.?E\.?\s*)?"


def month_number(name: str) -> int:
    """
    Find the number of a month by its name; English by at least three letters, 0 for none.

    Examples
    --------
    >>> month_number("Jul"), month_number("ก.ค."), month_number("កក្កដា"), month_number("Smarch")
    (7, 7, 7, 0)
    """
    low = re.sub(r"[.\s]", "", name).casefold()
    if low in _OTHER:
        return _OTHER[low]
    if not (low.isascii() and len(low) >= 3):
        return 0
    return next((number for number, month in enumerate(_ENGLISH, 1) if month.startswith(low)), 0)
