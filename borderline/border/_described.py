"""What is known about a border beside its line, and how it shows itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike

from .._constants import Floats
from .._countries import country_name
from ..errors import MeasureError
from ..provenance import Source
from ._calibration import Calibration
from ._card import card
from ._course import Course
from ._datum import Datum
from ._identity import BorderId

__all__ = ["Described"]


@dataclass(frozen=True, eq=False, repr=False)
class Described(Course):
    """A course with its banks, its datum, its measure and its source."""

    #: ISO 3166-1 alpha-3 of the country on the left, looking along growing chainage.
    left: str
    #: The country on the right.
    right: str
    #: What the border is called.
    name: str
    #: Where chainage starts.
    datum: Datum
    #: Where the line comes from.
    source: Source = field(default=Source(title=""))
    #: Half-width in metres that holds 90 % of the line's displacement, where known.
    accuracy_m: float | None = None
    #: Ties chainage to a published measure, where one is followed.
    calibration: Calibration | None = None
    #: Land that drawings of this border put on different sides, where several are known.
    contested: shapely.MultiPolygon | None = None

    @property
    def nominal_length_km(self) -> float | None:
        """
        Published length that the measure follows, kilometres; its source is the calibration's.

        None without a calibration, or where its control points do not reach both ends.
        """
        if self.calibration is None:
            return None
        ends = self.calibration.to_measure_km([0.0, self.length_m])
        return None if np.isnan(ends).any() else float(ends[1] - ends[0])

    @cached_property
    def identity(self) -> BorderId:
        """The record that tells this border from another: name, length, start and checksum."""
        return BorderId(self)

    def to_measure(self, chainage_m: ArrayLike) -> Floats:
        """
        Turn chainage into measure: kilometres by the calibration.

        Parameters
        ----------
        chainage_m
            Geodesic metres from the datum; NaN stays NaN.

        Returns
        -------
        measure_km
            Kilometres; without a calibration simply a thousandth of the chainage. NaN
            beyond the outermost control points, where nothing is published.

        Examples
        --------
        >>> import borderline as bl
        >>> border = bl.load_border()
        >>> border.to_measure(border.length_m).round(1).item()
        817.0
        """
        if self.calibration is not None:
            return self.calibration.to_measure_km(chainage_m)
        return np.asarray(chainage_m, dtype=np.float64) / 1000.0

    def to_chainage(self, measure_km: ArrayLike) -> Floats:
        """
        Turn measure into chainage: the inverse of `measure`.

        Parameters
        ----------
        measure_km
            Kilometres by the calibration, a number or an array; NaN stays NaN.

        Returns
        -------
        chainage_m
            Geodesic metres from the datum.

        Raises
        ------
        MeasureError
            If a measure lies beyond the ends of the border, or beyond the outermost
            control points of its calibration.

        Examples
        --------
        >>> import borderline as bl
        >>> border = bl.load_border()
        >>> round(border.to_chainage(817.0).item()) == round(border.length_m)
        True
        """
        calibration = self.calibration or Calibration((0.0, self.length_m), (0.0, self.length_m / 1000.0))
        asked = np.asarray(measure_km, dtype=np.float64)
        chainage = calibration.to_chainage_m(asked)
        lost = np.isnan(chainage) & ~np.isnan(asked)
        if lost.any():
            first, last = calibration.measure_km[0], calibration.measure_km[-1]
            raise MeasureError(
                f"km {asked[lost].flat[0]:g} lies off the border, whose measure runs from "
                f"km {first:g} to km {last:.3f} ({calibration.source.credit})."
            )
        return chainage

    def __repr__(self) -> str:
        said = ""
        if self.calibration is not None:
            whole = self.nominal_length_km is not None
            said = f" ({'nominal' if whole else 'measured'} {self.calibration.claim})"
        return (
            f"<Border {self.name or 'unnamed'}: {self.length_m / 1000:.1f} km{said}, "
            f"left {self.left}, right {self.right}, from {self.datum.name}>"
        )

    def _repr_html_(self) -> str:
        facts = {
            "left": f"{country_name(self.left)} ({self.left})",
            "right": f"{country_name(self.right)} ({self.right})",
            "length as drawn": f"{self.length_m / 1000:.1f} km, {len(self.line.coords):,} vertices",
            "chainage from": self.datum.name,
        }
        if self.calibration is not None:
            points = len(self.calibration.measure_km)
            between = f" (between {points} control points)" if points > 2 else ""
            whole = self.nominal_length_km is not None
            facts["length as claimed" if whole else "measure as claimed"] = self.calibration.claim + between
        if self.accuracy_m is not None:
            facts["position known within"] = f"{self.accuracy_m:,.0f} m for 90 % of the line"
        if self.source.credit:
            facts["source"] = self.source.credit
        return card(self.name or "Border", facts, self.line, (self.left, self.right))

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        return {
            "type": "Feature",
            "properties": {"name": self.name, "left": self.left, "right": self.right},
            "geometry": shapely.geometry.mapping(self.line),
        }
