"""The verb `geocode`: provinces by coordinates, claims kept, boundaries settled."""

from __future__ import annotations

import json
import shutil

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import CRSError, GeometryError, OptionError, TableError
from borderline.geocoding._admin_units import AdminUnits


def at(*lonlat, **columns):
    return gpd.GeoDataFrame(columns, geometry=[p and shapely.Point(p) for p in lonlat], crs=4326)


def shown(column):
    return column.astype(object).where(column.notna(), None).tolist()


@pytest.fixture(scope="module")
def squares():
    """Four squares of one degree that meet at (1, 1), in no order of their codes."""
    cells = {"BB-2": (1, 0), "AA-1": (0, 0), "BB-1": (0, 1), "AA-2": (1, 1)}
    return gpd.GeoDataFrame(
        {
            "admin1_iso": list(cells),
            "country": [f"X{code[0] * 2}" for code in cells],
            "name": [f"Square {code}" for code in cells],
            "aliases": ["", "Première;หนึ่ง", "", ""],
        },
        geometry=[shapely.box(x, y, x + 1, y + 1) for x, y in cells.values()],
        crs=4326,
    )


@pytest.mark.parametrize(
    ("lonlat", "country", "code"),
    [
        ((104.6802, 14.3906), "KHM", "KH-13"),  # Preah Vihear temple
        ((103.26639, 14.34917), "KHM", "KH-22"),  # Ta Muen Thom, by the line of mid 2025
        ((102.552, 13.661), "KHM", "KH-1"),  # Poipet
        ((102.50144, 13.68), "THA", "TH-27"),  # Aranyaprathet
        ((100.50144, 13.75398), "THA", "TH-10"),
        ((104.9, 12.7), "KHM", "KH-6"),
    ],
)
def test_known_places(lonlat, country, code):
    found = bl.geocode(at(lonlat)).iloc[0]
    assert (found["country"], found["admin1_iso"], found["geocoded_by"]) == (country, code, "coordinates")


@pytest.mark.parametrize("lonlat", [(2.35, 48.86), (-70, -33), (104.0, 8.0), (180, 0), (0, 89.9), (0, -90)])
def test_elsewhere_in_the_world_is_none(lonlat):
    found = bl.geocode(at(lonlat))
    assert found["geocoded_by"].tolist() == ["none"]
    assert found[["country", "admin1", "admin1_iso"]].isna().all(axis=None)


def test_missing_point_is_none_and_takes_no_part():
    found = bl.geocode(at(None, (104.9, 12.7)))
    assert found["geocoded_by"].tolist() == ["none", "coordinates"]
    assert shown(found["country"]) == [None, "KHM"]
    assert found["admin1_mismatch"].tolist() == [False, False]


def test_no_event_at_all():
    found = bl.geocode(bl.read_events(pd.DataFrame({"lat": [], "lon": []})))
    assert len(found) == 0
    assert found["admin1_mismatch"].dtype == bool


@pytest.mark.parametrize(
    ("lonlat", "code"),
    [
        ((1, 1), "AA-1"),
        ((0.5, 1), "AA-1"),
        ((1, 0.5), "AA-1"),
        ((1.5, 1), "AA-2"),
        ((1, 1.5), "AA-2"),
        ((0, 0), "AA-1"),
    ],
)
def test_boundary_belongs_to_the_code_that_sorts_first(squares, lonlat, code):
    for admin in (squares, squares.iloc[::-1]):
        found = bl.geocode(at(lonlat), admin=admin).iloc[0]
        assert (found["admin1_iso"], found["geocoded_by"]) == (code, "coordinates")


def test_point_on_the_border_between_countries_is_settled_the_same_way():
    vertex = shapely.get_coordinates(bl.load_border().line)[[100, 2000, 5000]]
    found = bl.geocode(at(*map(tuple, vertex)), nearest_within_m=1)
    again = bl.geocode(at(*map(tuple, vertex[::-1])), nearest_within_m=1)
    assert found["admin1_iso"].tolist() == again["admin1_iso"].tolist()[::-1]


def test_nearest_counts_within_reach_by_geodesic_metres(squares):
    metre = 1 / 111_319.49  # degrees of longitude along the equator
    points = at((2 + 4_999 * metre, 0.0), (2 + 5_001 * metre, 0.0), (-100 * metre, 1.0))
    found = bl.geocode(points, admin=squares)
    assert found["geocoded_by"].tolist() == ["nearest", "none", "nearest"]
    assert shown(found["admin1_iso"]) == ["BB-2", None, "AA-1"]
    assert bl.geocode(points, admin=squares, nearest_within_m=0)["geocoded_by"].unique().tolist() == ["none"]
    assert (
        bl.geocode(points, admin=squares, nearest_within_m=5_002)["geocoded_by"].tolist() == ["nearest"] * 3
    )


@pytest.mark.parametrize(
    ("lonlat", "district", "code"),
    [
        ((102.552, 13.661), "Paoy Paet", "0110"),  # Poipet
        ((102.50144, 13.68), "Aranyaprathet", "2706"),
        ((103.3711, 14.3528), "Phanom Dong Rak", "3214"),  # Ta Khwai
        ((102.97369, 13.58588), "Serei Saophoan", "0106"),  # Sisophon
        ((100.50144, 13.75398), None, None),  # Bangkok, far from the border
        ((104.91601, 11.56245), None, None),  # Phnom Penh
        ((102.742, 25.0), None, None),
    ],
)
def test_district_near_the_border(lonlat, district, code):
    found = bl.geocode(at(lonlat, admin2=["claimed"]))
    assert shown(found["admin2"]) == [district]
    assert shown(found["admin2_code"]) == [code]
    assert shown(found["admin2_reported"]) == ["claimed"]
    again = bl.geocode(found)
    assert shown(again["admin2"]) == [district]
    assert shown(again["admin2_reported"]) == ["claimed"]


def test_a_boundary_gives_a_district_of_the_province_found():
    shapes = bl.load_admin("district")
    vertices = shapely.get_coordinates(shapes.geometry.to_numpy())[::37]
    found = bl.geocode(at(*map(tuple, vertices)))
    home = shapes.set_index(["country", "admin2_code"])["admin1_iso"]
    told = found.dropna(subset=["admin2_code"])
    assert len(told) > 0.9 * found["admin1_iso"].isin(shapes["admin1_iso"]).sum()
    keys = pd.MultiIndex.from_frame(told[["country", "admin2_code"]])
    assert home.loc[keys].tolist() == told["admin1_iso"].tolist()


def test_own_provinces_leave_a_claimed_district_alone(squares):
    found = bl.geocode(at((0.5, 0.5), admin2=["claimed"]), admin=squares)
    assert found["admin2"].tolist() == ["claimed"]
    assert "admin2_reported" not in found.columns


def test_every_capital_is_in_its_province():
    names = bl.catalog.read_table("provinces")
    capitals = at(*zip(names["lon"].astype(float), names["lat"].astype(float), strict=True))
    assert bl.geocode(capitals)["admin1_iso"].tolist() == names["iso_3166_2"].tolist()


@pytest.mark.parametrize(
    ("lonlat", "across"),
    [
        ((102.613, 17.966), (102.742, 17.870)),  # Vientiane; Nong Khai
        ((105.260, 14.330), (105.180, 14.350)),  # east and west of the tripoint
        ((104.480, 10.390), (104.460, 10.440)),  # Ha Tien; Cambodia north-west of it
        ((98.509, 16.690), (98.530, 16.690)),  # Myawaddy; Mae Sot
    ],
)
def test_land_of_a_neighbour_gets_no_nearest_province(lonlat, across):
    found = bl.geocode(at(lonlat, across), nearest_within_m=50_000)
    assert found["geocoded_by"].tolist() == ["none", "coordinates"]
    assert found[["country", "admin1", "admin1_iso"]].iloc[0].isna().all()
    assert not found["admin1_mismatch"].iloc[0]


@pytest.mark.parametrize(("error", "way"), [(100.0, "none"), (5_000.0, "nearest"), (None, "none")])
def test_a_position_too_vague_to_be_across_keeps_the_nearest_province(error, way):
    """A few hundred metres inside Laos: settled there only if the position is that good."""
    event = at((105.213, 14.336)).assign(location_error_m=pd.array([error], dtype="Float64"))
    assert bl.geocode(event)["geocoded_by"].tolist() == [way]


def test_neighbours_count_with_the_built_in_provinces_only():
    own = bl.load_admin()
    vientiane = at((102.613, 17.966))
    assert bl.geocode(vientiane, nearest_within_m=50_000)["geocoded_by"].tolist() == ["none"]
    assert bl.geocode(vientiane, admin=own, nearest_within_m=50_000)["geocoded_by"].tolist() == ["nearest"]


def test_water_off_the_coast_gets_the_nearest_province():
    found = bl.geocode(at((102.880, 11.650), (100.50, 13.45)), nearest_within_m=10_000)
    assert found["geocoded_by"].tolist() == ["nearest", "nearest"]


@pytest.fixture
def shrunken(monkeypatch):
    """The built-in provinces, a kilometre smaller all round."""
    units = bl.load_admin()
    smaller = units.set_geometry(shapely.buffer(units.geometry.to_numpy(), -0.01, quad_segs=1))
    smaller = AdminUnits(smaller[~smaller.is_empty].sort_values("admin1_iso"))
    monkeypatch.setattr("borderline.geocoding._geocode.built_in_provinces", lambda: smaller)


@pytest.mark.usefixtures("shrunken")
def test_nearest_never_looks_across_the_border():
    border = bl.load_border()
    along = shapely.get_coordinates(border.interpolate(np.linspace(2e3, border.length_m - 2e3, 400)))
    rng = np.random.default_rng(1)
    points = at(*map(tuple, along + rng.normal(0, 0.005, along.shape)))
    found = bl.locate(bl.geocode(points), border)
    near = found[found["geocoded_by"] == "nearest"]
    assert len(near) > 200
    assert (near["country"] == near["side"]).all()


def test_country_agrees_with_the_side_of_the_line():
    border = bl.load_border()
    rng = np.random.default_rng(2)
    points = at(*zip(rng.uniform(102, 105.5, 2000), rng.uniform(11, 15, 2000), strict=True))
    found = bl.locate(bl.geocode(points, nearest_within_m=0), border)
    inside = found[
        (found["geocoded_by"] == "coordinates") & (found["distance_m"] > 0.5) & ~found["beyond_end"]
    ]
    assert len(inside) > 1000
    assert (inside["country"] == inside["side"]).all()


@pytest.mark.usefixtures("shrunken")
def test_claim_of_a_third_country_gets_no_nearest_province():
    off_coast = tuple(bl.load_border().line.coords[-1])
    assert bl.geocode(at(off_coast))["geocoded_by"].tolist() == ["nearest"]
    for claim in ("LAO", "la", "Laos", "ZZZ"):
        assert bl.geocode(at(off_coast, country=[claim]))["geocoded_by"].tolist() == ["none"]
    assert bl.geocode(at(off_coast, country=["KHM"]))["geocoded_by"].tolist() == ["nearest"]


@pytest.mark.parametrize(
    ("claim", "mismatch"),
    [
        ("Preah Vihear", False),
        ("preah-vihear province", False),
        ("KH-13", False),
        ("ព្រះវិហារ", False),
        ("ខេត្តព្រះវិហារ", False),
        ("จังหวัดพระวิหาร", False),
        ("Sisaket / Preah Vihear", False),
        ("Sisaket", True),
        ("Sisaket / Surin", True),
        ("Narnia", True),
        ("", False),
        (" / ", False),
        (None, False),
    ],
)
def test_claimed_province_is_compared_under_every_spelling(claim, mismatch):
    found = bl.geocode(at((104.6802, 14.3906), admin1=[claim]))
    assert found["admin1_mismatch"].tolist() == [mismatch]


def test_data_without_neighbours_and_districts_serves(tmp_path, monkeypatch):
    folder = bl.catalog.seeds_path().parent.parent
    shutil.copytree(folder / "geodata" / "layers", tmp_path / "geodata" / "layers")
    held = json.loads((folder / "geodata" / "catalog.json").read_text(encoding="utf-8"))
    held["layers"] = [
        each for each in held["layers"] if each["key"] not in {"neighbours", "admin2", "waters"}
    ]
    (tmp_path / "geodata" / "catalog.json").write_text(json.dumps(held), encoding="utf-8")
    monkeypatch.setenv("BORDERLINE_DATA", str(tmp_path))
    found = bl.geocode(at((104.6802, 14.3906), (105.213, 14.336), date=["2025-07-24"] * 2))
    assert found["geocoded_by"].tolist() == ["coordinates", "nearest"]
    assert "admin2" not in found.columns
    assert "Cambodia" in bl.explore(bl.locate(found, bl.load_border()), bl.load_border()).get_root().render()


def test_spellings_of_own_provinces_count(squares):
    found = bl.geocode(at((0.5, 0.5), (0.5, 0.5), admin1=["premiere", "หนึ่ง"]), admin=squares)
    assert found["admin1_mismatch"].tolist() == [False, False]


def test_claims_move_aside_and_stay_there():
    events = at(
        (104.6802, 14.3906), (100.5, 13.75), country=["THA", None], admin1=["Sisaket", None], note=["a", "b"]
    )
    once = bl.geocode(events)
    assert shown(once["country_reported"]) == ["THA", None]
    assert shown(once["admin1_reported"]) == ["Sisaket", None]
    assert once["country"].tolist() == ["KHM", "THA"]
    assert once["note"].tolist() == ["a", "b"]
    pd.testing.assert_frame_equal(pd.DataFrame(bl.geocode(once)), pd.DataFrame(once))


def test_index_order_attrs_and_input_are_kept():
    events = at((104.6, 14.5), None, (100.5, 13.75)).set_axis(["c", "a", "b"])
    events.attrs["format"] = "table"
    before = events.copy(deep=True)
    found = bl.geocode(events)
    assert found.index.tolist() == ["c", "a", "b"]
    assert found.attrs["format"] == "table"
    pd.testing.assert_frame_equal(pd.DataFrame(events), pd.DataFrame(before))
    assert events.attrs == before.attrs


def test_another_crs_is_transformed(squares):
    points = at((104.6802, 14.3906))
    assert bl.geocode(points.to_crs(32648))["admin1_iso"].tolist() == ["KH-13"]
    assert bl.geocode(at((0.5, 0.5)), admin=squares.to_crs(3857))["admin1_iso"].tolist() == ["AA-1"]


def test_longitude_beyond_180_is_the_same_place(squares):
    there = squares.set_geometry(squares.translate(xoff=-100))
    assert bl.geocode(at((260.5, 0.5)), admin=there)["admin1_iso"].tolist() == ["AA-1"]


def test_what_cannot_serve_is_refused(squares):
    point = at((0.5, 0.5))
    with pytest.raises(CRSError, match="set_crs"):
        bl.geocode(point.set_crs(None, allow_override=True))
    with pytest.raises(TableError, match="GeoDataFrame"):
        bl.geocode(pd.DataFrame({"lat": [1]}))
    with pytest.raises(TableError, match="admin takes a GeoDataFrame"):
        bl.geocode(point, admin=pd.DataFrame(squares))
    with pytest.raises(TableError, match="admin1_iso"):
        bl.geocode(point, admin=squares.drop(columns="admin1_iso"))
    with pytest.raises(CRSError, match="admin has no CRS"):
        bl.geocode(point, admin=squares.set_crs(None, allow_override=True))
    with pytest.raises(GeometryError, match="polygons only"):
        bl.geocode(point, admin=squares.set_geometry(squares.boundary))
    for reach in (-1, np.nan, np.inf):
        with pytest.raises(OptionError, match="nearest_within_m"):
            bl.geocode(point, nearest_within_m=reach)


@given(st.lists(st.tuples(st.floats(-0.2, 2.2), st.floats(-0.2, 2.2)), max_size=30), st.randoms())
@settings(max_examples=40)
def test_each_point_stands_for_itself(squares, places, random):
    order = list(range(len(places)))
    random.shuffle(order)
    found = bl.geocode(at(*places), admin=squares)
    mixed = bl.geocode(at(*places).iloc[order], admin=squares)
    pd.testing.assert_frame_equal(pd.DataFrame(mixed.sort_index()), pd.DataFrame(found))
    for (lon, lat), way in zip(places, found["geocoded_by"], strict=True):
        assert (way == "coordinates") == (0 <= lon <= 2 and 0 <= lat <= 2)
