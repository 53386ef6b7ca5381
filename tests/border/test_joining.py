"""`Border.between` and `shared_boundary`: one line out of two polygons, or what is in the way."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import CRSError, GeometryError, OptionError

WEST = shapely.box(7, 48, 8, 49)
EAST = shapely.box(8, 48, 9, 49)
METRE = 1 / 111_000


def between(a, b, **options):
    return bl.Border.between(a, b, **{"left": "XAA", "right": "XBB", **options})


def geodesic(lon1, lat1, lon2, lat2):
    return Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2)["s12"]


def test_a_is_left_and_that_settles_the_datum():
    border = between(WEST, EAST)
    assert border.line.coords[:] == [(8.0, 48.0), (8.0, 49.0)]
    assert (border.left, border.right) == ("XAA", "XBB")
    assert (border.datum.longitude, border.datum.latitude) == (8.0, 48.0)
    assert "XAA on the left" in border.datum.name
    assert border.foot([7.5], [48.5]).offset[0] > 0
    assert border.length_m == pytest.approx(geodesic(8, 48, 8, 49), abs=1e-6)


def test_the_other_order_is_the_other_direction():
    there, back = between(WEST, EAST), between(EAST, WEST)
    assert back.line == there.reversed().line
    assert back.foot([8.5], [48.5]).offset[0] > 0


@pytest.mark.parametrize("clockwise", [False, True])
def test_the_way_rings_are_wound_does_not_matter(clockwise):
    a, b = (shapely.orient_polygons(each, exterior_cw=clockwise) for each in (WEST, EAST))
    assert between(a, b).line == between(WEST, EAST).line


@pytest.mark.parametrize("start", range(4))
def test_where_rings_start_does_not_matter(start):
    corners = list(WEST.exterior.coords)[:-1]
    turned = shapely.Polygon(corners[start:] + corners[:start])
    assert between(turned, EAST).line == between(WEST, EAST).line


@pytest.fixture(scope="module")
def countries():
    land = bl.load_admin()
    return {code: land[land["country"] == code] for code in ("KHM", "THA")}


def test_the_built_in_border_comes_out_of_its_provinces(countries):
    built_in = bl.load_border()
    border = bl.Border.between(countries["KHM"], countries["THA"], left="KH", right="TH")
    assert border.length_m == pytest.approx(built_in.length_m, abs=0.01)
    assert border.line.coords[0] == built_in.line.coords[0]
    assert border.line.coords[-1] == built_in.line.coords[-1]
    assert set(built_in.line.coords) <= set(border.line.coords)
    other = bl.Border.between(countries["THA"], countries["KHM"], left="TH", right="KH")
    assert other.line == border.reversed().line


# Polygons cut from a square by any line from bottom to top: the line must come back.
wiggles = st.lists(st.floats(-0.4, 0.4), min_size=1, max_size=15)


def halves(offsets):
    lat = np.linspace(48, 49, len(offsets) + 2)
    lon = 8 + np.array([0.0, *offsets, 0.0])
    cut = list(zip(lon, lat, strict=True))
    return (
        shapely.LineString(cut),
        shapely.Polygon([*cut, (7, 49), (7, 48)]),
        shapely.Polygon([*cut, (9, 49), (9, 48)]),
    )


@given(wiggles)
@settings(max_examples=40)
def test_the_line_that_parts_two_polygons_is_found(offsets):
    line, west, east = halves(offsets)
    assert between(west, east).line == line
    assert between(west, east, tolerance_m=0).line == line


@given(wiggles, st.integers(0, 2**32 - 1))
@settings(max_examples=30)
def test_polygons_that_share_no_vertex_exactly(offsets, seed):
    line, west, east = halves(offsets)
    noise = np.random.default_rng(seed)
    # Each vertex within 0.3 m of where it belongs, and another vertex on each edge.
    xy = shapely.get_coordinates(shapely.segmentize(east, 0.3))[:-1]
    moved = shapely.Polygon(xy + noise.uniform(-0.2 * METRE, 0.2 * METRE, xy.shape))
    border = between(west, moved, tolerance_m=2.0)
    near = bl.Border.from_line(line, left="XAA", right="XBB")
    assert border.length_m == pytest.approx(near.length_m, abs=20)
    assert set(line.coords[1:-1]) <= set(border.line.coords)
    ends = near.foot(*np.array([border.line.coords[0], border.line.coords[-1]]).T)
    assert ends.distance.max() < 20


def test_pieces_of_countries_are_taken_together():
    quarters = gpd.GeoSeries([shapely.box(7, 48, 8, 48.5), shapely.box(7, 48.5, 8, 49)], crs=4326)
    border = between(quarters.to_crs(3857).to_crs(4326), EAST, tolerance_m=0.1)
    assert border.length_m == pytest.approx(between(WEST, EAST).length_m, abs=0.01)
    metres = gpd.GeoDataFrame(geometry=gpd.GeoSeries([WEST], crs=4326).to_crs(32632))
    assert between(metres, EAST).length_m == pytest.approx(between(WEST, EAST).length_m, abs=0.01)


def lake(south, north):
    return shapely.box(8, south, 8.2, north)


def test_gaps_are_named_with_width_and_place():
    shore = EAST - lake(48.4, 48.6)
    width = geodesic(8, 48.4, 8, 48.6)
    with pytest.raises(GeometryError, match=rf"a gap of {width:,.1f} m at \(8\.00000, 48\.40000\)") as caught:
        between(WEST, shore)
    assert "2 pieces" in str(caught.value)
    assert "max_gap_m" in str(caught.value)
    pieces = bl.lines.shared_boundary(WEST, shore)
    assert pieces["kind"].tolist() == ["line", "line"]
    assert pieces["gap_m"].iloc[0] == pytest.approx(width, abs=0.01)
    assert np.isnan(pieces["gap_m"].iloc[1])
    assert pieces["length_m"].sum() == pytest.approx(between(WEST, EAST).length_m - width, abs=0.01)
    bridged = between(WEST, shore, max_gap_m=width + 1)
    assert bridged.length_m == pytest.approx(between(WEST, EAST).length_m, abs=0.01)
    with pytest.raises(GeometryError, match="a gap of"):
        between(WEST, shore, max_gap_m=width - 1)


def test_the_pieces_come_in_the_order_of_the_line():
    shore = EAST - shapely.union_all([lake(48.1 + at, 48.15 + at) for at in np.arange(0, 0.8, 0.1)])
    pieces = bl.lines.shared_boundary(WEST, shore)
    south = [line.coords[0][1] for line in pieces.geometry]
    assert south == sorted(south)
    assert len(pieces) == 9
    assert between(WEST, shore, max_gap_m=6_000).line.is_simple


def test_an_enclave_is_a_loop():
    hole = shapely.box(7.4, 48.4, 7.6, 48.6)
    with pytest.raises(GeometryError, match=r"a loop of \d+\.\d km through"):
        between(WEST - hole, hole)
    both = shapely.union_all([EAST, hole])
    with pytest.raises(GeometryError, match=r"2 pieces: a loop of"):
        between(WEST - hole, both)
    pieces = bl.lines.shared_boundary(WEST - hole, both)
    assert pieces["kind"].tolist() == ["line", "loop"]
    ring = shapely.get_coordinates(pieces.geometry.iloc[1])
    # Looking along the loop the land of the first country is on the left: round its hole clockwise.
    assert not shapely.is_ccw(shapely.linearrings(ring))
    assert (
        bl.Border.from_line(pieces.geometry.iloc[0], left="XAA", right="XBB").line == between(WEST, EAST).line
    )


def test_an_islet_within_the_tolerance_is_no_loop():
    islet = shapely.box(8 + 20 * METRE, 48.5, 8 + 60 * METRE, 48.5 + 30 * METRE)
    a = shapely.union_all([WEST, islet])
    b = EAST - shapely.buffer(islet, 10 * METRE, join_style="mitre")
    assert between(a, b, tolerance_m=100).length_m == pytest.approx(between(WEST, EAST).length_m, abs=0.01)
    with pytest.raises(GeometryError, match="a loop of"):
        between(a, b, tolerance_m=18)


def test_a_detached_piece_is_named():
    island = shapely.box(6.5, 50, 6.6, 50.1)
    a, b = shapely.union_all([WEST, island]), shapely.union_all([EAST, shapely.box(6.6, 50, 6.7, 50.1)])
    with pytest.raises(GeometryError, match=r"a piece of only 11,12\d m from \(6\.60000, 50\.00000\)"):
        between(a, b)


@pytest.mark.parametrize("apart", [0.5, 5.0, 50.0])
def test_slivers_up_to_the_tolerance(apart):
    away = shapely.box(8 + apart * METRE, 48, 9, 49)
    over = shapely.box(8 - apart * METRE, 48, 9, 49)
    assert between(WEST, away, tolerance_m=apart).line.coords[:] == [(8.0, 48.0), (8.0, 49.0)]
    # Where they overlap the boundaries cross, so the line ends at the crossings.
    corners = [(8 - apart * METRE, 48.0), (8.0, 48.0), (8.0, 49.0), (8 - apart * METRE, 49.0)]
    np.testing.assert_allclose(between(WEST, over, tolerance_m=apart).line.coords, corners, atol=1e-12)
    with pytest.raises(GeometryError, match="do not touch: they come nearest"):
        between(WEST, away, tolerance_m=apart / 2)
    with pytest.raises(GeometryError, match="overlap by"):
        between(WEST, over, tolerance_m=apart / 2)


def test_overlap_is_named_with_its_area():
    area = abs(polygon_area([(7.9, 48), (8, 48), (8, 49), (7.9, 49)])) / 1e6
    with pytest.raises(
        GeometryError, match=rf"overlap by {area:.6g} km2, the most near \(7\.95000, 48\.50000\)"
    ):
        between(WEST, shapely.box(7.9, 48, 9, 49))
    with pytest.raises(GeometryError, match="overlap"):
        between(WEST, WEST)
    with pytest.raises(GeometryError, match="overlap"):
        between(WEST, shapely.box(7.4, 48.4, 7.6, 48.6))


def polygon_area(corners):
    ring = Geodesic.WGS84.Polygon()
    for lon, lat in corners:
        ring.AddPoint(lat, lon)
    return ring.Compute()[2]


def test_polygons_that_meet_in_a_point():
    with pytest.raises(GeometryError, match=r"meet only in a point, at \(8\.00000, 49\.00000\)"):
        between(WEST, shapely.box(8, 49, 9, 50))


def test_polygons_far_apart():
    with pytest.raises(GeometryError, match="do not touch"):
        between(WEST, shapely.box(100, 10, 101, 11))


@pytest.mark.parametrize(
    ("polygon", "error", "message"),
    [
        (gpd.GeoSeries([EAST]), CRSError, r"polygon_b has no CRS.*set_crs\(4326\)"),
        (shapely.Polygon(), GeometryError, "polygon_b is empty"),
        (EAST.exterior, GeometryError, "not a LinearRing"),
        (
            shapely.Polygon([(8, 48), (9, 49), (9, 48), (8, 49)]),
            GeometryError,
            "polygon_b is not valid .Self-inter",
        ),
        (shapely.box(300_000, 5_300_000, 400_000, 5_400_000), CRSError, "not longitude and latitude"),
        ("POLYGON", GeometryError, "polygon_b is a str"),
    ],
)
def test_bad_polygons(polygon, error, message):
    with pytest.raises(error, match=message):
        between(WEST, polygon)


def test_bad_arguments():
    with pytest.raises(OptionError, match="left must be an ISO 3166-1"):
        between(WEST, EAST, left="Westland")
    for name in ("tolerance_m", "max_gap_m"):
        with pytest.raises(OptionError, match=f"{name} must be a number of metres, 0 or more"):
            between(WEST, EAST, **{name: -1.0})


def test_across_the_antimeridian():
    north = shapely.union_all([shapely.box(170, 0, 180, 10), shapely.box(-180, 0, -170, 10)])
    south = shapely.union_all([shapely.box(170, -10, 180, 0), shapely.box(-180, -10, -170, 0)])
    border = between(north, south)
    assert border.length_m == pytest.approx(geodesic(170, 0, -170, 0), abs=1e-3)
    assert border.foot([179.0], [1.0]).offset[0] > 0


def test_a_long_edge_with_vertices_on_one_side_only():
    """Edges of polygons are straight in longitude and latitude: along a parallel both agree."""
    lon = np.linspace(-120, -100, 201)
    canada = shapely.Polygon([(-120, 49), (-100, 49), (-100, 55), (-120, 55)])
    states = shapely.Polygon([*zip(lon, np.full(201, 49.0), strict=True), (-100, 40), (-120, 40)])
    assert between(states, canada).line.coords[0] == (-100.0, 49.0)
    assert len(between(states, canada).line.coords) == 201


def test_inputs_stay_as_they_are(countries):
    before = countries["KHM"].copy(deep=True)
    bl.lines.shared_boundary(countries["KHM"], countries["THA"])
    assert before.equals(countries["KHM"])


@pytest.fixture(scope="module")
def neighbours():
    return bl.catalog.read_layer("neighbours").set_index("country").geometry


@pytest.mark.parametrize(
    "pair", [("LAO", "VNM"), ("CHN", "VNM"), ("CHN", "LAO"), ("MMR", "CHN"), ("LAO", "MMR")]
)
def test_borders_of_the_neighbours(neighbours, pair):
    """Drawn with all but the same vertices, so a wider tolerance changes no more than the ends."""
    a, b = neighbours[pair[0]], neighbours[pair[1]]
    border, loose = between(a, b), between(a, b, tolerance_m=200)
    assert loose.length_m == pytest.approx(border.length_m, abs=2_000)
    assert between(b, a).length_m == pytest.approx(border.length_m, abs=20)
    ring = {tuple(each) for each in shapely.get_coordinates(a)}
    assert set(border.line.coords[1:-1]) <= ring


def test_a_border_in_two_parts_is_named(neighbours, countries):
    """Thailand and Myanmar, whose land also meets in drawings of the sea."""
    with pytest.raises(
        GeometryError, match=r"2 pieces: a gap of 39\d,\d{3}\.\d m at .*a piece of only 12,\d{3} m"
    ):
        between(countries["THA"], neighbours["MMR"])
