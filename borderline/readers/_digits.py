"""Numerals of Thai and Khmer writing as the ones that numbers are read from."""

from __future__ import annotations

from typing import Final

__all__ = ["plain_digits"]

_ZEROS: Final = ("\N{THAI DIGIT ZERO}", "\N{KHMER DIGIT ZERO}")
_DIGITS: Final = {ord(zero) + value: str(value) for zero in _ZEROS for value in range(10)}


def plain_digits(text: str) -> str:
    """
    Write Thai and Khmer digits as 0 to 9.

    Examples
    --------
    >>> plain_digits("๒๔ กรกฎาคม ๒๕๖๘")
    '24 กรกฎาคม 2568'
    """
    return text if text.isascii() else text.translate(_DIGITS)
