"""
Forms of a name in which spellings of one place become equal.

All functions take many names at once and join them by line breaks: a few passes over one
long text take a fraction of the time of as many passes over each name. What the spellings
differ in is data: ``geodata/name_forms.json``.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from .._paths import read_facts

__all__ = [
    "bone_forms",
    "fold_names",
    "has_known_letters",
    "has_telling_prefix",
    "plain_and_bare_forms",
    "plain_forms",
    "romanise_name",
    "sound_forms",
]

#: Letters of the scripts that names are known in: Latin, Thai, Khmer.
_KNOWN_LETTERS: Final = re.compile(
    "[A-Za-z\u00aa-\u024f\u0e01-\u0e2e\u1780-\u17b3\u1e00-\u1eff\uff21-\uff5a]"
)
#: Characters that are not drawn.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u17b4\u17b5\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f]"
)
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_APOSTROPHES: Final = re.compile("['\u2018\u2019\u02bb\u02bc`\u00b4]")
#: What stands between words; the vowel signs of Thai and Khmer count as letters.
_SEPARATORS: Final = re.compile("[^\\w\n\u0e00-\u0e7f\u1780-\u17ff]+|_")
_OUTER_BLANKS: Final = re.compile("^ +| +$", re.MULTILINE)

Replacements = tuple[tuple[re.Pattern[str], str], ...]


@dataclass(frozen=True)
class _Rules:
    """Compiled patterns of what spellings differ in."""

    #: Words for units as Thai abbreviates them, and the words in full.
    abbreviations: Replacements
    #: Signs that look like others.
    same_signs: Replacements
    #: Words for the kind of a place in Latin letters, and in other scripts.
    latin_kinds: re.Pattern[str]
    local_kinds: re.Pattern[str]
    #: Words before a name that some spellings leave out.
    prefixes: re.Pattern[str]
    #: Those among them that distinguish one kind of place from another.
    telling_prefixes: re.Pattern[str]
    #: Marks that are not spoken, and subscripts that look the same.
    unspoken: Replacements
    #: Ways of writing one sound, in the order in which they are replaced.
    sounds: Replacements
    one_sound: dict[int, int]
    #: The second of two consonants, which many do not speak.
    second_consonants: re.Pattern[str]
    #: Vowels of the three scripts: where spellings differ most.
    vowels: re.Pattern[str]
    #: Steps from Thai and Khmer to Latin letters.
    reordered: Replacements
    latin: dict[int, str]


@functools.cache
def _load_rules() -> _Rules:
    facts = read_facts("name_forms.json")
    kinds, prefixes, telling = facts["kind_words"], facts["name_prefixes"], facts["telling_prefixes"]
    latin_kinds = rf"^(?:{'|'.join(kinds['first']['en'])})\b|\b(?:{'|'.join(kinds['anywhere']['en'])})\b"
    local_kinds = rf"(?:^|(?<= ))(?:{_join_local(kinds['anywhere'])})"
    abbreviated = facts["abbreviations"]["th"].items()
    romanised = facts["romanisation"].values()
    return _Rules(
        abbreviations=_compile_all(
            (rf"(?<![\u0e00-\u0e7f]){short}\. ?", whole) for short, whole in abbreviated
        ),
        same_signs=_compile_all(facts["same_signs"]),
        latin_kinds=re.compile(latin_kinds, re.MULTILINE),
        local_kinds=re.compile(local_kinds, re.MULTILINE),
        # Something that names the place must be left.
        prefixes=re.compile(rf"^(?:{_join_prefixes(prefixes)})(?=[^\n]{{3}})", re.MULTILINE),
        telling_prefixes=re.compile(_join_prefixes(telling)),
        unspoken=_compile_all([*((mark, "") for mark in facts["unspoken"]), *facts["same_subscripts"]]),
        sounds=_compile_all(facts["sounds"]),
        one_sound=str.maketrans(facts["one_sound"]["from"], facts["one_sound"]["to"]),
        second_consonants=re.compile(facts["second_consonants"]),
        vowels=re.compile(facts["vowels"]),
        reordered=_compile_all(step for script in romanised for step in script["first"]),
        latin={
            ord(letter): latin
            for script in romanised
            for latin, letters in script["letters"].items()
            for letter in letters
        },
    )


def _compile_all(replacements: Iterable[Sequence[str]]) -> Replacements:
    return tuple((re.compile(pattern), new) for pattern, new in replacements)


def _replace_all(text: str, replacements: Replacements) -> str:
    for pattern, new in replacements:
        text = pattern.sub(new, text)
    return text


def _join_local(words: dict[str, list[str]]) -> str:
    """Return a pattern of the words that are not in Latin letters."""
    return "|".join(word for language, known in words.items() if language != "en" for word in known)


def _join_prefixes(words: dict[str, list[str]]) -> str:
    """Return a pattern of prefixes; in Latin letters a blank follows."""
    return f"(?:{'|'.join(words['en'])}) |{_join_local(words)}"


def _join_names(names: Sequence[str]) -> str:
    return "\n".join(name.replace("\n", " ").replace("\r", " ") for name in names)


def _split_names(text: str, names: Sequence[str]) -> list[str]:
    return text.split("\n") if len(names) else []


def fold_names(names: Sequence[str]) -> list[str]:
    """
    Return names in one way of writing the same letters.

    Characters that are not drawn and accents of Latin letters go, signs between words become
    one blank; composed and decomposed forms and cases become the same.

    Examples
    --------
    >>> fold_names(["Bântéay  Méan-Chey", "สระเเก้ว", "จ. ตราด"])
    ['banteay mean chey', 'สระแก้ว', 'จังหวัดตราด']
    """
    rules = _load_rules()
    text = unicodedata.normalize("NFKD", _INVISIBLE.sub("", _join_names(names)))
    text = unicodedata.normalize("NFC", _ACCENTS.sub("", text)).casefold()
    text = _replace_all(text, rules.same_signs)
    text = _APOSTROPHES.sub("", text)
    text = _replace_all(text, rules.abbreviations)
    text = _SEPARATORS.sub(" ", text)
    return [" ".join(name.split()) for name in _split_names(text, names)]


def plain_forms(folded: Sequence[str]) -> list[str]:
    """
    Return names without words for the kind of place, marks that spellings differ in, and blanks.

    Parameters
    ----------
    folded
        Names from `fold_names`; one that consists of such words keeps them.

    Examples
    --------
    >>> plain_forms(["ta phraya district", "จังหวัดสระแก้ว", "province"])
    ['taphraya', 'สระแกว', 'province']
    """
    return plain_and_bare_forms(folded)[0]


def plain_and_bare_forms(folded: Sequence[str]) -> tuple[list[str], list[str]]:
    """
    Return plain forms, and the same without the word before the name: village, temple, pass, hill.

    Examples
    --------
    >>> plain_and_bare_forms(["ban nong chan", "ปราสาทตาควาย", "prasat"])[1]
    ['nongchan', 'ตาควาย', 'prasat']
    """
    rules = _load_rules()
    text = rules.local_kinds.sub("", rules.latin_kinds.sub("", _join_names(folded)))
    text = _OUTER_BLANKS.sub("", text)
    plain = [
        form or name.replace(" ", "") for form, name in zip(_drop_marks(text, folded), folded, strict=True)
    ]
    bare = _drop_marks(rules.prefixes.sub("", text), folded)
    return plain, [form or name for form, name in zip(bare, plain, strict=True)]


def _drop_marks(text: str, names: Sequence[str]) -> list[str]:
    """Return names without marks and blanks."""
    return _split_names(_replace_all(text, _load_rules().unspoken).replace(" ", ""), names)


def has_known_letters(text: str) -> bool:
    """
    Return whether a text has letters of the scripts that the built-in names are in.

    Examples
    --------
    >>> has_known_letters("ปอยเปต"), has_known_letters("서울")
    (True, False)
    """
    return _KNOWN_LETTERS.search(text) is not None


def has_telling_prefix(folded: str) -> bool:
    """
    Return whether a name begins with a word that distinguishes one kind of place from another.

    Examples
    --------
    >>> has_telling_prefix("prasat ta khwai"), has_telling_prefix("ban ta khwai")
    (True, False)
    """
    return _load_rules().telling_prefixes.match(folded) is not None


def sound_forms(plain: Sequence[str]) -> list[str]:
    """
    Return names as they sound: one letter for what is written in several ways.

    Parameters
    ----------
    plain
        Names from `plain_forms`, in Latin, Thai or Khmer letters.

    Examples
    --------
    >>> sound_forms(["takhwai", "takwai", "phumsrol", "poomsarol"])
    ['takwai', 'takwai', 'pumsol', 'pomsalol']
    >>> sound_forms(["เสาธงชัย", "เสาทงไชย"])
    ['เสาทงไช', 'เสาทงไช']
    """
    rules = _load_rules()
    text = _replace_all(_join_names(plain), rules.sounds)
    return _split_names(text.translate(rules.one_sound), plain)


def bone_forms(sounds: Sequence[str]) -> list[str]:
    """
    Return names that show where vowels are, not which, without an r or l that many do not speak.

    Examples
    --------
    >>> bone_forms(["wialweng", "wealweng", "eng"])
    ['w.lw.ng', 'w.lw.ng', '.ng']
    """
    rules = _load_rules()
    text = rules.vowels.sub(".", rules.second_consonants.sub("", _join_names(sounds)))
    return _split_names(text, sounds)


def romanise_name(name: str) -> str:
    """
    Spell a Thai or Khmer name in Latin letters, sign by sign: for comparing, not for showing.

    Examples
    --------
    >>> romanise_name("ปอยเปต"), romanise_name("កំរៀង")
    ('poypet', 'kamrieng')
    """
    rules = _load_rules()
    return re.sub("[^a-z]", "", _replace_all(name, rules.reordered).translate(rules.latin))
