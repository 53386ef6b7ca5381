"""The names of the layer ``places`` with their forms, ready to be looked up; made once."""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import catalog
from .._constants import Bools, Floats, Ints
from .._place_names import language_of_text, local_languages
from ..schema import coerce_numbers
from ._name_forms import (
    bone_forms,
    fold_names,
    has_known_letters,
    plain_and_bare_forms,
    plain_forms,
    sound_forms,
)
from ._own_places import BUILT_IN, Gazetteer, list_tables, read_own_places

__all__ = ["NameIndex", "Places", "Sounds", "disputed_points", "load_index", "province_codes"]

#: How well known a place of each kind is, as a handicap of its score.
_PROVINCE: Final = 0.0
_REPORTED: Final = 0.0
_KNOWN: Final = 0.01
_FAR: Final = 0.04
_UNIT: Final = 0.03
_FAR_UNIT: Final = 0.08
_SOMEWHERE: Final = 0.06
#: Units farther from the border than this are taken for less likely, km.
_NEAR_KM: Final = 60
#: What a place loses for each table that goes before its own; more than decides between equal names.
_STEP: Final = 0.05

Texts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Places:
    """Columns of the layer as arrays, one value per place."""

    #: Main name.
    name: Texts
    #: Kind of place.
    kind: Texts
    #: Alpha-3.
    country: Texts
    #: Name of the province.
    admin1: Texts
    #: ISO 3166-2.
    iso: Texts
    #: Name of the district, empty where not told.
    admin2: Texts
    #: Degrees, EPSG:4326.
    lon: Floats
    #: Degrees, EPSG:4326.
    lat: Floats
    #: Metres that hold 90 %.
    error_m: Floats
    #: Claimed by both countries.
    disputed: Bools
    #: Far from the border, and no province.
    far: Bools
    #: What is taken from the score for being little known.
    handicap: Floats


@dataclass(frozen=True)
class NameIndex:
    """Places, their names, and the spellings that each form of a name leads to."""

    places: Places
    #: Every spelling, as the layer has it.
    spelling: Texts
    #: Position of the place that each spelling names.
    owner: Ints
    #: Positions of spellings by folded, plain and bare form.
    folded: dict[str, list[int]]
    plain: dict[str, list[int]]
    bare: dict[str, list[int]]
    #: Position of the border along a unit, by province and district (empty: the whole province).
    border: dict[tuple[str, str], int]
    #: Codes of provinces by plain form, in every script.
    provinces: dict[str, frozenset[str]]

    @functools.cached_property
    def codes(self) -> frozenset[str]:
        """Codes of the provinces in which there are places."""
        return frozenset(self.places.iso.tolist())

    @functools.cached_property
    def border_countries(self) -> tuple[str, ...]:
        """Codes of the countries whose border is known."""
        return tuple(sorted(set(self.places.country[self.places.kind == "border"])))

    @functools.cached_property
    def has_other_scripts(self) -> bool:
        """Whether there are names in other scripts than Latin, Thai and Khmer: of a caller's own."""
        others = (name for name in self.spelling.tolist() if not has_known_letters(name))
        return any(sign.isalpha() for name in others for sign in name)

    @functools.cached_property
    def countries(self) -> frozenset[str]:
        """Countries whose places are known."""
        return frozenset(self.places.country[self.places.iso != ""].tolist())

    @functools.cached_property
    def country_of_province(self) -> dict[str, str]:
        """Country of each province, by its code."""
        return dict(zip(self.places.iso.tolist(), self.places.country.tolist(), strict=True))

    @functools.cached_property
    def pillars(self) -> dict[int, Pillar]:
        """Boundary pillars of which at least the province is known, by number."""
        return _find_pillars(self)

    @functools.cached_property
    def sounds(self) -> Sounds:
        """The names as they sound: made when a name has no form on record."""
        places = self.places
        small = np.isin(places.kind, ["subdistrict", "commune", "elsewhere"])
        return _group_sounds(self.plain, self.bare, ~(places.far & small)[self.owner])


@dataclass(frozen=True, slots=True)
class Pillar:
    """A numbered boundary pillar."""

    #: Position of the district, or the province, that it stands in.
    unit: int
    #: Degrees, EPSG:4326; of the unit where no point of the pillar is published.
    lon: float
    lat: float
    #: Metres that hold 90 %.
    error_m: float


@dataclass(frozen=True)
class Sounds:
    """Names as they sound."""

    #: Spellings by the sound of their plain or bare form.
    spellings: dict[str, list[int]]
    #: Distinct sounds by the language of their script, for comparing, short ones first. Small places
    #: far from the border are left out: so many of them are alike that likeness tells nothing.
    forms: dict[str, list[str]]
    #: The same without their vowels.
    bones: dict[str, list[str]]
    #: Spellings that each of these stands for.
    compared: dict[str, list[list[int]]]


def load_index(gazetteer: Gazetteer | None = None) -> NameIndex:
    """
    Load the names; once for each state of the layer, and of a caller's own tables.

    Parameters
    ----------
    gazetteer
        Tables of places in order of precedence; None for the built-in ones.

    Returns
    -------
    index
        Places of a table that goes first are preferred to others of their name.
    """
    if gazetteer is None:
        return _build_index(catalog.get("places").sha256)
    tables = list_tables(gazetteer)
    own = [BUILT_IN if isinstance(table, str) else read_own_places(table) for table in tables]
    key = tuple(
        catalog.get("places").sha256 if isinstance(table, str) else _hash_table(table) for table in own
    )
    if key not in _OWN_INDEXES:
        while len(_OWN_INDEXES) >= _KEPT_INDEXES:
            _OWN_INDEXES.pop(next(iter(_OWN_INDEXES)), None)
        _OWN_INDEXES[key] = _join_tables(own)
    return _OWN_INDEXES[key]


#: Indexes with places of callers' own, by the content of the tables; the latest ones.
_OWN_INDEXES: Final[dict[tuple[str, ...], NameIndex]] = {}
_KEPT_INDEXES: Final = 4


def _hash_table(table: pd.DataFrame) -> str:
    """Return a hash of the content of a table."""
    cells = pd.util.hash_pandas_object(table.astype(str), index=False).to_numpy()
    return hashlib.sha256(cells.tobytes()).hexdigest()


def _join_tables(tables: list[pd.DataFrame | str]) -> NameIndex:
    """Index several tables as one, each with a handicap for what goes before it."""
    built_in = next((place for place, table in enumerate(tables) if isinstance(table, str)), len(tables))
    frames, handicaps = [], []
    known: set[str] = set()
    for place, table in enumerate(tables):
        frame = catalog.read_table(BUILT_IN) if isinstance(table, str) else table
        if not isinstance(table, str) and built_in < len(tables):
            # The built-in provinces stay what they are; rows are filed under their codes.
            frame = _file_under_built_in(frame)
        frame = frame[~((frame["source"] == "made") & frame["admin1_iso"].isin(known))]
        known |= set(frame.loc[frame["kind"] == "province", "admin1_iso"])
        frames.append(frame)
        handicaps.append(np.full(len(frame), _STEP * (place - built_in)))
    joined = pd.concat(frames, ignore_index=True).astype(object)
    joined = joined.where(joined.notna(), "").astype(str)
    return _index_table(joined, np.concatenate(handicaps))


def _file_under_built_in(frame: pd.DataFrame) -> pd.DataFrame:
    """Return own places under the codes of the built-in provinces, where they name one of those."""
    index = load_index()
    codes = {
        code: known for code in set(frame["admin1_iso"]) if len(known := province_codes(code, index)) == 1
    }
    filed = frame["admin1_iso"].map(lambda code: next(iter(codes[code])) if code in codes else code)
    is_made = (frame["source"] == "made") & frame["admin1_iso"].isin(list(codes))
    return frame.assign(admin1_iso=filed)[~is_made]


@functools.lru_cache(maxsize=2)
def _build_index(_sha256: str) -> NameIndex:
    table = catalog.read_table("places")
    return _index_table(table, np.zeros(len(table)))


def _index_table(table: pd.DataFrame, handicap: Floats) -> NameIndex:
    """Index a table of places; a handicap of its own comes to that of each place."""
    places = _read_columns(table)
    places = replace(places, handicap=places.handicap + handicap)
    border = table["kind"].to_numpy() == "border"
    spellings, owner = _list_spellings(table, ~border)
    folded = fold_names(spellings)
    plain, bare = plain_and_bare_forms(folded)
    provinces: dict[str, set[str]] = {}
    for spelling in np.flatnonzero(places.kind[owner] == "province").tolist():
        provinces.setdefault(plain[spelling], set()).add(str(places.iso[owner[spelling]]))
    return NameIndex(
        places=places,
        spelling=np.array(spellings, dtype=object),
        owner=owner,
        folded=_group_positions(folded),
        plain=_group_positions(plain),
        bare=_group_positions(bare),
        border={(places.iso[row], places.admin2[row]): row for row in np.flatnonzero(border).tolist()},
        provinces={form: frozenset(codes) for form, codes in provinces.items()},
    )


def _read_columns(table: pd.DataFrame) -> Places:
    """Return the columns of the layer, and how well known each place is."""
    kind, source = table["kind"].to_numpy(dtype=object), table["source"].to_numpy(dtype=object)
    names = table["name"].to_numpy(dtype=object)
    iso = table["admin1_iso"].to_numpy(dtype=object)
    titles = dict(zip(iso[kind == "province"], names[kind == "province"], strict=True))
    far = coerce_numbers(table["border_km"]) > _NEAR_KM
    somewhere = np.array([text.startswith("somewhere") for text in source], dtype=np.bool_)
    handicap = np.full(len(table), _KNOWN)
    small = np.isin(kind, ["subdistrict", "commune"])
    handicap[np.isin(kind, ["crossing", "temple", "pass", "hill", "other"])] = _REPORTED
    handicap[far] = _FAR
    handicap[small] = _UNIT
    handicap[small & far] = _FAR_UNIT
    handicap[(kind == "village") & somewhere] = _SOMEWHERE
    handicap[kind == "province"] = _PROVINCE
    return Places(
        name=names,
        kind=kind,
        country=table["country"].to_numpy(dtype=object),
        admin1=np.array([titles.get(code, "") for code in iso], dtype=object),
        iso=iso,
        admin2=table["admin2"].to_numpy(dtype=object),
        lon=coerce_numbers(table["longitude"]),
        lat=coerce_numbers(table["latitude"]),
        error_m=coerce_numbers(table["location_error_m"]),
        far=far & (kind != "province"),
        disputed=(table["disputed"] == "yes").to_numpy(),
        handicap=handicap,
    )


def _list_spellings(table: pd.DataFrame, wanted: Bools) -> tuple[list[str], Ints]:
    """Return every name of the wanted places, and the position of the place that it names."""
    spellings: list[str] = []
    owner: list[int] = []
    columns = zip(table["name"], table["aliases"], wanted.tolist(), strict=True)
    for row, (name, aliases, is_wanted) in enumerate(columns):
        if is_wanted:
            # "Kandal (Malai)" is Kandal; what distinguishes it from others of the name is no part of it.
            names = [re.sub(r" *\(.*\)", "", name), *(alias for alias in aliases.split(";") if alias)]
            spellings += names
            owner += [row] * len(names)
    return spellings, np.array(owner, dtype=np.int64)


def _group_positions(forms: list[str]) -> dict[str, list[int]]:
    """Return the positions of each form."""
    positions: dict[str, list[int]] = {}
    for position, form in enumerate(forms):
        positions.setdefault(form, []).append(position)
    return positions


def _group_sounds(plain: dict[str, list[int]], bare: dict[str, list[int]], compared: Bools) -> Sounds:
    """Return the spellings of the forms that sound the same."""
    by_sound: dict[str, dict[int, None]] = {}
    for forms in (plain, bare):
        for sound, spellings in zip(sound_forms(list(forms)), forms.values(), strict=True):
            by_sound.setdefault(sound, {}).update(dict.fromkeys(spellings))
    is_compared = compared.tolist()
    languages = ("en", *local_languages())
    distinct: dict[str, list[str]] = {language: [] for language in languages}
    kept: dict[str, list[list[int]]] = {language: [] for language in languages}
    for sound in sorted(by_sound, key=len):
        near = [spelling for spelling in by_sound[sound] if is_compared[spelling]]
        if near and len(sound) > 1:
            language = language_of_text(sound)
            distinct[language].append(sound)
            kept[language].append(near)
    return Sounds(
        spellings={sound: list(spellings) for sound, spellings in by_sound.items()},
        forms=distinct,
        bones={language: bone_forms(sounds) for language, sounds in distinct.items()},
        compared=kept,
    )


def _find_pillars(index: NameIndex) -> dict[int, Pillar]:
    """Return the pillars whose description names one province; a district that it names holds them."""
    places = index.places
    folded = fold_names(places.name.tolist())
    pillars = {}
    table = catalog.read_table("pillars").dropna(subset=["number"])
    for row in table.to_dict("records"):
        (text,) = (f" {text} " for text in fold_names([str(row["description"])]))
        units = [
            place
            for place in np.flatnonzero(np.isin(places.kind, ["province", "district"])).tolist()
            if f" {folded[place]} " in text and not places.far[place]
        ]
        spelled = [codes for form, codes in index.provinces.items() if f" {form} " in text]
        provinces = {places.iso[place] for place in units if places.kind[place] == "province"}.union(*spelled)
        if len(provinces) != 1:
            continue
        unit = min(
            (place for place in units if places.iso[place] in provinces),
            key=lambda place: float(places.error_m[place]),
            default=int(
                np.flatnonzero((places.kind == "province") & np.isin(places.iso, list(provinces)))[0]
            ),
        )
        position = row["longitude"], row["latitude"], row["error_m"]
        if any(map(pd.isna, position)):
            position = places.lon[unit], places.lat[unit], places.error_m[unit]
        pillars[int(row["number"])] = Pillar(unit, *map(float, position))
    return pillars


def province_codes(claim: str, index: NameIndex) -> frozenset[str]:
    """Return the codes of the provinces that bear a name in any spelling; none where none does."""
    code = claim.strip().upper()
    if code in index.codes:
        return frozenset({code})
    (form,) = plain_forms(fold_names([claim]))
    return index.provinces.get(form, frozenset())


def disputed_points() -> tuple[Floats, Floats, Floats]:
    """Return longitude, latitude and radius (metres) of the places that both countries claim."""
    return _read_disputed(catalog.get("places").sha256)


@functools.lru_cache(maxsize=2)
def _read_disputed(_sha256: str) -> tuple[Floats, Floats, Floats]:
    table = catalog.read_table("places")
    table = table[table["disputed"] == "yes"]
    lon, lat, error_m = (
        coerce_numbers(table[name]) for name in ("longitude", "latitude", "location_error_m")
    )
    return lon, lat, error_m
