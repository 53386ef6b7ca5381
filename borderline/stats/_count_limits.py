"""Limits of counts whose events may be in several places: of the count that happened, and of its rate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from scipy import special

from .._constants import Floats, Ints
from ._placements import Shares
from ._poisson import poisson_limits

__all__ = [
    "CountDistribution",
    "count_limits",
    "distribute_draws",
    "distribute_shares",
    "find_rising",
    "mixed_poisson_limits",
]

#: Up to this variance the distribution of a count is exact; above, a normal one with its skewness.
EXACT_VARIANCE: Final = 400.0

#: Standard deviations either way, and counts besides, that the exact distribution holds.
REACH: Final = (12.0, 20)

#: Quantiles that stand for a distribution that is not exact.
QUANTILES: Final = 129

#: Probabilities this small are rounding.
TINY: Final = 1e-13

#: Bisections; they leave 1e-15 of the bracket.
HALVINGS: Final = 55


class CountDistribution(NamedTuple):
    """What the count of each cell may be; arrays of shape (cells, values), padded with probability 0."""

    #: Counts, ascending.
    values: Floats
    #: Probability of each; rows sum to 1.
    probability: Floats


def distribute_shares(shares: Shares, n_of_row: Floats, base: Floats) -> CountDistribution:
    """
    Return the distribution of counts of independent events (Poisson-binomial).

    Parameters
    ----------
    shares
        Probability that an event of each row is in each cell.
    n_of_row
        Events of each row.
    base
        What is counted in each cell for certain, shape (cells,).

    Returns
    -------
    distribution
        Exact up to a variance of 400 by its discrete Fourier transform; above, normal with its skewness.
    """
    certain = shares.share >= 1.0
    n = n_of_row[shares.row]
    sure = base + np.bincount(shares.cell[certain], n[certain], minlength=len(base))
    order = np.argsort(shares.cell[~certain], kind="stable")
    cell, share, n = shares.cell[~certain][order], shares.share[~certain][order], n[~certain][order]
    start = np.searchsorted(cell, np.arange(len(base) + 1))
    rows = []
    for number in range(len(base)):
        part = slice(start[number], start[number + 1])
        values, probability = _sum_bernoullis(share[part], n[part])
        rows.append((sure[number] + values, probability))
    return _pad_rows(rows)


def _sum_bernoullis(share: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Return the counts that may happen, and their probabilities."""
    used = n > 0
    share, n = share[used], n[used]
    if not len(share):
        return np.zeros(1), np.ones(1)
    mean, variance = float(n @ share), float(n @ (share * (1 - share)))
    if variance > EXACT_VARIANCE:
        skewness = float(n @ (share * (1 - share) * (1 - 2 * share))) / variance**1.5
        z = special.ndtri((np.arange(QUANTILES) + 0.5) / QUANTILES)
        values = np.rint(mean + np.sqrt(variance) * (z + skewness * (z * z - 1) / 6))
        return _merge_values(np.clip(values, 0.0, n.sum()), np.full(QUANTILES, 1.0 / QUANTILES))
    sd, more = REACH
    size = int(min(n.sum(), np.ceil(2 * sd * np.sqrt(variance) + more))) + 1
    turn = np.exp(-2j * np.pi * np.arange(size) / size)
    # The logarithm of 0 is minus infinity, and its exponential 0 again.
    with np.errstate(divide="ignore"):
        logs = np.log(1.0 + np.outer(share, turn - 1.0))
    wave = np.exp(n @ logs)
    chance = np.fft.ifft(wave).real
    # Counts are known but for turns of the size; those around the mean are meant.
    first = int(np.clip(round(mean) - size // 2, 0, int(n.sum()) + 1 - size))
    values = first + (np.arange(size) - first) % size
    order = np.argsort(values)
    chance = np.where(chance > TINY, chance, 0.0)[order]
    kept = chance > 0
    return values[order][kept].astype(np.float64), chance[kept] / chance.sum()


def distribute_draws(cell: Ints, n_of_row: Floats, base: Floats) -> CountDistribution:
    """
    Return the distribution of counts over draws of all positions together.

    Parameters
    ----------
    cell
        Cell of each row in each draw, shape (rows, draws); -1 for none.
    n_of_row
        Events of each row.
    base
        What is counted in each cell for certain, shape (cells,).

    Returns
    -------
    distribution
        Each draw has the same probability.
    """
    counts = count_draws(cell, n_of_row, len(base)) + base
    weight = np.full(len(counts), 1.0 / max(len(counts), 1))
    return _pad_rows([_merge_values(counts[:, number], weight) for number in range(len(base))])


def count_draws(cell: Ints, n_of_row: Floats, size: int) -> Floats:
    """
    Count the events of each cell in each draw.

    Parameters
    ----------
    cell, n_of_row
        As in `distribute_draws`.
    size
        Number of cells.

    Returns
    -------
    counts
        Shape (draws, cells).
    """
    counts = np.zeros((cell.shape[1], size))
    for draw, cells in enumerate(cell.T):
        inside = cells >= 0
        counts[draw] = np.bincount(cells[inside], n_of_row[inside], minlength=size)
    return counts


def _merge_values(values: Floats, weight: Floats) -> tuple[Floats, Floats]:
    distinct, place = np.unique(values, return_inverse=True)
    if len(distinct) == 1:
        return distinct, np.ones(1)
    return distinct, np.bincount(place, weight).astype(np.float64)


def _pad_rows(rows: list[tuple[Floats, Floats]]) -> CountDistribution:
    width = max((len(values) for values, _ in rows), default=1)
    values, probability = np.zeros((len(rows), width)), np.zeros((len(rows), width))
    for number, (counts, chance) in enumerate(rows):
        values[number, : len(counts)], probability[number, : len(counts)] = counts, chance
        values[number, len(counts) :] = counts[-1]
    return CountDistribution(values, probability)


def count_limits(distribution: CountDistribution, level: float) -> tuple[Floats, Floats]:
    """
    Return limits of the count that happened.

    Parameters
    ----------
    distribution
        What the counts may be.
    level
        Probability that the limits hold, at least; each tail has at most half of the rest.

    Returns
    -------
    low, high
        Shape (cells,).
    """
    tail = (1.0 - level) / 2
    upto = np.cumsum(distribution.probability, axis=1)
    low = np.argmax(upto > tail + TINY, axis=1)
    high = np.argmax(upto >= 1.0 - tail - TINY, axis=1)
    rows = np.arange(len(upto))
    return distribution.values[rows, low], distribution.values[rows, high]


def mixed_poisson_limits(
    distribution: CountDistribution, level: float, *, dispersion: Floats | float = 1.0
) -> tuple[Floats, Floats]:
    """
    Return limits of the mean of Poisson counts that are not known exactly.

    The tails of the exact limits (Garwood 1936) are averaged over the counts that may have happened. Where
    a count is known the limits are the exact ones.

    Parameters
    ----------
    distribution
        What the counts may be.
    level
        Confidence level; each tail has half of the rest.
    dispersion
        As in `poisson_limits`, shape (cells,).

    Returns
    -------
    low, high
        Shape (cells,).
    """
    tail = (1.0 - level) / 2
    widen = np.broadcast_to(np.asarray(dispersion, dtype=np.float64), len(distribution.values))
    values, probability = distribution
    low, high = poisson_limits(values[:, 0], level, dispersion=widen)
    mixed = np.flatnonzero((probability > 0).sum(axis=1) > 1)
    if not len(mixed):
        return low, high
    scaled, chance = values[mixed] / widen[mixed, None], probability[mixed]
    ceiling = special.gammainccinv(scaled[:, -1] + 1.0, tail)

    def reach(mean: Floats) -> Floats:
        """Return the mean probability of as many events or more; 1 for a count of 0."""
        above = np.where(scaled > 0, special.gammainc(np.maximum(scaled, TINY), mean[:, None]), 1.0)
        return np.asarray((chance * above).sum(axis=1))

    def remain(mean: Floats) -> Floats:
        """Return 1 less the mean probability of as many events or fewer."""
        return np.asarray((chance * special.gammainc(scaled + 1.0, mean[:, None])).sum(axis=1))

    none = np.zeros_like(ceiling)
    # Where a count of 0 is likelier than the tail, the lower limit is 0.
    found_low = np.where(reach(none) >= tail - TINY, 0.0, find_rising(reach, none, ceiling, tail))
    low[mixed] = found_low * widen[mixed]
    high[mixed] = find_rising(remain, none, ceiling, 1.0 - tail) * widen[mixed]
    return low, high


def find_rising(rising: Callable[[Floats], Floats], low: Floats, high: Floats, value: float) -> Floats:
    """
    Return where rising functions take a value, by bisection.

    Parameters
    ----------
    rising
        From shape (n,) to shape (n,).
    low, high
        Brackets, shape (n,).
    value
        The value.

    Returns
    -------
    places
        The upper end where the value is not reached.
    """
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = rising(middle) >= value
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.asarray(high)
