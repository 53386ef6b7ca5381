"""Exact limits for Poisson counts, and the dispersion of counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .._constants import Floats

__all__ = ["poisson_limits", "variance_over_mean"]


def poisson_limits(
    count: NDArray[np.integer] | Floats, level: float, *, dispersion: float | Floats = 1.0
) -> tuple[Floats, Floats]:
    """
    Compute exact confidence limits for the mean of a Poisson count.

    Parameters
    ----------
    count
        Events, shape (n,).
    level
        Confidence level; each tail has half of the rest.
    dispersion
        Variance over mean, 1 or more, a number or shape (n,). Above 1 the limits are quasi-Poisson and not
        exact: `dispersion` times the limits of the count divided by it.

    Returns
    -------
    low, high
        Shape (n,); `low` is 0 for a count of 0.

    Examples
    --------
    >>> import numpy as np
    >>> low, high = poisson_limits(np.array([0, 10]), 0.95)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 4.795], [3.689, 18.39])
    """
    tail = (1.0 - level) / 2
    scaled = count / np.asarray(dispersion, dtype=np.float64)
    positive = np.where(scaled > 0, scaled, 1.0)
    # The tails of a Poisson distribution are gamma integrals; scipy.stats would be slow to import.
    low = np.where(scaled > 0, special.gammaincinv(positive, tail), 0.0) * dispersion
    high = special.gammainccinv(scaled + 1.0, tail) * dispersion
    return low, high


def variance_over_mean(count: NDArray[np.integer] | Floats, exposure: Floats) -> float:
    """
    Compute how much counts vary, compared with Poisson counts at one rate.

    This is Pearson's statistic over its degrees of freedom; where all exposures are equal, it is the
    variance of the counts over their mean.

    Parameters
    ----------
    count
        Events, shape (n,).
    exposure
        Exposure, shape (n,); places without any are left out.

    Returns
    -------
    dispersion
        About 1 for independent events at one rate; NaN without events or with fewer than two places.

    Examples
    --------
    >>> import numpy as np
    >>> variance_over_mean(np.array([0, 0, 6]), np.ones(3))
    6.0
    """
    exposed = exposure > 0
    count, exposure = count[exposed], exposure[exposed]
    total = float(count.sum())
    if len(count) < 2 or total == 0:
        return float("nan")
    expected = exposure * (total / exposure.sum())
    return float(((count - expected) ** 2 / expected).sum() / (len(count) - 1))
