"""Control points of a calibration, read from a table."""

from __future__ import annotations

from typing import Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .._constants import SLACK_M, WGS84_CRS, Bools, Floats, Ints
from ..errors import MeasureError, TableError, describe_type
from ..geodesy import Feet
from ..provenance import Source, sources_of
from ..schema import numbers_of, points_lonlat, require_columns

__all__ = ["Line", "chainage_of", "control_points"]


class Line(Protocol):
    """The part of a border that a calibration needs."""

    @property
    def length_m(self) -> float:
        """Geodesic metres."""

    def foot(self, lon: ArrayLike, lat: ArrayLike) -> Feet:
        """Refer points to the line."""


def control_points(
    border: Line, points: pd.DataFrame, *, within_m: float
) -> tuple[Floats, Floats, Source | None]:
    """
    Return control points in the order of the line.

    Parameters
    ----------
    border
        Where their chainage is counted.
    points
        ``measure_km`` and a position; see `Calibration.from_points`.
    within_m
        Points farther than this from the line are refused, geodesic metres.

    Returns
    -------
    chainage, measure
        Metres and kilometres, both growing.
    source
        Who published them, where the table names anybody.

    Raises
    ------
    TableError
        If a column is missing.
    MeasureError
        If the points cannot calibrate; the rows are named.
    """
    if not hasattr(border, "foot"):
        given = repr(border) if isinstance(border, str) else describe_type(border)
        raise TableError(f"A calibration needs a Border, not {given}; the table of points comes second.")
    require_columns(points, ["measure_km"], verb="A calibration", remedy="it holds the published kilometres")
    measure = numbers_of(points, "measure_km")
    chainage, distance = chainage_of(border, points, verb="A calibration")
    for lacking, column in ((np.isnan(measure), "measure_km"), (np.isnan(chainage), "position")):
        if lacking.any():
            raise MeasureError(
                f"Control points {_list_rows(points, lacking)}: no {column}; complete or drop them."
            )
    far = distance > within_m
    if far.any():
        raise MeasureError(
            f"Control points {_list_rows(points, far)}: "
            f"up to {distance[far].max() / 1000:.1f} km from the line, "
            f"over the {within_m / 1000:g} km allowed; correct them or raise within_km."
        )
    off = (chainage < 0) | (chainage > border.length_m + SLACK_M)
    if off.any():
        raise MeasureError(
            f"Control points {_list_rows(points, off)}: "
            f"off the border, which runs to {border.length_m:.3f} m."
        )
    order = np.argsort(chainage, kind="stable")
    _require_growing(points, chainage[order], measure[order], order)
    who = sources_of(points.attrs)
    return chainage[order], measure[order], who[0] if who else None


def chainage_of(border: Line, points: pd.DataFrame, *, verb: str) -> tuple[Floats, Floats]:
    """
    Return the positions of a table as chainage.

    Parameters
    ----------
    border
        The line.
    points
        With ``chainage_m`` (metres), point geometries in any CRS that is set, or
        ``longitude`` and ``latitude`` (degrees, WGS 84).
    verb
        Who asks, for messages.

    Returns
    -------
    chainage, distance
        Geodesic metres along the line, and of the point from it (0 for a given
        chainage); NaN where the position is missing.

    Raises
    ------
    TableError
        If the table has no position, or one that is not a number.
    CRSError
        If it has geometries and no CRS.
    GeometryError
        If a geometry is not a point, or not on the globe.
    """
    if "chainage_m" in points.columns:
        chainage = numbers_of(points, "chainage_m")
        return chainage, np.where(np.isnan(chainage), np.nan, 0.0)
    if isinstance(points, gpd.GeoDataFrame):
        lon, lat = points_lonlat(points, verb=verb)
    else:
        remedy = "or give chainage_m, or a GeoDataFrame of points"
        require_columns(points, ["longitude", "latitude"], verb=verb, remedy=remedy)
        xy = gpd.points_from_xy(
            numbers_of(points, "longitude"), numbers_of(points, "latitude"), crs=WGS84_CRS
        )
        lon, lat = points_lonlat(gpd.GeoDataFrame(geometry=xy, index=points.index), verb=verb)
    feet = border.foot(lon, lat)
    return feet.chainage, feet.distance


def _require_growing(points: pd.DataFrame, chainage: Floats, measure: Floats, order: Ints) -> None:
    back = (np.diff(chainage) <= 0) | (np.diff(measure) <= 0)
    if not back.any():
        return
    point = int(np.argmax(back))
    first, second = map(repr, points.index[order[point : point + 2]].tolist())
    turned = " border.reversed() counts from the other end." if (np.diff(measure) < 0).all() else ""
    raise MeasureError(
        f"The calibration runs backwards or stands still between rows {first} and {second}: "
        f"chainage {chainage[point]:.0f} m is km {measure[point]:g}, "
        f"chainage {chainage[point + 1]:.0f} m is km {measure[point + 1]:g}.{turned}"
    )


def _list_rows(points: pd.DataFrame, mask: Bools) -> str:
    return ", ".join(repr(label) for label in points.index[mask].tolist()[:5]) + (
        " ..." if mask.sum() > 5 else ""
    )
