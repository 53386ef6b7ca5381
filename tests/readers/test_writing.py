"""Writing and reading again: nothing lost, nothing half written."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import sqlite3
import sys
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import (
    BorderlineError,
    CRSError,
    FormatError,
    MissingExtraError,
    OptionError,
    OutputError,
    TableError,
)
from borderline.readers import _writer
from borderline.schema import EVENT_COLUMNS

ENDINGS = [".csv", ".fgb", ".geojson", ".gpkg", ".parquet", ".xlsx"]
#: These record the time of writing.
TIMED = {".gpkg", ".xlsx"}


@pytest.fixture
def events():
    frame = pd.DataFrame(
        {
            "id": ["a", 'ឃ,"x"', "01"],
            "date": ["2025-07-24", None, "2011-02-06"],
            "lat": [14.390123456789012, None, -0.1],
            "lon": [104.68, None, 179.999999],
            "killed": [0, None, 3],
            "error_m": [500.5, 1, None],
            "note": ["two\nlines; a, b", None, "ไทย"],
            "tag": ["x", "y", "z"],
        }
    )
    return bl.read_events(frame)


def assert_same(again, before):
    ours = [*EVENT_COLUMNS, "geometry"]
    pd.testing.assert_frame_equal(
        pd.DataFrame(again[ours]), pd.DataFrame(before[ours]), check_exact=False, rtol=0, atol=1e-15
    )


@pytest.mark.parametrize("ending", [ending for ending in ENDINGS if ending != ".xlsx"])
def test_what_is_written_is_read_again(events, tmp_path, ending):
    before = events.copy(deep=True)
    path = bl.write_table(events, tmp_path / f"events{ending}")
    again = bl.read_events(path)
    assert_same(again, events)
    assert again["tag"].tolist() == ["x", "y", "z"]
    pd.testing.assert_frame_equal(pd.DataFrame(events), pd.DataFrame(before))


@pytest.mark.parametrize("ending", ENDINGS)
def test_seeds_survive_every_format(tmp_path, ending):
    seeds = bl.load_incidents()
    again = bl.read_events(bl.write_table(seeds, tmp_path / f"seeds{ending}"))
    assert_same(again, seeds)
    assert again["country_reported"].fillna("").tolist() == seeds["country_reported"].fillna("").tolist()


@pytest.mark.parametrize("ending", ENDINGS)
def test_empty_table_survives(events, tmp_path, ending):
    again = bl.read_events(bl.write_table(events.iloc[:0], tmp_path / f"none{ending}"))
    assert len(again) == 0
    assert list(again.columns)[: len(EVENT_COLUMNS)] == list(EVENT_COLUMNS)


@pytest.mark.parametrize("ending", ENDINGS)
def test_another_crs_comes_back_as_longitude_and_latitude(events, tmp_path, ending):
    there = events.iloc[[0]].to_crs(32648)
    again = bl.read_events(bl.write_table(there, tmp_path / f"there{ending}"))
    assert again.geometry.iloc[0].distance(events.geometry.iloc[0]) < 1e-9


@pytest.mark.parametrize("ending", ENDINGS)
def test_provenance_lies_beside_and_is_the_same_each_time(events, tmp_path, ending):
    source = bl.Source(title="Own notes", attribution="A. Author")
    events.attrs["sources"] = [source]
    events.attrs["secret"] = object()
    path = bl.write_table(events, tmp_path / f"events{ending}")
    beside = path.with_name(path.name + ".source.json")
    record = json.loads(beside.read_text(encoding="utf-8"))
    assert record["rows"] == 3
    assert record["sources"][0]["attribution"] == "A. Author"
    assert record["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert record["attrs"]["format"] == "table"
    assert "secret" not in record["attrs"]
    first = beside.read_bytes()
    bl.write_table(events, path)
    if ending not in TIMED:
        assert beside.read_bytes() == first
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([path.name, beside.name])


@pytest.mark.parametrize("ending", ENDINGS)
def test_failure_leaves_the_old_file_and_nothing_else(events, tmp_path, ending, monkeypatch):
    path = bl.write_table(events, tmp_path / f"events{ending}")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_writer, "_describe_file", fail)
    with pytest.raises(OutputError, match="No space left"):
        bl.write_table(events.iloc[:1], path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_segments_are_written_to_csv_as_wkt(tmp_path):
    segments = bl.segment(bl.load_border(), every_km=200)
    path = bl.write_table(segments, tmp_path / "segments.csv")
    assert pd.read_csv(path)["geometry"].str.startswith("LINESTRING").all()


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("events.xls", FormatError, r"no format has the ending \.xls; use \.csv"),
        ("events", FormatError, r"\(none\)"),
        ("absent/events.csv", OutputError, "does the folder exist"),
    ],
)
def test_where_nothing_can_be_written_is_told(events, tmp_path, name, error, said):
    with pytest.raises(error, match=said):
        bl.write_table(events, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_what_is_no_located_table_is_refused(events, tmp_path):
    for table in (None, "a.csv", 5, [1], events.geometry):
        with pytest.raises(TableError, match="GeoDataFrame"):
            bl.write_table(table, tmp_path / "a.csv")
    with pytest.raises(TableError, match="GeoDataFrame with a geometry"):
        bl.write_table(pd.DataFrame({"a": [1]}), tmp_path / "a.gpkg")
    with pytest.raises(CRSError, match="set_crs"):
        bl.write_table(gpd.GeoDataFrame(geometry=[shapely.Point(1, 2)]), tmp_path / "a.csv")
    with pytest.raises(TableError, match="lists"):
        bl.write_table(events.assign(many=[[1], [2], [3]]), tmp_path / "a.gpkg")
    with pytest.raises(TableError, match="ignores case"):
        bl.write_table(events.assign(TAG="x"), tmp_path / "a.gpkg")
    with pytest.raises(TableError, match="twice"):
        bl.write_table(events.assign(event_id="x"), tmp_path / "a.csv")
    assert not list(tmp_path.iterdir())


def test_text_that_is_no_unicode_is_refused(events, tmp_path):
    with pytest.raises(TableError, match="Unicode"):
        bl.write_table(
            events.assign(tag=pd.Series(["\ud800"] * 3, index=events.index, dtype=object)), tmp_path / "a.csv"
        )
    assert not list(tmp_path.iterdir())


WORDS = st.one_of(
    st.none(), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
)


@pytest.mark.slow
@given(st.lists(st.tuples(WORDS, WORDS, st.floats(-179.9, 179.9), st.floats(1, 89)), max_size=5))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_survives_csv(tmp_path, rows):
    frame = pd.DataFrame(rows, columns=["note", "place", "lon", "lat"])
    events = bl.read_events(frame)
    again = bl.read_events(bl.write_table(events, tmp_path / "any.csv"))
    assert_same(again, events)


# --- spreadsheets --------------------------------------------------------------------------

FORMULAS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    " =x",
    "\t=x",
    "\N{FULLWIDTH EQUALS SIGN}1",
    "%x",
    "|x",
]
HARMLESS = ["-5", "+12.5", "a=b", "'", "", "ช่องบก", "1"]


def test_csv_for_excel_begins_with_a_mark_and_holds_no_formula(tmp_path):
    table = pd.DataFrame({"=head": FORMULAS + HARMLESS, "n": [-1.5] * 16})
    path = bl.write_table(table, tmp_path / "t.csv", bom=True)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf'=head,n\n")
    again = pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
    assert again["'=head"].tolist() == [f"'{text}" for text in FORMULAS] + HARMLESS
    assert set(again["n"]) == {"-1.5"}


def test_csv_for_excel_is_read_again(events, tmp_path):
    assert_same(bl.read_events(bl.write_table(events, tmp_path / "t.csv", bom=True)), events)
    plain = bl.write_table(events, tmp_path / "plain.csv").read_bytes()
    assert (tmp_path / "t.csv").read_bytes() == b"\xef\xbb\xbf" + plain


def test_sheet_is_read_again_to_sixteen_digits(events, tmp_path):
    again = bl.read_events(bl.write_table(events, tmp_path / "events.xlsx"))
    apart = shapely.distance(again.geometry.to_numpy(), events.geometry.to_numpy())
    assert np.nanmax(apart) < 1e-14
    assert_same(again.set_geometry(events.geometry), events)


def test_sheet_keeps_types_and_holds_no_formula(events, tmp_path):
    events["tag"] = ["=1+1", "@x", "-5"]
    events["big"] = pd.array([2**60, 5, None], dtype="Int64")
    events["yes"] = [True, False, None]
    path = bl.write_table(events, tmp_path / "events.xlsx")
    sheet = openpyxl.load_workbook(path).active
    assert sheet.title == "events"
    head = [cell.value for cell in sheet[1]]
    rows = [dict(zip(head, row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert rows[0]["event_date"].value == dt.datetime(2025, 7, 24)  # noqa: DTZ001 - days are naive
    assert rows[0]["event_date"].number_format == "yyyy-mm-dd"
    assert rows[1]["event_date"].value is None
    assert [row["fatalities"].value for row in rows] == [0, None, 3]
    assert rows[0]["latitude"].value == pytest.approx(14.390123456789012, rel=1e-15)
    assert rows[2]["event_id"].value == "01"
    assert [(row["tag"].value, row["tag"].data_type) for row in rows] == [
        ("=1+1", "s"),
        ("@x", "s"),
        ("-5", "s"),
    ]
    assert [row["big"].value for row in rows] == [str(2**60), 5, None]
    assert [row["yes"].value for row in rows] == [True, False, None]


def test_lines_are_left_out_of_a_sheet(tmp_path):
    border = bl.load_border().to_geodataframe()
    sheet = openpyxl.load_workbook(bl.write_table(border, tmp_path / "border.xlsx")).active
    head = [cell.value for cell in sheet[1]]
    assert head == [
        "event_id" if border.index.name is None else border.index.name,
        *border.columns.drop("geometry"),
    ]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (pd.DataFrame({"a": ["x" * 32_768]}), "32,767 characters"),
        (pd.DataFrame({"a": ["x\x07"]}), "control character"),
        (pd.DataFrame({"a": range(1_048_576)}), "1,048,575 rows"),
    ],
)
def test_what_a_sheet_cannot_hold_is_refused(tmp_path, table, said):
    with pytest.raises(TableError, match=said):
        bl.write_table(table, tmp_path / "t.xlsx")
    assert not list(tmp_path.iterdir())


def test_sheet_without_openpyxl_names_the_extra(events, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'borderline-geo\[excel\]'"):
        bl.write_table(events, tmp_path / "t.xlsx")
    assert not list(tmp_path.iterdir())


def test_table_whose_geometry_was_dropped_is_plain(events, tmp_path):
    path = bl.write_table(events.drop(columns="geometry"), tmp_path / "t.csv")
    assert "latitude" not in pd.read_csv(path).columns


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx"])
def test_plain_table_is_written_with_its_named_index(tmp_path, ending):
    table = pd.DataFrame({"n": [1, 2]}, index=pd.Index(["0 to 5", "5 to 10"], name="band"))
    table.attrs = {"sources": [bl.Source(title="Own notes", attribution="A. Author")], "within_km": 5}
    path = bl.write_table(table, tmp_path / f"t{ending}")
    if ending == ".xlsx":
        again = pd.read_excel(path, engine="openpyxl", index_col="band")
    else:
        again = pd.read_parquet(path) if ending == ".parquet" else pd.read_csv(path, index_col="band")
    assert again.reset_index().to_numpy().tolist() == [["0 to 5", 1], ["5 to 10", 2]]
    record = json.loads((tmp_path / f"t{ending}.source.json").read_text(encoding="utf-8"))
    assert record["attrs"] == {"within_km": 5}
    assert record["sources"][0]["attribution"] == "A. Author"


# --- layers of a GeoPackage ----------------------------------------------------------------


@pytest.fixture
def project(events, tmp_path):
    path = tmp_path / "project.gpkg"
    bl.write_table(events, path, layer="incidents")
    bl.write_table(bl.load_border().to_geodataframe(), path, layer="border")
    return path


def test_layers_lie_in_one_file(project, events):
    layers = [layer for layer, kind in pyogrio.list_layers(project) if kind]
    assert sorted(layers) == ["border", "incidents"]
    assert len(gpd.read_file(project, layer="incidents")) == 3
    bl.write_table(events.iloc[:1], project, layer="incidents")
    assert len(gpd.read_file(project, layer="incidents")) == 1
    assert len(gpd.read_file(project, layer="border")) == 1
    record = json.loads(project.with_name("project.gpkg.source.json").read_text(encoding="utf-8"))
    assert {name: layer["rows"] for name, layer in record["layers"].items()} == {"incidents": 1, "border": 1}
    assert record["sha256"] == hashlib.sha256(project.read_bytes()).hexdigest()


def test_qgis_finds_one_style_for_each_layer(project, events):
    for _ in range(2):
        bl.write_table(events, project, layer="incidents")
    with contextlib.closing(sqlite3.connect(project)) as connection:
        # The question that QGIS asks when it opens a layer.
        styles = {
            layer: connection.execute(
                "SELECT styleQML FROM layer_styles WHERE f_table_schema = '' AND f_table_name = ? "
                "AND f_geometry_column = ? ORDER BY CASE WHEN useAsDefault THEN 1 ELSE 2 END",
                (layer, column),
            ).fetchall()
            for layer, column in connection.execute(
                "SELECT table_name, column_name FROM gpkg_geometry_columns"
            )
        }
        registered = connection.execute("SELECT data_type FROM gpkg_contents WHERE table_name='layer_styles'")
        assert registered.fetchall() == [("attributes",)]
    kinds = {
        layer: ET.fromstring(style).find(".//symbol").get("type")  # noqa: S314 - our own
        for layer, [(style,)] in styles.items()
    }
    assert kinds == {"incidents": "marker", "border": "line"}


def test_style_of_a_user_survives(project, events):
    with contextlib.closing(sqlite3.connect(project)) as connection, connection:
        connection.execute(
            "INSERT INTO layer_styles (f_table_schema, f_table_name, f_geometry_column, styleName, owner) "
            "VALUES ('', 'border', 'geom', 'mine', '')"
        )
    bl.write_table(events, project, layer="incidents")
    with contextlib.closing(sqlite3.connect(project)) as connection:
        names = connection.execute(
            "SELECT styleName FROM layer_styles WHERE f_table_name = 'border'"
        ).fetchall()
    assert sorted(names) == [("borderline",), ("mine",)]


def test_only_layer_beside_its_style_is_read_again(events, tmp_path):
    path = bl.write_table(events, tmp_path / "events.gpkg", layer="incidents")
    assert_same(bl.read_events(path), events)


def test_layer_is_added_to_a_file_without_layers(events, tmp_path):
    path = bl.write_table(events, tmp_path / "events.gpkg")
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["events"]
    bl.write_table(events, path, layer="second")
    record = json.loads(path.with_name("events.gpkg.source.json").read_text(encoding="utf-8"))
    assert list(record["layers"]) == ["events", "second"]


def test_failure_to_add_a_layer_leaves_the_file(project, events, monkeypatch):
    before = {path.name: path.read_bytes() for path in project.parent.iterdir()}

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_writer, "_describe_file", fail)
    with pytest.raises(OutputError, match="No space left"):
        bl.write_table(events, project, layer="third")
    assert {path.name: path.read_bytes() for path in project.parent.iterdir()} == before


def test_layer_is_added_to_nothing_else(events, tmp_path):
    for content in (b"id,lat,lon\n", b"SQLite format 3\0 and nothing else"):
        path = tmp_path / "other.gpkg"
        path.write_bytes(content)
        with pytest.raises(FormatError, match="no layer can be added"):
            bl.write_table(events, path, layer="incidents")
        assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("t.csv", {"layer": "a"}, r"layer is an option of \.gpkg"),
        ("t.gpkg", {"bom": True}, r"bom is an option of \.csv"),
        ("t.csv", {"bom": "yes"}, "bom must be True or False"),
        ("t.gpkg", {"layer": ""}, "name of a layer"),
        ("t.gpkg", {"layer": 5}, "name of a layer"),
        ("t.gpkg", {"layer": "gpkg_contents"}, "name of a layer"),
        ("t.gpkg", {"layer": "layer_styles"}, "name of a layer"),
    ],
)
def test_option_that_does_not_fit_is_refused(events, tmp_path, name, options, said):
    with pytest.raises(OptionError, match=said):
        bl.write_table(events, tmp_path / name, **options)
    assert not list(tmp_path.iterdir())


# --- files of others -----------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".fgb", ".parquet", ".json"])
def test_file_that_is_not_what_its_ending_says_is_refused(tmp_path, ending):
    path = tmp_path / f"other{ending}"
    path.write_text("<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>")
    with pytest.raises(FormatError, match="does not begin like"):
        bl.read_events(path)


@pytest.mark.parametrize("ending", [".fgb", ".geojson", ".gpkg", ".parquet"])
def test_file_cut_off_is_refused(events, tmp_path, ending):
    path = bl.write_table(events, tmp_path / f"events{ending}")
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(BorderlineError, match=path.name):
        bl.read_events(path)


def test_several_layers_are_refused_by_name(events, tmp_path):
    path = bl.write_table(events, tmp_path / "events.gpkg")
    events[["tag", "geometry"]].to_file(path, layer="second")
    with pytest.raises(FormatError, match=r"2 layers .*second"):
        bl.read_events(path)


def test_plain_parquet_is_a_table_with_coordinates(tmp_path):
    path = tmp_path / "plain.parquet"
    pd.DataFrame({"lat": [14.3], "lon": [104.6], "id": ["a"]}).to_parquet(path)
    events = bl.read_events(path)
    assert events.geometry.iloc[0].equals(shapely.Point(104.6, 14.3))
    assert events["dataset"].tolist() == ["plain"]
