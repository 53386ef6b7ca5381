"""Several places in one text: which of the names stand beside each other, and the area that holds them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from .._constants import GEOD
from ._answers import Answer, Member
from ._candidate_ranking import Context
from ._matched_names import MatchedNames, contains, split_hyphens
from ._place_answers import answer_province, round_radius
from ._place_phrases import Name, Phrase, kinds_in_words

__all__ = ["find_area", "orient_chain", "split_items", "split_pair"]

#: Steps towards the farthest place in which the middle of an area is found; the last is 0.5 % of the way.
_STEPS: Final = 200

Chain = tuple[Name, ...]


def split_items(phrase: Phrase, context: Context, matched: MatchedNames) -> list[Chain]:
    """
    Split a phrase into the places that it names, each with what it lies in.

    Parameters
    ----------
    phrase
        From `parse_place`.
    context
        What is claimed beside it.
    matched
        From `match_phrases`.

    Returns
    -------
    items
        What follows a place after a comma is what it lies in, unless both are of equal
        standing. What the last place lies in holds for those before it, too, where it can.
    """
    chains = [chain for chain in phrase.chains if chain]
    if phrase.by_signs and len(chains) > 1:
        chains = _merge_nested(chains, context, matched)
    is_list = len(chains) > 1 or bool(phrase.kinds)
    items = [item for chain in chains for item in _split_chain(chain, context, matched, is_list=is_list)]
    if len(items) > 1 and len(items[-1]) > 1:
        shared = items[-1][1:]
        items = [
            (*item, *shared) if len(item) == 1 and _may_share(item[0], shared[0], context, matched) else item
            for item in items
        ]
    return items


def _merge_nested(chains: list[Chain], context: Context, matched: MatchedNames) -> list[Chain]:
    """Join names between which only a sign stands where one holds the other: "Kap Choeng / Surin"."""
    merged = [chains[0]]
    for chain in chains[1:]:
        if _is_nested(merged[-1][-1], chain[0], context, matched):
            merged[-1] = (*merged[-1], *chain)
        else:
            merged.append(chain)
    return merged


def _split_chain(chain: Chain, context: Context, matched: MatchedNames, *, is_list: bool) -> list[Chain]:
    """Split names between which a comma stands into those of equal standing."""
    items = [chain[:1]]
    for name in chain[1:]:
        if _stands_beside(items[-1], name, context, matched, is_list=is_list):
            items.append((name,))
        else:
            items[-1] = (*items[-1], name)
    return items


def _stands_beside(
    item: Chain, name: Name, context: Context, matched: MatchedNames, *, is_list: bool
) -> bool:
    """Return whether a name is that of another place, not of what the place before it lies in."""
    last = item[-1]
    own, other = matched.provinces.get(last.text), matched.provinces.get(name.text)
    if is_list and own is not None and other is not None:
        return own != other
    if _is_nested(last, name, context, matched) or matched.country_of(name.text) is not None:
        return False
    if own is not None and other is not None:
        return own != other
    known = matched.equal_places(last.text, context), matched.equal_places(name.text, context)
    if is_list and (own is None) == (other is None):
        return all(known)
    # Two districts of one province.
    places = matched.index.places
    provinces = [
        {places.iso[place] for place in own_places if places.kind[place] == "district"}
        for own_places in known
    ]
    is_titled = [bool(kinds_in_words(part.text)) for part in (last, name)]
    return is_titled[0] == is_titled[1] and bool(provinces[0] & provinces[1])


def _may_share(name: Name, unit: Name, context: Context, matched: MatchedNames) -> bool:
    """Return whether a place may lie in what a later one is said to lie in; an unknown one may."""
    return not matched.equal_places(name.text, context) or _is_held(name, unit, context, matched)


def _is_held(name: Name, unit: Name, context: Context, matched: MatchedNames) -> bool:
    """Return whether some place of a name lies in some place of another name."""
    units = matched.equal_places(unit.text, context)
    return any(
        contains(matched.index, wider, place)
        for place in matched.equal_places(name.text, context)
        for wider in units
    )


def _is_nested(name: Name, other: Name, context: Context, matched: MatchedNames) -> bool:
    """Return whether a place of one name may lie in one of the other name."""
    return _is_held(name, other, context, matched) or _is_held(other, name, context, matched)


def orient_chain(chain: Chain, context: Context, matched: MatchedNames) -> Chain:
    """Return a chain from the smallest unit to the largest: some write the province first."""
    if len(chain) < 2:
        return chain
    names = list(chain)
    for _ in names:
        for place in range(len(names) - 1):
            first, second = names[place], names[place + 1]
            levels = _level_of_title(first), _level_of_title(second)
            if 0 in levels:
                is_turned = _is_held(second, first, context, matched) and not _is_held(
                    first, second, context, matched
                )
                is_turned |= bool(levels[0]) and first.text in matched.provinces and second.core != ""
            else:
                is_turned = levels[0] > levels[1]
            if is_turned:
                names[place], names[place + 1] = second, first
    return tuple(names)


def _level_of_title(name: Name) -> int:
    """Return how large a unit a name says it is, 0 where it does not say."""
    kinds = kinds_in_words(name.text)
    levels = {"village": 1, "subdistrict": 2, "commune": 2, "district": 3, "province": 4}
    return max((levels.get(kind, 0) for kind in kinds), default=0) if len(kinds) <= 2 else 1


def split_pair(chain: Chain, context: Context, matched: MatchedNames) -> list[Chain]:
    """
    Split a name at its hyphens where each part is the name of a place: "Sa Kaeo-Poipet".

    Returns
    -------
    items
        Empty where it is no such name.
    """
    parts = split_hyphens(chain[0].text)
    known = sum(bool(matched.equal_places(part, context)) for part in parts)
    if known < 2 or known < len(parts) - 1:
        return []
    return [(Name(part, part), *chain[1:]) for part in parts]


def find_area(members: list[Member], matched: MatchedNames) -> Answer:
    """
    Return the area that holds several places.

    Parameters
    ----------
    members
        The places, each with its answer.
    matched
        From `match_phrases`.

    Returns
    -------
    answer
        The middle of the smallest circle round the places, with the radius that holds them all;
        their province where they lie in one, else their country where they lie in one.
    """
    lon = np.array([member.answer.lon for member in members])
    lat = np.array([member.answer.lat for member in members])
    error_m = np.array([member.answer.error_m for member in members])
    middle_lon, middle_lat = float(lon.mean()), float(lat.mean())
    ones = np.ones(len(members))
    # Badoiu and Clarkson (2003): go towards the farthest, by less each time.
    for step in range(1, _STEPS):
        azimuth, _, metres = GEOD.inv(ones * middle_lon, ones * middle_lat, lon, lat)
        farthest = int(np.argmax(metres + error_m))
        away = float(metres[farthest]) / (step + 1)
        middle_lon, middle_lat, _ = GEOD.fwd(middle_lon, middle_lat, float(azimuth[farthest]), away)
    _, _, metres = GEOD.inv(ones * middle_lon, ones * middle_lat, lon, lat)
    places = matched.index.places
    own = [member.answer.place for member in members if member.answer.place is not None]
    provinces, countries = {places.iso[place] for place in own}, {places.country[place] for place in own}
    score = min(member.answer.score for member in members)
    answer = Answer(
        None, None, float(middle_lon), float(middle_lat),
        round_radius(float((metres + error_m).max())), score,
        candidates=tuple(member.answer.candidates[0] for member in members if member.answer.candidates),
        reading="several",
        members=tuple(members),
        country=str(countries.pop()) if len(countries) == 1 else None,
    )  # fmt: skip
    if len(provinces) == 1:
        answer = replace(answer, place=answer_province(str(provinces.pop()), matched, score=score).place)
    return answer
