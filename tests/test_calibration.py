"""The measure: exact at its control points, growing, undone by its inverse."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import CRSError, GeometryError, MeasureError, TableError

WHO = bl.Source(title="a survey", attribution="A. Surveyor")


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


@st.composite
def calibrations(draw):
    steps = st.lists(st.tuples(st.floats(1e-3, 1e5), st.floats(1e-6, 1e3)), min_size=1, max_size=12)
    metres, km = np.array(draw(steps)).T
    start = draw(st.floats(-1e3, 1e5)), draw(st.floats(-1e3, 1e3))
    chainage = np.concatenate([[start[0]], start[0] + np.cumsum(metres)])
    measure = np.concatenate([[start[1]], start[1] + np.cumsum(km)])
    return bl.Calibration(tuple(chainage.tolist()), tuple(measure.tolist()), WHO)


@given(calibrations())
def test_exact_at_the_points(calibration):
    assert calibration.to_measure_km(calibration.chainage_m).tolist() == list(calibration.measure_km)
    assert calibration.to_chainage_m(calibration.measure_km).tolist() == list(calibration.chainage_m)


@given(calibrations(), st.lists(st.floats(0, 1), min_size=2, max_size=30))
def test_never_falls(calibration, shares):
    first, last = calibration.chainage_m[0], calibration.chainage_m[-1]
    chainage = np.sort(np.clip(first + np.array(shares) * (last - first), first, last))
    measure = calibration.to_measure_km(chainage)
    assert (np.diff(measure) >= 0).all()
    assert measure[0] >= calibration.measure_km[0]
    assert measure[-1] <= calibration.measure_km[-1]


@given(calibrations(), st.floats(0, 1))
def test_there_and_back(calibration, share):
    first, last = calibration.chainage_m[0], calibration.chainage_m[-1]
    chainage = min(first + share * (last - first), last)
    steepest = (np.diff(calibration.chainage_m) / np.diff(calibration.measure_km)).max()
    # A digit of the measure is worth so many metres where the measure is flattest.
    digit = np.spacing(np.abs(calibration.measure_km).max()) * steepest + np.spacing(
        np.abs(calibration.chainage_m).max()
    )
    back = calibration.to_chainage_m(calibration.to_measure_km(chainage))
    assert back == pytest.approx(chainage, abs=8 * digit, rel=1e-12)


@given(calibrations(), st.floats(2e-3, 1e6))
def test_nothing_is_claimed_beyond_the_outermost_points(calibration, metres):
    ends = [calibration.chainage_m[0] - metres, calibration.chainage_m[-1] + metres]
    assert np.isnan(calibration.to_measure_km(ends)).all()
    ends = [calibration.measure_km[0] - metres, calibration.measure_km[-1] + metres]
    assert np.isnan(calibration.to_chainage_m(ends)).all()


def test_a_millimetre_past_the_end_is_the_end(border):
    assert border.to_measure(border.length_m + 5e-4) == 817
    assert np.isnan(border.to_measure(border.length_m + 5e-3))
    assert np.isnan(border.to_measure(np.nan))


def test_reversed_twice_is_the_same():
    calibration = bl.Calibration((0.0, 400.0, 1000.0), (5.0, 6.0, 9.0), WHO)
    assert calibration.reversed(1000.0).reversed(1000.0) == calibration


def pillars(**columns):
    table = {
        "measure_km": [445.0, 196.0],
        "latitude": [13.8201, 14.3454],
        "longitude": [102.7351, 104.0599],
        **columns,
    }
    return pd.DataFrame(table, index=["pillar 42", "pillar 1"])


def test_from_points_in_any_order(border):
    calibration = bl.Calibration.from_points(border, pillars(), source=WHO)
    chainage = border.foot([104.0599, 102.7351], [14.3454, 13.8201]).chainage
    assert calibration.chainage_m == tuple(chainage.tolist())
    assert calibration.measure_km == (196.0, 445.0)
    followed = border.with_calibration(calibration)
    assert followed.to_measure(chainage).tolist() == [196.0, 445.0]
    assert followed.to_chainage([196.0, 445.0]).tolist() == chainage.tolist()
    assert followed.nominal_length_km is None
    assert "measured km 196 to km 445, A. Surveyor" in repr(followed)
    assert "km 196 to km 445, A. Surveyor" in followed._repr_html_()


def test_from_points_of_each_kind_agree(border):
    plain = pillars()
    points = gpd.points_from_xy(plain["longitude"], plain["latitude"], crs=4326)
    shapes = gpd.GeoDataFrame(plain[["measure_km"]], geometry=points)
    chainage = pd.DataFrame(
        {
            "measure_km": plain["measure_km"],
            "chainage_m": border.foot(plain["longitude"], plain["latitude"]).chainage,
        }
    )
    first = bl.Calibration.from_points(border, plain, source=WHO)
    assert bl.Calibration.from_points(border, chainage, source=WHO) == first
    assert bl.Calibration.from_points(border, shapes, source=WHO) == first
    moved = bl.Calibration.from_points(border, shapes.to_crs(32648), source=WHO)
    np.testing.assert_allclose(moved.chainage_m, first.chainage_m, atol=0.05)


def test_the_table_names_its_source(border):
    table = pillars()
    table.attrs["sources"] = [WHO]
    assert bl.Calibration.from_points(border, table).source == WHO
    assert bl.Calibration.from_points(border, pillars()).source.credit == "own control points"


def test_extended_to_both_ends(border):
    calibration = bl.Calibration.from_points(border, pillars(), source=WHO, extend=True)
    followed = border.with_calibration(calibration)
    first, last = calibration.chainage_m[1:3]
    assert followed.to_measure(first - 10_000) == pytest.approx(186.0)
    assert followed.to_measure(last + 10_000) == pytest.approx(455.0)
    assert np.isfinite(followed.to_measure([0.0, border.length_m])).all()
    assert followed.nominal_length_km == pytest.approx(249 + (border.length_m - (last - first)) / 1000)


def test_the_claim_is_printed(border):
    assert repr(border.calibration) == (
        "<Calibration km 0 to km 817, 2 control points, following The World Factbook, CIA (land boundaries)>"
    )
    assert "nominal 817 km, The World Factbook" in repr(border)
    assert "817 km, The World Factbook" in border._repr_html_()
    assert "The World Factbook" not in repr(border.with_calibration(None))
    assert border.with_calibration(None).to_measure(2500.0) == 2.5


def test_measure_and_chainage_undo_each_other(border):
    km = np.array([0.0, 123.4, np.nan, 817.0])
    np.testing.assert_allclose(border.to_measure(border.to_chainage(km)), km, atol=1e-9)
    assert border.with_calibration(None).to_chainage(1.5) == pytest.approx(1500.0)


@pytest.mark.parametrize("km", [817.1, -0.1, [3.0, 900.0]])
def test_a_measure_beyond_the_end(border, km):
    with pytest.raises(MeasureError, match=r"lies off the border.* from km 0 to km 817\.000 .*Factbook"):
        border.to_chainage(km)


def test_control_points_of_another_line(border):
    with pytest.raises(MeasureError, match="lies off the border"):
        border.with_calibration(bl.Calibration((0.0, 9e5), (0.0, 817.0)))


@pytest.mark.parametrize(
    ("table", "error", "said"),
    [
        (
            pillars(measure_km=[196.0, 445.0]),
            MeasureError,
            r"backwards.*'pillar 1' and 'pillar 42'.*reversed\(\)",
        ),
        (pillars(measure_km=[196.0, 196.0]), MeasureError, "backwards or stands still.*'pillar 1'"),
        (pillars(measure_km=[445.0, np.nan]), MeasureError, "'pillar 1': no measure_km"),
        (pillars(latitude=[13.8, np.nan]), MeasureError, "'pillar 1': no position"),
        (
            pillars(latitude=[13.9, 14.6]),
            MeasureError,
            r"'pillar 1': up to [\d.]+ km from the line.*within_km",
        ),
        (pillars(chainage_m=[5e5, 9e5]), MeasureError, "'pillar 1': off the border"),
        (pillars(chainage_m=["a", "b"]), TableError, "chainage_m"),
        (pillars().iloc[:1], MeasureError, "two or more control points"),
        (pillars().iloc[:0], MeasureError, "two or more control points"),
        (pillars().drop(columns="measure_km"), TableError, "measure_km"),
        (pillars().drop(columns="latitude"), TableError, "latitude.*chainage_m"),
        (pillars(latitude=[113.9, 14.3454]), GeometryError, "'pillar 42'"),
        (gpd.GeoDataFrame(pillars(), geometry=gpd.points_from_xy([1, 2], [3, 4])), CRSError, "CRS"),
    ],
)
def test_bad_control_points(border, table, error, said):
    with pytest.raises(error, match=said):
        bl.Calibration.from_points(border, table)


@pytest.mark.parametrize(
    ("chainage", "measure"),
    [((0.0, np.nan), (0.0, 1.0)), ((0.0, 1.0), (0.0, np.inf)), ((1.0, 0.0), (0.0, 1.0)), ((0.0,), (0.0,))],
)
def test_bad_numbers(chainage, measure):
    with pytest.raises(MeasureError, match="control points"):
        bl.Calibration(chainage, measure)
