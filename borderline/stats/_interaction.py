"""
Test whether events near each other along a border are near each other in time.

Pairs near in place are listed once, and scores of dates are looked up. For 2,000 events a permutation then
takes 5 ms on one thread, against 99 ms with square matrices of all pairs, with equal scores.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from .._constants import Floats, Ints
from ..border import Border, require_border
from ..errors import TableError
from ..options import validate_positive, validate_seed, validate_whole
from ._period import PeriodOption, day_numbers
from ._sample import Sample, select_sample
from ._vague_counts import count_vague, mark_vague

__all__ = ["space_time_interaction"]

#: Pairs processed at once: the arrays fit the cache of a processor.
CHUNK: Final = 65_536

#: Fewer simulations cannot give a p-value of 0.05.
FEWEST_SIMULATIONS: Final = 19

#: Sums whose relative difference is below this are equal.
ROUNDING: Final = 1e-12


def space_time_interaction(  # noqa: PLR0913 - each option is one choice of the method
    events: pd.DataFrame,
    border: Border,
    *,
    near_km: float,
    near_days: float,
    within_km: float | None = None,
    bank: str | None = None,
    distinct: str | None = None,
    period: PeriodOption | None = None,
    simulations: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """
    Test whether events near each other along a border are near each other in time.

    The tests permute the dates over the places. Both sets are kept, so what a place or a date has of its
    own has no influence; only the link between the two is tested.

    Parameters
    ----------
    events
        Events after `locate`, with ``event_date``; times of day are ignored.
    border
        The border they were located on.
    near_km
        Pairs at most this far apart along the border are near in place, kilometres.
    near_days
        Pairs at most this many days apart are near in time.
    within_km
        Leave out events farther than this from the line, geodesic kilometres. By default there is
        no limit.
    bank
        Country whose bank alone counts, ISO 3166-1 alpha-3 or alpha-2. By default both banks count.
    distinct
        ``"place-day"`` counts the events at one place on one day once, ``"place"`` the events at one
        place once. By default every event counts. Several reports of one incident are near each other
        in both place and time, and alone make the tests reject.
    period
        Days in which events count: a day (``"2025-07-24"``), a month (``"2025-07"``), a year
        (``"2025"``), or a pair of a first and a last day, both included; None on either side is the
        first or last day of the data. An event that lasts (``event_date_end``) counts in each period
        that it touches. By default every event with a date counts.
    simulations
        Number of permutations of the dates, 19 or more. Computing time grows with it and with the square of
        the number of events.
    seed
        Seed of the random numbers. The same seed gives the same result.

    Returns
    -------
    tests
        Two rows, index ``test``. ``knox`` [1]_ counts the pairs near in both place and time; ``mantel``
        [2]_ sums over pairs the product of ``1 / (km + near_km)`` and ``1 / (days + near_days)``. Columns:
        ``observed``, ``expected`` (exact mean over all permutations), ``ratio`` of the two, and
        ``p_value``, one-sided: the share of permutations with at least the observed value, the observed one
        included. ``attrs`` holds ``method``, ``n_events``, ``left_out`` (also ``no_date``), the number of
        pairs near in place and in time, and the options.

    Raises
    ------
    TableError
        If a column is missing, the dates cannot be read, the events were located on another border, or
        fewer than three count.
    OptionError
        If an option is of the wrong kind, out of range or unknown.
    MeasureError
        If a chainage lies off the border.

    References
    ----------
    .. [1] E. G. Knox, "The detection of space-time interactions", Applied Statistics 13
       (1964), 25-30.
    .. [2] N. Mantel, "The detection of disease clustering and a generalized regression
       approach", Cancer Research 27 (1967), 209-220.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.load_incidents().pipe(bl.geocode).pipe(bl.locate, border)
    >>> tests = bl.stats.space_time_interaction(events, border, near_km=10, near_days=7, simulations=99)
    >>> tests.index.tolist(), bool(tests.loc["knox", "ratio"] > 1)
    (['knox', 'mantel'], True)
    """
    require_border(border, verb="space_time_interaction")
    near_km = validate_positive(near_km, "near_km", "a positive number of kilometres")
    near_days = validate_positive(near_days, "near_days", "a positive number of days")
    validate_whole(simulations, "simulations", least=FEWEST_SIMULATIONS)
    sample = select_sample(
        events,
        border,
        verb="space_time_interaction",
        within_km=within_km,
        bank=bank,
        distinct=distinct,
        period=period,
        dated=True,
    )
    km = sample.points_m / 1000.0
    if len(km) < 3:
        raise TableError(
            f"space_time_interaction needs three events with a chainage and a date, but {len(km)} count."
        )
    day = _number_days(sample)
    pairs = _Pairs(km, day, near_km, near_days)
    observed = pairs.score(pairs.date)
    rng = validate_seed(seed)
    drawn = np.array([pairs.score(rng.permutation(pairs.date)) for _ in range(simulations)])
    at_least = drawn >= observed * (1 - ROUNDING)
    expected = pairs.expected
    result = pd.DataFrame(
        {
            "observed": observed,
            "expected": expected,
            "ratio": np.divide(observed, expected, out=np.full(2, np.nan), where=expected > 0),
            "p_value": (1 + at_least.sum(axis=0)) / (1 + simulations),
        },
        index=pd.Index(["knox", "mantel"], name="test"),
    )
    error = sample.error_m[sample.weight > 0]
    vague = count_vague(error, mark_vague(error, 1000.0 * near_km), np.ones(len(error)), "near_km")
    result.attrs = {
        **sample.facts(),
        "pairs_near_in_place": pairs.near_in_place,
        "pairs_near_in_time": pairs.near_in_time,
        "near_km": near_km,
        "near_days": near_days,
        "simulations": simulations,
        "seed": seed,
        "method": (
            f"Knox and Mantel tests of space-time interaction of {len(km)} events"
            f"{sample.describe_filters()} along {border.name or 'the border'}: near is {near_km:g} km along "
            f"the border and {near_days:g} days, "
            f"Mantel's reciprocals take these as their constants; one-sided p-values from {simulations} "
            f"random permutations of the dates.{vague.sentence}"
        ),
        **vague.facts(),
    }
    vague.warn_finer("space_time_interaction", "Give a larger near_km.")
    return result


def _number_days(sample: Sample) -> Ints:
    """Return the day number of each event that counts, from the first day of the period."""
    days = sample.periods.days
    rows = sample.rows[sample.weight > 0]
    if days is None:
        return np.zeros(len(rows), dtype=np.int64)
    only = sample.periods.only
    start = days.first.iloc[rows].min() if only is None else only.start
    return day_numbers(days, rows, start)


class _Pairs:
    """All pairs of places, scored for an assignment of dates to places."""

    def __init__(self, km: Floats, day: Ints, near_km: float, near_days: float) -> None:
        # There are few distinct dates: the score of each two is computed once and looked up.
        dates, self.date, counts = np.unique(day, return_inverse=True, return_counts=True)
        apart = np.abs(dates[:, None] - dates)
        self.near_dates = apart <= near_days
        self.close_dates = 1.0 / (apart + near_days)
        #: Chunks of rows: first and last row, pairs near in place, reciprocal distances of all pairs.
        self.parts = list(_split_pairs(km, near_km))
        self.near_in_place = sum(len(first) for _, _, first, _, _ in self.parts)
        self.near_in_time = int(counts @ self.near_dates @ counts - len(km)) // 2
        sums = (
            self.near_in_place * self.near_in_time,
            sum(float(close.sum()) for *_, close in self.parts)
            * (float(counts @ self.close_dates @ counts) - len(km) / near_days)
            / 2,
        )
        #: Exact mean of both scores over all permutations of the dates.
        self.expected = np.array(sums) / (len(km) * (len(km) - 1) / 2)

    def score(self, date: Ints) -> Floats:
        """Return the number of pairs near in both, and the sum of products of reciprocals."""
        knox, mantel = 0, 0.0
        for start, stop, first, second, close in self.parts:
            knox += int(self.near_dates[date[first], date[second]].sum())
            close_dates = self.close_dates[date[start:stop]].take(date[start:], axis=1)
            mantel += float(np.vdot(close, close_dates))
        return np.array([knox, mantel])


def _split_pairs(km: Floats, near_km: float) -> Iterator[tuple[int, int, Ints, Ints, Floats]]:
    """Yield each pair once, in chunks of rows; a row has a column for itself and each later event."""
    rows = max(CHUNK // len(km), 1)
    for start in range(0, len(km), rows):
        stop = min(start + rows, len(km))
        apart = np.abs(km[start:stop, None] - km[start:])
        later = np.arange(len(km) - start) > np.arange(stop - start)[:, None]
        first, second = np.nonzero(later & (apart <= near_km))
        yield start, stop, first + start, second + start, np.where(later, 1.0 / (apart + near_km), 0.0)
