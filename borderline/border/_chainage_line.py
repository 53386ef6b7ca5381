"""A line along which chainage is counted, and where it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import overload

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

from .._constants import GEOD, SLACK_M, WGS84_CRS, Floats, Ints
from ..errors import MeasureError
from ..geodesy import Chain, Feet, Pieces, find_feet
from ._planar_edges import densify_planar

__all__ = ["ChainageLine", "Datum"]


@dataclass(frozen=True)
class Datum:
    """
    Where chainage starts, and which way it grows.

    Examples
    --------
    >>> import borderline as bl
    >>> bl.load_border().datum.name
    'tripoint of Cambodia, Laos and Thailand, as drawn by the line'
    """

    #: The point, in words.
    name: str
    #: Longitude of the point, degrees (WGS 84).
    longitude: float
    #: Latitude of the point, degrees (WGS 84).
    latitude: float
    #: Which way chainage grows, in words; may be empty.
    direction: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class ChainageLine:
    """A line along which chainage is counted; its edges are geodesics of WGS 84, or straight in degrees."""

    #: EPSG:4326, vertices running from the datum.
    line: shapely.LineString
    #: How edges run between vertices: ``"geodesic"``, or ``"planar"``, straight in longitude and latitude.
    edges: str = field(default="geodesic", kw_only=True)

    @cached_property
    def course(self) -> shapely.LineString:
        """The line with more vertices where its edges are planar, so that geodesics follow it to 1 cm."""
        return self._dense_course[0]

    @cached_property
    def _dense_course(self) -> tuple[shapely.LineString, Ints]:
        """The course, and the position in it of each vertex of the line."""
        xy = shapely.get_coordinates(self.line)
        if self.edges == "geodesic":
            return self.line, np.arange(len(xy))
        dense, kept = densify_planar(xy)
        return shapely.linestrings(dense), kept

    @cached_property
    def _geodesic_chain(self) -> Chain:
        xy = shapely.get_coordinates(self.course)
        return Chain.from_lonlat(xy[:, 0], xy[:, 1])

    @cached_property
    def _piece_index(self) -> Pieces:
        return Pieces.from_chain(self._geodesic_chain)

    @cached_property
    def vertex_chainage(self) -> Floats:
        """Chainage of each vertex of the line, geodesic metres, from 0 to ``length_m``."""
        xy = shapely.get_coordinates(self.course)
        along = np.append(0.0, np.cumsum(GEOD.line_lengths(xy[:, 0], xy[:, 1])))[self._dense_course[1]]
        return np.asarray(np.minimum(along, self.length_m))

    @property
    def length_m(self) -> float:
        """Geodesic length of this line, metres. It grows with the detail drawn."""
        return self._geodesic_chain.length_m

    @property
    def length_km(self) -> float:
        """Geodesic length of this line, kilometres."""
        return self.length_m / 1000.0

    @property
    def geometry(self) -> shapely.LineString:
        """The line itself, as geopandas calls it."""
        return self.line

    @property
    def crs(self) -> CRS:
        """CRS of the coordinates: longitude and latitude, EPSG:4326."""
        return WGS84_CRS

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north end of the line, degrees."""
        west, south, east, north = self.line.bounds
        return west, south, east, north

    def foot(self, lon: ArrayLike, lat: ArrayLike, *, second: bool = False) -> Feet:
        """
        Compute the foot, the distance and the side of points.

        Parameters
        ----------
        lon, lat
            Degrees (WGS 84), shape (n,); NaN marks a missing point.
        second
            Whether to look for second feet, too: as near within 50 m or 1 %, and
            more than 1 km and half the distance away from the first.

        Returns
        -------
        feet
            Arrays of shape (n,): ``chainage`` and ``distance`` in geodesic metres,
            ``offset`` (positive to the left, 0 within 1 mm), ``beyond_end`` and
            ``second`` (chainage of the second foot, NaN where there is none).

        Examples
        --------
        >>> import borderline as bl, shapely
        >>> border = bl.Border.from_line(shapely.LineString([(0, 0), (0, 1)]), left="FRA", right="DEU")
        >>> feet = border.foot([-0.01, 0.02], [0.5, 2.0])
        >>> feet.offset.round().tolist(), feet.beyond_end.tolist()
        ([1113.0, -110597.0], [False, True])
        """
        lon, lat = (np.atleast_1d(np.asarray(degrees, dtype=np.float64)) for degrees in (lon, lat))
        return find_feet(self._piece_index, lon, lat, second=second)

    @overload
    def interpolate(self, chainage_m: float) -> shapely.Point: ...

    @overload
    def interpolate(self, chainage_m: ArrayLike) -> shapely.Point | NDArray[np.object_]: ...

    def interpolate(self, chainage_m: ArrayLike) -> shapely.Point | NDArray[np.object_]:
        """
        Return points on the border by chainage.

        Parameters
        ----------
        chainage_m
            Geodesic metres from the datum, a number or an array.

        Returns
        -------
        points
            One Point for a number, an array of Points for an array; missing
            (None) where the chainage is NaN.

        Raises
        ------
        MeasureError
            If a chainage lies off the border.

        Examples
        --------
        >>> import borderline as bl, shapely
        >>> border = bl.Border.from_line(shapely.LineString([(0, 0), (0, 1)]), left="FRA", right="DEU")
        >>> border.interpolate(0.0)
        <POINT (0 0)>
        """
        chainage = np.asarray(chainage_m, dtype=np.float64)
        flat = self._clip_to_line(np.atleast_1d(chainage))
        lon, lat = self._geodesic_chain.interpolate(flat)
        points = np.full(len(flat), None, dtype=object)
        known = np.isfinite(flat)
        points[known] = shapely.points(lon[known], lat[known])
        return points[0] if chainage.ndim == 0 else points

    def slice(self, from_m: float, to_m: float) -> shapely.LineString:
        """
        Return the line between two chainages.

        Parameters
        ----------
        from_m, to_m
            Geodesic metres from the datum, ``from_m < to_m``.

        Returns
        -------
        line
            EPSG:4326, running with growing chainage, vertices of the border kept.

        Raises
        ------
        MeasureError
            If a chainage lies off the border, or the two are not in order.

        Examples
        --------
        >>> import borderline as bl, shapely
        >>> border = bl.Border.from_line(shapely.LineString([(0, 0), (0, 1)]), left="FRA", right="DEU")
        >>> len(border.slice(0.0, 1000.0).coords)
        2
        """
        start, end = self._clip_to_line(np.array([from_m, to_m], dtype=np.float64))
        if not start < end:
            raise MeasureError(
                f"A slice runs from a smaller to a larger chainage, not from {from_m} to {to_m} m."
            )
        return shapely.linestrings(*self._geodesic_chain.between(float(start), float(end)))

    def _clip_to_line(self, chainage: Floats) -> Floats:
        """Refuse chainages off the line; those within `SLACK_M` of an end become the end."""
        off = (chainage < -SLACK_M) | (chainage > self.length_m + SLACK_M)
        if off.any():
            raise MeasureError(
                f"Chainage {chainage[off][0]:.3f} m lies off the border, "
                f"which runs from 0 to {self.length_m:.3f} m."
            )
        return np.clip(chainage, 0.0, self.length_m)
