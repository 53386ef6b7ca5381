"""Names of places in several languages: who speaks them, their letters, and words that name nothing."""

from __future__ import annotations

import functools
import re
from typing import Any

from ._paths import read_facts

__all__ = [
    "countries_naming_in",
    "is_written_in",
    "language_of_country",
    "local_languages",
    "name_languages",
    "strip_crossing_words",
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
    """Compile a pattern of the words; English ones are whole words, as the others know no blanks."""
    words = {
        language: "|".join(texts)
        for language, texts in read_facts("place_names.json")["crossing_words"].items()
    }
    return re.compile("|".join([rf"\b(?:{words.pop('en')})\b", *words.values()]), re.IGNORECASE)
