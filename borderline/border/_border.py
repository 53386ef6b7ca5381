"""The border: a line with a chainage that parts two countries."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
from shapely.geometry.base import BaseGeometry

from .._countries import alpha3
from .._line import as_line
from ..errors import MeasureError
from ..provenance import Source
from ._calibration import Calibration
from ._datum import Datum
from ._described import Described

__all__ = ["Border"]


@dataclass(frozen=True, eq=False, repr=False)
class Border(Described):
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
