"""The verb `density`: counts that add up, and limits that are exact."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import borderline as bl
from borderline._poisson import poisson_limits
from borderline.errors import MeasureError, TableError

BORDER = bl.Border.from_line(shapely.LineString([(0, 0), (1, 0)]), left="XAA", right="XBB", name="equator")
SEGMENTS = bl.segment(BORDER, every_km=10)


def located(chainage, distance=100.0, beyond=False, **columns):
    n = len(chainage)
    return pd.DataFrame(
        {
            "chainage_m": chainage,
            "distance_m": np.broadcast_to(np.asarray(distance, float), n),
            "beyond_end": np.broadcast_to(beyond, n),
            **columns,
        }
    )


chainages = st.lists(st.one_of(st.floats(0, BORDER.length_m), st.just(np.nan)), max_size=60)


@given(chainages, st.floats(0, 40), st.one_of(st.none(), st.floats(0, 40)))
@settings(max_examples=60)
def test_counts_and_what_is_left_out_add_up(chainage, farthest, within_km):
    distance = np.linspace(0, farthest * 1000, len(chainage))
    events = located(np.array(chainage), distance)
    before = events.copy(deep=True)
    result = bl.density(events, SEGMENTS, within_km=within_km)
    assert result["n_events"].sum() + sum(result.attrs["left_out"].values()) == len(events)
    pd.testing.assert_frame_equal(events, before)
    kept = events[events["chainage_m"].notna()]
    if within_km is not None:
        kept = kept[kept["distance_m"] <= within_km * 1000]
    assert result["n_events"].sum() == len(kept)


def test_each_event_falls_into_its_segment():
    result = bl.density(located([0.0, 9_999.0, 10_000.0, 25_000.0, BORDER.length_m]), SEGMENTS)
    assert result["n_events"].tolist()[:3] == [2, 1, 1]
    assert result["n_events"].iloc[-1] == 1


def test_breaks_have_a_millimetre_of_slack():
    below = bl.density(located([10_000.0 - 0.0009, 10_000.0 - 0.0011]), SEGMENTS)
    assert below["n_events"].tolist()[:2] == [1, 1]


def test_every_reason_is_counted():
    events = located([np.nan, 5.0, 5.0, 5.0], [1.0, 1.0, 9_000.0, 1.0], [False, True, False, False])
    result = bl.density(events, SEGMENTS.iloc[:1], within_km=5)
    assert result.attrs["left_out"] == {
        "no_chainage": 1, "beyond_end": 1, "beyond_within_km": 1, "outside_segments": 0
    }  # fmt: skip
    away = bl.density(located([50_000.0]), SEGMENTS.iloc[:1])
    assert away.attrs["left_out"]["outside_segments"] == 1


def test_empty_segments_are_kept():
    result = bl.density(located([]), SEGMENTS)
    assert len(result) == len(SEGMENTS)
    assert (result["n_events"] == 0).all()
    assert (result["events_per_km_low"] == 0).all()
    assert (result["events_per_km_high"] > 0).all()


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_limits_solve_the_poisson_tails(level):
    """The limits are the means at which the tail probability is half of what level leaves."""
    count = np.arange(0, 200)
    low, high = poisson_limits(count, level)
    tail = (1 - level) / 2
    np.testing.assert_allclose(stats.poisson.cdf(count, high), tail, rtol=1e-9)
    np.testing.assert_allclose(stats.poisson.sf(count[1:] - 1, low[1:]), tail, rtol=1e-9)
    assert low[0] == 0


def test_limits_against_printed_tables():
    """Garwood's table as reprinted in textbooks: a count of 10 at 95 %."""
    low, high = poisson_limits(np.array([10]), 0.95)
    assert (round(low[0], 4), round(high[0], 4)) == (4.7954, 18.3904)


@pytest.mark.parametrize("mean", [0.2, 1.0, 3.7, 20.0, 100.0])
def test_coverage_is_at_least_nominal(mean):
    """Enumerated, not simulated: the chance that the limits hold the true mean."""
    count = np.arange(0, 400)
    low, high = poisson_limits(count, 0.95)
    covered = (low <= mean) & (mean <= high)
    assert stats.poisson.pmf(count[covered], mean).sum() >= 0.95


def test_rates_and_ranks():
    result = bl.density(located([1.0, 2.0, 15_000.0]), SEGMENTS)
    assert result["events_per_km"].tolist()[:2] == [0.2, 0.1]
    assert result["rank_events_per_km"].tolist()[:4] == [1, 2, 3, 3]
    last = result.iloc[-1]
    assert last["events_per_km_high"] == pytest.approx(3.6889 / last["length_km"], rel=1e-4)


def test_fatalities_are_summed_and_the_unknown_counted_apart():
    deaths = pd.array([2, pd.NA, 0, 5], dtype="Int64")
    result = bl.density(located([1.0, 2.0, 3.0, 15_000.0], fatalities=deaths), SEGMENTS)
    assert result["fatalities"].tolist()[:3] == [2, 5, 0]
    assert result["n_unknown_fatalities"].tolist()[:2] == [1, 0]
    assert result["fatalities_per_km"].tolist()[:2] == [0.2, 0.5]
    assert result["rank_fatalities_per_km"].tolist()[:2] == [2, 1]


def test_a_weight_of_ones_own():
    result = bl.density(located([1.0, 2.0], rockets=[1.5, 2.0]), SEGMENTS, weight="rockets")
    assert result["rockets"].iloc[0] == 3.5
    assert "fatalities" not in result


@given(st.permutations(range(12)))
@settings(max_examples=20)
def test_row_order_does_not_matter(order):
    events = located(np.linspace(0, BORDER.length_m, 12), fatalities=np.arange(12))
    pd.testing.assert_frame_equal(
        pd.DataFrame(bl.density(events.iloc[order], SEGMENTS)), pd.DataFrame(bl.density(events, SEGMENTS))
    )


@pytest.mark.parametrize(
    ("events", "options", "error", "message"),
    [
        (pd.DataFrame({"a": [1]}), {}, TableError, "run locate first"),
        (
            located([1.0]).rename(columns={"chainage_m": "chainage"}),
            {},
            TableError,
            "Did you mean 'chainage'",
        ),
        (located([1.0]), {"within_km": -1}, MeasureError, "within_km"),
        (located([1.0]), {"level": 95}, MeasureError, r"such as 0\.95"),
        (located([1.0]), {"weight": "deaths"}, TableError, "weight names a column"),
        (located([1.0], deaths=["many"]), {"weight": "deaths"}, TableError, "no column of numbers"),
        (located([1.0], deaths=[-2]), {"weight": "deaths"}, TableError, "negative in row 0"),
    ],
)
def test_bad_input(events, options, error, message):
    with pytest.raises(error, match=message):
        bl.density(events, SEGMENTS, **options)


def test_overlapping_segments():
    doubled = pd.concat([SEGMENTS.iloc[:2], SEGMENTS.iloc[1:3]])
    with pytest.raises(TableError, match="overlap"):
        bl.density(located([1.0]), doubled)


def test_segments_of_another_border():
    other = bl.Border.from_line(shapely.LineString([(0, 0), (2, 0)]), left="XAA", right="XBB", name="longer")
    events = bl.locate(
        bl.catalog.read_layer("osm-2025").set_geometry([shapely.Point(0.5, 0.1)], crs=4326),
        BORDER,
    )
    with pytest.raises(TableError, match="same border for both"):
        bl.density(events, bl.segment(other, every_km=10))
