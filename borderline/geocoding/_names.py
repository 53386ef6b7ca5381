"""Names of provinces, compared across spellings and scripts."""

from __future__ import annotations

import functools
import re
from typing import Final

from .._name_folding import fold_name

__all__ = ["claimed_names", "claimed_parts", "fold_place"]

#: What people put before or after the name of a province, in English, Thai and Khmer.
_WORDS: Final = re.compile(r"\b(province|changwat|khaet|khet|prov)\b|^จังหวัด|^ខេត្ត|^រាជធានី")
_BETWEEN: Final = re.compile(r"[/;,|]|\s+(?:and|or)\s+", re.IGNORECASE)


@functools.lru_cache(maxsize=4096)
def fold_place(name: str) -> str:
    """
    Fold the name of a province, leaving out words such as "province".

    Examples
    --------
    >>> fold_place("Si Sa Ket province"), fold_place("Bântéay Méanchey")
    ('sisaket', 'banteaymeanchey')
    """
    return fold_name(name, without=_WORDS)


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
