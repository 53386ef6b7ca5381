"""
Kernels on a line that ends.

At an end a kernel is reflected, and reflected again at the other end, as often
as it takes. The sum of all images of a kernel is the kernel wrapped round a
circle of twice the length of the line, at the event and at its mirror image,
so that nothing is lost whatever the bandwidth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from .._constants import Floats, Ints

__all__ = ["KERNELS", "Kernel", "Sums", "exact_sums", "weight_at"]

#: The tail of a normal kernel beyond this many standard deviations is below 1e-15.
GAUSSIAN_REACH: Final = 8.0

#: A normal kernel with this many lengths of the line for a standard deviation is level to 1e-30.
LEVEL_LENGTHS: Final = 4.0

#: Pairs of event and node taken at once; more would not be faster.
CHUNK: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Kernel:
    """A probability density with mean 0 and standard deviation 1."""

    #: What the user calls it.
    name: str
    #: Distance beyond which it counts as nothing, standard deviations.
    reach: float

    def density(self, u: Floats) -> Floats:
        """
        Evaluate the density.

        Parameters
        ----------
        u
            Distances in standard deviations.

        Returns
        -------
        density
            Per standard deviation.
        """
        if self.name == "gaussian":
            return np.asarray(np.exp(-0.5 * u * u) / np.sqrt(2 * np.pi))
        return np.asarray(np.maximum(1.0 - (u / self.reach) ** 2, 0.0) * 0.75 / self.reach)

    def wrapped(self, u: Floats, sd: Floats, period: float) -> Floats:
        """
        Evaluate the density wrapped round a circle.

        Parameters
        ----------
        u
            Distances, at most a period in size.
        sd
            Standard deviation, broadcast against `u`.
        period
            Circumference, in the unit of `u`.

        Returns
        -------
        density
            Sum over all turns, per unit of `u`.
        """
        if self.name == "gaussian":
            # Wider ones are level, and would take ever more turns to say so.
            sd = np.minimum(sd, LEVEL_LENGTHS * period / 2)
            turns = int(np.ceil(self.reach * float(np.max(sd, initial=0.0)) / period)) + 1
            total = np.zeros(np.broadcast(u, sd).shape)
            for turn in range(-turns, turns + 1):
                total += self.density((u + turn * period) / sd)
            return np.asarray(total / sd)
        half = self.reach * sd
        first, last = np.ceil((-half - u) / period), np.floor((half - u) / period)
        count = last - first + 1
        total = count * (first + last) / 2
        squares = (last * (last + 1) * (2 * last + 1) - (first - 1) * first * (2 * first - 1)) / 6
        away = count * u * u + 2 * u * period * total + period * period * squares
        return np.asarray((count - away / half**2) * 0.75 / half)


#: Kernels by name. The parabola of Epanechnikov (1969) ends at the root of 5 standard deviations.
KERNELS: Final = {
    "gaussian": Kernel("gaussian", GAUSSIAN_REACH),
    "epanechnikov": Kernel("epanechnikov", 5**0.5),
}


class Sums(NamedTuple):
    """Sums over events at each node."""

    #: Sum of the weights that events have at the node, per kilometre.
    total: Floats
    #: Sum of their squares: the variance of the first sum, were the events independent.
    squares: Floats


def weight_at(x: Floats, y: Floats, sd: Floats, length: float, kernel: Kernel) -> Floats:
    """
    Evaluate the kernel of an event with all its images.

    Parameters
    ----------
    x
        Places, kilometres from 0 to `length`.
    y
        Event, broadcast against `x`.
    sd
        Standard deviation of the kernel, kilometres, broadcast against `x`.
    length
        Length of the line, kilometres.
    kernel
        The kernel.

    Returns
    -------
    weight
        Per kilometre; its integral over the line is 1.
    """
    period = 2 * length
    return kernel.wrapped(x - y, sd, period) + kernel.wrapped(x + y, sd, period)


def exact_sums(nodes: Floats, places: Floats, times: Floats, sd: Floats, kernel: Kernel) -> Sums:
    """
    Sum the kernels of all events at evenly spaced nodes, pair by pair.

    Parameters
    ----------
    nodes
        From 0 to the length of the line, kilometres, evenly spaced, two or more.
    places
        Where events are, kilometres, shape (n,).
    times
        How many events are at each place, shape (n,).
    sd
        Standard deviation of the kernel of each, kilometres, shape (n,).
    kernel
        The kernel.

    Returns
    -------
    sums
        At the nodes, per kilometre.
    """
    length, reach = float(nodes[-1]), kernel.reach * sd
    total, squares = np.zeros(len(nodes)), np.zeros(len(nodes))
    inside = (places >= reach) & (places <= length - reach)
    for group, images in ((inside, False), (~inside, True)):
        of = np.flatnonzero(group)
        for event, node in _list_pairs(nodes, places[of], reach[of]):
            x, y, s = nodes[node], places[of][event], sd[of][event]
            weight = weight_at(x, y, s, length, kernel) if images else kernel.density((x - y) / s) / s
            times_each = times[of][event]
            total += np.bincount(node, times_each * weight, minlength=len(nodes))
            squares += np.bincount(node, times_each * weight * weight, minlength=len(nodes))
    return Sums(total, squares)


def _list_pairs(nodes: Floats, places: Floats, reach: Floats) -> Iterator[tuple[Ints, Ints]]:
    """List events and the nodes they reach, a chunk at a time."""
    step, last = nodes[1] - nodes[0], len(nodes) - 1
    first = np.clip(np.ceil((places - reach) / step), 0, last).astype(np.int64)
    final = np.clip(np.floor((places + reach) / step), 0, last).astype(np.int64)
    count = np.maximum(final - first + 1, 0)
    upto = np.cumsum(count)
    start = 0
    while start < len(places):
        before = upto[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(upto, before + CHUNK, side="right")))
        n_nodes = count[start:stop]
        event = np.repeat(np.arange(start, stop), n_nodes)
        node = np.arange(len(event)) - np.repeat(np.cumsum(n_nodes) - n_nodes, n_nodes) + first[event]
        yield event, node
        start = stop
