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

__all__ = ["BLOCK_ROWS", "Planes", "inert_script", "pack_rows", "packed"]

#: Rows of words that are unpacked together.
BLOCK_ROWS: Final = 2048


def packed(data: bytes) -> str:
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
    >>> gzip.decompress(base64.b64decode(packed(b"abc")))
    b'abc'
    """
    return base64.b64encode(gzip.compress(data, 6, mtime=0)).decode("ascii")


def inert_script(element_id: str, text: str, *, kind: str = "text/plain") -> str:
    """
    Put text into a script element that no browser runs.

    Parameters
    ----------
    element_id
        The id by which the page finds it.
    text
        What `packed` or `safe_json` returned.
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
    """Columns of numbers, collected one after the other, all of the same length."""

    #: What the page must know to decode them.
    layout: list[dict[str, Any]] = field(default_factory=list)
    #: Their bytes.
    parts: list[bytes] = field(default_factory=list)

    def add(
        self, name: str, values: npt.ArrayLike, *, step: float, low: float | None = None, delta: bool = False
    ) -> None:
        """
        Add a column, rounded to whole multiples of a step.

        Parameters
        ----------
        name
            What the page calls it.
        values
            Numbers; what is not finite stays missing.
        step
            The smallest difference that is kept.
        low
            What zero stands for; the smallest value when left out.
        delta
            Store each value's difference to the one before it, which suits
            lines and sorted columns. Such a column holds no missing value.
        """
        numbers = np.asarray(values, dtype="float64")
        missing = ~np.isfinite(numbers)
        if low is None:
            low = float(numbers[~missing].min()) if (~missing).any() else 0.0
        # One above the number of steps, so that zero can mean "missing".
        codes = np.where(missing, 0, np.rint((np.where(missing, low, numbers) - low) / step) + 1)
        whole = codes.astype(np.int64)
        if delta:
            # Zigzag: small steps either way become small unsigned numbers.
            change = np.diff(whole, prepend=0)
            whole = (change << 1) ^ (change >> 63)
        top = int(whole.max()) if whole.size else 0
        width = max(1, (top.bit_length() + 7) // 8)
        self.parts.extend(((whole >> (8 * k)) & 255).astype(np.uint8).tobytes() for k in range(width))
        self.layout.append(
            {"name": name, "rows": int(whole.size), "width": width, "low": low, "step": step, "delta": delta}
        )

    def text(self) -> str:
        """Return all columns as one compressed text."""
        return packed(b"".join(self.parts))


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
        One compressed text for every `BLOCK_ROWS` rows; columns that are empty
        in a block are left out of it.

    Examples
    --------
    >>> len(pack_rows({"place": ["Poipet"]}, 1))
    1
    """
    blocks = []
    for start in range(0, rows, BLOCK_ROWS):
        part = {name: list(values[start : start + BLOCK_ROWS]) for name, values in columns.items()}
        part = {name: values for name, values in part.items() if any(v is not None for v in values)}
        text = json.dumps(part, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        blocks.append(packed(text.encode("utf-8", "replace")))
    return blocks
