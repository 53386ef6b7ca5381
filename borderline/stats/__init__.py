"""Statistics of events along a border: counts, rates, intensities and tests against chance."""

from __future__ import annotations

from ._bands import bands
from ._catchment import catchment_km2
from ._density import density
from ._hotspots import hotspots
from ._interaction import space_time_interaction
from ._k_function import k_function
from ._local import local_statistics
from ._period_comparison import compare_periods
from ._profile import profile
from ._sensitivity import density_sensitivity
from ._shrinkage import shrink_rates

__all__ = [
    "bands",
    "catchment_km2",
    "compare_periods",
    "density",
    "density_sensitivity",
    "hotspots",
    "k_function",
    "local_statistics",
    "profile",
    "shrink_rates",
    "space_time_interaction",
]
