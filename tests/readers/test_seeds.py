"""The built-in incidents, held against the file they come from."""

from __future__ import annotations

import csv

import pandas as pd
import pytest

import borderline as bl
from borderline.readers._crosswalks import _read_crosswalk
from borderline.schema import EVENT_TYPES


@pytest.fixture(scope="module")
def seeds():
    return bl.load_incidents()


@pytest.fixture(scope="module")
def rows():
    with bl.catalog.seeds_path().open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shown(column):
    return column.astype(object).where(column.notna(), None).tolist()


def test_every_row_is_an_event_in_its_order(seeds, rows):
    assert seeds.index.tolist() == [row["id"] for row in rows]
    assert len(seeds) == 222
    assert bl.check_events(bl.catalog.seeds_path()).format == "seeds"


def test_unknown_deaths_stay_unknown_and_the_low_end_counts(seeds, rows):
    expected = [int(row["fatalities_min"]) if row["fatalities_min"] else None for row in rows]
    assert shown(seeds["fatalities"]) == expected
    assert sum(cell is None for cell in expected) == 130


def test_points_are_those_of_the_file(seeds, rows):
    for point, row in zip(seeds.geometry, rows, strict=True):
        assert (point is None) == (row["latitude"] == "")
        if point is not None:
            assert (point.x, point.y) == (float(row["longitude"]), float(row["latitude"]))


def test_claimed_country_survives_geocoding(seeds, rows):
    words = {"TH": "THA", "KH": "KHM", "disputed": "disputed", "": None}
    geocoded = bl.geocode(seeds)
    assert shown(geocoded["country_reported"]) == [words[row["country_reported"]] for row in rows]
    assert shown(geocoded["admin1_reported"]) == [row["province_reported"] or None for row in rows]
    assert shown(seeds["country"]) == [
        {"TH": "THA", "KH": "KHM"}.get(row["country_reported"]) for row in rows
    ]


def test_types_are_of_the_vocabulary(seeds, rows):
    assert seeds["event_type"].tolist() == [row["event_type"] for row in rows]
    assert set(seeds["event_type"]) <= set(EVENT_TYPES)


def test_every_point_has_a_radius_and_nothing_else_has(seeds):
    assert seeds["location_error_m"].notna().tolist() == seeds.geometry.notna().tolist()
    assert seeds["location_error_m"].min() == 500


@pytest.mark.parametrize(
    ("row", "radius"),
    [
        ("TK-2008-07-15-01", 3000),  # derived
        ("TK-2025-12-13-02", 7000),  # own estimate that allows 7 km
        ("TK-2025-07-16-01", 500),  # grid reference of the army
    ],
)
def test_radius_follows_the_longest_fitting_entry(seeds, row, radius):
    assert seeds.loc[row, "location_error_m"] == radius


def test_every_entry_of_the_radius_table_is_used(rows):
    sources = {(row["geo_precision"], row["coordinate_source"]) for row in rows}
    for rule in _read_crosswalk("location_error.csv"):
        assert rule["format"] in {"seeds", "acled", "ucdp-ged", "gdelt", "gtd"}
        assert rule["format"] != "seeds" or any(
            rule["geo_precision"] == precision and source.startswith(rule["coordinate_source"])
            for precision, source in sources
        )
        assert rule["basis"]


def test_crosswalk_of_types_stays_in_the_vocabulary():
    assert {row["event_type"] for row in _read_crosswalk("event_types.csv")} <= set(EVENT_TYPES)


def test_country_codes_are_unique():
    codes = pd.DataFrame(_read_crosswalk("countries.csv"))
    assert codes["alpha_3"].is_unique
    assert codes["alpha_2"].is_unique
    assert codes["alpha_3"].str.fullmatch("[A-Z]{3}").all()


def test_credit_travels_along(seeds):
    [source] = seeds.attrs["sources"]
    assert source["license"] == "ODbL-1.0"
    assert source["attribution"]
