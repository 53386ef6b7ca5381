"""Select the events that count: which rows, where along the border, when, with what weight."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._constants import Bools, Floats, Ints
from ..border import Border, distinguish_borders
from ..errors import MeasureError, OptionError, TableError
from ..options import validate_number
from ..provenance import cited
from ..schema import numbers_of, require_columns, require_table
from ._bank import validate_bank
from ._catchment import Catchment, catchment_of
from ._distinct import find_repeats, validate_distinct
from ._exposure import choose_exposure
from ._period import EventDays, Period, Periods, PeriodsOption, event_days, read_period, read_periods
from ._placements import (
    AS_POINTS,
    Placements,
    PositionOptions,
    deconvolve_placements,
    place_events,
)

__all__ = [
    "NOT_KNOWN",
    "SLACK_M",
    "Sample",
    "as_whole",
    "locate_segments",
    "order_segments",
    "read_errors",
    "read_side_known",
    "select_sample",
    "validate_within",
]

#: A chainage within this distance of an end of the border, or of a break, is at it, metres.
SLACK_M: Final = 1e-3

#: Word for the side of an event that its position does not decide.
NOT_KNOWN: Final = "not known"

#: Why a place of an event does not count, by `Sample.mark_outside`.
OUTSIDE: Final = ("beyond_end", "beyond_within_km", "other_bank")

#: Sums of shares within this of a whole number are it: rounding of as many as a million shares.
WHOLE: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Sample:
    """
    The events that count for a summary.

    There is one entry for each event, in the order of the table; an event that lasts has an entry in each
    of several periods that it touches. Use `select_sample` to create one.
    """

    #: Row of the table of each entry, by position.
    rows: Ints
    #: Chainage of each entry, geodesic metres within the border.
    chainage_m: Floats
    #: Weight of each entry: 1, or 0 where it repeats another one (`distinct`).
    weight: Floats
    #: Position of the period of each entry among `periods`; 0 where there is one period.
    period: Ints
    #: First and last chainage of the stretch that each entry is divided over, metres; equal for a point.
    from_m: Floats
    to_m: Floats
    #: Radius that holds 90 % of the position of each entry, metres; NaN where it is not known.
    error_m: Floats
    #: Number of rows that do not count, by reason; a row has one reason, the first that applies.
    left_out: dict[str, int]
    #: The border; None where segments came without it.
    border: Border | None
    #: The options.
    within_km: float | None
    bank: str | None
    distinct: str | None
    periods: Periods
    #: Sources of the events and of the line.
    sources: list[dict[str, str]] = field(default_factory=list)
    #: What the events are compared with: ``length``, ``catchment``, a column of segments; None for nothing.
    exposure: str | None = None
    #: Whether the side of each entry is known; None where `locate` was not asked.
    side_known: Bools | None = None
    #: Where the entries may be; None where points count as reported.
    placements: Placements | None = None
    #: How positions count.
    positions: PositionOptions = AS_POINTS

    @property
    def n_events(self) -> int | float:
        """Return the number of entries that count; expected, where they are more places than points."""
        if self.placements is None:
            return int((self.weight > 0).sum())
        return as_whole(float(self.weight @ self.share_inside()))

    @property
    def points_m(self) -> Floats:
        """
        Return the chainages of the entries that count, metres; an extended event is at its middle.

        Of events that are more places than points, those that more probably count than not, as reported.
        """
        if self.placements is None:
            return self.chainage_m[self.weight > 0]
        return self.chainage_m[(self.weight > 0) & (self.share_inside() > 0.5)]

    def mark_outside(self) -> Ints:
        """
        Return why places do not count, shape (rows, places) of the placements.

        Returns
        -------
        reason
            Position in `OUTSIDE`; -1 for a place that counts.
        """
        if self.placements is None:
            return np.empty((0, 0), dtype=np.int64)
        outside = np.full(self.placements.weight.shape, -1, dtype=np.int64)
        if self.bank is not None and self.border is not None:
            bank = (self.border.left, self.border.right).index(self.bank)
            outside[self.placements.bank_numbers() != bank] = OUTSIDE.index("other_bank")
        if self.within_km is not None:
            beyond = ~(np.abs(self.placements.offset_m) <= self.within_km * 1000.0)
            outside[beyond] = OUTSIDE.index("beyond_within_km")
        outside[self.placements.past_end] = OUTSIDE.index("beyond_end")
        return outside

    def share_inside(self) -> Floats:
        """Return the probability that each entry counts where it is; 1 for a point."""
        share = np.ones(len(self.rows))
        if self.placements is not None:
            shares = self.placements.share_rows(np.where(self.mark_outside() < 0, 0, -1))
            inside = np.zeros(len(self.placements.weight))
            inside[shares.row] = shares.share
            placed = self.placements.index >= 0
            share[placed] = inside[self.placements.index[placed]]
        return share

    def expect_outside(self) -> dict[str, float]:
        """Return the expected number of entries that do not count where they are, by reason."""
        losses = dict.fromkeys(OUTSIDE, 0.0)
        if self.placements is None:
            return losses
        shares = self.placements.share_rows(self.mark_outside())
        n_of_row = self.placements.count_rows(self.weight)
        lost = np.bincount(shares.cell, n_of_row[shares.row] * shares.share, minlength=len(OUTSIDE))
        return dict(zip(OUTSIDE, lost.tolist(), strict=True))

    def count_left_out(self) -> dict[str, float]:
        """Return the number of rows that do not count, by reason, and of places the expected number."""
        together: dict[str, float] = {**self.left_out}
        for reason, lost in self.expect_outside().items():
            if lost:
                together[reason] = as_whole(together.get(reason, 0) + lost)
        return together

    def as_points(self) -> Sample:
        """Return the sample with points for places, where all of these are known exactly; else itself."""
        if self.placements is None or (self.placements.weight.max(axis=1, initial=0.0) < 1.0).any():
            return self
        counts_here = self.share_inside() > 0
        parts = {
            name: getattr(self, name)[counts_here]
            for name in ("rows", "chainage_m", "weight", "period", "from_m", "to_m", "error_m")
        }
        known = None if self.side_known is None else self.side_known[counts_here]
        left_out = {reason: round(count) for reason, count in self.count_left_out().items()}
        return replace(self, **parts, side_known=known, placements=None, left_out=left_out)

    def list_places(self, weight: Floats) -> tuple[Floats, Floats]:
        """
        Return the places that count, and how many entries are at each.

        Parameters
        ----------
        weight
            How much each entry counts; an entry along the border counts at its middle.

        Returns
        -------
        places_m, counts
            Distinct chainages, metres, ascending.
        """
        firm = weight > 0
        if self.placements is not None:
            firm &= self.placements.index < 0
        places, counts = [self.chainage_m[firm]], [weight[firm]]
        if self.placements is not None:
            n_of_place = self.placements.count_rows(weight)[:, None] * self.placements.weight
            used = (n_of_place > 0) & (self.mark_outside() < 0)
            places.append(self.placements.chainage_m[used])
            counts.append(n_of_place[used])
        distinct, place = np.unique(np.concatenate(places), return_inverse=True)
        together = np.bincount(place, np.concatenate(counts), minlength=len(distinct))
        return distinct, together.astype(np.float64)

    def draw_chainages(self, n_draws: int, rng: np.random.Generator) -> Floats:
        """
        Draw the chainage of each entry that counts.

        Parameters
        ----------
        n_draws
            Number of draws, where places are spread.
        rng
            Random generator.

        Returns
        -------
        chainage_m
            Shape (draws, entries), metres; NaN for a place that does not count. One draw where every position
            is known exactly.
        """
        counted = np.flatnonzero(self.weight > 0)
        if self.placements is None:
            return self.chainage_m[None, counted]
        row = self.placements.index[counted]
        placed = row >= 0
        chainage = np.where(self.mark_outside() < 0, self.placements.chainage_m, np.nan)
        place = self.placements.choose_places(row[placed], n_draws, rng)
        drawn = np.repeat(self.chainage_m[counted][:, None], place.shape[1], axis=1)
        drawn[placed] = np.take_along_axis(chainage[row[placed]], place, axis=1)
        same = (drawn == drawn[:, :1]) | (np.isnan(drawn) & np.isnan(drawn[:, :1]))
        return drawn.T[:1] if same.all() else drawn.T

    def split_places(self, group: Ints) -> tuple[Sample, Ints]:
        """
        Return the sample with places by group, after deconvolution where it was asked for.

        Parameters
        ----------
        group
            Group of each entry; each is deconvolved by itself.

        Returns
        -------
        sample
            A row of its placements belongs to entries of one group.
        group_of_row
            Group of each row.
        """
        if self.placements is None or self.border is None:
            return self, np.empty(0, dtype=np.int64)
        placements, group_of_row = self.placements.split_by(group)
        if self.positions.deconvolve:
            placements = deconvolve_placements(
                placements,
                placements.count_rows(self.weight),
                group_of_row,
                length_m=self.border.length_m,
                steps=self.positions.deconvolve,
            )
        return replace(self, placements=placements), group_of_row

    def catchment(self) -> Catchment | None:
        """Return the land that the events are compared with; None where it is something else."""
        if self.exposure != "catchment" or self.border is None or self.within_km is None:
            return None
        return catchment_of(self.border, within_km=self.within_km, bank=self.bank)

    def without(self, reason: str, mask: Bools) -> Sample:
        """
        Return the sample without some of its entries.

        Parameters
        ----------
        reason
            Why they are left out.
        mask
            Entries to leave out.

        Returns
        -------
        sample
            The other entries; those left out are added to ``left_out``.
        """
        gone = self.left_out.get(reason, 0) + int((mask & (self.weight > 0)).sum())
        kept = ~mask
        parts = {
            name: getattr(self, name)[kept]
            for name in ("rows", "chainage_m", "weight", "period", "from_m", "to_m", "error_m")
        }
        if self.side_known is not None:
            parts["side_known"] = self.side_known[kept]
        if self.placements is not None:
            parts["placements"] = self.placements.take(kept)
        return replace(self, **parts, left_out={**self.left_out, reason: gone})

    def shares(
        self, start_m: Floats, end_m: Floats, *, entries: Ints | None = None
    ) -> tuple[Ints, Ints, Floats]:
        """
        Divide the entries over segments.

        Parameters
        ----------
        start_m, end_m
            Ends of the segments, metres, in any order, without overlaps; half open, the last one closed.
        entries
            Entries to divide; all by default.

        Returns
        -------
        entry, segment, share
            One element for each entry and segment it has a part in. A point has the share 1 in one segment;
            the shares of a stretch add up to the part of it that the segments cover.
        """
        chosen = np.ones(len(self.rows), dtype=np.bool_)
        if entries is not None:
            chosen[:] = False
            chosen[entries] = True
        segment = locate_segments(self.chainage_m, start_m, end_m)
        long = np.flatnonzero(chosen & (self.to_m > self.from_m))
        point = chosen & (segment >= 0)
        point[long] = False
        parts, segments, shares = [np.flatnonzero(point)], [segment[point]], [np.ones(int(point.sum()))]
        for entry in long:
            low, high = self.from_m[entry], self.to_m[entry]
            covered = np.minimum(end_m, high) - np.maximum(start_m, low)
            touched = np.flatnonzero(covered > 0)
            parts.append(np.full(len(touched), entry))
            segments.append(touched)
            shares.append(covered[touched] / (high - low))
        return np.concatenate(parts), np.concatenate(segments), np.concatenate(shares)

    def facts(self) -> dict[Hashable, Any]:
        """Return the ``attrs`` of a result: border, sources, counts and options of the sample."""
        return {
            **({} if self.border is None else {"border": self.border.identity}),
            "sources": self.sources,
            "n_events": self.n_events,
            "left_out": self.count_left_out(),
            "within_km": self.within_km,
            "bank": self.bank,
            "distinct": self.distinct,
            "period": {name: period.iso for name, period in self.periods.named.items()},
            "period_from": "caller" if self.periods.given else "data",
            **({} if self.exposure is None else {"exposure": self.exposure}),
            **self._position_facts(),
        }

    def _position_facts(self) -> dict[Hashable, Any]:
        if self.placements is None:
            return {"positions": self.positions.kind}
        losses = self.expect_outside()
        options = self.positions
        return {
            "positions": options.kind,
            **({"draws": options.draws, "seed": options.seed} if options.kind == "impute" else {}),
            **({"deconvolve": options.deconvolve} if options.deconvolve else {}),
            "n_expected": float(self.n_events),
            "expected_beyond_km": losses["beyond_within_km"],
            "expected_past_end": losses["beyond_end"],
            **({} if self.bank is None else {"expected_other_bank": losses["other_bank"]}),
        }

    def describe_positions(self) -> str:
        """Return how positions count, in a sentence after a space; empty where points count as reported."""
        options = self.positions
        if options.as_points:
            return ""
        if options.kind == "impute":
            return (
                f" Positions were imputed: {options.draws} draws of all positions, in which events share the "
                "displacement of the line; limits are averaged over them."
            )
        again = f", then weighed by {options.deconvolve} EM steps" if options.deconvolve else ""
        return (
            f" Events count by the probability of each place where they may have been (spread){again}; "
            "limits are averaged over what may have been counted."
        )

    def describe_filters(self) -> str:
        """Return which events count, in words after a space; empty where all events with a chainage count."""
        near = "" if self.within_km is None else f" within {self.within_km:g} km of the line"
        bank = "" if self.bank is None else f" on the bank of {self.bank}"
        period = ""
        if self.periods.given and not self.periods.apart and self.periods.only is not None:
            period = f" from {self.periods.only.text}"
        once = "" if self.distinct is None else f", each {self.distinct} once,"
        return f"{near}{bank}{period}{once}"


def select_sample(  # noqa: PLR0913 - every choice of which events count
    events: pd.DataFrame,
    border: Border | None,
    *,
    verb: str,
    within_km: float | None = None,
    bank: str | None = None,
    distinct: str | None = None,
    period: PeriodsOption | None = None,
    several: bool = False,
    dated: bool = False,
    segments: pd.DataFrame | None = None,
    groups: Ints | None = None,
    without: Mapping[str, Bools] | None = None,
    periods: Periods | None = None,
    compared: bool = False,
    exposure: str | None = None,
    columns: Collection[object] | None = None,
    positions: PositionOptions = AS_POINTS,
) -> Sample:
    """
    Select the events that count, and count the others by reason.

    Parameters
    ----------
    events
        Events after `locate`: ``chainage_m``, ``distance_m``, ``beyond_end``; with `bank` also ``side``;
        with a period or ``"place-day"`` also ``event_date``.
    border
        The border they were located on; None where it is not known.
    verb
        Name of the public function, for messages.
    within_km
        Leave out events farther than this from the line, geodesic kilometres. By default there is
        no limit.
    bank
        Country whose bank alone counts, ISO 3166-1 alpha-3 or alpha-2. By default both banks count.
        Events on the line itself are on neither.
    distinct
        ``"place-day"`` counts the events at one place on one day once, ``"place"`` the events at one
        place once. By default every event counts.
    period
        Days in which events count, see `read_period` and, with `several`, `read_periods`; None for all.
    several
        Whether several periods are allowed.
    dated
        Whether an event needs a date to count.
    segments
        Leave out events outside all of these stretches.
    groups
        Group of each row; an event repeats only events of its group.
    without
        More rows that do not count, by reason.
    periods
        Periods already read, instead of `period`.
    compared
        Whether the events are compared with an exposure.
    positions
        How positions count. Where they are spread or imputed, an event counts by the share of its places
        that do, and no event is left out for one place.
    exposure, columns
        What with, and the columns of the segments that may serve; see `choose_exposure`.

    Returns
    -------
    sample
        Reasons are ``no_chainage``, ``beyond_end``, ``beyond_within_km``, ``too_vague`` (events located by
        name alone, less precisely than `within_km`; where there are any), ``other_bank`` and, where the table
        says so, ``side_not_known`` with a bank,
        ``outside_segments`` with segments, ``no_date`` and ``outside_period`` with a period, those of
        `without`, and ``same_place`` or ``same_place_day`` with `distinct`.

    Raises
    ------
    TableError
        If a column is missing, or the events were located on another border.
    OptionError
        If an option is of the wrong kind, out of range or unknown.
    MeasureError
        If a chainage lies off the border.
    """
    require_table(events)
    bank = validate_bank(bank, border) if border is not None else bank
    needed = ["chainage_m", "distance_m", "beyond_end", *(["side"] if bank else [])]
    require_columns(events, needed, verb=verb, remedy="run locate first")
    within_km = validate_within(within_km)
    validate_distinct(distinct)
    kind = choose_exposure(exposure, within_km, columns=columns) if compared else None
    if border is not None:
        _require_same_border(events, border, verb)
    chainage = numbers_of(events, "chainage_m")
    reasons = _mark_by_place(events, chainage, within_km, bank)
    if segments is not None:
        reasons["outside_segments"] = _mark_outside_segments(events, chainage, segments)
    placements, reasons = _place_rows(events, border, chainage, reasons, positions, verb)
    placed = ~np.logical_or.reduce(list(reasons.values()))
    placed &= _count_somewhere(placements, border, within_km, bank)
    if periods is None:
        periods = _read_period_option(events, period, placed, several=several, dated=dated, verb=verb)
    if periods.given or dated:
        reasons |= _mark_by_time(periods, dated=dated)
    reasons |= without or {}
    left_out: dict[str, int] = {}
    kept = np.ones(len(events), dtype=np.bool_)
    for reason, mask in reasons.items():
        left_out[reason] = int((kept & mask).sum())
        kept &= ~mask
    if border is not None:
        _require_on_border(events, chainage, kept, border, verb)
        chainage = np.clip(chainage, 0.0, border.length_m)
    rows, period_of = periods.occurrences(np.flatnonzero(kept))
    weight = np.ones(len(rows))
    if distinct is not None:
        group = period_of if groups is None else groups[rows] * max(len(periods.named), 1) + period_of
        repeated = _mark_repeats(events, rows, distinct, periods, group, verb)
        weight[repeated] = 0.0
        left_out[f"same_{distinct.replace('-', '_')}"] = int(repeated.sum())
    start, end = _find_stretches(events, rows, chainage[rows])
    known = read_side_known(events)
    sources = cited(events.attrs) if border is None else cited(events.attrs, border.source)
    return Sample(
        rows,
        chainage[rows],
        weight,
        period_of,
        start,
        end,
        read_errors(events)[rows],
        left_out,
        border,
        within_km,
        bank,
        distinct,
        periods,
        sources,
        kind,
        None if known is None else known[rows],
        None if placements is None else placements.take(rows),
        positions,
    )


def _mark_repeats(
    events: pd.DataFrame, rows: Ints, distinct: str, periods: Periods, group: Ints, verb: str
) -> Bools:
    """Return which events repeat an earlier one of their group."""
    days = None
    if distinct == "place-day":
        days = periods.days or event_days(events, verb=verb)
    return find_repeats(events, rows, days, group)


def as_whole(number: float) -> int | float:
    """Return a sum of shares as a whole number where it is one, but for rounding."""
    return round(number) if abs(number - round(number)) < WHOLE else number


def _place_rows(
    events: pd.DataFrame,
    border: Border | None,
    chainage: Floats,
    reasons: dict[str, Bools],
    positions: PositionOptions,
    verb: str,
) -> tuple[Placements | None, dict[str, Bools]]:
    """Return where events may be, and the reasons that remain: places decide those of place by shares."""
    if positions.as_points:
        return None, reasons
    if border is None:
        raise TableError(
            f"{verb}: positions={positions.kind!r} needs the border, and the tables do not carry it; "
            "give border=, or locate the events again."
        )
    rows = np.arange(len(events))
    start, end = _find_stretches(events, rows, chainage)
    # An event along the border, or an area, counts as it does without an error.
    firm = (end > start) | ~_mark_points(events)
    placements = place_events(events, border, rows, firm | np.isnan(chainage), positions, verb=verb)
    by_place = {"beyond_end", "beyond_within_km", "too_vague", "other_bank", "outside_segments"}
    left = {reason: mask & firm if reason in by_place else mask for reason, mask in reasons.items()}
    lost = (placements.index < 0) & ~firm & ~left["no_chainage"]
    left |= {"no_position": lost} if lost.any() else {}
    return placements, {reason: mask for reason, mask in left.items() if reason != "too_vague" or mask.any()}


def _mark_points(events: pd.DataFrame) -> Bools:
    """Return which events are points; without geometries all are taken for points."""
    if not isinstance(events, gpd.GeoDataFrame) or events.active_geometry_name is None:
        return np.ones(len(events), dtype=np.bool_)
    return np.asarray(shapely.get_type_id(events.geometry.to_numpy()) == shapely.GeometryType.POINT)


def _count_somewhere(
    placements: Placements | None, border: Border | None, within_km: float | None, bank: str | None
) -> Bools | np.bool_:
    """Return which events have a place that counts; True where points count as reported."""
    if placements is None or border is None:
        return np.True_
    inside = ~placements.past_end
    if within_km is not None:
        inside &= np.abs(placements.offset_m) <= within_km * 1000.0
    if bank is not None:
        inside &= placements.bank_numbers() == (border.left, border.right).index(bank)
    some = (inside & (placements.weight > 0)).any(axis=1)
    return np.asarray((placements.index < 0) | np.append(some, False)[placements.index])


def validate_within(within_km: object) -> float | None:
    """
    Validate the distance within which events count.

    Parameters
    ----------
    within_km
        Kilometres; None for no limit.

    Returns
    -------
    within_km
        Kilometres, 0 or more; or None.

    Raises
    ------
    OptionError
        If it is negative, infinite, or not a number.
    """
    if within_km is None:
        return None
    wanted = "a number of kilometres from 0, or None for no limit"
    number = validate_number(within_km, "within_km", wanted)
    if number < 0:
        raise OptionError(f"within_km must be {wanted}, not {within_km!r}.")
    return number


def order_segments(start_m: Floats, end_m: Floats) -> Ints:
    """
    Return the order of segments along the border.

    Parameters
    ----------
    start_m, end_m
        Ends of the segments, metres, in any order, with gaps if need be.

    Returns
    -------
    order
        Positions.

    Raises
    ------
    TableError
        If two segments overlap.
    """
    order = np.argsort(start_m, kind="stable")
    if (start_m[order][1:] < end_m[order][:-1] - SLACK_M).any():
        raise TableError(
            "The segments overlap, so an event could count twice; cut the border again with segment."
        )
    return order


def locate_segments(chainage_m: Floats, start_m: Floats, end_m: Floats) -> Ints:
    """
    Return the segment that each chainage lies in.

    Parameters
    ----------
    chainage_m
        Metres; NaN lies in none.
    start_m, end_m
        Ends of the segments, metres, in any order, gaps allowed; half open, the last one closed.

    Returns
    -------
    segment
        Positions; -1 where there is none.

    Raises
    ------
    TableError
        If two segments overlap.
    """
    order = order_segments(start_m, end_m)
    start, end = start_m[order], end_m[order]
    if not len(order):
        return np.full(len(chainage_m), -1, dtype=np.int64)
    known = np.nan_to_num(chainage_m)
    place = np.searchsorted(start, known + SLACK_M, side="right") - 1
    inside = np.clip(place, 0, None)
    outside = (place < 0) | (known > end[inside] + SLACK_M) | np.isnan(chainage_m)
    return np.where(outside, -1, order[inside])


def _require_same_border(events: pd.DataFrame, border: Border, verb: str) -> None:
    of_events = events.attrs.get("border")
    if of_events and of_events != border.identity:
        located_on, asked = distinguish_borders(of_events, border.identity)
        raise TableError(
            f"{verb}: the events were located on {located_on}, not on {asked}; locate them again."
        )


def _mark_by_place(
    events: pd.DataFrame, chainage: Floats, within_km: float | None, bank: str | None
) -> dict[str, Bools]:
    reasons = {
        "no_chainage": np.isnan(chainage),
        "beyond_end": events["beyond_end"].to_numpy(dtype=np.bool_, na_value=False),
        "beyond_within_km": np.zeros(len(events), dtype=np.bool_),
    }
    if within_km is not None:
        reasons["beyond_within_km"] = ~(numbers_of(events, "distance_m") <= within_km * 1000.0)
        vague = _mark_vague(events, within_km)
        reasons |= {"too_vague": vague} if vague.any() else {}
    if bank is not None:
        known = read_side_known(events)
        reasons |= {} if known is None else {"side_not_known": ~known}
        reasons["other_bank"] = ~(events["side"] == bank).to_numpy(dtype=np.bool_, na_value=False)
    return reasons


def read_side_known(events: pd.DataFrame) -> Bools | None:
    """
    Return which events have a side that is known, as `locate` says with a level.

    Parameters
    ----------
    events
        Events after `locate`.

    Returns
    -------
    known
        False also where it is missing; None where the table does not say.
    """
    if "side_known" not in events.columns:
        return None
    return events["side_known"].to_numpy(dtype=np.bool_, na_value=False)


def read_errors(events: pd.DataFrame) -> Floats:
    """
    Return the radius that holds 90 % of the position of each event.

    Parameters
    ----------
    events
        Events.

    Returns
    -------
    error_m
        Metres; NaN where it is missing, negative or infinite, and in a table without the column.
    """
    if "location_error_m" not in events.columns:
        return np.full(len(events), np.nan)
    error = pd.to_numeric(events["location_error_m"], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isfinite(error) & (error >= 0), error, np.nan)


def _mark_vague(events: pd.DataFrame, within_km: float) -> Bools:
    """
    Mark the events located by name alone whose place is not known to within `within_km`.

    The name of a province gives a point in its middle, or along its border, with an error of tens of
    kilometres: good enough to draw, too vague to count in a stretch.
    """
    if not {"geocoded_by", "location_error_m"} <= set(events.columns):
        return np.zeros(len(events), dtype=np.bool_)
    error = read_errors(events)
    named = (events["geocoded_by"] == "gazetteer").to_numpy(dtype=np.bool_, na_value=False)
    return named & (error > within_km * 1000.0)


def _mark_outside_segments(events: pd.DataFrame, chainage: Floats, segments: pd.DataFrame) -> Bools:
    """Mark the events that have no part in any segment."""
    start, end = (segments[name].to_numpy(dtype=np.float64) for name in ("from_m", "to_m"))
    outside = locate_segments(chainage, start, end) < 0
    low, high = _find_stretches(events, np.arange(len(events)), chainage)
    for row in np.flatnonzero(high > low):
        outside[row] = not ((start < high[row]) & (end > low[row])).any()
    return outside


def _find_stretches(events: pd.DataFrame, rows: Ints, chainage: Floats) -> tuple[Floats, Floats]:
    """Return the stretch that each event is shared out over; a point is its own."""
    if not {"shared_m", "from_m", "to_m"} <= set(events.columns):
        return chainage, chainage
    shared, first, last = (numbers_of(events, name)[rows] for name in ("shared_m", "from_m", "to_m"))
    # An area is abreast of more border than it shares; its chainage is half way along what it shares.
    latest = np.maximum(last - shared, first)
    start = np.minimum(np.maximum(chainage - shared / 2, first), latest)
    runs_along = shared > 0
    return np.where(runs_along, start, chainage), np.where(runs_along, start + shared, chainage)


def _read_period_option(
    events: pd.DataFrame,
    period: PeriodsOption | None,
    placed: Bools,
    *,
    several: bool,
    dated: bool,
    verb: str,
) -> Periods:
    if several:
        return read_periods(events, period, placed, verb=verb)
    if period is None and not dated:
        return Periods({}, apart=False, given=False, days=None)
    days = event_days(events, verb=verb)
    if period is None:
        return Periods({}, apart=False, given=False, days=days)
    read: Period = read_period(period, days, name="period")
    return Periods({"": read}, apart=False, given=True, days=days)


def _mark_by_time(periods: Periods, *, dated: bool) -> dict[str, Bools]:
    days: EventDays | None = periods.days
    if days is None:
        return {}
    missing = days.missing
    if not periods.given:
        return {"no_date": missing} if dated else {}
    touched = np.zeros(len(missing), dtype=np.bool_)
    for period in periods.named.values():
        touched |= period.touches(days)
    return {"no_date": missing, "outside_period": ~touched & ~missing}


def _require_on_border(
    events: pd.DataFrame, chainage: Floats, kept: Bools, border: Border, verb: str
) -> None:
    off = kept & ((chainage < -SLACK_M) | (chainage > border.length_m + SLACK_M))
    if off.any():
        row = int(np.argmax(off))
        raise MeasureError(
            f"{verb}: row {events.index[row]!r} has chainage {chainage[row]:.3f} m, but the border runs "
            f"from 0 to {border.length_m:.3f} m; locate the events on this border."
        )
