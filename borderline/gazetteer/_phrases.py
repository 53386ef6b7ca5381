"""What a report says about where: the name, what it lies in, how far off and in which direction."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

__all__ = ["COUNTRY_WORDS", "Phrase", "kinds_told", "parse_place"]

#: Degrees from north, by the words for a direction in English, Thai and Khmer.
_BEARINGS: Final = {
    "north": 0.0, "northeast": 45.0, "east": 90.0, "southeast": 135.0, "south": 180.0, "southwest": 225.0,
    "west": 270.0, "northwest": 315.0, "n": 0.0, "ne": 45.0, "e": 90.0, "se": 135.0, "s": 180.0, "sw": 225.0,
    "w": 270.0, "nw": 315.0,
    "เหนือ": 0.0, "ตะวันออกเฉียงเหนือ": 45.0, "ตะวันออก": 90.0, "ตะวันออกเฉียงใต้": 135.0, "ใต้": 180.0,
    "ตะวันตกเฉียงใต้": 225.0, "ตะวันตก": 270.0, "ตะวันตกเฉียงเหนือ": 315.0,
    "ជើង": 0.0, "កើត": 90.0, "ត្បូង": 180.0, "លិច": 270.0,
}  # fmt: skip
_METRES: Final = {
    "km": 1000.0, "kilo": 1000.0, "mi": 1609.344, "กม": 1000.0, "กิโล": 1000.0, "គីឡូ": 1000.0, "គ": 1000.0,
}  # fmt: skip

_NUMBER: Final = r"(?P<number>\d+(?:[.,]\d+)?)\s*"
_UNIT: Final = (
    r"(?P<unit>km|kilomet(?:er|re)s?|kms|m|met(?:er|re)s?|miles?|mi|"
    r"กม\.?|กิโลเมตร|เมตร|ม\.|គីឡូម៉ែត្រ|គ\.?ម\.?|ម៉ែត្រ)"
)
_ABOUT: Final = r"(?:about|some|around|approximately|approx\.?|roughly|ca\.?|~)?\s*"
_WAY: Final = (
    r"(?P<way>(?:north|south)[ -]?(?:east|west)|north|south|east|west|[ns][ew]|[nsew])"
    r"(?:ern|wards?)?(?: side)?"
)
_FROM: Final = r"(?:of|from|away from|off|inside|outside)"
_THAI_WAY: Final = r"(?:ทาง)?(?:ทิศ)?(?P<way>เหนือ|ใต้|ตะวัน(?:ออก|ตก)(?:เฉียง(?:เหนือ|ใต้))?)"
_KHMER_WAY: Final = r"ខាង(?P<way>ជើង|ត្បូង|កើត|លិច)"
#: "5 km north of X", "5 km from X"; "north of X"; "X, 5 km to the north"; the same in Thai and Khmer.
_MOVED_PATTERNS: Final = (
    rf"^{_ABOUT}{_NUMBER}{_UNIT}\b\.?\s*(?:(?:to )?(?:the )?{_WAY}\s+)?{_FROM}\s+(?P<name>.+)$",
    rf"^(?:just |to )?(?:the )?{_WAY}\s+(?:of|from)\s+(?P<name>.+)$",
    rf"^(?P<name>.+?)[ ,]+{_ABOUT}{_NUMBER}{_UNIT}\s*(?:to )?(?:the )?{_WAY}$",
    rf"^{_THAI_WAY}\s*(?:ของ|จาก)\s*(?P<name>.+?)(?:\s*(?:ประมาณ|ราว)?\s*{_NUMBER}{_UNIT})?$",
    rf"^(?:ประมาณ|ราว)?\s*{_NUMBER}{_UNIT}\s*(?:{_THAI_WAY})?\s*(?:ของ|จาก)\s*(?P<name>.+)$",
    rf"^(?:ចម្ងាយ)?\s*{_NUMBER}{_UNIT}\s*(?:{_KHMER_WAY})?\s*(?:នៃ|ពី)\s*(?P<name>.+)$",
    rf"^{_KHMER_WAY}\s*(?:នៃ|ពី)?\s*(?P<name>.+)$",
)
_MOVED: Final = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _MOVED_PATTERNS)
_NEAR: Final = re.compile(
    r"^(?:near|close to|next to|around|outside|in the vicinity of|vicinity of|area of|the area of|off|"
    r"towards?|road to|ใกล้(?:กับ)?|บริเวณ|พื้นที่|ជិត|ក្បែរ)\s*(?=\S)",
    re.IGNORECASE,
)
_AREA: Final = re.compile(r"\b(?:area|vicinity|surroundings|front)\b", re.IGNORECASE)
_OPPOSITE: Final = re.compile(
    r"\b(?:opposite|across (?:the border )?from|facing)\b|ตรงข้าม|ទល់មុខ", re.IGNORECASE
)
_IN: Final = re.compile(r"^(?:in|at|inside|within|on|the|ที่|ใน|នៅ)\s+", re.IGNORECASE)
#: The border itself, not a checkpoint or a town on it.
_BORDER: Final = re.compile(
    r"\b(?:along|on|at|near|by)?\s*(?:the\s+)?"
    r"(?:thai(?:land)?\s*[-\u2013 ]\s*cambodian?|cambodian?\s*[-\u2013 ]\s*thai(?:land)?)?\s*"
    r"\b(?:border(?!\s*(?:check|cross|gate|market|post|town|police|point|pass))(?:line|s)?|frontier|"
    r"front ?line)\b\s*(?:areas?|villages?|zones?|regions?|stretch|line|communes?|districts?)?\s*"
    r"(?:in|of|with|along|around|near|at)?\b"
    r"|(?:ตาม)?(?:แนว|พื้นที่)?ชายแดน(?!ถาวร)|តំបន់ព្រំដែន|តាមព្រំដែន|ព្រំដែន",
    re.IGNORECASE,
)
_PARTS: Final = re.compile(r"\s*[,;|\n\r\u3001]\s*|\s+(?=(?:จ|อ|ต)\.|จังหวัด|อำเภอ|ตำบล|ខេត្ត|ស្រុក|ឃុំ|ក្រុង)")
_JOINT: Final = re.compile(
    r"\s*/\s*|\s+[-\u2013\u2014]\s+|\s*[\u2013\u2014]\s*|\s+(?:and|&|to|และ|ถึง|និង)\s+",
    re.IGNORECASE,
)
_PARENTHESES: Final = re.compile(r"\(([^()]*)\)?")

#: Names of the two countries as a part of a text.
COUNTRY_WORDS: Final = {
    "cambodia": "KHM", "kampuchea": "KHM", "kingdom of cambodia": "KHM", "กัมพูชา": "KHM",
    "ประเทศกัมพูชา": "KHM",
    "เขมร": "KHM", "កម្ពុជា": "KHM", "ប្រទេសកម្ពុជា": "KHM",
    "thailand": "THA", "kingdom of thailand": "THA", "ไทย": "THA", "ประเทศไทย": "THA", "ថៃ": "THA",
    "ប្រទេសថៃ": "THA",
}  # fmt: skip

#: Words that tell the kind of place, and the kinds they tell.
_KIND_WORDS: Final[dict[str, tuple[str, ...]]] = {
    r"\b(?:provinces?|prov|changwat|khaet)\b|จังหวัด|(?:^|\s)จ\.|ខេត្ត|រាជធានី": ("province",),
    r"(?<!sub-)(?<!sub )\b(?:district|amphoe|amphur|srok|khan|krong|municipality)\b|"
    r"อำเภอ|(?:^|\s)อ\.|ស្រុក|ខណ្ឌ|ក្រុង": ("district",),
    r"\b(?:sub[ -]?district|tambon|commune|khum|sangkat)\b|ตำบล|(?:^|\s)ต\.|ឃុំ|សង្កាត់": (
        "subdistrict", "commune",
    ),
    r"\b(?:villages?|phum)\b|ภูมิ|ភូមិ": ("village",),
    r"\b(?:ban|baan)\b|บ้าน|(?:^|\s)บ\.": ("village", "crossing", "town", "other"),
    r"\b(?:temples?|prasat|ruins?|pagoda|wat)\b|ปราสาท|วัด|ប្រាសាទ|វត្ត": ("temple",),
    r"\b(?:check ?point|crossing|border gate|border market|gate|permanent)\b|ด่าน|จุดผ่าน|ច្រក": ("crossing",),
    r"\b(?:chong|pass)\b|ช่อง": ("pass", "crossing"),
    r"\b(?:hill|phu|noen|point \d+)\b|(?:^|\s)ภู|เขา|เนิน": ("hill",),
    r"\b(?:city|town)\b|เทศบาล": ("town", "district"),
    r"\b(?:camp|cliff)\b|ค่าย|ผา": ("other", "base"),
}  # fmt: skip
_KINDS: Final = tuple((re.compile(words, re.IGNORECASE), kinds) for words, kinds in _KIND_WORDS.items())


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text about a place, taken apart."""

    #: The whole text, cleaned.
    whole: str
    #: The place, or several that together are meant.
    names: tuple[str, ...]
    #: What it lies in, or stands near to, the nearest first.
    within: tuple[str, ...] = ()
    #: Metres from the place, where a distance is given.
    moved_m: float | None = None
    #: Degrees from north, where a direction is given.
    bearing: float | None = None
    #: Said to be near the place, or on some side of it.
    near: bool = False
    #: Said to lie along the border.
    border: bool = False
    #: Said to lie across the border from the place.
    opposite: bool = False


def parse_place(text: str) -> Phrase:
    """
    Take a text about a place apart.

    Parameters
    ----------
    text
        Such as the ``location`` of an event; any text.

    Returns
    -------
    phrase
        With no names where there is nothing to look up.

    Examples
    --------
    >>> phrase = parse_place("5 km north-west of Anlong Veng, Oddar Meanchey")
    >>> phrase.names, phrase.within, phrase.moved_m, phrase.bearing
    (('Anlong Veng',), ('Oddar Meanchey',), 5000.0, 315.0)
    >>> parse_place("along the border in Sa Kaeo").border
    True
    """
    # Nobody names a place in more than a few hundred letters.
    whole = " ".join(unicodedata.normalize("NFC", text[:400]).split())
    aside = [part for part in _PARENTHESES.findall(whole) if part.strip()]
    rest = _PARENTHESES.sub(" ", whole).strip(" .,;:-\u2013\u2014\"'")
    rest, moved, bearing, sided = _moved(rest)
    opposite = bool(_OPPOSITE.search(rest))
    border = bool(_BORDER.search(rest))
    if border:
        rest = _BORDER.sub(" , ", rest)
    parts = [part for each in _PARTS.split(rest) if (part := _clean(each))]
    near = sided or bool(parts and (_NEAR.match(parts[0]) or _AREA.search(parts[0])))
    parts = [cleaned for part in parts if (cleaned := _clean(_NEAR.sub("", part)))]
    names: tuple[str, ...] = ()
    if parts:
        names = tuple(piece for each in _JOINT.split(parts[0]) if (piece := _clean(each)))
    # "..., east of X": beside X.
    beside = [cleaned for part in parts[1:] if (cleaned := _clean(_moved(part)[0]))]
    within = (*beside, *(cleaned for part in aside if (cleaned := _clean(part))))
    return Phrase(whole, names, within, moved, bearing, near=near, border=border, opposite=opposite)


def _clean(part: str) -> str:
    """Take off what stands round a name."""
    return _IN.sub("", part.strip(" .:-\u2013\u2014\"'\u201c\u201d")).strip()


def _moved(text: str) -> tuple[str, float | None, float | None, bool]:
    """Find a distance and a direction: the text without them, metres, degrees, whether either is there."""
    for pattern in _MOVED:
        match = pattern.match(text)
        if match is None:
            continue
        told = match.groupdict()
        way = (told.get("way") or "").casefold().replace(" ", "").replace("-", "")
        metres = None
        if told.get("number"):
            unit = told["unit"].casefold()
            scale = next((size for word, size in _METRES.items() if unit.startswith(word)), 1.0)
            metres = min(float(told["number"].replace(",", ".")) * scale, 1e6)
        return told["name"], metres, _BEARINGS.get(way), True
    return text, None, None, False


def kinds_told(text: str) -> frozenset[str]:
    """
    Tell the kinds of place that the words of a text speak of; none where they do not say.

    Examples
    --------
    >>> sorted(kinds_told("Ta Phraya district"))
    ['district']
    """
    for pattern, kinds in _KINDS:
        if pattern.search(text):
            return frozenset(kinds)
    return frozenset()
