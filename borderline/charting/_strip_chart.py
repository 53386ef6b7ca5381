"""The figure `plot_strip`: events by date and kilometre of the border."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.markers import TICKDOWN, TICKUP

from .._constants import Bools, Floats
from .._countries import country_name
from .._default_border import border_for
from .._palette import GROUPS, group_of
from ..border import Border
from ..errors import TableError
from ..options import validate_flag
from ..schema import numbers_of, require_columns, require_table
from ._border_axis import draw_border_axis, require_same_border
from ._chart_text import GREY, INK, PlaceNames, families
from ._date_axis import date_axis
from ._figure_layout import axes_or_new, draw_title

__all__ = ["MARKERS", "plot_strip"]

#: Matplotlib's names of the shapes.
MARKERS: Final = {
    "circle": "o",
    "square": "s",
    "triangle": "^",
    "hexagon": "h",
    "diamond": "D",
    "pentagon": "p",
}

#: Area of a symbol without deaths, and what each death adds, square points.
LEAST_AREA: Final = 20.0
AREA_PER_DEATH: Final = 22.0

#: Deaths beyond this do not make a symbol larger.
MOST_DEATHS: Final = 50.0

#: Length of the stem that shows the bank, beyond the symbol, points.
STEM: Final = 4.5


def plot_strip(
    events: pd.DataFrame,
    border: Border | None = None,
    *,
    places: pd.DataFrame | None = None,
    language: str = "en",
    shorten_gaps: bool = True,
    figsize: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """
    Draw each event at its date and its kilometre of the border, for print.

    Colour and shape tell the type, the area the deaths (pale where they are unknown), and a
    stem the bank: up for the right bank looking along the border, down for the
    left one. Below the axis stand the provinces, above it the crossings.

    Parameters
    ----------
    events
        Events after `locate`, with ``event_date``; ``event_type``, ``fatalities`` and ``side``
        where the table has them. Those without date or place, or beyond an end, are
        counted under the heading and not drawn.
    border
        The border they were located on; by default the one that their table names, or else the
        one that `load_border` returns.
    places
        What to name above; see `plot_profile`.
    language
        Language of the names of places; see `plot_profile`.
    shorten_gaps
        Shorten times without events that would take more than a quarter of the axis; what is
        left out is said in its place.
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
        If a column is missing, a date cannot be read, or the events are of another border.
    OptionError
        If an option is no word or value that the figure takes.
    MeasureError
        If a place lies off the border.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.load_incidents().pipe(bl.geocode).pipe(bl.locate, border)
    >>> recent = events[events["event_date"] >= "2025-05-01"]
    >>> ax = bl.plot_strip(recent, border)
    >>> ax.get_ylabel()
    'Date'
    """
    require_table(events)
    border = border_for(events, border, verb="plot_strip")
    needed = ["chainage_m", "event_date", "beyond_end"]
    require_columns(events, needed, verb="plot_strip", remedy="run locate first")
    require_same_border("plot_strip", border, events)
    names = PlaceNames(language)
    validate_flag(shorten_gaps, "shorten_gaps")
    try:
        dates = pd.to_datetime(events["event_date"], format="ISO8601")
    except (TypeError, ValueError) as problem:
        raise TableError(f"plot_strip: a date cannot be read ({problem}).") from None
    km = numbers_of(events, "chainage_m") / 1000.0
    beyond = events["beyond_end"].to_numpy(dtype=np.bool_, na_value=False)
    drawn = ~np.isnan(km) & dates.notna().to_numpy() & ~beyond
    day = np.full(len(km), np.nan)
    day[drawn] = mdates.date2num(dates[drawn].to_numpy(dtype="datetime64[ns]"))  # type: ignore[no-untyped-call]
    ax = axes_or_new(ax, figsize, (10.0, 7.0), left=1.05, right=1.9)
    _draw_events(ax, events, km, day, drawn, border)
    date_axis(ax, day[drawn], shorten_gaps=shorten_gaps)
    height, named = draw_border_axis(ax, border, places, names)
    _draw_legend(ax, events[drawn], border)
    summary = f"{int(drawn.sum()):,} events"
    if not drawn.all():
        summary += (
            f"; {int((~drawn).sum()):,} more have no date or no place on the line, or lie beyond an end"
        )
    draw_title(
        ax, f"Events along the {border.name or 'border'} by date", summary, height, events.attrs, named
    )
    return ax


def _draw_events(
    ax: Axes, events: pd.DataFrame, km: Floats, day: Floats, drawn: Bools, border: Border
) -> None:
    """Draw the stems of the banks, then a symbol for each event."""
    kind = _group_numbers(events)
    deaths = _known_deaths(events)
    side = events["side"] if "side" in events.columns else pd.Series(pd.NA, index=events.index)
    area = LEAST_AREA + AREA_PER_DEATH * np.minimum(np.nan_to_num(deaths), MOST_DEATHS)
    for country, marker in ((border.right, TICKUP), (border.left, TICKDOWN)):
        on_bank = drawn & (side == country).to_numpy(dtype=np.bool_, na_value=False)
        ax.scatter(
            km[on_bank],
            day[on_bank],
            s=(STEM + np.sqrt(area[on_bank]) / 2) ** 2,
            marker=marker,  # type: ignore[arg-type]
            lw=0.8,
            color=GREY,
            zorder=2,
            clip_on=False,
            gid="stems",
        )
    # The large ones first, so that no symbol hides another.
    order = np.argsort(-area, kind="stable")
    for number, group in enumerate(GROUPS):
        for known in (False, True):
            rows = order[(drawn & (kind == number) & (np.isnan(deaths) != known))[order]]
            colour = group.colour if known else _mix_with_white(group.colour)
            ax.scatter(
                km[rows], day[rows], s=area[rows], marker=MARKERS[group.shape],
                lw=1.0 if group.hollow else 0.5, facecolors="white" if group.hollow else colour,
                edgecolors=colour if group.hollow else "white", zorder=3 + known, clip_on=False,
            )  # fmt: skip


def _group_numbers(events: pd.DataFrame) -> Floats:
    """Return the position in `GROUPS` of each event."""
    if "event_type" not in events.columns:
        return np.full(len(events), len(GROUPS) - 1.0)
    return np.array([group_of(kind) for kind in events["event_type"]], dtype=np.float64)


def _known_deaths(events: pd.DataFrame) -> Floats:
    """Return the deaths of each event; NaN where they are unknown."""
    if "fatalities" not in events.columns:
        return np.full(len(events), np.nan)
    deaths: Floats = pd.to_numeric(events["fatalities"], errors="coerce").to_numpy(
        dtype=float, na_value=np.nan
    )
    return np.where(deaths >= 0, deaths, np.nan)


def _mix_with_white(colour: str) -> str:
    """Mix a colour with as much white, so that no transparency is needed in print."""
    parts = [int(colour[digit : digit + 2], 16) for digit in (1, 3, 5)]
    return "#" + "".join(f"{(255 + part) // 2:02X}" for part in parts)


def _draw_legend(ax: Axes, events: pd.DataFrame, border: Border) -> None:
    """Draw the legend of types, deaths and banks that occur."""
    used = {int(number) for number in np.unique(_group_numbers(events))}
    handles: list[Line2D | tuple[Line2D, Line2D]] = [
        Line2D(
            [], [], ls="", marker=MARKERS[group.shape], ms=5.5, label=group.name,
            mfc="white" if group.hollow else group.colour, mec=group.colour if group.hollow else "white",
        )
        for number, group in enumerate(GROUPS)
        if number in used
    ]  # fmt: skip
    deaths = _known_deaths(events)
    if np.isfinite(deaths).any():
        for count in (0, 1, 5, 20):
            if count <= np.nanmax(deaths):
                size = float(np.sqrt(LEAST_AREA + AREA_PER_DEATH * count))
                label = f"{count} death{'s' * (count != 1)}"
                handles.append(Line2D([], [], ls="", marker="o", mfc=GREY, mec="white", ms=size, label=label))
    if np.isnan(deaths).any() and np.isfinite(deaths).any():
        handles.append(
            Line2D(
                [],
                [],
                ls="",
                marker="o",
                mfc=_mix_with_white(GREY),
                mec="white",
                ms=4,
                label="deaths unknown (pale)",
            )
        )
    if "side" in events.columns:
        dot = Line2D([], [], ls="", marker="o", mfc=GREY, mec="white", ms=float(np.sqrt(LEAST_AREA)))
        for country, marker in ((border.right, TICKUP), (border.left, TICKDOWN)):
            stem = Line2D([], [], ls="", ms=STEM + dot.get_markersize() / 2, mew=0.8, color=GREY)
            stem.set_marker(marker)  # type: ignore[arg-type]
            stem.set_label(f"bank of {country_name(country)}")
            handles.append((stem, dot))
    if handles:
        ax.legend(
            handles=handles, labels=[_label_of(handle) for handle in handles],
            handler_map={tuple: HandlerTuple(ndivide=1)}, loc="upper left", bbox_to_anchor=(1.01, 1.0),
            frameon=False, labelspacing=0.9, labelcolor=INK, prop={"family": families(), "size": 7},
            borderaxespad=0.0,
        )  # fmt: skip


def _label_of(handle: Line2D | tuple[Line2D, Line2D]) -> str:
    """Return the label of a handle; that of the first of a pair."""
    return str((handle[0] if isinstance(handle, tuple) else handle).get_label())
