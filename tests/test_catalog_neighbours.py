"""The countries round the two: in the right place, and clear of them."""

from __future__ import annotations

import pathlib

import pytest
import shapely

from borderline import _paths, catalog
from borderline._constants import GEOD

SQUARE_KM = 1e6


@pytest.fixture(autouse=True)
def built_in_data(monkeypatch):
    """The committed data, whatever the caller's environment says."""
    monkeypatch.delenv("BORDERLINE_DATA", raising=False)


@pytest.fixture(scope="module")
def neighbours():
    return catalog.read_layer("neighbours")


@pytest.fixture(scope="module")
def provinces():
    return catalog.load_admin()


def square_km(shape):
    parts = shapely.get_parts(shape)
    return sum(abs(GEOD.geometry_area_perimeter(part)[0]) for part in parts) / SQUARE_KM


def test_every_country_once(neighbours):
    assert list(neighbours.columns) == ["country", "name", "geometry"]
    # What lies beyond is land of many countries, whose borders are not told.
    assert neighbours["country"].iloc[:-1].tolist() == ["CHN", "IDN", "LAO", "MMR", "MYS", "VNM"]
    assert neighbours["country"].isna().tolist() == [False] * 6 + [True]
    assert neighbours["name"].tolist() == [
        "China", "Indonesia", "Laos", "Myanmar", "Malaysia", "Viet Nam", "Land beyond"
    ]  # fmt: skip
    assert neighbours.geometry.is_valid.all()
    assert set(neighbours.geom_type) == {"MultiPolygon"}


@pytest.mark.parametrize(
    ("lat", "lon", "country"),
    [
        (17.966, 102.613, "LAO"),  # Vientiane
        (15.120, 105.799, "LAO"),  # Pakse
        (14.117, 105.857, "LAO"),  # Muang Khong, an island of the Mekong
        (10.776, 106.701, "VNM"),  # Ho Chi Minh City
        (21.028, 105.854, "VNM"),  # Hanoi
        (10.383, 104.488, "VNM"),  # Ha Tien
        (10.217, 103.967, "VNM"),  # Phu Quoc
        (16.805, 96.156, "MMR"),  # Yangon
        (16.690, 98.509, "MMR"),  # Myawaddy
        (6.121, 100.368, "MYS"),  # Alor Setar
        (22.007, 100.797, "CHN"),  # Jinghong
        (5.548, 95.323, "IDN"),  # Banda Aceh
    ],
)
def test_known_places_lie_in_their_country(neighbours, lat, lon, country):
    inside = neighbours[neighbours.contains(shapely.Point(lon, lat))]
    assert inside["country"].tolist() == [country]


@pytest.mark.parametrize(("lat", "lon"), [(10.5, 101.5), (9.5, 97.0), (19.0, 107.0), (8.0, 108.0)])
def test_sea_is_no_country(neighbours, lat, lon):
    assert not neighbours.contains(shapely.Point(lon, lat)).any()


@pytest.mark.parametrize(
    ("lat", "lon", "land"),
    [
        (22.57, 88.36, True),  # Kolkata
        (30.66, 104.06, True),  # Chengdu
        (14.65, 121.03, True),  # Quezon City
        (0.0, 114.0, True),  # Borneo
        (7.29, 80.63, True),  # Kandy
        (15.0, 88.0, False),
        (15.0, 115.0, False),
    ],
)
def test_no_map_ends_in_a_straight_edge(neighbours, lat, lon, land):
    assert neighbours[neighbours["name"] == "Land beyond"].contains(shapely.Point(lon, lat)).any() == land


def test_nothing_lies_in_two_countries(neighbours, provinces):
    own = shapely.coverage_union_all(provinces.geometry.to_numpy())
    shapes = neighbours.geometry.to_numpy()
    for k, shape in enumerate(shapes):
        assert square_km(shapely.intersection(shape, own)) < 0.01
        for other in shapes[:k]:
            assert square_km(shapely.intersection(shape, other)) < 0.01


def test_no_gap_along_the_tripoint_looks_like_a_coast(neighbours, provinces):
    window = shapely.box(104.5, 13.5, 106.5, 15.5)
    shapes = [*neighbours.geometry, *provinces.geometry]
    land = shapely.union_all([shapely.intersection(shape, window) for shape in shapes])
    assert square_km(shapely.difference(window, land)) < 1


def test_file_is_small():
    folder = pathlib.Path(_paths.__file__).parent.parent
    assert (folder / catalog.get("neighbours").file).stat().st_size < 350_000
