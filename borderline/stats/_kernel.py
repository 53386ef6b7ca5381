"""
Kernels on a line with ends.

At an end a kernel is reflected, and reflected again at the other end, as often as needed. The sum of all
images of a kernel is the kernel wrapped around a circle of twice the length of the line, at the event
and at its mirror image, so nothing is lost whatever the bandwidth. scipy's ``gaussian_kde`` does not know
of ends: for uniform events and a bandwidth of 10 km it gives half of the intensity there.
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

#: A normal kernel whose standard deviation is this many lengths of the line is constant to 1e-30.
LEVEL_LENGTHS: Final = 4.0

#: Pairs of event and node computed at once; more are not faster.
CHUNK: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Kernel:
    """A probability density with mean 0 and standard deviation 1."""

    #: Name of the option.
    name: str
    #: Distance beyond which it is zero, standard deviations.
    reach: float

    def density(self, u: Floats) -> Floats:
        """
        Return the density.

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
        Return the density wrapped around a circle.

        Parameters
        ----------
        u
            Distances, at most a period.
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
            # A wider kernel is constant on the line, and would need more and more turns.
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
    """Sums of the kernels of events at each node."""

    #: Sum of the kernels of events at the node, per kilometre.
    total: Floats
    #: Sum of their squares: the variance of the first sum if events are independent.
    squares: Floats


def weight_at(x: Floats, y: Floats, sd: Floats, length: float, kernel: Kernel) -> Floats:
    """
    Return the kernel of an event with all its images.

    Parameters
    ----------
    x
        Places, kilometres, from 0 to `length`.
    y
        Place of the event, kilometres, broadcast against `x`.
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


def exact_sums(nodes: Floats, places: Floats, counts: Floats, sd: Floats, kernel: Kernel) -> Sums:
    """
    Sum the kernels of all events at evenly spaced nodes, pair by pair.

    Parameters
    ----------
    nodes
        From 0 to the length of the line, kilometres, evenly spaced, two or more.
    places
        Places of events, kilometres, shape (n,).
    counts
        Number of events at each place, shape (n,).
    sd
        Standard deviation of the kernel of each place, kilometres, shape (n,).
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
            count_of_pair = counts[of][event]
            total += np.bincount(node, count_of_pair * weight, minlength=len(nodes))
            squares += np.bincount(node, count_of_pair * weight * weight, minlength=len(nodes))
    return Sums(total, squares)


def _list_pairs(nodes: Floats, places: Floats, reach: Floats) -> Iterator[tuple[Ints, Ints]]:
    """Yield events and the nodes within their reach, in chunks."""
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
