"""Events to stretches of a border, and what each stretch is exposed to."""

from __future__ import annotations

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import Bools, Floats, Ints
from ..border import Border, distinguish_borders, require_border
from ..errors import MeasureError, TableError
from ..schema import numbers_of, require_columns, require_table
from ._catchment import Catchment, catchment_of
from ._sample import require_within, too_vague

__all__ = ["Exposure", "assign", "exposure_of", "same_border"]

#: An event this far below a break, metres, belongs to the segment above it.
BREAK_SLACK_M: Final = 1e-3

#: Within this distance events gather at the line; farther off, bends decide how many.
NEAR_KM: Final = 1.0


class Exposure(NamedTuple):
    """What the counts of segments are compared with."""

    #: ``length``, ``catchment`` or the name of a column.
    kind: str
    #: One number a segment: kilometres, square kilometres, or the column's unit.
    amount: Floats
    #: The unit of `amount`.
    unit: str


def same_border(events: pd.DataFrame, segments: gpd.GeoDataFrame, border: Border | None = None) -> None:
    """
    Refuse events and segments of different borders.

    Parameters
    ----------
    events
        Events after `locate`.
    segments
        Stretches, from `segment`.
    border
        The border the caller says both are of, if any.

    Raises
    ------
    TableError
        If two of them name different borders, or one is no table.
    """
    for table, maker in ((events, "locate"), (segments, "segment")):
        require_table(table, maker=maker)
    of_events, of_segments = events.attrs.get("border"), segments.attrs.get("border")
    if of_events and of_segments and of_events != of_segments:
        located_on, cut = distinguish_borders(of_events, of_segments)
        raise TableError(
            f"The events were located on {located_on}, the segments are of {cut}; "
            "use the same border for both."
        )
    of = of_events or of_segments
    if border is not None:
        require_border(border, verb="density")
    if border is not None and of and of != border.identity:
        of_tables, given = distinguish_borders(of, border.identity)
        raise TableError(
            f"The tables are of {of_tables}, but border is {given}; use the same border for all."
        )


def assign(
    events: pd.DataFrame, segments: gpd.GeoDataFrame, *, within_km: float | None, verb: str
) -> tuple[Ints, dict[str, int]]:
    """
    Give each event its segment, and count why others have none.

    Parameters
    ----------
    events
        Events after `locate`: ``chainage_m``, ``distance_m``, ``beyond_end``.
    segments
        Stretches with ``from_m`` and ``to_m``, in any order, with gaps if need be.
    within_km
        Leave out events farther than this from the line, geodesic kilometres; None for no limit.
    verb
        Who asks, for messages.

    Returns
    -------
    segment
        Position of the segment of each event, -1 where it has none.
    left_out
        How many have none, by reason: ``no_chainage``, ``beyond_end``, ``beyond_within_km``,
        ``too_vague`` (placed by name, less well than `within_km`), ``outside_segments``; each
        event has the first that holds.

    Raises
    ------
    TableError
        If a column is missing, or segments overlap.
    MeasureError
        If `within_km` is negative.
    """
    needed = ["chainage_m", "distance_m", "beyond_end"]
    require_columns(events, needed, verb=verb, remedy="run locate first")
    require_columns(segments, ["from_m", "to_m", "length_km"], verb=verb, remedy="segment makes them")
    require_within(within_km)
    chainage, distance = (numbers_of(events, name) for name in ("chainage_m", "distance_m"))
    reasons: dict[str, Bools] = {
        "no_chainage": np.isnan(chainage),
        "beyond_end": events["beyond_end"].to_numpy(dtype=np.bool_, na_value=False),
        "beyond_within_km": np.zeros(len(events), dtype=np.bool_),
    }
    if within_km is not None:
        reasons["beyond_within_km"] = ~(distance <= within_km * 1000.0)
        reasons |= too_vague(events, within_km)
    order = np.argsort(segments["from_m"].to_numpy(), kind="stable")
    start, end = (segments[name].to_numpy(dtype=np.float64)[order] for name in ("from_m", "to_m"))
    if (start[1:] < end[:-1] - BREAK_SLACK_M).any():
        raise TableError("The segments overlap, so an event could count twice; cut them anew with segment.")
    place = np.searchsorted(start, np.nan_to_num(chainage) + BREAK_SLACK_M, side="right") - 1
    segment = order[np.clip(place, 0, None)] if len(order) else np.full(len(events), -1)
    past = np.nan_to_num(chainage) > end[np.clip(place, 0, None)] + BREAK_SLACK_M if len(order) else True
    reasons["outside_segments"] = (place < 0) | past
    left_out: dict[str, int] = {}
    free = np.ones(len(events), dtype=np.bool_)
    for reason, mask in reasons.items():
        left_out[reason] = int((free & mask).sum())
        free &= ~mask
    return np.where(free, segment, -1), left_out


def exposure_of(
    segments: gpd.GeoDataFrame,
    exposure: str | None,
    *,
    border: Border | None,
    within_km: float | None,
    bank: str | None = None,
) -> Exposure:
    """
    Tell what each segment is exposed to.

    Parameters
    ----------
    segments
        Stretches, from `segment`.
    exposure
        ``"length"``, ``"catchment"`` (the land within `within_km` nearest to each segment), or a
        column of `segments`. By default the catchment once `within_km` exceeds 1, else length.
    border
        The border of the segments. The catchment needs it where the segments carry none, as after
        reading them from a file.
    within_km
        Half-width of the band, geodesic kilometres.
    bank
        Country whose bank alone counts, for the catchment.

    Returns
    -------
    exposure
        One number a segment.

    Raises
    ------
    MeasureError
        If the catchment is asked for without `within_km`, or `bank` is no bank.
    TableError
        If the border is needed and neither given nor carried by the segments, or the column is missing
        or holds something else than positive numbers.
    """
    kind = exposure or ("catchment" if within_km is not None and within_km > NEAR_KM else "length")
    if kind == "length":
        return Exposure(kind, segments["length_km"].to_numpy(dtype=np.float64), "km")
    if kind == "catchment":
        if within_km is None:
            raise MeasureError("The catchment needs within_km: how far from the line land counts.")
        start, end = (segments[name].to_numpy(dtype=np.float64) for name in ("from_m", "to_m"))
        land = _find_catchment(border, within_km, bank)
        return Exposure(kind, land.of_stretches(start, end), "km2")
    remedy = "exposure is 'length', 'catchment' or a column of the segments"
    require_columns(segments, [kind], verb="exposure", remedy=remedy)
    values = numbers_of(segments, kind, what="The exposure")
    bad = ~(np.isfinite(values) & (values > 0))
    if bad.any():
        raise TableError(
            f"The exposure {kind!r} is no positive number in segment {segments.index[bad].tolist()[0]!r}."
        )
    return Exposure(kind, values, kind)


def _find_catchment(border: Border | None, within_km: float, bank: str | None) -> Catchment:
    if border is None:
        raise TableError(
            "The catchment needs the border, and these segments carry none, as after reading them from a "
            "file: give border=, as it was given to segment, or exposure='length'."
        )
    return catchment_of(border, within_km=within_km, bank=bank)
