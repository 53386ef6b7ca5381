"""Read KML and GPX without a library of a GIS: both keep times as written, and nothing else is opened."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

import shapely
from shapely.geometry.base import BaseGeometry

from ._map_layers import MapLayer, first_line, make_layer
from .errors import FormatError

__all__ = ["read_gpx", "read_kml", "require_plain_xml"]

#: Elements of KML that hold further ones, by name.
_FOLDERS: Final = frozenset({"Document", "Folder"})
_GEOMETRIES: Final = frozenset(
    {"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack", "Model"}
)
_PLAIN: Final = ("name", "description", "address", "snippet")
_ENTITY: Final = re.compile(rb"<!(?:ENTITY|DOCTYPE)", re.IGNORECASE)
_MAX_DEPTH: Final = 200


def require_plain_xml(data: bytes, name: str) -> bytes:
    """
    Return the bytes of an XML file as UTF-8 or as they are.

    Raises
    ------
    FormatError
        If it declares entities, which can make a small file very large or point elsewhere.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
        data = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode()
    if _ENTITY.search(data):
        raise FormatError(
            f"{name} declares a document type or entities, which are not read; delete the line."
        )
    return data.lstrip()


def read_kml(data: bytes, name: str) -> list[MapLayer]:
    """
    Return the placemarks of a KML file, a layer for each folder that has some.

    Columns are ``name``, ``description``, ``when`` (a time stamp, else the beginning of a span), ``end`` and
    the extended data; times are text as written. Links to other files are not followed.

    Raises
    ------
    FormatError
        If it is no XML.
    """
    layers: dict[str, list[ET.Element]] = {}
    open_folders: list[str] = []
    n_links = 0
    for event, element in _parse_events(data, name):
        tag = _local_name(element)
        if event == "start":
            if tag in _FOLDERS:
                open_folders.append("")
            continue
        if tag in _FOLDERS:
            folder = open_folders.pop()
            _rename_layer(layers, len(open_folders), folder)
        elif tag == "name" and open_folders and not open_folders[-1]:
            open_folders[-1] = (element.text or "").strip()
        elif tag == "Placemark":
            key = " / ".join(filter(None, open_folders[1:])) or (open_folders[0] if open_folders else "")
            layers.setdefault(key, []).append(element)
        n_links += tag == "NetworkLink"
    notes = (f"{name}: {n_links} links to other files are not followed.",) if n_links else ()
    return [_make_placemarks(folder, placemarks, notes) for folder, placemarks in layers.items()]


def _rename_layer(layers: dict[str, list[ET.Element]], depth: int, folder: str) -> None:
    """Name the layer of a document whose name comes after its placemarks."""
    if depth == 0 and folder and "" in layers:
        layers.setdefault(folder, []).extend(layers.pop(""))


def _parse_events(data: bytes, name: str) -> Iterator[tuple[str, ET.Element]]:
    depth = 0
    inside = 0
    try:
        events = ET.iterparse(io.BytesIO(data), events=("start", "end"))  # noqa: S314 - see above
        for event, element in events:
            depth += 1 if event == "start" else -1
            if depth > _MAX_DEPTH:
                raise FormatError(f"{name} nests more than {_MAX_DEPTH} elements; is it a map?")
            is_placemark = _local_name(element) == "Placemark"
            if is_placemark and event == "start":
                inside += 1
            if is_placemark and event == "end":
                inside -= 1
            # The names inside a placemark are no names of folders.
            if not inside or event == "start":
                yield event, element
    except ET.ParseError as error:
        raise FormatError(f"{name} is no XML: {error}.") from None
    except (LookupError, ValueError) as error:
        raise FormatError(f"{name} cannot be read as XML: {first_line(error)}.") from None


def _local_name(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _make_placemarks(folder: str, placemarks: list[ET.Element], notes: tuple[str, ...]) -> MapLayer:
    records: list[dict[str, str | None]] = []
    geometries: list[BaseGeometry | None] = []
    faults: dict[int, str] = {}
    for row, placemark in enumerate(placemarks):
        records.append(_read_placemark(placemark))
        try:
            geometries.append(_read_geometry(placemark))
        except (ValueError, shapely.errors.GEOSException) as error:
            geometries.append(None)
            faults[row] = first_line(error)
    used = {key for record in records for key, value in record.items() if value is not None}
    filled = [{key: value for key, value in record.items() if key in used} for record in records]
    fields = {"location": "name", "notes": "description", "event_date": "when", "event_date_end": "end"}
    meanings = {target: column for target, column in fields.items() if column in used}
    return make_layer(
        folder, filled, geometries, faults=faults, meanings=meanings, notation="KML", notes=notes
    )


def _read_placemark(placemark: ET.Element) -> dict[str, str | None]:
    record: dict[str, str | None] = dict.fromkeys(("name", "description", "when", "end"))
    begins: str | None = None
    for element in placemark.iter():
        tag, text = _local_name(element), (element.text or "").strip() or None
        if tag == "when" and record["when"] is None:
            record["when"] = text
        elif tag == "begin":
            begins = text
        elif tag == "end":
            record["end"] = text
        elif tag == "Data":
            value = next((child for child in element if _local_name(child) == "value"), element)
            _add_field(record, element.get("name"), (value.text or "").strip() or None)
        elif tag == "SimpleData":
            _add_field(record, element.get("name"), text)
    record["when"] = record["when"] or begins
    for element in placemark:
        tag = _local_name(element)
        if tag in _PLAIN and record.get(tag) is None:
            record[tag] = "".join(element.itertext()).strip() or None
    return record


def _add_field(record: dict[str, str | None], name: str | None, text: str | None) -> None:
    name = (name or "").strip()
    if name:
        record[f"{name}_2" if name in {"name", "description", "when", "end"} else name] = text


def _read_geometry(placemark: ET.Element) -> BaseGeometry | None:
    parts = [_build_geometry(child) for child in placemark if _local_name(child) in _GEOMETRIES]
    return parts[0] if len(parts) == 1 else shapely.GeometryCollection(parts) if parts else None


def _build_geometry(element: ET.Element) -> BaseGeometry:  # noqa: PLR0911 - one return a kind
    tag = _local_name(element)
    if tag in {"MultiGeometry", "MultiTrack"}:
        parts = [_build_geometry(child) for child in element if _local_name(child) in _GEOMETRIES]
        kinds = {part.geom_type for part in parts}
        if kinds == {"Point"}:
            return shapely.MultiPoint(parts)
        if kinds == {"LineString"}:
            return shapely.MultiLineString(parts)
        return shapely.GeometryCollection(parts)
    if tag == "Polygon":
        rings = {"outerBoundaryIs": [], "innerBoundaryIs": []}  # type: dict[str, list[list[tuple[float, float]]]]
        for boundary in element:
            if _local_name(boundary) in rings:
                rings[_local_name(boundary)].append(_read_coordinates(boundary))
        return (
            shapely.Polygon(rings["outerBoundaryIs"][0], rings["innerBoundaryIs"])
            if rings["outerBoundaryIs"]
            else shapely.Polygon()
        )
    if tag == "Track":
        texts = [(child.text or "").split() for child in element if _local_name(child) == "coord"]
        pairs = [(float(numbers[0]), float(numbers[1])) for numbers in texts]
        return shapely.Point(pairs[0]) if len(pairs) == 1 else shapely.LineString(pairs)
    if tag == "Model":
        place = {_local_name(child): child.text for child in element.iter()}
        return shapely.Point(float(place.get("longitude") or "nan"), float(place.get("latitude") or "nan"))
    pairs = _read_coordinates(element)
    if tag == "Point":
        return shapely.Point(pairs[0]) if pairs else shapely.Point()
    return shapely.LineString(pairs)


def _read_coordinates(element: ET.Element) -> list[tuple[float, float]]:
    text = next((child.text or "" for child in element.iter() if _local_name(child) == "coordinates"), "")
    pairs = []
    for place in re.sub(r"\s*,\s*", ",", text).split():
        numbers = place.split(",")
        if len(numbers) < 2:
            raise ValueError(f"{place!r} is no pair of longitude and latitude")
        pairs.append((float(numbers[0]), float(numbers[1])))
    return pairs


def read_gpx(data: bytes, name: str) -> list[MapLayer]:
    """
    Return the layers ``waypoints``, ``routes`` and ``tracks`` of a GPX file, those that are not empty.

    Raises
    ------
    FormatError
        If it is no XML.
    """
    by_tag: dict[str, list[ET.Element]] = {"wpt": [], "rte": [], "trk": []}
    for event, element in _parse_events(data, name):
        if event == "end" and _local_name(element) in by_tag:
            by_tag[_local_name(element)].append(element)
    layers = []
    for tag, title in (("wpt", "waypoints"), ("rte", "routes"), ("trk", "tracks")):
        records, geometries, faults = [], [], dict[int, str]()
        for row, element in enumerate(by_tag[tag]):
            records.append(_read_gpx_fields(element))
            try:
                geometries.append(_build_gpx_geometry(element, tag))
            except (ValueError, shapely.errors.GEOSException) as error:
                geometries.append(None)
                faults[row] = first_line(error)
        if records:
            used = {key for record in records for key in record}
            fields = {"location": "name", "notes": "desc", "event_date": "time", "source_url": "link"}
            meanings = {target: column for target, column in fields.items() if column in used}
            layers.append(
                make_layer(title, records, geometries, faults=faults, meanings=meanings, notation="GPX")
            )
    return layers


def _read_gpx_fields(element: ET.Element) -> dict[str, str]:
    record: dict[str, str] = {}
    for child in element:
        tag = _local_name(child)
        text = child.get("href") if tag == "link" else (child.text or "").strip()
        if text and tag not in {"rtept", "trkseg", "extensions"}:
            record.setdefault(tag, text)
    return record


def _build_gpx_geometry(element: ET.Element, tag: str) -> BaseGeometry:
    if tag == "wpt":
        return shapely.Point(_read_gpx_place(element))
    if tag == "rte":
        return shapely.LineString(
            [_read_gpx_place(child) for child in element if _local_name(child) == "rtept"]
        )
    pieces = [
        [_read_gpx_place(child) for child in piece if _local_name(child) == "trkpt"]
        for piece in element
        if _local_name(piece) == "trkseg"
    ]
    lines = [piece for piece in pieces if len(piece) > 1]
    return shapely.LineString(lines[0]) if len(lines) == 1 else shapely.MultiLineString(lines)


def _read_gpx_place(element: ET.Element) -> tuple[float, float]:
    return float(element.get("lon") or "nan"), float(element.get("lat") or "nan")
