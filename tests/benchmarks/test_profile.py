"""
Speed of the profile of very many events, of K, of interaction in time, and of the map for print.

Bandwidths of a kilometre and more are held to 1e-6 of the peak by tests/stats/test_kernel.py.
"""

from __future__ import annotations

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import shapely

import borderline as bl

MANY = 1_000_000
PLACES = 100_000


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


def located(border, n):
    km = np.random.default_rng(1).uniform(0, border.length_m, n)
    return pd.DataFrame({"chainage_m": km, "distance_m": 0.0, "beyond_end": False})


@pytest.mark.parametrize("bandwidth_km", [0.2, 1.0, 10.0, 1000.0])
def test_profile_of_a_million(benchmark, border, bandwidth_km):
    events = located(border, MANY)
    curve = benchmark.pedantic(bl.profile, (events, border), {"bandwidth_km": bandwidth_km}, rounds=3)
    benchmark.extra_info["events"] = MANY
    assert curve.attrs["n_events"] == MANY


def test_k_function_with_999_simulations(benchmark, border):
    events = located(border, 158)
    k = benchmark.pedantic(bl.stats.k_function, (events, border), {"simulations": 999}, rounds=2)
    benchmark.extra_info["simulations"] = 999
    assert k.attrs["p_value"] > 0


def test_interaction_with_999_simulations(benchmark, border):
    rng = np.random.default_rng(2)
    events = located(border, 2_000)
    events["event_date"] = pd.Timestamp("2025-01-01") + pd.to_timedelta(
        rng.integers(0, 365, len(events)), "D"
    )
    options = {"near_km": 10, "near_days": 7, "simulations": 999}
    tests = benchmark.pedantic(bl.stats.space_time_interaction, (events, border), options, rounds=1)
    benchmark.extra_info["events"] = len(events)
    assert tests.attrs["n_events"] == len(events)


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_map_of_many_incidents(benchmark, border, tmp_path, ending):
    mpl.use("Agg")
    rng = np.random.default_rng(3)
    feet = shapely.get_coordinates(border.interpolate(rng.uniform(0, border.length_m, PLACES)))
    points = feet + rng.laplace(0, 0.05, feet.shape)
    events = gpd.GeoDataFrame(
        {"event_type": rng.choice(bl.schema.EVENT_TYPES, PLACES)},
        geometry=gpd.points_from_xy(*points.T),
        crs=4326,
    )

    def draw():
        ax = bl.plot_map(events, border)
        ax.figure.savefig(tmp_path / f"map.{ending}")
        mpl.pyplot.close(ax.figure)

    benchmark.pedantic(draw, rounds=2)
    benchmark.extra_info["incidents"] = PLACES
