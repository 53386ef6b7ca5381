"""The border as a line with a chainage: `Border`, its `Datum` and its `Calibration`."""

from __future__ import annotations

from ._border import Border
from ._calibration import Calibration
from ._control import chainage_of
from ._datum import Datum
from ._described import border_in_words
from ._joining import shared_boundary
from ._required import require_border
from ._several import read_borders

__all__ = [
    "Border",
    "Calibration",
    "Datum",
    "border_in_words",
    "chainage_of",
    "read_borders",
    "require_border",
    "shared_boundary",
]
