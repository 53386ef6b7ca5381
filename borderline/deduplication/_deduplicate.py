"""The verb `deduplicate`: reports that may tell of one event, marked, and merged only on request."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from .._constants import Floats, Ints
from ..errors import MeasureError, TableError
from ..options import validate_number
from ..schema import points_lonlat, require_columns
from ._likeness import (
    ASSUMED_ERROR_M,
    alike_actors,
    alike_deaths,
    alike_place,
    alike_type,
    days_apart,
    folded,
)
from ._merging import merged
from ._pairs import nearby_pairs

__all__ = ["deduplicate", "duplicate_pairs"]

#: Reports of one name without a position: what the name alone is worth.
_NAME_ALONE: Final = 0.6
#: A gap of so many days makes a pair a third as likely.
_DAY_SCALE: Final = 1.0


def duplicate_pairs(
    events: gpd.GeoDataFrame, *, max_days: float = 2.0, threshold: float = 0.4
) -> pd.DataFrame:
    """
    Find pairs of events that may be one, with a score and what it is made of.

    The score is the product of five answers between 0 and 1: how near in time, how
    near in place against the two ``location_error_m``, whether type, actors and deaths agree.
    It orders pairs for a reader; it is no probability. Of the built-in incidents told again
    (moved within their errors, one in four a day later, without the place's name) 0.4 finds
    76 %, and 86 % of the pairs it lists are right (mean of five drawings).

    Parameters
    ----------
    events
        From `read_events`, of one dataset or several put together with
        ``pandas.concat``; every event needs an index label of its own.
    max_days
        Largest gap between the dates (intervals) of a pair, days.
    threshold
        Lowest score listed.

    Returns
    -------
    pairs
        ``first``, ``second`` (index labels), ``score``, ``days``, ``distance_m``
        (geodesic metres; missing where a position is), ``time``, ``place``, ``type``,
        ``actors``, ``deaths`` (the five answers); best first.

    Raises
    ------
    TableError
        If a column is missing or an index label comes twice.
    MeasureError
        If `max_days` is negative or `threshold` is not between 0 and 1.
    CRSError, GeometryError
        As in `locate`.

    Examples
    --------
    >>> import borderline as bl, pandas as pd
    >>> row = {"date": "2025-07-24", "lat": 14.35, "lon": 103.37, "type": "shelling", "error_m": 500}
    >>> table = pd.DataFrame([row | {"id": "a"}, row | {"id": "b", "lat": 14.351}])
    >>> bl.duplicate_pairs(bl.read_events(table))[["first", "second"]].values.tolist()
    [['a', 'b']]
    """
    validate_number(max_days, "max_days", "a number of days")
    validate_number(threshold, "threshold", "a score between 0 and 1")
    if not max_days >= 0:
        raise MeasureError(f"max_days must be 0 or more, not {max_days}.")
    if not 0 <= threshold <= 1:
        raise MeasureError(f"threshold is a score between 0 and 1, not {threshold}.")
    require_columns(events, ["event_date"], verb="deduplicate", remedy="read_events makes it")
    if not events.index.is_unique:
        label = events.index[events.index.duplicated()][0]
        raise TableError(
            f"deduplicate: the index label {label!r} comes more than once; give each dataset labels of its "
            'own, such as table.set_index(table["dataset"] + ":" + table.index).'
        )
    lon, lat = points_lonlat(events, verb="deduplicate")
    start = _days(events["event_date"])
    end = np.fmax(start, _days(events["event_date_end"])) if "event_date_end" in events else start
    names = folded(_column(events, "location"))
    first, second, distance = nearby_pairs(lon, lat, start, end, names, max_days)
    days = days_apart(start, end, first, second)
    answers = _answers(events, names, first, second, distance) | {"time": np.exp(-days / _DAY_SCALE)}
    score = np.prod([*answers.values()], axis=0) if len(first) else np.zeros(0)
    table = pd.DataFrame(
        {
            "first": events.index.to_numpy()[first],
            "second": events.index.to_numpy()[second],
            "score": score,
            "days": days,
            "distance_m": distance,
            **{name: answers[name] for name in ("time", "place", "type", "actors", "deaths")},
        }
    )
    kept = table[table["score"] >= threshold]
    return kept.sort_values("score", ascending=False, kind="stable").reset_index(drop=True)


def deduplicate(
    events: gpd.GeoDataFrame, *, max_days: float = 2.0, threshold: float = 0.4, merge: bool = False
) -> gpd.GeoDataFrame:
    """
    Mark events that may be the same one, and merge them if asked.

    Pairs are those of `duplicate_pairs`, best first; a group grows only while every
    two of its members are a pair. Within one dataset several true events often share day and
    place, so look at what is marked before merging.

    Parameters
    ----------
    events
        See `duplicate_pairs`.
    max_days
        Days, as in `duplicate_pairs`.
    threshold
        See `duplicate_pairs`.
    merge
        Put one row in the place of each group: the best located one, its gaps filled
        from the others, fatalities from the lowest to the highest figure, all sources kept.

    Returns
    -------
    events
        With ``duplicate_group`` (number, missing for an event alone), ``duplicate_of`` (label
        of the group's best located event, missing for itself) and ``duplicate_score``
        (best score within the group). With `merge` fewer rows, in the order of the rows
        kept, and ``merged_from``: the labels of a group, ``;`` between.

    Raises
    ------
    TableError, MeasureError, CRSError, GeometryError
        As in `duplicate_pairs`.

    Examples
    --------
    >>> import borderline as bl, pandas as pd
    >>> row = {"date": "2025-07-24", "lat": 14.35, "lon": 103.37, "type": "shelling", "error_m": 500}
    >>> table = pd.DataFrame([row | {"id": "a", "source": "X"}, row | {"id": "b", "source": "Y"}])
    >>> merged = bl.deduplicate(bl.read_events(table), merge=True)
    >>> merged[["source", "merged_from"]].values.tolist()
    [['X; Y', 'a; b']]
    """
    pairs = duplicate_pairs(events, max_days=max_days, threshold=threshold)
    where = pd.Series(np.arange(len(events)), index=events.index)
    first, second = (where.loc[pairs[name]].to_numpy() for name in ("first", "second"))
    group, best = _groups(len(events), first, second, pairs["score"].to_numpy(dtype=np.float64))
    marked = events.copy()
    grouped = group >= 0
    marked["duplicate_group"] = pd.array(np.where(grouped, group, 0), dtype="Int64")
    marked.loc[~grouped, "duplicate_group"] = pd.NA
    head = _heads(events, group)
    labels = events.index.to_numpy(dtype=object)
    alone = head == np.arange(len(events))
    marked["duplicate_of"] = pd.Series(np.where(alone, None, labels[head]), index=events.index, dtype=object)
    marked["duplicate_score"] = best
    marked.attrs = {**events.attrs, "duplicate_pairs": len(pairs), "duplicate_threshold": threshold}
    return merged(marked, group, head) if merge else marked


def _answers(
    events: gpd.GeoDataFrame, names: np.ndarray, first: Ints, second: Ints, distance: Floats
) -> dict[str, Floats]:
    error = _numbers(events, "location_error_m")
    error = np.where(np.isnan(error), ASSUMED_ERROR_M, error)
    place = alike_place(distance, error, first, second)
    same = np.array(
        [a is not None and a == b for a, b in zip(names[first], names[second], strict=True)], bool
    )
    place = np.where(np.isnan(distance), _NAME_ALONE, np.where(same, np.maximum(place, _NAME_ALONE), place))
    kinds = _column(events, "event_type").astype(object).where(lambda kind: kind.notna(), None).to_numpy()
    actors = [folded(_column(events, name)) for name in ("actor1", "actor2")]
    best = _numbers(events, "fatalities")
    low, high = (_numbers(events, f"fatalities_{end}") for end in ("low", "high"))
    low, high = np.where(np.isnan(low), best, low), np.where(np.isnan(high), best, high)
    return {
        "place": place,
        "type": alike_type(kinds, first, second),
        "actors": alike_actors(actors[0], actors[1], first, second),
        "deaths": alike_deaths(low, np.fmax(low, high), first, second),
    }


def _column(events: gpd.GeoDataFrame, name: str) -> pd.Series:
    return events[name] if name in events.columns else pd.Series(None, index=events.index, dtype=object)


def _numbers(events: gpd.GeoDataFrame, name: str) -> Floats:
    values: Floats = pd.to_numeric(_column(events, name), errors="coerce").to_numpy(
        np.float64, na_value=np.nan
    )
    return values


def _days(dates: pd.Series) -> Floats:
    days = pd.to_datetime(dates, errors="coerce").to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), np.nan, days.astype(np.float64))


def _groups(count: int, first: Ints, second: Ints, score: Floats) -> tuple[Ints, Floats]:
    """Join pairs, best first, into groups in which every two are a pair; number them by their first row."""
    paired = set(zip(first.tolist(), second.tolist(), strict=True))
    members: dict[int, list[int]] = {row: [row] for row in {*first.tolist(), *second.tolist()}}
    best = np.full(count, np.nan)
    for left, right, value in zip(first.tolist(), second.tolist(), score.tolist(), strict=True):
        one, other = members[left], members[right]
        if one is other or not all((min(a, b), max(a, b)) in paired for a in one for b in other):
            continue
        one.extend(other)
        best[one] = np.fmax(best[one], value)
        for row in other:
            members[row] = one
    group = np.full(count, -1, dtype=np.int64)
    found = sorted({id(rows): sorted(rows) for rows in members.values() if len(rows) > 1}.values())
    for number, rows in enumerate(found):
        group[rows] = number
    return group, best


def _heads(events: gpd.GeoDataFrame, group: Ints) -> Ints:
    """Take the best located event of each group, the earlier row among equals."""
    error = _numbers(events, "location_error_m")
    error = np.where(np.isnan(error), ASSUMED_ERROR_M, error)
    error = np.where(events.geometry.isna().to_numpy(), np.inf, error)
    head = np.arange(len(events))
    for number in range(int(group.max(initial=-1)) + 1):
        rows = np.flatnonzero(group == number)
        head[rows] = rows[np.argmin(error[rows])]
    return head
