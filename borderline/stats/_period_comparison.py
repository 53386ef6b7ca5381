"""Compare the events of each segment in one period with those in another."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import special

from .._constants import Floats, Ints
from ..border import describe_border
from ..errors import OptionError
from ..options import validate_level, validate_seed, validate_word
from ..provenance import cited
from ..schema import require_columns
from ._count_limits import find_rising
from ._exposure import resolve_border
from ._false_discovery import FDR_METHODS, q_values
from ._period import Period, PeriodOption, Periods, event_days, read_period
from ._placements import DRAWS, PositionOptions, validate_positions
from ._sample import Sample, as_whole, locate_segments, select_sample
from ._vague_counts import VagueNote, count_vague, format_count, mark_vague, vague_column

__all__ = ["compare_periods"]

#: Rounding of a mean of probabilities.
ROUNDING: Final = 1e-12


def compare_periods(  # noqa: PLR0913 - each option is one choice of the method
    events: pd.DataFrame,
    segments: gpd.GeoDataFrame,
    before: PeriodOption,
    after: PeriodOption,
    *,
    within_km: float | None = None,
    bank: str | None = None,
    distinct: str | None = None,
    fdr: str = "bh",
    level: float = 0.95,
    positions: str = "points",
    draws: int = DRAWS,
    seed: int | None = 0,
) -> gpd.GeoDataFrame:
    """
    Compare the events of each segment in one period with those in another.

    Two questions are answered for each segment. Did the rate change? Given the number of events in both
    periods together, the number in the later one is binomial, so the limits of the rate ratio are exact
    [1]_. Did events move here, or away? Fisher's exact test compares the segment with all the others, so
    a change of the whole border cancels out.

    Parameters
    ----------
    events
        Events after `locate`, with ``event_date``.
    segments
        Stretches of the same border, from `segment`.
    before
        The earlier period: a day (``"2025-07-24"``), a month (``"2025-07"``), a year (``"2025"``), or a
        pair of a first and a last day, both included; None on either side is the first or last day of the
        data. An event that lasts (``event_date_end``) counts in each period that it touches.
    after
        The later period, in the same form; the two must not overlap.
    within_km
        Leave out events farther than this from the line, geodesic kilometres. By default there is
        no limit.
    bank
        Country whose bank alone counts, ISO 3166-1 alpha-3 or alpha-2. By default both banks count.
    distinct
        ``"place-day"`` counts the events at one place on one day once, ``"place"`` the events at one
        place once. By default every event counts. Each period is counted by itself. The tests assume
        independent events; reports from one place on one day are not independent.
    fdr
        Control of the false-discovery rate over segments: ``"bh"`` (Benjamini and Hochberg) or ``"by"``
        (Benjamini and Yekutieli), which holds under any dependence and finds less.
    level
        Confidence level of the limits, between 0 and 1.
    positions
        ``"points"`` counts each event where its point is. ``"spread"`` counts it by the probability of each
        place where it may have been; ``"impute"`` draws all positions together, so that events at one place
        share the displacement of the line. With either, the tails of limits and p-values are averaged over
        draws of positions (independent ones for ``"spread"``), and no event is left out because its place is
        vague.
    draws
        Number of these draws, 2 or more.
    seed
        Seed of these draws. The same seed gives the same result.

    Returns
    -------
    compared
        `segments` with ``n_before``, ``n_after``; ``n_vague_before``, ``n_vague_after``, the events of these
        whose position error (``location_error_m``, 90 %) exceeds the length of the segment, missing where no
        error is known; with positions that are spread or imputed expected counts, with limits of the counts
        that happened, ``n_before_low``, ``n_before_high``, ``n_after_low``, ``n_after_high``;
        ``rate_ratio`` (after over before, per day),
        ``rate_ratio_low``, ``rate_ratio_high``, ``p_value``, ``q_value``; ``share_before``,
        ``share_after`` (of all events of the period), ``p_moved``, ``q_moved``. A ratio is infinite where
        there were no events before. Where there are none in either period, the ratio and the p-values are
        missing, the limits are 0 and infinity, and the segment is left out of the false-discovery control.
        P-values are two-sided: twice the smaller tail. ``attrs["left_out"]`` counts the events left out,
        by reason; ``attrs["overall"]`` holds the ratio of the whole border with its limits.

    Raises
    ------
    TableError
        If a column is missing, segments overlap, or events and segments are of different borders.
    OptionError
        If a period cannot be read or has no days, the two overlap, or another option is of the wrong kind,
        out of range or unknown.
    MeasureError
        If a chainage lies off the border.

    Warns
    -----
    PositionWarning
        If most of the events that count as points are vaguer than what they are counted in. With positions
        that are spread or imputed, if events have no error or are set aside.

    References
    ----------
    .. [1] J. Przyborowski and H. Wilenski, "Homogeneity of results in testing samples
       from Poisson series", Biometrika 31 (1940), 313-323.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.load_incidents().pipe(bl.locate, border)
    >>> compared = bl.compare_periods(
    ...     events, bl.segment(border, every_km=50), "2025-07", "2025-12", within_km=25
    ... )
    >>> int(compared["n_before"].sum()), int(compared["n_after"].sum())
    (44, 75)
    """
    validate_level(level)
    validate_word(fdr, "fdr", FDR_METHODS)
    placing = validate_positions(positions, draws=draws, seed=seed)
    border = resolve_border(events, segments, None, verb="compare_periods")
    require_columns(
        segments, ["from_m", "to_m", "length_km"], verb="compare_periods", remedy="segment makes them"
    )
    days = event_days(events, verb="compare_periods")
    spans = [read_period(before, days, name="before"), read_period(after, days, name="after")]
    if max(span.start for span in spans) <= min(span.end for span in spans):
        raise OptionError(
            f"before and after overlap, so an event would count twice: {spans[0].text}, {spans[1].text}."
        )
    sample = select_sample(
        events,
        border,
        verb="compare_periods",
        within_km=within_km,
        bank=bank,
        distinct=distinct,
        segments=segments,
        periods=Periods(
            dict(zip(("before", "after"), spans, strict=True)), apart=True, given=True, days=days
        ),
        positions=placing,
    )
    start, end = (segments[name].to_numpy(dtype=np.float64) for name in ("from_m", "to_m"))
    outside = locate_segments(sample.chainage_m, start, end) < 0
    if sample.placements is not None:
        outside &= sample.placements.index < 0
    sample = sample.without("outside_segments", outside)
    drawn_before, drawn_after = _count_draws(sample, start, end, placing)
    days_ratio = spans[1].days / spans[0].days
    result = segments.copy()
    vague = _add_counts(result, sample, start, end)
    n_before, n_after = (result[name].to_numpy() for name in ("n_before", "n_after"))
    if sample.placements is not None:
        for name, drawn in (("n_before", drawn_before), ("n_after", drawn_after)):
            limits = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0, method="inverted_cdf")
            result[f"{name}_low"], result[f"{name}_high"] = limits
    low, high = _ratio_limits(drawn_before, drawn_after, days_ratio, level)
    result["rate_ratio"], result["rate_ratio_low"], result["rate_ratio_high"] = (
        _compute_ratio(n_before, n_after, days_ratio),
        low,
        high,
    )
    result["p_value"] = _binomial_p_value(drawn_before, drawn_after, days_ratio)
    result["q_value"] = q_values(result["p_value"].to_numpy(), method=fdr)
    with np.errstate(invalid="ignore"):
        result["share_before"], result["share_after"] = n_before / n_before.sum(), n_after / n_after.sum()
    result["p_moved"] = _fisher_p_value(drawn_before, drawn_after)
    result["q_moved"] = q_values(result["p_moved"].to_numpy(), method=fdr)
    sums = np.array([n_before.sum()]), np.array([n_after.sum()])
    drawn_sums = drawn_before.sum(axis=1, keepdims=True), drawn_after.sum(axis=1, keepdims=True)
    whole = (_compute_ratio(*sums, days_ratio), *_ratio_limits(*drawn_sums, days_ratio, level))
    result.attrs = {
        **segments.attrs,
        **sample.facts(),
        "sources": cited({"sources": [*cited(segments.attrs), *cited(events.attrs)]}),
        "computed_from": {"events": len(events), "segments": len(segments)},
        "level": level,
        **vague.facts(),
        "fdr": fdr,
        "overall": dict(
            zip(("rate_ratio", "low", "high"), (float(value[0]) for value in whole), strict=True)
        ),
    }
    n_outside = float(sample.n_events) - float(n_before.sum() + n_after.sum())
    result.attrs["left_out"]["outside_segments"] += as_whole(n_outside)
    result.attrs["periods"] = result.attrs.pop("period")
    result.attrs["method"] = _describe_method(
        result.attrs, sample, spans, format_count(n_before.sum()), format_count(n_after.sum())
    )
    result.attrs["method"] += sample.describe_positions() + vague.sentence
    if placing.as_points:
        vague.warn_finer("compare_periods", "Compare longer segments.")
    return result


def _share_out(sample: Sample, start_m: Floats, end_m: Floats) -> tuple[Ints, Ints, Floats]:
    """
    Return the share of each entry in each segment: entries, segments, shares.

    An event along the border counts at its middle.
    """
    counted = np.flatnonzero(sample.weight > 0)
    segment = locate_segments(sample.chainage_m[counted], start_m, end_m)
    if sample.placements is None:
        return counted, segment, np.ones(len(counted))
    cell = locate_segments(sample.placements.chainage_m.ravel(), start_m, end_m)
    cell = np.where(sample.mark_outside() < 0, cell.reshape(sample.placements.weight.shape), -1)
    firm = sample.placements.index[counted] < 0
    placed = counted[~firm]
    event, cells, share = sample.placements.share_rows(cell).expand(sample.placements.index[placed])
    return (
        np.concatenate([placed[event], counted[firm]]),
        np.concatenate([cells, segment[firm]]),
        np.concatenate([share, np.ones(int(firm.sum()))]),
    )


def _add_counts(result: gpd.GeoDataFrame, sample: Sample, start_m: Floats, end_m: Floats) -> VagueNote:
    """Add the events of each segment and period, and how many of them are vaguer than their segment."""
    entry, segment, share = _share_out(sample, start_m, end_m)
    whole = bool((share == 1.0).all())
    error = sample.error_m[entry]
    vague = mark_vague(error, (end_m - start_m)[segment])
    note = count_vague(error, vague, share, "the segment they are counted in")
    columns = {}
    for period, name in enumerate(("before", "after")):
        chosen = sample.period[entry] == period
        count = np.bincount(segment[chosen], share[chosen], minlength=len(start_m))
        columns[f"n_{name}"] = count.astype(np.int64) if whole else count
        n_vague = np.bincount(segment[chosen & vague], share[chosen & vague], minlength=len(start_m))
        columns[f"n_vague_{name}"] = vague_column(
            n_vague.astype(np.float64), known=note.n_vague is not None, whole=whole
        ).to_numpy()
    for name in ("n_before", "n_after", "n_vague_before", "n_vague_after"):
        result[name] = columns[name]
    return note


def _count_draws(
    sample: Sample, start_m: Floats, end_m: Floats, placing: PositionOptions
) -> tuple[Ints, Ints]:
    """
    Count the events of each segment in both periods, in each draw of positions; one draw of points.

    An event along the border counts at its middle.
    """
    chainage = sample.draw_chainages(placing.draws, validate_seed(placing.seed))
    period = sample.period[sample.weight > 0]
    counts = np.zeros((2, len(chainage), len(start_m)), dtype=np.int64)
    for draw, places in enumerate(chainage):
        segment = locate_segments(places, start_m, end_m)
        for number in (0, 1):
            chosen = segment[(segment >= 0) & (period == number)]
            counts[number, draw] = np.bincount(chosen, minlength=len(start_m))
    return counts[0], counts[1]


def _compute_ratio(n_before: Ints | Floats, n_after: Ints | Floats, days_ratio: float) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Floats = n_after / n_before / days_ratio
    return ratio


def _ratio_limits(n_before: Ints, n_after: Ints, days_ratio: float, level: float) -> tuple[Floats, Floats]:
    """Return limits of the rate ratio, from the exact binomial limits, with tails averaged over draws."""
    n_before, n_after = np.atleast_2d(n_before), np.atleast_2d(n_after)
    tail = (1.0 - level) / 2
    low, high = _binomial_limits(n_before[0], n_after[0], tail)
    if len(n_before) > 1:
        mixed = np.flatnonzero(((n_before != n_before[0]) | (n_after != n_after[0])).any(axis=0))
        low[mixed], high[mixed] = _mixed_limits(n_before[:, mixed], n_after[:, mixed], tail)
    with np.errstate(divide="ignore"):
        return low / (1 - low) / days_ratio, high / (1 - high) / days_ratio


def _binomial_limits(n_before: Ints, n_after: Ints, tail: float) -> tuple[Floats, Floats]:
    """Return exact limits of the later share of events (Clopper and Pearson)."""
    low = np.where(n_after > 0, special.betaincinv(np.maximum(n_after, 1), n_before + 1, tail), 0.0)
    high = np.where(n_before > 0, special.betainccinv(n_after + 1, np.maximum(n_before, 1), tail), 1.0)
    return low, high


def _mixed_limits(n_before: Ints, n_after: Ints, tail: float) -> tuple[Floats, Floats]:
    """Return limits of the later share whose tails, averaged over draws, are those of exact limits."""

    def reach(share: Floats) -> Floats:
        above = special.betainc(np.maximum(n_after, 1), n_before + 1, share)
        return np.asarray(np.where(n_after > 0, above, 1.0).mean(axis=0))

    def remain(share: Floats) -> Floats:
        above = special.betainc(n_after + 1, np.maximum(n_before, 1), share)
        return np.asarray(np.where(n_before > 0, above, 0.0).mean(axis=0))

    ends = np.zeros(n_before.shape[1]), np.ones(n_before.shape[1])
    low, high = (find_rising(rising, *ends, value) for rising, value in ((reach, tail), (remain, 1 - tail)))
    return np.where(reach(ends[0]) >= tail - ROUNDING, 0.0, low), np.where(
        remain(ends[1]) <= 1 - tail + ROUNDING, 1.0, high
    )


def _binomial_p_value(n_before: Ints, n_after: Ints, days_ratio: float) -> Floats:
    """Return twice the smaller binomial tail, averaged over draws, under the same rate in both periods."""
    n_before, n_after = np.atleast_2d(n_before), np.atleast_2d(n_after)
    share, total = days_ratio / (1 + days_ratio), n_before + n_after
    below = special.bdtr(n_after, total, share).mean(axis=0)
    above = np.where(n_after > 0, special.bdtrc(np.maximum(n_after, 1) - 1, total, share), 1.0).mean(axis=0)
    return np.where((total > 0).any(axis=0), np.minimum(1.0, 2 * np.minimum(below, above)), np.nan)


def _fisher_p_value(n_before: Ints, n_after: Ints) -> Floats:
    """Return twice the smaller hypergeometric tail, averaged over draws, under the same share of events."""
    n_before, n_after = np.atleast_2d(n_before), np.atleast_2d(n_after)
    from scipy import stats  # noqa: PLC0415 - slow to load

    here = n_before + n_after
    everywhere, later = here.sum(axis=1, keepdims=True), n_after.sum(axis=1, keepdims=True)
    if not everywhere.any():
        return np.full(here.shape[1], np.nan)
    # Most counts occur in many draws; a tail is computed once.
    codes = np.stack(np.broadcast_arrays(everywhere, later, here, n_after), axis=-1).reshape(-1, 4)
    distinct, place = np.unique(codes, axis=0, return_inverse=True)
    chance = stats.hypergeom(*distinct.T[:3])
    tails = [chance.cdf(distinct[:, 3]), chance.sf(distinct[:, 3] - 1)]
    below, above = (tail[place.ravel()].reshape(here.shape).mean(axis=0) for tail in tails)
    return np.where((here > 0).any(axis=0), np.minimum(1.0, 2 * np.minimum(below, above)), np.nan)


def _describe_method(
    facts: dict[Hashable, Any], sample: Sample, spans: list[Period], n_before: str, n_after: str
) -> str:
    out = format_count(sum(sample.count_left_out().values()))
    name = "Benjamini and Hochberg" if facts["fdr"] == "bh" else "Benjamini and Yekutieli"
    return (
        f"Events{sample.describe_filters()} were counted in {facts['computed_from']['segments']} segments of "
        f"{describe_border(facts.get('border'))}: {n_before} from {spans[0].text} ({spans[0].days} days), "
        f"{n_after} from {spans[1].text} ({spans[1].days} days); {out} of "
        f"{facts['computed_from']['events']} were left out. Ratios of rates per day have exact "
        f"conditional (binomial) limits at {facts['level'] * 100:g} %; moves are Fisher's exact test of "
        "each segment against the others. P-values are twice the smaller tail, with the false-discovery "
        f"rate after {name} over segments that have events."
    )
