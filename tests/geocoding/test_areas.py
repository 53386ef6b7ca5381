"""Containment and nearness against slow and plain ways to find them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely

import borderline as bl
from borderline._constants import GEOD
from borderline.geocoding import _area_index
from borderline.geocoding._area_index import NOWHERE, _AreaIndex, find_containing, find_nearest


@pytest.fixture(scope="module")
def provinces():
    return bl.load_admin().sort_values("admin1_iso").geometry.to_numpy()


def test_containment_is_that_of_a_plain_loop(provinces):
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(97, 108, 3000), rng.uniform(5.5, 20.5, 3000)
    lon[::100] = np.nan
    points = shapely.points(lon, lat)
    expected = np.full(len(lon), NOWHERE)
    for position in reversed(range(len(provinces))):
        expected[shapely.intersects(provinces[position], points) & np.isfinite(lon)] = position
    np.testing.assert_array_equal(find_containing(provinces, lon, lat), expected)


@pytest.mark.parametrize("where", ["provinces", "on vertices", "overlapping, with holes"])
def test_many_points_are_found_as_few_are(provinces, where):
    """Cells decide most of many points; asked in small lots, every point is asked on its own."""
    rng = np.random.default_rng(6)
    areas = provinces
    lon, lat = rng.uniform(96, 109, 60_000), rng.uniform(5, 21, 60_000)
    if where == "on vertices":
        vertices = shapely.get_coordinates(provinces)
        lon, lat = (
            vertices[rng.integers(0, len(vertices), 60_000)] + rng.choice([0, 1e-9, 1e-4], (60_000, 1))
        ).T
    elif where != "provinces":
        discs = shapely.buffer(
            shapely.points(rng.uniform(98, 107, (40, 2)) - (0, 88)), rng.uniform(0.01, 2, 40)
        )
        areas = shapely.difference(discs, shapely.buffer(shapely.centroid(discs), 0.3))
        lat = lat - 1
    lon[::1000] = np.nan
    few = [find_containing(areas, lon[k : k + 5_000], lat[k : k + 5_000]) for k in range(0, 60_000, 5_000)]
    np.testing.assert_array_equal(find_containing(areas, lon, lat), np.concatenate(few))


@pytest.mark.slow
def test_nearest_is_that_of_dense_points_on_every_boundary(provinces):
    rng = np.random.default_rng(4)
    coast = shapely.get_coordinates(provinces)
    start = coast[rng.integers(0, len(coast), 400)]
    lon, lat = (start + rng.normal(0, 0.03, start.shape)).T
    outside = find_containing(provinces, lon, lat) == NOWHERE
    lon, lat = lon[outside], lat[outside]
    position, metres = find_nearest(provinces, lon, lat, within_m=4_000)
    vertices, owner = shapely.get_coordinates(shapely.segmentize(provinces, 0.002), return_index=True)
    assert len(lon) > 30
    for x, y, found, distance in zip(lon, lat, position, metres, strict=True):
        close = np.flatnonzero(np.abs(vertices - (x, y)).max(axis=1) < 0.06)
        _, _, away = GEOD.inv(np.full(len(close), x), np.full(len(close), y), *vertices[close].T)
        best = away.min(initial=np.inf)
        if found == NOWHERE:
            assert best > 3_995
        else:
            # Vertices lie up to 220 m apart, so the best of them may be a little farther than the boundary.
            assert distance <= best + 0.1
            assert away[owner[close] == found].min() <= np.hypot(best, 120) + 0.1


def test_preparing_leaves_the_areas_of_the_caller_alone(provinces):
    fresh = shapely.from_wkb(shapely.to_wkb(provinces))
    find_containing(fresh, np.array([104.0]), np.array([13.0]))
    assert not shapely.is_prepared(fresh).any()


def test_the_index_of_areas_is_kept_and_never_taken_for_that_of_others(monkeypatch):
    areas = shapely.box(np.arange(30.0), 0.0, np.arange(30.0) + 0.5, 1.0)
    built = []
    monkeypatch.setattr(_area_index, "_AreaIndex", lambda given: built.append(1) or _AreaIndex(given))
    lon, lat = np.arange(30.0) + 0.25, np.full(30, 0.5)
    for _ in range(2):
        np.testing.assert_array_equal(find_containing(areas, lon, lat), np.arange(30))
        np.testing.assert_array_equal(find_containing(areas[::-1], lon, lat), np.arange(30)[::-1])
        np.testing.assert_array_equal(find_nearest(areas, lon, lat + 0.55, within_m=9e3)[0], np.arange(30))
    assert len(built) == 2
    for shift in range(_area_index._KEPT + 1):
        find_containing(shapely.box([shift], [0], [shift + 1], [1]), lon, lat)
    find_containing(areas, lon, lat)
    assert len(built) == 2 + _area_index._KEPT + 1 + 1
    assert len(_area_index._INDEXES) <= _area_index._KEPT


def test_several_threads_may_ask_at_once(provinces):
    fresh = shapely.from_wkb(shapely.to_wkb(provinces))
    rng = np.random.default_rng(9)
    lon, lat = rng.uniform(97, 108, 3000), rng.uniform(5.5, 20.5, 3000)
    with ThreadPoolExecutor(8) as pool:
        several = list(pool.map(lambda _: find_containing(fresh, lon, lat), range(16)))
    for position in several:
        np.testing.assert_array_equal(position, several[0])
