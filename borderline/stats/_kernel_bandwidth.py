"""Choosing a bandwidth: by likelihood cross-validation, or by a rule of thumb."""

from __future__ import annotations

from typing import Final

import numpy as np

from .._constants import Floats
from ..errors import TableError
from ._kernel import Kernel, weight_at
from ._kernel_lattice import kernel_sums

__all__ = ["adapt_bandwidth", "choose_bandwidth", "log_likelihood"]

#: Up to this many places cross-validation is exact; for more, places move by a 128th of the
#: bandwidth at most.
FEW_PLACES: Final = 300

#: Bandwidths tried before the best is refined.
TRIED: Final = 40

#: Without location errors, no bandwidth below this share of the line is tried.
LEAST_SHARE: Final = 1e-4

#: An adaptive bandwidth differs from the given one by this factor at most.
TRIM: Final = 5.0

#: A density below this share of the highest is taken for this share, lest one far event decide alone.
FLOOR: Final = 1e-13


def choose_bandwidth(
    places: Floats, times: Floats, length: float, kernel: Kernel, *, by: str, error_km: float | None
) -> float:
    """
    Choose a bandwidth from the events.

    Parameters
    ----------
    places
        Distinct places of events, kilometres.
    times
        How many events are at each.
    length
        Length of the line, kilometres.
    kernel
        The kernel.
    by
        ``"likelihood"`` or ``"rule"``.
    error_km
        Median location error, kilometres, below which no bandwidth makes sense; None if unknown.

    Returns
    -------
    bandwidth_km
        Standard deviation of the kernel.

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
        return max(_apply_silverman_rule(places, times), least)
    return _maximise_likelihood(places, times, length, kernel, least)


def _apply_silverman_rule(places: Floats, times: Floats) -> float:
    """Silverman (1986), equation 3.31."""
    events = np.repeat(places, times.astype(np.int64))
    quarter, three = np.quantile(events, [0.25, 0.75])
    spreads = [float(np.std(events, ddof=1)), float(three - quarter) / 1.34]
    return 0.9 * min(spread for spread in spreads if spread > 0) * float(len(events) ** -0.2)


def _maximise_likelihood(places: Floats, times: Floats, length: float, kernel: Kernel, least: float) -> float:
    from scipy import optimize  # noqa: PLC0415 - takes long to import, and few need it

    def loss(log_sd: float) -> float:
        return -log_likelihood(places, times, float(np.exp(log_sd)), length, kernel)

    tried = np.linspace(np.log(least), np.log(length / 2), TRIED)
    losses = np.array([loss(log_sd) for log_sd in tried])
    if not np.isfinite(losses).any():  # a kernel that ends, and places farther apart than it reaches
        return length / 2
    best = int(np.argmin(losses))
    around = (tried[max(best - 1, 0)], tried[min(best + 1, TRIED - 1)])
    optimum = optimize.minimize_scalar(loss, bounds=around, method="bounded", options={"xatol": 1e-4})
    # The refinement never looks at its bounds themselves.
    return float(np.exp(optimum.x if optimum.fun < losses[best] else tried[best]))


def log_likelihood(places: Floats, times: Floats, sd: float, length: float, kernel: Kernel) -> float:
    """
    Score a bandwidth by how well events are foreseen from those at other places.

    Parameters
    ----------
    places
        Distinct places of events, kilometres.
    times
        How many events are at each.
    sd
        The bandwidth, kilometres.
    length
        Length of the line, kilometres.
    kernel
        The kernel.

    Returns
    -------
    score
        Sum over events of the logarithm of the intensity at each, estimated without
        the events of its own place; minus infinity if none is in reach.
    """
    sd_of_all = np.array(sd)
    if len(places) <= FEW_PLACES:
        total = weight_at(places[:, None], places[None, :], sd_of_all, length, kernel) @ times
        own = times * weight_at(places, places, sd_of_all, length, kernel)
    else:
        nodes = np.linspace(0.0, length, 1 + int(np.ceil(64 * length / sd)))
        node = np.rint(places / nodes[1]).astype(np.int64)
        counts = np.bincount(node, times, minlength=len(nodes)).astype(np.float64)
        used = np.flatnonzero(counts)
        total = kernel_sums(nodes, nodes[used], counts[used], sd, kernel).total[node]
        own = times * weight_at(nodes[node], nodes[node], sd_of_all, length, kernel)
    others = total - own
    if kernel.name == "gaussian":
        others = np.maximum(others, FLOOR * total.max())
    elif (others <= FLOOR * total).any():  # only the own place is in reach; rounding leaves a trace
        return -np.inf
    return float((times * np.log(others)).sum())


def adapt_bandwidth(
    places: Floats, times: Floats, sd: float, length: float, kernel: Kernel, where: Floats
) -> Floats:
    """
    Widen the bandwidth where events are few, and narrow it where they are many.

    Parameters
    ----------
    places
        Where events are, kilometres.
    times
        How many events are at each place.
    sd
        The bandwidth to adapt, kilometres.
    length
        Length of the line, kilometres.
    kernel
        The kernel.
    where
        Where to tell the adapted bandwidth, kilometres.

    Returns
    -------
    sd
        `sd` times the square root of the geometric mean of a first estimate at the events
        over the estimate at `where` (Abramson 1982), by a factor of five at most.
    """
    nodes = np.linspace(0.0, length, 1 + int(np.clip(np.ceil(16 * length / sd), 16, 1 << 20)))
    pilot = np.maximum(kernel_sums(nodes, places, times, sd, kernel).total, 0.0)
    mean = np.exp(np.average(np.log(np.interp(places, nodes, pilot)), weights=times))
    with np.errstate(divide="ignore"):
        factor = np.sqrt(mean / np.interp(where, nodes, pilot))
    return np.asarray(sd * np.clip(factor, 1 / TRIM, TRIM))
