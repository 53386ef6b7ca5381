"""Files of spreadsheets and of a GIS, zipped or not: the same three places come out of each."""

from __future__ import annotations

import zipfile

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

import borderline as bl
from borderline.errors import CRSError, FormatError

PLACES = gpd.GeoDataFrame(
    {"id": ["a", "b", "c"], "date": ["2025-07-24", "2025-07-25", None], "place": ["ช่องบก", "Ta Khwai", "x"]},
    geometry=shapely.points([[105.2, 14.34], [103.37, 14.35], [102.5, 13.66]]),
    crs=4326,
)

KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Folder><name>July</name>
<Placemark><name>ช่องบก</name><description>Mine</description><TimeStamp><when>2025-07-16</when></TimeStamp>
<Point><coordinates>105.2,14.34,0</coordinates></Point></Placemark></Folder>
<Folder><name>December</name>
<Placemark><name>Ta Khwai</name><Point><coordinates>103.37,14.35,0</coordinates></Point></Placemark></Folder>
</Document></kml>"""

GPX = """<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="made up" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="14.34" lon="105.2"><time>2025-07-16T03:00:00Z</time><name>Chong Bok</name><desc>Mine</desc></wpt>
<trk><trkseg><trkpt lat="14.0" lon="103.0"/></trkseg></trk></gpx>"""


@pytest.mark.parametrize("name", ["t.shp", "t.gpkg", "t.geojson", "t.fgb", "t.parquet"])
def test_files_of_a_gis(tmp_path, name):
    path = tmp_path / name
    PLACES.to_parquet(path) if name.endswith("parquet") else PLACES.to_file(path)
    events = bl.read_events(path)
    assert events.geometry.to_wkt().tolist() == PLACES.geometry.to_wkt().tolist()
    assert events["location"].tolist() == PLACES["place"].tolist()
    assert events["event_date"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize("folder", ["", "data/"])
def test_shapefile_in_an_archive_brings_its_other_files(tmp_path, folder):
    PLACES.to_file(tmp_path / "t.shp")
    packed = tmp_path / "t.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for each in sorted(tmp_path.glob("t.*")):
            if each != packed:
                archive.write(each, f"{folder}{each.name}")
    events = bl.read_events(packed)
    assert events["location"].tolist() == PLACES["place"].tolist()
    assert events["dataset"].tolist() == ["t"] * 3


def test_shapefile_without_its_projection_is_refused(tmp_path):
    PLACES.to_file(tmp_path / "t.shp")
    (tmp_path / "t.prj").unlink()
    with pytest.raises(CRSError, match="set_crs"):
        bl.read_events(tmp_path / "t.shp")


def test_placemarks_of_all_folders(tmp_path):
    path = tmp_path / "t.kml"
    path.write_text(KML, encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "t.kmz", "w") as archive:
        archive.write(path, "doc.kml")
    for each in (path, tmp_path / "t.kmz"):
        events = bl.read_events(each)
        assert events["location"].tolist() == ["ช่องบก", "Ta Khwai"]
        assert events["event_date"].iloc[0] == pd.Timestamp("2025-07-16")
        assert events["notes"].iloc[0] == "Mine"


def test_waypoints(tmp_path):
    path = tmp_path / "t.gpx"
    path.write_text(GPX, encoding="utf-8")
    events = bl.read_events(path)
    assert events[["location", "notes"]].to_numpy().tolist() == [["Chong Bok", "Mine"]]
    assert events["event_date"].tolist() == [pd.Timestamp("2025-07-16")]


@pytest.mark.parametrize("name", ["t.kml", "t.gpx"])
def test_xml_of_another_kind_does_not_reach_the_driver(tmp_path, name):
    path = tmp_path / name
    path.write_text('<?xml version="1.0"?><OGRVRTDataSource/>')
    with pytest.raises(FormatError, match="does not begin like"):
        bl.read_events(path)


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_spreadsheet_with_a_title_row_blank_lines_and_real_dates(tmp_path):
    rows = [
        [],
        ["id", "date", "lat", "lon", "killed", "place"],
        [1, pd.Timestamp("2025-07-24").to_pydatetime(), 14.34, 105.2, 2, "ช่องบก"],
        [],
        [2, "25 ก.ค. 2568", "14°21'N", "103°22'E", None, "Ta Khwai"],
        [3, "2025-07-26", 14.3, None, 1, "half"],
    ]
    check = bl.check_events(workbook(tmp_path / "t.xlsx", Sheet1=rows, Empty=[]))
    assert check.rows == 3
    assert check.events.index.tolist() == ["1", "2"]
    assert check.events["event_date"].dt.date.astype(str).tolist() == ["2025-07-24", "2025-07-25"]
    assert check.events["fatalities"].iloc[0] == 2
    assert check.events["fatalities"].isna().iloc[1]
    assert check.rejects[["row", "line", "reason"]].to_numpy().tolist() == [[3, 6, "coordinate_incomplete"]]


def test_spreadsheet_of_several_tables_names_them(tmp_path):
    path = workbook(tmp_path / "t.xlsx", July=[["lat", "lon"]], December=[["lat", "lon", "date"]])
    with pytest.raises(FormatError, match=r"2 sheets \(July, December\).* sheet="):
        bl.read_events(path)


@pytest.mark.parametrize("name", ["t.xlsx", "t.xls", "t.ods"])
def test_damaged_spreadsheet(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(FormatError, match="cannot be read as a spreadsheet"):
        bl.read_events(path)


def test_spreadsheet_without_a_cell(tmp_path):
    with pytest.raises(FormatError, match="no cell"):
        bl.read_events(workbook(tmp_path / "t.xlsx", Sheet1=[]))
