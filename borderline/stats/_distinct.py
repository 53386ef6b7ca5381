"""Find events that repeat another one at the same place, or the same place and day."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._constants import WGS84_CRS, Bools, Ints
from ..options import validate_word
from ._period import EventDays

__all__ = ["DISTINCT", "find_repeats", "validate_distinct"]

#: What is counted once: a place, or a place on a day.
DISTINCT: Final = ("place", "place-day")


def validate_distinct(distinct: object) -> None:
    """
    Validate the option `distinct`.

    Parameters
    ----------
    distinct
        ``"place"``, ``"place-day"`` or None.

    Raises
    ------
    OptionError
        If it is something else.
    """
    if distinct is not None:
        validate_word(distinct, "distinct", DISTINCT)


def find_repeats(events: pd.DataFrame, rows: Ints, days: EventDays | None, group: Ints) -> Bools:
    """
    Return which events repeat an earlier one of their group at the same place, or place and day.

    Parameters
    ----------
    events
        Events after `locate`. Places are compared by their points, to a millionth of a degree; in a table
        without points, by chainage and offset, to a metre.
    rows
        Positions of the events that count.
    days
        Days of each event of the table, of which the first is compared; an event without a date repeats
        none. None where the day does not matter.
    group
        Group of each of `rows`.

    Returns
    -------
    repeated
        One value for each of `rows`.
    """
    keys = {name: values[rows] for name, values in _place_keys(events).items()} | {"group": group}
    if days is not None:
        keys["day"] = days.first.to_numpy()[rows]
        keys["alone"] = np.where(days.missing[rows], np.arange(len(rows)), -1)
    repeated: Bools = pd.DataFrame(keys).duplicated().to_numpy()
    return repeated


def _place_keys(events: pd.DataFrame) -> dict[str, Any]:
    if isinstance(events, gpd.GeoDataFrame) and events.active_geometry_name is not None:
        points = events.geometry if events.crs is None else events.geometry.to_crs(WGS84_CRS)
        xy = [axis(points.to_numpy()) for axis in (shapely.get_x, shapely.get_y)]
        return {name: values.round(6) for name, values in zip("xy", xy, strict=True)}
    across = "offset_m" if "offset_m" in events else "distance_m"
    return {
        name: events[name].to_numpy(dtype=np.float64, na_value=np.nan).round()
        for name in ("chainage_m", across)
    }
