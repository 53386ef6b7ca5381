"""Events gathered on a line, with the kernel and the nodes that suit them."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from .._constants import Floats
from ..border import Border
from ..errors import MeasureError, UnknownKeyError, near_miss
from ..options import is_one_of, validate_level, validate_number
from ..schema import numbers_of
from ._kernel import KERNELS, Kernel
from ._kernel_bandwidth import adapted, chosen_bandwidth
from ._sample import Counted

__all__ = ["Along", "along", "checked_kernel", "checked_level", "profile_nodes"]

#: How a bandwidth can be chosen.
CHOICES: Final = ("likelihood", "rule")

#: Nodes in a bandwidth, unless a step is given; sums over the nodes then integrate to 1e-12.
NODES_PER_SD: Final = 4

#: Nodes are this far apart at most, kilometres, unless a step is given.
WIDEST_KM: Final = 1.0

#: A grid of more nodes than this is a mistake.
MOST_NODES: Final = 1_000_000


class Along(NamedTuple):
    """Events on a line, and the kernel that smooths them."""

    #: Distinct places, kilometres.
    places: Floats
    #: Events at each.
    times: Floats
    #: Length of the line, kilometres.
    length: float
    #: The kernel.
    kernel: Kernel
    #: Its standard deviation, kilometres.
    bandwidth: float
    #: How that was found, in words.
    chosen: str
    #: Whether it varies with the density of events.
    adaptive: bool

    def sd(self, at: Floats) -> Floats | float:
        """
        Tell the standard deviation of the kernel of an event.

        Parameters
        ----------
        at
            Where the event is, kilometres.

        Returns
        -------
        sd
            Kilometres; one for all unless it is adaptive.
        """
        if not self.adaptive or not len(self.places):
            return self.bandwidth
        return adapted(self.places, self.times, self.bandwidth, self.length, self.kernel, at)


def checked_kernel(name: str) -> Kernel:
    """
    Find a kernel by name.

    Parameters
    ----------
    name
        What the user gave.

    Returns
    -------
    kernel
        The kernel.

    Raises
    ------
    UnknownKeyError
        If there is none of this name.
    """
    if not is_one_of(name, KERNELS):
        raise UnknownKeyError(f"There is no kernel {name!r}.{near_miss(str(name), KERNELS)}")
    return KERNELS[name]


def checked_level(level: float) -> float:
    """
    Refuse a confidence level that is none.

    Parameters
    ----------
    level
        What the user gave.

    Returns
    -------
    level
        The same.

    Raises
    ------
    MeasureError
        If it does not lie between 0 and 1.
    """
    validate_level(level)
    return level


def along(
    events: pd.DataFrame,
    counted: Counted,
    border: Border,
    kernel: Kernel,
    bandwidth_km: float | str,
    *,
    adaptive: bool = False,
) -> Along:
    """
    Gather events by place, and settle the bandwidth.

    Parameters
    ----------
    events
        The table; ``location_error_m`` is read from it.
    counted
        Which of its rows count.
    border
        The border.
    kernel
        The kernel.
    bandwidth_km
        Kilometres, or how to choose them.
    adaptive
        Whether the bandwidth varies.

    Returns
    -------
    along
        What the sums need.

    Raises
    ------
    UnknownKeyError
        If the choice is unknown.
    MeasureError
        If the bandwidth is not positive, or cannot be chosen.
    """
    length = border.length_m / 1000.0
    places, times = np.unique(counted.chainage_m / 1000.0, return_counts=True)
    if isinstance(bandwidth_km, str):
        if bandwidth_km not in CHOICES:
            raise UnknownKeyError(
                f"bandwidth_km is a number of kilometres or a choice, not {bandwidth_km!r}."
                f"{near_miss(bandwidth_km, CHOICES)}"
            )
        error = _median_error_km(events, counted)
        bandwidth = chosen_bandwidth(
            places, times.astype(np.float64), length, kernel, by=bandwidth_km, error_km=error
        )
        words = {"likelihood": "cross-validation by place", "rule": "Silverman's rule of thumb"}
        chosen = f"by {words[bandwidth_km]}"
        if error is not None:
            chosen += f", at least the median location error of {error:.3g} km"
    else:
        validate_number(bandwidth_km, "bandwidth_km", f"kilometres or one of {', '.join(CHOICES)}")
        bandwidth, chosen = float(bandwidth_km), "as given"
        if not (np.isfinite(bandwidth) and bandwidth > 0):
            raise MeasureError(f"bandwidth_km must be a positive number of kilometres, not {bandwidth_km}.")
    return Along(places, times.astype(np.float64), length, kernel, bandwidth, chosen, adaptive)


def profile_nodes(length: float, bandwidth: float, step_km: float | None) -> Floats:
    """
    Lay evenly spaced nodes on a line.

    Parameters
    ----------
    length
        Of the line, kilometres.
    bandwidth
        Of the kernel, kilometres.
    step_km
        Largest distance between nodes, or None for one that suits the bandwidth.

    Returns
    -------
    nodes
        Kilometres, both ends included.

    Raises
    ------
    MeasureError
        If the step is not positive, or makes more than a million nodes.
    """
    if step_km is not None:
        validate_number(step_km, "step_km", "a positive number of kilometres")
    step = min(WIDEST_KM, bandwidth / NODES_PER_SD) if step_km is None else float(step_km)
    if not step > 0:
        raise MeasureError(f"step_km must be a positive number of kilometres, not {step_km}.")
    if length / step > MOST_NODES:
        raise MeasureError(
            f"Steps of {step:g} km would make {length / step:,.0f} nodes of {length:.0f} km of border; "
            "give a longer step_km."
        )
    # A rounding error must not add a node.
    return np.linspace(0.0, length, max(int(np.ceil(length / step - 1e-9)), 1) + 1)


def _median_error_km(events: pd.DataFrame, counted: Counted) -> float | None:
    if "location_error_m" not in events.columns:
        return None
    error = numbers_of(events, "location_error_m")[counted.rows]
    known = error[np.isfinite(error) & (error >= 0)]
    return float(np.median(known)) / 1000.0 if len(known) else None
