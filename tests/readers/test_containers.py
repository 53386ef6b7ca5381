"""One table in every container: sheets, layers, kinds of JSON and XML; what is no choice is passed over."""

from __future__ import annotations

import json
import zipfile

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import Transformer

import borderline as bl
from borderline.errors import CRSError, FormatError, OptionError, RejectsWarning

PLACES = [("a", "2025-07-24", 103.37, 14.35), ("b", "2025-07-25", 103.38, 14.36)]
TABLE = gpd.GeoDataFrame(
    {"id": [row[0] for row in PLACES], "date": [row[1] for row in PLACES]},
    geometry=[shapely.Point(row[2:]) for row in PLACES],
    crs=4326,
)


def assert_places(events, places=PLACES):
    found = zip(
        events.index, events["event_date"].astype(str), events.geometry.x, events.geometry.y, strict=True
    )
    assert [(*row[:2], *(round(degrees, 9) for degrees in row[2:])) for row in found] == [*places]


# --- spreadsheets ----------------------------------------------------------------------------

HEADER = ["id", "date", "lat", "lon"]
ROWS = [[row[0], row[1], row[3], row[2]] for row in PLACES]


def save_book(path, sheets, *, hidden=(), merged=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if title in hidden:
            sheet.sheet_state = "hidden"
        for area in merged:
            sheet.merge_cells(area)
    book.save(path)
    return path


@pytest.mark.parametrize("ending", [".xlsx", ".xlsm"])
def test_sheets_of_one_shape_are_joined(tmp_path, ending):
    path = save_book(
        tmp_path / f"t{ending}", {"July": [HEADER, ROWS[0]], "August": [HEADER[::-1], ROWS[1][::-1]]}
    )
    check = bl.check_events(path)
    assert_places(check.events)
    assert check.events["sheet"].tolist() == ["July", "August"]
    assert_places(bl.read_events(path, sheet="August"), PLACES[1:])
    with pytest.raises(FormatError, match=r"no sheet 'Augst'\. Did you mean 'August'"):
        bl.read_events(path, sheet="Augst")


@pytest.mark.parametrize(
    ("others", "hidden"),
    [
        ({"lists": [["id", "date", "lat"], ["x", "y", "z"]]}, ["lists"]),
        ({"About": [["This workbook was made by hand"]]}, []),
        ({"Choices": [["colour", "shade"], ["red", "dark"]], "Empty": []}, []),
    ],
)
def test_sheets_that_are_no_choice_are_passed_over(tmp_path, others, hidden):
    path = save_book(tmp_path / "t.xlsx", {**others, "incidents": [HEADER, *ROWS]}, hidden=hidden)
    check = bl.check_events(path)
    assert_places(check.events)
    assert f"passed over the sheet {next(iter(others))}" in str(check)


def test_only_sheet_is_read_though_it_is_hidden(tmp_path):
    path = save_book(tmp_path / "t.xlsx", {"a": [HEADER, *ROWS], "front": []}, hidden=["a"])
    assert_places(bl.read_events(path))


def test_cells_merged_downwards_count_for_each_row(tmp_path):
    rows = [["id", "date", "lat", "lon", "place"], ["a", "2025-07-24", 14.35, 103.37, "Hill"]]
    rows += [
        ["b", None, 14.36, 103.38, None],
        ["c", None, 14.37, 103.39, None],
        ["d", "2025-07-25", 14.3, 103.3, None],
    ]
    path = save_book(tmp_path / "t.xlsx", {"s": rows}, merged=["B2:B4", "E2:E3"])
    events = bl.read_events(path)
    assert events["event_date"].astype(str).tolist() == ["2025-07-24"] * 3 + ["2025-07-25"]
    assert events["location"].fillna("").tolist() == ["Hill", "Hill", "", ""]


@pytest.mark.parametrize("merged", [[], ["A1:B1", "C1:D1"]])
def test_row_of_groups_above_the_names(tmp_path, merged):
    rows = [
        ["Incident", None, "Location", None, "Casualties"],
        [*HEADER, "killed"],
        [*ROWS[0], 1],
        [*ROWS[1], 2],
    ]
    check = bl.check_events(save_book(tmp_path / "t.xlsx", {"s": rows}, merged=merged))
    assert_places(check.events)
    assert check.events["fatalities"].tolist() == [1, 2]
    assert "named in line 2, line 1 above them passed over" in str(check)


def test_names_merged_over_two_rows(tmp_path):
    rows = [["id", "date", "Position", None], [None, None, "lat", "lon"], *ROWS]
    assert_places(
        bl.read_events(save_book(tmp_path / "t.xlsx", {"s": rows}, merged=["A1:A2", "B1:B2", "C1:D1"]))
    )


@pytest.mark.parametrize("option", ["sheet", "layer"])
def test_option_of_another_kind_of_file_is_refused(tmp_path, option):
    (tmp_path / "t.csv").write_text("lat,lon\n14,103\n")
    with pytest.raises(FormatError, match=f"has no {option}s"):
        bl.read_events(tmp_path / "t.csv", **{option: "x"})
    with pytest.raises(OptionError, match=option):
        bl.read_events(tmp_path / "t.csv", **{option: 3})


# --- layers of a GIS -------------------------------------------------------------------------


def test_tables_without_geometry_are_no_choice(tmp_path):
    path = tmp_path / "t.gpkg"
    TABLE.to_file(path, layer="incidents")
    for name in ("layer_styles", "lookup"):
        pyogrio.write_dataframe(pd.DataFrame({"a": ["b"]}), path, layer=name, append=True)
    assert_places(bl.read_events(path))
    assert "lookup" in str(bl.check_events(path))


@pytest.mark.parametrize("ending", [".gpkg", ".gdb"])
def test_layers_of_one_shape_are_joined(tmp_path, ending):
    path = tmp_path / f"t{ending}"
    driver = {"driver": "OpenFileGDB"} if ending == ".gdb" else {}
    for name, rows in (("july", slice(0, 1)), ("august", slice(1, 2))):
        pyogrio.write_dataframe(TABLE.iloc[rows], path, layer=name, append=path.exists(), **driver)
    events = bl.read_events(path)
    assert_places(events)
    assert events["layer"].tolist() == ["july", "august"]
    assert_places(bl.read_events(path, layer="august"), PLACES[1:])
    with pytest.raises(FormatError, match="no layer 'may'"):
        bl.read_events(path, layer="may")


def test_layers_of_different_shapes_are_named(tmp_path):
    path = tmp_path / "t.gpkg"
    TABLE.to_file(path, layer="one")
    TABLE.rename(columns={"date": "event_date"}).to_file(path, layer="two")
    with pytest.raises(FormatError, match=r"one, two.*different columns.*layer="):
        bl.read_events(path)
    assert_places(bl.read_events(path, layer="two"))


def test_layer_of_lines_beside_the_points_is_passed_over(tmp_path):
    path = tmp_path / "t.gpkg"
    TABLE.to_file(path, layer="incidents")
    gpd.GeoDataFrame(
        {"date": ["x"]}, geometry=[shapely.LineString([(103, 14), (104, 14)])], crs=4326
    ).to_file(path, layer="front")
    assert_places(bl.read_events(path))


def test_gml(tmp_path):
    path = tmp_path / "t.gml"
    TABLE.to_file(path, driver="GML")
    before = sorted(tmp_path.iterdir())
    assert_places(bl.read_events(path))
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".fgb", ".shp", ".gdb", ".gml"])
def test_exclamation_mark_in_a_name(tmp_path, ending):
    folder = tmp_path / "now! or never"
    folder.mkdir()
    drivers = {".gdb": "OpenFileGDB", ".gml": "GML"}
    options = {"driver": drivers[ending]} if ending in drivers else {}
    options |= {"SPATIAL_INDEX": "NO"} if ending == ".fgb" else {}
    TABLE.to_file(tmp_path / f"plain{ending}", **options)
    for file in sorted(tmp_path.glob("plain.*")):
        file.rename(folder / f"hill!350{file.suffix}")
    events = bl.read_events(folder / f"hill!350{ending}")
    assert_places(events)
    assert set(events["dataset"]) == {"hill!350"}


@pytest.mark.parametrize("encoding", ["cp874", "utf-8", "cp1252"])
def test_shapefile_that_does_not_say_its_encoding(tmp_path, encoding):
    place = "Près de Préah" if encoding == "cp1252" else "ตาเมือนธม"
    path = tmp_path / "t.shp"
    TABLE.assign(place=place).to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    assert set(bl.read_events(path)["location"]) == {place}
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        for file in sorted(tmp_path.glob("t.[sdp]*")):
            archive.write(file, file.name)
    assert set(bl.read_events(tmp_path / "t.zip")["location"]) == {place}


def test_shapefile_in_another_code_page_is_refused_unless_named(tmp_path):
    path = tmp_path / "t.shp"
    TABLE.assign(place="Новая Каховка").to_file(path, encoding="cp1251")
    path.with_suffix(".cpg").unlink()
    with pytest.raises(FormatError, match="encoding="):
        bl.read_events(path)
    assert set(bl.read_events(path, encoding="cp1251")["location"]) == {"Новая Каховка"}


@pytest.mark.parametrize("ending", [".gpkg", ".fgb", ".shp"])
def test_times_keep_the_day_of_the_place(tmp_path, ending):
    path = tmp_path / f"t{ending}"
    times = pd.to_datetime(["2025-07-23T22:30:00Z", "2025-07-24T10:00:00Z"])
    # A Shapefile has no times, so GDAL writes text.
    texts = times.strftime("%Y/%m/%d %H:%M:%S+00")
    TABLE.assign(date=texts if ending == ".shp" else times).to_file(path)
    assert bl.read_events(path)["event_date"].astype(str).tolist() == ["2025-07-24"] * 2


# --- JSON ------------------------------------------------------------------------------------


def feature(event_id, date, x, y):
    geometry = {"type": "Point", "coordinates": [x, y]}
    return {"type": "Feature", "properties": {"id": event_id, "date": date}, "geometry": geometry}


FEATURES = [feature(*row) for row in PLACES]
COLLECTION = {"type": "FeatureCollection", "features": FEATURES}
TO_MERCATOR = Transformer.from_crs(4326, 3857, always_xy=True)
MERCATOR = [dict(zip("xy", TO_MERCATOR.transform(*row[2:]), strict=True)) for row in PLACES]
ESRI = {
    "spatialReference": {"wkid": 102100, "latestWkid": 3857},
    "fields": [{"name": "id", "type": "esriFieldTypeString"}, {"name": "date", "type": "esriFieldTypeDate"}],
    "features": [
        {
            "attributes": {"id": "a", "date": 1753309800000},
            "geometry": MERCATOR[0],
        },
        {
            "attributes": {"id": "b", "date": 1753405200000},
            "geometry": MERCATOR[1],
        },
    ],
}
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.01, 0.01], "translate": [103, 14]},
    "objects": {
        "incidents": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Point", "coordinates": [37, 35], "properties": {"id": "a", "date": "2025-07-24"}},
                {"type": "Point", "coordinates": [38, 36], "properties": {"date": "2025-07-25"}, "id": "b"},
            ],
        }
    },
    "arcs": [],
}
UMAP = {
    "type": "umap",
    "uri": "https://umap.example/1",
    "layers": [
        {"type": "FeatureCollection", "_umap_options": {"name": "July"}, "features": FEATURES[:1]},
        {"type": "FeatureCollection", "_umap_options": {"name": "August"}, "features": FEATURES[1:]},
    ],
}
RECORDS = [{"id": row[0], "date": row[1], "lat": row[3], "lon": row[2]} for row in PLACES]
LINES = "\n".join(map(json.dumps, FEATURES))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.geojson", COLLECTION),
        ("t.json", COLLECTION),
        (
            "t.geojson",
            {**COLLECTION, "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}},
        ),
        ("t.json", FEATURES),
        ("t.geojsonl", LINES),
        ("t.geojsons", LINES.replace('{"type": "Feature"', '\x1e{"type": "Feature"')),
        ("t.jsonl", "\n".join(map(json.dumps, RECORDS))),
        ("t.ndjson", "\n\n".join(map(json.dumps, RECORDS))),
        ("t.topojson", TOPOLOGY),
        ("t.json", TOPOLOGY),
        ("t.umap", UMAP),
        ("t.json", {"count": 2, "next": None, "results": RECORDS}),
        ("t.json", {"@odata.context": "x", "value": RECORDS}),
        (
            "t.json",
            [{"id": r["id"], "date": r["date"], "_geolocation": [r["lat"], r["lon"]]} for r in RECORDS],
        ),
        (
            "t.json",
            [
                {"id": row[0], "date": row[1], "where": {"type": "Point", "coordinates": [*row[2:], 9]}}
                for row in PLACES
            ],
        ),
    ],
)
def test_kinds_of_json(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    assert_places(bl.read_events(path))


def test_json_of_esri(tmp_path):
    path = tmp_path / "t.json"
    path.write_text(json.dumps(ESRI))
    check = bl.check_events(path)
    assert check.events["event_date"].astype(str).tolist() == ["2025-07-24", "2025-07-25"]
    assert check.events.geometry.x.round(6).tolist() == [103.37, 103.38]
    assert check.events.geometry.y.round(6).tolist() == [14.35, 14.36]
    assert "EPSG:3857" in str(check)


def test_shared_arcs_of_a_topology(tmp_path):
    topology = {
        "type": "Topology",
        "arcs": [[[103, 14], [104, 14]], [[104, 14], [104, 15], [103, 14]]],
        "objects": {"area": {"type": "Polygon", "arcs": [[0, 1]], "properties": {"id": "x"}}},
    }
    path = tmp_path / "t.topojson"
    path.write_text(json.dumps(topology))
    rejects = bl.check_events(path).rejects
    assert rejects["reason"].tolist() == ["geometry_not_point"]


BROKEN = [
    {"type": "Polygon", "coordinates": [[[103, 14], [104, 14], [104, 15], [103.5, 15]]]},
    {"type": "LineString", "coordinates": [[103, 14]]},
    {"type": "Point", "coordinates": ["x", 14]},
    {"type": "Sphere", "coordinates": [103, 14]},
    "POINT (103 14)",
]


@pytest.mark.parametrize("geometry", BROKEN)
@pytest.mark.parametrize("name", ["t.geojson", "t.geojsonl", "t.json"])
def test_one_broken_geometry_sets_one_row_aside(tmp_path, name, geometry):
    features = [FEATURES[0], {**FEATURES[1], "geometry": geometry}]
    path = tmp_path / name
    path.write_text(
        "\n".join(map(json.dumps, features))
        if name.endswith("l")
        else json.dumps({"type": "FeatureCollection", "features": features})
    )
    check = bl.check_events(path)
    assert_places(check.events, PLACES[:1])
    assert check.rejects[["row", "reason"]].to_numpy().tolist() == [[2, "geometry_unreadable"]]


def test_line_that_is_no_json_is_set_aside_with_its_number(tmp_path):
    path = tmp_path / "t.geojsonl"
    path.write_text(f"{json.dumps(FEATURES[0])}\n\n{{cut off\n{json.dumps(FEATURES[1])}\n")
    check = bl.check_events(path)
    assert_places(check.events)
    assert check.rejects[["row", "line"]].to_numpy().tolist() == [[2, 3]]


@pytest.mark.parametrize(
    "features",
    [
        [
            {"type": "Point", "coordinates": [103.37, 14.35]},
            {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [104.68, 14.39]}]},
        ],
        [
            {"type": "MultiPoint", "coordinates": [[103.37, 14.35]]},
            {"type": "Point", "coordinates": [104.68, 14.39, 99]},
        ],
    ],
)
def test_features_that_are_bare_geometries(tmp_path, features):
    path = tmp_path / "t.geojson"
    for content in (
        {"type": "FeatureCollection", "features": features},
        {"type": "GeometryCollection", "geometries": features},
    ):
        path.write_text(json.dumps(content))
        assert bl.read_events(path).geometry.to_wkt().tolist() == [
            "POINT (103.37 14.35)",
            "POINT (104.68 14.39)",
        ]


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        ({"type": "FeatureCollection", "features": [{"a": 1}]}, FormatError, "no Feature objects"),
        ({"type": "FeatureCollection"}, FormatError, "without a list"),
        ({"type": "nothing"}, FormatError, "no map"),
        (
            {**COLLECTION, "crs": {"type": "link", "properties": {"href": "http://a.example"}}},
            CRSError,
            "not looked up",
        ),
        ({**COLLECTION, "crs": {"type": "name", "properties": {"name": "EPSG:0"}}}, CRSError, "not known"),
    ],
)
def test_json_that_is_no_map_is_refused(tmp_path, content, error, said):
    path = tmp_path / "t.geojson"
    path.write_text(json.dumps(content))
    with pytest.raises(error, match=said):
        bl.read_events(path)


def test_nested_json_is_refused_without_a_traceback(tmp_path):
    path = tmp_path / "t.json"
    path.write_text("[" * 100_000)
    with pytest.raises(FormatError, match="nests too deeply"):
        bl.read_events(path)


# --- KML and GPX -----------------------------------------------------------------------------

POINT = "<Point><coordinates>103.37,14.35,0</coordinates></Point>"
NAMESPACE = "http://www.opengis.net/kml/2.2"


def kml(body, namespace=NAMESPACE):
    return f'<?xml version="1.0" encoding="UTF-8"?><kml xmlns="{namespace}">{body}</kml>'


@pytest.mark.parametrize(
    "namespace", [NAMESPACE, "http://earth.google.com/kml/2.1", "http://earth.google.com/kml/2.0"]
)
@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "<Document>{}</Document>",
        "<Document><Folder><name>x </name>{}</Folder></Document>",
        "<Folder>{}<name> late</name></Folder>",
    ],
)
def test_placemark_wherever_it_stands(tmp_path, body, namespace):
    path = tmp_path / "t.kml"
    path.write_text(kml(body.format(f"<Placemark><name>A</name>{POINT}</Placemark>"), namespace))
    events = bl.read_events(path)
    assert events["location"].tolist() == ["A"]
    assert events.geometry.iloc[0].coords[0] == (103.37, 14.35)


def test_spans_and_days_in_one_file(tmp_path):
    marks = [
        "<TimeSpan><begin>2025-07-24</begin><end>2025-07-28</end></TimeSpan>",
        "<TimeSpan><begin>2025-12-07</begin></TimeSpan>",
        "<TimeStamp><when>2025-12-09</when></TimeStamp>",
        "<TimeStamp><when>2025-12-09T20:00:00Z</when></TimeStamp>",
        "",
    ]
    path = tmp_path / "t.kml"
    path.write_text(
        kml("<Document>" + "".join(f"<Placemark>{mark}{POINT}</Placemark>" for mark in marks) + "</Document>")
    )
    events = bl.read_events(path)
    assert events["event_date"].dropna().astype(str).tolist() == [
        "2025-07-24",
        "2025-12-07",
        "2025-12-09",
        "2025-12-10",
    ]
    assert events["event_date_end"].iloc[0] == pd.Timestamp("2025-07-28")


@pytest.mark.filterwarnings("ignore::borderline.errors.RejectsWarning")
def test_month_is_no_day(tmp_path):
    path = tmp_path / "t.kml"
    path.write_text(kml(f"<Placemark><TimeStamp><when>2025-07</when></TimeStamp>{POINT}</Placemark>"))
    table = tmp_path / "t.csv"
    table.write_text("when,lat,lon\n2025-07,14.35,103.37\n")
    days = bl.read_events(path)[["event_date", "event_date_end"]].astype(str).to_numpy().tolist()
    assert (
        days
        == bl.read_events(table, columns={"event_date": "when"})[["event_date", "event_date_end"]]
        .astype(str)
        .to_numpy()
        .tolist()
    )
    assert days in ([], [["2025-07-01", "2025-07-31"]])


def test_extended_data_of_a_survey_tool(tmp_path):
    fields = '<Data name="killed"><value>3</value></Data><SchemaData><SimpleData name="event_date">2025-07-24'
    data = f"<ExtendedData>{fields}</SimpleData></SchemaData></ExtendedData>"
    path = tmp_path / "t.kml"
    path.write_text(kml(f"<Placemark><name>A</name><visibility>1</visibility>{data}{POINT}</Placemark>"))
    check = bl.check_events(path)
    assert check.events["fatalities"].tolist() == [3]
    assert check.events["event_date"].astype(str).tolist() == ["2025-07-24"]
    assert not {"visibility", "tessellate", "extrude"} & set(check.events.columns)


def test_one_broken_placemark_sets_one_row_aside(tmp_path):
    ring = "<outerBoundaryIs><LinearRing><coordinates>1,2 3,4</coordinates></LinearRing></outerBoundaryIs>"
    path = tmp_path / "t.kml"
    path.write_text(
        kml(
            "<Document>"
            + "".join(
                f"<Placemark>{shape}</Placemark>"
                for shape in (
                    POINT,
                    f"<Polygon>{ring}</Polygon>",
                    "<Point><coordinates>x,y</coordinates></Point>",
                )
            )
            + "</Document>"
        )
    )
    check = bl.check_events(path)
    assert len(check.events) == 1
    assert check.rejects["reason"].tolist() == ["geometry_unreadable"] * 2


@pytest.mark.parametrize("root", ["kml", "gpx"])
def test_entities_are_refused(tmp_path, root):
    path = tmp_path / f"t.{root}"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><{root}>&b;</{root}>'
    )
    with pytest.raises(FormatError, match="entities"):
        bl.read_events(path)


def test_links_to_other_files_are_not_followed(tmp_path):
    path = tmp_path / "t.kml"
    link = "<NetworkLink><Link><href>http://a.example/b.kml</href></Link></NetworkLink>"
    path.write_text(kml(f"<Document>{link}<Placemark>{POINT}</Placemark></Document>"))
    check = bl.check_events(path)
    assert len(check.events) == 1
    assert "not followed" in str(check)


def test_tracks_are_no_incidents(tmp_path):
    path = tmp_path / "t.gpx"
    track = '<trk><trkseg><trkpt lat="14" lon="103"/><trkpt lat="14" lon="104"/></trkseg></trk>'
    path.write_text(f'<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1">{track}</gpx>')
    check = bl.check_events(path)
    assert (check.rows, len(check.events)) == (1, 0)
    with pytest.warns(RejectsWarning):
        bl.read_events(path)
    assert bl.Border.from_file(path, left="THA", right="KHM").length_m > 100_000


@pytest.mark.parametrize("cut", [1, 40, 90])
def test_xml_that_breaks_off_is_refused(tmp_path, cut):
    path = tmp_path / "t.kml"
    whole = kml(f"<Document><Placemark>{POINT}</Placemark></Document>")
    path.write_text(whole[:-cut])
    with pytest.raises(FormatError, match="no XML"):
        bl.read_events(path)


# --- other endings ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["t.dat", "t.psv", "t.xls", "t.xlsx"])
@pytest.mark.parametrize("delimiter", ["\t", "|", ","])
def test_text_under_another_ending(tmp_path, name, delimiter):
    lines = [HEADER, *ROWS]
    (tmp_path / name).write_text("\n".join(delimiter.join(map(str, row)) for row in lines))
    assert_places(bl.read_events(tmp_path / name))


@pytest.mark.parametrize("name", ["t.json", "t.geojson"])
def test_lines_of_json_under_another_ending(tmp_path, name):
    (tmp_path / name).write_text(LINES)
    assert_places(bl.read_events(tmp_path / name))
    (tmp_path / name).write_text("\n".join(map(json.dumps, RECORDS)))
    if name == "t.json":
        assert_places(bl.read_events(tmp_path / name))


@pytest.mark.parametrize("folder", ["", "data/"])
def test_geodatabase_in_an_archive(tmp_path, folder):
    pyogrio.write_dataframe(TABLE, tmp_path / "t.gdb", layer="incidents", driver="OpenFileGDB")
    with zipfile.ZipFile(tmp_path / "t.gdb.zip", "w") as archive:
        for file in sorted((tmp_path / "t.gdb").iterdir()):
            archive.write(file, f"{folder}t.gdb/{file.name}")
    assert_places(bl.read_events(tmp_path / "t.gdb.zip"))
