"""Candidates for a name: order, context, refusal, odd input."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline._constants import GEOD
from borderline.errors import OptionError

COLUMNS = [
    "name", "matched", "kind", "country", "admin1", "admin1_iso", "latitude", "longitude", "location_error_m",
    "score",
]  # fmt: skip


def first(name, **context):
    return bl.find_place(name, **context).iloc[0]


def test_columns_of_the_contract():
    found = bl.find_place("Poipet")
    assert found.columns.tolist()[: len(COLUMNS)] == COLUMNS
    assert found["score"].between(0, 1).all()
    assert found["score"].is_monotonic_decreasing
    assert found.index.tolist() == list(range(len(found)))
    assert {"title", "attribution"} <= set(found.attrs["sources"][0])


@pytest.mark.parametrize(
    ("name", "iso"),
    [
        ("Sa Kaeo", "TH-27"),
        ("จ.ศรีสะเกษ", "TH-33"),
        ("ខេត្តឧត្តរមានជ័យ", "KH-22"),
        ("ប៉ោយប៉ែត", "KH-1"),
        ("Aranyaprathed", "TH-27"),
        ("ปราสาทตาควาย", "TH-32"),
        ("Chong Arnma", "TH-34"),
        ("Cham Yeam", "KH-9"),
        ("Hat Lek", "TH-23"),
    ],
)
def test_province_of_a_name(name, iso):
    assert first(name)["admin1_iso"] == iso


def test_three_ways_to_encode_one_name_find_the_same():
    composed, apart = "Bântéay Méanchey", "Ba\u0302nte\u0301ay Me\u0301anchey"
    hidden = "បន្ទាយ\u200bមានជ័យ"
    found = {first(name)["admin1_iso"] for name in (composed, apart, hidden, "បន្ទាយមានជ័យ")}
    assert found == {"KH-1"}


def test_homonyms_are_listed_and_context_decides():
    several = bl.find_place("Samrong", limit=20)
    assert several["admin1_iso"].nunique() >= 3
    assert several["score"].iloc[1] > several["score"].iloc[0] - 0.035
    assert set(bl.find_place("Samrong", country="KH")["country"]) == {"KHM"}
    assert first("Samrong", admin1="ឧត្តរមានជ័យ")["admin1_iso"] == "KH-22"
    assert first("Samrong, Ubon Ratchathani")["admin1_iso"] == "TH-34"
    assert set(bl.find_place("Samrong", admin1="TH-34")["admin1_iso"]) == {"TH-34"}


def test_nearness_decides_between_homonyms():
    buri_ram, sa_kaeo = (102.935, 14.268), shapely.Point(102.674, 13.866)
    assert first("Nong Waeng", near=buri_ram)["admin1_iso"] == "TH-31"
    assert first("Nong Waeng", near=sa_kaeo)["admin1_iso"] == "TH-27"


def test_a_disputed_place_is_filed_as_the_record_has_it():
    temple = first("Ta Muen Thom")
    assert (temple["admin1_iso"], temple["country"], temple["disputed"]) == ("TH-32", "THA", True)
    provinces = bl.load_admin()
    holds = provinces[provinces.contains(shapely.Point(temple["longitude"], temple["latitude"]))]
    # The drawing of the border has it on the other side: the record is not overruled.
    assert holds["admin1_iso"].tolist() == ["KH-22"]


def test_direction_moves_and_widens():
    named = bl.find_place("Anlong Veng")
    town, north = named[named["kind"] == "town"].iloc[0], first("5 km north of Anlong Veng")
    azimuth, _, metres = GEOD.inv(town["longitude"], town["latitude"], north["longitude"], north["latitude"])
    assert metres == pytest.approx(5000, abs=0.01)
    assert azimuth == pytest.approx(0, abs=1e-6)
    # A quarter of the distance along, and an eighth of a turn across.
    rough = 5000 * np.hypot(0.25, np.sin(np.pi / 8))
    assert north["location_error_m"] == pytest.approx(np.hypot(town["location_error_m"], rough), abs=100)


def test_stretch_of_border_reaches_along_the_province():
    stretch, border = first("along the border in Sa Kaeo"), bl.load_border()
    provinces = bl.load_admin().set_index("admin1_iso")
    own = shapely.intersection(provinces.geometry["TH-27"].boundary, border.line)
    points = shapely.get_coordinates(shapely.segmentize(own, 0.005))
    _, _, metres = GEOD.inv(
        np.full(len(points), stretch["longitude"]), np.full(len(points), stretch["latitude"]), *points.T
    )
    assert shapely.distance(own, shapely.Point(stretch["longitude"], stretch["latitude"])) < 1e-4
    # The radius holds 90 % of the stretch: neither a point's nor the whole province's.
    assert 0.8 < (metres <= stretch["location_error_m"]).mean() < 0.97


def test_the_radius_of_a_unit_holds_it():
    units = bl.load_admin().set_index("admin1_iso")
    for iso in ("TH-27", "KH-22"):
        found = bl.find_place(units["name"][iso], admin1=iso).query("kind == 'province'").iloc[0]
        points = shapely.get_coordinates(shapely.segmentize(units.geometry[iso].boundary, 0.05))
        _, _, metres = GEOD.inv(
            np.full(len(points), found["longitude"]), np.full(len(points), found["latitude"]), *points.T
        )
        assert metres.min() < found["location_error_m"] < metres.max()


@pytest.mark.parametrize(
    "name", ["", " ", "x", "12345", "The Hague", "Putrajaya", "Kuala Lumpur", "(", "border", "???"]
)
def test_nothing_good_enough_is_empty(name):
    found = bl.find_place(name)
    assert found.empty
    assert found.columns.tolist()[: len(COLUMNS)] == COLUMNS


def test_limit():
    assert len(bl.find_place("Samrong", limit=2)) == 2


@pytest.mark.parametrize(
    "options",
    [
        {"country": "ZZ"},
        {"country": 5},
        {"admin1": "Atlantis"},
        {"admin1": ["Surin"]},
        {"near": (14.3, 103.2)},
        {"near": "Surin"},
        {"near": (float("nan"), 1.0)},
        {"near": shapely.Point()},
        {"limit": 0},
        {"limit": True},
    ],
)
def test_options_that_cannot_be_used(options):
    (option,) = options
    with pytest.raises(OptionError, match=f"{option} must be .+, not "):
        bl.find_place("Surin", **options)


@pytest.mark.parametrize("name", [None, 5, float("nan"), b"Surin"])
def test_a_name_that_is_no_text(name):
    with pytest.raises(OptionError, match="name must be text"):
        bl.find_place(name)


def test_an_unknown_province_offers_a_near_miss():
    with pytest.raises(OptionError, match="Did you mean 'Surin'"):
        bl.find_place("Prasat", admin1="Surinn")


@pytest.mark.parametrize("country", ["KHM", "kh", "Cambodia", "cambodia"])
def test_a_country_is_a_code_or_a_name(country):
    assert set(bl.find_place("Samrong", country=country)["country"]) == {"KHM"}


@settings(max_examples=60)
@given(st.text(max_size=60))
@example("จ.")
@example("5 km north of ")
@example("\u200b")
@example("a, b; c / d - e (f")
def test_no_text_makes_it_fail(name):
    found = bl.find_place(name)
    assert found["location_error_m"].gt(0).all()
    assert found["score"].between(0, 1).all()
