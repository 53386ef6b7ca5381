"""How similar two reports are, one criterion a function; every similarity lies between 0 and 1."""

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

__all__ = [
    "ASSUMED_ERROR_M",
    "actor_similarity",
    "days_apart",
    "death_similarity",
    "fold_words",
    "place_similarity",
    "type_similarity",
]

#: One text a report, None where there is none.
Texts = npt.NDArray[np.object_]

#: Location error assumed where none is stated, metres.
ASSUMED_ERROR_M: Final = 5_000.0
#: Two positions with this error together weigh half as much as two exact ones, metres.
_HALF_WEIGHT_M: Final = 25_000.0
#: Radius that holds 90 % of a normal scatter in the plane, in standard deviations.
_R90: Final = 2.1460
#: Weight of the distance term.
_DISTANCE_WEIGHT: Final = 0.3
#: Names less similar than this, in per cent, count as different.
_SAME_NAME: Final = 85.0

#: Similarity where one of the two reports is silent.
_UNKNOWN: Final = 0.85
#: Similarity of a type to a wider word that covers it.
_WIDER_WORD: Final = 0.95


def fold_words(column: pd.Series) -> Texts:
    """Fold each text: no case, marks or punctuation, one blank between words; None where missing."""
    return np.array(
        [None if pd.isna(text) else _fold_text(str(text)) or None for text in column], dtype=object
    )


def _fold_text(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    # Vowel signs of Thai and Khmer are no word characters, but belong to the word.
    return " ".join(re.sub(r"[^\w\u0e00-\u0e7f\u1780-\u17ff]+", " ", folded).split())


def days_apart(start: Floats, end: Floats, first: Ints, second: Ints) -> Floats:
    """Return the days between two intervals; 0 where they overlap."""
    gap: Floats = np.maximum(start[first] - end[second], start[second] - end[first])
    return np.maximum(gap, 0.0)


def place_similarity(distance_m: Floats, error_m: Floats, first: Ints, second: Ints) -> Floats:
    """
    Weigh the distance against both location errors; large errors make any distance say less.

    With errors normal in the plane, of which `error_m` is the radius of 90 %, two reports
    of one place lie at least so far apart with probability p. Every p is as likely as another
    where the place is the same, so the similarity is p to the power of `_DISTANCE_WEIGHT`.
    """
    radius = np.hypot(error_m[first], error_m[second])
    scatter = np.exp(-0.5 * _DISTANCE_WEIGHT * (distance_m * _R90 / np.maximum(radius, 1.0)) ** 2)
    similarity: Floats = scatter / (1.0 + radius / _HALF_WEIGHT_M)
    return similarity


def type_similarity(types: Texts, first: Ints, second: Ints) -> Floats:
    """
    Compare event types: the same, both violent, or one violent and one not.

    ``armed_conflict`` names no means, so it covers a violent event of any means.
    """
    unknown = np.array([kind is None or kind == "other" for kind in types], dtype=np.bool_)
    peaceful = np.array([kind in NOT_VIOLENT for kind in types], dtype=np.bool_)
    same = types[first] == types[second]
    wide = np.array([kind == "armed_conflict" for kind in types], dtype=np.bool_)
    similarity: Floats = np.where(wide[first] | wide[second], _WIDER_WORD, 0.6)
    similarity = np.where(peaceful[first] != peaceful[second], 0.05, similarity)
    similarity = np.where(unknown[first] | unknown[second], _UNKNOWN, similarity)
    return np.where(same & ~unknown[first], 1.0, similarity)


def actor_similarity(actor1: Texts, actor2: Texts, first: Ints, second: Ints) -> Floats:
    """Compare actors: whether one of the first report is one of the second."""
    memory: dict[tuple[object, ...], float] = {}
    similarity = np.empty(len(first))
    for position, (left, right) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        key = (actor1[left], actor2[left], actor1[right], actor2[right])
        if key not in memory:
            memory[key] = _compare_actors(key[:2], key[2:])
        similarity[position] = memory[key]
    return similarity


def _compare_actors(left: tuple[object, ...], right: tuple[object, ...]) -> float:
    pairs = [(str(a), str(b)) for a in left for b in right if a is not None and b is not None]
    if not pairs:
        return _UNKNOWN
    return 1.0 if max(fuzz.token_set_ratio(a, b) for a, b in pairs) >= _SAME_NAME else 0.6


def death_similarity(low: Floats, high: Floats, first: Ints, second: Ints) -> Floats:
    """Compare ranges of deaths: whether both can be true, and how far apart they are if not."""
    unknown: Bools = np.isnan(low[first]) | np.isnan(low[second])
    gap = np.maximum(low[first] - high[second], low[second] - high[first])
    size = np.maximum(1.0, np.fmax(high[first], high[second]))
    relative_gap = np.clip(np.nan_to_num(gap) / size, 0.0, 1.0)
    similarity: Floats = np.where(unknown, _UNKNOWN + 0.1, 1.0 - 0.5 * relative_gap)
    return similarity
