"""Damaged files of every kind: an error of ours, or an account that adds up."""

from __future__ import annotations

import contextlib
import json
import shutil
import zipfile

import geopandas as gpd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import BorderlineError, FormatError

TABLE = gpd.GeoDataFrame(
    {"id": ["a", "b"], "date": ["2025-07-24", "2025-07-25"], "place": ["ตาเมือนธม", "x"]},
    geometry=[shapely.Point(103.37, 14.35), shapely.Point(103.38, 14.36)],
    crs=4326,
)
KML = (
    '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>A</name>'
    "<TimeSpan><begin>2025-07</begin></TimeSpan><Point><coordinates>103.37,14.35</coordinates></Point>"
    "</Placemark></Document></kml>"
)
GPX = (
    '<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="14.35" lon="103.37">'
    "<time>2025-07-23T22:30:00Z</time></wpt>"
    '<trk><trkseg><trkpt lat="14" lon="103"/><trkpt lat="14" lon="104"/>'
    "</trkseg></trk></gpx>"
)
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.01, 0.01], "translate": [103, 14]},
    "arcs": [[[0, 0], [1, 1]]],
    "objects": {
        "a": {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [37, 35]}]},
        "b": {"type": "LineString", "arcs": [0], "properties": {"id": 1}},
    },
}
ESRI = {
    "spatialReference": {"wkid": 4326},
    "features": [
        {"attributes": {"id": 1}, "geometry": {"x": 103, "y": 14}},
        {"geometry": {"rings": [[[1, 2]]]}},
    ],
}
UMAP = {"type": "umap", "layers": [{"_umap_options": {"name": "x"}, "features": [ESRI]}]}
ENDINGS = [
    ".gpkg",
    ".fgb",
    ".shp",
    ".gml",
    ".parquet",
    ".xlsx",
    ".geojson",
    ".geojsonl",
    ".kml",
    ".gpx",
    ".topojson",
]


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    folder = tmp_path_factory.mktemp("originals")
    for ending in (".gpkg", ".fgb", ".shp", ".geojson"):
        TABLE.to_file(folder / f"t{ending}")
    TABLE.to_file(folder / "t.gml", driver="GML")
    TABLE.to_parquet(folder / "t.parquet")
    TABLE.drop(columns="geometry").assign(lat=14.3, lon=103.3).to_excel(folder / "t.xlsx", index=False)
    features = json.loads((folder / "t.geojson").read_text())["features"]
    (folder / "t.geojsonl").write_text("\n".join(map(json.dumps, features)))
    (folder / "t.kml").write_text(KML)
    (folder / "t.gpx").write_text(GPX)
    (folder / "t.topojson").write_text(json.dumps(TOPOLOGY))
    return folder


CUTS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 30),
        st.binary(max_size=4) | st.sampled_from([b"{", b"]", b'"', b"\0", b"null", b"-1", b"<x>"]),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=CUTS)
def test_damaged_file_is_read_or_refused(originals, tmp_path, ending, cuts):
    data = (originals / f"t{ending}").read_bytes()
    for share, length, put in cuts:
        position = int(share * len(data))
        data = data[:position] + put + data[position + length :]
    for beside in (".shx", ".dbf", ".prj", ".cpg") if ending == ".shp" else ():
        shutil.copy(originals / f"t{beside}", tmp_path / f"t{beside}")
    path = tmp_path / f"t{ending}"
    path.write_bytes(data)
    try:
        check = bl.check_events(path)
    except BorderlineError:
        pass
    else:
        assert check.rows == len(check.events) + len(check.rejects) + check.folded
    if ending != ".xlsx":
        with contextlib.suppress(BorderlineError):
            bl.Border.from_file(path, left="THA", right="KHM")


def part_places(value, path=()):
    """Yield the path to each part of JSON."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        yield from part_places(part, (*path, key))


MAPS = {"topojson": TOPOLOGY, "esri": ESRI, "umap": UMAP, "geojson": json.loads(TABLE.to_json())}
ODD = [None, 0, -7, 1e308, "x", [], {}, [[]], {"type": "Point"}, [1], True]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", MAPS)
@pytest.mark.parametrize("odd", ODD, ids=json.dumps)
def test_odd_part_of_a_map_is_read_or_refused(tmp_path, kind, odd):
    path = tmp_path / "t.json"
    for place in list(part_places(MAPS[kind])):
        content = json.loads(json.dumps(MAPS[kind]))
        if place:
            holder = content
            for key in place[:-1]:
                holder = holder[key]
            holder[place[-1]] = odd
        else:
            content = odd
        path.write_text(json.dumps(content))
        try:
            check = bl.check_events(path)
        except BorderlineError:
            continue
        assert check.rows == len(check.events) + len(check.rejects) + check.folded


def test_archive_that_unpacks_to_too_much(tmp_path):
    path = tmp_path / "t.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", KML.replace("<name>A", "<name>" + " " * (64 << 20)))
    with pytest.raises(FormatError, match="unpacks to more than"):
        bl.read_events(path)
