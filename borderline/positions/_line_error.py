"""What is known of the line itself: its direction abreast of an event, and how far it may be displaced."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from .._constants import GEOD, Floats
from ..border import Border
from ._models import LINE_SD

__all__ = ["displacement_sd", "draw_displacement", "front_bearing"]

#: Length over which the displacement of a line is correlated, exp(-(d / l)^2), where its record
#: states none, metres: that of the line rtsd-2019 against osm-2025.
CORRELATION_M: Final = 1_800.0

#: Cells of the random field in one correlation length.
CELLS: Final = 8

#: The direction of a border is that of a chord at least this long to either side, metres.
CHORD_M: Final = 1_000.0


def displacement_sd(border: Border, chainage_m: Floats) -> Floats:
    """
    Return the standard deviation of the line's displacement, in each direction.

    Parameters
    ----------
    border
        The line; where its accuracy is not known it counts as exact.
    chainage_m
        Places along it, metres.

    Returns
    -------
    sd
        Metres.
    """
    return np.nan_to_num(border.accuracy_at(chainage_m)) / LINE_SD


def correlation_length(border: Border) -> float:
    """Return the length over which a line's displacement is correlated, metres."""
    return CORRELATION_M if border.accuracy_along is None else border.accuracy_along.correlation_m


def front_bearing(border: Border, lon: Floats, lat: Floats, along_m: Floats) -> Floats:
    """
    Return the direction of a border at the feet of points: that of a chord about each foot.

    Parameters
    ----------
    border
        The border.
    lon, lat
        Degrees.
    along_m
        How far the chord reaches to either side of the foot, metres; at least 1 km.

    Returns
    -------
    bearing
        Degrees from north, from 0 to 180: whichever way chainage grows.
    """
    foot = border.foot(lon, lat).chainage
    reach = np.maximum(along_m, CHORD_M)
    ends = (np.clip(foot + step, 0.0, border.length_m) for step in (-reach, reach))
    (west, south), (east, north) = (shapely.get_coordinates(border.interpolate(end)).T for end in ends)
    forward, back, _ = GEOD.inv(west, south, east, north)
    # The direction half way: that from the other end is the same.
    turn = (back - forward) % 360.0 - 180.0
    bearing: Floats = (forward + turn / 2.0) % 180.0
    return bearing


def draw_displacement(border: Border, chainage_m: Floats, n_draws: int, rng: np.random.Generator) -> Floats:
    """
    Draw the displacement of a line, in standard deviations, as a random field along it.

    Each component is white noise smoothed by a normal kernel, whose correlation is
    exp(-(d / l)^2) with the length l of the line.

    Parameters
    ----------
    border
        The line.
    chainage_m
        Places along it, metres, shape (D,).
    n_draws
        How many draws.
    rng
        Random numbers.

    Returns
    -------
    field
        East and north, shape (n_draws, 2, D); variance 1.
    """
    length = correlation_length(border)
    cell = length / CELLS
    place, owner = np.unique(chainage_m, return_inverse=True)
    field = np.empty((n_draws, 2, len(place)))
    # A kernel of exp(-2 (d / l)^2) has the correlation wanted, and no weight to speak of beyond 1.6 l.
    reach = int(np.ceil(1.6 * CELLS))
    steps = np.arange(-reach, reach + 2)
    first = np.floor(place / cell).astype(np.int64)
    apart = (first[:, None] + steps) * cell - place[:, None]
    kernel = np.exp(-2.0 * (apart / length) ** 2)
    kernel /= np.sqrt((kernel**2).sum(axis=1, keepdims=True))
    cells, column = np.unique(first[:, None] + steps, return_inverse=True)
    weights = np.zeros((len(cells), len(place)))
    weights[column.reshape(apart.shape), np.arange(len(place))[:, None]] = kernel
    for draw in range(n_draws):
        field[draw] = rng.standard_normal((2, len(cells))) @ weights
    return field[:, :, owner.reshape(chainage_m.shape)]
