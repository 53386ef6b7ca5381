"""Names that were asked for, matched with names on record: exactly, in another form, or nearly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from ._index import LATIN, Index, script_of
from ._letters import latin_letters
from ._normal import bare_forms, bone_forms, fold_names, plain_forms, sound_forms

__all__ = ["SAME", "Match", "match_names"]

#: A place, the spelling that matched, and how well, 0 to 1.
Match = tuple[int, int, float]

#: Scores of equal forms.
SAME: Final = 1.0
_PLAIN: Final = 0.98
_BARE: Final = 0.95
#: The best that a form which is merely alike can get.
_ALIKE: Final = 0.93
#: What is taken off where a name had to be brought to Latin letters.
_FOREIGN: Final = 0.08
#: Forms less alike than this are no match.
_LEAST: Final = 0.62
#: Part that the whole form has in the likeness, beside the form without vowels; and the least of it.
_WHOLE: Final = 0.6
_LEAST_WHOLE: Final = 0.4
#: What another first letter takes from the score, and a short name.
_FIRST: Final = 0.04
_SHORT: Final = 0.07
#: Forms looked at more closely, for each name.
_CLOSEST: Final = 12
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
    plain, bare = plain_forms(folded), bare_forms(folded)
    found: list[list[Match]] = []
    loose: list[int] = []
    for at, forms in enumerate(zip(folded, plain, bare, strict=True)):
        matches = _equal(index, *forms)
        found.append(matches)
        if len(forms[1]) > 2 and (not matches or matches[0][2] < _PLAIN):
            loose.append(at)
    for script, rows, keys in _by_script([plain[at] for at in loose], [bare[at] for at in loose]):
        for row, matches in _alike(keys, script, index):
            found[loose[rows[row]]] += matches
    return [_best(matches) for matches in found]


def _equal(index: Index, folded: str, plain: str, bare: str) -> list[Match]:
    """Spellings with an equal form."""
    ways = (
        (index.folded.get(folded, ()), SAME),
        (index.plain.get(plain, ()), _PLAIN),
        (index.plain.get(bare, ()), _BARE),
        (index.bare.get(bare, ()), _BARE),
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
    return sorted(held.values(), key=lambda match: -match[2])


def _by_script(plain: list[str], bare: list[str]) -> Iterable[tuple[int, list[int], list[tuple[str, float]]]]:
    """Sort forms to compare by script: rows, and for each the form and what its score loses."""
    held: dict[int, tuple[list[int], list[tuple[str, float]]]] = {}

    def add(script: int, row: int, key: str, loss: float) -> None:
        rows, keys = held.setdefault(script, ([], []))
        rows.append(row)
        keys.append((key, loss))

    for row, both in enumerate(zip(plain, bare, strict=True)):
        for form in dict.fromkeys(both):
            script = script_of(form)
            add(script, row, form, 0.0 if form == both[0] else _PLAIN - _BARE)
            if script != LATIN and len(spelt := latin_letters(form)) > 3:
                add(LATIN, row, spelt, _FOREIGN)
    for script, (rows, keys) in held.items():
        sounds = sound_forms([key for key, _ in keys])
        yield script, rows, [(sound, loss) for sound, (_, loss) in zip(sounds, keys, strict=True)]


def _alike(keys: list[tuple[str, float]], script: int, index: Index) -> Iterable[tuple[int, list[Match]]]:
    """Compare forms with all on record."""
    forms = index.forms[script]
    bones = bone_forms([key for key, _ in keys])
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        alike = _WHOLE * _compared([key for key, _ in part], forms, _LEAST_WHOLE)
        alike += (1.0 - _WHOLE) * _compared(bones[start : start + _CHUNK], index.bones[script], _LEAST)
        for row, (key, loss) in enumerate(part):
            if not key:
                continue
            near = np.flatnonzero(alike[row] >= _LEAST)
            if len(near) > _CLOSEST:
                near = near[np.argpartition(-alike[row, near], _CLOSEST)[:_CLOSEST]]
            yield (
                start + row,
                [
                    (int(index.owner[at]), at, score)
                    for form in near.tolist()
                    if (score := _score(key, forms[form], float(alike[row, form])) - loss) >= _LEAST
                    for at in index.spelt[script][form]
                ],
            )


def _compared(keys: list[str], forms: list[str], least: float) -> npt.NDArray[np.float32]:
    """Likeness of each pair, 0 where it is less than the least."""
    likeness: npt.NDArray[np.float32] = process.cdist(
        keys,
        forms,
        scorer=Levenshtein.normalized_similarity,
        score_cutoff=least,
        dtype=np.float32,
        workers=-1,
    )
    return likeness


def _score(key: str, form: str, alike: float) -> float:
    """Turn likeness into a score: short names must be nearly equal, the first letter counts."""
    shorter = min(len(key), len(form))
    if shorter <= 3 and alike < 1:
        return 0.0
    penalty = _FIRST * (key[0] != form[0]) + _SHORT * max(0, 6 - shorter) / 3 * (alike < 1)
    return _ALIKE * alike - penalty
