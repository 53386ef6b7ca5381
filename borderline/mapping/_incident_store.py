"""
The store of incidents in a page, each value once.

A value goes into one of four places: numbers that the page draws and filters by, in planes that
are decoded at once; other numbers, in planes that are decoded when a row is shown; texts that
rows share, in lists whose positions the planes hold; and all other texts, in blocks of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from .._constants import Bools, Floats
from ._column_values import texts_of
from ._payload import Planes, inert_script, pack_json, pack_rows
from ._row_labels import RowLabels

__all__ = ["IncidentStore", "Names", "encode_texts"]


@dataclass(frozen=True, slots=True)
class Names:
    """Texts that rows share, the most frequent first, then by the text."""

    #: Position in `texts` of each row, one array a column; NaN where there is none.
    codes: list[Floats]
    texts: list[str]
    #: Number of rows with each text in one of the columns.
    counts: list[int]


def encode_texts(columns: Sequence[pd.Series[Any]]) -> Names:
    """
    Return codes for the texts of some columns.

    Parameters
    ----------
    columns
        Columns of the same length that draw on the same names.

    Returns
    -------
    names
        Texts, counts and codes.
    """
    codes, texts = texts_of(pd.concat(columns, ignore_index=True) if len(columns) > 1 else columns[0])
    parts = np.split(codes, len(columns)) if len(columns) > 1 else [codes]
    counts = np.zeros(len(texts), dtype=np.int64)
    for k, part in enumerate(parts):
        # A row with the same text twice counts once.
        again = np.zeros(len(part), dtype=np.bool_)
        for other in parts[:k]:
            again |= part == other
        counts += np.bincount(part[(part >= 0) & ~again], minlength=len(texts))
    order = sorted(range(len(texts)), key=lambda code: (-counts[code], texts[code]))
    place = np.full(len(texts) + 1, np.nan)
    place[order] = np.arange(len(texts))
    return Names([place[part] for part in parts], [texts[k] for k in order], counts[order].tolist())


@dataclass(slots=True)
class IncidentStore:
    """Collects the values of rows."""

    #: Number of rows.
    rows: int
    #: Numbers that are decoded at once.
    first: Planes = field(default_factory=Planes)
    #: Numbers that are decoded on demand.
    later: Planes = field(default_factory=Planes)
    #: Texts by the name of the list.
    names: dict[str, list[str]] = field(default_factory=dict)
    #: Texts row by row.
    words: dict[str, list[str | None]] = field(default_factory=dict)
    #: Fields of the record of a row, in order: name, kind, and the column that holds it.
    fields: list[tuple[str, str, str]] = field(default_factory=list)

    def add_field(self, name: str, kind: str, column: str | None = None) -> None:
        """
        Add a field to the record of a row.

        Parameters
        ----------
        name
            What the page calls it.
        kind
            ``number``, ``date``, ``flag``, ``label:DIGITS``, ``numbered:DIGITS``, ``measure``,
            ``distance``, ``beside`` (a number that counts from the distance), ``names:LIST`` or
            ``words``.
        column
            The column that holds it, if it has another name.
        """
        self.fields.append((name, kind, column or name))

    def labels(self, labels: RowLabels) -> None:
        """Add the labels of the rows."""
        if labels.texts is not None:
            self.words["id"] = labels.texts.tolist()
            self.add_field("id", "words")
            return
        self.later.add("id", labels.numbers, delta=True)
        if labels.words == [""]:
            self.add_field("id", f"label:{labels.width}")
            return
        self.names["before"] = labels.words
        self.later.add("before", labels.before)
        self.add_field("id", f"numbered:{labels.width}")

    def numbers(
        self, name: str, values: Floats, *, since: tuple[str, Floats] | None = None, kind: str = "number"
    ) -> None:
        """Add whole numbers, if there are any."""
        if np.isfinite(values).any():
            self.later.add(name, values, since=since)
            self.add_field(name, kind)

    def flags(self, name: str, truths: Bools) -> None:
        """Add a flag, if it is set anywhere."""
        if truths.any():
            self.later.add(name, np.where(truths, 1.0, np.nan))
            self.add_field(name, "flag")

    def shared(self, columns: dict[str, pd.Series[Any]], names: str, *, at_once: bool = False) -> Names:
        """Add columns of texts that rows share, with one list for all of them."""
        encoded = encode_texts(list(columns.values()))
        self.names[names] = encoded.texts
        for name, codes in zip(columns, encoded.codes, strict=True):
            (self.first if at_once else self.later).add(name, codes)
            self.add_field(name, f"names:{names}")
        return encoded

    def codes(self, name: str, column: pd.Series[Any]) -> Names:
        """Add the codes of texts that rows are chosen by; the record of a row does not have them."""
        encoded = encode_texts([column])
        self.first.add(name, encoded.codes[0])
        return encoded

    def texts(self, name: str, series: pd.Series[Any]) -> None:
        """Add texts: as a list where on average two rows share one, else row by row."""
        codes, texts = texts_of(series)
        known = int((codes >= 0).sum())
        if not known:
            return
        if 2 * len(texts) <= known:
            self.shared({name: series}, name)
            return
        self.words[name] = np.array([*texts, None], dtype=object)[codes].tolist()
        self.add_field(name, "words")

    def layout(self) -> dict[str, Any]:
        """Return what the page needs to read the elements."""
        return {"layout": self.first.layout, "later": self.later.layout, "fields": self.fields}

    def elements(self) -> list[str]:
        """Return the inert elements that hold the values."""
        elements = [
            inert_script("bl-incidents", self.first.text()),
            inert_script("bl-later", self.later.text()),
            inert_script("bl-names", pack_json(self.names)),
        ]
        blocks = pack_rows(self.words, self.rows)
        return elements + [inert_script(f"bl-words-{k}", text) for k, text in enumerate(blocks)]
