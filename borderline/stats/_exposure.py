"""Exposure of segments: length of border or the land nearest to it; the one-kilometre rule."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import Floats
from ..border import Border, border_of, distinguish_borders, require_border
from ..errors import OptionError, TableError
from ..options import validate_word
from ..schema import numbers_of, require_columns, require_table
from ._catchment import Catchment, catchment_of

__all__ = ["Exposure", "choose_exposure", "exposure_of_segments", "resolve_border"]

#: Up to this distance, kilometres, length is the exposure; beyond it, bends make catchments differ.
NEAR_KM: Final = 1.0


class Exposure(NamedTuple):
    """Exposure of segments."""

    #: ``length``, ``catchment`` or the name of a column.
    kind: str
    #: One number a segment: kilometres, square kilometres, or the column's unit.
    amount: Floats
    #: The unit of `amount`.
    unit: str


def choose_exposure(
    exposure: object, within_km: float | None, *, columns: Collection[object] | None = None
) -> str:
    """
    Return the kind of exposure, by the one-kilometre rule where none is given.

    Parameters
    ----------
    exposure
        ``"length"``, ``"catchment"`` or one of `columns`; None for the catchment where `within_km` exceeds
        1, else the length.
    within_km
        Distance from the line within which events count, kilometres; None for no limit.
    columns
        Columns of the segments that are allowed; None where no column is.

    Returns
    -------
    exposure
        ``"length"``, ``"catchment"`` or the name of a column.

    Raises
    ------
    OptionError
        If it is something else, or the catchment has no width.
    """
    if exposure is None:
        return "catchment" if within_km is not None and within_km > NEAR_KM else "length"
    named = [column for column in columns or () if isinstance(column, str)]
    hint = "" if columns is None else "a column of the segments"
    kind = (
        exposure
        if exposure in named
        else validate_word(exposure, "exposure", ("length", "catchment"), hint=hint)
    )
    if kind == "catchment" and within_km is None:
        raise OptionError("exposure='catchment' needs within_km, the half-width of the catchment.")
    return str(kind)


def resolve_border(
    events: pd.DataFrame, segments: gpd.GeoDataFrame, border: Border | None, *, verb: str
) -> Border | None:
    """
    Return the border of events and segments, which must be the same.

    Parameters
    ----------
    events
        Events after `locate`.
    segments
        Stretches, from `segment`.
    border
        The border given by the caller, if any.
    verb
        Name of the public function, for messages.

    Returns
    -------
    border
        `border`, or the one that the tables carry; None where neither carries it.

    Raises
    ------
    TableError
        If two of them are of different borders, or one is not a table.
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
    if border is None:
        return border_of(segments) or border_of(events)
    require_border(border, verb=verb)
    of_tables = of_events or of_segments
    if of_tables and of_tables != border.identity:
        of_table, given = distinguish_borders(of_tables, border.identity)
        raise TableError(f"The tables are of {of_table}, but border is {given}; use the same border for all.")
    return border


def exposure_of_segments(
    segments: gpd.GeoDataFrame,
    kind: str,
    *,
    border: Border | None,
    within_km: float | None,
    bank: str | None = None,
) -> Exposure:
    """
    Return the exposure of each segment.

    Parameters
    ----------
    segments
        Stretches, from `segment`.
    kind
        Kind of exposure, from `choose_exposure`.
    border
        The border of the segments, needed for the catchment.
    within_km
        Half-width of the catchment, geodesic kilometres.
    bank
        Country whose bank alone counts, for the catchment.

    Returns
    -------
    exposure
        One number for each segment.

    Raises
    ------
    TableError
        If the border is needed and neither given nor carried by the segments, or the column is missing or
        holds something other than positive numbers.
    """
    if kind == "length":
        return Exposure(kind, segments["length_km"].to_numpy(dtype=np.float64), "km")
    if kind == "catchment" and within_km is not None:
        start, end = (segments[name].to_numpy(dtype=np.float64) for name in ("from_m", "to_m"))
        land = _find_catchment(border, within_km, bank)
        return Exposure(kind, land.of_stretches(start, end), "km2")
    remedy = "exposure is 'length', 'catchment' or a column of the segments"
    require_columns(segments, [kind], verb="exposure", remedy=remedy)
    values = numbers_of(segments, kind, subject="The exposure")
    bad = ~(np.isfinite(values) & (values > 0))
    if bad.any():
        raise TableError(
            f"The exposure {kind!r} is not a positive number in segment {segments.index[bad].tolist()[0]!r}."
        )
    return Exposure(kind, values, kind)


def _find_catchment(border: Border | None, within_km: float, bank: str | None) -> Catchment:
    if border is None:
        raise TableError(
            "The catchment needs the border, and these segments do not carry it, as after reading from a "
            "file; give border=, the border that was cut, or exposure='length'."
        )
    return catchment_of(border, within_km=within_km, bank=bank)
