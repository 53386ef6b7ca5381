"""Pairs of reports near enough in time and place to be worth comparing."""

from __future__ import annotations

import itertools
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from .._constants import GEOD, Floats, Ints

__all__ = ["nearby_pairs"]

_EARTH_KM: Final = 6371.0
#: Two reports farther apart than this are never taken for one event, kilometres.
MAX_KM: Final = 100.0


def nearby_pairs(
    lon: Floats, lat: Floats, start: Floats, end: Floats, names: npt.NDArray[np.object_], max_days: float
) -> tuple[Ints, Ints, Floats]:
    """
    Find the pairs at most `max_days` and 100 km apart, or of one name where one has no position.

    Parameters
    ----------
    lon, lat
        Degrees; NaN where the position is missing.
    start, end
        Days since any epoch; a report without a date is in no pair.
    names
        Folded place names, None where missing.
    max_days
        Largest gap between two intervals.

    Returns
    -------
    first, second
        Positions, ``first < second``.
    distance_m
        Geodesic metres; NaN where one of the two has no position.
    """
    dated = np.isfinite(start)
    placed = np.flatnonzero(np.isfinite(lon) & dated)
    pairs = [_in_space(lon, lat, start, end, placed, max_days)]
    pairs.append(_by_name(names, np.isfinite(lon), start, end, max_days))
    first, second = np.sort(np.vstack(pairs), axis=1).T if any(map(len, pairs)) else (_none(), _none())
    distance = np.full(len(first), np.nan)
    both = np.isfinite(lon[first]) & np.isfinite(lon[second])
    one, other = first[both], second[both]
    distance[both] = GEOD.inv(lon[one], lat[one], lon[other], lat[other])[2]
    near = ~(distance > MAX_KM * 1000)
    return first[near], second[near], distance[near]


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


def _in_space(lon: Floats, lat: Floats, start: Floats, end: Floats, rows: Ints, max_days: float) -> Ints:
    """Search days and earth-centred space at once; long intervals stretch the search in time."""
    if len(rows) < 2:
        return np.zeros((0, 2), dtype=np.int64)
    x, y = np.radians(lon[rows]), np.radians(lat[rows])
    space = np.column_stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)]) * (_EARTH_KM / MAX_KM)
    middle = (start[rows] + end[rows]) / 2
    reach = max_days + float((end[rows] - start[rows]).max()) + 1e-9
    tree = cKDTree(np.column_stack([space, middle / reach]))
    found = rows[tree.query_pairs(1.0, p=np.inf, output_type="ndarray")]
    gap = np.maximum(start[found[:, 0]] - end[found[:, 1]], start[found[:, 1]] - end[found[:, 0]])
    near: Ints = found[gap <= max_days]
    return near


def _by_name(
    names: npt.NDArray[np.object_], placed: npt.NDArray[np.bool_], start: Floats, end: Floats, max_days: float
) -> Ints:
    """Pair reports of one name of which at least one has no position."""
    groups: dict[object, list[int]] = {}
    for row, name in enumerate(names):
        if name is not None and np.isfinite(start[row]):
            groups.setdefault(name, []).append(row)

    def fits(row: int, other: int) -> bool:
        gap = max(start[row] - end[other], start[other] - end[row])
        return bool(gap <= max_days and not (placed[row] and placed[other]))

    found = [
        pair
        for rows in groups.values()
        if not placed[rows].all()
        for pair in itertools.combinations(rows, 2)
        if fits(*pair)
    ]
    return np.array(found, dtype=np.int64).reshape(-1, 2)
