"""Empirical Bayes for Poisson counts whose rates follow a gamma distribution."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from scipy import optimize, special

from .._constants import Floats, Ints

__all__ = ["Gamma", "Mixture", "fit_gamma", "shrink_by_moments", "weigh_gammas"]

#: Range of the shape of the gamma distribution, logarithms.
SHAPES: Final = (-4.0, 9.0)

#: Number of nodes for the shape, and of nodes for the mean at each shape.
NODES: Final = (40, 15)

#: Nodes with less weight than this share of the largest are dropped.
LIGHT: Final = 1e-4

#: Largest number of Newton steps for the mean, and for a limit.
STEPS: Final = (60, 100)

#: Relative change below which a limit has converged, and the smallest limit.
CLOSE: Final = 1e-9
SMALLEST: Final = 1e-300


class Gamma(NamedTuple):
    """A gamma distribution of rates."""

    #: Shape; large where places hardly differ.
    shape: float
    #: Mean rate.
    mean: float


class Mixture(NamedTuple):
    """A mixture of gamma distributions of rates."""

    #: Shape of each component.
    shape: Floats
    #: Mean rate of each component.
    mean: Floats
    #: Weights; they sum to 1.
    weight: Floats

    def limits(self, count: Ints, exposure: Floats, level: float) -> tuple[Floats, Floats]:
        """
        Return limits of the rate of each place, given its count.

        Parameters
        ----------
        count, exposure
            Count and exposure of each place, shape (n,).
        level
            Probability between the limits; each tail has half of the rest.

        Returns
        -------
        low, high
            Shape (n,).
        """
        shape = count[:, None] + self.shape
        rate = exposure[:, None] + self.shape / self.mean
        tail = (1.0 - level) / 2
        low, high = (self._find_quantile(shape, rate, p) for p in (tail, 1.0 - tail))
        return low, high

    def _find_quantile(self, shape: Floats, rate: Floats, p: float) -> Floats:
        # Newton steps on a logarithmic scale, from the quantile of the component with the largest weight;
        # bisection where a step would leave the bracket.
        likeliest = int(self.weight.argmax())
        start = special.gammaincinv(shape[:, likeliest], p) / rate[:, likeliest]
        log_rate = np.log(np.maximum(start, SMALLEST))
        low = np.full(len(shape), np.log(SMALLEST))
        high = np.log((shape + 20 * np.sqrt(shape) + 100).max(axis=1) / rate.min(axis=1))
        height = special.gammaln(shape)
        left = np.arange(len(shape))
        for _ in range(STEPS[1]):
            here, a, k = log_rate[left], shape[left], height[left]
            x = np.exp(here)[:, None] * rate[left]
            over = special.gammainc(a, x) @ self.weight - p
            low[left], high[left] = np.where(over < 0, here, low[left]), np.where(over < 0, high[left], here)
            slope = np.exp(a * np.log(x) - x - k) @ self.weight
            following = here - over / np.maximum(slope, SMALLEST)
            inside = (following > low[left]) & (following < high[left])
            log_rate[left] = np.where(inside, following, (low[left] + high[left]) / 2)
            left = left[np.abs(log_rate[left] - here) > CLOSE]
            if not len(left):
                break
        quantile: Floats = np.exp(log_rate)
        return quantile

    def draw(self, count: Ints, exposure: Floats, draws: int, rng: np.random.Generator) -> Floats:
        """
        Draw the rates of all places jointly, given their counts.

        Parameters
        ----------
        count, exposure
            Count and exposure of each place, shape (n,).
        draws
            Number of draws.
        rng
            Random generator.

        Returns
        -------
        rates
            Shape (draws, n).
        """
        gamma = rng.choice(len(self.weight), size=draws, p=self.weight)
        shape, mean = self.shape[gamma][:, None], self.mean[gamma][:, None]
        return rng.gamma(count + shape) / (exposure + shape / mean)


def shrink_by_moments(count: Ints, exposure: Floats) -> Floats:
    """
    Shrink rates to their mean by the method of moments of Marshall (1991).

    Parameters
    ----------
    count, exposure
        Count and exposure of each place, shape (n,); exposures are positive.

    Returns
    -------
    rate
        Shape (n,).
    """
    total = exposure.sum()
    mean = count.sum() / total
    rate = count / exposure
    spread = (exposure * (rate - mean) ** 2).sum() / total
    between = max(spread - mean / exposure.mean(), 0.0)
    if between == 0:
        return np.full(len(count), mean)
    trust = between / (between + mean / exposure)
    shrunk: Floats = mean + trust * (rate - mean)
    return shrunk


def fit_gamma(count: Ints, exposure: Floats) -> Gamma:
    """
    Fit a gamma distribution of rates to counts by maximum likelihood.

    Parameters
    ----------
    count, exposure
        Count and exposure of each place, shape (n,); at least one event.

    Returns
    -------
    gamma
        Its shape is at most exp(9), where differences between places are too small to show.
    """
    logs = np.linspace(*SHAPES, 53)
    best = int(_profile_likelihood(count, exposure, np.exp(logs))[1].argmax())
    around = logs[max(best - 1, 0)], logs[min(best + 1, len(logs) - 1)]
    optimum = optimize.minimize_scalar(
        lambda log: -_profile_likelihood(count, exposure, np.exp([log]))[1][0],
        bounds=around,
        method="bounded",
    )
    shape = np.exp([optimum.x])
    return Gamma(float(shape[0]), float(np.exp(_profile_likelihood(count, exposure, shape)[0][0])))


def weigh_gammas(count: Ints, exposure: Floats) -> Mixture:
    """
    Return gamma distributions of rates, weighted by how well they explain the counts.

    The prior weight that a place of mean exposure gives to the overall mean is uniform between 0 and 1 (a
    uniform shrinkage prior); the prior of the mean rate is uniform on a logarithmic scale.

    Parameters
    ----------
    count, exposure
        Count and exposure of each place, shape (n,); at least one event.

    Returns
    -------
    mixture
        Distributions with their posterior weights.
    """
    to_mean = (np.arange(NODES[0]) + 0.5) / NODES[0]
    shape = count.mean() * (1 - to_mean) / to_mean
    log_mean, _, spread = _profile_likelihood(count, exposure, shape)
    steps = np.linspace(-4.5, 4.5, NODES[1])
    nodes = log_mean[:, None] + spread[:, None] * steps
    log_weight = _log_likelihood(count, exposure, shape[:, None], np.exp(nodes)) + np.log(spread)[:, None]
    weight = np.exp(log_weight - log_weight.max()).ravel()
    kept = weight > LIGHT
    weight = weight[kept]
    return Mixture(np.repeat(shape, NODES[1])[kept], np.exp(nodes.ravel()[kept]), weight / weight.sum())


def _profile_likelihood(count: Ints, exposure: Floats, shape: Floats) -> tuple[Floats, Floats, Floats]:
    """Return, for each shape, the log of the likeliest mean, the log likelihood there, and its width."""
    log_mean = np.full(len(shape), np.log(count.sum() / exposure.sum()))
    for _ in range(STEPS[0]):
        expected = exposure * np.exp(log_mean)[:, None]
        known = shape[:, None] / (shape[:, None] + expected)
        score = (known * (count - expected)).sum(axis=1)
        curve = ((count + shape[:, None]) * known * (1 - known)).sum(axis=1)
        step = np.clip(score / curve, -1.0, 1.0)
        log_mean = log_mean + step
        if np.abs(step).max() < 1e-10:
            break
    likelihood = _log_likelihood(count, exposure, shape[:, None], np.exp(log_mean)[:, None])[:, 0]
    return log_mean, likelihood, 1 / np.sqrt(curve)


def _log_likelihood(count: Ints, exposure: Floats, shape: Floats, mean: Floats) -> Floats:
    """Return log likelihoods, up to a constant, of shapes and means that broadcast."""
    a, expected = shape[..., None], exposure * mean[..., None]
    # log1p keeps precision where the shape is large and places hardly differ.
    terms = (
        special.gammaln(count + a)
        - special.gammaln(a)
        - a * np.log1p(expected / a)
        + count * (np.log(expected) - np.log(a + expected))
    )
    total: Floats = terms.sum(axis=-1)
    return total
