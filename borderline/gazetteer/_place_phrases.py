"""
What a text says about where: the names, what they lie in, how far off and in which direction.

The words of the three languages are data: ``geodata/place_phrases.json``.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .._paths import read_facts
from .._place_names import language_of_text, words_pattern
from ._name_forms import has_known_letters

__all__ = ["Name", "Phrase", "country_of_word", "facility_in_words", "kinds_in_words", "parse_place"]

#: Longer texts are no names of places: nobody needs more than a few hundred characters.
LONGEST_TEXT: Final = 400
#: A distance in a text is taken for no more than this, metres.
MOST_MOVED_M: Final = 1e6

_NUMBER: Final = r"(?P<number>\d+(?:[.,]\d+)?)\s*"
_PARENTHESES: Final = re.compile(r"\(([^()]*)\)?")
_POSSESSIVE: Final = re.compile(r"['\u2019]s\b")
#: A text of words in Latin letters, without a sign that has a part in its structure.
_LATIN_NAME: Final = re.compile(r"[A-Za-z\u00c0-\u024f](?:[A-Za-z\u00c0-\u024f]| (?=\S)){0,200}")
#: The same in Thai or Khmer letters, without blanks and digits; and the words that give it a structure.
_LOCAL_NAME: Final = re.compile("[\u0e01-\u0e4e]{2,200}|[\u1780-\u17d3\u17dd]{2,200}")
_LOCAL_STRUCTURE: Final = (
    "near", "inside", "between", "opposite", "border", "joints", "connectors", "close_connectors",
    "titles_within", "surroundings",
)  # fmt: skip
_LOCAL_DIRECTIONS: Final = ("จาก", "ของ", "ខាង")
#: Digits of Thai and Khmer, as digits of ours.
_DIGITS: Final = str.maketrans(
    {first + digit: str(digit) for first in (0x0E50, 0x17E0) for digit in range(10)}
)
#: Signs between names of equal standing, as opposed to words.
_SIGNS: Final = r"\s*[;/]\s*|\s+[-\u2013\u2014]\s+|\s*[\u2013\u2014]\s*"
#: What a trimmed part begins or ends with no more.
_EDGES: Final = " .,;:-\u2013\u2014\"'\u201c\u201d"


@dataclass(frozen=True)
class _Words:
    """Words and sentences, ready for use."""

    #: Degrees from north, by the words for a direction.
    bearings: Mapping[str, float]
    #: Metres, by the beginnings of the words for a unit.
    metres: Mapping[str, float]
    #: Sentences with a distance or a direction from a place.
    moved: tuple[re.Pattern[str], ...]
    #: Words before a name: near it, inside it, between two.
    near: re.Pattern[str]
    inside: re.Pattern[str]
    between: re.Pattern[str]
    #: Words for the surroundings of a place.
    surroundings: re.Pattern[str]
    #: Words for the other bank.
    opposite: re.Pattern[str]
    #: The border itself, not a checkpoint or a town on it.
    border: re.Pattern[str]
    #: Numbers of boundary pillars, and of villages within a subdistrict.
    pillars: re.Pattern[str]
    village_numbers: re.Pattern[str]
    #: What stands between a place and what it lies in: commas; words; blanks, where a script has none else.
    commas: re.Pattern[str]
    parts: re.Pattern[str]
    local_parts: re.Pattern[str]
    #: What stands between names of equal standing: words, and signs that may mean a part of a whole, too.
    joints: re.Pattern[str]
    signs: re.Pattern[str]
    #: Short forms of titles, and the titles in full.
    short_titles: tuple[tuple[re.Pattern[str], str], ...]
    #: "Province of X", and words in the plural.
    title_of: re.Pattern[str]
    plurals: re.Pattern[str]
    #: A title alone, whose name follows.
    title_alone: re.Pattern[str]
    #: Words at the beginning that tell the bank, and its country.
    sides: tuple[tuple[re.Pattern[str], str], ...]
    #: Words for things that stand in or by a place, with the name and the kinds of each sort.
    facilities: tuple[tuple[re.Pattern[str], str, frozenset[str]], ...]
    #: Any word for such a thing, any short title.
    any_facility: re.Pattern[str]
    any_short_title: re.Pattern[str]
    #: Thai and Khmer words of that kind.
    local_structure: re.Pattern[str]
    #: English words with a part in the structure of a text: a text without them is one name.
    structural: frozenset[str]
    #: English words that name nothing.
    generic: frozenset[str]
    #: Country codes by the folded words for a country.
    countries: Mapping[str, str]
    #: Words that tell the kind of a place, and the kinds they tell.
    kinds: tuple[tuple[re.Pattern[str], frozenset[str]], ...]


@functools.cache
def _load_words() -> _Words:
    facts = read_facts("place_phrases.json")
    joints = _spaced_words(facts["joints"])
    before, behind = facts["titles_before"], facts["titles_behind"]["en"]
    latin_titles = "|".join(before["en"])
    ends_of_titles = "|".join(rf"(?<=\b{word})" for word in behind)
    local_titles = _join_local(facts["titles_within"])
    parts = (
        rf"\s+(?={_join_words(facts['unit_titles'])})|(?<=\S)\s*(?={local_titles})"
        rf"|(?<=\w)\s+(?=(?:{latin_titles})\s+\w)"
        rf"|(?<=\w)(?<!\bno)\s+(?:{'|'.join(facts['connectors']['en'])})\s+(?=\w)"
        rf"|(?<=\S)\s+(?:{_join_local(facts['connectors'])})\s*(?=\S)"
        rf"|(?<=\w)['\u2019]s\s+(?=\w.*\b(?:{'|'.join(behind[:6])})\b)"
        rf"|(?<=\S)(?:{_join_local(facts['close_connectors'])})\s*(?=\S)"
        rf"|(?:{ends_of_titles})\s+(?=[^\W\d])"
    )
    opposite, between = words_pattern(facts["opposite"]), words_pattern(facts["between"])
    border, pillars = _join_words(facts["border"]), _join_pillars(facts["pillars"])
    village_numbers = _join_words(facts["village_numbers"])
    return _Words(
        bearings={word: float(degrees) for word, degrees in facts["bearings"].items()},
        metres=facts["metres"],
        moved=tuple(
            _compile_pattern(_complete_sentence(sentence, facts, language))
            for language, sentences in facts["moved"].items()
            for sentence in sentences
        ),
        near=_compile_pattern(rf"^(?:{words_pattern(facts['near'])})\s*(?=\S)"),
        inside=_compile_pattern(rf"^(?:{_join_words(facts['inside'])})\s+"),
        between=_compile_pattern(rf"^(?:{between})\s*(?=\S)"),
        surroundings=_compile_pattern(words_pattern(facts["surroundings"])),
        opposite=_compile_pattern(opposite),
        border=_compile_pattern(border),
        pillars=_compile_pattern(pillars),
        village_numbers=_compile_pattern(village_numbers),
        commas=re.compile(r"\s*[,|\n\r\u3001]\s*"),
        parts=_compile_pattern(parts),
        local_parts=_compile_pattern(rf"{parts}|\s+(?=\D)"),
        joints=_compile_pattern(rf"{_SIGNS}|{joints}"),
        signs=_compile_pattern(_SIGNS),
        short_titles=tuple((_compile_pattern(short), title) for short, title in facts["short_titles"]),
        title_of=_compile_pattern(facts["title_of"]),
        plurals=_compile_pattern(words_pattern(facts["plurals"])),
        title_alone=_compile_pattern(rf"(?:{_join_local(before)}|{latin_titles})"),
        sides=tuple(
            (_compile_pattern(rf"^(?:{'|'.join(words)})(?:\s+|(?<=[\u0e00-\u17ff]))"), code)
            for code, words in facts["sides"].items()
        ),
        facilities=tuple(
            (
                _compile_pattern(
                    words_pattern({key: words for key, words in entry.items() if key != "kinds"})
                ),
                name,
                frozenset(entry["kinds"]),
            )
            for name, entry in facts["facilities"].items()
        ),
        any_facility=_compile_pattern(
            "|".join(
                words_pattern({key: words for key, words in entry.items() if key != "kinds"})
                for entry in facts["facilities"].values()
            )
        ),
        any_short_title=_compile_pattern("|".join(short for short, _ in facts["short_titles"])),
        local_structure=re.compile(
            "|".join(
                [
                    *(_join_local(facts[name]) for name in _LOCAL_STRUCTURE if _join_local(facts[name])),
                    *(_join_local(entry) for entry in facts["facilities"].values()),
                    *(word for words in facts["sides"].values() for word in words if not word.isascii()),
                    *_LOCAL_DIRECTIONS,
                ]
            )
        ),
        structural=_structural_words(facts),
        generic=frozenset(facts["generic"]),
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


def _structural_words(facts: Mapping[str, object]) -> frozenset[str]:
    """Return the English words in the patterns, in the singular and the plural."""
    names = (
        "near surroundings opposite inside border joints between connectors short_titles titles_before "
        "titles_behind title_of plurals sides facilities generic pillars directions moved countries"
    )
    text = json.dumps([facts[name] for name in names.split()]).replace(r"\\b", " ").casefold()
    words = set(re.findall(r"[a-z]+", text))
    return frozenset(words | {word.removesuffix("s") for word in words} | {f"{word}s" for word in words})


def _compile_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _join_words(words: Mapping[str, list[str]]) -> str:
    return "|".join(word for known in words.values() for word in known)


def _join_local(words: Mapping[str, list[str]]) -> str:
    """Return a pattern of the words that are not English."""
    return "|".join(word for language, known in words.items() if language != "en" for word in known)


def _spaced_words(words: Mapping[str, list[str]]) -> str:
    """Return a pattern of words between others: English ones between blanks, the others anywhere."""
    return rf"\s+(?:{'|'.join(words['en'])})\s+|(?<=\S)\s*(?:{_join_local(words)})\s*(?=\S)"


def _join_pillars(sentences: Mapping[str, list[str]]) -> str:
    """Return a pattern of numbers of pillars; the groups of each language have names of their own."""
    patterns = [
        sentence.replace("(?P<number>", f"(?P<number_{language}>").replace(
            "(?P<other>", f"(?P<other_{language}>"
        )
        for language, known in sentences.items()
        for sentence in known
    ]
    return "|".join(patterns)


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
class Name:
    """A name in a text, as it stands there and without the words around it."""

    #: As it stands in the text.
    text: str
    #: Without words for a side and for things that stand in or by the place; empty where nothing is left.
    core: str
    #: Country whose side is meant, where the text says so.
    side: str | None = None
    #: What stands in or by the place: hospital, school, casino; with the kinds of such a place.
    facility: str | None = None
    facility_kinds: frozenset[str] = frozenset()

    @property
    def is_generic(self) -> bool:
        """Whether it consists of words that name nothing; a number may name a hill."""
        return not self.core and not any(map(str.isdecimal, self.text))


@dataclass(frozen=True, slots=True)
class Phrase:
    """The parts of a text about a place."""

    #: The whole text, cleaned.
    whole: str
    #: Places of equal standing, each with what it lies in or stands near to, the nearest first.
    chains: tuple[tuple[Name, ...], ...] = ()
    #: Whether nothing but signs stands between the places: one may be a part of the next, or its other name.
    by_signs: bool = False
    #: What is said behind the places, in parentheses.
    remarks: tuple[Name, ...] = ()
    #: Places across the border from which it lies.
    opposite: tuple[Name, ...] = ()
    #: Numbers of boundary pillars.
    pillars: tuple[int, ...] = ()
    #: Kinds that a word in the plural tells of all names.
    kinds: frozenset[str] = frozenset()
    #: Metres from the place, where a distance is given.
    moved_m: float | None = None
    #: Degrees from north, where a direction is given.
    bearing: float | None = None
    #: Said to be near the place, or on some side of it.
    near: bool = False
    #: Said to lie along the border.
    border: bool = False
    #: Why it names no place, where that can be seen: ``empty``, ``too_long``, ``no_name``,
    #: ``unknown_script`` (where there are no names of a caller's own in it).
    refusal: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the places of equal standing."""
        return tuple(chain[0].text for chain in self.chains)

    @property
    def within(self) -> tuple[str, ...]:
        """Names of what the last of them lies in, and of what stands in parentheses."""
        last = self.chains[-1][1:] if self.chains else ()
        return tuple(name.text for name in (*last, *self.remarks))

    @property
    def all_names(self) -> tuple[Name, ...]:
        """Every name in the text."""
        return (*(name for chain in self.chains for name in chain), *self.remarks, *self.opposite)


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
    >>> parse_place("Kap Choeng, Surin and Ban Kruat, Buri Ram").names
    ('Kap Choeng', 'Ban Kruat')
    >>> parse_place("along the border in Sa Kaeo").border
    True
    """
    words = _load_words()
    whole = " ".join(unicodedata.normalize("NFC", text[: LONGEST_TEXT + 1]).translate(_DIGITS).split())
    if _LATIN_NAME.fullmatch(whole) and words.structural.isdisjoint(whole.casefold().split()):
        return Phrase(whole, ((Name(whole, whole),),))
    if _LOCAL_NAME.fullmatch(whole) and not words.local_structure.search(whole):
        return Phrase(whole, ((Name(whole, whole),),))
    refusal = _find_refusal(whole)
    if refusal not in {None, "unknown_script"}:
        return Phrase(whole[:LONGEST_TEXT], refusal=refusal)
    in_parentheses = [part for part in _PARENTHESES.findall(whole) if part.strip()]
    rest = _PARENTHESES.sub(" ", whole).strip(_EDGES)
    rest, pillars = _take_pillars(rest)
    rest, moved_m, bearing, is_moved = _parse_distance(rest)
    opposite: tuple[Name, ...] = ()
    across = words.opposite.search(rest)
    if across is not None:
        opposite = _parse_chain(rest[across.end() :])
        rest = rest[: across.start()].strip(_EDGES)
    border = bool(words.border.search(rest))
    if border:
        rest = words.border.sub(" , ", rest).strip(" ,")
    near = is_moved or bool(words.near.match(rest) or words.surroundings.search(rest))
    rest = words.between.sub("", words.near.sub("", _trim_name(rest)))
    plural = words.plurals.search(rest)
    pieces = [piece for piece in words.joints.split(rest) if piece.strip(_EDGES)]
    chains = [chain for piece in pieces if (chain := _parse_chain(piece))]
    if len(pieces) > 1:
        # "X and nearby villages": about X.
        named = [chain for chain in chains if any(name.core for name in chain)]
        near = near or len(named) < len(pieces)
        chains = named or chains[:1]
    kinds = frozenset[str]() if plural is None else kinds_in_words(plural.group())
    if len(chains) > 1 and not kinds and language_of_text(chains[0][0].text) != "en":
        kinds = kinds_in_words(chains[0][0].text)
    remarks = tuple(name for part in in_parentheses for name in _parse_chain(part))
    by_signs = len(chains) > 1 and len(words.signs.split(rest)) >= len(pieces)
    return Phrase(
        whole,
        tuple(chains),
        by_signs=by_signs,
        remarks=remarks,
        opposite=opposite,
        pillars=pillars,
        kinds=kinds,
        moved_m=moved_m,
        bearing=bearing,
        near=near,
        border=border,
        refusal=refusal,
    )


def _find_refusal(whole: str) -> str | None:
    """Return why a text names no place, where that can be seen from its signs alone."""
    if not whole:
        return "empty"
    if len(whole) > LONGEST_TEXT:
        return "too_long"
    if not any(map(str.isalpha, whole)):
        return "no_name"
    return None if has_known_letters(whole) else "unknown_script"


def _take_pillars(text: str) -> tuple[str, tuple[int, ...]]:
    """Return a text without the numbers of boundary pillars, and these numbers."""
    match = _load_words().pillars.search(text)
    if match is None:
        return text, ()
    numbers = tuple(int(number) for number in match.groups() if number)
    return f"{text[: match.start()]} , {text[match.end() :]}".strip(_EDGES), numbers


def _parse_chain(piece: str) -> tuple[Name, ...]:
    """Return a place with what it lies in, from the text between two joints."""
    words = _load_words()
    piece = words.village_numbers.sub(" ", piece)
    texts: list[str] = []
    for part in words.commas.split(piece):
        # "..., east of X": beside X.
        rest = _trim_name(_parse_distance(_trim_name(part))[0])
        rest = words.title_of.sub(_put_title_behind, rest)
        # Thai and Khmer put a blank where others put a comma.
        separators = words.parts if language_of_text(rest) == "en" else words.local_parts
        for text in separators.split(rest):
            name = _trim_name(words.near.sub("", _trim_name(text)))
            if name and texts and words.title_alone.fullmatch(texts[-1]):
                texts[-1] += name
            elif name:
                texts.append(name)
    return tuple(_make_name(text) for text in texts)


def _put_title_behind(match: re.Match[str]) -> str:
    """Return "X province" for "province of X"."""
    return f"{match['name']} {match['title']}{match['rest']}"


def _make_name(text: str) -> Name:
    """Return a name with what the words around it say."""
    words = _load_words()
    if words.any_short_title.search(text):
        for short, title in words.short_titles:
            text = short.sub(title, text)
    core, side, facility, kinds = _POSSESSIVE.sub("", text), None, None, frozenset[str]()
    for pattern, code in words.sides:
        match = pattern.match(text)
        if match is not None:
            core, side = text[match.end() :], code
            break
    facilities = words.facilities if words.any_facility.search(core) else ()
    for pattern, name, kinds_of_facility in facilities:
        if pattern.search(core):
            core, facility, kinds = pattern.sub(" ", core), name, kinds_of_facility
            break
    core = " ".join(core.split())
    if all(word in words.generic or word.isdecimal() for word in _latin_words(core)):
        core = ""
    return Name(text, _trim_name(core), side, facility, kinds)


def _latin_words(text: str) -> list[str]:
    """Return the words of a text, in lower case, without signs."""
    return re.sub(r"['\u2019]", "", text).casefold().replace("-", " ").replace(".", " ").split()


def _trim_name(part: str) -> str:
    """Remove signs round a name, and words such as "in" before it."""
    return _load_words().inside.sub("", part.strip(_EDGES)).strip()


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


@functools.lru_cache(maxsize=65536)
def facility_in_words(text: str) -> str | None:
    """
    Return what stands in or by a place, where a text says so: hospital, school, casino; None where not.

    Examples
    --------
    >>> facility_in_words("Phanom Dong Rak Hospital"), facility_in_words("Phanom Dong Rak")
    ('hospital', None)
    """
    facilities = _load_words().facilities
    return next((name for pattern, name, _ in facilities if pattern.search(text)), None)


@functools.lru_cache(maxsize=65536)
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
