"""What events are compared with: length of border, or the land nearest to each part of it."""

from __future__ import annotations

from ._catchment import Catchment, catchment_km2, catchment_of

__all__ = ["Catchment", "catchment_km2", "catchment_of"]
