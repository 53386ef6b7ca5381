"""The verb `segment_shares`: in which segments an event may have been."""

from __future__ import annotations

from collections.abc import Hashable

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import SLACK_M, Bools, Floats, Ints
from ..border import Border, border_of, require_border
from ..errors import TableError
from ..options import validate_level, validate_word
from ..positions import (
    MODELS,
    collect_positions,
    describe_prior,
    fit_border,
    spread_batches,
    validate_prior,
)
from ..schema import numbers_of, require_columns, split_points
from ._certainty import choose_points, position_batches
from ._extents import locate_extended

__all__ = ["segment_shares"]

#: Shares are sums of some hundred weights: so far two of them may differ and be equal.
ROUNDING = 1e-9


def segment_shares(
    events: gpd.GeoDataFrame,
    segments: pd.DataFrame,
    *,
    level: float = 0.9,
    position_model: str | None = None,
    prior: str = "flat",
    border: Border | None = None,
) -> pd.DataFrame:
    """
    Return the smallest set of segments that holds each event at a level.

    Chainages of an event near two arms of a border make no interval; segments do.

    Parameters
    ----------
    events
        As for `locate`: points in any CRS that is set, with ``location_error_m`` and the other
        columns of positions. Events of some extent count where their foot is.
    segments
        From `segment`: ``from_m`` and ``to_m``, geodesic metres, which do not overlap.
    level
        Confidence, between 0 and 1.
    position_model
        As for `locate`.
    prior
        As for `locate`.
    border
        The line that the segments are of; by default the one that `segments` or `events`
        carry in their ``attrs``.

    Returns
    -------
    shares
        One row an event and segment, in the order of the events, the likeliest segment
        first: ``event_id`` (label of the row of `events`), ``segment_id`` and ``share``
        (probability). A missing ``segment_id`` is what lies past an end of the border, or
        in none of the segments. Shares of an event add up to `level` at least; events
        without a position have no row.

    Raises
    ------
    OptionError
        If an option is wrong.
    TableError
        If `segments` is no table of segments, they overlap or no border is known; and as for
        `locate`.
    CRSError
        If `events` has no CRS.
    GeometryError
        As for `locate`.

    Warns
    -----
    PositionWarning
        As for `locate`.

    Examples
    --------
    >>> import borderline as bl, geopandas as gpd, shapely
    >>> border = bl.load_border()
    >>> events = gpd.GeoDataFrame(
    ...     {"location_error_m": [5000.0]}, geometry=[shapely.Point(103.3711, 14.3528)], crs=4326
    ... )
    >>> shares = bl.segment_shares(events, bl.segment(border, every_km=10))
    >>> shares["segment_id"].tolist(), bool(shares["share"].sum() >= 0.9)
    ([31, 30], True)
    """
    level = validate_level(level)
    if position_model is not None:
        validate_word(position_model, "position_model", MODELS)
    validate_prior(prior)
    remedy = "segment(border, every_km=10) makes such a table"
    require_columns(segments, ("from_m", "to_m"), verb="segment_shares", remedy=remedy)
    if border is None:
        border = border_of(segments) or border_of(events)
    if border is None:
        raise TableError(
            "segment_shares does not know of which border the segments are: these were read from a file, "
            "perhaps. Give border=, or make them anew with segment(border, ...)."
        )
    require_border(border, verb="segment_shares")
    cuts = _Cuts(segments)
    lon, lat, extended = split_points(events, verb="segment_shares")
    positions = collect_positions(events, lon, lat, model=position_model, verb="segment_shares")
    fit_border(positions, events, border, "segment_shares")
    n_points = choose_points(level)
    parts: list[tuple[Ints, Ints, Floats]] = []
    for rows in position_batches(positions, n_points):
        spread = spread_batches(positions, rows, border, prior=prior, n_points=n_points, line_error=True)
        code = cuts.find_segments(spread.chainage_m, spread.past_end)
        place, segment, share = _smallest_sets(code, spread.weight, level)
        parts.append((rows[place], segment, share))
    index = positions.index
    if len(extended):
        feet = locate_extended(events, extended, border).feet
        index = index.copy()
        index[extended] = len(positions) + np.arange(len(extended))
        code = cuts.find_segments(feet.chainage, feet.beyond_end)
        parts.append((index[extended], code, np.ones(len(extended))))
    return _expand_rows(
        events,
        segments,
        index,
        parts,
        {"border": border.identity, "level": level, "prior": describe_prior(prior)},
    )


class _Cuts:
    """Segments in the order of their chainage."""

    def __init__(self, segments: pd.DataFrame) -> None:
        from_m, to_m = numbers_of(segments, "from_m"), numbers_of(segments, "to_m")
        self.order: Ints = np.argsort(from_m, kind="stable")
        self.from_m, self.to_m = from_m[self.order], to_m[self.order]
        if not (np.isfinite(from_m) & np.isfinite(to_m) & (to_m > from_m)).all():
            raise TableError("segments has a row whose from_m and to_m are no two chainages in order.")
        overlap = np.flatnonzero(self.from_m[1:] < self.to_m[:-1] - SLACK_M)
        if len(overlap):
            pair = segments.index[self.order[overlap[0] : overlap[0] + 2]].tolist()
            raise TableError(
                f"The segments {pair[0]!r} and {pair[1]!r} overlap; segment(border, ...) makes others."
            )

    def find_segments(self, chainage_m: Floats, past_end: Bools) -> Ints:
        """Return the position of the segment of each chainage; -1 past an end and between segments."""
        if not len(self.order):
            return np.full(chainage_m.shape, -1)
        place = np.searchsorted(self.from_m, chainage_m + SLACK_M, side="right") - 1
        inside = (place >= 0) & (chainage_m <= self.to_m[place] + SLACK_M) & ~past_end
        segment: Ints = np.where(inside, self.order[place], -1)
        return segment


def _smallest_sets(code: Ints, weight: Floats, level: float) -> tuple[Ints, Ints, Floats]:
    """Return row, segment and share of the likeliest segments of each row that reach a level."""
    width = int(code.max(initial=0)) + 2
    key = np.arange(len(code))[:, None] * width + code + 1
    keys, owner = np.unique(key, return_inverse=True)
    share = np.bincount(owner.ravel(), weight.ravel(), minlength=len(keys))
    row, segment = keys // width, keys % width - 1
    # Equal shares, but for rounding, keep the order of the segments.
    order = np.lexsort((segment, -np.round(share, 9), row))
    row, segment, share = row[order], segment[order], share[order]
    before = np.cumsum(share) - share
    start = np.searchsorted(row, row)
    kept = before - before[start] < level - ROUNDING
    return row[kept], segment[kept], share[kept]


def _expand_rows(
    events: gpd.GeoDataFrame,
    segments: pd.DataFrame,
    index: Ints,
    parts: list[tuple[Ints, Ints, Floats]],
    attrs: dict[Hashable, object],
) -> pd.DataFrame:
    """Return the table: the sets of distinct positions, for each event that has one of them."""
    position = np.concatenate([part[0] for part in parts])
    segment = np.concatenate([part[1] for part in parts])
    share = np.concatenate([part[2] for part in parts])
    count = np.bincount(position, minlength=int(index.max(initial=-1)) + 1)
    first = np.cumsum(count) - count
    rows = np.flatnonzero(index >= 0)
    sizes = count[index[rows]]
    start = np.cumsum(sizes) - sizes
    place = np.arange(int(sizes.sum())) + np.repeat(first[index[rows]] - start, sizes)
    labels = pd.Series(segments.index).convert_dtypes().array
    table = pd.DataFrame(
        {
            "event_id": events.index.take(np.repeat(rows, sizes)),
            "segment_id": labels.take(segment[place], allow_fill=True),
            "share": share[place],
        }
    )
    table.attrs = {**events.attrs, **attrs}
    return table
