"""Merge each group of reports into one row."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import Ints

__all__ = ["merge_groups"]

#: Columns whose values are all kept, with what separates them.
_SEPARATORS: Final = {
    "source": "; ",
    "source_url": " ",
    "notes": "\n\n",
    "dataset": "; ",
    "side_blamed": "; ",
}
_DEATHS: Final = ("fatalities_low", "fatalities_high")


def merge_groups(marked: gpd.GeoDataFrame, group: Ints, head: Ints) -> gpd.GeoDataFrame:
    """
    Keep the head of each group, its gaps filled from the other reports.

    Parameters
    ----------
    marked
        Events, one row a report.
    group
        Number of the group of each row, -1 for none.
    head
        Position of the row into which each row is merged.

    Returns
    -------
    events
        The heads and the ungrouped events, in their order, with ``merged_from``.
    """
    kept = np.flatnonzero(head == np.arange(len(marked)))
    events = marked.iloc[kept].copy()
    events["merged_from"] = pd.Series(pd.NA, index=events.index, dtype="string")
    new_position = {row: position for position, row in enumerate(kept.tolist())}
    for number in range(int(group.max(initial=-1)) + 1):
        rows = np.flatnonzero(group == number)
        first = head[rows[0]]
        ordered = [first, *(row for row in rows.tolist() if row != first)]
        for name, value in _merge_reports(marked.iloc[ordered]).items():
            events.iloc[new_position[int(first)], events.columns.get_loc(name)] = value
    events.attrs = {**marked.attrs, "merged": len(marked) - len(events)}
    return events


def _merge_reports(reports: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return the values by which the first report changes."""
    values: dict[str, Any] = {"merged_from": "; ".join(map(str, sorted(reports.index, key=str)))}
    for name in reports.columns.difference([reports.geometry.name, "merged_from"]):
        known = reports[name].dropna()
        if name in _SEPARATORS and len(known):
            values[name] = _SEPARATORS[name].join(dict.fromkeys(map(str, known)))
        elif len(known) and pd.isna(reports[name].iloc[0]):
            values[name] = known.iloc[0]
    columns = [name for name in (*_DEATHS, "fatalities") if name in reports.columns]
    if set(_DEATHS) <= set(columns):
        figures = reports[columns].to_numpy(dtype=np.float64, na_value=np.nan)
        low, high = np.nanmin(figures, initial=np.inf), np.nanmax(figures, initial=-np.inf)
        if low < high:
            values |= {_DEATHS[0]: int(low), _DEATHS[1]: int(high)}
    return values
