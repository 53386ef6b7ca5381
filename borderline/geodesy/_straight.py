"""Vertices that a line would run the same without: the search need not see them."""

from __future__ import annotations

import numpy as np

from .._constants import GEOD, Floats, Ints
from ._chain import Chain
from ._space import Space, between, cross, dot, length, repeated, scale, taken
from ._sphere import to_space, upward

__all__ = ["without_idle"]

#: A vertex this far beside the straight way, metres, does not count.
ASIDE_M = 5e-5

#: A turn by less than this, as a sine, is none at first sight.
LEAST_TURN = 1e-5


def without_idle(chain: Chain, longest_m: float) -> Chain:
    """
    Leave out vertices that lie on the straight way between others.

    Parameters
    ----------
    chain
        Any line.
    longest_m
        No edge is made that is longer, metres.

    Returns
    -------
    chain
        Within `ASIDE_M` of the line and with its chainage.
    """
    if len(chain.lon) < 3:
        return chain
    ends = to_space(chain.lon, chain.lat)
    kept = _candidates(chain, ends, longest_m)
    group = np.repeat(np.arange(len(kept) - 1), np.diff(kept))
    rows = np.arange(len(group))
    start, stop = taken(ends, kept[:-1]), taken(ends, kept[1:])
    left = repeated(_leftward(start, between(stop, start)), np.diff(kept))
    aside = np.abs(dot(between(taken(ends, rows), taken(start, group)), left))
    bent = np.maximum.reduceat(aside, kept[:-1]) > ASIDE_M
    bent |= np.diff(chain.chainage[kept]) > 1.01 * longest_m
    stays = np.append(bent[group], True)
    stays[kept] = True
    at = np.flatnonzero(stays)
    if len(at) == len(stays):
        return chain
    lon, lat = chain.lon[at], chain.lat[at]
    azimuth, back, _ = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return Chain(lon, lat, azimuth, back + 180.0, chain.chainage[at])


def _candidates(chain: Chain, ends: Space, longest_m: float) -> Ints:
    """Cut the line where it turns, and what is straight into even parts; list where they begin and end."""
    x, y, z = ends
    vector = (np.diff(x), np.diff(y), np.diff(z))
    left = _leftward((x[:-1], y[:-1], z[:-1]), vector)
    turn = dot((vector[0][1:], vector[1][1:], vector[2][1:]), (left[0][:-1], left[1][:-1], left[2][:-1]))
    turns = np.ones(len(x), dtype=np.bool_)
    turns[1:-1] = np.abs(turn) > LEAST_TURN * length(vector)[1:]
    corner = np.flatnonzero(turns)
    whole = np.diff(chain.chainage[corner])
    parts = np.ceil(whole / longest_m)
    each = np.diff(corner)
    along: Floats = chain.chainage[:-1] - np.repeat(chain.chainage[corner[:-1]], each)
    part = np.floor(along * np.repeat(parts / whole, each) + 1e-9)
    turns[1:-1] |= part[1:] != part[:-1]
    return np.flatnonzero(turns)


def _leftward(start: Space, vector: Space) -> Space:
    """Tell where left is along vectors, of unit length."""
    left = cross(upward(start), vector)
    return scale(left, 1.0 / length(left))
