"""Names matched with the spellings on record: exactly, in another form, or nearly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from .._place_names import language_of_text
from ._name_forms import (
    bone_forms,
    fold_names,
    has_telling_prefix,
    plain_and_bare_forms,
    romanise_name,
    sound_forms,
)
from ._name_index import NameIndex

__all__ = ["Match", "match_names"]

#: A place, the spelling that matched, and how well, 0 to 1.
Match = tuple[int, int, float]

#: Scores of equal forms.
_FOLDED: Final = 1.0
_PLAIN: Final = 0.98
_BARE: Final = 0.95
#: What a score loses where a word was left out that distinguishes one kind of place from another.
_LOSS_TELLING: Final = 0.07
#: The best score of a form that is merely alike.
_ALIKE: Final = 0.93
#: What a score loses where a name had to be brought to Latin letters.
_LOSS_ROMANISED: Final = 0.08
#: Forms less alike than this are no match.
_LEAST: Final = 0.62
#: Weight of the whole form in the likeness, beside the form without vowels.
_WEIGHT_WHOLE: Final = 0.6
#: What a score loses for another first letter, and for a short name.
_LOSS_FIRST: Final = 0.04
_LOSS_SHORT: Final = 0.07
#: Places kept for each name.
_MOST_PLACES: Final = 24
#: Names are compared with those at least this part as long, and the other way round.
_LENGTH_RATIO: Final = 0.6
_NUMBERS: Final = re.compile(r"\d+")
#: Names compared at a time.
_CHUNK: Final = 512

#: A form to compare, and what its score loses.
Key = tuple[str, float]


def match_names(names: Sequence[str], index: NameIndex) -> list[list[Match]]:
    """
    Match names with the spellings on record.

    Parameters
    ----------
    names
        Distinct names, in any script.
    index
        From `load_index`.

    Returns
    -------
    matches
        For each name, each place once with its best spelling, best first.
    """
    folded = fold_names(names)
    plain, bare = plain_and_bare_forms(folded)
    losses = [_LOSS_TELLING if has_telling_prefix(name) else 0.0 for name in folded]
    all_matches: list[list[Match]] = []
    loose: list[int] = []
    for row, forms in enumerate(zip(folded, plain, bare, losses, strict=True)):
        matches = _match_equal(index, *forms)
        all_matches.append(matches)
        if len(forms[1]) > 2 and (not matches or matches[0][2] < _PLAIN):
            loose.append(row)
    for row, sound in zip(loose, sound_forms([plain[row] for row in loose]), strict=True):
        spellings = index.sounds.spellings.get(sound, ())
        # Short names of different places sound the same.
        score = _ALIKE - _LOSS_SHORT * max(0, 6 - len(sound)) / 3
        all_matches[row] += [(int(index.owner[spelling]), spelling, score) for spelling in spellings]
    compared = [(plain[row], bare[row], losses[row]) for row in loose]
    for language, rows, keys in _group_by_script(compared):
        for key, matches in _match_alike(keys, language, index):
            all_matches[loose[rows[key]]] += matches
    return [_keep_best(matches) for matches in all_matches]


def _match_equal(index: NameIndex, folded: str, plain: str, bare: str, loss: float) -> list[Match]:
    """Return the spellings with an equal form."""
    if not plain:
        return []
    loss = loss if bare != plain else 0.0
    scored = (
        (index.folded.get(folded, ()), _FOLDED),
        (index.plain.get(plain, ()), _PLAIN),
        (index.plain.get(bare, ()), _BARE - loss),
        (index.bare.get(bare, ()), _BARE - loss),
    )
    return _keep_best(
        (int(index.owner[spelling]), spelling, score) for spellings, score in scored for spelling in spellings
    )


def _keep_best(matches: Iterable[Match]) -> list[Match]:
    """Return the best spelling of each place, best first."""
    best: dict[int, Match] = {}
    for match in matches:
        if match[0] not in best or match[2] > best[match[0]][2]:
            best[match[0]] = match
    return sorted(best.values(), key=lambda match: -match[2])[:_MOST_PLACES]


def _group_by_script(
    compared: list[tuple[str, str, float]],
) -> Iterable[tuple[str, list[int], list[Key]]]:
    """Group forms by the language of their script: the row of each, and its sound with its loss."""
    groups: dict[str, tuple[list[int], list[Key]]] = {}

    def add(language: str, row: int, form: str, loss: float) -> None:
        rows, keys = groups.setdefault(language, ([], []))
        rows.append(row)
        keys.append((form, loss))

    for row, (plain, bare, telling) in enumerate(compared):
        for form in dict.fromkeys((plain, bare)):
            language = language_of_text(form)
            loss = 0.0 if form == plain else _PLAIN - _BARE + telling
            add(language, row, form, loss)
            if language != "en" and len(romanised := romanise_name(form)) > 3:
                add("en", row, romanised, loss + _LOSS_ROMANISED)
    for language, (rows, keys) in groups.items():
        sounds = sound_forms([form for form, _ in keys])
        yield language, rows, [(sound, loss) for sound, (_, loss) in zip(sounds, keys, strict=True)]


def _match_alike(keys: list[Key], language: str, index: NameIndex) -> Iterable[tuple[int, list[Match]]]:
    """Compare sounds with those on record of about their length."""
    forms, bones = index.sounds.forms[language], index.sounds.bones[language]
    lengths = np.array([len(form) for form in forms])
    key_bones = bone_forms([sound for sound, _ in keys])
    order = sorted((key for key, (sound, _) in enumerate(keys) if sound), key=lambda key: len(keys[key][0]))
    for start in range(0, len(order), _CHUNK):
        chunk = order[start : start + _CHUNK]
        shortest, longest = len(keys[chunk[0]][0]), len(keys[chunk[-1]][0])
        # Forms lie in order of their length.
        first, last = np.searchsorted(lengths, [shortest * _LENGTH_RATIO, longest / _LENGTH_RATIO + 1])
        likeness = _WEIGHT_WHOLE * _compare_all([keys[key][0] for key in chunk], forms[first:last])
        likeness += (1.0 - _WEIGHT_WHOLE) * _compare_all([key_bones[key] for key in chunk], bones[first:last])
        # No score is better than this share of the likeness.
        row, near = np.nonzero(likeness >= _LEAST / _ALIKE)
        pairs = zip(row.tolist(), (near + first).tolist(), likeness[row, near].tolist(), strict=True)
        matches_of: dict[int, list[Match]] = {}
        for position, form, alike in pairs:
            sound, loss = keys[chunk[position]]
            if sound[-1].isdecimal() and _NUMBERS.findall(sound) != _NUMBERS.findall(forms[form]):
                # Hill 350 is not Hill 351.
                continue
            score = _score_likeness(sound, forms[form], alike) - loss
            if score >= _LEAST:
                spellings = index.sounds.compared[language][form]
                matches = [(int(index.owner[spelling]), spelling, score) for spelling in spellings]
                matches_of.setdefault(chunk[position], []).extend(matches)
        yield from matches_of.items()


def _compare_all(keys: list[str], forms: list[str]) -> npt.NDArray[np.float32]:
    """Return the likeness of each key to each form."""
    likeness: npt.NDArray[np.float32] = process.cdist(
        keys, forms, scorer=Levenshtein.normalized_similarity, dtype=np.float32, workers=-1
    )
    return likeness


def _score_likeness(sound: str, form: str, alike: float) -> float:
    """Turn likeness into a score: short names must be nearly equal, the first letter counts."""
    shorter = min(len(sound), len(form))
    if shorter <= 3 and alike < 1:
        return 0.0
    penalty = _LOSS_FIRST * (sound[0] != form[0]) + _LOSS_SHORT * max(0, 6 - shorter) / 3 * (alike < 1)
    return _ALIKE * alike - penalty
