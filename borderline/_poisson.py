"""Exact limits for counts."""

from __future__ import annotations

import numpy as np
from scipy import special

from ._constants import Floats, Ints

__all__ = ["poisson_limits"]


def poisson_limits(count: Ints, level: float) -> tuple[Floats, Floats]:
    """
    Exact confidence limits for the mean of a Poisson count.

    Parameters
    ----------
    count
        Events, shape (n,).
    level
        Confidence level; each tail gets half of the rest.

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
    # The tails of a Poisson sum are those of a gamma integral; scipy.stats would take long to import.
    low = np.where(count > 0, special.gammaincinv(np.maximum(count, 1), tail), 0.0)
    high = special.gammainccinv(count + 1, tail)
    return low, high
