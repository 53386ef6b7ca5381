"""Thai and Khmer names in Latin letters, roughly: for comparing only, never for showing."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["latin_letters"]

_THAI: Final = str.maketrans({
    **dict.fromkeys("กขฃคฅฆ", "k"), "ง": "ng", **dict.fromkeys("จฉชฌ", "ch"), **dict.fromkeys("ซศษส", "s"),
    **dict.fromkeys("ญย", "y"), **dict.fromkeys("ดฎ", "d"), **dict.fromkeys("ตฏถฐทฑธฒ", "t"),
    **dict.fromkeys("นณ", "n"), "บ": "b", **dict.fromkeys("ปผพภ", "p"), **dict.fromkeys("ฝฟ", "f"), "ม": "m",
    "ร": "r", "ล": "l", "ฬ": "l", "ว": "w", **dict.fromkeys("หฮ", "h"), "อ": "o", "ะ": "a", "ั": "a",
    "า": "a", "ำ": "am", "ิ": "i", "ี": "i", "ึ": "ue", "ื": "ue", "ุ": "u", "ู": "u", "เ": "e", "แ": "ae",
    "โ": "o", "ใ": "ai", "ไ": "ai", "ฤ": "rue", "ๅ": "",
})  # fmt: skip
_KHMER: Final = str.maketrans({
    **dict.fromkeys("កខគឃ", "k"), "ង": "ng", **dict.fromkeys("ចឆជឈ", "ch"), "ញ": "nh", "ដ": "d", "ឌ": "d",
    **dict.fromkeys("ឋឍតថទធ", "t"), **dict.fromkeys("ណន", "n"), "ប": "b",
    **dict.fromkeys("ផពភ", "p"), "ម": "m",
    "យ": "y", "រ": "r", "ល": "l", "ឡ": "l", "វ": "v", "ស": "s", "ហ": "h", "អ": "a", "ា": "a", "ិ": "e",
    "ី": "ei", "ឹ": "oe", "ឺ": "eu", "ុ": "o", "ូ": "ou", "ួ": "uo", "ើ": "aeu", "ឿ": "oea", "ៀ": "ie",
    "េ": "e", "ែ": "ae", "ៃ": "ai", "ោ": "ao", "ៅ": "au", "ំ": "am", "ះ": "h", "ៈ": "a", "ឧ": "u", "ឥ": "e",
    "ឦ": "ei", "ឩ": "ou", "ឪ": "ou", "ឫ": "rue", "ឬ": "rue", "ឯ": "ae", "ឱ": "ao", "ឳ": "au", "្": "",
})  # fmt: skip
#: Thai writes these vowels before the consonant that is spoken before them.
_AHEAD: Final = re.compile("([เแโใไ])([ก-ฮ])")


def latin_letters(name: str) -> str:
    """
    Spell a Thai or Khmer name in Latin letters, sign by sign.

    Examples
    --------
    >>> latin_letters("ปอยเปต"), latin_letters("កំរៀង")
    ('poypet', 'kamrieng')
    """
    text = _AHEAD.sub(r"\2\1", name).replace("ัว", "ua").replace("ือ", "ue")
    return re.sub("[^a-z]", "", text.translate(_THAI).translate(_KHMER))
