"""
Fit units that overlap and gape into their country: a partition, told by midlines.

Where neighbours overlap or leave a gap, the ground goes to whichever unit's
undisputed core is nearest: Voronoi cells of the cores' boundaries draw that line.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import shapely

#: Spacing of the points whose Voronoi cells draw the midlines, in degrees.
SPACING = 0.0025

#: Radius of the seed of a unit that its neighbours cover wholly, in degrees.
SEED = 0.0005

Shapes = np.ndarray[tuple[int], np.dtype[np.object_]]


def polygonal(shapes: Shapes) -> Shapes:
    """Keep the polygons of each geometry."""
    parts, owner = shapely.get_parts(shapely.get_parts(shapes), return_index=True)
    first = shapely.get_parts(shapes, return_index=True)[1][owner]
    areal = (shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)
    whole = np.full(len(shapes), shapely.MultiPolygon(), dtype=object)
    shapely.multipolygons(parts[areal], indices=first[areal], out=whole)
    return whole


def cores(units: Shapes, country: shapely.Geometry) -> Shapes:
    """Cut each unit down to what no other unit claims, inside the country."""
    tree = shapely.STRtree(units)
    neighbours = defaultdict(list)
    for one, other in tree.query(units, predicate="intersects").T:
        if one != other:
            neighbours[one].append(other)
    own = [
        shapely.difference(unit, shapely.union_all(units[neighbours[number]]))
        for number, unit in enumerate(units)
    ]
    found = polygonal(shapely.intersection(np.array(own, dtype=object), country))
    for number in np.flatnonzero(shapely.is_empty(found)):
        inside = shapely.intersection(units[number], country)
        seat = shapely.point_on_surface(units[number] if inside.is_empty else inside)
        found[number] = polygonal(np.array([shapely.buffer(seat, SEED)], dtype=object))[0]
    return found


def partition(units: Shapes, country: shapely.Geometry, *, spacing: float = SPACING) -> Shapes:
    """Divide the country among its units; boundaries still carry rounding of the overlay."""
    core = cores(units, country)
    rest = shapely.get_parts(shapely.difference(country, shapely.union_all(core)))
    points, owner = _boundary_points(core, spacing)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=shapely.buffer(country.envelope, 1))
    )
    cell, point = shapely.STRtree(shapely.points(points)).query(cells, predicate="contains")
    cells, owner = cells[cell], owner[point]
    shapely.prepare(rest)
    number, part = shapely.STRtree(rest).query(cells, predicate="intersects")
    pieces = shapely.intersection(cells[number], rest[part])
    gained = defaultdict(list)
    for unit, piece in zip(owner[number], pieces, strict=True):
        gained[unit].append(piece)
    whole = [shapely.union_all([shape, *gained[unit]]) for unit, shape in enumerate(core)]
    return polygonal(np.array(whole, dtype=object))


def _boundary_points(core: Shapes, spacing: float) -> tuple[np.ndarray, np.ndarray]:
    """Points along the boundary of every core, evenly spaced and at its vertices, with the core's number."""
    lines = shapely.segmentize(shapely.boundary(core), spacing)
    points, owner = shapely.get_coordinates(lines, return_index=True)
    points, first = np.unique(np.round(points, 7), axis=0, return_index=True)
    return points, owner[first]
