"""From a located table to what the page draws and tells of each incident."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from .._constants import Bools, Floats, Ints
from .._palette import group_of
from ..schema import points_lonlat
from ._facets import Facets, add_facets
from ._payload import Planes, pack_rows

__all__ = ["Incidents", "read_incidents"]

#: 1e-6 degrees, a tenth of a metre: finer than any position is known.
LONLAT_STEP: Final = 1e-6

#: Columns of words that travel as they are, by the short name the page uses.
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "type": ("event_type",),
    "typeSource": ("event_type_source",),
    "place": ("location",),
    "placeOther": ("location_alt", "location_local", "place_name_alt", "location_source"),
    "province": ("admin1",),
    "provinceReported": ("admin1_reported",),
    "district": ("admin2",),
    "country": ("country",),
    "geocodedBy": ("geocoded_by",),
    "side": ("side",),
    "actor1": ("actor1",),
    "actor2": ("actor2",),
    "blamed": ("side_blamed",),
    "precision": ("geo_precision",),
    "source": ("source",),
    "notes": ("notes",),
    "dataset": ("dataset",),
}

#: Columns of numbers, with the decimals worth keeping.
_NUMBERS: Final[dict[str, tuple[str, int]]] = {
    "deaths": ("fatalities", 0),
    "deathsLow": ("fatalities_low", 0),
    "deathsHigh": ("fatalities_high", 0),
    "deathsCivilian": ("fatalities_civilian", 0),
    "injured": ("injuries", 0),
    "distance": ("distance_m", 0),
    "distanceLow": ("distance_low_m", 0),
    "distanceHigh": ("distance_high_m", 0),
    "error": ("location_error_m", 0),
    "measure": ("measure_km", 3),
}

#: Columns of yes and no; only "yes" travels.
_FLAGS: Final[dict[str, str]] = {
    "beyondEnd": "beyond_end",
    "ambiguous": "ambiguous",
    "contested": "contested",
    "disputed": "disputed",
    "mismatch": "admin1_mismatch",
}


@dataclass(frozen=True, slots=True)
class Incidents:
    """What the page gets to know, with the figures it must agree with."""

    #: Longitude, latitude, chainage, day and group, sorted by day.
    planes: Planes
    #: Words and figures of each incident, in the same order.
    blocks: list[str]
    #: Rows of the table.
    total: int
    #: Rows with a position.
    drawn: int
    #: Distinct positions.
    places: int
    #: Rows by group of types.
    by_group: list[int]
    #: First and last day (ISO), or empty where no row has a date.
    period: tuple[str, str]
    #: Positions, degrees; NaN where there is none.
    lon: Floats
    lat: Floats
    #: What incidents can be chosen by.
    facets: Facets


def read_incidents(located: gpd.GeoDataFrame) -> Incidents:
    """
    Take from a table what a map shows.

    Parameters
    ----------
    located
        Events after `locate`; every column but the geometry may be missing, and
        a value that cannot be read counts as missing.

    Returns
    -------
    incidents
        Sorted by date, undated ones last; the order of the rows does not matter.

    Raises
    ------
    TableError, CRSError, GeometryError
        If the geometry cannot serve, see `schema.points_lonlat`.
    """
    lon, lat = points_lonlat(located, verb="explore")
    day, last = _days(located, "event_date"), _days(located, "event_date_end")
    order = np.lexsort((located.index.astype(str).to_numpy(dtype=str), np.nan_to_num(day, nan=np.inf)))
    table, lon, lat, day, last = located.iloc[order], lon[order], lat[order], day[order], last[order]
    here = np.isfinite(lon) & np.isfinite(lat)
    kinds = _series(table, "event_type")
    group = np.zeros(len(table)) if kinds is None else _mapped(kinds, group_of)
    if kinds is None:
        group += group_of(None)
    planes = Planes()
    planes.add("lon", np.where(here, lon, np.nan), step=LONLAT_STEP)
    planes.add("lat", np.where(here, lat, np.nan), step=LONLAT_STEP)
    planes.add("chainage", _numbers(table, "chainage_m"), step=0.1, low=0.0)
    planes.add("day", day, step=1.0)
    planes.add("group", group, step=1.0, low=0.0)
    facets = _facets(planes, table)
    known = day[np.isfinite(day)]
    ends = np.concatenate([known, last[np.isfinite(last)]])
    period = (_iso(known.min()), _iso(ends.max())) if known.size else ("", "")
    grid = np.rint(np.column_stack([lon[here], lat[here]]) / LONLAT_STEP)
    return Incidents(
        planes=planes,
        blocks=pack_rows(_columns(table, day, last), len(table)),
        total=len(table),
        drawn=int(here.sum()),
        places=len(np.unique(grid, axis=0)),
        by_group=np.bincount(group.astype(np.int64), minlength=group_of(None) + 1).tolist(),
        period=period,
        lon=lon,
        lat=lat,
        facets=facets,
    )


def _facets(planes: Planes, table: pd.DataFrame) -> Facets:
    """Add what incidents are chosen by."""
    words = []
    for name in ("side", "actor1", "actor2"):
        series = _series(table, name)
        words.append([None] * len(table) if series is None else _texts(series))
    measure = _numbers(table, "measure_km" if "measure_km" in table.columns else "chainage_m")
    best = _numbers(table, "fatalities")
    return add_facets(
        planes,
        measure_km=measure if "measure_km" in table.columns else measure / 1000,
        sides=words[0],
        actors=(words[1], words[2]),
        deaths=np.where(np.isnan(best), _numbers(table, "fatalities_low"), best),
        error_m=_numbers(table, "location_error_m"),
    )


def _columns(table: pd.DataFrame, day: Floats, last: Floats) -> dict[str, Sequence[Any]]:
    """Collect what the popup and the table tell."""
    columns: dict[str, Sequence[Any]] = {"id": [str(label) for label in table.index]}
    columns["date"] = _isos(day)
    columns["until"] = _isos(np.where(last != day, last, np.nan))
    for short, names in _WORDS.items():
        found = next((s for s in (_series(table, name) for name in names) if s is not None), None)
        if found is not None:
            columns[short] = _texts(found)
    urls = [str(name) for name in table.columns if str(name).startswith("source") and "url" in str(name)]
    for k, name in enumerate(dict.fromkeys(urls)):
        series = _series(table, name)
        if series is not None:
            columns[f"url{k}"] = _texts(series)
    for short, (name, decimals) in _NUMBERS.items():
        if name in table.columns:
            columns[short] = _rounded(_numbers(table, name), decimals)
    for short, name in _FLAGS.items():
        if name in table.columns:
            columns[short] = [1 if yes else None for yes in _truths(table, name)]
    return columns


def _series(table: pd.DataFrame, name: str) -> pd.Series[Any] | None:
    """Take a column, the first of them where the name occurs twice."""
    if name not in table.columns:
        return None
    first: pd.Series[Any] = table.iloc[:, int(np.flatnonzero(table.columns == name)[0])]
    return first


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    """Read a column as numbers; missing, unreadable and infinite ones become NaN."""
    series = _series(table, name)
    if series is None:
        return np.full(len(table), np.nan)
    values: Floats = pd.to_numeric(series, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def _truths(table: pd.DataFrame, name: str) -> Bools:
    """Read a column of yes and no; only a true value is yes."""
    series = _series(table, name)
    if series is None:
        return np.zeros(len(table), dtype=np.bool_)
    values = series.to_numpy(dtype=object)
    return np.array([isinstance(v, (bool, np.bool_)) and bool(v) for v in values], dtype=np.bool_)


def _days(table: pd.DataFrame, name: str) -> Floats:
    """Read a column of dates as days since 1970-01-01; missing and unreadable ones become NaN."""
    series = _series(table, name)
    if series is None:
        return np.full(len(table), np.nan)
    if not pd.api.types.is_datetime64_any_dtype(series.dtype):
        series = pd.to_datetime(
            _object(series).map(_text_or_none), format="ISO8601", errors="coerce", utc=False
        )
    if getattr(series.dt, "tz", None) is not None:
        series = series.dt.tz_localize(None)
    days = series.to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(days), np.nan, days.astype("int64").astype("float64"))


def _iso(day: float) -> str:
    """Write a day number as a date."""
    return str(np.datetime64(int(day), "D"))


def _isos(days: Floats) -> list[str | None]:
    """Write day numbers as dates, all at once."""
    known = np.isfinite(days)
    texts = np.datetime_as_string(np.where(known, days, 0).astype("int64").astype("datetime64[D]"))
    return [text if yes else None for text, yes in zip(texts.tolist(), known.tolist(), strict=True)]


def _object(series: pd.Series[Any]) -> pd.Series[Any]:
    return series.astype(object)


def _text_or_none(value: object) -> str | None:
    """Return what a cell says, or None when it says nothing."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    text = str(value)
    return None if not text or text.isspace() else text


def _texts(series: pd.Series[Any]) -> list[str | None]:
    """Read a column of words."""
    known = series.notna().to_numpy()
    cells = zip(series.to_numpy(dtype=object).tolist(), known.tolist(), strict=True)
    # Most cells are words: the function is for the others.
    return [
        value
        if type(value) is str and value and not value.isspace()
        else _text_or_none(value)
        if yes
        else None
        for value, yes in cells
    ]


def _rounded(values: Floats, decimals: int) -> list[float | int | None]:
    """Write numbers for JSON, whole ones without a point."""
    known = np.isfinite(values)
    rounded = np.round(np.where(known, values, 0), decimals)
    numbers: list[float | int] = (rounded if decimals else rounded.astype(np.int64)).tolist()
    if known.all():
        return [*numbers]
    return [number if yes else None for number, yes in zip(numbers, known.tolist(), strict=True)]


def _mapped(series: pd.Series[Any], function: Callable[[object], int]) -> npt.NDArray[np.float64]:
    """Apply a function to each distinct value."""
    codes, values = pd.factorize(pd.Series(_texts(series), dtype=object), use_na_sentinel=False)
    table: Ints = np.asarray([function(value) for value in values], dtype=np.int64)
    return table[codes].astype("float64") if len(codes) else np.zeros(0)
