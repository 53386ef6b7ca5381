"""The verb `space_time_interaction`: whether events that are near in place are near in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from .._constants import Bools, Floats, Ints
from .._counting import count_events
from ..border import Border, require_border
from ..errors import MeasureError, TableError
from ..provenance import cited
from ..schema import require_columns

__all__ = ["space_time_interaction"]

#: Pairs taken at once.
CHUNK: Final = 1_000_000

#: Sums that differ by less than this share are equal.
ROUNDING: Final = 1e-12


class _Score(NamedTuple):
    """What the two tests sum over pairs."""

    #: Pairs near in both.
    knox: float
    #: Sum of the products of the reciprocals.
    mantel: float


def space_time_interaction(
    events: pd.DataFrame,
    border: Border,
    *,
    near_km: float,
    near_days: float,
    within_km: float | None = None,
    simulations: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """
    Test whether events near each other along a border are near each other in time.

    Places and dates are kept, and dates are dealt to places anew at random: whatever
    a place or a time has of its own, only what ties the two is tested.

    Parameters
    ----------
    events
        Events after `locate`, with ``event_date``; times of day do not count.
    border
        The border they were located on.
    near_km
        Pairs at most this far apart along the border are near in place, kilometres.
    near_days
        Pairs at most this many days apart are near in time.
    within_km
        Leave out events farther than this from the line, geodesic kilometres. By
        default there is no limit.
    simulations
        How often dates are dealt anew; 19 or more. Time grows with it and with the
        square of the events.
    seed
        Of the random numbers: the same seed gives the same answer.

    Returns
    -------
    tests
        Two rows, index ``test``. ``knox`` [1]_ counts the pairs near in both;
        ``mantel`` [2]_ sums over pairs the product of ``1 / (km + near_km)`` and
        ``1 / (days + near_days)``. Columns: ``observed``, ``expected`` (exact mean over
        all ways to deal the dates), ``ratio`` of the two, and ``p_value``, one-sided:
        the share of deals with at least what was observed, itself among them.
        ``attrs`` hold ``method``, ``n_events``, ``left_out`` (also ``no_date``), the
        pairs near in place and in time, and the options.

    Raises
    ------
    TableError
        If a column is missing, a date cannot be read, or the events were located on another border.
    MeasureError
        If there are fewer than three events, an option is out of range, or a
        chainage lies off the border.

    References
    ----------
    .. [1] E. G. Knox, "The detection of space-time interactions", Applied Statistics 13
       (1964), 25-29.
    .. [2] N. Mantel, "The detection of disease clustering and a generalized regression
       approach", Cancer Research 27 (1967), 209-220.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.load_seeds().pipe(bl.geocode).pipe(bl.locate, border)
    >>> tests = bl.space_time_interaction(events, border, near_km=10, near_days=7, simulations=99)
    >>> tests.index.tolist(), bool(tests.loc["knox", "ratio"] > 1)
    (['knox', 'mantel'], True)
    """
    require_border(border, verb="space_time_interaction")
    for name, value in (("near_km", near_km), ("near_days", near_days)):
        if not (np.isfinite(value) and value > 0):
            raise MeasureError(f"{name} must be a positive number, not {value}.")
    if simulations < 19:
        raise MeasureError(f"simulations must be 19 or more for a p-value of 0.05, not {simulations}.")
    require_columns(events, ["event_date"], verb="space_time_interaction", remedy="read_events makes it")
    counted = count_events(
        events,
        length_m=border.length_m,
        border=border.identity,
        within_km=within_km,
        verb="space_time_interaction",
    )
    day, dated = _days(events, counted.rows)
    km = counted.chainage_m[dated] / 1000.0
    if len(km) < 3:
        raise MeasureError(
            f"space_time_interaction pairs events, but {len(km)} with place and date count; it needs three."
        )
    pairs = _Pairs(km, near_km, near_days)
    observed = pairs.score(day)
    rng = np.random.default_rng(seed)
    drawn = np.array([pairs.score(rng.permutation(day)) for _ in range(simulations)])
    expected, near_in_time = pairs.expected(day)
    at_least = drawn >= np.array(observed) * (1 - ROUNDING)
    result = pd.DataFrame(
        {
            "observed": np.array(observed),
            "expected": expected,
            "ratio": np.divide(observed, expected, out=np.full(2, np.nan), where=expected > 0),
            "p_value": (1 + at_least.sum(axis=0)) / (1 + simulations),
        },
        index=pd.Index(["knox", "mantel"], name="test"),
    )
    result.attrs = {
        "border": border.identity,
        "sources": cited(events.attrs, border.source),
        "n_events": len(km),
        "left_out": {**counted.left_out, "no_date": int((~dated).sum())},
        "pairs_near_in_place": pairs.near_in_place,
        "pairs_near_in_time": near_in_time,
        "near_km": near_km,
        "near_days": near_days,
        "within_km": within_km,
        "simulations": simulations,
        "seed": seed,
        "method": (
            f"Knox and Mantel tests of space-time interaction of {len(km)} events along "
            f"{border.name or 'the border'}: near is {near_km:g} km along the border and {near_days:g} days, "
            f"Mantel's reciprocals take these as their constants; one-sided p-values from {simulations} "
            "random permutations of the dates."
        ),
    }
    return result


def _days(events: pd.DataFrame, rows: Bools) -> tuple[Ints, Bools]:
    """Take the days of the events that count, and tell which have a date."""
    try:
        dates = pd.to_datetime(events["event_date"][rows], format="ISO8601").dt.normalize()
    except (TypeError, ValueError) as problem:
        raise TableError(f"space_time_interaction: a date cannot be read ({problem}).") from None
    dated = dates.notna().to_numpy()
    day = (dates[dated] - dates[dated].min()).dt.days
    return np.asarray(day, dtype=np.int64), np.asarray(dated)


class _Pairs:
    """All pairs of places, scored with the dates that are dealt to them."""

    def __init__(self, km: Floats, near_km: float, near_days: float) -> None:
        self.near_days = near_days
        self.n = len(km)
        self.parts = []
        for one, other in _upper(self.n):
            apart = np.abs(km[one] - km[other])
            self.parts.append((one, other, apart <= near_km, 1.0 / (apart + near_km)))
        self.near_in_place = int(sum(int(near.sum()) for _, _, near, _ in self.parts))

    def score(self, day: Ints) -> _Score:
        """Sum over the pairs."""
        knox, mantel = 0, 0.0
        for one, other, near, close in self.parts:
            days = np.abs(day[one] - day[other])
            knox += int((near & (days <= self.near_days)).sum())
            mantel += float(close @ (1.0 / (days + self.near_days)))
        return _Score(float(knox), mantel)

    def expected(self, day: Ints) -> tuple[Floats, int]:
        """Average the scores over all ways to deal the dates; count the pairs near in time."""
        pairs = self.n * (self.n - 1) / 2
        near, close_days, close_km = 0, 0.0, 0.0
        for one, other, _, close in self.parts:
            days = np.abs(day[one] - day[other])
            near += int((days <= self.near_days).sum())
            close_days += float((1.0 / (days + self.near_days)).sum())
            close_km += float(close.sum())
        return np.array([self.near_in_place * near / pairs, close_km * close_days / pairs]), near


def _upper(n: int) -> Iterator[tuple[Ints, Ints]]:
    """List each pair once, a chunk of rows at a time."""
    rows = max(CHUNK // n, 1)
    for start in range(0, n, rows):
        one, other = np.nonzero(np.arange(n) > np.arange(start, min(start + rows, n))[:, None])
        yield one + start, other
