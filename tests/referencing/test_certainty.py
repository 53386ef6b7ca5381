"""How sure `locate` is: laws of its intervals and probabilities."""

from __future__ import annotations

import warnings
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import OptionError, PositionWarning, TableError
from borderline.schema import AFTER_LEVEL, AFTER_LOCATE

LINE = bl.Border.from_line(
    shapely.LineString([(0, 0), (0.02, 0.3), (-0.05, 0.5), (0.0, 1.0)]),
    left="FRA",
    right="DEU",
    accuracy_m=450,
)
STRAIGHT = bl.Border.from_line(shapely.LineString([(0, 0), (0, 1)]), left="FRA", right="DEU")
LIMITS = ("offset_low_m", "offset_high_m", "chainage_low_m", "chainage_high_m")

MODELS = st.sampled_from(["normal", "disc", "ellipse"])
POINTS = st.lists(
    st.tuples(st.floats(-0.2, 0.2), st.floats(-0.1, 1.1), st.floats(0, 30_000)), min_size=1, max_size=6
)


def table_of(points):
    lon, lat, error = np.array(points).T
    return gpd.GeoDataFrame({"location_error_m": error}, geometry=shapely.points(lon, lat), crs=4326)


@settings(max_examples=25, deadline=None)
@given(POINTS, MODELS, st.sampled_from([0.5, 0.8, 0.9]))
def test_probabilities_add_up_to_one(points, model, level):
    located = bl.locate(table_of(points), LINE, level=level, position_model=model)
    total = located[["p_left", "p_right", "p_past_end"]].sum(axis=1)
    assert total.to_numpy() == pytest.approx(1.0, abs=1e-9)
    assert (located["distance_low_m"] >= 0).all()
    assert (located["distance_low_m"] <= located["distance_high_m"]).all()
    assert (located["offset_low_m"] <= located["offset_high_m"]).all()
    assert (located["chainage_low_m"] <= located["chainage_high_m"]).all()
    spans = (located["offset_low_m"] <= 0) & (located["offset_high_m"] >= 0)
    assert (located.loc[spans, "distance_low_m"] == 0).all()


@settings(max_examples=25, deadline=None)
@given(POINTS, MODELS)
def test_a_border_run_backwards_exchanges_the_banks(points, model):
    events = table_of(points)
    there = bl.locate(events, LINE, level=0.9, position_model=model)
    back = bl.locate(events, LINE.reversed(), level=0.9, position_model=model)
    for first, second in (("p_left", "p_right"), ("p_right", "p_left"), ("p_past_end", "p_past_end")):
        assert there[first].to_numpy() == pytest.approx(back[second].to_numpy(), abs=1e-9)
    assert there["offset_low_m"].to_numpy() == pytest.approx(-back["offset_high_m"].to_numpy(), abs=1e-3)
    assert there["chainage_low_m"].to_numpy() == pytest.approx(
        LINE.length_m - back["chainage_high_m"].to_numpy(), abs=1e-3
    )
    assert there["side_known"].tolist() == back["side_known"].tolist()


@settings(max_examples=25, deadline=None)
@given(POINTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_their_copies_do_not_matter(points, random):
    events = table_of(points)
    order = list(range(len(points))) * 2
    random.shuffle(order)
    whole = bl.locate(events, LINE, level=0.9).drop(columns="geometry")
    mixed = bl.locate(events.iloc[order], LINE, level=0.9).drop(columns="geometry")
    pd.testing.assert_frame_equal(mixed, whole.iloc[order], check_exact=False, rtol=0, atol=1e-6)


@pytest.mark.parametrize("model", ["normal", "disc"])
@pytest.mark.parametrize("west_m", [10.0, 300.0, 4000.0])
def test_the_far_side_gets_likelier_with_the_error(model, west_m):
    errors = np.linspace(0, 30_000, 61)
    events = table_of([(-west_m / 111_319.49, 0.5, error) for error in errors])
    located = bl.locate(events, STRAIGHT, level=0.9, position_model=model)
    assert located["p_right"].is_monotonic_increasing
    assert located["p_right"].iloc[0] == 0.0
    assert located["p_right"].iloc[-1] > 0.3


def test_exact_events_on_an_exact_line_are_what_plain_locate_says():
    border = replace(bl.load_border(), accuracy_m=0.0)
    events = bl.load_incidents().drop(columns=["location_error_m", "geo_precision"])
    plain = bl.locate(events, border)
    with pytest.warns(PositionWarning, match="have no location_error_m; their positions are taken as exact"):
        sure = bl.locate(events, border, level=0.9)
    pd.testing.assert_frame_equal(sure[plain.columns], plain, check_exact=True)
    for name in ("offset", "distance", "chainage"):
        for end in ("low", "high"):
            pd.testing.assert_series_equal(
                sure[f"{name}_{end}_m"], plain[f"{name}_m"], check_names=False, check_exact=True
            )
    known = plain["side"].notna() & ~plain["beyond_end"].fillna(value=True)
    assert sure.loc[known, "side_known"].all()
    assert ((sure["p_left"] == 1.0) == (known & (plain["side"] == "KHM").fillna(value=False))).all()


def test_without_a_level_nothing_is_added():
    located = bl.locate(bl.load_incidents(), bl.load_border())
    assert not set(AFTER_LEVEL) & set(located.columns)
    assert not {"level", "prior", "position_note"} & set(located.attrs)
    again = bl.locate(bl.locate(bl.load_incidents(), bl.load_border(), level=0.9), bl.load_border())
    pd.testing.assert_frame_equal(again, located)


def test_vague_events_next_to_the_line_have_no_known_side():
    located = bl.locate(bl.load_incidents(), bl.load_border(), level=0.9)
    error = located["location_error_m"].to_numpy(dtype=float, na_value=np.nan)
    vague = located["distance_m"].to_numpy() < error
    near = vague & (located["distance_m"].to_numpy() < 0.3 * error)
    assert not located.loc[near, "side_known"].any()
    assert 15 <= located["side_known"].sum() <= 40
    assert located.attrs["level"] == 0.9
    assert located.attrs["prior"].startswith("flat")


def test_a_certain_side_is_seldom_wrong_where_events_hug_the_line():
    """Truth within 500 m (sd), errors of 5 km: with the flat prior nearly half would be wrong."""
    rng = np.random.default_rng(7)
    border = replace(STRAIGHT, accuracy_m=0.0)
    lat = rng.uniform(0.2, 0.8, 2000)
    truth = rng.normal(0, 500, 2000)
    shift = rng.normal(0, 5000 / 2.1459660, (2, 2000))
    lon = (truth + shift[0]) / (111_319.49 * np.cos(np.radians(lat)))
    events = table_of(np.column_stack([lon, lat + shift[1] / 110_574, np.full(2000, 5000.0)]))
    located = bl.locate(events, border, level=0.9)
    wrong = (np.sign(truth) > 0) != (located["p_right"] > 0.5)
    flat = located[["p_left", "p_right"]].max(axis=1) >= 0.9
    assert (wrong & flat).sum() > 0.3 * flat.sum()
    certain = located["side_known"].to_numpy(dtype=bool)
    assert (wrong & certain).sum() <= 0.1 * certain.sum()


def test_events_far_off_have_a_known_side():
    located = bl.locate(table_of([(-0.6, 0.5, 25_000), (-0.03, 0.5, 500)]), STRAIGHT, level=0.9)
    assert located["side_known"].tolist() == [True, True]


@pytest.mark.parametrize("level", [0, 1, -0.5, 1.5, "0.9", np.nan, True, [0.9]])
def test_a_level_lies_between_0_and_1(level):
    with pytest.raises(OptionError, match="level"):
        bl.locate(table_of([(0, 0.5, 1)]), LINE, level=level)


@pytest.mark.parametrize("option", [{"position_model": "disc"}, {"prior": "hugging"}, {"lines": []}])
def test_options_count_only_with_a_level(option):
    with pytest.raises(OptionError, match=r"level=0\.9"):
        bl.locate(table_of([(0, 0.5, 1)]), LINE, **option)


@pytest.mark.parametrize(
    "option",
    [{"position_model": "round"}, {"prior": 0.5}, {"lines": 3}, {"lines": [3]}, {"lines": [LINE]}],
)
def test_wrong_options_are_refused(option):
    with pytest.raises(OptionError):
        bl.locate(bl.load_incidents(), bl.load_border(), level=0.9, **option)


@pytest.mark.parametrize("error", [-1.0, np.inf, "wide"])
def test_an_error_that_cannot_be_is_refused_by_row(error):
    events = table_of([(0, 0.5, 1), (0, 0.6, 1)]).astype({"location_error_m": object})
    events.index = ["a", "b"]
    events.loc["b", "location_error_m"] = error
    bl.locate(events, LINE)
    with pytest.raises(TableError, match=r"row 'b' holds .* in location_error_m"):
        bl.locate(events, LINE, level=0.9)


def test_rows_set_aside_have_nothing_said_of_them():
    events = table_of([(0, 0.5, 500), (0, 0.6, 1e6)])
    with pytest.warns(PositionWarning, match="row 1 holds a location_error_m that is wider"):
        located = bl.locate(events, LINE, level=0.9)
    assert located["p_left"].isna().tolist() == [False, True]
    assert located["side_known"].isna().tolist() == [False, True]
    assert located["chainage_m"].notna().all()


def test_events_of_an_extent_have_the_error_of_the_line_alone():
    shapes = [shapely.box(-0.1, 0.6, 0.1, 0.7), shapely.LineString([(-0.4, 0.6), (-0.3, 0.7)]), None]
    events = gpd.GeoDataFrame({"location_error_m": [9000.0] * 3}, geometry=shapes, crs=4326)
    located = bl.locate(events, LINE, level=0.9)
    reach = 450.0
    assert (located["offset_high_m"] - located["offset_m"])[:2].to_numpy() == pytest.approx(reach, rel=1e-3)
    assert located["distance_low_m"].iloc[0] == 0.0
    assert located["side_known"].tolist()[:2] == [False, True]
    assert located["side_known"].isna().iloc[2]


def test_every_drawing_is_compared():
    events, border = bl.load_incidents(), bl.load_border()
    located = bl.locate(events, border, level=0.9)
    sides = pd.DataFrame(
        {
            key: np.sign(bl.locate(events, bl.load_border(line=key))["offset_m"])
            for key in bl.catalog.get_border().lines
        }
    )
    placed = located["side"].notna()
    assert (located["n_lines_left"] == (sides > 0).sum(axis=1))[placed].all()
    assert (located["n_lines_right"] == (sides < 0).sum(axis=1))[placed].all()
    assert (located["contested"] == ((sides > 0).any(axis=1) & (sides < 0).any(axis=1)))[placed].all()
    changed = (sides["rtsd-2019"] != sides["osm-2025"]) & placed
    assert changed.sum() > 30
    assert located.loc[changed, "contested"].all()
    assert located.loc[~placed, ["n_lines_left", "contested"]].isna().all(axis=None)


@pytest.mark.parametrize("lines", ["rtsd-2019", ["rtsd-2019"], {"survey": "rtsd-2019"}])
def test_drawings_may_be_named(lines):
    located = bl.locate(bl.load_incidents(), bl.load_border(), level=0.9, lines=lines)
    placed = located["side"].notna()
    assert (located.loc[placed, ["n_lines_left", "n_lines_right"]].sum(axis=1) == 2).all()


def test_other_borders_are_compared_with_lines_that_are_given():
    other = bl.Border.from_line(shapely.LineString([(1, 1), (0.04, 0)]), left="DEU", right="FRA")
    events = table_of([(0.03, 0.2, 100), (-0.5, 0.5, 100)])
    assert "n_lines_left" not in bl.locate(events, LINE, level=0.9).columns
    located = bl.locate(events, LINE, level=0.9, lines=[other, LINE])
    assert located[["n_lines_left", "n_lines_right"]].to_numpy().tolist() == [[1, 1], [2, 0]]
    assert located["contested"].tolist() == [True, False]


def test_the_same_call_gives_the_same_result():
    events = bl.load_incidents()
    first, second = (bl.locate(events, bl.load_border(), level=0.9) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)
    assert list(first.columns[-len(AFTER_LEVEL) - len(AFTER_LOCATE) :]) == [*AFTER_LOCATE, *AFTER_LEVEL]


def test_a_table_without_rows_keeps_its_columns():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        empty = bl.locate(bl.load_incidents().iloc[:0], bl.load_border(), level=0.9)
    assert len(empty) == 0
    assert set(AFTER_LEVEL) <= set(empty.columns)
