"""What wins, a point or a claim; and how probable each answer is."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

import borderline as bl
from borderline import schema
from borderline.errors import TableError

GEOD = Geod(ellps="WGS84")
TEMPLE = (104.6802, 14.3906)
TALKS = (102.4995, 12.9283)
PROBABILITIES = ["p_country", "p_other_country", "p_no_country"]


def at(lonlat, **columns):
    return gpd.GeoDataFrame(
        {name: [cell] for name, cell in columns.items()}, geometry=[shapely.Point(lonlat)], crs=4326
    )


def only(events, **options):
    (row,) = bl.geocode(events, **options).to_dict("records")
    return row


@pytest.fixture(scope="module")
def incidents():
    return bl.load_incidents()


@pytest.fixture(scope="module")
def geocoded(incidents):
    return bl.geocode(incidents)


@pytest.fixture(scope="module")
def talks():
    """The talks of 24 December 2025 at Ban Phakkad, by a point 470 m inside Cambodia that is good to 2 km."""
    return at(TALKS, country="Thailand", admin1="Chanthaburi", location_error_m=2_000.0)


def test_the_talks_reported_in_chanthaburi_come_out_there(talks):
    row = only(talks)
    assert (row["country"], row["admin1"], row["geocoded_by"]) == ("THA", "Chanthaburi", "claim")
    assert not row["admin1_mismatch"]
    assert row["admin1_second"] == "Pailin"
    assert 0.1 < row["p_admin1"] < 0.5 < row["p_admin1_second"]


def test_the_built_in_talks_are_in_chanthaburi(geocoded):
    talks = geocoded[
        (geocoded["event_date"] == "2025-12-24") & geocoded["location"].str.contains("Phakkad", na=False)
    ]
    assert talks["admin1"].tolist() == ["Chanthaburi"]


def test_reports_that_their_points_contradicted_agree(incidents, geocoded):
    """By the points alone 59 rows contradict their report; each claim lies within the error."""
    by_points = bl.geocode(incidents.drop(columns="location_error_m"))
    contradicted = by_points["admin1_mismatch"]
    assert contradicted.sum() >= 55
    assert geocoded.loc[contradicted, "geocoded_by"].eq("claim").all()
    assert geocoded["admin1_mismatch"].sum() == 0
    # Nothing else moved.
    same = ["country", "admin1_iso", "admin2_code", "geocoded_by"]
    pd.testing.assert_frame_equal(
        pd.DataFrame(geocoded.loc[~contradicted, same]), pd.DataFrame(by_points.loc[~contradicted, same])
    )


def test_where_no_error_is_known_nothing_is_weighed(talks):
    row = only(talks.assign(location_error_m=pd.NA))
    assert (row["admin1"], row["geocoded_by"], row["admin1_mismatch"]) == ("Pailin", "coordinates", True)
    assert all(pd.isna(row[name]) for name in (*PROBABILITIES, "p_admin1", "admin1_second", "p_admin2"))


@pytest.mark.parametrize("error_m", [0.0, 100.0, 460.0, 480.0, 2_000.0])
def test_a_claim_counts_as_far_as_the_error_reaches(talks, error_m):
    row = only(talks.assign(location_error_m=error_m))
    is_kept = error_m > 470
    assert row["admin1"] == ("Chanthaburi" if is_kept else "Pailin")
    assert row["admin1_mismatch"] == (not is_kept)
    assert row["geocoded_by"] == ("claim" if is_kept else "coordinates")


@pytest.mark.parametrize(
    ("claims", "answer", "way"),
    [
        ({"admin1": "Sisaket / Preah Vihear"}, "KH-13", "coordinates"),
        ({"admin1": "Sisaket"}, "TH-33", "claim"),
        ({"admin1": "จังหวัดศรีสะเกษ"}, "TH-33", "claim"),
        ({"admin1": "TH-33"}, "TH-33", "claim"),
        ({"country": "Thailand"}, "TH-33", "claim"),
        ({"country": "Thailand", "admin1": "Sisaket / Preah Vihear"}, "TH-33", "claim"),
        ({"country": "Thailand", "admin1": "Narnia"}, "TH-33", "claim"),
        ({"country": "disputed"}, "KH-13", "coordinates"),
        # Claims that contradict each other decide nothing.
        ({"country": "Thailand", "admin1": "Preah Vihear"}, "KH-13", "coordinates"),
        ({"country": "Cambodia", "admin1": "Sisaket"}, "KH-13", "coordinates"),
        # The point excludes these.
        ({"admin1": "Surin"}, "KH-13", "coordinates"),
        ({"admin1": "Surin / Sisaket"}, "TH-33", "claim"),
        ({"country": "Laos"}, "KH-13", "coordinates"),
        ({"country": "Vietnam", "admin1": "Sisaket"}, "TH-33", "claim"),
        ({"admin2": "Kantharalak"}, "TH-33", "claim"),
        ({"admin2": "อำเภอกันทรลักษ์"}, "TH-33", "claim"),
        ({"admin2": "Choam Ksan"}, "KH-13", "coordinates"),
        ({"admin2": "Poipet"}, "KH-13", "coordinates"),
    ],
)
def test_what_wins_beside_the_temple(claims, answer, way):
    """Preah Vihear temple by its point, with 5 km to spare."""
    row = only(at(TEMPLE, location_error_m=5_000.0, **claims))
    assert (row["admin1_iso"], row["geocoded_by"]) == (answer, way)
    assert row["country"] == ("KHM" if answer.startswith("KH") else "THA")
    named = claims.get("admin1")
    assert row["admin1_mismatch"] == (
        named in {"Surin", "Narnia"} or (named == "Sisaket" and answer != "TH-33")
    )


def test_a_claimed_district_moves_within_the_province():
    """Between two districts of Sa Kaeo; the claimed one is 1 km off."""
    districts = bl.load_admin("district").set_index("name")
    own, other = districts.loc["Aranyaprathet"].geometry, districts.loc["Khok Sung"].geometry
    shared = shapely.intersection(own.boundary, other.buffer(1e-4)).representative_point()
    point = next(
        candidate
        for candidate in (
            shapely.Point(shared.x + 0.01 * np.cos(turn), shared.y + 0.01 * np.sin(turn))
            for turn in np.linspace(0, 6.28, 60)
        )
        if own.contains(candidate)
    )
    plain = only(at((point.x, point.y), location_error_m=3_000.0))
    claimed = only(at((point.x, point.y), location_error_m=3_000.0, admin2="Khok Sung district"))
    assert (plain["admin2"], plain["geocoded_by"]) == ("Aranyaprathet", "coordinates")
    assert (claimed["admin2"], claimed["geocoded_by"]) == ("Khok Sung", "claim")
    assert claimed["admin1_iso"] == plain["admin1_iso"] == "TH-27"
    assert claimed["p_admin2"] + plain["p_admin2"] <= 1


@pytest.mark.parametrize(
    ("claim", "error", "country", "way"),
    [
        ("Laos", 5_000.0, "LAO", "claim"),
        ("Laos", 100.0, "LAO", "claim"),
        ("Laos", None, None, "none"),
        ("Cambodia", 5_000.0, "KHM", "nearest"),
        ("Thailand", 5_000.0, "THA", "claim"),
        ("Thailand", 100.0, None, "none"),
        (None, 5_000.0, "KHM", "nearest"),
        (None, 100.0, None, "none"),
    ],
)
def test_near_the_land_of_a_third_country(claim, error, country, way):
    """A few hundred metres inside Laos, at the point where the three countries meet."""
    event = at((105.213, 14.336), country=claim).assign(location_error_m=pd.array([error], dtype="Float64"))
    row = only(event)
    assert (row["country"] if pd.notna(row["country"]) else None, row["geocoded_by"]) == (country, way)
    if error:
        assert sum(row[name] for name in PROBABILITIES if pd.notna(row[name])) == pytest.approx(1)


def test_a_third_country_that_is_claimed_across_the_line():
    """The same point on Cambodian land, good enough to know better, or not."""
    for error, country in ((5_000.0, "LAO"), (100.0, "KHM")):
        row = only(at((105.19, 14.30), country="Laos", location_error_m=error))
        assert row["country"] == country
        assert pd.isna(row["admin1"]) == (country == "LAO")


def draws(rng, lonlat, error_m, model, count):
    """Places drawn at random by the textbook, moved along geodesics."""
    if model == "normal":
        radius = error_m / np.sqrt(2 * np.log(10)) * np.hypot(*rng.normal(size=(2, count)))
    else:
        radius = error_m / np.sqrt(0.9) * np.sqrt(rng.uniform(size=count))
    lon, lat, _ = GEOD.fwd(*(np.full(count, axis) for axis in lonlat), rng.uniform(0, 360, count), radius)
    return lon, lat


@pytest.mark.parametrize("model", ["normal", "disc"])
def test_probabilities_are_those_of_places_drawn_at_random(model):
    rng = np.random.default_rng(14)
    provinces = bl.load_admin()
    border = bl.load_border()
    points = shapely.get_coordinates(border.interpolate(rng.uniform(0, border.length_m, 12)))
    points += rng.normal(0, 0.03, points.shape)
    errors = rng.choice([500.0, 2_000.0, 8_000.0, 25_000.0], len(points))
    events = gpd.GeoDataFrame(
        {"location_error_m": errors, "position_model": model},
        geometry=gpd.points_from_xy(*points.T),
        crs=4326,
    )
    found = bl.geocode(events)
    areas = dict(zip(provinces["name"], provinces.geometry, strict=True))
    countries = provinces.dissolve("country").geometry
    for point, error_m, row in zip(points, errors, found.to_dict("records"), strict=True):
        lon, lat = draws(rng, point, error_m, model, 4_000)
        for name, share in (("admin1", "p_admin1"), ("admin1_second", "p_admin1_second")):
            if pd.notna(row[name]):
                drawn = shapely.intersects_xy(areas[row[name]], lon, lat).mean()
                assert row[share] == pytest.approx(drawn, abs=0.03), (row[name], error_m)
        if pd.notna(row["country"]):
            drawn = shapely.intersects_xy(countries[row["country"]], lon, lat).mean()
            assert row["p_country"] == pytest.approx(drawn, abs=0.03)


def test_probabilities_sum_to_one(geocoded):
    known = geocoded["location_error_m"].notna() & geocoded.geometry.notna()
    total = geocoded.loc[known, PROBABILITIES].fillna(0).sum(axis=1)
    assert known.sum() > 150
    assert (abs(total - 1) < 1e-9).all()
    assert geocoded.loc[~known, PROBABILITIES].isna().all(axis=None)
    answered = geocoded[known & geocoded["admin1"].notna()]
    assert (answered["p_admin1"] <= answered["p_country"] + 1e-9).all()
    assert (answered["p_admin1"] + answered["p_admin1_second"] <= 1 + 1e-9).all()
    assert (answered["admin1_second"] != answered["admin1"]).fillna(True).all()


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(102.2, 105.7), st.floats(11.5, 14.9), st.sampled_from([0.0, 300.0, 4e3, 4e4])),
        min_size=1,
        max_size=8,
    ),
    st.randoms(),
)
def test_laws_of_probability(places, random):
    events = gpd.GeoDataFrame(
        {"location_error_m": [error for *_, error in places]},
        geometry=[shapely.Point(lon, lat) for lon, lat, _ in places],
        crs=4326,
    )
    found = bl.geocode(events)
    assert (abs(found[PROBABILITIES].fillna(0).sum(axis=1) - 1) < 1e-9).all()
    order = list(range(len(places)))
    random.shuffle(order)
    mixed = bl.geocode(events.iloc[order]).sort_index()
    pd.testing.assert_frame_equal(pd.DataFrame(mixed), pd.DataFrame(found))
    inside = found[(found["location_error_m"] == 0) & (found["geocoded_by"] == "coordinates")]
    assert (inside[["p_country", "p_admin1"]] == 1).all(axis=None)


def test_a_wider_error_never_makes_the_answer_surer():
    errors = [0.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 20_000.0]
    events = gpd.GeoDataFrame(
        {"location_error_m": errors}, geometry=[shapely.Point(TEMPLE)] * len(errors), crs=4326
    )
    sure = bl.geocode(events)["p_country"].to_numpy(dtype=float)
    assert sure[0] == 1
    assert (np.diff(sure) <= 0.02).all()
    assert sure[-1] < 0.7


def test_own_provinces_are_weighed_too():
    squares = gpd.GeoDataFrame(
        {"admin1_iso": ["AA-1", "BB-1"], "country": ["XAA", "XBB"], "name": ["West", "East"]},
        geometry=[shapely.box(10, 10, 11, 11), shapely.box(11, 10, 12, 11)],
        crs=4326,
    )
    plain = only(at((10.999, 10.5), location_error_m=1_000.0), admin=squares)
    assert (plain["admin1"], plain["admin1_second"]) == ("West", "East")
    assert plain["p_admin1"] + plain["p_admin1_second"] == pytest.approx(1)
    assert (
        only(at((10.999, 10.5), location_error_m=1_000.0, admin1="East"), admin=squares)["admin1"] == "East"
    )
    assert only(at((10.999, 10.5), location_error_m=50.0, admin1="East"), admin=squares)["admin1"] == "West"
    alone = only(at((10.001, 10.5), location_error_m=1_000.0), admin=squares)
    assert alone["p_no_country"] == pytest.approx(1 - alone["p_country"])


def test_a_claim_at_sea_counts_without_any_reach():
    """Off the coast, where no province is, the claim is within the error."""
    off_coast = tuple(bl.load_border().line.coords[-1])
    plain = only(at((off_coast[0] - 0.01, off_coast[1] - 0.01), location_error_m=8_000.0), nearest_within_m=0)
    assert plain["geocoded_by"] == "none"
    for claim, country in (("Trat", "THA"), ("Koh Kong", "KHM")):
        row = only(
            at((off_coast[0] - 0.01, off_coast[1] - 0.01), location_error_m=8_000.0, admin1=claim),
            nearest_within_m=0,
        )
        assert (row["country"], row["geocoded_by"]) == (country, "claim")


def test_what_is_found_by_name_says_where_it_may_be():
    events = bl.read_events(
        pd.DataFrame(
            {
                "location": ["Surin", "Kantharalak district", "Ta Muen Thom temple", "Poipet", "a hill"],
                "admin1": [None, None, None, None, "Trat"],
            }
        )
    )
    found = bl.geocode(events)
    assert found["position_model"].tolist()[:2] == ["polygon", "polygon"]
    assert found["position_area"].fillna("").tolist() == ["TH-32", "3304", "", "0110", "TH-23"]
    assert found["geocoded_by"].tolist() == ["gazetteer"] * 4 + ["claim"]
    assert found["position_model"].notna().all()
    assert found["p_admin1"].iloc[0] == 1
    assert found["p_admin2"].iloc[1] == 1
    # Filed in Surin by name, while the line of 2025 has it within metres of Cambodia.
    assert 0.2 < found["p_country"].iloc[2] < 0.8


def test_what_the_table_says_of_a_position_stands():
    stated = bl.read_events(pd.DataFrame({"location": ["Surin"], "position_model": ["disc"]}))
    assert bl.geocode(stated)["position_model"].tolist() == ["disc"]
    assert bl.geocode(bl.geocode(stated))["position_model"].tolist() == ["disc"]


def test_an_error_that_cannot_be_is_refused():
    with pytest.raises(TableError, match="location_error_m"):
        bl.geocode(at(TEMPLE, location_error_m=-5.0))


def test_the_columns_are_there_whether_or_not_anything_is_known():
    for events in (at(TEMPLE), at(TEMPLE, location_error_m=500.0), at(TEMPLE).iloc[:0]):
        assert set(schema.AFTER_GEOCODE) <= set(bl.geocode(events).columns)
