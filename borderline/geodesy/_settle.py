"""Feet by geodesic: moved along the chain until the geodesic to the point stands upright."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from .._constants import GEOD, WGS84_RADIUS_M, Bools, Floats, Ints
from ._pieces import Pieces
from ._sphere import to_lonlat

__all__ = ["ON_LINE_M", "Feet", "settle"]

#: A foot that would move less than this, metres, is where it belongs.
SETTLED_M = 1e-4

#: Steps before a foot is taken as it is; three have always been enough.
MOST_STEPS = 12

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
    #: Chainage of the nearest second foot, where one competes; NaN elsewhere. See `find_second`.
    second: Floats

    def take(self, rows: Ints) -> Feet:
        """Take those of some points."""
        return Feet(*(getattr(self, field.name)[rows] for field in fields(self)))

    def put(self, rows: Ints, found: Feet) -> None:
        """Write down those of some points."""
        for field in fields(self):
            getattr(self, field.name)[rows] = getattr(found, field.name)

    @classmethod
    def missing(cls, count: int) -> Feet:
        """Make feet of which nothing is known yet."""
        chainage, distance, offset, second = np.full((4, count), np.nan)
        return cls(chainage, distance, offset, np.zeros(count, dtype=np.bool_), second)


class _Sight(NamedTuple):
    """Feet on trial, each with the geodesic from it to its point."""

    #: The piece the foot is on, and how far along it, metres.
    piece: Ints
    along: Floats
    #: Metres still to go along the piece until the geodesic stands upright.
    gap: Floats
    #: Azimuth of the geodesic off that of the piece, radians.
    angle: Floats
    #: Length of the geodesic, metres.
    distance: Floats

    def take(self, mask: Bools) -> _Sight:
        """Keep some."""
        piece, along, gap, angle, distance = self
        return _Sight(piece[mask], along[mask], gap[mask], angle[mask], distance[mask])


def settle(pieces: Pieces, lon: Floats, lat: Floats, piece: Ints, along: Floats) -> Feet:
    """
    Move each foot along the chain until the geodesic to it stands upright.

    Parameters
    ----------
    pieces
        The chain, cut.
    lon, lat
        Degrees of the points.
    piece, along
        Where each foot is put first: which piece, how far along it in metres.

    Returns
    -------
    feet
        One value a point.
    """
    n = len(lon)
    feet = Feet.missing(n)
    left = np.arange(n)
    for step in range(MOST_STEPS):
        sight = _look(pieces, lon[left], lat[left], piece, along)
        target = np.clip(sight.along + sight.gap, 0.0, pieces.chord[piece])
        hop, into = _hop(pieces, sight)
        move = np.where(hop != 0, into, target - sight.along)
        done = (np.abs(move) <= SETTLED_M) | (step == MOST_STEPS - 1)
        _record(pieces, feet, left[done], sight.take(done), target[done])
        left = left[~done]
        if not len(left):
            break
        hop, into, target = hop[~done], into[~done], target[~done]
        piece = piece[~done] + hop
        entered = np.where(hop > 0, 0.0, pieces.chord[piece]) + into
        along = np.where(hop == 0, target, np.clip(entered, 0.0, pieces.chord[piece]))
    return feet


def _look(pieces: Pieces, lon: Floats, lat: Floats, piece: Ints, along: Floats) -> _Sight:
    """Measure the geodesics from places on pieces to points."""
    foot_lon, foot_lat = to_lonlat(pieces.at(piece, along))
    azimuth, _, distance = GEOD.inv(foot_lon, foot_lat, lon, lat)
    forward = pieces.azimuth[piece] + pieces.turn[piece] * (along / pieces.chord[piece])
    angle = np.radians(azimuth - forward)
    return _Sight(piece, along, _upright(angle, distance), angle, distance)


def _upright(angle: Floats, distance: Floats) -> Floats:
    """Metres to go along a great circle until a point at this angle and distance stands abeam."""
    arc = distance / WGS84_RADIUS_M
    gap: Floats = WGS84_RADIUS_M * np.arctan2(np.sin(arc) * np.cos(angle), np.cos(arc))
    return gap


def _hop(pieces: Pieces, sight: _Sight) -> tuple[Ints, Floats]:
    """Tell which feet at a piece's end belong on the next or the last piece, and how far in."""
    piece = sight.piece
    ahead = (sight.along >= pieces.chord[piece]) & (sight.gap > 0) & (piece + 1 < len(pieces))
    behind = (sight.along <= 0) & (sight.gap < 0) & (piece > 0)
    hop = ahead.astype(np.int64) - behind.astype(np.int64)
    into = np.zeros(len(piece))
    at = np.flatnonzero(hop)
    here, there, forward = piece[at], piece[at] + hop[at], hop[at] > 0
    own = pieces.azimuth[here] + np.where(forward, pieces.turn[here], 0.0)
    other = pieces.azimuth[there] + np.where(forward, 0.0, pieces.turn[there])
    reach = _upright(sight.angle[at] + np.radians(own - other), sight.distance[at])
    goes = np.where(forward, reach > SETTLED_M, reach < -SETTLED_M)
    hop[at[~goes]] = 0
    into[at] = np.where(goes, reach, 0.0)
    return hop, into


def _record(pieces: Pieces, feet: Feet, rows: Ints, sight: _Sight, target: Floats) -> None:
    """Write down settled feet; the last, tiny move to the target is made in the plane."""
    piece, gap, chord = sight.piece, sight.gap, pieces.chord[sight.piece]
    move = target - sight.along
    exact = np.sqrt(np.maximum(sight.distance**2 - 2 * gap * move + move**2, 0.0))
    feet.chainage[rows] = pieces.start_m[piece] + target / chord * pieces.length_m[piece]
    feet.distance[rows] = exact
    last = len(pieces) - 1
    at_start, at_end = target <= 0, target >= chord
    before, after = at_start & (piece == 0), at_end & (piece == last)
    feet.beyond_end[rows] = (before & (gap < -ON_LINE_M)) | (after & (gap > ON_LINE_M))
    # At a corner the side is judged by the bisector of its two edges.
    other = np.clip(piece + np.where(at_end, 1, np.where(at_start, -1, 0)), 0, last)
    here = pieces.azimuth[piece] + np.where(at_end, pieces.turn[piece], 0.0)
    there = pieces.azimuth[other] + np.where(at_start & ~at_end, pieces.turn[other], 0.0)
    bend = np.where(other != piece, (there - here + 180.0) % 360.0 - 180.0, 0.0)
    side = np.where(np.sin(sight.angle - np.radians(bend / 2)) <= 0, 1.0, -1.0)
    feet.offset[rows] = np.where(exact <= ON_LINE_M, 0.0, side * exact)
