"""Places referred to a border: probabilities, laws, draws."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scipy import stats

import borderline as bl
from borderline.errors import OptionError, PositionWarning
from borderline.positions import draw_positions, spread_positions

#: A meridian: 110,574 m long, France on the left (west).
LINE = bl.Border.from_line(shapely.LineString([(0, 0), (0, 1)]), left="FRA", right="DEU")
DEGREE_M = 111_319.49


def events_at(points, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapely.points(points), crs=4326)


@pytest.mark.parametrize("west_m", [0.0, 500.0, 2000.0, 4000.0])
@pytest.mark.parametrize("accuracy_m", [0.0, 3000.0])
def test_normal_errors_give_the_probabilities_of_a_normal(west_m, accuracy_m):
    border = replace(LINE, accuracy_m=accuracy_m)
    spread = spread_positions(
        events_at([(-west_m / DEGREE_M, 0.5)], location_error_m=[5000.0]), border, verb="locate"
    )
    sd = np.hypot(5000 / np.sqrt(2 * np.log(10)), accuracy_m / 1.6448536)
    assert spread.p_left[0] == pytest.approx(stats.norm.cdf(west_m / sd), abs=0.01)
    assert (spread.p_left + spread.p_right + spread.p_past_end)[0] == pytest.approx(1.0, abs=1e-12)


def test_a_share_lies_past_an_end():
    spread = spread_positions(events_at([(0.0, 0.0)], location_error_m=[5000.0]), LINE, verb="locate")
    assert spread.p_past_end[0] == pytest.approx(0.5, abs=0.01)
    assert spread.p_left[0] == pytest.approx(0.25, abs=0.01)


def test_exact_positions_on_an_exact_line_are_their_feet_bit_for_bit():
    events = bl.load_incidents()[["geometry"]]
    border = replace(bl.load_border(), accuracy_m=0.0)
    with pytest.warns(PositionWarning, match="(\\d+) of \\1 events have no location_error_m"):
        spread = spread_positions(events, border, verb="locate")
    located = bl.locate(events, border)
    known = spread.index >= 0
    assert (spread.chainage_m[spread.index[known]] == located["chainage_m"].to_numpy()[known, None]).all()
    assert (spread.offset_m[spread.index[known]] == located["offset_m"].to_numpy()[known, None]).all()


def test_an_error_wider_than_the_border_is_set_aside():
    events = events_at([(0.1, 0.5), (0.1, 0.5)], location_error_m=[500.0, 2e5])
    with pytest.warns(PositionWarning, match="row 1 holds a location_error_m that is wider"):
        spread = spread_positions(events, LINE, verb="locate")
    assert spread.index.tolist() == [0, -1]


@pytest.mark.parametrize("option", [{"prior": "round"}, {"model": "square"}])
def test_wrong_words_are_refused(option):
    with pytest.raises(OptionError):
        spread_positions(events_at([(0.1, 0.5)]), LINE, verb="locate", **option)


@pytest.mark.parametrize("model", ["normal", "disc", "ellipse", "polygon", "mixture"])
@pytest.mark.parametrize("prior", ["flat", "hugging"])
def test_draws_agree_with_the_spread(model, prior):
    events = events_at(
        [(-0.01, 0.5)],
        location_error_m=[3000.0],
        position_area=["POLYGON ((-0.06 0.45, 0.04 0.45, 0.04 0.55, -0.06 0.55, -0.06 0.45))"],
        position_share=[0.4],
    )
    border = replace(LINE, accuracy_m=500.0 if prior == "flat" else 0.0)
    spread = spread_positions(events, border, model=model, prior=prior, n_points=1024, verb="locate")
    draws = draw_positions(events, border, n_draws=4000, seed=1, model=model, prior=prior, verb="locate")
    assert (draws.offset_m > 0).mean() == pytest.approx(spread.p_left[0], abs=0.03)
    mean = (spread.weight * spread.chainage_m).sum()
    sd = np.sqrt((spread.weight * (spread.chainage_m - mean) ** 2).sum())
    assert draws.chainage_m.mean() == pytest.approx(mean, abs=4 * sd / np.sqrt(4000))
    assert draws.chainage_m.std() == pytest.approx(sd, rel=0.05)


def test_events_at_one_place_share_the_displacement_of_the_line():
    points = [(0.0, 0.5), (0.0, 0.5), (0.0, 0.5 + 1800 / 110_574), (0.0, 0.9)]
    border = replace(LINE, accuracy_m=1000.0)
    with pytest.warns(PositionWarning):
        draws = draw_positions(events_at(points), border, n_draws=4000, seed=2, verb="density")
    correlation = np.corrcoef(draws.offset_m.T)[0]
    assert draws.offset_m.std(axis=0) == pytest.approx(np.full(4, 1000 / 1.6448536), rel=0.05)
    assert correlation == pytest.approx([1.0, 1.0, np.exp(-1), 0.0], abs=0.05)


def test_draws_are_the_same_for_the_same_seed():
    events = events_at([(0.01, 0.5)], location_error_m=[3000.0])
    first, second = (draw_positions(events, LINE, n_draws=5, seed=3, verb="density") for _ in range(2))
    assert (first.offset_m == second.offset_m).all()
    assert len(np.unique(first.offset_m)) == 5


@pytest.mark.parametrize("prior", ["flat", "hugging"])
def test_draws_belong_to_events_whatever_the_order_of_rows(prior):
    border = bl.load_border()
    events = bl.load_incidents().dropna(subset="location_error_m").iloc[:80]
    shuffled = events.sample(frac=1, random_state=5)
    options = {"n_draws": 5, "seed": 3, "prior": prior, "verb": "test"}
    drawn, again = (draw_positions(table, border, **options) for table in (events, shuffled))
    place = events.index.get_indexer(shuffled.index)
    for name in ("chainage_m", "offset_m", "past_end"):
        np.testing.assert_array_equal(getattr(drawn, name)[:, place], getattr(again, name))
    np.testing.assert_array_equal(drawn.error_m[place], again.error_m)


def test_imputed_counts_do_not_depend_on_the_order_of_rows():
    border = bl.load_border()
    located = bl.locate(bl.load_incidents(), border)
    segments = bl.segment(border, every_km=50)
    options = {"within_km": 25, "positions": "impute", "draws": 20, "seed": 1}
    counts = [bl.density(rows, segments, **options)["n_events"] for rows in (located, located.iloc[::-1])]
    np.testing.assert_allclose(counts[0], counts[1], rtol=0, atol=1e-9)
