"""Incidents that several rows report: counted once, if asked."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._constants import WGS84_CRS, Bools, Ints
from ..errors import TableError
from ._period import days_of

__all__ = ["DISTINCT", "counted_once", "repeats"]

#: What may be counted once: a place, or a place on a day.
DISTINCT: Final = ("place", "place-day")


def repeats(
    events: pd.DataFrame,
    distinct: str,
    *,
    days: pd.Series[pd.Timestamp] | None,
    counted: Bools,
    group: Ints,
) -> Bools:
    """
    Tell which events repeat an earlier one of their group at the same place, or place and day.

    Parameters
    ----------
    events
        Events after `locate`. Places are told apart by their points, to a millionth of a degree,
        or in a table without points by where they stand to the border, to a metre.
    distinct
        ``"place"`` or ``"place-day"``.
    days
        Day of each event; one that is missing repeats none.
    counted
        Events that count; others neither repeat nor are repeated.
    group
        Group of each event.

    Returns
    -------
    repeated
        One value an event.

    Raises
    ------
    TableError
        If `distinct` is neither, or the table has no dates.
    """
    if distinct not in DISTINCT:
        raise TableError(f"distinct is one of {', '.join(map(repr, DISTINCT))}, not {distinct!r}.")
    keys = {**_place(events), "group": group}
    if distinct == "place-day":
        if days is None:
            raise TableError("distinct='place-day' needs the column event_date; read_events makes it.")
        keys["day"] = days.to_numpy()
        keys["alone"] = np.where(days.isna().to_numpy(), np.arange(len(events)), -1)
    repeated = np.zeros(len(events), dtype=np.bool_)
    repeated[np.flatnonzero(counted)] = pd.DataFrame(keys)[counted].duplicated().to_numpy()
    return repeated


def counted_once(
    events: pd.DataFrame, rows: Bools, distinct: str | None, *, verb: str, group: Ints | None = None
) -> tuple[Bools, dict[str, int]]:
    """
    Leave out events that repeat an earlier one.

    Parameters
    ----------
    events
        Events after `locate`.
    rows
        Those that count.
    distinct
        ``"place"``, ``"place-day"``, or None to keep all.
    verb
        Who asks, for messages.
    group
        Group of each event, within which it may repeat another; by default one for all.

    Returns
    -------
    rows, left_out
        Those that count still, and how many do not, by reason (``same_place_day``).
    """
    if distinct is None:
        return rows, {}
    days = days_of(events, verb=verb) if distinct == "place-day" else None
    one = np.zeros(len(events), dtype=np.int64) if group is None else group
    again = repeats(events, distinct, days=days, counted=rows, group=one)
    return rows & ~again, {f"same_{distinct.replace('-', '_')}": int(again.sum())}


def _place(events: pd.DataFrame) -> dict[str, Any]:
    if isinstance(events, gpd.GeoDataFrame) and events.active_geometry_name is not None:
        points = events.geometry if events.crs is None else events.geometry.to_crs(WGS84_CRS)
        xy = [axis(points.to_numpy()) for axis in (shapely.get_x, shapely.get_y)]
        return {name: values.round(6) for name, values in zip("xy", xy, strict=True)}
    across = "offset_m" if "offset_m" in events else "distance_m"
    return {
        name: events[name].to_numpy(dtype=np.float64, na_value=np.nan).round()
        for name in ("chainage_m", across)
    }
