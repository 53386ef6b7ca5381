"""The verb `density_sensitivity`: whether the same stretches stay on top, cut otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import WGS84_CRS, Bools, Floats, Ints
from ..border import Border, require_border
from ..errors import MeasureError
from ..options import is_one_of, validate_number, validate_numbers, validate_whole
from ..provenance import cited
from ._catchment import catchment_of
from ._sample import count_events, near_line, require_within

__all__ = ["density_sensitivity"]

#: Within this distance events gather at the line; farther off, bends decide how many.
NEAR_KM: Final = 1.0

#: Breaks compare with this slack, metres, as they do for events.
BREAK_SLACK_M: Final = 1e-3

#: More segments than this in a segmentation make no sense to rank.
MOST_SEGMENTS: Final = 100_000


class _Cut(NamedTuple):
    """One way of cutting the border, and what it finds."""

    #: Length of a segment, kilometres.
    every_km: float
    #: Where the first full segment starts, kilometres.
    origin_km: float
    #: Breaks, metres.
    breaks: Floats
    #: Events of each segment.
    events: Ints
    #: Events per exposure of each segment.
    rate: Floats
    #: Rank of each rate, 1 the highest.
    rank: Ints


def density_sensitivity(
    events: pd.DataFrame,
    border: Border,
    *,
    every_km: Sequence[float] = (10.0, 5.0, 20.0),
    origins: int = 4,
    top: float = 0.1,
    within_km: float | None = None,
    exposure: str | None = None,
) -> gpd.GeoDataFrame:
    """
    Cut the border in other lengths and from other origins, and see which stretches stay on top.

    A rate per segment depends on where the segments happen to be cut. Each length
    of `every_km` is cut from each of several origins, rates are ranked anew each
    time, and the segments that hold the top share of the border are marked.

    Parameters
    ----------
    events
        Events after `locate`: ``chainage_m``, ``distance_m``, ``beyond_end``.
    border
        The border they were located on.
    every_km
        Lengths of segments, geodesic kilometres. The first, cut from the border's beginning, is
        the reference that the others are compared with.
    origins
        From how many origins each length is cut, evenly spread over a segment.
    top
        Share of the border's length that is on top: the segments of highest rate
        (none of them without events) up to this share, always at least one.
    within_km
        Leave out events farther than this from the line, geodesic kilometres. By
        default there is no limit.
    exposure
        ``"length"``, or ``"catchment"``: the land within `within_km` nearest to each
        segment. By default the catchment once `within_km` exceeds 1, else length.

    Returns
    -------
    sensitivity
        The segments of the reference: ``from_m``, ``to_m``, ``length_km``, ``n_events``,
        ``rate``, ``rank_rate``, ``on_top`` (bool), ``share_on_top`` (of the other
        segmentations, how much of the stretch they have on top, from 0 to 1: near
        1, it is on top however the border is cut), ``rank_share_low`` and
        ``rank_share_high`` (best and worst rank over all segmentations of the segment
        that holds its middle, as a share of their number), ``geometry``.
        ``attrs["segmentations"]`` lists each other one with ``overlap``, the length on
        top in both it and the reference over that in either, and ``attrs["overlap"]``
        their mean. ``attrs["left_out"]`` counts the events left out, by reason.

    Raises
    ------
    TableError
        If a column is missing, or the events were located on another border.
    MeasureError
        If a length, `origins`, `top` or `within_km` is out of range, or `exposure` is
        unknown.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.load_incidents().pipe(bl.locate, border)
    >>> found = bl.stats.density_sensitivity(events, border, within_km=25, exposure="length")
    >>> int(found["on_top"].sum()), len(found.attrs["segmentations"])
    (8, 11)
    """
    require_border(border, verb="density_sensitivity")
    require_within(within_km)
    _check(every_km, origins, top, border.length_m)
    kind = exposure or ("catchment" if within_km is not None and within_km > NEAR_KM else "length")
    if not is_one_of(kind, {"length", "catchment"}):
        raise MeasureError(f"exposure is 'length' or 'catchment', not {exposure!r}.")
    if kind == "catchment" and within_km is None:
        raise MeasureError("The catchment needs within_km: how far from the line land counts.")
    counted = count_events(
        events,
        length_m=border.length_m,
        border=border.identity,
        within_km=within_km,
        verb="density_sensitivity",
    )
    land_km = within_km if kind == "catchment" else None
    cuts = [
        _cut(border, counted.chainage_m, float(length), at * float(length) / origins, land_km)
        for length in every_km
        for at in range(origins)
    ]
    result, others = _compare(cuts, top)
    result = gpd.GeoDataFrame(
        result,
        geometry=[border.slice(*ends) for ends in zip(result["from_m"], result["to_m"], strict=True)],
        crs=WGS84_CRS,
    )
    overlap = float(np.mean([each["overlap"] for each in others])) if others else 1.0
    result.attrs = {
        "border": border.identity,
        "sources": cited(events.attrs, border.source),
        "computed_from": {"events": len(events), "segmentations": len(cuts)},
        "left_out": counted.left_out,
        "within_km": within_km,
        "exposure": kind,
        "top": top,
        "segmentations": others,
        "overlap": overlap,
        "method": (
            f"The border was cut into segments of {', '.join(f'{length:g}' for length in every_km)} km from "
            f"{origins} origins each; the segments of highest rate per "
            f"{'km' if kind == 'length' else 'km2 of the land nearest to them'} that make up {top * 100:g} % "
            f"of its length were compared with those of {every_km[0]:g} km from its beginning; events"
            f"{near_line(within_km) or ' at any distance'} count. On average "
            f"{overlap * 100:.0f} % of the length on top in either is on top in both; "
            f"{sum(counted.left_out.values())} of {len(events)} events were left out."
        ),
    }
    return result


def _check(every_km: Sequence[float], origins: int, top: float, length_m: float) -> None:
    validate_numbers(every_km, "every_km", "a list of kilometres, such as [5, 10, 20]")
    validate_whole(origins, "origins")
    validate_number(top, "top", "a share of the border between 0 and 1")
    bad = [length for length in every_km if not (np.isfinite(length) and length > 0)]
    if bad or not len(every_km):
        raise MeasureError(f"every_km lists positive numbers of kilometres, not {list(every_km)}.")
    if length_m / (min(every_km) * 1000) > MOST_SEGMENTS:
        raise MeasureError(
            f"every_km={min(every_km)} makes over {MOST_SEGMENTS:,} segments; take longer ones."
        )
    if not 1 <= origins <= 1000:
        raise MeasureError(f"origins is a whole number from 1 to 1,000, not {origins}.")
    if not 0 < top < 1:
        raise MeasureError(f"top is a share of the border between 0 and 1, not {top}.")


def _cut(border: Border, chainage: Floats, every_km: float, origin_km: float, land_km: float | None) -> _Cut:
    """Cut the border; a piece at an end that is shorter than half a segment joins its neighbour."""
    length, step = border.length_m, every_km * 1000.0
    inner = np.arange(origin_km * 1000.0, length, step)
    inner = inner[(inner >= step / 2) & (inner <= length - step / 2)]
    breaks = np.concatenate([[0.0], inner, [length]])
    place = np.searchsorted(breaks, chainage + BREAK_SLACK_M, side="right") - 1
    count = np.bincount(np.clip(place, 0, len(breaks) - 2), minlength=len(breaks) - 1).astype(np.int64)
    if land_km is None:
        exposed = np.diff(breaks) / 1000.0
    else:
        exposed = catchment_of(border, within_km=land_km).of_stretches(breaks[:-1], breaks[1:])
    rate = np.divide(count, exposed, out=np.zeros(len(count)), where=exposed > 0)
    rank = pd.Series(rate).rank(method="min", ascending=False).to_numpy().astype(np.int64)
    return _Cut(every_km, origin_km, breaks, count, rate, rank)


def _compare(cuts: list[_Cut], top: float) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Hold all ways of cutting against the first, on the pieces between the breaks of all of them."""
    first = cuts[0]
    every = np.unique(np.concatenate([cut.breaks for cut in cuts]))
    middle, size = (every[1:] + every[:-1]) / 2, np.diff(every)
    held = [np.searchsorted(cut.breaks, middle, side="right") - 1 for cut in cuts]
    tops = [_on_top(cut, top)[at] for cut, at in zip(cuts, held, strict=True)]
    others = []
    for cut, mine in zip(cuts[1:], tops[1:], strict=True):
        either = size[mine | tops[0]].sum()
        overlap = float(size[mine & tops[0]].sum() / either) if either else 1.0
        others.append({"every_km": cut.every_km, "origin_km": cut.origin_km, "overlap": overlap})
    length = np.diff(first.breaks)
    kept = [np.bincount(held[0], weights=size * mine, minlength=len(length)) / length for mine in tops[1:]]
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
            "on_top": _on_top(first, top),
            "share_on_top": np.mean(kept, axis=0) if kept else _on_top(first, top).astype(np.float64),
            "rank_share_low": ranks.min(axis=0),
            "rank_share_high": ranks.max(axis=0),
        },
        index=pd.RangeIndex(len(length), name="segment_id"),
    )
    return table, others


def _on_top(cut: _Cut, top: float) -> Bools:
    """Tell which segments of a cut are on top."""
    order = np.argsort(-cut.rate, kind="stable")
    upto = np.cumsum(np.diff(cut.breaks)[order])
    mark = upto <= top * cut.breaks[-1] + BREAK_SLACK_M
    mark[:1] = True
    on_top = np.zeros(len(cut.rate), dtype=np.bool_)
    on_top[order[mark]] = True
    some: Bools = on_top & (cut.events > 0)
    return some
