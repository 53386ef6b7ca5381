"""The verb `compare_lines`: what depends on which drawing of a border is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, overload

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .. import catalog
from .._constants import Bools, Floats
from ..border import Border, require_border
from ..errors import GeometryError, OptionError
from ..options import validate_number, validate_positive
from ..provenance import cited
from ..referencing import locate
from ..schema import points_lonlat
from ..stats import density
from ._drawings import DrawingsOption, read_drawings
from ._line_pair import pair_lines
from ._segment import segment

__all__ = ["Comparison", "Comparisons", "compare_lines"]

#: A segment shorter than this on the second line, metres, has no counterpart there.
SHORTEST_M: Final = 1.0


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """
    Changes between two drawings of a border, for events and for segments.

    Examples
    --------
    >>> import borderline as bl
    >>> a, b = bl.load_border(), bl.load_border(line="osm-2026")
    >>> comparison = bl.lines.compare_lines(bl.load_incidents(), a, b, within_km=25)
    >>> comparison.summary["side_changes"], int(comparison.events["side_changes"].sum())
    (10, 10)
    """

    #: Event by event; see `compare_lines`.
    events: gpd.GeoDataFrame
    #: Segment by segment.
    segments: pd.DataFrame
    #: Counts of what changes, and how much.
    summary: dict[str, float]

    def __repr__(self) -> str:
        counts = self.summary
        return (
            f"<Comparison of {counts['located']:.0f} events: {counts['side_changes']:.0f} change side, "
            f"{counts['province_changes']:.0f} province, {counts['segment_changes']:.0f} segment; "
            f"distance by up to {counts['largest_distance_change_m']:,.0f} m; "
            f"{counts['rank_changes']:.0f} of {len(self.segments)} segments change rank>"
        )


@dataclass(frozen=True, eq=False, repr=False)
class Comparisons:
    """
    Changes between one drawing of a border and several others.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> compared = bl.lines.compare_lines(bl.load_incidents(), border, ["osm-2026", "rtsd-2019"])
    >>> compared.summary["side_changes"].tolist()
    [10, 44]
    """

    #: Event by event over all drawings; see `compare_lines`.
    events: gpd.GeoDataFrame
    #: Counts of what changes, one row for each drawing.
    summary: pd.DataFrame
    #: The comparison with each drawing.
    by_line: dict[str, Comparison]
    #: Drawings that cannot be compared, with the reason.
    failed: dict[str, str]

    def __repr__(self) -> str:
        located = int(self.events["side_a"].notna().sum())
        changed = int(self.events["side_changes"].sum())
        counts = ", ".join(f"{name} {count}" for name, count in self.summary["side_changes"].items())
        failed = f"; not compared: {', '.join(self.failed)}" if self.failed else ""
        return (
            f"<Comparisons of {located} events: {changed} change side on some drawing "
            f"({counts or 'there is no other'}){failed}>"
        )


@overload
def compare_lines(
    events: gpd.GeoDataFrame,
    a: Border,
    b: Border,
    *,
    every_km: float = 10.0,
    within_km: float | None = None,
) -> Comparison: ...


@overload
def compare_lines(
    events: gpd.GeoDataFrame,
    a: Border,
    b: Mapping[str, Border | str] | list[Border | str] | None = None,
    *,
    every_km: float = 10.0,
    within_km: float | None = None,
) -> Comparisons: ...


@overload
def compare_lines(
    events: gpd.GeoDataFrame,
    a: Border,
    b: DrawingsOption,
    *,
    every_km: float = 10.0,
    within_km: float | None = None,
) -> Comparison | Comparisons: ...


def compare_lines(
    events: gpd.GeoDataFrame,
    a: Border,
    b: DrawingsOption = None,
    *,
    every_km: float = 10.0,
    within_km: float | None = None,
) -> Comparison | Comparisons:
    """
    Compare what is said of events by two drawings of a border, or by one and several others.

    Segments are cut on `a`, and their breaks moved to the nearest places of `b`, so that
    they are the same stretches of ground; rates are per kilometre of `a` on both, or else
    the detail that a line is drawn in would change them.

    Parameters
    ----------
    events
        Points in any CRS that is set. Missing and empty points give missing results.
    a
        One line.
    b
        Another line of the same border, in either direction, or the key of a built-in one. Or several: a
        list or a dict of borders or of keys; by default all built-in drawings.
    every_km
        Length of a segment on `a`, geodesic kilometres.
    within_km
        For rates and ranks leave out events farther than this from the line, geodesic
        kilometres. By default there is no limit.

    Returns
    -------
    comparison
        ``comparison.events`` is `events` with, for ``x`` in ``a`` and ``b``: ``side_x``,
        ``distance_x_m``, ``chainage_x_m``, ``province_x`` (ISO 3166-2 of the built-in
        province of that side that holds the point or is nearest to it; missing on the
        line and for countries that are not built in), ``segment_x`` and ``rank_x`` (of
        the segment, 1 is the densest); and ``side_changes``, ``distance_change_m`` (from
        `a` to `b`), ``province_changes``, ``segment_changes``, ``rank_change``.
        ``comparison.segments`` has ``from_x_m``, ``to_x_m``, ``n_events_x``,
        ``events_per_km_x``, ``rank_x`` and ``rank_change``; ``comparison.summary`` counts
        the changes, with the rank correlation of the segments (Spearman).

        With several lines, ``by_line`` has such a comparison of `a` with each of them (`a` itself is left
        out), ``summary`` a row of counts for each, and ``failed`` those that do not run along `a`. ``events``
        is `events` with ``side_a`` and ``distance_a_m``; ``side_x`` and ``distance_x_m`` for each line ``x``;
        ``n_lines`` (drawings that locate the event, `a` included), ``n_lines_left`` and ``n_lines_right``
        (those that put it on the bank of that side of `a`), ``side_changes`` (not all on the side that `a`
        says), ``distance_low_m`` and ``distance_high_m``.

    Raises
    ------
    TableError
        If `events` is not a GeoDataFrame.
    CRSError
        If it has no CRS.
    GeometryError
        If a geometry is not a point, or the lines do not run along each other.
    OptionError
        If `every_km` is not positive, `within_km` is negative, or `b` names no drawings.
    UnknownKeyError
        If there is no line of a key.

    Examples
    --------
    >>> import borderline as bl, geopandas as gpd, shapely
    >>> temple = gpd.GeoDataFrame(
    ...     {"location": ["Ta Muen Thom"]}, geometry=[shapely.Point(103.26639, 14.34917)], crs=4326
    ... )
    >>> lines = [bl.load_border(line=key) for key in ("osm-2025", "osm-2026")]
    >>> bl.lines.compare_lines(temple, *lines).events[["side_a", "side_b", "side_changes"]].values.tolist()
    [['KHM', 'THA', True]]
    """
    validate_positive(every_km, "every_km", "a positive number of kilometres")
    if within_km is not None:
        validate_number(within_km, "within_km", "a number of kilometres, 0 or more, or None", least=0)
    if isinstance(b, str) and b != "all":
        b = catalog.load_border(line=b)
    if isinstance(b, Border):
        return _compare_pair(events, a, b, every_km=every_km, within_km=within_km)
    require_border(a, verb="compare_lines")
    by_line: dict[str, Comparison] = {}
    failed: dict[str, str] = {}
    for name, line in _read_others(a, b).items():
        try:
            by_line[name] = _compare_pair(events, a, line, every_km=every_km, within_km=within_km)
        except GeometryError as error:
            failed[name] = str(error)
    if not by_line and failed:
        raise GeometryError("; ".join(failed.values()))
    rows = {name: comparison.summary for name, comparison in by_line.items()}
    summary = pd.DataFrame.from_dict(rows, orient="index").rename_axis("line")
    counts = ["events", "located", *(name for name in summary.columns if name.endswith("_changes"))]
    summary = summary.astype(dict.fromkeys(counts, np.int64)) if rows else summary
    return Comparisons(_join_events(events, a, by_line), summary, by_line, failed)


def _read_others(a: Border, b: DrawingsOption) -> dict[str, Border]:
    """Return the drawings to compare with, without the first one itself."""
    try:
        drawings = read_drawings(b)
    except OptionError as error:
        raise OptionError(str(error).replace("lines must", "b must", 1)) from None
    return {name: line for name, line in drawings.items() if line.identity != a.identity}


def _join_events(events: gpd.GeoDataFrame, a: Border, by_line: dict[str, Comparison]) -> gpd.GeoDataFrame:
    """Return the events with their side and distance on each drawing, and how many agree."""
    located = locate(events, a)
    joined = events.copy()
    joined["side_a"], joined["distance_a_m"] = located["side"], located["distance_m"]
    for name, comparison in by_line.items():
        joined[f"side_{name}"] = comparison.events["side_b"]
        joined[f"distance_{name}_m"] = comparison.events["distance_b_m"]
    names = ["a", *by_line]
    sides = joined[[f"side_{name}" for name in names]]
    distances = joined[[f"distance_{name}_m" for name in names]]
    joined["n_lines"] = sides.notna().sum(axis=1).astype("Int64")
    for bank, country in (("left", a.left), ("right", a.right)):
        joined[f"n_lines_{bank}"] = (sides == country).fillna(value=False).sum(axis=1).astype("Int64")
    agree = sides.eq(sides["side_a"], axis=0).fillna(value=False).all(axis=1)
    joined["side_changes"] = (~agree).astype("boolean").mask(sides["side_a"].isna())
    joined["distance_low_m"], joined["distance_high_m"] = distances.min(axis=1), distances.max(axis=1)
    lines = [comparison.events.attrs["borders"][1] for comparison in by_line.values()]
    sources = [entry for comparison in by_line.values() for entry in comparison.events.attrs["sources"]]
    joined.attrs = {
        **events.attrs,
        "borders": [a.identity, *lines],
        "sources": [entry for row, entry in enumerate(sources) if entry not in sources[:row]]
        or cited(events.attrs, a.source),
    }
    return joined


def _compare_pair(
    events: gpd.GeoDataFrame, a: Border, b: Border, *, every_km: float, within_km: float | None
) -> Comparison:
    """Return what changes between two drawings."""
    pair = pair_lines(a, b)
    lon, lat = points_lonlat(events, verb="compare_lines")
    compared, parts = events.copy(), {}
    stretches = _cut_both(pair.a, pair.b, every_km)
    for key, border in (("a", a), ("b", pair.b)):
        located = locate(events, border)
        counted = density(located, stretches[key], within_km=within_km, exposure="length")
        parts[key] = counted
        side = located["side"]
        chainage = located["chainage_m"].to_numpy()
        compared[f"side_{key}"] = side
        compared[f"distance_{key}_m"] = located["distance_m"]
        compared[f"chainage_{key}_m"] = chainage if border in {a, b} else border.length_m - chainage
        compared[f"province_{key}"] = _find_provinces(lon, lat, side)
        compared[f"segment_{key}"], compared[f"rank_{key}"] = _find_segments(chainage, counted)
    compared["side_changes"] = compared["side_a"] != compared["side_b"]
    compared["distance_change_m"] = compared["distance_b_m"] - compared["distance_a_m"]
    for name in ("province", "segment"):
        before, after = compared[f"{name}_a"], compared[f"{name}_b"]
        same = ((before == after).fillna(value=False)) | (before.isna() & after.isna())
        compared[f"{name}_changes"] = (~same).astype("boolean").mask(compared["side_a"].isna())
    compared["rank_change"] = compared["rank_b"] - compared["rank_a"]
    segments = _join_segments(parts)
    sources = cited(events.attrs, a.source, b.source)
    compared.attrs = {**events.attrs, "borders": [a.identity, b.identity], "sources": sources}
    return Comparison(compared, segments, _summarize_changes(compared, segments))


def _cut_both(a: Border, b: Border, every_km: float) -> dict[str, gpd.GeoDataFrame]:
    """Return segments of one line, and those of the other between the nearest places."""
    cut = segment(a, every_km=every_km)
    breaks = np.append(cut["from_m"].to_numpy(), cut["to_m"].to_numpy()[-1])
    places = shapely.get_coordinates(a.interpolate(breaks))
    moved = np.maximum.accumulate(np.clip(b.foot(places[:, 0], places[:, 1]).chainage, 0.0, b.length_m))
    # The outermost stretches reach to the ends, wherever those are drawn.
    moved[0], moved[-1] = 0.0, b.length_m
    other = cut.copy()
    other["from_m"], other["to_m"] = moved[:-1], moved[1:]
    other.attrs = {**cut.attrs, "border": b.identity}
    return {"a": cut, "b": other[np.diff(moved) >= SHORTEST_M]}


def _find_provinces(lon: Floats, lat: Floats, side: pd.Series[str]) -> pd.Series[str]:
    """Return the province of the side that holds each point, or is nearest to it."""
    provinces = np.full(len(lon), None, dtype=object)
    units = catalog.load_admin()
    for country in side.dropna().unique():
        own = units[units["country"] == country]
        rows = np.flatnonzero((side == country).to_numpy(dtype=np.bool_, na_value=False))
        if own.empty or not len(rows):
            continue
        points = shapely.points(lon[rows], lat[rows])
        position, unit = shapely.STRtree(own.geometry.to_numpy()).query_nearest(points, all_matches=False)
        provinces[rows[position]] = own["admin1_iso"].to_numpy()[unit]
    return pd.Series(provinces, index=side.index, dtype="string")


def _find_segments(chainage: Floats, counted: gpd.GeoDataFrame) -> tuple[pd.Series[int], pd.Series[int]]:
    """Return the segment of each chainage, and its rank."""
    position = np.searchsorted(counted["from_m"].to_numpy(), chainage, side="right") - 1
    known: Bools = ~np.isnan(chainage)
    position = np.clip(position, 0, len(counted) - 1)
    columns = (counted.index.to_numpy()[position], counted["rank_events_per_km"].to_numpy()[position])
    segment_id, rank = (pd.array(values, dtype="Int64") for values in columns)
    segment_id[~known], rank[~known] = pd.NA, pd.NA
    return segment_id, rank


def _join_segments(parts: dict[str, gpd.GeoDataFrame]) -> pd.DataFrame:
    names = {
        "from_m": "from_{}_m",
        "to_m": "to_{}_m",
        "n_events": "n_events_{}",
        "events_per_km": "events_per_km_{}",
        "rank_events_per_km": "rank_{}",
    }
    tables = [
        pd.DataFrame(part[list(names)]).rename(columns={old: new.format(key) for old, new in names.items()})
        for key, part in parts.items()
    ]
    both = tables[0].join(tables[1])
    for key in parts:
        both[f"n_events_{key}"] = both[f"n_events_{key}"].astype("Int64")
        both[f"rank_{key}"] = both[f"rank_{key}"].astype("Int64")
    both["rank_change"] = both["rank_b"] - both["rank_a"]
    both.attrs = {}
    return both


def _summarize_changes(events: gpd.GeoDataFrame, segments: pd.DataFrame) -> dict[str, float]:
    change = events["distance_change_m"].abs()
    rates = segments[["events_per_km_a", "events_per_km_b"]].dropna()
    varied = len(rates) > 1 and bool((rates.max() > rates.min()).all())
    return {
        "events": len(events),
        "located": int(events["side_a"].notna().sum()),
        "side_changes": int(events["side_changes"].sum()),
        "province_changes": int(events["province_changes"].sum()),
        "segment_changes": int(events["segment_changes"].sum()),
        "mean_distance_change_m": float(change.mean()),
        "largest_distance_change_m": float(change.max()),
        "rank_changes": int((segments["rank_change"].fillna(0) != 0).sum()),
        "rank_correlation": float(np.corrcoef(rates.rank().to_numpy().T)[0, 1]) if varied else np.nan,
    }
