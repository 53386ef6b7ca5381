"""The border as a line with a chainage: `Border`, its `Datum` and its `Calibration`."""

from __future__ import annotations

from ._border import Border, border_of, read_borders, require_border
from ._border_id import BorderId, describe_border, distinguish_borders
from ._calibration import Calibration
from ._chainage_line import Datum
from ._control_points import chainage_of
from ._line_accuracy import LineAccuracy
from ._shared_boundary import shared_boundary

__all__ = [
    "Border",
    "BorderId",
    "Calibration",
    "Datum",
    "LineAccuracy",
    "border_of",
    "chainage_of",
    "describe_border",
    "distinguish_borders",
    "read_borders",
    "require_border",
    "shared_boundary",
]
