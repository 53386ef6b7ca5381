"""Static pictures for print: the profile, the strip of dates and the map, as Matplotlib Axes."""

from __future__ import annotations

from ._dates import plot_strip
from ._intensity import plot_profile
from ._resolution import plot_resolution
from ._view import plot_map

__all__ = ["plot_map", "plot_profile", "plot_resolution", "plot_strip"]
