"""From metres along the drawn line to the kilometres somebody publishes, and back."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from .._constants import Floats
from ..errors import MeasureError
from ..provenance import Source

__all__ = ["Calibration"]


@dataclass(frozen=True)
class Calibration:
    """
    Control points that tie chainage to a measure; straight lines between them.

    A published length is the case of two points, ``(0, 0)`` and ``(length_m, km)``.
    It is a claim, so it names who makes it.

    Raises
    ------
    MeasureError
        If there are fewer than two points, if they differ in number, are not
        finite, or do not both grow from point to point.

    Examples
    --------
    >>> official = Calibration((0.0, 824_000.0), (0.0, 817.0))
    >>> official.to_measure_km([412_000.0]).tolist()
    [408.5]
    >>> official.to_chainage_m([408.5]).tolist()
    [412000.0]
    """

    #: Chainage of the control points, geodesic metres, growing.
    chainage_m: tuple[float, ...]
    #: Measure of the control points, kilometres, growing.
    measure_km: tuple[float, ...]
    #: Who publishes the measure.
    source: Source = field(default=Source(title="chainage along the drawn line"))

    def __post_init__(self) -> None:
        chainage, measure = np.asarray(self.chainage_m), np.asarray(self.measure_km)
        if len(chainage) != len(measure) or len(chainage) < 2:
            raise MeasureError(
                f"A calibration needs two or more control points, each with a chainage and a measure; "
                f"got {len(chainage)} and {len(measure)}."
            )
        grows = (np.diff(chainage) > 0) & (np.diff(measure) > 0)
        if not grows.all():
            at = int(np.argmin(grows))
            raise MeasureError(
                f"The calibration runs backwards or stands still between control points {at} and {at + 1}: "
                f"{chainage[at]} m = {measure[at]} km, {chainage[at + 1]} m = {measure[at + 1]} km; "
                "chainage and measure must both grow."
            )

    @property
    def length_km(self) -> float:
        """Measure from the first control point to the last, kilometres."""
        return self.measure_km[-1] - self.measure_km[0]

    def to_measure_km(self, chainage_m: ArrayLike) -> Floats:
        """Turn chainage (metres) into measure (kilometres); NaN stays NaN."""
        measure: Floats = np.interp(
            np.asarray(chainage_m, dtype=np.float64), self.chainage_m, self.measure_km
        )
        return measure

    def to_chainage_m(self, measure_km: ArrayLike) -> Floats:
        """Turn measure (kilometres) into chainage (metres); NaN stays NaN."""
        chainage: Floats = np.interp(
            np.asarray(measure_km, dtype=np.float64), self.measure_km, self.chainage_m
        )
        return chainage

    def reversed(self, length_m: float) -> Calibration:
        """Read the same control points from the other end of a line so long."""
        first, last = self.measure_km[0], self.measure_km[-1]
        return Calibration(
            tuple(length_m - each for each in reversed(self.chainage_m)),
            tuple(first + last - each for each in reversed(self.measure_km)),
            self.source,
        )
