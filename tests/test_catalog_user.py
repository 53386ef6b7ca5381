"""Layers of the caller's own: they work by key, and what is wrong with one is said."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

import borderline as bl
from borderline import catalog
from borderline.errors import (
    CRSError,
    FormatError,
    GeometryError,
    IntegrityError,
    KeyTakenError,
    OptionError,
    TableError,
    UnknownKeyError,
)

WORDS = {"title": "Mine", "license": "CC0-1.0", "attribution": "Made by me"}
ENDINGS = ["gpkg", "geojson", "fgb", "shp", "parquet"]


@pytest.fixture(autouse=True)
def nothing_stays():
    yield
    for key in catalog.registered():
        catalog.unregister(key)


def write(table, path):
    if path.suffix == ".parquet":
        table.to_parquet(path)
    else:
        table.to_file(path)
    return path


@pytest.fixture
def line():
    """The default line, moved by a hundred metres or so."""
    return shapely.transform(bl.load_border().line, lambda xy: xy + 0.001)


@pytest.fixture
def units():
    boxes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    return gpd.GeoDataFrame(
        {"admin1_iso": ["FR-2", "FR-1"], "country": "FR", "name": ["B", "A"]}, geometry=boxes, crs=4326
    )


def as_table(*shapes, crs=4326):
    return gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=list(shapes), crs=crs)


def register_line(path, **more):
    return catalog.register(path, key="mine", kind="line", **{**WORDS, **more})


def register_units(path, **more):
    return catalog.register(path, key="units", kind="admin", **{**WORDS, **more})


@pytest.mark.parametrize("ending", ENDINGS)
def test_line_works_by_key(tmp_path, line, ending):
    record = register_line(write(as_table(line), tmp_path / f"x.{ending}"), accuracy_m=30, date="2024")
    assert (record.feature_count, record.accuracy_m, len(record.sha256)) == (1, 30, 64)
    border = bl.load_border(line="mine")
    assert border.line.equals_exact(line, 1e-9)
    assert (border.left, border.right, border.accuracy_m) == ("KHM", "THA", 30)
    assert border.source.credit == "Made by me"
    assert border.nominal_length_km == 817
    assert (border.datum.longitude, border.datum.latitude) == border.line.coords[0]


@pytest.mark.parametrize("ending", ENDINGS)
def test_units_work_by_key(tmp_path, units, ending):
    register_units(write(units, tmp_path / f"x.{ending}"))
    mine = bl.load_admin("units")
    assert mine["admin1_iso"].tolist() == ["FR-1", "FR-2"]
    assert mine["country"].tolist() == ["FRA", "FRA"]
    points = gpd.GeoDataFrame(geometry=[shapely.Point(0.5, 0.5), shapely.Point(1.5, 0.5)], crs=4326)
    assert bl.geocode(points, admin="units")["admin1"].tolist() == ["B", "A"]
    assert len(bl.load_admin("units", countries="FRA")) == 2
    with pytest.raises(OptionError, match="countries must be those that have units, FRA, not 'THA'"):
        bl.load_admin("units", countries="THA")


def test_line_in_another_crs_and_in_parts_that_join_is_taken(tmp_path, line):
    half = len(line.coords) // 2
    parts = shapely.LineString(line.coords[: half + 1]), shapely.LineString(line.coords[half:])
    register_line(write(as_table(*parts).to_crs(3857), tmp_path / "x.gpkg"))
    assert bl.load_border(line="mine").line.equals_exact(line, 1e-7)


def test_line_that_runs_the_other_way_is_turned(tmp_path, line):
    register_line(write(as_table(line.reverse()), tmp_path / "x.gpkg"))
    border = bl.load_border(line="mine")
    assert border.line.coords[0] == line.coords[0]
    assert (border.datum.longitude, border.datum.latitude) == line.coords[0]
    temple = gpd.GeoDataFrame(geometry=[shapely.Point(104.6802, 14.3906)], crs=4326)
    assert bl.locate(temple, border)["side"].tolist() == ["KHM"]


def test_line_of_a_part_follows_no_published_length(tmp_path, line):
    part = shapely.LineString(line.coords[1000:2000])
    register_line(write(as_table(part), tmp_path / "x.gpkg"))
    assert bl.load_border(line="mine").nominal_length_km is None


def test_line_elsewhere_is_no_drawing_of_this_border(tmp_path):
    register_line(write(as_table(shapely.LineString([(7, 49), (8, 49)])), tmp_path / "x.gpkg"))
    with pytest.raises(GeometryError, match=r"'Mine' runs up to .* km from .*Border\.from_line"):
        bl.load_border(line="mine")


def test_catalog_tells_own_layers_from_built_in_ones(tmp_path, units):
    before = catalog.list_layers()
    register_units(write(units, tmp_path / "x.gpkg"), date="2024-05-01", url="https://example.org")
    after = catalog.list_layers()
    assert after.index.tolist() == [*before.index, "units"]
    assert after.loc["units", "origin"] == "user 2024-05-01"
    assert not before["origin"].str.startswith("user").any()
    assert catalog.get("units").source.url == "https://example.org"
    assert catalog.registered() == ("units",)
    catalog.unregister("units")
    assert catalog.list_layers().equals(before)
    with pytest.raises(UnknownKeyError, match="no layer 'units'"):
        catalog.get("units")


def test_credit_of_own_line_reaches_the_map(tmp_path, line):
    register_line(write(as_table(line), tmp_path / "x.gpkg"), attribution="Surveyed by me")
    border = bl.load_border(line="mine")
    located = bl.load_incidents().pipe(bl.geocode).pipe(bl.locate, border)
    page = bl.explore(located, border).get_root().render()
    assert "Surveyed by me" in page


# What is refused


@pytest.mark.parametrize("key", ["osm-2025", "admin1", "incidents"])
def test_built_in_key_is_refused(tmp_path, line, key):
    path = write(as_table(line), tmp_path / "x.gpkg")
    with pytest.raises(KeyTakenError, match=f"'{key}' is a built-in layer"):
        catalog.register(path, key=key, kind="line", **WORDS)
    assert catalog.registered() == ()


def test_key_is_given_once(tmp_path, line):
    path = write(as_table(line), tmp_path / "x.gpkg")
    register_line(path)
    with pytest.raises(KeyTakenError, match=r"'mine' is registered already.*unregister"):
        register_line(path)


def test_forgetting_what_is_not_there_is_refused():
    with pytest.raises(UnknownKeyError, match="'osm-2025'"):
        catalog.unregister("osm-2025")


@pytest.mark.parametrize("field", ["title", "license", "attribution"])
def test_empty_word_is_refused(tmp_path, line, field):
    with pytest.raises(IntegrityError, match=f"'mine' lacks {field}"):
        register_line(write(as_table(line), tmp_path / "x.gpkg"), **{field: " "})


def test_missing_file_and_strange_ending_are_refused(tmp_path):
    with pytest.raises(FormatError, match=r"no file .*nothing\.gpkg"):
        register_line(tmp_path / "nothing.gpkg")
    (tmp_path / "x.docx").write_text("<kml/>", encoding="utf-8")
    with pytest.raises(FormatError, match=r"x\.docx: no reader"):
        register_line(tmp_path / "x.docx")
    (tmp_path / "x.gpkg").write_text("no database", encoding="utf-8")
    with pytest.raises(FormatError, match=r"x\.gpkg does not begin"):
        register_line(tmp_path / "x.gpkg")


@pytest.mark.parametrize("kind", ["line", "admin"])
def test_file_without_crs_is_refused(tmp_path, line, units, kind):
    table = as_table(line) if kind == "line" else units
    write(table, tmp_path / "x.shp")
    (tmp_path / "x.prj").unlink()
    with pytest.raises(CRSError, match=r"x\.shp has no CRS.*\.prj"):
        catalog.register(tmp_path / "x.shp", key="k", kind=kind, **WORDS)
    write(table.set_crs(None, allow_override=True), tmp_path / "x.parquet")
    with pytest.raises(CRSError, match=r"x\.parquet has no CRS"):
        catalog.register(tmp_path / "x.parquet", key="k", kind=kind, **WORDS)


def test_metres_said_to_be_degrees_are_refused(tmp_path):
    path = write(as_table(shapely.LineString([(4e5, 1.5e6), (5e5, 1.6e6)])), tmp_path / "x.gpkg")
    with pytest.raises(GeometryError, match="not longitude and latitude"):
        register_line(path)


def test_line_in_pieces_is_refused(tmp_path):
    parts = shapely.LineString([(0, 0), (1, 1)]), shapely.LineString([(2, 2), (3, 3)])
    with pytest.raises(GeometryError, match=r"x\.gpkg: The line is in 2 pieces"):
        register_line(write(as_table(*parts), tmp_path / "x.gpkg"))


def test_wrong_kind_of_geometry_is_refused(tmp_path, units):
    with pytest.raises(GeometryError, match=r"x\.gpkg: A border is a line, not a Polygon"):
        register_line(write(units.iloc[:1], tmp_path / "x.gpkg"))
    lines = units.set_geometry(units.boundary)
    with pytest.raises(GeometryError, match=r"B \(FR-2\) has LineString, not a polygon"):
        register_units(write(lines, tmp_path / "y.gpkg"))
    lost = units.set_geometry([units.geometry[0], None])
    with pytest.raises(GeometryError, match=r"A \(FR-1\) has no geometry"):
        register_units(write(lost, tmp_path / "z.gpkg"))


def test_invalid_polygon_is_refused(tmp_path, units):
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(GeometryError, match=r"B \(FR-2\) is not a valid polygon \(Self-intersection"):
        register_units(write(units.set_geometry([bow, units.geometry[1]]), tmp_path / "x.gpkg"))


def test_overlap_is_refused_with_the_pair_and_the_area(tmp_path, units):
    wide = units.set_geometry([shapely.box(0, 0, 1.001, 1), units.geometry[1]])
    path = write(wide, tmp_path / "x.gpkg")
    # A strip of 0.001 by 1 degree at the equator: 111.32 m by 110.57 km, a little less in the north.
    with pytest.raises(
        GeometryError, match=r"A \(FR-1\) and B \(FR-2\) overlap by 12,30\d,\d{3} m2"
    ) as caught:
        register_units(path)
    assert "max_overlap_m2" in str(caught.value)
    register_units(path, max_overlap_m2=2e7)
    points = gpd.GeoDataFrame(geometry=[shapely.Point(1.0005, 0.5)], crs=4326)
    assert bl.geocode(points, admin="units")["admin1"].tolist() == ["A"]


def test_overlap_below_the_limit_is_let_through(tmp_path, units):
    hair = units.set_geometry([shapely.box(0, 0, 1 + 5e-12, 1), units.geometry[1]])
    register_units(write(hair, tmp_path / "x.gpkg"))


def test_columns_may_have_other_names(tmp_path, units):
    path = write(units.rename(columns={"admin1_iso": "shapeISO", "name": "shapeName"}), tmp_path / "x.gpkg")
    with pytest.raises(TableError, match="no column 'admin1_iso' for admin1_iso"):
        register_units(path)
    with pytest.raises(TableError, match=r"no column 'shapeIso' .*'shapeISO'"):
        register_units(path, columns={"admin1_iso": "shapeIso", "name": "shapeName"})
    with pytest.raises(TableError, match="'code'"):
        register_units(path, columns={"code": "shapeISO"})
    register_units(path, columns={"admin1_iso": "shapeISO", "name": "shapeName"})
    assert bl.load_admin("units")["name"].tolist() == ["A", "B"]


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("admin1_iso", ["FR-1", "FR-1"], "'FR-1' occurs twice"),
        ("admin1_iso", ["FR-1", None], "row 2 has no admin1_iso"),
        ("name", ["", "A"], "row 1 has no name"),
        ("country", ["FRA", "Gaul"], "'Gaul' is not an ISO 3166-1"),
    ],
)
def test_incomplete_columns_are_refused(tmp_path, units, column, values, message):
    path = write(units.assign(**{column: values}), tmp_path / "x.gpkg")
    with pytest.raises(TableError, match=message):
        register_units(path)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"kind": "patches"}, "kind must be one of 'admin', 'line', not 'patches'"),
        ({"columns": {"name": "n"}}, "needs no columns"),
        ({"accuracy_m": -1}, "accuracy_m must be a positive number of metres, or None, not -1"),
        ({"accuracy_m": float("nan")}, "accuracy_m must be a positive number of metres, or None, not nan"),
        ({"max_overlap_m2": -1}, "max_overlap_m2 must be a number of square metres, 0 or more, not -1"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(tmp_path, line, more, message):
    path = write(as_table(line), tmp_path / "x.gpkg")
    with pytest.raises(OptionError, match=message):
        catalog.register(path, **{"key": "k", "kind": "line", **WORDS, **more})


# What is read is what was registered


def test_changed_file_is_noticed(tmp_path, line):
    path = write(as_table(line), tmp_path / "x.gpkg")
    register_line(path)
    catalog.read_layer("mine")
    xy = shapely.get_coordinates(line)
    xy[7, 0] += 1e-5
    path.unlink()
    write(as_table(shapely.LineString(xy)), path)
    with pytest.raises(IntegrityError, match=r"'mine' in .* is not what the catalog says.*register it again"):
        bl.load_border(line="mine")
    path.unlink()
    with pytest.raises(IntegrityError, match=r"x\.gpkg' of layer 'mine' is gone"):
        bl.load_border(line="mine")


def test_attribute_changed_beside_a_shapefile_is_noticed(tmp_path, units):
    path = write(units, tmp_path / "x.shp")
    register_units(path)
    bl.load_admin("units")
    write(units.assign(name=["B", "C"]), tmp_path / "y.shp")
    (tmp_path / "y.dbf").replace(tmp_path / "x.dbf")
    with pytest.raises(IntegrityError, match="'units'"):
        bl.load_admin("units")


def test_what_is_read_may_be_changed(tmp_path, units):
    register_units(write(units, tmp_path / "x.gpkg"))
    bl.load_admin("units")["name"] = "x"
    assert bl.load_admin("units")["name"].tolist() == ["A", "B"]


def test_key_of_another_kind_is_no_unit(tmp_path, line):
    register_line(write(as_table(line), tmp_path / "x.gpkg"))
    with pytest.raises(
        OptionError, match="kind must be one of 'province', 'district', 'country' or the key of"
    ):
        bl.load_admin("mine")


def test_own_line_is_offered_when_a_key_is_misspelt(tmp_path, line):
    register_line(write(as_table(line), tmp_path / "x.gpkg"))
    with pytest.raises(UnknownKeyError, match="Did you mean 'mine'"):
        bl.load_border(line="mien")


def test_claims_have_numbers_where_they_count():
    stretches = catalog.read_table("stretches")
    assert stretches["length_km"].sum() > 1000
    assert stretches["from_pillar"].dtype == "Int64"
    pillars = catalog.read_table("pillars")
    placed = pillars["latitude"].notna()
    assert (pillars.loc[placed, "error_m"] > 0).all()
    assert pillars.loc[~placed, ["longitude", "error_m"]].isna().all(axis=None)
    assert np.isin(pillars["number"].dropna(), range(1, 74)).all()
    for key in ("stretches", "pillars", "facts"):
        assert catalog.read_table(key)["source"].notna().all()


# Credits


def credits_beside(path):
    return {
        each["attribution"]
        for each in json.loads((path.parent / f"{path.name}.source.json").read_text(encoding="utf-8"))[
            "sources"
        ]
    }


def test_credit_of_every_layer_used_reaches_table_and_map(tmp_path):
    border = bl.load_border()
    seeds = bl.load_incidents()
    located = seeds.pipe(bl.geocode).pipe(bl.locate, border)
    rates = bl.density(located, bl.segment(border, every_km=50))
    keys = ("incidents", "admin1", "admin2", "places", "osm-2025")
    wanted = {catalog.get(key).attribution for key in keys}
    assert credits_beside(bl.write_table(located, tmp_path / "located.csv")) == wanted
    assert credits_beside(bl.write_table(rates, tmp_path / "rates.gpkg")) == wanted
    assert credits_beside(bl.write_table(located, tmp_path / "located.parquet")) == wanted
    page = bl.explore(located, border).get_root().render()
    for credit in wanted:
        for part in credit.split("; "):
            assert part in page
    assert [each["attribution"] for each in seeds.attrs["sources"]] == [catalog.get("incidents").attribution]


def test_credit_of_own_units_replaces_that_of_the_built_in_ones(tmp_path, units):
    register_units(write(units, tmp_path / "x.gpkg"), attribution="Drawn by me")
    points = gpd.GeoDataFrame(geometry=[shapely.Point(0.5, 0.5)], crs=4326)
    coded = bl.geocode(bl.geocode(points, admin="units"), admin="units")
    assert credits_beside(bl.write_table(coded, tmp_path / "o.csv")) == {"Drawn by me"}
    assert len(coded.attrs["sources"]) == 1
    assert bl.geocode(points, admin=bl.load_admin("units")).attrs["sources"] == []


def test_credit_a_caller_set_as_an_object_is_kept():
    points = gpd.GeoDataFrame(geometry=[shapely.Point(103, 14.3)], crs=4326)
    points.attrs["sources"] = bl.Source(title="Mine", attribution="<b>Me</b>")
    border = bl.load_border()
    located = bl.locate(points, border)
    assert located.attrs["sources"][0]["title"] == "Mine"
    page = bl.explore(located, border).get_root().render()
    assert "&lt;b&gt;Me" in page
    assert "<b>Me" not in page
