"""Tables of borders out of files."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import shapely

from .._constants import WGS84_CRS
from .._vector import READABLE, SHAPEFILE, read_vector
from ..errors import CRSError, FormatError, GeometryError, TableError, UnknownKeyError, near_miss

__all__ = ["border_names", "border_table", "pick"]

_CSV = ".csv"


def border_table(
    path: str | os.PathLike[str] | gpd.GeoDataFrame,
    *,
    layer: str | None,
    columns: Mapping[str, str] | None,
) -> gpd.GeoDataFrame:
    """
    Read lines with their columns, in EPSG:4326.

    Parameters
    ----------
    path
        A file, or a table already read.
    layer
        Which layer of a file that has several.
    columns
        Ours to theirs; the columns are renamed.

    Returns
    -------
    table
        One row or more.

    Raises
    ------
    FormatError
        If the file cannot be read, or holds no geometries.
    CRSError
        If it has no CRS.
    TableError
        If a column named is not there.
    GeometryError
        If it has no row.
    """
    if not isinstance(path, (gpd.GeoDataFrame, str, os.PathLike)):
        raise FormatError(f"A path or a GeoDataFrame of lines is needed, not {type(path).__name__}.")
    table = path.copy() if isinstance(path, gpd.GeoDataFrame) else _read(pathlib.Path(path), layer)
    if table.crs is None:
        raise CRSError(
            "The lines have no CRS; read them with geopandas.read_file, say which it is with "
            "set_crs(...), and hand over the table."
        )
    if table.empty:
        raise GeometryError("There is no line in it.")
    if columns is not None and not isinstance(columns, Mapping):
        raise TableError(
            f"columns= maps our names to those of the file, such as {{'left': 'country_a'}}, not {columns!r}."
        )
    theirs = dict(columns or {})
    missing = [name for name in theirs.values() if name not in table.columns]
    if missing:
        hint = near_miss(missing[0], map(str, table.columns))
        raise TableError(f"The file has no column {missing[0]!r}.{hint}")
    table = table.drop(
        columns=[ours for ours, name in theirs.items() if ours in table.columns and ours != name]
    )
    return table.rename(columns={name: ours for ours, name in theirs.items()}).to_crs(WGS84_CRS)


def border_names(table: gpd.GeoDataFrame) -> list[str]:
    """
    Name the border of each row.

    Raises
    ------
    TableError
        If there is no column of names, one is missing, or two rows have the same.
    """
    if "name" not in table.columns:
        raise TableError(
            "The table has no column 'name' to tell its borders apart; say which one it is with "
            "columns={'name': ...}."
        )
    names = table["name"]
    lacking = names.isna() | (names.astype("string") == "")
    if lacking.any():
        raise TableError(f"Row {table.index[lacking].tolist()[0]!r} has no name; give it one.")
    twice = names[names.duplicated()].unique()
    if len(twice):
        rows = ", ".join(repr(each) for each in table.index[names == twice[0]].tolist()[:5])
        raise TableError(
            f"Two borders have one name: {str(twice[0])!r} in rows {rows}; rename one, or, if the rows are "
            "pieces of one border, join them with table.dissolve('name', as_index=False)."
        )
    return [str(name) for name in names]


def pick(table: gpd.GeoDataFrame, name: str | None) -> gpd.GeoDataFrame:
    """
    Take the rows of one border.

    Raises
    ------
    UnknownKeyError
        If none has the name.
    TableError
        If two have it, or if there are several borders and no name was given.
    """
    known = table["name"].dropna() if "name" in table.columns else pd.Series(dtype=object)
    if name is None:
        if len(known.unique()) > 1:
            some = ", ".join(repr(str(each)) for each in known.unique()[:10])
            raise TableError(
                f"There are {known.nunique()} borders in it ({some}); choose one with name=, "
                "or read them all with read_borders."
            )
        return table
    rows = (
        table[(table["name"].astype("string") == name).fillna(value=False)] if len(known) else table.iloc[:0]
    )
    if rows.empty:
        raise UnknownKeyError(
            f"There is no border {name!r} in it.{near_miss(name, map(str, known.unique()))}"
        )
    border_names(rows)
    return rows


def _read(path: pathlib.Path, layer: str | None) -> gpd.GeoDataFrame:
    if not path.exists():
        raise FormatError(f"There is no file {str(path)!r}; is the folder the right one?")
    ending = path.suffix.lower()
    if ending == _CSV:
        return _read_csv(path)
    if ending not in {*READABLE, SHAPEFILE}:
        known = ", ".join(sorted([*READABLE, SHAPEFILE, _CSV]))
        raise FormatError(f"{path.name!r}: no format has the ending {ending or '(none)'}; use {known}.")
    table = read_vector(path, layer=layer)
    if not isinstance(table, gpd.GeoDataFrame):
        raise FormatError(f"{path.name} holds no geometries.")
    return table


def _read_csv(path: pathlib.Path) -> gpd.GeoDataFrame:
    """Read lines as `write_table` writes them: well-known text in longitude and latitude."""
    try:
        table = pd.read_csv(path, dtype="string", keep_default_na=False)
        lines = shapely.from_wkt(table.pop("geometry").to_numpy(dtype=object))
    except (KeyError, ValueError, shapely.errors.GEOSException) as error:
        raise FormatError(
            f"{path.name} has no column 'geometry' of lines as well-known text ({error})."
        ) from error
    return gpd.GeoDataFrame(table, geometry=lines, crs=WGS84_CRS)
