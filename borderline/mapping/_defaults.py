"""
What a map does about a border or places that the caller left out.

Pictures call no verb but here: a table that was not located yet is located with `locate`,
and the page and the log say so.
"""

from __future__ import annotations

import logging
from typing import NamedTuple

import geopandas as gpd

from ..border import Border, distinguish_borders, require_border
from ..catalog import load_border
from ..errors import TableError
from ..referencing import locate
from ..schema import points_lonlat

__all__ = ["MapSubject", "choose_subject"]

_LOG = logging.getLogger(__name__)


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
    if isinstance(events, Border):
        if border is not None:
            # The likely mistake is the order of the two.
            require_border(border, verb="explore")
            raise TableError("explore takes one border; give the events first: explore(events, border).")
        return MapSubject(None, events, ())
    of = getattr(events, "attrs", {}).get("border")
    # A table that was located in this session carries its border.
    default = getattr(of, "border", None) if border is None else border
    chosen = load_border() if default is None else default
    require_border(chosen, verb="explore")
    if events is None:
        return MapSubject(None, chosen, ())
    if of is not None and of != chosen.identity:
        located_on, shown = distinguish_borders(of, chosen.identity)
        raise TableError(
            f"explore: the events were located on {located_on}, the map shows {shown}; give the border "
            "they were located on, or locate them anew."
        )
    if "chainage_m" in getattr(events, "columns", ()):
        return MapSubject(events, chosen, ())
    points_lonlat(events, verb="explore")
    note = "The events were not located yet; their kilometres and distances were measured for this map."
    _LOG.info(
        "explore: the events were not located yet; they were located on the %s.", chosen.name or "border"
    )
    return MapSubject(locate(events, chosen), chosen, (note,))
