"""Read and write vector files; the only module that uses fiona and pyogrio, which it loads when needed."""

from __future__ import annotations

import pathlib
import warnings
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from ._qgis_styles import STYLE_TABLE, store_style
from .errors import BorderlineWarning, FormatError, near_miss

__all__ = ["READABLE", "SHAPEFILE", "VECTOR_DRIVERS", "read_vector", "write_vector"]

#: Name of the GDAL driver for each ending that is written.
VECTOR_DRIVERS: Final = {".geojson": "GeoJSON", ".gpkg": "GPKG", ".fgb": "FlatGeobuf"}

#: Endings read, with how such a file begins. GDAL goes by content, so a file of another kind
#: (one that points to further files or to the network, say) must not reach it under these names.
READABLE: Final = {
    ".geojson": (b"{",),
    ".json": (b"{",),
    ".gpkg": (b"SQLite format 3\0",),
    ".fgb": (b"fgb\x03", b"fgb\x04"),
    ".parquet": (b"PAR1",),
    ".shp": (b"\x00\x00\x27\x0a",),
    ".kml": (b"<?xml", b"<kml"),
    ".gpx": (b"<?xml", b"<gpx"),
}

#: Ending of the main file of a Shapefile, which consists of several.
SHAPEFILE: Final = ".shp"

_DRIVERS: Final = VECTOR_DRIVERS | {
    ".json": "GeoJSON",
    SHAPEFILE: "ESRI Shapefile",
    ".kml": "KML",
    ".gpx": "GPX",
}
#: The root element of each XML format; it must occur within the first `_XML_HEAD` bytes.
_XML_ROOTS: Final = {".kml": b"<kml", ".gpx": b"<gpx"}
_XML_HEAD: Final = 4096


def read_vector(path: pathlib.Path, *, layer: str | None = None) -> pd.DataFrame:
    """
    Read a vector file: a GeoDataFrame where it has geometries, else a DataFrame.

    Heights (Z) and measures (M) are dropped.

    Raises
    ------
    FormatError
        If it is not what its ending says, is damaged, has no such layer, or has several
        and none was named.
    """
    ending = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(_XML_HEAD)
    is_kind = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(READABLE[ending])
    if not is_kind or _XML_ROOTS.get(ending, b"") not in head:
        raise FormatError(f"{path.name} does not begin like a {ending} file; is the ending right?")
    if ending == ".parquet":
        return _read_parquet(path)
    return _read_gdal(path, _DRIVERS[ending], layer)


def _read_parquet(path: pathlib.Path) -> pd.DataFrame:
    import pyarrow as pa  # noqa: PLC0415 - slow to load, and few need it
    import pyarrow.parquet as pq  # noqa: PLC0415

    table: pd.DataFrame
    try:
        is_geo = b"geo" in (pq.read_schema(path).metadata or {})
        table = gpd.read_parquet(path) if is_geo else pd.read_parquet(path)
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise FormatError(f"{path.name} cannot be read as Parquet: {_first_line(error)}") from error
    return table


def _read_gdal(path: pathlib.Path, driver: str, layer: str | None) -> pd.DataFrame:
    import fiona  # noqa: PLC0415 - carries a GDAL of its own and takes 0.2 s to load
    import fiona.errors  # noqa: PLC0415
    import pyogrio  # noqa: PLC0415
    import pyogrio.errors  # noqa: PLC0415

    failures = (
        fiona.errors.FionaError,
        fiona.errors.FionaValueError,
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FieldError,
        pyogrio.errors.GeometryError,
        OSError,
        ValueError,
        TypeError,
        OverflowError,
    )
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            # fiona can be held to one driver; pyogrio then reads in bulk what that driver accepted.
            warnings.filterwarnings("ignore", "Measured")
            layers = [name for name in fiona.listlayers(str(path)) if name != STYLE_TABLE]
            chosen = _choose_layers(layers, layer, driver)
            if chosen:
                with fiona.open(path, driver=driver, allow_unsupported_drivers=True):
                    pass
                tables = [pyogrio.read_dataframe(path, layer=name, force_2d=True) for name in chosen]
                table: pd.DataFrame = tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)
    except failures as error:
        raise FormatError(f"{path.name} cannot be read as {driver}: {_first_line(error)}") from error
    if not chosen and layer is not None:
        raise FormatError(f"{path.name} has no layer {layer!r}.{near_miss(layer, layers)}")
    if not chosen and not layers:
        raise FormatError(f"{path.name} holds no layer.")
    if not chosen:
        raise FormatError(
            f"{path.name} holds {len(layers)} layers ({', '.join(layers[:10])}); "
            "read the one you want with geopandas.read_file(path, layer=...) and pass the table instead."
        )
    for message in dict.fromkeys(str(warning.message) for warning in caught):
        warnings.warn(f"{path.name}: {message}", BorderlineWarning, stacklevel=4)
    return table


def _choose_layers(layers: list[str], layer: str | None, driver: str) -> list[str]:
    """Return the layers to read: the one named, the only one, the waypoints of GPX, the folders of KML."""
    if layer is not None:
        return [name for name in layers if name == layer]
    if driver == "GPX":
        return [name for name in layers if name == "waypoints"]
    return layers if len(layers) == 1 or driver == "KML" else []


def write_vector(
    table: gpd.GeoDataFrame, path: pathlib.Path, *, geometry_type: str, layer: str, style: bool = False
) -> None:
    """
    Write a table whose columns hold plain values; the ending of `path` picks the driver.

    Parameters
    ----------
    table
        With a geometry.
    path
        Of an existing GeoPackage only the layer is replaced, or added.
    geometry_type
        Name of the geometry type; ``"Unknown"`` for several.
    layer
        Name of the layer.
    style
        Whether a GeoPackage gets a style for QGIS, too.
    """
    import pyogrio  # noqa: PLC0415 - not needed to read a CSV

    driver = VECTOR_DRIVERS[path.suffix.lower()]
    # Rows keep their order in FlatGeobuf, and coordinates their digits in GeoJSON.
    options = {"FlatGeobuf": {"SPATIAL_INDEX": "NO"}, "GeoJSON": {"COORDINATE_PRECISION": "15"}}
    measured = bool(shapely.has_m(table.geometry.to_numpy()).any())
    if measured and driver == "GeoJSON":
        table = table.set_geometry(shapely.force_2d(table.geometry.to_numpy()), crs=table.crs)
        measured = False
    pyogrio.write_dataframe(
        table,
        path,
        layer=layer,
        driver=driver,
        geometry_type=f"Measured {geometry_type}" if measured else geometry_type,
        layer_options=options.get(driver),
        use_arrow=measured,  # only this way knows M
    )
    if style:
        store_style(path, layer, geometry_type)


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
