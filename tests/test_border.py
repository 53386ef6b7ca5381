"""The noun: a line with a chainage."""

from __future__ import annotations

import base64
import re

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

import borderline as bl
from borderline.border import describe_border
from borderline.errors import CRSError, GeometryError, MeasureError, OptionError, UnknownKeyError

LINE = shapely.LineString([(7.0, 49.0), (7.5, 49.2), (8.0, 49.0)])


def make(line=LINE, **options):
    return bl.Border.from_line(line, **{"left": "DEU", "right": "FRA", **options})


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


def test_built_in_border(border):
    assert (border.left, border.right) == ("KHM", "THA")
    assert 824_200 < border.length_m < 824_500
    assert border.nominal_length_km == 817
    assert "CIA" in border.calibration.source.title
    assert border.accuracy_m == 450
    assert "OpenStreetMap" in border.source.credit
    assert border.datum.longitude == pytest.approx(105.20647, abs=1e-4)
    assert border.line.coords[-1] == pytest.approx((102.91114, 11.65218), abs=1e-3)


def test_length_is_the_sum_of_geodesics(border):
    lon, lat = shapely.get_coordinates(border.line).T
    wgs84 = Geodesic.WGS84
    total = sum(wgs84.Inverse(lat[i], lon[i], lat[i + 1], lon[i + 1])["s12"] for i in range(len(lon) - 1))
    assert border.length_m == pytest.approx(total, abs=1e-3)


def test_measure_follows_the_claim(border):
    assert border.to_measure([0.0, border.length_m]).tolist() == [0.0, 817.0]
    assert make().to_measure([1500.0]).tolist() == [1.5]
    assert make().nominal_length_km is None
    assert make(nominal_length_km=75).to_measure(make().length_m) == pytest.approx(75)


@given(st.floats(0, 1))
def test_interpolated_points_lie_on_the_line(share):
    border = make()
    point = border.interpolate(share * border.length_m)
    feet = border.foot(point.x, point.y)
    assert feet.distance[0] < 1e-3
    assert feet.chainage[0] == pytest.approx(share * border.length_m, abs=5e-3)


def test_interpolate_shapes(border):
    assert border.interpolate(0.0) == shapely.Point(border.line.coords[0])
    points = border.interpolate(np.array([0.0, np.nan, border.length_m]))
    assert points[1] is None
    assert points[2] == shapely.Point(border.line.coords[-1])


@pytest.mark.parametrize("chainage", [-0.01, 1e9])
def test_chainage_off_the_border(border, chainage):
    with pytest.raises(MeasureError, match="lies off the border"):
        border.interpolate(chainage)


@given(st.floats(0.0, 0.98), st.floats(0.01, 1.0))
def test_slices_add_up(start, share):
    border = make()
    a, c = start * border.length_m, border.length_m
    b = a + share * (c - a)
    parts = [border.slice(*pair) for pair in ((a, b), (b, c)) if pair[1] - pair[0] > 0.01]
    total = sum(bl.Border.from_line(part, left="DEU", right="FRA").length_m for part in parts)
    assert total == pytest.approx(c - a, abs=0.02)


def test_slice_keeps_vertices(border):
    assert border.slice(0.0, border.length_m).equals(border.line)


@pytest.mark.parametrize(("start", "end"), [(10.0, 10.0), (20.0, 10.0)])
def test_slice_needs_order(border, start, end):
    with pytest.raises(MeasureError, match="from a smaller to a larger"):
        border.slice(start, end)


@given(st.floats(6.5, 8.5), st.floats(48.5, 49.7))
def test_reversing_flips_side_and_counts_from_the_other_end(lon, lat):
    border = make(LINE, nominal_length_km=80)
    there, back = border.foot(lon, lat), border.reversed().foot(lon, lat)
    assert back.distance[0] == pytest.approx(there.distance[0], abs=1e-6)
    tie = abs(lon - 7.5) < 1e-3
    if not tie:
        assert back.chainage[0] == pytest.approx(border.length_m - there.chainage[0], abs=1e-3)
        assert back.offset[0] == pytest.approx(-there.offset[0], abs=1e-6)
        assert border.reversed().to_measure(back.chainage)[0] == pytest.approx(
            80 - border.to_measure(there.chainage)[0], abs=1e-6
        )


def test_reversed_swaps_the_banks(border):
    back = border.reversed()
    assert (back.left, back.right) == ("THA", "KHM")
    assert back.line.coords[0] == border.line.coords[-1]
    assert back.reversed().line == border.line


def test_multilinestring_that_merges():
    pieces = shapely.MultiLineString([[(7.5, 49.2), (8.0, 49.0)], [(7.0, 49.0), (7.5, 49.2)]])
    assert make(pieces).line.equals(LINE)


def test_geoseries_is_transformed():
    metres = gpd.GeoSeries([LINE], crs=4326).to_crs(32632)
    assert make(metres).length_m == pytest.approx(make().length_m, abs=0.01)


@pytest.mark.parametrize(
    ("line", "error", "message"),
    [
        (shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]), GeometryError, "in 2 pieces"),
        (shapely.LineString(), GeometryError, "empty"),
        (None, GeometryError, "empty"),
        (shapely.Point(0, 0), GeometryError, "not a Point"),
        (shapely.box(0, 0, 1, 1), GeometryError, "Use its boundary"),
        (shapely.box(0, 0, 1, 1).exterior, GeometryError, "not a LinearRing"),
        (shapely.LineString([(0, 0), (1, 0), (1, 1), (0, 0)]), GeometryError, "loop"),
        (shapely.LineString([(0, 0), (2, 2), (2, 0), (0, 2)]), GeometryError, r"near \(1\.0+, 1\.0+\)"),
        (shapely.LineString([(300_000, 1_500_000), (301_000, 1_500_000)]), GeometryError, "EPSG:4326"),
        (shapely.LineString([(14, 103), (14, 104)]), GeometryError, "longitude comes first"),
        (gpd.GeoSeries([LINE]), CRSError, r"set_crs\(4326\)"),
        (gpd.GeoSeries([shapely.Point(0, 0), shapely.Point(1, 1)], crs=4326), GeometryError, "made of lines"),
        ("LINESTRING (0 0, 1 1)", GeometryError, "not from str"),
    ],
)
def test_bad_lines(line, error, message):
    with pytest.raises(error, match=message):
        make(line)


def test_bad_countries_and_lengths():
    with pytest.raises(OptionError, match=r"left must be .* not 'THI'.*Did you mean 'THA'"):
        make(left="THI")
    with pytest.raises(OptionError, match=r"right must be .* not 'Thailand'.*Did you mean 'THA'"):
        make(right="Thailand")
    with pytest.raises(OptionError, match="left and right must be two countries"):
        make(left="TH", right="THA")
    with pytest.raises(
        OptionError, match="nominal_length_km must be a positive number of kilometres, not -1"
    ):
        make(nominal_length_km=-1)
    with pytest.raises(OptionError, match="accuracy_m must be a number of metres, 0 or more, not -1"):
        make(accuracy_m=-1)


@pytest.mark.parametrize("line", ["osm-2026", "rtsd-2019", "natural-earth"])
def test_chainage_starts_where_the_line_does(line):
    other = bl.load_border(line=line)
    assert (other.datum.longitude, other.datum.latitude) == other.line.coords[0]
    assert other.nominal_length_km == 817


def test_unknown_border_or_line():
    with pytest.raises(UnknownKeyError, match="Did you mean 'osm-2025'"):
        bl.load_border(line="osm-20255")
    for unknown in ("germany-france", "laos", "khm-lao", "", "khm-khm", "line"):
        with pytest.raises(UnknownKeyError, match=r"'?khm-tha'?[.?] Border\.from_file reads another"):
            bl.load_border(unknown)


@pytest.mark.parametrize(
    "key",
    [
        "khm-tha",
        "tha-khm",
        "TH-KH",
        "thailand",
        "KHM",
        "Thailand-Cambodia",
        "Cambodia and Thailand",
        "cambodia \u2013 thailand",
        "Cambodia\u2013Thailand land border",
        "Siam/Kampuchea",
        None,
    ],
)
def test_a_border_goes_by_its_countries(key):
    border = bl.load_border(key)
    assert border.identity == bl.load_border().identity
    assert border.left == "KHM"


@pytest.mark.parametrize(
    ("chainage", "measure", "message"),
    [
        ((0.0,), (0.0,), "two or more"),
        ((0.0, 1.0), (0.0,), "two or more"),
        ((0.0, 2.0, 1.0), (0.0, 1.0, 2.0), "control points 1 and 2"),
        ((0.0, 1.0), (5.0, 5.0), "stands still"),
        ((0.0, float("nan")), (0.0, 1.0), "runs backwards"),
    ],
)
def test_bad_calibrations(chainage, measure, message):
    with pytest.raises(MeasureError, match=message):
        bl.Calibration(chainage, measure)


@given(st.floats(0, 1000))
def test_calibration_runs_both_ways(chainage):
    calibration = bl.Calibration((0.0, 300.0, 1000.0), (0.0, 1.0, 2.0))
    assert calibration.to_chainage_m(calibration.to_measure_km(chainage)) == pytest.approx(chainage, abs=1e-6)


def test_reprs_name_what_matters(border):
    assert "824.2 km (nominal 817 km, The World Factbook, CIA" in repr(border)
    card = border._repr_html_()
    drawing = base64.b64decode(re.search("base64,([^']+)'", card)[1]).decode()
    assert drawing.startswith("<svg")
    assert ">KHM</text>" in drawing
    assert ">THA</text>" in drawing
    assert "OpenStreetMap" in card


def test_card_escapes_what_it_is_given():
    hostile = "<script>alert(1)</script>{{ 7*7 }}"
    card = make(name=hostile, source=bl.Source(title=hostile))._repr_html_()
    assert "<script" not in card
    assert "&lt;script&gt;" in card


@pytest.mark.parametrize("end", [(1, 0), (0, 1), (-1, 0), (0, -1)])
def test_banks_stand_on_their_sides_of_the_drawing(end):
    card = bl.Border.from_line(shapely.LineString([(0, 0), end]), left="FRA", right="DEU")._repr_html_()
    drawing = base64.b64decode(re.search("base64,([^']+)'", card)[1]).decode()
    line = np.array([each.split(",") for each in re.search("points='([^']+)'", drawing)[1].split()], float)
    banks = {
        code: (float(x), float(y)) for x, y, code in re.findall("<text x='(.+?)' y='(.+?)'>(...)<", drawing)
    }
    across = np.subtract(banks["FRA"], banks["DEU"])
    ahead = line[-1] - line[0]
    assert ahead[0] * across[1] - ahead[1] * across[0] < 0  # y points down: left is the negative turn


def test_geo_interface(border):
    assert shapely.geometry.shape(border.__geo_interface__["geometry"]).equals(border.line)


def test_frozen(border):
    with pytest.raises(AttributeError):
        border.left = "LAO"


@pytest.mark.parametrize("name", ["", "A (b)", "x\ny"])
def test_in_words_a_border_has_no_false_digits(name):
    line = bl.Border.from_line(shapely.LineString([(0, 0), (1, 0)]), left="XAA", right="XBB", name=name)
    assert describe_border(line.identity) == f"{name or 'a border'} (111.3 km as drawn)"
    assert describe_border(dict(line.identity)) == describe_border(line.identity)
    assert describe_border(None) == describe_border({}) == "a border"
    assert describe_border("of another maker") == "of another maker"
