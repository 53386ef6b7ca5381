"""`line_agreement`: separation and land between two lines, against independent solutions."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import GeometryError, OptionError
from borderline.lines._line_pair import hausdorff_distance

WGS84 = Geodesic.WGS84


def make(xy, **options):
    return bl.Border.from_line(shapely.LineString(xy), **{"left": "XAA", "right": "XBB", **options})


def meridian(lon, south, north):
    return make([(lon, south), (lon, north)])


def parallel(lat, west, east, step=0.01):
    lon = np.linspace(west, east, round((east - west) / step) + 1)
    return make(np.column_stack([lon, np.full(len(lon), lat)]))


def polygon_km2(*lines):
    """Area of the ring that lines make one after the other, by GeographicLib."""
    ring = WGS84.Polygon()
    for line in lines:
        for lon, lat in line:
            ring.AddPoint(lat, lon)
    return abs(ring.Compute()[2]) / 1e6


@pytest.fixture(scope="module")
def lines():
    return {key: bl.load_border(line=key) for key in bl.catalog.get_border("khm-tha").lines}


def test_a_line_agrees_with_itself(lines):
    line = lines["osm-2025"]
    agreement = bl.lines.line_agreement(line, line)
    assert agreement.mean_m < 1e-5
    assert max(agreement.quantiles_m.values()) < 1e-5
    assert agreement.hausdorff_m < 1e-5
    assert agreement.area_km2 == 0
    assert agreement.common_km == pytest.approx(line.length_m / 1000)


@pytest.mark.parametrize("lat", [0.0, 13.0, 60.0])
def test_land_between_meridians(lat):
    a, b = meridian(103.0, lat, lat + 1), meridian(103.1, lat, lat + 1)
    agreement = bl.lines.line_agreement(a, b)
    west = [(103.0, lat), (103.0, lat + 1)]
    # The common stretch ends at feet, so a sliver at the wider end, next to the pole, is open.
    ends = [shapely.Point(xy) for xy in b.line.coords]
    feet = a.foot([each.x for each in ends], [each.y for each in ends]).chainage
    cut = list(a.slice(*np.clip(feet, 0, a.length_m)).coords)
    other = b.foot(*np.array(west).T).chainage
    facing = list(b.slice(*np.clip(other, 0, b.length_m)).coords)
    assert agreement.area_km2 == pytest.approx(polygon_km2(cut, facing[::-1]), rel=1e-9)
    assert agreement.right_km2 == agreement.area_km2
    assert agreement.left_km2 == 0
    widths = [WGS84.Inverse(at, 103.0, at, 103.1)["s12"] for at in (lat, lat + 1)]
    assert agreement.quantiles_m[0.5] == pytest.approx(np.mean(widths), rel=1e-3)
    assert agreement.hausdorff_m == pytest.approx(max(widths), abs=max(widths) * 1e-3)


def test_land_between_parallels():
    a, b = parallel(13.0, 102, 104), parallel(13.05, 102, 104)
    agreement = bl.lines.line_agreement(a, b)
    assert agreement.area_km2 == pytest.approx(polygon_km2(a.line.coords, b.line.coords[::-1]), rel=2e-6)
    assert agreement.left_km2 == agreement.area_km2
    height = WGS84.Inverse(13.0, 103, 13.05, 103)["s12"]
    assert agreement.mean_m == pytest.approx(height, abs=0.05)
    assert agreement.hausdorff_m == pytest.approx(height, abs=0.05)
    assert (agreement.table["offset_m"] > 0).all()


def test_lines_that_cross_have_land_on_both_sides():
    lat = np.linspace(10, 11, 101)
    straight = make(np.column_stack([np.full(101, 100.0), lat]))
    wave = make(np.column_stack([100.0 + 0.05 * np.sin(2 * np.pi * (lat - 10)), lat]))
    agreement = bl.lines.line_agreement(straight, wave)
    half = lat <= 10.5
    east = polygon_km2(np.array(wave.line.coords)[half], np.array(straight.line.coords)[half][::-1])
    west = polygon_km2(np.array(wave.line.coords)[~half | (lat == 10.5)], [(100.0, 11.0), (100.0, 10.5)])
    assert agreement.right_km2 == pytest.approx(east, rel=1e-6)
    assert agreement.left_km2 == pytest.approx(west, rel=1e-6)
    left = agreement.table["chainage_m"] > straight.length_m / 2
    assert (np.sign(agreement.table["offset_m"]) == np.where(left, 1, -1)).mean() > 0.99


def test_a_pocket_on_the_same_side_of_both_is_not_between():
    """The second line makes a bag round land that lies to the left of both."""
    straight = make([(0.0, 0.0), (0.0, 1.0)])
    bag = make(
        [
            (0, 0),
            (0, 0.2),
            (-0.3, 0.2),
            (-0.3, 0.8),
            (-0.1, 0.8),
            (-0.1, 0.6),
            (-0.2, 0.6),
            (-0.2, 0.4),
            (0, 0.4),
            (0, 1),
        ]
    )
    agreement = bl.lines.line_agreement(straight, bag)
    ring = [(0, 0.2), (-0.3, 0.2), (-0.3, 0.8), (-0.1, 0.8), (-0.1, 0.6), (-0.2, 0.6), (-0.2, 0.4), (0, 0.4)]
    assert agreement.left_km2 == pytest.approx(polygon_km2(ring), rel=1e-6)
    assert agreement.right_km2 == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    "key",
    [
        "rtsd-2019",
        *(pytest.param(each, marks=pytest.mark.slow) for each in ("osm-2026", "osm-2017", "natural-earth")),
    ],
)
def test_what_is_symmetric_is_symmetric(lines, key):
    there, back = (
        bl.lines.line_agreement(lines[one], lines[two]) for one, two in (("osm-2025", key), (key, "osm-2025"))
    )
    assert there.hausdorff_m == pytest.approx(back.hausdorff_m, abs=0.05)
    assert there.area_km2 == pytest.approx(back.area_km2, rel=1e-9)
    assert there.left_km2 == pytest.approx(back.right_km2, rel=1e-9)
    assert there.common_km == pytest.approx(lines["osm-2025"].length_m / 1000, rel=0.01)


def test_direction_does_not_matter(lines):
    a, b = lines["osm-2025"], lines["rtsd-2019"]
    there, back = bl.lines.line_agreement(a, b), bl.lines.line_agreement(a, b.reversed())
    assert there.mean_m == pytest.approx(back.mean_m, abs=1e-6)
    assert there.area_km2 == pytest.approx(back.area_km2, rel=1e-9)
    assert there.left_km2 == pytest.approx(back.left_km2, rel=1e-9)
    np.testing.assert_allclose(there.table["offset_m"], back.table["offset_m"], atol=1e-3)
    np.testing.assert_allclose(
        b.length_m - back.table["other_chainage_m"], there.table["other_chainage_m"], atol=0.01
    )


def test_published_separation_of_the_survey_depiction(lines):
    """The catalog states how far the survey's line and this one are apart; found anew here."""
    agreement = bl.lines.line_agreement(lines["osm-2025"], lines["rtsd-2019"])
    assert agreement.quantiles_m[0.5] == pytest.approx(139, abs=1)
    assert agreement.quantiles_m[0.9] == pytest.approx(421, abs=1)
    assert 1_900 < agreement.hausdorff_m < 2_000


def test_the_table_says_what_foot_says(lines):
    a, b = lines["osm-2025"], lines["rtsd-2019"]
    table = bl.lines.line_agreement(a, b, step_m=5_000).table
    assert table.columns.tolist() == ["chainage_m", "separation_m", "offset_m", "other_chainage_m"]
    for row in table.iloc[::20].itertuples():
        place, foot = a.interpolate(row.chainage_m), b.interpolate(row.other_chainage_m)
        assert WGS84.Inverse(place.y, place.x, foot.y, foot.x)["s12"] == pytest.approx(
            row.separation_m, abs=0.01
        )
        assert abs(row.offset_m) == pytest.approx(row.separation_m, abs=1e-6)
        # Standing at the foot on `b`: `a` sees it on the side the sign tells.
        if row.separation_m > 1:
            assert np.sign(a.foot([foot.x], [foot.y]).offset[0]) == np.sign(row.offset_m)


walks = st.lists(st.tuples(st.floats(0.02, 0.2), st.floats(-0.1, 0.1)), min_size=2, max_size=12)


@given(walks, walks)
@settings(max_examples=10)
def test_the_largest_separation_against_many_places(one, two):
    a, b = (make(np.cumsum([(100.0, 13.0), *walk], axis=0)) for walk in (one, two))
    found = hausdorff_distance(a, b)
    seen = 0.0
    for line, other in ((a, b), (b, a)):
        places = line.interpolate(np.linspace(0, line.length_m, 3_000))
        seen = max(seen, other.foot(shapely.get_x(places), shapely.get_y(places)).distance.max())
    assert found >= seen - 0.05
    assert found <= seen + max(a.length_m, b.length_m) / 3_000
    assert hausdorff_distance(b, a) == found


@given(walks, st.floats(-0.05, 0.05))
@settings(max_examples=10)
def test_land_beside_a_line_moved_sideways(walk, shift):
    assume(abs(shift) > 1e-4)
    xy = np.cumsum([(100.0, 13.0), *walk], axis=0)
    a, b = make(xy), make(xy + np.array([0.0, shift]))
    agreement = bl.lines.line_agreement(a, b)
    # Ends differ, so the common stretches are shorter than the lines; the sides are plain.
    mine, other = (
        (agreement.left_km2, agreement.right_km2) if shift > 0 else (agreement.right_km2, agreement.left_km2)
    )
    assert mine >= other
    assert agreement.hausdorff_m <= WGS84.Inverse(13, 100, 13 + shift, 100)["s12"] * 1.01


def test_ends_that_differ():
    long, short = parallel(13.0, 102, 104), parallel(13.001, 102.5, 103.5)
    agreement = bl.lines.line_agreement(long, short)
    assert agreement.common_km == pytest.approx(short.length_m / 1000, rel=1e-4)
    assert agreement.quantiles_m[0.95] < 120
    assert agreement.hausdorff_m == pytest.approx(WGS84.Inverse(13.0, 102, 13.001, 102.5)["s12"], abs=0.1)


def test_across_the_antimeridian():
    east, west = make([(179.5, 10), (180.5, 10.0)]), make([(179.5, 10.1), (-179.5, 10.1)])
    home = bl.lines.line_agreement(make([(9.5, 10), (10.5, 10.0)]), make([(9.5, 10.1), (10.5, 10.1)]))
    assert bl.lines.line_agreement(east, west).area_km2 == pytest.approx(home.area_km2, rel=1e-9)


def test_repr(lines):
    text = repr(bl.lines.line_agreement(lines["osm-2025"], lines["osm-2026"]))
    assert text.startswith("<Agreement over 824.2 km: mean 2.2 m, 50% within 0.0 m")
    assert "km2 between" in text


def test_lines_elsewhere():
    with pytest.raises(GeometryError, match="do not run along each other"):
        bl.lines.line_agreement(meridian(10, 0, 1), meridian(10, 2, 3))


@pytest.mark.parametrize("options", [{"step_m": 0}, {"step_m": -1}, {"step_m": 1e-6}, {"levels": [1.5]}])
def test_bad_arguments(options):
    with pytest.raises(OptionError, match=next(iter(options))):
        bl.lines.line_agreement(meridian(10, 0, 1), meridian(10.1, 0, 1), **options)
