"""
Coordinates of any CRS to WGS 84, by an operation that is named and whose accuracy is known.

PROJ answers for a datum whose shift it does not know at a place ("ballpark"), and for Indian 1975 with an
operation that lies 188 m from every other published one. So the datums of this region go by a table here,
and what could only be guessed is refused.
"""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import UTMConversion
from pyproj.exceptions import CRSError as ProjCRSError
from pyproj.exceptions import ProjError
from pyproj.transformer import TransformerGroup

from ._constants import WGS84_CRS, Floats
from .errors import CRSError

__all__ = [
    "DATUMS",
    "NO_SHIFT",
    "Shift",
    "describe_crs",
    "describe_datum",
    "find_datum",
    "table_to_wgs84",
    "to_wgs84",
    "transform_lonlat",
    "utm_crs",
]


class Shift(NamedTuple):
    """What was done to bring coordinates to WGS 84."""

    #: Name of the datum that they were on.
    datum: str
    #: Operation by name and code; empty where none is needed.
    operation: str
    #: Metres by which the positions may be off because of it, 0 where there is none.
    error_m: float

    @property
    def added_error_m(self) -> float:
        """Metres to add to a radius; NaN where nothing was shifted."""
        return self.error_m if self.operation else float("nan")

    @property
    def text(self) -> str:
        """Return the datum and the operation in words."""
        return (
            f"{self.datum} by {self.operation}, to about {self.error_m:g} m" if self.operation else self.datum
        )


#: Coordinates that are on WGS 84 already.
NO_SHIFT: Final = Shift("WGS 84", "", 0.0)


class _Choice(NamedTuple):
    """The operation taken for a datum."""

    #: EPSG code of the geographic CRS.
    crs: int
    #: EPSG code of the operation to WGS 84.
    operation: int
    #: Its accuracy, or the spread of the published operations where that is greater, metres.
    error_m: float


#: Operations chosen for the datums of the region; parameters and accuracies are those of the EPSG dataset.
#: Indian 1975: EPSG:1304, 1154 and 1537 agree within 1 m, and EPSG:1812, which PROJ prefers, lies 188 m off;
#: with its rotations of the other sign 9 m, so they were probably published in the other convention.
#: Indian 1960: EPSG:1542 (198, 881, 317 m) is the one on the mainland; its accuracy is 44 m.
_CHOICES: Final = {
    "Indian 1975": _Choice(4240, 1304, 9.0),
    "Indian 1960": _Choice(4131, 1542, 44.0),
    "Indian 1954": _Choice(4239, 1153, 21.0),
}
#: Datums that may be named for coordinates without a CRS, by name; any other by the EPSG code of its CRS.
DATUMS: Final = ("WGS 84", *_CHOICES)

#: Ellipsoids on which an unnamed datum is as good as WGS 84: semi-major axis in metres.
_MODERN_AXIS: Final = 6378137.0


def find_datum(name: object) -> CRS | None:
    """
    Return the geographic CRS of a datum by its name or EPSG code; None where there is no such.

    Examples
    --------
    >>> find_datum("indian 1975").to_epsg(), find_datum(4240).to_epsg(), find_datum("Atlantis 12")
    (4240, 4240, None)
    """
    folded = str(name).strip().casefold().replace("_", " ")
    if folded.replace(" ", "") == "wgs84":
        return CRS(4326)
    for known, choice in _CHOICES.items():
        if folded in {known.casefold(), known.casefold().replace(" ", "")}:
            return CRS(choice.crs)
    try:
        crs = CRS.from_user_input(int(folded) if folded.isdecimal() else name)
    except (ProjCRSError, ValueError, TypeError):
        return None
    return crs if crs.is_geographic else None


def utm_crs(zone: int, *, south: bool, datum: CRS | None) -> CRS:
    """Return the CRS of a zone of UTM on a datum; None stands for WGS 84."""
    return _make_utm_crs(zone, south, None if datum is None else datum.to_wkt())


@cache
def _make_utm_crs(zone: int, south: bool, datum: str | None) -> CRS:  # noqa: FBT001 - a key of the cache
    if datum is None:
        return CRS((32700 if south else 32600) + zone)
    conversion = UTMConversion(str(zone), hemisphere="S" if south else "N")
    return ProjectedCRS(conversion, geodetic_crs=CRS(datum))


def to_wgs84(geometry: gpd.GeoSeries, *, subject: str) -> tuple[gpd.GeoSeries, Shift]:
    """
    Transform geometries to EPSG:4326.

    Parameters
    ----------
    geometry
        In any CRS that is set.
    subject
        What the message calls the table.

    Returns
    -------
    geometry
        Same index.
    shift
        What was done.

    Raises
    ------
    CRSError
        If the CRS cannot be brought to the globe, its shift is not known here, or the coordinates are degrees
        under a CRS of metres.
    """
    crs = CRS(geometry.crs)
    if crs.equals(WGS84_CRS, ignore_axis_order=True):
        return geometry, NO_SHIFT
    shapes = geometry.to_numpy()
    xy = shapely.get_coordinates(shapes)
    lon, lat, shift = transform_lonlat(crs, xy[:, 0], xy[:, 1], subject=subject)
    moved = shapely.set_coordinates(
        shapely.force_2d(shapes) if not shapely.has_z(shapes).any() else shapes.copy(),
        _with_height(shapes, np.column_stack([lon, lat])),
    )
    return gpd.GeoSeries(moved, index=geometry.index, crs=WGS84_CRS, name=geometry.name), shift


def table_to_wgs84(table: gpd.GeoDataFrame, *, subject: str) -> gpd.GeoDataFrame:
    """Return a table with its geometry in EPSG:4326; see `to_wgs84`."""
    geometry, _ = to_wgs84(table.geometry, subject=subject)
    return table if geometry is table.geometry else table.set_geometry(geometry.rename(table.geometry.name))


def _with_height(shapes: npt.NDArray[np.object_], lonlat: Floats) -> Floats:
    if not shapely.has_z(shapes).any():
        return lonlat
    heights = shapely.get_coordinates(shapes, include_z=True)[:, 2:]
    return np.hstack([lonlat, heights])


def describe_crs(crs: CRS, shift: Shift) -> str:
    """Return a CRS and what was done to bring it to WGS 84, for the account of a reading."""
    code = CRS(crs).to_string()[:60]
    return f"{code}, {shift.text}" if shift.operation else code


def describe_datum(datum: CRS) -> str:
    """Return a datum and the operation that is taken from it to WGS 84."""
    way = _find_way(datum.to_wkt())
    return datum.name if isinstance(way, str) or way.candidates else way.shift.text


def transform_lonlat(
    crs: Any,  # noqa: ANN401 - whatever pyproj takes
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    subject: str,
    metres: bool = False,
) -> tuple[Floats, Floats, Shift]:
    """
    Transform coordinates to longitude and latitude on WGS 84.

    Parameters
    ----------
    crs
        CRS of the coordinates.
    x, y
        Easting and northing, or longitude and latitude, in units of `crs`.
    subject
        What the message calls them.
    metres
        Whether they are known to be in metres, so that small ones are no degrees.

    Returns
    -------
    lon, lat
        Degrees; not finite where a coordinate lies outside the projection.
    shift
        What was done.

    Raises
    ------
    CRSError
        As for `to_wgs84`.
    """
    try:
        given = CRS(crs)
    except ProjCRSError:
        raise CRSError(f"{subject}: {crs!r} is no CRS that PROJ knows.") from None
    east, north = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if not metres:
        _refuse_degrees(given, east, north, subject)
    way = _find_way(given.to_wkt())
    if isinstance(way, str):
        raise CRSError(f"{subject}: {way}")
    if way.candidates:
        return _transform_by_place(way, given, east, north, subject)
    lon, lat = east, north
    if way.to_degrees is not None:
        lon, lat = way.to_degrees.transform(lon, lat)
    if way.operation is not None:
        lat, lon = way.operation.transform(lat, lon)
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64), way.shift


def _transform_by_place(
    way: _Way, crs: CRS, x: Floats, y: Floats, subject: str
) -> tuple[Floats, Floats, Shift]:
    """Transform each coordinate by PROJ's first operation whose area holds it; others become NaN."""
    rough_lon, rough_lat = (x, y) if way.to_degrees is None else way.to_degrees.transform(x, y)
    lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
    left = np.isfinite(x) & np.isfinite(y)
    wanted = left.any()
    used: list[Transformer] = []
    for candidate in way.candidates:
        area = candidate.area_of_use
        inside = left.copy()
        if area is not None:
            inside &= (rough_lon >= area.west) & (rough_lon <= area.east)
            inside &= (rough_lat >= area.south) & (rough_lat <= area.north)
        if inside.any():
            lon[inside], lat[inside] = candidate.transform(x[inside], y[inside])
            used.append(candidate)
            left &= ~inside
    if wanted and not used:
        raise CRSError(f"{subject}: {_describe_unknown(crs)}")
    if not used:
        return lon, lat, NO_SHIFT
    datum = crs.geodetic_crs.name if crs.geodetic_crs is not None else crs.name
    names = dict.fromkeys(_name_operation(candidate) for candidate in used)
    return lon, lat, Shift(datum, " and ".join(names), max(0.0, *(candidate.accuracy for candidate in used)))


def _name_operation(transformer: Transformer) -> str:
    """Return the name of the step that changes the datum."""
    steps = [step.name for step in transformer.operations or () if "WGS 84" in step.name]
    return steps[-1] if steps else str(transformer.description)


class _Way(NamedTuple):
    """How coordinates get to WGS 84."""

    #: To degrees on the datum, or all the way; x first. None where the coordinates are degrees already.
    to_degrees: Transformer | None
    #: From degrees on the datum to WGS 84; latitude first. None where the first step does it.
    operation: Transformer | None
    #: What it does.
    shift: Shift
    #: Operations all the way, x first, each with its own area; empty where there is one for any place.
    candidates: tuple[Transformer, ...] = ()


@cache
def _find_way(wkt: str) -> _Way | str:  # noqa: PLR0911 - a kind of CRS a line
    """Return how to transform a CRS, or what is wrong with it."""
    crs = CRS(wkt)
    geodetic = crs.geodetic_crs
    if geodetic is None:
        return (
            f"the CRS {crs.name!r} is local, so nothing ties it to the globe; "
            "give the coordinates a geographic or projected CRS with set_crs(..., allow_override=True)."
        )
    try:
        if geodetic.equals(WGS84_CRS, ignore_axis_order=True):
            return _Way(Transformer.from_crs(crs, WGS84_CRS, always_xy=True), None, NO_SHIFT)
        choice = None if crs.is_bound else _find_choice(geodetic)
        if choice is not None:
            operation = Transformer.from_pipeline(f"urn:ogc:def:coordinateOperation:EPSG::{choice.operation}")
            shift = Shift(geodetic.name, f"{operation.description} (EPSG:{choice.operation})", choice.error_m)
            step = None if crs.is_geographic else Transformer.from_crs(crs, geodetic, always_xy=True)
            return _Way(step, operation, shift)
        if _is_unnamed_modern(geodetic):
            return _Way(Transformer.from_crs(crs, WGS84_CRS, always_xy=True), None, NO_SHIFT)
        with warnings.catch_warnings():
            # It warns of operations whose grids are not installed.
            warnings.simplefilter("ignore")
            group = TransformerGroup(crs, WGS84_CRS, always_xy=True, allow_ballpark=False)
        if not group.transformers:
            return _describe_unknown(crs)
        step = None if crs.is_geographic else Transformer.from_crs(crs, geodetic, always_xy=True)
    except ProjError:
        return _describe_unknown(crs)
    return _Way(step, None, NO_SHIFT, tuple(group.transformers))


def _find_choice(geodetic: CRS) -> _Choice | None:
    code = geodetic.to_epsg()
    datum = geodetic.datum.name.replace("_", " ") if geodetic.datum is not None else ""
    return next(
        (choice for name, choice in _CHOICES.items() if choice.crs == code or datum.endswith(name)), None
    )


def _is_unnamed_modern(geodetic: CRS) -> bool:
    """Return whether a datum has no name and stands on the ellipsoid of WGS 84, or one 0.1 mm from it."""
    unnamed = geodetic.datum is None or geodetic.datum.name.casefold().startswith("unknown")
    return (
        unnamed
        and geodetic.ellipsoid is not None
        and geodetic.ellipsoid.semi_major_metre == _MODERN_AXIS
        and 298 < (geodetic.ellipsoid.inverse_flattening or 0) < 299
    )


def _describe_unknown(crs: CRS) -> str:
    return (
        f"no shift from the CRS {crs.name!r} to WGS 84 is known here, and positions would be off by "
        "hundreds of metres; transform them with an operation of your own, or set a CRS with +towgs84."
    )


def _refuse_degrees(crs: CRS, x: Floats, y: Floats, subject: str) -> None:
    """Refuse degrees that are labelled with a projected CRS."""
    area = crs.area_of_use
    if not crs.is_projected or area is None:
        return
    known = np.isfinite(x) & np.isfinite(y) & ((x != 0) | (y != 0))
    if not known.any():
        return
    x, y = x[known], y[known]
    if (np.abs(x) > 180).any() or (np.abs(y) > 90).any():
        return
    inside = (x >= area.west) & (x <= area.east) & (y >= area.south) & (y <= area.north)
    if inside.all():
        raise CRSError(
            f"{subject} has the CRS {crs.name!r}, which is in metres, but every coordinate lies within "
            f"180 and 90, such as {x[0]:g}, {y[0]:g}: these are degrees. Say so with set_crs(4326, "
            "allow_override=True); to_crs would only transform them as metres."
        )
