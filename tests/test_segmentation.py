"""The verb `segment`."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import MeasureError
from borderline.schema import SEGMENT_COLUMNS


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


def test_shape(border):
    segments = bl.segment(border, every_km=10)
    assert type(segments) is gpd.GeoDataFrame
    assert tuple(segments.columns) == SEGMENT_COLUMNS
    assert segments.index.name == "segment_id"
    assert segments.crs == "EPSG:4326"
    assert len(segments) == 83
    np.testing.assert_allclose(segments["length_km"].iloc[:-1], 10.0)
    assert segments["length_km"].iloc[-1] == pytest.approx(4.249, abs=1e-3)


@given(st.floats(0.7, 2_000))
@settings(max_examples=15)
def test_segments_sum_to_the_border(every_km):
    border = bl.Border.from_line(shapely.LineString([(0, 0), (1, 1), (2, 0)]), left="XAA", right="XBB")
    segments = bl.segment(border, every_km=every_km)
    assert segments["from_m"].iloc[0] == 0
    assert segments["to_m"].iloc[-1] == border.length_m
    np.testing.assert_array_equal(segments["from_m"].iloc[1:], segments["to_m"].iloc[:-1])
    assert segments["length_km"].sum() * 1000 == pytest.approx(border.length_m, abs=1e-6)
    pieces = [bl.Border.from_line(line, left="XAA", right="XBB").length_m for line in segments.geometry]
    np.testing.assert_allclose(pieces, segments["to_m"] - segments["from_m"], atol=2e-3)


def test_lines_join_end_to_end(border):
    lines = bl.segment(border, every_km=25).geometry
    for one, other in zip(lines.iloc[:-1], lines.iloc[1:], strict=True):
        assert one.coords[-1] == other.coords[0]


def test_a_short_remainder_makes_no_segment(border):
    step = (border.length_m - 0.5) / 1000 / 8
    assert len(bl.segment(border, every_km=step)) == 8
    step = (border.length_m - 1.5) / 1000 / 8
    assert len(bl.segment(border, every_km=step)) == 9


def test_provinces_on_the_banks(border):
    segments = bl.segment(border, every_km=10)
    assert set(segments["admin1_right"]) == {
        "Ubon Ratchathani", "Si Sa Ket", "Surin", "Buri Ram", "Sa Kaeo", "Chanthaburi", "Trat"
    }  # fmt: skip
    assert set(segments["admin1_left"]) == {
        "Preah Vihear", "Oddar Meanchey", "Banteay Meanchey", "Battambang", "Pailin", "Pursat", "Koh Kong"
    }  # fmt: skip


def test_countries_that_are_not_built_in_have_no_provinces():
    border = bl.Border.from_line(shapely.LineString([(7, 49), (8, 49)]), left="DEU", right="FRA")
    segments = bl.segment(border, every_km=10)
    assert segments[["admin1_left", "admin1_right"]].isna().all(axis=None)


@pytest.mark.parametrize("every_km", [0, -1, float("nan"), float("inf"), 1e-9])
def test_bad_lengths(border, every_km):
    with pytest.raises(MeasureError, match="every_km"):
        bl.segment(border, every_km=every_km)
