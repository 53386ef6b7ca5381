"""Between longitude and latitude on the ellipsoid and earth-centred coordinates."""

from __future__ import annotations

import numpy as np

from .._constants import WGS84_A, WGS84_E2, Floats

__all__ = ["to_lonlat", "to_xyz"]


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
    lam, phi = np.radians(lon), np.radians(lat)
    sin_phi = np.sin(phi)
    normal = WGS84_A / np.sqrt(1.0 - WGS84_E2 * sin_phi * sin_phi)
    across = normal * np.cos(phi)
    xyz = np.empty((len(lam), 3))
    xyz[:, 0] = across * np.cos(lam)
    xyz[:, 1] = across * np.sin(lam)
    xyz[:, 2] = normal * (1.0 - WGS84_E2) * sin_phi
    return xyz


def to_lonlat(xyz: Floats) -> tuple[Floats, Floats]:
    """
    Bring points at or a few centimetres under the ellipsoid back to its surface.

    Parameters
    ----------
    xyz
        Metres, shape (n, 3).

    Returns
    -------
    lon, lat
        Degrees, longitude within [-180, 180].
    """
    x, y, z = xyz[:, 0], xyz[:, 1], xyz[:, 2]
    lat = np.degrees(np.arctan2(z, (1.0 - WGS84_E2) * np.hypot(x, y)))
    return np.degrees(np.arctan2(y, x)), lat
