"""Lines as files hold them: planar edges, pieces in any direction, gaps of rounding, measures."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

import borderline as bl
from borderline.errors import CRSError, GeometryError, MeasureError, OptionError

GEOD = Geod(ellps="WGS84")
SIDES = {"left": "THA", "right": "KHM"}
PIECES = [[(103, 14), (104, 14.1)], [(104, 14.1), (105, 14)], [(105, 14), (106, 14.2)]]


def locate(border, lon, lat):
    points = gpd.GeoDataFrame(geometry=[shapely.Point(lon, lat)], crs=4326)
    return bl.locate(points, border).iloc[0]


# --- planar edges ----------------------------------------------------------------------------


def test_land_with_an_edge_along_a_parallel():
    south, north = shapely.box(0, 40, 20, 49), shapely.box(0, 49, 20, 60)
    border = bl.Border.between(south, north, left="FRA", right="DEU")
    assert len(border.line.coords) == 2
    assert locate(border, 10, 49)["distance_m"] == pytest.approx(0, abs=0.01)
    found = locate(border, 10, 49.05)
    # The meridian arc from 49 to 49.05 N.
    assert found["distance_m"] == pytest.approx(GEOD.inv(10, 49, 10, 49.05)[2], abs=0.02)
    assert found["side"] == "DEU"
    geodesic = bl.Border.between(south, north, left="FRA", right="DEU", edges="geodesic")
    assert locate(geodesic, 10, 49)["distance_m"] == pytest.approx(48_385.6, abs=0.1)


@settings(max_examples=40, deadline=None)
@given(
    ends=st.tuples(*[st.integers(-60, 60)] * 2, st.integers(1, 12), st.sampled_from([-9, -1, 0, 1, 9])),
    share=st.floats(0, 1),
)
def test_place_on_a_planar_edge_lies_on_the_border(ends, share):
    lon, lat, east, up = ends
    line = shapely.LineString([(lon, lat), (lon + east, np.clip(lat + up, -70, 70))])
    border = bl.Border.from_line(line, left="FRA", right="DEU", edges="planar")
    place = line.interpolate(share, normalized=True)
    assert border.foot([place.x], [place.y]).distance[0] <= 0.011


def test_length_of_a_parallel():
    border = bl.Border.from_line(
        shapely.LineString([(0, 60), (10, 60)]), left="NOR", right="SWE", edges="planar"
    )
    # Arc of the parallel: the radius of curvature in the prime vertical times the cosine, times the angle.
    a, e2 = GEOD.a, GEOD.es
    radius = a / np.sqrt(1 - e2 * np.sin(np.radians(60)) ** 2)
    assert border.length_m == pytest.approx(radius * np.cos(np.radians(60)) * np.radians(10), rel=1e-7)
    assert border.vertex_chainage.tolist() == [0, border.length_m]
    assert border.interpolate(border.length_m / 2).y == pytest.approx(60, abs=1e-7)


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".shp", ".csv"])
def test_edges_of_other_files_are_planar_and_of_ours_as_they_were(tmp_path, ending):
    line = shapely.LineString([(0, 49), (5, 49)])
    table = gpd.GeoDataFrame({"left": ["FRA"], "right": ["DEU"]}, geometry=[line], crs=4326)
    path = tmp_path / f"foreign{ending}"
    table.to_wkt().to_csv(path) if ending == ".csv" else table.to_file(path)
    assert locate(bl.Border.from_file(path), 2.5, 49)["distance_m"] == pytest.approx(0, abs=0.01)
    assert locate(bl.Border.from_file(path, edges="geodesic"), 2.5, 49)["distance_m"] > 3000
    if ending != ".shp":
        for edges in ("planar", "geodesic"):
            ours = bl.Border.from_line(line, left="FRA", right="DEU", edges=edges)
            again = bl.Border.from_file(ours.to_file(tmp_path / f"{edges}{ending}"))
            assert again.identity == ours.identity
            assert again.length_m == ours.length_m


def test_edges_of_a_metric_plane_are_geodesics():
    line = gpd.GeoSeries([shapely.LineString([(103, 14), (105, 14)])], crs=4326).to_crs(32648)
    table = gpd.GeoDataFrame({"left": ["THA"], "right": ["KHM"]}, geometry=line)
    assert bl.Border.from_file(table).edges == "geodesic"


@pytest.mark.parametrize("edges", ["straight", 1, ""])
def test_unknown_edges_are_refused(edges):
    with pytest.raises(OptionError, match="edges"):
        bl.Border.from_line(shapely.LineString(PIECES[0]), **SIDES, edges=edges)


# --- pieces ----------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
@pytest.mark.parametrize("turned", [0, 1, 2])
def test_pieces_against_each_other_need_a_start(order, turned):
    pieces = [PIECES[n][::-1] if n == turned else PIECES[n] for n in order]
    with pytest.raises(GeometryError, match=rf"\(numbers {order.index(turned) + 1}\).*start="):
        bl.Border.from_line(shapely.MultiLineString(pieces), **SIDES)
    whole = [(103, 14), (104, 14.1), (105, 14), (106, 14.2)]
    for start, coords in (((103, 14), whole), ((106.1, 14), whole[::-1])):
        border = bl.Border.from_line(shapely.MultiLineString(pieces), **SIDES, start=start)
        assert list(border.line.coords) == coords
        table = gpd.GeoDataFrame(
            {**{k: [v] * 3 for k, v in SIDES.items()}},
            geometry=list(map(shapely.LineString, pieces)),
            crs=4326,
        )
        assert bl.Border.from_file(table, start=start).line == border.line


@pytest.mark.parametrize("start", [(103,), "west", (14, 103), (None, 1)])
def test_start_that_is_no_place_is_refused(start):
    with pytest.raises(OptionError, match="start"):
        bl.Border.from_line(shapely.MultiLineString(PIECES), **SIDES, start=start)


@pytest.mark.parametrize("gap", [0, 1e-9, -4e-9, 8e-9])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_pieces_join_but_for_rounding(order, gap):
    pieces = [[(x + gap * n, y) for x, y in PIECES[n]] for n in order]
    border = bl.Border.from_line(shapely.MultiLineString(pieces), **SIDES)
    assert len(border.line.coords) == 4
    assert border.line.coords[0] == pytest.approx((103, 14), abs=1e-7)


@pytest.mark.parametrize("gap", [1e-7, 0.001])
def test_gap_is_told_in_metres(gap):
    pieces = [PIECES[0], [(104 + gap, 14.1), (105, 14)]]
    width = GEOD.inv(104, 14.1, 104 + gap, 14.1)[2]
    said = f"{width * 1000:.1f} mm" if width < 1 else f"{width:,.1f} m"
    with pytest.raises(GeometryError, match=f"narrowest gap is {said} wide"):
        bl.Border.from_line(shapely.MultiLineString(pieces), **SIDES)


@pytest.mark.parametrize(
    "shapes",
    [
        [shapely.LineString(PIECES[0]), shapely.LineString(PIECES[0])],
        [shapely.LineString(PIECES[0]), shapely.LineString(PIECES[0][::-1])],
        [shapely.LineString(PIECES[0]), shapely.Point(103, 14)],
        [shapely.MultiLineString([PIECES[0]]), shapely.LineString()],
    ],
)
def test_what_adds_nothing_to_a_line(shapes):
    border = bl.Border.from_line(shapely.GeometryCollection(shapes), **SIDES)
    assert list(border.line.coords) == PIECES[0]


@pytest.mark.parametrize(
    "pieces",
    [
        [[(179, 51), (180, 51.5)], [(-180, 51.5), (-179, 52)]],
        [[(179, 51), (180, 51.5)], [(-180 + 1e-9, 51.5), (-179, 52)]],
        [[(-180, 51.5), (-179, 52)], [(179, 51), (180, 51.5)]],
    ],
)
def test_line_cut_at_the_antimeridian(tmp_path, pieces):
    geometry = {"type": "MultiLineString", "coordinates": pieces}
    path = tmp_path / "t.geojson"
    path.write_text(
        json.dumps({"type": "Feature", "properties": {"left": "RUS", "right": "USA"}, "geometry": geometry})
    )
    border = bl.Border.from_file(path)
    assert len(border.line.coords) == 3
    assert border.line.coords[0] == (179, 51)
    assert border.length_km == pytest.approx(177.95, abs=0.01)
    assert locate(border, 180, 51.5)["distance_m"] == pytest.approx(0, abs=0.01)
    assert locate(border, -179.5, 51.75)["distance_m"] == pytest.approx(0, abs=0.02)


def test_branches_are_refused():
    pieces = [*PIECES, [(104, 14.1), (104, 15)]]
    with pytest.raises(GeometryError, match="4 pieces that do not join"):
        bl.Border.from_line(shapely.MultiLineString(pieces), **SIDES)
    with pytest.raises(GeometryError, match="loop"):
        bl.Border.from_line(
            shapely.MultiLineString([PIECES[0], [(104, 14.1), (104, 13), (103, 14)]]), **SIDES
        )


def test_crs_without_a_way_to_the_globe():
    site = 'LOCAL_CS["site grid",UNIT["metre",1]]'
    with pytest.raises(CRSError, match="site grid"):
        bl.Border.from_line(gpd.GeoSeries([shapely.LineString([(0, 0), (1, 1)])], crs=site), **SIDES)


# --- measures --------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".gpkg", ".fgb", None])
@pytest.mark.parametrize("order", ["M", "ZM"])
def test_measures_calibrate(tmp_path, ending, order):
    z = " 0" if order == "ZM" else ""
    line = shapely.from_wkt(f"LINESTRING {order} (103 13{z} 0, 103 13.5{z} 400, 103 14{z} 817)")
    table = gpd.GeoDataFrame({"left": ["THA"], "right": ["KHM"]}, geometry=[line], crs=4326)
    if ending is None:
        border = bl.Border.from_line(line, **SIDES)
    else:
        path = tmp_path / f"line{ending}"
        kind = "Measured 3D LineString" if z else "Measured LineString"
        pyogrio.write_dataframe(table, path, geometry_type=kind, use_arrow=True)
        border = bl.Border.from_file(path)
    chainages = [0, GEOD.inv(103, 13, 103, 13.5)[2], GEOD.inv(103, 13, 103, 14)[2]]
    assert border.calibration.chainage_m == pytest.approx(chainages, abs=1e-3)
    assert border.calibration.measure_km == (0, 400, 817)
    assert not border.line.has_z


def test_measures_of_pieces_and_of_some_vertices():
    line = shapely.from_wkt("MULTILINESTRING M ((103 13 5, 103 13.5 NaN), (103 13.5 NaN, 103 14 20))")
    assert bl.Border.from_line(line, **SIDES).calibration.measure_km == (5, 20)
    assert bl.Border.from_line(line, **SIDES, nominal_length_km=100).calibration.measure_km == (0, 100)
    turned = bl.Border.from_line(
        shapely.from_wkt("LINESTRING M (103 13 9, 103 14 4)"), **SIDES, start=(103, 14)
    )
    assert turned.calibration.measure_km == (4, 9)


@pytest.mark.parametrize("measures", [(0, 5, 4), (0, 3, 3), (9, 5, 1), (2, "NaN", "NaN")])
def test_measures_that_do_not_grow_are_refused(measures):
    wkt = ", ".join(f"103 {13 + n / 2} {measure}" for n, measure in enumerate(measures))
    with pytest.raises(MeasureError, match=r"\(M\)"):
        bl.Border.from_line(shapely.from_wkt(f"LINESTRING M ({wkt})"), **SIDES)
