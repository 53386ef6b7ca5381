"""Names of places in several languages: who speaks them, their letters, and words that name nothing."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ._paths import read_facts

__all__ = [
    "countries_naming_in",
    "is_written_in",
    "language_of_country",
    "language_of_text",
    "local_languages",
    "name_languages",
    "strip_crossing_words",
    "words_pattern",
]


def _read_languages() -> dict[str, dict[str, Any]]:
    """Return what is known of each language by its code."""
    languages: dict[str, dict[str, Any]] = read_facts("place_names.json")["languages"]
    return languages


def local_languages() -> tuple[str, ...]:
    """
    Return the languages besides English in which names are known.

    Returns
    -------
    languages
        Codes of ISO 639-1.

    Examples
    --------
    >>> local_languages()
    ('th', 'km')
    """
    return tuple(_read_languages())


def name_languages() -> tuple[str, ...]:
    """
    Return what a caller may ask names in.

    Returns
    -------
    languages
        English, the local languages, and ``"local"`` for each country's own.

    Examples
    --------
    >>> name_languages()
    ('en', 'th', 'km', 'local')
    """
    return ("en", *local_languages(), "local")


def language_of_country(country: object) -> str | None:
    """
    Return the language in which a country names its places.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-3 code.

    Returns
    -------
    language
        None where none is known.

    Examples
    --------
    >>> language_of_country("KHM")
    'km'
    """
    return next((code for code, facts in _read_languages().items() if facts["country"] == country), None)


def countries_naming_in(language: str) -> tuple[str, ...]:
    """
    Return the countries whose own names a choice of language asks for.

    Parameters
    ----------
    language
        One of `name_languages`.

    Returns
    -------
    countries
        None for English, all of them for ``"local"``.

    Examples
    --------
    >>> countries_naming_in("th"), countries_naming_in("en")
    (('THA',), ())
    """
    return tuple(facts["country"] for code, facts in _read_languages().items() if language in (code, "local"))


def is_written_in(language: str, text: str) -> bool:
    """
    Return whether a text has letters of a language's script.

    Parameters
    ----------
    language
        One of `local_languages`.
    text
        Any text.

    Returns
    -------
    written
        True where one letter is enough.

    Examples
    --------
    >>> is_written_in("th", "ด่าน Poipet"), is_written_in("th", "Poipet")
    (True, False)
    """
    first, last = _read_languages()[language]["letters"]
    return any(first <= letter <= last for letter in text)


def language_of_text(text: str) -> str:
    """
    Return the language in whose script a text is written, by its first letter.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    language
        One of `local_languages`, or ``"en"`` for Latin and all other letters.

    Examples
    --------
    >>> language_of_text("ด่าน Poipet"), language_of_text("Poipet")
    ('th', 'en')
    """
    blocks = _letter_blocks()
    for letter in text:
        for language, first, last in blocks:
            if first <= letter <= last:
                return language
        if letter.isalpha():
            return "en"
    return "en"


@functools.cache
def _letter_blocks() -> tuple[tuple[str, str, str], ...]:
    return tuple((language, *facts["letters"]) for language, facts in _read_languages().items())


def strip_crossing_words(name: str) -> str:
    """
    Remove words that say what a crossing is, not what it is called.

    Parameters
    ----------
    name
        A name in any language.

    Returns
    -------
    name
        What is left; all of it where nothing would be.

    Examples
    --------
    >>> strip_crossing_words("Poipet international checkpoint"), strip_crossing_words("Border Crossing")
    ('Poipet', 'Border Crossing')
    """
    short = " ".join(_crossing_words().sub(" ", name).split())
    return short or name


@functools.cache
def _crossing_words() -> re.Pattern[str]:
    return re.compile(words_pattern(read_facts("place_names.json")["crossing_words"]), re.IGNORECASE)


def words_pattern(words: Mapping[str, Sequence[str]]) -> str:
    r"""
    Return a pattern that finds any of some words.

    Parameters
    ----------
    words
        Regular expressions by language. English ones are whole words; Thai and Khmer put no
        blanks between words.

    Returns
    -------
    pattern
        A regular expression.

    Examples
    --------
    >>> words_pattern({"en": ["hill", "mount"], "th": ["เขา"]})
    '\\b(?:hill|mount)\\b|เขา'
    """
    english = [rf"\b(?:{'|'.join(words['en'])})\b"] if words.get("en") else []
    local = [word for language, known in words.items() if language != "en" for word in known]
    return "|".join([*english, *local])
