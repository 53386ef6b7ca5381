"""The grammar of addresses: how one is written, without asking where it leads."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from dataclasses import dataclass
from typing import Final, NamedTuple

from .._paths import read_facts
from ..errors import AddressError, near_miss
from ._compass import COMPASS

__all__ = ["Wording", "split_address"]

_DIGITS: Final = r"\d[\d.,]*"
_TOWARD: Final = r"(?P<toward>[a-z][a-z-]*)"
_SHORT: Final = {"n": "north", "e": "east", "s": "south", "w": "west"}
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))


class AddressPatterns(NamedTuple):
    """Patterns of the ways in which an address is written."""

    #: A unit of kilometres.
    kilometre: re.Pattern[str]
    #: ``km 123.4``, ``km 123+400``, ``kilometre post 123``.
    post: re.Pattern[str]
    #: ``2 km east of Chong Chom``.
    away: re.Pattern[str]
    #: ``Chong Chom + 2 km east``, ``pillar 46 - 300 m``, ``Chong Chom 2 km east``.
    shifted: re.Pattern[str]
    #: ``boundary pillar no. 46``.
    pillar: re.Pattern[str]


@functools.cache
def _compile_patterns() -> AddressPatterns:
    """Return the patterns with the words of all languages."""
    km, metre, pillar = _match_words("kilometre"), _match_words("metre"), _match_words("pillar")
    unit = rf"(?P<unit>{km}|{metre})"
    patterns = (
        km,
        (
            rf"(?:at\s+)?{km}(?:\s*{_match_words('kilometre_post')})?\.?\s*(?P<km>{_DIGITS})"
            rf"(?:\s*\+\s*(?P<metres>\d+)\s*{metre}?)?|(?:at\s+)?(?P<before>{_DIGITS})\s*{km}"
        ),
        rf"(?P<far>{_DIGITS})\s*{unit}\s+(?:to\s+the\s+)?{_TOWARD}\s+of\s+(?P<of>.+)",
        (
            rf"(?P<of>.+?)(?:\s*(?P<sign>\+)\s*|\s+(?P<minus>-)\s*|\s+)(?P<far>{_DIGITS})\s*{unit}"
            rf"(?:\s+(?:to(?:wards?)?\s+(?:the\s+)?)?{_TOWARD})?"
        ),
        rf"(?:{_match_words('pillar_of')}\s+)?{pillar}\s*{_match_words('number')}?\s*(?P<number>\d+)",
    )
    return AddressPatterns(*(re.compile(pattern, re.IGNORECASE) for pattern in patterns))


def _match_words(kind: str) -> str:
    """Return a pattern of the words of one kind, the longest first."""
    words = itertools.chain.from_iterable(read_facts("address_words.json")[kind].values())
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"


@dataclass(frozen=True)
class Wording:
    """The parts of an address."""

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


def split_address(text: str) -> Wording:
    """
    Split an address into its parts, without asking where they lead.

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
    patterns = _compile_patterns()
    if post := patterns.post.fullmatch(plain):
        if post["before"]:
            return Wording(km=_read_number(post["before"], text))
        return Wording(km=_read_number(post["km"], text) + float(post["metres"] or 0) / 1000.0)
    match = patterns.away.fullmatch(plain) or patterns.shifted.fullmatch(plain)
    if match is None or not _is_shift(match):
        return _read_landmark(plain)
    groups = match.groupdict()
    metres = _read_number(groups["far"], text)
    if patterns.kilometre.fullmatch(groups["unit"]):
        metres *= 1000.0
    toward = None if groups["toward"] is None else _read_direction(groups["toward"], text)
    if groups.get("minus") and toward is not None:
        raise AddressError(f"{text!r} has a minus and a direction; write + with a compass direction.")
    base = _read_landmark(groups["of"])
    return Wording(
        pillar=base.pillar, name=base.name, metres=-metres if groups.get("minus") else metres, toward=toward
    )


def _is_shift(match: re.Match[str]) -> bool:
    """Return whether a number is an offset, with a sign or a direction, and not part of a name."""
    groups = match.groupdict()
    return bool(groups.get("sign") or groups.get("minus") or groups["toward"])


def _read_landmark(text: str) -> Wording:
    bare = re.sub(r"^at\s+", "", text, flags=re.IGNORECASE).strip(" ,")
    pillar = _compile_patterns().pillar.fullmatch(bare)
    return Wording(pillar=int(pillar["number"])) if pillar else Wording(name=bare)


def _read_number(digits: str, text: str) -> float:
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
        raise AddressError(f"{digits!r} in {text!r} is not a number.") from None


def _read_direction(word: str, text: str) -> float:
    plain = re.sub(r"(wards?|ern)$", "", word.casefold().replace("-", ""))
    if len(plain) <= 2 and all(letter in _SHORT for letter in plain):
        plain = "".join(_SHORT[letter] for letter in plain)
    if plain not in COMPASS:
        raise AddressError(f"{word!r} in {text!r} is not a compass direction.{near_miss(plain, COMPASS)}")
    return COMPASS[plain]
