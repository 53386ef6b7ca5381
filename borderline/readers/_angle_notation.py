"""One angle as people and devices write it: decimal degrees, minutes and seconds, in three scripts."""

from __future__ import annotations

import math
import re
from typing import Final

from ._cell_values import ascii_digits

__all__ = ["DIRECTIONS", "normalise_angle", "parse_angle"]

#: What stands for the label of each axis after `normalise_angle`, and its letters, the negative one last.
DIRECTIONS: Final = {
    "latitude": ("\N{GREEK SMALL LETTER PHI}", "NS"),
    "longitude": ("\N{GREEK SMALL LETTER LAMDA}", "EW"),
}
_LABELS: Final = tuple(label for label, _ in DIRECTIONS.values())

#: Marks as typed, printed or pasted, by the plain one.
_MARKS: Final = str.maketrans(
    dict.fromkeys("º˚∘⁰ᵒ", "°")
    | dict.fromkeys("′‘’ʹʼ‵`´ˈ", "'")
    | dict.fromkeys("″“”ʺ˝‟‶", '"')
    | dict.fromkeys("−–—‐‑", "-")
    | {"，": ",", "．": ".", "：": ":", "；": ";", "＋": "+", "－": "-"}
)
#: Words for marks, letters and labels; longer ones first.
_WORDS: Final = (
    (
        re.compile(r"\b(?:latitude|lattitude|lat)\b\.?\s*[:=]?|ละติจูด\s*[:=]?|រយៈទទឹង\s*[:=]?", re.IGNORECASE),
        f" {_LABELS[0]}",
    ),
    (
        re.compile(
            r"\b(?:longitude|long|lon|lng)\b\.?\s*[:=]?|ลองจิจูด\s*[:=]?|ลองติจูด\s*[:=]?|រយៈបណ្តោយ\s*[:=]?",
            re.IGNORECASE,
        ),
        f" {_LABELS[1]}",
    ),
    (re.compile(r"\by\s*[:=]", re.IGNORECASE), f" {_LABELS[0]}"),
    (re.compile(r"\bx\s*[:=]", re.IGNORECASE), f" {_LABELS[1]}"),
    (re.compile(r"\b(?:degrees?|deg)\b\.?|(?<=\d)deg\b|องศา|អង្សា", re.IGNORECASE), "°"),
    (re.compile(r"พิลิปดา|ฟิลิปดา|វិនាទី|(?<![a-z])(?:seconds?|secs?)(?![a-z])\.?", re.IGNORECASE), '"'),
    (re.compile(r"ลิปดา|នាទី|(?<![a-z])(?:minutes?|mins?)(?![a-z])\.?", re.IGNORECASE), "'"),
    (re.compile(r"\bnorth\b|(?:ทิศ)?เหนือ|(?:ខាង)?ជើង", re.IGNORECASE), "N"),
    (re.compile(r"\bsouth\b|(?:ทิศ)?ใต้|(?:ខាង)?ត្បូង", re.IGNORECASE), "S"),
    (re.compile(r"\beast\b|(?:ทิศ)?ตะวันออก|(?:ខាង)?កើត", re.IGNORECASE), "E"),
    (re.compile(r"\bwest\b|(?:ทิศ)?ตะวันตก|(?:ខាង)?លិច", re.IGNORECASE), "W"),
)
_SEVERAL_PRIMES: Final = re.compile(r"''")

#: A number with the mark, colon, hyphen or blank behind it: digits are never cut.
_PART: Final = re.compile(r"(\d+(?:[.,]\d+)?)(?:\s*([°'\":dms]|-(?=\d))\s*|\s+|$)", re.IGNORECASE)
_DOTTED: Final = re.compile(r"(\d{1,3})\.(\d{1,2})\.(\d{1,2}(?:[.,]\d+)?)")
_PACKED: Final = re.compile(r"(\d{4,7})([.,]\d+)?")
#: Digits of degrees where digits run together, as in aviation and shipping.
_PACKED_DEGREES: Final = {"latitude": 2, "longitude": 3}
#: Which marks a part may have, by its place.
_PART_MARKS: Final = ("°d:-", "'m:-", '"s')


def normalise_angle(text: str) -> str:
    r"""
    Write the marks, letters and labels of an angle in one way.

    Examples
    --------
    >>> normalise_angle("14° 20´ 57´´ north")
    '14° 20\' 57" N'
    """
    text = ascii_digits(text).translate(_MARKS)
    if not text.isascii() or re.search("[a-z]{3}|[xy] *[:=]", text, re.IGNORECASE):
        for pattern, plain in _WORDS:
            text = pattern.sub(plain, text)
    return _SEVERAL_PRIMES.sub('"', text).strip()


def parse_angle(text: str, axis: str) -> float | str:  # noqa: PLR0911 - a fault a line
    r"""
    Parse a latitude or a longitude.

    Parameters
    ----------
    text
        Such as ``14°21'05.3"N``, ``N 14 21 05.3``, ``14:21:05N``, ``142105N`` or ``14.3515``.
    axis
        ``"latitude"`` or ``"longitude"``; the letter of the other one is a fault.

    Returns
    -------
    degrees
        Decimal degrees, or what is wrong.

    Examples
    --------
    >>> parse_angle("14°21'18\"N", "latitude"), parse_angle("3 04 30 S", "latitude")
    (14.355, -3.075)
    """
    text = normalise_angle(text)
    label, axis_letters = DIRECTIONS[axis]
    if text[:1] in _LABELS:
        if text[0] != label:
            return f"it is labelled as the other axis than {axis}"
        text = text[1:].strip()
    text = text.removesuffix(label).strip()
    split = _split_letters(text, axis)
    if isinstance(split, str):
        return split
    body, letters = split
    if len(letters) > 1 or not letters <= set(axis_letters):
        return f"the letter {' and '.join(sorted(letters))} is none of a {axis}"
    sign, body = (body[0], body[1:].strip()) if body[:1] in {"-", "+"} else ("", body)
    parts = _split_parts(body, axis, has_letter=bool(letters))
    if isinstance(parts, str):
        return parts
    if any(part >= 60 for part in parts[1:]):
        return "minutes and seconds are less than 60"
    if any(not part.is_integer() for part in parts[:-1]):
        return "a part with decimals is followed by a smaller part"
    value = math.fsum(part / 60.0**power for power, part in enumerate(parts))
    negative = axis_letters[1] in letters
    if letters and sign and negative != (sign == "-"):
        return "the sign and the letter contradict each other"
    return -value if negative or sign == "-" else value


def _split_letters(text: str, axis: str) -> tuple[str, set[str]] | str:
    """Return an angle without the letters of its direction, and those letters."""
    letters = set()
    body = text
    if match := re.match(r"([NSEW])[\s.:]*(?=[-+\d])", body, re.IGNORECASE):
        letters.add(match[1].upper())
        body = body[match.end() :]
    # After the degrees, as in 14°N 20'57".
    if match := re.search(r"(?<=[\d°])\s*([NSEW])\s*(?=\d)", body, re.IGNORECASE):
        letters.add(match[1].upper())
        body = f"{body[: match.start()]} {body[match.end() :]}"
    if match := re.search(r"\s*([NSEW])\.?$", body, re.IGNORECASE):
        letter, before = match[1], body[: match.start()]
        marks = set(re.findall("[dm]", before, re.IGNORECASE))
        is_second = letter in "sS" and re.search(r"m\s*\d+(?:[.,]\d+)?$", before, re.IGNORECASE)
        if (
            letter == "s"
            and not letters
            and not marks
            and re.search(r"[°'\"]", before)
            and before[-1:] != '"'
        ):
            return "the s may mean seconds or south; write S or a mark for seconds"
        if is_second and not letters and {mark.islower() for mark in marks} == {letter.islower()}:
            if axis == "longitude":
                return before, letters
            return "the s may mean seconds or south; write S or a mark for seconds"
        if is_second and letters:
            return before, letters
        letters.add(letter.upper())
        body = before
    return body.strip(), letters


def _split_parts(body: str, axis: str, *, has_letter: bool) -> list[float] | str:  # noqa: PLR0911
    """Return degrees, minutes and seconds, or what is wrong."""
    if has_letter and (packed := _PACKED.fullmatch(body)):
        degrees = _PACKED_DEGREES[axis]
        figures = packed[1]
        if len(figures) - degrees not in {2, 4}:
            return (
                f"digits run together: a {axis} has {degrees} for degrees, then two for minutes and two for "
                "seconds; put blanks between them"
            )
        parts = [figures[:degrees], *(figures[i : i + 2] for i in range(degrees, len(figures), 2))]
        parts[-1] += packed[2] or ""
        return [float(part.replace(",", ".")) for part in parts]
    if dotted := _DOTTED.fullmatch(body):
        body = ":".join(dotted.groups())
    parts, position, marks = [], 0, []
    for match in _PART.finditer(body):
        if match.start() != position:
            return "it is no angle"
        position = match.end()
        parts.append(match[1])
        marks.append((match[2] or "").lower())
    if position != len(body) or not 1 <= len(parts) <= 3:
        return "it is no angle"
    if any(mark and mark not in allowed for mark, allowed in zip(marks, _PART_MARKS, strict=False)):
        return "it is no angle"
    if marks[-1] in {":", "-"}:
        return "it is no angle"
    if len(parts[0].split(".")[0].split(",")[0]) > 3:
        return "the degrees have more than three digits; put blanks between degrees, minutes and seconds"
    return [float(part.replace(",", ".")) for part in parts]
