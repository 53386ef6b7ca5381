"""Deterministic lattices of places: golden-angle discs and normals, even points of a polygon."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import shapely

from .._constants import WGS84_A, WGS84_E2, Floats

__all__ = ["Lattice", "fill_polygon", "line_vectors", "shift_points", "unit_disc", "unit_normal"]

#: The golden ratio: a turn divided by it twice leaves the golden angle.
GOLDEN: Final = (1.0 + np.sqrt(5.0)) / 2.0

#: The plastic number, root of x^3 = x + 1: its powers fill a square as evenly as the golden ratio a line.
PLASTIC: Final = 1.32471795724474602596

#: Even points are looked for among this many more than the area asks for, then among more.
SURPLUS: Final = 1.3


@dataclass(frozen=True, eq=False)
class Lattice:
    """Places where each distinct position may be, with their probabilities; arrays of shape (D, N)."""

    #: Degrees, WGS 84.
    lon: Floats
    lat: Floats
    #: Probability of each place; rows sum to 1.
    weight: Floats


@lru_cache(maxsize=8)
def unit_disc(n_points: int) -> Floats:
    """
    Return points spread evenly over the disc of radius 1, east and north.

    Every point has its mirror image through the centre, so a line through the centre halves
    them. The points lie on a spiral with the golden angle between neighbours (Vogel 1979,
    "A better way to construct the sunflower head", Mathematical Biosciences 44).

    Parameters
    ----------
    n_points
        How many; an even number.

    Returns
    -------
    points
        Shape (n_points, 2), from the centre outwards in each half.
    """
    share, turn = _spiral_half(n_points)
    return _mirror_points(np.sqrt(share), turn)


@lru_cache(maxsize=8)
def unit_normal(n_points: int) -> Floats:
    """
    Return points that stand for a round normal distribution of standard deviation 1, east and north.

    Parameters
    ----------
    n_points
        As in `unit_disc`.

    Returns
    -------
    points
        Shape (n_points, 2), each with its mirror image.
    """
    share, turn = _spiral_half(n_points)
    return _mirror_points(np.sqrt(-2.0 * np.log1p(-share)), turn)


@lru_cache(maxsize=8)
def line_vectors(n_points: int) -> Floats:
    """
    Return normal vectors of standard deviation 1 that go with the points of another lattice.

    They are in another order than those of `unit_normal`, so that position and line are
    independent. Mirror images go with mirror images.

    Parameters
    ----------
    n_points
        As in `unit_disc`.

    Returns
    -------
    vectors
        Shape (n_points, 2).
    """
    order = np.arange(n_points // 2)
    share = (0.5 + order * np.sqrt(2.0)) % 1.0
    share = (np.argsort(np.argsort(share)) + 0.5) / len(order)
    # All round, though half the points lie in half the directions: else both vectors would agree.
    return _mirror_points(np.sqrt(-2.0 * np.log1p(-share)), 2 * np.pi * ((order * np.sqrt(3.0)) % 1.0))


def _spiral_half(n_points: int) -> tuple[Floats, Floats]:
    """Return the share of a half's points within each point, and its direction in radians."""
    order = np.arange(n_points // 2)
    return (order + 0.5) / len(order), np.pi * ((order / GOLDEN) % 1.0)


def _mirror_points(radius: Floats, direction: Floats) -> Floats:
    half = np.stack([radius * np.cos(direction), radius * np.sin(direction)], axis=1)
    return np.concatenate([half, -half])


def fill_polygon(area: shapely.Geometry, n_points: int) -> Floats:
    """
    Return points spread evenly over a polygon.

    Parameters
    ----------
    area
        A polygon or several, in degrees, that do not cross the 180th meridian.
    n_points
        How many.

    Returns
    -------
    points
        Longitude and latitude, degrees, shape (n_points, 2).
    """
    west, south, east, north = shapely.bounds(area).tolist()
    # Even over the land: parallels are shorter towards the poles, so latitude goes by its sine.
    low, high = np.sin(np.radians([south, north])).tolist()
    shapely.prepare(area)
    count = int(n_points * SURPLUS) + 8
    while True:
        order = np.arange(count)
        lon = west + (east - west) * ((0.5 + order / PLASTIC) % 1.0)
        lat = np.degrees(np.arcsin(low + (high - low) * ((0.5 + order / PLASTIC**2) % 1.0)))
        inside = np.flatnonzero(shapely.contains_xy(area, lon, lat))[:n_points]
        if len(inside) == n_points:
            return np.stack([lon[inside], lat[inside]], axis=1)
        if count > 4_000 * n_points:
            # A sliver: even points along its outline stand for it.
            outline = shapely.boundary(area)
            steps = (np.arange(n_points) + 0.5) / n_points
            points = shapely.line_interpolate_point(outline, steps, normalized=True)
            along: Floats = shapely.get_coordinates(points)
            return along
        count *= 2 if len(inside) == 0 else min(8, int(np.ceil(1.2 * n_points / len(inside))) + 1)


def shift_points(lon: Floats, lat: Floats, east: Floats, north: Floats) -> tuple[Floats, Floats]:
    """
    Move points by vectors on the ground.

    The direction is that at the start of the geodesic; the length is right to a millimetre
    up to 100 km and to 10 cm up to 400 km.

    Parameters
    ----------
    lon, lat
        Degrees, WGS 84.
    east, north
        Metres; arrays that broadcast against the points.

    Returns
    -------
    lon, lat
        Degrees of the points moved.
    """
    lam, phi = np.radians(lon), np.radians(lat)
    sin_lam, cos_lam, sin_phi, cos_phi = np.sin(lam), np.cos(lam), np.sin(phi), np.cos(phi)
    root = np.sqrt(1.0 - WGS84_E2 * sin_phi**2)
    normal, meridian = WGS84_A / root, WGS84_A * (1.0 - WGS84_E2) / root**3
    # Euler's formula: the square of the vector over the radius of the ellipsoid in its direction.
    square = east * east + north * north
    sagitta = east * east / normal + north * north / meridian
    with np.errstate(invalid="ignore", divide="ignore"):
        curve = np.where(square > 0, sagitta / square, 0.0)
    arc2 = sagitta * curve
    # Series of sin(a) / a and of 1 - cos(a): right to the millimetre up to 1,000 km.
    flat = 1.0 - arc2 / 6.0 * (1.0 - arc2 / 20.0)
    drop = sagitta / 2.0 * (1.0 - arc2 / 12.0 * (1.0 - arc2 / 30.0))
    east, north = flat * east, flat * north
    level = (normal - drop) * cos_phi - north * sin_phi
    x = level * cos_lam - east * sin_lam
    y = level * sin_lam + east * cos_lam
    z = (normal * (1.0 - WGS84_E2) - drop) * sin_phi + north * cos_phi
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, (1.0 - WGS84_E2) * np.hypot(x, y)))
