"""Texts about places, taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderline.gazetteer._place_phrases import kinds_in_words, parse_place


@pytest.mark.parametrize(
    ("text", "names", "metres", "bearing"),
    [
        ("5 km north of Anlong Veng", ("Anlong Veng",), 5000, 0),
        ("about 1.5 km south-east of Poipet", ("Poipet",), 1500, 135),
        ("800 m west of Ta Khwai temple", ("Ta Khwai temple",), 800, 270),
        ("3 km from Ta Phraya", ("Ta Phraya",), 3000, None),
        ("2 miles NW of Poipet", ("Poipet",), 3218.688, 315),
        ("West of Ta Muen Thom", ("Ta Muen Thom",), None, 270),
        ("3 กม. ทางทิศเหนือของ ตาพระยา", ("ตาพระยา",), 3000, 0),
        ("ทางทิศใต้ของบ้านหนองจาน 2 กิโลเมตร", ("บ้านหนองจาน",), 2000, 180),
    ],
)
def test_distance_and_direction(text, names, metres, bearing):
    phrase = parse_place(text)
    assert phrase.names == names
    assert phrase.moved_m == pytest.approx(metres)
    assert phrase.bearing == bearing
    assert phrase.near


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("along the border in Sa Kaeo", ("Sa Kaeo",)),
        ("Sa Kaeo border", ("Sa Kaeo",)),
        ("Thai-Cambodian border near Poipet", ("Poipet",)),
        ("Border villages in Battambang", ("Battambang",)),
        ("แนวชายแดนสระแก้ว", ("สระแก้ว",)),
        ("Border (place not given)", ()),
    ],
)
def test_along_the_border(text, names):
    phrase = parse_place(text)
    assert phrase.border
    assert phrase.names == names


@pytest.mark.parametrize("text", ["Khlong Luek border checkpoint", "Poipet border gate"])
def test_a_checkpoint_is_no_stretch(text):
    assert not parse_place(text).border


def test_parts_and_pairs():
    phrase = parse_place("Ban Nong Chan, Khok Sung, Sa Kaeo (Thailand)")
    assert phrase.names == ("Ban Nong Chan",)
    assert phrase.within == ("Khok Sung", "Sa Kaeo", "Thailand")
    assert parse_place("Prey Chan / Ban Nong Ya Kaeo").names == ("Prey Chan", "Ban Nong Ya Kaeo")
    assert parse_place("บ้านโซง ต.โซง อ.น้ำยืน").within == ("ต.โซง", "อ.น้ำยืน")
    assert parse_place("Chong Sa-Ngam").names == ("Chong Sa-Ngam",)


def test_across_the_border():
    assert parse_place("Thai side opposite Anlong Veng").opposite


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ta Phraya district", "district"),
        ("ต.ป่าไร่", "subdistrict"),
        ("Don Tuan temple", "temple"),
        ("ช่องบก", "pass"),
    ],
)
def test_kinds(text, kind):
    assert kind in kinds_in_words(text)


@given(st.text(max_size=200))
def test_any_text_can_be_taken_apart(text):
    phrase = parse_place(text)
    assert all(phrase.names)
    assert all(phrase.within)
    assert phrase.moved_m is None or 0 <= phrase.moved_m <= 1e6
