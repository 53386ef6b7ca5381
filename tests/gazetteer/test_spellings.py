"""
How often a spelling leads to the right province, on lists that no table of spellings was made from.

`held_out.csv` was written before the first line of the gazetteer; a name's half follows from
its checksum. Rules and thresholds were set on the half `development` alone.
"""

from __future__ import annotations

import csv
import pathlib
import zlib

import pytest

from borderline.gazetteer import Query, answer_queries, load_index

HERE = pathlib.Path(__file__).parent


def rows(file, half):
    with (HERE / file).open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["half"] == half]


def outcome(listed):
    index = load_index()
    answers = answer_queries([Query(row["name"]) for row in listed], index)
    places = index.places
    right = [
        each.place is not None and places.iso[each.place] == row["admin1_iso"]
        for row, each in zip(listed, answers, strict=True)
    ]
    elsewhere = [
        row["name"]
        for row, each in zip(listed, answers, strict=True)
        if each.place is not None and places.country[each.place] != row["country"]
    ]
    wrong = sum(each.place is not None for each in answers) - sum(right)
    return sum(right) / len(listed), wrong, elsewhere


def unseen(listed):
    known = {name.casefold() for name in load_index().spelling}
    return [row for row in listed if row["name"].casefold() not in known]


def test_halves_follow_the_rule():
    for file in ("held_out.csv", "elsewhere.csv"):
        for half, rest in (("held_out", 1), ("development", 0)):
            assert all(zlib.crc32(row["name"].encode()) % 2 == rest for row in rows(file, half))


@pytest.mark.parametrize(
    ("half", "least", "least_unseen"), [("development", 0.97, 0.955), ("held_out", 0.95, 0.93)]
)
def test_right_province_and_no_wrong_country(half, least, least_unseen):
    listed = rows("held_out.csv", half)
    assert len(listed) > 590
    share, wrong, elsewhere = outcome(listed)
    assert share >= least
    assert wrong <= 1
    assert elsewhere == []
    new = unseen(listed)
    assert len(new) > 320
    assert outcome(new)[0] >= least_unseen


def test_the_list_has_three_scripts():
    names = "".join(row["name"] for half in ("development", "held_out") for row in rows("held_out.csv", half))
    assert sum("\u0e00" <= letter <= "\u0e7f" for letter in names) > 1000
    assert sum("\u1780" <= letter <= "\u17ff" for letter in names) > 1000


@pytest.mark.parametrize(("half", "most"), [("development", 0), ("held_out", 2)])
def test_names_of_other_places_are_refused(half, most):
    listed = rows("elsewhere.csv", half)
    answers = answer_queries([Query(row["name"]) for row in listed], load_index())
    assert sum(each.place is not None for each in answers) <= most
