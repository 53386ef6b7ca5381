"""Exposure as a share of the whole: how much of the border, or of its land, lies before a chainage."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import Floats, Ints
from ..border import Border, distinguish_borders
from ..errors import TableError
from ..schema import numbers_of, require_columns
from ._catchment import Catchment, catchment_of
from ._sample import SLACK_M, order_segments

__all__ = ["EvenShare", "ExposureShare", "join_segments", "locate_cells", "share_exposure"]


class ExposureShare(Protocol):
    """Distribution of exposure along a border; chance places events by it."""

    @property
    def start_m(self) -> float:
        """Chainage at which the exposure starts, metres."""

    @property
    def end_m(self) -> float:
        """Chainage at which the exposure ends, metres."""

    @property
    def least(self) -> float:
        """Smallest share that the exposure resolves."""

    def before(self, chainage_m: Floats) -> Floats:
        """Return the share of the exposure before a chainage, 0 to 1."""

    def upto(self, chainage_m: Floats) -> Floats:
        """Return the share of the exposure before and at a chainage."""

    def draw(self, n: int, rng: np.random.Generator) -> Floats:
        """Draw chainages of events, metres, unordered."""


@dataclass(frozen=True, eq=False)
class EvenShare:
    """Exposure spread evenly between breaks."""

    #: Chainages, metres, ascending.
    knots_m: Floats
    #: Share up to each, from 0 to 1.
    shares: Floats
    #: Interpolation resolves any share.
    least: float = 0.0

    @property
    def start_m(self) -> float:
        return float(self.knots_m[0])

    @property
    def end_m(self) -> float:
        return float(self.knots_m[-1])

    def before(self, chainage_m: Floats) -> Floats:
        share: Floats = np.interp(chainage_m, self.knots_m, self.shares)
        return share

    def upto(self, chainage_m: Floats) -> Floats:
        return self.before(chainage_m)

    def draw(self, n: int, rng: np.random.Generator) -> Floats:
        drawn: Floats = np.interp(rng.uniform(size=n), self.shares, self.knots_m)
        return drawn


@dataclass(frozen=True, eq=False)
class CatchmentShare:
    """Exposure by catchment: the land nearest to each chainage, with lumps at bends."""

    #: The land in square kilometres.
    catchment: Catchment
    #: First and last chainage that count, metres.
    start_m: float
    end_m: float

    @cached_property
    def _from_km2(self) -> float:
        return float(self.catchment.before(self.start_m))

    @cached_property
    def _total_km2(self) -> float:
        return float(self.catchment.of_stretches([self.start_m], [self.end_m])[0])

    @cached_property
    def least(self) -> float:
        """Return the largest share of a single lattice point."""
        return float(np.diff(self.catchment.upto_km2).max()) / self._total_km2

    def before(self, chainage_m: Floats) -> Floats:
        return np.clip((self.catchment.before(chainage_m) - self._from_km2) / self._total_km2, 0.0, 1.0)

    def upto(self, chainage_m: Floats) -> Floats:
        return np.clip((self.catchment.upto(chainage_m) - self._from_km2) / self._total_km2, 0.0, 1.0)

    def draw(self, n: int, rng: np.random.Generator) -> Floats:
        land = self._from_km2 + self._total_km2 * rng.uniform(size=n)
        point = np.searchsorted(self.catchment.upto_km2, land, side="right") - 1
        drawn: Floats = self.catchment.feet_m[np.minimum(point, len(self.catchment.feet_m) - 1)]
        return drawn


def share_exposure(
    exposure: str,
    border: Border,
    *,
    segments: gpd.GeoDataFrame | None,
    within_km: float | None,
    bank: str | None,
) -> ExposureShare:
    """
    Return the exposure of a border, or of the part that segments cover.

    Parameters
    ----------
    exposure
        ``"length"``, ``"catchment"`` or a column of `segments`.
    border
        The line.
    segments
        Consecutive stretches, or None for the whole border.
    within_km, bank
        Half-width, geodesic kilometres, and bank of the catchment.

    Returns
    -------
    share
        Shares of the whole.

    Raises
    ------
    TableError
        If the segments overlap or leave gaps, or the column holds negative numbers or only zeros.
    """
    breaks = np.array([0.0, border.length_m]) if segments is None else join_segments(segments, border)
    if exposure == "catchment" and within_km is not None:
        land = catchment_of(border, within_km=within_km, bank=bank)
        return CatchmentShare(land, float(breaks[0]), float(breaks[-1]))
    if exposure == "length" or segments is None:
        return EvenShare(breaks[[0, -1]], np.array([0.0, 1.0]))
    return EvenShare(
        breaks, _accumulate_shares(segments.iloc[np.argsort(segments["from_m"].to_numpy())], exposure)
    )


def join_segments(segments: pd.DataFrame, border: Border) -> Floats:
    """
    Return the breaks of consecutive segments.

    Parameters
    ----------
    segments
        Stretches with ``from_m`` and ``to_m``, in any order.
    border
        The line they are of.

    Returns
    -------
    breaks_m
        Metres, ascending, one more than segments.

    Raises
    ------
    TableError
        If there are none, they overlap, leave gaps, or are of another border.
    """
    require_columns(segments, ["from_m", "to_m"], verb="hotspots", remedy="segment makes them")
    of = segments.attrs.get("border")
    if of and of != border.identity:
        cut, asked = distinguish_borders(of, border.identity)
        raise TableError(f"The segments are of {cut}, not of {asked}; cut the same border.")
    start, end = (segments[name].to_numpy(dtype=np.float64) for name in ("from_m", "to_m"))
    if not len(start):
        raise TableError("There are no segments; cut the border with segment.")
    order = order_segments(start, end)
    start, end = start[order], end[order]
    if (start[1:] > end[:-1] + SLACK_M).any() or not (end > start).all():
        raise TableError("The segments leave gaps, which windows cannot cross; give consecutive segments.")
    if not (start[0] >= -SLACK_M and end[-1] <= border.length_m + SLACK_M):
        raise TableError("The segments reach past the border; cut them from this border with segment.")
    return np.append(start, end[-1])


def locate_cells(chainage_m: Floats, breaks_m: Floats) -> Ints:
    """
    Return the cell that each chainage lies in; cells are half open, the last one closed.

    Parameters
    ----------
    chainage_m
        Metres, between the first break and the last.
    breaks_m
        Metres, ascending.

    Returns
    -------
    cell
        Positions from 0.
    """
    cell = np.searchsorted(breaks_m, chainage_m + SLACK_M, side="right") - 1
    return np.clip(cell, 0, len(breaks_m) - 2)


def _accumulate_shares(segments: pd.DataFrame, column: str) -> Floats:
    values = numbers_of(segments, column, subject="The exposure")
    bad = ~((values >= 0) & np.isfinite(values))
    if bad.any():
        raise TableError(
            f"The exposure {column!r} is {values[bad][0]} in segment {segments.index[bad].tolist()[0]!r}; "
            "an exposure is zero or more."
        )
    if not values.sum() > 0:
        raise TableError(f"The exposure {column!r} is zero in every segment.")
    shares: Floats = np.concatenate([[0.0], np.cumsum(values) / values.sum()])
    shares[-1] = 1.0
    return shares
