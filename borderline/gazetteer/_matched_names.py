"""The names of many texts, matched in one go, and how the places behind them lie to each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .._countries import find_country
from ._candidate_ranking import Context, distance_between
from ._name_forms import fold_names, plain_forms
from ._name_index import NameIndex
from ._name_matching import Match, match_names
from ._place_phrases import Phrase, country_of_word

__all__ = ["MatchedNames", "contains", "find_refusal", "match_phrases", "split_hyphens"]

#: A name may end in a province of at most this many words.
_MOST_TAIL_WORDS: Final = 3
#: A code is no longer; what is so short may be anything.
_CODE_LENGTH: Final = 3
#: A match from this score on is one of equal forms.
_EQUAL: Final = 0.95
_HYPHENS: Final = re.compile(r"\s*[-\u2010-\u2015]\s*")
#: Units by how much they hold; other places hold nothing.
_LEVELS: Final = {"subdistrict": 2, "commune": 2, "district": 3, "province": 4}


@dataclass(frozen=True, slots=True)
class MatchedNames:
    """Names that were matched."""

    index: NameIndex
    matches: dict[str, list[Match]]
    #: Codes of the provinces that a text names, where it does.
    provinces: dict[str, frozenset[str]]

    def is_unit(self, name: str) -> bool:
        """Return whether a name is that of a province or of a country."""
        return name in self.provinces or self.country_of(name) is not None

    def country_of(self, name: str) -> str | None:
        """Return the country that a name is that of; None where places of none are known by it."""
        code = country_of_word(name)
        if code is None and len(self.index.countries) > len(self.index.border_countries):
            code = find_country(name) if len(name) > _CODE_LENGTH else None
        return code if code in self.index.countries else None

    def split_tail(self, name: str) -> list[tuple[str, str]]:
        """Return the ways to take a province or a country off the end of a name."""
        return [
            (head, tail) for head, tail in _split_tails(name) if self.is_unit(tail) and head in self.matches
        ]

    def equal_places(self, name: str, context: Context) -> list[int]:
        """Return the places of which one form equals that of a name, in the countries in question."""
        places = self.index.places
        return [
            place
            for place, _, score in self.matches.get(name, ())
            if score >= _EQUAL
            and places.iso[place]
            and (context.countries is None or places.country[place] in context.countries)
        ]


def match_phrases(phrases: Iterable[Phrase], index: NameIndex) -> MatchedNames:
    """Match every name in the phrases, and the heads of names whose tail is a province."""
    names: dict[str, None] = {}
    for phrase in phrases:
        if find_refusal(phrase, index) is None:
            names[phrase.whole] = None
            for name in phrase.all_names:
                names[name.text] = names[name.core] = None
                parts = split_hyphens(name.text)
                names.update(dict.fromkeys(parts if len(parts) > 1 else ()))
    names.pop("", None)
    splits = [split for name in names if " " in name for split in _split_tails(name)]
    texts = list(dict.fromkeys([*names, *(tail for _, tail in splits)]))
    forms = plain_forms(fold_names(texts))
    provinces = {
        text: index.provinces[form]
        for text, form in zip(texts, forms, strict=True)
        if form in index.provinces
    }
    matched = MatchedNames(index, {}, provinces)
    wanted = list(dict.fromkeys([*names, *(head for head, tail in splits if matched.is_unit(tail))]))
    matched.matches.update(zip(wanted, match_names(wanted, index), strict=True))
    return matched


def _split_tails(name: str) -> list[tuple[str, str]]:
    """Return the ways to take the last words off a name."""
    words = name.split(" ")
    return [
        (" ".join(words[:-count]), " ".join(words[-count:]))
        for count in range(1, min(_MOST_TAIL_WORDS, len(words) - 1) + 1)
    ]


def find_refusal(phrase: Phrase, index: NameIndex) -> str | None:
    """Return why a text names no place, where that can be seen from its signs; None where not."""
    if phrase.refusal == "unknown_script" and index.has_other_scripts:
        return None
    return phrase.refusal


def split_hyphens(name: str) -> list[str]:
    """Return the parts of a name between hyphens."""
    return [part for part in _HYPHENS.split(name) if part]


def contains(index: NameIndex, unit: int, place: int) -> bool:
    """Return whether a province, district or subdistrict holds a place that is less than it."""
    places = index.places
    level = _LEVELS.get(places.kind[unit], 1)
    if level <= _LEVELS.get(places.kind[place], 1) or places.iso[unit] != places.iso[place]:
        return False
    if level == _LEVELS["province"]:
        return True
    if level == _LEVELS["district"] and places.admin2[place]:
        return bool(places.admin2[place] == places.name[unit])
    return distance_between(places, unit, place) <= 1.5 * float(places.error_m[unit])
