"""On which side of each drawing of a border events lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd

from .. import catalog
from .._constants import Floats, Ints
from ..border import Border
from ..errors import OptionError
from ..positions import Positions
from ._extents import locate_extended

__all__ = ["choose_drawings", "count_sides"]


def choose_drawings(border: Border, lines: object) -> list[Border]:
    """
    Return the drawings that a border is compared with, itself included.

    Parameters
    ----------
    border
        The reference line.
    lines
        Other drawings: borders or keys of built-in lines, one or in a list or a mapping, or
        ``"all"`` for the built-in ones. None takes the catalogue's where `border` is one of
        them and is not taken as exact.

    Returns
    -------
    drawings
        `border` first; turned to have the same country on the left. Empty where there is
        nothing to compare.

    Raises
    ------
    OptionError
        If `lines` holds something else, or a border of other countries.
    UnknownKeyError
        If a key is that of no line.
    """
    if lines is None:
        # Whoever says that the line is exact leaves nothing to other drawings.
        if border.accuracy_m == 0 or border.identity["checksum"] not in _built_in_checksums():
            return []
        others = list(_built_in_drawings())
    else:
        others = _collect_drawings(border, lines)
    own = border.identity["checksum"]
    turned = [other if other.left == border.left else other.reversed() for other in others]
    return [border, *(other for other in turned if other.identity["checksum"] != own)]


def _collect_drawings(border: Border, lines: object) -> list[Border]:
    """Return the borders that an option names, as `lines.compare_lines` reads it."""
    wanted = "a list or a dict of borders or of keys of lines, or 'all' for every built-in drawing"
    if isinstance(lines, str) and lines == "all":
        return list(_built_in_drawings())
    if isinstance(lines, Border | str):
        lines = [lines]
    if isinstance(lines, Mapping):
        lines = list(lines.values())
    if not isinstance(lines, Iterable):
        raise OptionError(f"lines must be {wanted}, not {lines!r:.80}.")
    others = []
    for line in lines:
        if not isinstance(line, Border | str):
            raise OptionError(f"lines must be {wanted}; it holds {line!r:.80}.")
        other = catalog.load_border(line=line) if isinstance(line, str) else line
        if {other.left, other.right} != {border.left, border.right}:
            raise OptionError(
                f"lines must be drawings of the border of {border.left} and {border.right}; "
                f"one is of {other.left} and {other.right}."
            )
        others.append(other)
    return others


@lru_cache(maxsize=1)
def _built_in_drawings() -> tuple[Border, ...]:
    return tuple(catalog.load_border(line=key) for key in catalog.get_border().lines)


@lru_cache(maxsize=1)
def _built_in_checksums() -> frozenset[str]:
    """Return the checksums of the built-in lines, in both directions."""
    drawings = _built_in_drawings()
    both = (*drawings, *(drawing.reversed() for drawing in drawings))
    return frozenset(drawing.identity["checksum"] for drawing in both)


def count_sides(
    events: gpd.GeoDataFrame,
    points: tuple[Floats, Floats],
    positions: Positions,
    extended: Ints,
    drawings: list[Border],
) -> tuple[Ints, Ints]:
    """
    Count the drawings that put each event on the left and on the right.

    Parameters
    ----------
    events
        The table.
    points
        Longitude and latitude of each row, degrees; NaN where it is no point.
    positions
        Distinct positions of the same rows.
    extended
        Rows of some extent.
    drawings
        From `choose_drawings`.

    Returns
    -------
    n_left, n_right
        One value a row; an event on a line counts on neither side of it.
    """
    code, pairs = positions.index, (positions.lon, positions.lat)
    if positions.set_aside.any():
        code, pairs = _distinct_points(*points)
    # The last one is that of rows without a point.
    left, right = (np.zeros(len(pairs[0]) + 1, dtype=np.int64) for _ in range(2))
    for drawing in drawings:
        offset = drawing.foot(*pairs).offset
        left[:-1] += offset > 0
        right[:-1] += offset < 0
    n_left, n_right = left.take(code), right.take(code)
    for drawing in drawings if len(extended) else ():
        offset = locate_extended(events, extended, drawing).feet.offset
        n_left[extended] += offset > 0
        n_right[extended] += offset < 0
    return n_left, n_right


def _distinct_points(lon: Floats, lat: Floats) -> tuple[Ints, tuple[Floats, Floats]]:
    """Return the distinct point of each row, -1 where there is none, and those points."""
    known = np.flatnonzero(np.isfinite(lon))
    code = np.full(len(lon), -1, dtype=np.int64)
    code[known], pairs = pd.factorize(lon[known] + 1j * lat[known])
    return code, (pairs.real, pairs.imag)
