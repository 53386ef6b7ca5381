"""The record that tells one border from another."""

import copy
import json
import pickle

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import borderline as bl
from borderline.border import BorderId, describe_border, distinguish_borders
from borderline.errors import TableError


@pytest.fixture(scope="module")
def drawn():
    line = shapely.LineString([(7.123456789012345, 49.0), (7.5, 49.1), (8.000000004, 49.0)])
    return bl.Border.from_line(line, left="FRA", right="DEU", name="drawn")


@pytest.fixture(scope="module")
def located(drawn):
    events = gpd.GeoDataFrame({"n": [1, 2]}, geometry=gpd.points_from_xy([7.3, 7.9], [49, 49]), crs=4326)
    return bl.locate(events, drawn)


def test_the_record_is_plain(drawn):
    record = drawn.identity
    assert record == {
        "name": "drawn",
        "length_m": pytest.approx(drawn.length_m, abs=5e-4),
        "start": [7.1234568, 49.0],
        "checksum": record["checksum"],
    }
    assert json.loads(json.dumps(record)) == record == dict(record)
    assert repr(record) == repr(dict(record))
    assert record.border is drawn


@pytest.mark.parametrize(
    "change",
    [
        lambda border: border.reversed(),
        lambda border: bl.Border.from_line(border.line, left="DEU", right="FRA", name="drawn"),
        lambda border: bl.Border.from_line(border.line, left="FRA", right="DEU", name="other"),
        lambda border: bl.Border.from_line(
            shapely.LineString([*border.line.coords[:1], (7.5, 49.1000002), *border.line.coords[2:]]),
            left="FRA",
            right="DEU",
            name="drawn",
        ),
    ],
)
def test_another_border_has_another_record(drawn, change):
    other = change(drawn).identity
    assert other != drawn.identity
    assert other["checksum"] != drawn.identity["checksum"] or other["name"] != drawn.identity["name"]
    first, second = distinguish_borders(drawn.identity, other)
    assert first != second


def test_the_calibration_and_the_source_do_not_count(drawn):
    named = bl.Border.from_line(
        drawn.line, left="FRA", right="DEU", name="drawn", source=bl.Source("a survey"), nominal_length_km=70
    )
    assert named.identity == drawn.identity


def test_the_record_cannot_be_changed(drawn):
    record = drawn.identity
    before = dict(record)
    for change in (
        lambda: record.__setitem__("name", "x"),
        lambda: record.update(name="x"),
        lambda: record.pop("name"),
        lambda: record.setdefault("key", 1),
        record.clear,
        record.popitem,
    ):
        with pytest.raises(TypeError, match="cannot be changed"):
            change()
    with pytest.raises(TypeError, match="cannot be changed"):
        del record["name"]
    with pytest.raises(TypeError, match="cannot be changed"):
        record |= {"name": "x"}
    assert drawn.identity == before


def test_copies_are_the_record_and_pickles_its_values(drawn):
    record = drawn.identity
    assert copy.copy(record) is copy.deepcopy(record) is record
    again = pickle.loads(pickle.dumps(record))  # noqa: S301 - its own
    assert type(again) is dict
    assert again == record
    assert len(pickle.dumps(record)) < 300


def test_the_border_stays_with_a_table_through_pandas(drawn, located):
    kept = located.query("n > 1").assign(k=1).copy()
    both = pd.concat([located, kept])
    for table in (kept, both, located.sort_values("n").reset_index(drop=True).head(1)):
        assert isinstance(table.attrs["border"], BorderId)
        assert table.attrs["border"].border is drawn


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".fgb", ".parquet", ".csv"])
def test_a_border_that_was_read_again_is_the_same(drawn, tmp_path, ending):
    path = bl.write_table(drawn.to_geodataframe(), tmp_path / f"border{ending}")
    assert bl.Border.from_file(path).identity == drawn.identity


def test_tables_that_were_read_again_know_their_border(drawn, located, tmp_path):
    path = bl.write_table(located, tmp_path / "events.parquet")
    beside = json.loads((tmp_path / "events.parquet.source.json").read_text(encoding="utf-8"))
    assert beside["attrs"]["border"] == drawn.identity
    again = gpd.read_parquet(path)
    if tuple(map(int, gpd.__version__.split(".")[:2])) < (1, 2):
        again.attrs = beside["attrs"]  # an older geopandas reads no attrs from Parquet
    assert again.attrs["border"] == drawn.identity
    assert bl.profile(again, drawn, step_km=10, bandwidth_km=10).attrs["n_events"] == 2
    with pytest.raises(TableError, match=r"located on drawn .* not on drawn .*; locate them again"):
        bl.profile(again, drawn.reversed(), step_km=10, bandwidth_km=10)


def test_messages_tell_borders_of_one_name_apart(drawn):
    words = distinguish_borders(drawn.identity, dict(drawn.reversed().identity))
    assert all(text.startswith(describe_border(drawn.identity)) for text in words)
    assert words[0] != words[1]
    assert distinguish_borders(drawn.identity, {"name": "x"}) == (describe_border(drawn.identity), "x")
    assert distinguish_borders("x", "x") == ("x", "x")
