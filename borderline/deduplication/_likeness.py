"""How alike two reports are, one question at a time; every answer lies between 0 and 1."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz

from .._constants import Bools, Floats, Ints
from ..schema import NOT_VIOLENT

__all__ = ["alike_actors", "alike_deaths", "alike_place", "alike_type", "days_apart", "folded"]

Texts = npt.NDArray[np.object_]

#: A position whose error nobody states is taken to be good to this, metres.
ASSUMED_ERROR_M: Final = 5_000.0
#: Two positions this vague together say half as much as two exact ones, metres.
_VAGUE_M: Final = 25_000.0
#: Radius that holds 90 % of a normal scatter in the plane, in standard deviations.
_R90: Final = 2.1460
#: Takes the sting out of a distance that chance alone explains.
_MILD: Final = 0.3
#: Names alike by less than this count as different.
_SAME_NAME: Final = 85.0

#: What an answer is worth where one of the two does not say.
_UNSAID: Final = 0.85


def folded(words: pd.Series) -> Texts:
    """Names without case, marks and punctuation; None where missing."""
    return np.array([None if pd.isna(word) else _fold(str(word)) or None for word in words], dtype=object)


def _fold(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word).casefold()
    return " ".join(re.sub(r"[^\w\u0e00-\u0e7f\u1780-\u17ff]+", " ", plain).split())


def days_apart(start: Floats, end: Floats, first: Ints, second: Ints) -> Floats:
    """Days between two intervals; 0 where they overlap."""
    gap: Floats = np.maximum(start[first] - end[second], start[second] - end[first])
    return np.maximum(gap, 0.0)


def alike_place(distance_m: Floats, error_m: Floats, first: Ints, second: Ints) -> Floats:
    """
    Weigh the distance against both errors; less is said the more vague they are.

    With errors normal in the plane, of which `error_m` is the radius of 90 %, two reports
    of one place lie at least so far apart with probability p; the answer is p to the
    `_MILD`, since every p is as likely as another where the place is the same.
    """
    radius = np.hypot(error_m[first], error_m[second])
    scatter = np.exp(-0.5 * _MILD * (distance_m * _R90 / np.maximum(radius, 1.0)) ** 2)
    alike: Floats = scatter / (1.0 + radius / _VAGUE_M)
    return alike


def alike_type(kinds: Texts, first: Ints, second: Ints) -> Floats:
    """Compare types: the same, both violent, or one of each."""
    unknown = np.array([kind is None or kind == "other" for kind in kinds], dtype=np.bool_)
    talk = np.array([kind in NOT_VIOLENT for kind in kinds], dtype=np.bool_)
    same = kinds[first] == kinds[second]
    alike: Floats = np.where(talk[first] != talk[second], 0.05, 0.6)
    alike = np.where(unknown[first] | unknown[second], _UNSAID, alike)
    return np.where(same & ~unknown[first], 1.0, alike)


def alike_actors(one: Texts, other: Texts, first: Ints, second: Ints) -> Floats:
    """Whether an actor of the one report is one of the other's."""
    memory: dict[tuple[object, ...], float] = {}
    alike = np.empty(len(first))
    for position, (left, right) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        key = (one[left], other[left], one[right], other[right])
        if key not in memory:
            memory[key] = _actors(key[:2], key[2:])
        alike[position] = memory[key]
    return alike


def _actors(left: tuple[object, ...], right: tuple[object, ...]) -> float:
    pairs = [(str(a), str(b)) for a in left for b in right if a is not None and b is not None]
    if not pairs:
        return _UNSAID
    return 1.0 if max(fuzz.token_set_ratio(a, b) for a, b in pairs) >= _SAME_NAME else 0.6


def alike_deaths(low: Floats, high: Floats, first: Ints, second: Ints) -> Floats:
    """Whether the figures of the dead can both be true."""
    unknown: Bools = np.isnan(low[first]) | np.isnan(low[second])
    gap = np.maximum(low[first] - high[second], low[second] - high[first])
    size = np.maximum(1.0, np.fmax(high[first], high[second]))
    alike: Floats = np.where(unknown, _UNSAID + 0.1, 1.0 - 0.5 * np.clip(np.nan_to_num(gap) / size, 0.0, 1.0))
    return alike
