"""The built-in data: every record is complete and true, and tampering is noticed."""

from __future__ import annotations

import json
import pathlib
import shutil
from dataclasses import fields

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from borderline import _paths, catalog
from borderline._constants import GEOD
from borderline.catalog._records import Record
from borderline.errors import IntegrityError, OptionError, UnknownKeyError

CHECKOUT = pathlib.Path(_paths.__file__).parent.parent
RAW = json.loads((CHECKOUT / "geodata" / "catalog.json").read_text(encoding="utf-8"))
KEYS = [record["key"] for record in RAW["layers"]]
TRIPOINT = (105.20647, 14.34334)


@pytest.fixture(autouse=True)
def built_in_data(monkeypatch):
    """The committed data, whatever the caller's environment says."""
    monkeypatch.delenv("BORDERLINE_DATA", raising=False)


@pytest.fixture
def other_folder(tmp_path, monkeypatch):
    """A copy of the data folder that may be spoilt, with nothing behind it."""
    shutil.copytree(CHECKOUT / "geodata", tmp_path / "geodata", ignore=shutil.ignore_patterns("build"))
    shutil.copytree(CHECKOUT / "seeds", tmp_path / "seeds")
    monkeypatch.setattr(_paths, "_PACKAGE", tmp_path / "nowhere" / "borderline")
    monkeypatch.setenv("BORDERLINE_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def line():
    return catalog.read_layer("osm-2025").geometry.iloc[0]


@pytest.fixture(scope="module")
def provinces():
    return catalog.load_admin()


def rewrite(folder, change):
    """Change the raw catalog of a folder."""
    path = folder / "geodata" / "catalog.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    change(raw)
    path.write_text(json.dumps(raw), encoding="utf-8")


# Every record


@pytest.mark.parametrize("key", KEYS)
def test_record_is_complete(key):
    record = catalog.get(key)
    for field in fields(record):
        if field.name not in {"crs", "accuracy_m"}:
            assert getattr(record, field.name), field.name
    assert record.kind in {"line", "admin", "claims", "events", "patches", "outline", "places"}
    assert record.source.credit == record.attribution
    assert record.source.sha256 == record.sha256
    for origin in record.origins:
        assert origin.name
        assert origin.version
        assert origin.license


@pytest.mark.parametrize("key", KEYS)
def test_content_is_what_the_record_says(key):
    record = catalog.get(key)
    content = catalog.read_table(key) if record.crs is None else catalog.read_layer(key)
    assert len(content) == record.feature_count
    assert catalog.content_sha256(content) == record.sha256
    if record.crs is not None:
        assert content.crs.to_epsg() == 4326
        assert record.crs == "EPSG:4326"
        xy = shapely.get_coordinates(content.geometry)
        assert np.array_equal(np.rint(xy * 1e7) / 1e7, xy)


def test_packages_are_those_the_recipe_pins():
    build = CHECKOUT / "geodata" / "build"
    pins = "".join(path.read_text(encoding="utf-8") for path in build.glob("sources*.txt"))
    for key in KEYS:
        for origin in catalog.get(key).origins:
            if origin.sha256:
                assert f"{origin.name}=={origin.version} \\\n    --hash=sha256:{origin.sha256}\n" in pins


def test_list_has_every_record():
    table = catalog.list_layers()
    assert table.index.tolist() == KEYS
    assert table.index.name == "key"
    assert table.loc["osm-2025", "accuracy_m"] == 450


def test_every_border_has_its_lines_and_lengths():
    border = catalog.get_border("khm-tha")
    assert border.line in border.lines
    assert all(catalog.get(key).kind == "line" for key in border.lines)
    assert (border.left, border.right) == ("KHM", "THA")
    assert border.nominal.km == 817
    assert all(length.who and length.url for length in border.lengths)


# What is refused


@pytest.mark.parametrize("field", [f.name for f in fields(Record) if f.name != "key"])
def test_record_without_a_field_is_refused(other_folder, field):
    rewrite(other_folder, lambda raw: raw["layers"][0].pop(field))
    with pytest.raises(IntegrityError, match=rf"'osm-2025' lacks '{field}'"):
        catalog.get("osm-2025")


@pytest.mark.parametrize("field", ["title", "license", "attribution", "sha256", "accuracy_basis", "origins"])
def test_record_with_an_empty_field_is_refused(other_folder, field):
    rewrite(other_folder, lambda raw: raw["layers"][0].update({field: ""}))
    with pytest.raises(IntegrityError, match=rf"'osm-2025' lacks '{field}'"):
        catalog.list_layers()


def test_origin_and_border_are_checked_too(other_folder):
    rewrite(other_folder, lambda raw: raw["layers"][0]["origins"][0].pop("license"))
    with pytest.raises(IntegrityError, match="'osm-2025' lacks 'license'"):
        catalog.list_layers()
    shutil.copy(CHECKOUT / "geodata" / "catalog.json", other_folder / "geodata" / "catalog.json")
    rewrite(other_folder, lambda raw: raw["borders"][0]["lengths"][0].update({"who": ""}))
    with pytest.raises(IntegrityError, match="'khm-tha' lacks 'who'"):
        catalog.get_border("khm-tha")


def test_broken_catalog_is_refused(other_folder):
    (other_folder / "geodata" / "catalog.json").write_text("{", encoding="utf-8")
    with pytest.raises(IntegrityError, match=r"catalog\.json cannot be read"):
        catalog.list_layers()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: catalog.get("rtsd-2091"), "Did you mean 'rtsd-2019'"),
        (lambda: catalog.get_border("khm-thai"), "Did you mean 'khm-tha'"),
        (lambda: catalog.read_layer("incidents"), "read_table"),
        (lambda: catalog.read_table("admin1"), "read_layer"),
    ],
)
def test_unknown_names_are_refused(call, message):
    with pytest.raises(UnknownKeyError, match=message):
        call()


def test_moved_vertex_is_noticed(other_folder, line):
    xy = shapely.get_coordinates(line)
    xy[100, 0] += 1e-6
    path = other_folder / "geodata" / "layers" / "line-osm-2025.fgb"
    moved = gpd.GeoDataFrame({"key": ["osm-2025"]}, geometry=[shapely.LineString(xy)], crs=4326)
    moved.to_file(path, driver="FlatGeobuf", SPATIAL_INDEX="NO")
    with pytest.raises(IntegrityError, match=r"'osm-2025' in .* is not what the catalog says"):
        catalog.read_layer("osm-2025")


def test_changed_attribute_is_noticed(other_folder):
    path = other_folder / "seeds" / "incidents.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("disputed", "TH", 1), encoding="utf-8")
    with pytest.raises(IntegrityError, match=r"'incidents' in .* is not what the catalog says"):
        catalog.read_table("incidents")


def test_truncated_file_is_noticed(other_folder):
    path = other_folder / "geodata" / "layers" / "admin1.fgb"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(IntegrityError, match="'admin1'"):
        catalog.load_admin()


def test_missing_file_is_named(other_folder):
    (other_folder / "geodata" / "layers" / "admin1.fgb").unlink()
    with pytest.raises(IntegrityError, match=r"'admin1' is in the catalog, but its file is not.*admin1\.fgb"):
        catalog.load_admin()
    (other_folder / "seeds" / "incidents.csv").unlink()
    with pytest.raises(UnknownKeyError, match=r"incidents\.csv"):
        catalog.seeds_path()


def test_named_folder_is_used_and_read_anew(other_folder):
    rewrite(other_folder, lambda raw: raw["layers"][0].update({"title": "Another line"}))
    assert catalog.get("osm-2025").title == "Another line"
    assert catalog.seeds_path() == other_folder / "seeds" / "incidents.csv"


def test_what_is_read_may_be_changed(provinces):
    first = catalog.load_admin()
    first["name"] = "x"
    first.loc[0, "geometry"] = shapely.Point(0, 0)
    del first["country"]
    pd.testing.assert_frame_equal(catalog.load_admin(), provinces)


# The checksum


def square(**columns):
    return gpd.GeoDataFrame(columns, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)


def test_checksum_ignores_what_does_not_matter():
    table = gpd.GeoDataFrame(
        {"b": [1, 2], "a": ["x", None]}, geometry=[shapely.box(0, 0, 1, 1), shapely.Point(2, 2)], crs=4326
    )
    same = gpd.GeoDataFrame(
        {"a": [None, "x"], "b": [2, 1]},
        geometry=[shapely.Point(2, 2 + 1e-9), shapely.box(0, 0, 1, 1, ccw=False)],
        crs=4326,
        index=[7, 3],
    )
    assert catalog.content_sha256(table) == catalog.content_sha256(same)


@pytest.mark.parametrize(
    "other",
    [
        square(a=[2]),
        square(b=[1]),
        square(a=["1"]),
        square(a=[None]),
        square(a=[1], b=[1]),
        square(a=[1]).translate(2e-7).to_frame("geometry").assign(a=1),
        pd.DataFrame({"a": [1]}),
    ],
)
def test_checksum_notices_what_matters(other):
    assert catalog.content_sha256(square(a=[1])) != catalog.content_sha256(other)


def test_checksum_knows_the_direction_of_a_line():
    one = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (1, 1)])], crs=4326)
    other = gpd.GeoDataFrame(geometry=[shapely.LineString([(1, 1), (0, 0)])], crs=4326)
    assert catalog.content_sha256(one) != catalog.content_sha256(other)


# The default line


def test_line_is_one_simple_line_from_the_tripoint_to_the_coast(line):
    assert line.geom_type == "LineString"
    assert line.is_simple
    assert shapely.get_num_coordinates(line) == 5702
    assert shapely.get_num_coordinates(shapely.remove_repeated_points(line)) == 5702
    assert line.coords[0] == pytest.approx(TRIPOINT, abs=5e-6)
    assert GEOD.inv(*line.coords[-1], 102.91114, 11.65218)[2] < 1
    assert catalog.get_border("khm-tha").datum_lonlat == TRIPOINT


def test_line_is_as_long_as_stated(line):
    assert 824.2 < GEOD.geometry_length(line) / 1000 < 824.5
    xy = shapely.get_coordinates(line)
    edges = GEOD.inv(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])[2]
    assert 111 < np.median(edges) < 119
    assert 8500 < edges.max() < 8700


@pytest.mark.parametrize(
    ("lat", "lon", "metres"),
    [
        (14.34917, 103.26639, 58),  # Ta Muen Thom
        (14.3528, 103.3711, 41),  # Ta Khwai
        (14.3906, 104.6802, 952),  # Preah Vihear temple
        (13.661, 102.552, 183),  # Poipet
        (14.3436, 104.0533, 117),  # Chong Sa-Ngam
    ],
)
def test_line_passes_known_places_at_the_known_distance(line, lat, lon, metres):
    cos = np.cos(np.radians(lat))
    foot, _ = shapely.ops.nearest_points(
        shapely.transform(line, lambda xy: xy * [cos, 1]), shapely.Point(lon * cos, lat)
    )
    assert GEOD.inv(foot.x / cos, foot.y, lon, lat)[2] == pytest.approx(metres, abs=1)


# The provinces


def test_all_provinces_are_there(provinces):
    assert list(provinces.columns) == [
        "admin1_iso",
        "country",
        "name",
        "name_local",
        "name_th",
        "name_km",
        "borders_other_country",
        "geometry",
    ]
    assert provinces["country"].value_counts().to_dict() == {"THA": 77, "KHM": 25}
    assert provinces["admin1_iso"].is_unique
    assert provinces["admin1_iso"].is_monotonic_increasing
    assert provinces.index.equals(pd.RangeIndex(102))
    assert provinces.geometry.is_valid.all()
    assert not provinces.geometry.is_empty.any()
    assert provinces["name_local"].str.len().gt(0).all()


def test_provinces_are_named_in_both_scripts(provinces):
    assert provinces["name_th"].str.fullmatch(r"[\u0e00-\u0e7f ]+").all()
    is_khmer = provinces["country"] == "KHM"
    # Khmer names of Thai provinces are on record along the border only.
    known = provinces["name_km"].notna()
    assert known[is_khmer].all()
    assert set(provinces.loc[known & ~is_khmer, "admin1_iso"]) == {
        f"TH-{number}" for number in (22, 23, 27, 31, 32, 33)
    }
    assert provinces.loc[known, "name_km"].str.fullmatch(r"[\u1780-\u17ff ]+").all()
    own = provinces["name_km"].where(is_khmer, provinces["name_th"])
    assert (own == provinces["name_local"]).all()
    named = provinces.set_index("admin1_iso")
    assert named.loc["KH-13", "name_th"] == "พระวิหาร"
    assert named.loc["TH-32", "name_km"] == "សុរិន្ទ"


def test_codes_belong_to_their_country(provinces):
    assert (provinces["admin1_iso"].str[:2].map({"TH": "THA", "KH": "KHM"}) == provinces["country"]).all()


@pytest.mark.parametrize("countries", ["THA", "th", ["TH"], ("THA",)])
def test_countries_may_be_given_either_way(countries):
    thai = catalog.load_admin("province", countries=countries)
    assert set(thai["country"]) == {"THA"}
    assert thai.index.equals(pd.RangeIndex(77))
    assert len(catalog.load_admin("province", countries=["THA", "KH"])) == 102


def test_provinces_touch_the_line_where_they_should(provinces, line):
    assert (provinces.intersects(line) == provinces["borders_other_country"]).all()
    assert provinces["borders_other_country"].sum() == 14


@pytest.mark.parametrize(
    ("lat", "lon", "province"),
    [
        (14.34917, 103.26639, "KH-22"),  # Ta Muen Thom, as drawn by the default line
        (14.3528, 103.3711, "TH-32"),  # Ta Khwai
        (14.3906, 104.6802, "KH-13"),  # Preah Vihear temple
        (13.661, 102.552, "KH-1"),  # Poipet
        (14.3436, 104.0533, "KH-22"),  # Chong Sa-Ngam
    ],
)
def test_known_places_lie_in_their_province(provinces, lat, lon, province):
    inside = provinces[provinces.contains(shapely.Point(lon, lat))]
    assert inside["admin1_iso"].tolist() == [province]


def test_capitals_lie_in_their_province(provinces):
    table = catalog.read_table("provinces")
    points = gpd.points_from_xy(table["lon"].astype(float), table["lat"].astype(float), crs=4326)
    found = gpd.GeoDataFrame(table, geometry=points).sjoin(provinces[["admin1_iso", "geometry"]], how="left")
    assert len(found) == 102
    assert found["admin1_iso"].tolist() == table["iso_3166_2"].tolist()


# The coverages: nothing twice, nothing left over


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": 1}, "kind must be a word, not 1. Did you mean 'province'"),
        ({"kind": 2}, "Did you mean 'district'"),
        ({"kind": 0}, "Did you mean 'country'"),
        ({"kind": 7}, "kind must be one of 'province', 'district', 'country' or the key of .*, not 7"),
        ({"kind": "provinces"}, "Did you mean 'province'"),
        ({"kind": "osm-2025"}, "kind must be one of"),
        ({"kind": True}, "kind must be one of"),
        ({"countries": "LAO"}, "countries must be those that have units, KHM and THA, not 'LAO'"),
        ({"countries": ["THA", "Siam"]}, "countries must be .* not 'Siam'.*Did you mean 'THA'"),
        ({"countries": 5}, "countries must be a list"),
    ],
)
def test_units_that_are_not_there_are_refused(options, message):
    with pytest.raises(OptionError, match=message):
        catalog.load_admin(**options)


def test_units_go_by_kind(provinces, countries):
    assert catalog.load_admin("province").equals(provinces)
    assert catalog.load_admin("admin2").equals(catalog.load_admin("district"))
    whole = catalog.load_admin("country")
    assert whole[["country", "name"]].to_numpy().tolist() == [["KHM", "Cambodia"], ["THA", "Thailand"]]
    for country, land in zip(whole["country"], whole.geometry, strict=True):
        assert land.equals(countries[country])
    assert catalog.load_admin("country", countries="TH")["country"].tolist() == ["THA"]


@pytest.fixture(scope="module")
def countries(provinces):
    """Each country as the union of its provinces."""
    return {
        country: shapely.coverage_union_all(provinces.geometry[provinces["country"] == country].to_numpy())
        for country in ("THA", "KHM")
    }


@pytest.mark.parametrize("kind", ["province", "district", "country"])
def test_units_share_their_boundaries_exactly(kind):
    assert shapely.coverage_is_valid(catalog.load_admin(kind).geometry.to_numpy())


def test_countries_do_not_overlap(countries):
    assert shapely.intersection(countries["THA"], countries["KHM"]).area == 0


def test_both_countries_have_every_vertex_of_the_line(countries, line):
    mine = set(line.coords)
    for shape in countries.values():
        assert mine <= {tuple(xy) for xy in shapely.get_coordinates(shape)}


def test_shared_boundary_is_the_line_with_the_ends_of_province_boundaries(countries, line, provinces):
    shared = shapely.line_merge(shapely.intersection(*(shape.boundary for shape in countries.values())))
    assert shared.geom_type == "LineString"
    mine = set(line.coords)
    added = [shapely.Point(xy) for xy in shared.coords if xy not in mine]
    for point in added:
        # A node of its own only where two provinces meet; within a centimetre of the line.
        assert shapely.intersects(provinces.geometry, point).sum() >= 3
        assert line.distance(point) < 1e-7
    inside = sum(
        count - 1 for count in provinces.loc[provinces["borders_other_country"], "country"].value_counts()
    )
    assert len(added) <= inside + 1


def test_gaps_inside_the_countries_are_rounding_only(countries):
    for shape in countries.values():
        holes = [shapely.Polygon(ring) for part in shape.geoms for ring in part.interiors]
        assert sum(abs(GEOD.geometry_area_perimeter(hole)[0]) for hole in holes) < 5000


# The districts


def test_districts_fill_the_provinces_near_the_line(provinces, line):
    districts = catalog.load_admin("district")
    near = line.buffer(0.4)
    provinces = provinces[provinces.intersects(near)]
    union = shapely.coverage_union_all(districts.geometry.to_numpy())
    left = shapely.difference(shapely.intersection(provinces.union_all(), near), union)
    assert left.area < 1e-7
    for row in districts.itertuples():
        home = provinces.geometry[provinces["admin1_iso"] == row.admin1_iso]
        if len(home):
            assert shapely.difference(row.geometry, home.iloc[0]).area < 1e-7


def test_districts_are_named_in_both_scripts_and_coded():
    districts = catalog.load_admin("district")
    assert list(districts.columns) == [
        "admin2_code",
        "country",
        "name",
        "name_local",
        "name_th",
        "name_km",
        "admin1_iso",
        "admin1",
        "geometry",
    ]
    assert districts["country"].value_counts().to_dict() == {"THA": 75, "KHM": 44}
    khmer = districts[districts["country"] == "KHM"]
    assert khmer["admin2_code"].str.fullmatch(r"\d{4}").all()
    assert (khmer["admin2_code"].str[:2].astype(int) == khmer["admin1_iso"].str[3:].astype(int)).all()
    assert khmer["name_km"].str.fullmatch(r"[\u1780-\u17ff ]+").all()
    thai = districts[districts["country"] == "THA"]
    assert thai["admin2_code"].str.fullmatch(r"\d{4}").all()
    assert ("TH-" + thai["admin2_code"].str[:2] == thai["admin1_iso"]).all()
    assert thai["name_th"].str.fullmatch(r"[\u0e00-\u0e7f ]+").all()
    assert districts["name_th"].fillna(districts["name_km"]).equals(districts["name_local"])
    assert not districts.duplicated(["country", "admin2_code"]).any()
    coded = thai.set_index("admin2_code")["name"]
    # The first district of a province is that of its capital.
    assert coded[coded.index.str.endswith("01")].str.startswith("Mueang").all()
    assert coded.loc[["2706", "2302", "3304"]].tolist() == ["Aranyaprathet", "Khlong Yai", "Kantharalak"]
    assert districts.duplicated(["admin1_iso", "name"]).sum() == 0
    poipet = districts[districts.contains(shapely.Point(102.552, 13.661))]
    assert poipet["name"].tolist() == ["Paoy Paet"]
