"""The border as a line with a chainage: `Border`, its `Datum` and its `Calibration`."""

from __future__ import annotations

from ._border import Border, Datum
from ._calibration import Calibration

__all__ = ["Border", "Calibration", "Datum"]
