"""Compare the events of each segment in one period with those in another."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import special

from .._constants import Floats, Ints
from ..border import describe_border
from ..errors import OptionError
from ..options import validate_level, validate_word
from ..provenance import cited
from ..schema import require_columns
from ._exposure import resolve_border
from ._false_discovery import FDR_METHODS, q_values
from ._period import Period, PeriodOption, Periods, event_days, read_period
from ._sample import Sample, locate_segments, select_sample
from ._vague_counts import VagueNote, count_vague, mark_vague, vague_column

__all__ = ["compare_periods"]


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

    Returns
    -------
    compared
        `segments` with ``n_before``, ``n_after``; ``n_vague_before``, ``n_vague_after``, the events of these
        whose position error (``location_error_m``, 90 %) exceeds the length of the segment, missing where no
        error is known; ``rate_ratio`` (after over before, per day),
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
    (41, 65)
    """
    validate_level(level)
    validate_word(fdr, "fdr", FDR_METHODS)
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
    )
    start, end = (segments[name].to_numpy(dtype=np.float64) for name in ("from_m", "to_m"))
    sample = sample.without("outside_segments", locate_segments(sample.chainage_m, start, end) < 0)
    n_before, n_after = _count_segments(sample, start, end)
    days_ratio = spans[1].days / spans[0].days
    result = segments.copy()
    result["n_before"], result["n_after"] = n_before, n_after
    vague = _add_vague(result, sample, start, end)
    low, high = _ratio_limits(n_before, n_after, days_ratio, level)
    result["rate_ratio"], result["rate_ratio_low"], result["rate_ratio_high"] = (
        _compute_ratio(n_before, n_after, days_ratio),
        low,
        high,
    )
    result["p_value"] = _binomial_p_value(n_before, n_after, days_ratio)
    result["q_value"] = q_values(result["p_value"].to_numpy(), method=fdr)
    with np.errstate(invalid="ignore"):
        result["share_before"], result["share_after"] = n_before / n_before.sum(), n_after / n_after.sum()
    result["p_moved"] = _fisher_p_value(n_before, n_after)
    result["q_moved"] = q_values(result["p_moved"].to_numpy(), method=fdr)
    sums = np.array([n_before.sum()]), np.array([n_after.sum()])
    whole = (_compute_ratio(*sums, days_ratio), *_ratio_limits(*sums, days_ratio, level))
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
    result.attrs["periods"] = result.attrs.pop("period")
    result.attrs["method"] = _describe_method(
        result.attrs, sample, spans, int(n_before.sum()), int(n_after.sum())
    )
    result.attrs["method"] += vague.sentence
    vague.warn_finer("compare_periods", "Compare longer segments.")
    return result


def _add_vague(result: gpd.GeoDataFrame, sample: Sample, start_m: Floats, end_m: Floats) -> VagueNote:
    """Add how many events of each period are vaguer than their segment."""
    segment = locate_segments(sample.chainage_m, start_m, end_m)
    vague = mark_vague(sample.error_m, (end_m - start_m)[segment])
    counted = count_vague(sample.error_m, vague, sample.weight, "the segment they are counted in")
    for period, name in enumerate(("n_vague_before", "n_vague_after")):
        counts = vague & (sample.weight > 0) & (sample.period == period)
        n_vague = np.bincount(segment[counts], minlength=len(start_m))
        result[name] = vague_column(n_vague, known=counted.n_vague is not None).to_numpy()
    return counted


def _count_segments(sample: Sample, start_m: Floats, end_m: Floats) -> tuple[Ints, Ints]:
    """Count the events of each segment in both periods; an event along the border counts at its middle."""
    segment = locate_segments(sample.chainage_m, start_m, end_m)
    n_before, n_after = (
        np.bincount(segment[(sample.weight > 0) & (sample.period == period)], minlength=len(start_m))
        for period in (0, 1)
    )
    return n_before.astype(np.int64), n_after.astype(np.int64)


def _compute_ratio(n_before: Ints, n_after: Ints, days_ratio: float) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Floats = n_after / n_before / days_ratio
    return ratio


def _ratio_limits(n_before: Ints, n_after: Ints, days_ratio: float, level: float) -> tuple[Floats, Floats]:
    """Return limits of the rate ratio, from the exact binomial limits of Clopper and Pearson."""
    tail = (1.0 - level) / 2
    low = np.where(n_after > 0, special.betaincinv(np.maximum(n_after, 1), n_before + 1, tail), 0.0)
    high = np.where(n_before > 0, special.betainccinv(n_after + 1, np.maximum(n_before, 1), tail), 1.0)
    with np.errstate(divide="ignore"):
        return low / (1 - low) / days_ratio, high / (1 - high) / days_ratio


def _binomial_p_value(n_before: Ints, n_after: Ints, days_ratio: float) -> Floats:
    """Return twice the smaller binomial tail, under the same rate in both periods."""
    share, total = days_ratio / (1 + days_ratio), n_before + n_after
    below = special.bdtr(n_after, total, share)
    above = np.where(n_after > 0, special.bdtrc(np.maximum(n_after, 1) - 1, total, share), 1.0)
    return np.where(total > 0, np.minimum(1.0, 2 * np.minimum(below, above)), np.nan)


def _fisher_p_value(n_before: Ints, n_after: Ints) -> Floats:
    """Return twice the smaller hypergeometric tail, under the same share of events in both periods."""
    from scipy import stats  # noqa: PLC0415 - slow to load

    here, everywhere, later = n_before + n_after, int((n_before + n_after).sum()), int(n_after.sum())
    if everywhere == 0:
        return np.full(len(n_before), np.nan)
    chance = stats.hypergeom(everywhere, later, here)
    tails = np.minimum(chance.cdf(n_after), chance.sf(n_after - 1))
    return np.where(here > 0, np.minimum(1.0, 2 * tails), np.nan)


def _describe_method(
    facts: dict[Hashable, Any], sample: Sample, spans: list[Period], n_before: int, n_after: int
) -> str:
    name = "Benjamini and Hochberg" if facts["fdr"] == "bh" else "Benjamini and Yekutieli"
    return (
        f"Events{sample.describe_filters()} were counted in {facts['computed_from']['segments']} segments of "
        f"{describe_border(facts.get('border'))}: {n_before} from {spans[0].text} ({spans[0].days} days), "
        f"{n_after} from {spans[1].text} ({spans[1].days} days); {sum(sample.left_out.values())} of "
        f"{facts['computed_from']['events']} were left out. Ratios of rates per day have exact "
        f"conditional (binomial) limits at {facts['level'] * 100:g} %; moves are Fisher's exact test of "
        "each segment against the others. P-values are twice the smaller tail, with the false-discovery "
        f"rate after {name} over segments that have events."
    )
