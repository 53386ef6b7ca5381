"""Events that share a stretch with the border: what they share, and where they are put.

The stretches are known from how the events are made, so that no code of the package
measures them a second time; areas are judged by points put along the border.
"""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline._constants import GEOD

BORDER = bl.load_border()
#: Few vertices, edges of 60 to 160 km: far from straight in longitude and latitude.
SPARSE = bl.Border.from_line(
    shapely.LineString([(20, 49), (21.5, 49.4), (22.4, 48.9), (24.6, 49.1)]), left="SVK", right="POL"
)
BORDERS = st.sampled_from([BORDER, SPARSE])


def locate(*shapes, border=BORDER):
    events = gpd.GeoDataFrame(geometry=list(shapes), crs=4326)
    return bl.locate(events, border)


def lonlat(border, from_m, to_m):
    return shapely.get_coordinates(border.slice(from_m, to_m))


def shift(xy, metres, azimuth=90.0):
    lon, lat, _ = GEOD.fwd(*xy.T, np.full(len(xy), azimuth), np.broadcast_to(metres, len(xy)))
    return np.stack([lon, lat], axis=1)


def densified(xy, longest_m):
    """Put points on the geodesics between vertices, by another library."""
    points = []
    for (lon, lat), (next_lon, next_lat) in pairwise(xy):
        edge = Geodesic.WGS84.InverseLine(lat, lon, next_lat, next_lon)
        count = max(int(np.ceil(edge.s13 / longest_m)), 1)
        for step in range(count):
            place = edge.Position(edge.s13 * step / count)
            points.append((place["lon2"], place["lat2"]))
    return np.array([*points, tuple(xy[-1])])


FINE = {
    border: shapely.LineString(densified(shapely.get_coordinates(border.line), 500.0))
    for border in (BORDER, SPARSE)
}
#: Chainages of points 10 m apart, and the points.
EVERY_10_M = np.arange(0, BORDER.length_m, 10.0)
EVERY_10_M_LONLAT = shapely.get_coordinates(BORDER.interpolate(EVERY_10_M)).T


def check(row, stretches, *, border=BORDER, within_m=1.0):
    first, *_ = stretches
    assert row["chainage_m"] == pytest.approx(sum(first) / 2, abs=within_m)
    assert row["shared_m"] == pytest.approx(sum(end - start for start, end in stretches), abs=2 * within_m)
    assert row["from_m"] <= first[0] + within_m
    assert row["to_m"] >= max(end for _, end in stretches) - within_m
    assert row["measure_km"] == pytest.approx(border.to_measure(row["chainage_m"]).item(), abs=1e-9)


@st.composite
def stretches(draw, border, shortest_m=60.0, longest_m=120_000.0):
    """A stretch of a border; often it begins or ends where the border does."""
    length = draw(st.floats(shortest_m, longest_m))
    start = draw(st.one_of(st.just(0.0), st.just(1.0), st.floats(0.0, 1.0))) * (border.length_m - length)
    return start, start + length


def test_a_long_stretch_of_the_built_in_border():
    row = locate(BORDER.slice(300e3, 360e3)).iloc[0]
    check(row, [(300e3, 360e3)])
    assert (row["from_m"], row["to_m"]) == (pytest.approx(300e3, abs=1.0), pytest.approx(360e3, abs=1.0))
    assert (row["distance_m"], row["offset_m"], row["side"]) == (0.0, 0.0, "line")


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_copies_of_a_stretch(data):
    border = data.draw(BORDERS)
    start, end = data.draw(stretches(border))
    xy = lonlat(border, start, end)
    kind = data.draw(st.sampled_from(["same", "reversed", "densified", "thinned", "rounded", "in pieces"]))
    if kind == "reversed":
        xy = xy[::-1]
    elif kind == "densified":
        xy = densified(xy, data.draw(st.floats(30, 3000)))
    elif kind == "thinned":
        part = bl.Border.from_line(shapely.LineString(xy), left="FRA", right="DEU")
        xy = shapely.get_coordinates(part.simplify(0.04).line)
    elif kind == "rounded":
        xy = np.round(densified(xy, 200.0), 6 if end - start < 1000 else 5)
    shape = shapely.LineString(xy)
    if kind == "in pieces" and len(xy) > 3:
        cut = data.draw(st.integers(1, len(xy) - 2))
        shape = shapely.MultiLineString([xy[cut:], xy[: cut + 1]])
    row = locate(shape, border=border).iloc[0]
    check(row, [(start, end)], border=border)
    assert row["from_m"] == pytest.approx(start, abs=1.0)
    assert row["to_m"] == pytest.approx(end, abs=1.0)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_an_area_whose_side_is_the_border(data):
    border = data.draw(BORDERS)
    start, end = data.draw(stretches(border, 2000.0, 30_000.0))
    xy = lonlat(border, start, end)
    # One corner far off, whose sides meet the border at the ends of the stretch alone.
    middle = shapely.get_coordinates(shapely.MultiPoint(xy).centroid)[0]
    side = data.draw(st.sampled_from([1, -1]))
    along = xy[-1] - xy[0]
    normal = np.array([-along[1], along[0]]) * side
    apex = middle + normal / np.hypot(*normal) * data.draw(st.floats(0.1, 1.0))
    area = shapely.Polygon([*xy, apex])
    legs = shapely.MultiLineString([[xy[-1], apex], [apex, xy[0]]])
    meets = shapely.get_coordinates(shapely.segmentize(legs, 0.01).intersection(FINE[border]))
    ends = [min(GEOD.inv(*meet, *end)[2] for end in xy[[0, -1]]) for meet in meets]
    assume(area.is_valid and all(metres < 0.5 for metres in ends))
    if data.draw(st.booleans()):
        area = shapely.reverse(area)
    row = locate(area, border=border).iloc[0]
    check(row, [(start, end)], border=border)
    assert (row["distance_m"], row["side"]) == (0.0, "line")


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_an_area_across_the_border_holds_what_points_say(data):
    """Judged by points every 10 m along the border, in longitude and latitude."""
    center = shapely.get_coordinates(BORDER.interpolate(data.draw(st.floats(0, BORDER.length_m))))[0]
    reach = data.draw(st.floats(0.005, 0.15))
    corners = data.draw(st.integers(3, 8))
    turn = data.draw(st.floats(0, 6))
    angle = turn + np.linspace(0, 2 * np.pi, corners, endpoint=False)
    area = shapely.Polygon(center + reach * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    shapely.prepare(area)
    chainage, inside = EVERY_10_M, shapely.contains_xy(area, *EVERY_10_M_LONLAT)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]])))
    runs = [(chainage[first], chainage[last - 1]) for first, last in edges.reshape(-1, 2)]
    row = locate(area).iloc[0]
    assert row["shared_m"] == pytest.approx(sum(end - start for start, end in runs), abs=20 * len(runs) + 20)
    first, last = min(runs)
    if last - first > 50:
        assert row["chainage_m"] <= last + 10
        assert row["from_m"] <= first
        assert row["to_m"] >= max(runs)[1]
    assert row["side"] == "line"


@given(st.floats(1_000, 800_000), st.floats(20, 160), st.floats(100, 1500))
@settings(max_examples=60, deadline=None)
def test_a_crossing_shares_nothing(chainage, angle, reach):
    """A straight track through a place of the border, at an angle to the line there."""
    before, place, after = shapely.get_coordinates(
        BORDER.interpolate([chainage - 0.5, chainage, chainage + 0.5])
    )
    azimuth = GEOD.inv(*before, *after)[0] + angle
    ends = [GEOD.fwd(*place, azimuth + turn, reach)[:2] for turn in (0, 180)]
    row = locate(shapely.LineString(ends)).iloc[0]
    assert (row["shared_m"], row["distance_m"], row["side"]) == (0.0, 0.0, "line")
    assert row["chainage_m"] <= chainage + 1.0
    assert row["from_m"] <= row["chainage_m"] <= row["to_m"]


def test_a_touch_shares_nothing():
    lon, lat = touched = shapely.get_coordinates(SPARSE.line)[1]
    corner = shapely.Polygon([touched, (lon + 0.2, lat + 0.4), (lon - 0.2, lat + 0.4)])
    road = shapely.LineString([(lon - 0.3, lat + 0.02), touched, (lon + 0.3, lat + 0.02)])
    spot = shapely.MultiPoint([touched, (lon + 0.1, lat + 0.5)])
    located = locate(corner, road, spot, border=SPARSE)
    assert located["shared_m"].tolist() == [0.0] * 3
    assert located["side"].tolist() == ["line"] * 3
    np.testing.assert_allclose(located["chainage_m"], SPARSE.vertex_chainage[1], atol=0.01)


def test_the_first_of_several_stretches():
    """A track that touches the border, leaves it and follows it twice: the first run counts."""
    first, second = lonlat(BORDER, 100e3, 112e3), lonlat(BORDER, 130e3, 135e3)
    away = shapely.get_coordinates(BORDER.interpolate(121e3)) + 0.5
    touch = shapely.get_coordinates(BORDER.interpolate(90e3))
    track = shapely.MultiLineString(
        [np.concatenate([touch, touch + 0.01]), first, second[::-1], np.concatenate([away, away + 0.1])]
    )
    row = locate(track).iloc[0]
    check(row, [(100e3, 112e3), (130e3, 135e3)])
    back = locate(track, border=BORDER.reversed()).iloc[0]
    last = BORDER.length_m
    check(back, [(last - 135e3, last - 130e3), (last - 112e3, last - 100e3)], border=BORDER.reversed())


def test_a_track_that_goes_beside_the_border_shares_nothing():
    xy = lonlat(SPARSE, 40e3, 300e3)
    row = locate(shapely.LineString(shift(xy, 300.0, 0.0)), border=SPARSE).iloc[0]
    assert row["shared_m"] == 0.0
    assert row["distance_m"] > 100


def test_a_track_that_leaves_the_border_at_a_slight_angle():
    """One part in a hundred: the stretch ends where the lines part."""
    xy = lonlat(SPARSE, 10e3, 40e3)
    azimuth = GEOD.inv(*xy[-1], *xy[-2])[0] + 180.6
    leaving = [*xy, GEOD.fwd(*xy[-1], azimuth, 5_000.0)[:2]]
    row = locate(shapely.LineString(leaving), border=SPARSE).iloc[0]
    check(row, [(10e3, 40e3)], border=SPARSE)


def test_an_out_and_back_track_counts_once():
    xy = lonlat(BORDER, 500e3, 520e3)
    check(locate(shapely.LineString([*xy, *xy[-2::-1]])).iloc[0], [(500e3, 520e3)])


def test_an_area_around_an_end_holds_the_end():
    area = shapely.Point(20, 49).buffer(0.1)
    row = locate(area, border=SPARSE).iloc[0]
    chainage = np.arange(0.0, 20_000.0, 0.5)
    held = chainage[shapely.contains(area, SPARSE.interpolate(chainage))]
    check(row, [(0.0, held.max())], border=SPARSE)
    whole = locate(shapely.box(19, 48, 25, 51), border=SPARSE).iloc[0]
    check(whole, [(0.0, SPARSE.length_m)], border=SPARSE)


def test_a_projected_copy():
    events = gpd.GeoDataFrame(geometry=[BORDER.slice(300e3, 330e3)], crs=4326).to_crs(32648)
    check(bl.locate(events, BORDER).iloc[0], [(300e3, 330e3)])


def test_an_area_with_a_hole_over_the_border():
    area = shapely.box(104.3, 14.0, 104.9, 14.7)
    hole = shapely.box(104.5, 14.2, 104.7, 14.6)
    whole, part = locate(area, area.difference(hole))["shared_m"]
    assert part == pytest.approx(whole - locate(hole)["shared_m"].iloc[0], abs=1.0)


@pytest.mark.parametrize("country", ["KHM", "THA"])
def test_the_provinces_of_a_bank_share_the_whole_border(country):
    """Their edge is the line itself, so the lengths they share add up to that of the line."""
    provinces = bl.load_admin()
    located = bl.locate(provinces[provinces["country"] == country], BORDER)
    shared = located[located["shared_m"] > 0]
    assert shared["shared_m"].sum() == pytest.approx(BORDER.length_m, abs=0.1)
    assert shared["side"].eq("line").all()


def test_points_share_nothing_and_the_missing_stay_missing():
    located = locate(BORDER.slice(0, 1000), shapely.Point(103, 14), None)
    assert located["shared_m"].iloc[:2].round().tolist() == [1000.0, 0.0]
    assert located["shared_m"].isna().tolist() == [False, False, True]
    assert "shared_m" not in locate(shapely.Point(103, 14))


def test_columns_of_an_earlier_call_are_replaced():
    located = locate(BORDER.slice(300e3, 310e3), shapely.Point(103, 14.4))
    alone = bl.locate(located.iloc[1:], BORDER.reversed())
    assert (alone["from_m"] == alone["chainage_m"]).all()
    assert (alone["to_m"] == alone["chainage_m"]).all()
    assert alone["shared_m"].tolist() == [0.0]
