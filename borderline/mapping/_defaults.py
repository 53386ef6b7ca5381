"""
What a map does about a border or places that the caller left out.

Pictures call no verb but here: a table that was not located yet is located with `locate`,
and the page and the log say so.
"""

from __future__ import annotations

import logging
import warnings
from typing import Final, NamedTuple

import geopandas as gpd
import pandas as pd

from .._default_border import split_border
from ..border import Border, distinguish_borders
from ..errors import BorderlineError, PositionWarning, TableError
from ..referencing import locate
from ..schema import AFTER_LEVEL, points_lonlat
from ._position_shapes import MOST_ROWS

__all__ = ["MapSubject", "choose_subject"]

_LOG = logging.getLogger(__name__)

#: Columns of `locate`: a table that has any of them is shown as it is, so that none is overwritten.
_LOCATED: Final = frozenset(("chainage_m", "distance_m", "side"))


#: Confidence of the limits and sides of a map.
LEVEL: Final = 0.9


class MapSubject(NamedTuple):
    """What a map is about."""

    #: Located events; None for a map of the border alone.
    events: gpd.GeoDataFrame | None
    border: Border
    #: What was done to get there, as sentences for the readers of the page.
    notes: tuple[str, ...]


def choose_subject(events: gpd.GeoDataFrame | Border | None, border: Border | None) -> MapSubject:
    """
    Return located events and the border of a map.

    Parameters
    ----------
    events
        Events, located or not; or a border, or None, for a map without events.
    border
        The border; by default the one the events were located on, or else the built-in one.

    Returns
    -------
    subject
        Events, border and what was done.

    Raises
    ------
    TableError
        If `events` is no GeoDataFrame, or was located on another border.
    CRSError, GeometryError
        If the geometry cannot serve, see `schema.points_lonlat`.
    """
    table, chosen = split_border(events, border, verb="explore")
    if table is None:
        return MapSubject(None, chosen, ())
    identity = getattr(table, "attrs", {}).get("border")
    if identity is not None and identity != chosen.identity:
        located_on, shown = distinguish_borders(identity, chosen.identity)
        raise TableError(
            f"explore: the events were located on {located_on}, the map shows {shown}; give the border "
            "they were located on, or locate them anew."
        )
    if not _LOCATED.isdisjoint(getattr(table, "columns", ())):
        return MapSubject(_add_certainty(table, chosen), chosen, ())
    points_lonlat(table, verb="explore")
    note = "The events were not located yet; their kilometres and distances were measured for this map."
    _LOG.info(
        "explore: the events were not located yet; they were located on the %s.", chosen.name or "border"
    )
    return MapSubject(_add_certainty(locate(table, chosen), chosen), chosen, (note,))


def _add_certainty(events: gpd.GeoDataFrame, border: Border) -> gpd.GeoDataFrame:
    """
    Add how sure the side and the distance are, where errors are stated and `locate` did not say it.

    What the table says of itself stays: columns are only added. A table of many incidents, or one whose
    errors cannot be read, is left as it is.
    """
    columns = getattr(events, "columns", ())
    error = "location_error_m"
    if len(events) > MOST_ROWS or error not in columns or not {"side", "distance_m"} <= set(columns):
        return events
    if "side_known" in columns or not pd.to_numeric(events[error], errors="coerce").gt(0).any():
        return events
    try:
        with warnings.catch_warnings():
            # What is not known stands on the page: "not stated", "side not known".
            warnings.simplefilter("ignore", PositionWarning)
            sure = locate(events, border, level=LEVEL)
    except BorderlineError:
        return events
    # Of a table that somebody changed by hand, nothing is said that its own columns contradict.
    same = (sure["distance_m"] - pd.to_numeric(events["distance_m"], errors="coerce")).abs().lt(1.0)
    same &= sure["side"].eq(events["side"]).fillna(value=False)
    added = {name: sure[name].where(same) for name in AFTER_LEVEL if name in sure and name not in columns}
    completed = events.assign(**added)
    completed.attrs = dict(events.attrs)
    return completed
