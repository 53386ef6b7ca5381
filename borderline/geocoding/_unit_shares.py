"""Shares of positions in administrative units: how much of where an event may be lies in each."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import Bools, Floats, Ints
from ..border import Border
from ..positions import Positions, read_positions
from ..schema import POSITION_COLUMNS, Column, coerce_numbers
from ._area_index import NOWHERE

__all__ = ["Shares", "Whereabouts", "find_stated", "find_whereabouts", "sum_shares"]

#: Places by which each position is stood for.
_PLACES: Final = 256
#: Positions that are reckoned at a time: half a million places.
_CHUNK: Final = 2_000
#: Columns of `Positions` with one value a distinct position.
_DISTINCT: Final = (*("lon", "lat", "error_m", "model", "along_m", "across_m", "bearing", "share", "area"),)

#: Finds the unit that holds each point, `NOWHERE` for none, from longitudes and latitudes.
Finder = Callable[[Floats, Floats], Ints]


@dataclasses.dataclass(frozen=True, eq=False)
class Shares:
    """The share of each position in each unit that it touches; the others have none."""

    #: Number of units; the last one stands for none.
    width: int
    #: Position times `width` plus unit, ascending.
    keys: Ints
    #: Share of the position in the unit; those of a position sum to 1.
    share: Floats

    def take(self, position: Ints, unit: Ints) -> Floats:
        """Return the share of positions in units; NaN where either is negative."""
        key = position * self.width + unit
        if len(self.keys):
            place = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
            share = np.where(self.keys[place] == key, self.share[place], 0.0)
        else:
            share = np.zeros(len(key))
        return np.where((position < 0) | (unit < 0), np.nan, share)

    def list_units(self, position: int) -> dict[int, float]:
        """Return the units that a position touches, with its share in each."""
        first, last = np.searchsorted(self.keys, [position * self.width, (position + 1) * self.width])
        units = self.keys[first:last] - position * self.width
        return dict(zip(units.tolist(), self.share[first:last].tolist(), strict=True))

    def find_best(self, position: Ints, other_than: Ints, among: Bools) -> tuple[Ints, Floats]:
        """Return the unit with the largest share, among some, but for a given one; -1 and 0 for none."""
        rows, row = np.unique(np.stack([position, other_than]), axis=1, return_inverse=True)
        owner, unit = np.divmod(self.keys, self.width)
        start = np.searchsorted(owner, rows[0], side="left")
        stop = np.searchsorted(owner, rows[0], side="right")
        best, share = np.full(rows.shape[1], -1, dtype=np.int64), np.zeros(rows.shape[1])
        # Few positions touch many units, so this takes as many steps as the busiest one has units.
        for step in range(int((stop - start).max(initial=0))):
            place = np.minimum(start + step, max(len(self.keys) - 1, 0))
            better = (start + step < stop) & (rows[0] >= 0) & among[unit[place]]
            better &= (unit[place] != rows[1]) & (self.share[place] > share)
            best[better], share[better] = unit[place[better]], self.share[place[better]]
        return best[row.ravel()], share[row.ravel()]


@dataclasses.dataclass(frozen=True, eq=False)
class Whereabouts:
    """The positions of a table whose error is known, with their shares in several sets of units."""

    #: Row to position; -1 where no error is known, or no point.
    index: Ints
    #: Degrees, of each position.
    lon: Floats
    lat: Floats
    #: Metres that hold 90 % of the probability; 0 where only a polygon is known.
    radius_m: Floats
    #: Shares in each set of units.
    shares: tuple[Shares, ...]


def find_whereabouts(
    events: gpd.GeoDataFrame,
    rows: Ints,
    count: int,
    finders: Sequence[tuple[Finder, int]],
    *,
    border: Callable[[], Border] | None,
) -> Whereabouts | None:
    """
    Reckon the shares of the positions of a table.

    Parameters
    ----------
    events
        The rows of a table that state more than a point: points, with the columns that say where an
        event may have been.
    rows
        Positions of these rows in the table.
    count
        Number of rows of the table.
    finders
        What finds the units of each set, and how many units it has.
    border
        Returns the border whose direction ellipses have that state none.

    Returns
    -------
    whereabouts
        None where no error is known.

    Raises
    ------
    TableError
        If a cell of those columns cannot be meant.
    """
    positions = read_positions(events, verb="geocode")
    if not len(positions):
        return None
    # What is known of a row may not be enough to say where it is: a point that is missing, a radius.
    known = np.append(~positions.exact | np.isfinite(positions.error_m), np.False_)
    index = np.full(count, -1, dtype=np.int64)
    index[rows] = np.where(known[positions.index], positions.index, -1)
    # A border takes a moment to make, and most tables have no ellipse.
    front = border() if border is not None and (positions.model == "ellipse").any() else None
    parts: list[list[tuple[Ints, Floats]]] = [[] for _ in finders]
    for start in range(0, len(positions), _CHUNK):
        chunk = _slice_positions(positions, slice(start, start + _CHUNK))
        lattice = chunk.lattice(_PLACES, border=front)
        lon, lat = lattice.lon.ravel(), lattice.lat.ravel()
        owner = np.repeat(np.arange(len(chunk)), lattice.lon.shape[1])
        for (find_units, width), part in zip(finders, parts, strict=True):
            unit = find_units(lon, lat)
            key = owner * width + np.where(unit == NOWHERE, width - 1, unit)
            share = np.bincount(key, lattice.weight.ravel(), minlength=len(chunk) * width)
            touched = np.flatnonzero(share)
            part.append((touched + start * width, share[touched].astype(np.float64)))
    shares = tuple(
        Shares(width, *(np.concatenate(column) for column in zip(*part, strict=True)))
        for (_, width), part in zip(finders, parts, strict=True)
    )
    return Whereabouts(index, positions.lon, positions.lat, np.nan_to_num(positions.error_m), shares)


def find_stated(columns: Mapping[str, Column]) -> Ints:
    """
    Return which rows state more of their position than a point.

    Parameters
    ----------
    columns
        The columns of positions that there are.

    Returns
    -------
    rows
        Positions of those with a radius, or with the parameters of a model.
    """
    stated: list[Bools] = []
    for name, cells in columns.items():
        if name == "location_error_m":
            stated.append(np.isfinite(coerce_numbers(pd.Series(cells))))
        elif name in POSITION_COLUMNS and name != "position_model":
            stated.append(~np.asarray(pd.isna(cells)))
    rows: Ints = np.flatnonzero(np.logical_or.reduce(stated)) if stated else np.zeros(0, dtype=np.int64)
    return rows


def _slice_positions(positions: Positions, rows: slice) -> Positions:
    """Return some of the distinct positions; rows of the table are of no use then."""
    return dataclasses.replace(
        positions,
        lon=positions.lon[rows],
        lat=positions.lat[rows],
        error_m=positions.error_m[rows],
        model=positions.model[rows],
        along_m=positions.along_m[rows],
        across_m=positions.across_m[rows],
        bearing=positions.bearing[rows],
        share=positions.share[rows],
        area=positions.area[rows],
    )


def sum_shares(shares: Shares, group: Ints, width: int) -> Shares:
    """
    Sum shares over groups of units, such as countries.

    Parameters
    ----------
    shares
        Of positions in units.
    group
        Group of each unit.
    width
        Number of groups.

    Returns
    -------
    shares
        Of positions in groups.
    """
    owner, unit = np.divmod(shares.keys, shares.width)
    keys, place = np.unique(owner * width + group[unit], return_inverse=True)
    share = np.bincount(place, shares.share, minlength=len(keys))
    return Shares(width, keys, share.astype(np.float64))
