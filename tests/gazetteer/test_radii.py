"""
Radii hold what they say: 90 % of points that other sources give, and had no part in them.

``geodata/build/radii.py`` makes the list from the pinned packages.
"""

from __future__ import annotations

import pathlib

import numpy as np
import pandas as pd
import pytest

import borderline as bl
from borderline._constants import GEOD

ROOT = pathlib.Path(__file__).parent.parent.parent
KEY = ["kind", "name", "admin1_iso", "admin2"]


@pytest.fixture(scope="module")
def held():
    """Whether the radius of its place holds each point, by kind and country."""
    points = pd.read_csv(ROOT / "geodata" / "build" / "independent_points.csv", keep_default_na=False)
    places = bl.catalog.read_table("places").drop_duplicates(KEY, keep=False).set_index(KEY)
    rows = places.loc[pd.MultiIndex.from_frame(points[KEY])]
    lon, lat, error_m = (
        pd.to_numeric(rows[name]).to_numpy() for name in ("longitude", "latitude", "location_error_m")
    )
    _, _, away = GEOD.inv(lon, lat, points["longitude"].to_numpy(), points["latitude"].to_numpy())
    country = points["admin1_iso"].str[:2]
    return pd.Series(away <= error_m).groupby([points["kind"], country]).agg(["count", "mean"])


@pytest.mark.parametrize(
    ("kind", "country", "least"),
    [
        ("province", "TH", 400), ("province", "KH", 300), ("district", "TH", 400), ("district", "KH", 300),
        ("subdistrict", "TH", 700), ("commune", "KH", 300), ("village", "KH", 30),
    ],
)  # fmt: skip
def test_nine_of_ten_points_lie_inside(held, kind, country, least):
    measured = held.loc[kind, country]
    assert measured["count"] >= least
    assert measured["mean"] >= 0.9


def test_towns_are_too_few_to_tell(held):
    """Two of fifteen positions of OpenStreetMap lie 8 km from the town: of the district, it seems."""
    assert held.loc["town", "KH"]["count"] == 15
    assert held.loc["town", "KH"]["mean"] == pytest.approx(13 / 15)


def test_the_data_page_states_what_was_measured(held):
    page = (ROOT / "geodata" / "README.md").read_text(encoding="utf-8")
    for (kind, country), measured in held.iterrows():
        share = np.floor(1000 * measured["mean"]) / 10
        assert f"| {kind}, {country} | {measured['count']:.0f} | {share:.1f} % |" in page


def test_a_subdistrict_reaches_as_far_as_its_part_of_the_district():
    """Dom Pradit is one of the largest: two positions of its middle lie 9.5 km apart."""
    found = bl.find_place("Dom Pradit", admin1="TH-34").query("kind == 'subdistrict'").iloc[0]
    _, _, away = GEOD.inv(found["longitude"], found["latitude"], 105.1417, 14.3663)
    assert 9_000 < away < found["location_error_m"]
