"""Outlines of the two countries: the shared border untouched, the rest thinned, and where land ends."""

from __future__ import annotations

import pathlib

import numpy as np
import shapely
from world import countries
from zones import PER_DEGREE, Ring

#: Countries whose land meets here: without the neighbours, their side of a river would count as sea.
LANDS = ("THA", "KHM", "LAO", "VNM", "MMR", "MYS")

#: How far the outer rings may be drawn from their source, in degrees.
OUTER = 0.001

#: Islands smaller than this are left out, in square degrees (about 5 ha).
ISLET = 4e-6

#: Half the side of the square round the end of the border in which the coast is redrawn, in degrees.
MOUTH = 0.0025

GRID = 1 / PER_DEGREE


def outline(ring: Ring, border: shapely.LineString) -> shapely.Polygon:
    """Country with the border's vertices bit for bit, and the rest of its ring thinned."""
    vertices = [tuple(vertex) for vertex in ring.tolist()]
    ends = [
        tuple(np.rint(np.array(xy) * PER_DEGREE).astype(int).tolist())
        for xy in border.coords[:: len(border.coords) - 1]
    ]
    first, last = (vertices.index(end) for end in ends)
    forward = np.roll(ring, -last, axis=0)[: (first - last) % len(ring) + 1]
    backward = np.roll(ring, -first, axis=0)[: (last - first) % len(ring) + 1][::-1]
    shared = {tuple(np.rint(np.array(xy) * PER_DEGREE).astype(int).tolist()) for xy in border.coords}
    # One way round is the border itself, the other the rest.
    rest = min(forward, backward, key=lambda way: sum(tuple(vertex) in shared for vertex in way.tolist()))
    thinned = shapely.simplify(shapely.LineString(rest / PER_DEGREE), OUTER)
    shape = shapely.Polygon([*border.coords, *thinned.coords[1:-1]])
    if not shape.is_valid:
        raise ValueError("thinning the outer ring made it cross itself")
    return shape


def land(
    package: pathlib.Path, units: np.ndarray, bounds: tuple[float, float, float, float]
) -> shapely.Geometry:
    """Where there is land: the countries of a world map without their inland water, and the units."""
    box = shapely.buffer(shapely.box(*bounds), 0.5)
    found = countries(package)
    rings = [polygon[0] for country in found if country in LANDS for polygon in found[country]]
    shapes = shapely.make_valid(shapely.polygons([shapely.linearrings(ring) for ring in rings]))
    near = shapely.intersection(shapes[shapely.intersects(shapes, box)], box)
    whole = shapely.union_all([*near, *units], grid_size=GRID)
    # Lakes and rivers inland are land here: their shores are no coast.
    filled = [shapely.Polygon(part.exterior) for part in _polygons(whole)]
    return shapely.multipolygons([part for part in filled if part.area > ISLET])


def draw_mouth(
    shore: shapely.Geometry, border: shapely.LineString, seaward: shapely.LineString
) -> shapely.Geometry:
    """
    Let the coast pass exactly through the end of the border, square to it.

    Islets on the seaward line go: the border is one line, which ends at the coast.
    """
    end = np.array(border.coords[-1])
    along = np.array(seaward.coords[1]) - end
    along *= MOUTH / np.hypot(*along)
    across = np.array([-along[1], along[0]])
    corners = np.array([end + across, end + across - along, end - across - along, end - across])
    landward = shapely.Polygon(np.rint(np.vstack([end, corners]) * PER_DEGREE) / PER_DEGREE)
    square = shapely.union_all(
        [landward, shapely.Polygon([end + across, end + across + along, end - across + along, end - across])]
    )
    shore = shapely.union_all([shapely.difference(shore, square, grid_size=GRID), landward], grid_size=GRID)
    beyond = shapely.difference(seaward, square)
    drawn = shapely.multipolygons([part for part in _polygons(shore) if not part.intersects(beyond)])
    if shapely.intersection(shapely.boundary(drawn), shapely.union_all([border, seaward])) != shapely.Point(
        end
    ):
        raise ValueError("the coast does not cross the border in its end, and there only")
    return drawn


def _polygons(shape: shapely.Geometry) -> list[shapely.Polygon]:
    """Parts of a geometry that are polygons."""
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]


def simplified_shore(shore: shapely.Geometry) -> shapely.Geometry:
    """Thin the coast as the outer rings are thinned."""
    return shapely.simplify(shore, OUTER)
