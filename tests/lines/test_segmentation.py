"""The verb `segment`."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import AddressError, MeasureError, OptionError, TableError, UnknownKeyError
from borderline.schema import SEGMENT_COLUMNS


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


def test_shape(border):
    segments = bl.segment(border, every_km=10)
    assert type(segments) is gpd.GeoDataFrame
    assert tuple(segments.columns) == SEGMENT_COLUMNS
    assert segments.index.name == "segment_id"
    assert segments.crs == "EPSG:4326"
    assert len(segments) == 83
    np.testing.assert_allclose(segments["length_km"].iloc[:-1], 10.0)
    assert segments["length_km"].iloc[-1] == pytest.approx(4.249, abs=1e-3)


@given(st.floats(0.7, 2_000))
@settings(max_examples=15)
def test_segments_sum_to_the_border(every_km):
    border = bl.Border.from_line(shapely.LineString([(0, 0), (1, 1), (2, 0)]), left="XAA", right="XBB")
    segments = bl.segment(border, every_km=every_km)
    assert segments["from_m"].iloc[0] == 0
    assert segments["to_m"].iloc[-1] == border.length_m
    np.testing.assert_array_equal(segments["from_m"].iloc[1:], segments["to_m"].iloc[:-1])
    assert segments["length_km"].sum() * 1000 == pytest.approx(border.length_m, abs=1e-6)
    pieces = [bl.Border.from_line(line, left="XAA", right="XBB").length_m for line in segments.geometry]
    np.testing.assert_allclose(pieces, segments["to_m"] - segments["from_m"], atol=2e-3)


def test_lines_join_end_to_end(border):
    lines = bl.segment(border, every_km=25).geometry
    for one, other in zip(lines.iloc[:-1], lines.iloc[1:], strict=True):
        assert one.coords[-1] == other.coords[0]


def test_a_short_remainder_makes_no_segment(border):
    step = (border.length_m - 0.5) / 1000 / 8
    assert len(bl.segment(border, every_km=step)) == 8
    step = (border.length_m - 1.5) / 1000 / 8
    assert len(bl.segment(border, every_km=step)) == 9


def test_provinces_on_the_banks(border):
    segments = bl.segment(border, every_km=10)
    assert set(segments["admin1_right"]) == {
        "Ubon Ratchathani", "Si Sa Ket", "Surin", "Buri Ram", "Sa Kaeo", "Chanthaburi", "Trat"
    }  # fmt: skip
    assert set(segments["admin1_left"]) == {
        "Preah Vihear", "Oddar Meanchey", "Banteay Meanchey", "Battambang", "Pailin", "Pursat", "Koh Kong"
    }  # fmt: skip


def test_countries_that_are_not_built_in_have_no_provinces():
    border = bl.Border.from_line(shapely.LineString([(7, 49), (8, 49)]), left="DEU", right="FRA")
    segments = bl.segment(border, every_km=10)
    assert segments[["admin1_left", "admin1_right"]].isna().all(axis=None)


@pytest.mark.parametrize("every_km", [0, -1, float("nan"), float("inf"), 1e-9])
def test_bad_lengths(border, every_km):
    with pytest.raises(OptionError, match="every_km"):
        bl.segment(border, every_km=every_km)


PLAIN = bl.Border.from_line(
    shapely.LineString([(0, 0), (0, 1)]), left="FRA", right="DEU", nominal_length_km=100
)


def tiles(segments, border):
    """Segments follow each other from one end of the border to the other."""
    assert segments["from_m"].iloc[0] == 0
    assert segments["to_m"].iloc[-1] == border.length_m
    np.testing.assert_array_equal(segments["from_m"].iloc[1:], segments["to_m"].iloc[:-1])
    assert (segments["length_km"] >= 0.001).all()
    np.testing.assert_allclose(segments["length_km"] * 1000, segments["to_m"] - segments["from_m"])
    return True


@given(st.integers(1, 300), st.booleans())
@settings(max_examples=15)
def test_n_of_one_length(n, calibrated):
    segments = bl.segment(PLAIN, n=n, calibrated=calibrated)
    assert tiles(segments, PLAIN)
    assert len(segments) == n
    np.testing.assert_allclose(segments["length_km"], PLAIN.length_m / 1000 / n)


@given(st.floats(0.5, 200), st.floats(-300, 300), st.booleans())
@settings(max_examples=25)
def test_a_grid_with_an_origin(every_km, origin_km, calibrated):
    segments = bl.segment(PLAIN, every_km=every_km, origin_km=origin_km, calibrated=calibrated)
    assert tiles(segments, PLAIN)
    breaks = segments["from_m"].iloc[1:].to_numpy()
    km = PLAIN.to_measure(breaks) if calibrated else breaks / 1000
    steps = (km - origin_km) / every_km
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-6)
    assert (np.diff(km) < every_km * 1.0001).all()
    whole = 100 if calibrated else PLAIN.length_m / 1000
    assert len(segments) >= whole / every_km - 2


@given(st.floats(0.5, 200))
@settings(max_examples=15)
def test_balance_keeps_the_number_and_evens_the_length(every_km):
    plain, even = (bl.segment(PLAIN, every_km=every_km, balance=balance) for balance in (False, True))
    assert tiles(even, PLAIN)
    assert len(even) == len(plain)
    np.testing.assert_allclose(even["length_km"], PLAIN.length_m / 1000 / len(plain))


@given(st.lists(st.floats(0.01, 110), min_size=1, max_size=8, unique=True))
@settings(max_examples=25)
def test_given_breaks(breaks):
    breaks = sorted(breaks)
    if np.diff(breaks).min(initial=1) < 0.001:
        return
    segments = bl.segment(PLAIN, breaks_km=breaks)
    assert tiles(segments, PLAIN)
    np.testing.assert_allclose(segments["to_m"].iloc[:-1] / 1000, breaks)


def test_breaks_at_the_ends_are_the_ends():
    segments = bl.segment(PLAIN, breaks_km=[0, 50, PLAIN.length_m / 1000])
    assert segments["from_m"].tolist() == [0, 50_000]
    assert tiles(segments, PLAIN)
    halves = bl.segment(PLAIN, breaks_km=[50], calibrated=True)
    np.testing.assert_allclose(halves["length_km"], PLAIN.length_m / 2000)


def test_pairs_may_leave_gaps():
    segments = bl.segment(PLAIN, breaks_km=[(0, 10), (10, 20), (50, 60)])
    assert segments[["from_m", "to_m"]].to_numpy().tolist() == [
        [0, 10_000],
        [10_000, 20_000],
        [50_000, 60_000],
    ]


def test_every_event_has_one_segment(border):
    chainage = np.concatenate([np.linspace(0, border.length_m, 500), bl.segment(border, n=37)["from_m"]])
    events = pd.DataFrame({"chainage_m": chainage, "distance_m": 0.0, "beyond_end": False})
    counts = bl.density(events, bl.segment(border, n=37))["n_events"]
    assert counts.sum() == len(events)


#: Land border of each province, kilometres, as a trial build measured it.
PROVINCES = {
    "Sa Kaeo": 183.8, "Trat": 172.4, "Si Sa Ket": 133.2, "Surin": 131.1, "Chanthaburi": 88.3,
    "Ubon Ratchathani": 67.8, "Buri Ram": 47.7, "Oddar Meanchey": 222.4, "Banteay Meanchey": 178.9,
    "Preah Vihear": 139.0, "Battambang": 135.4, "Pursat": 52.0, "Koh Kong": 49.2, "Pailin": 47.4,
}  # fmt: skip


@pytest.fixture(scope="module")
def pairs(border):
    return bl.segment(border, by="admin1")


def test_pairs_of_provinces(border, pairs):
    assert tiles(pairs, border)
    assert len(pairs) == 14
    left, right = (pairs.groupby(f"admin1_{side}")["length_km"].sum() for side in ("left", "right"))
    found = {**left, **right}
    assert found == pytest.approx(PROVINCES, abs=0.15)
    assert sum(left) == pytest.approx(border.length_m / 1000)
    assert pairs.groupby("admin1_left")["drawn_left_km"].first().to_dict() == pytest.approx(left.to_dict())
    names = pairs[["admin1_left", "admin1_right"]].to_numpy(dtype=object)
    assert (names[1:] != names[:-1]).any(axis=1).all()


def test_provinces_change_at_the_corner_they_share(border, pairs):
    units = bl.load_admin()
    for row, after in zip(pairs.index[:-1], pairs.index[1:], strict=True):
        corner = border.interpolate(pairs.loc[row, "to_m"])
        for side in ("left", "right"):
            for name in {pairs.loc[row, f"admin1_{side}"], pairs.loc[after, f"admin1_{side}"]}:
                assert units.loc[units["name"] == name, "geometry"].item().distance(corner) < 1e-6


def test_reported_lengths_stand_beside_the_measured_ones(pairs):
    by_name = pairs.drop_duplicates("admin1_right").set_index("admin1_right")
    assert by_name.loc["Chanthaburi", "reported_right_km"] == 96
    assert by_name.loc["Chanthaburi", "drawn_right_km"] == pytest.approx(88.3, abs=0.15)
    assert pd.isna(by_name.loc["Surin", "reported_right_km"])
    claims = {claim["admin1"]: claim for claim in pairs.attrs["reported"]}
    assert claims["Trat"]["of"] == "banthat range"
    assert all(claim["source"].startswith("http") for claim in claims.values())


def test_districts(border):
    segments = bl.segment(border, by="admin2")
    assert tiles(segments, border)
    assert {"Kantharalak", "Phanom Dong Rak"} <= set(segments["admin2_right"])
    assert {"Choam Ksan", "Samraong"} <= set(segments["admin2_left"])
    assert len(segments) > 30


def test_another_drawing_has_the_same_pairs(pairs):
    other = bl.segment(bl.load_border(line="osm-2020"), by="admin1")
    names = ["admin1_left", "admin1_right"]
    assert other[names].to_numpy().tolist() == pairs[names].to_numpy().tolist()
    np.testing.assert_allclose(other["length_km"], pairs["length_km"], atol=1.0)


MARKS = pd.DataFrame({"name": ["Mill", "Gate", "End"], "chainage_m": [60_000.0, 20_000.0, 0.0]})


def test_the_second_argument_is_every_km():
    pd.testing.assert_frame_equal(
        pd.DataFrame(bl.segment(PLAIN, 10)), pd.DataFrame(bl.segment(PLAIN, every_km=10))
    )


def test_between_places():
    segments = bl.segment(PLAIN, places=["Mill", "Gate + 1 km north"], landmarks=MARKS)
    assert tiles(segments, PLAIN)
    assert segments["from_m"].round(6).tolist() == [0, 21_000, 60_000]
    assert segments["from_place"].fillna("").tolist() == ["", "Gate + 1 km north", "Mill"]
    assert segments["to_place"].fillna("").tolist() == ["Gate + 1 km north", "Mill", ""]
    first = bl.segment(PLAIN, places=["End", "Mill"], landmarks=MARKS)
    assert first["from_place"].fillna("").tolist() == ["End", "Mill"]


def test_between_built_in_places(border):
    segments = bl.segment(border, places=["Pillar 42", "pillar 46", "Hat Lek"])
    assert tiles(segments, border)
    assert segments["to_place"].fillna("").tolist() == ["Pillar 42", "pillar 46", "Hat Lek"]


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({}, OptionError, "one way at a time.*none was given"),
        ({"every_km": 10, "n": 3}, OptionError, "one way at a time.*every_km and n were given"),
        ({"n": 3, "balance": True}, OptionError, "belong to every_km, not to n"),
        ({"n": 3, "origin_km": 1.0}, OptionError, "belong to every_km"),
        ({"by": "admin1", "calibrated": True}, OptionError, "no meaning with by"),
        ({"every_km": 10, "balance": True, "origin_km": 5.0}, OptionError, "no part in it"),
        ({"every_km": 10, "origin_km": float("nan")}, OptionError, "origin_km"),
        ({"n": 0}, OptionError, "whole number"),
        ({"n": 2.5}, OptionError, "whole number"),
        ({"n": True}, OptionError, "whole number"),
        ({"breaks_km": [50, 20]}, MeasureError, r"Breaks 0 and 1 .* out of order \(km 50 and km 20\)"),
        ({"breaks_km": [20, 20]}, MeasureError, "equal or nearly so"),
        ({"breaks_km": [20, 20.0001]}, MeasureError, "equal or nearly so"),
        ({"breaks_km": [20, 200]}, MeasureError, r"km 200 lies off the border.*as drawn"),
        ({"breaks_km": [-1, 20]}, MeasureError, "km -1 lies off"),
        ({"breaks_km": [105], "calibrated": True}, MeasureError, "km 105 lies off.*as calibrated"),
        ({"breaks_km": []}, OptionError, "breaks_km must be"),
        ({"breaks_km": "all"}, OptionError, "breaks_km must be kilometres.*not 'all'"),
        ({"breaks_km": [[1, 2, 3]]}, OptionError, "breaks_km must be"),
        ({"breaks_km": [np.nan]}, OptionError, "finite numbers"),
        ({"breaks_km": [(0, 20), (10, 30)]}, MeasureError, "Stretches 0 and 1 .*overlap"),
        ({"breaks_km": [(50, 60), (10, 30)]}, MeasureError, "out of order"),
        ({"breaks_km": [(20, 10)]}, MeasureError, "Stretch 0 .*must be larger"),
        ({"by": "admin3"}, OptionError, "by must be .*Did you mean 'admin"),
        ({"by": "admin1"}, TableError, "no units of FRA or DEU"),
        ({"places": []}, OptionError, "list of addresses"),
        ({"places": "Mill"}, OptionError, "list of addresses"),
        ({"places": ["Mill", "Mill"]}, MeasureError, "at one spot"),
        ({"places": ["Mil"]}, UnknownKeyError, "did you mean 'Mill'"),
        ({"places": ["Mill + 2 km east"]}, AddressError, "ambiguous"),
        ({"places": ["km 101"]}, MeasureError, "km 101 lies off"),
    ],
)
def test_bad_ways_of_cutting(options, error, said):
    with pytest.raises(error, match=said):
        bl.segment(PLAIN, landmarks=MARKS, **options)


def test_a_calibration_that_stops_short_cuts_nothing():
    part = PLAIN.with_calibration(bl.Calibration((10_000.0, 20_000.0), (0.0, 10.0)))
    with pytest.raises(MeasureError, match=r"does not reach both ends.*extend=True"):
        bl.segment(part, n=2, calibrated=True)
