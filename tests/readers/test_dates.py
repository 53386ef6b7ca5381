"""Dates: what is read, what is refused, and what the column settles."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderline.readers._date_notation import KHMER, THAI
from borderline.readers._date_parsing import parse_dates
from borderline.readers._raw_table import Faults


def read(*cells):
    faults = Faults()
    days, order = parse_dates(pd.Series(list(cells), name="when", dtype="object"), faults=faults)
    return days.astype("datetime64[D]").astype(str).tolist(), order, faults.by_row


@pytest.mark.parametrize(
    "cell",
    [
        "2025-07-24",
        " 2025-7-24 ",
        "2025/07/24",
        "20250724",
        "24 July 2025",
        "24-Jul-2025",
        "24 Jul. 2025",
        "July 24, 2025",
        "JUL 24 2025",
        "24.07.2025",
        "24/07/2025",
        "07/24/2025",
        "2025-07-24 08:20",
        "2025-07-24T08:20:00.000Z",
        "2025-07-24 23:59:59+07:00",
        "24/07/2025 08:20",
        "Thursday, July 24, 2025",
        "Thu 24 Jul 2025 08:20",
        "2568-07-24",
        "24/07/2568",
        "24 ก.ค. 2568",
        "24 ก.ค. 68",
        "24ก.ค.68",
        "24 กรกฎาคม 2568",
        "24 กรกฎา 2568",
        "24 กรกฎาคม พ.ศ. 2568",
        "24 กรกฎาคม ค.ศ. 2025",
        "วันพฤหัสบดีที่ 24 กรกฎาคม 2568",
        "๒๔ กรกฎาคม ๒๕๖๘",
        "๒๔/๐๗/๒๕๖๘",
        "24 កក្កដា 2025",
        "ថ្ងៃទី ២៤ កក្កដា ២០២៥",
        20250724,
        20250724.0,
        dt.date(2025, 7, 24),
        pd.Timestamp("2025-07-24 23:00", tz="Asia/Bangkok"),
    ],
)
def test_same_day_in_many_writings(cell):
    assert read(cell) == (["2025-07-24"], read(cell)[1], {})


@pytest.mark.parametrize("cell", ["", " ", None, float("nan"), pd.NaT, pd.NA, "n/a", "Unknown", "-"])
def test_missing_is_unknown_and_no_fault(cell):
    assert read(cell) == (["NaT"], "", {})


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2025-02-30", "there is no such day"),
        ("31/02/2025", "there is no such day"),
        ("24 Smarch 2025", "there is no such day"),
        ("2300-07-24", "out of range"),
        ("24 กรกฎา 25680", "write it as"),
        ("9999-01-01", "out of range"),
        ("0000-00-00", "out of range"),
        ("yesterday", "write it as 2025-07-24"),
        ("2025-07-24 25 o'clock", "write it as 2025-07-24"),
    ],
)
def test_unreadable_date_is_a_fault_with_the_remedy(cell, said):
    days, _, faults = read("2025-01-01", cell)
    assert days == ["2025-01-01", "NaT"]
    [(reason, detail)] = faults[1]
    assert reason == "date_unreadable"
    assert said in detail
    assert cell in detail


def test_a_year_of_the_buddhist_era_has_the_day_first():
    assert read("03/04/2568") == (["2025-04-03"], "", {})


@given(st.dates(dt.date(1800, 1, 1), dt.date(2199, 12, 31)))
def test_every_day_survives_the_buddhist_era(day):
    year = day.year + 543
    thai = f"{day.day} {THAI[day.month - 1]} {year}".translate({48 + n: 0x0E50 + n for n in range(10)})
    khmer = f"{day.day} {KHMER[day.month - 1]} {day.year}".translate({48 + n: 0x17E0 + n for n in range(10)})
    days, _, faults = read(f"{day.day:02}/{day.month:02}/{year}", thai, khmer)
    assert not faults
    assert set(days) == {day.isoformat()}


def test_column_settles_which_number_is_the_day():
    assert read("03/04/2025", "24/07/2025")[:2] == (["2025-04-03", "2025-07-24"], "day first")
    assert read("03/04/2025", "07/24/2025")[:2] == (["2025-03-04", "2025-07-24"], "month first")


@pytest.mark.parametrize("others", [(), ("24/07/2025", "07/24/2025")])
def test_nothing_or_a_contradiction_settles_nothing(others):
    days, order, faults = read("03/04/2025", "05/05/2025", *others)
    assert order == ""
    assert days[:2] == ["NaT", "2025-05-05"]
    assert [reason for reason, _ in faults[0]] == ["date_ambiguous"]
    assert list(faults) == [0]


@given(st.dates(dt.date(1800, 1, 1), dt.date(2199, 12, 31)))
def test_every_day_survives_every_plain_writing(day):
    writings = (
        day.isoformat(),
        day.strftime("%Y%m%d"),
        f"{day:%d %B %Y}",
        f"{day:%B %d, %Y}",
        f"{day:%d.%m.%Y}",
    )
    days, _, faults = read(*writings, np.datetime64(day))
    assert not faults
    assert set(days) == {day.isoformat()}
