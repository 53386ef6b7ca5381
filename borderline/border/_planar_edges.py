"""Edges that are straight in longitude and latitude, as vertices between which geodesics stray little."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from .._constants import GEOD, Floats, Ints
from ..errors import GeometryError, OptionError
from ..options import validate_numbers, validate_word

__all__ = [
    "EDGES",
    "PLANAR_TOLERANCE_M",
    "densify_planar",
    "natural_edges",
    "validate_edges",
    "validate_start",
]

#: How edges may run between vertices.
EDGES: Final = ("geodesic", "planar")
#: Farthest that a geodesic may stray from the planar edge it stands for, metres.
PLANAR_TOLERANCE_M: Final = 0.01
#: Most vertices of a course; a border has some thousands.
_MAX_VERTICES: Final = 2_000_000


def validate_edges(edges: object) -> str | None:
    """
    Return the argument ``edges``; None where the file or the default decides.

    Raises
    ------
    OptionError
        If it is another word.
    """
    return None if edges is None else validate_word(edges, "edges", EDGES)


def validate_start(start: object) -> Sequence[float] | None:
    """
    Return the argument ``start``, longitude and latitude; None where the line runs as it is drawn.

    Raises
    ------
    OptionError
        If it is no such pair.
    """
    if start is None:
        return None
    expected = "a pair of longitude and latitude"
    pair = validate_numbers(start, "start", expected)
    if len(pair) != 2 or abs(pair[0]) > 180 or abs(pair[1]) > 90:
        raise OptionError(f"start must be {expected}, not {start!r}.")
    return pair


def natural_edges(shapes: object) -> str:
    """
    Return how the edges of shapes from elsewhere run: straight in their coordinates.

    In degrees that is planar. A plane in metres is drawn for its place, and there the straight edge is next
    to the geodesic.
    """
    crs = getattr(shapes, "crs", None)
    return "geodesic" if crs is not None and crs.is_projected else "planar"


def densify_planar(xy: Floats) -> tuple[Floats, Ints]:
    """
    Add vertices to edges that are straight in degrees, so that geodesics stay close to them.

    Every edge gets two, four, eight... equal parts, until the middle of each part is within
    `PLANAR_TOLERANCE_M` of the geodesic between its ends: the deviation of an arc from its chord falls
    with the square of the length.

    Parameters
    ----------
    xy
        Longitude and latitude of the vertices, degrees, shape (n, 2).

    Returns
    -------
    dense
        Longitudes between -180 and 180, shape (m, 2).
    kept
        Position of each vertex in `dense`, shape (n,).

    Raises
    ------
    GeometryError
        If the edges are so long that there would be too many vertices.
    """
    plane = np.column_stack([np.unwrap(xy[:, 0], period=360.0), xy[:, 1]])
    first, last = plane[:-1], plane[1:]
    parts = np.ones(len(first), dtype=np.int64)
    open_edges = np.arange(len(first))
    while len(open_edges):
        strays = _measure_deviation(first[open_edges], last[open_edges], parts[open_edges])
        open_edges = open_edges[strays > PLANAR_TOLERANCE_M]
        parts[open_edges] *= 2
        if parts.sum() > _MAX_VERTICES:
            raise GeometryError(
                "The edges are too long to be straight in longitude and latitude; say edges='geodesic', "
                "or draw the line with more vertices."
            )
    kept = np.append(0, np.cumsum(parts))
    if kept[-1] == len(first):
        return xy, kept
    edge = np.repeat(np.arange(len(first)), parts)
    share = (np.arange(kept[-1]) - kept[edge]) / parts[edge]
    dense = np.vstack([first[edge] + share[:, np.newaxis] * (last - first)[edge], plane[-1]])
    dense[:, 0] = (dense[:, 0] + 180.0) % 360.0 - 180.0
    dense[kept] = xy
    return dense, kept


def _measure_deviation(first: Floats, last: Floats, parts: Ints) -> Floats:
    """Return how far the middles of the parts at both ends of each edge lie from their geodesics, metres."""
    step = (last - first) / parts[:, np.newaxis]
    worst = np.zeros(len(first))
    for begin in (first, last - step):
        end = begin + step
        middle = (begin + end) / 2
        azimuth, _, length = GEOD.inv(*begin.T, *end.T)
        lon, lat, back = GEOD.fwd(begin[:, 0], begin[:, 1], azimuth, length / 2)
        bearing, _, distance = GEOD.inv(lon, lat, *middle.T)
        # Along the edge the two middles may differ; only what lies beside it counts.
        worst = np.maximum(worst, distance * np.abs(np.sin(np.radians(bearing - back))))
    return worst
