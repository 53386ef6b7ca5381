"""Events on a line, with the kernel that smooths them and the nodes of the result."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from .._constants import Floats
from ..border import Border
from ..errors import OptionError
from ..options import validate_positive, validate_word
from ..schema import numbers_of
from ._kernel import Kernel
from ._kernel_bandwidth import adapt_bandwidth, choose_bandwidth
from ._sample import Sample

__all__ = ["LineEvents", "gather_events", "profile_nodes"]

#: Ways to choose a bandwidth.
CHOICES: Final = ("likelihood", "rule")

#: Nodes per bandwidth, unless a step is given; sums over the nodes are then exact to 1e-12.
NODES_PER_SD: Final = 4

#: Largest distance between nodes, kilometres, unless a step is given.
WIDEST_KM: Final = 1.0

#: Largest number of nodes; more are taken for a mistake.
MOST_NODES: Final = 1_000_000


class LineEvents(NamedTuple):
    """Events on a line, and the kernel that smooths them."""

    #: Distinct places, kilometres.
    places: Floats
    #: Events at each.
    counts: Floats
    #: Length of the line, kilometres.
    length: float
    #: The kernel.
    kernel: Kernel
    #: Its standard deviation, kilometres.
    bandwidth: float
    #: How the bandwidth was chosen, for the method.
    chosen: str
    #: Whether the bandwidth varies with the density of events.
    adaptive: bool

    def sd(self, places: Floats) -> Floats | float:
        """
        Return the standard deviation of the kernel of an event.

        Parameters
        ----------
        places
            Places of events, kilometres.

        Returns
        -------
        sd
            Kilometres; one number for all unless the bandwidth is adaptive.
        """
        if not self.adaptive or not len(self.places):
            return self.bandwidth
        return adapt_bandwidth(self.places, self.counts, self.bandwidth, self.length, self.kernel, places)


def gather_events(
    events: pd.DataFrame,
    sample: Sample,
    border: Border,
    kernel: Kernel,
    bandwidth_km: float | str,
    *,
    adaptive: bool = False,
) -> LineEvents:
    """
    Gather events by place, and choose the bandwidth.

    Parameters
    ----------
    events
        The table; ``location_error_m`` is read from it.
    sample
        The events that count; one that runs along the border is placed at the middle of its stretch.
    border
        The border.
    kernel
        The kernel.
    bandwidth_km
        Kilometres, or the way to choose them.
    adaptive
        Whether the bandwidth varies.

    Returns
    -------
    line_events
        Distinct places, counts, kernel and bandwidth.

    Raises
    ------
    OptionError
        If the bandwidth is not positive, or the way to choose it is unknown.
    TableError
        If the bandwidth cannot be chosen.
    """
    length = border.length_m / 1000.0
    places, n_events = np.unique(sample.points_m / 1000.0, return_counts=True)
    counts = n_events.astype(np.float64)
    if isinstance(bandwidth_km, str):
        validate_word(bandwidth_km, "bandwidth_km", CHOICES, hint="a positive number of kilometres")
        error = _median_error_km(events, sample)
        bandwidth = choose_bandwidth(places, counts, length, kernel, by=bandwidth_km, error_km=error)
        words = {"likelihood": "cross-validation by place", "rule": "Silverman's rule of thumb"}
        chosen = f"by {words[bandwidth_km]}"
        if error is not None:
            chosen += f", at least the median location error of {error:.3g} km"
    else:
        wanted = f"a positive number of kilometres or one of {', '.join(map(repr, CHOICES))}"
        bandwidth, chosen = validate_positive(bandwidth_km, "bandwidth_km", wanted), "as given"
    return LineEvents(places, counts, length, kernel, bandwidth, chosen, adaptive)


def profile_nodes(length: float, bandwidth: float, step_km: float | None) -> Floats:
    """
    Return evenly spaced nodes on a line.

    Parameters
    ----------
    length
        Length of the line, kilometres.
    bandwidth
        Standard deviation of the kernel, kilometres.
    step_km
        Largest distance between nodes, kilometres; None for one that suits the bandwidth.

    Returns
    -------
    nodes
        Kilometres, both ends included.

    Raises
    ------
    OptionError
        If the step is not positive, or makes more than a million nodes.
    """
    step = min(WIDEST_KM, bandwidth / NODES_PER_SD)
    if step_km is not None:
        step = validate_positive(step_km, "step_km", "a positive number of kilometres")
    if length / step > MOST_NODES:
        raise OptionError(
            f"step_km={step:g} would make {length / step:,.0f} nodes of {length:.0f} km of border; "
            "give a longer step."
        )
    # A rounding error must not add a node.
    return np.linspace(0.0, length, max(int(np.ceil(length / step - 1e-9)), 1) + 1)


def _median_error_km(events: pd.DataFrame, sample: Sample) -> float | None:
    if "location_error_m" not in events.columns:
        return None
    error = numbers_of(events, "location_error_m")[sample.rows[sample.weight > 0]]
    known = error[np.isfinite(error) & (error >= 0)]
    return float(np.median(known)) / 1000.0 if len(known) else None
