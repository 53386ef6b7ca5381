"""The verb inside `locate` and the counts: where each position lies along a border, place by place."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import geopandas as gpd
import numpy as np

from .._constants import Bools, Floats, Ints
from ..border import Border
from ..errors import PositionWarning
from ..schema import describe_rows
from ._line_error import displacement_sd
from ._places import Positions, find_bearings, lay_places
from ._position_columns import read_positions
from ._prior import near_sides, validate_prior, weigh_offsets

__all__ = ["Spread", "fit_border", "spread_batches", "spread_positions"]

#: Places laid and referred in one go: their columns fit into a processor's cache.
BATCH: Final = 262_144


@dataclass(frozen=True, eq=False)
class Spread:
    """
    Places of distinct positions, referred to a border; arrays of shape (D, N).

    The offset is positive to the left. Past an end of the border chainage and offset are
    those of the end, as `locate` gives them.
    """

    #: Row of the table to distinct position, shape (R,); -1 where there is none.
    index: Ints
    #: Chainage and offset, geodesic metres.
    chainage_m: Floats
    offset_m: Floats
    #: Which places lie past an end of the border.
    past_end: Bools
    #: Probability of each place under the prior; rows sum to 1.
    weight: Floats
    #: Probability under the flat prior.
    flat_weight: Floats
    #: Radius of 90 % of each position, metres, without the line's error; NaN where not known. Shape (D,).
    error_m: Floats
    #: Which positions are exact, on a line that is exact, shape (D,): their places are all one.
    exact: Bools
    #: Which positions are even over an area, so that none of their places lies far out, shape (D,).
    bounded: Bools
    #: What to say of the positions as a whole; may be empty.
    note: str

    @cached_property
    def p_left(self) -> Floats:
        """Probability that the event was on the left bank, shape (D,)."""
        share: Floats = bank_shares(self, self.weight)[0]
        return share

    @cached_property
    def p_right(self) -> Floats:
        """Probability that it was on the right bank, shape (D,)."""
        share: Floats = bank_shares(self, self.weight)[1]
        return share

    @cached_property
    def p_past_end(self) -> Floats:
        """Probability that it was past an end of the border, shape (D,)."""
        share: Floats = bank_shares(self, self.weight)[2]
        return share

    def sides_known(self, level: float) -> Bools:
        """
        Return of which positions the bank is known at a level.

        The level must be reached with the flat prior, with the prior of events that hug the
        line, and with its near component alone unless the position refutes it. With the flat
        prior alone nearly half of what is called certain is wrong where events hug the line.

        Parameters
        ----------
        level
            Between 0 and 1.

        Returns
        -------
        known
            Shape (D,).
        """
        known = np.zeros(len(self.weight), dtype=np.bool_)
        rows = np.flatnonzero(bank_shares(self, self.flat_weight)[:2].max(axis=0, initial=0.0) >= level)
        if len(rows):
            part = self.take(rows)
            p_near, refuted = near_sides(part.offset_m, part.flat_weight)
            hugging = weigh_offsets(part.offset_m, part.flat_weight, prior="hugging")
            # Where no place lies near the line an even area says as much as any prior.
            waived = refuted | part.bounded
            reached = bank_shares(part, part.flat_weight)[:2] >= level
            reached &= bank_shares(part, hugging)[:2] >= level
            reached &= (np.stack([p_near, 1.0 - p_near]) >= level) | waived
            known[rows] = reached[0] | reached[1]
        return known

    def take(self, rows: Ints) -> Spread:
        """Return some of the distinct positions; the index stays that of all."""
        names = ("chainage_m", "offset_m", "past_end", "weight", "flat_weight", "error_m", "exact", "bounded")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})


def bank_shares(spread: Spread, weight: Floats) -> Floats:
    """
    Return the probabilities of the left bank, the right bank and past an end.

    Parameters
    ----------
    spread
        Places.
    weight
        Their probabilities, shape (D, N).

    Returns
    -------
    shares
        Shape (3, D), adding up to 1.
    """
    # A place on the line itself counts half on either bank.
    left = np.where(spread.past_end, 0.0, (np.sign(spread.offset_m) + 1.0) / 2.0)
    shares = np.empty((3, len(weight)))
    shares[0] = (weight * left).sum(axis=1)
    shares[1] = (weight * (1.0 - left - spread.past_end)).sum(axis=1)
    shares[2] = (weight * spread.past_end).sum(axis=1)
    total: Floats = shares.sum(axis=0)
    shares /= total
    return shares


def spread_positions(
    events: gpd.GeoDataFrame,
    border: Border,
    *,
    model: str | None = None,
    prior: str = "flat",
    n_points: int = 256,
    line_error: bool = True,
    verb: str,
) -> Spread:
    """
    Refer the places of each position to a border.

    Each distinct position is reckoned once. The line's own accuracy enters by the shift
    model: one more normal vector, of standard deviation ``accuracy_m / 1.645``.

    Parameters
    ----------
    events
        As in `read_positions`.
    border
        The reference line.
    model
        One of `MODELS` for all rows, in place of the column.
    prior
        ``flat``, or ``hugging``: offsets as those of well-placed events.
    n_points
        Places of each position, an even number. 256 give probabilities within 0.004 and
        limits within 0.1 standard deviations.
    line_error
        Whether the line's own accuracy counts.
    verb
        Name of the verb, for messages.

    Returns
    -------
    spread
        One row a distinct position.

    Raises
    ------
    OptionError
        If `model` or `prior` is an unknown word.
    TableError
        As from `read_positions`.

    Warns
    -----
    PositionWarning
        If rows are set aside, or have no error.
    """
    validate_prior(prior)
    positions = fit_border(read_positions(events, model=model, verb=verb), events, border, verb)
    rows = np.arange(len(positions))
    return spread_batches(positions, rows, border, prior=prior, n_points=n_points, line_error=line_error)


def fit_border(positions: Positions, events: gpd.GeoDataFrame, border: Border, verb: str) -> Positions:
    """
    Set positions aside that are wider than the border is long, and tell how many have no error.

    Parameters
    ----------
    positions
        Those of `events`; changed in place.
    events
        The table, for the names of its rows.
    border
        The reference line.
    verb
        Name of the verb, for messages.

    Returns
    -------
    positions
        The same.

    Warns
    -----
    PositionWarning
        Once for either.
    """
    wide = np.flatnonzero(np.nan_to_num(positions.error_m) > border.length_m)
    rows = np.isin(positions.index, wide) & (positions.index >= 0)
    if rows.any():
        positions.index[rows] = -1
        positions.set_aside[rows] = True
        warnings.warn(
            f"{verb}: {describe_rows(events.index, rows)} a location_error_m that is wider than the border "
            f"({border.length_m:,.0f} m); nothing is said of where they may be. Correct the error, or leave "
            "the events out.",
            PositionWarning,
            stacklevel=4,
        )
    if positions.note:
        warnings.warn(f"{verb}: {positions.note}.", PositionWarning, stacklevel=4)
    return positions


def spread_batches(
    positions: Positions, rows: Ints, border: Border, *, prior: str, n_points: int, line_error: bool
) -> Spread:
    """
    Refer the places of some distinct positions to a border.

    Parameters
    ----------
    positions
        The positions.
    rows
        Which of them, shape (V,).
    border, prior, n_points, line_error
        As in `spread_positions`.

    Returns
    -------
    spread
        Shape (V, n_points); its index is that of all positions.
    """
    feet = border.foot(positions.lon[rows], positions.lat[rows])
    sd = displacement_sd(border, feet.chainage) if line_error else np.zeros(len(rows))
    exact = positions.exact[rows] & (sd == 0)
    chainage = np.repeat(feet.chainage[:, None], n_points, axis=1)
    offset = np.repeat(feet.offset[:, None], n_points, axis=1)
    past_end = np.repeat(feet.beyond_end[:, None], n_points, axis=1)
    weight = np.full(chainage.shape, 1.0 / n_points)
    bearing = find_bearings(positions, border)
    # Neighbours together: the search for feet shares its work among places that lie close by.
    vague = np.flatnonzero(~exact)
    vague = vague[np.argsort(feet.chainage[vague], kind="stable")]
    step = max(1, BATCH // n_points)
    for start in range(0, len(vague), step):
        batch = vague[start : start + step]
        lon, lat, weight[batch] = lay_places(
            positions, rows[batch], n_points, line_sd=sd[batch], bearing=bearing
        )
        places = border.foot(lon.ravel(), lat.ravel())
        chainage[batch] = places.chainage.reshape(lon.shape)
        offset[batch] = places.offset.reshape(lon.shape)
        past_end[batch] = places.beyond_end.reshape(lon.shape)
    return Spread(
        index=positions.index,
        chainage_m=chainage,
        offset_m=offset,
        past_end=past_end,
        weight=weigh_offsets(offset, weight, prior=prior),
        flat_weight=weight,
        error_m=positions.error_m[rows],
        exact=exact,
        bounded=np.isin(positions.model[rows].astype(str), ["disc", "polygon", "mixture"]),
        note=positions.note,
    )
