"""Writing and reading again: nothing lost, nothing half written."""

from __future__ import annotations

import hashlib
import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import BorderlineError, CRSError, FormatError, OutputError, TableError
from borderline.readers import _writer
from borderline.schema import EVENT_COLUMNS

ENDINGS = [".csv", ".fgb", ".geojson", ".gpkg", ".parquet"]


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


@pytest.mark.parametrize("ending", ENDINGS)
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
    if ending != ".gpkg":  # a GeoPackage records the time of writing
        assert beside.read_bytes() == first
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([path.name, beside.name])


@pytest.mark.parametrize("ending", ENDINGS)
def test_failure_leaves_the_old_file_and_nothing_else(events, tmp_path, ending, monkeypatch):
    path = bl.write_table(events, tmp_path / f"events{ending}")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_writer, "_provenance", fail)
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
        ("events.xlsx", FormatError, r"no format has the ending \.xlsx; use \.csv"),
        ("events", FormatError, r"\(none\)"),
        ("absent/events.csv", OutputError, "does the folder exist"),
    ],
)
def test_where_nothing_can_be_written_is_told(events, tmp_path, name, error, said):
    with pytest.raises(error, match=said):
        bl.write_table(events, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_what_is_no_located_table_is_refused(events, tmp_path):
    with pytest.raises(TableError, match="GeoDataFrame"):
        bl.write_table(pd.DataFrame({"a": [1]}), tmp_path / "a.csv")
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
