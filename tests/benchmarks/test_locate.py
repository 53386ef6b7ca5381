"""
Speed of the complete answer, beside geopandas' distance alone, in one run.

`make bench` prints the table. Points lie within about 25 km of the built-in line,
as incidents do, in random order. Rates are points a second.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

import borderline as bl

COUNT = 500_000
#: geopandas is too slow for more.
FEW = 20_000


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


@pytest.fixture(scope="module")
def events(border):
    rng = np.random.default_rng(1)
    feet = shapely.get_coordinates(border.interpolate(rng.uniform(0, border.length_m, COUNT)))
    points = feet + rng.laplace(0, 0.05, (COUNT, 2))
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*points.T), crs=4326)


def rate(benchmark, count):
    benchmark.extra_info["points a second"] = round(count / benchmark.stats.stats.min)


def test_locate(benchmark, border, events):
    bl.locate(events.iloc[:1000], border)  # the index is made once a border
    result = benchmark.pedantic(bl.locate, (events, border), rounds=3)
    rate(benchmark, COUNT)
    assert result["distance_m"].notna().all()


def test_locate_far_off(benchmark, border, events):
    away = events.set_geometry(events.geometry.translate(0, -2.7))
    bl.locate(away.iloc[:1000], border)
    benchmark.pedantic(bl.locate, (away, border), rounds=3)
    rate(benchmark, COUNT)


def test_geopandas_distance_only(benchmark, border, events):
    few = events.iloc[:FEW]
    line = gpd.GeoSeries([border.line], crs=4326).to_crs(32648).iloc[0]
    planar = benchmark.pedantic(lambda: few.to_crs(32648).distance(line), rounds=3)
    rate(benchmark, FEW)
    ours = bl.locate(few, border)["distance_m"]
    # A projected distance is wrong by the scale of the zone, up to 0.2 % here.
    np.testing.assert_allclose(planar, ours, rtol=3e-3, atol=0.2)


def test_geocode(benchmark, events):
    bl.geocode(events.iloc[:1000])
    result = benchmark.pedantic(bl.geocode, (events,), rounds=3)
    rate(benchmark, COUNT)
    assert result["geocoded_by"].notna().all()
