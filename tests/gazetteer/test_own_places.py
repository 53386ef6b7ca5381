"""Places of the caller's own: before, after and without the built-in ones; tables that cannot serve."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import borderline as bl
from borderline._constants import GEOD
from borderline.errors import CRSError, GeometryError, OptionError, TableError


def korea(**columns):
    """Return places of another border."""
    table = {
        "name": ["Panmunjom", "Dorasan Station", "Kaesong"],
        "aliases": ["판문점;Peace Village", ["도라산역", "Dorasan"], None],
        "country": ["South Korea", "KR", "PRK"],
        "admin1": ["Gyeonggi", "Gyeonggi", "North Hwanghae"],
        "latitude": [37.956, 37.899, 37.971],
        "longitude": [126.677, 126.710, 126.556],
        "location_error_m": [1000, 300, 4000],
    }
    return pd.DataFrame({**table, **columns})


def own(name, iso="TH-33", **columns):
    """Return one place of our own at the built-in border."""
    return pd.DataFrame(
        {
            "name": [name], "country": ["THA"], "admin1": [iso], "latitude": [14.5], "longitude": [104.5],
            "location_error_m": [200], **columns,
        }
    )  # fmt: skip


def first(name, **options):
    return bl.find_place(name, **options).iloc[0]


@pytest.mark.parametrize(
    "name", ["Panmunjom", "판문점", "Panmunjeom", "Peace Village", "Panmunjom, Gyeonggi"]
)
@pytest.mark.parametrize("order", ["before", "after", "alone"])
def test_places_of_another_border(name, order):
    gazetteer = {"before": korea(), "after": ["places", korea()], "alone": [korea()]}[order]
    place = first(name, gazetteer=gazetteer)
    assert (place["name"], place["country"], place["admin1"]) == ("Panmunjom", "KOR", "Gyeonggi")
    assert place["location_error_m"] == 1000


def test_built_in_places_are_known_unless_left_out():
    assert first("Poipet", gazetteer=korea())["admin1_iso"] == "KH-1"
    assert first("Poipet", gazetteer=["places", korea()])["admin1_iso"] == "KH-1"
    assert bl.find_place("Poipet", gazetteer=[korea()]).empty
    assert bl.find_place("판문점").empty


def test_phrases_work_with_places_of_another_border():
    options = {"gazetteer": [korea()]}
    here, moved = first("Panmunjom", **options), first("2 km east of Panmunjom", **options)
    _, _, metres = GEOD.inv(here["longitude"], here["latitude"], moved["longitude"], moved["latitude"])
    assert metres == pytest.approx(2000, abs=0.01)
    several = bl.find_place("between Dorasan Station and Kaesong", **options)
    assert several["country"].tolist() == ["KOR", "PRK"]
    fallback = first("Unheard Of, Gyeonggi, South Korea", **options)
    assert (fallback["kind"], fallback["reading"]) == ("province", "surroundings")
    assert bl.find_place("Kaesong, Gyeonggi", **options)["country"].tolist() == ["KOR"]


def test_a_homonym_of_ours_goes_before_or_after():
    table = own("Chong Bok")
    assert first("Chong Bok")["admin1_iso"] == "TH-34"
    assert first("Chong Bok", gazetteer=table)["admin1_iso"] == "TH-33"
    assert first("Chong Bok", gazetteer=["places", table])["admin1_iso"] == "TH-34"
    listed = bl.find_place("Chong Bok", gazetteer=["places", table])
    assert "TH-33" in set(listed["admin1_iso"])


@pytest.mark.parametrize("admin1", ["TH-33", "Sisaket", "จังหวัดศรีสะเกษ"])
def test_rows_are_filed_under_the_built_in_provinces(admin1):
    place = first("Qqwwxx Post, Si Sa Ket", gazetteer=own("Qqwwxx Post", admin1))
    assert (place["admin1_iso"], place["admin1"]) == ("TH-33", "Si Sa Ket")
    place = first("Qqwwxx Post, Kantharalak", gazetteer=own("Qqwwxx Post", admin1))
    assert place["name"] == "Qqwwxx Post"
    elsewhere = first("Qqwwxx Post, Trat", gazetteer=own("Qqwwxx Post", admin1))
    assert (elsewhere["admin1_iso"], elsewhere["reading"]) == ("TH-23", "surroundings")


def test_a_polygon_gives_its_middle_and_the_radius_that_holds_most_of_it():
    disc = shapely.Point(400_000, 4_200_000).buffer(10_000)
    table = gpd.GeoDataFrame(
        {"name": ["Disc"], "country": ["KOR"], "admin1": ["X"]}, geometry=[disc], crs=32652
    )
    place = first("Disc", gazetteer=[table])
    middle = gpd.GeoSeries([disc.centroid], crs=32652).to_crs(4326).iloc[0]
    assert (place["longitude"], place["latitude"]) == pytest.approx((middle.x, middle.y), abs=1e-3)
    # 90 % of a disc lie within the square root of 0.9 of its radius.
    assert place["location_error_m"] == pytest.approx(10_000 * np.sqrt(0.9), rel=0.03)


def test_events_are_geocoded_with_places_of_ours():
    texts = ["Panmunjom", "Poipet", "Panmunjom and Dorasan Station"]
    events = gpd.GeoDataFrame(
        {"location": texts, "country": ["South Korea", None, None]}, geometry=[None] * 3, crs=4326
    )
    before = events.copy(deep=True)
    coded = bl.geocode(events, gazetteer=korea())
    pd.testing.assert_frame_equal(pd.DataFrame(events), pd.DataFrame(before))
    assert coded["country"].tolist() == ["KOR", "KHM", "KOR"]
    assert coded["admin1"].tolist() == ["Gyeonggi", "Banteay Meanchey", "Gyeonggi"]
    assert coded["geocoded_by"].tolist() == ["gazetteer"] * 3
    assert coded.geometry.iloc[0].x == pytest.approx(126.677)
    again = bl.geocode(coded, gazetteer=korea())
    pd.testing.assert_frame_equal(pd.DataFrame(again), pd.DataFrame(coded))
    assert bl.geocode(events)["geocoded_by"].tolist() == ["none", "gazetteer", "none"]


def test_an_event_at_several_places_becomes_a_row_for_each():
    texts = ["Surin, Sisaket and Buriram", "Poipet", "ตราดและจันทบุรี", None]
    events = gpd.GeoDataFrame({"location": texts, "deaths": [1, 2, 3, 4]}, geometry=[None] * 4, crs=4326)
    events.index = list("abcd")
    rows = bl.geocode(events, explode=True)
    assert rows.index.tolist() == list("aaabccd")
    assert rows["admin1_iso"].tolist()[:6] == ["TH-32", "TH-33", "TH-31", "KH-1", "TH-23", "TH-22"]
    assert rows["deaths"].tolist() == [1, 1, 1, 2, 3, 3, 4]
    assert rows["location_reported"].tolist()[:3] == [texts[0]] * 3
    assert pd.isna(rows["location_reported"].iloc[3])
    assert rows["location"].iloc[3] == "Poipet"
    again = bl.geocode(rows, explode=True)
    pd.testing.assert_frame_equal(pd.DataFrame(again), pd.DataFrame(rows))
    assert bl.geocode(events.iloc[[1]], explode=True).index.tolist() == ["b"]


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        (korea().drop(columns="name"), TableError, "needs the column name"),
        (korea().rename(columns={"name": "nmae"}), TableError, "Did you mean 'nmae'"),
        (
            korea().rename(columns={"aliases": "alias"}),
            TableError,
            "'alias' is not read. Did you mean 'aliases'",
        ),
        (korea().rename(columns={"location_error_m": "location_error"}), TableError, "'location_error_m'"),
        (korea().rename(columns={"latitude": "latitud"}), TableError, "'latitude'"),
        (korea().drop(columns=["latitude", "longitude"]), TableError, "latitude, longitude"),
        (korea().drop(columns="location_error_m"), TableError, "row 1 has no location_error_m"),
        (korea(country=["KOR", "Atlantis", "PRK"]), TableError, "row 2: 'Atlantis'"),
        (korea(name=["A", "B", ""]), TableError, "row 3 has no name"),
        (korea(latitude=[37, 137, 37]), TableError, "row 2 has no position"),
        (korea(admin1=["A", None, "B"]), TableError, "row 2 has no admin1"),
        (korea(location_error_m=[1, 0, 2]), TableError, "row 2 has no location_error_m"),
        ("korea", OptionError, "gazetteer must be a table"),
        (["place", korea()], OptionError, "Did you mean 'places'"),
        (["places", "places"], OptionError, "once"),
        ([], OptionError, "gazetteer must be"),
        (5, OptionError, "gazetteer must be"),
        ([5], OptionError, "gazetteer must be"),
    ],
)
def test_tables_that_cannot_serve(table, error, message):
    with pytest.raises(error, match=message):
        bl.find_place("Panmunjom", gazetteer=table)
    events = gpd.GeoDataFrame({"location": ["Panmunjom"]}, geometry=[None], crs=4326)
    with pytest.raises(error, match=message):
        bl.geocode(events, gazetteer=table)


def test_geometries_that_cannot_serve():
    frame = {"name": ["A"], "country": ["KOR"], "admin1": ["X"], "location_error_m": [5]}
    line = gpd.GeoDataFrame(frame, geometry=[shapely.LineString([(0, 0), (1, 1)])], crs=4326)
    with pytest.raises(GeometryError, match="row 1 is no point and no polygon"):
        bl.find_place("A", gazetteer=line)
    with pytest.raises(CRSError, match="set_crs"):
        bl.find_place("A", gazetteer=line.set_crs(None, allow_override=True))


def test_credits_of_a_table_are_kept():
    table = korea()
    table.attrs["sources"] = [{"title": "Mine", "attribution": "Me"}]
    both = bl.find_place("Panmunjom", gazetteer=table).attrs["sources"]
    assert "Me" in {source["attribution"] for source in both}
    alone = bl.find_place("Panmunjom", gazetteer=[table]).attrs["sources"]
    assert [source["attribution"] for source in alone] == ["Me"]
