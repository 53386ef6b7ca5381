"""Read the kinds of map that are written in JSON: GeoJSON, lines of it, TopoJSON, Esri JSON, uMap."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjCRSError
from shapely.geometry.base import BaseGeometry

from ._constants import WGS84_CRS
from ._map_layers import MapLayer, first_line, flatten_collection, make_layer
from .errors import CRSError, FormatError

__all__ = ["JSON_LINES", "MAX_JSON", "geometry_from_json", "parse_json", "parse_json_lines", "read_json_map"]

#: Endings of files with one JSON object a line.
JSON_LINES: Final = frozenset({".geojsonl", ".geojsons", ".ndgeojson", ".ndjson", ".jsonl"})
#: Largest JSON file read, bytes.
MAX_JSON: Final = 1 << 29

_GEOMETRIES: Final = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
)
_MAX_DEPTH: Final = 50
#: What a part that is not what it should be raises while its geometry is built.
_FAILURES: Final = (
    KeyError,
    TypeError,
    ValueError,
    IndexError,
    AttributeError,
    OverflowError,
    shapely.errors.GEOSException,
)
#: Milliseconds of Esri count from here.
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def parse_json(data: bytes, name: str) -> Any:  # noqa: ANN401 - any JSON
    """
    Return the content of a JSON file.

    Raises
    ------
    FormatError
        If it is too large, or no JSON; the line is named.
    """
    if len(data) > MAX_JSON:
        raise FormatError(
            f"{name} has more than {MAX_JSON >> 20} MB of JSON; take a GeoPackage or a table of text."
        )
    try:
        return json.loads(data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"))
    except RecursionError:
        raise FormatError(f"{name} nests too deeply to be read as JSON.") from None
    except ValueError as error:
        raise FormatError(f"{name} is no JSON: {first_line(error)}.") from error


def parse_json_lines(data: bytes, name: str) -> tuple[list[Any], list[int]]:
    """
    Return the objects of a file with one on each line, and those lines (from 1).

    A line that is no JSON gives None.

    Raises
    ------
    FormatError
        If it is too large, is no text, or no line is an object.
    """
    if len(data) > 8 * MAX_JSON:
        raise FormatError(f"{name} has more than {8 * MAX_JSON >> 20} MB of JSON; split it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(f"{name} is no UTF-8 text: {first_line(error)}.") from None
    objects: list[Any] = []
    lines: list[int] = []
    for line, row in enumerate(text.split("\n"), 1):
        row = row.strip("\x1e \t\r")  # noqa: PLW2901 - RFC 8142 puts a separator before each text
        if row:
            try:
                content = json.loads(row)
            except (ValueError, RecursionError):
                content = None
            objects.append(content if isinstance(content, dict) else None)
            lines.append(line)
    if not any(content is not None for content in objects):
        raise FormatError(f"{name} has no line that is a JSON object.")
    return objects, lines


def read_json_map(
    content: Any,  # noqa: ANN401 - any JSON
    name: str,
    *,
    lines: Sequence[int] | None = None,
) -> list[MapLayer] | None:
    """
    Return the layers of a map in JSON; None if the content is no map.

    Parameters
    ----------
    content
        As `parse_json` returns it, or a list of features.
    name
        Name of the file in messages.
    lines
        Line of each feature, where features have lines.

    Raises
    ------
    FormatError
        If it says that it is a map, and its parts are not what they should be.
    CRSError
        If it names a reference system that does not exist.
    """
    try:
        return _read_kind(content, name, lines)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        if isinstance(error, (FormatError, CRSError)):
            raise
        raise FormatError(f"{name} cannot be read as a map in JSON: {first_line(error)}.") from error


def _read_kind(  # noqa: PLR0911 - one return a kind
    content: Any,  # noqa: ANN401 - any JSON
    name: str,
    lines: Sequence[int] | None,
) -> list[MapLayer] | None:
    if isinstance(content, list):
        is_map = any(_is_feature(item) for item in content)
        return [_read_features(content, "", WGS84_CRS, name, lines=lines)] if is_map else None
    if not isinstance(content, dict):
        return None
    kind = content.get("type")
    if kind == "Topology":
        return _read_topology(content, name)
    if kind == "umap" or (isinstance(content.get("layers"), list) and "uri" in content):
        return _read_umap(content, name)
    if isinstance(content.get("features"), list):
        features = content["features"]
        if "spatialReference" in content or any(
            isinstance(item, dict) and "attributes" in item for item in features
        ):
            return [_read_esri(content, name)]
        return [_read_features(features, str(content.get("name") or ""), _read_crs(content, name), name)]
    if kind == "FeatureCollection":
        raise FormatError(f"{name} is a FeatureCollection without a list of features.")
    if kind == "Feature":
        return [_read_features([content], "", _read_crs(content, name), name)]
    if kind in _GEOMETRIES:
        parts = content["geometries"] if isinstance(content.get("geometries"), list) else [content]
        return [_read_features(parts, "", _read_crs(content, name), name)]
    return None


def geometry_from_json(value: object) -> BaseGeometry | None:
    """
    Return the geometry of a GeoJSON object, two-dimensional.

    Raises
    ------
    ValueError
        With what is wrong, if it is none.
    """
    if isinstance(value, Mapping) and value.get("type") == "Point":
        pair = value.get("coordinates")
        if (
            isinstance(pair, list)
            and len(pair) >= 2
            and all(type(number) in (int, float) for number in pair[:2])
        ):
            return shapely.Point(pair[0], pair[1])
    try:
        geometry = shapely.from_geojson(json.dumps(value))
    except (shapely.errors.GEOSException, ValueError, TypeError, RecursionError) as error:
        kind = value.get("type") if isinstance(value, Mapping) else None
        shown = kind if isinstance(kind, str) and kind in _GEOMETRIES else "geometry"
        raise ValueError(f"its {shown} cannot be read ({first_line(error)})") from None
    return flatten_collection(shapely.force_2d(geometry))


def _is_feature(item: object) -> bool:
    return isinstance(item, dict) and (
        item.get("type") == "Feature"
        or (item.get("type") in _GEOMETRIES and ("coordinates" in item or "geometries" in item))
    )


def _read_features(
    features: Sequence[Any], layer: str, crs: CRS, name: str, *, lines: Sequence[int] | None = None
) -> MapLayer:
    if features and not any(_is_feature(item) for item in features):
        raise FormatError(f"{name}: its features are no Feature objects, such as {str(features[0])[:60]!r}.")
    has_ids = any(isinstance(item, dict) and item.get("id") is not None for item in features)
    records: list[dict[str, Any]] = []
    geometries: list[BaseGeometry | None] = []
    faults: dict[int, str] = {}
    for row, item in enumerate(features):
        is_whole = isinstance(item, dict) and item.get("type") == "Feature"
        properties = item.get("properties") if is_whole else None
        record = _plain_cells(properties) if isinstance(properties, dict) else {}
        if has_ids and isinstance(item, dict) and "id" not in record:
            record = {"id": item.get("id"), **record}
        records.append(record)
        geometry = None
        value = item.get("geometry") if is_whole else item
        if not _is_feature(item):
            faults[row] = "it is no Feature object"
        elif value is not None:
            try:
                geometry = geometry_from_json(value)
            except ValueError as error:
                faults[row] = str(error)
        geometries.append(geometry)
    return make_layer(layer, records, geometries, crs=crs, faults=faults, lines=lines, notation="GeoJSON")


def _plain_cells(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return properties with what is nested in them as JSON text."""
    return {
        key: json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value
        for key, value in properties.items()
    }


def _read_crs(content: Mapping[str, Any], name: str) -> CRS:
    """Return the reference system that the older kind of GeoJSON names; WGS 84 where none is."""
    said = content.get("crs")
    if not isinstance(said, dict):
        return WGS84_CRS
    properties = said.get("properties")
    code = properties.get("name") or properties.get("code") if isinstance(properties, dict) else None
    if said.get("type") == "link" or code is None:
        raise CRSError(f"{name} names its reference system by {said!r:.80}, which is not looked up; set it.")
    return _make_crs(f"EPSG:{code}" if isinstance(code, int) else str(code), name)


def _make_crs(code: str, name: str) -> CRS:
    try:
        crs = CRS.from_user_input(code)
    except ProjCRSError:
        raise CRSError(f"{name} names the reference system {code[:60]!r}, which is not known.") from None
    return WGS84_CRS if crs.equals(WGS84_CRS, ignore_axis_order=True) else crs


def _read_umap(content: Mapping[str, Any], name: str) -> list[MapLayer]:
    layers = []
    for number, layer in enumerate(content.get("layers") or [], 1):
        if isinstance(layer, dict) and isinstance(layer.get("features"), list):
            options = layer.get("_umap_options") or layer.get("_storage") or {}
            title = str(options.get("name") or f"layer {number}")
            layers.append(_read_features(layer["features"], title, WGS84_CRS, name))
    return layers


def _read_esri(content: Mapping[str, Any], name: str) -> MapLayer:
    reference = content.get("spatialReference")
    code = reference.get("latestWkid") or reference.get("wkid") if isinstance(reference, dict) else None
    text = reference.get("wkt") if isinstance(reference, dict) else None
    # Esri's own number for the Mercator of the web.
    number = {102100: 3857, 102113: 3857}.get(code, code) if isinstance(code, int) else None
    crs = _make_crs(f"EPSG:{number}" if number else str(text), name) if number or text else None
    fields = [field for field in content.get("fields") or [] if isinstance(field, dict)]
    dates = {str(field.get("name")) for field in fields if field.get("type") == "esriFieldTypeDate"}
    records: list[dict[str, Any]] = []
    geometries: list[BaseGeometry | None] = []
    faults: dict[int, str] = {}
    for row, item in enumerate(content["features"]):
        attributes = item.get("attributes") if isinstance(item, dict) else None
        record = _plain_cells(attributes) if isinstance(attributes, dict) else {}
        records.append(
            {key: _read_esri_date(value) if key in dates else value for key, value in record.items()}
        )
        geometry = None
        try:
            geometry = _read_esri_geometry(item.get("geometry") if isinstance(item, dict) else None)
        except _FAILURES as error:
            faults[row] = f"its geometry cannot be read ({first_line(error)})"
        geometries.append(geometry)
    return make_layer("", records, geometries, crs=crs, faults=faults, notation="Esri JSON")


def _read_esri_date(value: Any) -> Any:  # noqa: ANN401 - a cell
    """Return milliseconds since 1970 as an instant in UTC."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    try:
        return (_EPOCH + dt.timedelta(milliseconds=value)).isoformat()
    except (OverflowError, ValueError):
        return value


def _read_esri_geometry(value: Any) -> BaseGeometry | None:  # noqa: ANN401 - any JSON
    if not isinstance(value, dict):
        return None
    if "x" in value:
        missing = value["x"] in {None, "NaN"} or value.get("y") in {None, "NaN"}
        return None if missing else shapely.Point(float(value["x"]), float(value["y"]))
    if "points" in value:
        return shapely.MultiPoint([point[:2] for point in value["points"]])
    if "paths" in value:
        lines = [[place[:2] for place in path] for path in value["paths"]]
        return shapely.LineString(lines[0]) if len(lines) == 1 else shapely.MultiLineString(lines)
    if "rings" in value:
        rings = [shapely.Polygon([place[:2] for place in ring]) for ring in value["rings"]]
        whole: BaseGeometry = shapely.make_valid(shapely.MultiPolygon(rings)) if len(rings) > 1 else rings[0]
        return whole
    if not value:
        return None
    raise ValueError(f"it has the parts {', '.join(value)[:60]}, none of which is known")


def _read_topology(content: Mapping[str, Any], name: str) -> list[MapLayer]:
    transform = content.get("transform")
    try:
        scale, translate = ((1.0, 1.0), (0.0, 0.0))
        if isinstance(transform, dict):
            scale, translate = tuple(transform["scale"]), tuple(transform["translate"])
        topology = _Topology(
            content.get("arcs") or [], scale, translate, is_delta=isinstance(transform, dict)
        )
        objects = dict(content["objects"])
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise FormatError(f"{name} cannot be read as TopoJSON: {first_line(error)}.") from None
    layers = []
    for title, item in objects.items():
        members = (
            item.get("geometries")
            if isinstance(item, dict) and item.get("type") == "GeometryCollection"
            else [item]
        )
        records, geometries, faults = [], [], dict[int, str]()
        for row, member in enumerate(members or []):
            properties = member.get("properties") if isinstance(member, dict) else None
            record = _plain_cells(properties) if isinstance(properties, dict) else {}
            if isinstance(member, dict) and member.get("id") is not None:
                record.setdefault("id", member["id"])
            records.append(record)
            geometry = None
            try:
                geometry = topology.build_geometry(member)
            except _FAILURES as error:
                faults[row] = f"its geometry cannot be read ({first_line(error)})"
            geometries.append(geometry)
        layers.append(make_layer(str(title), records, geometries, faults=faults, notation="TopoJSON"))
    return layers


class _Topology:
    """The arcs of a TopoJSON file, https://github.com/topojson/topojson-specification."""

    def __init__(
        self, arcs: Sequence[Any], scale: Sequence[float], translate: Sequence[float], *, is_delta: bool
    ) -> None:
        self._scale, self._translate = scale, translate
        self._arcs = [self._decode_arc(arc, is_delta=is_delta) for arc in arcs]

    def _scale_pair(self, pair: Sequence[float]) -> tuple[float, float]:
        x, y = (float(pair[axis]) * self._scale[axis] + self._translate[axis] for axis in (0, 1))
        return x, y

    def _decode_arc(self, arc: Sequence[Any], *, is_delta: bool) -> list[tuple[float, float]]:
        x = y = 0.0
        places = []
        for pair in arc:
            x, y = (x + pair[0], y + pair[1]) if is_delta else (pair[0], pair[1])
            places.append(self._scale_pair((x, y)))
        return places

    def _join_arcs(self, numbers: Sequence[int]) -> list[tuple[float, float]]:
        places: list[tuple[float, float]] = []
        for number in numbers:
            arc = self._arcs[number] if number >= 0 else self._arcs[~number][::-1]
            places += arc[1:] if places else arc
        return places

    def build_geometry(  # noqa: PLR0911 - one return a kind
        self, member: Mapping[str, Any], depth: int = 0
    ) -> BaseGeometry | None:
        """Return the geometry of an object, None for one without."""
        kind = member.get("type")
        if kind is None or depth > _MAX_DEPTH:
            return None
        if kind == "Point":
            return shapely.Point(self._scale_pair(member["coordinates"]))
        if kind == "MultiPoint":
            return shapely.MultiPoint([self._scale_pair(pair) for pair in member["coordinates"]])
        if kind == "GeometryCollection":
            parts = [self.build_geometry(part, depth + 1) for part in member["geometries"]]
            return flatten_collection(
                shapely.GeometryCollection([part for part in parts if part is not None])
            )
        arcs = member["arcs"]
        if kind == "LineString":
            return shapely.LineString(self._join_arcs(arcs))
        if kind == "MultiLineString":
            return shapely.MultiLineString([self._join_arcs(line) for line in arcs])
        if kind == "Polygon":
            return self._build_polygon(arcs)
        if kind == "MultiPolygon":
            return shapely.MultiPolygon([self._build_polygon(rings) for rings in arcs])
        raise ValueError(f"{kind!r} is no kind of geometry")

    def _build_polygon(self, rings: Sequence[Sequence[int]]) -> shapely.Polygon:
        outer, *inner = (self._join_arcs(ring) for ring in rings)
        return shapely.Polygon(outer, inner)
