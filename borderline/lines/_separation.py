"""How far one line is from another, along it and at most."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import shapely

from .._constants import Bools, Floats
from ..border import Border
from ..geodesy import Feet

__all__ = ["feet_along", "hausdorff"]

#: The largest separation is known to this, metres.
EXACT_M: Final = 0.05

#: Places looked at first, beside the vertices, are this far apart, metres.
FIRST_M: Final = 1_000.0

#: Feet as near as this, metres, are on one edge.
SAME_M: Final = 1e-3


class _Spans(NamedTuple):
    """Stretches of a line between two places whose feet are known."""

    start: Floats
    end: Floats
    #: Separation at the two places, metres.
    at_start: Floats
    at_end: Floats
    #: Chainage of their feet on the other line.
    foot_start: Floats
    foot_end: Floats

    def take(self, mask: Bools) -> _Spans:
        """Keep some."""
        return _Spans(*(each[mask] for each in self))


def feet_along(line: Border, other: Border, chainage: Floats) -> Feet:
    """Refer places on a line, by chainage, to another line."""
    places = line.interpolate(chainage)
    return other.foot(shapely.get_x(places), shapely.get_y(places))


def hausdorff(a: Border, b: Border) -> float:
    """
    Find the largest geodesic distance from a place on either line to the other line.

    Parameters
    ----------
    a, b
        Two lines.

    Returns
    -------
    distance_m
        At most 5 cm too small.
    """
    return max(_directed(a, b), _directed(b, a))


def _directed(line: Border, other: Border) -> float:
    """
    Find the farthest place of one line from another.

    Distance to one edge is convex along another edge, so between two places whose feet
    lie on one edge it is largest at one of the two. Other stretches are halved until
    they are too short to hold anything farther than what was found.
    """
    chainage = np.unique(np.concatenate([line.vertex_chainage, np.arange(0.0, line.length_m, FIRST_M)]))
    feet = feet_along(line, other, chainage)
    far, foot = feet.distance, feet.chainage
    most = float(far.max())
    spans = _Spans(chainage[:-1], chainage[1:], far[:-1], far[1:], foot[:-1], foot[1:])
    corners = np.unique(other.vertex_chainage)
    while True:
        bound = (spans.at_start + spans.at_end + spans.end - spans.start) / 2
        spans = spans.take((bound > most + EXACT_M) & ~_on_one_edge(spans, corners))
        if not len(spans.start):
            return most
        middle = (spans.start + spans.end) / 2
        feet = feet_along(line, other, middle)
        most = max(most, float(feet.distance.max()))
        spans = _Spans(
            np.concatenate([spans.start, middle]),
            np.concatenate([middle, spans.end]),
            np.concatenate([spans.at_start, feet.distance]),
            np.concatenate([feet.distance, spans.at_end]),
            np.concatenate([spans.foot_start, feet.chainage]),
            np.concatenate([feet.chainage, spans.foot_end]),
        )


def _on_one_edge(spans: _Spans, corners: Floats) -> Bools:
    first = np.minimum(spans.foot_start, spans.foot_end)
    last = np.maximum(spans.foot_start, spans.foot_end)
    edge = np.clip(np.searchsorted(corners, first + SAME_M, side="right") - 1, 0, len(corners) - 2)
    return np.asarray(last <= corners[edge + 1] + SAME_M)
