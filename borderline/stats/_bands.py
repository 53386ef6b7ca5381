"""Count events by distance from the border, by bank and by period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from .._constants import Bools, Floats, Ints
from ..border import Border, require_border
from ..errors import OptionError, TableError
from ..options import validate_level, validate_numbers
from ..schema import numbers_of, require_columns
from ._catchment import catchment_of
from ._count_limits import (
    CountDistribution,
    count_limits,
    distribute_draws,
    distribute_shares,
    mixed_poisson_limits,
)
from ._period import Periods, PeriodsOption
from ._placements import DRAWS, validate_positions
from ._poisson import poisson_limits
from ._sample import NOT_KNOWN, Sample, select_sample, validate_within
from ._vague_counts import VagueNote, count_vague, format_count, mark_vague, vague_column

__all__ = ["bands"]

#: Approximate number of lattice points that represent the land when areas are computed.
POINTS: Final = 100_000


def bands(  # noqa: PLR0913 - each option is one choice of the method
    events: pd.DataFrame,
    border: Border,
    *,
    edges_km: Sequence[float] = (0.0, 1.0, 5.0, 10.0, 25.0),
    within_km: float | None = None,
    distinct: str | None = None,
    period: PeriodsOption | None = None,
    level: float = 0.95,
    positions: str = "points",
    draws: int = DRAWS,
    seed: int | None = 0,
) -> pd.DataFrame:
    """
    Count events by distance from the border, by bank and by period.

    Parameters
    ----------
    events
        Events after `locate`: ``chainage_m``, ``distance_m``, ``side``, ``beyond_end``; ``contested`` and
        ``fatalities`` are summed too where the table has them.
    border
        The border they were located on.
    edges_km
        Lower edges of the bands, geodesic kilometres from the line, ascending from 0. A band includes its
        lower edge and excludes its upper one. The last band is open-ended unless `within_km` is given.
    within_km
        Upper end of the last band, geodesic kilometres. Events farther from the line are left out.
    distinct
        ``"place-day"`` counts the events at one place on one day once, ``"place"`` the events at one
        place once. By default every event counts. Sums of fatalities include all events.
    period
        Days in which events count: a day (``"2025-07-24"``), a month (``"2025-07"``), a year
        (``"2025"``), or a pair of a first and a last day, both included; None on either side is the
        first or last day of the data. An event that lasts (``event_date_end``) counts in each period
        that it touches. Several of these by name, or a frequency (``"Y"``, ``"Q"``, ``"M"``, ``"W"``,
        ``"D"``) from the first event counted to the last, split the counts. By default all events
        count together.
    level
        Confidence level of the limits, between 0 and 1.
    positions
        ``"points"`` counts each event where its point is. ``"spread"`` counts it by the probability of each
        place where it may have been (``location_error_m``, the columns of positions, and the accuracy of
        the line). ``"impute"`` draws all positions together, so that events at one place share the
        displacement of the line; limits of the count of a bank need it.
    draws
        Number of draws for ``"impute"``, 2 or more.
    seed
        Seed of these draws. The same seed gives the same result.

    Returns
    -------
    bands
        One row for each period, bank and band, empty ones included:

        - ``period``, ``period_start``, ``period_end`` (first and last day) where `period` is given;
        - ``side`` (ISO 3166-1 alpha-3 of the bank), ``band``, ``from_km``, ``to_km`` (infinite where
          open-ended);
        - ``n_events``, and ``n_vague`` of them whose position error (``location_error_m``, 90 %) exceeds
          the width of the band; missing where no error is known;
        - with positions that are spread or imputed ``n_events`` is the expected count, repeated as
          ``n_expected``, and ``n_events_low`` and ``n_events_high`` are limits of the count that happened;
        - ``n_contested``: events on land that some drawings of the border place on the other side, so that
          their bank depends on the line; missing where that is not known;
        - ``area_km2``: area of the bank within the band on the ellipsoid, without the land past the ends
          of the border; water counts as land;
        - ``events_per_km2``, ``events_per_km2_low``, ``events_per_km2_high``: over the whole period, with
          limits exact for Poisson counts [1]_; missing where the band is open-ended;
        - ``fatalities`` and ``n_unknown_fatalities``.

        Events on the line itself (within 1 mm) are on no bank: they have rows with the side ``line``.
        After ``locate(level=...)``, events whose side is not known at the level have rows with the side
        ``not known``.
        ``attrs["left_out"]`` counts the events left out, by reason: without a chainage (``no_chainage``) or
        a distance (``no_distance``), past an end, beyond `within_km`, without a date or outside the
        periods; the counts and it add up to the events given.

    Raises
    ------
    TableError
        If a column is missing, or the events were located on another border.
    OptionError
        If edges do not ascend from 0 or more, `within_km` does not exceed the last of them, `period` cannot
        be read, or another option is of the wrong kind or out of range.
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
    >>> events = bl.load_incidents().pipe(bl.locate, border)
    >>> table = bl.bands(events, border, edges_km=[0, 5, 25])
    >>> table.loc[table["side"] == "KHM", "n_events"].tolist()
    [90, 8, 10]
    >>> int(table["n_events"].sum()) + sum(table.attrs["left_out"].values()) == len(events)
    True
    """
    require_border(border, verb="bands")
    validate_level(level)
    placing = validate_positions(positions, draws=draws, seed=seed)
    edges = _validate_edges(edges_km, validate_within(within_km))
    require_columns(events, ["side", "distance_m"], verb="bands", remedy="run locate first")
    distance = numbers_of(events, "distance_m")
    sample = select_sample(
        events,
        border,
        verb="bands",
        within_km=within_km,
        distinct=distinct,
        period=period,
        several=True,
        without={"no_distance": ~np.isfinite(distance)},
        positions=placing,
    )
    banks = _list_banks(events, border, sample)
    table = _lay_out_bands(edges, banks, sample.periods)
    sample, parts = _share_out(events, distance, edges, banks, sample)
    vague = _add_counts(table, events, parts, sample, level)
    _add_rates(table, parts, border, edges, level)
    table.attrs = {**sample.facts(), "level": level, **vague.facts()}
    table.attrs["method"] = (
        _describe_bands(table, sample, border) + sample.describe_positions() + vague.sentence
    )
    if placing.as_points:
        vague.warn_finer("bands", "Count in wider bands, or with positions='spread'.")
    return table


def _validate_edges(edges_km: Sequence[float], within_km: float | None) -> Floats:
    wanted = "kilometres that grow from 0 or more, such as [0, 5, 25]"
    edges = np.asarray(validate_numbers(edges_km, "edges_km", wanted), dtype=np.float64)
    if not len(edges) or (edges < 0).any() or (np.diff(edges) <= 0).any():
        raise OptionError(f"edges_km must be {wanted}, not {list(edges_km)!r}.")
    if edges[0] > 0:
        edges = np.insert(edges, 0, 0.0)
    if within_km is None:
        return np.append(edges, np.inf)
    if not within_km > edges[-1]:
        raise OptionError(
            f"within_km must lie beyond the last of edges_km, {edges[-1]:g}, not {within_km!r}."
        )
    return np.append(edges, within_km)


def _list_banks(events: pd.DataFrame, border: Border, sample: Sample) -> list[str]:
    """Return the banks, ``line`` where an event lies on the line itself, and the side that is not known."""
    sides = events["side"].astype("string").iloc[sample.rows]
    known = [border.left, border.right, "line"]
    unknown = [] if sample.side_known is None else [NOT_KNOWN]
    wrong = ~sides.isin(known).to_numpy(dtype=np.bool_)
    if wrong.any():
        raise TableError(
            f"bands: row {sides.index[wrong].tolist()[0]!r} has the side {sides[wrong].iloc[0]!r}; "
            f"the banks are {border.left} and {border.right}. Run locate on this border."
        )
    on_line = (sides == "line").to_numpy(dtype=np.bool_, na_value=False)
    if sample.placements is not None:
        place_on_line = (sample.placements.bank_numbers() > 1).all(axis=1)
        on_line = (sample.placements.index < 0) & on_line | np.append(place_on_line, False)[
            sample.placements.index
        ]
    if sample.side_known is not None:
        on_line &= sample.side_known
    return [*(known if on_line.any() else known[:2]), *unknown]


def _lay_out_bands(edges: Floats, banks: list[str], periods: Periods) -> pd.DataFrame:
    """Return a table with a row for every period, bank and band."""
    frames = []
    for name, period in periods.named.items() if periods.given else [("", None)]:
        for bank in banks:
            part = pd.DataFrame({"side": bank, "from_km": edges[:-1], "to_km": edges[1:]})
            if period is not None:
                part.insert(0, "period", name or period.text)
                part.insert(1, "period_start", period.start)
                part.insert(2, "period_end", period.end)
            frames.append(part)
    names = ["side", "from_km", "to_km"]
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=names)
    labels = [_label_band(*pair) for pair in zip(table["from_km"], table["to_km"], strict=True)]
    table.insert(list(table.columns).index("side") + 1, "band", pd.Series(labels, dtype="string"))
    table["side"] = table["side"].astype("string")
    table.index.name = "band_id"
    return table


def _label_band(start: float, end: float) -> str:
    return f"{start:g} km and more" if np.isinf(end) else f"{start:g} to {end:g} km"


class _Parts(NamedTuple):
    """The part that each entry of the sample has in each row of the result."""

    #: Position of the entry in the sample.
    entry: Ints
    #: Position of the row of the result.
    cell: Ints
    #: Share of the entry in the cell; 1 for a point.
    share: Floats
    #: What the count of each row of the result may be; None where points count as reported.
    counts: CountDistribution | None


def _share_out(
    events: pd.DataFrame, distance: Floats, edges: Floats, banks: list[str], sample: Sample
) -> tuple[Sample, _Parts]:
    """Assign each entry to a row of the result, or the places where it may be to several."""
    cell = _locate_cells(events, distance, edges, banks, sample)
    if sample.placements is None:
        return sample, _Parts(np.arange(len(cell)), cell, np.ones(len(cell)), None)
    n_bands, n_banks = len(edges) - 1, len(banks)
    unknown = np.zeros(len(cell), dtype=np.bool_) if sample.side_known is None else ~sample.side_known
    sample, group_of_row = sample.split_places(sample.period * 2 + unknown)
    placements = sample.placements
    if placements is None:
        raise TypeError("points have no placements")
    period, unknown_row = np.divmod(group_of_row, 2)
    band = np.searchsorted(edges * 1000.0, np.abs(placements.offset_m), side="right") - 1
    band = np.minimum(band, n_bands - 1)
    bank = placements.bank_numbers()
    if "line" not in banks:
        bank = np.where(bank > 1, np.where(placements.offset_m < 0, 1, 0), bank)
    bank = np.where(unknown_row[:, None] > 0, n_banks - 1, bank)
    place = np.where(sample.mark_outside() < 0, (period[:, None] * n_banks + bank) * n_bands + band, -1)
    shares, n_of_row = placements.share_rows(place), placements.count_rows(sample.weight)
    placed, firm = np.flatnonzero(placements.index >= 0), np.flatnonzero(placements.index < 0)
    event, cell_of_part, share = shares.expand(placements.index[placed])
    size = max(len(sample.periods.named), 1) * n_banks * n_bands
    base = np.bincount(cell[firm], sample.weight[firm], minlength=size).astype(np.float64)
    counts = (
        distribute_draws(place, n_of_row, base)
        if placements.drawn
        else distribute_shares(shares, n_of_row, base)
    )
    entry = np.concatenate([placed[event], firm])
    share = np.concatenate([share, np.ones(len(firm))])
    return sample, _Parts(entry, np.concatenate([cell_of_part, cell[firm]]), share, counts)


def _locate_cells(
    events: pd.DataFrame, distance: Floats, edges: Floats, banks: list[str], sample: Sample
) -> Ints:
    """Return the row of the result that each entry of the sample belongs to."""
    band = np.searchsorted(edges * 1000.0, distance[sample.rows], side="right") - 1
    # The upper edge of the last band is included, as within_km is elsewhere.
    band = np.minimum(band, len(edges) - 2)
    bank = pd.Index(banks).get_indexer(pd.Index(events["side"].astype(object).iloc[sample.rows]))
    if sample.side_known is not None:
        bank = np.where(sample.side_known, bank, banks.index(NOT_KNOWN))
    cell: Ints = (sample.period * len(banks) + bank) * (len(edges) - 1) + band
    return cell


def _add_counts(
    table: pd.DataFrame, events: pd.DataFrame, parts: _Parts, sample: Sample, level: float
) -> VagueNote:
    """Add the columns of counts to the table of bands."""
    n_rows = len(table)
    whole = bool((parts.share == 1.0).all())

    def count(mask: Bools) -> Ints | Floats:
        total = np.bincount(parts.cell[mask], parts.share[mask], minlength=n_rows)
        return total.astype(np.int64) if whole else total

    counted = sample.weight[parts.entry] > 0
    table["n_events"] = count(counted)
    if parts.counts is not None:
        table["n_expected"] = table["n_events"].astype(np.float64)
        table["n_events_low"], table["n_events_high"] = count_limits(parts.counts, level)
    width_m = 1000.0 * (table["to_km"] - table["from_km"]).to_numpy(dtype=np.float64)
    error = sample.error_m[parts.entry]
    vague = mark_vague(error, width_m[parts.cell])
    vague_note = count_vague(error, vague, parts.share * counted, "the width of the band they are counted in")
    known = vague_note.n_vague is not None
    n_vague = np.asarray(count(counted & vague), dtype=np.float64)
    table["n_vague"] = vague_column(n_vague, known=known, whole=whole)
    contested = events["contested"] if "contested" in events.columns else pd.Series(pd.NA, events.index)
    contested = contested.iloc[sample.rows[parts.entry]]
    if contested.isna().all():
        table["n_contested"] = pd.array([pd.NA] * n_rows, dtype="Int64")
    else:
        there = counted & contested.to_numpy(dtype=np.bool_, na_value=False)
        table["n_contested"] = pd.Series(count(there)).astype("Int64" if whole else "Float64").array
    if "fatalities" in events.columns:
        deaths = numbers_of(events, "fatalities")[sample.rows[parts.entry]]
        known_deaths = ~np.isnan(deaths)
        total = np.bincount(
            parts.cell[known_deaths], weights=(deaths * parts.share)[known_deaths], minlength=n_rows
        )
        whole_deaths = whole and pd.api.types.is_integer_dtype(events["fatalities"].dtype)
        table["fatalities"] = total.astype(np.int64) if whole_deaths else total
        table["n_unknown_fatalities"] = count(~known_deaths)
    return vague_note


def _describe_bands(table: pd.DataFrame, sample: Sample, border: Border) -> str:
    out = format_count(sum(sample.count_left_out().values()))
    return (
        f"{format_count(sample.n_events)} events{sample.describe_filters()} were counted by bank and by "
        f"geodesic distance from the {border.name or 'border'}; {out} were left out. Rates are "
        "events per square kilometre of the bank within the band, with exact Poisson limits (Garwood 1936) "
        f"at {table.attrs['level'] * 100:g} %."
    )


def _add_rates(table: pd.DataFrame, parts: _Parts, border: Border, edges: Floats, level: float) -> None:
    """Insert areas and rates after the counts."""
    upto = {(bank, 0.0): 0.0 for bank in (border.left, border.right)}
    for edge in edges[np.isfinite(edges) & (edges > 0)].tolist():
        for bank in (border.left, border.right):
            upto[bank, edge] = catchment_of(border, within_km=edge, bank=bank, points=POINTS).total_km2
    ends = zip(table["side"], table["from_km"], table["to_km"], strict=True)
    area = np.array(
        [upto.get((bank, end), np.nan) - upto.get((bank, start), np.nan) for bank, start, end in ends],
        dtype=np.float64,
    )
    count = table["n_events"].to_numpy()
    low, high = (
        poisson_limits(count, level) if parts.counts is None else mixed_poisson_limits(parts.counts, level)
    )
    first = list(table.columns).index("n_contested") + 1
    columns = {"area_km2": area, "events_per_km2": count / area}
    columns |= {"events_per_km2_low": low / area, "events_per_km2_high": high / area}
    for place, (name, values) in enumerate(columns.items()):
        table.insert(first + place, name, values)
