"""One row in the place of several that tell of one event."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import Ints

__all__ = ["merged"]

#: Told by every report: all are kept.
_JOINED: Final = {"source": "; ", "source_url": " ", "notes": "\n\n", "dataset": "; ", "side_blamed": "; "}
_DEATHS: Final = ("fatalities_low", "fatalities_high")


def merged(marked: gpd.GeoDataFrame, group: Ints, head: Ints) -> gpd.GeoDataFrame:
    """
    Keep the head of each group, completed from the others.

    Parameters
    ----------
    marked
        Events, one row a report.
    group
        Number of the group of each row, -1 for none.
    head
        Position of the row that each row is merged into.

    Returns
    -------
    events
        The heads and the events alone, in their order, with ``merged_from``.
    """
    keep = np.flatnonzero(head == np.arange(len(marked)))
    result = marked.iloc[keep].copy()
    result["merged_from"] = pd.Series(pd.NA, index=result.index, dtype="string")
    place = {row: at for at, row in enumerate(keep.tolist())}
    for number in range(int(group.max(initial=-1)) + 1):
        rows = np.flatnonzero(group == number)
        first = head[rows[0]]
        ordered = [first, *(row for row in rows.tolist() if row != first)]
        for name, value in _whole(marked.iloc[ordered]).items():
            result.iloc[place[int(first)], result.columns.get_loc(name)] = value
    result.attrs = {**marked.attrs, "merged": len(marked) - len(result)}
    return result


def _whole(reports: gpd.GeoDataFrame) -> dict[str, Any]:
    """Complete the first report from the others."""
    values: dict[str, Any] = {"merged_from": "; ".join(map(str, sorted(reports.index, key=str)))}
    for name in reports.columns.difference([reports.geometry.name, "merged_from"]):
        told = reports[name].dropna()
        if name in _JOINED and len(told):
            values[name] = _JOINED[name].join(dict.fromkeys(map(str, told)))
        elif len(told) and pd.isna(reports[name].iloc[0]):
            values[name] = told.iloc[0]
    ends = [name for name in (*_DEATHS, "fatalities") if name in reports.columns]
    if set(_DEATHS) <= set(ends):
        figures = reports[ends].to_numpy(dtype=np.float64, na_value=np.nan)
        low, high = np.nanmin(figures, initial=np.inf), np.nanmax(figures, initial=-np.inf)
        if low < high:
            values |= {_DEATHS[0]: int(low), _DEATHS[1]: int(high)}
    return values
