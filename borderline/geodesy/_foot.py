"""Foot points: the nearest point of a chain by geodesic, for arrays of points."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields

import numpy as np

from .._constants import GEOD, WGS84_RADIUS_M, Bools, Floats, Ints
from ._pieces import Pieces
from ._sphere import to_lonlat, to_xyz

__all__ = ["Feet", "find_feet"]

#: Points handled at a time: what they need stays in the processor's cache.
CHUNK = 16_384

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


def find_feet(pieces: Pieces, lon: Floats, lat: Floats) -> Feet:
    """
    Find the nearest point of a chain for each point.

    Parameters
    ----------
    pieces
        The chain, cut.
    lon, lat
        Degrees; NaN marks a missing point.

    Returns
    -------
    feet
        One value a point, in the same order.
    """
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    parts = [known[i : i + CHUNK] for i in range(0, len(known), CHUNK)]
    if len(parts) > 1:
        with ThreadPoolExecutor(min(len(parts), os.cpu_count() or 1)) as pool:
            done = list(pool.map(lambda at: _feet_of(pieces, lon[at], lat[at]), parts))
    else:
        done = [_feet_of(pieces, lon[at], lat[at]) for at in parts]
    result = Feet(*(np.full(len(lon), np.nan) for _ in range(3)), np.zeros(len(lon), dtype=np.bool_))
    for at, feet in zip(parts, done, strict=True):
        for field in fields(Feet):
            getattr(result, field.name)[at] = getattr(feet, field.name)
    return result


def _feet_of(pieces: Pieces, lon: Floats, lat: Floats) -> Feet:
    points = to_xyz(lon, lat)
    piece, along, distance, certain = pieces.nearest(points)
    settled = _settle(pieces, lon, lat, piece, along)
    doubtful = np.flatnonzero(~certain)
    if len(doubtful):
        point, rival = pieces.rivals(points[doubtful], distance[doubtful])
        _, start = pieces.measure(points[doubtful][point], rival)
        trial = _settle(pieces, lon[doubtful][point], lat[doubtful][point], rival, start)
        order = np.lexsort((trial.chainage, np.round(trial.distance, 7), point))
        first = order[np.unique(point[order], return_index=True)[1]]
        for field in fields(Feet):
            getattr(settled, field.name)[doubtful] = getattr(trial, field.name)[first]
    return settled


def _settle(pieces: Pieces, lon: Floats, lat: Floats, piece: Ints, along: Floats) -> Feet:
    """Move each foot along the chain until the geodesic to it stands upright."""
    n = len(lon)
    feet = Feet(np.empty(n), np.empty(n), np.empty(n), np.zeros(n, dtype=np.bool_))
    piece, along = piece.copy(), along.copy()
    left = np.arange(n)
    for step in range(MOST_STEPS):
        at, place = piece[left], along[left]
        gap, angle, distance = _look(pieces, lon[left], lat[left], at, place)
        chord = pieces.chord[at]
        target = np.clip(place + gap, 0.0, chord)
        hop, into = _hop(pieces, at, place, gap, angle, distance)
        move = np.where(hop != 0, into, target - place)
        done = (np.abs(move) <= SETTLED_M) | (step == MOST_STEPS - 1)
        rows = left[done]
        _record(pieces, feet, rows, at[done], target[done], target[done] - place[done], gap[done], angle[done], distance[done])
        going = ~done
        moved = at[going] + hop[going]
        piece[left[going]] = moved
        entered = np.where(hop[going] > 0, 0.0, pieces.chord[moved])
        along[left[going]] = np.where(
            hop[going] == 0, target[going], np.clip(entered + into[going], 0.0, pieces.chord[moved])
        )
        left = left[going]
        if not len(left):
            break
    return feet


def _look(
    pieces: Pieces, lon: Floats, lat: Floats, piece: Ints, along: Floats
) -> tuple[Floats, Floats, Floats]:
    """Measure the geodesic from a place of a piece to a point: metres to go, angle off, length."""
    foot_lon, foot_lat = to_lonlat(pieces.ends[piece] + along[:, None] * pieces.unit[piece])
    azimuth, _, distance = GEOD.inv(foot_lon, foot_lat, lon, lat)
    forward = pieces.azimuth[piece] + pieces.turn[piece] * (along / pieces.chord[piece])
    angle = np.radians(azimuth - forward)
    return _upright(angle, distance), angle, distance


def _upright(angle: Floats, distance: Floats) -> Floats:
    """Metres to go along a great circle until a point at this angle and distance stands abeam."""
    arc = distance / WGS84_RADIUS_M
    gap: Floats = WGS84_RADIUS_M * np.arctan2(np.sin(arc) * np.cos(angle), np.cos(arc))
    return gap


def _hop(
    pieces: Pieces, piece: Ints, along: Floats, gap: Floats, angle: Floats, distance: Floats
) -> tuple[Ints, Floats]:
    """Tell which feet at a piece's end belong on the next or the last piece, and how far in."""
    ahead = (along >= pieces.chord[piece]) & (gap > 0) & (piece + 1 < len(pieces))
    behind = (along <= 0) & (gap < 0) & (piece > 0)
    hop = ahead.astype(np.int64) - behind.astype(np.int64)
    into = np.zeros(len(piece))
    at = np.flatnonzero(hop)
    here, there = piece[at], piece[at] + hop[at]
    forward = hop[at] > 0
    own = pieces.azimuth[here] + np.where(forward, pieces.turn[here], 0.0)
    other = pieces.azimuth[there] + np.where(forward, 0.0, pieces.turn[there])
    reach = _upright(angle[at] + np.radians(own - other), distance[at])
    goes = np.where(forward, reach > SETTLED_M, reach < -SETTLED_M)
    hop[at[~goes]] = 0
    into[at] = np.where(goes, reach, 0.0)
    return hop, into


def _record(
    pieces: Pieces,
    feet: Feet,
    rows: Ints,
    piece: Ints,
    along: Floats,
    move: Floats,
    gap: Floats,
    angle: Floats,
    distance: Floats,
) -> None:
    """Write down settled feet: the last, tiny move is made in the plane."""
    exact = np.sqrt(np.maximum(distance**2 - 2 * gap * move + move**2, 0.0))
    chord = pieces.chord[piece]
    feet.chainage[rows] = pieces.start_m[piece] + along / chord * pieces.length_m[piece]
    feet.distance[rows] = exact
    last = len(pieces) - 1
    at_start, at_end = along <= 0, along >= chord
    before = at_start & (piece == 0)
    after = at_end & (piece == last)
    feet.beyond_end[rows] = (before & (gap < -ON_LINE_M)) | (after & (gap > ON_LINE_M))
    # At a corner the side is judged by the bisector of its two edges.
    other = np.clip(piece + np.where(at_end, 1, np.where(at_start, -1, 0)), 0, last)
    here = pieces.azimuth[piece] + np.where(at_end, pieces.turn[piece], 0.0)
    there = pieces.azimuth[other] + np.where(at_start & ~at_end, pieces.turn[other], 0.0)
    corner = (at_start | at_end) & (other != piece)
    bend = np.where(corner, (there - here + 180.0) % 360.0 - 180.0, 0.0)
    side = np.where(np.sin(angle - np.radians(bend / 2)) <= 0, 1.0, -1.0)
    feet.offset[rows] = np.where(exact <= ON_LINE_M, 0.0, side * exact)
