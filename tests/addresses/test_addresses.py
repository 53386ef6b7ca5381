"""Addresses: what is printed is read back, and what cannot be meant is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import AddressError, MeasureError, OptionError, TableError, UnknownKeyError

#: A border that runs north for 1 degree, with a hairpin further on.
NORTH = shapely.LineString([(0, 0), (0, 1)])
HAIRPIN = shapely.LineString([(0, 0), (1, 0), (1, 0.001), (0, 0.001)])
STRAIGHT = bl.Border.from_line(NORTH, left="FRA", right="DEU", nominal_length_km=100)
MARKS = pd.DataFrame(
    {
        "name": ["Upper Gate", "Lower Gate", "Old Mill", "Twin", "Twin", "Boundary Stone"],
        "aliases": ["ด่านบน;Porte Haute", "", "Moulin", "", "", None],
        "kind": ["crossing", "crossing", "mill", "mill", "mill", "pillar"],
        "number": pd.array([None, None, None, None, None, 7], dtype="Int64"),
        "chainage_m": [80_000.0, 30_000.0, 50_000.0, 10_000.0, 20_000.0, 60_000.0],
        "error_m": [10.0, None, 3.0, None, None, 1_000.0],
    }
)
PILLARS = pd.DataFrame({"number": [3, 1, 2, 4], "chainage_m": [70_000.0, 10_000.0, 40_000.0, np.nan]})


def at(text, border=STRAIGHT, landmarks=MARKS):
    return bl.addresses.parse_address(text, border, landmarks=landmarks).chainage_m


@pytest.mark.parametrize(
    "text",
    [
        "km 50", "KM 50.0", "50 km", "km50", "Kilometre 50", "kilometer post 50", "km 50,0",
        "km 49+1000", "km 49 + 1000 m",
        "at km 50", "กม. 50", "กม. ๕๐", "กิโลเมตรที่ ๕๐", "គ.ម. ៥០", " km  50 ", "km \uff15\uff10",
    ],
)  # fmt: skip
def test_kilometres_in_many_hands(text):
    assert at(text) == pytest.approx(STRAIGHT.length_m / 2)


@pytest.mark.parametrize(
    ("text", "chainage"),
    [
        ("Old Mill", 50_000),
        ("old-mill", 50_000),
        ("moulin", 50_000),
        ("at Old Mill", 50_000),
        ("ด่านบน", 80_000),
        ("Old Mill + 2 km", 52_000),
        ("Old Mill - 2 km", 48_000),
        ("Old Mill \u2212 2 km", 48_000),
        ("Old Mill + 2 km north", 52_000),
        ("Old Mill + 2 km NNE".replace("NNE", "NE"), 52_000),
        ("Old Mill + 2,5 km south", 47_500),
        ("Old Mill +300 m S", 49_700),
        ("Old Mill 300 metres southwards", 49_700),
        ("2 km to the south of Old Mill", 48_000),
        ("2 km south of pillar 7", 58_000),
        ("pillar 7", 60_000),
        ("Boundary Stone", 60_000),
        ("Border Pillar No. 7 + 300 m", 60_300),
        ("BP 7 - 1.2 km", 58_800),
        ("หลักเขตที่ ๗ + 300 เมตร", 60_300),
        ("បង្គោលព្រំដែនលេខ ៧", 60_000),
        ("Old Mill + 0 m", 50_000),
    ],
)
def test_landmarks(text, chainage):
    assert at(text) == pytest.approx(chainage, abs=1e-6)


def test_an_address_says_how_well_its_landmark_is_known():
    address = bl.addresses.parse_address("pillar 7 + 300 m", STRAIGHT, landmarks=MARKS)
    assert address == bl.addresses.Address(60_300.0, "Boundary Stone", 300.0, 1_000.0)
    assert bl.addresses.parse_address("Lower Gate", STRAIGHT, landmarks=MARKS).error_m is None
    assert bl.addresses.parse_address("km 1", STRAIGHT, landmarks=MARKS).landmark == ""


@given(
    st.floats(0, 1),
    st.sampled_from(["km", "pillar", "place", "crossing", "mill"]),
    st.sampled_from([1, 10, 100, 1000]),
    st.booleans(),
)
def test_what_is_printed_is_read_back(share, style, precision, turned):
    border = STRAIGHT.reversed() if turned else STRAIGHT
    marks = MARKS[MARKS["name"] != "Twin"]
    marks = marks.assign(chainage_m=border.length_m - marks["chainage_m"]) if turned else marks
    chainage = share * border.length_m
    text = bl.addresses.format_address(chainage, border, style=style, precision_m=precision, landmarks=marks)
    back = at(text, border, marks)
    if style == "km":
        assert abs(border.to_measure(back) - border.to_measure(chainage)) * 1000 <= precision / 2 + 1e-6
    else:
        # At the ends a rounded distance would leave the border, so it is cut instead.
        near_end = min(back, border.length_m - back) < precision
        assert abs(back - chainage) <= (precision if near_end else precision / 2) + 1e-6


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=20),
    st.sampled_from(["place", "pillar", "crossing", "temple"]),
)
def test_on_the_built_in_border_too(border, shares, style):
    chainage = np.array(shares) * border.length_m
    texts = bl.addresses.format_address(chainage, border, style=style, precision_m=10)
    back = np.array([bl.addresses.parse_address(text, border).chainage_m for text in texts])
    np.testing.assert_allclose(back, chainage, atol=10)


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


def test_arrays_keep_their_shape_and_gaps():
    texts = bl.addresses.format_address([[1_000.0, np.nan]], STRAIGHT)
    assert texts.shape == (1, 2)
    assert texts[0, 1] is None
    part = STRAIGHT.with_calibration(bl.Calibration((10_000.0, 20_000.0), (0.0, 10.0)))
    assert bl.addresses.format_address([5_000.0, 15_000.0], part).tolist() == [None, "km 5.0"]


def test_pillars_are_counted_as_their_numbers_run():
    back = STRAIGHT.reversed()
    turned = PILLARS.assign(chainage_m=STRAIGHT.length_m - PILLARS["chainage_m"])
    for text in ("pillar 2 + 5 km", "pillar 2 - 5 km", "pillar 3"):
        there = at(text, STRAIGHT, PILLARS)
        assert at(text, back, turned) == pytest.approx(STRAIGHT.length_m - there)
        printed = [
            bl.addresses.format_address(there, STRAIGHT, style="pillar", landmarks=PILLARS),
            bl.addresses.format_address(STRAIGHT.length_m - there, back, style="pillar", landmarks=turned),
        ]
        assert printed[0] == printed[1]
    assert at("pillar 2 + 5 km", STRAIGHT, PILLARS) == 45_000
    assert (
        bl.addresses.format_address(5_000.0, STRAIGHT, style="pillar", landmarks=PILLARS) == "pillar 1 - 5 km"
    )
    assert (
        bl.addresses.format_address(45_300.0, STRAIGHT, style="pillar", landmarks=PILLARS)
        == "pillar 2 + 5.3 km"
    )
    assert (
        bl.addresses.format_address(40_300.0, STRAIGHT, style="pillar", landmarks=PILLARS)
        == "pillar 2 + 300 m"
    )


def test_a_hairpin_leaves_the_direction_out():
    border = bl.Border.from_line(HAIRPIN, left="FRA", right="DEU")
    bend = pd.DataFrame({"name": ["Bend"], "chainage_m": [border.length_m / 2]})
    with pytest.raises(AddressError, match=r"ambiguous.*lead west and west.*leave the direction out"):
        at("Bend + 20 km west", border, bend)
    chainage = border.length_m / 2 + 20_000
    assert bl.addresses.format_address(chainage, border, style="place", landmarks=bend) == "Bend + 20 km"
    assert at("Bend + 20 km", border, bend) == pytest.approx(chainage)
    assert (
        bl.addresses.format_address(border.length_m / 2 - 20_000, border, style="place", landmarks=bend)
        == "Bend - 20 km"
    )


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("Old Mil", UnknownKeyError, "did you mean 'Old Mill'"),
        ("Nowhere + 2 km north", UnknownKeyError, "None of the 6 landmarks is called 'Nowhere'"),
        ("Twin", AddressError, "fits several landmarks .*10.0 km.*20.0 km"),
        ("pillar 8", UnknownKeyError, "no pillar 8 .*they have 7"),
        ("Old Mill + 90 km north", MeasureError, "past an end"),
        ("Old Mill + 90 km", MeasureError, r"29\.4 km past the end.*Old Mill is 50\.0 km"),
        ("Lower Gate - 31 km", MeasureError, r"1\.0 km past the start"),
        ("Upper Gate + 40 km north", MeasureError, "past an end .*lead only south"),
        ("Old Mill + 2 km east", AddressError, "ambiguous: 2 km .*lead north and south"),
        ("Old Mill + 2 km upstream", AddressError, "'upstream' .*not a compass direction"),
        ("Old Mill + 2 km sout", AddressError, "Did you mean 'south'"),
        ("Old Mill - 2 km north", AddressError, "minus and a direction"),
        ("km 101", MeasureError, "km 101 lies off the border.* km 0 to km 100"),
        ("km -3", UnknownKeyError, "'km -3'"),
        ("km 1,234", AddressError, "thousands or decimals"),
        ("km 1.2.3", AddressError, "not a number"),
        ("Old Mill + 1,2,3 km", AddressError, "thousands or decimals"),
        ("  ", AddressError, "empty"),
        ("", AddressError, "empty"),
        ("+ 2 km", UnknownKeyError, "called"),
        ("...", UnknownKeyError, "called"),
        (None, AddressError, "not None"),
        (12.3, AddressError, "not 12.3"),
    ],
)
def test_what_cannot_be_meant(text, error, said):
    with pytest.raises(error, match=said):
        at(text)


def test_a_pillar_that_nobody_has_placed():
    with pytest.raises(UnknownKeyError, match="Pillar 4 is on record, but its position is not published"):
        at("pillar 4", STRAIGHT, PILLARS)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"style": "crosing"}, OptionError, "style must be one of .*Did you mean 'crossing'"),
        ({"precision_m": 50}, OptionError, "1000, 100, 10 or 1, not 50"),
        ({"landmarks": MARKS[["name"]], "style": "place"}, TableError, "longitude, latitude"),
        ({"landmarks": MARKS[["chainage_m"]], "style": "place"}, TableError, "column name"),
        ({"landmarks": MARKS.iloc[:0], "style": "place"}, AddressError, "No landmark"),
    ],
)
def test_bad_options(options, error, said):
    with pytest.raises(error, match=said):
        bl.addresses.format_address(1_000.0, STRAIGHT, **{"landmarks": MARKS, **options})


@pytest.mark.parametrize("chainage", [-1.0, STRAIGHT.length_m + 1])
def test_off_the_border(chainage):
    with pytest.raises(MeasureError, match="off the border"):
        bl.addresses.format_address(chainage, STRAIGHT)


def test_nan_alone_is_no_address():
    with pytest.raises(AddressError, match="no address"):
        bl.addresses.format_address(np.nan, STRAIGHT)


def test_built_in_landmarks(border):
    marks = bl.addresses.load_landmarks(border)
    placed = marks[marks["chainage_m"].notna()]
    assert (np.diff(placed["chainage_m"]) >= 0).all()
    assert (placed["distance_m"] <= 5_000).all()
    assert marks.loc[marks["kind"] == "pillar", "number"].notna().sum() == 20
    feet = border.foot(placed.geometry.x, placed.geometry.y)
    np.testing.assert_allclose(placed["chainage_m"], feet.chainage)
    assert {source["title"] for source in marks.attrs["sources"]} >= {bl.catalog.get("pillars").title}
    assert placed["error_m"].notna().all()


def test_a_crossing_goes_by_the_names_of_both_sides(border):
    for name in ("Chong Chom", "O Smach", "ช่องจอม"):
        assert "Chong Chom" in bl.addresses.parse_address(name, border).landmark
    east, west = (at(f"Chong Chom + 2 km {way}", border, None) for way in ("east", "west"))
    assert west - east == pytest.approx(4_000)
    assert border.interpolate(east).x > border.interpolate(west).x
    names = bl.addresses.load_landmarks(border).query("kind == 'crossing'")["name"]
    assert not names.duplicated().any()


def test_another_border_has_no_landmarks():
    assert bl.addresses.load_landmarks(STRAIGHT).empty
    with pytest.raises(UnknownKeyError, match="None of the 0 landmarks"):
        at("Chong Chom", STRAIGHT, None)


def test_inputs_are_left_alone():
    before = MARKS.copy()
    bl.addresses.format_address([1.0, 2.0], STRAIGHT, style="place", landmarks=MARKS)
    pd.testing.assert_frame_equal(MARKS, before)
