"""The verb `explore`: a border and its incidents as one page that needs no network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._place_names import name_languages
from ..border import Border
from ..errors import OptionError
from ..options import validate_flag, validate_number, validate_positive, validate_word
from ..provenance import sources_of
from ._basemap import basemap
from ._border_map import BorderMap
from ._colour_classes import SCHEMES
from ._column_values import exact_numbers
from ._defaults import choose_subject
from ._density_layer import density_config, join_tables
from ._incident_payload import Incidents, read_incidents
from ._page import Page
from ._raster_tiles import read_tiles

__all__ = ["explore"]

#: Levels of zoom of a page, as Leaflet counts them.
FARTHEST, CLOSEST = 3, 18

#: A size of a map in a notebook: pixels, or a share of the window.
_SIZE: Final = re.compile(r"(\d+(?:\.\d+)?)(px|%)")


#: Incidents farther than this from the border's extent, degrees, do not widen the first view.
MARGIN = 0.5


def explore(  # noqa: PLR0913 - options, by keyword
    events: gpd.GeoDataFrame | Border | None = None,
    border: Border | None = None,
    density: pd.DataFrame | Sequence[pd.DataFrame] | None = None,
    *,
    title: str | None = None,
    language: str = "en",
    provinces: gpd.GeoDataFrame | None = None,
    classes: str = "round",
    color: str | None = None,
    tiles: tuple[str, str] | None = None,
    zoom: float | None = None,
    height: float | str = 640,
    width: float | str = "100%",
    plain: bool = False,
) -> BorderMap:
    """
    Map incidents on a border, as one page that needs no network.

    The page shows the line (coloured by `density` if given), the provinces on both sides, and
    every incident with a position, joined to the nearest point of the border by a thin line. A
    click, or a row of the table, opens the details of an incident. Incidents at one place share
    a symbol with their number; more than 5,000 incidents are drawn as dots, and as shades where
    more than 20,000 are in view.

    Two charts below the map count incidents over time and along the border. A window drawn over
    either chart filters the whole page, as do the types, sides and actors beside the map. The
    selection can be read as a table and saved as CSV, and the view is kept in the address of the
    page, so that a link restores it. A time window selects the incidents that touch it, from
    ``event_date`` to ``event_date_end``, and excludes undated ones; a stretch of the border selects
    by ``measure_km`` in steps of 100 m and includes its first end. Bars count first days.

    Parameters
    ----------
    events
        Events, in any CRS that is set. Every column but the geometry may be missing; missing
        values are shown as unknown. Rows without a point are counted in the heading and listed
        in the table. A table without ``chainage_m``, ``distance_m`` and ``side`` is located on
        `border`, and the page says so. Without events, or with a border in their place, the map
        shows the border alone.
    border
        The border the events were located on; by default the one that their table names, or
        else the one that `load_border` returns.
    density
        Segments of that border from `density` or `compare_periods`, one row each, or a list of
        several such tables of the same segments, as ``[density, change]``. The reader chooses
        which of the columns ``events_per_km``, ``n_events``, ``events_per_km2``, ``fatalities``
        and ``rate_ratio`` colours the line.
    title
        Heading of the page; by default it names the border.
    language
        Language in which the page opens: ``"en"``, ``"th"`` or ``"km"``. Names without a
        translation are in English. ``"local"`` writes names in the language of each country and
        all else in English. Readers can change the language; notes on sources are in English.
    provinces
        Polygons with a ``name``, and with ``name_th`` and ``name_km`` where known, to draw
        instead of the built-in provinces.
    classes
        How segments are put into at most five classes: ``"round"``, with bounds from the series
        1, 2, 5 of each decade; ``"quantiles"``, with about as many segments in each class; or,
        with `mapclassify` installed, ``"FisherJenks"``, ``"HeadTailBreaks"``, ``"MaximumBreaks"``
        or ``"NaturalBreaks"``. Segments without events are in no class. Rate ratios always have
        the bounds 0.5, 0.8, 1.25 and 2.
    color
        Column of `density` that colours the line at first, one of those above; by default the
        first of them that the table has. Incidents always have the colour of their type.
    tiles
        Address of raster tiles, with ``{z}``, ``{x}`` and ``{y}``, and the credit that their
        provider asks for. The page requests none until its reader switches them on, and can load
        pictures from that host only. Some providers, openstreetmap.org among them, refuse pages
        that are opened from a disk.
    zoom
        Level of zoom at first, from 3 to 18, centred on the median kilometre of the events; by
        default the border and the incidents near it fill the map.
    height
        Height of the map in a notebook: a number of pixels, or a share of the window such as
        ``"80%"``. A saved page fills its window.
    width
        Width of the map in a notebook: a number of pixels, or a share of the output cell.
    plain
        Let folium layers that are added to the map run and load whatever they need: plugins,
        icons, frames, scripts in popups. By default such layers are refused when the map is
        written. A plain page has folium's own risks: it has no content security policy, it needs
        the network for what the layers load, and code in their data runs in the reader's browser
        unless it was escaped (`html.escape`); in a popup made of `branca.element.IFrame` it even
        runs as a template on this computer. What `explore` itself shows stays inert text.

    Returns
    -------
    map
        A `folium.Map` whose ``save`` writes the whole file or none. The same input gives the same
        bytes.

    Raises
    ------
    OptionError
        If an option is no word or number that `explore` takes; also if `tiles` have no credit, or
        an address that is not on one https host.
    TableError
        If `events` is no GeoDataFrame or was located on another border, or a
        table lacks a column.
    MissingExtraError
        If `classes` need `mapclassify`, which is not installed.
    CRSError
        If `events` or `provinces` has no CRS.
    GeometryError
        If a geometry of `events` is no point on the globe.
    MeasureError
        If a segment of `density` lies off the border.

    Examples
    --------
    >>> import borderline as bl, geopandas as gpd, shapely
    >>> border = bl.load_border()
    >>> events = gpd.GeoDataFrame(
    ...     {"location": ["Ta Khwai"]}, geometry=[shapely.Point(103.3711, 14.3528)], crs=4326
    ... )
    >>> map = bl.explore(bl.locate(events, border), border, title="One place")
    >>> map.get_root().render().startswith("<!DOCTYPE html>")
    True
    """
    validate_word(language, "language", name_languages())
    validate_word(classes, "classes", SCHEMES)
    validate_flag(plain, "plain")
    raster, level = read_tiles(tiles), _validate_zoom(zoom)
    size = _validate_size(height, "height", "vh"), _validate_size(width, "width", "%")
    located, border, notes = choose_subject(events, border)
    segments = join_tables(density)
    incidents = read_incidents(located, border)
    page = Page(
        title=_default_title(border, located) if title is None else str(title),
        # Without events there is no heading to translate.
        titled=title is not None or located is None,
        language=language,
        border=border,
        incidents=incidents,
        density=density_config(segments, border, scheme=classes, color=color),
        ground=basemap(border, provinces),
        built_in=provinces is None,
        tiles=raster,
        bounds=_frame_border(border, incidents),
        with_events=located is not None,
        view=None if level is None else (*_middle_of(located, border), level),
        notes=(*notes, *_describe_reading(located)),
        cited=tuple(
            source for table in (located, segments) if table is not None for source in sources_of(table.attrs)
        ),
    )
    return BorderMap(
        title=page.title,
        language="en",
        body=page.body(),
        data=page.data(),
        bounds=page.bounds,
        hosts=() if raster is None else (raster.host,),
        size=size,
        plain=plain,
    )


def _describe_reading(events: gpd.GeoDataFrame | None) -> list[str]:
    """Return a sentence on the columns that the incidents were read from, where the table says so."""
    columns = None if events is None else events.attrs.get("columns")
    return [f"Columns of the table: {columns}."] if isinstance(columns, str) and columns else []


def _default_title(border: Border, events: gpd.GeoDataFrame | None) -> str:
    """Return a heading that names the border."""
    name = border.name or "border"
    return f"The {name}" if events is None else f"Incidents along the {name}"


def _middle_of(events: gpd.GeoDataFrame | None, border: Border) -> tuple[float, float]:
    """Return latitude and longitude of the median kilometre of the events, or of the border."""
    chainage = np.array([]) if events is None else exact_numbers(events, "chainage_m")
    chainage = chainage[np.isfinite(chainage)]
    middle = border.interpolate(float(np.median(chainage)) if chainage.size else border.length_m / 2)
    (lon, lat), *_ = shapely.get_coordinates(middle).tolist()
    return lat, lon


def _validate_zoom(zoom: float | None) -> float | None:
    """Return a level of zoom that the page has, or None."""
    if zoom is None:
        return None
    requirement = f"a number from {FARTHEST} to {CLOSEST}"
    level = validate_number(zoom, "zoom", requirement)
    if not FARTHEST <= level <= CLOSEST:
        raise OptionError(f"zoom must be {requirement}, not {zoom!r}.")
    return level


def _validate_size(value: float | str, name: str, share: str) -> str:
    """Return a height or a width as CSS writes it; `share` is the unit of a share."""
    parts = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if parts is not None:
        return parts[1] + (share if parts[2] == "%" else "px")
    requirement = "a number of pixels, or a share such as '80%'"
    pixels = validate_positive(value, name, requirement)
    return f"{pixels:g}px"


def _frame_border(border: Border, incidents: Incidents) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the corners of a box round the border and the incidents near it."""
    west, south, east, north = shapely.bounds(border.line).tolist()
    lon, lat = incidents.lon, incidents.lat
    with np.errstate(invalid="ignore"):
        near = (lon > west - MARGIN) & (lon < east + MARGIN) & (lat > south - MARGIN) & (lat < north + MARGIN)
    if near.any():
        west, east = min(west, lon[near].min()), max(east, lon[near].max())
        south, north = min(south, lat[near].min()), max(north, lat[near].max())
    return (float(south), float(west)), (float(north), float(east))
