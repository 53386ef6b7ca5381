"""Dates of three languages and two eras, of programs and officials, and how well a day is known."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import borderline as bl
from borderline.readers._date_notation import KHMER, THAI
from borderline.schema import DATE_PRECISIONS

KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")


def check(*cells, **columns):
    count = max([len(cells), *map(len, columns.values())])
    table = {"lat": [14.3] * count, "lon": [103.3] * count} | ({"event_date": list(cells)} if cells else {})
    return bl.check_events(pd.DataFrame(table | columns))


def spans(*cells, **columns):
    """Return first day, last day where there is one, and precision of each event."""
    events = check(*cells, **columns).events
    return [
        (*(day.date().isoformat() if pd.notna(day) else None for day in days), word)
        for *days, word in events[["event_date", "event_date_end", "date_precision"]].itertuples(index=False)
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "24-Jul-25",
        "24 Jul 25",
        "2025-07-24 08:20:00+07",
        "2025-07-24 23:20:00+07:00",
        "24th July 2025",
        "July 24th, 2025",
        "the 24th of July 2025",
        "24 July 2025, 22:30",
        "24 July 2025 at 10:30 p.m.",
        "7/24/2025 10:30:00 PM",
        "24/07/2025 22:30 น.",
        "Thu, 24 Jul 2025 08:20:00 +0700",
        "Thu Jul 24 2025 08:20:00 GMT+0700 (Indochina Time)",
        "Thu Jul 24 08:20:00 2025",
        "2025:07:24 08:20:00",
        "20250724082000",
        "20250724T0820",
        "20250724 08:20",
        "24 July 2025 (Thursday)",
        "พฤหัสบดีที่ 24 ก.ค. 2568",
        "2025-205",
        "2025-W30-4",
        "2025年7月24日",
        "1753315200",
        "1753315200000",
        "45862",
        "45862.35",
        "2025-07-23T22:30:00Z",
        "2025-07-24T06:59:00+00:00",
        "ថ្ងៃទី២៤ ខែកក្កដា ឆ្នាំ២០២៥",
        "ថ្ងៃព្រហស្បតិ៍ ទី២៤ ខែកក្កដា ឆ្នាំ២០២៥",
        "ថ្ងៃទី២៤ ខែ០៧ ឆ្នាំ២០២៥",
        "ថ្ងៃព្រហស្បតិ៍ ១៥រោច ខែអាសាឍ ឆ្នាំម្សាញ់ សប្តស័ក ព.ស.២៥៦៩ ត្រូវនឹងថ្ងៃទី២៤ ខែកក្កដា ឆ្នាំ២០២៥",
        "២៤\u200bកក្កដា\u200b២០២៥",
        "24 ก.ค. 2568 เวลา 08.20 น.",
        "24 ก.ค.68 เวลาประมาณ 08.20 น.",
        "เมื่อวันที่ 24 ก.ค. 68",
        "วันที่ 24 เดือนกรกฎาคม พ.ศ. 2568",
        "24 กรกฎาคม พุทธศักราช 2568",
        "24 July 2025 CE",
        "24 July 2568 B.E.",
    ],
)
def test_same_day_from_many_hands(cell):
    assert spans(cell) == [("2025-07-24", None, "day")]


@pytest.mark.parametrize("cell", ["45862", "1753315200"])
def test_number_taken_for_a_date_is_told(cell):
    assert check(cell).repairs["reason"].tolist() == ["date_converted"]


@pytest.mark.parametrize(
    ("cell", "first", "last", "word"),
    [
        ("24-28 July 2025", "2025-07-24", "2025-07-28", "day"),
        ("24 to 28 July 2025", "2025-07-24", "2025-07-28", "day"),
        ("24\N{EN DASH}28 กรกฎาคม 2568", "2025-07-24", "2025-07-28", "day"),
        ("ระหว่างวันที่ 24-28 ก.ค. 68", "2025-07-24", "2025-07-28", "day"),
        ("២៤-២៨ កក្កដា ២០២៥", "2025-07-24", "2025-07-28", "day"),
        ("July 24-28, 2025", "2025-07-24", "2025-07-28", "day"),
        ("between 24 and 28 July 2025", "2025-07-24", "2025-07-28", "day"),
        ("24 July - 2 August 2025", "2025-07-24", "2025-08-02", "day"),
        ("July 30 - August 2, 2025", "2025-07-30", "2025-08-02", "day"),
        ("28 December - 2 January 2026", "2025-12-28", "2026-01-02", "day"),
        ("28 December 2025 - 2 January 2026", "2025-12-28", "2026-01-02", "day"),
        ("2025-07-24/2025-07-28", "2025-07-24", "2025-07-28", "day"),
        ("2025-07-24 to 2025-07-28", "2025-07-24", "2025-07-28", "day"),
        ("24 ก.ค. - 28 ก.ค. 68", "2025-07-24", "2025-07-28", "day"),
        ("20250724-20250728", "2025-07-24", "2025-07-28", "day"),
        ("24/07/2025 - 28/07/2025", "2025-07-24", "2025-07-28", "day"),
        ("24-28/07/2025", "2025-07-24", "2025-07-28", "day"),
        ("July 2025", "2025-07-01", "2025-07-31", "month"),
        ("Jul-25", "2025-07-01", "2025-07-31", "month"),
        ("2025-07", "2025-07-01", "2025-07-31", "month"),
        ("07/2025", "2025-07-01", "2025-07-31", "month"),
        ("2025-07-00", "2025-07-01", "2025-07-31", "month"),
        ("กรกฎาคม 2568", "2025-07-01", "2025-07-31", "month"),
        ("ខែកក្កដា ឆ្នាំ២០២៥", "2025-07-01", "2025-07-31", "month"),
        ("February 2024", "2024-02-01", "2024-02-29", "month"),
        ("2025", "2025-01-01", "2025-12-31", "year"),
        ("พ.ศ. 2568", "2025-01-01", "2025-12-31", "year"),
        ("early December 2025", "2025-12-01", "2025-12-10", "week"),
        ("mid-December 2025", "2025-12-11", "2025-12-20", "week"),
        ("late December 2025", "2025-12-21", "2025-12-31", "week"),
        ("ต้นเดือนธันวาคม 2568", "2025-12-01", "2025-12-10", "week"),
        ("week of 24 July 2025", "2025-07-21", "2025-07-27", "week"),
        ("about 24 July 2025", "2025-07-21", "2025-07-27", "week"),
        ("2025-W30", "2025-07-21", "2025-07-27", "day"),
    ],
)
def test_span_of_days(cell, first, last, word):
    assert spans(cell) == [(first, last, word)]


@pytest.mark.parametrize(
    "cell",
    [
        "24 July",
        "Jul 24",
        "25-Jul",
        "before 24 July 2025",
        "2025-07-24 25:10",
        "28-24 July 2025",
        "13/2025",
        "99999",
    ],
)
def test_what_is_no_date_is_set_aside_and_never_guessed(cell):
    account = check(cell)
    assert account.rejects["reason"].tolist() == ["date_unreadable"]


# --- the Khmer year ------------------------------------------------------------------------

#: Day on which the year changed, from the calendars of public holidays (the day after Visak Bochea).
NEW_YEARS = {2013: "05-25", 2018: "04-30", 2022: "05-16", 2023: "05-05", 2025: "05-12", 2026: "05-02"}


def write_khmer(day, year):
    return f"{day.day} {KHMER[day.month - 1]} ព.ស. {year}".translate(KHMER_DIGITS)


@pytest.mark.parametrize(("year", "change"), NEW_YEARS.items())
def test_khmer_year_changes_on_the_day_after_visak_bochea(year, change):
    first = dt.date.fromisoformat(f"{year}-{change}")
    last = first - dt.timedelta(days=1)
    for day, era in ((last, year + 543), (first, year + 544)):
        account = check(write_khmer(day, era))
        # A year that is longer than another has some of its days twice.
        twice = account.rejects["detail"].str.contains("twice").tolist() == [True]
        assert twice or account.events["event_date"].dt.date.tolist() == [day]
    for day, era in ((first, year + 543), (last, year + 544)):
        assert day not in check(write_khmer(day, era)).events["event_date"].dt.date.tolist()


def test_change_of_the_khmer_year_in_2025():
    cells = ["11 ឧសភា ព.ស. 2568", "12 ឧសភា ព.ស. 2569"]
    assert [day for day, _, _ in spans(*cells)] == ["2025-05-11", "2025-05-12"]
    assert check("11 ឧសភា ព.ស. 2569").rejects["reason"].tolist() == ["date_unreadable"]


@given(st.dates(dt.date(1990, 1, 1), dt.date(2039, 12, 31)))
def test_khmer_years_are_read_back_or_refused(day):
    # 543 before the change, 544 after it: only in April and May can a day be of either, or have come twice.
    eras = {543} if day.month < 4 else {544} if day.month > 5 else {543, 544}
    read = [spans(write_khmer(day, day.year + era)) for era in sorted(eras)]
    fitting = [rows for rows in read if rows and rows[0][0] == day.isoformat()]
    if day.month in {4, 5}:
        assert len(fitting) <= 1
    else:
        assert len(fitting) == 1


def test_day_that_the_khmer_year_has_twice_is_refused():
    # The year 2567 ran from 5 May 2023 to 22 May 2024.
    account = check(write_khmer(dt.date(2023, 5, 15), 2567))
    assert account.rejects["reason"].tolist() == ["date_ambiguous"]
    assert "2023 and in 2024" in account.rejects["detail"].item()


@pytest.mark.parametrize(("month", "outcome"), [(3, "1960-03-10"), (6, "1960-06-10"), (5, None)])
def test_khmer_year_whose_change_is_not_known(month, outcome):
    era = 1960 + 543 + (month > 5)
    account = check(write_khmer(dt.date(1960, month, 10), era))
    assert len(account.rejects) == (outcome is None)
    assert account.events["event_date"].dt.strftime("%Y-%m-%d").tolist() == ([outcome] if outcome else [])


def test_thai_and_khmer_rows_of_one_column_have_their_own_reckoning():
    cells = ["24 กรกฎาคม พ.ศ. 2568", "24 កក្កដា ព.ស. 2569", "24 កក្កដា គ.ស. 2025", "24 កក្កដា 2569"]
    assert {day for day, _, _ in spans(*cells)} == {"2025-07-24"}


def test_slashed_years_of_a_khmer_column_are_khmer():
    assert spans("២៤/០៧/២៥៦៩")[0][0] == "2025-07-24"
    assert [day for day, _, _ in spans("24/07/2569", "25 កក្កដា 2569")] == ["2025-07-24", "2025-07-25"]
    assert spans("24/07/2569")[0][0] == "2026-07-24"  # in the digits of others, the era is the Thai one


@given(st.dates(dt.date(2000, 1, 1), dt.date(2042, 12, 31)))
def test_thai_years_of_two_digits(day):
    cell = f"{day.day} {THAI[day.month - 1]} {(day.year + 543) % 100:02}"
    assert spans(cell)[0][0] == day.isoformat()


def test_open_era_or_century_is_refused_unless_the_table_tells():
    assert check("24 ก.ค. 25").rejects["reason"].tolist() == ["date_ambiguous"]
    assert check("24/07/55").rejects["reason"].tolist() == ["date_ambiguous"]
    assert [day for day, _, _ in spans("24 ก.ค. 25", "25 ก.ค. 2525")] == ["1982-07-24", "1982-07-25"]
    assert [day for day, _, _ in spans("24/07/68", "25/07/2568")] == ["2025-07-24", "2025-07-25"]
    assert spans("24-Jul-97", year=["1997"])[0][0] == "1997-07-24"
    assert spans("24-Jul-55", year=["1955"])[0][0] == "1955-07-24"


# --- order of day and month ----------------------------------------------------------------


def test_order_is_proven_whatever_the_era():
    cells = ["07/24/2568", "07/08/2568", "07/28/2568"]
    assert [day for day, _, _ in spans(*cells)] == ["2025-07-24", "2025-07-08", "2025-07-28"]
    assert [day for day, _, _ in spans("07/24/2025", "07/08/2568")] == ["2025-07-24", "2025-07-08"]


@pytest.mark.parametrize(
    "sister",
    [
        {"event_date_end": ["08/07/2025", "28/07/2025"]},
        {"report_date": ["01/08/2025", "31/07/2025"]},
        {"timestamp": ["1752192000", "1752192000"]},
    ],
)
def test_order_is_proven_by_a_sister_column(sister):
    # 7 August would lie after the end, or after the report of 11 July.
    assert [row[0] for row in spans("07/07/2025", "08/07/2025", **sister)] == ["2025-07-07", "2025-07-08"]


def test_order_is_stated_by_the_header():
    for header, day in (("Date (dd/mm/yyyy)", "2025-04-03"), ("Date (mm/dd/yyyy)", "2025-03-04")):
        assert spans(**{header: ["03/04/2025"]})[0][0] == day


def test_end_that_cannot_precede_its_start_settles_both():
    # Month first, the second row would run from December to January of the same year.
    rows = spans("03/07/2025", "12/07/2025", event_date_end=["05/07/2025", "01/08/2025"])
    assert [row[:2] for row in rows] == [("2025-07-03", "2025-07-05"), ("2025-07-12", "2025-08-01")]


# --- precision as reported -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "code", "span"),
    [
        ("time_precision", 1, ("2025-07-23", None, "day")),
        ("time_precision", 2, ("2025-07-20", "2025-07-26", "week")),
        ("time_precision", 3, ("2025-07-01", "2025-07-31", "month")),
        ("date_prec", 1, ("2025-07-23", None, "day")),
        ("date_prec", 3, ("2025-07-20", "2025-07-26", "week")),
        ("date_prec", 4, ("2025-07-01", "2025-07-31", "month")),
        ("date_prec", 5, ("2025-01-01", "2025-12-31", "year")),
        ("date_precision", "month", ("2025-07-01", "2025-07-31", "month")),
        ("date_precision", "exact", ("2025-07-23", None, "day")),
    ],
)
def test_precision_of_a_provider(column, code, span):
    assert spans("2025-07-23", **{column: [code]}) == [span]


def test_ends_of_a_provider_are_kept():
    assert spans("2025-07-20", event_date_end=["2025-07-31"], date_prec=[4]) == [
        ("2025-07-20", "2025-07-31", "month")
    ]


def test_what_was_read_stays_when_it_is_read_again(tmp_path):
    events = check("July 2025", "2025-07-23", "24-28 July 2025", "").events
    again = bl.read_events(bl.write_table(events, tmp_path / "t.csv"))
    for name in ("event_date", "event_date_end", "date_precision"):
        pd.testing.assert_series_equal(again[name], events[name])
    assert set(events["date_precision"].dropna()) <= set(DATE_PRECISIONS)


def test_date_in_three_columns():
    rows = spans(iyear=[2025, 2025, 2025], imonth=[7, 7, 0], iday=[24, 0, 0])
    assert rows == [
        ("2025-07-24", None, "day"),
        ("2025-07-01", "2025-07-31", "month"),
        ("2025-01-01", "2025-12-31", "year"),
    ]


def test_every_day_of_a_span_counts():
    border = bl.load_border()
    events = bl.locate(check("July 2025").events, border)
    segments = bl.segment(border, every_km=50)
    for period, count in (("2025-07-30", 1), ("2025-08", 0), (("2025-06-20", "2025-07-01"), 1)):
        assert bl.density(events, segments, period=period)["n_events"].sum() == count
        assert bl.bands(events, border, edges_km=[0, 50], period=period)["n_events"].sum() == count
