"""The verb `geocode`: country, province and district from coordinates or names, beside what was claimed."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from .. import catalog
from .._constants import Bools, Floats, Ints
from ..border import Border
from ..errors import OptionError, TableError, UnknownKeyError
from ..options import validate_flag, validate_number
from ..provenance import Source, cited
from ..schema import Column, add_columns, coerce_numbers, points_lonlat
from ._admin_units import AdminUnits, built_in_districts, built_in_provinces, units_from_frame
from ._area_index import NOWHERE, Areas, find_containing, find_nearest
from ._claims import claimed_country, claimed_names
from ._name_answers import (
    NameAnswers,
    answer_columns,
    answer_names,
    fill_countries,
    mark_disputed,
    no_texts,
)
from ._reported_state import FILLED, FILLED_COLUMNS, WAYS, Reported, describe_filled, restore_reported

__all__ = ["geocode"]

#: The countries round the built-in provinces.
_NEIGHBOURS: Final = "neighbours"
#: The districts near the built-in border.
_DISTRICTS: Final = "admin2"
#: The names of places.
_PLACES: Final = "places"

Texts = npt.NDArray[np.object_]


def geocode(
    events: gpd.GeoDataFrame,
    *,
    admin: gpd.GeoDataFrame | str | None = None,
    nearest_within_m: float = 5_000.0,
    names: bool = True,
) -> gpd.GeoDataFrame:
    """
    Find the country, the province and the district of each event, from its coordinates or its place name.

    A point belongs to the province that holds it (on a boundary to the one whose
    code sorts first). A point in none, at sea or in a gap between two drawings, gets
    the nearest one within reach; with the built-in provinces never one across the
    built-in border, and none to a point on land of another country (the layer
    ``neighbours``) unless the province lies within its ``location_error_m``. None
    either where the table claims a third country.

    An event without a point is looked up by the name in ``location``, as `find_place` does,
    with what the row claims beside it: a place in another country than the claimed one is
    no answer, and of places of one name the one in the claimed province is meant. A text
    that names several places gets the area that holds them, and a province only where all
    lie in one; ``geocode_candidates`` lists them. What is not clear from that stays without
    answer, and ``geocode_candidates`` tells what came into question. Where no name is known
    but the row claims one province, it is filed there without a point (``geocoded_by`` is
    ``claim``).

    Parameters
    ----------
    events
        Points in any CRS that is set. Missing and empty points are looked up by name. Their
        ``country`` may be an ISO 3166-1 code of three or two letters, or an English name.
    admin
        Provinces as polygons in any CRS that is set, with the columns ``admin1_iso``,
        ``country`` (alpha-3) and ``name``, and other spellings in ``name_local`` and
        ``aliases`` (``;`` between) where there are; or the key of units that
        `catalog.register` made known; those of `load_admin` by default.
    nearest_within_m
        How far a province may be from a point outside all of them, geodesic metres.
        The default reaches across every gap of the built-in provinces but the Tonle Sap
        lake, and over the water off the coast; 0 gives none.
    names
        Whether to look up the names of events without a point; only with the built-in
        provinces.

    Returns
    -------
    geocoded
        `events` with the same index and order. What the table claimed moves to
        ``country_reported`` and ``admin1_reported`` (which stay if they are there, and are
        filled in for rows that were not geocoded yet);
        ``country``, ``admin1`` and ``admin1_iso`` are what the coordinates say; with the
        built-in provinces so are ``admin2`` and ``admin2_code`` for points in a district
        of `load_admin` (those near the border), the claim moving to ``admin2_reported``.
        ``geocoded_by`` is ``coordinates``, ``nearest``, ``gazetteer``, ``claim`` or ``none``, and
        ``admin1_mismatch`` tells whether the claimed province is another one under
        every spelling known. Events found by name get their point, ``location_error_m``
        (metres, the radius that holds 90 %; never smaller than the table's own),
        ``geocode_score`` (0 to 1) and ``geocode_candidates``. ``geocode_reading`` says how the
        name was read (``reading`` of `find_place`; ``claim`` where only the claimed province is
        known), or why there is no answer: ``empty``, ``no_name`` (numbers, or words that name
        nothing), ``too_long``, ``unknown_script``, ``unknown``, ``ambiguous`` (several places
        have the name), ``contradiction`` (what is claimed excludes each other). ``disputed`` marks events at
        places that both countries claim; found by name, they are filed under the province
        of the gazetteer, on whatever side of the line the point lies.
        ``geocode_filled`` records what was filled in, so that a second run, also of a table that
        was written and read, takes none of it for reported; a point that was moved since is
        the caller's own, and counts as reported.

    Raises
    ------
    TableError
        If `events` is not a GeoDataFrame, or `admin` lacks a column.
    CRSError
        If one of them has no CRS.
    GeometryError
        If an event is not a point, or `admin` holds something else than polygons.
    OptionError
        If `nearest_within_m` is negative or no number, or `names` neither True nor False.

    Examples
    --------
    >>> import borderline as bl, geopandas as gpd, shapely
    >>> temple = gpd.GeoDataFrame(
    ...     {"admin1": ["Sisaket / Preah Vihear"]}, geometry=[shapely.Point(104.6802, 14.3906)], crs=4326
    ... )
    >>> bl.geocode(temple)[["country", "admin1", "geocoded_by", "admin1_mismatch"]].values.tolist()
    [['KHM', 'Preah Vihear', 'coordinates', False]]
    """
    metres = "a number of metres, 0 or more"
    validate_flag(names, "names")
    if validate_number(nearest_within_m, "nearest_within_m", metres) < 0:
        raise OptionError(f"nearest_within_m must be {metres}, not {nearest_within_m!r}.")
    if isinstance(events, str):
        raise TableError(f"geocode needs a table of events, not the name {events!r}; find_place finds names.")
    lon, lat = points_lonlat(events, verb="geocode")
    provinces = _load_provinces(admin)
    areas = provinces.areas
    with_districts = admin is None and _is_shipped(_DISTRICTS)
    by_name = admin is None and _is_shipped(_PLACES)
    reported = restore_reported(
        events,
        lon,
        lat,
        claims=("country", "admin1", *(("admin2",) if with_districts else ())),
        keep_names=not (names and by_name),
    )
    table, lon, lat = reported.table, reported.lon, reported.lat
    position = find_containing(areas, lon, lat)
    way = np.where(position == NOWHERE, 0, 1)
    lost = np.flatnonzero((position == NOWHERE) & np.isfinite(lon) & np.isfinite(lat))
    lost = lost[~_claims_elsewhere(table["country_reported"].iloc[lost], provinces)]
    if admin is None and nearest_within_m > 0:
        reach = np.minimum(_position_error(table)[lost], nearest_within_m)
        lost = lost[~_lies_elsewhere(areas, lon[lost], lat[lost], reach)]
    if len(lost) and nearest_within_m > 0:
        position[lost] = _find_nearest(
            provinces, lon[lost], lat[lost], nearest_within_m, built_in=admin is None
        )
        way[lost[position[lost] != NOWHERE]] = 2
    answers = None
    pointless = np.flatnonzero(~(np.isfinite(lon) & np.isfinite(lat)))
    if names and by_name and len(pointless):
        answers = answer_names(table, pointless)
        position[answers.rows] = provinces.codes.get_indexer(pd.Index(answers.iso, dtype=object))
        is_placed = np.isfinite(_answer_points(answers)[0])
        way[answers.rows] = np.where(is_placed, 3, np.where(answers.known, 4, 0))
    _keep_filed(reported, provinces, position, way)
    columns: dict[str, Column] = {
        "country": fill_countries(provinces.take_text("country", position), answers),
        "admin1": provinces.take_text("name", position),
        "admin1_iso": provinces.take_text("admin1_iso", position),
    }
    if with_districts:
        districts = built_in_districts()
        inside = np.where((way == 1) | (way == 3), position, NOWHERE)
        where = (lon, lat) if answers is None else answers.fill_points(lon, lat)
        district = _find_districts(districts, provinces, inside, *where)
        columns["admin2"] = districts.take_text("name", district)
        columns["admin2_code"] = districts.take_text("admin2_code", district)
    columns["geocoded_by"] = pd.array(WAYS, dtype="string").take(way)
    columns["admin1_mismatch"] = _find_mismatches(table["admin1_reported"], provinces, position)
    columns |= answer_columns(table, answers)
    columns[FILLED] = _record_filled(table, columns, answers)
    if reported.kept.any():
        columns |= _keep_columns(reported, columns)
    disputed = mark_disputed(table, lon, lat, answers) if by_name else np.zeros(len(table), dtype=np.bool_)
    geocoded = add_columns(table, {**columns, "disputed": disputed})
    geocoded.attrs = {
        **events.attrs,
        "nearest_within_m": float(nearest_within_m),
        "sources": cited(events.attrs, *_list_sources(admin)),
    }
    return geocoded


def _list_sources(admin: gpd.GeoDataFrame | str | None) -> list[Source]:
    """Return the sources of the provinces; a table that a caller gives has none."""
    if admin is None:
        return [catalog.get(key).source for key in ("admin1", _DISTRICTS, _PLACES) if _is_shipped(key)]
    return [catalog.get(admin).source] if isinstance(admin, str) else []


def _is_shipped(key: str) -> bool:
    """Return whether the data in use has a layer: a folder of the caller's own may lack some."""
    try:
        catalog.get(key)
    except UnknownKeyError:
        return False
    return True


def _load_provinces(admin: gpd.GeoDataFrame | str | None) -> AdminUnits:
    """Return the provinces to use: the built-in ones, registered ones, or a table of the caller's."""
    if admin is None:
        return built_in_provinces()
    return units_from_frame(catalog.load_admin(admin) if isinstance(admin, str) else admin)


def _keep_filed(reported: Reported, provinces: AdminUnits, position: Ints, way: Ints) -> None:
    """Leave the rows under their province that an earlier run placed by name or claim."""
    rows = np.flatnonzero(reported.kept)
    if not len(rows):
        return
    filed = provinces.codes.get_indexer(pd.Index(reported.table["admin1_iso"].iloc[rows], dtype=object))
    # Other provinces than those of the earlier run may not have its code.
    position[rows] = np.where(filed == NOWHERE, position[rows], filed)
    stated = pd.Index(WAYS).get_indexer(pd.Index(reported.table["geocoded_by"].iloc[rows], dtype=object))
    way[rows] = np.where((position[rows] == NOWHERE) & (stated == 4), 0, stated)


def _record_filled(
    table: gpd.GeoDataFrame, columns: Mapping[str, Column], answers: NameAnswers | None
) -> ExtensionArray:
    """Return the record of what was filled in by name."""
    records = no_texts(len(table))
    if answers is None:
        return records
    filled: dict[str, Column] = {}
    for name in FILLED_COLUMNS:
        if name in columns:
            now = pd.Series(columns[name]).iloc[answers.rows].reset_index(drop=True)
            if name in table.columns:
                was = table[name].iloc[answers.rows].reset_index(drop=True)
                now = now.mask((now == was).to_numpy(dtype=np.bool_, na_value=False))
            filled[name] = now
    records[answers.rows] = describe_filled(*_answer_points(answers), filled)
    return records


def _answer_points(answers: NameAnswers) -> tuple[Floats, Floats]:
    """Return the point of each answer, degrees; NaN where it has none."""
    lon, lat = (
        np.array([getattr(row, name) for row in answers.by_row], dtype=np.float64) for name in ("lon", "lat")
    )
    return lon, lat


def _keep_columns(reported: Reported, columns: Mapping[str, Column]) -> dict[str, Column]:
    """Return the columns on names with what an earlier run said of the rows that stay."""
    kept: dict[str, Column] = {}
    for name in ("geocode_reading", "geocode_score", "geocode_candidates", FILLED):
        if name in reported.table.columns:
            now = pd.Series(columns[name])
            was = reported.table[name].reset_index(drop=True)
            was = pd.Series(coerce_numbers(was)) if name == "geocode_score" else was
            kept[name] = now.mask(reported.kept, was.astype(now.dtype)).array
    return kept


def _claims_elsewhere(claims: pd.Series, provinces: AdminUnits) -> Bools:
    """Return which events the table puts into a country that has no provinces here."""
    here = set(provinces.countries)
    elsewhere = [
        claim for claim in claims.dropna().unique() if (code := claimed_country(claim)) and code not in here
    ]
    return claims.isin(elsewhere).to_numpy(dtype=np.bool_)


def _position_error(events: gpd.GeoDataFrame) -> Floats:
    """Return how far off each position may be, metres; 0 where the table does not say."""
    if "location_error_m" not in events.columns:
        return np.zeros(len(events))
    return np.nan_to_num(coerce_numbers(events["location_error_m"]))


def _lies_elsewhere(areas: Areas, lon: Floats, lat: Floats, reach_m: Floats) -> Bools:
    """Return which points lie on land of another country, with no province within their error."""
    if not len(lon):
        return np.zeros(0, dtype=np.bool_)
    if not _is_shipped(_NEIGHBOURS):
        return np.zeros(len(lon), dtype=np.bool_)
    neighbours = _read_neighbours(catalog.get(_NEIGHBOURS).sha256)
    elsewhere: Bools = find_containing(neighbours, lon, lat) != NOWHERE
    unsure = np.flatnonzero(elsewhere & (reach_m > 0))
    if len(unsure):
        nearest, away_m = find_nearest(areas, lon[unsure], lat[unsure], within_m=float(reach_m.max()))
        elsewhere[unsure[(nearest != NOWHERE) & (away_m <= reach_m[unsure])]] = False
    return elsewhere


@functools.lru_cache(maxsize=2)
def _read_neighbours(_sha256: str) -> Areas:
    areas: Areas = catalog.read_layer(_NEIGHBOURS).geometry.to_numpy()
    return areas


def _find_banks(lon: Floats, lat: Floats, near_m: float) -> Texts:
    """Return the bank on which each point lies, as `locate` does; None far past an end of the border."""
    record = catalog.get_border()
    state = catalog.get(record.line).sha256
    feet = _bank_border(record.line, record.left, record.right, state).foot(lon, lat)
    bank = np.where(feet.offset > 0, record.left, record.right).astype(object)
    bank[(feet.beyond_end & (feet.distance > near_m)) | (feet.offset == 0)] = None
    return bank


@functools.lru_cache(maxsize=2)
def _bank_border(line: str, left: str, right: str, _sha256: str) -> Border:
    """Return a built-in line between two banks; made once for each state of its layer."""
    return Border.from_line(catalog.read_layer(line).geometry.iloc[0], left=left, right=right)


def _find_nearest(
    provinces: AdminUnits, lon: Floats, lat: Floats, within_m: float, *, built_in: bool
) -> Ints:
    """Find the nearest province; with the built-in ones, on the point's own bank of the border."""
    areas = provinces.areas
    position, _ = find_nearest(areas, lon, lat, within_m=within_m)
    reached = np.flatnonzero(position != NOWHERE)
    if not built_in or not len(reached):
        return position
    owner = provinces.countries
    bank = _find_banks(lon[reached], lat[reached], within_m)
    across = np.array([own is not None for own in bank]) & (owner[position[reached]] != bank)
    for country in set(bank[across].tolist()):
        rows = reached[across & (bank == country)]
        among = np.flatnonzero(owner == country)
        nearest, _ = find_nearest(areas[among], lon[rows], lat[rows], within_m=within_m)
        position[rows] = np.where(nearest == NOWHERE, NOWHERE, among[nearest])
    return position


def _find_districts(
    districts: AdminUnits, provinces: AdminUnits, position: Ints, lon: Floats, lat: Floats
) -> Ints:
    """Find the district of the province found that holds each point; a boundary goes to the first."""
    home = provinces.codes.get_indexer(districts.codes)
    rows = np.flatnonzero(np.isin(position, home))
    areas = districts.areas
    district = np.full(len(position), NOWHERE, dtype=np.int64)
    district[rows] = find_containing(areas, lon[rows], lat[rows])
    # On a boundary between provinces the first district may be that of the other one.
    astray = rows[(district[rows] != NOWHERE) & (home[district[rows]] != position[rows])]
    for province in np.unique(position[astray]).tolist():
        candidates = np.flatnonzero(home == province)
        inside = astray[position[astray] == province]
        candidate = find_containing(areas[candidates], lon[inside], lat[inside])
        district[inside] = np.where(candidate == NOWHERE, NOWHERE, candidates[candidate])
    return district


def _find_mismatches(reported: pd.Series, provinces: AdminUnits, position: Ints) -> Bools:
    """Return whether a claim names no spelling of the province found; False where either is missing."""
    spellings = provinces.spellings
    claim, words = pd.factorize(reported.astype("string"))
    named = [claimed_names(word) for word in words]
    mismatch = np.zeros(len(position), dtype=np.bool_)
    rows = np.flatnonzero((position != NOWHERE) & (claim >= 0))
    # Few distinct pairs of a claim and a province stand behind any number of events.
    pairs, which = np.unique(claim[rows] * len(spellings) + position[rows], return_inverse=True)
    words_of, provinces_of = np.divmod(pairs, len(spellings))
    differs = [
        bool(named[word]) and spellings[province].isdisjoint(named[word])
        for word, province in zip(words_of.tolist(), provinces_of.tolist(), strict=True)
    ]
    mismatch[rows] = np.array(differs, dtype=np.bool_)[which]
    return mismatch
