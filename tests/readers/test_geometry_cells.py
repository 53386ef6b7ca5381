"""Positions that no name of a column tells: geometries in cells, and the rule that none is passed over."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from pyproj import Transformer

import borderline as bl
from borderline.errors import CRSError, TableError

POINT = shapely.Point(104.68, 14.39)
UTM = shapely.Point(Transformer.from_crs(4326, 32648, always_xy=True).transform(104.68, 14.39))
NOTATIONS = {
    "wkt": "POINT (104.68 14.39)",
    "wkt_z": "point z(104.68 14.39 210)",
    "ewkt": "SRID=4326;POINT(104.68 14.39)",
    "wkb_hex": shapely.to_wkb(POINT, hex=True),
    "ewkb_hex": shapely.to_wkb(shapely.set_srid(POINT, 4326), hex=True, include_srid=True).lower(),
    "wkb_big_endian": shapely.to_wkb(POINT, hex=True, byte_order=0),
    "geojson": '{"type": "Point", "coordinates": [104.68, 14.39]}',
    "feature": '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [104.68, 14.39]}}',
    "object": '{"lat": "14.39", "lng": 104.68}',
    "multipoint": "MULTIPOINT ((104.68 14.39))",
    "collection": "GEOMETRYCOLLECTION (POINT (104.68 14.39))",
    "utm": shapely.to_wkt(UTM, rounding_precision=6).replace("POINT", "SRID=32648;POINT"),
}


def assert_place(events):
    assert events.geometry.iloc[0].coords[0] == pytest.approx((104.68, 14.39), abs=1e-8)


@pytest.mark.parametrize("column", ["WKT", "geom", "position as drawn"])
@pytest.mark.parametrize("notation", NOTATIONS)
def test_geometry_in_a_cell_beats_the_name_of_a_place(tmp_path, column, notation):
    table = pd.DataFrame(
        {column: [NOTATIONS[notation], None], "id": ["a", "b"], "location": ["Ta Muen Thom"] * 2}
    )
    path = tmp_path / "t.csv"
    table.to_csv(path, index=False)
    for source in (table, path):
        check = bl.check_events(source)
        assert_place(check.events)
        assert check.events["location"].tolist() == ["Ta Muen Thom"] * 2
        assert f"geometry <- {column}" in str(check)


@pytest.mark.parametrize(
    "cell",
    [
        POINT,
        shapely.to_wkb(POINT),
        bytearray(shapely.to_wkb(POINT, byte_order=0)),
        {"type": "Point", "coordinates": [104.68, 14.39, 5]},
        {"latitude": 14.39, "longitude": 104.68},
    ],
)
def test_objects_and_bytes_in_a_table_in_memory(cell):
    assert_place(bl.read_events(pd.DataFrame({"where": [cell], "location": ["Ta Muen Thom"]})))


def test_geometry_column_of_a_plain_table():
    frame = gpd.GeoDataFrame({"location": ["Ta Muen Thom"]}, geometry=[POINT], crs=4326)
    assert_place(bl.read_events(pd.DataFrame(frame)))


@pytest.mark.parametrize(
    "columns",
    [
        ["pos_lat", "pos_lon_deg"],
        ["geo.Lat!", "geo.Lon?"],
        ["LatDegMin", "my long"],
    ],
)
def test_what_looks_like_a_position_is_never_replaced_by_a_name(columns):
    table = pd.DataFrame({columns[0]: ["14,39 or so"], columns[1]: ["104.68?"], "location": ["Ta Muen Thom"]})
    with pytest.raises(TableError, match=r"columns=\{") as error:
        bl.read_events(table)
    assert all(name in str(error.value) for name in columns)


def test_words_about_a_position_are_no_position():
    table = pd.DataFrame({"gps_remark": ["none taken"], "location": ["Ta Muen Thom"]})
    assert len(bl.read_events(table)) == 1


def test_one_unreadable_geometry_sets_one_row_aside():
    cells = ["POINT (104.68 14.39)", "POLYGON ((103 14, 104 14, 104 15))", "POINT (1 2", "LINESTRING (1 2)"]
    check = bl.check_events(pd.DataFrame({"geometry": cells, "id": list("abcd")}))
    assert check.events.index.tolist() == ["a"]
    assert check.rejects["reason"].tolist() == ["geometry_unreadable"] * 3


def test_several_reference_systems_in_a_column_are_refused():
    cells = ["SRID=4326;POINT (104 14)", "SRID=32648;POINT (465522 1590878)"]
    with pytest.raises(CRSError, match="SRID 4326 in row 1, 32648 in row 2"):
        bl.read_events(pd.DataFrame({"geom": cells}))
    with pytest.raises(CRSError, match="999999"):
        bl.read_events(pd.DataFrame({"geom": ["SRID=999999;POINT (104 14)"]}))


def test_two_columns_of_geometries_ask_which():
    table = pd.DataFrame({"fired from": ["POINT (104 14)"], "fell at": ["POINT (105 15)"]})
    with pytest.raises(TableError, match=r"fired from.*fell at"):
        bl.read_events(table)
    events = bl.read_events(table, columns={"coordinates": "fell at"})
    assert events.geometry.iloc[0].coords[0] == (105, 15)
    assert events["fired from"].tolist() == ["POINT (104 14)"]


def write_binary(path, *, kind="binary"):
    """Write WKB in a plain column, as databases without a geometry type do."""
    points = [shapely.to_wkb(shapely.Point(103.37, 14.35)), None]
    table = pa.table(
        {"event_id": ["a", "b"], "location": ["Ta Muen Thom", None], "geometry": pa.array(points, kind)}
    )
    pq.write_table(table, path)


@pytest.mark.parametrize("kind", ["binary", "large_binary"])
def test_parquet_with_well_known_binary_and_no_metadata(tmp_path, kind):
    write_binary(tmp_path / "t.parquet", kind=kind)
    events = bl.read_events(tmp_path / "t.parquet")
    assert events.geometry.iloc[0].coords[0] == (103.37, 14.35)
    assert events.geometry.isna().tolist() == [False, True]


@pytest.mark.parametrize(
    "levels", [["event_date"], ["event_date", "location"], ["location", None, "event_id"]]
)
def test_named_levels_of_the_index_are_columns(levels):
    cells = {"event_id": ["x", "y"], "event_date": ["2025-07-24", "2025-07-25"], "location": ["P", "Q"]}
    index = pd.MultiIndex.from_arrays([cells.get(name, [1, 2]) for name in levels], names=levels)
    table = pd.DataFrame({"lat": [14.35, 14.36], "lon": [103.37, 103.38]}, index=index)
    events = bl.read_events(table)
    for name in levels:
        if name == "event_id":
            assert events.index.tolist() == cells[name]
        elif name is not None:
            assert events[name].astype(str).tolist() == cells[name]


def test_table_grouped_by_day_and_place():
    raw = pd.DataFrame(
        {
            "event_date": ["2025-07-24"] * 3,
            "location": ["P", "P", "Q"],
            "killed": 1,
            "lat": 14.3,
            "lon": 103.3,
        }
    )
    grouped = raw.groupby(["event_date", "location"]).agg({"killed": "sum", "lat": "mean", "lon": "mean"})
    events = bl.read_events(grouped)
    assert events[["location", "fatalities"]].to_numpy().tolist() == [["P", 2], ["Q", 1]]
    assert events["event_date"].notna().all()


def test_level_with_the_name_of_a_column_gives_way():
    table = pd.DataFrame({"id": ["a"], "lat": [14.0], "lon": [103.0]}, index=pd.Index([7], name="ID"))
    assert bl.read_events(table).index.tolist() == ["a"]


@pytest.mark.parametrize("half", [0xD83D, 0xDC00, 0xDFFF])
def test_half_a_character_is_replaced(tmp_path, half):
    rows = [
        {"id": "1", "lat": 14.35, "lon": 103.37, "notes": f"shots {chr(half)} x"},
        {"id": "2", "lat": 14.36, "lon": 103.38},
    ]
    path = tmp_path / "t.json"
    path.write_text(json.dumps(rows))
    for source in (path, pd.DataFrame(rows, dtype=object)):
        check = bl.check_events(source)
        assert check.repairs[["row", "reason"]].to_numpy().tolist() == [[1, "characters_replaced"]]
        assert "\ufffd" in check.events["notes"].iloc[0]
        bl.write_table(check.events, tmp_path / "out.csv")


@pytest.mark.parametrize("dtype", ["object", "string", "string[pyarrow]"])
def test_instants_are_dated_in_the_zone_of_the_border(dtype):
    cells = [
        "2025-07-23T22:30:00Z",
        "2025-07-23 22:30:00 UTC",
        "2025-07-23T22:30:00.5+00:00",
        "2025-07-24T01:00:00+07:00",
    ]
    cells += ["2025-07-24T23:59:00+05:30", "2025-07-24T23:59", "2025-07-24"]
    table = pd.DataFrame({"date": pd.Series(cells, dtype=dtype), "lat": 14.3, "lon": 103.3})
    events = bl.read_events(table)
    assert set(events["event_date"].astype(str)) == {"2025-07-24"}
    assert events.attrs["event_date_zone"] == "Asia/Bangkok"


def test_column_with_a_time_zone():
    times = pd.to_datetime(["2025-07-23T22:30:00Z"])
    for zone in ("UTC", "Asia/Bangkok"):
        events = bl.read_events(pd.DataFrame({"date": times.tz_convert(zone), "lat": 14.3, "lon": 103.3}))
        assert events["event_date"].tolist() == [np.datetime64("2025-07-24")]


@pytest.mark.parametrize("empty", ["", None, float("nan")])
def test_geometry_where_latitude_and_longitude_are_empty(tmp_path, empty):
    table = pd.DataFrame(
        {
            "lat": pd.Series([empty, empty], dtype=object),
            "lon": pd.Series([empty, empty], dtype=object),
            "shape": ["POINT (104.68 14.39)", "POINT (103.37 14.35)"],
            "location": "Ta Muen Thom",
        }
    )
    table.to_csv(tmp_path / "t.csv", index=False)
    for source in (table, tmp_path / "t.csv"):
        assert_place(bl.read_events(source))
    table.loc[1, ["lat", "lon"]] = ["14.35", "103.37"]
    check = bl.check_events(table)
    assert_place(check.events)
    assert check.events.geometry.iloc[1].coords[0] == (103.37, 14.35)
    assert check.columns.set_index("column").loc["shape", "event_column"] == "read by the layout table"
