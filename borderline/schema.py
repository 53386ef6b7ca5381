"""
The column vocabulary, spelt once, and the one door that validates a table.

Every verb asks this module for the columns it needs; every complaint is
collected before one error is raised.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from ._constants import WGS84_CRS, Bools, Floats, Ints
from .errors import CRSError, GeometryError, TableError, near_miss

__all__ = [
    "AFTER_GEOCODE",
    "AFTER_LOCATE",
    "EVENT_COLUMNS",
    "EVENT_TYPES",
    "NOT_VIOLENT",
    "SEGMENT_COLUMNS",
    "named_rows",
    "no_points",
    "numbers_of",
    "points_lonlat",
    "require_columns",
    "require_table",
]

#: Columns of an events table (index ``event_id``), in their order, with their dtype.
EVENT_COLUMNS: Final[dict[str, str]] = {
    "event_date": "datetime64[ns]",
    "event_date_end": "datetime64[ns]",
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

#: The one vocabulary of ``event_type``.
EVENT_TYPES: Final[tuple[str, ...]] = (
    "ground_clash",
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
    "geocode_score",
    "geocode_candidates",
    "location_error_m",
    "admin1_mismatch",
    "disputed",
)

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
    Refuse a table that lacks a column, naming all that are missing at once.

    Parameters
    ----------
    table
        Any table.
    columns
        Names that must be among its columns.
    verb
        Who asks, for the message.
    remedy
        What to do about it, for the message.

    Raises
    ------
    TableError
        If it is no table, or any is missing; near misses among its own columns are offered.
    """
    given: object = table  # callers without a type checker hand over paths and keys
    if not isinstance(given, pd.DataFrame):
        what = repr(given) if isinstance(given, str) else type(given).__name__
        raise TableError(f"{verb} needs a table, not {what}; {remedy}.")
    missing = [name for name in columns if not isinstance(name, Hashable) or name not in table.columns]
    if missing:
        hint = near_miss(missing[0], map(str, table.columns))
        named = ", ".join(map(str, missing))
        message = f"{verb} needs the column{'s' * (len(missing) > 1)} {named}; {remedy}"
        raise TableError(f"{message}.{hint}")


def require_table(events: object, *, maker: str = "locate") -> None:
    """
    Make sure that something is a table.

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
        raise TableError(f"A table from {maker} is needed here, not {type(events).__name__}.")


def numbers_of(table: pd.DataFrame, column: str, *, what: str = "The column") -> Floats:
    """
    Take a column of numbers.

    Parameters
    ----------
    table
        The table; it has the column.
    column
        Its name.
    what
        What the column is, for the message.

    Returns
    -------
    numbers
        Missing ones are NaN.

    Raises
    ------
    TableError
        If it holds something else than numbers.
    """
    try:
        numbers: Floats = table[column].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise TableError(f"{what} {column!r} is no column of numbers.") from None
    return numbers


def points_lonlat(events: gpd.GeoDataFrame, *, verb: str) -> tuple[Floats, Floats]:
    """
    Take the points of a table as longitude and latitude.

    Parameters
    ----------
    events
        Points in any CRS that is set; another one than EPSG:4326 is transformed.
    verb
        Who asks, for the message.

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
    if not isinstance(events, gpd.GeoDataFrame):
        raise TableError(
            f"{verb} needs a GeoDataFrame of points, not {type(events).__name__}; "
            "read_events makes one from a file or a DataFrame."
        )
    geometry = events.geometry
    if geometry.crs is None:
        raise CRSError(
            f"{verb}: the table has no CRS; if the points are longitude and latitude, "
            "say so with events.set_crs(4326)."
        )
    points = geometry.to_numpy()
    wrong = no_points(points)
    if len(wrong):
        raise GeometryError(
            f"{verb} takes points, but {named_rows(events.index, _mask(wrong, len(points)))} something else; "
            "events.geometry.representative_point() makes points."
        )
    if not CRS(geometry.crs).equals(WGS84_CRS, ignore_axis_order=True):
        points = geometry.to_crs(WGS84_CRS).to_numpy()
    points = _without_empty(points)
    lon, lat = shapely.get_x(points), shapely.get_y(points)
    off = (np.abs(lon) > 360) | (np.abs(lat) > 90)
    if off.any() and (off := off & ~np.isnan(lon) & ~np.isnan(lat)).any():
        raise GeometryError(
            f"{verb} takes longitude and latitude, but {named_rows(events.index, off)} something else "
            "(latitude beyond 90 degrees); are the two swapped, or is the CRS wrong?"
        )
    turned = np.flatnonzero(np.abs(lon) > 180)
    lon[turned] = (lon[turned] + 180) % 360 - 180
    return lon, lat


def no_points(shapes: NDArray[np.object_]) -> Ints:
    """
    Tell which geometries are something else than a point.

    Parameters
    ----------
    shapes
        Geometries; missing and empty ones count as points.

    Returns
    -------
    rows
        Positions.
    """
    rows: Ints = np.flatnonzero((shapely.get_type_id(shapes) > 0) & ~shapely.is_empty(shapes))
    return rows


def _without_empty(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Put None for empty geometries: an empty point cannot be asked for its x."""
    empty = shapely.is_empty(shapes)
    if empty.any():
        shapes = shapes.copy()
        shapes[empty] = None
    return shapes


def _mask(rows: Ints, count: int) -> Bools:
    mask = np.zeros(count, dtype=np.bool_)
    mask[rows] = True
    return mask


def named_rows(index: pd.Index, mask: Bools) -> str:
    """
    Name the first few rows a mask marks, with a verb that agrees.

    Parameters
    ----------
    index
        Of the table.
    mask
        One value a row, one or more of them true.

    Returns
    -------
    text
        "row 'a' holds", or "rows 'a', 'b' hold".
    """
    names = [repr(label) for label in index[mask][:3]]
    more = int(mask.sum()) - len(names)
    if len(names) == 1:
        return f"row {names[0]} holds"
    return f"rows {', '.join(names)}" + (f" and {more} more" if more else "") + " hold"
