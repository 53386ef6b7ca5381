"""Totals without a place, and that they are shown and never counted."""

from __future__ import annotations

import csv
import html

import pandas as pd
import pytest
import shapely

import borderline as bl
from borderline.mapping._toll_paragraph import toll_paragraph


@pytest.fixture(scope="module")
def tolls():
    return bl.load_tolls()


def test_each_claim_says_who_made_it_about_whom_and_when(tolls):
    assert tolls.index.is_unique
    assert (tolls["since"] <= tolls["as_of"]).all()
    assert tolls["as_of"].is_monotonic_increasing
    assert set(tolls["country"].dropna()) == {"KHM", "THA"}
    assert set(tolls["victims"]) == {"civilian", "military", "all", "civilian, indirect"}
    assert tolls["stated_by"].notna().all()
    assert tolls["source_url"].str.match("https?://").all()
    numbers = tolls[["fatalities_min", "injuries", "displaced"]]
    assert numbers.notna().any(axis=1).all()
    assert (numbers.fillna(0) >= 0).all().all()
    assert (tolls["fatalities_min"] <= tolls["fatalities_max"]).fillna(value=True).all()
    assert tolls["fatalities_min"].isna().tolist() == tolls["fatalities_max"].isna().tolist()
    assert tolls.index.str.slice(3, 13).tolist() == tolls["as_of"].dt.strftime("%Y-%m-%d").tolist()


def test_both_sides_have_figures_in_both_rounds_of_2025(tolls):
    for since in ("2025-07-24", "2025-12-07"):
        claims = tolls[tolls["since"] == since]
        assert {("KHM", "civilian"), ("THA", "civilian"), ("KHM", "military"), ("THA", "military")} <= set(
            zip(claims["country"], claims["victims"], strict=True)
        )


def test_figures_are_those_of_the_file(tolls):
    with bl.catalog.seeds_path().with_name("tolls.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tolls.index.tolist() == [row["id"] for row in rows]
    for column in ("fatalities_min", "fatalities_max", "injuries", "displaced"):
        assert [None if pd.isna(n) else n for n in tolls[column]] == [
            int(row[column]) if row[column] else None for row in rows
        ]


def test_the_table_is_a_copy_with_its_credit(tolls):
    changed = bl.load_tolls()
    changed["stated_by"] = "nobody"
    assert not (bl.load_tolls()["stated_by"] == "nobody").any()
    [source] = tolls.attrs["sources"]
    assert source["license"] == "ODbL-1.0"


def test_no_toll_is_an_incident(tolls):
    incidents = bl.load_incidents()
    assert not set(tolls.index) & set(incidents.index)
    # Far fewer dead than the tolls: nothing was spread over rows.
    assert incidents["fatalities"].sum() < tolls["fatalities_max"].max()


@pytest.mark.parametrize(
    ("period", "shown", "absent"),
    [
        (("2025-12-07", "2025-12-27"), "Thailand, military: 26 dead (Government of Thailand", "2025-07-24"),
        (("2025-07-24", "2025-07-28"), "Cambodia, civilian: 8 dead", "2025-12-07"),
        (("2011-04-22", "2011-05-03"), "Associated Press", "2025"),
    ],
)
def test_the_last_claims_of_a_round_are_told(period, shown, absent):
    text = toll_paragraph(bl.load_border(), period)
    assert shown in text
    assert absent not in text.replace("counted them in 2025", "")
    assert "nothing on this map counts them" in text


@pytest.mark.parametrize("period", [("2012-01-01", "2014-12-31"), ("", "")])
def test_no_round_no_paragraph(period):
    assert toll_paragraph(bl.load_border(), period) == ""


def test_another_border_has_none_of_these():
    line = shapely.LineString([(103, 14), (104, 14)])
    other = bl.Border.from_line(line, left="LAO", right="VNM")
    assert toll_paragraph(other, ("2025-07-24", "2025-12-27")) == ""


def test_the_map_tells_them_and_a_border_alone_does_not():
    border = bl.load_border()
    events = bl.load_incidents().pipe(bl.locate, border)
    december = events[events["event_date"].between("2025-12-07", "2025-12-27")]
    page = bl.explore(december, border)
    text = html.unescape(page.get_root().render())
    paragraph = toll_paragraph(border, ("2025-12-07", "2025-12-27"))
    assert paragraph.startswith("Totals that belong to no place")
    assert paragraph in text
    alone = bl.explore(border=border)
    assert "Totals that belong to no place" not in alone.get_root().render()


def test_words_of_a_toll_are_escaped_on_the_map(monkeypatch, tolls):
    hostile = tolls.assign(stated_by="<img src=x onerror=alert(1)>{{ 7 * 7 }}")
    monkeypatch.setattr("borderline.mapping._toll_paragraph.load_tolls", lambda: hostile)
    border = bl.load_border()
    events = bl.load_incidents().tail(20)
    page = bl.explore(bl.locate(events, border), border).get_root().render()
    assert "<img src=x" not in page
    assert "{{ 7 * 7 }}" in html.unescape(page)
