"""The axis along a border: kilometres, provinces on both banks, names of crossings."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Text
from scipy.optimize import isotonic_regression

from .. import catalog
from .._bank_units import BankUnits, main_units
from .._constants import Floats
from .._countries import country_name
from .._place_names import strip_crossing_words
from ..addresses import load_landmarks
from ..border import Border, distinguish_borders
from ..errors import MeasureError, TableError
from ..schema import numbers_of, require_columns
from ._chart_text import GREY, INK, PlaceNames, families, figure_of, renderer_of
from ._figure_layout import points_from

__all__ = ["draw_border_axis", "require_same_border", "spread_labels"]

#: Provinces are read off at so many stretches of the border.
PIECES: Final = 400

#: Rows of provinces begin this far below the axis, and are this far apart and high, points.
FIRST_ROW: Final = 27.0
ROW: Final = 15.0
BAR: Final = 13.0

#: Labels of places above are at least this far apart, points.
APART: Final = 11.0

#: Two places closer than this share of the border share a label.
SAME_SHARE: Final = 1e-3


def require_same_border(verb: str, border: Border, *tables: pd.DataFrame | None) -> None:
    """
    Refuse tables of another border.

    Parameters
    ----------
    verb
        Who asks, for messages.
    border
        The border of the picture.
    tables
        Tables whose ``attrs`` may name theirs.

    Raises
    ------
    TableError
        If one names another.
    """
    for table in tables:
        if table is not None:
            require_columns(table, [], verb=verb, remedy="the verbs on events make them")
        identity = None if table is None else table.attrs.get("border")
        if identity and identity != border.identity:
            named, shown = distinguish_borders(identity, border.identity)
            raise TableError(f"{verb}: a table is of {named}, the picture shows {shown}; use one border.")


def draw_border_axis(
    ax: Axes, border: Border, places: pd.DataFrame | None, names: PlaceNames
) -> tuple[float, dict[Hashable, Any]]:
    """
    Draw the axis along a border.

    Parameters
    ----------
    ax
        Axes whose x is kilometres.
    border
        The border.
    places
        ``name`` and ``chainage_m`` of what to name above, and ``aliases`` where known;
        None for the built-in crossings.
    names
        Chooses the language.

    Returns
    -------
    height
        Of the names above the axes, points.
    attrs
        The ``sources`` of the names, to be credited.
    """
    length = border.length_m / 1000.0
    ax.set_xlim(0.0, length)
    ax.tick_params(labelsize=8, color=GREY, labelcolor=INK)
    for edge in ("top", "right"):
        ax.spines[edge].set_visible(False)
    for edge in ("left", "bottom"):
        ax.spines[edge].set_color(GREY)
    rows = _draw_provinces(ax, border, names)
    ax.set_xlabel(
        f"Kilometres along the line (0: {border.datum.name})",
        fontsize=8,
        color=INK,
        family=families(),
        parse_math=False,
        labelpad=4 + ROW * rows + (6 if rows else 0),
    )
    sources = [border.source, *([catalog.get("admin1").source] if rows else [])]
    if places is None:
        places = _read_crossings(border)
        sources += [catalog.get("places").source] if len(places) else []
    return _draw_places(ax, border, places, names), {"sources": sources}


def _draw_provinces(ax: Axes, border: Border, names: PlaceNames) -> int:
    """Draw a row of provinces for each bank; return how many rows there are."""
    local = catalog.load_admin().set_index("name")["name_local"].to_dict()
    row = 0
    for country in (border.right, border.left):
        stretches = _province_stretches(border, country)
        if not stretches:
            continue
        below, y = points_from(ax, 0), -(FIRST_ROW + ROW * row)
        for number, (english, low, high) in enumerate(stretches):
            shade = "#E4E4E4" if (number + row) % 2 else "#F3F3F3"
            ax.plot(
                [low, high],
                [y, y],
                transform=below,
                lw=BAR,
                color=shade,
                solid_capstyle="butt",
                clip_on=False,
            )
            _write_within(ax, names.choose(english, local.get(english), country), low, high, y)
        ax.text(
            -0.006, y, country_name(country), transform=points_from(ax, 0, along="axes"), ha="right",
            va="center_baseline", fontsize=7, color=GREY, family=families(), parse_math=False,
        )  # fmt: skip
        row += 1
    return row


@lru_cache(maxsize=4)
def _province_stretches(border: Border, country: str) -> list[tuple[str, float, float]]:
    """Return the provinces along the bank of a country, each with the kilometres where it begins and ends."""
    breaks = np.linspace(0.0, border.length_m, PIECES + 1)
    names = main_units(BankUnits(border, country, "admin1"), breaks[:-1], breaks[1:])
    if None in names:
        return []
    first = [k for k in range(PIECES) if k == 0 or names[k] != names[k - 1]]
    ends = np.append(breaks[first], border.length_m) / 1000.0
    return [(str(names[k]), *span) for k, span in zip(first, pairwise(ends.tolist()), strict=True)]


@lru_cache(maxsize=4)
def _read_crossings(border: Border) -> pd.DataFrame:
    """Return the built-in crossings."""
    landmarks = load_landmarks(border)
    return pd.DataFrame(landmarks[(landmarks["kind"] == "crossing") & landmarks["chainage_m"].notna()])


def _write_within(ax: Axes, name: str, low: float, high: float, y: float) -> None:
    """Write a name between two places: smaller or in two lines if need be, and not at all without room."""
    box = ax.transData.transform([(low, 0), (high, 0)])
    room = float(box[1, 0] - box[0, 0])
    text = ax.text(
        (low + high) / 2, y, name, transform=points_from(ax, 0), ha="center", va="center_baseline",
        fontsize=7, color=INK, family=families(), parse_math=False, linespacing=0.85,
    )  # fmt: skip
    for size, words in (
        (7.0, name),
        (6.0, name),
        (5.0, name.replace(" ", "\n")),
        (5.0, _abbreviate_name(name)),
    ):
        text.set(fontsize=size, text=words, va="center" if "\n" in words else "center_baseline")
        if text.get_window_extent(renderer_of(ax)).width <= room:
            return
    text.remove()


def _abbreviate_name(name: str) -> str:
    """Cut a long Latin name to four letters."""
    return name[:4] + "." if len(name) > 5 and name.isascii() else name


def _draw_places(ax: Axes, border: Border, places: pd.DataFrame, names: PlaceNames) -> float:
    """Label places above the axes; return the height of the labels, points."""
    require_columns(places, ["name", "chainage_m"], verb="places", remedy="load_landmarks has both")
    places = places.sort_values("chainage_m", kind="stable")
    chainage = numbers_of(places, "chainage_m")
    if not ((chainage >= -1) & (chainage <= border.length_m + 1)).all():
        raise MeasureError("A place to be named lies off the border, or has no chainage; leave it out.")
    apart = np.diff(chainage, prepend=-np.inf) > SAME_SHARE * border.length_m
    places, km = places[apart], chainage[apart] / 1000.0
    if not len(places):
        return 0.0
    pixels = ax.transData.transform(np.stack([km, np.zeros_like(km)], axis=1))[:, 0]
    wanted = spread_labels(pixels, APART / 72 * figure_of(ax).dpi)
    moved = ax.transData.inverted().transform(np.stack([wanted, np.zeros_like(wanted)], axis=1))[:, 0]
    aliases = places["aliases"] if "aliases" in places.columns else pd.Series("", index=places.index)
    highest = 0.0
    for name, alias, true, drawn in zip(places["name"], aliases, km, moved, strict=True):
        text = names.choose_alias(str(name), str(alias).split(";"))
        label = _draw_place(ax, text, float(true), float(drawn))
        highest = max(highest, label.get_window_extent(renderer_of(ax)).height)
    return 14.0 + highest / figure_of(ax).dpi * 72


def _draw_place(ax: Axes, text: str, true: float, drawn: float) -> Text:
    """Draw a line at a place and lead it to the label above."""
    ax.axvline(true, color="#BDBDBD", lw=0.5, ls=(0, (2, 3)), zorder=0.5)
    above = points_from(ax, 1)
    ax.plot([true, true, drawn], [0, 3, 9], transform=above, color=GREY, lw=0.5, clip_on=False)
    return ax.text(
        drawn, 10, textwrap.shorten(strip_crossing_words(text), 36, placeholder=" …"), transform=above,
        rotation=60, rotation_mode="anchor", ha="left", va="center", fontsize=6.5, color=GREY,
        family=families(), parse_math=False,
    )  # fmt: skip


def spread_labels(wanted: Floats, gap: float) -> Floats:
    """
    Move labels on a line as little as possible, in least squares, until they are a gap apart.

    Parameters
    ----------
    wanted
        Where they would be, ascending.
    gap
        Least distance between two.

    Returns
    -------
    places
        In the same order.
    """
    # With k gaps taken off the k-th label, labels need only keep their order: isotonic regression.
    gaps = gap * np.arange(len(wanted))
    places: Floats = isotonic_regression(wanted - gaps).x + gaps
    return places
