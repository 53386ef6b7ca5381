"""The names of the layer ``places``, laid out for looking up: read once, forms made once."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from .. import catalog
from .._constants import Bools, Floats, Ints
from ._normal import bone_forms, fold_names, plain_and_bare, sound_forms

__all__ = ["LATIN", "Index", "Places", "Sounds", "disputed_points", "load_index", "script_of"]

#: Scripts by number: every name is compared within its own.
LATIN: Final = 0
_THAI: Final = 1
_KHMER: Final = 2

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
class Index:
    """Places, their names, and where each form of a name leads."""

    places: Places
    #: Every spelling, as the layer has it.
    alias: Texts
    #: Position of the place that each spelling names.
    owner: Ints
    #: Spellings by folded, plain and bare form.
    folded: dict[str, list[int]]
    plain: dict[str, list[int]]
    bare: dict[str, list[int]]
    #: Position of the border along a unit, by province and district (empty: the whole province).
    border: dict[tuple[str, str], int]
    #: Provinces by plain form, in every script.
    provinces: dict[str, frozenset[str]]

    @functools.cached_property
    def codes(self) -> frozenset[str]:
        """Codes of the provinces in which there are places."""
        return frozenset(self.places.iso.tolist())

    @functools.cached_property
    def sounds(self) -> Sounds:
        """The names as they sound: made when a name is on record in no form."""
        places = self.places
        small = np.isin(places.kind, ["subdistrict", "commune", "elsewhere"])
        return _sounds(self.plain, self.bare, ~(places.far & small)[self.owner])


@dataclass(frozen=True)
class Sounds:
    """Names as they sound."""

    #: Spellings by the sound of their plain or bare form.
    leads: dict[str, list[int]]
    #: Distinct sounds by script, for comparing, short ones first: without small places far from
    #: the border, of which so many are alike that likeness tells nothing.
    forms: dict[int, list[str]]
    #: The same without their vowels.
    bones: dict[int, list[str]]
    #: Spellings that each of these stands for.
    spelt: dict[int, list[list[int]]]


def script_of(form: str) -> int:
    """Tell the script in which a form is written, by its first letter that tells."""
    for letter in form:
        if "\u0e00" <= letter <= "\u0e7f":
            return _THAI
        if "\u1780" <= letter <= "\u17ff":
            return _KHMER
        if letter.isalpha():
            return LATIN
    return LATIN


def load_index() -> Index:
    """Load the names; once for each state of the layer."""
    return _index(catalog.get("places").sha256)


@functools.lru_cache(maxsize=2)
def _index(_sha256: str) -> Index:
    table = catalog.read_table("places")
    places = _places(table)
    border = table["kind"].to_numpy() == "border"
    alias, owner = _spellings(table, ~border)
    folded = fold_names(alias)
    plain, bare = plain_and_bare(folded)
    provinces: dict[str, set[str]] = {}
    for at in np.flatnonzero(places.kind[owner] == "province").tolist():
        provinces.setdefault(plain[at], set()).add(str(places.iso[owner[at]]))
    return Index(
        places=places,
        alias=np.array(alias, dtype=object),
        owner=owner,
        folded=_leads(folded),
        plain=_leads(plain),
        bare=_leads(bare),
        border={(places.iso[at], places.admin2[at]): at for at in np.flatnonzero(border).tolist()},
        provinces={form: frozenset(codes) for form, codes in provinces.items()},
    )


def _places(table: pd.DataFrame) -> Places:
    kind, source = table["kind"].to_numpy(dtype=object), table["source"].to_numpy(dtype=object)
    names = table["name"].to_numpy(dtype=object)
    iso = table["admin1_iso"].to_numpy(dtype=object)
    titles = dict(zip(iso[kind == "province"], names[kind == "province"], strict=True))
    far = pd.to_numeric(table["border_km"]).to_numpy() > _NEAR_KM
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
        lon=pd.to_numeric(table["longitude"]).to_numpy(dtype=np.float64),
        lat=pd.to_numeric(table["latitude"]).to_numpy(dtype=np.float64),
        error_m=pd.to_numeric(table["location_error_m"]).to_numpy(dtype=np.float64),
        far=far & (kind != "province"),
        disputed=(table["disputed"] == "yes").to_numpy(),
        handicap=handicap,
    )


def _spellings(table: pd.DataFrame, wanted: Bools) -> tuple[list[str], Ints]:
    """Take every name of every place that is looked up by its own name."""
    alias: list[str] = []
    owner: list[int] = []
    columns = zip(table["name"], table["aliases"], wanted.tolist(), strict=True)
    for at, (name, others, keep) in enumerate(columns):
        if keep:
            # "Kandal (Malai)" is Kandal; what tells it from others of the name is no part of it.
            names = [re.sub(r" *\(.*\)", "", name), *(each for each in others.split(";") if each)]
            alias += names
            owner += [at] * len(names)
    return alias, np.array(owner, dtype=np.int64)


def _leads(forms: list[str]) -> dict[str, list[int]]:
    leads: dict[str, list[int]] = {}
    for at, form in enumerate(forms):
        leads.setdefault(form, []).append(at)
    return leads


def _sounds(plain: dict[str, list[int]], bare: dict[str, list[int]], compared: Bools) -> Sounds:
    """Bring the forms together that sound the same."""
    leads: dict[str, dict[int, None]] = {}
    for forms in (plain, bare):
        for sound, spellings in zip(sound_forms(list(forms)), forms.values(), strict=True):
            leads.setdefault(sound, {}).update(dict.fromkeys(spellings))
    wanted = compared.tolist()
    distinct: dict[int, list[str]] = {LATIN: [], _THAI: [], _KHMER: []}
    spelt: dict[int, list[list[int]]] = {LATIN: [], _THAI: [], _KHMER: []}
    for sound in sorted(leads, key=len):
        kept = [at for at in leads[sound] if wanted[at]]
        if kept and len(sound) > 1:
            script = script_of(sound)
            distinct[script].append(sound)
            spelt[script].append(kept)
    return Sounds(
        leads={sound: list(spellings) for sound, spellings in leads.items()},
        forms=distinct,
        bones={script: bone_forms(each) for script, each in distinct.items()},
        spelt=spelt,
    )


def disputed_points() -> tuple[Floats, Floats, Floats]:
    """Return longitude, latitude and radius (metres) of the places that both countries claim."""
    return _read_disputed(catalog.get("places").sha256)


@functools.lru_cache(maxsize=2)
def _read_disputed(_sha256: str) -> tuple[Floats, Floats, Floats]:
    table = catalog.read_table("places")
    table = table[table["disputed"] == "yes"]
    lon, lat, error = (
        pd.to_numeric(table[name]).to_numpy(dtype=np.float64)
        for name in ("longitude", "latitude", "location_error_m")
    )
    return lon, lat, error
