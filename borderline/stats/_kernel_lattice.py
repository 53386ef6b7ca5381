"""
Sums of the kernels of very many events, by a fine lattice and a Fourier transform.

For 100,000 events, 818 nodes and a bandwidth of 10 km this takes 0.02 s; scipy's ``gaussian_kde``, which
has no correction at the ends of the line, takes 3.4 s.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import fft

from .._constants import Floats
from ._kernel import Kernel, Sums, exact_sums

__all__ = ["bin_on_circle", "bin_on_line", "kernel_sums"]

#: Lattice points per standard deviation. Cubic binning then errs by less than 3/128 * 3 / 32**4,
#: that is 7e-8 of the peak of a kernel.
PER_SD: Final = 32

#: From this many pairs of event and node on, the lattice is faster.
MANY_PAIRS: Final = 3_000_000

#: Largest number of lattice points; a larger lattice costs more than the pairs it saves.
LARGEST: Final = 1 << 22


def kernel_sums(nodes: Floats, places: Floats, counts: Floats, sd: Floats | float, kernel: Kernel) -> Sums:
    """
    Sum the kernels of all events at evenly spaced nodes, by the fastest method that is accurate.

    Parameters
    ----------
    nodes
        From 0 to the length of the line, kilometres, evenly spaced, two or more.
    places
        Places of events, kilometres, shape (n,).
    counts
        Number of events at each place, shape (n,).
    sd
        Standard deviation of the kernel, kilometres: one for all, or shape (n,).
    kernel
        The kernel.

    Returns
    -------
    sums
        At the nodes, per kilometre. With one standard deviation and the Gaussian kernel, sums over very many
        events use a lattice and are within 1e-6 of the peak. All other sums are exact, also those for
        bandwidths so short that the lattice would have more than four million points.
    """
    sd_of_each = np.broadcast_to(np.asarray(sd, dtype=np.float64), places.shape)
    step, length = float(nodes[1] - nodes[0]), float(nodes[-1])
    reach = kernel.reach * sd_of_each
    pairs = float(np.minimum(2 * reach / step + 1, len(nodes)).sum())
    if np.ndim(sd) or kernel.name != "gaussian" or pairs < MANY_PAIRS:
        return exact_sums(nodes, places, counts, sd_of_each, kernel)
    sd = float(sd)
    if sd > length / (2 * kernel.reach):
        # A few lattice points span the line: they replace the events.
        lattice, binned = bin_on_line(places, counts, length, length / (2 * kernel.reach) / PER_SD)
        return exact_sums(nodes, lattice, binned, np.full(len(lattice), sd), kernel)
    parts = int(np.ceil(step * PER_SD / sd))
    size = parts * (len(nodes) - 1)
    if size > LARGEST:
        return exact_sums(nodes, places, counts, sd_of_each, kernel)
    wave = fft.rfft(bin_on_circle(places, counts, length, size))
    # An event and its mirror image together have twice the real part.
    wave = 2 * wave.real
    total = _convolve_normal(wave, sd, length, size)[::parts]
    half = _convolve_normal(wave, sd / np.sqrt(2), length, size)[::parts] / (2 * sd * np.sqrt(np.pi))
    # Near an end an event and its image both have weight. The product of the two kernels is separable.
    for x, y in ((nodes, places), (length - nodes, length - places)):
        both = float((counts * np.exp(-((y / sd) ** 2))).sum())
        half = half + np.exp(-((x / sd) ** 2)) * both / (np.pi * sd**2)
    return Sums(np.maximum(total, 0.0), np.maximum(half, 0.0))


def bin_on_circle(places: Floats, counts: Floats, length: float, size: int) -> Floats:
    """
    Distribute each event over the four nearest points of a lattice, so that sums of cubics are kept.

    Parameters
    ----------
    places
        Places of events, from 0 to `length`.
    counts
        Number of events at each place.
    length
        Length of the line.
    size
        Number of lattice steps on the line.

    Returns
    -------
    lattice
        On the circle of twice the line, shape (2 * size,); events only, without their mirror images.
    """
    steps = places * (size / length)
    left = np.minimum(steps.astype(np.int64), size - 1)
    t = steps - left
    shares = (
        -t * (t - 1) * (t - 2) / 6,
        (t + 1) * (t - 1) * (t - 2) / 2,
        -(t + 1) * t * (t - 2) / 2,
        (t + 1) * t * (t - 1) / 6,
    )
    lattice = np.zeros(2 * size)
    for shift, share in enumerate(shares, start=-1):
        lattice += np.bincount((left + shift) % (2 * size), counts * share, minlength=2 * size)
    return lattice


def bin_on_line(places: Floats, counts: Floats, length: float, step: float) -> tuple[Floats, Floats]:
    """
    Replace events by the points of a lattice.

    Parameters
    ----------
    places
        Places of events, from 0 to `length`.
    counts
        Number of events at each place.
    length
        Length of the line.
    step
        Largest distance between points of the lattice.

    Returns
    -------
    places, counts
        The points, and the number of events at each, in general not whole.
    """
    size = int(np.clip(np.ceil(length / step), 8, LARGEST))
    circle = bin_on_circle(places, counts, length, size)
    line = circle[: size + 1].copy()
    # Parts past an end count at their mirror image.
    line[1:size] += circle[:size:-1]
    return np.linspace(0.0, length, size + 1), line


def _convolve_normal(wave: Floats, sd: float, length: float, size: int) -> Floats:
    """Convolve with the wrapped normal kernel, whose transform is known in closed form."""
    turn = np.arange(size + 1) * (np.pi * sd / length)
    smooth: Floats = fft.irfft(wave * np.exp(-0.5 * turn**2), n=2 * size)[: size + 1]
    return smooth * (size / length)
