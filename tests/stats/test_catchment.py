"""The catchment against closed forms, a finer lattice, and points thrown at random."""

from __future__ import annotations

import functools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

import borderline as bl
from borderline.errors import MeasureError, OptionError
from borderline.stats._catchment import catchment_of


def catchment_km2(border, breaks_m, **options):
    return bl.stats.catchment_km2(border, np.asarray(breaks_m) / 1000, **options)


GEOD = Geod(ellps="WGS84")
FEW = 50_000  # points of a lattice, where a straight line needs no more
EQUATOR = bl.Border.from_line(shapely.LineString([(0, 0), (1, 0)]), left="FRA", right="DEU", name="equator")


@functools.cache
def built_in():
    return bl.load_border()


def tens(border):
    return np.append(np.arange(0.0, border.length_m, 10_000.0), border.length_m)


def slanted(azimuth, length_m=100_000.0, lon=104.0, lat=14.0):
    end = GEOD.fwd(lon, lat, azimuth, length_m)[:2]
    return bl.Border.from_line(shapely.LineString([(lon, lat), end]), left="FRA", right="DEU")


@pytest.mark.parametrize("within_km", [0.1, 25, pytest.param(200, marks=pytest.mark.slow)])
def test_a_straight_border_by_the_area_of_the_ellipsoid(within_km):
    """Feet on the equator go along meridians, so a stretch's land is a box of longitude and latitude."""
    top = GEOD.fwd(0.0, 0.0, 0.0, within_km * 1000.0)[1]
    lon = np.linspace(0.0, 0.1, 501)
    box = np.abs(GEOD.polygon_area_perimeter([*lon, *lon[::-1]], [top] * 501 + [-top] * 501)[0]) / 1e6
    stretch = EQUATOR.length_m / 10
    land = catchment_of(EQUATOR, within_km=within_km, points=FEW)
    found = land.of_stretches(stretch * np.arange(10), stretch * np.arange(1, 11))
    np.testing.assert_allclose(found, box, rtol=2e-3)
    assert found.sum() == pytest.approx(10 * box, rel=1e-4)


@pytest.mark.parametrize("azimuth", [0, 45, 122, 148.28, 301])
def test_twice_the_width_a_kilometre_in_every_direction(azimuth):
    border = slanted(azimuth)
    breaks = np.linspace(0.0, border.length_m, 11)
    found = catchment_of(border, within_km=20, points=FEW).of_stretches(breaks[:-1], breaks[1:])
    np.testing.assert_allclose(found, 400.0, rtol=2e-3)


def test_a_right_angle():
    """Outside the bend a quarter circle belongs to the bend itself; inside, the bisector divides."""
    corner = GEOD.fwd(0.0, 0.0, 0.0, 20_000.0)[:2]
    end = GEOD.fwd(*corner, 90.0, 20_000.0)[:2]
    border = bl.Border.from_line(shapely.LineString([(0, 0), corner, end]), left="FRA", right="DEU")
    land = catchment_of(border, within_km=5, points=FEW)
    bend = float(land.upto(20_000.0) - land.before(20_000.0))
    assert bend == pytest.approx(np.pi * 25 / 4, rel=5e-3)
    outer = catchment_km2(border, [0, border.length_m], within_km=5, bank="FRA")
    inner = catchment_km2(border, [0, border.length_m], within_km=5, bank="DEU")
    assert outer[0] == pytest.approx(200 + np.pi * 25 / 4, rel=1e-3)
    assert inner[0] == pytest.approx(200 - 25, rel=1e-3)
    # The last 5 km before the bend have half of the inner square less.
    near = catchment_km2(border, [15_000, 20_000], within_km=5, bank="DEU")
    assert near[0] == pytest.approx(12.5, rel=1e-2)


@pytest.mark.slow
def test_against_a_lattice_sixteen_times_as_dense():
    border, breaks = built_in(), tens(built_in())
    quick = catchment_km2(border, breaks, within_km=25)
    fine = catchment_of(border, within_km=25, points=6_400_000).of_stretches(breaks[:-1], breaks[1:])
    error = quick / fine - 1
    assert np.sqrt((error**2).mean()) < 0.0015
    assert np.abs(error).max() < 0.006
    assert abs(quick.sum() / fine.sum() - 1) < 1e-4


def test_against_points_thrown_at_random():
    """No lattice, no projection: points even on the sphere, counted by what locate says of them."""
    border, breaks = built_in(), tens(built_in())
    rng = np.random.default_rng(3)
    west, south, east, north = shapely.bounds(border.line) + np.array([-0.3, -0.3, 0.3, 0.3])
    n = 80_000
    lon = rng.uniform(west, east, n)
    lat = np.degrees(np.arcsin(rng.uniform(np.sin(np.radians(south)), np.sin(np.radians(north)), n)))
    feet = border.foot(lon, lat)
    kept = (feet.distance <= 25_000) & ~feet.beyond_end
    count = np.histogram(feet.chainage[kept], breaks)[0]
    expected = catchment_km2(border, breaks, within_km=25)
    expected *= kept.sum() / expected.sum()
    chi2 = ((count - expected) ** 2 / expected).sum()
    # The sphere has 0.1 % less or more land per latitude than the ellipsoid: beneath the noise here.
    assert chi2 < len(expected) + 4 * np.sqrt(2 * len(expected))


def test_land_is_far_from_even_along_the_built_in_border():
    """Of 82 stretches of even length, 10.05 km; cut at whole tens of kilometres it is 0.10 to 2.21."""
    border = built_in()
    share = catchment_km2(border, np.linspace(0.0, border.length_m, 83), within_km=25)
    share /= share.mean()
    assert share.min() == pytest.approx(0.28, abs=0.006)
    assert share.max() == pytest.approx(1.92, abs=0.011)


def test_short_stretches_differ_most():
    """What docs/methods.md says of single kilometres."""
    border = built_in()
    share = catchment_km2(border, np.arange(0.0, border.length_m, 1_000.0), within_km=25)
    share /= share.mean()
    assert share.min() == pytest.approx(0.02, abs=0.005)
    assert share.max() == pytest.approx(13, abs=0.5)
    assert (share < 0.5).mean() == pytest.approx(0.6, abs=0.03)
    narrow = catchment_km2(border, np.arange(0.0, border.length_m, 1_000.0), within_km=2)
    assert narrow.min() / narrow.mean() == pytest.approx(0.16, abs=0.01)


def test_the_banks_add_up_and_turning_the_border_changes_nothing():
    border, breaks = built_in(), tens(built_in())
    both = catchment_km2(border, breaks, within_km=5)
    left = catchment_km2(border, breaks, within_km=5, bank="KHM")
    right = catchment_km2(border, breaks, within_km=5, bank="th")
    np.testing.assert_allclose(left + right, both, rtol=1e-9)
    back = border.reversed()
    again = catchment_km2(back, back.length_m - breaks[::-1], within_km=5, bank="KHM")[::-1]
    np.testing.assert_allclose(again, left, rtol=0.02)


def test_across_the_antimeridian_and_over_the_pole():
    places = [(70, 104.0, 14.0), (70, 179.7, -14.0), (0, 30.0, 89.7)]
    lands = [catchment_of(slanted(a, lon=x, lat=y), within_km=10, points=FEW) for a, x, y in places]
    found = [float(land.of_stretches(0.0, 50_000.0)) for land in lands]
    np.testing.assert_allclose(found, 1000.0, rtol=2e-3)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=12, unique=True))
@settings(max_examples=30)
def test_stretches_add_up(places):
    breaks = np.unique(np.round(np.sort(places) * EQUATOR.length_m, 2))
    if len(breaks) < 2:
        return
    parts = catchment_km2(EQUATOR, breaks, within_km=3)
    whole = catchment_km2(EQUATOR, [breaks[0], breaks[-1]], within_km=3)
    assert (parts >= 0).all()
    assert parts.sum() == pytest.approx(whole[0])


def test_drawn_events_follow_the_land():
    land = catchment_of(built_in(), within_km=25)
    breaks = tens(built_in())
    drawn = land.draw(100_000, np.random.default_rng(1))
    expected = land.of_stretches(breaks[:-1], breaks[1:]) / land.total_km2 * 100_000
    count = np.histogram(drawn, breaks)[0]
    assert ((count - expected) ** 2 / expected).sum() < len(expected) + 4 * np.sqrt(2 * len(expected))


def test_the_result_is_kept_and_cannot_be_written_to():
    land = catchment_of(EQUATOR, within_km=3)
    assert catchment_of(EQUATOR, within_km=3.0) is land
    with pytest.raises(ValueError, match="read-only"):
        land.feet_m[0] = 1.0


@pytest.mark.parametrize(
    ("breaks", "options", "error", "message"),
    [
        ([0, 1], {"within_km": 0}, OptionError, "within_km must be "),
        ([0, 1], {"within_km": np.nan}, OptionError, "within_km must be "),
        ([0, 1], {"within_km": 2_001}, OptionError, "within_km must be "),
        ([0, 1], {"within_km": 1, "bank": "THA"}, OptionError, "bank must be "),
        ([0, 1], {"within_km": 1, "bank": "nowhere"}, OptionError, "bank must be "),
        ([1, 1], {"within_km": 1}, OptionError, "breaks_km must be "),
        ([0, 200_000], {"within_km": 1}, MeasureError, "lies off the border"),
    ],
)
def test_bad_input(breaks, options, error, message):
    with pytest.raises(error, match=message):
        catchment_km2(EQUATOR, breaks, **options)
