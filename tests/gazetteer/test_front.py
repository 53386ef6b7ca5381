"""
How places of this war are found by the words of published reports.

The lists were written from reports of 2008 to 2011 and 2025 to 2026 before anything was tuned on
them, none from the gazetteer, and cut in half by a shuffle. Rules, names and thresholds are set
on `front_tune.csv`; nobody tunes on `front_held_out.csv`.

``admin1_iso`` holds the provinces that are right, ``;`` between: both where the line runs through
a place or both states claim it. ``+`` stands between several places of one text.
"""

from __future__ import annotations

import csv
import pathlib
import re
from collections import Counter

import pytest

import borderline as bl

HERE = pathlib.Path(__file__).parent
HALVES = ("tune", "held_out")
NO_PLACE = {"none", "abroad"}
OUTCOMES = ("right", "refused", "wrong province", "wrong country", "no place refused")


def listed(half):
    with (HERE / f"front_{half}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outcome(row):
    """Return what `find_place` makes of a row: one of the outcomes, or "no place answered"."""
    places = bl.find_place(row["name"], limit=10)
    if row["kind"] in NO_PLACE:
        return "no place refused" if places.empty else "no place answered"
    if places.empty:
        return "refused"
    if row["kind"] == "several":
        # Each of them must be listed; to answer with one of them is wrong.
        provinces = set(places["admin1_iso"])
        groups = [set(group.split(";")) for group in row["admin1_iso"].split("+")]
        right = all(provinces & group for group in groups)
    else:
        right = places["admin1_iso"].iloc[0] in row["admin1_iso"].split(";")
    if right:
        return "right"
    known = row["country"].split(";")
    return "wrong province" if places["country"].iloc[0] in known else "wrong country"


def measure(half):
    """Return the shares of the outcomes: of the places, and of what is no place."""
    rows = listed(half)
    counts = Counter(outcome(row) for row in rows)
    nowhere = sum(row["kind"] in NO_PLACE for row in rows)
    return {
        kind: counts[kind] / (nowhere if kind == "no place refused" else len(rows) - nowhere)
        for kind in OUTCOMES
    }


@pytest.mark.parametrize("half", HALVES)
def test_lists_hold_what_reports_write(half):
    rows = listed(half)
    names = [row["name"] for row in rows]
    assert len(rows) > 190
    assert len(set(names)) == len(names)
    local = sum(
        any("\u0e00" <= letter <= "\u0e7f" or "\u1780" <= letter <= "\u17ff" for letter in name)
        for name in names
    )
    assert local > len(names) / 3
    assert sum(row["kind"] in NO_PLACE for row in rows) >= 14
    assert all(row["source"] for row in rows)
    assert all((row["admin1_iso"] == "") == (row["kind"] in NO_PLACE) for row in rows)


def test_no_text_is_in_both_halves():
    assert not {row["name"] for row in listed("tune")} & {row["name"] for row in listed("held_out")}


#: Of the places: the least share that is right, and the most in a wrong province.
LEAST_RIGHT = {"tune": 0.94, "held_out": 0.88}
MOST_IN_WRONG_PROVINCE = 0.02
#: The most in a wrong country; the goal is none. One text of the half that was held out fails it.
MOST_IN_WRONG_COUNTRY = {"tune": 0, "held_out": 1}


@pytest.mark.parametrize("half", HALVES)
def test_places_are_found_as_reports_write_them(half):
    shares = measure(half)
    assert shares["right"] >= LEAST_RIGHT[half]
    assert shares["wrong province"] <= MOST_IN_WRONG_PROVINCE
    places = sum(row["kind"] not in NO_PLACE for row in listed(half))
    assert round(shares["wrong country"] * places) <= MOST_IN_WRONG_COUNTRY[half]
    assert shares["no place refused"] == 1


@pytest.mark.parametrize(
    ("page", "pattern"), [("README.md", r"([\d.]+) % of 184"), ("docs/results.md", r"\| 184 \| ([\d.]+) %")]
)
def test_pages_promise_no_more(page, pattern):
    text = (HERE.parents[1] / page).read_text(encoding="utf-8")
    assert float(re.search(pattern, text)[1]) <= 100 * measure("held_out")["right"] + 0.05
