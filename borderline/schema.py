"""
The names of columns, and the validation of tables that all verbs share.

All missing columns are collected before one error is raised.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping
from typing import Final, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from ._constants import WGS84_CRS, Bools, Floats, Ints
from ._datums import to_wgs84
from .errors import CRSError, GeometryError, TableError, describe_type, near_miss

__all__ = [
    "ADDED_TYPES",
    "AFTER_GEOCODE",
    "AFTER_LEVEL",
    "AFTER_LOCATE",
    "DATE_PRECISIONS",
    "EVENT_COLUMNS",
    "EVENT_TYPES",
    "EXTENT_COLUMNS",
    "NOT_VIOLENT",
    "POSITION_COLUMNS",
    "SEGMENT_COLUMNS",
    "Column",
    "add_columns",
    "coerce_numbers",
    "describe_rows",
    "numbers_of",
    "plain_days",
    "points_lonlat",
    "require_columns",
    "require_table",
    "split_points",
]

#: One value a row, to go into a table.
Column: TypeAlias = Floats | Bools | ExtensionArray | pd.Series

#: Columns of an events table (index ``event_id``) in their order, with their dtypes.
EVENT_COLUMNS: Final[dict[str, str]] = {
    "event_date": "datetime64[ns]",
    "event_date_end": "datetime64[ns]",
    "date_precision": "string",
    "event_type": "string",
    "event_type_source": "string",
    "location": "string",
    "country": "string",
    "admin1": "string",
    "fatalities": "Int64",
    "fatalities_low": "Int64",
    "fatalities_high": "Int64",
    "fatalities_civilian": "Int64",
    "injuries": "Int64",
    "actor1": "string",
    "actor2": "string",
    "side_blamed": "string",
    "geo_precision": "string",
    "location_error_m": "Float64",
    "source": "string",
    "source_url": "string",
    "notes": "string",
    "dataset": "string",
}

#: Values of ``date_precision``: the span within which the day of an event is known. One of ``day`` may last
#: from ``event_date`` to ``event_date_end``; any other took place at some time between the two, within
#: ``days`` (2 to 6), a ``week`` (7 to 13 days), a ``month`` or a ``year``.
DATE_PRECISIONS: Final[tuple[str, ...]] = ("day", "days", "week", "month", "year")

#: Values of ``event_type``.
EVENT_TYPES: Final[tuple[str, ...]] = (
    "ground_clash",
    "armed_conflict",
    "artillery_rocket",
    "airstrike",
    "drone_strike",
    "landmine_explosion",
    "shooting",
    "protest_confrontation",
    "incursion_allegation",
    "infrastructure_damage",
    "one_sided_violence",
    "arrest",
    "diplomatic_event",
    "other",
)

#: Event types that are not violent; the CLI and the demo leave them out of counts.
NOT_VIOLENT: Final[frozenset[str]] = frozenset(
    {"diplomatic_event", "protest_confrontation", "incursion_allegation"}
)

#: Columns that `geocode` adds or fills.
AFTER_GEOCODE: Final[tuple[str, ...]] = (
    "country_reported",
    "admin1_reported",
    "admin2_reported",
    "country",
    "admin1",
    "admin1_iso",
    "admin2",
    "admin2_code",
    "geocoded_by",
    "geocode_reading",
    "p_country",
    "p_other_country",
    "p_no_country",
    "p_admin1",
    "admin1_second",
    "p_admin1_second",
    "p_admin2",
    "geocode_score",
    "geocode_candidates",
    "geocode_filled",
    "location_error_m",
    "position_model",
    "position_area",
    "admin1_mismatch",
    "disputed",
)

#: Columns that say where an event may have been, beside its point and ``location_error_m``.
POSITION_COLUMNS: Final[dict[str, str]] = {
    "position_model": "string",
    "position_area": "string",
    "position_along_m": "Float64",
    "position_across_m": "Float64",
    "position_bearing": "Float64",
    "position_share": "Float64",
}

#: Columns that `locate` adds.
AFTER_LOCATE: Final[tuple[str, ...]] = (
    "chainage_m",
    "measure_km",
    "distance_m",
    "offset_m",
    "side",
    "beyond_end",
    "ambiguous",
    "alt_chainage_m",
    "contested",
)

#: Columns that `locate` adds with a level.
AFTER_LEVEL: Final[tuple[str, ...]] = (
    "offset_low_m",
    "offset_high_m",
    "distance_low_m",
    "distance_high_m",
    "chainage_low_m",
    "chainage_high_m",
    "p_left",
    "p_right",
    "p_past_end",
    "side_known",
    "n_lines_left",
    "n_lines_right",
)

#: Types of the columns that `geocode` and `locate` add, beside those of text; files may hold text for all.
ADDED_TYPES: Final[dict[str, str]] = {
    **{name: dtype for name, dtype in POSITION_COLUMNS.items() if dtype == "Float64"},
    **dict.fromkeys(
        ("p_country", "p_other_country", "p_no_country", "p_admin1", "p_admin1_second", "p_admin2"), "Float64"
    ),
    "geocode_score": "Float64",
    **dict.fromkeys(("admin1_mismatch", "disputed"), "bool"),
    **dict.fromkeys(("chainage_m", "measure_km", "distance_m", "offset_m", "alt_chainage_m"), "float64"),
    **dict.fromkeys(("from_m", "to_m", "shared_m"), "float64"),
    **dict.fromkeys(
        (name for name in AFTER_LEVEL if name.endswith("_m") or name.startswith("p_")), "float64"
    ),
    **dict.fromkeys(("beyond_end", "ambiguous", "contested", "side_known"), "boolean"),
    **dict.fromkeys(("n_lines_left", "n_lines_right"), "Int64"),
}

#: Columns that `locate` adds where any event has an extent.
EXTENT_COLUMNS: Final[tuple[str, ...]] = ("from_m", "to_m", "shared_m")

#: Columns of a segments table (index ``segment_id``).
SEGMENT_COLUMNS: Final[tuple[str, ...]] = (
    "from_m",
    "to_m",
    "length_km",
    "admin1_left",
    "admin1_right",
    "geometry",
)


def require_columns(table: pd.DataFrame, columns: Iterable[str], *, verb: str, remedy: str) -> None:
    """
    Validate that a table has the columns a verb needs.

    Parameters
    ----------
    table
        Any table.
    columns
        Names that must be among its columns.
    verb
        Name of the verb, for the message.
    remedy
        How to get such a table, for the message.

    Raises
    ------
    TableError
        If it is no table, or lacks columns; all of them are named, and a near miss is offered.
    """
    given: object = table  # callers without a type checker hand over paths and keys
    if not isinstance(given, pd.DataFrame):
        shown = repr(given) if isinstance(given, str) else describe_type(given)
        raise TableError(f"{verb} needs a table, not {shown}; {remedy}.")
    missing = [name for name in columns if not isinstance(name, Hashable) or name not in table.columns]
    if missing:
        hint = near_miss(missing[0], map(str, table.columns))
        listed = ", ".join(map(str, missing))
        raise TableError(f"{verb} needs the column{'s' * (len(missing) > 1)} {listed}; {remedy}.{hint}")


def require_table(events: object, *, maker: str = "locate") -> None:
    """
    Validate that something is a table.

    Parameters
    ----------
    events
        What the caller gave.
    maker
        The verb that makes such a table, for the message.

    Raises
    ------
    TableError
        If it is none.
    """
    if not isinstance(events, pd.DataFrame):
        raise TableError(f"A table from {maker} is needed here, not {describe_type(events)}.")


def plain_days(dates: pd.Series) -> pd.Series:
    """
    Return a column of dates of Arrow, or of Python's own, as one of NumPy; any other column as it is.

    The day stays that of the clock that the times were written by.
    """
    dtype = dates.dtype
    if isinstance(dtype, pd.ArrowDtype) and dtype.kind == "M":
        zone = getattr(dtype.pyarrow_dtype, "tz", None)
        plain = dates.dt.tz_localize(None) if zone is not None else dates
        return plain.astype("datetime64[ns]")
    if pd.api.types.is_object_dtype(dtype) and pd.api.types.infer_dtype(dates, skipna=True) in {
        "date",
        "datetime",
    }:
        return pd.to_datetime(dates.map(_as_day), errors="coerce")
    return dates


def _as_day(value: object) -> object:
    """Return a date without a time or a zone."""
    return dt.date(value.year, value.month, value.day) if isinstance(value, dt.date) else None


def numbers_of(table: pd.DataFrame, column: str, *, subject: str = "The column") -> Floats:
    """
    Return a column of numbers; anything else in it is an error (see also `coerce_numbers`).

    Parameters
    ----------
    table
        A table that has the column.
    column
        Name of the column.
    subject
        What the message calls the column.

    Returns
    -------
    values
        NaN where missing.

    Raises
    ------
    TableError
        If the column holds something that is not a number.
    """
    try:
        values: Floats = table[column].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise TableError(f"{subject} {column!r} is no column of numbers.") from None
    return values


def coerce_numbers(column: pd.Series) -> Floats:
    """
    Return a column as numbers, whatever it holds.

    Parameters
    ----------
    column
        Cells of any kind.

    Returns
    -------
    values
        NaN where a cell is missing or no number.

    Examples
    --------
    >>> coerce_numbers(pd.Series(["1.5", "many", None]))
    array([1.5, nan, nan])
    """
    values: Floats = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return values


def add_columns(table: gpd.GeoDataFrame, columns: Mapping[str, Column]) -> gpd.GeoDataFrame:
    """
    Return a table with columns added, or replaced where they stand; the given one is left alone.

    On a table of 210 rows it is three times as fast to add nine columns at once as one by one.

    Parameters
    ----------
    table
        Any table.
    columns
        One value a row each, by name; they become the table's own, without a copy.

    Returns
    -------
    table
        Same index; new columns come last.
    """
    added = dict(columns)
    replaced = [name for name in columns if name in table.columns]
    if replaced:
        table = table.copy()
        for name in replaced:
            table[name] = added.pop(name)
    wider = pd.concat([table, pd.DataFrame(added, index=table.index, copy=False)], axis=1)
    wider.attrs = dict(table.attrs)
    return wider


def points_lonlat(events: gpd.GeoDataFrame, *, verb: str) -> tuple[Floats, Floats]:
    """
    Return longitude and latitude of a table of points.

    Parameters
    ----------
    events
        Points in any CRS that is set; another one than EPSG:4326 is transformed.
    verb
        Name of the verb, for the message.

    Returns
    -------
    lon, lat
        Degrees, longitude within [-180, 180], one per row; NaN where the point is missing or empty.

    Raises
    ------
    TableError
        If `events` is not a GeoDataFrame.
    CRSError
        If it has no CRS.
    GeometryError
        If a geometry is no point, or a coordinate is no longitude and latitude.
        Rows are named.
    """
    geometry = _require_geometry(events, verb)
    shapes = geometry.to_numpy()
    extended = _find_non_points(shapes)
    if len(extended):
        rows = describe_rows(events.index, _row_mask(extended, len(shapes)))
        raise GeometryError(
            f"{verb} takes points, but {rows} something else; "
            "events.geometry.representative_point() makes points."
        )
    return _point_lonlat(shapes, geometry, verb)


def split_points(events: gpd.GeoDataFrame, *, verb: str) -> tuple[Floats, Floats, Ints]:
    """
    Return the points of a table as longitude and latitude, and the rows that hold something else.

    Parameters
    ----------
    events
        Geometries in any CRS that is set; another one than EPSG:4326 is transformed.
    verb
        Who asks, for the message.

    Returns
    -------
    lon, lat
        As from `points_lonlat`; NaN where the geometry is no point.
    extended
        Positions of the rows that hold lines, polygons, or several points.

    Raises
    ------
    TableError
        If `events` is not a GeoDataFrame.
    CRSError
        If it has no CRS.
    GeometryError
        If a coordinate of a point is no longitude and latitude. Rows are named.
    """
    geometry = _require_geometry(events, verb)
    shapes = geometry.to_numpy()
    extended = _find_non_points(shapes)
    if len(extended):
        shapes = shapes.copy()
        shapes[extended] = None
    return *_point_lonlat(shapes, geometry, verb), extended


def _require_geometry(events: gpd.GeoDataFrame, verb: str) -> gpd.GeoSeries:
    """Return the geometry of a table; refuse one that has none, or no CRS."""
    if not isinstance(events, gpd.GeoDataFrame):
        raise TableError(
            f"{verb} needs a GeoDataFrame of points, not {describe_type(events)}; "
            "read_events makes one from a file or a DataFrame."
        )
    geometry = events.geometry
    if geometry.crs is None:
        raise CRSError(
            f"{verb}: the table has no CRS; if the points are longitude and latitude, "
            "say so with events.set_crs(4326)."
        )
    return geometry


def _find_non_points(shapes: NDArray[np.object_]) -> Ints:
    """Return the positions of geometries that are no points; missing and empty ones count as points."""
    rows: Ints = np.flatnonzero(shapely.get_type_id(shapes) > 0)
    return rows[~shapely.is_empty(shapes[rows])] if len(rows) else rows


def _point_lonlat(shapes: NDArray[np.object_], geometry: gpd.GeoSeries, verb: str) -> tuple[Floats, Floats]:
    """Return the longitude and latitude of points in the CRS of a geometry, or refuse."""
    if not geometry.crs.equals(WGS84_CRS, ignore_axis_order=True):
        moved, _ = to_wgs84(gpd.GeoSeries(shapes, crs=geometry.crs), subject=f"{verb}: the table")
        shapes = moved.to_numpy()
    shapes = _empty_to_none(shapes)
    lon, lat = shapely.get_x(shapes), shapely.get_y(shapes)
    off = (np.abs(lon) > 360) | (np.abs(lat) > 90)
    if off.any() and (off := off & ~np.isnan(lon) & ~np.isnan(lat)).any():
        raise GeometryError(
            f"{verb} takes longitude and latitude, but {describe_rows(geometry.index, off)} something else "
            "(latitude beyond 90 degrees); are the two swapped, or is the CRS wrong?"
        )
    beyond = np.flatnonzero(np.abs(lon) > 180)
    lon[beyond] = (lon[beyond] + 180) % 360 - 180
    return lon, lat


def _empty_to_none(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Replace empty geometries by None: an empty point has no x."""
    empty = shapely.is_empty(shapes)
    if empty.any():
        shapes = shapes.copy()
        shapes[empty] = None
    return shapes


def _row_mask(rows: Ints, count: int) -> Bools:
    mask = np.zeros(count, dtype=np.bool_)
    mask[rows] = True
    return mask


def describe_rows(index: pd.Index, mask: Bools) -> str:
    """
    Return the labels of the first rows that a mask marks, with a verb that agrees.

    Parameters
    ----------
    index
        Index of the table.
    mask
        One value a row, at least one of them true.

    Returns
    -------
    text
        "row 'a' holds", or "rows 'a', 'b' hold".
    """
    labels = [repr(label) for label in index[mask].tolist()[:3]]
    more = int(mask.sum()) - len(labels)
    if len(labels) == 1:
        return f"row {labels[0]} holds"
    return f"rows {', '.join(labels)}" + (f" and {more} more" if more else "") + " hold"
