"""Claims of a country and of provinces in a table, compared across spellings and scripts."""

from __future__ import annotations

import functools
import re
from typing import Final

from .._countries import find_country
from .._name_folding import fold_name
from .._paths import read_facts
from .._place_names import words_pattern

__all__ = ["claimed_country", "claimed_names", "claimed_parts", "fold_district", "fold_province"]

#: What stands between several names in one claim.
_SEPARATORS: Final = re.compile(r"[/;,|]|\s+(?:and|or)\s+", re.IGNORECASE)


@functools.lru_cache(maxsize=4096)
def fold_province(name: str) -> str:
    """
    Fold the name of a province, leaving out words such as "province".

    Examples
    --------
    >>> fold_province("Si Sa Ket province"), fold_province("Bântéay Méanchey")
    ('sisaket', 'banteaymeanchey')
    """
    return fold_name(name, without=_province_words())


@functools.cache
def _province_words() -> re.Pattern[str]:
    """Compile a pattern of the words before or after the name of a province."""
    words = read_facts("name_forms.json")["province_words"]
    local = [f"^{word}" for language, known in words.items() if language != "en" for word in known]
    return re.compile(words_pattern({"en": words["en"], "local": local}))


@functools.lru_cache(maxsize=4096)
def fold_district(name: str) -> str:
    """
    Fold the name of a district, leaving out words for kinds of units and places.

    Examples
    --------
    >>> fold_district("Amphoe Phanom Dong Rak"), fold_district("Kantharalak district")
    ('phanomdongrak', 'kantharalak')
    """
    return fold_name(name, without=_kind_words())


@functools.cache
def _kind_words() -> re.Pattern[str]:
    """Compile a pattern of the words for kinds of units and places."""
    words = read_facts("name_forms.json")["kind_words"]
    english = [*words["first"]["en"], *words["anywhere"]["en"]]
    local = [word for language, known in words["anywhere"].items() if language != "en" for word in known]
    return re.compile(words_pattern({"en": english, "local": local}))


def claimed_country(claim: str) -> str | None:
    """
    Return the code of the country that a claim names; None where it names none.

    Three capital letters are taken for a code even where the standard has none such.

    Examples
    --------
    >>> claimed_country("Thailand"), claimed_country("kh"), claimed_country("the border")
    ('THA', 'KHM', None)
    """
    is_code = len(claim) == 3 and claim.isalpha() and claim.isupper()
    return find_country(claim) or (claim if is_code else None)


def claimed_names(claim: str) -> list[str]:
    """
    Return the folded names in a claim: two sides may name the place each in its own way.

    Examples
    --------
    >>> claimed_names("Preah Vihear / Sisaket")
    ['preahvihear', 'sisaket']
    """
    return [folded for part in claimed_parts(claim) if (folded := fold_province(part))]


def claimed_parts(claim: str) -> list[str]:
    """
    Return the names in a claim as they stand.

    Examples
    --------
    >>> claimed_parts("Preah Vihear / Sisaket")
    ['Preah Vihear', 'Sisaket']
    """
    return [part.strip() for part in _SEPARATORS.split(claim) if part.strip()]
