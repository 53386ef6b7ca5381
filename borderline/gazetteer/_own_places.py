"""Places of the caller's own: a table validated and brought to the columns of the layer ``places``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._constants import GEOD, WGS84_CRS
from .._countries import alpha3, find_country
from ..errors import CRSError, GeometryError, OptionError, TableError, UnknownKeyError, near_miss
from ..schema import coerce_numbers, require_columns

__all__ = ["BUILT_IN", "Gazetteer", "list_tables", "read_own_places"]

#: What a caller may give: one table, or tables and the word for the built-in places, in order of precedence.
Gazetteer: TypeAlias = pd.DataFrame | Sequence[pd.DataFrame | str]

#: Word for the built-in places.
BUILT_IN: Final = "places"
_REQUIRED: Final = ("name", "country")
_OPTIONAL: Final = (
    "aliases", "kind", "admin1", "admin1_iso", "admin2", "latitude", "longitude", "location_error_m",
)  # fmt: skip
#: A column this like one of ours is a slip of the pen.
_REMEDY: Final = "rename the columns that hold the name and the country of each place"
#: Points along each axis of the lattice in which the reach of a polygon is measured.
_LATTICE: Final = 40
#: Share of a polygon that its radius holds.
_SHARE: Final = 0.9


def list_tables(gazetteer: Gazetteer | None) -> list[pd.DataFrame | str]:
    """
    Return the tables of a gazetteer in order of precedence.

    Parameters
    ----------
    gazetteer
        A table alone goes before the built-in places; None is those.

    Returns
    -------
    tables
        Tables, and ``"places"`` for the built-in ones.

    Raises
    ------
    OptionError
        If it is something else.
    """
    if gazetteer is None:
        return [BUILT_IN]
    if isinstance(gazetteer, pd.DataFrame):
        return [gazetteer, BUILT_IN]
    must = f"gazetteer must be a table of places, or a list of tables and the word {BUILT_IN!r}"
    if isinstance(gazetteer, str) or not isinstance(gazetteer, Sequence) or not len(gazetteer):
        raise OptionError(f"{must}, not {gazetteer!r}.")
    for part in gazetteer:
        if not isinstance(part, pd.DataFrame) and not (isinstance(part, str) and part == BUILT_IN):
            hint = near_miss(part, [BUILT_IN]) if isinstance(part, str) else ""
            raise OptionError(f"{must}, not one that holds {part!r}.{hint}")
    if sum(isinstance(part, str) for part in gazetteer) > 1:
        raise OptionError(f"{must} once, not {gazetteer!r}.")
    return list(gazetteer)


def read_own_places(table: pd.DataFrame) -> pd.DataFrame:
    """
    Validate a table of places and bring it to the columns of the layer ``places``.

    Parameters
    ----------
    table
        With ``name``, ``country`` and a position: points or polygons in any CRS that is set, or
        ``latitude`` and ``longitude``. Points have ``location_error_m``.

    Returns
    -------
    places
        One row a place, and one of kind ``province`` for each province without one.

    Raises
    ------
    TableError
        If a column is missing or misspelt, or a cell cannot be read; the row is named.
    CRSError
        If there are geometries without a CRS.
    GeometryError
        If a geometry is neither point nor polygon.
    """
    verb = "gazetteer"
    require_columns(table, _REQUIRED, verb=verb, remedy=_REMEDY)
    _refuse_near_misses(table)
    texts = {name: _read_texts(table, name) for name in (*_REQUIRED, *_OPTIONAL[:5])}
    for name in _REQUIRED:
        if (empty := np.flatnonzero(texts[name] == "")).size:
            raise TableError(f"gazetteer: row {int(empty[0]) + 1} has no {name}; fill it in.")
    countries = [_read_country(text, row) for row, text in enumerate(texts["country"])]
    lon, lat, error_m = _read_positions(table)
    names_of_provinces = np.where(texts["admin1"] == "", texts["admin1_iso"], texts["admin1"])
    codes = np.where(texts["admin1_iso"] == "", texts["admin1"], texts["admin1_iso"])
    if (empty := np.flatnonzero(codes == "")).size:
        raise TableError(f"gazetteer: row {int(empty[0]) + 1} has no admin1; say which province it is in.")
    places = pd.DataFrame(
        {
            "name": texts["name"],
            "aliases": texts["aliases"],
            "kind": np.where(texts["kind"] == "", "other", texts["kind"]),
            "country": countries,
            "admin1_iso": codes,
            "admin2": texts["admin2"],
            "latitude": lat,
            "longitude": lon,
            "location_error_m": error_m,
            "border_km": 0.0,
            "disputed": "no",
            "source": "",
        }
    )
    return _add_provinces(places, names_of_provinces)


def _refuse_near_misses(table: pd.DataFrame) -> None:
    """Refuse a column whose name is nearly that of one of ours, which is not there."""
    lacking = [name for name in (*_REQUIRED, *_OPTIONAL) if name not in table.columns]
    for column in map(str, table.columns):
        hint = near_miss(column, lacking)
        if column not in (*_REQUIRED, *_OPTIONAL) and hint.startswith(" Did"):
            raise TableError(f"gazetteer: the column {column!r} is not read.{hint} Rename it, or drop it.")


def _read_texts(table: pd.DataFrame, name: str) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return a column as text, empty where it is missing; several aliases may be a list."""
    if name not in table.columns:
        return np.full(len(table), "", dtype=object)
    cells = [
        ";".join(map(str, cell)) if isinstance(cell, (list, tuple)) else "" if pd.isna(cell) else str(cell)
        for cell in table[name]
    ]
    return np.array([cell.strip() for cell in cells], dtype=object)


def _read_country(text: str, row: int) -> str:
    """Return the code of a country that is given by a code or an English name."""
    code = find_country(text)
    if code is None:
        try:
            code = alpha3(text)
        except UnknownKeyError as error:
            raise TableError(f"gazetteer: row {row + 1}: {error}") from error
    return code


def _read_positions(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return longitude, latitude and radius of each place."""
    error_m = np.full(len(table), np.nan)
    if "location_error_m" in table.columns:
        error_m = coerce_numbers(table["location_error_m"])
    if isinstance(table, gpd.GeoDataFrame):
        if table.crs is None:
            raise CRSError(
                "gazetteer has no CRS; if it is longitude and latitude, say so with set_crs(4326)."
            )
        shapes = table.geometry.to_crs(WGS84_CRS).to_numpy()
        lon, lat, reach = _measure_shapes(shapes)
        error_m = np.where(np.isnan(error_m), reach, error_m)
    else:
        remedy = "give points or polygons as a GeoDataFrame, or columns of degrees"
        require_columns(table, ("latitude", "longitude"), verb="gazetteer", remedy=remedy)
        lon, lat = coerce_numbers(table["longitude"]), coerce_numbers(table["latitude"])
    bad = np.flatnonzero(~((np.abs(lon) <= 180) & (np.abs(lat) <= 90)))
    if bad.size:
        raise TableError(
            f"gazetteer: row {int(bad[0]) + 1} has no position in degrees; fill it in, or drop it."
        )
    bad = np.flatnonzero(~(error_m > 0))
    if bad.size:
        raise TableError(
            f"gazetteer: row {int(bad[0]) + 1} has no location_error_m; a point needs the radius in metres "
            "that holds the place in 90 % of cases."
        )
    return lon, lat, error_m


def _measure_shapes(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the point of each shape, and the radius that holds 90 % of a polygon; NaN for points."""
    is_point = shapely.get_type_id(shapes) == 0
    is_area = np.isin(shapely.get_type_id(shapes), (3, 6)) & ~shapely.is_empty(shapes)
    bad = np.flatnonzero(~(is_point | is_area))
    if bad.size:
        raise GeometryError(
            f"gazetteer: row {int(bad[0]) + 1} is no point and no polygon; places are one or the other."
        )
    middle = shapely.centroid(shapes)
    lon, lat = shapely.get_x(middle), shapely.get_y(middle)
    reach = np.full(len(shapes), np.nan)
    for row in np.flatnonzero(is_area).tolist():
        west, south, east, north = shapely.bounds(shapes[row])
        x, y = np.meshgrid(np.linspace(west, east, _LATTICE), np.linspace(south, north, _LATTICE))
        inside = shapely.intersects_xy(shapes[row], x.ravel(), y.ravel())
        x, y = x.ravel()[inside], y.ravel()[inside]
        _, _, metres = GEOD.inv(np.full(len(x), lon[row]), np.full(len(x), lat[row]), x, y)
        reach[row] = np.quantile(metres, _SHARE)
    return lon, lat, reach


def _add_provinces(places: pd.DataFrame, titles: np.ndarray) -> pd.DataFrame:
    """Add a row for each province that has none: the middle of its places, with a radius that holds them."""
    own = set(places.loc[places["kind"] == "province", "admin1_iso"])
    rows = []
    for code, group in places.assign(title=titles).groupby("admin1_iso", sort=False):
        if code in own:
            continue
        lon, lat = float(group["longitude"].mean()), float(group["latitude"].mean())
        ones = np.ones(len(group))
        _, _, metres = GEOD.inv(ones * lon, ones * lat, group["longitude"], group["latitude"])
        reach = float((metres + group["location_error_m"].to_numpy()).max())
        row = places.loc[group.index[0]].to_dict()
        rows.append(
            row
            | {"name": group["title"].iloc[0], "aliases": "", "kind": "province", "admin2": ""}
            | {"longitude": lon, "latitude": lat, "location_error_m": reach, "source": "made"}
        )
    return (
        pd.concat([places, pd.DataFrame(rows, columns=places.columns)], ignore_index=True) if rows else places
    )
