"""Breaks where the unit on either bank of a border changes."""

from __future__ import annotations

from typing import Final

import numpy as np

from .._bank_units import BankUnits
from .._constants import Floats
from ..border import Border
from ._breaks import SHORTEST_M

__all__ = ["change_breaks"]

#: Where units change is searched at places this far apart, metres, so a shorter contact may go unseen.
SEARCH_M: Final = 50.0
#: And narrowed down to this, metres.
NARROW_M: Final = 1e-3


def change_breaks(border: Border, banks: tuple[BankUnits, BankUnits]) -> Floats:
    """
    Find where the unit on either bank changes.

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
    found = [np.array([0.0, length])]
    for bank in banks:
        units = bank.nearest(places)
        at = np.flatnonzero(np.diff(units))
        low, high, before = places[at], places[at + 1], units[at]
        while len(at) and (high - low).max() > NARROW_M:
            middle = (low + high) / 2
            same = bank.nearest(middle) == before
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        found.append((low + high) / 2)
    breaks = np.unique(np.concatenate(found))
    # Where both banks change within a metre there is one break, and the ends stay where they are.
    kept = np.concatenate([[True], np.diff(breaks) >= SHORTEST_M])
    inner = breaks[kept & (breaks >= SHORTEST_M) & (breaks <= length - SHORTEST_M)]
    return np.concatenate([[0.0], inner, [length]])
