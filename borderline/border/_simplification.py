"""Simplification of a line on the ellipsoid: which vertices it can lose within a tolerance."""

from __future__ import annotations

import numpy as np
import shapely

from .._constants import GEOD, WGS84_RADIUS_M, Bools, Floats, Ints
from ..geodesy import Chain
from ._chainage_line import ChainageLine

__all__ = ["needed_vertices"]

#: Edges are split into pieces of this length, metres, to tell geodesics from straight lines on a map.
PIECE_M = 1_000.0


def needed_vertices(chain: Chain, tolerance_m: float) -> Bools:
    """
    Return which vertices must stay for the line to keep within a tolerance.

    The algorithm of Douglas and Peucker [1]_ on the ellipsoid: a stretch keeps the vertex
    farthest from the geodesic between its ends, until none is farther than the tolerance.
    Edges that would then cross get vertices back until they do not.

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
    _split_stretches(chain, kept, tolerance_m)
    while True:
        strays = _find_strays(chain, kept, tolerance_m)
        restored = strays if len(strays) else _find_crossings(chain, kept)
        if not len(restored):
            return kept
        kept[restored] = True
        _split_stretches(chain, kept, tolerance_m)


def _split_stretches(chain: Chain, kept: Bools, tolerance_m: float) -> None:
    """Keep the farthest vertex of every stretch that strays beyond the tolerance, until none does."""
    while True:
        vertex, distance = _find_farthest(chain, kept)
        vertex = vertex[distance > tolerance_m]
        if not len(vertex):
            return
        kept[vertex] = True


def _find_farthest(chain: Chain, kept: Bools) -> tuple[Ints, Floats]:
    """Return the lost vertex of each stretch that lies farthest from its geodesic, and its distance."""
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
    """Return the distance of vertices from the geodesics between two others, on a sphere at each."""
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


def _find_strays(chain: Chain, kept: Bools, tolerance_m: float) -> Ints:
    """Return the lost vertices farther than the tolerance by the exact geodesic distance."""
    lost = np.flatnonzero(~kept)
    if not len(lost):
        return lost
    thin = ChainageLine(shapely.linestrings(chain.lon[kept], chain.lat[kept]))
    return lost[thin.foot(chain.lon[lost], chain.lat[lost]).distance > tolerance_m]


def _find_crossings(chain: Chain, kept: Bools) -> Ints:
    """Return the vertices to restore so that edges no longer cross."""
    edges = _crossing_edges(Chain.from_lonlat(chain.lon[kept], chain.lat[kept]))
    if not len(edges):
        return edges
    vertex, _ = _find_farthest(chain, kept)
    return vertex[np.isin(np.searchsorted(np.flatnonzero(kept), vertex) - 1, edges)]


def _crossing_edges(thin: Chain) -> Ints:
    """Return self-intersecting edges; edges that follow each other meet at their vertex."""
    crossing = [np.empty(0, dtype=np.int64)]
    split_lon, split_lat, along = thin.split(PIECE_M)
    # As geodesics, and as they look drawn straight in longitude and latitude.
    for lon, lat, chainage in ((split_lon, split_lat, along), (thin.lon, thin.lat, thin.chainage)):
        xy = np.column_stack([np.unwrap(lon, period=360.0), lat])
        if shapely.linestrings(xy).is_simple:
            continue
        pieces = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
        first, second = shapely.STRtree(pieces).query(pieces, predicate="intersects")
        follow = second - first == 1
        # An edge may also turn back onto the one before it.
        overlap = shapely.length(shapely.intersection(pieces[first[follow]], pieces[second[follow]])) > 0
        meet = second - first > 1
        meet[np.flatnonzero(follow)[overlap]] = True
        both = np.concatenate([first[meet], second[meet]])
        crossing.append(np.searchsorted(thin.chainage, chainage[both], side="right") - 1)
    return np.unique(np.concatenate(crossing))
