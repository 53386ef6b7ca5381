"""The figure `plot_profile`: intensity along the border, with its limits."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .._default_border import border_for
from ..border import Border
from ..errors import TableError
from ..options import validate_word
from ..schema import require_columns
from ._border_axis import draw_border_axis, require_same_border
from ._chart_text import GREY, INK, PlaceNames, families
from ._figure_layout import axes_or_new, draw_title, points_from

__all__ = ["plot_profile"]

#: Columns that can be drawn: the columns of their limits, and the label of the axis.
CURVES: Final = {
    "intensity_per_km": (("intensity_low", "intensity_high"), "Events per kilometre of border"),
    "intensity_per_km2": (
        ("intensity_per_km2_low", "intensity_per_km2_high"),
        "Events per square kilometre of catchment",
    ),
    "relative_intensity": ((), "Events, as a multiple of those expected from exposure"),
}

#: Blue for the curve and orange for hot stretches, of the colours of Okabe and Ito (2008).
CURVE: Final = "#0072B2"
BAND: Final = "#B8D8EC"
HOT: Final = "#F6D58C"

#: Stretches with at most this p-value are shaded.
HOT_P: Final = 0.05

#: Height of the row of the legend, points.
LEGEND: Final = 14.0

#: A shorter stretch than this share of the border is drawn as long, so that it can be seen.
LEAST_SHARE: Final = 2.5e-3


def plot_profile(
    profile: pd.DataFrame,
    border: Border | None = None,
    *,
    hotspots: pd.DataFrame | None = None,
    curve: str = "intensity_per_km",
    places: pd.DataFrame | None = None,
    language: str = "en",
    figsize: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """
    Draw the intensity of events along a border, for print.

    Below the axis stand the provinces of either bank, above it the crossings.

    Parameters
    ----------
    profile
        From `profile`.
    border
        The border of the profile; by default the one that its table names, or else the one that
        `load_border` returns.
    hotspots
        From `hotspots`: stretches with a p-value of at most 0.05 are shaded.
    curve
        Column to draw: ``"intensity_per_km"``, ``"intensity_per_km2"`` or ``"relative_intensity"``.
    places
        What to name above: ``name`` and ``chainage_m`` (metres), ``aliases`` where known. By
        default the built-in crossings of the border; an empty table names nothing.
    language
        Language of the names of places: ``"en"``, ``"th"`` or ``"km"`` (English where there is no
        other name, or no installed font for it, which is warned of), or ``"local"`` for
        each country's own. All other words are English.
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
    OptionError
        If an option is no word or value that the figure takes.
    MeasureError
        If a place lies off the border.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.load_incidents().pipe(bl.geocode).pipe(bl.locate, border)
    >>> ax = bl.plot_profile(bl.profile(events, border, bandwidth_km=10), border)
    >>> ax.get_ylabel()
    'Events per kilometre of border'
    """
    validate_word(curve, "curve", CURVES)
    border = border_for(profile, border, verb="plot_profile")
    band, words = CURVES[curve]
    require_columns(profile, ["chainage_m", curve, *band], verb="plot_profile", remedy="profile makes them")
    if len(profile) < 2:
        raise TableError("plot_profile needs two rows or more; profile makes them.")
    require_same_border("plot_profile", border, profile, hotspots)
    names = PlaceNames(language)
    ax = axes_or_new(ax, figsize, (10.0, 6.2), right=0.75)
    km, value = profile["chainage_m"].to_numpy(dtype=float) / 1000.0, profile[curve].to_numpy(dtype=float)
    shaded = _shade_hotspots(ax, hotspots, border)
    handles: list[Line2D | Patch] = [Line2D([], [], color=CURVE, lw=1.4, label="Intensity")]
    if band:
        low, high = (profile[name].to_numpy(dtype=float) for name in band)
        ax.fill_between(km, low, high, color=BAND, lw=0, zorder=2)
        level = profile.attrs.get("level")
        label = f"{100 * level:g} % limits at each place" if level else "Limits at each place"
        handles.append(Patch(color=BAND, label=label))
    else:
        ax.axhline(1.0, color=GREY, lw=0.7, zorder=2)
        handles[0].set_label("Events over those expected")
    ax.plot(km, value, color=CURVE, lw=1.4, zorder=3)
    if shaded:
        handles.append(Patch(color=HOT, label=f"Hot stretch (scan, p at most {HOT_P:g})"))
    top = np.nanmax(np.append(profile[band[1]].to_numpy(dtype=float) if band else value, 0.0))
    ax.set_ylim(0.0, 1.06 * top if top > 0 else 1.0)
    ax.set_ylabel(words, fontsize=8, color=INK, family=families())
    height, named = draw_border_axis(ax, border, places, names)
    title = f"Intensity of events along the {border.name or 'border'}"
    tables = (profile.attrs, {} if hotspots is None else hotspots.attrs, named)
    draw_title(ax, title, _summarize_profile(profile, limits=bool(band)), height + LEGEND, *tables)
    # Between the heading and the names, where it hides nothing.
    ax.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.0, height + 2),
        bbox_transform=points_from(ax, 1, along="axes"), ncols=3, frameon=False, borderaxespad=0.0,
        borderpad=0.0, labelcolor=INK, prop={"family": families(), "size": 7},
    )  # fmt: skip
    return ax


def _shade_hotspots(ax: Axes, hotspots: pd.DataFrame | None, border: Border) -> int:
    """Shade stretches with a small p-value; return how many there are."""
    if hotspots is None:
        return 0
    require_columns(
        hotspots, ["from_m", "to_m", "p_value"], verb="plot_profile", remedy="hotspots makes them"
    )
    hot = hotspots[hotspots["p_value"] <= HOT_P]
    least = LEAST_SHARE * border.length_m
    for start, end in zip(hot["from_m"], hot["to_m"], strict=True):
        wider = max(0.0, least - (end - start)) / 2
        ax.axvspan((start - wider) / 1000.0, (end + wider) / 1000.0, color=HOT, lw=0, zorder=1)
    return len(hot)


def _summarize_profile(profile: pd.DataFrame, *, limits: bool) -> str:
    """Return a line on the events and the kernel behind the curve."""
    attrs = profile.attrs
    parts = []
    if "n_events" in attrs:
        n, out = attrs["n_events"], sum(attrs.get("left_out", {}).values())
        aside = [f"{out:,.6g} more left out"] if out else []
        if attrs.get("n_vague"):
            aside.append(f"{attrs['n_vague']:,.4g} vaguer than the bandwidth")
        parts.append(f"{n:,} events" + (f" ({', '.join(aside)})" if aside else ""))
    if attrs.get("within_km") is not None:
        parts.append(f"within {attrs['within_km']:g} km of the line")
    if "bandwidth_km" in attrs:
        kind = "adaptive " if attrs.get("adaptive") else ""
        parts.append(
            f"{kind}{attrs.get('kernel', '')} kernel, standard deviation {attrs['bandwidth_km']:.3g} km"
        )
        parts += ["limits are for the smoothed intensity"] if limits else []
    return " · ".join(parts)
