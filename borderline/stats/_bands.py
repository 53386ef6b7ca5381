"""The verb `bands`: events by distance from the border, bank and period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from .._constants import Bools, Floats, Ints
from ..border import Border, require_border
from ..errors import MeasureError, TableError
from ..options import validate_level
from ..provenance import cited
from ..schema import require_columns
from ._band_periods import Periods, read_periods
from ._catchment import catchment_of
from ._poisson import poisson_limits
from ._sample import count_events, require_within

__all__ = ["bands"]

#: About how many points stand for the land when an area is measured.
POINTS: Final = 100_000


def bands(
    events: pd.DataFrame,
    border: Border,
    *,
    edges_km: Sequence[float] = (0.0, 1.0, 5.0, 10.0, 25.0),
    within_km: float | None = None,
    period: str | Sequence[str | date] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """
    Count events by distance from the border, by bank and by period.

    Parameters
    ----------
    events
        Events after `locate`: ``chainage_m``, ``distance_m``, ``side``, ``beyond_end``; where
        there are any, ``contested`` and ``fatalities`` are summed up as well.
    border
        The border they were located on.
    edges_km
        Where bands begin, geodesic kilometres from the line, growing from 0; a band holds its
        lower edge, not its upper one. The last band is open-ended unless `within_km` is given.
    within_km
        Where the last band ends, kilometres; events farther off are left out.
    period
        Count by calendar periods as well: a frequency of pandas such as ``Y``, ``Q``, ``M``,
        ``W`` or ``D``, from the first event counted to the last; or growing dates, the first
        instants of the periods and the end of the last. By default all events count together.
    level
        Confidence level of the limits, between 0 and 1.

    Returns
    -------
    bands
        Long form, one row for each period, bank and band, empty ones included: ``period``,
        ``period_start``, ``period_end`` (with `period`), ``side`` (ISO 3166-1 alpha-3 of the
        bank), ``band``, ``from_km``, ``to_km`` (infinite where open-ended), ``n_events``,
        ``n_contested`` (of these, on land that drawings of the border put on different sides,
        so that their bank depends on the line; missing where that is not known), ``area_km2``
        (of the bank within the band on the ellipsoid, land past the ends of the border left out,
        water counted as land), ``events_per_km2``, ``events_per_km2_low``,
        ``events_per_km2_high`` (over the whole period, limits exact for a Poisson count [1]_;
        missing where the band is open-ended), ``fatalities`` and ``n_unknown_fatalities``.
        Events on the line itself (within 1 mm) are on no bank: rows with the side ``line``,
        where there are any. ``attrs["left_out"]`` counts the events left out, by reason:
        those without a chainage (``no_chainage``) or a distance (``no_distance``), past an end,
        beyond `within_km`, without a date or outside the periods; the counts and it add up
        to the events given.

    Raises
    ------
    TableError
        If a column is missing, events were located on another border, or `period` cannot be
        used.
    MeasureError
        If edges do not grow from 0 or more, `within_km` does not lie beyond the last of them, or
        `level` is not between 0 and 1.

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
    [87, 8, 9]
    >>> int(table["n_events"].sum()) + sum(table.attrs["left_out"].values()) == len(events)
    True
    """
    require_border(border, verb="bands")
    validate_level(level)
    edges = _edges(edges_km, within_km)
    require_columns(events, ["side"], verb="bands", remedy="run locate first")
    counted = count_events(
        events, length_m=border.length_m, border=border.identity, within_km=within_km, verb="bands"
    )
    distance = events["distance_m"].to_numpy(dtype=np.float64, na_value=np.nan)
    rows = counted.rows & np.isfinite(distance)
    left_out = {**counted.left_out, "no_distance": int((counted.rows & ~rows).sum())}
    periods = None
    if period is not None:
        periods = read_periods(events, period, np.flatnonzero(rows))
        for reason, code in (("no_date", -2), ("outside_periods", -1)):
            left_out[reason] = int((rows & (periods.of_event == code)).sum())
        rows &= periods.of_event >= 0
    banks = _banks(events, border, rows)
    table = _layout(edges, banks, periods)
    cell = _cells(events, distance, edges, banks, periods)
    _count(table, events, cell, rows)
    _rates(table, border, edges, level)
    table.attrs = {
        "border": border.identity,
        "sources": cited(events.attrs, border.source),
        "left_out": left_out,
        "within_km": within_km,
        "level": level,
    }
    return table


def _edges(edges_km: Sequence[float], within_km: float | None) -> Floats:
    try:
        edges = np.asarray(list(edges_km), dtype=np.float64)
    except (TypeError, ValueError):
        raise MeasureError("edges_km takes kilometres, such as [0, 5, 25].") from None
    if edges.ndim != 1 or not len(edges) or not np.isfinite(edges).all() or (edges < 0).any():
        raise MeasureError(f"edges_km takes growing kilometres from 0, such as [0, 5, 25], not {edges_km}.")
    if (np.diff(edges) <= 0).any():
        at = int(np.argmax(np.diff(edges) <= 0))
        raise MeasureError(f"edges_km must grow, but {edges[at + 1]:g} follows {edges[at]:g}.")
    if edges[0] > 0:
        edges = np.insert(edges, 0, 0.0)
    if within_km is None:
        return np.append(edges, np.inf)
    require_within(within_km)
    if not within_km > edges[-1]:
        raise MeasureError(f"within_km={within_km} must lie beyond the last of edges_km, {edges[-1]:g}.")
    return np.append(edges, float(within_km))


def _banks(events: pd.DataFrame, border: Border, rows: Bools) -> list[str]:
    """List the banks; the line itself where an event lies on it."""
    sides = events["side"].astype("string")
    known = [border.left, border.right, "line"]
    wrong = rows & ~sides.isin(known).to_numpy(dtype=np.bool_)
    if wrong.any():
        raise TableError(
            f"bands: row {events.index[wrong].tolist()[0]!r} has the side {sides[wrong].iloc[0]!r}; "
            f"the banks are {border.left} and {border.right}. Run locate on this border."
        )
    on_line = bool((sides[rows] == "line").any())
    return known if on_line else known[:2]


def _layout(edges: Floats, banks: list[str], periods: Periods | None) -> pd.DataFrame:
    """List every period, bank and band."""
    frames = []
    spans = [None] if periods is None else list(range(len(periods.label)))
    for span in spans:
        for bank in banks:
            part = pd.DataFrame({"side": bank, "from_km": edges[:-1], "to_km": edges[1:]})
            if periods is not None and span is not None:
                part.insert(0, "period", periods.label[span])
                part.insert(1, "period_start", periods.start[span])
                part.insert(2, "period_end", periods.end[span])
            frames.append(part)
    names = ["side", "from_km", "to_km"]
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=names)
    labels = [_label(*pair) for pair in zip(table["from_km"], table["to_km"], strict=True)]
    table.insert(list(table.columns).index("side") + 1, "band", pd.Series(labels, dtype="string"))
    table["side"] = table["side"].astype("string")
    table.index.name = "band_id"
    return table


def _label(start: float, end: float) -> str:
    return f"{start:g} km and more" if np.isinf(end) else f"{start:g} to {end:g} km"


def _cells(
    events: pd.DataFrame, distance: Floats, edges: Floats, banks: list[str], periods: Periods | None
) -> Ints:
    """Give each event the position of its row."""
    band = np.searchsorted(edges * 1000.0, np.nan_to_num(distance), side="right") - 1
    # An event as far off as the last band reaches counts in it, as it does within_km elsewhere.
    band = np.minimum(band, len(edges) - 2)
    bank = pd.Index(banks).get_indexer(pd.Index(events["side"].astype(object)))
    span = np.zeros(len(events), dtype=np.int64) if periods is None else periods.of_event
    cell: Ints = (span * len(banks) + bank) * (len(edges) - 1) + band
    return cell


def _count(table: pd.DataFrame, events: pd.DataFrame, cell: Ints, rows: Bools) -> None:
    """Add the columns of counts to a table laid out for them."""
    n = len(table)
    table["n_events"] = np.bincount(cell[rows], minlength=n)
    contested = events["contested"] if "contested" in events.columns else pd.Series(pd.NA, events.index)
    if contested[rows].isna().all():
        table["n_contested"] = pd.array([pd.NA] * n, dtype="Int64")
    else:
        there = rows & contested.to_numpy(dtype=np.bool_, na_value=False)
        table["n_contested"] = pd.array(np.bincount(cell[there], minlength=n), dtype="Int64")
    if "fatalities" in events.columns:
        dead = events["fatalities"].to_numpy(dtype=np.float64, na_value=np.nan)
        known = rows & ~np.isnan(dead)
        total: Any = np.bincount(cell[known], weights=dead[known], minlength=n)
        whole = pd.api.types.is_integer_dtype(events["fatalities"].dtype)
        table["fatalities"] = total.astype(np.int64) if whole else total
        table["n_unknown_fatalities"] = np.bincount(cell[rows & np.isnan(dead)], minlength=n)


def _rates(table: pd.DataFrame, border: Border, edges: Floats, level: float) -> None:
    """Add areas and rates, in their place after the counts."""
    upto = {(bank, 0.0): 0.0 for bank in (border.left, border.right)}
    for edge in edges[np.isfinite(edges) & (edges > 0)].tolist():
        for bank in (border.left, border.right):
            upto[bank, edge] = catchment_of(border, within_km=edge, bank=bank, points=POINTS).total_km2
    ends = zip(table["side"], table["from_km"], table["to_km"], strict=True)
    area = np.array(
        [upto.get((bank, end), np.nan) - upto.get((bank, start), np.nan) for bank, start, end in ends],
        dtype=np.float64,
    )
    count = table["n_events"].to_numpy(dtype=np.int64)
    low, high = poisson_limits(count, level)
    at = list(table.columns).index("n_contested") + 1
    columns = {"area_km2": area, "events_per_km2": count / area}
    columns |= {"events_per_km2_low": low / area, "events_per_km2_high": high / area}
    for place, (name, values) in enumerate(columns.items()):
        table.insert(at + place, name, values)
