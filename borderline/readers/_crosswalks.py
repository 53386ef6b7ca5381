"""Words and codes of providers to event types, countries and location errors, by ``geodata/crosswalks``."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np
import pandas as pd

from .._constants import Floats
from .._paths import data_path
from ..schema import EVENT_TYPES
from ._cell_values import Texts

__all__ = [
    "cameo_types",
    "country_codes",
    "event_types",
    "fips_codes",
    "gleditsch_ward_codes",
    "location_errors",
]


#: Longest text that is taken for a kind of event, characters.
_MAX_PHRASE: Final = 60
#: Shorter words say too little inside a phrase.
_SHORTEST_WORD: Final = 3
#: Words that turn what stands beside them into something else than an event of that kind.
_NO_EVENT: Final = re.compile(
    r"\b(?:clearance|clearing|cleared|demining|awareness|training|exercises?|drills?|survey|no|not|without|"
    r"denie[sd]|denial|ended|end of|risk|after|before|victims? of|violat\w+|breach\w*|broken)\b"
    r"|เก็บกู้|ซ้อม|ដោះមីន|បោសសម្អាត"
)


@cache
def _read_crosswalk(name: str) -> tuple[dict[str, str], ...]:
    with data_path("geodata", "crosswalks", name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _fold_words(text: str) -> str:
    return re.sub(r"[\s_\-]+", " ", text).strip().casefold()


@cache
def _codes_by_country_name() -> dict[str, str]:
    known = {}
    for row in _read_crosswalk("countries.csv"):
        for name in (row["alpha_3"], row["alpha_2"], row["name"], *row["aliases"].split(";")):
            known[_fold_words(name)] = row["alpha_3"]
    known.pop("", None)
    return known


def country_codes(names: Texts) -> Texts:
    """Return alpha-3 codes for the texts that name one country, None for the others."""
    known = _codes_by_country_name()
    return _translate_texts(names, lambda name: known.get(_fold_words(name)))


def fips_codes(codes: Texts) -> Texts:
    """Return alpha-3 codes for FIPS 10-4 ones (Cambodia is ``CB`` there), None for the unknown."""
    known = _codes_by_column("fips")
    return _translate_texts(codes, lambda code: known.get(code.upper()))


def gleditsch_ward_codes(numbers: Texts) -> Texts:
    """Return alpha-3 codes for Gleditsch-Ward numbers, None for countries far from the border."""
    return _translate_texts(numbers, _codes_by_column("gleditsch_ward").get)


@cache
def _codes_by_column(column: str) -> dict[str, str]:
    return {row[column]: row["alpha_3"] for row in _read_crosswalk("countries.csv") if row[column]}


def cameo_types(codes: Texts) -> Texts:
    """Return the event type of each CAMEO event code, by the longest prefix in the crosswalk."""
    known = {
        row["source_type"]: row["event_type"]
        for row in _read_crosswalk("event_types.csv")
        if row["format"] == "gdelt"
    }
    lengths = range(4, 1, -1)
    return _translate_texts(
        codes, lambda code: next((known[code[:n]] for n in lengths if code[:n] in known), "other")
    )


def event_types(words: Texts, *, layout: str) -> Texts:
    """Return the event type of each of the provider's words: ``other`` for an unknown one, None for None."""
    known = {_fold_words(name): name for name in EVENT_TYPES}
    # A layout without words of its own is written in those of any other table.
    for name in ("table", layout):
        known |= {
            _fold_words(row["source_type"]): row["event_type"]
            for row in _read_crosswalk("event_types.csv")
            if row["format"] == name
        }
    return _translate_texts(words, lambda word: known.get(_fold_words(word)) or _type_of_phrase(word))


def _type_of_phrase(text: str) -> str:
    """Return the event type of the known words in a phrase where they agree, else ``other``."""
    folded = _fold_words(text)
    if len(folded) > _MAX_PHRASE or _NO_EVENT.search(folded):
        return "other"
    kinds = {row[1] for row in _phrase_patterns() if row[0].search(folded)}
    return kinds.pop() if len(kinds) == 1 else "other"


@cache
def _phrase_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the words of tables that are looked for in phrases, by event type."""
    words: dict[str, list[str]] = {}
    for row in _read_crosswalk("event_types.csv"):
        word = _fold_words(row["source_type"])
        if row["format"] == "table" and len(word) > _SHORTEST_WORD:
            words.setdefault(row["event_type"], []).append(word)
    return tuple(
        (re.compile("|".join(_bound_word(word) for word in sorted(listed, key=len, reverse=True))), kind)
        for kind, listed in words.items()
    )


def _bound_word(word: str) -> str:
    """Return a pattern of a word; words of Thai and Khmer have no blanks around them."""
    pattern = re.escape(word)
    return rf"\b{pattern}\b" if word.isascii() else pattern


def location_errors(precision: Texts, coordinate_source: Texts, *, layout: str) -> Floats:
    """
    Return the radius in metres that holds 90 %, from the provider's precision code.

    Of several entries the one with the longest prefix of `coordinate_source` counts; NaN where
    the crosswalk has none.
    """
    rules: dict[str, list[tuple[str, float]]] = {}
    for row in _read_crosswalk("location_error.csv"):
        if row["format"] == layout:
            rule = (row["coordinate_source"], float(row["location_error_m"]))
            rules.setdefault(row["geo_precision"], []).append(rule)
    for candidates in rules.values():
        candidates.sort(key=lambda rule: -len(rule[0]))
    codes, known = pd.factorize(precision)
    origins, sources = pd.factorize(coordinate_source)
    width = len(sources) + 1
    places, distinct = pd.factorize((codes + 1) * width + origins + 1)
    errors = np.full(len(distinct), np.nan)
    for place, pair in enumerate(distinct.tolist()):
        code, origin = divmod(pair, width)
        source = sources[origin - 1] if origin else ""
        of_code = rules.get(known[code - 1], []) if code else []
        errors[place] = next((error for prefix, error in of_code if source.startswith(prefix)), np.nan)
    return errors[places]


def _translate_texts(cells: Texts, translate: Callable[[str], str | None]) -> Texts:
    """Translate every distinct text once; None stays None."""
    memory = {cell: translate(cell) for cell in set(cells.tolist()) if cell is not None}
    result = np.empty(len(cells), dtype=object)
    for position, cell in enumerate(cells):
        result[position] = None if cell is None else memory[cell]
    return result
