"""Counts with words, words for nothing, rows that are no event, names and kinds in three languages."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.readers._crosswalks import event_types

PLACED = {"event_date": "2025-07-24", "latitude": 14.35, "longitude": 103.37}


def check(**columns):
    count = len(next(iter(columns.values())))
    return bl.check_events(pd.DataFrame({name: [value] * count for name, value in PLACED.items()} | columns))


def figures(cell, column="fatalities"):
    events = check(**{column: [cell]}).events
    names = ["fatalities", "fatalities_low", "fatalities_high"]
    return tuple(None if pd.isna(events[name].item()) else int(events[name].item()) for name in names)


@pytest.mark.parametrize(
    ("cell", "best", "low", "high"),
    [
        (">10", 11, 11, None),
        ("more than 10", 11, 11, None),
        ("over 10", 11, 11, None),
        ("มากกว่า 10", 11, 11, None),
        ("ជាង ១០", 11, 11, None),
        (">= 10", 10, 10, None),
        ("≥10", 10, 10, None),
        ("at least 4", 4, 4, None),
        ("At least four", 4, 4, None),
        ("อย่างน้อย 4 คน", 4, 4, None),
        ("យ៉ាងតិច ៤ នាក់", 4, 4, None),
        ("10+", 10, 10, None),
        ("10 or more", 10, 10, None),
        ("<10", None, None, 9),
        ("up to 5", None, None, 5),
        ("ไม่เกิน 5", None, None, 5),
        ("~500", 500, None, None),
        ("about 5", 5, None, None),
        ("ประมาณ 5 คน", 5, None, None),
        ("about 3-5", 3, 3, 5),
        ("between 3 and 5", 3, 3, 5),
        ("3 to 5 killed", 3, 3, 5),
        ("5 dead", 5, None, None),
        ("5 dead, 2 hurt", 5, None, None),
        ("5 (3 civilians)", 5, None, None),
        ("two", 2, None, None),
        ("a few", None, None, None),
        ("1,200", None, None, None),
    ],
)
def test_figure_with_words_keeps_the_incident_and_what_it_says(cell, best, low, high):
    account = check(fatalities=[cell])
    assert (len(account.events), len(account.repairs)) == (1, 0 if cell == "between 3 and 5" else 1)
    assert figures(cell) == (best, low, high)
    if len(account.repairs):
        assert cell in account.repairs["detail"].item()


def test_injured_beside_the_dead():
    events = check(injured=["5 dead, 2 hurt", "at least 4", "about 7"]).events
    assert events["injuries"].tolist() == [2, 4, 7]


@pytest.mark.parametrize(
    "word",
    [
        *(
            "\\N",
            "#N/A",
            "NULL",
            "NA",
            "n.a.",
            "<NA>",
            "nan",
            ".",
            "..",
            "-",
            "--",
            "?",
            "-99",
            "-999",
            "-9999",
            "-9",
        ),
        *("unknown", "TBC", "not reported", "ไม่ทราบ", "ไม่มีข้อมูล", "មិនដឹង", "គ្មានទិន្នន័យ", "\u200b", " "),
    ],
)
def test_word_for_nothing_is_nothing_and_no_fault(word):
    account = check(killed=[word, "3"], injured=["1", word])
    assert (len(account.rejects), len(account.repairs)) == (0, 0)
    assert account.events["fatalities"].tolist() == [pd.NA, 3]
    assert account.events["injuries"].tolist() == [1, pd.NA]


@pytest.mark.parametrize("word", ["NULL", "\\N", "NA", "TBC", "ไม่ทราบ", "unknown", "-"])
def test_word_for_nothing_is_no_date_and_no_place(word):
    table = pd.DataFrame(
        {"id": ["1", word], "date": ["2025-07-24", word], "lat": [14.35, 14.36], "lon": 103.37}
    )
    events = bl.read_events(table.assign(location=["Hill 1", word], province=["Surin", word]))
    assert events["event_date"].isna().tolist() == [False, True]
    assert events["location"].isna().tolist() == events["admin1"].isna().tolist() == [False, True]


@pytest.mark.parametrize("pair", [("NA", "NA"), ("-99", "-99"), ("-9999", ""), ("ไม่ทราบ", "ไม่ทราบ")])
def test_word_for_nothing_is_no_position(pair):
    table = pd.DataFrame({"lat": ["14.35", pair[0]], "lon": ["103.37", pair[1]], "notes": ["a", "b"]})
    account = bl.check_events(table)
    assert (len(account.rejects), len(account.repairs)) == (0, 0)
    assert account.events.geometry.isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (["TH", "NA", "KH"], ["THA", "NAM", "KHM"]),
        (["THA", "NA", "KHM"], ["THA", None, "KHM"]),
        (["Thailand", "NA", "Cambodia"], ["THA", None, "KHM"]),
        (["NA", "NA", "NA"], [None, None, None]),
        (["Namibia", "NULL", "unknown"], ["NAM", None, None]),
    ],
)
def test_na_is_namibia_only_among_codes_of_two_letters(names, codes):
    events = check(country=names).events
    assert [None if pd.isna(code) else code for code in events["country"]] == codes


@pytest.mark.parametrize("word", ["Total", "TOTAL:", "Grand total", "Sum", "รวม", "รวมทั้งหมด", "សរុប"])
def test_row_of_sums_is_no_event(word):
    table = pd.DataFrame(
        {
            "event_id": ["1", word],
            "date": ["2025-07-24", ""],
            "lat": [14.3, None],
            "lon": [103.3, None],
            "killed": 5,
        }
    )
    account = bl.check_events(table.assign(killed=5))
    assert account.rejects[["row", "reason"]].to_numpy().tolist() == [[2, "row_of_totals"]]
    assert account.events["fatalities"].sum() == 5


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["Source: army", "", "", "", ""], "note_below_table"),
        (["ที่มา: กองทัพบก", "", "", "", ""], "note_below_table"),
        (["", "", "", "", "12"], "no_place_and_no_date"),
    ],
)
def test_note_below_a_table_is_no_event(cells, reason):
    rows = [["1", "2025-07-24", "14.3", "103.3", "5"], cells]
    account = bl.check_events(pd.DataFrame(rows, columns=["event_id", "event_date", "lat", "lon", "killed"]))
    assert account.rejects[["row", "reason"]].to_numpy().tolist() == [[2, reason]]


def test_report_without_place_and_date_is_kept():
    where = {"latitude": [14.3, None], "longitude": [103.3, None]}
    account = check(event_id=["1", "2"], event_date=["2025-07-24", ""], notes=["a", "shots heard"], **where)
    assert len(account.events) == 2


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Clashes", "ground_clash"),
        ("exchange of fire", "ground_clash"),
        ("การปะทะกันด้วยอาวุธ", "ground_clash"),
        ("ការប៉ះទង្គិចប្រដាប់អាវុធ", "ground_clash"),
        ("Artillery shelling of a village", "artillery_rocket"),
        ("BM-21 rockets", "artillery_rocket"),
        ("โจมตีทางอากาศ", "airstrike"),
        ("Air strikes", "airstrike"),
        ("โดรนทิ้งระเบิด", "drone_strike"),
        ("กับระเบิด", "landmine_explosion"),
        ("เหยียบกับระเบิดขาขาด", "landmine_explosion"),
        ("ការផ្ទុះមីន", "landmine_explosion"),
        ("small arms fire", "shooting"),
        ("ceasefire talks", "diplomatic_event"),
        ("mine clearance", "other"),
        ("landmine awareness training", "other"),
        ("ceasefire violation", "other"),
        ("karaoke", "other"),
    ],
)
def test_words_for_kinds_of_event(words, kind):
    assert event_types(np.array([words], dtype=object), layout="table").tolist() == [kind]


def test_source_beside_a_target_is_who_acts():
    table = {"Source Name": ["Army of A"], "Target Name": ["Army of B"], "Publisher": ["Daily"]}
    events = bl.read_events(pd.DataFrame(table | {"Latitude": [14.35], "Longitude": [103.37]}))
    assert events[["actor1", "actor2", "source"]].to_numpy().tolist() == [["Army of A", "Army of B", "Daily"]]


def test_low_high_and_best_are_deaths_of_ucdp_alone():
    events = check(low=[3], high=[40], best=[7]).events
    assert events["fatalities"].isna().all()
    assert events[["low", "high", "best"]].to_numpy().tolist() == [[3, 40, 7]]


def test_date_of_the_incident_comes_before_any_other():
    table = {"date": ["2025-08-01"], "incident_date": ["2025-07-24"], "lat": [14.35], "lon": [103.37]}
    assert bl.read_events(pd.DataFrame(table))["event_date"].dt.day.tolist() == [24]


ENGLISH = ["event_id", "event_date", "latitude", "longitude", "location", "fatalities", "event_type"]
HEADERS = [
    ENGLISH,
    ["ลำดับ", "วันที่", "ละติจูด", "ลองจิจูด", "สถานที่", "เสียชีวิต", "ประเภท"],
    ["ល.រ", "កាលបរិច្ឆេទ", "រយៈទទឹង", "រយៈបណ្តោយ", "ទីកន្លែង", "អ្នកស្លាប់", "ប្រភេទ"],
    ["ID", "Incident Date", "Lat. (WGS84)", "Long. (WGS84)", "Place", "No. of deaths", "Type"],
    ["eventId", "eventDate", "gps_lat", "gps_lon", "Location Name", "Killed (total)", "Incident Type"],
]
WRITE_DATE = [
    lambda day: day.isoformat(),
    lambda day: f"{day:%d %B %Y}",
    lambda day: f"{day.day}/{day.month}/{day.year + 543}",
    lambda day: f"{day:%Y-%m-%dT23:59:59+07:00}",
]
WRITE_ANGLE = [
    lambda angle, _: f"{angle:.6f}",
    lambda angle, _: f"{angle:.6f}".replace(".", ","),
    lambda angle, letters: f"{angle:.6f} {letters[0]}",
    lambda angle, letters: f"{int(angle)}°{angle % 1 * 60:.5f}'{letters[0]}",
]


@given(
    days=st.lists(st.dates(dt.date(2008, 1, 1), dt.date(2026, 12, 31)), min_size=1, max_size=4),
    header=st.sampled_from(HEADERS),
    write_date=st.sampled_from(WRITE_DATE),
    write_angle=st.sampled_from(WRITE_ANGLE),
    order=st.permutations(range(7)),
    lat=st.floats(11, 14.9),
    lon=st.floats(102, 107.9),
)
@settings(max_examples=60, deadline=None)
def test_table_in_any_header_notation_and_order_gives_the_same_events(
    days, header, write_date, write_angle, order, lat, lon
):
    # Years of the Buddhist era under Khmer names change in May.
    assume(not (header is HEADERS[2] and write_date is WRITE_DATE[2]))
    rows = [
        [str(n), write_date(day), write_angle(lat, "NS"), write_angle(lon, "EW"), "Hill 1", str(n), "clash"]
        for n, day in enumerate(days, 1)
    ]
    table = pd.DataFrame(rows, columns=header).iloc[:, list(order)]
    events = bl.read_events(table)
    assert events.index.tolist() == [row[0] for row in rows]
    assert events["event_date"].dt.date.tolist() == days
    assert np.allclose(events.geometry.y, lat, rtol=0, atol=1e-6)
    assert np.allclose(events.geometry.x, lon, rtol=0, atol=1e-6)
    assert events["location"].unique().tolist() == ["Hill 1"]
    assert events["fatalities"].tolist() == list(range(1, len(days) + 1))
    assert events["event_type"].unique().tolist() == ["ground_clash"]
