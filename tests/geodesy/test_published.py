"""
Figures that others publish for the same ellipsoid: GeographicLib's and PostGIS'.

Each was read in the source named beside it.
"""

from __future__ import annotations

import numpy as np
import pytest
import shapely

import borderline as bl
from borderline.geodesy import Chain


def border(*lonlat):
    return bl.Border.from_line(shapely.LineString(lonlat), left="FRA", right="DEU")


def degrees(text):
    """Degrees, minutes and seconds as GeodSolve writes them, hemisphere last."""
    whole, minutes, seconds = text[:-1].split(":")
    angle = int(whole) + int(minutes) / 60 + float(seconds) / 3600
    return -angle if text[-1] in "SW" else angle


#: Man page of GeodSolve, examples: from New York (JFK) to Singapore (SIN), and waypoints on the way.
JFK_TO_SIN_M = 15_347_628
WAYPOINTS = """
40:38:23.0N 073:46:44.0W
54:24:51.3N 072:25:39.6W
68:07:37.7N 069:40:42.9W
81:38:00.4N 058:37:53.9W
83:43:26.0N 080:37:16.9E
70:20:29.2N 097:01:29.4E
56:38:36.0N 100:14:47.6E
42:52:37.1N 101:43:37.2E
29:03:57.0N 102:39:34.8E
15:13:18.6N 103:22:08.0E
01:21:33.0N 103:59:22.0E
"""


def test_length_of_geographiclib():
    """Examples of GeographicLib's Python package: Wellington to Salamanca, printed to the millimetre."""
    chain = Chain.from_lonlat(np.array([174.81, -5.50]), np.array([-41.32, 40.96]))
    assert chain.length_m == pytest.approx(19_959_679.267, abs=6e-4)


def test_waypoints_of_geographiclib():
    """Both ways: the places of ten equal steps, and the measures of those places, printed to 0.1 second."""
    lat, lon = np.array([[degrees(each) for each in row.split()] for row in WAYPOINTS.split("\n") if row]).T
    line = border((lon[0], lat[0]), (lon[-1], lat[-1]))
    assert line.length_m == pytest.approx(JFK_TO_SIN_M, abs=0.5)
    share = np.linspace(0, 1, 11)
    points = shapely.get_coordinates(line.interpolate(share * line.length_m))
    np.testing.assert_allclose(points[:, 1], lat, atol=0.051 / 3600)
    np.testing.assert_allclose(points[:, 0], lon, atol=0.051 / 3600)
    feet = line.foot(lon, lat)
    # A tenth of a second is 3 m.
    np.testing.assert_allclose(feet.chainage, share * line.length_m, atol=2.0)
    assert feet.distance.max() < 2.0


#: PostGIS, regress/core/geography_interpolate_expected: ST_LineInterpolatePoints of the geography
#: LINESTRING(4.35 50.85, 37.617222 55.755833), on the spheroid, in ten equal steps.
BRUSSELS_TO_MOSCOW = [
    (7.267449, 51.73426),
    (10.295949, 52.543175),
    (13.432093, 53.271708),
    (16.670208, 53.914941),
    (20.002182, 54.468201),
    (23.41738, 54.927194),
    (26.902706, 55.288152),
    (30.442818, 55.547972),
    (34.020506, 55.704341),
    (37.617222, 55.755833),
]


def test_points_along_a_line_as_postgis_has_them():
    line = border((4.35, 50.85), (37.617222, 55.755833))
    lon, lat = np.array(BRUSSELS_TO_MOSCOW).T
    measures = np.linspace(0.1, 1, 10) * line.length_m
    np.testing.assert_allclose(
        shapely.get_coordinates(line.interpolate(measures)), BRUSSELS_TO_MOSCOW, atol=5.1e-7
    )
    feet = line.foot(lon, lat)
    # Six decimals of a degree are 11 cm.
    np.testing.assert_allclose(feet.chainage, measures, atol=0.08)
    assert feet.distance.max() < 0.08


def test_distance_to_a_line_as_postgis_has_it():
    """
    Manual of PostGIS, ST_Distance on geography, on the spheroid.

    PostGIS seeks the nearest place on a sphere and measures to it on the spheroid, so its
    distance is no shorter than the shortest; here it is half a millimetre longer.
    """
    feet = border((-72.1260, 42.45), (-72.123, 42.1546)).foot([-72.1235], [42.3521])
    assert 123.802076746848 - 1e-3 < feet.distance[0] <= 123.802076746848


def test_length_of_a_line_as_postgis_has_it():
    """Manual of PostGIS, ST_Length on geography, on the spheroid."""
    line = border((-72.1260, 42.45), (-72.1240, 42.45666), (-72.123, 42.1546))
    assert line.length_m == pytest.approx(34_310.5703627288, abs=1e-6)


def test_a_cut_as_postgis_has_it():
    """Regression tests of PostGIS, ST_LineSubstring of LINESTRING(1 1, 2 2) from 0.1 to 0.2."""
    line = border((1, 1), (2, 2))
    cut = line.slice(0.1 * line.length_m, 0.2 * line.length_m)
    expected = [(1.0999628, 1.1000192), (1.1999322, 1.200035)]
    np.testing.assert_allclose(shapely.get_coordinates(cut), expected, atol=6e-8)
