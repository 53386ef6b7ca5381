"""The checksum of a layer: of what it holds, not of the bytes of its file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

__all__ = ["content_sha256"]


def content_sha256(frame: pd.DataFrame) -> str:
    """
    Return a checksum of the content of a table, whatever file it came from.

    Coordinates count on the grid of 1e-7 degrees, the order of rows, columns and
    polygon rings does not; the direction of a line does.

    Parameters
    ----------
    frame
        A table, with or without a geometry column, whose CRS does not count.

    Returns
    -------
    sha256
        Hexadecimal digest.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> table = gpd.GeoDataFrame({"n": [1, 2]}, geometry=shapely.points([[0, 0], [1, 1]]), crs=4326)
    >>> content_sha256(table) == content_sha256(table[::-1])
    True
    """
    geometry = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    columns = sorted(str(name) for name in frame.columns if name != geometry)
    rows = frame[columns].astype(object).where(frame[columns].notna(), None).to_numpy().tolist()
    lines = [json.dumps(row, ensure_ascii=False, default=_to_json) for row in rows]
    if geometry is not None:
        shapes = _canonical_wkb(frame.geometry.to_numpy())
        lines = [f"{line}\t{shape}" for line, shape in zip(lines, shapes, strict=True)]
    text = "\n".join([json.dumps(columns, ensure_ascii=False), *sorted(lines)])
    return hashlib.sha256(text.encode()).hexdigest()


def _to_json(value: object) -> object:
    """Return a NumPy scalar as a plain value, and anything else as text."""
    return value.item() if isinstance(value, np.generic) else str(value)


def _canonical_wkb(shapes: np.ndarray[tuple[int], np.dtype[np.object_]]) -> Iterable[str]:
    """Return geometries as little-endian WKB on the grid, polygons in normal form."""
    # Adding zero turns a negative zero into zero.
    gridded = shapely.transform(shapely.force_2d(shapes), lambda xy: np.rint(xy * 1e7) / 1e7 + 0.0)
    areal = shapely.get_dimensions(gridded) == 2
    # Only polygons: normal form may turn a line round.
    gridded[areal] = shapely.normalize(gridded[areal])
    yield from shapely.to_wkb(gridded, hex=True, byte_order=1)
