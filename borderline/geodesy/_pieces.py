"""
The chain cut into short straight pieces in earth-centred space.

Straight distances in space order the pieces as geodesic distances do, but for
about one part in a hundred of the difference between chord and arc: 0.2 mm at
25 km, 0.7 m at 400 km. Pieces closer together than that are told apart by
geodesics, so no projection and no choice of one is needed, anywhere on Earth.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .._constants import GEOD, WGS84_RADIUS_M, Floats, Ints
from ._chain import Chain
from ._runs import Run, make_runs
from ._space import Space, cross, length, scale, taken
from ._sphere import to_space, upward
from ._straight import without_idle

__all__ = ["Pieces", "chord_slack"]

#: Longest piece, metres: its chord stays within 0.3 mm of the ellipsoid.
LONGEST_M = 120.0


def chord_slack(distance: Floats, apart: Floats | None = None) -> Floats:
    """
    Bound how far straight distance may misjudge which of two places is nearer.

    The arc exceeds its chord by c^3 / 24 R^2, and R changes with the azimuth, by
    0.7 % at most and by 0.7 % a radian at most; R squared by twice that. A tenth of a
    millimetre covers rounding.

    Parameters
    ----------
    distance
        Straight distance, metres.
    apart
        How far the two places are from each other, metres; by default any distance.

    Returns
    -------
    slack
        Metres.
    """
    slack: Floats = 0.014 / (24 * WGS84_RADIUS_M**2) * (distance * distance * distance)
    if apart is not None:
        slack = slack * np.minimum(1.0, 1.2 * apart / np.maximum(distance, 1.0))
    return slack + 1e-4


@dataclass(frozen=True, eq=False)
class Pieces:
    """Straight pieces of a `Chain`, none longer than `LONGEST_M`, in their order."""

    #: Ends of the pieces, one more than there are pieces.
    ends: Space
    #: Direction of each piece.
    unit: Space
    #: Straight length of each piece, metres.
    chord: Floats
    #: Chainage where each piece starts, metres.
    start_m: Floats
    #: Geodesic length of each piece, metres.
    length_m: Floats
    #: Azimuth of each piece at its start, degrees.
    azimuth: Floats
    #: What is added to the azimuth until the piece's end, degrees.
    turn: Floats

    @classmethod
    def from_chain(cls, chain: Chain) -> Pieces:
        """Cut a chain."""
        lon, lat, chainage = without_idle(chain, LONGEST_M).split(LONGEST_M)
        x, y, z = ends = to_space(lon, lat)
        vector = np.diff(x), np.diff(y), np.diff(z)
        chord = length(vector)
        azimuth, azimuth_end = _azimuths(lon, lat)
        turn = (azimuth_end - azimuth + 180.0) % 360.0 - 180.0
        unit = (vector[0] / chord, vector[1] / chord, vector[2] / chord)
        return cls(ends, unit, chord, chainage[:-1], np.diff(chainage), azimuth, turn)

    def __len__(self) -> int:
        """Count the pieces."""
        return len(self.chord)

    def measure(self, points: Space, piece: Ints) -> tuple[Floats, Floats]:
        """
        Measure straight from points to pieces.

        Parameters
        ----------
        points
            One for each piece.
        piece
            Which piece.

        Returns
        -------
        distance, along
            Metres to the nearest place of the piece, and of that place from its start.
        """
        gap, along = self.runs[0].gap(points, piece)
        return length(gap), along

    def at(self, piece: Ints, along: Floats) -> Space:
        """
        Find places on pieces.

        Parameters
        ----------
        piece
            Which piece.
        along
            Metres from its start.

        Returns
        -------
        places
            At most 0.3 mm under the ellipsoid.
        """
        (x, y, z), (dx, dy, dz) = taken(self.ends, piece), scale(taken(self.unit, piece), along)
        return x + dx, y + dy, z + dz

    def place(self, chainage: Floats) -> Space:
        """
        Find places by chainage.

        Parameters
        ----------
        chainage
            Metres within the line.

        Returns
        -------
        places
            At most 0.3 mm under the ellipsoid.
        """
        piece = np.clip(np.searchsorted(self.start_m, chainage, side="right") - 1, 0, len(self) - 1)
        share = (chainage - self.start_m[piece]) / self.length_m[piece]
        return self.at(piece, share * self.chord[piece])

    def prepare(self) -> None:
        """Make what is made on first use, before several threads ask for it at once."""
        _ = self.runs, self.left, self.left_of_corner

    @property
    def typical_m(self) -> float:
        """Mean straight length of a piece, metres."""
        return float(self.chord.mean())

    @cached_property
    def runs(self) -> list[Run]:
        """The pieces in runs, for the search."""
        return make_runs(self.ends, self.unit, self.chord)

    @cached_property
    def left(self) -> Space:
        """Where left is along each piece."""
        x, y, z = self.ends
        return cross(upward((x[:-1], y[:-1], z[:-1])), self.unit)

    @cached_property
    def left_of_corner(self) -> Space:
        """Where left is at each end, by the bisector of the pieces that meet there."""
        x, y, z = (np.append(part, part[-1]) + np.insert(part, 0, part[0]) for part in self.unit)
        return cross(upward(self.ends), (x, y, z))


def _azimuths(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    azimuth, back, _ = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return azimuth, back + 180.0
