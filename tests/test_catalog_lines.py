"""The drawings of the border beside the default one, and the land on which they disagree."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pytest
import shapely

from borderline import catalog
from borderline._constants import GEOD

TRIPOINT = (105.20647, 14.34334)
COAST = (102.91114, 11.65218)
OSM = ("osm-2017", "osm-2020", "osm-2025", "osm-2026")
UTM = 32648


def drawn(key):
    return catalog.read_layer(key).geometry.iloc[0]


@pytest.fixture(scope="module")
def patches():
    return catalog.read_layer("contested")


@pytest.mark.parametrize("key", catalog.get_border().lines)
def test_every_drawing_is_one_simple_line_from_east_to_coast(key):
    layer = catalog.read_layer(key)
    assert len(layer) == 1
    line = layer.geometry.iloc[0]
    assert line.geom_type == "LineString"
    assert line.is_simple
    assert GEOD.inv(*line.coords[0], *TRIPOINT)[2] < 3000
    assert GEOD.inv(*line.coords[-1], *COAST)[2] < 1000


@pytest.mark.parametrize(
    ("key", "vertices", "km"),
    [
        ("osm-2025", 5702, 824.25),
        ("osm-2026", 5770, 824.53),
        ("osm-2020", 5678, 824.25),
        ("osm-2017", 5357, 824.14),
        ("rtsd-2019", 239, 743.5),
        ("natural-earth", 243, 665.4),
    ],
)
def test_drawings_have_the_known_size(key, vertices, km):
    line = drawn(key)
    assert shapely.get_num_coordinates(line) == vertices
    assert GEOD.geometry_length(line) / 1000 == pytest.approx(km, abs=0.05)


@pytest.mark.parametrize("key", OSM)
def test_versions_of_one_map_begin_at_the_same_tripoint(key):
    assert drawn(key).coords[0] == pytest.approx(drawn("osm-2025").coords[0], abs=2e-7)


@pytest.mark.parametrize("key", ["rtsd-2019", "natural-earth"])
def test_stated_accuracy_holds_nine_tenths_of_the_displacement(key):
    lines = gpd.GeoSeries([drawn(key), drawn("osm-2025")], crs=4326).to_crs(UTM)
    points = shapely.line_interpolate_point(lines[1], np.arange(0, lines[1].length, 100))
    within = np.percentile(shapely.distance(points, lines[0]), 90)
    stated = catalog.get(key).accuracy_m
    assert 0.9 * stated < within <= 1.01 * stated


def cambodian_side(line):
    return shapely.Polygon([*line.coords, COAST, (102.9, 9), (108, 9), (108, 14.343), TRIPOINT])


def test_patches_lie_where_the_stated_versions_put_them(patches):
    sides = {key: cambodian_side(drawn(key)) for key in OSM}
    for row in patches.itertuples():
        khmer, thai = row.in_cambodia.split(";"), row.in_thailand.split(";")
        assert sorted([*khmer, *thai]) == sorted(OSM)
        inside = row.geometry.representative_point()
        assert [key for key in OSM if sides[key].contains(inside)] == sorted(khmer)


def test_patches_are_all_there_is(patches):
    # The same land another way: what every two versions disagree on, put together.
    sides = [cambodian_side(drawn(key)) for key in OSM]
    differ = [one.symmetric_difference(other) for one, other in itertools.combinations(sides, 2)]
    left = shapely.union_all(differ).difference(patches.union_all())
    areas = [abs(GEOD.geometry_area_perimeter(part)[0]) for part in shapely.get_parts(left)]
    assert max(areas) < 1e4


def test_patches_are_measured_and_numbered_by_size(patches):
    for row in patches.itertuples():
        hectares = abs(GEOD.geometry_area_perimeter(row.geometry)[0]) / 1e4
        assert hectares == pytest.approx(row.area_ha, abs=0.01)
    whole = patches.groupby("patch")["area_ha"].sum()
    assert whole.index.tolist() == list(range(1, 19))
    assert whole.is_monotonic_decreasing
    assert whole.min() >= 1
    assert whole.sum() == pytest.approx(300.7, abs=0.1)


def test_temple_that_changed_sides_lies_in_a_patch(patches):
    ta_muen_thom = shapely.Point(103.26639, 14.34917)
    (row,) = patches[patches.contains(ta_muen_thom)].itertuples()
    assert row.in_thailand == "osm-2026"
