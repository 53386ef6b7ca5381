"""The shared border of the two countries, as one line from the Lao tripoint to the coast."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.ops import substring
from zones import PER_DEGREE, Ring

#: Where the border reaches the sea (degrees): seaward of it the line is a contested maritime claim.
COAST = (102.91114, 11.65218)

#: Where the three countries meet (degrees).
TRIPOINT = (105.20647, 14.34334)


def shared_line(rings: dict[str, Ring]) -> shapely.LineString:
    """Longest run of edges that both countries have, oriented from the east end (the tripoint)."""
    mine, other = rings["THA"], rings["KHM"]
    theirs = {frozenset(edge) for edge in _edges(other)}
    shared = np.array([frozenset(edge) in theirs for edge in _edges(mine)])
    # Start the ring where a run of shared edges cannot be cut in two.
    start = int(np.flatnonzero(~shared)[0])
    ring, shared = np.roll(mine, -start, axis=0), np.roll(shared, -start)
    bounds = np.flatnonzero(np.diff(np.concatenate([[0], shared.astype(int), [0]])))
    first, last = max(zip(bounds[::2], bounds[1::2], strict=True), key=lambda run: run[1] - run[0])
    line = ring[np.arange(first, last + 1) % len(ring)]
    if line[0, 0] < line[-1, 0]:
        line = line[::-1]
    return shapely.LineString(line / PER_DEGREE)


def _edges(ring: Ring) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Edges of a ring as pairs of vertices."""
    vertices = [tuple(vertex) for vertex in ring.tolist()]
    return list(zip(vertices, vertices[1:] + vertices[:1], strict=True))


def split_at_coast(line: shapely.LineString) -> tuple[shapely.LineString, shapely.LineString]:
    """Cut the line at its point nearest the coast, on the grid: the land part, the sea part."""
    scale = np.array([np.cos(np.radians(COAST[1])), 1.0])
    plane = shapely.transform(line, lambda xy: xy * scale)
    part = substring(plane, 0, plane.project(shapely.Point(np.array(COAST) * scale)))
    count = len(part.coords)
    cut = np.rint(np.array(part.coords[-1]) / scale * PER_DEGREE) / PER_DEGREE
    # All but the cut are the line's own vertices, bit for bit.
    land = shapely.LineString([*line.coords[: count - 1], cut])
    return land, shapely.LineString([cut, *line.coords[count - 1 :]])
