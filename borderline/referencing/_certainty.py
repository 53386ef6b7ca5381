"""How sure `locate` is: intervals and probabilities from the positions of events and the line's accuracy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import Bools, Floats, Ints
from ..border import Border
from ..geodesy import Feet
from ..positions import (
    Positions,
    Spread,
    collect_positions,
    describe_prior,
    displacement_sd,
    fit_border,
    hugging_prior,
    share_left,
    spread_batches,
    weighted_quantiles,
)
from ..schema import AFTER_LEVEL, Column

__all__ = ["Certainty", "choose_points", "measure_certainty", "position_batches"]

#: Columns of intervals and probabilities, in their order; flags and counts follow them.
_COLUMNS: Final = AFTER_LEVEL[: AFTER_LEVEL.index("side_known")]

#: Places that are held at once, of all positions of a batch.
HELD: Final = 2_097_152


@dataclass(frozen=True, eq=False)
class Certainty:
    """Columns that say how sure the others are, and what goes into ``attrs``."""

    #: One value a row, by name.
    columns: dict[str, Column]
    #: Level, prior and note.
    attrs: dict[str, object]
    #: The distinct positions.
    positions: Positions


def choose_points(level: float) -> int:
    """Return how many places a position needs so that some 13 lie in each tail; 256 at 90 %."""
    return int(np.clip(2 ** math.ceil(math.log2(25.0 / (1.0 - level))), 256, 4096))


def position_batches(positions: Positions, n_points: int) -> list[Ints]:
    """Return the distinct positions in batches that fit into memory."""
    count = len(positions)
    return np.array_split(np.arange(count), max(1, math.ceil(count * n_points / HELD)))


def measure_certainty(
    events: gpd.GeoDataFrame,
    points: tuple[Floats, Floats],
    feet: Feet,
    extended: Ints,
    border: Border,
    *,
    level: float,
    model: str | None,
    prior: str,
) -> Certainty:
    """
    Return intervals and probabilities of located events.

    Parameters
    ----------
    events
        The table.
    points
        Longitude and latitude of each row, degrees; NaN where it is no point.
    feet
        What `locate` found, one value a row.
    extended
        Rows of some extent: their feet have no error but the line's.
    border
        The reference line.
    level, model, prior
        As in `locate`.

    Returns
    -------
    certainty
        Columns and attrs.
    """
    positions = collect_positions(events, *points, model=model, verb="locate")
    fit_border(positions, events, border, "locate")
    count = len(positions)
    values, known = np.full((count, len(_COLUMNS)), np.nan), np.zeros(count, dtype=np.bool_)
    exact = np.zeros(count, dtype=np.bool_)
    n_points = choose_points(level)
    for rows in position_batches(positions, n_points):
        spread = spread_batches(positions, rows, border, prior=prior, n_points=n_points, line_error=True)
        values[rows], known[rows] = _summarize_spread(spread, level), spread.sides_known(level)
        exact[rows] = spread.exact
    # The last row is that of events without a position.
    values = np.concatenate([values, np.full((1, len(_COLUMNS)), np.nan)])
    columns = {name: values[:, place].take(positions.index) for place, name in enumerate(_COLUMNS)}
    side_known = np.append(known, False).take(positions.index)
    missing = positions.index < 0
    still = np.flatnonzero(~missing)
    still = still[exact[positions.index[still]]]
    for name, plain in (("offset", feet.offset), ("distance", feet.distance), ("chainage", feet.chainage)):
        for end in ("low", "high"):
            columns[f"{name}_{end}_m"][still] = plain[still]
    _fill_extended(columns, side_known, feet, extended, border, level)
    missing[extended] = False
    added: dict[str, Column] = dict(columns)
    added["side_known"] = pd.arrays.BooleanArray(side_known & ~missing, missing)
    return Certainty(
        added,
        {
            "level": level,
            "prior": describe_prior(prior),
            "side_known_prior": describe_prior("hugging"),
            "position_note": _describe_positions(positions, border, extended),
        },
        positions,
    )


def _summarize_spread(spread: Spread, level: float) -> Floats:
    """Return the columns of `_COLUMNS` for each distinct position."""
    tails = np.array([(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    offset = weighted_quantiles(spread.offset_m, spread.weight, tails)
    chainage = weighted_quantiles(spread.chainage_m, spread.weight, tails)
    shares = np.column_stack([spread.p_left, spread.p_right, spread.p_past_end])
    return np.column_stack([offset, fold_interval(offset), chainage, shares])


def fold_interval(offset: Floats) -> Floats:
    """Return the distances that lie between two offsets, shape (D, 2): from 0 where these span the line."""
    size = np.abs(offset)
    spans = (offset[:, 0] <= 0) & (offset[:, 1] >= 0)
    low = np.where(spans, 0.0, size.min(axis=1, initial=np.inf))
    return np.column_stack([low, size.max(axis=1, initial=-np.inf)])


def _fill_extended(
    columns: dict[str, Floats], side_known: Bools, feet: Feet, extended: Ints, border: Border, level: float
) -> None:
    """Fill in the rows of some extent: a normal distribution about their foot, with the line's error."""
    if not len(extended):
        return
    offset, chainage = feet.offset[extended], feet.chainage[extended]
    sd = displacement_sd(border, chainage)
    reach = _normal_quantile(level) * sd
    ends = np.column_stack([offset - reach, offset + reach])
    columns["offset_low_m"][extended], columns["offset_high_m"][extended] = ends.T
    columns["distance_low_m"][extended], columns["distance_high_m"][extended] = fold_interval(ends).T
    columns["chainage_low_m"][extended] = np.maximum(chainage - reach, 0.0)
    columns["chainage_high_m"][extended] = np.minimum(chainage + reach, border.length_m)
    left = share_left(offset, sd)
    past = feet.beyond_end[extended].astype(np.float64)
    columns["p_left"][extended] = left * (1.0 - past)
    columns["p_right"][extended] = (1.0 - left) * (1.0 - past)
    columns["p_past_end"][extended] = past
    # As for points, the level must be reached where events hug the line, too: the posterior of a
    # normal prior, whose mean is drawn to the line.
    near_sd = hugging_prior().near_sd_m
    near = share_left(offset * near_sd / np.hypot(near_sd, sd), sd)
    sure = np.minimum(np.maximum(left, 1.0 - left), np.maximum(near, 1.0 - near))
    side_known[extended] = (sure >= level) & (past == 0)


def _normal_quantile(level: float) -> float:
    """Return how many standard deviations to either side hold a level."""
    low, high = 0.0, 40.0
    for _ in range(80):
        middle = (low + high) / 2.0
        low, high = (middle, high) if math.erf(middle / math.sqrt(2.0)) < level else (low, middle)
    return (low + high) / 2.0


def _describe_positions(positions: Positions, border: Border, extended: Ints) -> str:
    """Return what the intervals rest on, in a few sentences."""
    notes = [positions.note] if positions.note else []
    if border.accuracy_m is None:
        notes.append("the accuracy of the line is not known; it is taken as exact")
    if len(extended):
        notes.append(f"{len(extended):,} events with an extent count with the error of the line alone")
    aside = int(positions.set_aside.sum())
    if aside:
        notes.append(f"the positions of {aside:,} events contradict themselves; nothing is said of them")
    return "; ".join(notes)
