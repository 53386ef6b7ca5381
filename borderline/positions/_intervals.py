"""Quantiles of weighted places."""

from __future__ import annotations

import numpy as np

from .._constants import Floats

__all__ = ["weighted_quantiles"]


def weighted_quantiles(values: Floats, weight: Floats, shares: Floats) -> Floats:
    """
    Return quantiles of each row of weighted values.

    A value stands for the middle of its own weight; between two values the quantile is
    interpolated, beyond the outermost ones it is those.

    Parameters
    ----------
    values, weight
        Shape (D, N); weights of a row sum to 1.
    shares
        Shares of the weight below each quantile, shape (Q,).

    Returns
    -------
    quantiles
        Shape (D, Q).
    """
    count = values.shape[1]
    if count and (weight == weight[:, :1]).all():
        return _even_quantiles(np.sort(values, axis=1), shares)
    order = np.argsort(values, axis=1, kind="stable")
    values, weight = np.take_along_axis(values, order, 1), np.take_along_axis(weight, order, 1)
    middle = np.cumsum(weight, axis=1) - weight / 2
    result = np.empty((len(values), len(shares)))
    for row in range(len(values)):
        result[row] = np.interp(shares, middle[row], values[row])
    return result


def _even_quantiles(ordered: Floats, shares: Floats) -> Floats:
    """Return quantiles of rows in order whose values weigh the same."""
    count = ordered.shape[1]
    place = np.clip(np.asarray(shares) * count - 0.5, 0.0, count - 1.0)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, count - 1)
    low = ordered[:, below]
    quantiles: Floats = low + (ordered[:, above] - low) * (place - below)
    return quantiles
