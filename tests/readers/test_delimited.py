"""Text tables: delimiters, line numbers, damage."""

from __future__ import annotations

import csv

import pytest

import borderline as bl
from borderline.errors import FormatError
from borderline.readers._delimited import MAX_CELL_CHARS, MAX_COLUMNS

HEADER = "id,date,lat,lon,notes\n"


@pytest.fixture
def write(tmp_path):
    def write(content, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(write, delimiter):
    row = (
        ["id", "date", "lat", "lon", "notes"],
        ["a", "2025-07-24", "14.3", "104.6", "one, two; three | four"],
    )
    lines = [delimiter.join(f'"{cell}"' for cell in cells) for cells in row]
    events = bl.read_events(write("\n".join(lines)))
    assert events.loc["a", "notes"] == "one, two; three | four"
    assert events.geometry.iloc[0].coords[0] == (104.6, 14.3)


def test_named_columns_help_to_find_the_delimiter(write):
    path = write("Breite,Ort;Laenge,Ost;a,b,c,d\n14.3;104.6;x\n")
    columns = {"latitude": "Breite,Ort", "longitude": "Laenge,Ost"}
    assert len(bl.read_events(path, columns=columns)) == 1


def test_byte_order_mark_is_no_part_of_the_first_name(write):
    assert bl.read_events(write(b"\xef\xbb\xbf" + HEADER.encode() + b"a,,14,104,\n")).index.tolist() == ["a"]


def test_line_is_where_the_record_begins_in_the_file(write):
    content = HEADER + 'a,,14,104,"two\nlines"\n\nb,,99,190,\r\n"c",,14,104,"x\r\ny"\nd,,0,0,\n'
    rejects = bl.check_events(write(content)).rejects
    assert rejects[["row", "line", "reason"]].values.tolist() == [
        [2, 5, "latitude_out_of_range"],
        [4, 8, "coordinates_null_island"],
    ]


def test_ragged_and_empty_rows_are_set_aside(write):
    check = bl.check_events(write(HEADER + "a,,14,104,x,over\nb,,14\n,,,,\nd,,14,104,x\n"))
    assert check.rejects["reason"].tolist() == ["row_too_long", "row_too_short", "row_empty"]
    assert "'over'" in check.rejects["detail"][0]
    assert check.events.index.tolist() == ["d"]
    assert check.rows == 4


def test_header_alone_is_an_empty_table(write):
    events = bl.read_events(write(HEADER))
    assert len(events) == 0
    assert events.crs == 4326
    assert events["fatalities"].dtype == "Int64"


def test_same_header_twice_keeps_both_columns(write):
    events = bl.read_events(write("lat,lon,tag,tag,\n14,104,x,y,z\n"))
    assert events[["tag", "tag_2", "column_5"]].values.tolist() == [["x", "y", "z"]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n \n\n", "blank lines"),
        (b"\n\n,,\n", "no column that says where"),
        (HEADER.encode() + b"a,,14,104,ok\nb,,14,104,\x81\xff\xfe\n", "byte 0x81 in line 3, about position"),
        (HEADER.encode("utf-16")[:-1], "breaks off inside a character"),
        (HEADER.encode() + b"a,,14,104," + b"\0" * 9 + b"\n", "9 NUL characters among"),
        (HEADER.encode() + b"a,,14,104," + b"x" * (MAX_CELL_CHARS + 1), "line 2 has a cell of more than"),
        (b"a," * MAX_COLUMNS + b"lat", "columns; at most"),
    ],
)
def test_what_is_no_table_is_refused_and_located(write, content, said):
    with pytest.raises((FormatError, bl.errors.TableError), match=said):
        bl.check_events(write(content))


def test_cell_limit_does_not_depend_on_who_changed_the_limit_of_csv(write):
    before = csv.field_size_limit(10 * MAX_CELL_CHARS)
    try:
        with pytest.raises(FormatError, match="line 2 has a cell of more than"):
            bl.check_events(write(HEADER + "a,,14,104," + "x" * (MAX_CELL_CHARS + 1)))
    finally:
        csv.field_size_limit(before)


def test_unknown_ending_names_those_that_are_read(write):
    with pytest.raises(FormatError, match=r"\.docx is not known; endings read: \.csv, \.dat, \.fgb"):
        bl.read_events(write(b"x", "table.docx"))


def test_absent_file_is_named(tmp_path):
    with pytest.raises(FormatError, match=r"no file .*nothing\.csv"):
        bl.read_events(tmp_path / "nothing.csv")
