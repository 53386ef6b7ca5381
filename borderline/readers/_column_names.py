"""What the columns of a table are called: spellings in three scripts, and names with more around them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from .._paths import data_path
from ._cell_values import ascii_digits

__all__ = [
    "ALIASES",
    "find_by_simple_name",
    "find_column",
    "find_coordinate_pairs",
    "fold_column_name",
    "known_names",
    "simplify_column_name",
    "suggests_position",
]

#: Spellings of each column in English, the best first, folded as by `fold_column_name`.
ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "event_id": (
        *("event_id", "id", "event_id_cnty", "eventid", "incident_id", "uid", "globaleventid"),
        *("event_no", "event_number", "incident_no", "incident_number", "case_id", "case_no", "record_id"),
    ),
    "latitude": ("latitude", "lat", "y", "latitude_dd", "ycoord"),
    "longitude": ("longitude", "lon", "lng", "long", "x", "longitude_dd", "xcoord"),
    "coordinates": (
        *("coordinates", "coordinate", "coords", "lat_lon", "latlon", "lat_long", "latlong", "lat,lon"),
        *(
            "gps",
            "mgrs",
            "grid",
            "grid_reference",
            "grid_ref",
            "lat/lon",
            "lat/long",
            "geopoint",
            "geo_point",
        ),
        *("geo_point", "gps_coordinates", "gps_location", "geolocation"),
    ),
    "easting": ("easting", "utm_e", "utm_x", "utm_easting"),
    "northing": ("northing", "utm_n", "utm_y", "utm_northing"),
    "utm_zone": ("utm_zone", "zone"),
    "event_date": (
        *("event_date", "incident_date", "date", "date_start", "start_date", "sqldate"),
        *(
            "date_of_incident",
            "date_of_event",
            "date_incident",
            "accident_date",
            "date_of_accident",
            "date_occurred",
            "occurrence_date",
            "creation_date",
        ),
    ),
    "event_date_end": ("event_date_end", "date_end", "end_date"),
    "date_precision": ("date_precision",),
    "event_type": ("event_type", "type", "incident_type", "category", "kind"),
    "event_type_source": ("event_type_source",),
    "location": ("location", "place", "place_name", "location_name", "place_desc", "site"),
    "country": ("country", "country_name", "iso3", "country_code", "country_reported"),
    "admin1": ("admin1", "admin_1", "adm1", "adm_1", "province", "province_name", "province_reported"),
    "fatalities": (
        *("fatalities", "deaths", "killed", "dead", "fatalities_best", "deaths_best"),
        *("death_toll", "nkill", "died"),
    ),
    "fatalities_low": ("fatalities_low", "fatalities_min", "deaths_low", "deaths_min", "killed_min"),
    "fatalities_high": ("fatalities_high", "fatalities_max", "deaths_high", "deaths_max", "killed_max"),
    "fatalities_civilian": (
        *("fatalities_civilian", "fatalities_civilians", "deaths_civilians", "deaths_civilian"),
        *("civilian_deaths", "civilians_killed"),
    ),
    "injuries": ("injuries", "injured", "wounded", "nwound"),
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

#: Pairs of names, the latitude first; ``_`` stands at the edge of a word.
_PAIRS: Final = (
    ("latitude", ("longitude",)),
    ("lat", ("lon", "lng", "long")),
    ("ycoord", ("xcoord",)),
    ("y_coord", ("x_coord",)),
)
#: Pairs whose names count only as whole words.
_LONE_PAIRS: Final = (("y", "x"), ("coords_x2", "coords_x1"), ("n", "e"))
#: Words for how a coordinate is written.
_NOTATION_WORDS: Final = ("dd", "deg", "degree", "degrees", "decimal", "wgs", "wgs84", "84")
#: Words around the name of a coordinate that say nothing else than that it is one.
_PLAIN_WORDS: Final = frozenset(
    [
        "gps",
        "geo",
        "location",
        "loc",
        *_NOTATION_WORDS,
        "point",
        "pos",
        "position",
        "event",
        "incident",
        "site",
        "place",
        "map",
        "coord",
        "coords",
        "coordinate",
        "coordinates",
        "centroid",
        "n",
        "e",
        "of",
        "the",
        "x",
        "y",
        "data",
    ]
)
#: Words that make a name with coordinates in it that of something else.
_OTHER_WORDS: Final = frozenset(
    [
        "accuracy",
        "precision",
        "error",
        "altitude",
        "elevation",
        "height",
        "source",
        "quality",
        "type",
        "system",
        "datum",
        "zone",
        "id",
        "name",
        "note",
        "notes",
        "description",
        "method",
        "uncertainty",
        "address",
        "country",
        "admin",
    ]
)
_POSITION_WORDS: Final = frozenset(
    [
        "lat",
        "latitude",
        "latitudes",
        "longitudes",
        "lattitude",
        "lon",
        "lng",
        "longitude",
        "coord",
        "coords",
        "coordinate",
        "coordinates",
        "gps",
        "utm",
        "mgrs",
        "easting",
        "northing",
        "wkt",
        "wkb",
        "geom",
        "geometry",
        "geojson",
        "geopoint",
        "geolocation",
        "long",
        "geo",
        "shape",
        "xcoord",
        "ycoord",
        "latlon",
        "latlng",
        "latlong",
        "พิกัด",
        "ละติจูด",
        "ลองจิจูด",
        "និយាមកា",
    ]
)
_NOISE: Final = frozenset(
    [
        *_NOTATION_WORDS,
        "number",
        "no",
        "num",
        "of",
        "total",
        "count",
        "people",
    ]
)
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")


def fold_column_name(name: object) -> str:
    """
    Fold a column name: lower case, with ``_`` for blanks, dots and hyphens, none at its end.

    Examples
    --------
    >>> fold_column_name(" Event-Date "), fold_column_name("Lat.")
    ('event_date', 'lat')
    """
    return re.sub(r"[\s.\-]+", "_", ascii_digits(str(name)).strip()).casefold().rstrip("_") or str(name)


def simplify_column_name(name: object) -> str:
    """
    Fold a column name without what surveys and people put around it: brackets, units, groups, camel case.

    Examples
    --------
    >>> simplify_column_name("group/eventDate"), simplify_column_name("Number of deaths (total)")
    ('event_date', 'deaths')
    """
    text = _BRACKETS.sub(" ", ascii_digits(str(name)))
    text = re.split(r"/|::", text.strip().strip(":#*"))[-1]
    if " " not in text.strip():
        text = text.split(".")[-1] or text
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    words = [word for word in re.split(r"[\s._\-:#*]+", text.casefold()) if word]
    kept = [word for word in words if word not in _NOISE]
    return "_".join(kept or words)


@cache
def _names_of_region() -> dict[str, tuple[str, ...]]:
    """Return Thai and Khmer names by event column."""
    names: dict[str, list[str]] = {}
    with data_path("geodata", "crosswalks", "column_names.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names.setdefault(row["event_column"], []).append(fold_column_name(row["name"]))
    return {column: tuple(spellings) for column, spellings in names.items()}


@cache
def known_names() -> frozenset[str]:
    """Return every folded name with a meaning."""
    names = {alias for aliases in ALIASES.values() for alias in aliases}
    names |= {alias for aliases in _names_of_region().values() for alias in aliases}
    return frozenset(names)


@cache
def _compact_names() -> dict[str, str]:
    """Return the event column of each name without underscores."""
    return {
        alias.replace("_", ""): column
        for column, aliases in ALIASES.items()
        for alias in aliases
        if len(alias) > 3 or column == "fatalities"
    }


def find_column(target: str, names: Mapping[str, str]) -> str | None:
    """
    Return the column that holds an event column; None where there is none.

    Parameters
    ----------
    target
        Name of the event column.
    names
        Columns of the table by folded name.
    """
    for alias in (*ALIASES[target], *_names_of_region().get(target, ())):
        if alias in names:
            return names[alias]
    return None


def find_by_simple_name(target: str, names: Iterable[str]) -> str | None:
    """Return the one column whose name without what surrounds it is a known one; None for none or several."""
    known = set(_names_of_region().get(target, ())) | set(ALIASES[target])
    fitting = []
    for name in names:
        simple = simplify_column_name(name)
        if simple in known or _compact_names().get(simple.replace("_", "")) == target:
            fitting.append(name)
    return fitting[0] if len(fitting) == 1 else None


def find_coordinate_pairs(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """
    Return the pairs of columns for latitude and longitude whose names differ in nothing else.

    Parameters
    ----------
    names
        Columns of the table by folded name.

    Returns
    -------
    pairs
        Column of latitudes and column of longitudes. Pairs with nothing but plain words around come alone
        where there are any.

    Examples
    --------
    >>> find_coordinate_pairs({"gps_lat": "gps_lat", "gps_lon": "gps_lon", "flat": "flat"})
    [('gps_lat', 'gps_lon')]
    """
    pairs: dict[tuple[str, str], bool] = {}
    for folded, name in names.items():
        for other, rest in _longitude_names(folded):
            words = set(re.split(r"[^0-9a-z]+", rest)) - {""}
            if other in names and not words & _OTHER_WORDS:
                pairs.setdefault((name, names[other]), words <= _PLAIN_WORDS)
    plain = [pair for pair, is_plain in pairs.items() if is_plain]
    return plain or list(pairs)


def _longitude_names(folded: str) -> Iterator[tuple[str, str]]:
    """Yield the names that a column of longitudes would have beside one of latitudes, and what both share."""
    for latitude, longitudes in _PAIRS:
        for match in re.finditer(latitude, folded):
            before, after = folded[: match.start()], folded[match.end() :]
            for longitude in longitudes:
                yield f"{before}{longitude}{after}", f"{before} {after}"
                swapped = {"n": "e", "north": "east"}.get(after.strip("_() "))
                if swapped:
                    yield f"{before}{longitude}{after.replace(after.strip('_() '), swapped)}", before
    for latitude, longitude in _LONE_PAIRS:
        alone = re.search(rf"(?:^|(?<=[_\W])){latitude}(?=$|[_\W])", folded)
        if alone and folded != latitude:
            before, after = folded[: alone.start()], folded[alone.end() :]
            yield f"{before}{longitude}{after}", f"{before} {after}"


def suggests_position(name: str) -> bool:
    """
    Return whether a name says that a column holds a position.

    Examples
    --------
    >>> suggests_position("gps_lat"), suggests_position("GPS accuracy"), suggests_position("flat")
    (True, False, False)
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", _BRACKETS.sub(" ", ascii_digits(name)))
    words = {word for word in re.split(r"[\s._\-:#*/,]+", spaced.casefold()) if word}
    return bool(words & _POSITION_WORDS) and not words & _OTHER_WORDS
