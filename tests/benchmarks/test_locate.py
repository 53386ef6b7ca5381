"""
Speed of the complete answer, beside geopandas' distance alone, in one run.

`make bench` prints the table. Points lie within about 25 km of the built-in line,
as incidents do, in random order. Rates are points a second.
"""

from __future__ import annotations

import resource
import time

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


def cpu_seconds(call):
    """Return the least CPU time of three calls: elapsed time would measure the other processes as well."""
    least = np.inf
    for _ in range(3):
        began = time.process_time()
        call()
        least = min(least, time.process_time() - began)
    return least


@pytest.mark.parametrize(("places", "most"), [(57, 2.0), (5_000, 25.0)])
def test_locate_with_a_level(border, events, places, most):
    """How sure 100,000 events are, beside plain locate: each distinct position is reckoned once."""
    rows = np.random.default_rng(2).integers(0, places, 100_000)
    some = events.iloc[rows].reset_index(drop=True).assign(location_error_m=5_000.0)
    bl.locate(some.iloc[:1000], border, level=0.9)  # the other drawings are read once
    plain = cpu_seconds(lambda: bl.locate(some, border))
    sure = cpu_seconds(lambda: bl.locate(some, border, level=0.9))
    print(f"\n{places:,} places: {plain:.3f} s plain, {sure:.3f} s with a level, {sure / plain:.1f} times")  # noqa: T201
    assert sure <= most * plain
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2_000_000
