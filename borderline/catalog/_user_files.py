"""Layers read from files of the user, or a message that says what is wrong with the file."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._constants import GEOD, WGS84_CRS
from .._countries import alpha3
from .._datums import table_to_wgs84
from .._line import as_line
from .._vector import READABLE, SHAPEFILE, read_vector
from ..errors import CRSError, FormatError, GeometryError, TableError, UnknownKeyError, near_miss

__all__ = ["ADMIN_COLUMNS", "check_overlaps", "file_stamp", "read_own"]

#: Columns kept of administrative units; the first three must be there.
ADMIN_COLUMNS: Final = ("admin1_iso", "country", "name", "name_local", "aliases")
_REQUIRED: Final = ADMIN_COLUMNS[:3]

_ENDINGS: Final = (*READABLE, SHAPEFILE)
_SIDECARS: Final = (".dbf", ".shx", ".prj", ".cpg")


def file_stamp(path: pathlib.Path) -> int:
    """Return when a file, or one that belongs to it, was last written, in nanoseconds."""
    files = [path]
    if path.suffix.lower() == SHAPEFILE:
        files += [path.with_suffix(ending) for ending in _SIDECARS]
    return max(file.stat().st_mtime_ns for file in files if file.exists())


def read_own(path: pathlib.Path, key: str, kind: str, columns: Mapping[str, str]) -> gpd.GeoDataFrame:
    """
    Read a file of the user as a layer in EPSG:4326.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, FlatGeobuf, GeoParquet or Shapefile.
    key
        What to call the line in the column ``key``.
    kind
        ``line`` or ``admin``.
    columns
        Which column of the file holds which of `ADMIN_COLUMNS`.

    Returns
    -------
    layer
        One LineString, or valid polygons sorted by code.

    Raises
    ------
    FormatError
        If it is missing, or no file of these kinds.
    CRSError, GeometryError, TableError
        If it cannot serve; the file and the row are named.
    """
    if path.suffix.lower() not in _ENDINGS:
        raise FormatError(f"{path.name}: no reader for this ending; use one of {', '.join(_ENDINGS)}.")
    if not path.is_file():
        raise FormatError(f"There is no file {str(path)!r}; is the path right?")
    table = read_vector(path)
    if not isinstance(table, gpd.GeoDataFrame) or table.empty:
        raise GeometryError(f"{path.name} holds no features with a geometry.")
    if table.crs is None:
        how = "add its .prj file" if path.suffix.lower() == SHAPEFILE else "set_crs(...) and write it again"
        raise CRSError(f"{path.name} has no CRS, so its coordinates mean nothing yet; {how}.")
    if kind == "line":
        return _read_line(table, path, key)
    return _read_units(table, path, columns)


def _read_line(table: gpd.GeoDataFrame, path: pathlib.Path, key: str) -> gpd.GeoDataFrame:
    try:
        line = as_line(table)
    except GeometryError as error:
        raise GeometryError(f"{path.name}: {error}") from error
    layer = gpd.GeoDataFrame({"key": [key]}, geometry=[line], crs=WGS84_CRS)
    _require_lonlat(layer, path)
    return layer


def _read_units(table: gpd.GeoDataFrame, path: pathlib.Path, columns: Mapping[str, str]) -> gpd.GeoDataFrame:
    layer = _take_columns(table, path, columns)
    layer = gpd.GeoDataFrame(layer, geometry=shapely.force_2d(table.geometry.to_numpy()), crs=table.crs)
    kinds = layer.geom_type
    wrong = layer.index[~kinds.isin(["Polygon", "MultiPolygon"]) | layer.geometry.is_empty]
    if len(wrong):
        kind = kinds[wrong[0]] if isinstance(kinds[wrong[0]], str) else "no geometry"
        raise GeometryError(
            f"{path.name}: {_name_unit(layer, wrong[0])} has {kind}, not a polygon with an area; "
            "administrative units are polygons (a line is registered with kind='line')."
        )
    wrong = layer.index[~layer.geometry.is_valid]
    if len(wrong):
        why = shapely.is_valid_reason(layer.geometry[wrong[0]])
        raise GeometryError(
            f"{path.name}: {_name_unit(layer, wrong[0])} is not a valid polygon ({why}), "
            f"and {len(wrong) - 1} more; "
            "mend with geometry.make_valid() and write the file again."
        )
    layer = table_to_wgs84(layer, subject=path.name)
    _require_lonlat(layer, path)
    return layer.sort_values("admin1_iso", kind="stable", ignore_index=True)


def _take_columns(table: gpd.GeoDataFrame, path: pathlib.Path, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return the columns of the vocabulary as text: complete, codes unique, countries as alpha-3."""
    unknown = sorted(set(columns) - set(ADMIN_COLUMNS))
    if unknown:
        raise TableError(f"columns names {unknown[0]!r}, but a unit has {', '.join(ADMIN_COLUMNS)}.")
    taken = {}
    for name in ADMIN_COLUMNS:
        column = columns.get(name, name)
        if column in table.columns:
            taken[name] = table[column].astype("string").str.strip()
        elif name in columns or name in _REQUIRED:
            hint = near_miss(column, [str(label) for label in table.columns if label != table.geometry.name])
            raise TableError(
                f"{path.name} has no column {column!r} for {name}; "
                f"say which one with columns={{{name!r}: ...}}.{hint}"
            )
    layer = pd.DataFrame(taken)
    for name in _REQUIRED:
        empty = layer.index[layer[name].fillna("") == ""]
        if len(empty):
            raise TableError(f"{path.name}: row {int(empty[0]) + 1} has no {name}; fill it in.")
    twice = layer["admin1_iso"][layer["admin1_iso"].duplicated()]
    if len(twice):
        raise TableError(
            f"{path.name}: the code {twice.iloc[0]!r} occurs twice; dissolve the units by their code."
        )
    try:
        layer["country"] = [alpha3(code) for code in layer["country"]]
    except UnknownKeyError as error:
        raise TableError(f"{path.name}: {error}") from error
    return layer


def _require_lonlat(layer: gpd.GeoDataFrame, path: pathlib.Path) -> None:
    xy = shapely.get_coordinates(layer.geometry)
    if not (np.isfinite(xy).all() and np.abs(xy[:, 0]).max() <= 360 and np.abs(xy[:, 1]).max() <= 90):
        raise GeometryError(
            f"{path.name}: coordinates are not longitude and latitude; is the CRS of the file the right one?"
        )


def _name_unit(layer: pd.DataFrame, row: int) -> str:
    return f"{layer['name'][row]} ({layer['admin1_iso'][row]})"


def check_overlaps(layer: gpd.GeoDataFrame, limit_m2: float, path: pathlib.Path) -> None:
    """
    Refuse units that overlap by more than `limit_m2` square metres on the ellipsoid.

    Raises
    ------
    GeometryError
        Naming the pair that overlaps most, and by how much.
    """
    shapes = layer.geometry.to_numpy()
    if shapely.coverage_is_valid(shapes):
        return
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    common = shapely.intersection(shapes[first], shapes[second])
    areas = np.array([abs(GEOD.geometry_area_perimeter(shape)[0]) for shape in common])
    beyond = areas > limit_m2
    if beyond.any():
        worst = int(areas.argmax())
        raise GeometryError(
            f"{path.name}: {_name_unit(layer, first[worst])} and {_name_unit(layer, second[worst])} "
            f"overlap by {areas[worst]:,.0f} m2, and {int(beyond.sum()) - 1} more pairs do; mend the "
            "polygons, or let the first code have the ground with max_overlap_m2=."
        )
