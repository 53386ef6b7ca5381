"""The records of a source before any of them is understood, and the faults found so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from .._datums import NO_SHIFT, Shift

__all__ = ["IN_MEMORY", "Faults", "RawTable", "quote_cell", "unique_names"]

#: Name of a table in memory in messages.
IN_MEMORY = "the table"

#: Longest cell shown in a message, characters.
_MAX_SHOWN = 60


@dataclass(slots=True)
class Faults:
    """Complaints about records; a record keeps all of them, and the first one is its reason."""

    #: (reason, detail) of each complaint, by position of the record.
    by_row: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, row: int, reason: str, detail: str) -> None:
        """Add a complaint about the record at position `row` (from 0)."""
        self.by_row.setdefault(int(row), []).append((reason, detail))

    def __contains__(self, row: object) -> bool:
        return row in self.by_row

    def rows(self) -> list[int]:
        """Return the positions of the records complained of, in their order."""
        return sorted(self.by_row)

    def move_rows(self, positions: Mapping[int, int]) -> Faults:
        """Return the complaints under the new positions of their records; those without one are dropped."""
        return Faults(
            {positions[row]: complaints for row, complaints in self.by_row.items() if row in positions}
        )

    def count_reasons(self) -> dict[str, int]:
        """Count the records by reason."""
        return dict(sorted(Counter(complaints[0][0] for complaints in self.by_row.values()).items()))


@dataclass(frozen=True, slots=True, eq=False)
class RawTable:
    """One source, its cells as they came."""

    #: The records, numbered from 0; what a reject shows.
    table: pd.DataFrame
    #: The columns that may have a meaning: `table` without its geometry.
    cells: pd.DataFrame
    #: Geometries in EPSG:4326, of any kind; None when the source has none.
    geometries: npt.NDArray[np.object_] | None
    #: Physical line on which each record begins; None for what has no lines.
    lines: npt.NDArray[np.int64] | None
    #: Complaints found while the source was parsed.
    faults: Faults
    #: Name of the source in messages.
    name: str
    #: Short name of a file, for the column ``dataset``; empty for a table in memory.
    stem: str = ""
    #: Encoding of a text file; empty for anything else.
    encoding: str = ""
    #: What was repaired because only one reading is possible.
    repairs: Faults = field(default_factory=Faults)
    #: Number of records that the caller's filter left out; they are in none of the tables.
    passed_over: int = 0
    #: Event column to column of the table, where the source itself says so; names come second to it.
    meanings: Mapping[str, str] = field(default_factory=dict)
    #: Event column or column of the table to how its cells are written, such as "well-known text".
    notations: Mapping[str, str] = field(default_factory=dict)
    #: Column of the table that the geometries were read from; empty for a column named geometry.
    geometry_name: str = ""
    #: Reference system of the geometries before they were transformed; empty where there are none.
    datum: str = ""
    #: Sheet or layer of each record, where several were joined; or the name of the only one.
    part: str = ""
    #: Columns that a layout consulted, beside those matched to event columns.
    consulted: set[str] = field(default_factory=set)
    #: Sentences on what was passed over.
    notes: tuple[str, ...] = ()
    #: What was done to bring the geometries to EPSG:4326.
    shift: Shift = NO_SHIFT


def quote_cell(value: object) -> str:
    """Return a value from a stranger's table for a message: escaped, and not too long."""
    text = value if isinstance(value, str) else str(value)
    return repr(text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…")


def unique_names(names: Iterable[object], *, taken: Iterable[str] = ()) -> list[str]:
    """
    Give every column a name of its own.

    Examples
    --------
    >>> unique_names(["a", "", "a"])
    ['a', 'column_2', 'a_2']
    """
    used = set(taken)
    result = []
    for position, name in enumerate(names, start=1):
        stem = str(name).strip() or f"column_{position}"
        candidate, number = stem, 1
        while candidate in used:
            number += 1
            candidate = f"{stem}_{number}"
        used.add(candidate)
        result.append(candidate)
    return result
