"""Choose a bandwidth by likelihood cross-validation or by a rule of thumb, and adapt it to the events."""

from __future__ import annotations

from typing import Final

import numpy as np

from .._constants import Floats
from ..errors import TableError
from ._kernel import Kernel, weight_at
from ._kernel_lattice import kernel_sums

__all__ = ["adapt_bandwidth", "choose_bandwidth", "log_likelihood"]

#: Up to this many places cross-validation is exact; with more, places move by at most 1/128 of the
#: bandwidth.
FEW_PLACES: Final = 300

#: Number of bandwidths tried before the best is refined.
TRIED: Final = 40

#: Smallest bandwidth tried where location errors are unknown, a share of the line.
LEAST_SHARE: Final = 1e-4

#: Largest factor between an adaptive bandwidth and the given one.
TRIM: Final = 5.0

#: Lower bound of a density, a share of the highest, so that one distant event does not decide alone.
FLOOR: Final = 1e-13


def choose_bandwidth(
    places: Floats, counts: Floats, length: float, kernel: Kernel, *, by: str, error_km: float | None
) -> float:
    """
    Choose a bandwidth from the events.

    Parameters
    ----------
    places
        Distinct places of events, kilometres.
    counts
        Number of events at each place.
    length
        Length of the line, kilometres.
    kernel
        The kernel.
    by
        ``"likelihood"`` or ``"rule"``.
    error_km
        Median location error, kilometres, the lower bound of the bandwidth; None if unknown.

    Returns
    -------
    bandwidth_km
        Standard deviation of the kernel, kilometres.

    Raises
    ------
    TableError
        If there are fewer than two places.
    """
    if len(places) < 2:
        raise TableError(
            f"A bandwidth cannot be chosen from events at {len(places)} place"
            f"{'s' * (len(places) != 1)}; give bandwidth_km in kilometres."
        )
    least = min(max(error_km or 0.0, length * LEAST_SHARE), length / 2)
    if by == "rule":
        return max(_apply_silverman_rule(places, counts), least)
    return _maximise_likelihood(places, counts, length, kernel, least)


def _apply_silverman_rule(places: Floats, counts: Floats) -> float:
    """Return the bandwidth of Silverman (1986), equation 3.31."""
    events = np.repeat(places, counts.astype(np.int64))
    quarter, three = np.quantile(events, [0.25, 0.75])
    spreads = [float(np.std(events, ddof=1)), float(three - quarter) / 1.34]
    return 0.9 * min(spread for spread in spreads if spread > 0) * float(len(events) ** -0.2)


def _maximise_likelihood(
    places: Floats, counts: Floats, length: float, kernel: Kernel, least: float
) -> float:
    from scipy import optimize  # noqa: PLC0415 - slow to import, and seldom needed

    def loss(log_sd: float) -> float:
        return -log_likelihood(places, counts, float(np.exp(log_sd)), length, kernel)

    tried = np.linspace(np.log(least), np.log(length / 2), TRIED)
    losses = np.array([loss(log_sd) for log_sd in tried])
    if not np.isfinite(losses).any():  # the kernel is finite, and all places are out of its reach
        return length / 2
    best = int(np.argmin(losses))
    around = (tried[max(best - 1, 0)], tried[min(best + 1, TRIED - 1)])
    optimum = optimize.minimize_scalar(loss, bounds=around, method="bounded", options={"xatol": 1e-4})
    # The bounded minimiser never evaluates its bounds.
    return float(np.exp(optimum.x if optimum.fun < losses[best] else tried[best]))


def log_likelihood(places: Floats, counts: Floats, sd: float, length: float, kernel: Kernel) -> float:
    """
    Return the cross-validated log likelihood of a bandwidth.

    Parameters
    ----------
    places
        Distinct places of events, kilometres.
    counts
        Number of events at each place.
    sd
        The bandwidth, kilometres.
    length
        Length of the line, kilometres.
    kernel
        The kernel.

    Returns
    -------
    score
        Sum over events of the log intensity at each, estimated without the events at its own place; minus
        infinity where no other place is in reach.
    """
    sd_of_all = np.array(sd)
    if len(places) <= FEW_PLACES:
        total = weight_at(places[:, None], places[None, :], sd_of_all, length, kernel) @ counts
        own = counts * weight_at(places, places, sd_of_all, length, kernel)
    else:
        nodes = np.linspace(0.0, length, 1 + int(np.ceil(64 * length / sd)))
        node = np.rint(places / nodes[1]).astype(np.int64)
        node_counts = np.bincount(node, counts, minlength=len(nodes)).astype(np.float64)
        used = np.flatnonzero(node_counts)
        total = kernel_sums(nodes, nodes[used], node_counts[used], sd, kernel).total[node]
        own = counts * weight_at(nodes[node], nodes[node], sd_of_all, length, kernel)
    others = total - own
    if kernel.name == "gaussian":
        others = np.maximum(others, FLOOR * total.max())
    elif (others <= FLOOR * total).any():  # only the event's own place is in reach; the rest is rounding
        return -np.inf
    return float((counts * np.log(others)).sum())


def adapt_bandwidth(
    places: Floats, counts: Floats, sd: float, length: float, kernel: Kernel, where: Floats
) -> Floats:
    """
    Return a bandwidth that is larger where events are few, and smaller where they are many.

    Parameters
    ----------
    places
        Places of events, kilometres.
    counts
        Number of events at each place.
    sd
        The bandwidth to adapt, kilometres.
    length
        Length of the line, kilometres.
    kernel
        The kernel.
    where
        Places at which the bandwidth is wanted, kilometres.

    Returns
    -------
    sd
        `sd` times the square root of the geometric mean of a first estimate at the events over the estimate
        at `where` (Abramson 1982), by a factor of at most five.
    """
    nodes = np.linspace(0.0, length, 1 + int(np.clip(np.ceil(16 * length / sd), 16, 1 << 20)))
    pilot = np.maximum(kernel_sums(nodes, places, counts, sd, kernel).total, 0.0)
    mean = np.exp(np.average(np.log(np.interp(places, nodes, pilot)), weights=counts))
    with np.errstate(divide="ignore"):
        factor = np.sqrt(mean / np.interp(where, nodes, pilot))
    return np.asarray(sd * np.clip(factor, 1 / TRIM, TRIM))
