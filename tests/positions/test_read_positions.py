"""Reading positions: models, their columns, and what is refused."""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import pytest
import shapely

from borderline._constants import GEOD
from borderline.errors import OptionError, PositionWarning, TableError
from borderline.positions import MODELS, read_positions
from borderline.positions._models import place_models

SQUARE = "POLYGON ((102 13, 103 13, 103 14, 102 14, 102 13))"


def events_at(points, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapely.points(points), crs=4326)


def test_rows_that_agree_share_a_position():
    table = events_at([(102.5, 13.5), (102.5, 13.5), (102.5, 13.5)], location_error_m=[500.0, 500.0, 2000.0])
    positions = read_positions(table, verb="locate")
    assert positions.index.tolist() == [0, 0, 1]
    assert positions.error_m.tolist() == [500.0, 2000.0]
    assert positions.model.tolist() == ["normal", "normal"]


def test_rows_without_a_point_have_no_position():
    table = gpd.GeoDataFrame(
        {"location_error_m": [1.0, 2.0, 3.0, 4.0]},
        geometry=[None, shapely.Point(), shapely.Point(102, 13), shapely.box(1, 1, 2, 2)],
        crs=4326,
    )
    assert read_positions(table, verb="locate").index.tolist() == [-1, -1, 0, -1]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("location_error_m", -1.0),
        ("location_error_m", np.inf),
        ("location_error_m", "some"),
        ("position_along_m", -5.0),
        ("position_across_m", np.inf),
        ("position_bearing", np.inf),
        ("position_share", 1.5),
        ("position_share", -0.1),
        ("position_model", "gaussian"),
        ("position_area", "TH-999"),
        ("position_area", "POLYGON ((0 0, 1 1"),
        ("position_area", "POINT (102.5 13.5)"),
        ("position_area", "POLYGON ((102 13, 103 14, 103 13, 102 14, 102 13))"),
    ],
)
def test_a_cell_that_cannot_be_is_refused_by_row(column, value):
    table = events_at([(102.5, 13.5), (102.5, 13.6)])
    table.index = ["good", "bad"]
    table[column] = [None, value]
    with pytest.raises(TableError, match="'bad'"):
        read_positions(table, verb="locate")


@pytest.mark.parametrize(
    ("columns", "lacking"),
    [
        ({"position_model": ["polygon"]}, "position_area"),
        ({"position_model": ["mixture"], "location_error_m": [500.0]}, "position_share"),
        ({"position_model": ["ellipse"]}, "location_error_m"),
        ({"position_model": ["ellipse"], "position_along_m": [500.0]}, "position_across_m"),
    ],
)
def test_a_model_without_its_columns_is_refused(columns, lacking):
    with pytest.raises(TableError, match=lacking):
        read_positions(events_at([(102.5, 13.5)], **columns), verb="locate")


def test_an_unknown_model_is_a_wrong_option():
    with pytest.raises(OptionError, match="normal"):
        read_positions(events_at([(102.5, 13.5)]), model="gauss", verb="locate")


def test_a_polygon_that_does_not_hold_its_point_is_set_aside():
    table = events_at([(102.5, 13.5), (105.5, 13.5)], position_area=[SQUARE, SQUARE])
    with pytest.warns(PositionWarning, match="row 1 holds a position_area"):
        positions = read_positions(table, verb="locate")
    assert positions.index.tolist() == [0, -1]
    assert positions.set_aside.tolist() == [False, True]
    assert positions.model[0] == "polygon"


def test_a_polygon_whose_outline_crosses_itself_by_a_hair_is_repaired():
    """A spike of a metre, as rounded coordinates leave it."""
    spike = SQUARE.replace(
        "103 14,", "103 14, 102.5 14, 102.50001 14.00001, 102.500005 13.99999, 102.50002 14,"
    )
    assert not shapely.from_wkt(spike).is_valid
    positions = read_positions(events_at([(102.5, 13.5)], position_area=[spike]), verb="locate")
    assert positions.area[0].area == pytest.approx(1.0, rel=1e-3)


def test_the_kind_of_place_gives_the_model():
    table = events_at(
        [(102.5, 13.5)] * 3, geo_precision=["border_stretch", "village", "7"], location_error_m=[5000.0] * 3
    )
    positions = read_positions(table, verb="locate")
    assert positions.model.tolist() == ["ellipse", "disc", "normal"]
    assert positions.along_m[0] == pytest.approx(3 * positions.across_m[0])
    assert read_positions(table, model="normal", verb="locate").model.tolist() == ["normal"]


def test_a_code_of_a_provider_gives_the_model_of_that_provider():
    """UCDP's 3 is the middle of a district, GDELT's a town; ACLED's 1 is a town."""
    table = events_at(
        [(102.5, 13.5)] * 4,
        dataset=["UCDP GED", "GDELT", "ACLED", None],
        geo_precision=["3", "3", "1", "3"],
        location_error_m=[5000.0] * 4,
    )
    positions = read_positions(table, verb="locate")
    assert positions.model[positions.index].tolist() == ["disc", "normal", "normal", "normal"]


def test_every_kind_of_place_has_a_model_and_a_reason():
    for key, place in place_models().items():
        assert place.model in MODELS, key
        assert place.reason
        assert (place.model == "ellipse") == np.isfinite(place.ratio)
        assert (place.model == "mixture") == np.isfinite(place.share)


def test_events_without_an_error_are_counted_in_a_note():
    table = events_at([(102.5, 13.5), (102.5, 13.6)], location_error_m=[None, 500.0])
    assert read_positions(table, verb="locate").note.startswith("1 of 2 events have no location_error_m")


@pytest.mark.parametrize("model", ["normal", "disc", "ellipse"])
def test_the_error_holds_ninety_percent_of_the_places(model):
    table = events_at([(102.5, 13.5)], location_error_m=[5000.0], position_bearing=[30.0])
    lattice = read_positions(table, model=model, verb="locate").lattice(4096)
    _, _, distance = GEOD.inv(np.full(4096, 102.5), np.full(4096, 13.5), lattice.lon[0], lattice.lat[0])
    assert (distance <= 5000).mean() == pytest.approx(0.9, abs=0.005)
    assert lattice.weight.sum(axis=1) == pytest.approx(1.0, abs=1e-12)


def test_a_polygon_is_filled_evenly():
    table = events_at([(102.5, 13.5)], position_area=[SQUARE])
    lattice = read_positions(table, verb="locate").lattice(1024)
    inside = shapely.contains_xy(shapely.from_wkt(SQUARE), lattice.lon, lattice.lat)
    assert inside.all()
    for low in (102.0, 102.25, 102.5, 102.75):
        share = ((lattice.lon >= low) & (lattice.lon < low + 0.25)).mean()
        assert share == pytest.approx(0.25, abs=0.01)


def test_a_mixture_has_its_share_at_the_named_point():
    table = events_at(
        [(102.5, 13.5)], position_model=["mixture"], position_share=[0.3], position_area=[SQUARE],
        location_error_m=[0.0],
    )  # fmt: skip
    lattice = read_positions(table, verb="locate").lattice(256)
    at_point = np.hypot(lattice.lon - 102.5, lattice.lat - 13.5) < 1e-6
    assert lattice.weight[at_point].sum() == pytest.approx(0.3, abs=1e-12)


def test_a_mixture_without_an_area_takes_the_cell_of_its_place():
    table = events_at([(102.5, 13.5)], position_model=["mixture"], position_share=[0.0])
    positions = read_positions(table, verb="locate")
    assert shapely.contains_xy(positions.area[0], 102.5, 13.5)
    assert 0 < positions.area[0].area < 0.3


def test_numbers_may_be_text_as_some_files_hold_them():
    table = events_at([(102.5, 13.5)], location_error_m=["500"], position_model=["disc"])
    assert read_positions(table, verb="locate").error_m.tolist() == [500.0]


def test_nothing_is_warned_of_where_all_is_known():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_positions(events_at([(102.5, 13.5)], location_error_m=[500.0]), verb="locate")
