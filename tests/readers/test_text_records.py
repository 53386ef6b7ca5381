"""Text tables as programs write them: quote marks that are letters, header rows, tags, damage."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

import borderline as bl
from borderline._text_encoding import find_code_page, find_encoding
from borderline.errors import FormatError, OptionError
from borderline.readers._text_records import RecordReader

TAB_HEADER = ["event_id", "event_date", "location", "latitude", "longitude", "fatalities"]


@pytest.fixture
def write(tmp_path):
    def write(content, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def tabbed(places, delimiter="\t"):
    rows = [
        [number, f"2025-07-{number:02}", place, 14.3 + number / 100, 103.3 + number / 100, number]
        for number, place in enumerate(places, 1)
    ]
    return "\n".join(delimiter.join(map(str, row)) for row in [TAB_HEADER, *rows]) + "\n"


@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "|"])
@pytest.mark.parametrize(
    "places",
    [
        ["P1", '"Hill 350', "P3", "P4", 'Village 5"', "P6"],
        ['"Hill 350', 'Village 5"'],
        ["P1", '"Hill', "P3"],
        ["P1", '"Hill" 350', "P3"],
        ['12" shell', '"12" shell', 'shell of 12"'],
        ['"', "P2", '"'],
        ["P1", "P2", '"last'],
    ],
)
def test_quote_mark_is_a_letter_of_the_text(write, places, delimiter):
    check = bl.check_events(write(tabbed(places, delimiter), "dump.tsv"))
    assert (check.rows, len(check.events)) == (len(places), len(places))
    assert check.events["location"].tolist() == places
    assert check.events["fatalities"].tolist() == list(range(1, len(places) + 1))
    assert check.events.geometry.x.round(2).tolist() == [
        round(103.3 + n / 100, 2) for n in range(1, len(places) + 1)
    ]


@pytest.mark.parametrize("delimiter", ["\t", ","])
def test_quoted_cells_of_several_lines_stay_whole(write, delimiter):
    texts = ["first,\tline\nsecond, line\n\nthird", 'say ""no""\n5, 14.3, 103.3', "a\n2\n3"]
    quoted = [f'"{text}"' for text in texts]
    check = bl.check_events(write(tabbed(quoted, delimiter)))
    assert check.events["location"].tolist() == [text.replace('""', '"') for text in texts]


@pytest.mark.parametrize("delimiter", [",", "\t"])
@given(
    cells=st.lists(
        st.lists(st.text("ab\",\t\n;' ", max_size=8), min_size=3, max_size=3), min_size=1, max_size=6
    )
)
def test_what_is_written_by_the_standard_is_read_by_it(cells, delimiter):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([["x", "y", "note"], *cells])
    reader = RecordReader(io.StringIO(file.getvalue(), newline=""), delimiter, "t")
    next(reader)
    reader.width = 3
    assert [record for _, record in reader] == cells


@pytest.mark.parametrize(
    ("above", "line"),
    [
        ("Border incidents 2025\nexported 2025-08-01\n\n", 4),
        ("# made by a survey tool\n", 2),
        ("Incidents,,,\nwhen and where,date,,\n", 3),
        (",Time,Where,\n", 2),
    ],
)
def test_names_below_titles(write, above, line):
    check = bl.check_events(
        write(f"{above}event_id,event_date,latitude,longitude\n1,2025-07-24,14.3,103.3\n")
    )
    assert (check.rows, len(check.events)) == (1, 1)
    assert check.events.geometry.iloc[0].coords[0] == (103.3, 14.3)
    assert f"named in line {line}" in str(check)
    rejects = bl.check_events(write(f"{above}event_id,event_date,latitude,longitude\n1,,99,190\n")).rejects
    assert rejects["line"].tolist() == [line + 1]


@pytest.mark.parametrize("names", ["Ref,Jour,Y1,X1,Morts\n", ""])
def test_tags_say_what_columns_mean(write, names):
    tags = "#event+id,#date+occurred,#geo+lat,#geo+lon,#affected +killed\n"
    check = bl.check_events(write(f"{names}{tags}a,2025-07-24,14.3,103.3,2\n"))
    assert check.rows == 1
    assert check.events[["fatalities"]].to_numpy().tolist() == [[2]]
    assert check.events.index.tolist() == ["a"]
    assert check.events["event_date"].astype(str).tolist() == ["2025-07-24"]
    assert "HXL" in str(check)


def test_tags_in_a_box_of_rows(write):
    text = "Jour,Y1,X1\n#date,#geo+lat,#geo+lon\n2025-07-24,14.3,103.3\n2025-07-24,14.3,99\n"
    assert len(bl.read_events(write(text), bbox=(102, 10, 106, 15))) == 1


@pytest.mark.parametrize(
    ("said", "rows"),
    [
        ("sep=;", "1;2025-07-24;14,3;103,3"),
        ('"sep=|"', "1|2025-07-24|14.3|103.3"),
        ("SEP=\t", "1\t2025-07-24\t14.3\t103.3"),
    ],
)
def test_first_line_names_the_separator(write, said, rows):
    delimiter = said.strip('"')[-1]
    header = delimiter.join(["event_id", "event_date", "latitude", "longitude"])
    check = bl.check_events(write(f"{said}\r\n{header}\r\n{rows}\r\n"))
    assert check.events.geometry.iloc[0].coords[0] == (103.3, 14.3)
    assert check.rows == 1


def test_empty_cells_too_many_are_no_cells(write):
    check = bl.check_events(write("id,lat,lon\n1,14.3,103.3,\n2,14.4,103.4,,,\n3,14.5,103.5,x\n"))
    assert check.events.index.tolist() == ["1", "2"]
    assert check.rejects["reason"].tolist() == ["row_too_long"]


def gdelt(event_id, *, width, place="Trat, Thailand"):
    cells = [""] * width
    first = {61: 51, 58: 49, 57: 49}[width]
    cells[0], cells[1], cells[26:29] = event_id, "20250724", ["190", "190", "19"]
    cells[first : first + 3] = ["4", place, "TH"]
    latitude = first + (5 if width == 61 else 4)
    cells[latitude : latitude + 2] = ["12.3", "102.6"]
    cells[-1 if width == 57 else -2] = "20250724"
    if width != 57:
        cells[-1] = f"http://a.example/{event_id}"
    return "\t".join(cells)


@pytest.mark.parametrize("widths", [(58, 57, 57), (57, 58, 57), (57, 57, 61, 58), (61, 57)])
def test_generations_of_a_layout_without_a_header_mix(write, widths):
    lines = [gdelt(str(number), width=width) for number, width in enumerate(widths, 1)]
    check = bl.check_events(write("\n".join(lines), "a.export.CSV"))
    assert len(check.events) == len(widths)
    assert set(check.events.geometry.to_wkt()) == {"POINT (102.6 12.3)"}
    links = [None if width == 57 else f"http://a.example/{n}" for n, width in enumerate(widths, 1)]
    assert (
        check.events["source_url"].astype(object).where(check.events["source_url"].notna(), None).tolist()
        == links
    )


def test_quotes_of_gdelt_are_letters(write):
    lines = [gdelt("1", width=58, place='"Hill'), gdelt("2", width=58), gdelt("3", width=58, place='Hill"')]
    assert bl.read_events(write("\n".join(lines), "b.export.CSV"))["location"].tolist()[::2] == [
        '"Hill',
        'Hill"',
    ]


@pytest.mark.parametrize("damage", [b"\xff", b"\0", b"\xe0\xb8"])
def test_one_bad_byte_costs_a_letter(write, damage):
    text = "id,lat,lon,location,notes\n1,14.3,103.3,ตาเมือนธม,one\n"
    text += "2,14.4,103.4,ตาควาย,two @\n3,14.5,103.5,ភ្នំ,three\n"
    check = bl.check_events(write(text.encode().replace(b"@", damage)))
    assert check.events["notes"].tolist() == ["one", "two \ufffd", "three"]
    assert check.repairs[["row", "line", "reason"]].to_numpy().tolist() == [[2, 3, "bytes_replaced"]]


def test_bad_byte_in_a_position_sets_the_row_aside(write):
    text = "id,lat,lon,location\n1,14.3,103.3,ตาเมือนธม\n2,14.@4,103.4,ตาควาย\n"
    check = bl.check_events(write(text.encode().replace(b"@", b"\xff")))
    assert check.rejects["row"].tolist() == [2]


FOREIGN = [
    ("Хутор", "cp1251"),
    ("Новая Каховка", "koi8-r"),
    ("Łódź, Kraków", "cp1250"),
    ("Plzeň", "cp1250"),
    ("hranični přechod", "cp1250"),
    ("Timişoara, Iaşi", "cp1250"),
    ("边境事件", "gbk"),
    ("国境", "cp932"),
    ("국경", "cp949"),
    ("Αθήνα", "cp1253"),
    ("القدس", "cp1256"),
    ("İstanbul, Muş", "cp1254"),
]


@pytest.mark.parametrize(("place", "encoding"), FOREIGN)
def test_another_code_page_is_refused_unless_named(write, place, encoding):
    path = write(f'id,location,lat,lon\n1,"{place}",55.00,61.00\n'.encode(encoding))
    with pytest.raises(FormatError, match='encoding="'):
        bl.check_events(path)
    assert bl.read_events(path, encoding=encoding)["location"].tolist() == [place]


@pytest.mark.parametrize(
    ("text", "code_page"),
    [
        ("ตาเมือนธม", "cp874"),
        ("เขตรอยต่อ จ.สุรินทร์ ๆ", "cp874"),
        ("Côte d\N{RIGHT SINGLE QUOTATION MARK}Ivoire, près de la forêt, à l'est", "cp1252"),
        ("14\N{DEGREE SIGN}21'N", "cp1252"),
        ("España", "cp1252"),
        ("Zürich", "cp1252"),
    ],
)
def test_thai_and_western_are_found(text, code_page):
    assert find_code_page(text.encode(code_page)) == code_page


@pytest.mark.parametrize("encoding", ["klingon", "base64", 7])
def test_unknown_encoding_is_refused(write, encoding):
    with pytest.raises(OptionError, match="encoding"):
        bl.read_events(write("lat,lon\n1,2\n"), encoding=encoding)


@given(st.binary(max_size=300))
def test_any_bytes_have_an_encoding_or_are_refused(data):
    try:
        codec = find_encoding(io.BytesIO(data), "t").codec
    except FormatError:
        return
    data.decode(codec, "replace")
