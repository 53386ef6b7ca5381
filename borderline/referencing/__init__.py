"""Where events stand to a border."""

from __future__ import annotations

from ._distances import along_border_km, nearest_places, steps_along_border
from ._locate import locate

__all__ = ["along_border_km", "locate", "nearest_places", "steps_along_border"]
