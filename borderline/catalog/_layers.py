"""Layers of the catalog, read and verified against their checksums."""

from __future__ import annotations

import functools
import pathlib
from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import pandas as pd

from .._constants import WGS84_CRS
from .._countries import country_name, validate_country
from .._paths import data_path
from ..errors import IntegrityError, OptionError, UnknownKeyError
from ..options import is_one_of, validate_word
from ._checksum import content_sha256
from ._records import REGISTERED, Record, get, list_records
from ._user_files import file_stamp, read_own

__all__ = [
    "ADMIN_KINDS",
    "load_admin",
    "parse_table",
    "read_layer",
    "read_table",
    "seeds_path",
]

#: Layers by kind of administrative unit.
ADMIN_KINDS: Final = {"province": "admin1", "district": "admin2", "country": "admin1"}

#: What the kinds would be called by level, for those who count them.
_LEVELS: Final = {0: "country", 1: "province", 2: "district"}

#: Columns of claims that hold numbers; the others are text.
_NUMBERS: Final = {
    "number": "Int64",
    "from_pillar": "Int64",
    "to_pillar": "Int64",
    "latitude": "Float64",
    "longitude": "Float64",
    "error_m": "Float64",
    "length_km": "Float64",
    "fatalities_min": "Int64",
    "fatalities_max": "Int64",
    "injuries": "Int64",
    "displaced": "Int64",
}

#: What to do about data that fails its check.
_REMEDY: Final = "reinstall the package, or rebuild the data with `python geodata/build`"

#: The same for a layer that a caller registered.
_OWN_REMEDY: Final = "put the file back as it was, or unregister the layer and register it again"


def read_layer(key: str) -> gpd.GeoDataFrame:
    """
    Read one layer with geometry, verified against its checksum.

    Parameters
    ----------
    key
        Name of the layer, as in the index of `list_layers`.

    Returns
    -------
    layer
        Features in EPSG:4326; a copy, free to be changed.

    Raises
    ------
    UnknownKeyError
        If there is no such layer, or it has no geometry.
    IntegrityError
        If its file is missing or is not what the record says.

    Examples
    --------
    >>> import borderline as bl
    >>> bl.catalog.read_layer("osm-2025").geom_type.tolist()
    ['LineString']
    """
    record = get(key)
    if record.crs is None:
        raise UnknownKeyError(f"Layer {key!r} is a plain table without geometry; read_table reads it.")
    return gpd.GeoDataFrame(_read_verified(record).copy())


def read_table(key: str) -> pd.DataFrame:
    """
    Read one layer that is a plain table, verified against its checksum.

    Parameters
    ----------
    key
        Name of the layer, as in the index of `list_layers`.

    Returns
    -------
    table
        A copy, free to be changed. Of a layer of kind ``claims`` numbers are nullable
        numbers, the rest is text, and what is not known is missing; of any other layer
        all columns are text, as they stand in the file.

    Raises
    ------
    UnknownKeyError
        If there is no such layer, or it has geometry.
    IntegrityError
        If its file is missing or is not what the record says.

    Examples
    --------
    >>> import borderline as bl
    >>> bl.catalog.read_table("provinces").loc[0, "name_en"]
    'Bangkok'
    >>> bl.catalog.read_table("stretches").loc[0, "length_km"].item()
    196.0
    """
    record = get(key)
    if record.crs is not None:
        raise UnknownKeyError(f"Layer {key!r} has geometry; read_layer reads it.")
    return _read_verified(record).copy()


def _read_verified(record: Record) -> pd.DataFrame:
    """Return a layer, read once and verified against its record; a changed file is read again."""
    path = _find_file(record)
    return _parse_and_verify(record, path, file_stamp(path))


def _find_file(record: Record) -> pathlib.Path:
    """Return the path of the file of a record."""
    if record.key in REGISTERED:
        path = pathlib.Path(record.file)
        if not path.is_file():
            raise IntegrityError(f"The file {record.file!r} of layer {record.key!r} is gone; put it back.")
        return path
    try:
        return data_path(*pathlib.PurePosixPath(record.file).parts)
    except UnknownKeyError as error:
        raise IntegrityError(
            f"Layer {record.key!r} is in the catalog, but its file is not. {error}"
        ) from error


@functools.lru_cache(maxsize=16)
def _parse_and_verify(record: Record, path: pathlib.Path, _mtime_ns: int) -> pd.DataFrame:
    """Read a file and verify content and count against the record."""
    try:
        layer = _parse_layer(record, path)
    except Exception as error:
        # GDAL and pandas raise errors of many kinds on a broken file.
        raise IntegrityError(
            f"Layer {record.key!r} cannot be read from {path} ({error}); {_suggest_remedy(record)}."
        ) from error
    checksum = content_sha256(layer)
    if checksum != record.sha256 or len(layer) != record.feature_count:
        raise IntegrityError(
            f"Layer {record.key!r} in {path} is not what the catalog says: {len(layer)} features with "
            f"SHA-256 {checksum}, the record has {record.feature_count} with {record.sha256}; "
            f"{_suggest_remedy(record)}."
        )
    return layer


def _suggest_remedy(record: Record) -> str:
    return _OWN_REMEDY if record.key in REGISTERED else _REMEDY


def _parse_layer(record: Record, path: pathlib.Path) -> pd.DataFrame:
    own = REGISTERED.get(record.key)
    if own is not None:
        units: pd.DataFrame = read_own(path, record.key, record.kind, dict(own.columns))
        return units
    if record.crs is None:
        return parse_table(path, record.kind)
    built_in: pd.DataFrame = gpd.read_file(path).to_crs(WGS84_CRS)
    return built_in


def parse_table(path: pathlib.Path, kind: str) -> pd.DataFrame:
    """Read a plain table of the data folder: as text, or with types where `kind` is ``claims``."""
    table: pd.DataFrame = pd.read_csv(path, dtype=str, keep_default_na=False)
    if kind == "claims":
        table = table.astype("string").mask(table == "")
        table = table.astype({name: kind for name, kind in _NUMBERS.items() if name in table.columns})
    return table


def load_admin(kind: str = "province", *, countries: str | Iterable[str] | None = None) -> gpd.GeoDataFrame:
    """
    Load administrative units: those of Thailand and Cambodia, or registered ones.

    Parameters
    ----------
    kind
        ``province`` for the 77 Thai and 25 Cambodian provinces; ``district`` for the
        districts (amphoe; srok, krong, khan) within 60 km of the border between the two;
        ``country`` for the two countries, each the union of its provinces; or the key of
        units that `catalog.register` made known.
    countries
        Keep these only: ISO 3166-1 codes, alpha-3 or alpha-2, one or several.
        None keeps both.

    Returns
    -------
    units
        ``admin1_iso`` (ISO 3166-2), ``country`` (alpha-3), ``name`` (English), ``name_local``
        (of the unit's own country), ``name_th`` and ``name_km`` (Thai and Khmer, missing where
        no name is on record) and ``geometry`` (EPSG:4326), sorted by code; provinces also have
        ``borders_other_country`` (bool: touches the border between the two), districts
        ``admin1`` (name of the province) and ``admin2_code`` (national code; two
        countries may use the same). Countries have ``country``, ``name`` and ``geometry``.
        Units do not overlap, and share their vertices with their neighbours and, on both
        sides, with the line ``osm-2025``. Land only: the sea belongs to no unit.

    Raises
    ------
    OptionError
        If there are no such units, or a country is not a country code or has no units.
    IntegrityError
        If the layer is missing or is not what the catalog says.

    Examples
    --------
    >>> import borderline as bl
    >>> provinces = bl.load_admin("province", countries="KHM")
    >>> len(provinces), provinces["borders_other_country"].sum().item()
    (25, 7)
    """
    layers = [record.key for record in list_records() if record.kind == "admin" and record.crs]
    own = [key for key in layers if key in REGISTERED]
    given: object = kind
    level = _LEVELS.get(given) if isinstance(given, int) and not isinstance(given, bool) else None
    if level is not None:
        raise OptionError(f"kind must be a word, not {given!r}. Did you mean {level!r}?")
    if not is_one_of(given, {*ADMIN_KINDS, *layers}):
        validate_word(given, "kind", [*ADMIN_KINDS, *own], hint="the key of registered units")
    units = read_layer(ADMIN_KINDS.get(kind, kind))
    if countries is not None:
        units = units[units["country"].isin(_validate_countries(countries, set(units["country"])))]
    if kind == "country":
        units = units[["country", "geometry"]].dissolve("country", as_index=False, method="coverage")
        units.insert(1, "name", units["country"].map(country_name).astype("string"))
    return units.reset_index(drop=True)


def _validate_countries(countries: str | Iterable[str], known: set[str]) -> set[str]:
    codes = [countries] if isinstance(countries, str) else countries
    if not isinstance(codes, Iterable):
        raise OptionError(f"countries must be a list of ISO 3166-1 codes such as 'THA', not {countries!r}.")
    wanted = {validate_country(code, "countries") for code in codes}
    for code in sorted(wanted - known):
        raise OptionError(
            f"countries must be those that have units, {' and '.join(sorted(known))}, not {code!r}."
        )
    return wanted


def seeds_path() -> pathlib.Path:
    """
    Return the path of the incidents that come with the library.

    Returns
    -------
    path
        A CSV file; the record ``incidents`` tells what it is.

    Raises
    ------
    UnknownKeyError
        If it is missing.

    Examples
    --------
    >>> import borderline as bl
    >>> bl.catalog.seeds_path().name
    'incidents.csv'
    """
    return data_path("seeds", "incidents.csv")
