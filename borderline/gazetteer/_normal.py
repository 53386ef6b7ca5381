"""
Forms of a name in which spellings of one place become equal.

All work on many names at once, joined by line breaks: a few passes over one long text
take a fraction of the time of as many passes over each name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

__all__ = ["bone_forms", "fold_names", "plain_and_bare", "plain_forms", "sound_forms"]

#: What nobody sees.
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u17b4\u17b5\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f]"
)
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_APOSTROPHES: Final = re.compile("['\u2018\u2019\u02bb\u02bc`\u00b4]")
_BETWEEN: Final = re.compile("[^\\w\n\u0e00-\u0e7f\u1780-\u17ff]+|_")
#: Words for units as Thai writes them short.
_SHORT: Final = tuple(
    (re.compile(rf"(?<![\u0e00-\u0e7f]){short}\. ?"), whole)
    for short, whole in (
        ("จ", "จังหวัด"), ("อ", "อำเภอ"), ("ต", "ตำบล"), ("บ", "บ้าน"), ("รพ", "โรงพยาบาล"),
    )
)  # fmt: skip
#: Marks without which Thai and Khmer stay readable: tone marks, silencers, shifters, repetition signs.
_SILENT: Final = re.compile("[ก-ฮ][ิุ]?\u0e4c")
_MARKS: Final = re.compile("[\u0e2f\u0e46\u0e47-\u0e4e\u17c9-\u17d1\u17d3\u17d7\u17dd]")

#: Words that tell the kind of a place and are no part of its name.
_KIND_WORDS: Final = re.compile(
    r"^(?:changwat|changwad|khaet|khett|khet|amphoe|amphur|amphor|srok|khan|krong|tambon|tambol|khum|"
    r"sangkat|talat|muban|mu ban|moo ban)\b|\b(?:provinces?|prov|sub ?district|district|municipality|city|"
    r"town|commune|villages?|international|permanent|border|checkpoint|check point|crossing|gate|market|"
    r"resort|casino|temples?|ruins?|pagoda|bridge|sanctuary|cliff|pass|area|front|camp|refugee|base|"
    r"cambodia|thailand|kampuchea)\b",
    re.MULTILINE,
)
_KIND_LOCAL: Final = re.compile(
    "(?:^|(?<= ))(?:จังหวัด|กิ่งอำเภอ|อำเภอ|ตำบล|แขวง|เขต|หมู่บ้าน|จุดผ่านแดนถาวร|จุดผ่านแดน|จุดผ่อนปรน|ด่าน|"
    "เทศบาลเมือง|เทศบาล|ตัวเมือง|ตลาด|រាជធានី|ខេត្ត|ក្រុង|ស្រុក|ខណ្ឌ|ឃុំ|សង្កាត់|ច្រកព្រំដែន|ច្រក)",
    re.MULTILINE,
)
#: Words before a name that one spelling has and another leaves out, with something left to name the place.
_PREFIX: Final = re.compile(
    "^(?:(?:ban|baan|phum|prasat|prasad|chong|phu|poo|pu|wat|khao|muang|mueang|phnom|phnum|phsar|psar|hill|"
    "noen|pha) |บ้าน|ปราสาท|ช่อง|ภู|เขา|ผา|เมือง|วัด|เนิน|กรุง|ភូមិ|ប្រាសាទ|វត្ត|ភ្នំ)(?=[^\n]{3})",
    re.MULTILINE,
)

_ENDS: Final = re.compile("^ +| +$", re.MULTILINE)

#: Ways of writing one sound in Latin letters, in the order in which they are folded.
_SOUNDS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        # Thai: a consonant that is not spoken, the same vowel written in three ways.
        ("([ก-ฮ])ัย", r"ไ\1"),
        ("[ไใ]([ก-ฮ])ย?", r"ไ\1"),
        (r"(?<=[kptcbdg])h", ""),
        (r"sh", "s"),
        (r"sr(?=[aeiou])", "s"),
        (r"[jg](?=[aeiou])", lambda m: "c" if m[0] == "j" else "k"),
        (r"j", "c"),
        (r"[gq]", "k"),
        (r"nk", "ng"),
        (r"b", "p"),
        (r"d", "t"),
        (r"v", "w"),
        (r"z|x", "s"),
        (r"(?<=[aeiou])r(?![aeiou])", ""),
        (r"(?<=[aeiou])h(?![aeiou])", ""),
        (r"(?<=[aeiou])w(?![aeiouwy])", "o"),
        (r"y(?![aeiou])", "i"),
        (r"r", "l"),
        (r"([^\n])\1+", r"\1"),
    )
)
#: Letters of Thai and Khmer that stand for one sound.
_ONE_LETTER: Final = str.maketrans("ศษณญฎฏฐฑฒธภฬฆฅฃีืูឡណឌឍឋីឹឺូ", "สสนยดตถทททพลคคขิึุលនដធថិិិុ")
#: The second of two consonants, which many do not speak.
_CLUSTERS: Final = re.compile("(?<=[kptc])l|(?<=[กขคตปพ])[รล]")
#: Vowels of the three scripts: where spellings differ most.
_VOWELS: Final = re.compile("[aeiou]+|[\u0e30-\u0e3a\u0e40-\u0e45]+|[\u17b6-\u17c8]+")


def _joined(names: Sequence[str]) -> str:
    return "\n".join(name.replace("\n", " ").replace("\r", " ") for name in names)


def _apart(text: str, names: Sequence[str]) -> list[str]:
    return text.split("\n") if len(names) else []


def fold_names(names: Sequence[str]) -> list[str]:
    """
    Bring names to one way of writing the same letters.

    Unseen marks and accents of Latin letters go, signs between words become one blank;
    composed and decomposed forms and cases become the same.

    Examples
    --------
    >>> fold_names(["Bântéay  Méan-Chey", "สระเเก้ว", "จ. ตราด"])
    ['banteay mean chey', 'สระแก้ว', 'จังหวัดตราด']
    """
    text = unicodedata.normalize("NFKD", _UNSEEN.sub("", _joined(names)))
    text = unicodedata.normalize("NFC", _ACCENTS.sub("", text)).casefold()
    # Two signs that look like another one, and the parts of a vowel in either order.
    text = text.replace("\u0e40\u0e40", "\u0e41")
    text = re.sub("\u0e4d([\u0e48-\u0e4b]?)\u0e32", "\\1\u0e33", text)
    text = re.sub("([\u0e48-\u0e4b])\u0e4d\u0e32", "\\1\u0e33", text)
    text = _APOSTROPHES.sub("", text)
    for short, whole in _SHORT:
        text = short.sub(whole, text)
    text = _BETWEEN.sub(" ", text)
    return [" ".join(name.split()) for name in _apart(text, names)]


def plain_forms(folded: Sequence[str]) -> list[str]:
    """
    Leave out words for the kind of place, marks that spellings differ in, and blanks.

    Parameters
    ----------
    folded
        As `fold_names` gives them; one of such words only keeps them.

    Examples
    --------
    >>> plain_forms(["ta phraya district", "จังหวัดสระแก้ว", "province"])
    ['taphraya', 'สระแกว', 'province']
    """
    return plain_and_bare(folded)[0]


def plain_and_bare(folded: Sequence[str]) -> tuple[list[str], list[str]]:
    """
    Leave out, in the second form, the word before the name as well: village, temple, pass, hill.

    Examples
    --------
    >>> plain_and_bare(["ban nong chan", "ปราสาทตาควาย", "prasat"])[1]
    ['nongchan', 'ตาควาย', 'prasat']
    """
    text = _KIND_LOCAL.sub("", _KIND_WORDS.sub("", _joined(folded)))
    text = _ENDS.sub("", text)
    plain = [form or name.replace(" ", "") for form, name in zip(_spare(text, folded), folded, strict=True)]
    bare = _spare(_PREFIX.sub("", text), folded)
    return plain, [form or name for form, name in zip(bare, plain, strict=True)]


def _spare(text: str, names: Sequence[str]) -> list[str]:
    """Take off marks and blanks."""
    text = _MARKS.sub("", _SILENT.sub("", text))
    # Two letters that one Khmer subscript stands for.
    return _apart(text.replace("\u17d2\u178a", "\u17d2\u178f").replace(" ", ""), names)


def sound_forms(plain: Sequence[str]) -> list[str]:
    """
    Write names as they sound: one letter for what is written in several ways.

    Parameters
    ----------
    plain
        As `plain_forms` gives them, in Latin, Thai or Khmer letters.

    Examples
    --------
    >>> sound_forms(["takhwai", "takwai", "phumsrol", "poomsarol"])
    ['takwai', 'takwai', 'pumsol', 'pomsalol']
    >>> sound_forms(["เสาธงชัย", "เสาทงไชย"])
    ['เสาทงไช', 'เสาทงไช']
    """
    text = _joined(plain)
    for pattern, sound in _SOUNDS:
        text = pattern.sub(sound, text)
    return _apart(text.translate(_ONE_LETTER), plain)


def bone_forms(sounds: Sequence[str]) -> list[str]:
    """
    Leave only where vowels are, not which, and no r or l that many do not speak.

    Examples
    --------
    >>> bone_forms(["wialweng", "wealweng", "eng"])
    ['w.lw.ng', 'w.lw.ng', '.ng']
    """
    return _apart(_VOWELS.sub(".", _CLUSTERS.sub("", _joined(sounds))), sounds)
