"""Read and write files of a GIS; the only module that uses pyogrio, which it loads when needed."""

from __future__ import annotations

import contextlib
import glob
import json
import pathlib
import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjCRSError

from ._constants import WGS84_CRS
from ._json_maps import JSON_LINES, parse_json, parse_json_lines, read_json_map
from ._map_layers import MapLayer, first_line, flatten_collection
from ._qgis_styles import STYLE_TABLE, store_style
from ._text_encoding import find_code_page
from ._xml_maps import read_gpx, read_kml, require_plain_xml
from .errors import BorderlineWarning, CRSError, FormatError, GeometryError, near_miss

__all__ = [
    "GEODATABASE",
    "READABLE",
    "SHAPEFILE",
    "VECTOR_DRIVERS",
    "read_map_layers",
    "read_vector",
    "select_layers",
    "write_vector",
]

#: Name of the GDAL driver for each ending that is written.
VECTOR_DRIVERS: Final = {".geojson": "GeoJSON", ".gpkg": "GPKG", ".fgb": "FlatGeobuf"}

_XML: Final = (b"<",)
_JSON: Final = (b"{", b"[", b"\x1e")
#: Endings read, with how such a file begins. GDAL goes by content, so a file of another kind
#: (one that points to further files or to the network, say) must not reach it under these names.
READABLE: Final = {
    ".geojson": _JSON,
    ".json": _JSON,
    ".topojson": _JSON,
    ".umap": _JSON,
    **dict.fromkeys(sorted(JSON_LINES), _JSON),
    ".gpkg": (b"SQLite format 3\0",),
    ".fgb": (b"fgb\x03", b"fgb\x04"),
    ".parquet": (b"PAR1",),
    ".geoparquet": (b"PAR1",),
    ".shp": (b"\x00\x00\x27\x0a",),
    ".kml": _XML,
    ".gpx": _XML,
    ".gml": _XML,
}

#: Ending of the main file of a Shapefile, which consists of several.
SHAPEFILE: Final = ".shp"
#: Ending of a folder that is a geodatabase of Esri.
GEODATABASE: Final = ".gdb"

_DRIVERS: Final = {
    ".gpkg": "GPKG",
    ".fgb": "FlatGeobuf",
    SHAPEFILE: "ESRI Shapefile",
    ".gml": "GML",
    GEODATABASE: "OpenFileGDB",
}
#: What each XML format has within its first `_HEAD` bytes.
_XML_ROOTS: Final = {".kml": b"<kml", ".gpx": b"<gpx", ".gml": b"opengis.net/gml"}
_HEAD: Final = 4096
#: Byte of a dBASE file with the number of its code page, and the numbers that say nothing.
_DBF_PAGE: Final = 29
_DBF_SILENT: Final = frozenset({0x00, 0x03, 0x57})
#: A time as GDAL writes it, without an offset.
_LOCAL_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?)?")


def read_vector(path: pathlib.Path, *, layer: str | None = None, measured: bool = False) -> pd.DataFrame:
    """
    Read one layer of a file of a GIS: a GeoDataFrame where it has geometries, else a DataFrame.

    The folders of KML count as one layer. Heights (Z) are dropped. ``attrs["edges"]`` is ``"planar"`` or
    ``"spherical"`` where the file says how edges run between vertices.

    Parameters
    ----------
    path
        An existing file.
    layer
        Name of the layer; of several, tables without geometries are passed over.
    measured
        Whether measures (M) are kept, as far as the format has them.

    Raises
    ------
    FormatError
        If it is not what its ending says, is damaged, has no such layer, or has several
        and none was named.
    GeometryError
        If a geometry cannot be read.
    """
    layers = read_map_layers(path, layer=layer, measured=measured)
    if path.suffix.lower() == ".gpx" and layer is None:
        layers = [part for part in layers if part.name != "waypoints"] or layers
    if not layers:
        raise FormatError(f"{path.name} holds no layer.")
    joined = path.suffix.lower() in {".kml", ".gpx"}
    if len(layers) > 1 and not joined:
        listed = ", ".join(part.name for part in layers[:10])
        raise FormatError(f"{path.name} holds {len(layers)} layers ({listed}); choose one with layer=.")
    for part in layers:
        for row, fault in part.faults.items():
            raise GeometryError(f"{path.name}: row {row + 1}: {fault}; correct or delete it.")
    tables = [part.to_table() for part in layers]
    table: pd.DataFrame = tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)
    table.attrs["edges"] = layers[0].edges
    return table


def read_map_layers(
    path: pathlib.Path, *, layer: str | None = None, encoding: str | None = None, measured: bool = False
) -> list[MapLayer]:
    """
    Read the layers of a file of a GIS; tables without geometries only where there is nothing else.

    Parameters
    ----------
    path
        An existing file, or the folder of a geodatabase.
    layer
        Name of the only layer to read.
    encoding
        Encoding of the texts of a Shapefile, where it does not say it.
    measured
        Whether measures (M) are kept.

    Raises
    ------
    FormatError
        If it is not what its ending says, is damaged, or has no such layer.
    CRSError
        If it names a reference system that is not known.
    """
    ending = path.suffix.lower()
    if ending == GEODATABASE:
        return _read_gdal(path, layer, encoding, measured=measured)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    plain = (
        head.replace(b"\0", b"") if head[:2] in {b"\xff\xfe", b"\xfe\xff"} and ending in _XML_ROOTS else head
    )
    is_kind = plain.lstrip(b"\xef\xbb\xbf\xff\xfe").lstrip().startswith(READABLE[ending])
    if not is_kind or _XML_ROOTS.get(ending, b"") not in plain:
        raise FormatError(f"{path.name} does not begin like a {ending} file; is the ending right?")
    if ending in {".parquet", ".geoparquet"}:
        return [_read_parquet(path)]
    if ending in _DRIVERS:
        return _read_gdal(path, layer, encoding, measured=measured)
    data = path.read_bytes()
    if ending == ".kml":
        layers = read_kml(require_plain_xml(data, path.name), path.name)
    elif ending == ".gpx":
        layers = read_gpx(require_plain_xml(data, path.name), path.name)
    elif ending in JSON_LINES:
        objects, lines = parse_json_lines(data, path.name)
        layers = read_json_map(objects, path.name, lines=lines) or []
    else:
        layers = read_json_map(parse_json(data, path.name), path.name) or []
        if not layers:
            raise FormatError(
                f"{path.name} is no map: neither GeoJSON, nor TopoJSON, nor Esri JSON, nor of uMap."
            )
    return select_layers(layers, layer, path.name)


def select_layers(layers: list[MapLayer], wanted: str | None, name: str) -> list[MapLayer]:
    """
    Return the layers of that name, all where none is wanted.

    Raises
    ------
    FormatError
        If there is none.
    """
    if wanted is None:
        return layers
    chosen = [layer for layer in layers if layer.name == wanted]
    if not chosen:
        raise FormatError(
            f"{name} has no layer {wanted!r}.{near_miss(wanted, [part.name for part in layers])}"
        )
    return chosen


def _read_parquet(path: pathlib.Path) -> MapLayer:
    import pyarrow as pa  # noqa: PLC0415 - slow to load, and few need it
    import pyarrow.parquet as pq  # noqa: PLC0415

    failures = (
        pa.ArrowException,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        NotImplementedError,
    )
    try:
        with pq.ParquetFile(path) as file:
            metadata = file.schema_arrow.metadata or {}
            native = {
                column.name: str(column.logical_type)
                for column in map(file.schema.column, range(len(file.schema)))
                if str(column.logical_type).startswith(("Geometry", "Geography"))
            }
        if b"geo" in metadata:
            table: pd.DataFrame = _read_geoparquet(path)
        else:
            table = pd.read_parquet(path)
    except failures as error:
        raise FormatError(f"{path.name} cannot be read as Parquet: {first_line(error)}") from error
    if isinstance(table, gpd.GeoDataFrame) and table.active_geometry_name is not None:
        geometry = table.geometry
        edges = _read_edges(metadata.get(b"geo", b"{}"), str(table.active_geometry_name))
        cells = pd.DataFrame(table.drop(columns=[table.active_geometry_name]))
        return MapLayer("", cells, geometry.to_numpy(), geometry.crs, notation="GeoParquet", edges=edges)
    if not native:
        return MapLayer("", pd.DataFrame(table), None)
    name = next((name for name in ("geometry", "geom") if name in native), next(iter(native)))
    geometries, faults = _decode_wkb(table[name].to_numpy(dtype=object))
    crs = _read_native_crs(native[name], metadata, path.name)
    edges = "spherical" if native[name].startswith("Geography") else ""
    cells = pd.DataFrame(table.drop(columns=[name]))
    return MapLayer("", cells, geometries, crs, faults=faults, notation="Parquet's own geometry", edges=edges)


def _read_geoparquet(path: pathlib.Path) -> pd.DataFrame:
    try:
        table: pd.DataFrame = gpd.read_parquet(path)
    except shapely.errors.GEOSException:
        # One geometry is broken; its cell is told when cells are read.
        table = pd.read_parquet(path)
    return table


def _read_edges(metadata: bytes, column: str) -> str:
    """Return how edges run by the metadata of GeoParquet, empty where it does not say."""
    try:
        edges = json.loads(metadata)["columns"][column].get("edges", "")
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    return edges if edges in {"planar", "spherical"} else ""


def _read_native_crs(logical_type: str, metadata: dict[bytes, bytes], name: str) -> CRS:
    """Return the reference system of Parquet's own geometry, OGC:CRS84 unless it says another."""
    match = re.search(r"crs=(.*?)(?:, algorithm=.*)?\)$", logical_type, re.DOTALL)
    said = match[1].strip() if match else ""
    if not said:
        return WGS84_CRS
    kind, _, value = said.partition(":")
    if kind == "srid":
        said = f"EPSG:{value}"
    elif kind == "projjson" and value.encode() in metadata:
        said = metadata[value.encode()].decode("utf-8", "replace")
    try:
        crs = CRS.from_user_input(said)
    except ProjCRSError:
        raise CRSError(f"{name} names the reference system {said[:60]!r}, which is not known.") from None
    return WGS84_CRS if crs.equals(WGS84_CRS, ignore_axis_order=True) else crs


def _decode_wkb(cells: Any) -> tuple[Any, dict[int, str]]:  # noqa: ANN401 - arrays of objects
    """Return geometries, and the positions of cells that are none."""
    geometries = np.full(len(cells), None, dtype=object)
    faults: dict[int, str] = {}
    for row, cell in enumerate(cells):
        if isinstance(cell, (bytes, bytearray, memoryview)):
            try:
                geometries[row] = flatten_collection(shapely.from_wkb(bytes(cell)))
            except (shapely.errors.GEOSException, ValueError) as error:
                faults[row] = f"its geometry cannot be read ({first_line(error)})"
    return geometries, faults


def _read_gdal(
    path: pathlib.Path, layer: str | None, encoding: str | None, *, measured: bool
) -> list[MapLayer]:
    import pyogrio  # noqa: PLC0415 - takes 0.2 s to load
    import pyogrio.errors  # noqa: PLC0415

    driver = _DRIVERS[path.suffix.lower()]
    failures = (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FieldError,
        pyogrio.errors.FeatureError,
        pyogrio.errors.GeometryError,
        OSError,
        ValueError,
        TypeError,
        OverflowError,
        NotImplementedError,
        RuntimeError,
    )
    caught: list[warnings.WarningMessage] = []
    try:
        with _safe_name(path) as readable, warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            warnings.filterwarnings("ignore", "Measured")
            listed = [
                (str(name), kind) for name, kind in pyogrio.list_layers(readable) if name != STYLE_TABLE
            ]
            names = [name for name, _ in listed]
            if layer is not None and layer not in names:
                raise FormatError(f"{path.name} has no layer {layer!r}.{near_miss(layer, names)}")
            placed = [name for name, kind in listed if kind is not None]
            chosen = [layer] if layer is not None else (placed or names)
            passed = [name for name in names if name not in chosen] if layer is None else []
            notes = (
                (f"{path.name}: passed over the tables without a place {', '.join(passed)}.",)
                if passed
                else ()
            )
            if path.suffix.lower() == SHAPEFILE:
                encoding = encoding or _find_dbf_encoding(path)
            layers = []
            for name in chosen:
                actual = str(pyogrio.read_info(readable, layer=name)["driver"])
                if actual != driver:
                    raise FormatError(f"{path.name} is a file of {actual}; is the ending right?")
                read = _LayerRead(readable, name, encoding, is_measured=measured)
                layers.append(read.make_layer(notes if name == chosen[0] else ()))
    except failures as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(f"{path.name} cannot be read as {driver}: {first_line(error)}") from error
    for message in dict.fromkeys(str(warning.message) for warning in caught):
        warnings.warn(f"{path.name}: {message}", BorderlineWarning, stacklevel=5)
    return layers


class _LayerRead:
    """The reading of one layer by GDAL."""

    def __init__(self, path: pathlib.Path, name: str, encoding: str | None, *, is_measured: bool) -> None:
        self._path, self._name, self._encoding = path, name, encoding
        self._is_measured = is_measured

    def make_layer(self, notes: tuple[str, ...]) -> MapLayer:
        import pyogrio  # noqa: PLC0415

        table = pyogrio.read_dataframe(
            self._path,
            layer=self._name,
            encoding=self._encoding,
            force_2d=True,
            on_invalid="ignore",
            datetime_as_string=True,
        )
        if not isinstance(table, gpd.GeoDataFrame):
            return MapLayer(self._name, _restore_days(table), None, notes=notes)
        cells = _restore_days(pd.DataFrame(table.drop(columns=[table.active_geometry_name])))
        geometries = table.geometry.to_numpy().copy()
        faults: dict[int, str] = {}
        if self._is_measured:
            geometries = self._read_measured(geometries)
        if (table.geometry.isna()).any():
            raw = pyogrio.raw.read(self._path, layer=self._name, columns=[])[2]
            empty = np.flatnonzero(table.geometry.isna().to_numpy())
            decoded, broken = _decode_wkb([raw[row] for row in empty])
            faults = {int(empty[row]): fault for row, fault in broken.items()}
            geometries[empty] = decoded
        return MapLayer(self._name, cells, geometries, table.crs, faults=faults, notes=notes, notation="")

    def _read_measured(self, geometries: Any) -> Any:  # noqa: ANN401 - arrays of objects
        """Return the geometries with their measures; only the Arrow interface hands them over."""
        import pyogrio  # noqa: PLC0415

        meta, table = pyogrio.read_arrow(self._path, layer=self._name, columns=[])
        column = meta.get("geometry_name") or "wkb_geometry"
        if column not in table.column_names:
            return geometries
        read = shapely.from_wkb(np.array(table[column].to_pylist(), dtype=object), on_invalid="ignore")
        return read if shapely.has_m(read).any() else geometries


def _restore_days(table: pd.DataFrame) -> pd.DataFrame:
    """Make days of the texts of a column of times that has no offset; with offsets they stay text."""
    for name in table.columns:
        column = table[name]
        if isinstance(column.dtype, pd.StringDtype) or column.dtype == object:
            texts = column.dropna()
            if len(texts) and all(isinstance(text, str) and _LOCAL_TIME.fullmatch(text) for text in texts):
                with contextlib.suppress(ValueError):
                    table[name] = pd.to_datetime(column, format="ISO8601")
    return table


@contextlib.contextmanager
def _safe_name(path: pathlib.Path) -> Iterator[pathlib.Path]:
    """Yield the path, or one to a copy where GDAL would misread the name or write beside the file."""
    is_gml = path.suffix.lower() == ".gml"
    if not is_gml and "!" not in str(path) and not str(path).startswith("/vsi"):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder, "map")
        copy: Callable[..., object] = shutil.copytree if path.is_dir() else shutil.copyfile
        siblings = [path] if path.is_dir() else [*path.parent.glob(f"{glob.escape(path.stem)}.*")]
        for sibling in siblings:
            if sibling.is_file() or sibling == path:
                copy(sibling, target.with_suffix(sibling.suffix.lower()))
        yield target.with_suffix(path.suffix.lower())


def _find_dbf_encoding(path: pathlib.Path) -> str | None:
    """
    Return the encoding of the texts of a Shapefile that does not say it; None where GDAL knows.

    Raises
    ------
    FormatError
        If it is neither UTF-8, nor Thai, nor Western.
    """
    tables = [path.with_suffix(ending) for ending in (".dbf", ".DBF") if path.with_suffix(ending).exists()]
    said = any(path.with_suffix(ending).exists() for ending in (".cpg", ".CPG", ".cst"))
    if said or not tables:
        return None
    data = tables[0].read_bytes()
    if len(data) < 32 or data[_DBF_PAGE] not in _DBF_SILENT:
        return None
    texts = data[int.from_bytes(data[8:10], "little") :]
    if texts.isascii():
        return None
    with contextlib.suppress(UnicodeDecodeError):
        texts.decode("utf-8")
        return "utf-8"
    page = find_code_page(texts)
    if page is None:
        raise FormatError(
            f"{tables[0].name} does not say the encoding of its texts, and they are neither UTF-8, nor Thai, "
            'nor Western; name it, such as encoding="cp1251".'
        )
    return page


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
