"""What the columns of a table mean: the spellings of each event column, and the layouts of providers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import pandas as pd

from ..errors import OptionError, TableError, near_miss
from ..schema import EVENT_COLUMNS
from ._column_names import (
    ALIASES,
    find_by_simple_name,
    find_column,
    find_coordinate_pairs,
    fold_column_name,
    known_names,
)
from ._raw_table import RawTable

__all__ = [
    "TARGETS",
    "Cells",
    "Derived",
    "Layout",
    "columns_by_name",
    "count_known_names",
    "match_columns",
    "validate_mapping",
]

#: Columns that the argument ``columns`` may name.
TARGETS: Final[tuple[str, ...]] = (
    *("event_id", "latitude", "longitude", "coordinates", "easting", "northing", "utm_zone"),
    *EVENT_COLUMNS,
)

#: Event column to the column of the table that holds it.
Cells = Mapping[str, pd.Series]


class Derived(NamedTuple):
    """Columns that a provider's layout computes from several of its own."""

    #: Event columns, and columns of the table itself whose codes were replaced by words.
    columns: dict[str, pd.Series]
    #: Position of each record that only repeats an event, to that of the event's first record.
    repeats: dict[int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """The way in which a provider writes a table of events."""

    #: Name in `Check.format` and the argument ``format``.
    name: str
    #: Description for messages.
    title: str
    #: Folded column names that together identify the layout; empty for the last resort.
    signature: frozenset[str] = frozenset()
    #: Value of the column ``dataset``; empty for the name of the file.
    dataset: str = ""
    #: Event column to the provider's folded column name, where the name alone would mislead.
    columns: Mapping[str, str] = field(default_factory=dict)
    #: Computes event columns from several columns of the provider.
    derive: Callable[[RawTable, Cells], Derived] | None = None
    #: Name of the provider in the crosswalks; empty if it is the layout's own.
    crosswalk: str = ""
    #: Whether the provider documents that ``03/04/2001`` is the third of April.
    day_first: bool = False
    #: Folded name of the column by which the later version of an event is known; empty where there is none.
    version: str = ""

    @property
    def crosswalk_name(self) -> str:
        """Name under which the crosswalks hold the provider's words."""
        return self.crosswalk or self.name

    def known_columns(self, names: Iterable[str]) -> dict[str, str]:
        """Return the event columns that this layout finds among `names`, each with that name."""
        by_folded_name: dict[str, str] = {}
        for name in names:
            by_folded_name.setdefault(fold_column_name(name), name)
        return {
            target: by_folded_name[name] for target, name in self.columns.items() if name in by_folded_name
        }


class _ConsultedColumns(dict[str, "pd.Series[Any]"]):
    """Columns by folded name; the table notes which of them were asked for."""

    def __init__(self, raw: RawTable) -> None:
        super().__init__({fold_column_name(name): raw.cells[name] for name in raw.cells.columns})
        self._consulted = raw.consulted

    def __getitem__(self, name: str) -> pd.Series:
        column = super().__getitem__(name)
        self._consulted.add(str(column.name))
        return column

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as of a dict
        return self[name] if name in self else default  # noqa: SIM401 - get of a dict would not note it


def columns_by_name(raw: RawTable) -> dict[str, pd.Series]:
    """Return the columns of a table by folded name."""
    return _ConsultedColumns(raw)


def count_known_names(names: Iterable[str], more: frozenset[str] = frozenset()) -> int:
    """Count the names with a known meaning, those in `more` among them."""
    known = known_names()
    return sum(fold_column_name(name) in known or name.strip() in more for name in names)


def validate_mapping(columns: Mapping[str, str] | None) -> dict[str, str]:
    """
    Validate the argument ``columns``.

    Raises
    ------
    OptionError
        If it is no mapping, or names an event column that does not exist.
    """
    if columns is not None and not isinstance(columns, Mapping):
        raise OptionError(
            "columns must map event columns to the columns of the table, "
            f"such as {{'event_date': 'When'}}, not {columns!r}."
        )
    mapping = dict(columns or {})
    for target in mapping:
        if target not in TARGETS:
            raise OptionError(
                "columns must map event columns to the columns of the table, "
                f"and {target!r} is no event column.{near_miss(str(target), TARGETS)}"
            )
    return mapping


def match_columns(names: list[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """
    Return the column of the table for each event column.

    Parameters
    ----------
    names
        Columns of the table.
    mapping
        Event column to column of the table, where the caller or the layout says so; a column
        named here serves no other.

    Returns
    -------
    matched
        Event column to column of the table, for those that are there.

    Raises
    ------
    TableError
        If `mapping` names a column that the table lacks.

    Examples
    --------
    >>> match_columns(["ID", "When", "lat", "lng"], {"event_date": "When"})
    {'event_id': 'ID', 'latitude': 'lat', 'longitude': 'lng', 'event_date': 'When'}
    """
    absent = [name for name in mapping.values() if name not in names]
    if absent:
        raise TableError(
            f"columns names {', '.join(map(repr, absent))}, which the table lacks."
            f"{near_miss(str(absent[0]), names)}"
        )
    claimed = set(mapping.values())
    by_folded_name: dict[str, str] = {}
    for name in names:
        if name not in claimed:
            by_folded_name.setdefault(fold_column_name(name), name)
    # Of two columns that fold to one name, the one that is written so.
    by_folded_name |= {name: name for name in names if name not in claimed and name in by_folded_name}
    if {"source_name", "target_name"} <= by_folded_name.keys():
        # Where there is a target, as in ICEWS, the source is who acts and not who reports.
        mapping = {
            "actor1": by_folded_name.pop("source_name"),
            "actor2": by_folded_name["target_name"],
        } | dict(mapping)
    matched: dict[str, str] = {}
    for target in ALIASES:
        column = mapping.get(target) or find_column(target, by_folded_name)
        if column is not None:
            matched[target] = column
    _match_simple_names(names, claimed, matched)
    _match_positions(by_folded_name, matched)
    return {target: matched[target] for target in ALIASES if target in matched}


def _match_simple_names(names: list[str], claimed: set[str], matched: dict[str, str]) -> None:
    """Find columns whose names have more around them, where nothing else answers."""
    taken = claimed | set(matched.values())
    free = [name for name in names if name not in taken]
    for target in ALIASES:
        if target not in matched and target not in {"latitude", "longitude"}:
            column = find_by_simple_name(target, free)
            if column is not None:
                matched[target] = column
                free.remove(column)


def _match_positions(by_folded_name: Mapping[str, str], matched: dict[str, str]) -> None:
    """Find a pair of coordinates, under names with more around them."""
    pair = {"latitude", "longitude"} & matched.keys()
    free = {
        folded: name
        for folded, name in by_folded_name.items()
        if name not in matched.values() or name in {matched.get("latitude"), matched.get("longitude")}
    }
    if len(pair) < 2:
        pairs = find_coordinate_pairs(free)
        if len(pairs) == 1:
            matched["latitude"], matched["longitude"] = pairs[0]
        elif len(pairs) > 1 and not {"coordinates"} & matched.keys():
            listed = "; ".join(f"{latitude} and {longitude}" for latitude, longitude in pairs)
            raise TableError(
                f"Several pairs of columns may say where: {listed}; "
                'name one with columns={"latitude": ..., "longitude": ...}.'
            )
