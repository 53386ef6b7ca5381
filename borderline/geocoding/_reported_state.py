"""What a table reported before `geocode` filled it: claims aside, points and radii taken back."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from .._constants import Bools, Floats, Ints
from ..schema import Column, add_columns, coerce_numbers
from ._name_answers import no_texts

__all__ = ["FILLED", "FILLED_COLUMNS", "WAYS", "Reported", "describe_filled", "restore_reported"]

#: How an event was geocoded, by its number.
WAYS: Final = ("none", "coordinates", "nearest", "gazetteer", "claim")
_GAZETTEER: Final = WAYS.index("gazetteer")
_CLAIM: Final = WAYS.index("claim")
#: Column that records what `geocode` filled in, so that it is never taken for reported.
FILLED: Final = "geocode_filled"
#: Columns that `geocode` fills besides the geometry.
FILLED_COLUMNS: Final = ("location_error_m", "position_model", "position_area")
#: Word for the geometry, whatever the table calls it.
_POINT: Final = "point"
#: A point is the one filled in if it is as near as this, degrees (about a metre).
_SAME_POINT_DEG: Final = 1e-5
#: A radius is the one filled in if it agrees to this share: some formats round.
_SAME_RADIUS: Final = 1e-6

Texts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Reported:
    """A table as it was reported, and what an earlier run filled in that stays."""

    #: With ``country_reported`` and so on; what an earlier run filled in is missing again.
    table: gpd.GeoDataFrame
    #: Degrees; NaN where no point was reported.
    lon: Floats
    lat: Floats
    #: Rows that an earlier run placed, and that are not placed anew: they stay as they are.
    kept: Bools


def restore_reported(
    events: gpd.GeoDataFrame, lon: Floats, lat: Floats, *, claims: Sequence[str], keep_under: pd.Index | None
) -> Reported:
    """
    Return a table as it was reported, whether `geocode` has seen it before or not.

    Parameters
    ----------
    events
        Points, perhaps geocoded.
    lon, lat
        Degrees of the points; NaN where there is none.
    claims
        Columns whose claims are kept aside, under their names with ``_reported`` added.
    keep_under
        Codes of the provinces under which rows stay that an earlier run placed by name or claim; None
        where such rows are placed anew.

    Returns
    -------
    reported
        A point, radius or model that an earlier run filled in is gone (unless kept); one that was
        changed since is the caller's own, and counts as reported.
    """
    count = len(events)
    way = _read_ways(events)
    columns: dict[str, Column] = {
        f"{claim}_reported": _read_claims(events, claim, way >= 0) for claim in claims
    }
    filled = _read_filled(events)
    is_placed = filled.is_same_point(lon, lat, way)
    kept = np.zeros(count, dtype=np.bool_)
    if keep_under is not None and "admin1_iso" in events.columns:
        # Without a point nothing but the province says where it was.
        is_known = np.isfinite(lon) | events["admin1_iso"].isin(keep_under).to_numpy(dtype=np.bool_)
        kept = is_placed & is_known & np.isin(way, (_GAZETTEER, _CLAIM))
    taken_back = is_placed & ~kept & np.isfinite(lon)
    if taken_back.any():
        lon, lat = np.where(taken_back, np.nan, lon), np.where(taken_back, np.nan, lat)
        shapes = np.array(events.geometry.to_numpy(), dtype=object)
        shapes[taken_back] = None
        columns[events.geometry.name] = gpd.GeoSeries(shapes, index=events.index, crs=events.crs)
    if filled.any():
        columns |= filled.restore_columns(events, ~kept)
    table = add_columns(events, columns)
    return Reported(table, lon, lat, kept)


def _read_ways(events: gpd.GeoDataFrame) -> Ints:
    """Return how each row was geocoded before, by its number in `WAYS`; -1 where it was not."""
    if "geocoded_by" not in events.columns:
        return np.full(len(events), -1, dtype=np.int64)
    way: Ints = pd.Index(WAYS, dtype="string").get_indexer(pd.Index(events["geocoded_by"], dtype="string"))
    return way


def _read_claims(events: gpd.GeoDataFrame, claim: str, is_geocoded: Bools) -> Column:
    """Return what a table claims: of rows that were geocoded, only what was kept aside is a claim."""
    name = f"{claim}_reported"
    stated = no_texts(len(events))
    if claim in events.columns:
        stated = pd.array(events[claim].array, dtype="string")
    if name not in events.columns:
        return stated
    aside: ExtensionArray = pd.array(events[name].array, dtype="string")
    is_new = np.asarray(aside.isna()) & ~is_geocoded & ~np.asarray(stated.isna())
    if is_new.any():
        # Rows that were added to a geocoded table, as every week.
        aside = aside.copy()
        aside[is_new] = stated[is_new]
    return aside


class _Filled:
    """What an earlier run filled in, one record a row; NaN or None where it filled nothing."""

    def __init__(self, records: Sequence[dict[str, str]], record: npt.NDArray[np.int64]) -> None:
        """Take the distinct records, and which of them belongs to each row (-1 for none)."""
        self._records = records
        self._record = record

    def any(self) -> bool:
        """Return whether anything was filled in."""
        return bool((self._record >= 0).any())

    def _take_texts(self, column: str) -> Texts:
        texts = np.array([*(record.get(column) for record in self._records), None], dtype=object)
        taken: Texts = texts[self._record]
        return taken

    def is_same_point(self, lon: Floats, lat: Floats, way: Ints) -> Bools:
        """Return which rows stand where an earlier run left them: at the point filled in, or without one."""
        has_point = np.isfinite(lon) & np.isfinite(lat)
        # A table may have lost the record; then `geocoded_by` alone tells.
        is_placed: Bools = (self._record < 0) & (way == _GAZETTEER)
        is_placed |= (way == _CLAIM) & ~has_point
        if not self.any():
            return is_placed
        texts = self._take_texts(_POINT)
        put = np.array([_parse_point(text) for text in texts.tolist()]).reshape(-1, 2)
        with np.errstate(invalid="ignore"):
            same = (np.abs(put[:, 0] - lon) <= _SAME_POINT_DEG) & (np.abs(put[:, 1] - lat) <= _SAME_POINT_DEG)
        is_placed |= same | ((self._record >= 0) & np.isnan(put[:, 0]) & ~has_point)
        return is_placed

    def restore_columns(self, events: gpd.GeoDataFrame, rows: Bools) -> dict[str, Column]:
        """Return the columns without what was filled in, and the empty record, in some rows."""
        columns: dict[str, Column] = {}
        for name in FILLED_COLUMNS:
            if name not in events.columns:
                continue
            put = self._take_texts(name)
            if name == "location_error_m":
                numbers = coerce_numbers(events[name])
                ours = np.array([np.nan if text is None else _parse_number(text) for text in put.tolist()])
                with np.errstate(invalid="ignore"):
                    same = np.abs(ours - numbers) <= _SAME_RADIUS * np.abs(numbers)
                columns[name] = pd.array(np.where(same & rows, np.nan, numbers), dtype="Float64")
                continue
            cells = pd.array(events[name].array, dtype="string").copy()
            same = (_plain_codes(cells.fillna("").to_numpy(dtype=object)) == _plain_codes(put)) & rows
            cells[same] = pd.NA
            columns[name] = cells
        record = pd.array(events[FILLED].array, dtype="string").copy()
        record[rows] = pd.NA
        return columns | {FILLED: record}


def _plain_codes(texts: Texts) -> Texts:
    """Return codes of digits as spreadsheets leave them: ``0110``, ``110`` and ``110.0`` are the same."""
    plain = {text: text for text in dict.fromkeys(texts.tolist())}
    for text in plain:
        digits = str(text).removesuffix(".0")
        if digits.isascii() and digits.isdigit():
            plain[text] = digits.lstrip("0")
    return np.array([plain[text] for text in texts.tolist()], dtype=object)


def _read_filled(events: gpd.GeoDataFrame) -> _Filled:
    if FILLED not in events.columns:
        return _Filled([], np.full(len(events), -1, dtype=np.int64))
    record, texts = pd.factorize(events[FILLED].astype("string"))
    return _Filled([_parse_record(str(text)) for text in texts], np.asarray(record, dtype=np.int64))


def _parse_record(text: str) -> dict[str, str]:
    """
    Return what a record says was filled in, by column; anything else in it is passed over.

    Examples
    --------
    >>> _parse_record("point 103.2664 14.3492; location_error_m 2000.0")
    {'point': '103.2664 14.3492', 'location_error_m': '2000.0'}
    """
    entries = (entry.strip().partition(" ") for entry in text.split(";"))
    return {name: value.strip() for name, _, value in entries if name in (_POINT, *FILLED_COLUMNS) and value}


@functools.lru_cache(maxsize=4096)
def _parse_point(text: str | None) -> tuple[float, float]:
    parts = (text or "").split()
    lon, lat = map(_parse_number, parts) if len(parts) == 2 else (np.nan, np.nan)
    return lon, lat


def _parse_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def describe_filled(lon: Floats, lat: Floats, filled: Mapping[str, Column]) -> ExtensionArray:
    """
    Describe what was filled in, one record a row.

    Parameters
    ----------
    lon, lat
        Degrees of the points filled in; NaN where none was.
    filled
        What was filled in, by column; missing where nothing was.

    Returns
    -------
    records
        Text such as ``point 103.2664 14.3492; location_error_m 2000.0``; missing where nothing was.
    """
    # Few distinct places stand behind any number of rows.
    put = pd.DataFrame({"lon": lon, "lat": lat, **filled})
    which = put.groupby(list(put.columns), sort=False, dropna=False).ngroup().to_numpy()
    records = []
    for place in put.drop_duplicates(ignore_index=True).to_dict("records"):
        x, y = place.pop("lon"), place.pop("lat")
        point = [f"{_POINT} {float(x)!r} {float(y)!r}"] if np.isfinite(x) else []
        others = [f"{name} {value}" for name, value in place.items() if not pd.isna(value)]
        records.append("; ".join([*point, *others]) or None)
    texts: ExtensionArray = pd.array([*records, None], dtype="string").take(which)
    return texts
