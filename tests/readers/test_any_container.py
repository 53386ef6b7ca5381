"""Whatever holds a table, however it writes it, and in whatever order: the same events come out."""

from __future__ import annotations

import csv
import io
import json
from xml.sax.saxutils import escape

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import borderline as bl

#: Names of the columns of id, date, place, deaths, latitude and longitude in three scripts.
LANGUAGES = {
    "ours": ["event_id", "event_date", "location", "fatalities", "latitude", "longitude"],
    "short": ["ID", "Date", "Place", "Killed", "Lat", "Lng"],
    "survey": ["Event.ID", "eventDate", "Location_name", "death-toll", "GPS Latitude", "GPS Longitude"],
    "thai": ["รหัส", "วันที่", "สถานที่", "เสียชีวิต", "ละติจูด", "ลองจิจูด"],
    "khmer": ["លេខ", "កាលបរិច្ឆេទ", "ទីកន្លែង", "ស្លាប់", "រយៈទទឹង", "រយៈបណ្តោយ"],
}
TAGS = ["#event+id", "#date+occurred", "#loc+name", "#affected+killed", "#geo+lat", "#geo+lon"]

PLACES = (
    st.text(st.sampled_from("ตาเมือន្ទAb 7,;|'\"()-é"), min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: any(letter.isalpha() for letter in text))
)
RECORDS = st.lists(
    st.tuples(
        st.dates(min_value=pd.Timestamp("2008-01-01").date(), max_value=pd.Timestamp("2026-12-31").date()),
        PLACES,
        st.none() | st.integers(0, 999),
        st.integers(1_000_000, 2_000_000).map(lambda n: n / 1e5),
        st.integers(10_000_000, 10_700_000).map(lambda n: n / 1e5),
    ),
    min_size=1,
    max_size=4,
).map(lambda rows: [(f"e{number}", *row) for number, row in enumerate(rows)])


def write_position(lat, lon, notation):
    point = shapely.Point(lon, lat)
    return {
        "pair": lambda: f"{lat}, {lon}",
        "letters": lambda: f"N{lat} E{lon}",
        "wkt": lambda: f"POINT ({lon} {lat})",
        "ewkt": lambda: f"SRID=4326;POINT ({lon} {lat})",
        "wkb": lambda: shapely.to_wkb(point, hex=True),
        "geojson": lambda: shapely.to_geojson(point),
    }[notation]()


NOTATIONS = ["columns", "pair", "letters", "wkt", "ewkt", "wkb", "geojson"]


def tabulate(records, notation, language, order):
    """Return the names and the cells of a table, its columns in some order."""
    names = LANGUAGES[language]
    rows = [
        [key, day.isoformat(), place, "" if dead is None else dead, lat, lon]
        for key, day, place, dead, lat, lon in records
    ]
    if notation != "columns":
        names = [*names[:4], "coordinates" if notation in {"pair", "letters"} else "where"]
        rows = [[*row[:4], write_position(*row[4:], notation)] for row in rows]
    shown = [n for n in order if n < len(names)]
    return [names[n] for n in shown], [[row[n] for n in shown] for row in rows]


def write_text(path, names, rows, *, delimiter=",", above="", line="\n", encoding="utf-8"):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=line).writerows([names, *rows])
    path.write_bytes((above + file.getvalue()).encode(encoding))


def write_sheet(path, names, rows, *, above=()):
    book = openpyxl.Workbook()
    for row in [*above, names, *rows]:
        book.active.append([None if cell == "" else cell for cell in row])
    for cell in [cell for row in book.active.iter_rows() for cell in row if isinstance(cell.value, str)]:
        cell.data_type = "s"
    book.save(path)


TEXTS = {
    "t.csv": {},
    "semicolon.csv": {"delimiter": ";"},
    "t.tsv": {"delimiter": "\t", "line": "\r\n"},
    "bar.txt": {"delimiter": "|"},
    "utf16.csv": {"encoding": "utf-16"},
    "bom.csv": {"encoding": "utf-8-sig"},
    "titled.csv": {"above": "Border incidents\nmade by hand, 2025\n\n"},
    "said.csv": {"delimiter": ";", "above": "sep=;\n"},
}


def assert_same(events, records):
    expected = pd.DataFrame(records, columns=["id", "day", "place", "dead", "lat", "lon"])
    assert events.index.tolist() == expected["id"].tolist()
    assert events["event_date"].dt.date.tolist() == expected["day"].tolist()
    assert events["location"].tolist() == expected["place"].tolist()
    dead = [None if pd.isna(count) else int(count) for count in events["fatalities"]]
    assert dead == [None if pd.isna(count) else int(count) for count in expected["dead"]]
    np.testing.assert_allclose(events.geometry.x, expected["lon"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(events.geometry.y, expected["lat"], rtol=0, atol=1e-9)


def quietly(**options):
    return settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], **options)


@quietly(max_examples=60)
@given(
    records=RECORDS,
    notation=st.sampled_from(NOTATIONS),
    language=st.sampled_from(sorted(LANGUAGES)),
    order=st.permutations(range(6)),
    name=st.sampled_from(sorted(TEXTS)),
)
def test_text_tables(tmp_path, records, notation, language, order, name):
    names, rows = tabulate(records, notation, language, order)
    write_text(tmp_path / name, names, rows, **TEXTS[name])
    assert_same(bl.read_events(tmp_path / name), records)


@quietly(max_examples=25)
@given(
    records=RECORDS,
    notation=st.sampled_from(NOTATIONS),
    language=st.sampled_from(sorted(LANGUAGES)),
    order=st.permutations(range(6)),
    form=st.sampled_from(["frame", "index", "json", "jsonl", "xlsx", "titled", "parquet"]),
)
def test_records_and_sheets(tmp_path, records, notation, language, order, form):
    names, rows = tabulate(records, notation, language, order)
    frame = pd.DataFrame(rows, columns=names)
    path = tmp_path / f"t.{form}"
    if form == "frame":
        source = frame
    elif form == "index":
        source = frame.set_index(names[:2])
    elif form in {"json", "jsonl"}:
        objects = [dict(zip(names, row, strict=True)) for row in rows]
        path.write_text(json.dumps(objects) if form == "json" else "\n".join(map(json.dumps, objects)))
        source = path
    elif form == "parquet":
        frame.astype(str).to_parquet(path)
        source = path
    else:
        source = tmp_path / "t.xlsx"
        above = [["Border incidents"], [], ["Event", None, "Casualties"]] if form == "titled" else []
        write_sheet(source, names, rows, above=above)
    assert_same(bl.read_events(source), records)


def placemarks(names, rows, points):
    marks = []
    for row, (lon, lat) in zip(rows, points, strict=True):
        data = "".join(
            f'<Data name="{escape(name)}"><value>{escape(str(cell))}</value></Data>'
            for name, cell in zip(names, row, strict=True)
        )
        place = f"<Point><coordinates>{lon},{lat},0</coordinates></Point>"
        marks.append(f"<Placemark><ExtendedData>{data}</ExtendedData>{place}</Placemark>")
    return f'<?xml version="1.0" encoding="UTF-8"?><kml><Document>{"".join(marks)}</Document></kml>'


@quietly(max_examples=30)
@given(
    records=RECORDS,
    language=st.sampled_from(["ours", "short", "thai", "khmer"]),
    order=st.permutations(range(4)),
    ending=st.sampled_from(
        [".geojson", ".geojsonl", ".gpkg", ".fgb", ".parquet", ".kml", ".umap", "frame", "metres"]
    ),
)
def test_files_of_a_gis(tmp_path, records, language, order, ending):
    names = [LANGUAGES[language][n] for n in order]
    rows = [[[row[0], row[1].isoformat(), row[2], row[3]][n] for n in order] for row in records]
    points = [(row[5], row[4]) for row in records]
    geometry = list(map(shapely.Point, points))
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=names).astype(object), geometry=geometry, crs=4326)
    path = tmp_path / f"t{ending}"
    path.unlink(missing_ok=True)
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(names, row, strict=True)),
            "geometry": shapely.geometry.mapping(point),
        }
        for row, point in zip(rows, geometry, strict=True)
    ]
    if ending == "frame":
        source = frame
    elif ending == "metres":
        source = frame.to_crs(32648)
    else:
        source = path
        if ending == ".geojsonl":
            path.write_text("\n".join(map(json.dumps, features)))
        elif ending in {".geojson", ".umap"}:
            collection = {"type": "FeatureCollection", "features": features}
            path.write_text(
                json.dumps(collection if ending == ".geojson" else {"type": "umap", "layers": [collection]})
            )
        elif ending == ".kml":
            path.write_text(
                placemarks(names, [["" if c is None else c for c in row] for row in rows], points)
            )
        elif ending == ".parquet":
            frame.astype(dict.fromkeys(names, "string")).to_parquet(path)
        else:
            options = {"SPATIAL_INDEX": "NO"} if ending == ".fgb" else {}
            frame.astype(dict.fromkeys(names, "string")).to_file(path, **options)
    assert_same(bl.read_events(source), records)


@pytest.mark.parametrize("tags", ["below", "alone"])
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_tags_of_hxl(tmp_path, tags, ending):
    record = ("e0", pd.Timestamp("2025-07-24").date(), "Hill 1", 2, 14.35, 103.37)
    rows = [[record[0], "2025-07-24", *record[2:]]]
    names = ["Ref", "Jour", "Lieu", "Morts", "Y1", "X1"]
    head = [names, TAGS] if tags == "below" else [TAGS]
    path = tmp_path / f"t{ending}"
    if ending == ".csv":
        write_text(path, head[0], [*head[1:], *rows])
    else:
        write_sheet(path, head[0], [*head[1:], *rows])
    assert_same(bl.read_events(path), [record])


def test_account_names_every_column_once(tmp_path):
    names, rows = tabulate(
        [("e0", pd.Timestamp("2025-07-24").date(), "Hill", 1, 14.35, 103.37)], "columns", "thai", range(6)
    )
    write_text(tmp_path / "t.csv", [*names, "colour"], [[*row, "red"] for row in rows])
    check = bl.check_events(tmp_path / "t.csv")
    columns = check.columns
    assert sorted(columns["column"]) == sorted([*names, "colour"])
    taken = columns.dropna(subset=["event_column"]).set_index("event_column")["column"]
    assert (
        taken[["event_id", "event_date", "location", "fatalities", "latitude", "longitude"]].tolist() == names
    )
    assert columns.loc[columns["event_column"].isna(), "column"].tolist() == ["colour"]
    assert set(columns["file"]) == {"t.csv"}
    assert set(columns.loc[columns["event_column"].isin(["latitude", "longitude"]), "datum"]) == {"WGS 84"}
    assert "not used: colour" in check.events.attrs["columns"]
    page = bl.explore(bl.locate(check.events, bl.load_border()), bl.load_border()).get_root().render()
    assert "not used: colour" in page
