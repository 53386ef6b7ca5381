"""Between longitude and latitude on the ellipsoid and earth-centred coordinates."""

from __future__ import annotations

import numpy as np

from .._constants import WGS84_A, WGS84_E2, Floats
from ._space import Space

__all__ = ["to_lonlat", "to_space", "to_xyz", "upward"]


def to_xyz(lon: Floats, lat: Floats) -> Floats:
    """
    Put points of the ellipsoid into earth-centred, earth-fixed coordinates.

    Parameters
    ----------
    lon, lat
        Degrees, shape (n,).

    Returns
    -------
    xyz
        Metres, shape (n, 3).
    """
    return np.stack(to_space(lon, lat), axis=1)


def to_space(lon: Floats, lat: Floats) -> Space:
    """
    Put points of the ellipsoid into earth-centred, earth-fixed coordinates, as three columns.

    Parameters
    ----------
    lon, lat
        Degrees, shape (n,).

    Returns
    -------
    space
        Metres.
    """
    lam, phi = np.radians(lon), np.radians(lat)
    sin_phi = np.sin(phi)
    normal = WGS84_A / np.sqrt(1.0 - WGS84_E2 * sin_phi * sin_phi)
    across = normal * np.cos(phi)
    return across * np.cos(lam), across * np.sin(lam), normal * (1.0 - WGS84_E2) * sin_phi


def to_lonlat(space: Space) -> tuple[Floats, Floats]:
    """
    Bring points at or a few centimetres under the ellipsoid back to its surface.

    Parameters
    ----------
    space
        Metres.

    Returns
    -------
    lon, lat
        Degrees, longitude within [-180, 180].
    """
    x, y, z = space
    lat = np.degrees(np.arctan2(z, (1.0 - WGS84_E2) * np.hypot(x, y)))
    return np.degrees(np.arctan2(y, x)), lat


def upward(space: Space) -> Space:
    """
    Tell where up is at points of the ellipsoid.

    Parameters
    ----------
    space
        Metres.

    Returns
    -------
    direction
        Not of unit length.
    """
    x, y, z = space
    return x / WGS84_A, y / WGS84_A, z / (WGS84_A * (1.0 - WGS84_E2))
