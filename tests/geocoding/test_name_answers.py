"""Events without a point, by the name of the place."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline import schema


def named(locations, **columns):
    count = len(locations)
    return gpd.GeoDataFrame({"location": locations, **columns}, geometry=[None] * count, crs=4326)


def test_a_name_becomes_a_point_with_all_that_belongs_to_it():
    events = named(["Ta Muen Thom temple", "Poipet"])
    before = events.copy(deep=True)
    found = bl.geocode(events)
    pd.testing.assert_frame_equal(pd.DataFrame(events), pd.DataFrame(before))
    assert found.index.equals(events.index)
    assert set(schema.AFTER_GEOCODE) <= set(found.columns)
    assert found["geocoded_by"].tolist() == ["gazetteer", "gazetteer"]
    assert found["admin1_iso"].tolist() == ["TH-32", "KH-1"]
    assert found["country"].tolist() == ["THA", "KHM"]
    assert found["disputed"].tolist() == [True, False]
    assert found["geocode_score"].between(0.9, 1).all()
    assert found["location_error_m"].ge(500).all()
    assert found["geocode_candidates"].str.contains("KH-1").tolist() == [False, True]
    assert found.geometry.notna().all()
    assert any("GeoNames" in source["attribution"] for source in found.attrs["sources"])


def test_a_homonym_without_context_is_refused_with_its_candidates():
    found = bl.geocode(named(["Samrong"])).iloc[0]
    assert found["geocoded_by"] == "none"
    assert found.geometry is None
    assert pd.isna(found["geocode_score"])
    assert pd.isna(found["admin1"])
    assert {"KH-22", "TH-34"} <= {code for code in ("KH-22", "TH-34") if code in found["geocode_candidates"]}


@pytest.mark.parametrize(
    ("columns", "iso"),
    [
        ({"admin1": ["Oddar Meanchey"]}, "KH-22"),
        ({"admin1": ["จังหวัดอุบลราชธานี"]}, "TH-34"),
        ({"admin1": ["Surin / Oddar Meanchey"], "country": ["KHM"]}, "KH-22"),
        ({"country": ["THA"], "admin1": ["TH-34"]}, "TH-34"),
    ],
)
def test_claims_of_the_row_decide_between_homonyms(columns, iso):
    found = bl.geocode(named(["Samrong"], **columns))
    assert found["admin1_iso"].tolist() == [iso]
    assert found["admin1_mismatch"].tolist() == [False]


def test_the_district_named_in_the_row_decides():
    events = named(["Nong Waeng"] * 2, admin2=["Lahan Sai", "Khok Sung"])
    assert bl.geocode(events)["admin1_iso"].tolist() == ["TH-31", "TH-27"]


def test_no_answer_in_another_country_than_the_claimed_one():
    found = bl.geocode(named(["Poipet", "Vientiane", "Poipet"], country=["THA", "LAO", "LAO"]))
    assert found["country"].isna().all()
    assert found["geocoded_by"].tolist() == ["none"] * 3


def test_where_only_a_province_is_claimed_there_is_no_point():
    found = bl.geocode(named(["a hill without name", None], admin1=["Surin", "Trat"]))
    assert found["admin1_iso"].tolist() == ["TH-32", "TH-23"]
    assert found.geometry.isna().all()
    assert found["location_error_m"].isna().all()


def test_along_the_border_lies_on_the_border_with_a_wide_radius():
    found = bl.geocode(named(["along the border in Sa Kaeo"]))
    located = bl.locate(found, bl.load_border())
    assert located["distance_m"].iloc[0] < 1
    assert found["location_error_m"].iloc[0] > 30_000


def test_direction_from_a_place():
    here, there = bl.geocode(named(["Anlong Veng, Oddar Meanchey", "5 km north of Anlong Veng"])).geometry
    assert there.y - here.y == pytest.approx(0, abs=0.2)
    found = bl.geocode(named(["5 km north of Anlong Veng"])).iloc[0]
    town = bl.find_place("Anlong Veng").query("kind == 'town'").iloc[0]
    assert found.geometry.y - town["latitude"] == pytest.approx(0.0452, abs=0.0005)


def test_a_disputed_place_with_a_point_is_marked_and_its_point_stands():
    temple = shapely.Point(103.26639, 14.34917)
    events = gpd.GeoDataFrame(
        {"location": ["Ta Muen Thom", None, "Ta Muen Thom", "Surin"]},
        geometry=[temple, temple, shapely.Point(103.27, 14.37), shapely.Point(103.49, 14.88)],
        crs=4326,
    )
    found = bl.geocode(events)
    assert found["disputed"].tolist() == [True, True, True, False]
    assert found["geocoded_by"].tolist() == ["coordinates"] * 4
    assert found["admin1_iso"].iloc[0] == "KH-22"


def test_the_radius_of_the_table_is_never_made_smaller():
    events = named(["Ta Khwai temple", "Ta Khwai temple"], location_error_m=[25_000.0, np.nan])
    assert bl.geocode(events)["location_error_m"].tolist() == [25_000.0, 500.0]


def test_points_come_in_the_crs_of_the_table():
    plain = bl.geocode(named(["Poipet"]))
    metric = bl.geocode(named(["Poipet"]).to_crs(32648))
    assert metric.crs.to_epsg() == 32648
    assert metric.to_crs(4326).geometry.iloc[0].distance(plain.geometry.iloc[0]) < 1e-9


def test_names_can_be_left_alone():
    found = bl.geocode(named(["Poipet"]), names=False)
    assert found["geocoded_by"].tolist() == ["none"]
    assert found.geometry.isna().all()
    own = bl.load_admin()
    assert bl.geocode(named(["Poipet"]), admin=own)["geocoded_by"].tolist() == ["none"]


def test_an_empty_table_and_one_without_location():
    empty = bl.geocode(named([]))
    assert len(empty) == 0
    assert set(schema.AFTER_GEOCODE) <= set(empty.columns)
    bare = gpd.GeoDataFrame(geometry=[None, shapely.Point()], crs=4326)
    assert bl.geocode(bare)["geocoded_by"].tolist() == ["none", "none"]


def test_seeds_by_name_alone_lie_where_their_points_are():
    seeds = bl.load_incidents()
    placed = seeds[seeds.geometry.notna()]
    blind = placed.assign(geometry=None, location_error_m=np.nan).set_geometry("geometry", crs=4326)
    found = bl.geocode(blind)
    answered = found.geometry.notna()
    assert answered.sum() >= 155
    away = found.geometry[answered].to_crs(32648).distance(placed.geometry[answered].to_crs(32648))
    inside = away <= found.loc[answered, "location_error_m"].astype(float)
    # The radius says that it holds 90 %.
    assert inside.mean() >= 0.9


@settings(max_examples=25)
@given(st.lists(st.one_of(st.none(), st.text(max_size=40)), min_size=1, max_size=5))
def test_no_text_makes_it_fail(texts):
    events = named(texts, country=texts[::-1], admin1=texts)
    found = bl.geocode(events)
    assert len(found) == len(texts)
    assert found["geocoded_by"].isin(["gazetteer", "none"]).all()
