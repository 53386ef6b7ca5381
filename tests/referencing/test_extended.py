"""Events of some extent: the stretch abreast of them, and their nearest place."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic

import borderline as bl
from borderline._constants import GEOD
from borderline.errors import GeometryError

WGS84 = Geodesic.WGS84


def table(*shapes, crs=4326):
    return gpd.GeoDataFrame({"note": range(len(shapes))}, geometry=list(shapes), crs=crs)


@pytest.fixture(scope="module")
def equator():
    """Two degrees of the equator: left is north."""
    line = shapely.LineString([(0, 0), (2, 0)])
    return bl.Border.from_line(line, left="FRA", right="DEU")


def along(degrees):
    return WGS84.Inverse(0, 0, 0, degrees)["s12"]


def up(degrees):
    return WGS84.Inverse(0, 1, degrees, 1)["s12"]


def test_a_line_beside_the_border(equator):
    row = bl.locate(table(shapely.LineString([(0.5, 0.1), (0.7, 0.02), (1.0, 0.1)])), equator).iloc[0]
    assert row["distance_m"] == pytest.approx(up(0.02), abs=1e-3)
    assert row["chainage_m"] == pytest.approx(along(0.7), abs=5e-3)
    assert (row["from_m"], row["to_m"]) == (
        pytest.approx(along(0.5), abs=5e-3),
        pytest.approx(along(1.0), abs=5e-3),
    )
    assert (row["side"], row["offset_m"] > 0, row["beyond_end"]) == ("FRA", True, False)


def test_an_area_across_the_border(equator):
    row = bl.locate(table(shapely.box(0.5, -0.1, 1.1, 0.3)), equator).iloc[0]
    assert (row["distance_m"], row["offset_m"], row["side"]) == (0.0, 0.0, "line")
    assert row["chainage_m"] == pytest.approx(along(0.8), abs=0.01)
    assert (row["from_m"], row["to_m"]) == (
        pytest.approx(along(0.5), abs=0.01),
        pytest.approx(along(1.1), abs=0.01),
    )


def test_a_line_that_crosses_is_at_its_first_crossing(equator):
    track = shapely.LineString([(0.5, -0.1), (0.6, 0.1), (1.4, 0.1), (1.5, -0.1)])
    row = bl.locate(table(track), equator).iloc[0]
    assert row["side"] == "line"
    assert row["chainage_m"] == pytest.approx(along(0.55), abs=1.0)


def test_a_stretch_of_the_border_itself(equator):
    part = equator.slice(30_000.0, 50_000.0)
    row = bl.locate(table(part), equator).iloc[0]
    assert (row["distance_m"], row["side"]) == (0.0, "line")
    assert row[["from_m", "to_m", "chainage_m"]].tolist() == pytest.approx(
        [30_000.0, 50_000.0, 40_000.0], abs=0.01
    )


def test_nearest_at_a_corner_of_the_border():
    """The border's corner points at the middle of a long straight edge of the event."""
    border = bl.Border.from_line(shapely.LineString([(0, 0), (1, 0.5), (2, 0)]), left="FRA", right="DEU")
    road = shapely.LineString([(0.3, 0.6), (1.713, 0.6)])
    row = bl.locate(table(road), border).iloc[0]
    # Every place of the road from the corner, by brute force.
    edge = WGS84.InverseLine(0.6, 0.3, 0.6, 1.713)
    s = np.linspace(0, edge.s13, 200_001)
    at = GEOD.fwd(np.full(len(s), 0.3), np.full(len(s), 0.6), np.full(len(s), edge.azi1), s)
    _, _, away = GEOD.inv(np.full(len(s), 1.0), np.full(len(s), 0.5), at[0], at[1])
    assert row["distance_m"] == pytest.approx(away.min(), abs=1e-3)


def test_points_keep_their_place_and_their_columns(equator):
    points = table(shapely.Point(0.4, 0.1), shapely.Point(0.9, -0.1))
    alone = bl.locate(points, equator)
    assert "from_m" not in alone
    mixed = bl.locate(table(*points.geometry, shapely.box(1, 1, 1.1, 1.1), None, shapely.Polygon()), equator)
    pd.testing.assert_frame_equal(
        pd.DataFrame(mixed.iloc[:2])[alone.columns.drop("geometry")],
        pd.DataFrame(alone).drop(columns="geometry"),
    )
    for name in ("from_m", "to_m"):
        assert (mixed[name].iloc[:2] == mixed["chainage_m"].iloc[:2]).all()
        assert mixed[name].isna().tolist() == [False, False, False, True, True]
    assert mixed["from_m"].iloc[2] < mixed["to_m"].iloc[2]
    assert mixed["side"].iloc[2] == "FRA"


def test_several_points_and_several_parts(equator):
    group = shapely.MultiPoint([(0.2, 0.1), (0.9, 0.05)])
    parts = shapely.MultiPolygon([shapely.box(0.2, 0.1, 0.3, 0.2), shapely.box(1.0, -0.3, 1.1, -0.05)])
    located = bl.locate(table(group, parts), equator)
    np.testing.assert_allclose(located["distance_m"], [up(0.05)] * 2, atol=2e-2)
    assert located["side"].tolist() == ["FRA", "DEU"]
    np.testing.assert_allclose(located["from_m"], along(0.2), atol=0.5)


def test_extents_in_another_crs_and_reversed():
    border = bl.load_border()
    area = table(shapely.box(104.2, 14.5, 104.4, 14.7), shapely.box(104.6, 14.3, 104.7, 14.45))
    here = bl.locate(area, border)
    there = bl.locate(area.to_crs(32648), border)
    np.testing.assert_allclose(here["from_m"], there["from_m"], atol=60.0)  # edges are other curves there
    back = bl.locate(area, border.reversed())
    np.testing.assert_allclose(back["from_m"], border.length_m - here["to_m"], atol=0.01)
    np.testing.assert_allclose(back["distance_m"], here["distance_m"], atol=1e-3)
    assert here["side"].tolist() == ["THA", "line"]


def test_extent_on_contested_land():
    border = bl.load_border()
    patch = border.contested.geoms[0]
    located = bl.locate(table(patch.buffer(0.001), shapely.box(103, 15, 103.1, 15.1)), border)
    assert located["contested"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        (shapely.GeometryCollection([shapely.Point(0, 0), shapely.box(0, 0, 1, 1)]), "row 0 holds a collec"),
        (shapely.box(0, 91, 1, 95), "row 0 holds something else"),
    ],
)
def test_shapes_that_cannot_be(equator, shape, message):
    with pytest.raises(GeometryError, match=message):
        bl.locate(table(shape), equator)
