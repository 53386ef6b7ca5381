"""Fold names, so that spellings of one place or person compare equal."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["fold_name"]


def fold_name(name: str, *, without: re.Pattern[str] | None = None) -> str:
    """
    Fold a name: no case, accents of Latin letters, blanks or punctuation.

    The vowel signs of Thai and Khmer stay.

    Parameters
    ----------
    name
        Any text.
    without
        Words to leave out; matched without case and accents, before blanks go.

    Returns
    -------
    folded
        Letters, marks and digits only.

    Examples
    --------
    >>> fold_name("Chong Sa-Ngam"), fold_name("Bântéay Méanchey")
    ('chongsangam', 'banteaymeanchey')
    """
    folded = unicodedata.normalize("NFKD", name).casefold()
    folded = "".join(letter for letter in folded if not "\u0300" <= letter <= "\u036f")
    if without is not None:
        folded = without.sub(" ", folded.strip())
    return "".join(letter for letter in folded if unicodedata.category(letter)[0] in "LMN")
