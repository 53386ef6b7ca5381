"""Calibration: from metres along the drawn line to published kilometres, and back."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._constants import SLACK_M, Floats
from ..errors import MeasureError
from ..options import validate_flag, validate_positive
from ..provenance import Source
from ._control_points import Line, control_points

__all__ = ["Calibration"]


@dataclass(frozen=True, repr=False)
class Calibration:
    """
    Control points that tie chainage to a measure; straight lines between them.

    A published length is the case of two points, ``(0, 0)`` and ``(length_m, km)``;
    boundary pillars or crossings whose kilometre somebody publishes are more of them,
    see `from_points`. It is a claim, so it names who makes it, and beyond its
    outermost points it claims nothing.

    Raises
    ------
    MeasureError
        If there are fewer than two points, if they differ in number, are not
        finite, or do not both grow from point to point.

    Examples
    --------
    >>> import borderline as bl
    >>> who = bl.Source(title="The World Factbook")
    >>> official = bl.Calibration((0.0, 824_000.0), (0.0, 817.0), who)
    >>> official
    <Calibration km 0 to km 817, 2 control points, following The World Factbook>
    >>> official.to_measure_km([412_000.0, 900_000.0]).tolist()
    [408.5, nan]
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
        if not (grows.all() and np.isfinite([chainage, measure]).all()):
            point = int(np.argmin(grows))
            raise MeasureError(
                "The calibration runs backwards or stands still between control points "
                f"{point} and {point + 1}: {chainage[point]} m = {measure[point]} km, "
                f"{chainage[point + 1]} m = {measure[point + 1]} km; "
                "chainage and measure must both be finite and grow."
            )

    @classmethod
    def from_points(
        cls,
        border: Line,
        points: pd.DataFrame,
        *,
        source: Source | None = None,
        within_km: float = 5.0,
        extend: bool = False,
    ) -> Calibration:
        """
        Return the calibration that pillars, crossings or kilometre posts give.

        Parameters
        ----------
        border
            The border whose chainage is calibrated; `Border.with_calibration` then takes
            the result.
        points
            One row a control point, in any order: ``measure_km``, and where it is, as
            ``chainage_m`` (geodesic metres from the datum), as point geometries in any CRS
            that is set, or as ``longitude`` and ``latitude`` (degrees, WGS 84). Points
            beside the line count at their foot.
        source
            Who publishes the kilometres. By default the sources that the table names in
            ``attrs["sources"]``, or else none in particular.
        within_km
            A point farther than this from the line is refused, geodesic kilometres.
        extend
            Carry the measure on to both ends of the line, in kilometres as drawn. By
            default it is unknown (NaN) beyond the outermost control points.

        Returns
        -------
        calibration
            Exact at the points.

        Raises
        ------
        TableError
            If a column is missing, or a value is not a number.
        MeasureError
            If there are fewer than two points, if one has no position or no measure, lies
            off the border, or if the measure runs backwards; the rows are named.
        OptionError
            If `within_km` is not positive.

        Examples
        --------
        >>> import borderline as bl, pandas as pd
        >>> border = bl.load_border()
        >>> pillars = pd.DataFrame(
        ...     {"measure_km": [196, 445], "latitude": [14.3454, 13.8201], "longitude": [104.0599, 102.7351]},
        ...     index=["pillar 1", "pillar 42"],
        ... )
        >>> own = bl.Calibration.from_points(border, pillars, source=bl.Source(title="own survey"))
        >>> own
        <Calibration km 196 to km 445, 2 control points, following own survey>
        >>> border.with_calibration(own).to_measure([100_000.0, 300_000.0]).round(1).tolist()
        [nan, 302.0]
        """
        validate_positive(within_km, "within_km", "a positive number of kilometres")
        validate_flag(extend, "extend")
        chainage, measure, named = control_points(border, points, within_m=within_km * 1000.0)
        if extend and len(chainage):
            before, after = chainage[0], border.length_m - chainage[-1]
            if before > SLACK_M:
                measure = np.insert(measure, 0, measure[0] - before / 1000.0)
                chainage = np.insert(chainage, 0, 0.0)
            if after > SLACK_M:
                measure = np.append(measure, measure[-1] + after / 1000.0)
                chainage = np.append(chainage, border.length_m)
        who = source or named or Source(title="own control points")
        return cls(tuple(chainage.tolist()), tuple(measure.tolist()), who)

    @property
    def length_km(self) -> float:
        """Measure from the first control point to the last, kilometres."""
        return self.measure_km[-1] - self.measure_km[0]

    @property
    def claim(self) -> str:
        """The kilometres that are followed and who publishes them, in words."""
        first, last = self.measure_km[0], self.measure_km[-1]
        span = f"{last:g} km" if first == 0 else f"km {first:g} to km {last:g}"
        return ", ".join(filter(None, (span, self.source.credit)))

    def to_measure_km(self, chainage_m: ArrayLike) -> Floats:
        """
        Convert chainage to measure.

        Parameters
        ----------
        chainage_m
            Geodesic metres from the datum, a number or an array; NaN stays NaN.

        Returns
        -------
        measure_km
            Kilometres, of the same shape; NaN beyond the outermost control points, where
            nothing is published.

        Examples
        --------
        >>> import borderline as bl
        >>> bl.Calibration((0.0, 1000.0), (5.0, 7.0)).to_measure_km([250.0, 2000.0]).tolist()
        [5.5, nan]
        """
        return _interpolate_points(chainage_m, self.chainage_m, self.measure_km, SLACK_M)

    def to_chainage_m(self, measure_km: ArrayLike) -> Floats:
        """
        Convert measure to chainage: the inverse of `to_measure_km`.

        Parameters
        ----------
        measure_km
            Kilometres, a number or an array; NaN stays NaN.

        Returns
        -------
        chainage_m
            Geodesic metres from the datum, of the same shape; NaN beyond the outermost
            control points.

        Examples
        --------
        >>> import borderline as bl
        >>> bl.Calibration((0.0, 1000.0), (5.0, 7.0)).to_chainage_m(5.5).item()
        250.0
        """
        return _interpolate_points(measure_km, self.measure_km, self.chainage_m, SLACK_M / 1000.0)

    def reversed(self, length_m: float) -> Calibration:
        """
        Return the same control points, counted from the other end of the line.

        Parameters
        ----------
        length_m
            Length of the line, geodesic metres.

        Returns
        -------
        calibration
            Chainage c becomes ``length_m - c``; the measure runs between the same two
            values, the other way round.

        Examples
        --------
        >>> import borderline as bl
        >>> bl.Calibration((0.0, 250.0, 1000.0), (0.0, 1.0, 2.0)).reversed(1000.0).to_measure_km(750.0).item()
        1.0
        """
        first, last = self.measure_km[0], self.measure_km[-1]
        return Calibration(
            tuple(length_m - chainage for chainage in reversed(self.chainage_m)),
            tuple(first + last - measure for measure in reversed(self.measure_km)),
            self.source,
        )

    def __repr__(self) -> str:
        first, last = self.measure_km[0], self.measure_km[-1]
        return (
            f"<Calibration km {first:g} to km {last:g}, {len(self.measure_km)} control points, "
            f"following {self.source.credit or 'no named source'}>"
        )


def _interpolate_points(
    given: ArrayLike, known: tuple[float, ...], wanted: tuple[float, ...], slack: float
) -> Floats:
    """Interpolate between control points: exact at them, never falling, NaN beyond them."""
    places = np.asarray(given, dtype=np.float64)
    value: Floats = np.interp(places, known, wanted)
    # Rounding may carry a value a digit past the control point it approaches.
    ceiling = np.asarray(wanted)[np.clip(np.searchsorted(known, places, side="right"), 0, len(known) - 1)]
    value = np.minimum(value, ceiling)
    beyond = (places < known[0] - slack) | (places > known[-1] + slack)
    return np.where(beyond, np.nan, value)
