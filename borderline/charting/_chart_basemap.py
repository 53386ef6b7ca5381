"""The basemap of a figure: land, provinces and their names, without tiles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from .. import catalog
from .._constants import WGS84_CRS
from .._countries import country_name
from ..border import Border
from ..errors import CRSError
from ..provenance import Source, sources_of
from ..schema import require_columns
from ._chart_text import GREY, PlaceNames, families, renderer_of

__all__ = ["basemap_sources", "draw_basemap"]

#: Colours of sea, of the land of the two countries and of others.
SEA: Final = "#E6EEF2"
LAND: Final = "#FAF8F3"
AROUND: Final = "#EFEDE8"
LINE: Final = "#C9C4B8"

#: Shapes are drawn with this tolerance, as a share of the width of the map.
TOLERANCE: Final = 1e-3

#: A province that shows less than this share of the map is not named.
LEAST_NAMED: Final = 4e-3


def draw_basemap(ax: Axes, border: Border, provinces: gpd.GeoDataFrame | None, names: PlaceNames) -> None:
    """
    Draw land and provinces within the limits of the axes.

    Parameters
    ----------
    ax
        Axes in degrees, their limits set.
    border
        The border; of its two countries the built-in provinces are drawn.
    provinces
        Polygons with ``name``, in any CRS that is set, to draw instead.
    names
        Chooses the language.
    """
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    view = shapely.box(west, south, east, north)
    if provinces is None:
        units = _built_in_provinces(border)
        around = catalog.read_layer("neighbours").to_crs(WGS84_CRS) if len(units) else units
        _draw_areas(ax, _clip_to_view(around, view), AROUND, LINE)
    else:
        require_columns(provinces, ["name"], verb="plot_map", remedy="provinces need a name")
        if provinces.crs is None:
            raise CRSError("plot_map: the provinces have no CRS; say which with set_crs.")
        units = provinces.to_crs(WGS84_CRS)
    # Without known land there is no telling what is sea.
    ax.set_facecolor(SEA if len(units) else LAND)
    shown = _clip_to_view(units, view)
    _draw_areas(ax, shown, LAND, LINE)
    if provinces is not None and not len(shown):
        return
    _name_provinces(ax, shown, view, names)


def basemap_sources(border: Border, provinces: gpd.GeoDataFrame | None) -> list[Source]:
    """
    Return the sources of the basemap, to be credited.

    Parameters
    ----------
    border, provinces
        As for `draw_basemap`.

    Returns
    -------
    sources
        Of the built-in layers that are drawn.
    """
    if provinces is not None:
        require_columns(provinces, ["name"], verb="plot_map", remedy="provinces need a name")
        return sources_of(provinces.attrs)
    if not len(_built_in_provinces(border)):
        return []
    return [catalog.get(key).source for key in ("admin1", "neighbours")]


def _built_in_provinces(border: Border) -> gpd.GeoDataFrame:
    """Return the built-in provinces of the two countries."""
    units = catalog.load_admin()
    return units[units["country"].isin([border.left, border.right])]


def _clip_to_view(units: gpd.GeoDataFrame, view: BaseGeometry) -> gpd.GeoDataFrame:
    """Clip areas to the view, no finer than it can show."""
    if not len(units):
        return units
    inside = units[shapely.intersects(units.geometry.to_numpy(), view)].copy()
    width = view.bounds[2] - view.bounds[0]
    simple = shapely.simplify(inside.geometry.to_numpy(), TOLERANCE * width)
    # A little beyond the view, so that no cut shows as a line.
    clipped = shapely.intersection(shapely.make_valid(simple), shapely.buffer(view, 0.02 * width))
    inside.geometry = gpd.GeoSeries(clipped, index=inside.index, crs=inside.crs)
    return inside[~shapely.is_empty(clipped)]


def _draw_areas(ax: Axes, units: gpd.GeoDataFrame, face: str, edge: str) -> None:
    """Draw polygons, holes and all, as one collection."""
    paths = []
    for shape in units.geometry:
        rings = [ring for part in _polygons_of(shape) for ring in (part.exterior, *part.interiors)]
        if rings:
            paths.append(
                Path.make_compound_path(*(Path(shapely.get_coordinates(ring), closed=True) for ring in rings))
            )
    if paths:
        ax.add_collection(
            PathCollection(paths, facecolors=face, edgecolors=edge, linewidths=0.5, zorder=0.2), autolim=False
        )


def _polygons_of(shape: BaseGeometry) -> list[shapely.Polygon]:
    """Return the polygons of a shape; clipping may leave lines and points."""
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]


def _name_provinces(ax: Axes, units: gpd.GeoDataFrame, view: BaseGeometry, names: PlaceNames) -> None:
    """Name provinces where there is room, the largest first."""
    visible = shapely.intersection(units.geometry.to_numpy(), view)
    area = shapely.area(visible)
    local = units["name_local"] if "name_local" in units.columns else [None] * len(units)
    country = units["country"] if "country" in units.columns else [None] * len(units)
    taken = _name_countries(ax, visible, country)
    rows = list(zip(visible, area, units["name"], local, country, strict=True))
    for shape, size, english, own, code in sorted(rows, key=lambda row: -float(row[1])):
        if size < LEAST_NAMED * shapely.area(view):
            continue
        circle = shapely.maximum_inscribed_circle(shapely.buffer(shape, 0), tolerance=0.02)
        x, y = circle.coords[0][:2]
        text = ax.text(
            x, y, names.choose(str(english), own, code), ha="center", va="center", fontsize=6, color=GREY,
            family=families(), parse_math=False, zorder=0.95, clip_on=True,
            path_effects=[withStroke(linewidth=1.6, foreground=LAND)],
        )  # fmt: skip
        box = text.get_window_extent(renderer_of(ax)).bounds
        frame = ax.get_window_extent(renderer_of(ax)).bounds
        crowded = any(_boxes_overlap(box, other) for other in taken) or not _box_within(box, frame)
        if crowded:
            text.remove()
        else:
            taken.append(box)


def _name_countries(
    ax: Axes, visible: NDArray[np.object_], country: Iterable[object]
) -> list[tuple[float, float, float, float]]:
    """Write the names of the countries where most of them shows; return the boxes of the names."""
    taken = []
    codes = np.array([str(code) for code in country])
    for code in dict.fromkeys(code for code in codes if len(code) == 3):
        land = shapely.buffer(shapely.union_all(visible[codes == code]), 0)
        if land.is_empty:
            continue
        circle = shapely.maximum_inscribed_circle(land, tolerance=0.05)
        x, y = circle.coords[0][:2]
        text = ax.text(
            x, y, country_name(code).upper(), ha="center", va="center", fontsize=10, color="#A8A296",
            family=families(), parse_math=False, zorder=0.5, clip_on=True,
        )  # fmt: skip
        taken.append(text.get_window_extent(renderer_of(ax)).bounds)
    return taken


def _boxes_overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Return whether two boxes (left, bottom, width, height) overlap."""
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


def _box_within(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Return whether one box lies within another."""
    return a[0] > b[0] and a[0] + a[2] < b[0] + b[2] and a[1] > b[1] and a[1] + a[3] < b[1] + b[3]
