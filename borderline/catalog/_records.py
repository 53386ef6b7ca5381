"""Records of the layers and borders of the catalog, read from ``catalog.json``."""

from __future__ import annotations

import functools
import itertools
import json
import pathlib
import re
from dataclasses import dataclass, fields
from typing import Any, Final

import pandas as pd

from .._countries import country_spellings
from .._paths import data_path
from ..errors import IntegrityError, UnknownKeyError, near_miss
from ..options import is_one_of
from ..provenance import Source

__all__ = [
    "OWN_ORIGIN",
    "REGISTERED",
    "BorderRecord",
    "Length",
    "Origin",
    "OwnLayer",
    "Record",
    "built_in_keys",
    "get",
    "get_border",
    "list_layers",
    "list_records",
]

#: Origin of a layer that a caller registered.
OWN_ORIGIN: Final = "user"

#: Fields of a record that may be null; each has a partner that says why.
_NULLABLE: Final = frozenset({"accuracy_m", "crs"})


@dataclass(frozen=True, slots=True)
class Origin:
    """
    What a layer was made from: a package at a fixed version, or a compilation.

    Examples
    --------
    >>> import borderline as bl
    >>> bl.catalog.get("osm-2025").origins[0].name
    'timezonefinder'
    """

    #: Name of the package, or what the compilation is.
    name: str
    #: Version of the package, or date of the compilation.
    version: str
    #: SHA-256 of the package file; empty for a compilation.
    sha256: str
    #: Licence of what was taken from it, as an SPDX expression where there is one.
    license: str


@dataclass(frozen=True, slots=True)
class Record:
    """
    One layer of the built-in data, with everything needed to cite and to verify it.

    Examples
    --------
    >>> import borderline as bl
    >>> bl.catalog.get("osm-2025").license
    'ODbL-1.0'
    """

    #: Name of the layer, such as ``osm-2025``.
    key: str
    #: ``line``, ``admin``, ``claims`` or ``events``.
    kind: str
    #: What it is, in a few words.
    title: str
    #: Path of its file, below the folder that holds ``geodata`` and ``seeds``; the whole path
    #: where a caller registered it.
    file: str
    #: What it was made from.
    origins: tuple[Origin, ...]
    #: Licence of the layer, as an SPDX expression where there is one.
    license: str
    #: The credit that must be shown wherever the layer is shown.
    attribution: str
    #: Web address to cite.
    url: str
    #: Date (ISO, possibly only year or month) the content stands for.
    date: str
    #: Coordinate reference system, or null for a plain table.
    crs: str | None
    #: Number of features or rows.
    feature_count: int
    #: Half-width in metres that holds 90 % of the displacement, or null where unknown.
    accuracy_m: float | None
    #: What the accuracy rests on, or why there is none.
    accuracy_basis: str
    #: SHA-256 of the canonical content, see `content_sha256`.
    sha256: str

    @property
    def source(self) -> Source:
        """The layer's provenance, in the form that travels with tables and pictures."""
        return Source(
            title=self.title,
            url=self.url,
            license=self.license,
            attribution=self.attribution,
            retrieved=self.date,
            sha256=self.sha256,
        )


@dataclass(frozen=True, slots=True)
class OwnLayer:
    """A layer that a caller registered."""

    #: What is known about it.
    record: Record
    #: Pairs of a column of the vocabulary and the column of the file that holds it.
    columns: tuple[tuple[str, str], ...]


#: Layers that callers registered, by key: `register` adds to it, `unregister` takes out, nothing else.
REGISTERED: Final[dict[str, OwnLayer]] = {}


@dataclass(frozen=True, slots=True)
class Length:
    """
    A published length of a border: a claim, with who makes it.

    Examples
    --------
    >>> import borderline as bl
    >>> [(length.key, length.km) for length in bl.catalog.get_border("khm-tha").lengths][0]
    ('cia', 817.0)
    """

    #: Short name, such as ``cia``.
    key: str
    #: Kilometres as published.
    km: float
    #: Who says so, and when where known.
    who: str
    #: Where it was read: a web address, or what the figure rests on.
    url: str


@dataclass(frozen=True, slots=True)
class BorderRecord:
    """
    What the catalog knows about a border as a whole.

    Examples
    --------
    >>> import borderline as bl
    >>> record = bl.catalog.get_border("khm-tha")
    >>> record.left, record.right, record.nominal.km
    ('KHM', 'THA', 817.0)
    """

    #: Name of the border, such as ``khm-tha``.
    key: str
    #: What it is called.
    name: str
    #: Country (ISO 3166-1 alpha-3) to the left, looking along increasing chainage.
    left: str
    #: Country to the right.
    right: str
    #: Key of the line used unless another is asked for.
    line: str
    #: Keys of all lines on record, the default first.
    lines: tuple[str, ...]
    #: What chainage 0 is.
    datum: str
    #: Longitude and latitude of chainage 0, degrees, EPSG:4326.
    datum_lonlat: tuple[float, float]
    #: What the far end is.
    end: str
    #: Key of the length claim used unless another is asked for.
    nominal_length: str
    #: Published lengths.
    lengths: tuple[Length, ...]

    @property
    def nominal(self) -> Length:
        """The length claim that calibrated measures follow by default."""
        return next(length for length in self.lengths if length.key == self.nominal_length)


def list_layers() -> pd.DataFrame:
    """
    List every layer: the built-in ones, then those registered in this session.

    Returns
    -------
    records
        One row per layer, index ``key``: kind, title, origin, license, attribution,
        url, date, crs, feature_count, accuracy_m (metres), accuracy_basis, file, sha256.
        The origin of a registered layer begins with ``user``.

    Raises
    ------
    IntegrityError
        If a record lacks a field.

    Examples
    --------
    >>> import borderline as bl
    >>> bl.catalog.list_layers().loc["admin1", "feature_count"].item()
    102
    """
    rows = []
    for record in _all_records().values():
        row = {field.name: getattr(record, field.name) for field in fields(record)}
        row["origin"] = "; ".join(f"{origin.name} {origin.version}".strip() for origin in row.pop("origins"))
        rows.append(row)
    table = pd.DataFrame(rows).set_index("key")
    table["accuracy_m"] = table["accuracy_m"].astype("Float64")
    order = ["kind", "title", "origin", "license", "attribution", "url", "date", "crs"]
    return table[[*order, "feature_count", "accuracy_m", "accuracy_basis", "file", "sha256"]]


def list_records() -> list[Record]:
    """Return the records of the built-in layers, then of the registered ones."""
    return list(_all_records().values())


def get(key: str) -> Record:
    """
    Return the record of one layer.

    Parameters
    ----------
    key
        Its name, as in the index of `list_layers`.

    Returns
    -------
    record
        Origin, licence, accuracy and checksum.

    Raises
    ------
    UnknownKeyError
        If there is no such layer; a near miss is offered.
    IntegrityError
        If a record lacks a field.

    Examples
    --------
    >>> import borderline as bl
    >>> bl.catalog.get("osm-2025").accuracy_m
    450.0
    """
    records = _all_records()
    if not is_one_of(key, records):
        raise UnknownKeyError(f"The catalog has no layer {key!r}.{near_miss(str(key), records)}")
    return records[key]


def get_border(key: str | None = None) -> BorderRecord:
    """
    Return what is known about a border: its banks, its datum, its published lengths.

    Parameters
    ----------
    key
        Its two countries, in either order: ``khm-tha``, ``TH-KH``, ``Thailand-Cambodia``; or one
        country with a single border on record, such as ``thailand``. By default the
        first border on record.

    Returns
    -------
    record
        Sides, datum, lines on record and lengths as claims with their source.

    Raises
    ------
    UnknownKeyError
        If there is no such border; a near miss is offered.
    IntegrityError
        If a record lacks a field.

    Examples
    --------
    >>> import borderline as bl
    >>> sorted({length.km for length in bl.catalog.get_border().lengths})
    [798.0, 803.0, 805.0, 817.0, 885.0]
    """
    borders = _border_records()
    if key is None:
        return next(iter(borders.values()))
    wanted = _split_countries(str(key))
    matches = [border for border in borders.values() if wanted in _list_spellings(border)]
    if len(matches) == 1:
        return matches[0]
    keys = [border.key for border in matches] or list(borders)
    which = f"Several borders on record are of {key!r}" if matches else f"The catalog has no border {key!r}"
    raise UnknownKeyError(
        f"{which}.{near_miss(str(key), keys)} Border.from_file reads another one, Border.from_line and "
        "Border.between make one."
    )


def _split_countries(text: str) -> tuple[str, ...]:
    """Split the name of a border into those of its countries; hyphens are taken as dashes are."""
    plain = re.sub(r"\s*(land )?border$", "", " ".join(text.casefold().split()))
    names = re.split(r"\s*[-\u2010-\u2015\u2212/,_&]\s*|\s+and\s+", plain)
    return tuple(sorted(name for name in names if name))


def _list_spellings(border: BorderRecord) -> set[tuple[str, ...]]:
    """List what a border may be called: its two countries, or one of them."""
    left, right = country_spellings(border.left), country_spellings(border.right)
    pairs = (f"{first}-{second}" for first, second in itertools.product(left, right))
    return {_split_countries(spelling) for spelling in (*left, *right, *pairs)}


def _built_in_records() -> dict[str, Record]:
    """Return the records of built-in layers by key, in the order of the file."""
    return _parse_catalog(*_find_catalog())[0]


def _all_records() -> dict[str, Record]:
    """Return built-in and registered records by key."""
    return _built_in_records() | {key: own.record for key, own in REGISTERED.items()}


def built_in_keys() -> frozenset[str]:
    """Return the keys of the built-in layers."""
    return frozenset(_built_in_records())


def _border_records() -> dict[str, BorderRecord]:
    """Return the records of borders by key."""
    return _parse_catalog(*_find_catalog())[1]


def _find_catalog() -> tuple[pathlib.Path, int]:
    """Return the catalog in use and when it was written, so that a changed one is read again."""
    path = data_path("geodata", "catalog.json")
    return path, path.stat().st_mtime_ns


@functools.lru_cache(maxsize=4)
def _parse_catalog(path: pathlib.Path, _mtime_ns: int) -> tuple[dict[str, Record], dict[str, BorderRecord]]:
    """Read the catalog; every record must have all fields."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        layers, borders = raw["layers"], raw["borders"]
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError(
            f"The catalog {path} cannot be read ({error}); reinstall the package."
        ) from error
    records = (_parse_record(item) for item in layers)
    return {record.key: record for record in records}, {
        border.key: border for border in (_parse_border(item) for item in borders)
    }


def _parse_record(item: dict[str, Any]) -> Record:
    """Return the record of one entry of the file."""
    name = f"catalog record {item.get('key', '(without key)')!r}"
    values = _take_fields(item, Record, name)
    values["origins"] = tuple(Origin(**_take_fields(origin, Origin, name)) for origin in item["origins"])
    if values["accuracy_m"] is not None:
        values["accuracy_m"] = float(values["accuracy_m"])
    return Record(**values)


def _parse_border(item: dict[str, Any]) -> BorderRecord:
    """Return the border record of one entry of the file."""
    name = f"border record {item.get('key', '(without key)')!r}"
    values = _take_fields(item, BorderRecord, name)
    lengths = [_take_fields(length, Length, name) for length in item["lengths"]]
    values["lengths"] = tuple(Length(**{**length, "km": float(length["km"])}) for length in lengths)
    values["lines"] = tuple(item["lines"])
    lon, lat = item["datum_lonlat"]
    values["datum_lonlat"] = (float(lon), float(lat))
    return BorderRecord(**values)


def _take_fields(item: dict[str, Any], kind: type[Any], name: str) -> dict[str, Any]:
    """Return the fields of a dataclass, none of them missing, or empty unless it may be."""
    names = [field.name for field in fields(kind)]
    empty_is_fine = _NULLABLE if kind is Record else {"sha256"} if kind is Origin else frozenset()
    for field in names:
        if field not in item or (item[field] in (None, "", []) and field not in empty_is_fine):
            raise IntegrityError(
                f"The {name} lacks {field!r}; every record states {', '.join(names)}. Add it to catalog.json."
            )
    return {field: item[field] for field in names}
