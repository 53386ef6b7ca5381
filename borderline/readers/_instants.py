"""Instants in UTC, as devices and databases write them, to days of the border's own zone."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from typing import Final

import numpy as np
import pandas as pd

from ._cell_values import read_texts

__all__ = ["localize_instants"]

#: Thailand and Cambodia keep one time, seven hours before UTC, since 1920.
_ZONE: Final = zoneinfo.ZoneInfo("Asia/Bangkok")
#: A time in UTC, of ISO or as GDAL writes it. Another offset is that of the place, so the day is as written.
_INSTANT: Final = re.compile(
    r"(\d{4}[-/]\d{2}[-/]\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s*(?:Z|UTC|GMT|[+-]00(?::?00)?)",
    re.IGNORECASE,
)


def localize_instants(column: pd.Series) -> tuple[pd.Series, int]:
    """
    Return a column of dates whose instants in UTC became times of the border's own zone, and their number.

    Examples
    --------
    >>> import pandas as pd
    >>> localize_instants(pd.Series(["2025-07-23T22:30:00Z", "2025-07-24"]))[0].tolist()
    ['2025-07-24T05:30:00+07:00', '2025-07-24']
    """
    kind = column.dtype
    if isinstance(kind, np.dtype) and kind.kind != "O":
        return column, 0
    texts = read_texts(column)
    known: dict[str, str | None] = {}
    n_instants = 0
    for position, text in enumerate(texts):
        if text is None or len(text) < 17:
            continue
        if text not in known:
            known[text] = _localize_instant(text)
        local = known[text]
        if local is not None:
            texts[position] = local
            n_instants += 1
    return (pd.Series(texts, name=column.name, dtype=object), n_instants) if n_instants else (column, 0)


def _localize_instant(text: str) -> str | None:
    match = _INSTANT.fullmatch(text)
    if match is None:
        return None
    try:
        instant = dt.datetime.fromisoformat(f"{match[1].replace('/', '-')}T{match[2]}+00:00")
        return instant.astimezone(_ZONE).isoformat()
    except (ValueError, OverflowError):
        return None
