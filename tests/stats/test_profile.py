"""The verbs `profile` and `space_time_profile`: mass kept, bandwidths chosen, limits that cover."""

from __future__ import annotations

import pathlib

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import borderline as bl
from borderline.errors import MeasureError, OptionError, TableError
from borderline.stats import _kernel_bandwidth as choice
from borderline.stats._catchment import catchment_of
from borderline.stats._gamma_limits import gamma_limits
from borderline.stats._kernel import KERNELS, weight_at

REFERENCE = pathlib.Path(__file__).parents[1] / "reference"
BORDER = bl.Border.from_line(shapely.LineString([(0, 0), (2, 0)]), left="FRA", right="DEU", name="equator")
LENGTH = BORDER.length_m / 1000
places = st.lists(st.floats(0, LENGTH), max_size=40)


def located(km, **columns):
    km = np.asarray(km, dtype=float)
    return pd.DataFrame({"chainage_m": km * 1000, "distance_m": 100.0, "beyond_end": False, **columns})


def integral(curve):
    return np.trapezoid(curve["intensity_per_km"], curve["chainage_m"] / 1000)


@given(places, st.floats(-1.5, 7))
@settings(max_examples=80)
def test_it_integrates_to_the_number_of_events_for_any_bandwidth(km, power):
    curve = bl.profile(located(km), BORDER, bandwidth_km=10.0**power, step_km=10.0**power / 3)
    assert integral(curve) == pytest.approx(len(km), abs=1e-6)
    assert curve["chainage_m"].iloc[0] == 0
    assert curve["chainage_m"].iloc[-1] == BORDER.length_m
    assert (curve["intensity_low"] <= curve["intensity_per_km"] * (1 + 1e-9)).all()
    assert (curve["intensity_per_km"] <= curve["intensity_high"] * (1 + 1e-9)).all()


@pytest.mark.parametrize(("kernel", "slack"), [("gaussian", 1e-6), ("epanechnikov", 0.003 * 300)])
@pytest.mark.parametrize("bandwidth", [0.5, 4.0, 37.0])
def test_the_nodes_are_near_enough_for_the_narrowest_kernel(kernel, slack, bandwidth):
    """Most events in a crowd: there the adaptive bandwidth is a fifth of the given one."""
    km = np.append(np.random.default_rng(2).normal(90, bandwidth / 50, 290), np.linspace(0, LENGTH, 10))
    curve = bl.profile(located(km), BORDER, bandwidth_km=bandwidth, kernel=kernel, adaptive=True)
    assert integral(curve) == pytest.approx(len(km), abs=slack)
    even = bl.profile(located(km), BORDER, bandwidth_km=bandwidth, kernel=kernel)
    assert integral(even) == pytest.approx(len(km), abs=slack)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("adaptive", [False, True])
@pytest.mark.parametrize("bandwidth", [3.0, 60.0, 500.0])
def test_it_is_the_sum_of_kernels(kernel, adaptive, bandwidth):
    km = np.random.default_rng(1).uniform(0, LENGTH, 25)
    curve = bl.profile(located(km), BORDER, bandwidth_km=bandwidth, kernel=kernel, adaptive=adaptive)
    shape, x = KERNELS[kernel], curve["chainage_m"].to_numpy()[:, None] / 1000
    sd = np.full(25, bandwidth)
    if adaptive:
        pilot = weight_at(km[:, None], km, sd, LENGTH, shape).sum(axis=1)
        sd = bandwidth * np.clip(np.sqrt(stats.gmean(pilot) / pilot), 0.2, 5)
    expected = weight_at(x, km, sd, LENGTH, shape).sum(axis=1)
    # The first estimate of an adaptive bandwidth is read off nodes a sixteenth of it apart.
    np.testing.assert_allclose(
        curve["intensity_per_km"], expected, rtol=5e-3 if adaptive else 1e-9, atol=1e-3 if adaptive else 1e-12
    )


@pytest.mark.parametrize("kernel", KERNELS)
def test_reversing_the_border_reverses_the_profile(kernel):
    km = np.array([0.0, 1.0, 30.0, 30.0, 200.0])
    ahead = bl.profile(located(km), BORDER, bandwidth_km=12, kernel=kernel, adaptive=True)
    back = bl.profile(located(LENGTH - km), BORDER, bandwidth_km=12, kernel=kernel, adaptive=True)
    for column in ("intensity_per_km", "intensity_low", "intensity_high"):
        np.testing.assert_allclose(ahead[column], back[column][::-1], rtol=1e-7, atol=1e-12)


@pytest.fixture(scope="module")
def spatstat():
    points = pd.read_csv(REFERENCE / "spatstat_points.csv", skipinitialspace=True)
    return points["km"].to_numpy(), pd.read_csv(REFERENCE / "spatstat_density.csv", skipinitialspace=True)


@pytest.mark.parametrize(("kernel", "sd"), [("gaussian", 4), ("gaussian", 15), ("epanechnikov", 4)])
def test_kernels_are_those_of_spatstat(spatstat, kernel, sd):
    """spatstat cuts the tails of its normal kernel earlier."""
    km, density = spatstat
    ours = weight_at(km[:, None], km, np.array(float(sd)), 100.0, KERNELS[kernel]).sum(axis=1)
    np.testing.assert_allclose(ours, density[f"{kernel}_{sd}"], rtol=2e-6 if kernel == "gaussian" else 1e-13)


@pytest.mark.parametrize("kernel", KERNELS)
def test_cross_validation_is_that_of_spatstat(spatstat, kernel):
    km, density = spatstat
    ours = choice.log_likelihood(km, np.ones(60), 4.0, 100.0, KERNELS[kernel])
    assert ours == pytest.approx(np.log(density[f"without_{kernel}_4"]).sum(), rel=1e-6)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("sd", [2.0, 9.0])
def test_cross_validation_of_many_places_is_that_of_few(kernel, sd, monkeypatch):
    rng = np.random.default_rng(2)
    km, times = np.unique(np.round(rng.beta(2, 4, 290) * LENGTH, 1), return_counts=True)
    exact = choice.log_likelihood(km, times * 1.0, sd, LENGTH, KERNELS[kernel])
    monkeypatch.setattr(choice, "FEW_PLACES", 0)
    quick = choice.log_likelihood(km, times * 1.0, sd, LENGTH, KERNELS[kernel])
    assert quick / 290 == pytest.approx(exact / 290, abs=5e-4)  # an event's share of the score


def test_the_chosen_bandwidth_is_the_best_of_all():
    rng = np.random.default_rng(3)
    km = np.concatenate([rng.normal(60, 6, 60), rng.normal(150, 9, 60)])
    curve = bl.profile(located(km), BORDER)
    scores = [
        choice.log_likelihood(np.sort(km), np.ones(120), sd, LENGTH, KERNELS["gaussian"])
        for sd in np.geomspace(0.5, 100, 300)
    ]
    assert curve.attrs["bandwidth_km"] == pytest.approx(
        np.geomspace(0.5, 100, 300)[np.argmax(scores)], rel=0.02
    )
    assert "cross-validation" in curve.attrs["method"]


def test_events_at_one_place_do_not_shrink_the_bandwidth():
    """Leaving out one event of many at a place would foresee it from its twins."""
    km = np.repeat([20.0, 55.0, 90.0, 140.0, 180.0], 12)
    assert bl.profile(located(km), BORDER).attrs["bandwidth_km"] > 10


def test_a_chosen_bandwidth_is_no_shorter_than_the_location_error():
    km = np.repeat(np.arange(20.0, 24.0), 2) + np.tile([0, 0.01], 4)
    free = bl.profile(located(km), BORDER, step_km=1)
    bound = bl.profile(
        located(km, location_error_m=pd.array([5_000.0] * 7 + [pd.NA], dtype="Float64")), BORDER
    )
    assert free.attrs["bandwidth_km"] < 5
    assert bound.attrs["bandwidth_km"] == pytest.approx(5)
    assert "location error of 5 km" in bound.attrs["method"]
    rule = bl.profile(located(km, location_error_m=5_000.0), BORDER, bandwidth_km="rule")
    assert rule.attrs["bandwidth_km"] == pytest.approx(5)


def test_the_rule_of_thumb_is_silvermans():
    km = np.random.default_rng(4).normal(100, 20, 80)
    curve = bl.profile(located(km), BORDER, bandwidth_km="rule")
    spread = min(np.std(km, ddof=1), stats.iqr(km) / 1.34)
    assert curve.attrs["bandwidth_km"] == pytest.approx(0.9 * spread * 80**-0.2)


@pytest.mark.parametrize("level", [0.8, 0.95])
@pytest.mark.parametrize("count", [0, 1, 7, 60])
def test_limits_of_equal_weights_are_mid_p_limits_of_a_poisson_mean(count, level):
    """Half of the observed count's own probability goes to either side."""
    weight = 0.03
    low, high = gamma_limits(
        np.array([count * weight]), np.array([count * weight**2]), np.array([weight]), level
    )

    def above(mean):  # P(X > count) + P(X = count) / 2
        return stats.poisson.sf(count, mean) + stats.poisson.pmf(count, mean) / 2

    assert above(high[0] / weight) == pytest.approx(1 - (1 - level) / 2, abs=1e-9)
    assert low[0] == 0 if count == 0 else above(low[0] / weight) == pytest.approx((1 - level) / 2, abs=1e-9)


def test_band_covers_the_smoothed_intensity_in_a_sample():
    """The quick look; make validate does the full run. At 90 %, 200 patterns, many nodes."""
    rng = np.random.default_rng(5)
    covered = []
    for _ in range(200):
        curve = bl.profile(
            located(rng.uniform(0, LENGTH, rng.poisson(80))), BORDER, bandwidth_km=8, step_km=10, level=0.9
        )
        mean = 80 / LENGTH  # of uniform events, whatever the kernel
        covered.append(((curve["intensity_low"] <= mean) & (mean <= curve["intensity_high"])).mean())
    assert 0.88 < np.mean(covered) < 0.94


def test_by_catchment_bends_are_level():
    """Events uniform on the land make a level ratio, though not a level profile."""
    zigzag = shapely.LineString([(0.2 * i, 0.2 * (i % 2)) for i in range(11)])
    border = bl.Border.from_line(zigzag, left="FRA", right="DEU")
    land = catchment_of(border, within_km=10, bank="FRA")
    events = located(land.draw(200_000, np.random.default_rng(6)) / 1000, side="FRA")
    curve = bl.profile(events, border, bandwidth_km=4, within_km=10, bank="FR")
    assert np.ptp(curve["intensity_per_km"]) > 0.3 * curve["intensity_per_km"].mean()
    np.testing.assert_allclose(curve["relative_intensity"], 1, atol=0.06)
    np.testing.assert_allclose(curve["intensity_per_km2"], 200_000 / land.total_km2, rtol=0.06)
    area = np.trapezoid(curve["catchment_km2_per_km"], curve["chainage_m"] / 1000)
    assert area == pytest.approx(land.total_km2, rel=1e-6)
    for options in ({"adaptive": True}, {"kernel": "epanechnikov"}):
        other = bl.profile(events, border, bandwidth_km=4, within_km=10, bank="FR", **options)
        np.testing.assert_allclose(other["relative_intensity"], 1, atol=0.08)


def test_exposure_is_the_catchment_beyond_a_kilometre():
    events = located([1.0, 2.0])
    assert bl.profile(events, BORDER, bandwidth_km=5).attrs["exposure"] == "length"
    assert bl.profile(events, BORDER, bandwidth_km=5, within_km=1).attrs["exposure"] == "length"
    assert bl.profile(events, BORDER, bandwidth_km=5, within_km=2).attrs["exposure"] == "catchment"


def test_what_was_left_out_is_counted():
    events = located([1, 2, 3, np.nan, 5, 6], side=["FRA", "DEU", "FRA", "FRA", "FRA", pd.NA])
    events.loc[2, "distance_m"] = 9_000
    events.loc[4, "beyond_end"] = True
    before = events.copy(deep=True)
    curve = bl.profile(events, BORDER, bandwidth_km=5, within_km=5, bank="FR", exposure="length")
    assert curve.attrs["left_out"] == {
        "no_chainage": 1, "beyond_end": 1, "beyond_within_km": 1, "other_bank": 2
    }  # fmt: skip
    assert curve.attrs["n_events"] == 1
    assert integral(curve) == pytest.approx(1, abs=1e-6)
    assert "smoothed intensity" in curve.attrs["method"]
    pd.testing.assert_frame_equal(events, before)


def test_no_events_are_a_level_zero_with_an_upper_limit():
    curve = bl.profile(located([]), BORDER, bandwidth_km=10)
    assert (curve["intensity_per_km"] == 0).all()
    assert (curve["intensity_low"] == 0).all()
    assert (curve["intensity_high"] > 0).all()
    assert curve.attrs["n_events"] == 0
    with pytest.raises(TableError, match="give bandwidth_km"):
        bl.profile(located([]), BORDER)


@pytest.mark.parametrize("km", [[50.0], [50.0] * 9, [0.0] * 3, [LENGTH] * 3])
@pytest.mark.parametrize("adaptive", [False, True])
def test_events_at_one_place_or_at_an_end(km, adaptive):
    curve = bl.profile(located(km), BORDER, bandwidth_km=10, adaptive=adaptive)
    assert integral(curve) == pytest.approx(len(km), abs=1e-6)
    assert curve["chainage_m"][curve["intensity_per_km"].idxmax()] == pytest.approx(km[0] * 1000, abs=1000)
    with pytest.raises(TableError, match="1 place; give bandwidth_km"):
        bl.profile(located(km), BORDER, adaptive=adaptive)


def test_one_step_may_be_the_whole_line():
    curve = bl.profile(located([3.0]), BORDER, bandwidth_km=1e5, step_km=1e9)
    assert curve["chainage_m"].tolist() == [0, BORDER.length_m]
    assert np.allclose(curve["intensity_per_km"], 1 / LENGTH)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"bandwidth_km": 0}, OptionError, "bandwidth_km must be "),
        ({"bandwidth_km": np.nan}, OptionError, "bandwidth_km must be "),
        ({"bandwidth_km": np.inf}, OptionError, "bandwidth_km must be "),
        ({"bandwidth_km": "likelyhood"}, OptionError, "bandwidth_km must be "),
        ({"step_km": 0}, OptionError, "step_km must be "),
        ({"step_km": 1e-6}, OptionError, "step_km=1e-06 would make"),
        ({"kernel": "gauss"}, OptionError, "kernel must be "),
        ({"exposure": "people"}, OptionError, "exposure must be "),
        ({"exposure": "catchment"}, OptionError, "needs within_km"),
        ({"level": 0}, OptionError, "level must be "),
        ({"within_km": -2}, OptionError, "within_km must be "),
        ({"bank": "FRA"}, TableError, "side"),
        ({"bank": "KHM"}, OptionError, "bank must be "),
        ({"bank": "Nowhere"}, OptionError, "bank must be "),
    ],
)
def test_wrong_options_are_refused(options, error, words):
    with pytest.raises(error, match=words):
        bl.profile(located([1.0, 2.0, 30.0]), BORDER, **{"bandwidth_km": 5, **options})


def test_events_of_another_border_are_refused():
    events = located([1.0])
    events.attrs["border"] = "another (1 m)"
    with pytest.raises(TableError, match="another"):
        bl.profile(events, BORDER, bandwidth_km=5)
    with pytest.raises(MeasureError, match="runs from"):
        bl.profile(located([LENGTH + 1]), BORDER, bandwidth_km=5)


# Through time


def dated(km, days, **columns):
    start = pd.Timestamp("2025-07-01 13:00")
    return located(km, event_date=start + pd.to_timedelta(np.asarray(days, dtype=float), unit="D"), **columns)


def volume(surface):
    table = surface.set_index(["event_date", "chainage_m"])["intensity_per_km_day"].unstack()  # noqa: PD010
    days = (table.index - table.index[0]).days
    return np.trapezoid(np.trapezoid(table.to_numpy(), table.columns / 1000, axis=1), days)


@given(st.lists(st.tuples(st.floats(0, LENGTH), st.integers(0, 60)), max_size=20), st.floats(1, 400))
@settings(max_examples=30)
def test_it_integrates_over_place_and_time(events, bandwidth_days):
    km, days = zip(*events, strict=True) if events else ((), ())
    period = ("2025-07-01", "2025-08-30")
    surface = bl.profile(
        dated(km, days), BORDER, bandwidth_km=20, bandwidth_days=bandwidth_days, period=period
    )
    assert volume(surface) == pytest.approx(len(km), abs=1e-6)
    assert surface.attrs["n_events"] == len(km)


def test_it_is_the_product_of_two_kernels():
    surface = bl.profile(
        dated([50, 50.5, 120], [3, 9, 3]),
        BORDER,
        bandwidth_km=15,
        bandwidth_days=4,
        period=("2025-07-01", "2025-07-21"),
    )
    kernel, x = KERNELS["gaussian"], surface["chainage_m"].to_numpy() / 1000
    day = (surface["event_date"] - pd.Timestamp("2025-07-01")).dt.days.to_numpy()
    expected = sum(
        weight_at(x, np.array(km), np.array(15.0), LENGTH, kernel)
        * weight_at(day, np.array(t), np.array(4.0), 20.0, kernel)
        for km, t in ((50.0, 3.0), (50.5, 9.0), (120.0, 3.0))
    )
    np.testing.assert_allclose(surface["intensity_per_km_day"], expected, rtol=1e-9, atol=1e-13)
    assert surface["event_date"].is_monotonic_increasing


def test_a_period_may_be_a_month_or_open():
    options = {"bandwidth_km": 5, "bandwidth_days": 3}
    events = dated([1, 2, 3], [2, 12, 40])
    month = bl.profile(events, BORDER, period="2025-07", **options)
    assert month.attrs["period"] == {"": ["2025-07-01", "2025-07-31"]}
    assert month.attrs["left_out"]["outside_period"] == 1
    later = bl.profile(events, BORDER, period=("2025-07-10", None), **options)
    assert later.attrs["period"] == {"": ["2025-07-10", "2025-08-10"]}


def test_events_without_a_date_in_the_period_are_counted():
    events = dated([1, 2, 3, np.nan], [0, 5, 40, 2])
    events.loc[0, "event_date"] = pd.NaT
    surface = bl.profile(
        events, BORDER, bandwidth_km=5, bandwidth_days=3, step_days=4, period=("2025-07-01", "2025-07-31")
    )
    assert surface.attrs["left_out"] == {
        "no_chainage": 1, "beyond_end": 0, "beyond_within_km": 0, "no_date": 1, "outside_period": 1
    }  # fmt: skip
    assert surface["event_date"].iloc[-1] == pd.Timestamp("2025-07-31")
    assert surface["event_date"].nunique() == 9


@pytest.mark.parametrize(
    ("days", "options", "words"),
    [
        ([3, 3], {}, "the one day 2025-07-04"),
        ([np.nan, np.nan], {}, "no event has a date"),
        ([3, 9], {"period": ("2025-07-09", "2025-07-01")}, "has no days"),
        ([3, 9], {"bandwidth_days": 0}, "bandwidth_days"),
        ([3, 9], {"step_days": 0}, "step_days"),
        ([3, 9], {"step_km": 0.001, "period": ("2000-01-01", "2025-12-31")}, "too many rows"),
    ],
)
def test_periods_and_steps_that_cannot_be_are_refused(days, options, words):
    with pytest.raises(OptionError, match=words):
        bl.profile(dated([1, 2], days), BORDER, **{"bandwidth_km": 5, "bandwidth_days": 3, **options})
