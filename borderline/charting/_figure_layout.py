"""The layout of a figure: axes, heading and credits."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Final

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.transforms import Affine2D, ScaledTranslation, Transform, blended_transform_factory

from ..errors import OptionError, describe_type
from ..options import validate_positive
from ._chart_text import GREY, INK, credit_line, families, figure_of

__all__ = ["axes_or_new", "draw_credit", "draw_title", "fit_margins", "points_from"]

#: Width of a letter of the credits, the height of their rows, and the room left of them, points.
LETTER: Final = 2.55
CREDIT_ROW: Final = 7.0
EDGE: Final = 24.0

#: Least width and height of the axes, inches.
LEAST_WIDTH: Final = 1.5
LEAST_HEIGHT: Final = 1.0


def axes_or_new(
    ax: Axes | None,
    figsize: tuple[float, float] | None,
    default: tuple[float, float],
    *,
    left: float = 0.85,
    right: float = 0.3,
) -> Axes:
    """
    Return the axes that a caller gave, or those of a new figure.

    Parameters
    ----------
    ax
        What the caller gave.
    figsize
        Width and height of a new figure that a caller gave, inches.
    default
        Width and height otherwise.
    left, right
        Room to the left and to the right of the axes, inches.

    Returns
    -------
    ax
        New ones have their place from side to side; `fit_margins` gives the one from top to bottom.

    Raises
    ------
    OptionError
        If the caller gave something else, such as the figure, or a size for axes that have one.
    """
    if ax is not None and not isinstance(ax, Axes):
        raise OptionError(
            f"ax must be the axes of a figure (figure, ax = plt.subplots()), not {describe_type(ax)}."
        )
    width, height = _validate_figsize(figsize, default, left + right + LEAST_WIDTH)
    if ax is not None:
        if figsize is not None:
            raise OptionError(f"figsize must be None with ax, not {figsize!r}: the axes have their size.")
        return ax
    figure, ax = plt.subplots(figsize=(width, height), dpi=150)
    figure.subplots_adjust(left=left / width, right=1 - right / width)
    return ax


def _validate_figsize(
    figsize: tuple[float, float] | None, default: tuple[float, float], least_width: float
) -> tuple[float, float]:
    """Return width and height in inches, with room for what stands round the axes."""
    if figsize is None:
        return default
    requirement = f"width and height in inches, at least {least_width:g} wide"
    if not isinstance(figsize, tuple | list) or len(figsize) != 2:
        raise OptionError(f"figsize must be {requirement}, not {figsize!r}.")
    width, height = (validate_positive(side, "figsize", requirement) for side in figsize)
    if width < least_width:
        raise OptionError(f"figsize must be {requirement}, not {figsize!r}.")
    return width, height


def fit_margins(ax: Axes, *, top: float, bottom: float) -> None:
    """
    Set the margins above and below the axes.

    Parameters
    ----------
    ax
        Alone on its figure.
    top, bottom
        Points.

    Raises
    ------
    OptionError
        If the figure is too low for them.
    """
    figure = figure_of(ax)
    height = figure.get_figheight() * 72
    least = top + bottom + LEAST_HEIGHT * 72
    if height < least:
        raise OptionError(
            f"figsize must be at least {np.ceil(least / 7.2) / 10:g} inches high at this width, for what is "
            f"written above and below, not {height / 72:g}."
        )
    figure.subplots_adjust(top=1 - top / height, bottom=bottom / height)


def draw_title(ax: Axes, title: str, below: str, height: float, *attrs: Mapping[Hashable, Any]) -> None:
    """
    Write a heading, lines under it, and the credits; on a figure of its own set the margins.

    Parameters
    ----------
    ax
        The axes.
    title
        The heading.
    below
        Lines under it.
    height
        What stands between it and the axes, points.
    attrs
        Of the tables whose sources are credited.
    """
    above, lines = points_from(ax, 1, along="axes"), below.count("\n") + 1 if below else 0
    ax.text(
        0, height + 4, below, transform=above, ha="left", va="bottom", fontsize=7.5, color=GREY,
        family=families(), parse_math=False, linespacing=1.25,
    )  # fmt: skip
    # A title of the axes, so that it can be found and changed as one.
    ax.set_title(
        title,
        loc="left",
        fontsize=11,
        color=INK,
        family=families(),
        parse_math=False,
        pad=height + 11 + 10 * lines,
    )
    under = ax.xaxis.labelpad + 34
    written = draw_credit(ax, under, *attrs)
    if len(figure_of(ax).axes) == 1:
        fit_margins(ax, top=height + 35 + 10 * lines, bottom=under + 10 + written)


def draw_credit(ax: Axes, under: float, *attrs: Mapping[Hashable, Any]) -> float:
    """
    Write the credits of tables below the axes, in lines as long as the figure allows.

    Parameters
    ----------
    ax
        The axes.
    under
        How far below them, points.
    attrs
        Of the tables.

    Returns
    -------
    height
        Height of the text, points.
    """
    room = ax.get_position().x1 * figure_of(ax).get_figwidth() * 72 - EDGE
    credit = credit_line(*attrs, width=max(40, int(room / LETTER)))
    ax.text(
        1, -under, credit, transform=points_from(ax, 0, along="axes"), ha="right", va="top", fontsize=5,
        color=GREY, family=families(), parse_math=False, linespacing=1.2,
    )  # fmt: skip
    return CREDIT_ROW * (credit.count("\n") + 1) if credit else 0.0


def points_from(ax: Axes, edge: int, *, along: str = "data") -> Transform:
    """
    Return a transform whose y counts upwards in points from an edge of the axes.

    Parameters
    ----------
    ax
        The axes.
    edge
        0 for the lower, 1 for the upper edge.
    along
        What x is: ``"data"``, or ``"axes"`` for shares of the width.

    Returns
    -------
    transform
        It follows the axes when they move.
    """
    # Any affine transform will do for the translation, whatever its stub says.
    at_edge = ScaledTranslation(0, edge, ax.transAxes)  # type: ignore[arg-type]
    y = Affine2D().scale(1 / 72) + figure_of(ax).dpi_scale_trans + at_edge
    return blended_transform_factory(ax.transData if along == "data" else ax.transAxes, y)
