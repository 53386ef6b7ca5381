"""Each provider's layout, on made-up files of its exact shape; no row of a provider is in here."""

from __future__ import annotations

import gzip
import io
import json
import pathlib
import zipfile

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import BorderlineError, FormatError, OptionError
from borderline.readers._gdelt import _BY_WIDTH

HEADERS = pd.read_csv(pathlib.Path(__file__).with_name("headers.csv"), index_col="layout")[
    "columns"
].str.split()
ACLED_2023, ACLED_2019, ACLED_OLD, UCDP = HEADERS[["acled_2023", "acled_2019", "acled_old", "ucdp"]]


CLASH = {
    "event_id_cnty": "XXX1",
    "event_date": "2025-07-24",
    "year": "2025",
    "time_precision": "1",
    "disorder_type": "Political violence",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor1": "Army of A",
    "inter1": "1",
    "actor2": "Army of B",
    "inter2": "8",
    "interaction": "18",
    "iso": "764",
    "country": "Thailand",
    "admin1": "Surin",
    "location": "Made-up Village",
    "latitude": "14.35",
    "longitude": "103.3",
    "geo_precision": "2",
    "source": "Invented News",
    "notes": 'Two armies, it is said, "met"; [size=no report]',
    "fatalities": "3",
}


def written(header, *rows, delimiter=","):
    folded = [{key.casefold(): value for key, value in row.items()} for row in rows]
    frame = pd.DataFrame(
        [[row.get(name.casefold(), "") for name in header] for row in folded], columns=header
    )
    return frame.to_csv(index=False, sep=delimiter)


@pytest.fixture
def save(tmp_path):
    def _save(content, name="export.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return _save


def accounted(check):
    assert check.rows == len(check.events) + len(check.rejects) + check.folded
    return check


def only(check):
    assert len(accounted(check).events) == 1, check.rejects.to_dict("records")
    return check.events.iloc[0]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    ("header", "date"),
    [
        (ACLED_2023, "2025-07-24"),
        (ACLED_2019, "24 July 2025"),
        (ACLED_OLD, "24/07/2025"),
        (ACLED_2019, "24-07-2025"),
    ],
)
def test_acled_generations(save, header, date, encoding, delimiter):
    text = written(header, CLASH | {"event_date": date}, delimiter=delimiter)
    check = bl.check_events(save(text, encoding=encoding))
    event = only(check)
    assert check.format == "acled"
    assert "event_id_cnty" in check.why
    assert event.name == "XXX1"
    assert event["event_date"] == pd.Timestamp("2025-07-24")
    assert event["event_type"] == "ground_clash"
    assert event["event_type_source"] == ("Battles" if header is ACLED_OLD else "Battles: Armed clash")
    assert (event["actor1"], event["actor2"]) == ("Army of A", "Army of B")
    assert event["country"] == "THA"
    assert event["geo_precision"] == "2"
    assert event["location_error_m"] == 25_000
    assert event["fatalities"] == 3
    assert event["dataset"] == "ACLED"
    assert event[next(name for name in check.events.columns if name.casefold() == "inter1")] == "State forces"


def test_acled_old_dates_that_prove_nothing_are_day_first(save):
    event = only(bl.check_events(save(written(ACLED_OLD, CLASH | {"event_date": "03/04/2011"}))))
    assert event["event_date"] == pd.Timestamp("2011-04-03")


@pytest.mark.parametrize(
    ("kind", "sub", "ours"),
    [
        ("Explosions/Remote violence", "Air/drone strike", "airstrike"),
        ("Explosions/Remote violence", "Shelling/artillery/missile attack", "artillery_rocket"),
        ("Explosions/Remote violence", "Remote explosive/landmine/IED", "landmine_explosion"),
        ("Strategic developments", "Agreement", "diplomatic_event"),
        ("Protests", "Peaceful protest", "protest_confrontation"),
        ("Violence against civilians", "Attack", "one_sided_violence"),
        ("Something new", "Never seen", "other"),
    ],
)
def test_acled_types(save, kind, sub, ours):
    event = only(
        bl.check_events(save(written(ACLED_2023, CLASH | {"event_type": kind, "sub_event_type": sub})))
    )
    assert event["event_type"] == ours
    assert event["event_type_source"] == f"{kind}: {sub}"


def test_acled_interface(save):
    answer = {
        "status": 200,
        "success": True,
        "count": 1,
        "data": [CLASH | {"fatalities": 3, "latitude": 14.35}],
    }
    check = bl.check_events(save(json.dumps(answer), "answer.json"))
    event = only(check)
    assert check.format == "acled"
    assert (event["fatalities"], event["location_error_m"]) == (3, 25_000)


def test_acled_rows_of_two_actors_fold_into_one_event(save):
    swapped = CLASH | {"actor1": "Army of B", "inter1": "8", "actor2": "Army of A", "inter2": "1"}
    other = CLASH | {"event_id_cnty": "XXX2", "actor2": ""}
    check = bl.check_events(save(written(ACLED_2023, CLASH, swapped, other)))
    assert (check.rows, check.folded, len(accounted(check).events)) == (3, 1, 2)
    assert check.events.loc["XXX1", ["actor1", "actor2"]].tolist() == ["Army of A", "Army of B"]


def test_acled_long_form_folds_actors(save):
    header = [name for name in ACLED_2023 if not name.endswith(("1", "2")) or name in {"admin1", "admin2"}]
    header[6:6] = ["actor_type", "actor"]
    rows = [CLASH | {"actor_type": f"actor{n}", "actor": who} for n, who in enumerate(["A", "B", "C"], 1)]
    check = bl.check_events(save(written(header, *rows)))
    assert check.format == "acled-actors"
    assert (check.rows, check.folded) == (3, 2)
    assert only(check)[["actor1", "actor2"]].tolist() == ["A", "B"]


def test_acled_row_that_repeats_another_wholly_is_set_aside(save):
    check = accounted(bl.check_events(save(written(ACLED_2023, CLASH, CLASH))))
    assert check.folded == 0
    assert check.rejects["reason"].tolist() == ["duplicate_id"]


def test_acled_row_with_the_same_id_and_other_facts_is_kept_under_an_id_of_its_own(save):
    other = CLASH | {"actor1": "Army of B", "fatalities": "5"}
    check = accounted(bl.check_events(save(written(ACLED_2023, CLASH, other))))
    assert check.repairs[["row", "reason"]].to_numpy().tolist() == [[2, "duplicate_id"]]
    assert check.events.index.tolist() == [CLASH["event_id_cnty"], "row-2"]
    assert check.events["fatalities"].tolist() == [int(CLASH["fatalities"]), 5]


@pytest.mark.parametrize("newest_first", [False, True])
def test_later_version_of_an_acled_event_replaces_the_older_one(save, newest_first):
    older, newer = CLASH | {"timestamp": "1753660800"}, CLASH | {"timestamp": "1754265600", "fatalities": "5"}
    rows = [newer, older] if newest_first else [older, newer]
    check = accounted(bl.check_events(save(written(ACLED_2023, *rows))))
    assert check.rejects["reason"].tolist() == ["superseded"]
    assert check.events["fatalities"].tolist() == [5]


def test_actors_of_a_row_that_cannot_be_used_stand_for_themselves(save):
    text = written(ACLED_2023, CLASH, CLASH | {"actor1": "Army of B", "actor2": "Army of A"})
    head, first, second = text.splitlines()
    check = accounted(bl.check_events(save("\n".join([head, first + ",over", second]))))
    assert (len(check.events), check.folded) == (1, 0)
    assert check.rejects["reason"].tolist() == ["row_too_long"]


EVENT = {
    "id": "4711",
    "relid": "ABC-2025-1-1",
    "year": "2025",
    "type_of_violence": "1",
    "conflict_name": "A - B",
    "side_a": "Government of A",
    "side_b": "Government of B",
    "source_article": "Invented News, 2025-07-25",
    "where_prec": "3",
    "where_coordinates": "Made-up district",
    "adm_1": "Surin province",
    "latitude": "14.35",
    "longitude": "103.3",
    "geom_wkt": "POINT (103.3 14.35)",
    "country": "Cambodia (Kampuchea)",
    "country_id": "811",
    "date_prec": "2",
    "date_start": "2025-07-24 00:00:00.000",
    "date_end": "2025-07-27 00:00:00.000",
    "deaths_a": "1",
    "deaths_civilians": "2",
    "best": "4",
    "high": "9",
    "low": "3",
}


def test_ucdp(save):
    check = bl.check_events(save(written(UCDP, EVENT)))
    event = only(check)
    assert check.format == "ucdp-ged"
    assert event["event_date"] == pd.Timestamp("2025-07-24")
    assert event["event_date_end"] == pd.Timestamp("2025-07-27")
    assert event[["fatalities", "fatalities_low", "fatalities_high", "fatalities_civilian"]].tolist() == [
        4,
        3,
        9,
        2,
    ]
    assert (event["country"], event["event_type"], event["event_type_source"]) == (
        "KHM",
        "armed_conflict",
        "state-based",
    )
    assert event["location_error_m"] == 30_000
    assert (event["actor1"], event["actor2"]) == ("Government of A", "Government of B")


@pytest.mark.parametrize(("number", "code"), [("800", "THA"), ("811", "KHM"), ("812", "LAO"), ("999", None)])
def test_ucdp_numbers_of_countries(save, number, code):
    event = only(
        bl.check_events(save(written(UCDP, EVENT | {"country": "no name we know", "country_id": number})))
    )
    assert event["country"] == code or (code is None and pd.isna(event["country"]))


def test_ucdp_zip_with_notes_over_several_lines(save):
    text = written(UCDP, EVENT | {"source_headline": "one\ntwo"}, EVENT | {"id": "4712", "latitude": "145"})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("GEDEvent_v25_1.csv", text)
        archive.writestr("codebook.pdf", b"%PDF")
    check = bl.check_events(save(packed.getvalue(), "ged251-csv.zip"))
    assert only(check)["notes"] == "one\ntwo"
    assert check.rejects[["row", "line", "reason"]].to_numpy().tolist() == [[2, 4, "latitude_out_of_range"]]


def gdelt(width=61, **fields):
    base = {
        "GLOBALEVENTID": "1001",
        "SQLDATE": "20250724",
        "Actor1Name": "THAILAND",
        "Actor2Name": "CAMBODIA",
        "EventCode": "194",
        "EventBaseCode": "194",
        "EventRootCode": "19",
        "ActionGeo_Type": "4",
        "ActionGeo_FullName": "Made-up, Surin, Thailand",
        "ActionGeo_CountryCode": "TH",
        "ActionGeo_Lat": "14.35",
        "ActionGeo_Long": "103.3",
        "SOURCEURL": "https://example.org/a",
    }
    return "\t".join((base | fields).get(name, "") for name in _BY_WIDTH[width])


@pytest.mark.parametrize("width", [61, 58, 57])
def test_gdelt_without_a_header(save, width):
    check = bl.check_events(
        save(gdelt(width) + "\n" + gdelt(width, GLOBALEVENTID="1002"), "20250724.export.CSV")
    )
    assert check.format == "gdelt"
    assert accounted(check).events.index.tolist() == ["1001", "1002"]
    event = check.events.iloc[0]
    assert event["event_date"] == pd.Timestamp("2025-07-24")
    assert (event["event_type"], event["event_type_source"]) == ("artillery_rocket", "194")
    assert (event["country"], event["location_error_m"]) == ("THA", 15_000)
    assert (event["actor1"], event["actor2"]) == ("THAILAND", "CAMBODIA")


def test_gdelt_cambodia_is_cb_and_codes_keep_their_nought(save):
    event = only(bl.check_events(save(gdelt(EventCode="042", ActionGeo_CountryCode="CB"), "a.tsv")))
    assert (event["country"], event["event_type"], event["event_type_source"]) == (
        "KHM",
        "diplomatic_event",
        "042",
    )


@pytest.mark.parametrize(("kind", "metres"), [("1", 400_000), ("2", 150_000), ("5", 75_000)])
def test_gdelt_middle_of_a_unit_has_a_radius_that_says_so(save, kind, metres):
    assert only(bl.check_events(save(gdelt(ActionGeo_Type=kind), "a.csv")))["location_error_m"] == metres


def test_gdelt_filtered_while_reading(save):
    rows = [
        gdelt(),
        gdelt(GLOBALEVENTID="2", ActionGeo_Long="100.5"),
        gdelt(GLOBALEVENTID="3", ActionGeo_CountryCode="CB"),
        gdelt(GLOBALEVENTID="4", EventRootCode="04", EventCode="042"),
        gdelt(GLOBALEVENTID="5", ActionGeo_Lat="", ActionGeo_Long=""),
        gdelt(GLOBALEVENTID="6", ActionGeo_Lat="north"),
    ]
    path = save(gzip.compress("\n".join(rows).encode()), "a.csv.gz")
    check = accounted(bl.check_events(path, bbox=(102, 11, 106, 15)))
    assert check.events.index.tolist() == ["1001", "3", "4"]
    assert check.rejects["reason"].tolist() == ["coordinate_not_a_number"]
    assert check.passed_over == 2
    assert check.events.attrs["passed_over"] == 2
    assert bl.check_events(path, countries=["KH"]).events.index.tolist() == ["3"]
    assert "4" not in bl.check_events(path, cameo_roots=("18", "19", "20")).events.index
    assert bl.check_events(path, bbox=(170, 11, -170, 15)).rows == 1  # the one that cannot be read


def test_filter_of_a_table_in_memory():
    frame = pd.DataFrame({"lat": [14.3, 20.0], "lon": [103.0, 100.0], "country": ["Thailand", "Thailand"]})
    check = accounted(bl.check_events(frame, bbox=(102, 11, 106, 15), countries="TH"))
    assert (check.rows, check.passed_over) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"bbox": (102, 11, 106)}, OptionError, "west, south, east, north"),
        ({"bbox": (11, 102, 15, 106)}, OptionError, "west, south, east, north"),
        ({"bbox": "102, 11, 106, 15"}, OptionError, "west, south, east, north"),
        ({"countries": ["Siam"]}, OptionError, "countries must be .*'Siam'.*Did you mean 'THA'"),
        ({"countries": 3}, OptionError, "countries must be"),
        ({"cameo_roots": ["fight"]}, OptionError, "'01' to '20'"),
        ({"cameo_roots": [21]}, OptionError, "'01' to '20'"),
        ({"cameo_roots": 1.5}, OptionError, "'01' to '20'"),
        ({"cameo_roots": ["19"]}, FormatError, "GDELT"),
        ({"countries": ["THA"]}, FormatError, "no column"),
    ],
)
def test_filter_that_cannot_be(arguments, error, said):
    with pytest.raises(error, match=said):
        bl.check_events(pd.DataFrame({"lat": [14.3], "lon": [103.0]}), **arguments)


def test_osint(save):
    rows = [
        {
            "id": "GEO-1",
            "date": "2025-07-24T10:00:00",
            "latitude": 14.35,
            "longitude": 103.3,
            "place_desc": "Made-up hill",
            "title": "Rockets",
            "description": "Seen from the west.",
            "source": "GEOCONFIRMED",
            "links": ["https://example.org/1", "https://example.org/2"],
        }
    ]
    check = bl.check_events(save(json.dumps(rows), "events.json"))
    event = only(check)
    assert check.format == "osint"
    assert (event["location"], event["notes"]) == ("Made-up hill", "Rockets. Seen from the west")
    assert (event["source"], event["source_url"]) == ("GEOCONFIRMED", "https://example.org/1")


def test_time_map(save):
    text = (
        "tkid,place,lat,lon,impact,description_en,link1,link1Time,tag\n"
        "CIV1,Made-up town,14.35,103.3,School,Windows broken,https://example.org/1,2025-07-25,verified\n"
    )
    check = bl.check_events(save(text))
    event = only(check)
    assert check.format == "bellingcat"
    assert (event.name, event["notes"], event["event_type"]) == ("CIV1", "Windows broken", "other")
    assert pd.isna(event["event_date"])
    assert event["link1Time"] == "2025-07-25"


THAI = "รหัส,สถานที่,lat,lon\n1,ปราสาทตาเมือนธม จังหวัดสุรินทร์,14.35,103.27\n2,ช่องบก อุบลราชธานี,14.34,105.2\n"


@pytest.mark.parametrize(
    "encoding", ["cp874", "tis-620", "utf-16-le", "utf-16-be", "utf-16", "utf-8-sig", "utf-32"]
)
def test_thai_in_every_encoding(save, encoding):
    events = bl.read_events(save(THAI, encoding=encoding), columns={"event_id": "รหัส", "location": "สถานที่"})
    assert events["location"].tolist() == ["ปราสาทตาเมือนธม จังหวัดสุรินทร์", "ช่องบก อุบลราชธานี"]
    assert events.attrs["encoding"]


def test_western_spreadsheet(save):
    events = bl.read_events(
        save("id;lieu;lat;lon\n1;Près de Préah Vihéar;14,3;104,6\n", encoding="cp1252"),
        columns={"location": "lieu"},
    )
    assert events["location"].tolist() == ["Près de Préah Vihéar"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"PK\x03\x04 no archive", "a.zip", "damaged"),
        (b"\x1f\x8b no archive", "a.csv.gz", "damaged"),
        (b'[{"a": 1}, 2]', "a.json", "no rows"),
        (b'{"status": 403}', "a.json", "no rows"),
        (b'{"data": [', "a.json", "no JSON"),
    ],
)
def test_damaged_or_empty_sources(save, content, name, said):
    with pytest.raises(FormatError, match=said):
        bl.check_events(save(content, name))


def test_archive_of_several_tables_names_them(save):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "lat,lon\n")
        archive.writestr("b.csv", "lat,lon\n")
    with pytest.raises(FormatError, match=r"2 tables \(a.csv, b.csv\)"):
        bl.check_events(save(packed.getvalue(), "both.zip"))


def test_archive_that_grows_beyond_a_table_is_refused(save):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * (64 << 20))
    with pytest.raises(FormatError, match="which no table does"):
        bl.check_events(save(packed.getvalue(), "bomb.zip"))


def test_layout_that_does_not_fit_says_what_is_missing(save):
    with pytest.raises(FormatError, match=r"lacks .*type_of_violence"):
        bl.check_events(save(written(ACLED_2023, CLASH)), format="ucdp-ged")


def test_table_that_says_nowhere_lists_what_was_looked_for(save):
    with pytest.raises(BorderlineError, match=r"Columns found: 'a', 'b'.*acled: actor1.*gdelt: "):
        bl.check_events(save("a,b\n1,2\n"))


SHAPES = {
    "acled": written(ACLED_2023, *(CLASH | {"event_id_cnty": f"X{n}"} for n in range(3))).encode(),
    "ucdp-ged": written(UCDP, *(EVENT | {"id": str(n)} for n in range(3))).encode(),
    "gdelt": "\n".join(gdelt(GLOBALEVENTID=str(n)) for n in range(3)).encode(),
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shape=st.sampled_from(sorted(SHAPES)), data=st.data())
def test_mutated_files_neither_crash_nor_lose_a_row(save, shape, data):
    content = bytearray(SHAPES[shape])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content[at] = data.draw(st.integers(0, 255))
        else:
            del content[at : at + data.draw(st.integers(1, 40))]
    try:
        check = bl.check_events(save(bytes(content)))
    except BorderlineError:
        return
    accounted(check)


CELLS = st.one_of(
    st.sampled_from(["", "NA", "1", "-1", "14.3", "104", "2025-07-24", "24/07/2025"]), st.text(max_size=12)
)


@settings(max_examples=60, deadline=None)
@given(shape=st.sampled_from([ACLED_2023, ACLED_2019, ACLED_OLD, UCDP]), data=st.data())
def test_arbitrary_cells_neither_crash_nor_lose_a_row(shape, data):
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(shape), max_size=len(shape)), max_size=5))
    frame = pd.DataFrame(rows, columns=shape, dtype=object)
    accounted(bl.check_events(frame))
