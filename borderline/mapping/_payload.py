"""
Tables as bytes: numbers in planes, words in blocks, both compressed and inert.

A column of numbers becomes whole multiples of a step, its bytes sorted by
significance (first all low bytes, then all next ones), which compresses well
and decodes without parsing. Words are JSON in blocks that a page unpacks when
somebody asks for one of their rows. Both travel as base64, an alphabet that
neither HTML nor Jinja reads anything into.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ._escape import safe_html

__all__ = ["BLOCK_ROWS", "MOST_WHOLE", "Planes", "inert_script", "pack_bytes", "pack_json", "pack_rows"]

#: Rows of texts that are unpacked together.
BLOCK_ROWS: Final = 2048

#: From this size on, bytes, half the time is worth a hundredth of the space.
_LARGE: Final = 2**22

#: The page computes in double precision, in which whole numbers beyond this are not all exact.
MOST_WHOLE: Final = 2**51


def pack_bytes(data: bytes) -> str:
    """
    Compress bytes into text that means nothing to any parser.

    Parameters
    ----------
    data
        Any bytes; the same bytes always give the same text.

    Returns
    -------
    text
        Base64 of a gzip stream without a date.

    Examples
    --------
    >>> gzip.decompress(base64.b64decode(pack_bytes(b"abc")))
    b'abc'
    """
    level = 6 if len(data) < _LARGE else 4
    return base64.b64encode(gzip.compress(data, level, mtime=0)).decode("ascii")


def pack_json(value: Any) -> str:  # noqa: ANN401 - whatever json can write
    r"""
    Compress JSON.

    Parameters
    ----------
    value
        Whatever ``json`` can write; NaN and infinities are refused.

    Returns
    -------
    text
        See `pack_bytes`. Halves of surrogate pairs, which UTF-8 cannot hold, stay as JSON's
        escapes, so that every text arrives as it was.

    Examples
    --------
    >>> gzip.decompress(base64.b64decode(pack_json("a\ud800")))
    b'"a\\ud800"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return pack_bytes(text.encode("utf-8", "backslashreplace"))


def inert_script(element_id: str, text: str, *, kind: str = "text/plain") -> str:
    """
    Put text into a script element that no browser runs.

    Parameters
    ----------
    element_id
        The id by which the page finds it.
    text
        What `pack_bytes` or `safe_json` returned.
    kind
        Media type of the element.

    Returns
    -------
    markup
        The element.

    Examples
    --------
    >>> inert_script("bl-x", "AA==")
    '<script type="text/plain" id="bl-x">AA==</script>'
    """
    return f'<script type="{safe_html(kind)}" id="{safe_html(element_id)}">{text}</script>'


@dataclass(slots=True)
class Planes:
    """Columns of numbers, collected one after the other."""

    #: What the page needs to decode them.
    layout: list[dict[str, Any]] = field(default_factory=list)
    #: Their bytes.
    parts: list[bytes] = field(default_factory=list)

    def add(
        self,
        name: str,
        values: npt.ArrayLike,
        *,
        per: int = 1,
        delta: bool = False,
        since: tuple[str, npt.ArrayLike] | None = None,
    ) -> None:
        """
        Add a column, rounded to whole multiples of a step.

        Parameters
        ----------
        name
            What the page calls it.
        values
            Numbers; what is not finite stays missing. Times `per` they lie within `MOST_WHOLE`.
        per
            Steps to the unit: 1000 keeps three decimals, and the page reads exactly these.
        delta
            Store each value's difference to the one before it, which suits
            lines and sorted columns. Such a column holds no missing value.
        since
            Name and values of a column with the same `per` that the page decodes before this
            one: store the difference to it, where it is not missing.
        """
        numbers = np.asarray(values, dtype="float64")
        missing = ~np.isfinite(numbers)
        whole = np.rint(np.where(missing, 0, numbers) * per).astype(np.int64)
        if since is not None:
            whole -= np.rint(np.nan_to_num(np.asarray(since[1], dtype="float64")) * per).astype(np.int64)
        base = int(whole[~missing].min()) if not missing.all() else 0
        # One above the number of steps, so that zero can mean "missing".
        codes = np.where(missing, 0, whole - (base - 1))
        if delta:
            # Zigzag: small steps either way become small unsigned numbers.
            change = np.diff(codes, prepend=0)
            codes = (change << 1) ^ (change >> 63)
        top = int(codes.max()) if codes.size else 0
        width = max(1, (top.bit_length() + 7) // 8)
        # The bytes of each number, least first, turned into planes.
        planes = codes.astype("<i8").view(np.uint8).reshape(-1, 8)[:, :width].T
        self.parts.append(planes.tobytes())
        entry = {"name": name, "rows": int(codes.size), "width": width, "base": base, "per": per}
        kind = {"delta": True} if delta else {"since": since[0]} if since else {}
        self.layout.append(entry | kind)

    def text(self) -> str:
        """Return all columns as one compressed text."""
        return pack_bytes(b"".join(self.parts))


def pack_rows(columns: Mapping[str, Sequence[Any]], rows: int) -> list[str]:
    """
    Pack columns of words, block by block.

    Parameters
    ----------
    columns
        Name to values, each JSON can write; None where there is nothing.
    rows
        Length of every column.

    Returns
    -------
    blocks
        One compressed text for every `BLOCK_ROWS` rows, none where there is no column; columns
        that are empty in a block are left out of it.

    Examples
    --------
    >>> len(pack_rows({"place": ["Poipet"]}, 1))
    1
    """
    blocks = []
    for start in range(0, rows if columns else 0, BLOCK_ROWS):
        part = {name: list(values[start : start + BLOCK_ROWS]) for name, values in columns.items()}
        blocks.append(
            pack_json({name: values for name, values in part.items() if any(v is not None for v in values)})
        )
    return blocks
