"""Fewer vertices: which ones a line can lose without straying farther than a bound."""

from __future__ import annotations

import numpy as np
import shapely

from .._constants import GEOD, WGS84_RADIUS_M, Bools, Floats, Ints
from ..geodesy import Chain
from ._course import Course

__all__ = ["needed_vertices"]

#: Geodesics are told from straight lines on the map by pieces so long, metres.
PIECE_M = 1_000.0


def needed_vertices(chain: Chain, tolerance_m: float) -> Bools:
    """
    Mark the vertices that must stay.

    Douglas and Peucker's way [1]_ on the ellipsoid: a stretch keeps the vertex farthest
    from the geodesic between its ends, until none is farther than the tolerance. Edges
    that would then cross get vertices back until they do not.

    Parameters
    ----------
    chain
        The line.
    tolerance_m
        Bound on the distance of a lost vertex from the line, metres.

    Returns
    -------
    kept
        One value a vertex; the first and the last always stay.

    References
    ----------
    .. [1] D. H. Douglas, T. K. Peucker, "Algorithms for the reduction of the number of
       points required to represent a digitized line or its caricature", Cartographica 10
       (1973), 112-122.
    """
    kept = np.zeros(len(chain.lon), dtype=np.bool_)
    kept[[0, -1]] = True
    _split_while(chain, kept, tolerance_m)
    while True:
        astray = _astray(chain, kept, tolerance_m)
        again = astray if len(astray) else _back_for_crossings(chain, kept)
        if not len(again):
            return kept
        kept[again] = True
        _split_while(chain, kept, tolerance_m)


def _split_while(chain: Chain, kept: Bools, tolerance_m: float) -> None:
    """Keep the farthest vertex of every stretch that strays, all stretches at a time."""
    while True:
        vertex, distance = _farthest(chain, kept)
        vertex = vertex[distance > tolerance_m]
        if not len(vertex):
            return
        kept[vertex] = True


def _farthest(chain: Chain, kept: Bools) -> tuple[Ints, Floats]:
    """Find the lost vertex of each stretch that lies farthest from its geodesic, and how far."""
    lost = np.flatnonzero(~kept)
    if not len(lost):
        return lost, np.empty(0)
    stay = np.flatnonzero(kept)
    owner = np.searchsorted(stay, lost) - 1
    distance = _off_geodesic(chain, lost, stay[owner], stay[owner + 1])
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    most = np.maximum.reduceat(distance, first)
    runs = np.diff(np.append(first, len(lost)))
    peak = np.flatnonzero(distance == np.repeat(most, runs))
    peak = peak[np.unique(owner[peak], return_index=True)[1]]
    return lost[peak], most


def _off_geodesic(chain: Chain, point: Ints, start: Ints, end: Ints) -> Floats:
    """Measure from vertices to the geodesics between two others, by the right-angled triangle."""
    lon, lat = chain.lon, chain.lat
    pair, back = np.unique(np.stack([start, end]), axis=1, return_inverse=True)
    azimuth, _, length = GEOD.inv(lon[pair[0]], lat[pair[0]], lon[pair[1]], lat[pair[1]])
    back = back.ravel()
    toward, _, reach = GEOD.inv(lon[start], lat[start], lon[point], lat[point])
    angle, arc = np.radians(toward - azimuth[back]), reach / WGS84_RADIUS_M
    along = WGS84_RADIUS_M * np.arctan2(np.sin(arc) * np.cos(angle), np.cos(arc))
    distance: Floats = np.abs(WGS84_RADIUS_M * np.arcsin(np.clip(np.sin(arc) * np.sin(angle), -1.0, 1.0)))
    distance[along < 0] = reach[along < 0]
    past = np.flatnonzero(along > length[back])
    _, _, distance[past] = GEOD.inv(lon[point[past]], lat[point[past]], lon[end[past]], lat[end[past]])
    return distance


def _astray(chain: Chain, kept: Bools, tolerance_m: float) -> Ints:
    """Find lost vertices that lie too far by the exact geodesic distance."""
    lost = np.flatnonzero(~kept)
    if not len(lost):
        return lost
    thin = Course(shapely.linestrings(chain.lon[kept], chain.lat[kept]))
    return lost[thin.foot(chain.lon[lost], chain.lat[lost]).distance > tolerance_m]


def _back_for_crossings(chain: Chain, kept: Bools) -> Ints:
    """Name vertices whose return takes the edges apart that now meet."""
    edges = _meeting_edges(Chain.from_lonlat(chain.lon[kept], chain.lat[kept]))
    if not len(edges):
        return edges
    vertex, _ = _farthest(chain, kept)
    return vertex[np.isin(np.searchsorted(np.flatnonzero(kept), vertex) - 1, edges)]


def _meeting_edges(thin: Chain) -> Ints:
    """List edges that meet others elsewhere than where they follow each other."""
    found = [np.empty(0, dtype=np.int64)]
    split_lon, split_lat, along = thin.split(PIECE_M)
    # As geodesics, and as they look drawn straight in longitude and latitude.
    for lon, lat, at in ((split_lon, split_lat, along), (thin.lon, thin.lat, thin.chainage)):
        xy = np.column_stack([np.unwrap(lon, period=360.0), lat])
        if shapely.linestrings(xy).is_simple:
            continue
        pieces = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
        one, other = shapely.STRtree(pieces).query(pieces, predicate="intersects")
        follow = other - one == 1
        back = shapely.length(shapely.intersection(pieces[one[follow]], pieces[other[follow]])) > 0
        meet = other - one > 1
        meet[np.flatnonzero(follow)[back]] = True
        both = np.concatenate([one[meet], other[meet]])
        found.append(np.searchsorted(thin.chainage, at[both], side="right") - 1)
    return np.unique(np.concatenate(found))
