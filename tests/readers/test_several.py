"""Several files at once, patterns and open files: one table, each row accounted for by its file."""

from __future__ import annotations

import io
import sys
import warnings
import zipfile

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import FormatError, RejectsWarning, TableError
from borderline.schema import EVENT_COLUMNS

JULY = "id,date,lat,lon,killed\na,2025-07-24,14.35,103.3,1\nb,2025-07-25,95,103.3,2\n"
AUGUST = "id,date,lat,lon,tag\nc,2025-08-01,14.36,103.4,x\na,2025-08-02,14.37,103.5,y\n"


READ = "read: event_id <- id, latitude <- lat, longitude <- lon, event_date <- date"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "july.csv").write_text(JULY)
    (tmp_path / "august.csv").write_text(AUGUST)
    return tmp_path


def assert_accounted(check):
    assert check.rows == len(check.events) + len(check.rejects) + check.folded
    assert check.files["rows"].sum() == check.rows
    assert (check.files["rows"] == check.files[["events", "rejects", "folded"]].sum(axis=1)).all()
    assert check.events.index.is_unique
    assert check.events.crs == 4326
    assert {name: str(check.events[name].dtype) for name in EVENT_COLUMNS} == EVENT_COLUMNS


def test_files_follow_each_other_and_rejects_name_theirs(folder):
    check = bl.check_events([folder / "july.csv", folder / "august.csv"])
    assert_accounted(check)
    assert check.events.index.tolist() == ["a", "c"]
    assert check.events["tag"].fillna("").tolist() == ["", "x"]
    assert check.events["dataset"].tolist() == ["july", "august"]
    assert check.rejects[["file", "row", "line", "reason"]].to_numpy().tolist() == [
        ["july.csv", 2, 3, "latitude_out_of_range"],
        ["august.csv", 2, 3, "duplicate_id"],
    ]
    assert "row 1 of july.csv" in check.rejects["detail"].iloc[1]
    assert check.events.attrs["rejects"] == {"duplicate_id": 1, "latitude_out_of_range": 1}
    assert check.events.attrs["files"] == ["july.csv", "august.csv"]
    assert repr(check).splitlines() == [
        "Check: 4 rows of 2 files read as 'table' = 2 events + 2 rejects + 0 folded",
        "  july.csv: 2 rows = 1 event + 1 reject + 0 folded",
        "  august.csv: 2 rows = 1 event + 1 reject + 0 folded",
        "  1 duplicate_id, first in row 2 of august.csv (line 3)",
        "  1 latitude_out_of_range, first in row 2 of july.csv (line 3)",
        f"  july.csv: {READ}, fatalities <- killed",
        f"  august.csv: {READ}",
        "  august.csv: not used: tag",
    ]


def test_pattern_reads_the_files_that_match(folder):
    with pytest.warns(RejectsWarning, match="2 of 4 rows"):
        events = bl.read_events(str(folder / "*.csv"))
    assert events.index.tolist() == ["c", "a"]
    with pytest.raises(FormatError, match="No file matches"):
        bl.read_events(str(folder / "*.gpkg"))


def test_file_whose_name_looks_like_a_pattern_is_read(folder):
    (folder / "july[1].csv").write_text(JULY.replace("95", "14.4"))
    assert len(bl.read_events(folder / "july[1].csv")) == 2


def test_one_file_in_a_list_is_that_file(folder):
    alone, listed = (bl.check_events(source) for source in (folder / "july.csv", [folder / "july.csv"]))
    pd.testing.assert_frame_equal(pd.DataFrame(alone.events), pd.DataFrame(listed.events))
    assert alone.events.attrs == listed.events.attrs
    assert repr(alone) == repr(listed)


def test_row_numbers_of_several_files_are_told_apart(tmp_path):
    for year in ("2024", "2025"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "t.csv").write_text(f"date,lat,lon\n{year}-01-01,14,103\n,99,103\n")
    check = bl.check_events(sorted(tmp_path.glob("*/t.csv")))
    assert_accounted(check)
    assert check.events.index.tolist() == ["t:1", "t_2:1"]
    assert check.rejects["file"].tolist() == [str(tmp_path / year / "t.csv") for year in ("2024", "2025")]


def test_same_file_twice_adds_no_event(folder):
    check = bl.check_events([folder / "august.csv"] * 2)
    assert_accounted(check)
    assert len(check.events) == 2
    assert check.rejects["reason"].tolist() == ["duplicate_id"] * 2


def test_identifiers_of_different_layouts_do_not_collide(tmp_path):
    osint = {"id": "a", "date": "2025-07-24", "latitude": 14.3, "longitude": 103.3}
    pd.DataFrame([osint | {"place_desc": "p", "title": "t", "description": "d"}]).to_csv(
        tmp_path / "osint.csv", index=False
    )
    (tmp_path / "own.csv").write_text(JULY.replace("95", "14.4"))
    check = bl.check_events([tmp_path / "own.csv", tmp_path / "osint.csv"])
    assert_accounted(check)
    assert check.events.index.tolist() == ["a", "b", "osint:a"]
    assert check.format == "table, osint"


def test_tables_in_memory_and_files_mix(folder):
    table = pd.DataFrame({"id": [1, 2], "lat": [14.3, None], "lon": [103.3, 103.4], "tag": [5, 6]})
    check = bl.check_events([table, folder / "august.csv", table.assign(id=[3, 4], lat=91)])
    assert_accounted(check)
    assert check.events["tag"].tolist() == [5, "x", "y"]
    assert check.rejects["file"].tolist() == ["table 1", "table 3", "table 3"]


def test_nothing_but_rejects_in_a_file(folder):
    (folder / "bad.csv").write_text("id,lat,lon,extra\nz,99,99,\n")
    check = bl.check_events([folder / "bad.csv", folder / "july.csv"])
    assert_accounted(check)
    assert check.files["events"].tolist() == [0, 1]


def test_empty_list_is_refused():
    with pytest.raises(TableError, match="empty"):
        bl.read_events([])


def test_broken_file_among_several_is_named(folder):
    (folder / "cut.csv").write_bytes(b"id,lat,lon\n" + bytes(99))
    with pytest.raises(FormatError, match=r"cut\.csv"):
        bl.read_events([folder / "july.csv", folder / "cut.csv"])


# --- open files ------------------------------------------------------------------------------


def test_open_files_are_read_like_paths(folder):
    path = folder / "august.csv"
    with path.open("rb") as binary, path.open(encoding="utf-8") as text:
        for source in (binary, text):
            events = bl.read_events(source)
            assert events.index.tolist() == ["c", "a"]
            assert events["dataset"].tolist() == ["august"] * 2


@pytest.mark.parametrize(
    "ending", [".csv", ".csv.gz", ".zip", ".xlsx", ".gpkg", ".fgb", ".parquet", ".geojson", ".kml"]
)
def test_open_file_without_a_name_is_recognised(folder, ending):
    events = bl.read_events(folder / "august.csv")[["tag", "geometry"]]
    path = folder / f"t{ending}"
    if ending == ".parquet":
        events.to_parquet(path)
    elif ending == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(folder / "august.csv", "august.csv")
    elif ending in {".csv", ".csv.gz", ".xlsx"}:
        table = pd.read_csv(folder / "august.csv")
        table.to_excel(path, index=False) if ending == ".xlsx" else table.to_csv(path, index=False)
    else:
        events.reset_index().to_file(path, driver="KML" if ending == ".kml" else None)
    again = bl.read_events(io.BytesIO(path.read_bytes()))
    assert sorted(shapely.get_x(again.geometry.to_numpy())) == [103.4, 103.5]  # FlatGeobuf has its own order


def test_standard_input_is_text(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(AUGUST.encode()), encoding="utf-8"))
    assert len(bl.read_events(sys.stdin)) == 2


def test_two_open_files_have_names():
    check = bl.check_events([io.StringIO(JULY), io.StringIO(AUGUST)])
    assert_accounted(check)
    assert check.rejects["file"].tolist() == ["file 1", "file 2"]


ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", ""]), st.sampled_from(["14.3", "95", "", "x"])), max_size=4
)


@given(st.lists(ROWS, min_size=2, max_size=4))
@settings(max_examples=40, deadline=None)
def test_every_row_of_every_file_is_accounted_for(files):
    sources = [
        io.StringIO("id,lat,lon\n" + "".join(f"{own},{lat},103\n" for own, lat in rows)) for rows in files
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check = bl.check_events(sources)
    assert_accounted(check)
    assert check.rows == sum(map(len, files))
    assert check.files["rows"].tolist() == list(map(len, files))
