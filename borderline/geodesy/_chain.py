"""A chain: vertices joined by geodesics, with chainage along them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .._constants import GEOD, Floats
from ..errors import GeometryError

__all__ = ["Chain"]


@dataclass(frozen=True, eq=False)
class Chain:
    """
    Vertices of a line on WGS 84; its edges are geodesics.

    Make one with `Chain.from_lonlat`, which measures the edges.
    """

    #: Longitude of each vertex, degrees.
    lon: Floats
    #: Latitude of each vertex, degrees.
    lat: Floats
    #: Azimuth of each edge where it starts, degrees clockwise from north.
    azimuth: Floats
    #: Azimuth of each edge where it ends, degrees, still looking forward.
    azimuth_end: Floats
    #: Chainage of each vertex, geodesic metres from the first.
    chainage: Floats

    @classmethod
    def from_lonlat(cls, lon: Floats, lat: Floats) -> Chain:
        """
        Measure a line given by its vertices.

        Parameters
        ----------
        lon, lat
            Degrees, two or more finite vertices. Repeated vertices are dropped.

        Returns
        -------
        chain
            The line with its edges measured.

        Raises
        ------
        GeometryError
            If a coordinate is not finite or no longitude and latitude, or if
            fewer than two vertices differ.
        """
        lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
            raise GeometryError("The line has a vertex whose coordinates are not finite; remove it.")
        if (np.abs(lat) > 90).any() or (np.abs(lon) > 360).any():
            raise GeometryError(
                "The line's coordinates are no longitude and latitude; transform it to EPSG:4326, "
                "and check that longitude comes first."
            )
        azimuth, back_azimuth, length = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
        kept = np.concatenate([[True], length > 0])
        if kept.sum() < 2:
            raise GeometryError("A line needs two vertices that differ.")
        lon, lat = lon[kept], lat[kept]
        if not kept.all():
            azimuth, back_azimuth, length = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
        chainage = np.concatenate([[0.0], np.cumsum(length)])
        return cls(lon, lat, azimuth, back_azimuth + 180.0, chainage)

    @cached_property
    def length_m(self) -> float:
        """Geodesic length in metres."""
        return float(self.chainage[-1])

    def interpolate(self, chainage: Floats) -> tuple[Floats, Floats]:
        """
        Return the points at given chainages.

        Parameters
        ----------
        chainage
            Metres within ``[0, length_m]``; NaN gives NaN.

        Returns
        -------
        lon, lat
            Degrees.
        """
        chainage = np.asarray(chainage, dtype=np.float64)
        known = np.where(np.isnan(chainage), 0.0, chainage)
        edge = np.clip(np.searchsorted(self.chainage, known, side="right") - 1, 0, len(self.azimuth) - 1)
        beyond = known - self.chainage[edge]
        lon, lat, _ = GEOD.fwd(self.lon[edge], self.lat[edge], self.azimuth[edge], beyond)
        for vertex, hit in ((edge, beyond == 0), (edge + 1, known == self.chainage[edge + 1])):
            lon, lat = np.where(hit, self.lon[vertex], lon), np.where(hit, self.lat[vertex], lat)
        missing = np.isnan(chainage)
        return np.where(missing, np.nan, lon), np.where(missing, np.nan, lat)

    def between(self, start_m: float, end_m: float) -> tuple[Floats, Floats]:
        """
        Return the part from one chainage to a larger one, vertices included.

        Parameters
        ----------
        start_m, end_m
            Metres within ``[0, length_m]``, ``start_m < end_m``.

        Returns
        -------
        lon, lat
            Degrees of the vertices of the part.
        """
        ends = self.interpolate(np.array([start_m, end_m]))
        inside = slice(
            int(np.searchsorted(self.chainage, start_m, side="right")),
            int(np.searchsorted(self.chainage, end_m, side="left")),
        )
        lon, lat = (
            np.concatenate([end[:1], vertices[inside], end[1:]])
            for end, vertices in zip(ends, (self.lon, self.lat), strict=True)
        )
        return lon, lat

    def split(self, longest_m: float) -> tuple[Floats, Floats, Floats]:
        """
        Return the line with points added until no step is longer than a bound.

        Parameters
        ----------
        longest_m
            Bound on the length of a step, metres.

        Returns
        -------
        lon, lat
            Degrees of all points, vertices among them.
        chainage
            Metres of the same points.
        """
        length = np.diff(self.chainage)
        steps = np.maximum(np.ceil(length / longest_m).astype(np.int64), 1)
        edge = np.repeat(np.arange(len(length)), steps)
        order = np.arange(len(edge)) - np.repeat(np.cumsum(steps) - steps, steps)
        along = length[edge] * order / steps[edge]
        lon, lat, _ = GEOD.fwd(self.lon[edge], self.lat[edge], self.azimuth[edge], along)
        at_vertex = order == 0
        lon, lat = (
            np.append(np.where(at_vertex, vertices[edge], added), vertices[-1])
            for vertices, added in ((self.lon, lon), (self.lat, lat))
        )
        return lon, lat, np.append(self.chainage[edge] + along, self.chainage[-1])
