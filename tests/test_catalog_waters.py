"""Lakes and rivers: where they are, what they are called, and small enough for a map."""

from __future__ import annotations

import pathlib

import pytest
import shapely

from borderline import _paths, catalog
from borderline._constants import GEOD


@pytest.fixture(autouse=True)
def built_in_data(monkeypatch):
    """The committed data, whatever the caller's environment says."""
    monkeypatch.delenv("BORDERLINE_DATA", raising=False)


@pytest.fixture(scope="module")
def waters():
    return catalog.read_layer("waters")


def square_km(shape):
    return sum(abs(GEOD.geometry_area_perimeter(part)[0]) for part in shapely.get_parts(shape)) / 1e6


def away(waters, lon, lat):
    """Degrees."""
    return shapely.distance(waters.geometry.to_numpy(), shapely.Point(lon, lat))


def test_shapes_and_kinds(waters):
    assert list(waters.columns) == ["name", "name_th", "name_km", "kind", "geometry"]
    assert set(waters["kind"]) == {"lake", "river"}
    assert waters.geometry.is_valid.all()
    assert waters["name"].notna().sum() == 9


@pytest.mark.parametrize(
    ("lat", "lon", "name"),
    [
        (12.90, 104.05, "Tonle Sap"),
        (7.60, 100.25, "Songkhla Lake"),
        (15.05, 105.38, "Sirindhorn Reservoir"),
    ],
)
def test_lakes_are_where_they_are(waters, lat, lon, name):
    near = waters[away(waters, lon, lat) < 0.05].dropna(subset=["name"])
    assert near["name"].tolist() == [name]
    assert near["kind"].tolist() == ["lake"]


@pytest.mark.parametrize(
    ("lat", "lon"),
    [(13.50, 105.93), (12.48, 106.02), (11.99, 105.46), (16.55, 104.73)],  # Stung Treng to Mukdahan
)
def test_the_mekong_is_a_river(waters, lat, lon):
    near = waters[away(waters, lon, lat) < 0.03]
    assert set(near["kind"]) == {"river"}


def test_tonle_sap_is_the_largest_and_as_large_as_in_the_dry_season(waters):
    sizes = waters.geometry.map(square_km)
    assert waters.loc[sizes.idxmax(), "name"] == "Tonle Sap"
    assert 2_300 < sizes.max() < 2_700
    assert waters.loc[sizes.idxmax(), "name_km"] == "ទន្លេសាប"


def test_file_is_small():
    folder = pathlib.Path(_paths.__file__).parent.parent
    assert (folder / catalog.get("waters").file).stat().st_size < 350_000
