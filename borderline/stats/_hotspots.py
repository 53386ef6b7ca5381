"""Find the stretches of a border with more events than chance explains."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import WGS84_CRS
from ..border import Border, require_border
from ..errors import OptionError
from ..options import validate_number, validate_seed, validate_whole
from ._count_limits import count_limits
from ._exposure_share import ExposureShare, share_exposure
from ._period import PeriodOption
from ._placements import DRAWS, validate_positions
from ._sample import SLACK_M, Sample, as_whole, select_sample
from ._scan_clusters import (
    Cluster,
    Scan,
    cut_cells,
    find_clusters,
    rank_clusters,
    require_exposure,
    simulate_maxima,
)
from ._scan_places import PlaceField
from ._scan_windows import Rules
from ._vague_counts import UNKNOWN, VagueNote, format_count, mark_vague, vague_column

__all__ = ["hotspots"]

#: Up to this many events, windows run from event to event; with more, over whole segments.
MOST_EVENTS: Final = 2_000

#: Level of the limits of a count.
LEVEL: Final = 0.95

#: A window of one event is no cluster.
FEWEST: Final = 2


def hotspots(  # noqa: PLR0913 - each option is one choice of the method
    events: pd.DataFrame,
    border: Border,
    *,
    simulations: int = 999,
    seed: int = 0,
    within_km: float | None = None,
    bank: str | None = None,
    distinct: str | None = None,
    period: PeriodOption | None = None,
    exposure: str | None = None,
    segments: gpd.GeoDataFrame | None = None,
    window_km: float | None = None,
    min_length_km: float = 1.0,
    min_events: int = FEWEST,
    max_share: float = 0.5,
    limit: int = 10,
    positions: str = "points",
    draws: int = DRAWS,
) -> gpd.GeoDataFrame:
    """
    Find the stretches of a border with more events than chance explains.

    Kulldorff's scan statistic [1]_ on a line. Windows of every position and length are compared with the
    rest of the border. The most likely cluster is ranked among the most likely clusters of simulations
    that place the same number of events by chance, in proportion to the exposure, so the p-value accounts
    for having looked everywhere.

    The test assumes that events are independent. Several reports of one incident, or a day's shelling of
    one place, are not; `distinct` counts them once. With ``exposure="catchment"`` chance places events
    anywhere on the land within `within_km`. Where incidents keep close to the line, stretches inside a
    bend, which have little land, then look hotter than they are, the more so the shorter the window. Trust
    what ``exposure="length"`` finds too, or choose a smaller `within_km` or a larger `min_length_km`.

    Parameters
    ----------
    events
        Events after `locate`: ``chainage_m``, ``distance_m``, ``beyond_end``; with `bank` also ``side``.
        Rows without a chainage are left out and counted.
    border
        The border they were located on.
    simulations
        Number of simulations. P-values are at least 1 / (`simulations` + 1).
    seed
        Seed of the random numbers. The same seed gives the same result.
    within_km
        Leave out events farther than this from the line, geodesic kilometres. By default there is
        no limit.
    bank
        Country whose bank alone counts, ISO 3166-1 alpha-3 or alpha-2. By default both banks count.
        With a bank, the catchment is the land of that bank.
    distinct
        ``"place-day"`` counts the events at one place on one day once, ``"place"`` the events at one
        place once. By default every event counts.
    period
        Days in which events count: a day (``"2025-07-24"``), a month (``"2025-07"``), a year
        (``"2025"``), or a pair of a first and a last day, both included; None on either side is the
        first or last day of the data. An event that lasts (``event_date_end``) counts in each period
        that it touches. By default every event counts, with or without a date.
    exposure
        What chance distributes events over: ``"length"`` of border; ``"catchment"``, the land within
        `within_km` by its nearest point of the border; or a column of `segments`, spread evenly within
        each. By default the catchment where `within_km` exceeds 1, else the length.
    segments
        Consecutive stretches of the border, from `segment`; events outside are left out. With more than
        2,000 events, windows consist of whole segments, by default about 1,000 equal ones no shorter than
        `min_length_km`. With fewer events, windows run from event to event, both ends included.
    window_km
        Scan windows of this one length, kilometres along the border, instead of all lengths. With
        ``exposure="length"``, a window no longer than half of the line with more than half of the events
        has an exact p-value, by Naus [2]_ in the form of Wallenstein and Neff [3]_; other p-values are
        simulated.
    min_length_km
        Shortest window, kilometres. A shorter window from event to event is extended to it, forwards from
        its first event and backwards from its last.
    min_events
        Fewest events in a window, 2 or more.
    max_share
        Largest share of the exposure in a window, up to 1. It does not apply to windows of one length.
    limit
        Largest number of clusters in the result.
    positions
        ``"points"`` scans events where their points are, and says where a window is shorter than twice the
        median error of the events it holds. ``"spread"`` and ``"impute"`` scan the expected counts of cells,
        windows of whole cells no shorter than twice the median error of all events that count and of those
        they hold; no event is left out because its place is vague. The p-values are conservative: chance
        places events exactly.
    draws
        Number of draws of positions for ``"impute"``, 2 or more.

    Returns
    -------
    hotspots
        Most likely first, index ``hotspot_id`` from 0: ``from_m``, ``to_m`` (geodesic metres),
        ``n_events``, ``n_vague`` (events of these whose position error, ``location_error_m``, exceeds the
        length of the window; missing where no error is known), ``expected``, ``relative_risk`` (the rate
        inside over the rate outside; infinite where there are no events outside), ``llr`` (log likelihood
        ratio), ``p_value`` and ``geometry`` (EPSG:4326). With positions that are spread
        or imputed, ``n_events`` is the expected count, repeated as ``n_expected``, with 95 % limits of the
        count that happened, ``n_events_low`` and ``n_events_high``. Each cluster overlaps none before it.
        P-values
        after the first compare a cluster with the best of each simulation, so they are conservative.
        Windows that are not significant are listed too; fewer than `min_events` events give no rows.
        ``attrs`` holds ``method``, ``left_out``, ``within_km`` and the other options.

    Raises
    ------
    TableError
        If a column is missing, events or segments are of another border, segments overlap or leave gaps, or
        the exposure is zero where there are events.
    OptionError
        If an option is of the wrong kind, out of range or unknown.
    MeasureError
        If a chainage lies off the border.

    Warns
    -----
    PositionWarning
        If a window of points is shorter than twice the median error of the events it holds. With positions
        that are spread or imputed, if events have no error or are set aside.

    References
    ----------
    .. [1] M. Kulldorff, "A spatial scan statistic", Communications in Statistics:
       Theory and Methods 26 (1997), 1481-1496.
    .. [2] J. I. Naus, "The distribution of the size of the maximum cluster of points
       on a line", Journal of the American Statistical Association 60 (1965), 532-538.
    .. [3] S. Wallenstein and N. Neff, "An approximation for the distribution of the
       scan statistic", Statistics in Medicine 6 (1987), 197-207.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.load_incidents().pipe(bl.locate, border)
    >>> hot = bl.hotspots(events, border, within_km=25, simulations=99, seed=1)
    >>> hot["n_events"].iloc[0] > hot["expected"].iloc[0]
    np.True_
    >>> hot.attrs["exposure"]
    'catchment'
    """
    require_border(border, verb="hotspots")
    validate_whole(simulations, "simulations")
    validate_whole(limit, "limit")
    placing = validate_positions(positions, draws=draws, seed=seed)
    if not placing.as_points and window_km is not None:
        raise OptionError(f"window_km must be None unless positions='points', not {window_km!r}.")
    sample = select_sample(
        events,
        border,
        verb="hotspots",
        within_km=within_km,
        bank=bank,
        distinct=distinct,
        period=period,
        compared=True,
        exposure=exposure,
        columns=None if segments is None else list(segments.columns),
        positions=placing,
    )
    sample = sample.as_points()
    kind = sample.exposure or "length"
    share = share_exposure(kind, border, segments=segments, within_km=sample.within_km, bank=sample.bank)
    fixed = window_km is not None
    rules = _validate_rules(share, min_length_km, window_km, min_events, max_share)
    outside = (sample.chainage_m < share.start_m - SLACK_M) | (sample.chainage_m > share.end_m + SLACK_M)
    if sample.placements is not None:
        return _scan_places(
            sample, share, rules, segments, border, simulations=simulations, limit=limit, seed=seed
        )
    sample = sample.without("outside_segments", outside)
    places = np.sort(np.clip(sample.points_m, share.start_m, share.end_m))
    gridded = len(places) > MOST_EVENTS and not fixed
    scan = Scan(places, share, rules, cut_cells(share, rules, segments, border) if gridded else None, fixed)
    require_exposure(scan)
    clusters = find_clusters(scan, limit)
    maxima = simulate_maxima(scan, simulations, validate_seed(seed)) if clusters else np.zeros(simulations)
    table = _tabulate_clusters(clusters, len(places), border)
    table.insert(6, "p_value", rank_clusters(clusters, scan, maxima, even=kind == "length"))
    vague = _add_vague(table, sample)
    table.attrs = {
        **sample.facts(),
        "simulations": simulations,
        "seed": seed,
        "min_length_km": rules.min_length_m / 1000.0,
        "min_events": rules.min_events,
        "max_share": rules.max_share,
        **vague.facts(),
        "method": _describe_scan(scan, sample, simulations, border) + vague.sentence,
    }
    vague.warn_finer("hotspots", "Give a longer min_length_km.")
    return table


def _scan_places(
    sample: Sample,
    share: ExposureShare,
    rules: Rules,
    segments: gpd.GeoDataFrame | None,
    border: Border,
    *,
    simulations: int,
    limit: int,
    seed: int,
) -> gpd.GeoDataFrame:
    """Scan the expected counts of cells, in windows no finer than the positions of what they hold."""
    field = PlaceField.lay_out(sample, share, rules, segments, border)
    clusters = field.find_clusters(limit)
    maxima = field.simulate_maxima(simulations, validate_seed(seed)) if clusters else np.zeros(simulations)
    counts, distribution = field.count_windows(clusters)
    table = _tabulate_clusters(clusters, field.total, border)
    table["n_events"] = counts
    outside = field.total - counts
    share_inside = np.array([cluster.share for cluster in clusters], dtype=np.float64)
    rate, rest = counts / np.where(share_inside > 0, share_inside, 1.0), outside / (1.0 - share_inside)
    table["relative_risk"] = np.where(rest > 0, rate / np.where(rest > 0, rest, 1.0), np.inf)
    table.insert(6, "p_value", field.rank_clusters(clusters, distribution, maxima))
    table.insert(3, "n_vague", field.count_vague_events(clusters))
    table.insert(3, "n_events_high", count_limits(distribution, LEVEL)[1])
    table.insert(3, "n_events_low", count_limits(distribution, LEVEL)[0])
    table.insert(3, "n_expected", counts)
    known = field.known
    left_out = sample.count_left_out()
    left_out["outside_segments"] = as_whole(field.outside)
    shortest = field.rules.min_length_m / 1000.0
    table.attrs = {
        **sample.facts(),
        "left_out": left_out,
        "n_events": as_whole(field.total),
        "n_expected": field.total,
        "simulations": simulations,
        "seed": seed,
        "level": LEVEL,
        "min_length_km": shortest,
        "min_events": rules.min_events,
        "max_share": rules.max_share,
        "n_vague": float(table["n_vague"].sum()) if known else None,
        "position_note": f"No window is shorter than twice the median position error (90 %) of the events, "
        f"{shortest:.3g} km."
        if known
        else UNKNOWN,
    }
    table.attrs["method"] = (
        _describe_scan(field.scan, sample, simulations, border)
        + sample.describe_positions()
        + (f" {table.attrs['position_note']}" if known else "")
    )
    return table


def _validate_rules(
    share: ExposureShare,
    min_length_km: object,
    window_km: object,
    min_events: object,
    max_share: object,
) -> Rules:
    name, given = ("min_length_km", min_length_km) if window_km is None else ("window_km", window_km)
    longest_km = (share.end_m - share.start_m) / 1000.0
    wanted = f"kilometres above 0 and up to the {longest_km:,.3f} km of border"
    length_km = validate_number(given, name, wanted)
    if not 0 < length_km <= longest_km:
        raise OptionError(f"{name} must be {wanted}, not {given!r}.")
    fewest = validate_whole(min_events, "min_events", least=FEWEST)
    wanted = "a share above 0 and up to 1, such as 0.5"
    most = validate_number(max_share, "max_share", wanted)
    if not 0 < most <= 1:
        raise OptionError(f"max_share must be {wanted}, not {max_share!r}.")
    return Rules(length_km * 1000.0, fewest, most if window_km is None else 1.0)


def _tabulate_clusters(clusters: list[Cluster], total: float, border: Border) -> gpd.GeoDataFrame:
    inside = np.array([cluster.n for cluster in clusters], dtype=np.int64)
    share = np.array([cluster.share for cluster in clusters], dtype=np.float64)
    outside = (total - inside) / (1.0 - share)
    rate = inside / np.where(share > 0, share, 1.0)
    return gpd.GeoDataFrame(
        {
            "from_m": np.array([cluster.from_m for cluster in clusters], dtype=np.float64),
            "to_m": np.array([cluster.to_m for cluster in clusters], dtype=np.float64),
            "n_events": inside,
            "expected": total * share,
            "relative_risk": np.where(outside > 0, rate / np.where(outside > 0, outside, 1.0), np.inf),
            "llr": np.array([cluster.llr for cluster in clusters], dtype=np.float64),
        },
        geometry=[border.slice(cluster.from_m, cluster.to_m) for cluster in clusters],
        index=pd.RangeIndex(len(clusters), name="hotspot_id"),
        crs=WGS84_CRS,
    )


def _add_vague(table: gpd.GeoDataFrame, sample: Sample) -> VagueNote:
    """Add how many events are vaguer than the window that holds them, and say which windows are too short."""
    counted = sample.weight > 0
    places, error = sample.chainage_m[counted], sample.error_m[counted]
    known = bool(np.isfinite(error).any())
    n_vague, n_short = np.zeros(len(table)), 0
    for row, (start, end) in enumerate(zip(table["from_m"], table["to_m"], strict=True)):
        held = error[(places >= start - SLACK_M) & (places <= end + SLACK_M)]
        n_vague[row] = mark_vague(held, end - start).sum()
        # An error that is not known counts as none.
        n_short += bool(end - start < 2 * np.median(np.nan_to_num(held)) - SLACK_M) if len(held) else 0
    table.insert(3, "n_vague", vague_column(n_vague, known=known).to_numpy())
    if not known:
        return VagueNote(UNKNOWN if len(places) else "", None, finer=False)
    note = (
        f"{n_short} of {len(table)} windows are shorter than twice the median position error (90 %) of the "
        "events they hold, so they are finer than their positions."
    )
    return VagueNote(note if n_short else "", float(n_vague.sum()), n_short > 0)


def _describe_scan(scan: Scan, sample: Sample, simulations: int, border: Border) -> str:
    rules, exposure = scan.rules, sample.exposure or "length"
    n = f"{len(scan.places):,}" if sample.placements is None else format_count(sample.n_events)
    km = (scan.exposure.end_m - scan.exposure.start_m) / 1000.0
    spread = {
        "length": "length of border",
        "catchment": f"land within {sample.within_km} km by its nearest point of the border",
    }.get(exposure, f"the segments by their {exposure}")
    lengths = f"of at least {rules.min_length_m / 1000:g} km and at most {rules.max_share:g} of the exposure"
    windows = f"from event to event {lengths}, closed at both ends"
    if scan.fixed:
        windows = f"of {rules.min_length_m / 1000:g} km"
    elif scan.breaks is not None:
        windows = f"of whole stretches out of {len(scan.breaks) - 1:,} {lengths}"
    known = scan.fixed and exposure == "length"
    exact = ", exact (Naus 1965; Wallenstein and Neff 1987) for more than half of the events on length"
    return (
        f"Scan statistic (Kulldorff 1997) of {n} events"
        f"{sample.describe_filters()} along {km:.1f} km of the {border.name or 'border'}: "
        f"windows {windows}, with at least {rules.min_events} events; "
        f"expected counts in proportion to {spread}; p-values from "
        f"{simulations:,} simulations with the same number of events{exact if known else ''}."
    )
