"""Places as reports write them: contradictions, several places in one text, things in or by a place."""

from __future__ import annotations

import pathlib

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline._constants import GEOD
from borderline.gazetteer import load_index


def coded(*texts, **columns):
    events = gpd.GeoDataFrame({"location": list(texts), **columns}, geometry=[None] * len(texts), crs=4326)
    return bl.geocode(events)


def answers(text):
    """Return what `find_place` takes the text for, without what else came into question."""
    places = bl.find_place(text)
    return places[places["reading"] != "candidate"]


def provinces(text):
    return answers(text)["admin1_iso"].tolist()


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Ban Phue, Kantharalak", "TH-33"),
        ("Kantharalak, Ban Phue", "TH-33"),
        ("Near Ban Phue, Kantharalak", "TH-33"),
        ("Ban Suan Som, Soi Dao", "TH-22"),
        ("Ban Nowhere At All, Khok Sung, Sa Kaeo", "TH-27"),
        ("Phanom Sarakham, Surin", "TH-32"),
        ("บ้านผือ อำเภอกันทรลักษ์", "TH-33"),
    ],
)
def test_no_homonym_outside_of_what_the_text_names(text, iso):
    places = bl.find_place(text, limit=20)
    assert set(places["admin1_iso"]) == {iso}
    assert coded(text)["admin1_iso"].tolist() == [iso]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Koh Yor", {"KH-9"}),
        ("Chong Preah", {"TH-32", "KH-22"}),
        ("Sai Taku Resort", {"KH-22"}),
        ("phatlung", {"TH-93"}),
        ("upnratthani", {"TH-34", "TH-41"}),
        ("B. Phum", set()),
        ("Suranaree Task Force", set()),
        ("กองกำลังสุรนารี", set()),
        ("Second Army Region", set()),
        ("Bang Rachan bunker", set()),
    ],
)
def test_right_or_refused(text, right):
    assert set(provinces(text)) <= right
    assert set(coded(text)["admin1_iso"].dropna()) <= right
    assert set(bl.find_place(text, limit=1)["admin1_iso"]) <= right


SEVERAL = [
    ("Surin, Sisaket and Buriram", {"TH-32", "TH-33", "TH-31"}),
    ("provinces of Surin and Sisaket", {"TH-32", "TH-33"}),
    ("Surin and Sisaket provinces", {"TH-32", "TH-33"}),
    ("between Poipet and Pailin", {"KH-1", "KH-24"}),
    ("from Trat to Chanthaburi", {"TH-23", "TH-22"}),
    ("Surin/Sisaket", {"TH-32", "TH-33"}),
    ("Surin; Sisaket; Trat", {"TH-32", "TH-33", "TH-23"}),
    ("Surin, Sisaket", {"TH-32", "TH-33"}),
    ("Trat - Pailin", {"TH-23", "KH-24"}),
    ("Sa Kaeo-Poipet area", {"TH-27", "KH-1"}),
    ("Kap Choeng, Surin and Ban Kruat, Buri Ram", {"TH-32", "TH-31"}),
    ("Chong An Ma and Chong Bok in Ubon Ratchathani and Prasat Ta Khwai in Surin", {"TH-34", "TH-32"}),
    ("สุรินทร์และศรีสะเกษ", {"TH-32", "TH-33"}),
    ("สุรินทร์ ศรีสะเกษ และบุรีรัมย์", {"TH-32", "TH-33", "TH-31"}),
    ("สุรินทร์กับศรีสะเกษ", {"TH-32", "TH-33"}),
    ("ระหว่างจังหวัดตราดกับจันทบุรี", {"TH-23", "TH-22"}),
    ("ខេត្តព្រះវិហារ និងខេត្តឧត្តរមានជ័យ", {"KH-13", "KH-22"}),
    ("Oddar Meanchey/Battambang province", {"KH-22", "KH-2"}),
    ("Sa Kaeo's Khok Sung district and Trat's Khlong Yai district", {"TH-27", "TH-23"}),
]


@pytest.mark.parametrize(("text", "right"), SEVERAL)
def test_several_places_are_all_listed(text, right):
    places = bl.find_place(text, limit=1)
    assert set(places["admin1_iso"]) == right
    assert set(places["reading"]) == {"several"}


@pytest.mark.parametrize(("text", "right"), SEVERAL)
def test_an_event_at_several_places_gets_the_area_that_holds_them(text, right):
    event = coded(text).iloc[0]
    assert event["geocoded_by"] == "gazetteer"
    assert event["geocode_reading"] == "several"
    assert event[["admin1", "admin1_iso", "admin2"]].isna().all()
    countries = {"THA" if iso.startswith("TH") else "KHM" for iso in right}
    assert {event["country"]} == countries if len(countries) == 1 else np.bool_(event["country"] is not str)
    assert all(iso in event["geocode_candidates"] for iso in right)
    assert event["location"] == text
    for place in bl.find_place(text).itertuples():
        _, _, metres = GEOD.inv(event.geometry.x, event.geometry.y, place.longitude, place.latitude)
        assert metres + place.location_error_m <= event["location_error_m"] + 1


def test_several_places_in_one_province_lie_in_it():
    event = coded("Phanom Dong Rak and Kap Choeng districts, Surin").iloc[0]
    assert event["admin1_iso"] == "TH-32"
    assert event["geocode_reading"] == "several"
    places = bl.find_place("Phanom Dong Rak and Kap Choeng districts, Surin")
    assert set(places["kind"]) == {"district"}
    assert places["name"].tolist() == ["Phanom Dong Rak", "Kap Choeng"]


def test_a_list_with_an_unknown_place_is_not_answered_with_the_others():
    event = coded("Surin and Qqqwwwxxx").iloc[0]
    assert event["geocoded_by"] == "none"
    assert event["geocode_reading"] == "unknown"
    assert "Surin" in event["geocode_candidates"]
    assert bl.find_place("Surin and Qqqwwwxxx").empty


def test_a_district_with_its_province_is_one_place():
    event = coded("Phanom Dong Rak, Surin").iloc[0]
    assert (event["admin1_iso"], event["geocode_reading"]) == ("TH-32", "place")


@pytest.mark.parametrize(
    "text",
    [
        "Bak Dai subdistrict, Phanom Dong Rak district, Surin province",
        "Surin province, Phanom Dong Rak district, Bak Dai subdistrict",
        "Bak Dai subdistrict of Phanom Dong Rak district in Surin",
        "Bak Dai subdistrict Phanom Dong Rak district Surin province",
        "tambon Bak Dai amphoe Phanom Dong Rak changwat Surin",
        "T. Bak Dai, A. Phanom Dong Rak, Ch. Surin",
        "villages in Bak Dai Subdistrict, Phanom Dong Rak District",
        "ต.บักได อ.พนมดงรัก จ.สุรินทร์",
        "จ.สุรินทร์ อ.พนมดงรัก ต.บักได",
        "ตำบลบักไดอำเภอพนมดงรักจังหวัดสุรินทร์",
        "พื้นที่ตำบลบักได อำเภอพนมดงรัก",
        "Surin's Bak Dai subdistrict",
    ],
)
def test_a_subdistrict_in_any_order_with_any_words(text):
    place = answers(text).iloc[0]
    assert (place["name"], place["kind"], place["admin1_iso"]) == ("Bak Dai", "subdistrict", "TH-32")


@pytest.mark.parametrize(
    ("text", "name", "iso"),
    [
        ("Prey Chan village, O'Bei Choan commune, O'Chrov district, Banteay Meanchey", "Prey Chan", "KH-1"),
        ("ភូមិព្រៃចាន់ ឃុំអូរបីជាន់ ស្រុកអូរជ្រៅ ខេត្តបន្ទាយមានជ័យ", "Prey Chan", "KH-1"),
        ("ខេត្តបន្ទាយមានជ័យ ស្រុកអូរជ្រៅ ឃុំអូរបីជាន់ ភូមិព្រៃចាន់", "Prey Chan", "KH-1"),
        ("phum Prey Chan, khum O'Bei Choan, srok O'Chrov", "Prey Chan", "KH-1"),
        ("หมู่ที่ 6 บ้านหนองจาน ตำบลโนนหมากมุ่น อำเภอโคกสูง", "Ban Nong Chan", "TH-27"),
        ("B. Nong Chan, T. Non Mak Mun, A. Khok Sung", "Ban Nong Chan", "TH-27"),
    ],
)
def test_a_village_with_all_that_it_lies_in(text, name, iso):
    place = answers(text).iloc[0]
    assert (place["name"], place["admin1_iso"]) == (name, iso)
    assert place["reading"] == "place"


@pytest.mark.parametrize(
    ("text", "iso", "name"),
    [
        ("hospital in Kantharalak district", "TH-33", "Kantharalak"),
        ("Kantharalak Hospital", "TH-33", "Kantharalak"),
        ("school of Ban Nong Chan", "TH-27", "Ban Nong Chan"),
        ("โรงพยาบาลกาบเชิง", "TH-32", "Kap Choeng"),
        ("Unheard Of Casino, Poipet", "KH-1", "Paoy Paet"),
        ("military base near Chong Bok", "TH-34", "Chong Bok"),
        ("Hill 999 near Chong An Ma", "TH-34", "Chong An Ma-An Ses"),
        ("Hill 999, Chong An Ma", "TH-34", "Chong An Ma-An Ses"),
    ],
)
def test_what_stands_in_or_by_a_place_gets_that_place(text, iso, name):
    place = answers(text).iloc[0]
    assert place["admin1_iso"] == iso
    own = place["reading"] == "place"  # the gazetteer has the thing itself
    assert own or (place["name"], place["reading"]) == (name, "surroundings")
    event = coded(text).iloc[0]
    assert event["admin1_iso"] == iso
    assert event["geocode_reading"] == place["reading"]


def test_the_place_named_holds_what_stands_by_it():
    crossing = answers("Chong An Ma").iloc[0]
    by = answers("Hill 999 near Chong An Ma").iloc[0]
    assert by["location_error_m"] >= crossing["location_error_m"] + 5000
    assert by["score"] < crossing["score"]


@pytest.mark.parametrize("number", [351, 678, 1, 9999])
def test_a_hill_is_not_another_of_nearly_the_same_number(number):
    assert answers(f"Hill {number}").empty
    assert answers(f"เนิน {number}").empty


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("near pillar 46", "TH-27"),
        ("border pillar no. 42", "TH-27"),
        ("boundary marker 46 in Khok Sung", "TH-27"),
        ("หลักเขตแดนที่ 46", "TH-27"),
        ("หลักเขตที่ ๔๖", "TH-27"),
        ("between pillars 42 and 46", "TH-27"),
        ("Pillar 6", "TH-32"),
        ("បង្គោលព្រំដែនលេខ ៤៦", "TH-27"),
    ],
)
def test_boundary_pillars(text, iso):
    assert provinces(text)[:1] == [iso]
    assert coded(text)["admin1_iso"].tolist() == [iso]


def test_the_point_of_a_pillar_is_that_of_the_layer():
    pillar = bl.catalog.read_table("pillars").set_index("number").loc[46]
    place = answers("near pillar 46").iloc[0]
    assert (place["longitude"], place["latitude"]) == (pillar["longitude"], pillar["latitude"])
    assert place["location_error_m"] == pillar["error_m"]
    assert answers("near pillar 30").empty


@pytest.mark.parametrize(
    ("text", "country", "iso"),
    [
        ("opposite Ban Nong Chan", "KHM", "KH-1"),
        ("Casino opposite Chong An Ma", "KHM", "KH-13"),
        ("Cambodian side of Chong Chom", "KHM", "KH-22"),
        ("Thai side opposite Poipet", "THA", "TH-27"),
        ("Thai side opposite Oddar Meanchey", "THA", None),
        ("Chong Chom casino", "KHM", "KH-22"),
        ("ตรงข้ามบ้านหนองจาน", "KHM", "KH-1"),
    ],
)
def test_the_other_side_of_the_border(text, country, iso):
    event = coded(text).iloc[0]
    assert event["country"] == country
    assert iso is None or event["admin1_iso"] == iso
    here = coded(text.split("opposite ")[-1]).iloc[0]
    assert event["location_error_m"] > 0
    if text.startswith("opposite"):
        assert event["location_error_m"] > here["location_error_m"]


def test_a_place_that_stands_opposite_another_is_the_place():
    assert answers("Ban Nong Chan, opposite Prey Chan")["admin1_iso"].tolist() == ["TH-27"]


def test_a_district_goes_before_the_town_of_its_name():
    places = bl.find_place("Kantharalak")
    assert places["kind"].tolist()[:2] == ["district", "town"]
    assert places["reading"].tolist()[:2] == ["place", "candidate"]
    event = coded("Kantharalak").iloc[0]
    assert event["geocode_candidates"].startswith("Kantharalak (district, TH-33")
    assert "Kantharalak (town, TH-33" in event["geocode_candidates"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("12345", "no_name"),
        ("14.35, 103.27", "no_name"),
        ("???", "no_name"),
        ("border villages", "no_name"),
        ("Surin " * 2000, "too_long"),
        ("x" * 10_000, "too_long"),
        ("서울", "unknown_script"),
        ("Москва", "unknown_script"),
        ("ວຽງຈັນ", "unknown_script"),
        ("Qqqwwwxxx", "unknown"),
        ("Samrong", "ambiguous"),
    ],
)
def test_what_is_no_place_is_refused_with_the_reason(text, why):
    event = coded(text).iloc[0]
    assert event["geocoded_by"] == "none"
    assert event.geometry is None
    assert event["geocode_reading"] == why
    assert answers(text).empty


def test_claims_that_exclude_each_other_are_refused_with_the_candidates():
    event = coded("Poipet", country=["THA"], admin1=["Banteay Meanchey"]).iloc[0]
    assert event["geocoded_by"] == "none"
    assert event["geocode_reading"] == "contradiction"
    assert "KH-1" in event["geocode_candidates"]


def agrees(text):
    """Return whether both verbs give one answer."""
    listed, event = answers(text), coded(text).iloc[0]
    if listed.empty:
        return event["geocoded_by"] == "none"
    isos = set(listed["admin1_iso"])
    same = {event["admin1_iso"]} == isos if len(isos) == 1 else event["admin1_iso"] is not str
    if len(listed) == 1:
        place = shapely.Point(listed["longitude"].iloc[0], listed["latitude"].iloc[0])
        same = same and event.geometry.distance(place) < 1e-9
    return bool(same) and event["geocode_reading"] == listed["reading"].iloc[0]


SPELLINGS = sorted(set(load_index().spelling.tolist()))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(SPELLINGS), min_size=1, max_size=3),
    st.sampled_from([", ", " and ", " / ", " in ", " near ", " "]),
)
def test_both_verbs_give_one_answer(names, joint):
    assert agrees(joint.join(names))


def test_both_verbs_give_one_answer_to_the_lists_of_spellings():
    folder = pathlib.Path(__file__).parent
    names = pd.read_csv(folder / "front_tune.csv")["name"].tolist()
    names += pd.read_csv(folder / "held_out.csv")["name"].tolist()[::5]
    events = coded(*names)
    for name, event in zip(names, events.itertuples(), strict=True):
        listed = answers(name)
        if listed.empty:
            assert (name, event.geocoded_by) == (name, "none")
            continue
        isos = set(listed["admin1_iso"])
        assert (name, event.geocode_reading) == (name, listed["reading"].iloc[0])
        assert (name, {event.admin1_iso} == isos or pd.isna(event.admin1_iso)) == (name, True)
        assert (name, pd.isna(event.admin1_iso)) == (name, len(isos) > 1)
        if len(listed) == 1:
            place = shapely.Point(listed["longitude"].iloc[0], listed["latitude"].iloc[0])
            assert event.geometry.distance(place) < 1e-9


def test_one_name_is_read_alike_with_and_without_the_short_way():
    from borderline.gazetteer import _place_phrases as phrases  # noqa: PLC0415 - its short way is private

    for name in SPELLINGS[::20]:
        short = phrases.parse_place(name)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(phrases, "_LATIN_NAME", phrases.re.compile(r"(?!)"))
            patch.setattr(phrases, "_LOCAL_NAME", phrases.re.compile(r"(?!)"))
            assert phrases.parse_place(name) == short
