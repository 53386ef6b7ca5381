"""The layers of a file of a map, as the readers of each format return them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS

from ._constants import WGS84_CRS

__all__ = ["MapLayer", "first_line", "flatten_collection", "make_layer"]


@dataclass(frozen=True, slots=True, eq=False)
class MapLayer:
    """One layer: its columns as they came, and its geometries."""

    name: str
    #: The columns without the geometry.
    cells: pd.DataFrame
    #: One geometry a row, None where there is none or it cannot be read.
    geometries: npt.NDArray[np.object_] | None
    #: Reference system; None where the file has none.
    crs: CRS | None = None
    #: Position of each row whose geometry cannot be read, and why.
    faults: Mapping[int, str] = field(default_factory=dict)
    #: Event column to the column that the format itself has for it.
    meanings: Mapping[str, str] = field(default_factory=dict)
    #: Line on which each row begins; None where rows have no lines.
    lines: Sequence[int] | None = None
    #: How the geometries are written.
    notation: str = ""
    #: Sentences on what was passed over.
    notes: tuple[str, ...] = ()
    #: ``"planar"`` or ``"spherical"`` where the file says how edges run between vertices, else empty.
    edges: str = ""

    def to_table(self) -> pd.DataFrame:
        """Return a GeoDataFrame, or a DataFrame where there are no geometries."""
        if self.geometries is None:
            return self.cells
        table: pd.DataFrame = gpd.GeoDataFrame(self.cells, geometry=list(self.geometries), crs=self.crs)
        return table


def make_layer(
    name: str,
    records: Sequence[Mapping[str, Any]],
    geometries: Sequence[Any],
    *,
    crs: CRS | None = WGS84_CRS,
    **facts: Any,  # noqa: ANN401 - the other fields of a layer
) -> MapLayer:
    """Return a layer of records; cells keep their types, and a cell that a record lacks is missing."""
    columns = list(dict.fromkeys(key for record in records for key in record))
    cells = pd.DataFrame(
        {key: pd.Series([record.get(key) for record in records], dtype=object) for key in columns},
        index=range(len(records)),
    ).infer_objects()
    array = np.full(len(geometries), None, dtype=object)
    for position, geometry in enumerate(geometries):
        array[position] = geometry
    return MapLayer(name, cells, array, crs, **facts)


def flatten_collection(geometry: Any) -> Any:  # noqa: ANN401 - a geometry or None
    """Return the only member of a collection, however deep; anything else as it is."""
    while geometry is not None and geometry.geom_type == "GeometryCollection" and len(geometry.geoms) == 1:
        geometry = shapely.get_geometry(geometry, 0)
    return geometry


def first_line(error: BaseException) -> str:
    """Return the first line of what a library says, without the names of its own classes."""
    text = (str(error).strip() or type(error).__name__).splitlines()[0]
    return text.removeprefix("IllegalArgumentException: ").removeprefix("ParseException: ")
