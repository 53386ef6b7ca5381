"""Counts of people: figures, ranges, bounds and figures with words around them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from .._constants import Floats
from ._cell_values import SENTINELS, ascii_digits, known_cells, read_distinct
from ._raw_table import Faults, quote_cell

__all__ = ["read_counts"]

#: More dead or injured than this in one event is no count.
_MAX_COUNT: Final = 10**9

_FIGURE: Final = r"(\d{1,18})(?:\.0{0,2})?"
_SINGLE: Final = re.compile(rf"([+-]?){_FIGURE}")
_RANGE: Final = re.compile(
    r"(?:between\s+|from\s+|ระหว่าง\s*|ចន្លោះ\s*)?(\d{1,18})\s*(?:-|–|—|to|or|and|ถึง|หรือ|ដល់|ឬ)\s*(\d{1,18})",
    re.IGNORECASE,
)
#: What a word before a figure says of it: the least and the most that it allows, as steps from the figure.
_BEFORE: Final = (
    (
        r">=|≥|⩾|at least|atleast|minimum(?: of)?|min\.?|(?:no|not) (?:less|fewer) than|from",
        0,
        None,
    ),
    (r"อย่างน้อย|ไม่น้อยกว่า|ไม่ต่ำกว่า|យ៉ាងតិច|យ៉ាងហោច(?:ណាស់)?|មិនតិចជាង", 0, None),
    (
        r">|more than|over|above|upwards of|in excess of|exceeding|กว่า|มากกว่า|เกิน|ជាង|លើស(?:ពី)?|ច្រើនជាង",
        1,
        None,
    ),
    (
        r"<=|≤|⩽|at most|up to|maximum(?: of)?|max\.?|(?:no|not) more than|ไม่เกิน|យ៉ាងច្រើន|មិនលើស(?:ពី)?",
        None,
        0,
    ),
    (r"<|less than|fewer than|under|below|น้อยกว่า|ต่ำกว่า|តិចជាង|ក្រោម", None, -1),
)
_AFTER: Final = (
    (r"\+|or more|or above|and above|at least|and more|plus|ขึ้นไป|ឡើងទៅ", 0, None),
    (r"or (?:less|fewer)|at most|or below", None, 0),
)
_ABOUT: Final = re.compile(
    r"(?:~|≈|±|about|approx(?:imately|\.)?|around|some|circa|ca?\.?|nearly|almost|roughly|estimated|est\.?|"
    r"ประมาณ|ราว|เกือบ|ប្រហែល|ប្រមាណ|ជិត)\s*",
    re.IGNORECASE,
)
_UNITS: Final = re.compile(
    r"\s*(?:people|persons?|individuals|dead|deaths?|killed|fatalit(?:y|ies)|victims?|injured|wounded|hurt|"
    r"injur(?:y|ies)|casualt(?:y|ies)|soldiers?|civilians?|คน|ราย|ศพ|นาย|នាក់|រូប|ศพ)\s*",
    re.IGNORECASE,
)
#: The figure that a cell about both the dead and the injured gives for each.
_SPLIT: Final = {
    "fatalities": re.compile(
        r"(\d{1,9})\s*(?:people\s+)?(?:dead|deaths?|killed|fatalit|died|เสียชีวิต|ศพ|ស្លាប់)", re.IGNORECASE
    ),
    "injuries": re.compile(r"(\d{1,9})\s*(?:people\s+)?(?:hurt|injur|wound|บาดเจ็บ|របួស)", re.IGNORECASE),
}
_NUMBER_WORDS: Final = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
}
_REMARK: Final = re.compile(r"(\d{1,9})\s*(?:\*+|\?|\(.*\)|\[.*\])")


class _Count(NamedTuple):
    """A cell, read."""

    #: The figure; NaN where only bounds are known.
    best: float = np.nan
    #: The least that it says.
    low: float = np.nan
    #: The most that it says.
    high: float = np.nan
    #: Ending of the reason code where something was left out; empty where the cell is a figure or a range.
    reason: str = ""
    #: What was done, for the account.
    detail: str = ""


def read_counts(column: pd.Series, *, reason: str, faults: Faults) -> tuple[Floats, Floats, Floats]:
    """
    Read a column as counts of people: the figure, and both ends where a cell holds a range (``3-5``).

    A bound (``>10``, ``at least 4``, ``10+``) gives one end. Thousands separators are refused:
    ``1,200`` is 1200 to one reader and 1.2 to another.

    Parameters
    ----------
    column
        Cells of any kind.
    reason
        Stem of the reason codes: ``<reason>_negative``, ``<reason>_not_a_number``, ``<reason>_bound``,
        ``<reason>_approximate``, ``<reason>_with_words``.
    faults
        Receives a complaint for each cell that is no figure and no range.

    Returns
    -------
    best, low, high
        NaN where unknown; only ranges and bounds have `low` and `high`, and they have no `best`.
    """
    cells = read_distinct(column)
    figures = np.full((3, len(cells.distinct)), np.nan)
    remarked: dict[int, _Count] = {}
    for code, cell in known_cells(cells.distinct):
        count = _parse_count(cell, str(column.name), reason)
        figures[:, code] = count.best, count.low, count.high
        if count.reason:
            remarked[code] = count
    rows = np.flatnonzero(np.isin(cells.codes, list(remarked))).tolist() if remarked else []
    for row in rows:
        count = remarked[int(cells.codes[row]) % len(cells.distinct)]
        faults.add(row, f"{reason}_{count.reason}", count.detail)
    best, low, high = figures[:, cells.codes]
    return best, low, high


def _parse_count(cell: str, column: str, reason: str) -> _Count:
    text = ascii_digits(cell).replace("\N{MINUS SIGN}", "-").strip()
    shown = f"{column} is {quote_cell(cell)}"
    if single := _SINGLE.fullmatch(text):
        number = int(single[2])
        if single[1] == "-" and number:
            if -number in SENTINELS:
                return _Count()
            return _Count(reason="negative", detail=f"{shown}; leave it empty where unknown")
        if number <= _MAX_COUNT:
            return _Count(best=float(number))
    if (span := _RANGE.fullmatch(text)) and int(span[1]) <= int(span[2]) <= _MAX_COUNT:
        return _Count(low=float(span[1]), high=float(span[2]))
    return _parse_words(text, shown, reason) or _Count(
        reason="not_a_number",
        detail=f"{shown}; write one whole number without separators, a range as 3-5, or leave it empty",
    )


def _parse_words(text: str, shown: str, reason: str) -> _Count | None:  # noqa: PLR0911 - a wording a line
    """Read a figure with a bound, a unit or a remark; None where there is none."""
    plain = _UNITS.sub(" ", text).strip().strip(",;:").casefold()
    plain = re.sub(r"\s+", " ", plain)
    plain = re.sub(r"[a-z]+", lambda word: str(_NUMBER_WORDS.get(word[0], word[0])), plain)
    for patterns, order in ((_BEFORE, "{word}\\s*{figure}"), (_AFTER, "{figure}\\s*{word}")):
        for word, least, most in patterns:
            pattern = order.format(word=f"(?:{word})", figure=r"(\d{1,9})")
            if match := re.fullmatch(pattern, plain):
                low = np.nan if least is None else float(int(match[1]) + least)
                high = np.nan if most is None else float(int(match[1]) + most)
                said = f"at least {low:.0f}" if most is None else f"at most {high:.0f}"
                return _Count(low=low, high=high, reason="bound", detail=f"{shown}: kept as {said}")
    rest = _ABOUT.sub("", plain, count=1)
    if rest != plain and (figure := re.fullmatch(r"(\d{1,9})", rest)):
        return _Count(
            best=float(figure[1]),
            reason="approximate",
            detail=f"{shown}: kept as {figure[1]}, without its doubt",
        )
    if rest != plain and (span := _RANGE.fullmatch(rest)) and int(span[1]) <= int(span[2]):
        return _Count(
            low=float(span[1]), high=float(span[2]), reason="approximate", detail=f"{shown}: kept as a range"
        )
    if plain.isdecimal() and len(plain) <= 9:
        return _Count(best=float(plain), reason="with_words", detail=f"{shown}: kept as {plain}")
    if (span := _RANGE.fullmatch(plain)) and int(span[1]) <= int(span[2]) <= _MAX_COUNT:
        return _Count(
            low=float(span[1]), high=float(span[2]), reason="with_words", detail=f"{shown}: kept as a range"
        )
    if remark := _REMARK.fullmatch(plain):
        return _Count(best=float(remark[1]), reason="with_words", detail=f"{shown}: kept as {remark[1]}")
    figures = _SPLIT[reason].findall(text) if reason in _SPLIT else []
    if len(figures) == 1:
        return _Count(best=float(figures[0]), reason="with_words", detail=f"{shown}: kept as {figures[0]}")
    return None
