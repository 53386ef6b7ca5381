"""Several borders at once."""

from __future__ import annotations

import os
from collections.abc import Mapping

import geopandas as gpd

from ..errors import BorderlineError
from ._border import Border
from ._reading import border_names, border_table
from ._record import unpack

__all__ = ["read_borders"]


def read_borders(
    path: str | os.PathLike[str] | gpd.GeoDataFrame,
    *,
    layer: str | None = None,
    columns: Mapping[str, str] | None = None,
) -> dict[str, Border]:
    """
    Read several borders, each a row.

    Parameters
    ----------
    path
        As in `Border.from_file`; a column of names is needed.
    layer
        Which layer, where the file has several.
    columns
        Names of the columns in the file by those that `Border.to_geodataframe` gives
        them, such as ``{"name": "LABEL", "left": "CC1", "right": "CC2"}``.

    Returns
    -------
    borders
        By name, in the order of the rows.

    Raises
    ------
    FormatError
        If the file cannot be read, holds no lines, or has no such layer.
    CRSError
        If the lines have no CRS.
    TableError
        If a border has no name, two have the same, or a country is nowhere to be found.
    UnknownKeyError
        If a country code is none.
    GeometryError
        If a row makes no line; the border is named.

    Examples
    --------
    >>> import borderline as bl, pandas as pd
    >>> lines = ["osm-2025", "natural-earth"]
    >>> tables = [bl.load_border(line=key).to_geodataframe().assign(name=key) for key in lines]
    >>> borders = bl.lines.read_borders(pd.concat(tables, ignore_index=True))
    >>> {name: round(border.length_m / 1000) for name, border in borders.items()}
    {'osm-2025': 824, 'natural-earth': 665}
    """
    table = border_table(path, layer=layer, columns=columns)
    borders = {}
    for at, name in enumerate(border_names(table)):
        try:
            borders[name] = Border(**unpack(table.iloc[[at]]))
        except BorderlineError as error:
            raise type(error)(f"{name}: {error}") from error
    return borders
