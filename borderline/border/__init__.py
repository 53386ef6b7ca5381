"""The border as a line with a chainage: `Border`, its `Datum` and its `Calibration`."""

from __future__ import annotations

from ._border import Border
from ._calibration import Calibration
from ._control import chainage_of
from ._datum import Datum
from ._identity import BorderId, describe_border, distinguish_borders
from ._joining import shared_boundary
from ._required import border_of, require_border
from ._several import read_borders

__all__ = [
    "Border",
    "BorderId",
    "Calibration",
    "Datum",
    "border_of",
    "chainage_of",
    "describe_border",
    "distinguish_borders",
    "read_borders",
    "require_border",
    "shared_boundary",
]
