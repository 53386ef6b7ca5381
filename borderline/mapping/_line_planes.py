"""The line of a border, packed for the page."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from .._constants import GEOD, Floats
from ..border import Border
from ._payload import Planes

__all__ = ["CHAINAGE_PER", "LONLAT_PER", "line_columns", "line_planes"]

#: Steps to the degree: a tenth of a metre, finer than any position is known.
LONLAT_PER: Final = 1_000_000
#: Steps to the metre along the line.
CHAINAGE_PER: Final = 10


def line_columns(border: Border) -> tuple[Floats, Floats, Floats]:
    """
    Return the vertices of a border as columns.

    Parameters
    ----------
    border
        The border.

    Returns
    -------
    lon, lat
        Degrees.
    chainage
        Geodesic metres from the start.
    """
    xy = shapely.get_coordinates(border.course)
    chainage = np.concatenate([[0.0], np.cumsum(GEOD.line_lengths(xy[:, 0], xy[:, 1]))])
    return xy[:, 0], xy[:, 1], chainage[: len(xy)]


def line_planes(border: Border) -> Planes:
    """
    Pack the vertices of a border with their chainage.

    Parameters
    ----------
    border
        The border.

    Returns
    -------
    planes
        ``lon``, ``lat`` (degrees) and ``chainage`` (geodesic metres).
    """
    lon, lat, chainage = line_columns(border)
    planes = Planes()
    planes.add("lon", lon, per=LONLAT_PER, delta=True)
    planes.add("lat", lat, per=LONLAT_PER, delta=True)
    planes.add("chainage", chainage, per=CHAINAGE_PER, delta=True)
    return planes
