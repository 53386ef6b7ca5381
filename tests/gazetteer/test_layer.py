"""The layer of names: complete rows, points in their provinces, credit."""

from __future__ import annotations

import pathlib

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import borderline as bl


@pytest.fixture(scope="module")
def places():
    table = bl.catalog.read_table("places")
    for name in ("latitude", "longitude", "location_error_m", "border_km"):
        table[name] = pd.to_numeric(table[name])
    return table


def test_every_kind_is_there(places):
    counts = places["kind"].value_counts()
    assert counts["province"] == 102
    assert counts["district"] == 928 + 210
    assert counts["subdistrict"] > 7_400
    assert counts["commune"] == 1_661 - 7
    assert {"crossing", "temple", "pass", "hill", "village", "town", "border"} <= set(counts.index)


def test_every_row_is_complete(places):
    own = places["kind"] != "elsewhere"
    assert places["name"].str.len().gt(0).all()
    assert places["source"].str.len().gt(0).all()
    assert places["location_error_m"].gt(0).all()
    assert places.loc[own, "latitude"].between(5, 21).all()
    assert places.loc[own, "longitude"].between(97, 108).all()
    assert set(places.loc[own, "country"]) == {"THA", "KHM"}
    assert set(places.loc[own, "admin1_iso"]) == set(bl.load_admin()["admin1_iso"])
    # Two villages of one commune may bear one name; that is all that is known of either.
    assert set(places.loc[places.duplicated(), "kind"]) <= {"village"}


def test_names_come_in_three_scripts(places):
    names = places["name"] + ";" + places["aliases"]
    assert names.str.contains("[\u0e00-\u0e7f]").sum() > 8_000
    assert names.str.contains("[\u1780-\u17ff]").sum() > 2_500


def test_points_lie_in_their_province_or_are_marked(places):
    rows = places[(places["kind"] != "elsewhere") & (places["disputed"] == "no")]
    points = gpd.GeoSeries(gpd.points_from_xy(rows["longitude"], rows["latitude"]), crs=4326)
    provinces = bl.load_admin().set_index("admin1_iso").to_crs(32648)
    filed = provinces.geometry[rows["admin1_iso"]].reset_index(drop=True)
    away = points.to_crs(32648).distance(filed)
    # Points of subdistricts are somebody's middle of them: a few are off.
    assert (away.to_numpy() <= rows["location_error_m"].to_numpy()).mean() > 0.995
    near = rows["border_km"].to_numpy() <= 60
    assert np.mean(away.to_numpy()[near] <= rows["location_error_m"].to_numpy()[near]) > 0.998


def test_a_crossing_has_a_name_on_each_side(places):
    crossings = places[places["kind"] == "crossing"]
    # Of four trade crossings no report names the other side.
    assert crossings["country"].value_counts().to_dict() == {"THA": 18, "KHM": 13}
    assert crossings["status"].value_counts().to_dict() == {"permanent": 17, "temporary": 14}
    assert set(places.loc[places["kind"] != "crossing", "status"]) == {""}


def test_credit_names_who_is_owed():
    credit = bl.catalog.get("places").attribution
    for owed in (
        "OpenStreetMap",
        "GeoNames",
        "Open Development Cambodia",
        "Royal Thai Survey",
        "thaiaddress",
    ):
        assert owed in credit


@pytest.mark.parametrize(
    ("named", "credit"),
    [
        ("GeoNames", "GeoNames"), ("jturtler/TTC", "jturtler/TTC"), ("Wikipedia", "Wikipedia"),
        ("Nominatim", "Nominatim"), ("sac.or.th", "Sirindhorn"), ("thaiaddress", "thaiaddress"),
        ("Royal Thai Survey Department", "Royal Thai Survey Department"),
        ("Open Development Cambodia", "Open Development Cambodia"),
    ],
)  # fmt: skip
def test_every_list_that_positions_come_from_is_credited(places, named, credit):
    root = pathlib.Path(__file__).parent.parent.parent
    rows = pd.read_csv(root / "geodata" / "build" / "places_reported.csv", keep_default_na=False)
    assert places["source"].str.contains(named).any() or rows["source"].str.contains(named).any()
    assert credit in (root / "LICENSE-DATA").read_text(encoding="utf-8")


def test_every_place_that_reports_name_cites_one(places):
    root = pathlib.Path(__file__).parent.parent.parent
    rows = pd.read_csv(root / "geodata" / "build" / "places_front.csv", keep_default_na=False)
    assert len(rows) > 90
    assert rows["source"].str.contains(r"https?://\S+").all()
    assert set(rows["name"]) <= set(places["name"])
    # Where it lies is said in one way at least.
    assert (rows["latitude"].ne("") | rows["within"].ne("") | rows["relative_to"].ne("")).all()


def test_names_that_the_neighbour_country_gives_a_unit_are_its_own(places):
    root = pathlib.Path(__file__).parent.parent.parent
    rows = pd.read_csv(root / "geodata" / "build" / "unit_names.csv", keep_default_na=False)
    assert rows["source"].str.match(r"https?://\S+").all()
    index = places.set_index(["kind", "name", "admin1_iso"])["aliases"]
    for row in rows.itertuples():
        assert set(row.aliases.split(";")) <= set(index[row.kind, row.name, row.province_iso].split(";"))
