"""`Border.simplify`: fewer vertices, never farther than told, never across itself."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.border._simplification import _crossing_edges, _split_stretches
from borderline.errors import OptionError
from borderline.geodesy import Chain


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


def make(line, **options):
    return bl.Border.from_line(line, left="XAA", right="XBB", **options)


def farthest(one, other, step_m):
    """Largest geodesic distance from places on one line to the other, seen at places so far apart."""
    places = one.interpolate(np.append(np.arange(0.0, one.length_m, step_m), one.length_m))
    return other.foot(shapely.get_x(places), shapely.get_y(places)).distance.max()


@pytest.mark.parametrize("tolerance", [1, 30, 300, 3_000, 30_000])
def test_neither_line_strays_from_the_other(border, tolerance):
    plain = border.simplify(tolerance)
    assert farthest(border, plain, 200.0) <= tolerance * (1 + 1e-6)
    assert farthest(plain, border, 200.0) <= tolerance * (1 + 1e-6)
    assert plain.line.coords[0] == border.line.coords[0]
    assert plain.line.coords[-1] == border.line.coords[-1]
    assert set(plain.line.coords) <= set(border.line.coords)
    assert plain.line.is_simple


def test_length_falls_as_the_tolerance_grows(border):
    lengths = [border.simplify(tolerance).length_m for tolerance in (0, 10, 100, 1_000, 10_000)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] == pytest.approx(border.length_m, abs=1e-3)


steps = st.tuples(st.floats(-0.4, 0.5), st.floats(-0.4, 0.4))


@given(st.lists(steps, min_size=3, max_size=40), st.sampled_from([10.0, 1_000.0, 20_000.0, 100_000.0]))
@settings(max_examples=40)
def test_any_line_stays_within_the_tolerance_and_off_itself(moves, tolerance):
    line = shapely.LineString(np.cumsum([(100.0, 45.0), *moves], axis=0))
    assume(line.is_simple and not line.is_ring and line.length > 1e-6)
    border = make(line)
    assume(not len(_crossing_edges(Chain.from_lonlat(*shapely.get_coordinates(line).T))))
    plain = border.simplify(tolerance)
    assert plain.line.is_simple
    step = max(border.length_m / 2_000, 1.0)
    assert farthest(border, plain, step) <= tolerance * (1 + 1e-3)
    assert farthest(plain, border, step) <= tolerance * (1 + 1e-3)


def finger_in_a_dip():
    """A dip of 1 km, and a finger of 10 km that reaches half-way into it; in degrees."""
    base = [(0.0, 0.0), (0.05, 0.0), (0.05, -0.01), (0.07, -0.01), (0.07, 0.0), (0.2, 0.0), (0.2, 0.1)]
    return shapely.LineString([*base, (0.065, 0.1), (0.06, -0.005), (0.055, 0.1), (0.0, 0.1)])


def test_a_line_does_not_run_across_itself():
    border = make(finger_in_a_dip())
    plain = border.simplify(2_000)
    assert plain.line.is_simple
    assert not len(_crossing_edges(plain._geodesic_chain))
    assert (0.06, -0.005) in plain.line.coords
    # Without the look for crossings the finger would poke through the levelled dip.
    kept = np.zeros(len(border.line.coords), dtype=bool)
    kept[[0, -1]] = True
    _split_stretches(border._geodesic_chain, kept, 2_000)
    assert not shapely.LineString(shapely.get_coordinates(border.line)[kept]).is_simple


def test_a_straight_geodesic_loses_all_between_its_ends():
    direct = Geodesic.WGS84.Line(10.0, 20.0, 37.0)
    xy = [(at["lon2"], at["lat2"]) for at in (direct.Position(d) for d in np.linspace(0, 2e6, 50))]
    assert len(make(shapely.LineString(xy)).simplify(0.01).line.coords) == 2
    # Along a parallel the geodesic runs elsewhere, by kilometres.
    parallel = shapely.LineString([(lon, 49.0) for lon in np.linspace(-120, -95, 50)])
    assert len(make(parallel).simplify(1_000).line.coords) > 2


def test_measures_of_the_vertices_stay(border):
    survey = bl.Calibration(
        (0.0, 300_000.0, border.length_m), (10.0, 400.0, 900.0), bl.Source(title="survey")
    )
    mine = border.with_calibration(survey)
    plain = mine.simplify(500)
    at_old = mine.foot(*shapely.get_coordinates(plain.line).T).chainage
    error = np.abs(plain.to_measure(plain.vertex_chainage) - mine.to_measure(at_old))
    # Between its control points a calibration is straight, and chainage is not: the ends are exact.
    assert error[[0, -1]].max() < 1e-9
    assert plain.nominal_length_km == pytest.approx(890.0)
    assert plain.calibration.source == survey.source
    assert plain.calibration.measure_km == survey.measure_km


def test_what_is_known_stays(border):
    plain = border.simplify(100)
    assert (plain.left, plain.right, plain.name, plain.datum) == (
        border.left,
        border.right,
        border.name,
        border.datum,
    )
    assert plain.source == border.source
    assert plain.contested == border.contested
    assert plain.accuracy_m == 550
    assert make(plain.line).simplify(10).accuracy_m is None


@pytest.mark.parametrize("tolerance", [-1.0, float("nan"), float("inf")])
def test_bad_tolerances(border, tolerance):
    with pytest.raises(OptionError, match="tolerance_m"):
        border.simplify(tolerance)


def test_across_the_antimeridian():
    lon = np.linspace(179.0, 181.0, 41)
    wave = 50 + 0.01 * np.sin(np.arange(41))
    over = make(shapely.LineString(np.column_stack([lon, wave])))
    plain = over.simplify(5_000)
    assert len(plain.line.coords) < 41
    assert farthest(over, plain, 500.0) <= 5_000
