"""
One date as people and programs write it, in English, Thai and Khmer, to days whose order or era may be open.

Parsed here, because pandas and dateutil read none of six common spellings with a Thai or Khmer month,
take 24/07/2568 for a day five centuries ahead, and make 03/04/2025 the fourth of March without a word.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

from ._cell_values import ascii_digits

__all__ = ["DateCell", "RawDay", "month_number", "parse_date_cell"]

ENGLISH: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
THAI: Final = (
    *("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน"),
    *("กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"),
)
_THAI_SHORT: Final = ("มค", "กพ", "มีค", "เมย", "พค", "มิย", "กค", "สค", "กย", "ตค", "พย", "ธค")
KHMER: Final = (
    *("មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា"),
    *("កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ"),
)
_KHMER_ALSO: Final = {"កុម្ភះ": 2, "កុម្ភ": 2, "មិនា": 3, "មិថុនា": 6, "វិច្ឆកា": 11, "វិចិ្ឆកា": 11, "ធ្នូរ": 12}
_MONTHS: Final = {
    name: number
    for names in (THAI, _THAI_SHORT, KHMER, [name.removesuffix("คม").removesuffix("ยน") for name in THAI])
    for number, name in enumerate(names, 1)
} | _KHMER_ALSO


class RawDay(NamedTuple):
    """A day, or a month or a year, as its numbers stand in a cell."""

    #: As written: of either era, and of two digits where `is_short`.
    year: int
    #: The month, or the first number where the order of day and month is open; 0 for a year alone.
    first: int
    #: The day, or the second number; 0 for a month or a year alone.
    second: int
    #: Whether the order of day and month is open.
    is_open: bool = False
    #: Whether the year has two digits.
    is_short: bool = False
    #: ``"BE"`` or ``"CE"`` where a mark says so.
    era: str = ""
    #: ``"th"`` or ``"km"`` where the script says so.
    script: str = ""


class DateCell(NamedTuple):
    """What a cell says of the time of an event."""

    #: The first day.
    first: RawDay
    #: The last one; None for one day, month or year.
    last: RawDay | None = None
    #: A part of a month, ``"early"``, ``"middle"`` or ``"late"``, or ``"about"`` or ``"week"``.
    part: str = ""
    #: What was assumed, for the account of a reading; empty where nothing was.
    remark: str = ""


#: Hours that the zone of the border is ahead of UTC: Thailand and Cambodia have one zone.
_ZONE: Final = dt.timezone(dt.timedelta(hours=7))

#: A word that may be a month.
_MONTH: Final = r"(?P<month>[a-z]{3,9}\.?|[\u0e00-\u0e7f.]{2,14}|[\u1780-\u17ff]{2,14})"
_YEAR: Final = r"(?P<year>\d{4}|'?\d{2})"
_LONG_YEAR: Final = r"(?P<year>\d{4})"

#: Marks of the Buddhist and the common era; they are taken out before anything else is read.
_ERAS: Final = (
    (
        "BE",
        re.compile(
            r"พ\.?\s?ศ\.?|พุทธศักราช|ព\.?\s?ស\.?(?![\u1780-\u17ff])|ពុទ្ធសករាជ|\bB\.?E\.?(?![a-z])", re.IGNORECASE
        ),
    ),
    (
        "CE",
        re.compile(
            r"ค\.?\s?ศ\.?|คริสต์ศักราช|គ\.?\s?ស\.?(?![\u1780-\u17ff])|គ្រិស្តសករាជ|\b(?:C\.?E|A\.?D)\.?(?![a-z])",
            re.IGNORECASE,
        ),
    ),
)
_OFFSET: Final = r"(?P<zone>Z|UTC|GMT|ICT|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)?(?:\s*\([^()]*\))?"
_CLOCK: Final = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:[.,]\d+)?)?\s*"
    r"(?P<half>[ap]\.?m\.?)?\s*(?:น\.?|hrs?\.?|h\b)?"
)
#: A clock between or behind the parts of a date, with the words before it.
_TIME: Final = re.compile(
    rf"(?:[,T]|\s|^|@|\bat\b|\baround\b|เวลา|ประมาณ|เวลาประมาณ|ម៉ោង|វេលា(?:ម៉ោង)?|នៅម៉ោង|_)+{_CLOCK}\s*{_OFFSET}(?=\s|$|,|\))",
    re.IGNORECASE,
)
#: A clock with a point, as Thai officials write it.
_THAI_TIME: Final = re.compile(
    r"[\s,]*(?:เวลา\s*(?:ประมาณ)?\s*\d{1,2}[.:]\d{2}\s*(?:น\.?|นาฬิกา)?|\d{1,2}[.:]\d{2}\s*(?:น\.|น(?=\s|$)|นาฬิกา))"
    r"|[\s,]*(?:នៅ\s*)?(?:វេលា\s*)?ម៉ោង\s*\d{1,2}(?:[.:]\d{2})?\s*(?:នាទី)?\s*(?:ព្រឹក|ល្ងាច|យប់|រសៀល|ថ្ងៃត្រង់)?"
)
_HOURS: Final = re.compile(
    r"[\s,]+(?:at\s+)?(?:\d{4}\s*(?:hrs?|hours|h)|\d{1,2}\s*[ap]\.?m\.?)\b\.?", re.IGNORECASE
)

_THAI_WEEKDAY: Final = r"(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัสฯ?|ศุกร์|เสาร์|อาทิตย์)"
#: Words that say nothing of the day: days of the week, "the", "month", "year".
_FILLERS: Final = (
    re.compile(r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?", re.IGNORECASE),
    re.compile(rf"(?:เมื่อ)?วัน{_THAI_WEEKDAY}?(?:ที่)?|{_THAI_WEEKDAY}ที่|\({_THAI_WEEKDAY}\)"),
    re.compile(
        r"(?:นៅ|កាលពី|នៅ)?ថ្ងៃ\s*(?:ច័ន្ទ|ចន្ទ|អង្គារ|ពុធ|ព្រហស្បតិ៍|ព្រហស្បត្តិ៍|សុក្រ|សៅរ៍|អាទិត្យ)?\s*(?:ទី)?|ទី(?=\s*\d)"
    ),
    re.compile(r"\b(?:the|of|on|dated?|day|month of|year)\b", re.IGNORECASE),
    re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE),
    re.compile(r"ปี|ឆ្នាំ"),
    re.compile(r"\(\s*\)"),
)
#: The Khmer lunar date before "which is", as official letters begin.
_LUNAR: Final = re.compile(r".*ត្រូវ\s*នឹង|.*ត្រូវ\s*និង", re.DOTALL)
#: A month by its number behind the word for month.
_NUMBERED_MONTH: Final = re.compile(r"(\d{1,2})\s*(?:เดือน|ខែ)\s*(\d{1,2})(?:\s|,|ปี|ឆ្នាំ)*(\d{4}|\d{2})")
_MONTH_WORDS: Final = re.compile(r"เดือน|ខែ|\bmonth\b", re.IGNORECASE)

_ABOUT: Final = re.compile(
    r"^(?:about|around|approx(?:imately|\.)?|circa|ca?\.|~|on or about|ประมาณ|ราว|ប្រហែល)\s*", re.IGNORECASE
)
_PARTS: Final = (
    (
        "early",
        re.compile(
            r"^(?:in\s+)?(?:early(?: in)?|beginning|start|ต้น(?:เดือน)?|ដើម(?:ខែ)?)[\s-]*(?:of\s+)?",
            re.IGNORECASE,
        ),
    ),
    (
        "middle",
        re.compile(
            r"^(?:in\s+)?(?:mid(?:dle)?|กลาง(?:เดือน)?|ពាក់កណ្តាល(?:ខែ)?|ពាក់កណ្ដាល(?:ខែ)?)[\s-]*(?:of\s+)?",
            re.IGNORECASE,
        ),
    ),
    (
        "late",
        re.compile(
            r"^(?:in\s+)?(?:late(?: in)?|end|ปลาย(?:เดือน)?|สิ้น(?:เดือน)?|ចុង(?:ខែ)?)[\s-]*(?:of\s+)?",
            re.IGNORECASE,
        ),
    ),
    (
        "week",
        re.compile(r"^(?:in\s+)?(?:the\s+)?week\s+(?:of|around|commencing|beginning)\s+", re.IGNORECASE),
    ),
)
_TO: Final = r"\s*(?:-|to|until|till|through|thru|and|&|ถึง|และ|จนถึง|ដល់|និង|\.\.|/)\s*"
_FROM: Final = re.compile(r"^(?:from|between|ระหว่าง|ตั้งแต่|ចន្លោះ|ចាប់ពី|ពី)\s*", re.IGNORECASE)

_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(?:\d{2}(?:\.\d+)?)?(Z)?)?")
_EIGHT_DIGITS: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EXIF: Final = re.compile(r"(\d{4}):(\d{2}):(\d{2})(?= )")
_ISO_INSTANT: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)?\s*"
    r"(?:Z|UTC|GMT|[+-]00(?::?00)?)",
    re.IGNORECASE,
)
_EPOCH: Final = re.compile(r"(?:/Date\()?(-?\d{9,10}|\d{12,13})(?:\.\d+)?(?:[+-]\d{4})?(?:\)/)?")
_SERIAL: Final = re.compile(r"(\d{5})(?:[.,]\d+)?")
#: Day numbers of spreadsheets that are read: 1970 to 2050.
_SERIALS: Final = range(25569, 55153)
_SERIAL_START: Final = dt.date(1899, 12, 30)

_SLASHED: Final = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})")
_DOTTED: Final = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})")
_YEAR_FIRST: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_YEAR_MONTH: Final = re.compile(r"(\d{4})[-/.](\d{1,2})")
_MONTH_YEAR: Final = re.compile(r"(\d{1,2})[/.-](\d{4})")
_ORDINAL: Final = re.compile(r"(\d{4})-(\d{3})")
_ISO_WEEK: Final = re.compile(r"(\d{4})-?W(\d{2})(?:-?([1-7]))?", re.IGNORECASE)
_CJK: Final = re.compile(r"(\d{4})年\s*(\d{1,2})月\s*(?:(\d{1,2})日)?")
_YEAR_ALONE: Final = re.compile(r"\d{4}")
_WORDED: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<day>\d{{1,2}})[\s.,/-]*{_MONTH}[\s.,/-]*{_YEAR}",
        rf"{_MONTH}[\s.,/-]+(?P<day>\d{{1,2}})(?:,\s*|\s+|-|/){_LONG_YEAR}",
        rf"(?P<year>\d{{4}})[\s.,/-]+{_MONTH}[\s.,/-]+(?P<day>\d{{1,2}})",
    )
)
_MONTH_AND_YEAR: Final = (
    re.compile(rf"{_MONTH}[\s.,/-]*{_LONG_YEAR}", re.IGNORECASE),
    re.compile(rf"{_LONG_YEAR}[\s.,/-]+{_MONTH}", re.IGNORECASE),
    # As spreadsheets write a month; "Jul 25" may be a day without a year.
    re.compile(r"(?P<month>[a-z]{3,9})-(?P<year>\d{2})", re.IGNORECASE),
    re.compile(rf"{_MONTH}\s*(?P<year>'\d{{2}})", re.IGNORECASE),
)
#: Two days that share a month or a year, each with the text of the whole day for both ends.
_SHARED: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, str]]], ...]] = (
    (
        re.compile(
            rf"(\d{{1,2}}){_TO}(\d{{1,2}})([\s./-]*[^\d\s./-][^\d]*[\s./,-]*(?:\d{{4}}|'?\d{{2}}))",
            re.IGNORECASE,
        ),
        lambda m: (f"{m[1]} {m[3].strip()}", f"{m[2]} {m[3].strip()}"),
    ),
    (
        re.compile(r"(\d{1,2})\s*(?:-|–|&)\s*(\d{1,2})([/.]\d{1,2}[/.]\d{4})"),
        lambda m: (f"{m[1]}{m[3]}", f"{m[2]}{m[3]}"),
    ),
    (
        re.compile(rf"([a-z]{{3,9}}\.?)\s+(\d{{1,2}}){_TO}(\d{{1,2}}),?\s+(\d{{4}})", re.IGNORECASE),
        lambda m: (f"{m[2]} {m[1]} {m[4]}", f"{m[3]} {m[1]} {m[4]}"),
    ),
    (
        re.compile(
            rf"([a-z]{{3,9}}\.?)\s+(\d{{1,2}}){_TO}([a-z]{{3,9}}\.?)\s+(\d{{1,2}}),?\s+(\d{{4}})",
            re.IGNORECASE,
        ),
        lambda m: (f"{m[2]} {m[1]} {m[5]}", f"{m[4]} {m[3]} {m[5]}"),
    ),
)
_TWO_MONTHS: Final = re.compile(
    rf"(\d{{1,2}}\s*[^\d\s-][^\d-]*?){_TO}(\d{{1,2}}\s*[^\d\s-][^\d-]*?)[\s.,]*(\d{{4}}|'?\d{{2}})",
    re.IGNORECASE,
)
_SPANS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(.*\d)\s+(?:-|to|until|till|through|ถึง|ដល់|and|–)\s+(\d.*)",
        r"(\d{4}-\d{1,2}-\d{1,2})\s*(?:/|\.\.|_|-|to)\s*(\d{4}-\d{1,2}-\d{1,2})",
        r"(\d{1,2}[/.]\d{1,2}[/.]\d{4})\s*-\s*(\d{1,2}[/.]\d{1,2}[/.]\d{4})",
        r"(\d{8})\s*[-/]\s*(\d{8})",
        r"(.*\d)\s*(?:ถึง|ដល់|-)\s*(\D*\d.*\d{4})",
    )
)


def month_number(name: str) -> int:
    """
    Return the number of a month by its name, in English by at least three letters; 0 for no month.

    Examples
    --------
    >>> month_number("Jul"), month_number("ก.ค."), month_number("កក្កដា"), month_number("Smarch")
    (7, 7, 7, 0)
    """
    folded = re.sub(r"[.\s]", "", name).casefold()
    if folded in _MONTHS:
        return _MONTHS[folded]
    if folded == "sept":
        return 9
    if not (folded.isascii() and len(folded) >= 3):
        return 0
    return next((number for number, month in enumerate(ENGLISH, 1) if month.startswith(folded)), 0)


def parse_date_cell(cell: str) -> DateCell | None:
    """
    Parse a cell to days whose order or era may be open; None where it is no date.

    The day is that written beside the clock, whatever the offset; an instant in UTC is dated in the zone of
    the border (UTC+7).

    Parameters
    ----------
    cell
        Text, such as ``2025-07-24``, ``24 July 2025``, ``24-28 ก.ค. 68``, ``July 2025`` or ``45862``.
    """
    if match := _ISO.fullmatch(cell):
        return DateCell(RawDay(int(match[1]), int(match[2]), int(match[3])))
    script = (
        "km" if re.search("[\u1780-\u17ff]", cell) else "th" if re.search("[\u0e00-\u0e7f]", cell) else ""
    )
    text = re.sub("[–—−‐‑]", "-", ascii_digits(cell)).strip().strip("\"'").strip()
    read = _parse_instant(text) or _parse_plain(text, script)
    if read is not None:
        return read
    era = ""
    if not text.isascii() or re.search(r"\b(?:[BC]\.?E|A\.?D)\b", text, re.IGNORECASE):
        text = _LUNAR.sub("", text)
        for name, mark in _ERAS:
            text, count = mark.subn(" ", text)
            era = name if count else era
    bare = _strip_clock(text)
    return None if bare is None else _mark_era(_parse_words(bare, script), era)


def _parse_instant(text: str) -> DateCell | None:
    """Parse an instant (a time in UTC, or seconds since 1970), or the day number of a spreadsheet."""
    if match := _ISO_INSTANT.fullmatch(text):
        try:
            year, month, day_number, hour, minute = (int(part) for part in match.groups())
            instant = dt.datetime(year, month, day_number, hour, minute, tzinfo=dt.UTC)
        except ValueError:
            return None
        return _from_day(instant.astimezone(_ZONE).date())
    if match := _EPOCH.fullmatch(text):
        seconds = int(match[1]) / (1000 if len(match[1].lstrip("-")) > 10 else 1)
        day = dt.datetime.fromtimestamp(seconds, _ZONE).date()
        return _from_day(day, "read as an instant, counted from 1970")
    if (match := _SERIAL.fullmatch(text)) and int(match[1]) in _SERIALS:
        day = _SERIAL_START + dt.timedelta(days=int(match[1]))
        return _from_day(day, "read as the day number of a spreadsheet, counted from 1899-12-30")
    return None


def _from_day(day: dt.date, remark: str = "") -> DateCell:
    return DateCell(RawDay(day.year, day.month, day.day), remark=remark)


def _parse_plain(text: str, script: str) -> DateCell | None:
    """Parse a date of digits alone, without words or clock."""
    if match := _COMPACT.fullmatch(text):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
        if match[6]:
            return _parse_instant(f"{match[1]}-{match[2]}-{match[3]}T{match[4]}:{match[5]}Z")
        if match[4] is None or (int(match[4]) <= 24 and int(match[5]) < 60):
            return DateCell(RawDay(year, month, day, script=script))
        return None
    whole = _parse_numbers(text.removesuffix("Z"), script)
    return None if whole is None else DateCell(whole)


def _parse_numbers(text: str, script: str) -> RawDay | None:  # noqa: PLR0911 - a notation a line
    """Parse one day, month or year in digits."""
    if match := _YEAR_FIRST.fullmatch(text):
        return RawDay(int(match[1]), int(match[3]), int(match[4]), script=script)
    if match := _SLASHED.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), match[4]
        if not first or not second:  # no day: a month, as databases of events write it
            return RawDay(int(year), first or second, 0, is_short=len(year) == 2, script=script)
        return RawDay(int(year), first, second, is_open=True, is_short=len(year) == 2, script=script)
    if match := _DOTTED.fullmatch(text):
        return RawDay(int(match[3]), int(match[2]), int(match[1]), is_short=len(match[3]) == 2, script=script)
    if match := _EIGHT_DIGITS.fullmatch(text):
        return RawDay(int(match[1]), int(match[2]), int(match[3]), script=script)
    if match := _YEAR_MONTH.fullmatch(text):
        return RawDay(int(match[1]), int(match[2]), 0, script=script)
    if match := _MONTH_YEAR.fullmatch(text):
        return RawDay(int(match[2]), int(match[1]), 0, script=script)
    if _YEAR_ALONE.fullmatch(text):
        return RawDay(int(text), 0, 0, script=script)
    if match := _CJK.fullmatch(text):
        return RawDay(int(match[1]), int(match[2]), int(match[3] or 0))
    return _parse_iso_count(text)


def _parse_iso_count(text: str) -> RawDay | None:
    """Parse a day of the year, or of a week of the year, by ISO 8601."""
    try:
        if match := _ORDINAL.fullmatch(text):
            day = dt.date(int(match[1]), 1, 1) + dt.timedelta(days=int(match[2]) - 1)
            return RawDay(day.year, day.month, day.day) if day.year == int(match[1]) else None
        if (match := _ISO_WEEK.fullmatch(text)) and match[3]:
            day = dt.date.fromisocalendar(int(match[1]), int(match[2]), int(match[3]))
            return RawDay(day.year, day.month, day.day)
    except (ValueError, OverflowError):
        return None
    return None


def _strip_clock(text: str) -> str | None:
    """Return a date without the time beside it; None where that is no time, or an instant of UTC."""
    text = _EXIF.sub(r"\1-\2-\3", text)
    text = _THAI_TIME.sub(" ", text)
    match = _TIME.search(text)
    if match is not None:
        hour, half = int(match["hour"]), match["half"]
        if hour > (12 if half else 24) or int(match["minute"]) > 59:
            return None
        text = f"{text[: match.start()]} {text[match.end() :]}"
    return re.sub(r"\s+", " ", _HOURS.sub(" ", text)).strip(" ,;.")


def _parse_words(text: str, script: str) -> DateCell | None:
    """Parse a date with words: a day, a month, a part of one, or a first and a last day."""
    if match := _NUMBERED_MONTH.search(text):
        year = match[3]
        day = RawDay(int(year), int(match[2]), int(match[1]), is_short=len(year) == 2, script=script)
        return DateCell(day)
    if (match := _ISO_WEEK.fullmatch(text)) and not match[3]:
        monday = _parse_iso_count(f"{match[1]}-W{match[2]}-1")
        sunday = _parse_iso_count(f"{match[1]}-W{match[2]}-7")
        return None if monday is None else DateCell(monday, sunday)
    part = ""
    rest = _ABOUT.sub("", text)
    if rest != text:
        part, text = "about", rest
    for name, pattern in _PARTS:
        rest = pattern.sub("", text)
        if rest != text:
            part, text = name, rest
            break
    for filler in _FILLERS:
        text = filler.sub(" ", text)
    text = re.sub(r"\s+(?=,|\s|$)", "", _MONTH_WORDS.sub(" ", text)).strip(" ,;.")
    whole = _parse_day(text, script)
    if whole is None:
        return None if part else _parse_span(_FROM.sub("", text), script)
    if part in {"early", "middle", "late"} and (whole.second or not whole.first):
        return None
    if part in {"about", "week"} and not whole.second:
        part = ""
    return DateCell(whole, part=part)


@cache
def _parse_day(text: str, script: str) -> RawDay | None:
    """Parse one day, month or year, in digits or with the month as a word."""
    if (day := _parse_numbers(text, script)) is not None:
        return day
    for pattern in (*_WORDED, *_MONTH_AND_YEAR):
        if match := pattern.fullmatch(text):
            parts = match.groupdict()
            number = month_number(parts["month"])
            if not number:
                continue
            year = parts["year"].lstrip("'")
            day_number = int(parts.get("day") or 0)
            return RawDay(int(year), number, day_number, is_short=len(year) == 2, script=script)
    return None


def _parse_span(text: str, script: str) -> DateCell | None:
    """Parse a first and a last day."""
    for pattern, write in _SHARED:
        if match := pattern.fullmatch(text):
            first, last = (_parse_day(end, script) for end in write(match))
            if first and last:
                return DateCell(first, last)
    if match := _TWO_MONTHS.fullmatch(text):
        last = _parse_day(f"{match[2]} {match[3]}", script)
        first = _parse_day(f"{match[1]} {match[3]}", script)
        if first and last:
            # From one year into the next, where only the second is written.
            return DateCell(first._replace(year=first.year - (first.first > last.first)), last)
    for span in _SPANS:
        if match := span.fullmatch(text):
            first, last = (_parse_day(_strip_clock(end) or "", script) for end in match.groups())
            if first and last:
                return DateCell(first, last)
    if match := _WORDED[0].fullmatch(text):
        # A word that is no month, which makes a day that does not exist.
        return DateCell(RawDay(int(match["year"].lstrip("'")), 13, int(match["day"]), script=script))
    return None


def _mark_era(cell: DateCell | None, era: str) -> DateCell | None:
    if cell is None or not era:
        return cell
    last = None if cell.last is None else cell.last._replace(era=era)
    return cell._replace(first=cell.first._replace(era=era), last=last)
