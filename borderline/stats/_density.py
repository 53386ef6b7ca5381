"""The verb `density`: how many events a stretch of border has, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import Floats, Ints
from ..border import Border, border_of
from ..errors import MeasureError, TableError
from ..options import validate_level
from ..provenance import cited
from ..schema import numbers_of, require_columns
from ._distinct import repeats
from ._exposure import Exposure, assign, exposure_of, same_border
from ._groups import Groups, Watched, group_events, outside, watch
from ._method import density_method
from ._period import Period
from ._poisson import poisson_limits, variance_over_mean

__all__ = ["density"]

#: How limits may be made.
LIMITS: Final = ("poisson", "quasi-poisson")


class _Cells(NamedTuple):
    """The rows of the result: one a group and segment, groups one after the other."""

    #: Group of each row.
    group: Ints
    #: What each row is exposed to.
    exposure: Exposure
    #: Years each row was watched for; NaN without dates.
    years: Floats


def density(  # noqa: PLR0913 - each option is one choice of the method
    events: pd.DataFrame,
    segments: gpd.GeoDataFrame,
    *,
    border: Border | None = None,
    within_km: float | None = None,
    exposure: str | None = None,
    by: str | Sequence[str] | None = None,
    period: Period | Mapping[str, Period] | None = None,
    distinct: str | None = None,
    weight: str | None = None,
    limits: str = "poisson",
    level: float = 0.95,
) -> gpd.GeoDataFrame:
    """
    Count the events of each segment, as rates with their uncertainty.

    The limits are exact for a Poisson count [1]_: if the same process ran again,
    the rate of each segment would be covered at least as often as `level` says.
    They speak of chance alone. Events at one place are seldom independent, and
    then the truth is wider: ``dispersion`` tells how far counts are from being
    Poisson at one rate, `distinct` counts incidents at one place once, and
    quasi-Poisson limits are widened by the dispersion.

    Parameters
    ----------
    events
        Events after `locate`: ``chainage_m``, ``distance_m``, ``beyond_end``.
    segments
        Stretches of the same border, from `segment`. Segments without events are
        kept, with a count of zero.
    border
        The border of the segments. Needed for the catchment where the segments do
        not carry it, as after reading them from a file.
    within_km
        Leave out events farther than this from the line, geodesic kilometres. By
        default there is no limit.
    exposure
        What rates are per: ``"length"``, ``"catchment"`` (the land within
        `within_km` nearest to each segment, square kilometres) or a column of
        `segments`, positive numbers. By default the catchment once `within_km`
        exceeds 1, else length. Where events keep to the line and segments are short,
        the inside of a bend, with little land, has a high rate for its few events:
        compare both.
    by
        Part the counts by these: columns of the events such as ``"event_type"``,
        ``"bank"`` (of the column ``side``) or ``"period"``. The result is then long,
        all segments for each combination of values, zeros kept. Events without a
        value are left out.
    period
        Days in which events count: a month or year (``"2025-07"``), a first and a
        last day, both included (None: the first or last of the data), or several
        by name, which part the counts. By default the days from the first to the
        last event of `events`, so that rates per year are too high where the data
        begins or ends with an outbreak.
    distinct
        ``"place-day"`` counts events of a group at one place on one day once,
        ``"place"`` those at one place; sums of `weight` hold all of them.
    weight
        A column of numbers to sum per segment. By default ``fatalities`` where the
        table has it. Missing values are counted apart, never taken for zero.
    limits
        ``"poisson"``, or ``"quasi-poisson"``: widened as if events came in bundles
        of ``dispersion``, where that is above 1. Differences between segments that
        are no chance count as dispersion too, so these are wide.
    level
        Confidence level of the limits, between 0 and 1.

    Returns
    -------
    density
        `segments`, once for each group, with the columns of `by`; ``n_events``,
        ``events_per_km``, ``rank_events_per_km`` (1 is the densest of its group, ties share the
        best rank); with the catchment, ``catchment_km2`` and ``events_per_km2``;
        where there are dates, ``events_per_year``; each rate with ``_low`` and
        ``_high``. ``exposure`` and ``rate``, ``rate_low``, ``rate_high``,
        ``rank_rate``: events per exposure, and year where there are dates
        (``attrs["rate_unit"]``); missing where there is no exposure.
        ``dispersion``: variance over mean of the counts of the group, by exposure.
        For weight ``x``, ``x``, ``x_per_km``, ``n_unknown_x``, ``rank_x_per_km``, and
        ``x_low`` and ``x_high`` where the events have them (where one is missing, `x` stands in).
        ``attrs["left_out"]`` counts the events left out, by reason; the counts and
        it add up to the events given. ``attrs["method"]`` says in a sentence how it was done.

    Raises
    ------
    TableError
        If a column is missing, a weight is negative or no number, segments overlap,
        events and segments are of different borders, or the border is needed.
    MeasureError
        If `within_km` is negative, `level` is not between 0 and 1, `limits` is
        unknown, or a period has no days or overlaps another.

    References
    ----------
    .. [1] F. Garwood, "Fiducial limits for the Poisson distribution",
       Biometrika 28 (1936), 437-442.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.load_incidents().pipe(bl.geocode).pipe(bl.locate, border)
    >>> rates = bl.density(events, bl.segment(border, every_km=10), within_km=25)
    >>> int(rates["n_events"].sum()) + sum(rates.attrs["left_out"].values()) == len(events)
    True
    """
    validate_level(level)
    if limits not in LIMITS:
        raise MeasureError(f"limits is one of {', '.join(map(repr, LIMITS))}, not {limits!r}.")
    same_border(events, segments, border)
    border = border or border_of(segments)
    segment, left_out = assign(events, segments, within_km=within_km, verb="density")
    watched = watch(events, period, verb="density")
    groups = group_events(events, by, watched, border=border, verb="density")
    cell, count, left_out = _count(events, segment, len(segments), left_out, groups, watched, distinct)
    cells = _Cells(
        np.repeat(np.arange(len(groups.table)), len(segments)),
        _exposed(segments, groups, border=border, within_km=within_km, exposure=exposure),
        np.repeat(_years(groups, watched), len(segments)),
    )
    result = _long(segments, groups)
    _add_rates(result, count, cells, quasi=limits != "poisson", level=level)
    _add_sums(result, events, cell, weight, cells.group)
    result.attrs = {
        **segments.attrs,
        **_facts(events, segments, watched, distinct, within_km, limits, level),
        "by": list(groups.table.columns),
        "left_out": left_out,
        "exposure": cells.exposure.kind,
        "rate_unit": f"events per {cells.exposure.unit}" + (" and year" if watched.spans else ""),
    }
    result.attrs["method"] = density_method(result)
    return result


def _count(
    events: pd.DataFrame,
    segment: Ints,
    n: int,
    left_out: dict[str, int],
    groups: Groups,
    watched: Watched,
    distinct: str | None,
) -> tuple[Ints, Ints, dict[str, int]]:
    """Give each event its row of the result, or -1; count each row, and what is left out of the counts."""
    free = segment >= 0
    reasons = {**outside(watched), **{f"no_{key}": mask for key, mask in groups.without.items()}}
    if "bank" in groups.without:
        reasons["no_bank"] = groups.without["bank"]
    left_out = dict(left_out)
    for reason, mask in reasons.items():
        if reason != "no_period":
            left_out[reason] = int((free & mask).sum())
        free &= ~mask
    once = free.copy()
    if distinct is not None:
        again = repeats(events, distinct, days=watched.days, counted=free, group=groups.code)
        left_out[f"same_{distinct.replace('-', '_')}"] = int(again.sum())
        once &= ~again
    cell = np.where(free, groups.code * n + segment, -1)
    count = np.bincount(cell[once], minlength=n * len(groups.table)).astype(np.int64)
    return cell, count, left_out


def _long(segments: gpd.GeoDataFrame, groups: Groups) -> gpd.GeoDataFrame:
    """Repeat the segments for each group, with the group's values."""
    n, parts = len(segments), len(groups.table)
    bare = segments.copy()
    bare.attrs = {}
    result = bare if parts == 1 else bare.iloc[np.tile(np.arange(n), parts)].copy()
    taken = [name for name in groups.table.columns if name in segments.columns]
    if taken:
        raise TableError(f"by={taken[0]!r} is the name of a column of the segments too; rename one of them.")
    for name in groups.table.columns:
        values = np.repeat(groups.table[name].to_numpy(), n)
        texts = all(isinstance(value, str) for value in groups.table[name])
        result[name] = pd.array(values, dtype="string") if texts else values
    return result


def _exposed(
    segments: gpd.GeoDataFrame,
    groups: Groups,
    *,
    border: Border | None,
    within_km: float | None,
    exposure: str | None,
) -> Exposure:
    """Find what each row is exposed to; where banks are apart, each has its own land."""
    banks = list(groups.table["bank"]) if "bank" in groups.table else [None] * len(groups.table)
    banks = banks or [None]  # without groups there are no rows, but still a kind of exposure
    each = {
        bank: exposure_of(segments, exposure, border=border, within_km=within_km, bank=bank)
        for bank in dict.fromkeys(banks)
    }
    rows = [each[bank].amount for bank in banks[: len(groups.table)]]
    return each[banks[0]]._replace(amount=np.concatenate(rows) if rows else np.empty(0))


def _add_rates(result: gpd.GeoDataFrame, count: Ints, cells: _Cells, *, quasi: bool, level: float) -> None:
    """Write counts and rates with their limits into the result."""
    exposed, years, group = cells.exposure.amount, cells.years, cells.group
    spread = np.array(
        [variance_over_mean(count[group == at], exposed[group == at]) for at in np.unique(group)]
    )[group]
    widen = np.fmax(1.0, spread) if quasi else np.ones(len(count))
    counts = (count, *poisson_limits(count, level, dispersion=widen))

    def add(name: str, per: Floats) -> None:
        with np.errstate(divide="ignore", invalid="ignore"):
            for ending, values in zip(("", "_low", "_high"), counts, strict=True):
                result[f"{name}{ending}"] = values / per
        result[f"rank_{name}"] = _rank(result[name].to_numpy(), group)

    result["n_events"] = count
    add("events_per_km", result["length_km"].to_numpy(dtype=np.float64))
    if cells.exposure.kind == "catchment":
        result["catchment_km2"] = exposed
        add("events_per_km2", exposed)
    dated = not np.isnan(years).any()
    if dated:
        add("events_per_year", years)
    result["exposure"] = exposed
    add("rate", exposed * years if dated else exposed)
    result["dispersion"] = spread


def _years(groups: Groups, watched: Watched) -> Floats:
    """Give the years each group was watched for."""
    if watched.apart:
        return np.array([watched.spans[str(name)].years for name in groups.table["period"]])
    return np.full(len(groups.table), next(iter(watched.spans.values())).years if watched.spans else np.nan)


def _add_sums(
    result: gpd.GeoDataFrame, events: pd.DataFrame, cell: Ints, weight: str | None, group: Ints
) -> None:
    """Write sums of a weight into the result; unknown ones are counted."""
    column = weight or ("fatalities" if "fatalities" in events.columns else None)
    if column is None:
        return
    values, size = _weights(events, column), len(result)
    known = (cell >= 0) & ~np.isnan(values)
    total: Floats = np.bincount(cell[known], weights=values[known], minlength=size).astype(np.float64)
    result[column] = _whole(total, events[column])
    result[f"{column}_per_km"] = total / result["length_km"].to_numpy()
    result[f"n_unknown_{column}"] = np.bincount(cell[(cell >= 0) & np.isnan(values)], minlength=size)
    result[f"rank_{column}_per_km"] = _rank(result[f"{column}_per_km"].to_numpy(), group)
    for ending in ("_low", "_high"):
        if f"{column}{ending}" in events.columns:
            bound = _weights(events, f"{column}{ending}")
            bound = np.where(np.isnan(bound), values, bound)
            known = (cell >= 0) & ~np.isnan(bound)
            total = np.bincount(cell[known], weights=bound[known], minlength=size).astype(np.float64)
            result[f"{column}{ending}"] = _whole(total, events[f"{column}{ending}"])


def _weights(events: pd.DataFrame, column: str) -> Floats:
    require_columns(events, [column], verb="density", remedy="weight names a column of the events")
    values = numbers_of(events, column, what="The weight")
    if (values < 0).any():
        raise TableError(
            f"The weight {column!r} is negative in row {events.index[values < 0].tolist()[0]!r}."
        )
    return values


def _whole(total: Floats, column: pd.Series[Any]) -> Floats | Ints:
    return total.astype(np.int64) if pd.api.types.is_integer_dtype(column.dtype) else total


def _rank(rate: Floats, group: Ints) -> Ints:
    """Rank rates in their group, 1 the highest; a missing rate comes last."""
    ranked = pd.Series(rate).groupby(group).rank(method="min", ascending=False, na_option="bottom")
    rank: Ints = ranked.to_numpy().astype(np.int64)
    return rank


def _facts(
    events: pd.DataFrame,
    segments: gpd.GeoDataFrame,
    watched: Watched,
    distinct: str | None,
    within_km: float | None,
    limits: str,
    level: float,
) -> dict[str, Any]:
    """Say what the result was computed from."""
    both = [*cited(segments.attrs), *cited(events.attrs)]
    datasets = sorted(events["dataset"].dropna().astype(str).unique()) if "dataset" in events else []
    return {
        "sources": cited({"sources": both}),
        "computed_from": {"events": len(events), "segments": len(segments), "datasets": datasets},
        "within_km": within_km,
        "level": level,
        "limits": limits,
        "distinct": distinct,
        "period": {name: [f"{day:%Y-%m-%d}" for day in span] for name, span in watched.spans.items()},
        "period_from": "caller" if watched.given else "data",
    }
