"""
The chain cut into short straight pieces in earth-centred space, with an index.

Straight distances in space order the pieces as geodesic distances do, but for
about one part in a hundred of the difference between chord and arc: 0.2 mm at
25 km, 0.7 m at 400 km. Pieces closer together than that are told apart by
geodesics, so no projection and no choice of one is needed, anywhere on Earth.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial import Delaunay, KDTree, QhullError

from .._constants import GEOD, WGS84_RADIUS_M, Bools, Floats, Ints
from ._chain import Chain
from ._sphere import to_xyz

__all__ = ["Pieces", "chord_slack"]

#: Longest piece, metres: its chord stays within 0.3 mm of the ellipsoid.
LONGEST_M = 120.0

#: Spacing of the few points that give a first idea of the distance, metres.
COARSE_M = 2_000.0

#: Distances, metres, beyond which only points in reach of that distance are searched.
LEVELS_M = (1_500.0, 6_000.0, 24_000.0, 96_000.0)

#: Ends in a leaf of the index; larger ones were the quickest for points in order.
LEAF = 24

#: Nearest ends whose pieces are measured at first, by level: more where they are far off.
NEIGHBOURS = (5, 5, 5, 6, 10)


def chord_slack(distance: Floats, apart: Floats | float = np.inf) -> Floats:
    """
    Bound how far straight distance may misjudge which of two places is nearer.

    The arc exceeds its chord by c^3 / 24 R^2, and R changes with the azimuth, by
    0.7 % at most and by 0.7 % a radian at most; R squared by twice that. A tenth
    of a millimetre covers rounding.

    Parameters
    ----------
    distance
        Straight distance, metres.
    apart
        How far the two places are from each other, metres.

    Returns
    -------
    slack
        Metres.
    """
    turn = np.minimum(1.0, 1.2 * apart / np.maximum(distance, 1.0))
    slack: Floats = 1e-4 + 0.014 * turn * distance**3 / (24 * WGS84_RADIUS_M**2)
    return slack


@dataclass(frozen=True, eq=False)
class Pieces:
    """Straight pieces of a `Chain`, none longer than `LONGEST_M`, in their order."""

    #: Ends of the pieces in earth-centred metres, shape (m + 1, 3).
    ends: Floats
    #: Direction of each piece, shape (m, 3).
    unit: Floats
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
        lon, lat, chainage = chain.split(LONGEST_M)
        ends = to_xyz(lon, lat)
        vector = np.diff(ends, axis=0)
        chord = np.sqrt((vector * vector).sum(axis=1))
        azimuth, azimuth_end = _azimuths(lon, lat)
        turn = (azimuth_end - azimuth + 180.0) % 360.0 - 180.0
        unit = vector / chord[:, None]
        return cls(ends, unit, chord, chainage[:-1], np.diff(chainage), azimuth, turn)

    def __len__(self) -> int:
        """Count the pieces."""
        return len(self.chord)

    def measure(self, points: Floats, piece: Ints) -> tuple[Floats, Floats]:
        """
        Measure straight from points to pieces.

        Parameters
        ----------
        points
            Earth-centred metres, shape (..., 3).
        piece
            Which piece, shape (...).

        Returns
        -------
        distance, along
            Metres to the nearest place of the piece, and of that place from its start.
        """
        reach = points - self.ends[piece]
        unit = self.unit[piece]
        along = np.clip((reach * unit).sum(axis=-1), 0.0, self.chord[piece])
        reach -= along[..., None] * unit
        return np.sqrt((reach * reach).sum(axis=-1)), along

    def nearest(self, points: Floats) -> tuple[Ints, Floats, Floats, Bools]:
        """
        Find the nearest piece by straight distance.

        Parameters
        ----------
        points
            Earth-centred metres, shape (n, 3).

        Returns
        -------
        piece, along, distance
            The nearest piece, the place on it and how far it is, metres.
        certain
            False where another place may be nearer by geodesic; see `rivals`.
        """
        first, nearby = self._coarse[0].query(points)
        level = np.searchsorted(LEVELS_M, first - self._coarse[1], side="right")
        piece = np.empty(len(points), dtype=np.int64)
        along, distance = np.empty(len(points)), np.empty(len(points))
        certain = np.empty(len(points), dtype=np.bool_)
        # Neighbours are searched one after the other: they walk the same branches.
        order = np.lexsort((nearby, level))
        for at in np.split(order, np.flatnonzero(np.diff(level[order])) + 1):
            each = level[at[0]]
            piece[at], along[at], distance[at], certain[at] = self._nearest_at(int(each), points[at])
        return piece, along, distance, certain

    def rivals(self, points: Floats, distance: Floats) -> tuple[Ints, Ints]:
        """
        List every piece that may be the nearest by geodesic.

        Parameters
        ----------
        points
            Earth-centred metres, shape (n, 3).
        distance
            An upper bound for the straight distance of each, metres.

        Returns
        -------
        point, piece
            Pairs of positions, each pair once.
        """
        far = distance + chord_slack(distance)
        ball = np.sqrt(far**2 + LONGEST_M**2 / 4) + 1e-3
        found = self._full.query_ball_point(points, ball)
        point = np.repeat(np.arange(len(points)), [len(each) for each in found])
        end = np.concatenate([np.asarray(each, dtype=np.int64) for each in found])
        pairs = np.concatenate([np.stack([point, end - 1]), np.stack([point, end])], axis=1)
        pairs = np.unique(pairs[:, (pairs[1] >= 0) & (pairs[1] < len(self))], axis=1)
        gap, _ = self.measure(points[pairs[0]], pairs[1])
        point, piece = pairs[:, gap <= far[pairs[0]]]
        return point, piece

    def _nearest_at(self, level: int, points: Floats) -> tuple[Ints, Floats, Floats, Bools]:
        tree, ids = self._levels[level]
        wanted = min(NEIGHBOURS[level], tree.n)
        span, near = tree.query(points, k=np.arange(1, wanted + 1))
        end = ids[near]
        piece = np.clip(np.concatenate([end - 1, end], axis=1), 0, len(self) - 1)
        distance, along = self.measure(points[:, None, :], piece)
        row = np.arange(len(points))
        best = distance.argmin(axis=1)
        found, place, least = piece[row, best], along[row, best], distance[row, best]
        far = least + chord_slack(least)
        certain = (span[:, -1] ** 2 - LONGEST_M**2 / 4 > far**2) | (wanted == tree.n)
        tied = (distance <= far[:, None]) & (piece != found[:, None])
        at = np.flatnonzero(tied.any(axis=1))
        # Places as near to each other as this are ordered right by straight distance,
        # and pieces that meet in the nearest point are no rivals.
        apart = np.abs(self.start_m[piece[at]] + along[at] - (self.start_m[found[at]] + place[at])[:, None])
        near = distance[at] <= least[at, None] + chord_slack(least[at, None], apart)
        certain[at] &= ~(tied[at] & near & (apart > 1.0)).any(axis=1)
        return found, place, least, certain

    @cached_property
    def _full(self) -> KDTree:
        return KDTree(self.ends, leafsize=LEAF)

    @cached_property
    def _coarse(self) -> tuple[KDTree, float]:
        chainage = np.append(self.start_m, self.start_m[-1] + self.length_m[-1])
        at = np.unique(np.searchsorted(chainage, np.arange(0.0, chainage[-1], COARSE_M)))
        at = np.unique(np.append(at, len(self)))
        return KDTree(self.ends[at]), float(np.diff(chainage[at]).max() / 2)

    @cached_property
    def _levels(self) -> list[tuple[KDTree, Ints]]:
        """
        Trees of the ends that can be nearest to a point at least so far off.

        An end is the nearest of all from some point at distance D only if an empty
        circle of radius D touches it: if its Voronoi cell reaches that far. Half
        the distance and a neighbourhood of a piece's length are added, so that the
        ends of the nearest piece are kept where the nearest end is another's.
        """
        levels = [(self._full, np.arange(len(self.ends)))]
        reach = _reach(self.ends)
        for distance in LEVELS_M:
            seed = reach >= distance / 2.1
            near, _ = KDTree(self.ends[seed]).query(self.ends, distance_upper_bound=1.5 * LONGEST_M)
            ids = np.flatnonzero(np.isfinite(near))
            levels.append((KDTree(self.ends[ids], leafsize=LEAF), ids))
        return levels


def _azimuths(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    azimuth, back, _ = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return azimuth, back + 180.0


def _reach(ends: Floats) -> Floats:
    """
    Tell how far the Voronoi cell of each point reaches, in metres.

    The triangulation is made in the stereographic plane, which keeps circles
    circles; the radii are those of the circles on the globe.
    """
    reach = np.full(len(ends), np.inf)
    globe = ends / np.sqrt((ends * ends).sum(axis=1))[:, None]
    middle = globe.mean(axis=0)
    middle /= np.sqrt((middle * middle).sum())
    depth = globe @ middle
    if len(ends) < 4 or depth.min() < 0:
        return reach
    east = np.cross([0.0, 0.0, 1.0] if abs(middle[2]) < 0.9 else [1.0, 0.0, 0.0], middle)
    east /= np.sqrt((east * east).sum())
    axes = np.stack([east, np.cross(middle, east)], axis=1)
    try:
        mesh = Delaunay(2 * WGS84_RADIUS_M * (globe @ axes) / (1 + depth)[:, None])
    except QhullError:  # all on one straight line: every cell is unbounded
        return reach
    corner = ends[mesh.simplices]
    side = corner - np.roll(corner, 1, axis=1)
    length = np.sqrt((side * side).sum(axis=2))
    normal = np.cross(side[:, 0], side[:, 1])
    with np.errstate(divide="ignore"):
        radius = length.prod(axis=1) / (2 * np.sqrt((normal * normal).sum(axis=1)))
    bounded = np.zeros(len(ends))
    np.maximum.at(bounded, mesh.simplices.ravel(), np.repeat(radius, 3))
    bounded[mesh.convex_hull.ravel()] = np.inf
    bounded[mesh.coplanar[:, 0]] = np.inf
    return bounded
