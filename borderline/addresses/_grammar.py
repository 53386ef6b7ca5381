"""How an address is written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from ..errors import AddressError, near_miss
from ._compass import COMPASS

__all__ = ["Wording", "take_apart"]

_NUMBER: Final = r"\d[\d.,]*"
_KM: Final = r"(?:km|k\.m\.|kilomet(?:er|re)s?|กม\.?|กิโลเมตร|គ\.?ម\.?|គីឡូម៉ែត្រ)"
_METRE: Final = r"(?:m|met(?:er|re)s?|ม\.?|เมตร|ម\.?|ម៉ែត្រ)"
_UNIT: Final = rf"(?P<unit>{_KM}|{_METRE})"
_TOWARD: Final = r"(?P<toward>[a-z][a-z-]*)"

#: ``km 123.4``, ``km 123+400``, ``kilometre post 123``.
_POST: Final = re.compile(
    rf"(?:at\s+)?{_KM}(?:\s*(?:post|marker|ที่|លេខ))?\.?\s*(?P<km>{_NUMBER})(?:\s*\+\s*(?P<metres>\d+)\s*{_METRE}?)?"
    rf"|(?:at\s+)?(?P<before>{_NUMBER})\s*{_KM}",
    re.IGNORECASE,
)
#: ``2 km east of Chong Chom``.
_OF: Final = re.compile(
    rf"(?P<far>{_NUMBER})\s*{_UNIT}\s+(?:to\s+the\s+)?{_TOWARD}\s+of\s+(?P<of>.+)", re.IGNORECASE
)
#: ``Chong Chom + 2 km east``, ``pillar 46 - 300 m``, ``Chong Chom 2 km east``.
_SHIFTED: Final = re.compile(
    rf"(?P<of>.+?)(?:\s*(?P<sign>\+)\s*|\s+(?P<minus>-)\s*|\s+)(?P<far>{_NUMBER})\s*{_UNIT}"
    rf"(?:\s+(?:to(?:wards?)?\s+(?:the\s+)?)?{_TOWARD})?",
    re.IGNORECASE,
)
_PILLAR: Final = re.compile(
    r"(?:(?:boundary|border|frontier)\s+)?(?:pillar|marker|post|bp|หลักเขต(?:แดน)?|បង្គោល(?:ព្រំដែន)?)"
    r"\s*(?:no\.?|number|nr\.?|#|ที่|លេខ)?\s*(?P<number>\d+)",
    re.IGNORECASE,
)
_SHORT: Final = {"n": "north", "e": "east", "s": "south", "w": "west"}
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))


@dataclass(frozen=True)
class Wording:
    """An address taken apart."""

    #: The measure it states, kilometres, or None where it counts from a landmark.
    km: float | None = None
    #: Number of the pillar it counts from.
    pillar: int | None = None
    #: Name of the landmark it counts from.
    name: str = ""
    #: How far along the border, metres; negative for against its direction.
    metres: float = 0.0
    #: Azimuth of the compass direction, degrees, where one is given.
    toward: float | None = None


def take_apart(text: str) -> Wording:
    """
    Read the words of an address, without asking where they lead.

    Parameters
    ----------
    text
        Such as ``pillar 46 + 300 m``; digits of any script, decimal comma or point.

    Returns
    -------
    wording
        Its parts.

    Raises
    ------
    AddressError
        If it is empty, or a number or a direction cannot be read.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())
    if not plain:
        raise AddressError("The address is empty; write one like 'km 123.4' or 'Chong Chom + 2 km east'.")
    if post := _POST.fullmatch(plain):
        if post["before"]:
            return Wording(km=_number(post["before"], text))
        return Wording(km=_number(post["km"], text) + float(post["metres"] or 0) / 1000.0)
    match = _OF.fullmatch(plain) or _SHIFTED.fullmatch(plain)
    if match is None or not _is_shift(match):
        return _anchor(plain)
    groups = match.groupdict()
    metres = _number(groups["far"], text) * (
        1000.0 if re.fullmatch(_KM, groups["unit"], re.IGNORECASE) else 1.0
    )
    toward = None if groups["toward"] is None else _azimuth(groups["toward"], text)
    if groups.get("minus") and toward is not None:
        raise AddressError(f"{text!r} has a minus and a direction; write + with a compass direction.")
    base = _anchor(groups["of"])
    return Wording(
        pillar=base.pillar, name=base.name, metres=-metres if groups.get("minus") else metres, toward=toward
    )


def _is_shift(match: re.Match[str]) -> bool:
    """Tell an offset from a number in a name: it has a sign or a direction."""
    groups = match.groupdict()
    return bool(groups.get("sign") or groups.get("minus") or groups["toward"])


def _anchor(text: str) -> Wording:
    bare = re.sub(r"^at\s+", "", text, flags=re.IGNORECASE).strip(" ,")
    pillar = _PILLAR.fullmatch(bare)
    return Wording(pillar=int(pillar["number"])) if pillar else Wording(name=bare)


def _number(digits: str, text: str) -> float:
    """Read digits with a decimal point or comma."""
    plain = digits.rstrip(".,")
    if "," in plain:
        whole, _, rest = plain.partition(",")
        if "." in plain or "," in rest or len(rest) == 3:
            raise AddressError(
                f"{digits!r} in {text!r} may be thousands or decimals; write it with a point only."
            )
        plain = f"{whole}.{rest}"
    try:
        return float(plain)
    except ValueError:
        raise AddressError(f"{digits!r} in {text!r} is no number.") from None


def _azimuth(word: str, text: str) -> float:
    plain = re.sub(r"(wards?|ern)$", "", word.casefold().replace("-", ""))
    if len(plain) <= 2 and all(letter in _SHORT for letter in plain):
        plain = "".join(_SHORT[letter] for letter in plain)
    if plain not in COMPASS:
        raise AddressError(f"{word!r} in {text!r} is no compass direction.{near_miss(plain, COMPASS)}")
    return COMPASS[plain]
