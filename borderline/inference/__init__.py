"""Whether a pattern along a border is more than chance."""

from __future__ import annotations

from ._interaction import space_time_interaction
from ._kfunction import k_function
from ._scan import hotspots

__all__ = ["hotspots", "k_function", "space_time_interaction"]
