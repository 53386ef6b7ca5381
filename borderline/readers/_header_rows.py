"""Find the row that names the columns: below titles and groups of columns, above tags of HXL."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from ._layout import count_known_names

__all__ = ["HEADER_ROWS", "Header", "find_header", "match_tags"]

#: The names of the columns stand among the first rows, as many as these.
HEADER_ROWS: Final = 40
#: So many known names in a later row, and twice those of the first, make that row the header.
_FEWEST_NAMES: Final = 2

#: A tag with attributes, https://hxlstandard.org/standard/1-1final/tagging/
_HXL_TAG: Final = re.compile(r"#[A-Za-z]\w*(?:\s*\+\s*[A-Za-z]\w*)*")
#: Event column for a tag and the attributes that it needs, the most special first.
_HXL_COLUMNS: Final = (
    ("latitude", "#geo", {"lat"}),
    ("longitude", "#geo", {"lon"}),
    ("coordinates", "#geo", {"coord"}),
    ("event_date_end", "#date", {"end"}),
    ("event_date", "#date", {"occurred"}),
    ("event_date", "#date", {"start"}),
    ("event_date", "#date", set[str]()),
    ("event_id", "#event", {"id"}),
    ("event_id", "#event", {"code"}),
    ("event_type", "#event", {"type"}),
    ("event_type", "#cause", set[str]()),
    ("country", "#country", {"code"}),
    ("country", "#country", set[str]()),
    ("admin1", "#adm1", {"name"}),
    ("location", "#loc", {"name"}),
    ("location", "#loc", set[str]()),
    ("fatalities", "#affected", {"killed"}),
    ("injuries", "#affected", {"injured"}),
    ("source_url", "#meta", {"url"}),
    ("source", "#meta", {"source"}),
    ("notes", "#description", set[str]()),
)


class Header(NamedTuple):
    """The rows above the first record of a table."""

    #: Names of the columns as they came.
    names: list[str]
    #: Position of the names among the rows.
    position: int
    #: Position of the first record.
    first_record: int
    #: Event column to the position of the column whose HXL tag says so.
    tagged: dict[str, int]
    #: How many names have a known meaning.
    n_known: int

    def describe(self, lines: Sequence[int]) -> str:
        """Return what was passed over, in words, given the line of each row; empty for a header on top."""
        parts = []
        if self.position:
            first, last = lines[0], lines[self.position - 1]
            above = f"lines {first} to {last}" if last > first else f"line {first}"
            parts.append(
                f"the columns are named in line {lines[self.position]}, {above} above them passed over"
            )
        if self.tagged:
            parts.append(f"line {lines[self.first_record - 1]} holds HXL tags")
        return "; ".join(parts)


def find_header(rows: Sequence[Sequence[str]], known: frozenset[str] = frozenset()) -> Header:
    """
    Find the names of the columns among the first rows of a table.

    The first row holds them, unless a later one has several known names and at least twice as many:
    then titles, notes, or a row of groups of columns stand above. A row of HXL tags is no record.

    Parameters
    ----------
    rows
        The first rows that are not blank, up to `HEADER_ROWS`.
    known
        More names that the caller recognises.
    """
    shown = rows[:HEADER_ROWS]
    tag_row = next((position for position, row in enumerate(shown) if _is_tagged(row)), None)
    if tag_row is not None:
        tagged = match_tags(shown[tag_row])
        above = list(shown[tag_row - 1]) if tag_row else []
        width = len(shown[tag_row])
        is_named = sum(bool(cell.strip()) for cell in above) * 2 >= width
        names = above if is_named else [cell.strip() for cell in shown[tag_row]]
        n_known = max(len(tagged), count_known_names(names, known))
        return Header(names, tag_row - 1 if is_named else tag_row, tag_row + 1, tagged, n_known)
    counts = [count_known_names(row, known) for row in shown] or [0]
    best = max(range(len(counts)), key=lambda position: counts[position])
    if counts[best] < max(_FEWEST_NAMES, 2 * counts[0]):
        best = 0
    return Header(list(shown[best]) if shown else [""], best, best + 1, {}, counts[best])


def match_tags(tags: Iterable[str]) -> dict[str, int]:
    """
    Return the position of the column for each event column that HXL tags name.

    Examples
    --------
    >>> match_tags(["#date+start", "#geo+lat", "#geo+lon", "#affected+killed"])
    {'latitude': 1, 'longitude': 2, 'event_date': 0, 'fatalities': 3}
    """
    split = [[part.strip().casefold() for part in tag.split("+")] for tag in tags]
    matched: dict[str, int] = {}
    for column, tag, attributes in _HXL_COLUMNS:
        for position, (name, *given) in enumerate(split):
            taken = column in matched or position in matched.values()
            if name == tag and attributes <= set(given) and not taken:
                matched[column] = position
    return matched


def _is_tagged(row: Sequence[str]) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    return len(cells) >= _FEWEST_NAMES and all(_HXL_TAG.fullmatch(cell) for cell in cells)
