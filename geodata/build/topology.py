"""
Make exact coverages of partitions: every boundary one line, with the same vertices on both sides.

All boundaries of both countries are noded together on the grid, so that what two units
share, within a country or across the border, is the same vertices bit for bit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np
import shapely
from conflate import Shapes

GRID = 1e-7

#: Detached bits of a unit smaller than this go to a neighbour, in square kilometres.
CRUMB_KM2 = 0.5

#: Square kilometres of a square degree, near enough for telling crumbs.
KM2 = 111.2**2 * 0.972

#: How far inner boundaries may be redrawn, in degrees.
INNER = 0.0009


def coverage(parts: Shapes, home: np.ndarray, lands: dict[str, shapely.Geometry], fixed: Shapes) -> Shapes:
    """
    Node, label and clean the units of all countries.

    Parameters
    ----------
    parts
        One shape per unit, nearly a partition of the countries.
    home
        Country of each unit.
    lands
        Land of each country.
    fixed
        Lines whose vertices must stay as they are.

    Returns
    -------
    units
        One shape per unit, sharing vertices with their neighbours exactly.
    """
    lines = [*shapely.boundary(parts), *(shapely.boundary(land) for land in lands.values()), *fixed]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines, grid_size=GRID)]))
    label = _labels(faces, parts, home, lands)
    shapes = _gather(faces[label >= 0], label[label >= 0], len(parts))
    shapes = _sweep(shapes, home)
    return prune(shapes, home, [*lands.values(), *fixed])


def _labels(faces: Shapes, parts: Shapes, home: np.ndarray, lands: dict[str, shapely.Geometry]) -> np.ndarray:
    """Which unit each face belongs to, or -1 outside the countries."""
    inside = shapely.point_on_surface(faces)
    label = np.full(len(faces), -1)
    for country, land in lands.items():
        shapely.prepare(land)
        here = np.flatnonzero(shapely.contains(land, inside))
        members = np.flatnonzero(home == country)
        tree = shapely.STRtree(parts[members])
        # Slivers of rounding that no unit covers go to the nearest.
        label[here] = members[tree.nearest(inside[here])]
        face, unit = tree.query(inside[here], predicate="within")
        label[here[face]] = members[unit]
    return label


def _gather(faces: Shapes, label: np.ndarray, count: int) -> Shapes:
    """Union the faces of each unit."""
    by_unit = defaultdict(list)
    for face, unit in zip(faces, label, strict=True):
        by_unit[unit].append(face)
    return np.array([shapely.coverage_union_all(by_unit[unit]) for unit in range(count)], dtype=object)


def _sweep(shapes: Shapes, home: np.ndarray) -> Shapes:
    """Give detached crumbs to the neighbour in the same country with the longest shared boundary."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    area = shapely.area(parts) * KM2
    largest = np.zeros(len(shapes))
    np.maximum.at(largest, owner, area)
    crumb = (area < CRUMB_KM2) & (area < largest[owner])
    tree = shapely.STRtree(parts)
    # Large crumbs first: a crumb may then join one that has already found its place.
    for number in sorted(np.flatnonzero(crumb), key=lambda n: -area[n]):
        lengths: Counter[int] = Counter()
        for other in tree.query(parts[number], predicate="intersects"):
            if owner[other] != owner[number] and home[owner[other]] == home[owner[number]]:
                shared = shapely.intersection(shapely.boundary(parts[number]), shapely.boundary(parts[other]))
                lengths[owner[other]] += shapely.length(shared)
        if lengths and max(lengths.values()) > 0:
            owner[number] = max(lengths, key=lambda unit: lengths[unit])
    return _gather(parts, owner, len(shapes))


def prune(shapes: Shapes, home: np.ndarray, fixed: list[shapely.Geometry]) -> Shapes:
    """Drop nodes on the outlines that are neither vertices of them nor meeting points of units."""
    outline = shapely.union_all([shapely.boundary(s) if s.geom_type != "LineString" else s for s in fixed])
    own = _keys(shapely.get_coordinates(outline))
    parts, unit = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    country = home[unit[part]]
    users: dict[bytes, set[int]] = defaultdict(set)
    for number, ring in enumerate(rings):
        for key in _keys(shapely.get_coordinates(ring)):
            users[key].add(number)
    candidates = [key for key in users if key not in own]
    points = _points(candidates)
    near = np.zeros(len(points), dtype=bool)
    near[shapely.STRtree(_edges(outline)).query(points, predicate="dwithin", distance=3 * GRID)[0]] = True
    # Where an outline doubles back on itself, rounding has moved its vertex: what stands for it stays.
    if lost := own - users.keys():
        moved = shapely.STRtree(_points(lost))
        near[moved.query(points, predicate="dwithin", distance=10 * GRID)[0]] = False
    drop = {
        key
        for key, on in zip(candidates, near, strict=True)
        if on and max(Counter(country[list(users[key])]).values()) == 1
    }
    return np.array([_without(shape, drop) for shape in shapes], dtype=object)


def _keys(xy: np.ndarray) -> set[bytes]:
    """Vertices as hashable integers of the grid."""
    return {row.tobytes() for row in np.rint(xy / GRID).astype(np.int64)}


def _points(keys: Iterable[bytes]) -> Shapes:
    """Vertices of `_keys` as points, degrees."""
    return shapely.points(np.array([np.frombuffer(key, dtype=np.int64) for key in keys]) * GRID)


def _edges(lines: shapely.Geometry) -> Shapes:
    """Every edge of some lines, on its own."""
    xy, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    inner = line[1:] == line[:-1]
    return shapely.linestrings(np.stack([xy[:-1][inner], xy[1:][inner]], axis=1))


def _without(shape: shapely.Geometry, drop: set[bytes]) -> shapely.Geometry:
    """Remake a shape without some vertices, the others exactly on the grid."""

    def ring(line: shapely.LinearRing) -> np.ndarray:
        whole = np.rint(shapely.get_coordinates(line)[:-1] / GRID).astype(np.int64)
        keep = np.array([row.tobytes() not in drop for row in whole])
        return whole[keep] / 1e7

    made = []
    for part in shapely.get_parts(shape):
        shell, *holes = (ring(line) for line in (part.exterior, *part.interiors))
        # A sliver between an outline and a dropped node is nothing once the node is gone.
        if len(shell) > 2:
            made.append(shapely.Polygon(shell, [hole for hole in holes if len(hole) > 2]))
    return shapely.multipolygons(made)


def simplified(shapes: Shapes, home: np.ndarray) -> Shapes:
    """Thin inner boundaries, each once for both its sides; the outlines of countries stay."""
    out = shapes.copy()
    for country in np.unique(home):
        members = home == country
        out[members] = shapely.coverage_simplify(shapes[members], INNER, simplify_boundary=False)
    return out
