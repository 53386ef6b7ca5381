"""The ellipsoid, the coordinate reference systems and the array types, named once."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Geod

__all__ = ["GEOD", "SLACK_M", "WGS84_A", "WGS84_CRS", "WGS84_E2", "WGS84_RADIUS_M", "Bools", "Floats", "Ints"]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

#: Chainages this close together, metres, are one place; past an end of a line they are that end.
SLACK_M: Final = 1e-3

#: Geodesics of WGS 84 (EPSG:7030), through PROJ.
GEOD: Final = Geod(ellps="WGS84")

#: Semi-major axis of WGS 84 in metres.
WGS84_A: Final[float] = GEOD.a

#: First eccentricity squared of WGS 84.
WGS84_E2: Final[float] = GEOD.es

#: Mean radius (2a + b) / 3 in metres: good to 0.6 % for the curvature anywhere.
WGS84_RADIUS_M: Final[float] = (2 * GEOD.a + GEOD.b) / 3

#: What every geometry of a result is in: longitude, latitude in degrees.
WGS84_CRS: Final = CRS.from_epsg(4326)
