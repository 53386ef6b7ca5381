"""Names of provinces, compared across spellings and scripts."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["claimed_names", "claimed_parts", "fold_place"]

#: What people put before or after the name of a province, in English, Thai and Khmer.
_WORDS: Final = re.compile(r"\b(province|changwat|khaet|khet|prov)\b|^จังหวัด|^ខេត្ត|^រាជធានី")
_BETWEEN: Final = re.compile(r"[/;,|]|\s+(?:and|or)\s+", re.IGNORECASE)


def fold_place(name: str) -> str:
    """
    Bring a name to the form in which spellings are compared.

    Accents of Latin letters, blanks and punctuation go; the vowel signs of Thai and
    Khmer stay.

    Examples
    --------
    >>> fold_place("Si Sa Ket province"), fold_place("Bântéay Méanchey")
    ('sisaket', 'banteaymeanchey')
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(letter for letter in plain if not "\u0300" <= letter <= "\u036f")
    plain = _WORDS.sub(" ", plain.strip())
    return "".join(letter for letter in plain if unicodedata.category(letter)[0] in "LMN")


def claimed_names(claim: str) -> list[str]:
    """
    Take a claim apart: two sides may name the place each in its own way.

    Examples
    --------
    >>> claimed_names("Preah Vihear / Sisaket")
    ['preahvihear', 'sisaket']
    """
    return [folded for part in claimed_parts(claim) if (folded := fold_place(part))]


def claimed_parts(claim: str) -> list[str]:
    """
    Take a claim apart, each name as it stands.

    Examples
    --------
    >>> claimed_parts("Preah Vihear / Sisaket")
    ['Preah Vihear', 'Sisaket']
    """
    return [part.strip() for part in _BETWEEN.split(claim) if part.strip()]
