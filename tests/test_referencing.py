"""The verb `locate`, and its laws."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import CRSError, GeometryError, TableError

#: Known places of the data description: longitude, latitude, bank, metres from the default line.
PLACES = {
    "Ta Muen Thom": (103.26639, 14.34917, "KHM", 58),
    "Ta Khwai": (103.3711, 14.3528, "THA", 41),
    "Preah Vihear temple": (104.6802, 14.3906, "KHM", 952),
    "Poipet": (102.552, 13.661, "KHM", 180),
    "Chong Sa-Ngam": (104.0533, 14.3436, "KHM", 117),
}
ADDED = [
    "chainage_m",
    "measure_km",
    "distance_m",
    "offset_m",
    "side",
    "beyond_end",
    "ambiguous",
    "alt_chainage_m",
    "contested",
]


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


def table(lon, lat, **columns):
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(lon, lat), crs=4326)


def around(border, seed, count, far_m):
    rng = np.random.default_rng(seed)
    feet = border.interpolate(rng.uniform(0, border.length_m, count))
    xy = shapely.get_coordinates(feet)
    degrees = far_m / 111_000
    return table(
        xy[:, 0] + rng.uniform(-degrees, degrees, count), xy[:, 1] + rng.uniform(-degrees, degrees, count)
    )


@pytest.mark.parametrize("place", PLACES)
def test_known_places(border, place):
    lon, lat, bank, metres = PLACES[place]
    row = bl.locate(table([lon], [lat]), border).iloc[0]
    assert row["side"] == bank
    # The description rounds to the metre, and Poipet's point to ten.
    assert row["distance_m"] == pytest.approx(metres, abs=5 if place == "Poipet" else 1)


def test_adds_columns_and_nothing_else(border):
    events = (
        around(border, 1, 50, 20_000)
        .assign(note="kept")
        .set_index(pd.Index(range(100, 150), name="event_id"))
    )
    before = events.copy(deep=True)
    located = bl.locate(events, border)
    assert list(located.columns) == [*events.columns, *ADDED]
    pd.testing.assert_index_equal(located.index, events.index)
    assert type(located) is gpd.GeoDataFrame
    assert located.crs == events.crs
    pd.testing.assert_frame_equal(pd.DataFrame(events), pd.DataFrame(before))
    assert events.attrs == before.attrs


def test_interpolating_the_chainage_gives_the_foot(border):
    located = bl.locate(around(border, 2, 500, 30_000), border)
    feet = border.interpolate(located["chainage_m"].to_numpy())
    xy, foot = shapely.get_coordinates(located.geometry), shapely.get_coordinates(feet)
    _, _, distance = bl._constants.GEOD.inv(xy[:, 0], xy[:, 1], foot[:, 0], foot[:, 1])
    np.testing.assert_allclose(distance, located["distance_m"], atol=1e-3)
    again = border.foot(foot[:, 0], foot[:, 1])
    np.testing.assert_allclose(again.chainage, located["chainage_m"], atol=5e-3)
    assert again.distance.max() < 1e-3


def test_offset_is_the_signed_distance(border):
    located = bl.locate(around(border, 3, 500, 30_000), border)
    np.testing.assert_array_equal(located["offset_m"].abs(), located["distance_m"])
    assert ((located["offset_m"] > 0) == (located["side"] == "KHM")).all()
    assert located["distance_m"].min() >= 0


def test_reversing_the_border(border):
    events = around(border, 4, 500, 30_000)
    there, back = bl.locate(events, border), bl.locate(events, border.reversed())
    np.testing.assert_allclose(back["chainage_m"], border.length_m - there["chainage_m"], atol=1e-3)
    np.testing.assert_allclose(back["offset_m"], -there["offset_m"], atol=1e-3)
    pd.testing.assert_series_equal(back["side"], there["side"])


@given(st.permutations(range(20)))
@settings(max_examples=20)
def test_row_order_does_not_matter(order):
    border = bl.load_border()
    events = around(border, 5, 20, 30_000)
    straight, shuffled = bl.locate(events, border), bl.locate(events.iloc[order], border)
    pd.testing.assert_frame_equal(pd.DataFrame(shuffled), pd.DataFrame(straight.iloc[order]))


def test_side_agrees_with_country_away_from_the_line(border):
    """Containment and side agree wherever the line is more than half a metre away."""
    located = bl.locate(around(border, 6, 4_000, 20_000), border)
    located = located[~located["beyond_end"].astype(bool) & (located["distance_m"] > 0.5)]
    units = bl.load_admin()
    joined = located.sjoin(units[["country", "geometry"]], predicate="within", how="inner")
    assert len(joined) > 3_500
    # What is left lies past the tripoint or at sea, where a bank is not a country.
    inland = joined[(joined["chainage_m"] > 25_000) & (joined["chainage_m"] < border.length_m - 25_000)]
    wrong = inland[inland["side"] != inland["country"]]
    assert wrong.empty, wrong[["chainage_m", "distance_m", "side", "country"]]


def test_on_the_line(border):
    lon, lat = border.line.coords[1000]
    located = bl.locate(table([lon], [lat]), border)
    assert located["side"].tolist() == ["line"]
    assert located["offset_m"].tolist() == [0.0]


def test_contested_land_is_marked():
    """Ta Muen Thom changes side between versions of the line, Preah Vihear temple does not."""
    lon, lat = zip(*(PLACES[name][:2] for name in ("Ta Muen Thom", "Preah Vihear temple")), strict=True)
    sides = {}
    for line in ("osm-2025", "osm-2026"):
        located = bl.locate(table(lon, lat), bl.load_border(line=line))
        assert located["contested"].tolist() == [True, False]
        sides[line] = located["side"].tolist()
    assert sides == {"osm-2025": ["KHM", "KHM"], "osm-2026": ["THA", "KHM"]}


def test_contested_is_what_the_patches_hold(border):
    events = around(border, 9, 20_000, 1_000)
    located = bl.locate(events, border)
    assert located["contested"].any()
    inside = events.within(border.contested)
    assert (located["contested"] == inside).all()


def test_sides_differ_between_versions_only_on_contested_land(border):
    events = around(border, 10, 100_000, 1_500)
    here = bl.locate(events, border)
    there = bl.locate(events, bl.load_border(line="osm-2026"))
    differ = events[(here["side"] != there["side"]) & ~here["beyond_end"].astype(bool)]
    strays = differ[~here.loc[differ.index, "contested"].astype(bool)]
    assert len(differ) > 20
    # Patches under a hectare are left out: the rest are slivers along the line.
    assert len(strays) < len(differ) / 4
    assert (here.loc[strays.index, "distance_m"] < 60).all()


def test_one_drawing_says_nothing_about_contested_land(border):
    single = bl.Border.from_line(border.line, left="KHM", right="THA")
    assert bl.locate(around(border, 11, 5, 1_000), single)["contested"].isna().all()


def test_past_the_ends(border):
    located = bl.locate(table([106.5, 102.0, 104.0], [14.9, 10.0, 14.4]), border)
    assert located["beyond_end"].tolist() == [True, True, False]
    assert located["chainage_m"].iloc[0] == 0
    assert located["chainage_m"].iloc[1] == pytest.approx(border.length_m)


def test_other_crs_is_transformed(border):
    events = around(border, 7, 50, 20_000)
    metres = bl.locate(events.to_crs(32648), border)
    assert metres.crs == "EPSG:32648"
    np.testing.assert_allclose(metres["distance_m"], bl.locate(events, border)["distance_m"], atol=1e-3)


def test_missing_points_give_missing_results(border):
    events = gpd.GeoDataFrame(
        geometry=[shapely.Point(104.0, 14.3), None, shapely.Point()], crs=4326, index=["a", "b", "c"]
    )
    located = bl.locate(events, border)
    always = [name for name in ADDED if name != "alt_chainage_m"]
    assert located[always].isna().any(axis=1).tolist() == [False, True, True]
    assert located[ADDED].isna().all(axis=1).tolist() == [False, True, True]


def test_empty_table(border):
    located = bl.locate(table([], []), border)
    assert len(located) == 0
    assert set(ADDED) <= set(located.columns)


def test_located_twice_is_located_once(border):
    once = bl.locate(around(border, 8, 20, 20_000), border)
    pd.testing.assert_frame_equal(pd.DataFrame(bl.locate(once, border)), pd.DataFrame(once))


@pytest.mark.parametrize(
    ("events", "error", "message"),
    [
        (pd.DataFrame({"a": [1]}), TableError, "read_events makes one"),
        (gpd.GeoDataFrame(geometry=[shapely.Point(104, 14)]), CRSError, r"set_crs\(4326\)"),
        (
            gpd.GeoDataFrame(
                geometry=[shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.Point(0, 0)])],
                crs=4326,
                index=["x7"],
            ),
            GeometryError,
            r"'x7' holds a collection.*explode",
        ),
        (table([14.0], [104.0]), GeometryError, "row 0.*swapped"),
        (table([350_000.0, 104.0], [1_560_000.0, 14.0]), GeometryError, "row 0 holds.*CRS wrong"),
    ],
)
def test_bad_tables(border, events, error, message):
    with pytest.raises(error, match=message):
        bl.locate(events, border)
