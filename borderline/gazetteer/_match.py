"""Names that were asked for, matched with names on record: exactly, in another form, or nearly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from ._index import LATIN, Index, script_of
from ._letters import latin_letters
from ._normal import bone_forms, fold_names, plain_and_bare, sound_forms

__all__ = ["SAME", "Match", "match_names"]

#: A place, the spelling that matched, and how well, 0 to 1.
Match = tuple[int, int, float]

#: Scores of equal forms.
SAME: Final = 1.0
_PLAIN: Final = 0.98
_BARE: Final = 0.95
#: What is taken off where a word was left out that tells one kind of place from another.
_TELLING: Final = 0.07
_TELLING_WORDS: Final = re.compile(
    "(?:chong|prasat|prasad|phu|poo|pu|khao|phnom|phnum|hill|noen) |ช่อง|ปราสาท|ภู|เขา|เนิน|ប្រាសាទ|ភ្នំ"
)
#: The best that a form which is merely alike can get.
_ALIKE: Final = 0.93
#: What is taken off where a name had to be brought to Latin letters.
_FOREIGN: Final = 0.08
#: Forms less alike than this are no match.
_LEAST: Final = 0.62
#: Part that the whole form has in the likeness, beside the form without vowels.
_WHOLE: Final = 0.6
#: What another first letter takes from the score, and a short name.
_FIRST: Final = 0.04
_SHORT: Final = 0.07
#: Covers rounding.
_ROUNDING: Final = 1e-6
#: Places kept for each name.
_MOST: Final = 24
#: Names are compared with those at least this part as long, and the other way round.
_AS_LONG: Final = 0.6
#: Names compared at a time.
_CHUNK: Final = 512


def match_names(names: Sequence[str], index: Index) -> list[list[Match]]:
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
    plain, bare = plain_and_bare(folded)
    found: list[list[Match]] = []
    loose: list[int] = []
    losses = [_TELLING if _TELLING_WORDS.match(name) else 0.0 for name in folded]
    for at, forms in enumerate(zip(folded, plain, bare, losses, strict=True)):
        matches = _equal(index, *forms)
        found.append(matches)
        if len(forms[1]) > 2 and (not matches or matches[0][2] < _PLAIN):
            loose.append(at)
    for at, sounds in zip(loose, sound_forms([plain[at] for at in loose]), strict=True):
        found[at] += [(int(index.owner[one]), one, _ALIKE) for one in index.sounds.leads.get(sounds, ())]
    compared = [(plain[at], bare[at], losses[at]) for at in loose]
    for script, rows, keys in _by_script(compared):
        for row, matches in _alike(keys, script, index):
            found[loose[rows[row]]] += matches
    return [_best(matches) for matches in found]


def _equal(index: Index, folded: str, plain: str, bare: str, loss: float) -> list[Match]:
    """Spellings with an equal form."""
    loss = loss if bare != plain else 0.0
    ways = (
        (index.folded.get(folded, ()), SAME),
        (index.plain.get(plain, ()), _PLAIN),
        (index.plain.get(bare, ()), _BARE - loss),
        (index.bare.get(bare, ()), _BARE - loss),
    )
    if not plain:
        return []
    return _best([(int(index.owner[at]), at, score) for spellings, score in ways for at in spellings])


def _best(matches: Iterable[Match]) -> list[Match]:
    """Keep the best spelling of each place."""
    held: dict[int, Match] = {}
    for match in matches:
        if match[0] not in held or match[2] > held[match[0]][2]:
            held[match[0]] = match
    return sorted(held.values(), key=lambda match: -match[2])[:_MOST]


def _by_script(
    compared: list[tuple[str, str, float]],
) -> Iterable[tuple[int, list[int], list[tuple[str, float]]]]:
    """Sort forms to compare by script: rows, and for each the form and what its score loses."""
    held: dict[int, tuple[list[int], list[tuple[str, float]]]] = {}

    def add(script: int, row: int, key: str, loss: float) -> None:
        rows, keys = held.setdefault(script, ([], []))
        rows.append(row)
        keys.append((key, loss))

    for row, (plain, bare, telling) in enumerate(compared):
        for form in dict.fromkeys((plain, bare)):
            script = script_of(form)
            loss = 0.0 if form == plain else _PLAIN - _BARE + telling
            add(script, row, form, loss)
            if script != LATIN and len(spelt := latin_letters(form)) > 3:
                add(LATIN, row, spelt, loss + _FOREIGN)
    for script, (rows, keys) in held.items():
        sounds = sound_forms([key for key, _ in keys])
        yield script, rows, [(sound, loss) for sound, (_, loss) in zip(sounds, keys, strict=True)]


def _alike(keys: list[tuple[str, float]], script: int, index: Index) -> Iterable[tuple[int, list[Match]]]:
    """Compare sounds with those on record of about their length."""
    forms, bones = index.sounds.forms[script], index.sounds.bones[script]
    lengths = np.array([len(form) for form in forms])
    mine = bone_forms([key for key, _ in keys])
    order = sorted((at for at, (key, _) in enumerate(keys) if key), key=lambda at: len(keys[at][0]))
    for start in range(0, len(order), _CHUNK):
        part = order[start : start + _CHUNK]
        shortest, longest = len(keys[part[0]][0]), len(keys[part[-1]][0])
        # Forms lie in order of their length.
        first, last = np.searchsorted(lengths, [shortest * _AS_LONG, longest / _AS_LONG + 1])
        alike = _WHOLE * _compare_all([keys[at][0] for at in part], forms[first:last])
        # Bones are compared only where full marks for them would be enough.
        rows, near = np.nonzero(alike >= _LEAST - (1.0 - _WHOLE) - _ROUNDING)
        likenesses = alike[rows, near] + (1.0 - _WHOLE) * _compare_pairs(
            [mine[part[row]] for row in rows.tolist()], [bones[at] for at in (near + first).tolist()]
        )
        found: dict[int, list[Match]] = {}
        enough = np.flatnonzero(likenesses >= _LEAST)
        for row, form, likeness in zip(
            rows[enough].tolist(),
            (near[enough] + first).tolist(),
            likenesses[enough].tolist(),
            strict=True,
        ):
            key, loss = keys[part[row]]
            score = _score(key, forms[form], likeness) - loss
            if score >= _LEAST:
                matches = [(int(index.owner[at]), at, score) for at in index.sounds.spelt[script][form]]
                found.setdefault(part[row], []).extend(matches)
        yield from found.items()


def _compare_all(keys: list[str], forms: list[str]) -> npt.NDArray[np.float32]:
    """Return the likeness of each key to each form."""
    likeness: npt.NDArray[np.float32] = process.cdist(
        keys, forms, scorer=Levenshtein.normalized_similarity, dtype=np.float32, workers=-1
    )
    return likeness


def _compare_pairs(keys: list[str], forms: list[str]) -> npt.NDArray[np.float32]:
    """Return the likeness of each key to the form beside it."""
    likeness: npt.NDArray[np.float32] = process.cpdist(
        keys, forms, scorer=Levenshtein.normalized_similarity, dtype=np.float32
    )
    return likeness


def _score(key: str, form: str, alike: float) -> float:
    """Turn likeness into a score: short names must be nearly equal, the first letter counts."""
    shorter = min(len(key), len(form))
    if shorter <= 3 and alike < 1:
        return 0.0
    penalty = _FIRST * (key[0] != form[0]) + _SHORT * max(0, 6 - shorter) / 3 * (alike < 1)
    return _ALIKE * alike - penalty
