"""Positions as devices, surveys and people write them, and the columns that hold them."""

from __future__ import annotations

import warnings

import mgrs
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import Geod

import borderline as bl
from borderline.errors import RejectsWarning, TableError
from borderline.readers._angle_notation import parse_angle
from borderline.readers._column_names import find_coordinate_pairs, fold_column_name
from borderline.readers._position_notation import parse_position, read_position

TEMPLE = (14 + 20 / 60 + 57 / 3600, 103 + 15 / 60 + 59 / 3600)
ZERO_WIDTH = "\u200b"


@pytest.mark.parametrize(
    "text",
    [
        "14:20:57N 103:15:59E",
        "14.20.57N 103.15.59E",
        "14-20-57N, 103-15-59E",
        "142057N 1031559E",
        "142057N1031559E",
        "N142057 E1031559",
        "+142057+1031559/",
        "14° 20´ 57´´ N 103° 15´ 59´´ E",
        "14° 20’ 57” N, 103° 15’ 59” E",
        "14º20'57''N 103º15'59''E",
        "14d20m57sN 103d15m59sE",
        "14 deg 20 min 57 sec north, 103 deg 15 min 59 sec east",
        "Lat: 14°20'57\" Long: 103°15'59\"",
        "Longitude 103 15 59 Latitude 14 20 57",
        "ละติจูด 14 องศา 20 ลิปดา 57 พิลิปดา เหนือ ลองจิจูด 103 องศา 15 ลิปดา 59 พิลิปดา ตะวันออก",
        "១៤°២០'៥៧\" ជើង ១០៣°១៥'៥៩\" កើត",
        f"14{ZERO_WIDTH}°20'57\"N{ZERO_WIDTH} 103°15'59\"E",
        "14\u00a0°\u202f20' 57\"N 103° 15' 59\"E",
        "+14°20'57\"N +103°15'59\"E",
        "14°N 20'57\" 103°E 15'59\"",
    ],
)
def test_same_temple_in_many_writings(text):
    assert parse_position(text) == pytest.approx(TEMPLE, abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "14.35 103.37",
        "14.35 103.37 120",
        "14.35, 103.37, 120, 4.5",
        "14,35 103,37 120 4,5",
        "geo:14.35,103.37?z=15",
        "https://www.google.com/maps?q=14.35,103.37",
        "https://www.google.com/maps/place/X/@14.30,103.30,17z/data=!3m1!4b1!4m5!8m2!3d14.35!4d103.37",
        "https://www.google.com/maps/search/?api=1&query=14.35%2C103.37",
        "https://www.openstreetmap.org/?mlat=14.35&mlon=103.37#map=12/14.3/103.3",
        "https://www.openstreetmap.org/#map=15/14.35/103.37",
        "https://maps.apple.com/?ll=14.35,103.37",
        "https://yandex.com/maps/?ll=103.37%2C14.35&z=12",
        "POINT (103.37 14.35)",
        "SRID=4326;POINT Z (103.37 14.35 120)",
        '{"type": "Point", "coordinates": [103.37, 14.35]}',
        "{'lat': 14.35, 'lng': 103.37}",
        "[14.35, 103.37]",
        "14.35 N Lat, 103.37 E Long",
        "X: 103.37 Y: 14.35",
        "14.35 N, 103.37 E (WGS 84)",
        "พิกัด 14.35, 103.37",
        "GPS: 14.35, 103.37",
    ],
)
def test_same_place_from_many_devices(text):
    assert parse_position(text) == pytest.approx((14.35, 103.37), abs=1e-9)


def test_accuracy_of_a_receiver_is_the_radius():
    events = bl.read_events(pd.DataFrame({"coordinates": ["14.35 103.37 120 4.5", "14.35 103.37 120 0"]}))
    assert events["location_error_m"].tolist() == [4.5, pd.NA]


@pytest.mark.parametrize(
    ("text", "axis", "degrees"),
    [
        ("14 20 57 S", "latitude", -(14 + 20 / 60 + 57 / 3600)),
        ("3 04 05S", "latitude", -(3 + 4 / 60 + 5 / 3600)),
        ("3d04m05.5S", "latitude", -(3 + 4 / 60 + 5.5 / 3600)),
        ("3d04m05.5sS", "latitude", -(3 + 4 / 60 + 5.5 / 3600)),
        ("S 3 04 05", "latitude", -(3 + 4 / 60 + 5 / 3600)),
        ("3°04'05\"S", "latitude", -(3 + 4 / 60 + 5 / 3600)),
        ("37d20m10.2s", "longitude", 37 + 20 / 60 + 10.2 / 3600),
        ("37d20m10.2sW", "longitude", -(37 + 20 / 60 + 10.2 / 3600)),
        ("-3.5S", "latitude", -3.5),
        ("-103.37W", "longitude", -103.37),
        ("045230N", "latitude", 4.875),
        ("0452.5N", "latitude", 4.875),
        ("1143015E", "longitude", 114 + 30 / 60 + 15 / 3600),
        ("11430.25E", "longitude", 114 + 30.25 / 60),
        ("032014.5S", "latitude", -(3 + 20 / 60 + 14.5 / 3600)),
    ],
)
def test_angle(text, axis, degrees):
    assert parse_angle(text, axis) == pytest.approx(degrees, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "axis", "said"),
    [
        ("3d04m05.5s", "latitude", "seconds or south"),
        ("3D04M05.5S", "latitude", "seconds or south"),
        ("103 15 59 S", "longitude", "none of a longitude"),
        ("45230N", "latitude", "run together"),
        ("143015E", "longitude", "run together"),
        ("0452301N", "latitude", "run together"),
        ("1420 57N", "latitude", "more than three digits"),
        ("146057N", "latitude", "less than 60"),
        ("-14.3N", "latitude", "contradict"),
        ("+3.5S", "latitude", "contradict"),
        ("Lon 14.3", "latitude", "other axis"),
    ],
)
def test_angle_with_several_readings_is_refused(text, axis, said):
    assert said in parse_angle(text, axis)


@given(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9))
def test_packed_digits_survive(lat, lon):
    texts = []
    for value, width, letters in ((lat, 2, "NS"), (lon, 3, "EW")):
        seconds = round(abs(value) * 3600)
        degrees, rest = divmod(seconds, 3600)
        texts.append(f"{degrees:0{width}}{rest // 60:02}{rest % 60:02}{letters[value < 0]}")
    assert parse_position(" ".join(texts)) == pytest.approx((lat, lon), abs=1.5e-4)
    assert parse_position("".join(texts)) == pytest.approx((lat, lon), abs=1.5e-4)


@pytest.mark.parametrize(
    "text",
    [
        "48P 0422000 1586000",
        "48P 422000 1586000",
        "48P 422000E 1586000N",
        "UTM 48 P E 422000 N 1586000",
        "zone 48 north, 422000, 1586000",
        "422000 1586000 48P",
        "Easting: 422000 Northing: 1586000 Zone: 48P",
        "48N 422000mE 1586000mN",
    ],
)
def test_utm_as_receivers_write_it(text):
    assert parse_position(text) == pytest.approx((14.344963, 104.276641), abs=1e-6)


def test_southern_hemisphere_of_utm_where_the_band_is_impossible():
    assert parse_position("48S 422000 8414000")[0] < -14
    assert "hemisphere" in parse_position("48S 422000 3900000")


@pytest.mark.parametrize("text", ["48QTA349116", "48NTA349116", "48Q 422000 1586000", "48R 422000 1586000"])
def test_band_that_its_northing_contradicts_is_refused(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert f"band {text[2]} runs from" in parse_position(text)


@given(st.floats(-79, 83), st.floats(-179, 179), st.integers(1, 5))
def test_middle_of_a_grid_square_is_read_as_its_own_library_writes_it(lat, lon, digits):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reference = mgrs.MGRS().toMGRS(lat, lon, MGRSPrecision=digits)
    position = read_position(reference)
    # Near the edge of a zone or a band the square may lie across it.
    assume(not isinstance(position, str))
    metres = Geod(ellps="WGS84").inv(lon, lat, position.longitude, position.latitude)[2]
    assert metres <= 10 ** (5 - digits) * 0.5**0.5 * 1.01 + 1


def test_square_gives_its_middle():
    assert parse_position("48PUA18") == pytest.approx((14.330825, 103.284635), abs=1e-6)


# --- which columns -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ("gps_lat", "gps_lon"),
        ("geo_Latitude", "geo_Longitude"),
        ("Location.lat", "Location.lng"),
        ("Lat.", "Long."),
        ("Latitude (WGS84)", "Longitude (WGS84)"),
        ("LAT_DD", "LON_DD"),
        ("decimalLatitude", "decimalLongitude"),
        ("_Location of incident_latitude", "_Location of incident_longitude"),
        ("POINT_Y", "POINT_X"),
        ("GPSLat", "GPSLon"),
        ("Latitude_N", "Longitude_E"),
        ("ละติจูด", "ลองจิจูด"),
        ("រយៈទទឹង", "រយៈបណ្តោយ"),
        ("Y coord", "X coord"),
    ],
)
def test_coordinates_with_more_around_their_names(lat, lon):
    table = pd.DataFrame({"date": ["2025-07-24"], lat: [14.39], lon: [104.68], "location": ["Ta Muen Thom"]})
    assert bl.read_events(table).geometry.iloc[0].coords[0] == (104.68, 14.39)


def test_several_pairs_are_asked_for():
    names = {"from_lat": [14.0], "from_lon": [104.0], "to_lat": [15.0], "to_lon": [105.0]}
    with pytest.raises(TableError, match=r"from_lat and from_lon; to_lat and to_lon"):
        bl.read_events(pd.DataFrame(names))
    chosen = {"latitude": "to_lat", "longitude": "to_lon"}
    assert bl.read_events(pd.DataFrame(names), columns=chosen).geometry.y.tolist() == [15.0]


def test_words_that_only_begin_like_coordinates_are_none():
    names = {fold_column_name(name): name for name in ("flat", "plate", "lat_error", "lon_error")}
    assert find_coordinate_pairs(names) == []


@pytest.mark.parametrize("cell", ["48P WA 220 861", "14.3473, 105.2045", "geo:14.3473,105.2045"])
def test_positions_in_a_column_that_does_not_say_so(cell):
    table = pd.DataFrame({"where exactly": [cell], "location": ["Ta Muen Thom"]})
    assert bl.read_events(table).geometry.y.round(2).tolist() == [14.35]


def test_place_whose_name_is_a_position_is_one():
    events = bl.read_events(pd.DataFrame({"location": ["14.39, 104.68"]}))
    assert events.geometry.iloc[0].coords[0] == (104.68, 14.39)
    assert events["location"].tolist() == ["14.39, 104.68"]


def test_first_notation_that_can_be_read_places_the_row():
    table = pd.DataFrame(
        {
            "lat": ["14.3", "", "x"],
            "lon": ["103.3", "", "y"],
            "grid": ["hill 5", "48P WA 220 861", "48P WA 220 861"],
        }
    )
    check = bl.check_events(table)
    assert check.events.geometry.y.round(2).tolist() == [14.3, 14.35, 14.35]
    assert check.repairs["row"].tolist() == [1, 3]


def test_two_notations_that_differ_are_told():
    table = pd.DataFrame(
        {"lat": [14.35, 14.35], "lon": [103.37, 103.37], "gps": ["14.38, 103.37", "14.36, 103.37"]}
    )
    check = bl.check_events(table)
    assert check.repairs[["row", "reason"]].to_numpy().tolist() == [[1, "positions_differ"]]
    assert "3.3 km" in check.repairs["detail"].item()
    assert check.events.geometry.y.tolist() == [14.35, 14.35]


def test_two_columns_of_one_name_are_told_and_the_plain_one_read():
    table = pd.DataFrame({"Latitude": [15.0], "latitude": [14.35], "longitude": [103.37]})
    events = bl.read_events(table)
    assert events.geometry.y.tolist() == [14.35]
    assert events.attrs["same_name"] == "latitude was read, Latitude was left"


def test_column_left_unused_is_not_read_after_writing(tmp_path):
    table = pd.DataFrame({"Latitude": [15.0], "LAT": [15.0], "latitude": [14.35], "longitude": [103.37]})
    path = bl.write_table(bl.read_events(table), tmp_path / "t.csv")
    assert bl.read_events(path).geometry.y.tolist() == [14.35]


# --- boxes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table",
    [
        {"lat": ["14,35", "14,4"], "lon": ["99,0", "103,4"]},
        {"lat": ["14°21'N", "14°24'N"], "lon": ["99 E", "103°24'E"]},
        {"lat": ["๑๔.๓๕", "๑๔.๔"], "lon": ["๙๙.๐", "๑๐๓.๔"]},
        {"coordinates": ["14.35, 99.0", "14.4, 103.4"]},
        {"gps_lat": ["14.35", "14.4"], "gps_lon": ["99.0", "103.4"]},
        {"zone": ["47P", "48P"], "easting": ["500000", "327511"], "northing": ["1586455", "1592515"]},
    ],
)
def test_box_reads_what_the_columns_read(tmp_path, table):
    box = (102, 10, 106, 15)
    path = tmp_path / "t.csv"
    pd.DataFrame(table).to_csv(path, index=False)
    for source in (pd.DataFrame(table), path):
        check = bl.check_events(source, bbox=box)
        assert check.passed_over == 1
        assert np.allclose(check.events.geometry.iloc[0].coords[0], (103.4, 14.4), rtol=0, atol=1e-3)


def test_box_passes_over_nothing_that_cannot_be_read():
    table = pd.DataFrame({"lat": ["14.4", "north"], "lon": ["103.4", "103.4"]})
    with pytest.warns(RejectsWarning, match="coordinate_not_a_number"):
        bl.read_events(table, bbox=(102, 10, 106, 15))


@pytest.mark.parametrize(
    ("lat", "text", "reasons"),
    [
        # Exchanged in a cell that is not used: nothing changes, nothing is told.
        (14.35, "103.37, 14.35", []),
        # 1.1 km apart, which two decimal digits leave open.
        (14.36, "103.37, 14.35", []),
        (14.36, "14.35, 103.37", []),
        (14.37, "14.34999, 103.37001", ["positions_differ"]),
        (14.39, "14.35, 103.37", ["positions_differ"]),
    ],
)
def test_a_second_notation_is_held_against_the_first_to_its_digits(lat, text, reasons):
    table = pd.DataFrame({"lat": [lat], "lon": [103.37], "coordinates": [text]})
    check = bl.check_events(table)
    assert check.events.geometry.iloc[0].coords[0] == (103.37, lat)
    assert check.repairs["reason"].tolist() == reasons
