"""Whether a pattern along a border is more than chance."""

from __future__ import annotations

from ._interaction import space_time_interaction
from ._kfunction import k_function
from ._local import excess, local_statistics
from ._periods import compare_periods
from ._scan import hotspots

__all__ = [
    "compare_periods",
    "excess",
    "hotspots",
    "k_function",
    "local_statistics",
    "space_time_interaction",
]
