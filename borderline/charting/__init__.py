"""Static pictures for print: the profile, the strip of dates and the map, as Matplotlib Axes."""

from __future__ import annotations

from ._map_chart import plot_map
from ._profile_chart import plot_profile
from ._resolution_chart import plot_resolution
from ._strip_chart import plot_strip

__all__ = ["plot_map", "plot_profile", "plot_resolution", "plot_strip"]
