"""
Foot points against an independent solution.

The oracle walks every edge with Karney's algorithms as written in Python
(`geographiclib`), edge by edge, by golden section: it shares no code and no method
with the package, which searches in space and calls PROJ.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline._constants import GEOD, WGS84_RADIUS_M
from borderline.errors import GeometryError
from borderline.geodesy import Chain, Pieces, find_feet
from borderline.geodesy._dual_tree import build_tree
from borderline.geodesy._geocentric import take_rows, to_vectors
from borderline.geodesy._nearest_piece import find_candidates, find_nearest

WGS84 = Geodesic.WGS84
GOLDEN = (math.sqrt(5) - 1) / 2


def edges_of(chain):
    corners = list(zip(chain.lat, chain.lon, strict=True))
    return [WGS84.InverseLine(*a, *b) for a, b in itertools.pairwise(corners)]


def oracle(chain, edges, lon, lat):
    """Distance and chainage of the nearest place, by brute force over all edges."""
    lon_v, lat_v = chain.lon, chain.lat
    start = np.concatenate([[0.0], np.cumsum([edge.s13 for edge in edges])])
    # Vertices bound what an edge can offer; PROJ only helps to skip the hopeless.
    _, _, reach = GEOD.inv(lon_v, lat_v, np.full(len(lon_v), lon), np.full(len(lon_v), lat))
    best = (math.inf, math.nan)
    for i, edge in enumerate(edges):
        if min(reach[i], reach[i + 1]) - edge.s13 / 2 > reach.min() + 1.0:
            continue
        distance, along = nearest_on(edge, lon, lat)
        if distance < best[0] - 1e-9:
            best = (distance, start[i] + along)
    return best


def nearest_on(edge, lon, lat):
    """Golden section for the bracket, then the root of the angle, which is sharper."""

    def look(s):
        at = edge.Position(s)
        back = WGS84.Inverse(at["lat2"], at["lon2"], lat, lon)
        return back["s12"], math.cos(math.radians(back["azi1"] - at["azi2"])) * back["s12"]

    a, b = 0.0, edge.s13
    c, d = b - GOLDEN * (b - a), a + GOLDEN * (b - a)
    while b - a > 1.0:
        if look(c)[0] < look(d)[0]:
            b, d = d, c
            c = b - GOLDEN * (b - a)
        else:
            a, c = c, d
            d = a + GOLDEN * (b - a)
    low, high = max(a - 1.0, 0.0), min(b + 1.0, edge.s13)
    if look(low)[1] > 0 > look(high)[1]:
        while high - low > 1e-6:
            middle = (low + high) / 2
            low, high = (middle, high) if look(middle)[1] > 0 else (low, middle)
    ends = [(look(s)[0], s) for s in (low, (low + high) / 2, high)]
    return min(ends)


def agree(chain, lon, lat):
    """Compare the package with the oracle for every point; return the worst differences."""
    feet = find_feet(Pieces.from_chain(chain), np.asarray(lon, float), np.asarray(lat, float))
    edges = edges_of(chain)
    worst_distance = worst_chainage = 0.0
    for i in range(len(lon)):
        distance, chainage = oracle(chain, edges, lon[i], lat[i])
        worst_distance = max(worst_distance, abs(distance - feet.distance[i]))
        worst_chainage = max(worst_chainage, abs(chainage - feet.chainage[i]))
    return worst_distance, worst_chainage


def scatter(chain, rng, count, far):
    """Points around a chain, at distances spread over many magnitudes, on both sides."""
    lon, lat = chain.interpolate(rng.uniform(0, chain.length_m, count))
    away = 10 ** rng.uniform(-2, np.log10(far), count)
    lon, lat, _ = GEOD.fwd(lon, lat, rng.uniform(0, 360, count), away)
    return lon, lat


def long_edges():
    """Three edges of 160 km and two corners, one turning left and one right."""
    lon, lat = [102.0], [13.0]
    for azimuth in (40.0, 110.0, 20.0):
        x, y, _ = GEOD.fwd(lon[-1], lat[-1], azimuth, 160_000.0)
        lon.append(x)
        lat.append(y)
    return Chain.from_lonlat(np.array(lon), np.array(lat))


def jagged(rng, count, step):
    """A line that turns at every vertex."""
    azimuth = 90.0 + rng.uniform(-80, 80, count)
    lon, lat = [10.0], [47.0]
    for each in azimuth:
        x, y, _ = GEOD.fwd(lon[-1], lat[-1], each, step * rng.uniform(0.1, 2.0))
        lon.append(x)
        lat.append(y)
    return Chain.from_lonlat(np.array(lon), np.array(lat))


@pytest.fixture(scope="module")
def built_in():
    xy = shapely.get_coordinates(bl.load_border().line)
    return Chain.from_lonlat(xy[:, 0], xy[:, 1])


@pytest.mark.parametrize("far", [1_000.0, 400_000.0])
def test_built_in_line_agrees_with_the_oracle(built_in, far):
    lon, lat = scatter(built_in, np.random.default_rng(3), 40, far)
    distance, chainage = agree(built_in, lon, lat)
    assert distance < 1e-3
    assert chainage < 5e-3


def test_four_hundred_kilometres_off_the_built_in_line(built_in):
    rng = np.random.default_rng(4)
    lon, lat = built_in.interpolate(rng.uniform(0, built_in.length_m, 25))
    lon, lat, _ = GEOD.fwd(lon, lat, rng.uniform(0, 360, 25), np.full(25, 400_000.0))
    distance, chainage = agree(built_in, lon, lat)
    assert distance < 1e-3
    assert chainage < 5e-3


def test_edges_of_160_km_agree_with_the_oracle():
    chain = long_edges()
    lon, lat = scatter(chain, np.random.default_rng(5), 40, 400_000.0)
    distance, chainage = agree(chain, lon, lat)
    assert distance < 1e-3
    assert chainage < 5e-3


def test_beyond_both_ends():
    chain = long_edges()
    lon, lat = [], []
    for end, azimuth in ((0, chain.azimuth[0] + 180), (-1, chain.azimuth_end[-1])):
        for turn in (-60.0, 0.0, 60.0):
            x, y, _ = GEOD.fwd(chain.lon[end], chain.lat[end], azimuth + turn, 30_000.0)
            lon.append(x)
            lat.append(y)
    feet = find_feet(Pieces.from_chain(chain), np.array(lon), np.array(lat))
    assert feet.beyond_end.all()
    np.testing.assert_allclose(feet.distance, 30_000.0, atol=1e-3)
    np.testing.assert_allclose(feet.chainage, [0.0] * 3 + [chain.length_m] * 3, atol=5e-3)
    # Looking back from the start, a turn clockwise leads to the line's right-hand side.
    assert (np.sign(feet.offset)[[0, 2, 3, 5]] == [-1, 1, 1, -1]).all()


def test_abreast_of_an_end_is_not_beyond_it():
    chain = long_edges()
    ends = [0, -1]
    abreast = np.array([chain.azimuth[0] + 90, chain.azimuth_end[-1] - 90])
    lon, lat, _ = GEOD.fwd(chain.lon[ends], chain.lat[ends], abreast, np.full(2, 5_000.0))
    feet = find_feet(Pieces.from_chain(chain), lon, lat)
    assert not feet.beyond_end.any()
    assert np.sign(feet.offset).tolist() == [-1, 1]


@pytest.mark.parametrize("corner", [1, 2])
@pytest.mark.parametrize("away", [0.01, 10.0, 1_000.0, 60_000.0])
def test_corners(corner, away):
    """Inside of a bend the foot lies on an edge, outside on the vertex; both as the oracle says."""
    chain = long_edges()
    middle = (chain.azimuth_end[corner - 1] + chain.azimuth[corner]) / 2
    bearing = np.array([middle + 80, middle - 80, middle + 120, middle - 120])  # 90 inside would be a tie
    here = np.full(4, corner)
    lon, lat, _ = GEOD.fwd(chain.lon[here], chain.lat[here], bearing, np.full(4, away))
    distance, chainage = agree(chain, lon, lat)
    assert distance < 1e-3
    assert chainage < 5e-3
    feet = find_feet(Pieces.from_chain(chain), lon, lat)
    if away > 0.1:
        assert np.sign(feet.offset).tolist() == [-1, 1, -1, 1]


def test_on_a_vertex_and_on_an_edge():
    chain = long_edges()
    lon, lat = chain.interpolate(np.array([0.0, 160_000.0, 250_000.0, chain.length_m]))
    feet = find_feet(Pieces.from_chain(chain), lon, lat)
    np.testing.assert_allclose(feet.distance, 0.0, atol=1e-6)
    assert (feet.offset == 0).all()
    assert not feet.beyond_end.any()
    np.testing.assert_allclose(feet.chainage, [0.0, 160_000.0, 250_000.0, chain.length_m], atol=1e-3)


def test_jagged_line_near_and_far():
    rng = np.random.default_rng(6)
    chain = jagged(rng, 150, 90.0)
    lon, lat = scatter(chain, rng, 80, 100_000.0)
    distance, chainage = agree(chain, lon, lat)
    assert distance < 1e-3
    assert chainage < 5e-3


@pytest.mark.parametrize("count", [1, 40, 3_000])
def test_skipping_most_of_the_line_changes_nothing(built_in, count):
    """The search through both trees against a search through all pieces."""
    rng = np.random.default_rng(7)
    pieces = Pieces.from_chain(built_in)
    points = to_vectors(*scatter(built_in, rng, count, 500_000.0))
    tree = build_tree(points, 80.0)
    np.testing.assert_array_equal(tree.points, take_rows(points, tree.order))
    nearest = find_nearest(pieces, tree.points, find_candidates(pieces, tree))
    assert nearest.doubtful.mean() < 0.1
    gap, along = pieces.straight_distance(tree.points, nearest.piece)
    np.testing.assert_allclose(along, nearest.along, atol=1e-6)
    every = np.arange(len(pieces))
    for i in range(0, count, max(count // 300, 1)):
        least, _ = pieces.straight_distance(take_rows(tree.points, np.full(len(every), i)), every)
        assert gap[i] == pytest.approx(least.min(), abs=1e-6)


def rough(chain, rng, times):
    """A line with detail at every scale: each edge bent beside its middle, again and again."""
    xy = np.column_stack([chain.lon, chain.lat])
    for _ in range(times):
        step = np.diff(xy, axis=0)
        middle = (xy[:-1] + xy[1:]) / 2 + step[:, ::-1] * [-1, 1] * rng.uniform(-0.1, 0.1, (len(step), 1))
        finer = np.empty((2 * len(xy) - 1, 2))
        finer[0::2], finer[1::2] = xy, middle
        xy = finer
    return Chain.from_lonlat(*xy.T)


def test_detail_at_every_scale_changes_nothing(built_in):
    """More vertices than points, against a search through all pieces."""
    rng = np.random.default_rng(17)
    part = Chain.from_lonlat(built_in.lon[1_000:1_300], built_in.lat[1_000:1_300])
    pieces = Pieces.from_chain(rough(part, rng, 6))
    assert len(pieces) > 19_000
    lon, lat = scatter(part, rng, 400, 25_000.0)
    feet = find_feet(pieces, lon, lat)
    points, every = to_vectors(lon, lat), np.arange(len(pieces))
    for i in range(0, len(lon), 4):
        least, _ = pieces.straight_distance(take_rows(points, np.full(len(every), i)), every)
        # An arc of 25 km is 16 mm longer than its chord.
        arc = least.min() + least.min() ** 3 / (24 * WGS84_RADIUS_M**2)
        assert feet.distance[i] == pytest.approx(arc, abs=1e-3)


def test_vertices_on_the_way_change_nothing():
    """A line drawn with a vertex every 20 m stands to points as the same line without them."""
    chain = long_edges()
    lon, lat, _ = chain.split(20.0)
    drawn = Chain.from_lonlat(lon, lat)
    assert len(Pieces.from_chain(drawn)) < len(lon) / 4
    rng = np.random.default_rng(18)
    for reach in (1.0, 30_000.0, 400_000.0):
        points = scatter(chain, rng, 200, reach)
        one, other = (find_feet(Pieces.from_chain(each), *points, second=True) for each in (chain, drawn))
        np.testing.assert_allclose(other.distance, one.distance, atol=2e-4)
        np.testing.assert_allclose(other.chainage, one.chainage, atol=2e-3)
        np.testing.assert_allclose(other.second, one.second, atol=2e-3)
        assert (other.beyond_end == one.beyond_end).all()


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        ([179.9, -179.9, -179.5], [10.0, 10.1, 9.9]),
        ([0.0, 90.0, 150.0], [89.0, 88.5, 89.2]),
        ([-70.0, -70.001, -70.0], [-20.0, -40.0, -55.0]),
    ],
    ids=["antimeridian", "pole", "thousands of kilometres"],
)
def test_borders_elsewhere_on_earth(lon, lat):
    chain = Chain.from_lonlat(np.array(lon), np.array(lat))
    x, y = scatter(chain, np.random.default_rng(8), 20, 200_000.0)
    distance, chainage = agree(chain, x, y)
    assert distance < 1e-3
    assert chainage < 5e-3


def test_points_anywhere_on_earth(built_in):
    """Thousands of kilometres off, where straight distance orders nothing any more."""
    rng = np.random.default_rng(11)
    lon, lat = rng.uniform(-180, 180, 60), np.degrees(np.arcsin(rng.uniform(-1, 1, 60)))
    feet = find_feet(Pieces.from_chain(built_in), lon, lat)
    x, y, _ = built_in.split(20.0)
    for i in range(60):
        _, _, away = GEOD.inv(x, y, np.full(len(x), lon[i]), np.full(len(x), lat[i]))
        # A place every 20 m is at most 10 m along from the foot.
        assert away.min() - 10 < feet.distance[i] < away.min() + 1e-3
        foot = built_in.interpolate(feet.chainage[i : i + 1])
        assert GEOD.inv(*foot, lon[i : i + 1], lat[i : i + 1])[2][0] == pytest.approx(
            feet.distance[i], abs=2e-3
        )


def test_missing_points_stay_missing(built_in):
    feet = find_feet(Pieces.from_chain(built_in), np.array([np.nan, 103.0]), np.array([14.0, 14.0]))
    assert np.isnan(feet.distance).tolist() == [True, False]
    assert np.isnan(feet.chainage).tolist() == [True, False]
    assert not feet.beyond_end.any()


def test_no_points_at_all(built_in):
    feet = find_feet(Pieces.from_chain(built_in), np.empty(0), np.empty(0))
    assert len(feet.distance) == 0


@pytest.mark.parametrize(
    ("lon", "lat", "message"),
    [
        ([0.0, np.nan], [0.0, 1.0], "not finite"),
        ([0.0, 1.0], [0.0, 91.0], "longitude comes first"),
        ([450_000.0, 451_000.0], [1.0, 2.0], "transform it to EPSG:4326"),
        ([5.0, 5.0], [1.0, 1.0], "two vertices that differ"),
    ],
)
def test_bad_vertices(lon, lat, message):
    with pytest.raises(GeometryError, match=message):
        Chain.from_lonlat(np.array(lon), np.array(lat))


def test_repeated_vertices_are_dropped():
    chain = Chain.from_lonlat(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 0.0, 0.0, 0.0]))
    assert len(chain.lon) == 2
    assert chain.length_m == pytest.approx(WGS84.Inverse(0, 0, 0, 1)["s12"], abs=1e-6)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
        min_size=2,
        max_size=5,
        unique_by=lambda p: round(p[0], 2),
    ),
    st.tuples(st.floats(-180, 180), st.floats(-88, 88)),
    st.floats(0, 1),
    st.floats(0, 360),
    st.floats(0.1, 5_000),
)
def test_any_line_near_any_of_its_points(vertices, centre, share, bearing, away):
    """No point is farther from the line than from a point of the line."""
    lon, lat = (np.array(vertices) + centre).T
    _, _, edge = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    if edge.max() > 300_000 or edge.min() < 1:
        return
    chain = Chain.from_lonlat(lon, lat)
    x, y = chain.interpolate(np.array([share * chain.length_m]))
    x, y, _ = GEOD.fwd(x, y, np.array([bearing]), np.array([away]))
    feet = find_feet(Pieces.from_chain(chain), x, y)
    assert feet.distance[0] <= away + 1e-3
    foot_lon, foot_lat = chain.interpolate(feet.chainage)
    _, _, again = GEOD.inv(foot_lon, foot_lat, x, y)
    assert again[0] == pytest.approx(feet.distance[0], abs=2e-3)
