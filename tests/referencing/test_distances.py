"""`nearest_places` and `distances_along`."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline._constants import GEOD
from borderline.errors import GeometryError, OptionError, TableError, UnknownKeyError


def points(*lonlat, **columns):
    return gpd.GeoDataFrame(columns, geometry=[shapely.Point(*each) for each in lonlat], crs=4326)


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


@pytest.fixture(scope="module")
def located(border):
    return bl.locate(points((104.6802, 14.3906), (103.3711, 14.3528), (102.552, 13.661)), border)


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 12))
def test_nearest_places_are_those_of_all_measured(seed, limit, count):
    rng = np.random.default_rng(seed)
    places = pd.DataFrame(
        {
            "name": [f"p{i}" for i in range(count)],
            "longitude": rng.uniform(-180, 180, count),
            "latitude": rng.uniform(-85, 85, count),
        }
    )
    lon, lat = rng.uniform(-180, 180, 5), rng.uniform(-85, 85, 5)
    near = bl.nearest_places(points(*zip(lon, lat, strict=True)), places, limit=limit)
    for row in range(5):
        every = GEOD.inv(
            np.full(count, lon[row]),
            np.full(count, lat[row]),
            places["longitude"].to_numpy(),
            places["latitude"].to_numpy(),
        )[2]
        order = np.argsort(every)
        for rank in range(limit):
            stem = "place" if rank == 0 else f"place_{rank + 1}"
            if rank >= count:
                assert pd.isna(near[stem].iloc[row])
                assert np.isnan(near[f"{stem}_distance_m"].iloc[row])
                continue
            assert near[stem].iloc[row] == f"p{order[rank]}"
            assert near[f"{stem}_distance_m"].iloc[row] == pytest.approx(every[order[rank]], abs=1e-6)


def test_way_along_the_border_to_a_place(border, located):
    place = points((103.3711, 14.3528), name=["Ta Khwai"])
    near = bl.nearest_places(located, place, border=border)
    assert near["place"].tolist() == ["Ta Khwai"] * 3
    np.testing.assert_allclose(
        near["place_along_m"], located["chainage_m"].iloc[1] - located["chainage_m"], atol=1e-6
    )
    assert near["place_distance_m"].iloc[1] == 0


def test_places_by_layer_kind_and_name(located):
    assert bl.nearest_places(located, "pillars")["place"].str.startswith("Pillar").any()
    temple = bl.nearest_places(located, "places", kind="temple")
    assert temple["place_distance_m"].iloc[0] < 2_000
    assert temple.attrs["sources"]
    named = bl.nearest_places(located, ["Poipet"])
    assert named["place"].tolist() == ["Poipet"] * 3


def test_places_at_one_position_are_one_under_all_their_names(located):
    names = ["O Smach", "Chong Chom-O Smach", None, "elsewhere", "the market", None]
    lon, lat = [103.7, 103.7, 103.7, 104.0, 103.7, 105.0], [14.4, 14.4, 14.4, 14.4, 14.4, 14.4]
    places = pd.DataFrame({"name": names, "longitude": lon, "latitude": lat})
    point = gpd.GeoDataFrame(geometry=[shapely.Point(103.71, 14.4)], crs=4326)
    row = bl.nearest_places(point, places, limit=4).iloc[0]
    assert row["place"] == "Chong Chom-O Smach / the market"
    assert row["place_2"] == "elsewhere"
    assert pd.isna(row["place_3"])
    assert row["place_3_distance_m"] > row["place_2_distance_m"]
    assert np.isnan(row["place_4_distance_m"])
    crossings = bl.nearest_places(located, "places", kind="crossing", limit=2)
    near = crossings.dropna(subset="place_distance_m")
    assert (near["place_2_distance_m"] > near["place_distance_m"]).all()


def test_inputs_and_missing_points_stay(located):
    events = points((104.0, 14.0), (104.1, 14.0))
    events = events.set_geometry([events.geometry.iloc[0], None], crs=4326).set_axis(["a", "b"])
    before = events.copy(deep=True)
    near = bl.nearest_places(events, located.assign(name=["x", "y", "z"]), limit=2)
    pd.testing.assert_frame_equal(pd.DataFrame(events), pd.DataFrame(before))
    assert near.index.tolist() == ["a", "b"]
    assert near["place"].isna().tolist() == [False, True]
    assert near["place_2_distance_m"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("places", "options", "error", "message"),
    [
        ("pilars", {}, UnknownKeyError, "pillars"),
        ("places", {"kind": "tempel"}, OptionError, "'temple'"),
        (pd.DataFrame({"name": ["a"]}), {}, TableError, "latitude"),
        (pd.DataFrame({"latitude": [None], "longitude": [1.0]}), {}, TableError, "no place has a position"),
        (pd.DataFrame({"latitude": [104.0], "longitude": [14.0]}), {}, GeometryError, "swapped"),
        ("pillars", {"limit": 0}, OptionError, "limit must be a whole number from 1, not 0"),
        ("pillars", {"name": "titel"}, TableError, "titel"),
        ([], {}, TableError, "no name at all"),
    ],
)
def test_places_that_cannot_be(located, places, options, error, message):
    with pytest.raises(error, match=message):
        bl.nearest_places(located, places, **options)


def test_distances_along_the_border(located):
    table = bl.lines.distances_along(located)
    chainage = located["chainage_m"].to_numpy() / 1000
    np.testing.assert_allclose(table, np.abs(chainage[:, None] - chainage), atol=1e-9)
    np.testing.assert_array_equal(table, table.T)
    one = bl.lines.distances_along(located.iloc[:1], located)
    assert one.shape == (1, 3)


def test_distance_between_stretches_is_the_gap(located):
    stretches = located.assign(from_m=[0.0, 5_000.0, 9_000.0], to_m=[6_000.0, 7_000.0, 9_500.0])
    table = bl.lines.distances_along(stretches)
    assert table.to_numpy().tolist() == [[0, 0, 3], [0, 0, 2], [3, 2, 0]]


def test_steps_follow_the_dates_and_pass_over_what_is_missing(located):
    dated = located.assign(event_date=pd.to_datetime(["2025-07-03", None, "2025-07-01"]))
    steps = bl.lines.distances_along(dated, "previous", signed=True)["previous"]
    chainage = located["chainage_m"].to_numpy() / 1000
    assert steps.isna().tolist() == [False, True, True]
    assert steps.iloc[0] == pytest.approx(chainage[0] - chainage[2])
    plain = bl.lines.distances_along(dated, "previous")["previous"]
    assert plain.iloc[0] == pytest.approx(abs(chainage[0] - chainage[2]))
    by_name = bl.lines.distances_along(dated.assign(name=["a", "b", "c"]), "previous", order_by="name")
    np.testing.assert_allclose(by_name["previous"].iloc[1:], np.abs(np.diff(chainage)))


def test_signed_distances_are_positive_where_chainage_grows(located):
    chainage = located["chainage_m"].to_numpy() / 1000
    table = bl.lines.distances_along(located, signed=True)
    np.testing.assert_allclose(table, chainage[:, None] - chainage, atol=1e-9)
    stretches = located.assign(from_m=[0.0, 5_000.0, 9_000.0], to_m=[6_000.0, 7_000.0, 9_500.0])
    table = bl.lines.distances_along(stretches, signed=True)
    assert table.to_numpy().tolist() == [[0, 0, -3], [0, 0, -2], [3, 2, 0]]


def test_tables_that_cannot_be_compared(border, located):
    with pytest.raises(TableError, match="run locate first"):
        bl.lines.distances_along(located.drop(columns="chainage_m"))
    with pytest.raises(TableError, match="located on"):
        bl.lines.distances_along(located, bl.locate(located, border.reversed()))
    with pytest.raises(TableError, match="too many"):
        bl.lines.distances_along(located.iloc[np.zeros(10_001, dtype=int)])
    with pytest.raises(OptionError, match="other must be one of 'previous' or a table"):
        bl.lines.distances_along(located, "previus")
    with pytest.raises(TableError, match="event_date"):
        bl.lines.distances_along(located, "previous")
