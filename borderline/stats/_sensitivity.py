"""Test whether the same stretches have the highest rates however the border is cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import WGS84_CRS, Bools, Floats, Ints
from ..border import Border, require_border
from ..errors import OptionError
from ..options import validate_number, validate_numbers, validate_whole
from ._period import PeriodOption
from ._sample import SLACK_M, Sample, select_sample
from ._vague_counts import count_vague, mark_vague, vague_column

__all__ = ["density_sensitivity"]

#: Largest number of segments in a segmentation.
MOST_SEGMENTS: Final = 100_000


class _Cut(NamedTuple):
    """One segmentation of the border, with its counts and rates."""

    #: Length of a segment, kilometres.
    every_km: float
    #: Chainage of the start of the first full segment, kilometres.
    origin_km: float
    #: Breaks, metres.
    breaks: Floats
    #: Events of each segment.
    events: Ints
    #: Events per exposure of each segment.
    rate: Floats
    #: Rank of each rate; 1 is the highest.
    rank: Ints


def density_sensitivity(  # noqa: PLR0913 - each option is one choice of the method
    events: pd.DataFrame,
    border: Border,
    *,
    every_km: Sequence[float] = (10.0, 5.0, 20.0),
    origins: int = 4,
    top: float = 0.1,
    within_km: float | None = None,
    bank: str | None = None,
    distinct: str | None = None,
    period: PeriodOption | None = None,
    exposure: str | None = None,
) -> gpd.GeoDataFrame:
    """
    Cut the border at other lengths and origins, and compare which stretches have the highest rates.

    A rate per segment depends on where the segments happen to be cut. Each length of `every_km` is cut from
    each of several origins, rates are ranked in each segmentation, and the segments that make up the top
    share of the border are marked.

    Parameters
    ----------
    events
        Events after `locate`: ``chainage_m``, ``distance_m``, ``beyond_end``.
    border
        The border they were located on.
    every_km
        Lengths of segments, geodesic kilometres. The first, cut from the start of the border, is the
        reference that the others are compared with.
    origins
        Number of origins from which each length is cut, evenly spread over a segment.
    top
        Share of the length of the border that is on top: the segments of highest rate up to this share, at
        least one, none of them without events.
    within_km
        Leave out events farther than this from the line, geodesic kilometres. By default there is
        no limit.
    bank
        Country whose bank alone counts, ISO 3166-1 alpha-3 or alpha-2. By default both banks count.
    distinct
        ``"place-day"`` counts the events at one place on one day once, ``"place"`` the events at one
        place once. By default every event counts.
    period
        Days in which events count: a day (``"2025-07-24"``), a month (``"2025-07"``), a year
        (``"2025"``), or a pair of a first and a last day, both included; None on either side is the
        first or last day of the data. An event that lasts (``event_date_end``) counts in each period
        that it touches. By default every event counts, with or without a date.
    exposure
        What events are compared with: ``"length"`` of border, or ``"catchment"``, the land within
        `within_km` whose nearest point of the border it is. By default the catchment where
        `within_km` exceeds 1, else the length.

    Returns
    -------
    sensitivity
        The segments of the reference: ``from_m``, ``to_m``, ``length_km``, ``n_events``, ``n_vague``
        (events of these whose position error, ``location_error_m``, exceeds the length of the segment;
        missing where no error is known), ``rate``,
        ``rank_rate``, ``on_top`` (bool); ``share_on_top``, how much of the stretch the other segmentations
        have on top, from 0 to 1 (near 1, it is on top however the border is cut); ``rank_share_low`` and
        ``rank_share_high``, the best and worst rank of the segment that holds its middle over all
        segmentations, as a share of their number of segments; ``geometry`` (EPSG:4326).
        ``attrs["segmentations"]`` lists each other segmentation with ``overlap``, the length on top in both
        it and the reference over the length on top in either, and ``attrs["overlap"]`` is their mean.
        ``attrs["left_out"]`` counts the events left out, by reason.

    Raises
    ------
    TableError
        If a column is missing, or the events were located on another border.
    OptionError
        If an option is of the wrong kind, out of range or unknown.
    MeasureError
        If a chainage lies off the border.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.load_incidents().pipe(bl.locate, border)
    >>> ranked = bl.stats.density_sensitivity(events, border, within_km=25, exposure="length")
    >>> int(ranked["on_top"].sum()), len(ranked.attrs["segmentations"])
    (8, 11)
    """
    require_border(border, verb="density_sensitivity")
    _validate_cuts(every_km, origins, top, border.length_m)
    sample = select_sample(
        events,
        border,
        verb="density_sensitivity",
        within_km=within_km,
        bank=bank,
        distinct=distinct,
        period=period,
        compared=True,
        exposure=exposure,
    )
    cuts = [
        _cut_border(sample, border, float(length), shift * float(length) / origins)
        for length in every_km
        for shift in range(origins)
    ]
    result, others = _compare_cuts(cuts, top)
    result = gpd.GeoDataFrame(
        result,
        geometry=[border.slice(*ends) for ends in zip(result["from_m"], result["to_m"], strict=True)],
        crs=WGS84_CRS,
    )
    segment = np.searchsorted(cuts[0].breaks, sample.points_m + SLACK_M, side="right") - 1
    segment = np.clip(segment, 0, len(result) - 1)
    error = sample.error_m[sample.weight > 0]
    marked = mark_vague(error, np.diff(cuts[0].breaks)[segment])
    vague = count_vague(error, marked, np.ones(len(error)), "the segment they are counted in")
    n_vague = np.bincount(segment[marked], minlength=len(result)).astype(np.float64)
    column = vague_column(n_vague, known=vague.n_vague is not None).to_numpy()
    result.insert(result.columns.get_loc("n_events") + 1, "n_vague", column)
    overlap = float(np.mean([other["overlap"] for other in others])) if others else 1.0
    result.attrs = {
        **sample.facts(),
        "computed_from": {"events": len(events), "segmentations": len(cuts)},
        "top": top,
        "segmentations": others,
        "overlap": overlap,
        "method": (
            f"The border was cut into segments of {', '.join(f'{length:g}' for length in every_km)} km from "
            f"{origins} origins each; the segments of highest rate per "
            f"{'km' if sample.exposure == 'length' else 'km2 of the land nearest to them'} that make up "
            f"{top * 100:g} % of its length were compared with those of {every_km[0]:g} km from its "
            f"beginning; events{sample.describe_filters() or ' at any distance'} count. On average "
            f"{overlap * 100:.0f} % of the length on top in either is on top in both; "
            f"{sum(sample.left_out.values())} of {len(events)} events were left out.{vague.sentence}"
        ),
        **vague.facts(),
    }
    vague.warn_finer("density_sensitivity", "Cut longer segments.")
    return result


def _validate_cuts(every_km: object, origins: object, top: object, length_m: float) -> None:
    wanted = "a list of positive numbers of kilometres, such as [5, 10, 20]"
    lengths = validate_numbers(every_km, "every_km", wanted)
    if not lengths or min(lengths) <= 0:
        raise OptionError(f"every_km must be {wanted}, not {every_km!r}.")
    if length_m / (min(lengths) * 1000) > MOST_SEGMENTS:
        raise OptionError(
            f"every_km={min(lengths):g} makes over {MOST_SEGMENTS:,} segments; use longer ones."
        )
    validate_whole(origins, "origins", most=1_000)
    wanted = "a share of the border between 0 and 1"
    if not 0 < validate_number(top, "top", wanted) < 1:
        raise OptionError(f"top must be {wanted}, not {top!r}.")


def _cut_border(sample: Sample, border: Border, every_km: float, origin_km: float) -> _Cut:
    """Cut the border and rank the rates; an end piece shorter than half a segment joins its neighbour."""
    length, step = border.length_m, every_km * 1000.0
    inner = np.arange(origin_km * 1000.0, length, step)
    inner = inner[(inner >= step / 2) & (inner <= length - step / 2)]
    breaks = np.concatenate([[0.0], inner, [length]])
    place = np.searchsorted(breaks, sample.points_m + SLACK_M, side="right") - 1
    count = np.bincount(np.clip(place, 0, len(breaks) - 2), minlength=len(breaks) - 1).astype(np.int64)
    land = sample.catchment()
    exposure = np.diff(breaks) / 1000.0 if land is None else land.of_stretches(breaks[:-1], breaks[1:])
    rate = np.divide(count, exposure, out=np.zeros(len(count)), where=exposure > 0)
    rank = pd.Series(rate).rank(method="min", ascending=False).to_numpy().astype(np.int64)
    return _Cut(every_km, origin_km, breaks, count, rate, rank)


def _compare_cuts(cuts: list[_Cut], top: float) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Compare all segmentations with the first, on the pieces between the breaks of all of them."""
    first = cuts[0]
    every = np.unique(np.concatenate([cut.breaks for cut in cuts]))
    middle, size = (every[1:] + every[:-1]) / 2, np.diff(every)
    held = [np.searchsorted(cut.breaks, middle, side="right") - 1 for cut in cuts]
    tops = [_mark_top(cut, top)[segment] for cut, segment in zip(cuts, held, strict=True)]
    others = []
    for cut, on_top in zip(cuts[1:], tops[1:], strict=True):
        either = size[on_top | tops[0]].sum()
        overlap = float(size[on_top & tops[0]].sum() / either) if either else 1.0
        others.append({"every_km": cut.every_km, "origin_km": cut.origin_km, "overlap": overlap})
    length = np.diff(first.breaks)
    kept = [
        np.bincount(held[0], weights=size * on_top, minlength=len(length)) / length for on_top in tops[1:]
    ]
    centre = (first.breaks[1:] + first.breaks[:-1]) / 2
    ranks = np.array(
        [cut.rank[np.searchsorted(cut.breaks, centre, side="right") - 1] / len(cut.rank) for cut in cuts]
    )
    table = pd.DataFrame(
        {
            "from_m": first.breaks[:-1],
            "to_m": first.breaks[1:],
            "length_km": length / 1000.0,
            "n_events": first.events,
            "rate": first.rate,
            "rank_rate": first.rank,
            "on_top": _mark_top(first, top),
            "share_on_top": np.mean(kept, axis=0) if kept else _mark_top(first, top).astype(np.float64),
            "rank_share_low": ranks.min(axis=0),
            "rank_share_high": ranks.max(axis=0),
        },
        index=pd.RangeIndex(len(length), name="segment_id"),
    )
    return table, others


def _mark_top(cut: _Cut, top: float) -> Bools:
    """Return which segments of a segmentation are on top."""
    order = np.argsort(-cut.rate, kind="stable")
    upto = np.cumsum(np.diff(cut.breaks)[order])
    mark = upto <= top * cut.breaks[-1] + SLACK_M
    mark[:1] = True
    on_top = np.zeros(len(cut.rate), dtype=np.bool_)
    on_top[order[mark]] = True
    some: Bools = on_top & (cut.events > 0)
    return some
