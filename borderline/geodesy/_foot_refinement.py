"""Feet refined by geodesic: moved along the chain until the geodesic to the point is perpendicular to it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from .._constants import GEOD, WGS84_RADIUS_M, Bools, Floats, Ints
from ._geocentric import to_lonlat
from ._pieces import Pieces

__all__ = ["ON_LINE_M", "Feet", "refine_feet"]

#: A foot that would move less than this, metres, is where it belongs.
SETTLED_M = 1e-4

#: Steps before a foot is taken as it is; three have always been enough.
MAX_STEPS = 12

#: Within this distance, metres, a point lies on the line, or at its end.
ON_LINE_M = 1e-3


@dataclass(frozen=True, eq=False)
class Feet:
    """Where points stand to a chain; one value a point, NaN where the point is missing."""

    #: Chainage of the foot, geodesic metres from the first vertex.
    chainage: Floats
    #: Geodesic distance to the foot, metres, never negative.
    distance: Floats
    #: Distance, positive to the left of the line looking along it; 0 within 1 mm.
    offset: Floats
    #: Whether the point lies past an end of the line.
    beyond_end: Bools
    #: Chainage of the nearest second foot, where one competes; NaN elsewhere. See `find_second_feet`.
    second: Floats

    def take(self, rows: Ints) -> Feet:
        """Return the feet of some points."""
        return Feet(*(getattr(self, field.name)[rows] for field in fields(self)))

    def put(self, rows: Ints, feet: Feet) -> None:
        """Write the feet of some points, in place."""
        for field in fields(self):
            getattr(self, field.name)[rows] = getattr(feet, field.name)

    @classmethod
    def missing(cls, count: int) -> Feet:
        """Return feet of which nothing is known yet."""
        chainage, distance, offset, second = np.full((4, count), np.nan)
        return cls(chainage, distance, offset, np.zeros(count, dtype=np.bool_), second)


class _Geodesics(NamedTuple):
    """Geodesics from trial feet to their points."""

    #: The piece the foot is on, and how far along it, metres.
    piece: Ints
    along: Floats
    #: Metres still to go along the piece until the geodesic is perpendicular to it.
    gap: Floats
    #: Azimuth of the geodesic less that of the piece, radians.
    angle: Floats
    #: Length of the geodesic, metres.
    distance: Floats

    def select(self, mask: Bools) -> _Geodesics:
        """Keep some."""
        piece, along, gap, angle, distance = self
        return _Geodesics(piece[mask], along[mask], gap[mask], angle[mask], distance[mask])


def refine_feet(pieces: Pieces, lon: Floats, lat: Floats, piece: Ints, along: Floats) -> Feet:
    """
    Move each foot along the chain until the geodesic to its point is perpendicular.

    Parameters
    ----------
    pieces
        The chain, cut.
    lon, lat
        Degrees of the points.
    piece, along
        The first guess of each foot: which piece, how far along it in metres.

    Returns
    -------
    feet
        One value a point, without second feet.
    """
    n = len(lon)
    feet = Feet.missing(n)
    left = np.arange(n)
    for step in range(MAX_STEPS):
        geodesics = _solve_geodesics(pieces, lon[left], lat[left], piece, along)
        target = np.clip(geodesics.along + geodesics.gap, 0.0, pieces.chord[piece])
        hop, into = _cross_vertices(pieces, geodesics)
        move = np.where(hop != 0, into, target - geodesics.along)
        done = (np.abs(move) <= SETTLED_M) | (step == MAX_STEPS - 1)
        _write_feet(pieces, feet, left[done], geodesics.select(done), target[done])
        left = left[~done]
        if not len(left):
            break
        hop, into, target = hop[~done], into[~done], target[~done]
        piece = piece[~done] + hop
        entered = np.where(hop > 0, 0.0, pieces.chord[piece]) + into
        along = np.where(hop == 0, target, np.clip(entered, 0.0, pieces.chord[piece]))
    return feet


def _solve_geodesics(pieces: Pieces, lon: Floats, lat: Floats, piece: Ints, along: Floats) -> _Geodesics:
    """Compute the geodesics from places on pieces to points."""
    foot_lon, foot_lat = to_lonlat(pieces.place_on(piece, along))
    azimuth, _, distance = GEOD.inv(foot_lon, foot_lat, lon, lat)
    forward = pieces.azimuth[piece] + pieces.turn[piece] * (along / pieces.chord[piece])
    angle = np.radians(azimuth - forward)
    return _Geodesics(piece, along, _distance_abeam(angle, distance), angle, distance)


def _distance_abeam(angle: Floats, distance: Floats) -> Floats:
    """Return the metres along a great circle until a point at this angle and distance is abeam."""
    arc = distance / WGS84_RADIUS_M
    gap: Floats = WGS84_RADIUS_M * np.arctan2(np.sin(arc) * np.cos(angle), np.cos(arc))
    return gap


def _cross_vertices(pieces: Pieces, geodesics: _Geodesics) -> tuple[Ints, Floats]:
    """Return which feet at a piece's end belong on the next (1) or the last (-1) piece, and how far in."""
    piece = geodesics.piece
    ahead = (geodesics.along >= pieces.chord[piece]) & (geodesics.gap > 0) & (piece + 1 < len(pieces))
    behind = (geodesics.along <= 0) & (geodesics.gap < 0) & (piece > 0)
    hop = ahead.astype(np.int64) - behind.astype(np.int64)
    into = np.zeros(len(piece))
    rows = np.flatnonzero(hop)
    here, there, forward = piece[rows], piece[rows] + hop[rows], hop[rows] > 0
    azimuth_here = pieces.azimuth[here] + np.where(forward, pieces.turn[here], 0.0)
    azimuth_there = pieces.azimuth[there] + np.where(forward, 0.0, pieces.turn[there])
    angle = geodesics.angle[rows] + np.radians(azimuth_here - azimuth_there)
    gap = _distance_abeam(angle, geodesics.distance[rows])
    crosses = np.where(forward, gap > SETTLED_M, gap < -SETTLED_M)
    hop[rows[~crosses]] = 0
    into[rows] = np.where(crosses, gap, 0.0)
    return hop, into


def _write_feet(pieces: Pieces, feet: Feet, rows: Ints, geodesics: _Geodesics, target: Floats) -> None:
    """Write refined feet; the last, tiny move to the target is computed in the plane."""
    piece, gap, chord = geodesics.piece, geodesics.gap, pieces.chord[geodesics.piece]
    move = target - geodesics.along
    distance = np.sqrt(np.maximum(geodesics.distance**2 - 2 * gap * move + move**2, 0.0))
    feet.chainage[rows] = pieces.start_m[piece] + target / chord * pieces.length_m[piece]
    feet.distance[rows] = distance
    last = len(pieces) - 1
    at_start, at_end = target <= 0, target >= chord
    before, after = at_start & (piece == 0), at_end & (piece == last)
    feet.beyond_end[rows] = (before & (gap < -ON_LINE_M)) | (after & (gap > ON_LINE_M))
    # At a corner the side is judged by the bisector of its two edges.
    neighbour = np.clip(piece + np.where(at_end, 1, np.where(at_start, -1, 0)), 0, last)
    azimuth = pieces.azimuth[piece] + np.where(at_end, pieces.turn[piece], 0.0)
    beyond = pieces.azimuth[neighbour] + np.where(at_start & ~at_end, pieces.turn[neighbour], 0.0)
    bend = np.where(neighbour != piece, (beyond - azimuth + 180.0) % 360.0 - 180.0, 0.0)
    side = np.where(np.sin(geodesics.angle - np.radians(bend / 2)) <= 0, 1.0, -1.0)
    feet.offset[rows] = np.where(distance <= ON_LINE_M, 0.0, side * distance)
