"""Figures that others publish for the same ellipsoid: GeographicLib's and PostGIS'."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

import borderline as bl
from borderline.geodesy import Chain


def border(*lonlat):
    return bl.Border.from_line(shapely.LineString(lonlat), left="FRA", right="DEU")


@pytest.mark.parametrize(
    ("start", "end", "metres"),
    [
        # Documentation of GeographicLib in Python, examples: Wellington to Salamanca.
        ((174.81, -41.32), (-5.50, 40.96), 19_959_679.267),
        # GeographicLib, example-Geodesic-small: New York to London, printed to 10 m.
        ((-73.8, 40.6), (-0.5, 51.6), pytest.approx(5_551_760, abs=5)),
    ],
)
def test_lengths_of_geographiclib(start, end, metres):
    lon, lat = zip(start, end, strict=True)
    length = Chain.from_lonlat(np.array(lon), np.array(lat)).length_m
    assert length == pytest.approx(metres, abs=6e-4) if isinstance(metres, float) else length == metres


@pytest.mark.parametrize(
    ("share", "lon", "lat"),
    [
        (0.25, 11.716741571563, 19.435698270019),
        (0.50, 26.606325079977, 37.874403088301),
        (0.75, 50.432454297567, 53.213438567481),
    ],
)
def test_points_along_a_line_as_postgis_has_them(share, lon, lat):
    """Readings of ST_LineInterpolatePoint on geography, LINESTRING(0 0, 90 60), on the spheroid."""
    line = border((0, 0), (90, 60))
    point = line.interpolate(share * line.length_m)
    assert (point.x, point.y) == (pytest.approx(lon, abs=1e-10), pytest.approx(lat, abs=1e-10))
    feet = line.foot([lon], [lat])
    assert feet.chainage[0] / line.length_m == pytest.approx(share, abs=1e-9)
    assert feet.distance[0] < 1e-3


def test_distance_to_a_line_as_postgis_has_it():
    """The example of ST_Distance on geography in PostGIS' manual, on the spheroid: 123.802076746848."""
    feet = border((-72.1260, 42.45), (-72.123, 42.1546)).foot([-72.1235], [42.3521])
    assert feet.distance[0] == pytest.approx(123.802076746848, abs=1e-3)
