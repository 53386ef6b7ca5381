"""The border as a line with a chainage: `Border`, its `Datum` and its `Calibration`."""

from __future__ import annotations

from ._border import Border
from ._calibration import Calibration
from ._datum import Datum

__all__ = ["Border", "Calibration", "Datum"]
