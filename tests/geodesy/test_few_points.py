"""Few points are searched each by itself; the answers are those of the tree of points, to the last bit."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import shapely

import borderline as bl
from borderline.geodesy import Chain, Pieces, _few_points, _foot_search
from borderline.geodesy._geocentric import to_vectors


@pytest.fixture(scope="module")
def built_in():
    return bl.load_border()


@pytest.fixture
def tree_only(monkeypatch):
    """Return a function that refers points to a border through the tree."""

    def find(border, lon, lat):
        with monkeypatch.context() as patched:
            patched.setattr(_foot_search, "FEW_POINTS", 0)
            return border.foot(lon, lat, second=True)

    return find


def scatter(border, count, spread, seed=21):
    rng = np.random.default_rng(seed)
    feet = shapely.get_coordinates(border.interpolate(rng.uniform(0, border.length_m, count)))
    return (feet + rng.laplace(0, spread, (count, 2))).T


def assert_same_bits(feet, expected):
    for field in dataclasses.fields(expected):
        np.testing.assert_array_equal(
            getattr(feet, field.name), getattr(expected, field.name), err_msg=field.name
        )


@pytest.mark.parametrize("count", [1, 2, 60, 399])
@pytest.mark.parametrize("spread", [1e-6, 0.005, 0.05, 0.5, 5.0])
def test_few_points_get_the_feet_of_the_tree(built_in, tree_only, count, spread):
    lon, lat = scatter(built_in, count, spread)
    assert_same_bits(built_in.foot(lon, lat, second=True), tree_only(built_in, lon, lat))


def test_vertices_get_the_feet_of_the_tree(built_in, tree_only):
    """Where two pieces meet, both are as near."""
    lon, lat = shapely.get_coordinates(built_in.line)[:390].T
    assert_same_bits(built_in.foot(lon, lat, second=True), tree_only(built_in, lon, lat))


@pytest.mark.parametrize("pairs", [100, 3_000])
def test_with_too_many_pairs_they_go_through_the_tree(built_in, tree_only, monkeypatch, pairs):
    lon, lat = scatter(built_in, 300, 0.2)
    monkeypatch.setattr(_few_points, "MAX_PAIRS", pairs)
    pieces = Pieces.from_chain(Chain.from_lonlat(*shapely.get_coordinates(built_in.line).T))
    assert _few_points.FewPoints(to_vectors(lon, lat), pieces.levels).find_nearest() is None
    assert_same_bits(built_in.foot(lon, lat, second=True), tree_only(built_in, lon, lat))


def test_only_the_second_feet_need_the_tree(built_in, tree_only, monkeypatch):
    lon, lat = scatter(built_in, 300, 0.2)
    monkeypatch.setattr(_few_points.FewPoints, "find_elsewhere", lambda *_args: None)
    feet = built_in.foot(lon, lat, second=True)
    assert np.isfinite(feet.second).sum() > 3
    assert_same_bits(feet, tree_only(built_in, lon, lat))
