"""The ground of a static map: land, provinces and their names, without tiles."""

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
from ._chart_text import GREY, Names, families, renderer_of

__all__ = ["draw_ground", "ground_sources"]

#: Colours of sea, of the land of the two countries and of others.
SEA: Final = "#E6EEF2"
LAND: Final = "#FAF8F3"
AROUND: Final = "#EFEDE8"
LINE: Final = "#C9C4B8"

#: Shapes are drawn with this tolerance, as a share of the width of the map.
TOLERANCE: Final = 1e-3

#: A province that shows less than this share of the map is not named.
LEAST_NAMED: Final = 4e-3


def draw_ground(ax: Axes, border: Border, provinces: gpd.GeoDataFrame | None, names: Names) -> None:
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
        units = _built_in(border)
        around = catalog.read_layer("neighbours").to_crs(WGS84_CRS) if len(units) else units
        _draw_areas(ax, _shown(around, view), AROUND, LINE)
    else:
        require_columns(provinces, ["name"], verb="plot_map", remedy="provinces need a name")
        if provinces.crs is None:
            raise CRSError("plot_map: the provinces have no CRS; say which with set_crs.")
        units = provinces.to_crs(WGS84_CRS)
    # Where no land is known, nothing says that there is sea.
    ax.set_facecolor(SEA if len(units) else LAND)
    shown = _shown(units, view)
    _draw_areas(ax, shown, LAND, LINE)
    if provinces is not None and not len(shown):
        return
    _name_provinces(ax, shown, view, names)


def ground_sources(border: Border, provinces: gpd.GeoDataFrame | None) -> list[Source]:
    """
    Tell where the ground comes from, to be credited.

    Parameters
    ----------
    border, provinces
        As for `draw_ground`.

    Returns
    -------
    sources
        Of the built-in layers that are drawn.
    """
    if provinces is not None:
        require_columns(provinces, ["name"], verb="plot_map", remedy="provinces need a name")
        return sources_of(provinces.attrs)
    return [catalog.get(key).source for key in ("admin1", "neighbours")] if len(_built_in(border)) else []


def _built_in(border: Border) -> gpd.GeoDataFrame:
    """Take the built-in provinces of the two countries."""
    units = catalog.load_admin(1)
    return units[units["country"].isin([border.left, border.right])]


def _shown(units: gpd.GeoDataFrame, view: BaseGeometry) -> gpd.GeoDataFrame:
    """Take what lies in the view, no finer than it can be seen."""
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
    paths = []
    for shape in units.geometry:
        rings = [ring for part in _polygons(shape) for ring in (part.exterior, *part.interiors)]
        if rings:
            paths.append(
                Path.make_compound_path(*(Path(shapely.get_coordinates(ring), closed=True) for ring in rings))
            )
    if paths:
        ax.add_collection(
            PathCollection(paths, facecolors=face, edgecolors=edge, linewidths=0.5, zorder=0.2), autolim=False
        )


def _polygons(shape: BaseGeometry) -> list[shapely.Polygon]:
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]


def _name_provinces(ax: Axes, units: gpd.GeoDataFrame, view: BaseGeometry, names: Names) -> None:
    """Name provinces where there is room, the largest first."""
    visible = shapely.intersection(units.geometry.to_numpy(), view)
    area = shapely.area(visible)
    local = units["name_local"] if "name_local" in units.columns else [None] * len(units)
    country = units["country"] if "country" in units.columns else [None] * len(units)
    taken = _name_countries(ax, visible, country)
    rows = list(zip(visible, area, units["name"], local, country, strict=True))
    for shape, size, english, own, of in sorted(rows, key=lambda row: -float(row[1])):
        if size < LEAST_NAMED * shapely.area(view):
            continue
        at = shapely.maximum_inscribed_circle(shapely.buffer(shape, 0), tolerance=0.02)
        x, y = at.coords[0][:2]
        text = ax.text(
            x, y, names.of(str(english), own, of), ha="center", va="center", fontsize=6, color=GREY,
            family=families(), parse_math=False, zorder=0.95, clip_on=True,
            path_effects=[withStroke(linewidth=1.6, foreground=LAND)],
        )  # fmt: skip
        box = text.get_window_extent(renderer_of(ax)).bounds
        frame = ax.get_window_extent(renderer_of(ax)).bounds
        crowded = any(_overlap(box, other) for other in taken) or not _within(box, frame)
        if crowded:
            text.remove()
        else:
            taken.append(box)


def _name_countries(
    ax: Axes, visible: NDArray[np.object_], country: Iterable[object]
) -> list[tuple[float, float, float, float]]:
    """Name the countries where most of them shows; return what the names cover."""
    taken = []
    of = np.array([str(each) for each in country])
    for code in dict.fromkeys(each for each in of if len(each) == 3):
        land = shapely.buffer(shapely.union_all(visible[of == code]), 0)
        if land.is_empty:
            continue
        at = shapely.maximum_inscribed_circle(land, tolerance=0.05)
        x, y = at.coords[0][:2]
        text = ax.text(
            x, y, country_name(code).upper(), ha="center", va="center", fontsize=10, color="#A8A296",
            family=families(), parse_math=False, zorder=0.5, clip_on=True,
        )  # fmt: skip
        taken.append(text.get_window_extent(renderer_of(ax)).bounds)
    return taken


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


def _within(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] > b[0] and a[0] + a[2] < b[0] + b[2] and a[1] > b[1] and a[1] + a[3] < b[1] + b[3]
