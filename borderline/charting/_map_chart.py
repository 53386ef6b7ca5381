"""The figure `plot_map`: the border coloured by rate, with events, for print."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from itertools import accumulate
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from .._constants import GEOD, Floats, Ints
from .._default_border import split_border
from .._palette import GROUPS, RAMP, ZERO_COLOUR, class_breaks, class_labels, group_of
from ..border import Border
from ..errors import MeasureError, OptionError
from ..options import validate_word
from ..schema import points_lonlat, require_columns
from ._border_axis import require_same_border
from ._chart_basemap import basemap_sources, draw_basemap
from ._chart_text import GREY, INK, PlaceNames, families
from ._figure_layout import axes_or_new, draw_credit, fit_margins
from ._strip_chart import MARKERS

__all__ = ["plot_map"]

#: Above this many places incidents have one small symbol, embedded as an image in vector formats.
MANY_PLACES: Final = 3_000

#: Then the types are drawn in this many alternating parts.
TURNS: Final = 8

#: Area of the symbol of one incident, square points; n at a place have the root of n times as much.
AREA: Final = 14.0

#: The symbol of a type has this many times the area of that of the next type at its place.
NESTED: Final = 1.7

#: The credits begin this far below the axes, points.
UNDER: Final = 22.0

#: Margin round the border and the incidents near it, as a share of its extent.
MARGIN: Final = 0.06

#: Incidents farther than this from the border's extent, degrees, do not widen the view.
NEAR: Final = 0.5

#: A segment may end this far past the border, metres, by rounding.
SLACK_M: Final = 1.0


def plot_map(
    events: gpd.GeoDataFrame | Border | None = None,
    border: Border | None = None,
    density: pd.DataFrame | None = None,
    *,
    color: str | None = None,
    language: str = "en",
    provinces: gpd.GeoDataFrame | None = None,
    figsize: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """
    Draw a map of a border and the incidents near it, for print: no tiles, no network.

    The same view as `explore`, in longitude and latitude with the scale right at the
    middle latitude.

    Parameters
    ----------
    events
        Points in any CRS that is set; ``event_type`` where the table has it. Left out, or with the
        border in its place, the map shows no incidents. Events of one type at one place share a
        symbol that grows with the root of their number; symbols of several types at one place are
        stacked, the largest at the bottom. More than 3,000 places are drawn with one small symbol
        each, and as an embedded image in SVG and PDF.
    border
        The border; by default the one that the table of events names, or else the one that
        `load_border` returns.
    density
        Segments of it from `density`, to colour it by.
    color
        Column of `density` that colours the border, by default ``events_per_km``. Incidents
        always have the colour of their type.
    language
        Language of the names of places; see `plot_profile`.
    provinces
        Polygons with a ``name`` to draw instead of the built-in provinces.
    figsize
        Width and height of a new figure, inches.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        Save it with ``ax.figure.savefig(path)``, as PNG, SVG or PDF.

    Raises
    ------
    TableError
        If a column is missing, or a table is of another border.
    CRSError
        If `events` or `provinces` has no CRS.
    GeometryError
        If a geometry of `events` is no point.
    MeasureError
        If a segment lies off the border.
    OptionError
        If an option is no word or value that the figure takes.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.load_incidents().pipe(bl.geocode).pipe(bl.locate, border)
    >>> rates = bl.density(events, bl.segment(border, every_km=10), within_km=25)
    >>> ax = bl.plot_map(events, border, rates)
    >>> ax.get_title(loc="left")
    'Events along the Cambodia–Thailand land border'
    """
    table, border = split_border(events, border, verb="plot_map")
    require_same_border("plot_map", border, table, density)
    color = _validate_color(color, density)
    names = PlaceNames(language)
    lon, lat = (np.array([]), np.array([])) if table is None else points_lonlat(table, verb="plot_map")
    group = _group_numbers(table, len(lon))
    sources = [border.source, *basemap_sources(border, provinces)]
    attrs: list[Mapping[Hashable, Any]] = [{"sources": sources}]
    attrs += [shown.attrs for shown in (table, density) if shown is not None]
    alone, ax = ax is None, axes_or_new(ax, figsize, (10.0, 7.4), right=2.0)
    credit = draw_credit(ax, UNDER, *attrs)
    if alone:
        fit_margins(ax, top=32, bottom=UNDER + 8 + credit)
    drawn = _set_limits(ax, border, lon, lat)
    draw_basemap(ax, border, provinces, names)
    xy = shapely.get_coordinates(border.line)
    ax.plot(*xy.T, color="white", lw=4.6, zorder=1, solid_joinstyle="round", solid_capstyle="round")
    ax.plot(*xy.T, color=ZERO_COLOUR, lw=1.2, zorder=1.1)
    handles = _draw_rates(ax, border, density, color)
    if drawn.any():
        handles += _draw_incidents(ax, lon[drawn], lat[drawn], group[drawn])
    _draw_title_and_legend(ax, border, handles, int(drawn.sum()), len(lon))
    return ax


def _validate_color(color: str | None, density: pd.DataFrame | None) -> str:
    """Return the column of the segments that colours the border."""
    if color is None:
        return "events_per_km"
    if density is None:
        raise OptionError(
            f"color must be None without density, not {color!r}: it names the column of density that colours "
            "the border, and incidents have the colour of their type."
        )
    ends = {"from_m", "to_m"}
    columns = [name for name in density.select_dtypes("number").columns if name not in ends]
    return validate_word(color, "color", columns)


def _group_numbers(events: gpd.GeoDataFrame | None, n: int) -> Ints:
    """Return the position in `GROUPS` of each event."""
    if events is None or "event_type" not in events.columns:
        return np.full(n, len(GROUPS) - 1)
    # Few types, many rows.
    code, types = pd.factorize(events["event_type"].astype("object"))
    group = np.array([*(group_of(kind) for kind in types), len(GROUPS) - 1], dtype=np.int64)
    return np.asarray(group[code])


def _set_limits(ax: Axes, border: Border, lon: Floats, lat: Floats) -> Any:  # noqa: ANN401 - a mask
    """Set the limits round the border and the incidents near it; return which incidents show."""
    west, south, east, north = shapely.bounds(border.line).tolist()
    with np.errstate(invalid="ignore"):
        near = (lon > west - NEAR) & (lon < east + NEAR) & (lat > south - NEAR) & (lat < north + NEAR)
    if near.any():
        west, east = min(west, lon[near].min()), max(east, lon[near].max())
        south, north = min(south, lat[near].min()), max(north, lat[near].max())
    room = MARGIN * max(east - west, north - south, 1e-3)
    stretch = 1 / np.cos(np.radians((south + north) / 2))
    box = ax.get_window_extent()
    # As wide and as high as the axes allow; a kilometre is as long either way.
    wide, high = east - west + 2 * room, north - south + 2 * room
    ratio = box.height / box.width / stretch
    wide, high = max(wide, high / ratio), max(high, wide * ratio)
    west, south = (west + east - wide) / 2, max((south + north - high) / 2, -89.0)
    east, north = west + wide, min(south + high, 89.0)
    ax.set(xlim=(west, east), ylim=(south, north), autoscale_on=False)
    ax.set_aspect(stretch, adjustable="box", anchor="NW")
    with np.errstate(invalid="ignore"):
        return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _draw_rates(ax: Axes, border: Border, density: pd.DataFrame | None, color: str) -> list[Line2D]:
    """Colour the border by the classes of a rate; return the legend."""
    if density is None:
        return []
    require_columns(density, ["from_m", "to_m", color], verb="plot_map", remedy="density makes them")
    start, end, value = (
        pd.to_numeric(density[name]).to_numpy(dtype=np.float64, na_value=np.nan)
        for name in ("from_m", "to_m", color)
    )
    off = ~((start >= -SLACK_M) & (end <= border.length_m + SLACK_M) & (end > start))
    if off.any():
        raise MeasureError(
            f"plot_map: segment {density.index[off].tolist()[0]!r} lies off the border; cut it from this one."
        )
    breaks = class_breaks(value)
    colours = RAMP[len(RAMP) - len(breaks) :] if len(breaks) > 2 else RAMP[-2 : len(RAMP)][: len(breaks)]
    place = np.searchsorted(breaks, value * (1 + 1e-9), side="right") - 1
    lines = [
        shapely.get_coordinates(border.slice(max(a, 0.0), min(b, border.length_m)))
        for a, b in zip(start, end, strict=True)
    ]
    for number, colour in enumerate(colours):
        in_class = [line for line, position in zip(lines, place, strict=True) if position == number]
        ax.add_collection(
            LineCollection(
                in_class, colors=colour, linewidths=3.4, zorder=1.2 + 0.1 * number, capstyle="butt"
            ),
            autolim=False,
        )
    classes = zip(colours, class_labels(breaks), strict=True)
    within = density.attrs.get("within_km")
    near = "" if within is None else f",\nwithin {within:g} km of the line"
    handles = [Line2D([], [], ls="", label=_describe_rate(color) + near)]
    handles += [
        Line2D([], [], color=colour, lw=3.4, label=label) for colour, label in reversed(list(classes))
    ]
    return [
        *handles,
        Line2D([], [], color=ZERO_COLOUR, lw=1.2, label="none, or not counted"),
        Line2D([], [], ls="", label=" "),
    ]


def _describe_rate(rate: str) -> str:
    """Return the words of a column's name."""
    text = f"number of {rate[2:]}" if rate.startswith("n_") else rate
    text = text.replace("_per_", " per ").replace("_", " ").replace("km2", "square km")
    return text[:1].upper() + text[1:]


def _draw_incidents(ax: Axes, lon: Floats, lat: Floats, group_number: Ints) -> list[Line2D]:
    """Draw incidents by type; return the legend."""
    places = pd.DataFrame({"lon": lon, "lat": lat, "group": group_number})
    places = places.value_counts(sort=False).reset_index()
    many = len(places) > MANY_PLACES
    if not many:
        places = _nest_symbols(places)
    handles = [Line2D([], [], ls="", label="Events")]
    for number, group in enumerate(GROUPS):
        of_group = places[places["group"] == number]
        if of_group.empty:
            continue
        fill = "white" if group.hollow else group.colour
        edge = group.colour if group.hollow else "white"
        marker = MARKERS[group.shape]
        if many:
            # The types alternate, under the border, so that no type hides another nor the line.
            for turn in range(TURNS):
                part = of_group.iloc[turn::TURNS]
                ax.plot(
                    part["lon"].to_numpy(), part["lat"].to_numpy(), ls="", marker=marker, mfc=fill, mec=edge,
                    ms=1.8, mew=0.3 if group.hollow else 0.0, rasterized=True, zorder=0.7 + 0.01 * turn,
                )  # fmt: skip
        for _, part in () if many else of_group.groupby("layer"):
            ax.scatter(
                part["lon"], part["lat"], s=part["area"], marker=marker, facecolors=fill, edgecolors=edge,
                lw=1.0 if group.hollow else 0.4, zorder=2 + 0.01 * part["layer"].iloc[0],
            )  # fmt: skip
        count = int(of_group["count"].sum())
        label = f"{group.name} ({count:,})"
        handles.append(Line2D([], [], ls="", ms=5, marker=marker, mfc=fill, mec=edge, label=label))
    return handles


def _nest_symbols(places: pd.DataFrame) -> pd.DataFrame:
    """Stack the symbols of a place, the most frequent type at the bottom and largest."""
    places = places.sort_values("count", ascending=False, kind="stable")
    places["layer"] = places.groupby(["lon", "lat"], sort=False).cumcount()
    places["area"] = AREA * np.sqrt(places["count"])
    from_top = places.iloc[::-1].groupby(["lon", "lat"], sort=False)
    # Each symbol is as large as its count makes it, or as it takes to be seen below the next one.
    areas = from_top["area"].transform(
        lambda area: list(accumulate(area, lambda above, own: max(own, NESTED * above)))
    )
    return places.assign(area=areas)


def _draw_title_and_legend(ax: Axes, border: Border, handles: list[Line2D], shown: int, given: int) -> None:
    """Draw the title, the ticks, the scale bar and the legend."""
    title = "Events along the" if given else "The"
    ax.set_title(
        f"{title} {border.name or 'border'}",
        loc="left",
        fontsize=11,
        color=INK,
        family=families(),
        parse_math=False,
    )
    if given:
        away = f"\n{given - shown:,} more have no place\nor lie outside the map" if given > shown else ""
        handles.append(Line2D([], [], ls="", label=f"{shown:,} events shown{away}"))
    for axis, ends in ((ax.xaxis, "EW"), (ax.yaxis, "NS")):
        axis.set_major_locator(ticker.MaxNLocator(5, steps=[1, 2, 5, 10]))
        axis.set_major_formatter(
            ticker.FuncFormatter(lambda degrees, _, ends=ends: _format_degrees(degrees, ends))
        )
    ax.tick_params(labelsize=6.5, color=GREY, labelcolor=GREY, length=2.5)
    for edge in ax.spines.values():
        edge.set(color=GREY, linewidth=0.6)
    _draw_scale_bar(ax)
    if handles:
        ax.legend(
            handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, labelcolor=INK,
            prop={"family": families(), "size": 7}, borderaxespad=0.0, labelspacing=0.55,
        )  # fmt: skip


def _format_degrees(degrees: float, ends: str) -> str:
    """Write degrees with the letter of their hemisphere."""
    return f"{abs(degrees):g}° {ends[0] if degrees >= 0 else ends[1]}" if degrees else "0°"


def _draw_scale_bar(ax: Axes) -> None:
    """Draw a bar of round kilometres, true at the latitude where it stands."""
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    lat, lon = south + 0.04 * (north - south), west + 0.03 * (east - west)
    _, _, metre = GEOD.inv(lon, lat, lon + 0.25 * (east - west), lat)
    power = 10.0 ** np.floor(np.log10(metre / 1000))
    km = float(max(step for step in (1, 2, 5) if step * power <= metre / 1000) * power)
    end, _, _ = GEOD.fwd(lon, lat, 90.0, km * 1000)
    ax.plot([lon, end], [lat, lat], color=INK, lw=1.6, solid_capstyle="butt", zorder=3)
    ax.text(
        (lon + end) / 2, lat + 0.008 * (north - south), f"{km:g} km", ha="center", va="bottom", fontsize=7,
        color=INK, family=families(), parse_math=False, zorder=3,
    )  # fmt: skip
