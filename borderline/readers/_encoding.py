"""Bytes to text: Unicode as it declares itself or proves valid, else the code pages seen in the field."""

from __future__ import annotations

import codecs
import io
from typing import IO, Final

from ..errors import FormatError

__all__ = ["find_encoding", "open_text"]

_BLOCK: Final = 1 << 20
#: How much of a file that is not Unicode is shown to the detector.
_SAMPLE: Final = 1 << 18

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: Code pages of tables from the region, and from Western spreadsheets; any other is refused.
_CODE_PAGES: Final = ("cp874", "cp1252")


def find_encoding(file: IO[bytes], name: str) -> str:
    """
    Tell how the text of a file is encoded; the file is read once and wound back.

    A byte order mark decides; then UTF-8, if every byte of the file agrees; then
    UTF-16 without a mark, told by its zero bytes; then Thai (CP874, which holds TIS-620)
    or Western (CP1252), whichever makes words of the bytes.

    Parameters
    ----------
    file
        Seekable, at its beginning.
    name
        How messages call it.

    Returns
    -------
    encoding
        Name of a Python codec.

    Raises
    ------
    FormatError
        If the file is empty, or its bytes are text in none of these.
    """
    head = file.read(_SAMPLE)
    file.seek(0)
    if not head:
        raise FormatError(f"{name} is empty: not even a header.")
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            _check(file, encoding, name)
            return encoding
    wide = _wide(head)
    if wide:
        _check(file, wide, name)
        return wide
    try:
        _check(file, "utf-8", name)
    except FormatError as error:
        found = _code_page(file)
        if found is None:
            raise error from None
        _check(file, found, name)
        return found
    return "utf-8"


def open_text(file: IO[bytes], encoding: str) -> io.TextIOWrapper:
    """Open bytes as text whose line ends are left as they are."""
    return io.TextIOWrapper(file, encoding=encoding, newline="")


def _wide(head: bytes) -> str | None:
    """Tell UTF-16 without a mark: every other byte of a plain header is zero."""
    sample = head[: len(head) // 2 * 2][:2048]
    if len(sample) < 8:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    enough = len(sample) // 2 * 0.4
    if odd > enough and not even:
        return "utf-16-le"
    return "utf-16-be" if even > enough and not odd else None


def _check(file: IO[bytes], encoding: str, name: str) -> None:
    """Decode the whole file once, block by block, so that no row is met half read."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, blank, before = 1, True, 0
    while block := file.read(_BLOCK):
        try:
            text = decoder.decode(block, final=False)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count(b"\n")
            raise FormatError(
                f"{name} is no {_plain(encoding)} text: byte 0x{error.object[error.start]:02x} "
                f"in line {line}, about position {before + error.start}; save it as UTF-8."
            ) from None
        if "\0" in text:
            line += text.count("\n", 0, text.index("\0"))
            raise FormatError(f"{name} holds a NUL character (line {line}), so it is no text table.")
        line += text.count("\n")
        blank = blank and not text.strip()
        before += len(block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise FormatError(
            f"{name} is no {_plain(encoding)} text: it breaks off inside a character (line {line}); "
            "was the file cut off?"
        ) from None
    if blank:
        raise FormatError(f"{name} holds nothing but blank lines; the first line must name the columns.")
    file.seek(0)


def _code_page(file: IO[bytes]) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - needed for few files

    file.seek(0)
    found = from_bytes(file.read(_SAMPLE), cp_isolation=list(_CODE_PAGES)).best()
    file.seek(0)
    return None if found is None else found.encoding


def _plain(encoding: str) -> str:
    return encoding.removesuffix("-sig").upper()
