"""Positions as people write them, against the numbers they stand for."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

import borderline as bl
from borderline.readers._angle_notation import parse_angle
from borderline.readers._position_notation import parse_position

SAME = [
    "14.355, 103.3",
    "14.355,103.3",
    "14.355;103.3",
    "14.355 103.3",
    "14,355 103,3",
    "14,355; 103,3",
    "(14.355, 103.3)",
    "14°21'18\"N 103°18'E",
    "14\N{DEGREE SIGN}21\N{PRIME}18\N{DOUBLE PRIME}N103\N{DEGREE SIGN}18\N{PRIME}00\N{DOUBLE PRIME}E",
    "N14 21 18 E103 18 00",
    "14°21.3'N, 103°18'E",
    "E 103.3, N 14.355",
    "103.3E 14.355N",
    "14 21 18 103 18 00",
    "๑๔.๓๕๕, ๑๐๓.๓",
]


@pytest.mark.parametrize("text", SAME)
def test_same_place_in_many_writings(text):
    assert parse_position(text) == pytest.approx((14.355, 103.3), abs=1e-9)


@pytest.mark.parametrize("text", ["48P WA 220 861", "48PWA220861", "48p wa 220861", "48P WA 22050 86150"])
def test_grid_reference_of_an_army_report(text):
    # The middle of the square, by the transverse Mercator of zone 48 as PROJ has it.
    lat, lon = parse_position(text)
    assert Geod(ellps="WGS84").inv(lon, lat, 105.20449459, 14.34733376)[2] < 1.0


@pytest.mark.parametrize(
    "text", ["48P 522050 1586150", "48N 522050 1586150", "UTM zone 48P 522050 mE 1586150 mN"]
)
def test_utm(text):
    assert parse_position(text) == pytest.approx((14.34733376, 105.20449459), abs=1e-8)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("near the temple", "neither"),
        ("14,35", "decimal comma"),
        ("14.35", "neither"),
        ("14°75'N 103°E", "less than 60"),
        ("14.5 30 103.5 10", "decimals"),
        ("14.3N 103.3S", "letter"),
        ("-14.3N 103.3E", "sign and the letter"),
        ("48P WA 2208 61", "different numbers"),
        ("48P WA 22086", "different numbers"),
        ("99P WA 220 861", "no such grid square"),
        ("48 522050 1586150", "hemisphere"),
        ("38S 522050 1586150", "hemisphere"),
        ("61P 522050 1586150", "zones"),
    ],
)
def test_what_is_no_place_says_why(text, said):
    assert said in parse_position(text)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_decimal_degrees_survive(lat, lon):
    assert parse_position(f"{lat:.9f}, {lon:.9f}") == pytest.approx((lat, lon), abs=1e-8)


@given(st.floats(-89.9, 89.9), st.sampled_from(["latitude", "longitude"]))
def test_degrees_minutes_and_seconds_survive(angle, axis):
    letter = {"latitude": "NS", "longitude": "EW"}[axis][angle < 0]
    whole = round(abs(angle) * 3600, 2)
    degrees, rest = divmod(whole, 3600)
    minutes, seconds = divmod(rest, 60)
    text = f"{degrees:.0f}°{minutes:.0f}'{min(seconds, 59.99):.2f}\"{letter}"
    assert parse_angle(text, axis) == pytest.approx(angle, abs=1e-5)


@given(st.text(max_size=40))
def test_no_text_crashes(text):
    assert isinstance(parse_position(text), (tuple, str))


def test_table_with_positions_in_three_notations():
    frame = pd.DataFrame(
        {
            "lat": ["14°21'18\"N", "", ""],
            "lon": ["103 18 00 E", "", ""],
            "gps": ["", "14.355, 103.3", "48P WA 220 861"],
        }
    )
    events = bl.read_events(frame)
    assert events.geometry.y.round(3).tolist() == [14.355, 14.355, 14.347]


def test_table_with_utm_columns():
    frame = pd.DataFrame({"zone": ["48P"], "easting": [522050], "northing": [1586150.0]})
    assert bl.read_events(frame).geometry.y.round(6).tolist() == [14.347334]
