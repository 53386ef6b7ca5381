"""Find the encoding of text: Unicode, Thai (CP874) or Western (CP1252); any other must be named."""

from __future__ import annotations

import codecs
import re
from typing import IO, Final, NamedTuple

from .errors import FormatError, OptionError

__all__ = ["TextEncoding", "find_code_page", "find_encoding", "validate_encoding"]

_BLOCK: Final = 1 << 20
#: Bytes of a file that is not Unicode that are shown to the detector.
_SAMPLE: Final = 1 << 18
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_REMEDY: Final = 'save it as UTF-8, or name its encoding, such as encoding="cp1251"'
#: More NUL characters than one in so many are no slip: the file is binary.
_CHARS_PER_NUL: Final = 100
_THAI_MARKS: Final = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_THAI_CONSONANT: Final = "\u0e01-\u0e2e"
_THAI_LETTER: Final = re.compile("[\u0e01-\u0e4e]")
_THAI_VOWEL: Final = re.compile("[\u0e30-\u0e44\u0e47-\u0e4e]")
#: A mark that stands on no consonant, a vowel written first that no consonant follows, a Latin neighbour.
_MISPLACED_THAI: Final = re.compile(
    f"(?<![{_THAI_CONSONANT}{_THAI_MARKS}])[{_THAI_MARKS}]|[\u0e40-\u0e44](?![{_THAI_CONSONANT}])"
    "|[A-Za-z][\u0e01-\u0e4e]|[\u0e01-\u0e4e][A-Za-z]"
)

#: Words with letters beyond ASCII.
_FOREIGN_WORD: Final = re.compile(r"[^\W\d_]*[^\x00-\x7f\W\d_][^\W\d_]*")
#: Letters with the same byte in the Western and the Central European code page, as far as both use them.
_SHARED_LETTERS: Final = frozenset("áéíóúöüäßçëâîôåµªº")
#: Where Western languages write the other letters; those of Central Europe stand elsewhere.
_WESTERN_LETTER: Final = re.compile(
    r"\bà\b|(?<=[aitl])à\b|(?<=\w)è(?=(?:s|[bcdfglmnpqrtv]+es?)\b)|ê(?=t|m|l|v|n|ch)|(?<=[aeiou])ñ(?=[aeiou])"
    r"|[ãõ](?=[eo])|[æø](?=[bdfgklmnrstv])|(?<=[ao])ï|(?<=o)û|û(?=[tr])|(?<=o)ù\b|(?<=[^\Waeiouy])ò\b|œ(?=u)"
)
#: Signs beside letters where no Western text has them, and runs of what other scripts are made of.
_MISPLACED_SIGN: Final = re.compile(
    "[\u00a2-\u00a9\u00ac-\u00af\u00b1-\u00b4\u00b6-\u00b9\u00bc-\u00be\u02c6\u02dc](?=[^\\W\\d_])"
    "|(?<=[^\\W\\d_])[\u00a1-\u00a9\u00ac-\u00b1\u00b4\u00b6\u00b8\u00b9\u00bc-\u00bf]"
    "|(?<=[^\\W\\d_][^\\W\\d_]l)[\u00b2\u00b3]|[\u00a1-\u00ff]{3}|[^\\W\\d_][\u00aa\u00ba][^\\W\\d_]"
)


class TextEncoding(NamedTuple):
    """The encoding of a file of text."""

    #: Name of a Python codec.
    codec: str
    #: Whether some bytes are no text in it, or NUL; they become U+FFFD.
    is_damaged: bool = False


def validate_encoding(encoding: object) -> str | None:
    """
    Return the argument ``encoding``, None where it is to be found.

    Raises
    ------
    OptionError
        If Python knows no such encoding of text.
    """
    if encoding is None:
        return None
    try:
        is_text = codecs.lookup(str(encoding))._is_text_encoding  # noqa: SLF001 - nothing public says so
    except LookupError:
        is_text = False
    if not (isinstance(encoding, str) and is_text):
        raise OptionError(f'encoding must name an encoding of text, such as "cp1251", not {encoding!r}.')
    return encoding


def find_encoding(file: IO[bytes], name: str, *, encoding: str | None = None) -> TextEncoding:
    """
    Return the encoding of a text file; the file is read once and rewound.

    A byte order mark decides; then UTF-16 without a mark, recognised by its zero bytes; then
    UTF-8, if the bytes agree but for a few; then Thai (CP874, which holds TIS-620)
    or Western (CP1252), where that makes words of the bytes.

    Parameters
    ----------
    file
        Seekable, at its beginning.
    name
        Name of the file in messages.
    encoding
        Name of a codec, where the caller says it.

    Returns
    -------
    found
        The codec, and whether some of the bytes are no text.

    Raises
    ------
    FormatError
        If the file is empty, or its bytes are text in none of these.
    """
    head = file.read(_SAMPLE)
    file.seek(0)
    if not head:
        raise FormatError(f"{name} is empty: not even a header.")
    if encoding is not None:
        return _check_decoding(file, encoding, name)
    for mark, codec in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return _check_decoding(file, codec, name)
    utf16 = _find_utf16(head)
    if utf16:
        return _check_decoding(file, utf16, name)
    try:
        return _check_decoding(file, "utf-8", name)
    except FormatError as error:
        file.seek(0)
        code_page = find_code_page(file.read(_SAMPLE))
        file.seek(0)
        if code_page is None:
            raise error from None
        return _check_decoding(file, code_page, name)


def find_code_page(data: bytes) -> str | None:
    """
    Return the code page of bytes that are no Unicode: ``"cp874"`` or ``"cp1252"``; None for any other.

    Each is taken only where it makes words: the marks of Thai stand on consonants, and letters beyond
    ASCII stand where Western languages write them. (Detectors by frequency need more text than
    a table of place names has.)
    """
    if _is_thai(data):
        return "cp874"
    return "cp1252" if _is_western(data) else None


def _is_thai(data: bytes) -> bool:
    try:
        text = data.decode("cp874")
    except UnicodeDecodeError:
        return False
    n_letters = len(_THAI_LETTER.findall(text))
    n_vowels = len(_THAI_VOWEL.findall(text))
    is_spelt = n_vowels * 10 >= n_letters or n_letters <= 3
    return n_letters > 1 and is_spelt and len(_MISPLACED_THAI.findall(text)) <= n_letters // 50


def _is_western(data: bytes) -> bool:
    try:
        text = data.decode("cp1252").casefold()
    except UnicodeDecodeError:
        return False
    if _MISPLACED_SIGN.search(text):
        return False
    words = _FOREIGN_WORD.findall(text)
    strange = sum(not _is_western_word(word) for word in words)
    return strange * 20 <= len(words)


def _is_western_word(word: str) -> bool:
    letters = [letter for letter in word if not letter.isascii()]
    known = sum(letter in _SHARED_LETTERS for letter in letters) + len(_WESTERN_LETTER.findall(word))
    return known == len(letters) and len(letters) * 2 <= max(len(word), 2)


def _find_utf16(head: bytes) -> str | None:
    """Recognise UTF-16 without a mark: every other byte of a plain header is zero."""
    sample = head[: len(head) // 2 * 2][:2048]
    if len(sample) < 8:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    enough = len(sample) // 2 * 0.4
    if odd > enough and not even:
        return "utf-16-le"
    return "utf-16-be" if even > enough and not odd else None


def _check_decoding(file: IO[bytes], encoding: str, name: str) -> TextEncoding:
    """Decode the whole file once, block by block, so that no row is met half read."""
    decoder = codecs.getincrementaldecoder(encoding)()
    is_utf8 = encoding.startswith("utf-8")
    line, blank, before, n_chars, n_nuls = 1, True, 0, 0, 0
    first_bad, n_bad, n_foreign = "", 0, 0
    while block := file.read(_BLOCK):
        try:
            text = decoder.decode(block, final=False)
        except UnicodeDecodeError as error:
            start = error.start
            bad_line = line + error.object[:start].count(b"\n")
            first_bad = first_bad or (
                f"{name} is no {_codec_title(encoding)} text: byte 0x{error.object[start]:02x} "
                f"in line {bad_line}, about position {before + start}; {_REMEDY}."
            )
            if not is_utf8:
                raise FormatError(first_bad) from None
            # From here on, bytes that are no UTF-8 are counted.
            pending = decoder.getstate()[0]
            decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
            text = decoder.decode(pending + block, final=False)
        if first_bad:
            n_bad += len(re.findall("[\udc80-\udcff]", text))
        if is_utf8:
            n_foreign += 0 if text.isascii() else len(text) - len(text.encode("ascii", "ignore"))
        n_nuls += text.count("\0")
        n_chars += len(text)
        line += text.count("\n")
        blank = blank and not text.strip()
        before += len(block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise FormatError(
            f"{name} is no {_codec_title(encoding)} text: it breaks off inside a character (line {line}); "
            "was the file cut off?"
        ) from None
    if blank:
        raise FormatError(f"{name} holds nothing but blank lines; the first line must name the columns.")
    if n_bad * 2 > n_foreign:
        raise FormatError(first_bad)
    if n_nuls * _CHARS_PER_NUL > n_chars:
        raise FormatError(
            f"{name} holds {n_nuls} NUL characters among {n_chars}, so it is no text table; "
            "is it a spreadsheet under another ending?"
        )
    file.seek(0)
    return TextEncoding(encoding, bool(n_bad or n_nuls))


def _codec_title(encoding: str) -> str:
    return encoding.removesuffix("-sig").upper()
