"""
What a text says about where: the name, what it lies in, how far off and in which direction.

The words of the three languages are data: ``geodata/place_phrases.json``.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .._paths import read_facts
from .._place_names import words_pattern

__all__ = ["Phrase", "country_of_word", "kinds_in_words", "parse_place"]

#: No more characters of a text are read: nobody names a place in more than a few hundred.
LONGEST_TEXT: Final = 400
#: A distance in a text is taken for no more than this, metres.
MOST_MOVED_M: Final = 1e6

_NUMBER: Final = r"(?P<number>\d+(?:[.,]\d+)?)\s*"
_PARENTHESES: Final = re.compile(r"\(([^()]*)\)?")


@dataclass(frozen=True)
class _Words:
    """Words and sentences, ready for use."""

    #: Degrees from north, by the words for a direction.
    bearings: Mapping[str, float]
    #: Metres, by the beginnings of the words for a unit.
    metres: Mapping[str, float]
    #: Sentences with a distance or a direction from a place.
    moved: tuple[re.Pattern[str], ...]
    #: Words before a name: near it, inside it.
    near: re.Pattern[str]
    inside: re.Pattern[str]
    #: Words for the surroundings of a place.
    surroundings: re.Pattern[str]
    #: Words for the other bank.
    opposite: re.Pattern[str]
    #: The border itself, not a checkpoint or a town on it.
    border: re.Pattern[str]
    #: What stands between a place and what it lies in, and between two names for where it was.
    parts: re.Pattern[str]
    joints: re.Pattern[str]
    #: Country codes by the folded words for a country.
    countries: Mapping[str, str]
    #: Words that tell the kind of a place, and the kinds they tell.
    kinds: tuple[tuple[re.Pattern[str], frozenset[str]], ...]


@functools.cache
def _load_words() -> _Words:
    facts = read_facts("place_phrases.json")
    return _Words(
        bearings={word: float(degrees) for word, degrees in facts["bearings"].items()},
        metres=facts["metres"],
        moved=tuple(
            _compile_pattern(_complete_sentence(sentence, facts, language))
            for language, sentences in facts["moved"].items()
            for sentence in sentences
        ),
        near=_compile_pattern(rf"^(?:{_join_words(facts['near'])})\s*(?=\S)"),
        inside=_compile_pattern(rf"^(?:{_join_words(facts['inside'])})\s+"),
        surroundings=_compile_pattern(words_pattern(facts["surroundings"])),
        opposite=_compile_pattern(words_pattern(facts["opposite"])),
        border=_compile_pattern(_join_words(facts["border"])),
        parts=re.compile(rf"\s*[,;|\n\r\u3001]\s*|\s+(?={_join_words(facts['unit_titles'])})"),
        joints=_compile_pattern(
            r"\s*/\s*|\s+[-\u2013\u2014]\s+|\s*[\u2013\u2014]\s*|"
            rf"\s+(?:{_join_words(facts['joints'])})\s+"
        ),
        countries={word: code for code, words in facts["countries"].items() for word in words},
        kinds=tuple(
            (
                _compile_pattern(
                    words_pattern({key: words for key, words in entry.items() if key != "kinds"})
                ),
                frozenset(entry["kinds"]),
            )
            for entry in facts["kinds"]
        ),
    )


def _compile_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _join_words(words: Mapping[str, list[str]]) -> str:
    return "|".join(word for known in words.values() for word in known)


def _complete_sentence(sentence: str, facts: Mapping[str, Mapping[str, list[str]]], language: str) -> str:
    """Return a sentence with the patterns of numbers, units and directions filled in."""
    return "^{}$".format(
        sentence.format(
            roughly=rf"(?:{'|'.join(facts['roughly'][language])})?\s*",
            number=_NUMBER,
            unit=rf"(?P<unit>{'|'.join(facts['units'])})",
            direction=facts["directions"][language],
        )
    )


def country_of_word(word: str) -> str | None:
    """
    Return the country that a word in any of the three languages names.

    Parameters
    ----------
    word
        A part of a text about a place.

    Returns
    -------
    code
        ISO 3166-1 alpha-3; None where it names none of the two countries.

    Examples
    --------
    >>> country_of_word("Cambodia"), country_of_word("ไทย"), country_of_word("Surin")
    ('KHM', 'THA', None)
    """
    return _load_words().countries.get(word.casefold())


@dataclass(frozen=True, slots=True)
class Phrase:
    """The parts of a text about a place."""

    #: The whole text, cleaned.
    whole: str
    #: The place, or several that together are meant.
    names: tuple[str, ...]
    #: What it lies in, or stands near to, the nearest first.
    within: tuple[str, ...] = ()
    #: Metres from the place, where a distance is given.
    moved_m: float | None = None
    #: Degrees from north, where a direction is given.
    bearing: float | None = None
    #: Said to be near the place, or on some side of it.
    near: bool = False
    #: Said to lie along the border.
    border: bool = False
    #: Said to lie across the border from the place.
    opposite: bool = False


def parse_place(text: str) -> Phrase:
    """
    Parse a text about a place.

    Parameters
    ----------
    text
        Such as the ``location`` of an event; any text.

    Returns
    -------
    phrase
        With no names where there is nothing to look up.

    Examples
    --------
    >>> phrase = parse_place("5 km north-west of Anlong Veng, Oddar Meanchey")
    >>> phrase.names, phrase.within, phrase.moved_m, phrase.bearing
    (('Anlong Veng',), ('Oddar Meanchey',), 5000.0, 315.0)
    >>> parse_place("along the border in Sa Kaeo").border
    True
    """
    words = _load_words()
    whole = " ".join(unicodedata.normalize("NFC", text[:LONGEST_TEXT]).split())
    in_parentheses = [part for part in _PARENTHESES.findall(whole) if part.strip()]
    rest = _PARENTHESES.sub(" ", whole).strip(" .,;:-\u2013\u2014\"'")
    rest, moved_m, bearing, is_moved = _parse_distance(rest)
    opposite = bool(words.opposite.search(rest))
    border = bool(words.border.search(rest))
    if border:
        rest = words.border.sub(" , ", rest)
    parts = [part for piece in words.parts.split(rest) if (part := _trim_name(piece))]
    near = is_moved or bool(parts and (words.near.match(parts[0]) or words.surroundings.search(parts[0])))
    parts = [name for part in parts if (name := _trim_name(words.near.sub("", part)))]
    names: tuple[str, ...] = ()
    if parts:
        names = tuple(name for piece in words.joints.split(parts[0]) if (name := _trim_name(piece)))
    # "..., east of X": beside X.
    beside = [name for part in parts[1:] if (name := _trim_name(_parse_distance(part)[0]))]
    within = (*beside, *(name for part in in_parentheses if (name := _trim_name(part))))
    return Phrase(whole, names, within, moved_m, bearing, near=near, border=border, opposite=opposite)


def _trim_name(part: str) -> str:
    """Remove signs round a name, and words such as "in" before it."""
    return _load_words().inside.sub("", part.strip(" .:-\u2013\u2014\"'\u201c\u201d")).strip()


def _parse_distance(text: str) -> tuple[str, float | None, float | None, bool]:
    """Return a text without its distance and direction, metres, degrees, and whether it has either."""
    words = _load_words()
    for pattern in words.moved:
        match = pattern.match(text)
        if match is None:
            continue
        groups = match.groupdict()
        way = (groups.get("way") or "").casefold().replace(" ", "").replace("-", "")
        metres = None
        if groups.get("number"):
            unit = groups["unit"].casefold()
            scale = next((size for word, size in words.metres.items() if unit.startswith(word)), 1.0)
            metres = min(float(groups["number"].replace(",", ".")) * scale, MOST_MOVED_M)
        return groups["name"], metres, words.bearings.get(way), True
    return text, None, None, False


def kinds_in_words(text: str) -> frozenset[str]:
    """
    Return the kinds of place that the words of a text speak of; none where they do not say.

    Examples
    --------
    >>> sorted(kinds_in_words("Ta Phraya district"))
    ['district']
    """
    for pattern, kinds in _load_words().kinds:
        if pattern.search(text):
            return kinds
    return frozenset()
