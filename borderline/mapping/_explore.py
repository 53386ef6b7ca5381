"""The verb `explore`: a border and its incidents as one page that needs no network."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..border import Border, distinguish_borders, require_border
from ..errors import TableError, UnknownKeyError, near_miss
from ..options import is_one_of
from ..provenance import sources_of
from ._basemap import LANGUAGES, basemap
from ._border_map import BorderMap
from ._density_layer import density_config, join_tables
from ._incident_payload import Incidents, read_incidents
from ._page import Page
from ._raster_tiles import read_tiles

__all__ = ["explore"]

#: Incidents farther than this from the border's extent, degrees, do not widen the first view.
MARGIN = 0.5


def explore(  # noqa: PLR0913 - options, by keyword
    events: gpd.GeoDataFrame,
    border: Border,
    density: pd.DataFrame | Sequence[pd.DataFrame] | None = None,
    *,
    title: str | None = None,
    language: str = "en",
    provinces: gpd.GeoDataFrame | None = None,
    classes: str = "round",
    tiles: tuple[str, str] | None = None,
    plain: bool = False,
) -> BorderMap:
    """
    Map incidents on a border, as one page that needs no network.

    The page shows the line (coloured by `density` when it is given), the provinces
    on both sides, every incident with a position, a thin line from each to its
    foot on the border, and, on a click or from a table, what is known of it.
    Incidents at one place share a symbol that counts them; more than 5,000 are dots,
    or shades where more than 20,000 are in view.

    Below the map incidents are counted over time and along the border; a window
    drawn over either chart chooses for the whole page, as do types, sides and actors
    beside it. What is chosen can be read as a table and saved as CSV, and the view
    lives in the address of the page, so that a link restores it. Time windows go by
    the first day of an incident and hold no undated one; stretches of the border go
    by ``measure_km`` in steps of 100 m, their first end belongs to them.

    Parameters
    ----------
    events
        Events after `locate`, in any CRS that is set. Every column but the geometry
        may be missing; what is missing is shown as unknown. Rows without a point
        are counted in the heading and listed in the table.
    border
        The border they were located on.
    density
        Segments of that border from `density` or `compare_periods`, one row each, or a list
        of several such tables of the same segments, as ``[density, change]``. The
        reader chooses which of ``events_per_km``, ``n_events``, ``events_per_km2``,
        ``fatalities`` and ``rate_ratio`` colours the line, of those the table has.
    title
        Heading of the page; by default it names the border.
    language
        Language the page begins in, its words and its names: ``"en"``, ``"th"`` or
        ``"km"`` (English where there is no other name). ``"local"`` gives each
        country's own names and English words. Readers can change it; what the page
        says of its sources is in English.
    provinces
        Polygons with a ``name``, and with ``name_th`` and ``name_km`` where known, to draw
        instead of the built-in provinces.
    classes
        How segments are put into at most five classes of what colours the line:
        ``"round"``, bounds from the series 1, 2, 5 of each decade; ``"quantiles"``, about
        as many segments in each; or, with `mapclassify` installed, ``"FisherJenks"``,
        ``"HeadTailBreaks"``, ``"MaximumBreaks"``, ``"NaturalBreaks"``. Segments with nothing
        are in no class. Changes always have the bounds 0.5, 0.8, 1.25 and 2.
    tiles
        Address of raster tiles, with ``{z}``, ``{x}`` and ``{y}``, and the credit their
        provider asks for. The page asks for none before its reader ticks them, and may
        load pictures from that host only. Some providers, openstreetmap.org among them,
        refuse pages that are opened from a disk.
    plain
        Let layers of folium that are added to the map run and load whatever they ask for:
        plugins, icons, frames, scripts in popups. It takes folium's own risks: the page has
        no content security policy and needs the network for what those layers load, and what
        they show of a table runs in the reader's browser if it is code and was not escaped
        (`html.escape`); in a popup made of `branca.element.IFrame` it even runs as a template
        on this computer. What `explore` shows itself stays inert text either way. By default
        such layers are refused when the map is written.

    Returns
    -------
    map
        A `folium.Map` whose ``save`` writes the whole file or none. The same input
        gives the same bytes.

    Raises
    ------
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
    OutputError
        If `tiles` have no credit, or an address that is not one https host's.
    UnknownKeyError
        If `language` is none of the four, or `classes` is unknown.

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
    require_border(border, verb="explore")
    if not is_one_of(language, LANGUAGES):
        raise UnknownKeyError(
            f"There are no names in language {language!r}.{near_miss(str(language), LANGUAGES)}"
        )
    of = getattr(events, "attrs", {}).get("border")
    if of is not None and of != border.identity:
        located_on, shown = distinguish_borders(of, border.identity)
        raise TableError(f"The events were located on {located_on}, the map shows {shown}; locate them anew.")
    raster = read_tiles(tiles)
    segments = join_tables(density)
    incidents = read_incidents(events, border)
    page = Page(
        title=f"Incidents along the {border.name or 'border'}" if title is None else str(title),
        titled=title is not None,
        language=language,
        border=border,
        incidents=incidents,
        density=density_config(segments, border, scheme=classes),
        ground=basemap(border, provinces),
        built_in=provinces is None,
        tiles=raster,
        bounds=_bounds(border, incidents),
        cited=(*sources_of(events.attrs), *(() if segments is None else sources_of(segments.attrs))),
    )
    return BorderMap(
        title=page.title,
        language="en",
        body=page.body(),
        data=page.data(),
        bounds=page.bounds,
        hosts=() if raster is None else (raster.host,),
        plain=plain,
    )


def _bounds(border: Border, incidents: Incidents) -> tuple[tuple[float, float], tuple[float, float]]:
    """Frame the border and the incidents near it."""
    west, south, east, north = shapely.bounds(border.line).tolist()
    lon, lat = incidents.lon, incidents.lat
    with np.errstate(invalid="ignore"):
        near = (lon > west - MARGIN) & (lon < east + MARGIN) & (lat > south - MARGIN) & (lat < north + MARGIN)
    if near.any():
        west, east = min(west, lon[near].min()), max(east, lon[near].max())
        south, north = min(south, lat[near].min()), max(north, lat[near].max())
    return (float(south), float(west)), (float(north), float(east))
