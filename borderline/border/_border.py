"""The border: a line with a chainage that parts two countries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

from .._constants import Floats
from .._countries import alpha3, country_name
from .._line import as_line
from ..errors import MeasureError
from ..provenance import Source
from ._calibration import Calibration
from ._card import card
from ._course import Course
from ._datum import Datum

__all__ = ["Border"]


@dataclass(frozen=True, eq=False, repr=False)
class Border(Course):
    """
    A line between two countries, along which chainage is counted.

    Edges are geodesics of WGS 84. Make one with `Border.from_line`, or take the
    built-in one from `load_border`.

    Examples
    --------
    >>> import borderline as bl, shapely
    >>> line = shapely.LineString([(0, 0), (0, 1)])
    >>> border = bl.Border.from_line(line, left="FRA", right="DEU", name="along a meridian")
    >>> round(border.length_m)
    110574
    >>> border
    <Border along a meridian: 110.6 km, left FRA, right DEU, from the first vertex of the line>
    """

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

    @classmethod
    def from_line(
        cls,
        line: BaseGeometry | gpd.GeoSeries | gpd.GeoDataFrame,
        *,
        left: str,
        right: str,
        name: str = "",
        source: Source | None = None,
        accuracy_m: float | None = None,
        nominal_length_km: float | None = None,
    ) -> Border:
        """
        Make a border of any line.

        Parameters
        ----------
        line
            A LineString, or a MultiLineString that merges into one, in longitude
            and latitude (WGS 84); or a GeoSeries or GeoDataFrame of lines in any
            CRS that is set. Chainage starts at its first vertex.
        left, right
            Countries on either side, looking along the line: ISO 3166-1 alpha-3,
            or alpha-2.
        name
            What to call it.
        source
            Where the line comes from; shown under every map.
        accuracy_m
            Half-width that holds 90 % of the line's displacement, metres.
        nominal_length_km
            A published length to calibrate the measure to; `source` is taken as
            who publishes it. By default the measure is the chainage.

        Returns
        -------
        border
            Chainage 0 at the first vertex.

        Raises
        ------
        CRSError
            If a GeoSeries or GeoDataFrame has no CRS.
        GeometryError
            If the line is empty, in pieces, a loop, crosses itself, or is not in
            longitude and latitude.
        UnknownKeyError
            If a country code is none.
        MeasureError
            If `nominal_length_km` is not positive.

        Examples
        --------
        >>> import borderline as bl, shapely
        >>> line = shapely.LineString([(7.0, 49.0), (8.0, 49.0)])
        >>> bl.Border.from_line(line, left="DE", right="FR").left
        'DEU'
        """
        whole = as_line(line)
        first = whole.coords[0]
        source = source or Source(title="")
        border = cls(
            line=whole,
            left=alpha3(left),
            right=alpha3(right),
            name=name,
            datum=Datum("the first vertex of the line", first[0], first[1]),
            source=source,
            accuracy_m=accuracy_m,
        )
        length = border.length_m
        if nominal_length_km is None:
            return border
        if not nominal_length_km > 0:
            raise MeasureError(f"nominal_length_km must be positive, not {nominal_length_km}.")
        return replace(border, calibration=Calibration((0.0, length), (0.0, nominal_length_km), source))

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

    @property
    def identity(self) -> str:
        """What tells this border from another: name, length and where it starts."""
        return (
            f"{self.name or 'a border'} ({self.length_m:.3f} m "
            f"from {self.line.coords[0][0]:.7f}, {self.line.coords[0][1]:.7f})"
        )

    def measure(self, chainage_m: ArrayLike) -> Floats:
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
        """
        if self.calibration is not None:
            return self.calibration.to_measure_km(chainage_m)
        return np.asarray(chainage_m, dtype=np.float64) / 1000.0

    def chainage(self, measure_km: ArrayLike) -> Floats:
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
        >>> round(border.chainage(817.0).item()) == round(border.length_m)
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

    def with_calibration(self, calibration: Calibration | None) -> Border:
        """
        Follow another measure, or none.

        Parameters
        ----------
        calibration
            Control points on this line, see `Calibration.from_points`. None counts plain
            kilometres along the drawn line.

        Returns
        -------
        border
            The same line with this calibration.

        Raises
        ------
        MeasureError
            If a control point lies off the line.

        Examples
        --------
        >>> import borderline as bl
        >>> border = bl.load_border()
        >>> survey = bl.Source(title="Royal Thai Survey Department")
        >>> border.with_calibration(bl.Calibration((0.0, border.length_m), (0.0, 798.0), survey))
        <Border Cambodia–Thailand land border: 824.2 km (nominal 798 km, Royal Thai Survey Department), ...
        """
        if calibration is not None:
            self._on_border(np.array([calibration.chainage_m[0], calibration.chainage_m[-1]]))
        return replace(self, calibration=calibration)

    def reversed(self) -> Border:
        """
        Count from the other end: chainage c becomes ``length_m - c``, and the sides swap.

        Returns
        -------
        border
            The same line run backwards, left and right exchanged.
        """
        last = self.line.coords[-1]
        return replace(
            self,
            line=self.line.reverse(),
            left=self.right,
            right=self.left,
            datum=Datum(f"the other end of the line from {self.datum.name}", last[0], last[1]),
            calibration=None if self.calibration is None else self.calibration.reversed(self.length_m),
        )

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
        return card(self.name or "Border", facts, self.line)

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        return {
            "type": "Feature",
            "properties": {"name": self.name, "left": self.left, "right": self.right},
            "geometry": shapely.geometry.mapping(self.line),
        }
