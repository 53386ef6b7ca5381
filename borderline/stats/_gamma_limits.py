"""Confidence limits for a weighted sum of Poisson counts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from .._constants import Floats

__all__ = ["gamma_limits"]

#: Bisections; they leave 1e-15 of the bracket.
HALVINGS = 50


def gamma_limits(total: Floats, squares: Floats, largest: Floats, level: float) -> tuple[Floats, Floats]:
    """
    Compute confidence limits for the mean of a weighted sum of Poisson counts.

    These are the gamma limits of Fay and Feuer [1]_ in their mid-P form [2]_. With equal weights they are
    the mid-P limits of a Poisson mean.

    Parameters
    ----------
    total
        The sum, shape (n,).
    squares
        Sum of the squared weights, shape (n,).
    largest
        The largest weight an event could have had, shape (n,).
    level
        Confidence level.

    Returns
    -------
    low, high
        Shape (n,).

    References
    ----------
    .. [1] M. P. Fay and E. J. Feuer, "Confidence intervals for directly standardized
       rates: a method based on the gamma distribution", Statistics in Medicine 16
       (1997), 791-801.
    .. [2] M. P. Fay and S. Kim, "Confidence intervals for directly standardized rates
       using mid-p gamma intervals", Biometrical Journal 59 (2017), 377-387.

    Examples
    --------
    >>> import numpy as np
    >>> low, high = gamma_limits(np.array([0.0, 10.0]), np.array([0.0, 10.0]), np.ones(2), 0.95)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 5.08], [2.996, 17.825])
    """
    tail = (1.0 - level) / 2
    seen = total > 1e-12 * largest
    # The mid-P distribution is the mean of those for one event fewer and one event more.
    with np.errstate(divide="ignore", invalid="ignore"):
        shape = np.where(seen, total**2 / squares, 1.0)
        scale = np.where(seen, squares / total, 1.0)
    more_shape = (total + largest) ** 2 / (squares + largest**2)
    more_scale = (squares + largest**2) / (total + largest)

    def upper_tail(x: Floats) -> Floats:
        fewer = np.where(seen, special.gammaincc(shape, x / scale), 0.0)
        return np.asarray((fewer + special.gammaincc(more_shape, x / more_scale)) / 2)

    ceiling = np.maximum(
        special.gammainccinv(more_shape, tail / 2) * more_scale,
        np.where(seen, special.gammainccinv(shape, tail / 2) * scale, 0.0),
    )
    low = np.where(seen, _find_crossing(upper_tail, ceiling, 1.0 - tail), 0.0)
    return low, _find_crossing(upper_tail, ceiling, tail)


def _find_crossing(falling: Callable[[Floats], Floats], ceiling: Floats, value: float) -> Floats:
    """Return where a falling function takes a value, between 0 and a ceiling, by bisection."""
    low, high = np.zeros_like(ceiling), ceiling.copy()
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = falling(middle) > value
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.asarray((low + high) / 2)
