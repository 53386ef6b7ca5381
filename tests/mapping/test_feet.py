"""Where the page reckons feet to be: near enough to be worth it, and the same in both languages."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

import borderline as bl
from borderline.mapping._filter_columns import cells_of
from borderline.mapping._foot_prediction import FootPredictor, map_through_points

SCRIPTS = Path(__file__).parents[1] / "js"

# Reads a line, control points and points; writes what the page reckons of each.
RECKON = """
import { readFileSync } from 'node:fs';
import { load } from './load.mjs';
const B = load('line.js', 'filter.js', 'feet.js');
const { line, control, points } = JSON.parse(readFileSync(0, 'utf8'));
const feet = new B.Feet(new B.Line(line), ...control);
const found = points.map(([lon, lat, cell]) => feet.reckon(lon, lat, cell));
console.log(JSON.stringify([found.map((f) => f.within), found.map((f) => f.distance)]));
"""


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


@pytest.fixture(scope="module")
def located(border):
    rng = np.random.default_rng(7)
    feet = shapely.get_coordinates(border.interpolate(rng.uniform(0, border.length_m, 4000)))
    reach = 10.0 ** rng.uniform(-5, 0.3, (4000, 1))
    points = feet + rng.laplace(0, 1, feet.shape) * reach
    return bl.locate(gpd.GeoDataFrame(geometry=gpd.points_from_xy(*points.T), crs=4326), border)


def reckoned(table, border):
    feet = FootPredictor.of(border, measured=True)
    lon = np.rint(table.geometry.x * 1e6).to_numpy() / 1e6
    lat = np.rint(table.geometry.y * 1e6).to_numpy() / 1e6
    return feet, lon, lat, cells_of(table["measure_km"])


def test_reckoning_is_seldom_off_by_more_than_a_metre(located, border):
    near = located[located["distance_m"] < 30_000]
    assert len(near) > 2000
    feet, lon, lat, cells = reckoned(near, border)
    within, distance = feet.predict(lon, lat, cells)
    assert np.quantile(np.abs(distance - near["distance_m"]), 0.99) < 1.0
    assert np.mean(np.abs(within - (near["measure_km"] * 1000 - cells * 100)) < 1.5) > 0.95


def test_page_and_package_reckon_the_same_to_the_last_bit(located, border):
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: the tests of the page's modules are left out")
    feet, lon, lat, cells = reckoned(located, border)
    # Cells before the start, past the end, and far from the point as well.
    cells = np.where(np.arange(len(cells)) % 50 == 0, np.linspace(-20, 9000, len(cells)).round(), cells)
    data = {
        "line": {name: getattr(feet, name).tolist() for name in ("lon", "lat", "chainage")},
        "control": [feet.chainages.tolist(), feet.kms.tolist()],
        "points": np.column_stack([lon, lat, cells]).tolist(),
    }
    done = subprocess.run(
        [node, "--input-type=module", "--eval", RECKON],
        input=json.dumps(data), cwd=SCRIPTS, capture_output=True, text=True, check=True,
    )  # fmt: skip
    within, distance = feet.predict(lon, lat, cells)
    there = json.loads(done.stdout)
    np.testing.assert_array_equal(there[0], within)
    np.testing.assert_array_equal(there[1], distance)


def test_what_is_missing_is_reckoned_as_nothing(border):
    nothing = np.array([np.nan, 103.0, 103.0])
    within, distance = FootPredictor.of(border, measured=True).predict(
        nothing, np.array([14.0, np.nan, 14.0]), np.array([5.0, 5.0, np.nan])
    )
    assert within.tolist() == distance.tolist() == [0, 0, 0]


def test_through_reads_straight_on_beyond_its_points():
    come, go = np.array([0.0, 10.0, 20.0]), np.array([0.0, 1.0, 3.0])
    values = np.array([-10.0, 0.0, 5.0, 10.0, 15.0, 30.0])
    assert map_through_points(values, come, go).tolist() == [-1, 0, 0.5, 1, 2, 5]
    assert np.isnan(map_through_points(np.array([np.nan]), come, go)).all()
