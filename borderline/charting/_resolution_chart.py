"""The figure `plot_resolution`: the finer a border is drawn, the longer it is."""

from __future__ import annotations

from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullFormatter

from ..errors import TableError
from ..schema import require_columns
from ._chart_text import GREY, INK, families
from ._figure_layout import axes_or_new, draw_title

__all__ = ["plot_resolution"]

#: Colours of Okabe and Ito (2008) that stand out on white; further lines are dashed.
COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
DASHES: Final = ("-", "--", ":")


def plot_resolution(
    lengths: pd.DataFrame, *, figsize: tuple[float, float] | None = None, ax: Axes | None = None
) -> Axes:
    """
    Draw length against resolution, for print.

    A large dot is a line as drawn, the small ones are what is left of it when it is
    simplified.

    Parameters
    ----------
    lengths
        From `length_by_resolution`, kilometres by metres; no CRS matters.
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
    OptionError
        If `figsize` or `ax` is something else.
    TableError
        If a column is missing, or there is no row.

    Examples
    --------
    >>> import borderline as bl
    >>> lengths = bl.lines.length_by_resolution(bl.load_border(), tolerances_m=[0, 100, 1_000])
    >>> bl.plot_resolution(lengths).get_ylabel()
    'Length, kilometres'
    """
    columns = ["line", "tolerance_m", "spacing_m", "length_km"]
    remedy = "length_by_resolution makes them"
    require_columns(lengths, columns, verb="plot_resolution", remedy=remedy)
    if lengths.empty:
        raise TableError(f"plot_resolution needs a row or more; {remedy}.")
    ax = axes_or_new(ax, figsize, (7.0, 4.5))
    for number, (name, rows) in enumerate(lengths.groupby("line", sort=False)):
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number // len(COLOURS) % len(DASHES)]
        x, y = rows["spacing_m"].to_numpy(dtype=float) / 1000.0, rows["length_km"].to_numpy(dtype=float)
        ax.plot(x, y, color=colour, ls=dash, lw=1.2, marker="o", ms=2.5, label=str(name))
        drawn = rows["tolerance_m"].to_numpy(dtype=float) == 0
        ax.plot(x[drawn], y[drawn], color=colour, ls="", marker="o", ms=6)
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel("Mean length of an edge, kilometres", fontsize=8, color=INK, family=families())
    ax.set_ylabel("Length, kilometres", fontsize=8, color=INK, family=families())
    ax.tick_params(labelsize=8, color=GREY, labelcolor=INK)
    for edge in ("top", "right"):
        ax.spines[edge].set_visible(False)
    ax.legend(frameon=False, labelcolor=INK, prop={"family": families(), "size": 7})
    legend = "Large dots: as drawn; small dots: simplified ever more coarsely"
    draw_title(ax, "Length of the border against the detail it is drawn in", legend, 0.0, lengths.attrs)
    return ax
