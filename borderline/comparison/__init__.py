"""Two drawings of one border: how far apart, what hangs on the choice, how measures move over."""

from __future__ import annotations

from ._agreement import Agreement, line_agreement
from ._changes import Comparison, compare_lines
from ._resolution import length_by_resolution
from ._transfer import transfer

__all__ = [
    "Agreement",
    "Comparison",
    "compare_lines",
    "length_by_resolution",
    "line_agreement",
    "transfer",
]
