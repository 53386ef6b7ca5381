"""Count the events of each segment, as rates with confidence limits."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import WGS84_CRS, Floats, Ints
from ..border import Border, border_of, require_border
from ..errors import OptionError, TableError
from ..options import validate_level, validate_positive, validate_word
from ..provenance import cited
from ..schema import numbers_of, require_columns, require_table
from ._count_limits import (
    CountDistribution,
    count_limits,
    distribute_draws,
    distribute_shares,
    mixed_poisson_limits,
)
from ._exposure import Exposure, exposure_of_segments, resolve_border
from ._groups import bank_stride, group_entries, group_rows
from ._method import describe_density
from ._period import PeriodsOption
from ._placements import DRAWS, validate_positions
from ._poisson import poisson_limits, variance_over_mean
from ._sample import NOT_KNOWN, Sample, as_whole, locate_segments, select_sample
from ._vague_counts import VagueNote, count_vague, mark_vague, vague_column

__all__ = ["density"]

#: Kinds of confidence limits.
LIMITS: Final = ("poisson", "quasi-poisson")


class _Cells(NamedTuple):
    """Group, exposure and observed time of each row of the result, group by group."""

    #: Group of each row.
    group: Ints
    #: Exposure of each row.
    exposure: Exposure
    #: Years that each row covers; NaN without dates.
    years: Floats


def density(  # noqa: PLR0913 - each option is one choice of the method
    events: pd.DataFrame,
    segments: gpd.GeoDataFrame | None = None,
    *,
    every_km: float | None = None,
    border: Border | None = None,
    within_km: float | None = None,
    exposure: str | None = None,
    by: str | Sequence[str] | None = None,
    bank: str | None = None,
    period: PeriodsOption | None = None,
    distinct: str | None = None,
    weight: str | None = None,
    limits: str = "poisson",
    level: float = 0.95,
    positions: str = "points",
    deconvolve: int | None = None,
    draws: int = DRAWS,
    seed: int | None = 0,
) -> gpd.GeoDataFrame:
    """
    Count the events of each segment, as rates with confidence limits.

    The limits are exact for Poisson counts [1]_: if the same process ran again, they would contain the
    rate of a segment at least as often as `level` says. They cover chance alone. Events at one place are
    seldom independent, and the true uncertainty is then larger: ``dispersion`` shows how far the counts
    are from Poisson counts at one rate, `distinct` counts incidents at one place once, and quasi-Poisson
    limits are widened by the dispersion.

    Parameters
    ----------
    events
        Events after `locate`: ``chainage_m``, ``distance_m``, ``beyond_end``.
    segments
        Stretches of the same border, from `segment`. Segments without events are kept, with a count of
        zero.
    every_km
        Length of the segments, geodesic kilometres, where no `segments` are given. The border that the
        events were located on is cut.
    border
        The border of the segments. Needed for the catchment where the segments do not carry it, for
        example after reading them from a file.
    within_km
        Leave out events farther than this from the line, geodesic kilometres. By default there is
        no limit.
    exposure
        What rates are per: ``"length"`` of border; ``"catchment"``, the land within `within_km` whose
        nearest point of the border lies in the segment (square kilometres); or a column of `segments` with
        positive numbers. By default the catchment where `within_km` exceeds 1, else the length. Where
        events keep close to the line, the catchment makes short segments inside a bend, which have little
        land, look dense: compare both.
    by
        Columns that split the counts, such as ``"event_type"``; also ``"bank"`` (from the column ``side``;
        after ``locate(level=...)`` with a third bank, ``"not known"``) and ``"period"``. The result then
        has all segments for each combination of values, zeros included. Events without a value are left
        out.
    bank
        Country whose bank alone counts, ISO 3166-1 alpha-3 or alpha-2. By default both banks count.
    period
        Days in which events count: a day (``"2025-07-24"``), a month (``"2025-07"``), a year
        (``"2025"``), or a pair of a first and a last day, both included; None on either side is the
        first or last day of the data. An event that lasts (``event_date_end``) counts in each period
        that it touches. Several of these by name, or a frequency (``"Y"``, ``"Q"``, ``"M"``, ``"W"``,
        ``"D"``), split the counts. By default the days from the first to the last event of `events`;
        rates per year are then too high where the data begins or ends with a peak.
    distinct
        ``"place-day"`` counts the events at one place on one day once, ``"place"`` the events at one
        place once. By default every event counts. Each group is counted by itself; sums of `weight`
        include all events.
    weight
        Column of numbers to sum per segment. By default ``fatalities`` where the table has it. Missing
        values are counted separately, never as zero.
    limits
        ``"poisson"``, or ``"quasi-poisson"``: widened by ``dispersion`` where it exceeds 1. Real
        differences between segments count as dispersion too, so these limits are wide.
    level
        Confidence level of the limits, between 0 and 1.
    positions
        ``"points"`` counts each event where its point is. ``"spread"`` counts it by the probability of each
        place where it may have been (``location_error_m``, the columns of positions, and the accuracy of
        the line). ``"impute"`` draws all positions together, so that events at one place share the
        displacement of the line. With either, no event is left out because its place is vague.
    deconvolve
        Steps of deconvolution (expectation and maximisation) of spread positions: 5 sharpen clusters of many
        events, and add noise where the intensity is smooth. By default none.
    draws
        Number of draws for ``"impute"``, 2 or more.
    seed
        Seed of these draws. The same seed gives the same result.

    Returns
    -------
    density
        `segments`, once for each group, with the columns of `by` and:

        - ``n_events``, and ``n_vague`` of them whose position error (``location_error_m``, 90 %) exceeds
          the length of the segment; missing where no error is known;
        - with positions that are spread or imputed ``n_events`` is the expected count, repeated as
          ``n_expected``; ``n_events_low`` and ``n_events_high`` are limits of the count that happened, from
          independent positions (Poisson-binomial) or from the draws; limits of rates are the exact ones
          averaged over the counts that may have happened;
        - ``events_per_km``; with the catchment ``catchment_km2`` and ``events_per_km2``; with dates
          ``events_per_year``; each rate with its limits ``_low`` and ``_high`` and its rank, such as
          ``rank_events_per_km`` (1 is the highest of the group; ties share the best rank);
        - ``exposure`` and ``rate``, ``rate_low``, ``rate_high``, ``rank_rate``: events per exposure, and
          per year where there are dates (``attrs["rate_unit"]``); missing where there is no exposure;
        - ``dispersion``: variance over mean of the counts of the group, given the exposure;
        - for a weight ``x``: ``x``, ``x_per_km``, ``n_unknown_x``, ``rank_x_per_km``, and ``x_low`` and
          ``x_high`` where the events have them (`x` stands in for a missing one).

        ``attrs["left_out"]`` counts the events left out, by reason; the counts and it add up to the events
        given, an event that touches several periods once for each. An event that runs along the border
        (``shared_m`` of `locate`) is divided evenly over its stretch, so counts may have decimals.
        ``attrs["method"]`` describes the method in a few sentences.

    Raises
    ------
    TableError
        If a column is missing, a weight is negative or not a number, segments overlap, events and segments
        are of different borders, or the border is needed but not given.
    OptionError
        If an option is of the wrong kind, out of range or unknown, or a period has no days or overlaps
        another.
    MeasureError
        If a chainage lies off the border.

    Warns
    -----
    PositionWarning
        If most of the events that count as points are vaguer than what they are counted in. With positions
        that are spread or imputed, if events have no error or are set aside.

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
    >>> bool((bl.density(events, every_km=10, within_km=25)["n_events"] == rates["n_events"]).all())
    True
    """
    validate_level(level)
    validate_word(limits, "limits", LIMITS)
    placing = validate_positions(positions, draws=draws, seed=seed, deconvolve=deconvolve)
    if segments is None:
        segments = _cut_evenly(events, every_km, border)
    elif every_km is not None:
        raise OptionError(f"every_km must be None where segments are given, not {every_km!r}.")
    border = resolve_border(events, segments, border, verb="density")
    require_columns(segments, ["from_m", "to_m", "length_km"], verb="density", remedy="segment makes them")
    grouping = group_rows(events, by, border=border, verb="density", banks_later=not placing.as_points)
    sample = select_sample(
        events,
        border,
        verb="density",
        within_km=within_km,
        bank=bank,
        distinct=distinct,
        period=period,
        several=True,
        segments=segments,
        groups=grouping.code,
        without=grouping.without,
        compared=True,
        exposure=exposure,
        columns=list(segments.columns),
        positions=placing,
    )
    groups, group = group_entries(grouping, sample)
    cells = _lay_out_cells(segments, groups, sample)
    bank_code = None if grouping.bank_code is None else grouping.bank_code[sample.rows]
    sample, group_of_row = sample.split_places(group)
    parts = (
        _share_out(sample, segments, group)
        if sample.placements is None
        else _share_places(sample, segments, groups, group, group_of_row, bank_code)
    )
    result = _repeat_segments(segments, groups)
    vague = _add_counts(result, sample, parts, segments, level)
    _add_rates(result, parts, cells, quasi=limits != "poisson", level=level)
    _add_sums(result, events, sample, parts, weight, cells.group)
    datasets = sorted(events["dataset"].dropna().astype(str).unique()) if "dataset" in events else []
    result.attrs = {
        **segments.attrs,
        **sample.facts(),
        "sources": cited({"sources": [*cited(segments.attrs), *cited(events.attrs)]}),
        "computed_from": {"events": len(events), "segments": len(segments), "datasets": datasets},
        "left_out": parts.left_out,
        "level": level,
        "limits": limits,
        "by": list(groups.columns),
        "rate_unit": f"events per {cells.exposure.unit}" + (" and year" if sample.periods.named else ""),
    }
    result.attrs |= vague.facts()
    if parts.counts is not None:
        result.attrs["n_expected"] = float(result["n_expected"].sum())
        result.attrs["n_events"] = as_whole(result.attrs["n_expected"])
    result.attrs["method"] = describe_density(result) + sample.describe_positions() + vague.sentence
    if placing.as_points:
        vague.warn_finer("density", "Count in longer segments, or with positions='spread'.")
    return result


def _cut_evenly(events: pd.DataFrame, every_km: object, border: Border | None) -> gpd.GeoDataFrame:
    """Cut the border that events were located on into segments of one length, with a shorter last one."""
    require_table(events)
    border = border or border_of(events)
    if border is None:
        raise TableError("density: the events carry no border; run locate first, or give segments.")
    require_border(border, verb="density")
    step = validate_positive(every_km, "every_km", "kilometres, where no segments are given")
    breaks = np.arange(0.0, border.length_m / 1000.0, step) * 1000.0
    # As in `segment`, a last piece shorter than a metre is no segment of its own.
    breaks = np.append(breaks[breaks <= border.length_m - 1.0], border.length_m)
    table = gpd.GeoDataFrame(
        {"from_m": breaks[:-1], "to_m": breaks[1:], "length_km": np.diff(breaks) / 1000.0},
        geometry=[border.slice(*ends) for ends in itertools.pairwise(breaks)],
        index=pd.RangeIndex(len(breaks) - 1, name="segment_id"),
        crs=WGS84_CRS,
    )
    table.attrs = {"border": border.identity, "sources": cited({}, border.source)}
    return table


class _Parts(NamedTuple):
    """The part that each entry of the sample has in each row of the result."""

    #: Position of the entry in the sample.
    entry: Ints
    #: Position of the row of the result.
    cell: Ints
    #: Share of the entry in the cell; 1 for a point.
    share: Floats
    #: The share that counts: 0 where the entry repeats another one.
    weight: Floats
    #: Number of rows that do not count, by reason.
    left_out: dict[str, float]
    #: What the count of each row of the result may be; None where points count as reported.
    counts: CountDistribution | None

    def sum_cells(self, values: Floats, size: int) -> Floats:
        """Sum values, one for each part, in each row of the result."""
        return np.bincount(self.cell, weights=values, minlength=size).astype(np.float64)

    def count_cells(self, size: int) -> Ints | Floats:
        """Count the entries in each row of the result, in whole numbers unless entries are divided."""
        return _whole_numbers(self.sum_cells(self.weight, size), whole=self.whole)

    @property
    def whole(self) -> bool:
        """Return whether every entry lies in one row."""
        return bool((self.share == 1.0).all())


def _share_out(sample: Sample, segments: gpd.GeoDataFrame, group: Ints) -> _Parts:
    """Assign each entry to a row of the result, or its parts to several; count what lies outside."""
    start, end = (segments[name].to_numpy(dtype=np.float64) for name in ("from_m", "to_m"))
    entry, segment, share = sample.shares(start, end)
    weight = share * sample.weight[entry]
    outside = float(sample.weight.sum() - weight.sum())
    left_out = sample.count_left_out()
    if outside > 1e-9:
        left_out["outside_segments"] += outside
    return _Parts(entry, group[entry] * len(segments) + segment, share, weight, left_out, None)


def _share_places(
    sample: Sample,
    segments: gpd.GeoDataFrame,
    groups: pd.DataFrame,
    group: Ints,
    group_of_row: Ints,
    bank_code: Ints | None,
) -> _Parts:
    """Assign the places where each entry may be to rows of the result; count what lies outside."""
    start, end = (segments[name].to_numpy(dtype=np.float64) for name in ("from_m", "to_m"))
    size, stride = len(groups) * len(start), bank_stride(groups)
    placements = sample.placements
    if placements is None:
        raise TypeError("points have no placements")
    inside = sample.mark_outside() < 0
    segment = locate_segments(placements.chainage_m, start, end)
    no_segment, no_bank = inside & (segment < 0), np.zeros_like(inside)
    group_of_place = np.repeat(group_of_row[:, None], segment.shape[1], axis=1)
    if stride:
        bank = placements.bank_numbers()
        known = (groups["bank"] != NOT_KNOWN).to_numpy()[group_of_row][:, None]
        no_bank = inside & ~no_segment & known & (bank > 1)
        group_of_place += np.where(known & ~no_bank, bank * stride, 0)
    counts_here = inside & ~no_segment & ~no_bank
    cell = np.where(counts_here, group_of_place * len(start) + segment, -1)
    shares = placements.share_rows(cell)
    n_of_row = placements.count_rows(sample.weight)

    placed = np.flatnonzero(placements.index >= 0)
    event, cell_of_part, share = shares.expand(placements.index[placed])
    firm = placements.index < 0
    firm_group, left_out = group, sample.count_left_out()
    if bank_code is not None:
        firm_group = group + np.where(bank_code == 1, stride, 0)
        on_no_bank = firm & (bank_code < 0)
        left_out["no_bank"] = float(sample.weight[on_no_bank].sum())
        firm &= bank_code >= 0
    firm_entry, firm_segment, firm_share = sample.shares(start, end, entries=np.flatnonzero(firm))
    firm_cell = firm_group[firm_entry] * len(start) + firm_segment
    firm_lost = sample.weight[firm].sum() - float(sample.weight[firm_entry] @ firm_share)
    left_out["outside_segments"] = left_out.get("outside_segments", 0) + firm_lost
    entry = np.concatenate([placed[event], firm_entry])
    cells = np.concatenate([cell_of_part, firm_cell])
    share = np.concatenate([share, firm_share])
    weight = share * sample.weight[entry]

    lost_places = {"outside_segments": no_segment} | ({"no_bank": no_bank} if stride else {})
    for reason, lost in lost_places.items():
        part = placements.share_rows(np.where(lost, 0, -1))
        left_out[reason] = as_whole(left_out.get(reason, 0) + float(n_of_row[part.row] @ part.share))
    firm_weight = firm_share * sample.weight[firm_entry]
    base = np.bincount(firm_cell, firm_weight, minlength=size).astype(np.float64)
    counts = (
        distribute_draws(cell, n_of_row, base)
        if placements.drawn
        else distribute_shares(shares, n_of_row, base)
    )
    return _Parts(entry, cells, share, weight, left_out, counts)


def _lay_out_cells(segments: gpd.GeoDataFrame, groups: pd.DataFrame, sample: Sample) -> _Cells:
    """Return the exposure and the years of each row; grouped by bank, each bank has its own catchment."""
    banks = list(groups["bank"]) if "bank" in groups else [sample.bank] * len(groups)
    banks = banks or [sample.bank]  # no groups give no rows, but the exposure still has a unit
    exposures = {
        bank: exposure_of_segments(
            segments,
            sample.exposure or "length",
            border=sample.border,
            within_km=sample.within_km,
            bank=None if bank == NOT_KNOWN else bank,
        )
        for bank in dict.fromkeys(banks)
    }
    if NOT_KNOWN in exposures and exposures[NOT_KNOWN].kind == "catchment":
        # An event whose side is not known is on the land of both banks or of neither.
        unknown = exposures[NOT_KNOWN]
        exposures[NOT_KNOWN] = unknown._replace(amount=np.full(len(unknown.amount), np.nan))
    amounts = [exposures[bank].amount for bank in banks[: len(groups)]]
    exposure = exposures[banks[0]]._replace(amount=np.concatenate(amounts) if amounts else np.empty(0))
    if sample.periods.apart:
        years = np.array([sample.periods.named[str(name)].years for name in groups["period"]])
    else:
        only = sample.periods.only
        years = np.full(len(groups), np.nan if only is None else only.years)
    n = len(segments)
    return _Cells(np.repeat(np.arange(len(groups)), n), exposure, np.repeat(years, n))


def _repeat_segments(segments: gpd.GeoDataFrame, groups: pd.DataFrame) -> gpd.GeoDataFrame:
    """Repeat the segments for each group, with the values of the group."""
    n, n_groups = len(segments), len(groups)
    bare = segments.copy()
    bare.attrs = {}
    result = bare if n_groups == 1 else bare.iloc[np.tile(np.arange(n), n_groups)].copy()
    taken = [name for name in groups.columns if name in segments.columns]
    if taken:
        raise TableError(f"by={taken[0]!r} is also a column of the segments; rename one of them.")
    for name in groups.columns:
        values = np.repeat(groups[name].to_numpy(), n)
        texts = all(isinstance(value, str) for value in groups[name])
        result[name] = pd.array(values, dtype="string") if texts else values
    return result


def _add_counts(
    result: gpd.GeoDataFrame, sample: Sample, parts: _Parts, segments: gpd.GeoDataFrame, level: float
) -> VagueNote:
    """Add the counts to the result, and how many of the events are vaguer than their segment."""
    size = len(result)
    start, end = (segments[name].to_numpy(dtype=np.float64) for name in ("from_m", "to_m"))
    error = sample.error_m[parts.entry]
    vague = mark_vague(error, (end - start)[parts.cell % max(len(segments), 1)])
    counted = count_vague(error, vague, parts.weight, "the segment they are counted in")
    n_vague = parts.sum_cells(parts.weight * vague, size)
    result["n_events"] = parts.count_cells(size)
    if parts.counts is not None:
        result["n_expected"] = result["n_events"].to_numpy(dtype=np.float64)
        result["n_events_low"], result["n_events_high"] = count_limits(parts.counts, level)
    result["n_vague"] = vague_column(n_vague, known=counted.n_vague is not None, whole=parts.whole).to_numpy()
    return counted


def _add_rates(result: gpd.GeoDataFrame, parts: _Parts, cells: _Cells, *, quasi: bool, level: float) -> None:
    """Add rates with their limits to the result."""
    exposure, years, group = cells.exposure.amount, cells.years, cells.group
    count = result["n_events"].to_numpy()
    spread = np.array(
        [variance_over_mean(count[group == code], exposure[group == code]) for code in np.unique(group)]
    )[group]
    widen = np.fmax(1.0, spread) if quasi else np.ones(len(count))
    counts = (
        (count, *poisson_limits(count, level, dispersion=widen))
        if parts.counts is None
        else (count, *mixed_poisson_limits(parts.counts, level, dispersion=widen))
    )

    def add(name: str, per: Floats) -> None:
        with np.errstate(divide="ignore", invalid="ignore"):
            for ending, values in zip(("", "_low", "_high"), counts, strict=True):
                result[f"{name}{ending}"] = values / per
        result[f"rank_{name}"] = _rank_in_group(result[name].to_numpy(), group)

    add("events_per_km", result["length_km"].to_numpy(dtype=np.float64))
    if cells.exposure.kind == "catchment":
        result["catchment_km2"] = exposure
        add("events_per_km2", exposure)
    dated = not np.isnan(years).any()
    if dated:
        add("events_per_year", years)
    result["exposure"] = exposure
    add("rate", exposure * years if dated else exposure)
    result["dispersion"] = spread


def _add_sums(
    result: gpd.GeoDataFrame,
    events: pd.DataFrame,
    sample: Sample,
    parts: _Parts,
    weight: str | None,
    group: Ints,
) -> None:
    """Add the sums of a weight to the result; count its missing values."""
    column = weight or ("fatalities" if "fatalities" in events.columns else None)
    if column is None:
        return
    size = len(result)

    def add_up(values: Floats, source: str) -> Floats | Ints:
        integer = pd.api.types.is_integer_dtype(events[source].dtype)
        return _whole_numbers(parts.sum_cells(values * parts.share, size), whole=integer and parts.whole)

    rows = sample.rows[parts.entry]
    values = _validate_weight(events, column)[rows]
    unknown = np.isnan(values)
    total = add_up(np.nan_to_num(values), column)
    result[column] = total
    result[f"{column}_per_km"] = total / result["length_km"].to_numpy()
    result[f"n_unknown_{column}"] = _whole_numbers(
        parts.sum_cells(parts.share * unknown, size), whole=parts.whole
    )
    result[f"rank_{column}_per_km"] = _rank_in_group(result[f"{column}_per_km"].to_numpy(), group)
    for bound in (f"{column}_low", f"{column}_high"):
        if bound in events.columns:
            limit = _validate_weight(events, bound)[rows]
            result[bound] = add_up(np.nan_to_num(np.where(np.isnan(limit), values, limit)), bound)


def _validate_weight(events: pd.DataFrame, column: str) -> Floats:
    require_columns(events, [column], verb="density", remedy="weight names a column of the events")
    values = numbers_of(events, column, subject="The weight")
    if (values < 0).any():
        raise TableError(
            f"The weight {column!r} is negative in row {events.index[values < 0].tolist()[0]!r}."
        )
    return values


def _whole_numbers(total: Floats, *, whole: bool) -> Floats | Ints:
    return np.rint(total).astype(np.int64) if whole else total


def _rank_in_group(rate: Floats, group: Ints) -> Ints:
    """Rank rates within their group, 1 the highest; a missing rate comes last."""
    ranked = pd.Series(rate).groupby(group).rank(method="min", ascending=False, na_option="bottom")
    rank: Ints = ranked.to_numpy().astype(np.int64)
    return rank
