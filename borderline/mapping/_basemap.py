"""The basemap of the page: land, water, province lines and names; polygons need not fit exactly."""

from __future__ import annotations

import pathlib
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from .. import catalog
from .._constants import WGS84_CRS
from .._paths import data_path
from .._place_names import language_of_country
from ..border import Border
from ..errors import CRSError
from ..schema import require_columns
from ._border_features import contested, drawings
from ._payload import Planes

__all__ = ["Basemap", "basemap"]

#: Shapes are drawn with this tolerance, degrees: under a pixel at zoom 8.
TOLERANCE: Final = 0.006
#: Islands and ponds smaller than this, square degrees (about 2.4 square km), are not drawn.
SMALLEST: Final = 2e-4
#: Neighbouring land is grown by this, degrees, and lies under the provinces.
UNDER: Final = 0.008
#: Neighbouring islands smaller than this, square degrees (about 12 square km), are not drawn.
SMALLEST_AROUND: Final = 1e-3
#: Waters smaller than this, square degrees (about 12 square km), are not drawn.
SMALLEST_WATER: Final = 1e-3
#: Shores are drawn with this tolerance, degrees: small lakes keep their shape.
SHORE_TOLERANCE: Final = 0.003
#: Province lines end this far from the border, degrees, so that it is drawn once.
CLEAR_OF_BORDER: Final = 0.02
#: A province with its edge this close to the border is labelled first.
NEAR: Final = 0.05

_Shapes = npt.NDArray[np.object_]
_NOTHING: Final[_Shapes] = np.array([], dtype=object)


@dataclass(frozen=True, slots=True)
class Basemap:
    """Land, inner lines and labels."""

    #: Longitude and latitude of all rings and lines, one after the other.
    planes: Planes
    #: Number of vertices of each ring of the neighbouring land, drawn first; the rest follow in this order.
    around: list[int]
    #: Number of vertices of each ring of land.
    rings: list[int]
    #: Number of vertices of each shore of a lake or river.
    waters: list[int]
    #: Number of vertices of each inner line.
    lines: list[int]
    #: Number of vertices of each patch on which drawings of the border differ.
    patches: list[int]
    #: Other drawings of the border: a name, and the number of vertices of each stretch.
    drawings: list[dict[str, Any]]
    #: Names with the places they may be written at.
    labels: list[dict[str, Any]]


def basemap(border: Border, provinces: gpd.GeoDataFrame | None) -> Basemap | None:
    """
    Return the basemap of a page.

    Parameters
    ----------
    border
        What the map is about; province lines keep clear of it.
    provinces
        Polygons with ``name`` and, where known, ``name_local`` with ``country``, ``name_th``
        and ``name_km``; the built-in provinces of the two countries when left out.

    Returns
    -------
    ground
        None when there are no provinces.

    Raises
    ------
    CRSError
        If `provinces` has no CRS.
    TableError
        If it has no ``name``.
    """
    if provinces is None:
        shapes, labels, coordinates = _prepare_built_in(
            border.left, border.right, border.line.wkb, data_path("geodata")
        )
    else:
        require_columns(provinces, ["name"], verb="explore", remedy="provinces are named polygons")
        if provinces.crs is None:
            raise CRSError("explore: provinces has no CRS; say which with provinces.set_crs(4326).")
        shapes, labels, coordinates = _prepare_ground(provinces.to_crs(WGS84_CRS), border.line)
    if not labels:
        return None
    patches = shapely.get_exterior_ring(contested(border))
    others = drawings(border)
    coordinates = np.concatenate(
        [
            coordinates,
            shapely.get_coordinates([*patches, *(line for other in others for line in other.lines)]),
        ]
    )
    planes = Planes()
    planes.add("lon", coordinates[:, 0], per=10_000, delta=True)
    planes.add("lat", coordinates[:, 1], per=10_000, delta=True)
    drawn = [{"name": other.name, "lines": _vertex_counts(other.lines)} for other in others]
    return Basemap(planes, **shapes, patches=_vertex_counts(patches), drawings=drawn, labels=[*labels])


def _vertex_counts(shapes: _Shapes) -> list[int]:
    """Return the number of vertices of each shape."""
    sizes: list[int] = shapely.get_num_coordinates(shapes).tolist()
    return sizes


_Prepared = tuple[dict[str, list[int]], list[dict[str, Any]], npt.NDArray[np.float64]]


@cache
def _prepare_built_in(left: str, right: str, line: bytes, _folder: pathlib.Path) -> _Prepared:
    """Prepare the built-in provinces of two countries, once for each border and folder of data."""
    provinces = catalog.load_admin()
    provinces = provinces[provinces["country"].isin([left, right])]
    return _prepare_ground(
        provinces, shapely.from_wkb(line), around=_join_neighbours(), waters=_read_waters()
    )


def _join_neighbours() -> _Shapes:
    """Join the neighbouring countries into one area, simplified, that reaches under the built-in ones."""
    shapes = _read_optional_layer("neighbours")
    if not len(shapes):
        return shapes
    # Grown, so that neither thinning leaves a gap that would look like water.
    grown = shapely.simplify(shapely.buffer(shapely.union_all(shapes), UNDER, quad_segs=1), TOLERANCE)
    parts: _Shapes = shapely.get_parts(grown)
    large: _Shapes = parts[shapely.area(parts) >= SMALLEST_AROUND]
    return large


def _read_waters() -> _Shapes:
    """Return simplified lakes and broad rivers."""
    parts: _Shapes = shapely.get_parts(_read_optional_layer("waters"))
    thin: _Shapes = shapely.simplify(parts[shapely.area(parts) >= SMALLEST_WATER], SHORE_TOLERANCE)
    return thin


def _read_optional_layer(key: str) -> _Shapes:
    """Return the shapes of a layer; none where the caller's own data folder lacks it."""
    if key not in catalog.list_layers().index:
        return np.array([], dtype=object)
    shapes: _Shapes = catalog.read_layer(key).geometry.to_numpy()
    return shapes


def _prepare_ground(
    provinces: gpd.GeoDataFrame,
    line: shapely.LineString,
    *,
    around: _Shapes = _NOTHING,
    waters: _Shapes = _NOTHING,
) -> _Prepared:
    """Simplify polygons for drawing and label them."""
    whole = provinces.geometry.to_numpy()
    parts, owner = shapely.get_parts(whole, return_index=True)
    parts = shapely.polygons(shapely.get_exterior_ring(parts)) if len(parts) else parts
    areas = shapely.area(parts)
    largest = np.zeros(len(whole))
    np.maximum.at(largest, owner, areas)
    kept = (areas >= SMALLEST) | (areas == largest[owner])
    parts, owner = shapely.simplify(parts[kept], TOLERANCE), owner[kept]
    if not len(parts):
        return {"around": [], "rings": [], "waters": [], "lines": []}, [], np.zeros((0, 2))
    land = _join_land(parts)
    inner = _inner_lines(parts, land, line)
    drawn = {
        "around": shapely.get_exterior_ring(around),
        "rings": shapely.get_exterior_ring(shapely.get_parts(land)),
        "waters": shapely.get_exterior_ring(waters),
        "lines": inner,
    }
    coordinates = shapely.get_coordinates(np.concatenate([*drawn.values()]))
    sizes = {name: _vertex_counts(shapes) for name, shapes in drawn.items()}
    return sizes, _label_provinces(provinces, parts, owner, line), coordinates


def _join_land(parts: _Shapes) -> shapely.Geometry:
    """Join the polygons and close the gaps between those that do not fit exactly."""
    width = TOLERANCE * 1.5
    joined = shapely.union_all(shapely.buffer(parts, width, quad_segs=1))
    return shapely.simplify(shapely.buffer(joined, -width, quad_segs=1), TOLERANCE / 2)


def _inner_lines(parts: _Shapes, land: shapely.Geometry, line: shapely.LineString) -> _Shapes:
    """Return the lines between polygons, clear of the coast and of the border."""
    inside = shapely.buffer(land, -2 * TOLERANCE, quad_segs=1)
    clear = shapely.buffer(shapely.simplify(line, TOLERANCE), CLEAR_OF_BORDER, quad_segs=2)
    lines = shapely.union_all(shapely.boundary(parts))
    lines = shapely.line_merge(shapely.difference(shapely.intersection(lines, inside), clear))
    pieces: _Shapes = shapely.get_parts(lines)
    long: _Shapes = pieces[shapely.length(pieces) > 3 * TOLERANCE]
    return long


def _label_provinces(
    provinces: gpd.GeoDataFrame, parts: _Shapes, owner: npt.NDArray[np.int64], line: shapely.LineString
) -> list[dict[str, Any]]:
    """Return the names, each with the places where it can be written, the roomiest first."""
    near = shapely.distance(provinces.geometry.to_numpy(), shapely.simplify(line, TOLERANCE)) < NEAR
    columns = {
        name: provinces[name].astype(object).to_list() if name in provinces else [None] * len(provinces)
        for name in ("name", "name_local", "country", "name_th", "name_km")
    }
    records = []
    for k in range(len(provinces)):
        polygons = parts[owner == k]
        if not len(polygons):
            continue
        polygon = polygons[np.argmax(shapely.area(polygons))]
        west, _, east, _ = polygon.bounds
        records.append(
            {
                "text": _province_names({name: column[k] for name, column in columns.items()}),
                "local": language_of_country(columns["country"][k]) or "en",
                "near": bool(near[k]),
                "width": round(east - west, 3),
                "at": _choose_label_places(polygon),
            }
        )
    return records


def _province_names(row: dict[str, object]) -> dict[str, str]:
    """Return the names of a province by language."""
    texts = {"th": _text_or_empty(row["name_th"]), "km": _text_or_empty(row["name_km"])}
    local = language_of_country(row["country"])
    if local is not None:
        texts[local] = texts[local] or _text_or_empty(row["name_local"])
    return {"en": str(row["name"]), **{language: text for language, text in texts.items() if text}}


def _text_or_empty(value: object) -> str:
    """Return a text; missing names, and whatever else is no text, are empty."""
    return value if isinstance(value, str) else ""


def _choose_label_places(polygon: shapely.Polygon) -> list[list[float]]:
    """Choose up to six places inside a polygon, far from its edge and from one another."""
    west, south, east, north = polygon.bounds
    x, y = np.meshgrid(np.linspace(west, east, 15)[1:-1], np.linspace(south, north, 15)[1:-1])
    grid = shapely.points(x.ravel(), y.ravel())
    room = np.where(
        shapely.contains(polygon, grid), shapely.distance(grid, shapely.get_exterior_ring(polygon)), 0.0
    )
    centre = shapely.maximum_inscribed_circle(polygon).coords[0]
    chosen = [shapely.Point(centre)]
    while len(chosen) < 6:
        # Rank by room, and by distance to the places taken already.
        away = np.min([shapely.distance(grid, point) for point in chosen], axis=0)
        score = np.minimum(room * 2, away)
        best = int(np.argmax(score))
        if score[best] <= 0.02:
            break
        chosen.append(grid[best])
    return [[round(point.x, 3), round(point.y, 3)] for point in chosen]
