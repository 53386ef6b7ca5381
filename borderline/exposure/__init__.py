"""What events are compared with: length of border, the land nearest to each part of it, and time."""

from __future__ import annotations

from ._catchment import Catchment, catchment_km2, catchment_of
from ._repeats import counted_once, repeats
from ._spans import Period, Span, days_of, span_of, spans_of
from ._stretches import Exposure, assign, exposure_of, same_border

__all__ = [
    "Catchment",
    "Exposure",
    "Period",
    "Span",
    "assign",
    "catchment_km2",
    "catchment_of",
    "counted_once",
    "days_of",
    "exposure_of",
    "repeats",
    "same_border",
    "span_of",
    "spans_of",
]
