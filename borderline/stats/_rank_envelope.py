"""Global envelopes and p-values for whole curves, by extreme rank lengths."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .._constants import Floats

__all__ = ["Envelope", "rank_envelope"]


class Envelope(NamedTuple):
    """Envelope and p-value of an observed curve."""

    #: Smallest value at each distance of the curves that are not among the most extreme.
    low: Floats
    #: Largest value of these curves.
    high: Floats
    #: Share of curves at least as extreme as the observed one, itself included.
    p_value: float


def rank_envelope(observed: Floats, simulated: Floats, level: float) -> Envelope:
    """
    Compare a curve with simulated curves as a whole, by extreme rank lengths.

    At each distance curves are ranked from the nearer end of their order. A curve is more extreme the smaller
    its smallest rank; between equals, the more often it has that rank, and so on [1]_. If the observed curve
    comes from the same distribution as the others, the p-value is at most alpha with a probability of at
    most alpha.

    Parameters
    ----------
    observed
        Shape (r,).
    simulated
        Shape (s, r).
    level
        Share of curves within the envelope.

    Returns
    -------
    envelope
        Of shape (r,). Without ties the observed curve leaves it somewhere exactly when the p-value is at most
        ``1 - level``.

    References
    ----------
    .. [1] M. Myllymäki, T. Mrkvička, P. Grabarnik, H. Seijo and U. Hahn, "Global envelope
       tests for spatial processes", Journal of the Royal Statistical Society B 79
       (2017), 381-404.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> rank_envelope(np.full(5, 4.0), rng.normal(size=(99, 5)), 0.95).p_value
    0.01
    """
    from scipy import stats  # noqa: PLC0415 - slow to import, and seldom needed

    curves = np.vstack([observed, simulated])
    # Equal values get the less extreme rank, so ties make no curve look extreme.
    low = stats.rankdata(curves, method="max", axis=0)
    high = stats.rankdata(-curves, method="max", axis=0)
    ranks = np.sort(np.minimum(low, high), axis=1)
    # In lexicographic order, the most extreme first; equal rows share the last place.
    order = np.lexsort(ranks.T[::-1])
    run = np.concatenate([[True], (np.diff(ranks[order], axis=0) != 0).any(axis=1)])
    group = np.cumsum(run) - 1
    last = np.bincount(group).cumsum()
    place = np.empty(len(curves), dtype=np.int64)
    place[order] = last[group]
    share = place / len(curves)
    kept = curves[share > 1.0 - level + 1e-12]
    if not len(kept):  # all curves are equal
        kept = curves
    return Envelope(kept.min(axis=0), kept.max(axis=0), float(share[0]))
