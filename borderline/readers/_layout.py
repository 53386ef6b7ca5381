"""What the columns of a table mean: the spellings of each event column, and the layouts of providers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import pandas as pd

from ..errors import OptionError, TableError, near_miss
from ..schema import EVENT_COLUMNS
from ._raw_table import RawTable

__all__ = [
    "TARGETS",
    "Cells",
    "Derived",
    "Layout",
    "columns_by_name",
    "count_known_names",
    "fold_column_name",
    "match_columns",
    "validate_mapping",
]

#: Spellings of each column, the best first, folded as by `fold_column_name`.
_ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "event_id": ("event_id", "id", "event_id_cnty", "eventid", "incident_id", "uid", "globaleventid"),
    "latitude": ("latitude", "lat", "y", "latitude_dd", "ycoord"),
    "longitude": ("longitude", "lon", "lng", "long", "x", "longitude_dd", "xcoord"),
    "coordinates": (
        *("coordinates", "coordinate", "coords", "lat_lon", "latlon", "lat_long", "latlong", "lat,lon"),
        *("gps", "mgrs", "grid", "grid_reference", "grid_ref", "พิกัด", "និយាមកា"),
    ),
    "easting": ("easting", "utm_e", "utm_x", "utm_easting"),
    "northing": ("northing", "utm_n", "utm_y", "utm_northing"),
    "utm_zone": ("utm_zone", "zone"),
    "event_date": ("event_date", "date", "date_start", "start_date", "incident_date", "sqldate"),
    "event_date_end": ("event_date_end", "date_end", "end_date"),
    "event_type": ("event_type", "type", "incident_type", "category", "kind"),
    "event_type_source": ("event_type_source",),
    "location": ("location", "place", "place_name", "location_name", "place_desc", "site"),
    "country": ("country", "country_name", "iso3", "country_code", "country_reported"),
    "admin1": ("admin1", "admin_1", "adm1", "adm_1", "province", "province_name", "province_reported"),
    "fatalities": ("fatalities", "deaths", "killed", "dead", "fatalities_best", "deaths_best", "best"),
    "fatalities_low": ("fatalities_low", "fatalities_min", "deaths_low", "deaths_min", "killed_min", "low"),
    "fatalities_high": (
        "fatalities_high",
        "fatalities_max",
        "deaths_high",
        "deaths_max",
        "killed_max",
        "high",
    ),
    "fatalities_civilian": (
        "fatalities_civilian",
        "fatalities_civilians",
        "deaths_civilians",
        "deaths_civilian",
        "civilian_deaths",
        "civilians_killed",
    ),
    "injuries": ("injuries", "injured", "wounded"),
    "actor1": ("actor1", "actor_1", "side_a"),
    "actor2": ("actor2", "actor_2", "side_b"),
    "side_blamed": ("side_blamed", "blamed"),
    "geo_precision": ("geo_precision", "where_prec", "precision"),
    "location_error_m": ("location_error_m", "error_m", "precision_m", "accuracy_m"),
    "source": ("source", "source_name", "publisher"),
    "source_url": ("source_url", "url", "link", "source_link"),
    "notes": ("notes", "note", "description", "remarks", "comment", "comments", "summary"),
    "dataset": ("dataset",),
}

#: Columns that the argument ``columns`` may name.
TARGETS: Final[tuple[str, ...]] = (
    *("event_id", "latitude", "longitude", "coordinates", "easting", "northing", "utm_zone"),
    *EVENT_COLUMNS,
)

_KNOWN: Final = frozenset(alias for aliases in _ALIASES.values() for alias in aliases)


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


def fold_column_name(name: object) -> str:
    """
    Fold a column name: lower case, with ``_`` for blanks, dots and hyphens.

    Examples
    --------
    >>> fold_column_name(" Event-Date ")
    'event_date'
    """
    return re.sub(r"[\s.\-]+", "_", str(name).strip()).casefold()


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
    return sum(fold_column_name(name) in _KNOWN or name.strip() in more for name in names)


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
    matched: dict[str, str] = {}
    for target, aliases in _ALIASES.items():
        column = mapping.get(target) or next(
            (by_folded_name[alias] for alias in aliases if alias in by_folded_name), None
        )
        if column is not None:
            matched[target] = column
    return matched
