"""Count the events whose position is vaguer than what they are counted in, and say so."""

from __future__ import annotations

import pathlib
import sys
import warnings
from collections.abc import Hashable
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from .._constants import Bools, Floats
from ..errors import PositionWarning

__all__ = ["UNKNOWN", "VagueNote", "count_vague", "format_count", "mark_vague", "vague_column"]

#: A result is finer than its positions where more than this share of its events is vague.
FINER: Final = 0.5

#: What is said where no error is known.
UNKNOWN: Final = "No position error is known, so positions are taken as exact."

_PACKAGE: Final = str(pathlib.Path(__file__).parents[1])


class VagueNote(NamedTuple):
    """What is to be said of a result whose parts may be finer than its positions."""

    #: A sentence for captions and for the method; empty where there is nothing to say.
    note: str
    #: Events that are vaguer than what they are counted in; None where no error is known.
    n_vague: float | None
    #: Whether the result is finer than its positions.
    finer: bool

    @property
    def sentence(self) -> str:
        """Return the note after a space, for the end of a method; empty where errors are not known."""
        return f" {self.note}" if self.note and self.n_vague is not None else ""

    def facts(self) -> dict[Hashable, Any]:
        """Return the ``attrs`` of a result."""
        return {"n_vague": self.n_vague, "position_note": self.note}

    def warn_finer(self, verb: str, remedy: str) -> None:
        """
        Warn once where the result is finer than its positions.

        Parameters
        ----------
        verb
            Name of the public function.
        remedy
            What to do about it.
        """
        if self.finer:
            warnings.warn(f"{verb}: {self.note} {remedy}", PositionWarning, stacklevel=_count_frames())


def mark_vague(error_m: Floats, extent_m: Floats | float) -> Bools:
    """
    Return which events are vaguer than what they are counted in.

    Parameters
    ----------
    error_m
        Radius that holds 90 % of each position, metres; NaN where it is not known.
    extent_m
        Length of the segment or window, or width of the band, that each event is counted in, metres.

    Returns
    -------
    vague
        Whether the error exceeds the extent; False where it is not known.
    """
    vague: Bools = error_m > extent_m
    return vague


def count_vague(error_m: Floats, vague: Bools, weight: Floats, extent: str) -> VagueNote:
    """
    Count the vague events of a result, and say how many they are.

    Parameters
    ----------
    error_m
        Error of each event, or of each part of one, metres; NaN where it is not known.
    vague
        Which are vague, from `mark_vague`.
    weight
        How much each counts.
    extent
        What they are counted in, for the sentence.

    Returns
    -------
    note
        The result is finer than its positions where more than half of its events are vague.
    """
    total = float(weight.sum())
    if not (np.isfinite(error_m) & (weight > 0)).any():
        return VagueNote(UNKNOWN, None, finer=False) if total else VagueNote("", 0.0, finer=False)
    n_vague = float(weight[vague].sum())
    if not n_vague:
        return VagueNote("", n_vague, finer=False)
    finer = n_vague > FINER * total
    consequence = ", so the result is finer than its positions" if finer else ""
    return VagueNote(
        f"{format_count(n_vague)} of {format_count(total)} events have a position error (90 %) larger than "
        f"{extent}{consequence}.",
        n_vague,
        finer,
    )


def vague_column(count: Floats, *, known: bool, whole: bool = True) -> pd.Series:
    """
    Return counts of vague events as a column.

    Parameters
    ----------
    count
        One number for each row.
    known
        Whether the error of any event is known; else the column is missing.
    whole
        Whether the counts are whole numbers.

    Returns
    -------
    column
        Whole numbers or floats, missing where errors are not known.
    """
    if not known:
        return pd.Series(pd.array([pd.NA] * len(count), dtype="Int64"))
    if whole:
        return pd.Series(pd.array(np.rint(count).astype(np.int64), dtype="Int64"))
    return pd.Series(count)


def format_count(count: float) -> str:
    """
    Return a count in words: whole, or with a decimal where events are divided.

    Parameters
    ----------
    count
        Number of events.

    Returns
    -------
    text
        Such as ``158`` or ``21.3``.
    """
    return f"{count:.0f}" if float(count).is_integer() else f"{count:.1f}"


def _count_frames() -> int:
    """Return the stack level of the first caller outside the package."""
    frame, level = sys._getframe(1), 1  # noqa: SLF001 - as pandas finds the line of its user
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame, level = frame.f_back, level + 1
    return level
