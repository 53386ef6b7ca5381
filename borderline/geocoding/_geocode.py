"""The verb `geocode`: country, province and district from coordinates or names, beside what was claimed."""

from __future__ import annotations

import dataclasses
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
from ..gazetteer import Gazetteer, NameIndex, load_index
from ..options import validate_flag, validate_number
from ..provenance import Source, cited
from ..schema import POSITION_COLUMNS, Column, add_columns, coerce_numbers, points_lonlat
from ._admin_units import AdminUnits, built_in_districts, built_in_provinces, units_from_frame
from ._area_index import NOWHERE, Areas, find_containing, find_nearest
from ._claims import claimed_country, claimed_names
from ._evidence import Territories, weigh_claims
from ._name_answers import (
    NameAnswers,
    answer_columns,
    answer_names,
    explode_rows,
    fill_countries,
    fill_provinces,
    is_list,
    mark_disputed,
    no_texts,
)
from ._name_positions import position_columns
from ._probability_columns import probability_columns
from ._reported_state import FILLED, FILLED_COLUMNS, WAYS, Reported, describe_filled, restore_reported
from ._unit_shares import Whereabouts, find_stated, find_whereabouts

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
    gazetteer: Gazetteer | None = None,
    explode: bool = False,
) -> gpd.GeoDataFrame:
    """
    Find the country, the province and the district of each event, from its coordinates or its place name.

    A point belongs to the province that holds it (on a boundary to the one whose
    code sorts first). A point in none, at sea or in a gap between two drawings, gets
    the nearest one within reach; with the built-in provinces never one across the
    built-in border, and none to a point on land of another country (the layer
    ``neighbours``) unless the province lies within its ``location_error_m``. None
    either where the table claims a third country.

    A point whose error is known (``location_error_m`` or the columns of a model of its position)
    does not overrule the report. What the row claims of country, province and district is kept
    unless the point excludes it: a claimed unit counts if at least a tenth of the position lies
    in it, or if it comes within the radius that holds 90 %. Of such units the one that satisfies
    the most claims is the answer, and ``geocoded_by`` is ``claim`` where it is not that of the
    point. Claims that contradict each other decide nothing, and of two provinces that are claimed
    ("Sisaket / Preah Vihear") either satisfies. Without a known error the point decides alone.

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
        provinces, or a `gazetteer` of your own.
    gazetteer
        Places of your own, as in `find_place`.
    explode
        Whether an event at several places becomes a row for each of them, under the same
        index: ``location`` is then the part of the text that names the place, the whole text
        moves to ``location_reported``. Verbs that count rows count such an event several times.

    Returns
    -------
    geocoded
        `events` with the same index and order. What the table claimed moves to
        ``country_reported`` and ``admin1_reported`` (which stay if they are there, and are
        filled in for rows that were not geocoded yet);
        ``country``, ``admin1`` and ``admin1_iso`` are the answer; with the
        built-in provinces so are ``admin2`` and ``admin2_code`` in the districts
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
        ``p_country``, ``p_admin1`` and ``p_admin2`` are the probabilities of the answers, the
        share of the position in each unit; ``p_other_country`` is that of all other countries and
        ``p_no_country`` that of the sea and of land not known, so that these two and ``p_country``
        sum to 1. ``admin1_second`` is the most probable province beside the answer, with
        ``p_admin1_second``. All are missing where no error is known. Events found by name or claim
        get the ``position_model`` of the kind of place, a province or a district as ``polygon``
        with its code in ``position_area``. ``geocode_filled`` records what was filled in, so that
        a second run, also of a table that was written and read, takes none of it for reported; a
        point that was moved since is the caller's own, and counts as reported.

    Raises
    ------
    TableError
        If `events` is not a GeoDataFrame, `admin` lacks a column, or a column on positions holds
        what cannot be (a negative ``location_error_m``).
    CRSError
        If one of them has no CRS.
    GeometryError
        If an event is not a point, or `admin` holds something else than polygons.
    OptionError
        If `nearest_within_m` is negative or no number, `names` or `explode` neither True nor
        False, or `gazetteer` no table of places.

    Warns
    -----
    PositionWarning
        If the ``position_area`` of a row does not hold its point; nothing is weighed there.

    Examples
    --------
    >>> import borderline as bl, geopandas as gpd, shapely
    >>> temple = gpd.GeoDataFrame(
    ...     {"admin1": ["Sisaket / Preah Vihear"]}, geometry=[shapely.Point(104.6802, 14.3906)], crs=4326
    ... )
    >>> bl.geocode(temple)[["country", "admin1", "geocoded_by", "admin1_mismatch"]].values.tolist()
    [['KHM', 'Preah Vihear', 'coordinates', False]]
    """
    _validate_options(events, nearest_within_m, names=names, explode=explode)
    index = None if gazetteer is None else load_index(gazetteer)
    lon, lat = points_lonlat(events, verb="geocode")
    territories = _load_territories(admin)
    by_name = index is not None or (admin is None and _is_shipped(_PLACES))
    reported = restore_reported(
        events,
        lon,
        lat,
        claims=("country", "admin1", *(() if territories.districts is None else ("admin2",))),
        keep_under=None if names and by_name else territories.provinces.codes,
    )
    table = reported.table
    filed = _file_points(reported, territories, nearest_within_m, built_in=admin is None)
    answers = _file_names(reported, territories, filed, index) if names and by_name else None
    if explode and answers is not None and any(map(is_list, answers.by_row)):
        rows = explode_rows(events, answers)
        return geocode(rows, admin=admin, nearest_within_m=nearest_within_m, gazetteer=gazetteer)
    _keep_filed(reported, territories, filed)
    filed.district = _find_districts(reported, territories, filed, answers)
    named = answer_columns(table, answers) | _describe_positions(table, territories, filed, answers)
    whereabouts = _find_whereabouts(table, named, territories, built_in=admin is None)
    if whereabouts is not None:
        _weigh_claims(reported, whereabouts, territories, filed)
    country = _find_countries(reported, territories, filed, answers)
    columns: dict[str, Column] = {"country": country, **_unit_columns(territories, filed)}
    columns |= fill_provinces(columns, answers)
    columns |= probability_columns(whereabouts, country, filed.territory, filed.district, territories)
    columns["geocoded_by"] = pd.array(WAYS, dtype="string").take(filed.way)
    position = np.where(filed.territory < len(territories.provinces.countries), filed.territory, NOWHERE)
    columns["admin1_mismatch"] = _find_mismatches(table["admin1_reported"], territories.provinces, position)
    columns |= named
    columns[FILLED] = _record_filled(table, columns, answers)
    if reported.kept.any():
        columns |= _keep_columns(reported, columns)
    if by_name:
        columns["disputed"] = mark_disputed(table, reported.lon, reported.lat, answers)
    else:
        columns["disputed"] = np.zeros(len(table), dtype=np.bool_)
    geocoded = add_columns(table, columns)
    geocoded.attrs = {
        **events.attrs,
        "nearest_within_m": float(nearest_within_m),
        "sources": cited(events.attrs, *_list_sources(admin)),
    }
    return geocoded


def _validate_options(events: object, nearest_within_m: float, *, names: bool, explode: bool) -> None:
    """Refuse options that cannot be used, and a name in the place of a table."""
    metres = "a number of metres, 0 or more"
    validate_flag(names, "names")
    validate_flag(explode, "explode")
    if validate_number(nearest_within_m, "nearest_within_m", metres) < 0:
        raise OptionError(f"nearest_within_m must be {metres}, not {nearest_within_m!r}.")
    if isinstance(events, str):
        raise TableError(f"geocode needs a table of events, not the name {events!r}; find_place finds names.")


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


@dataclasses.dataclass(eq=False)
class _Filed:
    """Where each event is filed, as far as is known."""

    #: Territory; the last one is none.
    territory: Ints
    #: How it was found, by its number in `WAYS`.
    way: Ints
    #: District; -1 for none.
    district: Ints


def _load_territories(admin: gpd.GeoDataFrame | str | None) -> Territories:
    """Return the units to choose from; with the built-in ones also districts and other countries."""
    provinces = _load_provinces(admin)
    if admin is not None:
        nothing = np.zeros(0, dtype=object)
        return Territories(provinces, nothing, nothing, None, np.zeros(0, dtype=np.int64))
    states = (catalog.get(key).sha256 if _is_shipped(key) else "" for key in (_DISTRICTS, _NEIGHBOURS))
    return _make_territories(provinces, *states)


@functools.lru_cache(maxsize=2)
def _make_territories(provinces: AdminUnits, districts_sha256: str, neighbours_sha256: str) -> Territories:
    """Return the built-in units; made once for each state of the layers."""
    districts, home = None, np.zeros(0, dtype=np.int64)
    foreign, codes = np.zeros(0, dtype=object), np.zeros(0, dtype=object)
    if districts_sha256:
        districts = built_in_districts()
        home = provinces.codes.get_indexer(districts.codes)
    if neighbours_sha256:
        foreign, codes = _read_neighbours(neighbours_sha256)
    return Territories(provinces, foreign, codes, districts, home)


def _file_points(
    reported: Reported, territories: Territories, nearest_within_m: float, *, built_in: bool
) -> _Filed:
    """File events under the province that holds their point, or under the nearest one within reach."""
    lon, lat, provinces = reported.lon, reported.lat, territories.provinces
    position = find_containing(provinces.areas, lon, lat)
    way = np.where(position == NOWHERE, 0, 1)
    lost = np.flatnonzero((position == NOWHERE) & np.isfinite(lon) & np.isfinite(lat))
    lost = lost[~_claims_elsewhere(reported.table["country_reported"].iloc[lost], provinces)]
    if built_in and nearest_within_m > 0:
        reach = np.minimum(_position_error(reported.table)[lost], nearest_within_m)
        lost = lost[~_lies_elsewhere(territories, lon[lost], lat[lost], reach)]
    if len(lost) and nearest_within_m > 0:
        position[lost] = _find_nearest(provinces, lon[lost], lat[lost], nearest_within_m, built_in=built_in)
        way[lost[position[lost] != NOWHERE]] = 2
    territory = np.where(position == NOWHERE, territories.width - 1, position)
    return _Filed(territory, way, np.full(len(way), NOWHERE, dtype=np.int64))


def _file_names(
    reported: Reported, territories: Territories, filed: _Filed, index: NameIndex | None
) -> NameAnswers | None:
    """Look up the events without a point, and file them under the provinces of the answers."""
    rows = np.flatnonzero(~(np.isfinite(reported.lon) & np.isfinite(reported.lat)))
    if not len(rows):
        return None
    answers = answer_names(reported.table, rows, index or load_index())
    _file_codes(answers.iso, rows, territories, filed)
    is_placed = np.isfinite(_answer_points(answers)[0])
    filed.way[rows] = np.where(is_placed, 3, np.where(answers.known, 4, 0))
    return answers


def _file_codes(codes: Texts, rows: Ints, territories: Territories, filed: _Filed) -> None:
    """File rows under provinces by code; where there is no such province they stay where they are."""
    position = territories.provinces.codes.get_indexer(pd.Index(codes, dtype=object))
    known = position != NOWHERE
    filed.territory[rows[known]] = position[known]


def _keep_filed(reported: Reported, territories: Territories, filed: _Filed) -> None:
    """Leave the rows under their province that an earlier run placed by name or claim."""
    rows = np.flatnonzero(reported.kept)
    if not len(rows):
        return
    # Other provinces than those of the earlier run may not have its code.
    _file_codes(reported.table["admin1_iso"].iloc[rows].to_numpy(dtype=object), rows, territories, filed)
    ways = pd.Index(reported.table["geocoded_by"].iloc[rows], dtype=object)
    filed.way[rows] = pd.Index(WAYS).get_indexer(ways)


def _weigh_claims(
    reported: Reported, whereabouts: Whereabouts, territories: Territories, filed: _Filed
) -> None:
    """File events under what they claim where their points do not exclude it."""
    lon, lat, nowhere = reported.lon, reported.lat, territories.width - 1
    rows = np.flatnonzero((whereabouts.index >= 0) & np.isfinite(lon) & ~reported.kept)
    outside = rows[filed.territory[rows] == nowhere]
    filed.territory[outside] = territories.find_territories(lon[outside], lat[outside])
    verdict = weigh_claims(reported.table, whereabouts, rows, filed.territory, filed.district, territories)
    filed.way[verdict.rows] = 4
    filed.territory[verdict.rows], filed.district[verdict.rows] = verdict.territory, verdict.district
    # Land of another country is an answer only where it is claimed.
    filed.territory[territories.is_foreign(filed.territory) & (filed.way != 4)] = nowhere


def _unit_columns(territories: Territories, filed: _Filed) -> dict[str, Column]:
    """Return the columns of province and district."""
    provinces, districts = territories.provinces, territories.districts
    position = np.where(filed.territory < len(provinces.countries), filed.territory, NOWHERE)
    columns: dict[str, Column] = {
        "admin1": provinces.take_text("name", position),
        "admin1_iso": provinces.take_text("admin1_iso", position),
    }
    if districts is not None:
        columns["admin2"] = districts.take_text("name", filed.district)
        columns["admin2_code"] = districts.take_text("admin2_code", filed.district)
    return columns


def _find_countries(
    reported: Reported, territories: Territories, filed: _Filed, answers: NameAnswers | None
) -> ExtensionArray:
    """Return the countries, with those of events that lie in several provinces of one."""
    countries = fill_countries(territories.take_countries(filed.territory), answers)
    rows = np.flatnonzero(reported.kept & (filed.territory == territories.width - 1))
    if len(rows):
        countries = countries.copy()
        countries[rows] = pd.array(reported.table["country"].iloc[rows].array, dtype="string")
    return countries


def _describe_positions(
    table: gpd.GeoDataFrame, territories: Territories, filed: _Filed, answers: NameAnswers | None
) -> dict[str, Column]:
    """Return the columns of models and polygons of positions, with those of the answers."""
    if answers is None:
        return position_columns(table, None, *np.zeros((2, 0), dtype=object))
    rows = answers.rows
    units = _Filed(filed.territory[rows], filed.way[rows], filed.district[rows])
    columns = _unit_columns(territories, units)
    iso, code = (
        pd.Series(columns.get(name, no_texts(len(rows)))).fillna("").to_numpy(dtype=object)
        for name in ("admin1_iso", "admin2_code")
    )
    return position_columns(table, answers, iso, code)


def _find_whereabouts(
    table: gpd.GeoDataFrame, columns: Mapping[str, Column], territories: Territories, *, built_in: bool
) -> Whereabouts | None:
    """Reckon the shares of the positions, points filled in among them, in territories and districts."""
    names = ("geo_precision", *POSITION_COLUMNS, "location_error_m")
    stated = {
        name: columns[name] if name in columns else table[name].array
        for name in names
        if name in columns or name in table.columns
    }
    rows = find_stated(stated)
    if not len(rows):
        return None
    filled = gpd.GeoDataFrame(
        {name: pd.Series(cells).iloc[rows].array for name, cells in stated.items()},
        geometry=pd.Series(columns.get(table.geometry.name, table.geometry)).iloc[rows].to_numpy(),
        crs=table.crs,
        index=table.index[rows],
    )
    districts = territories.districts
    finders = [
        (territories.find_territories, territories.width),
        (territories.find_districts, 1 if districts is None else len(districts.areas) + 1),
    ]
    border = _bank_line if built_in else None
    return find_whereabouts(filled, rows, len(table), finders, border=border)


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


def _lies_elsewhere(territories: Territories, lon: Floats, lat: Floats, reach_m: Floats) -> Bools:
    """Return which points lie on land of another country, with no province within their error."""
    if not len(lon):
        return np.zeros(0, dtype=np.bool_)
    elsewhere: Bools = find_containing(territories.foreign, lon, lat) != NOWHERE
    unsure = np.flatnonzero(elsewhere & (reach_m > 0))
    if len(unsure):
        nearest, away_m = find_nearest(
            territories.provinces.areas, lon[unsure], lat[unsure], within_m=float(reach_m.max())
        )
        elsewhere[unsure[(nearest != NOWHERE) & (away_m <= reach_m[unsure])]] = False
    return elsewhere


@functools.lru_cache(maxsize=2)
def _read_neighbours(_sha256: str) -> tuple[Areas, Texts]:
    """Return the land of other countries, and the code of each; None where it is not known."""
    table = catalog.read_layer(_NEIGHBOURS)
    codes = table["country"].astype(object).where(table["country"].notna(), None)
    return table.geometry.to_numpy(), codes.to_numpy(dtype=object)


def _find_banks(lon: Floats, lat: Floats, near_m: float) -> Texts:
    """Return the bank on which each point lies, as `locate` does; None far past an end of the border."""
    record = catalog.get_border()
    feet = _bank_line().foot(lon, lat)
    bank = np.where(feet.offset > 0, record.left, record.right).astype(object)
    bank[(feet.beyond_end & (feet.distance > near_m)) | (feet.offset == 0)] = None
    return bank


def _bank_line() -> Border:
    """Return the built-in line between its two banks."""
    record = catalog.get_border()
    return _bank_border(record.line, record.left, record.right, catalog.get(record.line).sha256)


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
    reported: Reported, territories: Territories, filed: _Filed, answers: NameAnswers | None
) -> Ints:
    """Find the district of the province found that holds each point; a boundary goes to the first."""
    districts, home = territories.districts, territories.home
    if districts is None:
        return filed.district
    lon, lat = reported.lon, reported.lat
    if answers is not None:
        lon, lat = answers.fill_points(lon, lat)
    position = np.where((filed.way == 1) | (filed.way == 3), filed.territory, NOWHERE)
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
