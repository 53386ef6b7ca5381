"""Drawn lines of a border: cut into segments, compared, carried over from one to another."""

from __future__ import annotations

from ..border import Datum, read_borders, shared_boundary
from ..referencing import distances_along
from ._agreement import Agreement, line_agreement
from ._comparison import Comparison, Comparisons, compare_lines
from ._line_sensitivity import Sensitivity, sensitivity
from ._resolution import length_by_resolution
from ._segment import segment
from ._transfer import transfer

__all__ = [
    "Agreement",
    "Comparison",
    "Comparisons",
    "Datum",
    "Sensitivity",
    "compare_lines",
    "distances_along",
    "length_by_resolution",
    "line_agreement",
    "read_borders",
    "segment",
    "sensitivity",
    "shared_boundary",
    "transfer",
]
