"""`ambiguous` and `alt_chainage_m` against a search of every edge for local minima."""

from __future__ import annotations

import itertools
import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic

import borderline as bl
from borderline._constants import GEOD

WGS84 = Geodesic.WGS84


def table(lon, lat):
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326)


def abeam(edge, lon, lat):
    """Where on an edge the geodesic to a point stands upright, by halving; None if nowhere inside."""

    def ahead(s):
        at = edge.Position(s)
        to = WGS84.Inverse(at["lat2"], at["lon2"], lat, lon)
        return math.cos(math.radians(to["azi1"] - at["azi2"]))

    low, high = 0.0, edge.s13
    if not ahead(low) > 0 > ahead(high):
        return None
    while high - low > 1e-4:
        middle = (low + high) / 2
        low, high = (middle, high) if ahead(middle) > 0 else (low, middle)
    return low


def minima(line, lon, lat):
    """Chainage, distance and place of every local minimum of the distance along a line."""
    corners = list(line.coords)
    edges = [WGS84.InverseLine(a[1], a[0], b[1], b[0]) for a, b in itertools.pairwise(corners)]
    start = np.concatenate([[0.0], np.cumsum([edge.s13 for edge in edges])])
    found = []
    for i, edge in enumerate(edges):
        s = abeam(edge, lon, lat)
        if s is not None:
            found.append((start[i] + s, edge.Position(s)))
    for i, (x, y) in enumerate(corners):
        to = WGS84.Inverse(y, x, lat, lon)["azi1"]
        falls_before = (
            i > 0 and math.cos(math.radians(to - edges[i - 1].Position(edges[i - 1].s13)["azi2"])) < 0
        )
        falls_after = i < len(edges) and math.cos(math.radians(to - edges[i].azi1)) > 0
        if not falls_before and not falls_after:
            found.append((start[i], {"lon2": x, "lat2": y}))
    return [
        (along, WGS84.Inverse(at["lat2"], at["lon2"], lat, lon)["s12"], at["lon2"], at["lat2"])
        for along, at in found
    ]


def expected(line, lon, lat):
    """Chainage of the second foot by the definition; NaN where there is none."""
    places = sorted(minima(line, lon, lat), key=lambda each: each[1])
    _, distance, x, y = places[0]
    for along, away, other_x, other_y in places[1:]:
        apart = WGS84.Inverse(y, x, other_y, other_x)["s12"]
        if away <= distance + max(50.0, 0.01 * distance) and apart > max(1000.0, distance / 2):
            return along
    return math.nan


def wandering(rng, count, step):
    """A line that turns about and does not cross itself."""
    while not (line := trial(rng, count, step)).is_simple:
        pass
    return line


def trial(rng, count, step):
    lon, lat, azimuth = [20.0], [45.0], 90.0
    for _ in range(count):
        azimuth += rng.uniform(-70, 70)
        x, y, _ = GEOD.fwd(lon[-1], lat[-1], azimuth, step * rng.uniform(0.2, 2))
        lon.append(x)
        lat.append(y)
    return shapely.LineString(np.stack([lon, lat], axis=1))


@pytest.mark.parametrize("few_pieces", [32_768, 0], ids=["every place", "nearest first"])
@pytest.mark.parametrize(("seed", "far"), [(1, 3_000), (2, 12_000), (4, 60_000)])
def test_second_feet_are_those_of_every_edge_searched(monkeypatch, few_pieces, seed, far):
    monkeypatch.setattr("borderline.geodesy._second_foot.FEW_PIECES", few_pieces)
    rng = np.random.default_rng(seed)
    line = wandering(rng, 60, 900.0)
    border = bl.Border.from_line(line, left="FRA", right="DEU")
    foot = shapely.get_coordinates(border.interpolate(rng.uniform(0, border.length_m, 1500)))
    lon, lat, _ = GEOD.fwd(*foot.T, rng.uniform(0, 360, 1500), rng.uniform(0, far, 1500))
    located = bl.locate(table(lon, lat), border)
    # All that are found, and as many that are not: near the medial axis both kinds lie close together.
    marked = np.flatnonzero(located["ambiguous"])[:15]
    plain = np.flatnonzero(~located["ambiguous"].to_numpy(dtype=bool))[:40]
    assert len(marked) >= 3
    for at in [*marked, *plain]:
        found = located["alt_chainage_m"].iloc[at]
        assert found == pytest.approx(expected(line, lon[at], lat[at]), abs=5e-3, nan_ok=True)


@pytest.mark.parametrize("spread", [0.05, 0.5])
def test_the_nearest_first_finds_what_every_place_searched_finds(monkeypatch, spread):
    """As the search does on lines of very many pieces, tried on the built-in one."""
    border = bl.load_border()
    rng = np.random.default_rng(10)
    lon, lat = shapely.get_coordinates(border.interpolate(rng.uniform(0, border.length_m, 20_000))).T
    lon, lat = lon + rng.laplace(0, spread, 20_000), lat + rng.laplace(0, spread, 20_000)
    every = border.foot(lon, lat, second=True).second
    monkeypatch.setattr("borderline.geodesy._second_foot.FEW_PIECES", 0)
    np.testing.assert_array_equal(border.foot(lon, lat, second=True).second, every)
    assert np.isfinite(every).sum() > 100


def test_half_way_between_two_arms():
    """Between two parallel stretches 4 km apart each point of the middle has two feet."""
    lat = 4_000 / 111_000
    arms = shapely.LineString([(0, 0), (0.5, 0), (0.5, lat), (0, lat)])
    border = bl.Border.from_line(arms, left="FRA", right="DEU")
    located = bl.locate(table([0.2, 0.2, 0.2], [lat / 2, lat / 2 + 1e-4, lat / 2 + 4e-4]), border)
    assert located["ambiguous"].tolist() == [True, True, False]
    assert located["alt_chainage_m"].notna().tolist() == [True, True, False]
    both = located.iloc[0]
    places = shapely.get_coordinates(border.interpolate([both["chainage_m"], both["alt_chainage_m"]]))
    assert sorted(places[:, 1].round(6)) == [0.0, round(lat, 6)]


def test_second_feet_do_not_depend_on_the_direction():
    border = bl.load_border()
    rng = np.random.default_rng(8)
    foot = shapely.get_coordinates(border.interpolate(rng.uniform(0, border.length_m, 2_000)))
    points = table(*(foot + rng.uniform(-0.2, 0.2, (2_000, 2))).T)
    there, back = bl.locate(points, border), bl.locate(points, border.reversed())
    assert there["ambiguous"].sum() > 10
    assert (there["ambiguous"] == back["ambiguous"]).all()
    np.testing.assert_allclose(
        back["alt_chainage_m"], border.length_m - there["alt_chainage_m"], atol=5e-3, equal_nan=True
    )


def test_one_point_or_many_is_the_same():
    border = bl.load_border()
    rng = np.random.default_rng(9)
    foot = shapely.get_coordinates(border.interpolate(rng.uniform(0, border.length_m, 3_000)))
    points = table(*(foot + rng.laplace(0, 0.1, (3_000, 2))).T)
    together = bl.locate(points, border)
    rows = [*np.flatnonzero(together["ambiguous"])[:5], *range(10)]
    for row in rows:
        alone = bl.locate(points.iloc[[row]], border).iloc[0]
        assert alone["chainage_m"] == pytest.approx(together["chainage_m"].iloc[row], abs=1e-6)
        assert alone["alt_chainage_m"] == pytest.approx(
            together["alt_chainage_m"].iloc[row], abs=1e-6, nan_ok=True
        )
