"""Which stretches of two lines run along each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from ..border import Border, require_border
from ..errors import GeometryError

__all__ = ["Pair", "pair_lines"]

#: Lines that run along each other for less than this, metres, are not two drawings of one border.
LEAST_M = 1.0


@dataclass(frozen=True, eq=False)
class Pair:
    """Two lines that run the same way, and the stretch of each that faces the other."""

    #: The first line.
    a: Border
    #: The second, turned round if it ran the other way.
    b: Border
    #: Chainage on the first where the common stretch starts and ends, metres.
    span_a: tuple[float, float]
    #: The same on the second.
    span_b: tuple[float, float]


def pair_lines(a: Border, b: Border) -> Pair:
    """
    Find the common stretch of two lines: from foot of end to foot of end.

    Parameters
    ----------
    a, b
        Two drawings of a border, in either direction.

    Returns
    -------
    pair
        Both running as `a` does.

    Raises
    ------
    TableError
        If one of them is no border.
    GeometryError
        If the lines do not run along each other.
    """
    for line in (a, b):
        require_border(line, verb="A comparison of lines")
    span_a = _ends_on(a, b)
    if span_a[0] > span_a[1]:
        b = b.reversed()
        span_a = span_a[1], span_a[0]
    span_b = _ends_on(b, a)
    if span_a[1] - span_a[0] < LEAST_M or span_b[1] - span_b[0] < LEAST_M:
        raise GeometryError(
            f"{a.name or 'The first line'} and {b.name or 'the second'} do not run along each other, "
            "so there is nothing to compare."
        )
    return Pair(a, b, span_a, span_b)


def _ends_on(line: Border, other: Border) -> tuple[float, float]:
    """Find the feet of the ends of another line."""
    ends = shapely.get_coordinates(other.line)[[0, -1]]
    first, last = np.clip(line.foot(ends[:, 0], ends[:, 1]).chainage, 0.0, line.length_m)
    return float(first), float(last)
