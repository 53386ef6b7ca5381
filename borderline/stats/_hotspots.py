"""The verb `hotspots`: which stretches of a border have more events than chance gives any."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import WGS84_CRS, Bools, Floats
from .._countries import alpha3
from ..border import Border, require_border
from ..errors import MeasureError
from ..options import validate_number, validate_seed, validate_whole
from ..provenance import cited
from ._distinct import counted_once
from ._exposure_share import SLACK_M, Measure, exposure_name, measure_of
from ._sample import Counted, count_events, near_line
from ._scan_clusters import Cluster, Scan, cells_for, check_exposed, clusters, p_values, simulate
from ._scan_windows import Rules

__all__ = ["hotspots"]

#: Up to this many events, windows run from event to event.
MOST_EVENTS: Final = 2_000

#: A window that begins or ends at an event holds another one.
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
    exposure: str | None = None,
    segments: gpd.GeoDataFrame | None = None,
    window_km: float | None = None,
    min_length_km: float = 1.0,
    min_events: int = FEWEST,
    max_share: float = 0.5,
    limit: int = 10,
) -> gpd.GeoDataFrame:
    """
    Find the stretches of a border with more events than chance alone would give any.

    Kulldorff's scan [1]_ on a line: windows of every place and length are compared
    with the rest of the border, and the most likely cluster with those that the same
    number of events makes when chance and exposure alone place them. The answer
    allows for having looked everywhere.

    It takes events to be independent under chance. Several reports of one incident, or
    a day's shelling of one place, are not; `distinct` counts them once.
    And the land within 25 km is what chance spreads over, if incidents can happen
    anywhere on it. Where they keep to the line, the inside of a bend, with little land
    of its own, seems hotter than it is, the more so the shorter the window: believe
    what stands with ``exposure="length"`` too, or choose a narrower `within_km` or a
    longer `min_length_km`.

    Parameters
    ----------
    events
        Events after `locate`: ``chainage_m``, ``distance_m``, ``beyond_end``; with
        `bank` also ``side``. Rows without chainage are left out and counted.
    border
        The border they were located on.
    simulations
        How many times chance places the events; p-values are at least
        1 / (`simulations` + 1).
    seed
        Of the random numbers: the same seed gives the same answer.
    within_km
        Leave out events farther than this from the line, geodesic kilometres. By
        default there is no limit.
    bank
        Keep events on the bank of this country alone, ISO 3166-1; its land alone
        is then the catchment. By default both.
    distinct
        ``"place-day"`` counts events at one place on one day once, ``"place"`` those at
        one place. By default every row counts.
    exposure
        What chance spreads events over: ``"catchment"``, the land within `within_km`
        by its nearest point of the border; ``"length"``; or a column of
        `segments`, spread evenly within each. By default the catchment once
        `within_km` exceeds 1, else the length.
    segments
        Stretches of the border that follow one another, from `segment`; events
        outside are left out. With more than 2,000 events windows are made of whole
        segments, by default of about 1,000 equal stretches no shorter than
        `min_length_km`. With fewer events windows run from event to event, closed
        at both ends.
    window_km
        Look at windows of this one length, kilometres along the border, instead of
        all lengths. On length, more than half of the events in a window no longer than
        half of the line have an exact p-value, by Naus [2]_ in the form of Wallenstein
        and Neff [3]_; the others are simulated.
    min_length_km
        Shortest window, kilometres. A window from event to event that is shorter is
        stretched to it, forwards from its first event and backwards from its last.
    min_events
        Fewest events of a window, 2 or more.
    max_share
        Largest share of the exposure in a window, up to 1. It does not limit
        windows of one length.
    limit
        Largest number of clusters in the result.

    Returns
    -------
    hotspots
        Best first, index ``hotspot_id`` from 0: ``from_m``, ``to_m`` (geodesic
        metres), ``n_events``, ``expected``, ``relative_risk`` (the rate inside over
        the rate outside; infinite when nothing is outside), ``llr``, ``p_value`` and
        ``geometry`` (EPSG:4326). Those after the first overlap none before them, and
        their p-values compare them with the best of each simulation, so they err
        on the safe side. Windows that are not significant are listed too; without
        events, or with fewer than `min_events`, there are none. ``attrs`` has
        ``method``, ``left_out``, ``within_km`` and what else was asked for.

    Raises
    ------
    TableError
        If a column is missing, events or segments are of another border, segments
        overlap or leave gaps, or the exposure is zero where there are events.
    MeasureError
        If a number is out of its range.
    UnknownKeyError
        If there is no such exposure or country.

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
    country = _bank(bank, border)
    name = exposure_name(exposure, within_km, segments)
    measure = measure_of(name, border, segments=segments, within_km=within_km, bank=country)
    fixed = window_km is not None
    shortest, most = (min_length_km, max_share) if window_km is None else (window_km, 1.0)
    rules = _rules(measure, shortest, min_events, most)
    _check_counts(simulations, limit)
    counted = count_events(
        events,
        length_m=border.length_m,
        border=border.identity,
        within_km=within_km,
        verb="hotspots",
        bank=country,
    )
    places, left_out = _places(events, counted, measure, distinct)
    gridded = len(places) > MOST_EVENTS and not fixed
    scan = Scan(
        places, measure, rules, cells_for(measure, rules, segments, border) if gridded else None, fixed
    )
    check_exposed(scan)
    found = clusters(scan, limit)
    maxima = simulate(scan, simulations, validate_seed(seed)) if found else np.zeros(simulations)
    table = _table(found, len(places), border)
    table.insert(6, "p_value", p_values(found, scan, maxima, even=name == "length"))
    table.attrs = {
        "border": border.identity,
        "sources": cited(events.attrs, border.source),
        "n_events": len(places),
        "left_out": left_out,
        "within_km": within_km,
        "bank": country,
        "distinct": distinct,
        "exposure": name,
        "simulations": simulations,
        "seed": seed,
        "min_length_km": shortest,
        "min_events": min_events,
        "max_share": most,
        "method": _method(scan, simulations, name, within_km, country, distinct, border),
    }
    return table


def _bank(bank: str | None, border: Border) -> str | None:
    country = None if bank is None else alpha3(bank)
    if country not in {None, border.left, border.right}:
        raise MeasureError(
            f"{country} is no bank of {border.name or 'the border'}; its banks are "
            f"{border.left} and {border.right}."
        )
    return country


def _rules(measure: Measure, length_km: float, min_events: int, max_share: float) -> Rules:
    validate_number(length_km, "min_length_km or window_km", "a number of kilometres")
    validate_number(max_share, "max_share", "a share, such as 0.5")
    validate_whole(min_events, "min_events", least=FEWEST)
    longest_km = (measure.end_m - measure.start_m) / 1000.0
    if not 0 < length_km <= longest_km:
        raise MeasureError(
            f"A window is longer than 0 and no longer than the {longest_km:.3f} km of border, "
            f"but min_length_km or window_km is {length_km}."
        )
    if not 0 < max_share <= 1:
        raise MeasureError(f"max_share must lie above 0 and not above 1, such as 0.5; it is {max_share}.")
    return Rules(length_km * 1000.0, int(min_events), float(max_share))


def _check_counts(simulations: int, limit: int) -> None:
    for name, value in (("simulations", simulations), ("limit", limit)):
        validate_whole(value, name)


def _places(
    events: pd.DataFrame, counted: Counted, measure: Measure, distinct: str | None
) -> tuple[Floats, dict[str, int]]:
    """Take the chainages that are scanned, ascending, and count why others are not."""
    places = counted.chainage_m
    kept: Bools = (places >= measure.start_m - SLACK_M) & (places <= measure.end_m + SLACK_M)
    rows = counted.rows.copy()
    rows[rows] = kept
    once, repeated = counted_once(events, rows, distinct, verb="hotspots")
    left_out = {**counted.left_out, "outside_segments": int((~kept).sum()), **repeated}
    kept = once[counted.rows]
    return np.sort(np.clip(places[kept], measure.start_m, measure.end_m)), left_out


def _table(found: list[Cluster], total: int, border: Border) -> gpd.GeoDataFrame:
    inside = np.array([each.n for each in found], dtype=np.int64)
    share = np.array([each.share for each in found], dtype=np.float64)
    outside = (total - inside) / (1.0 - share)
    rate = inside / np.where(share > 0, share, 1.0)
    return gpd.GeoDataFrame(
        {
            "from_m": np.array([each.from_m for each in found], dtype=np.float64),
            "to_m": np.array([each.to_m for each in found], dtype=np.float64),
            "n_events": inside,
            "expected": total * share,
            "relative_risk": np.where(outside > 0, rate / np.where(outside > 0, outside, 1.0), np.inf),
            "llr": np.array([each.llr for each in found], dtype=np.float64),
        },
        geometry=[border.slice(each.from_m, each.to_m) for each in found],
        index=pd.RangeIndex(len(found), name="hotspot_id"),
        crs=WGS84_CRS,
    )


def _method(
    scan: Scan,
    simulations: int,
    exposure: str,
    within_km: float | None,
    bank: str | None,
    distinct: str | None,
    border: Border,
) -> str:
    rules = scan.rules
    km = (scan.measure.end_m - scan.measure.start_m) / 1000.0
    spread = {
        "length": "length of border",
        "catchment": f"land within {within_km} km by its nearest point of the border",
    }.get(exposure, f"the segments by their {exposure}")
    lengths = f"of at least {rules.min_length_m / 1000:g} km and at most {rules.max_share:g} of the exposure"
    windows = f"from event to event {lengths}, closed at both ends"
    if scan.fixed:
        windows = f"of {rules.min_length_m / 1000:g} km"
    elif scan.breaks is not None:
        windows = f"of whole stretches out of {len(scan.breaks) - 1:,} {lengths}"
    known = scan.fixed and exposure == "length"
    exact = ", exact (Naus 1965; Wallenstein and Neff 1987) for more than half of the events on length"
    once = f", those of one {distinct.replace('-', ' and ')} counted once," if distinct else ""
    return (
        f"Scan statistic (Kulldorff 1997) of {len(scan.places):,} events{near_line(within_km, bank)}{once} "
        f"along {km:.1f} km of the {border.name or 'border'}: windows {windows}, with at least "
        f"{rules.min_events} events; expected counts in proportion to {spread}; p-values from "
        f"{simulations:,} simulations with the same number of events{exact if known else ''}."
    )
