"""Where events stand to a border."""

from __future__ import annotations

from ._distances import along_border_km, distance_to, steps_along_border
from ._locate import locate

__all__ = ["along_border_km", "distance_to", "locate", "steps_along_border"]
