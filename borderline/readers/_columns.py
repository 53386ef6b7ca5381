"""Which column of a stranger's table means which of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from ..errors import TableError, near_miss
from ..schema import EVENT_COLUMNS

__all__ = ["TARGETS", "check_mapping", "count_known", "fold_name", "match_columns"]

#: Spellings of each column, the best first; compared in lower case with ``_`` for blanks, dots and hyphens.
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

#: What the argument ``columns`` may name.
TARGETS: Final[tuple[str, ...]] = (
    *("event_id", "latitude", "longitude", "coordinates", "easting", "northing", "utm_zone"),
    *EVENT_COLUMNS,
)

_KNOWN: Final = frozenset(alias for aliases in _ALIASES.values() for alias in aliases)


def fold_name(name: object) -> str:
    """
    Bring a column name to the form in which spellings are compared.

    Examples
    --------
    >>> fold_name(" Event-Date ")
    'event_date'
    """
    return re.sub(r"[\s.\-]+", "_", str(name).strip()).casefold()


def count_known(names: Iterable[str], more: frozenset[str] = frozenset()) -> int:
    """Count the names that mean something, the caller's own among them."""
    return sum(fold_name(name) in _KNOWN or name.strip() in more for name in names)


def check_mapping(columns: Mapping[str, str] | None) -> dict[str, str]:
    """
    Refuse a ``columns`` argument that names what the events table has not.

    Raises
    ------
    TableError
        With the near miss.
    """
    if columns is not None and not isinstance(columns, Mapping):
        raise TableError(
            f"columns= maps our names to the table's, such as {{'event_date': 'When'}}, not {columns!r}."
        )
    mapping = dict(columns or {})
    for target in mapping:
        if target not in TARGETS:
            raise TableError(
                f"columns= maps our names to those of the table, and {target!r} is none of ours."
                f"{near_miss(str(target), TARGETS)}"
            )
    return mapping


def match_columns(names: list[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """
    Find the column of the table behind each of ours.

    Parameters
    ----------
    names
        The table's columns.
    mapping
        Our name to theirs, where the caller said so; a column so named serves no other.

    Returns
    -------
    found
        Our name to theirs, for those that are there.

    Raises
    ------
    TableError
        If `mapping` names a column that the table lacks.

    Examples
    --------
    >>> match_columns(["ID", "When", "lat", "lng"], {"event_date": "When"})
    {'event_id': 'ID', 'latitude': 'lat', 'longitude': 'lng', 'event_date': 'When'}
    """
    absent = [theirs for theirs in mapping.values() if theirs not in names]
    if absent:
        raise TableError(
            f"columns= names {', '.join(map(repr, absent))}, which the table lacks."
            f"{near_miss(str(absent[0]), names)}"
        )
    claimed = set(mapping.values())
    folded: dict[str, str] = {}
    for name in names:
        if name not in claimed:
            folded.setdefault(fold_name(name), name)
    found: dict[str, str] = {}
    for ours, aliases in _ALIASES.items():
        theirs = mapping.get(ours) or next((folded[a] for a in aliases if a in folded), None)
        if theirs is not None:
            found[ours] = theirs
    return found
