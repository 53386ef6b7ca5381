"""Compass directions, and which way along a border they lead."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from .._constants import GEOD, Floats, Ints
from ..border import Border

__all__ = ["COMPASS", "azimuths", "compass_word", "way_along"]

#: The words for eight directions, and the azimuth each stands for, degrees.
COMPASS: Final = {
    "north": 0.0,
    "northeast": 45.0,
    "east": 90.0,
    "southeast": 135.0,
    "south": 180.0,
    "southwest": 225.0,
    "west": 270.0,
    "northwest": 315.0,
}

#: A place lies in a direction if its azimuth differs by no more than this, degrees.
WIDEST: Final = 80.0
#: The place the other way along the border must differ by so much more.
CLEARER_BY: Final = 45.0


def azimuths(border: Border, from_m: Floats, to_m: Floats) -> Floats:
    """
    Return the direction from one place of a border straight to another.

    Parameters
    ----------
    border
        The line.
    from_m, to_m
        Chainages, metres, shape (n,).

    Returns
    -------
    azimuth
        Degrees clockwise from north, within [0, 360); NaN where either lies off the border.
    """
    off = ~((to_m >= 0) & (to_m <= border.length_m) & (from_m >= 0) & (from_m <= border.length_m))
    start, end = (border.interpolate(np.where(off, 0.0, chainage)) for chainage in (from_m, to_m))
    azimuth, _, _ = GEOD.inv(
        shapely.get_x(start), shapely.get_y(start), shapely.get_x(end), shapely.get_y(end)
    )
    return np.where(off, np.nan, np.asarray(azimuth) % 360.0)


def way_along(border: Border, from_m: Floats, metres: Floats, toward: Floats) -> Ints:
    """
    Return which way along a border leads toward a compass direction.

    The two places so many metres along the border from the first are seen from it.
    One must lie in the direction, the other clearly not.

    Parameters
    ----------
    border
        The line.
    from_m
        Chainage of the first place, metres, shape (n,).
    metres
        How far to go along the border, positive, shape (n,).
    toward
        Azimuth, degrees, shape (n,).

    Returns
    -------
    way
        1 with growing chainage, -1 against it, 0 where neither is clear.
    """
    apart = []
    for way in (1, -1):
        azimuth = azimuths(border, from_m, from_m + way * metres)
        away = np.abs((azimuth - toward + 180.0) % 360.0 - 180.0)
        # Past an end there is nothing to be mistaken for.
        apart.append(np.where(np.isnan(away), 360.0, away))
    ahead, back = apart
    clear = np.abs(ahead - back) > CLEARER_BY
    clear &= np.minimum(ahead, back) <= WIDEST
    return np.where(clear, np.where(ahead < back, 1, -1), 0)


def compass_word(azimuth: float) -> str:
    """Return the word for the nearest of the eight directions."""
    return list(COMPASS)[round(azimuth / 45.0) % 8]
