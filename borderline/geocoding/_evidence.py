"""
Claims against points: what a report says within the error of its point is kept.

A point with an error is a region. A claim about a unit inside that region contradicts
nothing, so the point cannot overrule it; a claim about a unit outside it is excluded.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from .._constants import Bools, Floats, Ints
from ._admin_units import AdminUnits, districts_by_name
from ._area_index import NOWHERE, Areas, find_containing, measure_distances
from ._claims import claimed_country, claimed_names, claimed_parts, fold_district
from ._unit_shares import Shares, Whereabouts, sum_shares

__all__ = ["Territories", "Verdict", "weigh_claims"]

#: A unit with at least this share of a position is not excluded: 1 minus the level of the radius.
_LEAST_SHARE: Final = 0.1

Texts = npt.NDArray[np.object_]
UnitSet = frozenset[int]
_NO_UNITS: Final[UnitSet] = frozenset()


@dataclasses.dataclass(frozen=True, eq=False)
class Territories:
    """Provinces, the land of countries that have none here, and at last the rest of the world."""

    provinces: AdminUnits
    #: Polygons of other countries, and the code of each; None for land of which no country is known.
    foreign: Areas
    foreign_countries: Texts
    #: Districts, and the province of each.
    districts: AdminUnits | None
    home: Ints

    @functools.cached_property
    def countries(self) -> Texts:
        """Country of each territory; None for none."""
        return np.concatenate([self.provinces.countries, self.foreign_countries, [None]])

    @property
    def width(self) -> int:
        """Number of territories; the last one is none."""
        return len(self.countries)

    @functools.cached_property
    def country_codes(self) -> tuple[list[str], Ints]:
        """The countries, and the one of each territory; the last of them is none."""
        code, countries = pd.factorize(self.countries)
        return [*map(str, countries)], np.where(code < 0, len(countries), code)

    def country_shares(self, shares: Shares) -> Shares:
        """Return the shares in countries of shares in territories."""
        countries, code = self.country_codes
        return sum_shares(shares, code, len(countries) + 1)

    def is_foreign(self, territory: Ints | int) -> Bools:
        """Return whether territories are the land of countries that have no provinces here."""
        first = len(self.provinces.countries)
        is_foreign: Bools = (np.asarray(territory) >= first) & (np.asarray(territory) < self.width - 1)
        return is_foreign

    def find_territories(self, lon: Floats, lat: Floats) -> Ints:
        """Find the territory that holds each point; a province goes before land of another country."""
        territory = find_containing(self.provinces.areas, lon, lat)
        rows = np.flatnonzero(territory == NOWHERE)
        abroad = find_containing(self.foreign, lon[rows], lat[rows])
        territory[rows] = np.where(abroad == NOWHERE, self.width - 1, len(self.provinces.countries) + abroad)
        return territory

    def find_districts(self, lon: Floats, lat: Floats) -> Ints:
        """Find the district that holds each point; -1 for none."""
        if self.districts is None:
            return np.full(len(lon), NOWHERE, dtype=np.int64)
        return find_containing(self.districts.areas, lon, lat)

    def take_countries(self, territory: Ints) -> ExtensionArray:
        """Return the country of each territory, missing for none."""
        countries, code = self.country_codes
        texts: ExtensionArray = pd.array([*countries, None], dtype="string")
        return texts.take(code[territory])

    def units_of_country(self, claim: str) -> UnitSet:
        """Return the territories of the country that a claim names."""
        code = claimed_country(claim)
        return _NO_UNITS if code is None else _as_set(np.flatnonzero(self.countries == code))

    def units_of_province(self, claim: str) -> UnitSet:
        """Return the provinces that a claim names."""
        return _NO_UNITS.union(
            *(self.provinces.units_by_name.get(name, _NO_UNITS) for name in claimed_names(claim))
        )

    def units_of_district(self, claim: str) -> UnitSet:
        """Return the districts that a claim names, by their position among the districts."""
        if self.districts is None:
            return _NO_UNITS
        known = districts_by_name()
        return _NO_UNITS.union(
            *(known.get(fold_district(part), _NO_UNITS) for part in claimed_parts(claim)),
        )


def _as_set(units: Ints) -> UnitSet:
    return frozenset(units.tolist())


@dataclasses.dataclass(frozen=True, eq=False)
class Verdict:
    """Where events are filed whose claims their points cannot exclude."""

    #: Rows that a claim decides.
    rows: Ints
    #: Territory of each, and its district (-1 for none).
    territory: Ints
    district: Ints


@dataclasses.dataclass(frozen=True)
class _Dispute:
    """A position and the claims that the units of its point do not satisfy."""

    position: int
    territory: int
    district: int
    #: What the claims on country, province and district name; empty where nothing that is known.
    country: UnitSet
    province: UnitSet
    named_district: UnitSet


def weigh_claims(
    table: pd.DataFrame,
    whereabouts: Whereabouts,
    rows: Ints,
    territory: Ints,
    district: Ints,
    territories: Territories,
) -> Verdict:
    """
    Decide between what reports claim and what their points say.

    A claimed unit is kept unless the point excludes it: if at least a tenth of the position lies in
    it, or it comes within the radius that holds 90 %. Of the units that are left, the one counts
    that satisfies the most claims; if several do, that of the point, then the most probable one.

    Parameters
    ----------
    table
        With ``country_reported``, ``admin1_reported`` and perhaps ``admin2_reported``.
    whereabouts
        Shares of the positions in territories and in districts.
    rows
        Rows to decide on: their points were reported, with an error.
    territory
        Territory of each point.
    district
        District of each point; -1 for none.
    territories
        The units.

    Returns
    -------
    verdict
        Of the rows that a claim decides.
    """
    readers = {
        "country_reported": territories.units_of_country,
        "admin1_reported": territories.units_of_province,
        "admin2_reported": territories.units_of_district,
    }
    named: list[tuple[Ints, list[UnitSet]]] = []
    disputed = np.zeros(len(rows), dtype=np.bool_)
    for name, read_claim in readers.items():
        own, width = territory, territories.width
        if name == "admin2_reported" and territories.districts is not None:
            own, width = district, len(territories.districts.areas) + 1
        code, units = _read_claims(table, name, rows, read_claim)
        named.append((code, units))
        disputed |= _find_unsatisfied(code, units, own[rows], width)
    # Of another country there is nothing but the claim to answer with.
    disputed |= territories.is_foreign(territory[rows])
    rows = rows[disputed]
    keys = np.stack(
        [whereabouts.index[rows], territory[rows], district[rows], *(code[disputed] for code, _ in named)]
    )
    distinct, which = np.unique(keys, axis=1, return_inverse=True)
    disputes = [
        _Dispute(*values[:3], *(units[code] for (_, units), code in zip(named, values[3:], strict=True)))
        for values in distinct.T.tolist()
    ]
    judge = _Judge(whereabouts, territories, disputes)
    decided = np.array([judge.decide(dispute) for dispute in disputes], dtype=np.int64).reshape(-1, 3)
    is_claim, chosen, chosen_district = decided[which.ravel()].T
    kept = is_claim == 1
    return Verdict(rows[kept], chosen[kept], chosen_district[kept])


def _read_claims(
    table: pd.DataFrame, name: str, rows: Ints, read_claim: Callable[[str], UnitSet]
) -> tuple[Ints, list[UnitSet]]:
    """Return which distinct claim each row makes, and the units that each names; the last one names none."""
    if name not in table.columns:
        return np.full(len(rows), -1, dtype=np.int64), [_NO_UNITS]
    code, texts = pd.factorize(table[name].astype("string").iloc[rows])
    return np.asarray(code, dtype=np.int64), [*(read_claim(str(text)) for text in texts), _NO_UNITS]


def _find_unsatisfied(code: Ints, units: list[UnitSet], own: Ints, width: int) -> Bools:
    """Return which rows claim known units of which the own one (-1 for none) is not among them."""
    satisfied = np.zeros((len(units), width), dtype=np.bool_)
    for claim, named in enumerate(units):
        satisfied[claim, list(named)] = True
        satisfied[claim] |= not named
    unsatisfied: Bools = ~satisfied[code, own]
    return unsatisfied


class _Judge:
    """Decides disputes; how far the positions are from claimed units is measured for all at once."""

    def __init__(
        self, whereabouts: Whereabouts, territories: Territories, disputes: Sequence[_Dispute]
    ) -> None:
        """Find out which of the claimed units each position cannot exclude."""
        self._territories = territories
        touched = {dispute.position for dispute in disputes}
        self._shares, self._district_shares = (
            {position: shares.list_units(position) for position in touched} for shares in whereabouts.shares
        )
        provinces, districts = territories.provinces, territories.districts
        self._reached = _find_reached(
            whereabouts,
            np.concatenate([provinces.areas, territories.foreign]),
            {(dispute.position, unit) for dispute in disputes for unit in self._list_claimed(dispute)},
            self._shares,
        )
        self._reached_districts = _find_reached(
            whereabouts,
            np.zeros(0, dtype=object) if districts is None else districts.areas,
            {(dispute.position, unit) for dispute in disputes for unit in dispute.named_district},
            self._district_shares,
        )

    def _list_claimed(self, dispute: _Dispute) -> UnitSet:
        """Return the territories that satisfy a claim; of a country only those that the position touches."""
        shares = self._shares[dispute.position]
        country = dispute.country & shares.keys() or dispute.country
        homes = frozenset(int(self._territories.home[unit]) for unit in dispute.named_district)
        return dispute.province | country | homes

    def decide(self, dispute: _Dispute) -> tuple[bool, int, int]:
        """Return whether a claim decides, and the territory and the district that it decides for."""
        shares = self._shares[dispute.position]
        own = dispute.territory
        possible = {unit for unit in self._list_claimed(dispute) if (dispute.position, unit) in self._reached}
        in_country = {unit: shares[unit] for unit in dispute.country & shares.keys()}
        if sum(in_country.values()) >= _LEAST_SHARE:
            possible.add(max(in_country, key=lambda unit: in_country[unit]))
        named = {unit: self._find_district(dispute, unit) for unit in possible | {own}}
        satisfied = {
            unit: (unit in dispute.country) + (unit in dispute.province) + (district >= 0)
            for unit, district in named.items()
        }
        best = max(named, key=lambda unit: (satisfied[unit], unit == own, shares.get(unit, 0.0), -unit))
        district = named[best]
        if best == own:
            is_foreign = self._territories.is_foreign(own) and own in dispute.country
            is_claim = is_foreign or (district >= 0 and district != dispute.district)
            return is_claim, own, district if district >= 0 else dispute.district
        return True, best, district if district >= 0 else self._likeliest_district(dispute.position, best)

    def _find_district(self, dispute: _Dispute, territory: int) -> int:
        """Return the claimed district in a territory that the position does not exclude; -1 for none."""
        home = self._territories.home
        if dispute.district in dispute.named_district and home[dispute.district] == territory:
            return dispute.district
        shares = self._district_shares[dispute.position]
        possible = [
            unit
            for unit in dispute.named_district
            if home[unit] == territory and (dispute.position, unit) in self._reached_districts
        ]
        return max(possible, key=lambda unit: (shares.get(unit, 0.0), -unit), default=-1)

    def _likeliest_district(self, position: int, territory: int) -> int:
        home = self._territories.home
        shares = self._district_shares[position]
        touched = [unit for unit in shares if unit < len(home) and home[unit] == territory]
        return max(touched, key=lambda unit: shares[unit], default=-1)


def _find_reached(
    whereabouts: Whereabouts,
    areas: Areas,
    pairs: set[tuple[int, int]],
    shares: Mapping[int, Mapping[int, float]],
) -> set[tuple[int, int]]:
    """Return the pairs of a position and a unit that the position does not exclude."""
    reached = {
        (position, unit) for position, unit in pairs if shares[position].get(unit, 0.0) >= _LEAST_SHARE
    }
    left = np.array(sorted(pairs - reached), dtype=np.int64).reshape(-1, 2)
    position, unit = left.T
    away_m = measure_distances(areas, unit, whereabouts.lon[position], whereabouts.lat[position])
    near = left[away_m <= whereabouts.radius_m[position]]
    return reached | {(row[0], row[1]) for row in near.tolist()}
