"""What every source becomes first: cells as they came, and the faults found so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Faults", "Raw", "quoted", "unique_names"]

_SHOWN = 60


@dataclass(slots=True)
class Faults:
    """Reasons to set a row aside; a row keeps every complaint, the first names it."""

    by_row: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, row: int, reason: str, detail: str) -> None:
        """Note one complaint about the record at position `row` (from 0)."""
        self.by_row.setdefault(int(row), []).append((reason, detail))

    def __contains__(self, row: object) -> bool:
        return row in self.by_row

    def rows(self) -> list[int]:
        """Positions of the rows to set aside, in their order."""
        return sorted(self.by_row)


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """One source, before anything in it is understood."""

    #: The rows as they came, numbered from 0; what a reject shows.
    table: pd.DataFrame
    #: The columns that may carry a meaning: `table` without its geometry.
    cells: pd.DataFrame
    #: Points (or whatever stands in their place) in EPSG:4326; None when the source has no geometry.
    geometries: npt.NDArray[np.object_] | None
    #: Physical line on which each record begins; None for what has no lines.
    lines: npt.NDArray[np.int64] | None
    #: Complaints found while taking the source apart.
    faults: Faults
    #: How messages call the source.
    name: str
    #: Short name of a file, for the column ``dataset``; empty for a table in memory.
    stem: str = ""
    #: How the text of a file was encoded; empty for what is no text.
    encoding: str = ""
    #: What was mended because only one reading is possible.
    repairs: Faults = field(default_factory=Faults)
    #: Records that the caller's filter passed over; they are in none of the tables.
    passed_over: int = 0


def quoted(value: object) -> str:
    """Show a value from a stranger's table in a message: escaped, and not too long."""
    text = value if isinstance(value, str) else str(value)
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


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
