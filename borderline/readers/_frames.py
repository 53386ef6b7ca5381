"""Tables that are in memory already: DataFrames, and GeoDataFrames in any CRS that is set."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from .._constants import WGS84_CRS
from ..errors import CRSError
from ._columns import fold_name, match_columns
from ._raw import Faults, Raw, unique_names

__all__ = ["take_frame"]


def take_frame(frame: pd.DataFrame, *, name: str = "the table", stem: str = "") -> Raw:
    """
    Take a table apart without changing it.

    Parameters
    ----------
    frame
        A DataFrame, or a GeoDataFrame whose active geometry is transformed to EPSG:4326.
        An index that is named like an identifier serves as one.
    name
        How messages call it.
    stem
        Short name for the column ``dataset``.

    Returns
    -------
    raw
        The rows in their order.

    Raises
    ------
    CRSError
        If a GeoDataFrame has no CRS.
    """
    table = pd.DataFrame(frame)
    if table.index.name is not None and "event_id" in match_columns([str(table.index.name)], {}):
        folded = {fold_name(column) for column in table.columns}
        if fold_name(table.index.name) not in folded:
            table = table.reset_index()
    table = table.reset_index(drop=True)
    active = frame.active_geometry_name if isinstance(frame, gpd.GeoDataFrame) else None
    position = None if active is None else list(map(str, table.columns)).index(str(active))
    table.columns = pd.Index(unique_names(table.columns))
    if position is None:
        return Raw(
            table=table, cells=table, geometries=None, lines=None, faults=Faults(), name=name, stem=stem
        )
    geometry = frame.geometry
    if geometry.crs is None:
        raise CRSError(
            f"{name} has no CRS; if its points are longitude and latitude, say so with set_crs(4326)."
        )
    if not CRS(geometry.crs).equals(WGS84_CRS, ignore_axis_order=True):
        geometry = geometry.to_crs(WGS84_CRS)
    return Raw(
        table=table,
        cells=table.drop(columns=table.columns[position]),
        geometries=geometry.to_numpy(),
        lines=None,
        faults=Faults(),
        name=name,
        stem=stem,
    )
