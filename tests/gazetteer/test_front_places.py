"""Places of the front: found by their names, where incidents have them, on the side they are filed under."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import borderline as bl
from borderline._constants import GEOD
from borderline._paths import data_path
from borderline.gazetteer import Query, answer_queries, load_index
from borderline.gazetteer._name_index import province_codes

#: Names of incidents that are no place, or a place that no report locates.
UNPLACED = {"The Hague", "Putrajaya", "Kuala Lumpur", "O'Phlok Damrei"}
NO_PLACE = r"not given|not named|not specified|^Thai side opposite"


@pytest.fixture(scope="module")
def places():
    table = bl.catalog.read_table("places")
    for name in ("latitude", "longitude", "location_error_m", "bearing", "distance_km"):
        table[name] = pd.to_numeric(table[name])
    return table


@pytest.fixture(scope="module")
def incidents():
    table = bl.load_incidents()
    claims = pd.read_csv(data_path("seeds", "incidents.csv"), index_col="id", keep_default_na=False)
    table["claimed"] = claims["province_reported"].loc[table.index]
    named = ~table["location"].isin(UNPLACED) & ~table["location"].str.contains(NO_PLACE)
    return table[named].drop_duplicates(["location", "geometry"])


@pytest.fixture(scope="module")
def answers(incidents):
    index = load_index()
    claims = [
        frozenset().union(*(province_codes(part.strip(), index) for part in claim.split("/") if part.strip()))
        for claim in incidents["claimed"]
    ]
    queries = [
        Query(name, provinces=claim or None)
        for name, claim in zip(incidents["location"], claims, strict=True)
    ]
    return answer_queries(queries, index)


def test_every_incident_is_found_by_its_name(incidents, answers):
    assert len(incidents) > 100
    assert [
        name for name, answer in zip(incidents["location"], answers, strict=True) if not answer.is_known
    ] == []


def test_a_name_leads_to_where_the_incident_is(incidents, answers):
    wrong = []
    for row, answer in zip(incidents.itertuples(), answers, strict=True):
        if row.geometry is not None and answer.is_known:
            _, _, away = GEOD.inv(answer.lon, answer.lat, row.geometry.x, row.geometry.y)
            if away > answer.error_m + row.location_error_m:
                wrong.append((row.location, round(away), answer.error_m))
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "iso"),
    [
        ("Hill 350", "TH-32"), ("Hill 469", "TH-34"), ("Hill 481", "TH-34"), ("Hill 677", "TH-34"),
        ("เนิน 350", "TH-32"), ("Phanom Prasitso", "TH-33"), ("Prasat Khana", "TH-32"),
        ("ปราสาทคนา", "TH-32"), ("Chong Ta Thao", "TH-33"), ("ช่องตาเฒ่า", "TH-33"), ("Sam Tae", "TH-33"),
        ("Phu Pha Lek", "TH-33"), ("Chong Rayi", "TH-32"), ("Veal Intry", "KH-13"), ("Sattasom", "TH-33"),
        ("វាលឥន្ទ្រី", "KH-13"), ("ភ្នំខ្មោច", "KH-13"), ("O'Chik bridge", "KH-22"),
        ("Ban Khlong Phaeng", "TH-27"), ("Ban Suan Som", "TH-22"), ("Ban Sap Tari", "TH-22"),
        ("Royal Hill", "KH-22"), ("Koh Kong Resort", "KH-9"), ("Koh Yor", "KH-9"),
        ("Nam Yuen Hospital", "TH-34"), ("โรงพยาบาลกันทรลักษ์", "TH-33"), ("Rong Kluea Market", "TH-27"),
        ("Ta Moan Senchey Primary School", "KH-22"), ("Chey Chumneah bridge", "KH-15"),
    ],
)  # fmt: skip
def test_places_that_reports_of_the_war_name(name, iso):
    assert bl.find_place(name, limit=1)["admin1_iso"].tolist() == [iso]


def test_a_place_known_by_another_states_it_and_lies_there(places):
    own = places[places["distance_km"].notna() & places["bearing"].notna()]
    assert len(own) >= 5
    anchors = places.drop_duplicates("name").set_index("name")
    for row in own.itertuples():
        anchor = anchors.loc[row.relative_to]
        azimuth, _, metres = GEOD.inv(anchor["longitude"], anchor["latitude"], row.longitude, row.latitude)
        assert metres == pytest.approx(row.distance_km * 1000, abs=row.location_error_m)
        assert (azimuth - row.bearing + 180) % 360 - 180 == pytest.approx(0, abs=25)


def test_nobody_s_estimate_of_a_front_is_a_point(places):
    """A place that no report locates lies somewhere in a unit, or on the border along it."""
    somewhere = places[places["source"].str.startswith("somewhere") & places["kind"].isin(["hill", "pass"])]
    assert {"Phanom Prasitso", "Chong Ta Thao", "Chong Rayi"} <= set(somewhere["name"])
    assert somewhere["location_error_m"].min() > 5_000


def test_no_place_lies_in_another_country(places):
    """Of what lies in a neighbour by its point, the radius reaches home."""
    own = places[places["kind"] != "elsewhere"]
    points = gpd.GeoSeries(gpd.points_from_xy(own["longitude"], own["latitude"]), crs=4326)
    around = bl.catalog.read_layer("neighbours")
    foreign = np.zeros(len(own), dtype=bool)
    for shape in around.geometry:
        foreign |= points.within(shape).to_numpy()
    inside = own[foreign]
    home = bl.load_admin().to_crs(32648).union_all()
    away = points[foreign].to_crs(32648).distance(home).to_numpy()
    assert inside[away > 500]["name"].tolist() == []
    assert "Chong Bok" not in set(inside["name"])


def test_a_place_of_one_side_lies_on_it(places):
    """Undisputed places with a point of their own: in their country, or as near as the line is known."""
    kinds = {"casino", "hospital", "market", "school", "bridge", "village", "town", "other", "base"}
    own = places[places["kind"].isin(kinds) & (places["disputed"] == "no")]
    points = gpd.GeoSeries(gpd.points_from_xy(own["longitude"], own["latitude"]), crs=4326).to_crs(32648)
    countries = bl.load_admin().to_crs(32648).dissolve("country").geometry
    away = points.distance(countries[own["country"]].reset_index(drop=True)).to_numpy()
    assert own[away > np.minimum(own["location_error_m"], 450)]["name"].tolist() == []
