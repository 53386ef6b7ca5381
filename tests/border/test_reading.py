"""Borders into files and out again: everything they carry, in every format."""

from __future__ import annotations

import dataclasses
import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import CRSError, FormatError, GeometryError, TableError, UnknownKeyError

LINE = shapely.LineString([(7.0, 49.0), (7.123456789012345, 49.2), (8.0, 49.000000000000014)])
ENDINGS = ["gpkg", "geojson", "fgb", "parquet", "csv"]


def full(line=LINE, name="Alpha – Ω"):
    """A border with something in every field."""
    source = bl.Source(
        title="a survey",
        url="https://example.org/line",
        license="CC0-1.0",
        attribution="© surveyors",
        retrieved="2020-01-02",
        sha256="ab" * 32,
    )
    border = bl.Border.from_line(line, left="DEU", right="FRA", name=name, source=source, accuracy_m=12.5)
    who = bl.Source(title='a claim, "quoted"', url="https://example.org/claim")
    return dataclasses.replace(
        border,
        datum=bl.lines.Datum("the old oak", *line.coords[0], direction="downstream"),
        calibration=bl.Calibration((0.0, border.length_m / 3, border.length_m), (1.0, 20.25, 81.1), who),
        contested=shapely.multipolygons(
            [shapely.box(7.1, 49.1, 7.2, 49.2), shapely.box(7.3, 49.1, 7.4, 49.2)]
        ),
    )


def assert_same(one, other, *, rounded=0.0):
    for each in dataclasses.fields(bl.Border):
        mine, theirs = getattr(one, each.name), getattr(other, each.name)
        if isinstance(mine, shapely.Geometry):
            assert shapely.equals_exact(mine, theirs, tolerance=rounded), each.name
        else:
            assert mine == theirs, each.name
    assert one.length_m == pytest.approx(other.length_m, rel=0, abs=rounded * 1e6)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("with_measure", [False, True])
def test_round_trip_keeps_everything(tmp_path, ending, with_measure):
    border = full()
    path = bl.write_table(border.to_geodataframe(with_measure=with_measure), tmp_path / f"border.{ending}")
    # GDAL leaves out digits after many zeros in GeoJSON; that is a nanometre or two.
    assert_same(bl.Border.from_file(path), border, rounded=2e-14 if ending == "geojson" else 0.0)


@pytest.mark.parametrize("ending", ENDINGS)
def test_round_trip_of_what_knows_little(tmp_path, ending):
    border = bl.Border.from_line(shapely.LineString([(7.1, 49.2), (8.3, 49.4)]), left="XAA", right="XBB")
    path = bl.write_table(border.to_geodataframe(), tmp_path / f"border.{ending}")
    assert_same(bl.Border.from_file(path), border)


@pytest.mark.parametrize("ending", ENDINGS)
def test_round_trip_of_the_built_in_border(tmp_path, ending):
    border = bl.load_border()
    path = bl.write_table(border.to_geodataframe(), tmp_path / f"border.{ending}")
    assert_same(bl.Border.from_file(path), border)


def test_round_trip_by_geopandas_alone(tmp_path):
    border = full()
    border.to_geodataframe().to_file(tmp_path / "border.gpkg")
    border.to_geodataframe().to_parquet(tmp_path / "border.parquet")
    for name in ("border.gpkg", "border.parquet"):
        assert_same(bl.Border.from_file(tmp_path / name), border)


@pytest.mark.parametrize("with_measure", [False, True])
def test_round_trip_through_wkb(with_measure):
    border = full()
    frame = border.to_geodataframe(with_measure=with_measure).to_wkb()
    table = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries.from_wkb(frame["geometry"], crs=4326))
    assert_same(bl.Border.from_file(table), border)


coordinates = st.tuples(st.floats(-180, 180), st.floats(-89, 89))


@example([(1.0, 0.0), (0.0, 0.0), (0.0, 1.149344588709536e-153)])
@given(st.lists(coordinates, min_size=2, max_size=6, unique=True))
def test_vertices_survive_wkb_bit_for_bit(vertices):
    line = shapely.LineString(vertices)
    if not line.is_simple or line.is_ring or line.length < 1e-6:
        return
    border = bl.Border.from_line(line, left="XAA", right="XBB")
    frame = border.to_geodataframe(with_measure=True).to_wkb()
    table = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries.from_wkb(frame["geometry"], crs=4326))
    assert shapely.equals_exact(bl.Border.from_file(table).line, border.line, tolerance=0)


def test_measures_are_the_calibrated_ones():
    border = full()
    line = border.to_geodataframe(with_measure=True).geometry.iloc[0]
    assert line.has_m
    feet = border.foot(*shapely.get_coordinates(line).T)
    np.testing.assert_allclose(
        shapely.get_coordinates(line, include_m=True)[:, 2], border.to_measure(feet.chainage)
    )
    assert not border.to_geodataframe().geometry.iloc[0].has_m


def test_measures_of_repeated_vertices_stand_still():
    border = bl.Border.from_line(shapely.LineString([(0, 0), (0, 0), (0, 1)]), left="XAA", right="XBB")
    line = border.to_geodataframe(with_measure=True).geometry.iloc[0]
    assert shapely.get_coordinates(line, include_m=True)[:, 2].round(3).tolist() == [0.0, 0.0, 110.574]


@pytest.mark.parametrize("ending", ["gpkg", "fgb"])
def test_measures_are_in_the_file(tmp_path, ending):
    border = full()
    path = bl.write_table(border.to_geodataframe(with_measure=True), tmp_path / f"border.{ending}")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Measured", UserWarning)
        read = pyogrio.read_dataframe(path, use_arrow=True)
    line = read.geometry.iloc[0]
    measured = border.to_geodataframe(with_measure=True).geometry.iloc[0]
    assert line.has_m
    assert shapely.get_coordinates(line, include_m=True).tolist() == (
        shapely.get_coordinates(measured, include_m=True).tolist()
    )


def two(first="one", second="two"):
    other = shapely.LineString([(8.0, 50.0), (9.0, 50.0)])
    tables = [full(name=first).to_geodataframe(), full(other, name=second).to_geodataframe()]
    return pd.concat(tables, ignore_index=True)


@pytest.mark.parametrize("ending", ENDINGS)
def test_several_borders_in_one_file(tmp_path, ending):
    path = bl.write_table(two(), tmp_path / f"borders.{ending}")
    borders = bl.lines.read_borders(path)
    assert list(borders) == ["one", "two"]
    assert_same(borders["one"], full(name="one"), rounded=2e-14 if ending == "geojson" else 0.0)
    assert_same(bl.Border.from_file(path, name="two"), borders["two"])


def test_several_borders_need_a_choice():
    with pytest.raises(TableError, match=r"2 borders in it \('one', 'two'\); choose one with name="):
        bl.Border.from_file(two())
    with pytest.raises(UnknownKeyError, match="Did you mean 'one'"):
        bl.Border.from_file(two(), name="onne")


def test_two_borders_with_one_name():
    same = two("one", "one")
    with pytest.raises(TableError, match=r"Two borders have one name: 'one' in rows 0, 1.*dissolve"):
        bl.lines.read_borders(same)
    with pytest.raises(TableError, match="Two borders have one name"):
        bl.Border.from_file(same, name="one")


def test_a_border_without_a_name():
    with pytest.raises(TableError, match="Row 1 has no name"):
        bl.lines.read_borders(two("one", ""))
    with pytest.raises(TableError, match="no column 'name'"):
        bl.lines.read_borders(two().drop(columns="name"))


def test_pieces_of_one_line_are_joined():
    pieces = gpd.GeoDataFrame(
        {"cc1": ["DE", "DE"], "cc2": ["FR", "FR"]},
        geometry=[shapely.LineString([(7, 49), (7, 50)]), shapely.LineString([(7, 50), (8, 51)])],
        crs=4326,
    )
    border = bl.Border.from_file(pieces, columns={"left": "cc1", "right": "cc2"})
    assert (border.left, border.right, len(border.line.coords)) == ("DEU", "FRA", 3)
    assert bl.Border.from_file(pieces, left="XAA", right="XBB").right == "XBB"


def test_other_crs_is_transformed():
    table = full().to_geodataframe().to_crs(32632)
    border = bl.Border.from_file(table)
    np.testing.assert_allclose(border.line.coords, LINE.coords, atol=1e-9)


def test_a_layer_by_name(tmp_path):
    path = tmp_path / "borders.gpkg"
    full(name="one").to_geodataframe().to_file(path, layer="old")
    full(name="two").to_geodataframe().to_file(path, layer="new")
    assert bl.Border.from_file(path, layer="old").name == "one"
    with pytest.raises(FormatError, match=r"has no layer 'newer'\. Did you mean 'new'"):
        bl.Border.from_file(path, layer="newer")
    with pytest.raises(FormatError, match="2 layers"):
        bl.Border.from_file(path)


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        (full().to_geodataframe().set_crs(None, allow_override=True), CRSError, "no CRS"),
        (full().to_geodataframe().iloc[:0], GeometryError, "no line"),
        (full().to_geodataframe().drop(columns="left"), TableError, "which country is left; give left="),
        (full().to_geodataframe().drop(columns=["left", "right"]), TableError, "left and which right"),
        (full().to_geodataframe().assign(calibration="{"), TableError, "'calibration' cannot be read"),
        (full().to_geodataframe().assign(calibration='{"a": 1}'), TableError, "'calibration' cannot be read"),
        (full().to_geodataframe().assign(accuracy_m="good"), TableError, "'good', which is not a number"),
        (full().to_geodataframe().assign(contested="POINT (0 0)"), TableError, "no MultiPolygon"),
        (full().to_geodataframe().assign(contested="land"), TableError, "no MultiPolygon"),
        (full().to_geodataframe().assign(left="Germany"), TableError, "column 'left'.*Did you mean 'DEU'"),
        (
            full()
            .to_geodataframe()
            .set_geometry([shapely.LineString([(0, 0), (2, 2), (2, 0), (0, 2)])], crs=4326),
            GeometryError,
            "crosses or touches itself",
        ),
    ],
)
def test_bad_tables(table, error, message):
    with pytest.raises(error, match=message):
        bl.Border.from_file(table)


def test_bad_rows_name_the_border():
    table = two()
    table.loc[1, "geometry"] = shapely.LineString([(0, 0), (2, 2), (2, 0), (0, 2)])
    with pytest.raises(GeometryError, match="two: The line crosses"):
        bl.lines.read_borders(table)


def test_bad_columns():
    with pytest.raises(TableError, match=r"no column 'nmae'\. Did you mean 'name'"):
        bl.Border.from_file(full().to_geodataframe(), columns={"name": "nmae"})


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("border.dwg", b"x", "no format has the ending"),
        ("border.gpkg", b"no database", "does not begin like"),
        ("border.csv", b"a,b\n1,2\n", "no column 'geometry'"),
        ("border.csv", b"geometry\nLINE\n", "well-known text"),
    ],
)
def test_bad_files(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FormatError, match=message):
        bl.Border.from_file(tmp_path / name, left="XAA", right="XBB")


def test_inputs_stay_as_they_are():
    table = two()
    before = table.copy(deep=True)
    bl.lines.read_borders(table)
    bl.Border.from_file(table, name="one")
    pd.testing.assert_frame_equal(table, before)
