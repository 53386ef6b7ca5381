"""Static figures for print: the profile, the strip of dates and the map, as Matplotlib Axes."""

from __future__ import annotations

from typing import NoReturn

from ..errors import MissingExtraError

try:
    from ._map_chart import plot_map
    from ._profile_chart import plot_profile
    from ._resolution_chart import plot_resolution
    from ._strip_chart import plot_strip
except ModuleNotFoundError as error:
    if (error.name or "").partition(".")[0] != "matplotlib":
        raise

    def _require_matplotlib(*_: object, **__: object) -> NoReturn:
        """Stand in for every figure, so that the rest of borderline works without Matplotlib."""
        raise MissingExtraError(
            "Figures need Matplotlib; install it with pip install 'borderline-geo[plot]'."
        )

    plot_map = plot_profile = plot_resolution = plot_strip = _require_matplotlib

__all__ = ["plot_map", "plot_profile", "plot_resolution", "plot_strip"]
