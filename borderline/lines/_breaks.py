"""Breaks where a border is cut, in geodesic metres, by each way of cutting."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._bank_units import BankUnits
from .._constants import SLACK_M, Floats
from ..addresses import parse_address
from ..border import Border
from ..errors import MeasureError, OptionError
from ..options import validate_number, validate_positive, validate_whole

__all__ = ["change_breaks", "equal_breaks", "given_breaks", "place_breaks", "step_breaks"]

#: A remainder shorter than this, metres, makes no segment of its own.
SHORTEST_M: Final = 1.0

#: Where units change is searched at places this far apart, metres, so a shorter contact may go unseen.
SEARCH_M: Final = 50.0

#: And narrowed down to this, metres.
NARROW_M: Final = 1e-3

#: More segments than this are a mistake.
MOST: Final = 1_000_000


def step_breaks(
    border: Border, every_km: float, *, balance: bool, origin_km: float, calibrated: bool
) -> Floats:
    """
    Return breaks every so many kilometres.

    Parameters
    ----------
    border
        The line.
    every_km
        Length of a segment.
    balance
        Make all of one length, none longer than `every_km`.
    origin_km
        Where the grid of breaks is anchored.
    calibrated
        Whether kilometres are those of the calibration.

    Returns
    -------
    breaks
        Geodesic metres from 0 to the end of the border, growing.

    Raises
    ------
    OptionError
        If a length is not positive and finite, or makes too many segments.
    """
    step = validate_positive(every_km, "every_km", "a positive number of kilometres")
    validate_number(origin_km, "origin_km", "a number of kilometres")
    first, last = _measure_ends(border, calibrated=calibrated)
    if (last - first) / step > MOST:
        raise OptionError(
            f"every_km must be longer, not {every_km!r}: {last - first:.0f} km of border would make "
            f"{(last - first) / step:,.0f} segments."
        )
    if balance:
        if origin_km:
            raise OptionError(
                "balance=True makes all segments of one length, so origin_km has no part in it."
            )
        count = max(int(np.ceil((last - first) / step - SHORTEST_M / 1000.0 / step)), 1)
        return _to_metres(border, np.linspace(first, last, count + 1), calibrated=calibrated)
    start = int(np.floor((first - origin_km) / step))
    grid = np.arange(start, start + int((last - first) / step) + 3, dtype=np.float64) * step + origin_km
    inner = _to_metres(border, grid[(grid > first) & (grid < last)], calibrated=calibrated)
    inner = inner[(inner >= SHORTEST_M) & (inner <= border.length_m - SHORTEST_M)]
    return np.concatenate([[0.0], inner, [border.length_m]])


def equal_breaks(border: Border, n: int, *, calibrated: bool) -> Floats:
    """
    Return the breaks between segments of one length.

    Parameters
    ----------
    border
        The line.
    n
        How many segments.
    calibrated
        Whether they are of one length by the calibration.

    Returns
    -------
    breaks
        Geodesic metres, growing.

    Raises
    ------
    OptionError
        If `n` is not a whole, positive number, or too large.
    """
    validate_whole(n, "n", most=MOST)
    first, last = _measure_ends(border, calibrated=calibrated)
    return _to_metres(border, np.linspace(first, last, int(n) + 1), calibrated=calibrated)


def given_breaks(border: Border, breaks_km: ArrayLike, *, calibrated: bool) -> tuple[Floats, Floats]:
    """
    Return the ends of segments between given kilometres, or of given stretches.

    Parameters
    ----------
    border
        The line.
    breaks_km
        Growing numbers, or pairs of from and to that do not overlap.
    calibrated
        Whether kilometres are those of the calibration.

    Returns
    -------
    start, end
        Geodesic metres of each segment.

    Raises
    ------
    OptionError
        If the breaks are not numbers.
    MeasureError
        If they are unsorted, equal, overlapping or off the border.
    """
    try:
        given_km = np.asarray(breaks_km, dtype=np.float64)
    except (TypeError, ValueError):
        given_km = np.empty((0, 0, 0))
    if given_km.ndim not in {1, 2} or not given_km.size or (given_km.ndim == 2 and given_km.shape[1] != 2):
        raise OptionError(
            "breaks_km must be kilometres, such as [100, 250], or pairs, such as [(0, 10), (20, 30)], "
            f"not {breaks_km!r:.80}."
        )
    if not np.isfinite(given_km).all():
        raise OptionError(f"breaks_km must be finite numbers of kilometres, not {breaks_km!r:.80}.")
    first, last = _measure_ends(border, calibrated=calibrated)
    slack = SLACK_M / 1000.0
    off = (given_km < first - slack) | (given_km > last + slack)
    if off.any():
        raise MeasureError(
            f"The break at km {given_km[off][0]:g} lies off the border, which runs from km {first:g} to "
            f"km {last:.3f}{' as calibrated' if calibrated else ' as drawn'}."
        )
    metres = _to_metres(border, np.clip(given_km, first, last), calibrated=calibrated)
    if given_km.ndim == 2:
        return _check_pairs(given_km, metres)
    _require_growing(given_km, metres)
    inner = metres[(metres >= SHORTEST_M) & (metres <= border.length_m - SHORTEST_M)]
    metres = np.concatenate([[0.0], inner, [border.length_m]])
    return metres[:-1], metres[1:]


def place_breaks(
    border: Border, places: Sequence[str], landmarks: pd.DataFrame | None
) -> tuple[Floats, list[str]]:
    """
    Return breaks at named places, and their names.

    Parameters
    ----------
    border
        The line.
    places
        Addresses, in any order.
    landmarks
        Places that addresses count from, or None for the built-in ones.

    Returns
    -------
    breaks
        Geodesic metres, growing, both ends of the border among them.
    names
        What each break is called; empty for an end.

    Raises
    ------
    MeasureError
        If two places are at one spot.
    AddressError, UnknownKeyError
        If an address cannot be read.
    """
    if isinstance(places, str) or not isinstance(places, Collection) or not len(places):
        raise OptionError(
            f"places must be a list of addresses, such as ['Chong Chom', 'pillar 46'], not {places!r}."
        )
    marks = [(parse_address(text, border, landmarks=landmarks).chainage_m, text) for text in places]
    marks.sort(key=operator.itemgetter(0))
    for (start, first), (end, second) in itertools.pairwise(marks):
        if end - start < SHORTEST_M:
            raise MeasureError(f"{first!r} and {second!r} are at one spot of the border; leave one out.")
    inner = [mark for mark in marks if SHORTEST_M <= mark[0] <= border.length_m - SHORTEST_M]
    edge = {chainage < SHORTEST_M: text for chainage, text in marks if (chainage, text) not in inner}
    breaks = np.array([0.0, *(chainage for chainage, _ in inner), border.length_m])
    return breaks, [edge.get(True, ""), *(text for _, text in inner), edge.get(False, "")]


def change_breaks(border: Border, banks: tuple[BankUnits, BankUnits]) -> Floats:
    """
    Return where the unit on either bank changes.

    Parameters
    ----------
    border
        The line.
    banks
        Units on the left and on the right.

    Returns
    -------
    breaks
        Geodesic metres, growing, both ends of the border among them.
    """
    length = border.length_m
    places = np.linspace(0.0, length, max(int(np.ceil(length / SEARCH_M)), 1) + 1)
    places = np.clip(places, NARROW_M, length - NARROW_M)
    breaks = [np.array([0.0, length])]
    for bank in banks:
        units = bank.nearest(places)
        change = np.flatnonzero(np.diff(units))
        low, high, before = places[change], places[change + 1], units[change]
        while len(change) and (high - low).max() > NARROW_M:
            middle = (low + high) / 2
            same = bank.nearest(middle) == before
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        breaks.append((low + high) / 2)
    sorted_breaks = np.unique(np.concatenate(breaks))
    # Where both banks change within a metre there is one break, and the ends stay where they are.
    kept = np.concatenate([[True], np.diff(sorted_breaks) >= SHORTEST_M])
    kept &= (sorted_breaks >= SHORTEST_M) & (sorted_breaks <= length - SHORTEST_M)
    inner = sorted_breaks[kept]
    return np.concatenate([[0.0], inner, [length]])


def _check_pairs(given_km: Floats, metres: Floats) -> tuple[Floats, Floats]:
    for row, (start, end) in enumerate(metres):
        if end - start < SHORTEST_M:
            raise MeasureError(
                f"Stretch {row} of breaks_km runs from km {given_km[row][0]:g} to km {given_km[row][1]:g}; "
                "the second must be larger, by a metre or more."
            )
        if row and start < metres[row - 1][1] - SLACK_M:
            raise MeasureError(
                f"Stretches {row - 1} and {row} of breaks_km overlap or are out of order: "
                f"{given_km[row - 1].tolist()} and {given_km[row].tolist()}."
            )
    return metres[:, 0].copy(), metres[:, 1].copy()


def _require_growing(given_km: Floats, metres: Floats) -> None:
    close = np.diff(metres) < SHORTEST_M
    if close.any():
        row = int(np.argmax(close))
        fault = "equal or nearly so" if abs(np.diff(metres)[row]) < SHORTEST_M else "out of order"
        raise MeasureError(
            f"Breaks {row} and {row + 1} of breaks_km are {fault} (km {given_km[row]:g} and "
            f"km {given_km[row + 1]:g}); each must be a metre or more beyond the one before."
        )


def _measure_ends(border: Border, *, calibrated: bool) -> tuple[float, float]:
    """Return the kilometres of both ends of the border."""
    if not calibrated:
        return 0.0, border.length_m / 1000.0
    first, last = border.to_measure([0.0, border.length_m])
    if np.isnan(first) or np.isnan(last):
        raise MeasureError(
            "The calibration does not reach both ends of the border, so it cannot be cut by it; "
            "Calibration.from_points(..., extend=True) carries it on."
        )
    return float(first), float(last)


def _to_metres(border: Border, km: Floats, *, calibrated: bool) -> Floats:
    metres = border.to_chainage(km) if calibrated else km * 1000.0
    return np.clip(metres, 0.0, border.length_m)
