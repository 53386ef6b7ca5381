"""The verb `density`: how many events a stretch of border has, and how sure that is."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import Bools, Floats, Ints
from .._poisson import poisson_limits
from ..errors import MeasureError, TableError
from ..provenance import cited
from ..schema import require_columns

__all__ = ["density"]

#: An event this far below a break, metres, belongs to the segment above it.
BREAK_SLACK_M: Final = 1e-3


def density(
    located: pd.DataFrame,
    segments: gpd.GeoDataFrame,
    *,
    within_km: float | None = None,
    weight: str | None = None,
    level: float = 0.95,
) -> gpd.GeoDataFrame:
    """
    Count the events of each segment, as a rate per kilometre with its uncertainty.

    The limits are exact for a Poisson count [1]_: if the same process ran again,
    the rate of each segment would be covered at least as often as `level` says.
    They speak of chance alone. Events at one place are seldom independent, and
    then the truth is wider.

    Parameters
    ----------
    located
        Events after `locate`: ``chainage_m``, ``distance_m``, ``beyond_end``.
    segments
        Stretches of the same border, from `segment`. Segments without events are
        kept, with a count of zero.
    within_km
        Leave out events farther than this from the line, geodesic kilometres. By
        default there is no limit.
    weight
        A column of numbers to sum per segment. By default ``fatalities`` where the
        table has it. Missing values are counted apart, never taken for zero.
    level
        Confidence level of the limits, between 0 and 1.

    Returns
    -------
    density
        `segments` with ``n_events``, ``events_per_km``, ``events_per_km_low``,
        ``events_per_km_high``, ``rank_events_per_km`` (1 is the densest, ties share
        the best rank) and, for weight ``x``, ``x``, ``x_per_km`` and
        ``n_unknown_x``. ``attrs["left_out"]`` counts the events left out, by
        reason; the counts and it add up to the events given.

    Raises
    ------
    TableError
        If a column is missing, a weight is negative or no number, or events and
        segments are of different borders.
    MeasureError
        If `within_km` is negative, or `level` is not between 0 and 1.

    References
    ----------
    .. [1] F. Garwood, "Fiducial limits for the Poisson distribution",
       Biometrika 28 (1936), 437-442.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.load_seeds().pipe(bl.geocode).pipe(bl.locate, border)
    >>> rates = bl.density(events, bl.segment(border, every_km=10), within_km=25)
    >>> int(rates["n_events"].sum()) + sum(rates.attrs["left_out"].values()) == len(events)
    True
    """
    needed = ["chainage_m", "distance_m", "beyond_end"]
    require_columns(located, needed, verb="density", remedy="run locate first")
    require_columns(segments, ["from_m", "to_m", "length_km"], verb="density", remedy="segment makes them")
    if within_km is not None and not within_km >= 0:
        raise MeasureError(f"within_km must not be negative, but is {within_km}.")
    if not 0 < level < 1:
        raise MeasureError(f"level must lie between 0 and 1, such as 0.95; it is {level}.")
    _same_border(located, segments)
    segment, left_out = _assign(located, segments, within_km)
    counted = segment >= 0
    n = len(segments)
    result = segments.copy()
    count = np.bincount(segment[counted], minlength=n)
    length = segments["length_km"].to_numpy()
    low, high = poisson_limits(count, level)
    result["n_events"] = count
    result["events_per_km"] = count / length
    result["events_per_km_low"] = low / length
    result["events_per_km_high"] = high / length
    result["rank_events_per_km"] = _rank(result["events_per_km"])
    column = weight or ("fatalities" if "fatalities" in located.columns else None)
    if column is not None:
        values = _weights(located, column)
        known = counted & ~np.isnan(values)
        total = np.bincount(segment[known], weights=values[known], minlength=n)
        whole = pd.api.types.is_integer_dtype(located[column].dtype)
        result[column] = total.astype(np.int64) if whole else total
        result[f"{column}_per_km"] = total / length
        result[f"n_unknown_{column}"] = np.bincount(segment[counted & np.isnan(values)], minlength=n)
        result[f"rank_{column}_per_km"] = _rank(result[f"{column}_per_km"])
    both = [*cited(segments.attrs), *cited(located.attrs)]
    result.attrs = {
        **segments.attrs,
        "sources": cited({"sources": both}),
        "left_out": left_out,
        "within_km": within_km,
        "level": level,
    }
    return result


def _same_border(located: pd.DataFrame, segments: gpd.GeoDataFrame) -> None:
    mine, theirs = located.attrs.get("border"), segments.attrs.get("border")
    if mine and theirs and mine != theirs:
        raise TableError(
            f"The events were located on {mine}, the segments are of {theirs}; use the same border for both."
        )


def _assign(
    located: pd.DataFrame, segments: gpd.GeoDataFrame, within_km: float | None
) -> tuple[Ints, dict[str, int]]:
    """Give each event the position of its segment, or -1, and count why not."""
    chainage = located["chainage_m"].to_numpy(dtype=np.float64, na_value=np.nan)
    distance = located["distance_m"].to_numpy(dtype=np.float64, na_value=np.nan)
    reasons: dict[str, Bools] = {
        "no_chainage": np.isnan(chainage),
        "beyond_end": located["beyond_end"].to_numpy(dtype=np.bool_, na_value=False),
        "beyond_within_km": np.zeros(len(located), dtype=np.bool_),
    }
    if within_km is not None:
        reasons["beyond_within_km"] = ~(distance <= within_km * 1000.0)
    order = np.argsort(segments["from_m"].to_numpy(), kind="stable")
    start, end = (segments[name].to_numpy(dtype=np.float64)[order] for name in ("from_m", "to_m"))
    if (start[1:] < end[:-1] - BREAK_SLACK_M).any():
        raise TableError("The segments overlap, so an event could count twice; cut them anew with segment.")
    place = np.searchsorted(start, np.nan_to_num(chainage) + BREAK_SLACK_M, side="right") - 1
    segment = order[np.clip(place, 0, None)] if len(order) else np.full(len(located), -1)
    past = np.nan_to_num(chainage) > end[np.clip(place, 0, None)] + BREAK_SLACK_M if len(order) else True
    reasons["outside_segments"] = (place < 0) | past
    left_out: dict[str, int] = {}
    free = np.ones(len(located), dtype=np.bool_)
    for reason, mask in reasons.items():
        left_out[reason] = int((free & mask).sum())
        free &= ~mask
    return np.where(free, segment, -1), left_out


def _weights(located: pd.DataFrame, column: str) -> Floats:
    require_columns(located, [column], verb="density", remedy="weight names a column of the events")
    try:
        values: Floats = located[column].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise TableError(f"The weight {column!r} is no column of numbers.") from None
    if (values < 0).any():
        raise TableError(f"The weight {column!r} is negative in row {located.index[values < 0][0]!r}.")
    return values


def _rank(rate: pd.Series[float]) -> pd.Series[int]:
    return rate.rank(method="min", ascending=False).astype(np.int64)
