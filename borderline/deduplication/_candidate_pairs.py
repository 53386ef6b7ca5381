"""Pairs of reports near enough in time and place to be compared."""

from __future__ import annotations

import itertools
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from .._constants import GEOD, Bools, Floats, Ints

__all__ = ["find_candidate_pairs"]

_EARTH_KM: Final = 6371.0
#: Reports farther apart than this are never one event, kilometres.
_MAX_KM: Final = 100.0


def find_candidate_pairs(
    lon: Floats, lat: Floats, start: Floats, end: Floats, names: npt.NDArray[np.object_], max_days: float
) -> tuple[Ints, Ints, Floats]:
    """
    Find the pairs at most `max_days` and 100 km apart, or of one place name where a position is missing.

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
    has_position = np.isfinite(lon)
    with_both = np.flatnonzero(has_position & np.isfinite(start))
    pairs = np.vstack(
        [
            _pairs_by_position(lon, lat, start, end, with_both, max_days),
            _pairs_by_name(names, has_position, start, end, max_days),
        ]
    )
    first, second = np.sort(pairs, axis=1).T
    distance = np.full(len(first), np.nan)
    measurable = has_position[first] & has_position[second]
    left, right = first[measurable], second[measurable]
    distance[measurable] = GEOD.inv(lon[left], lat[left], lon[right], lat[right])[2]
    near = ~(distance > _MAX_KM * 1000)
    return first[near], second[near], distance[near]


def _pairs_by_position(
    lon: Floats, lat: Floats, start: Floats, end: Floats, rows: Ints, max_days: float
) -> Ints:
    """Search days and earth-centred space at once; long intervals extend the search in time."""
    if len(rows) < 2:
        return np.zeros((0, 2), dtype=np.int64)
    x, y = np.radians(lon[rows]), np.radians(lat[rows])
    space = np.column_stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)]) * (_EARTH_KM / _MAX_KM)
    middle = (start[rows] + end[rows]) / 2
    reach = max_days + float((end[rows] - start[rows]).max()) + 1e-9
    tree = cKDTree(np.column_stack([space, middle / reach]))
    pairs = rows[tree.query_pairs(1.0, p=np.inf, output_type="ndarray")]
    first, second = pairs.T
    gap = np.maximum(start[first] - end[second], start[second] - end[first])
    near: Ints = pairs[gap <= max_days]
    return near


def _pairs_by_name(
    names: npt.NDArray[np.object_], has_position: Bools, start: Floats, end: Floats, max_days: float
) -> Ints:
    """Pair reports of one place name of which at least one has no position."""
    rows_by_name: dict[object, list[int]] = {}
    for row, name in enumerate(names):
        if name is not None and np.isfinite(start[row]):
            rows_by_name.setdefault(name, []).append(row)

    def is_candidate(row: int, other: int) -> bool:
        gap = max(start[row] - end[other], start[other] - end[row])
        return bool(gap <= max_days and not (has_position[row] and has_position[other]))

    pairs = [
        pair
        for rows in rows_by_name.values()
        if not has_position[rows].all()
        for pair in itertools.combinations(rows, 2)
        if is_candidate(*pair)
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)
