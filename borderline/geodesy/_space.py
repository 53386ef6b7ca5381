"""Points and vectors in space as three columns: what a search touches most, laid out for it."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from .._constants import Floats, Ints

__all__ = ["Space", "between", "cross", "dot", "length", "ragged", "repeated", "scale", "taken"]

#: x, y and z in earth-centred metres, one value a point.
Space: TypeAlias = tuple[Floats, Floats, Floats]


def taken(space: Space, at: Ints) -> Space:
    """Take some points by position."""
    x, y, z = space
    return x.take(at), y.take(at), z.take(at)


def repeated(space: Space, count: Ints) -> Space:
    """Repeat each point so many times."""
    x, y, z = space
    return np.repeat(x, count), np.repeat(y, count), np.repeat(z, count)


def between(one: Space, other: Space) -> Space:
    """Go from the second to the first."""
    return one[0] - other[0], one[1] - other[1], one[2] - other[2]


def scale(vector: Space, factor: Floats) -> Space:
    """Make vectors so many times as long, in place."""
    x, y, z = vector
    x *= factor
    y *= factor
    z *= factor
    return vector


def dot(one: Space, other: Space) -> Floats:
    """Multiply vector by vector."""
    product: Floats = one[0] * other[0]
    product += one[1] * other[1]
    product += one[2] * other[2]
    return product


def cross(one: Space, other: Space) -> Space:
    """Find what stands upright on both."""
    (a, b, c), (x, y, z) = one, other
    return b * z - c * y, c * x - a * z, a * y - b * x


def length(vector: Space) -> Floats:
    """Measure vectors, metres."""
    square = dot(vector, vector)
    return np.sqrt(square, out=square)


def ragged(first: Ints, count: Ints) -> Ints:
    """
    List positions of ranges one after the other.

    Parameters
    ----------
    first, count
        Where each range starts, and how many positions it has.

    Returns
    -------
    positions
        ``count.sum()`` of them.
    """
    before = np.cumsum(count) - count
    positions: Ints = np.repeat(first - before, count)
    positions += np.arange(len(positions))
    return positions
