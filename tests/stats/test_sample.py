"""One sample, one grammar of periods, one check of banks: the same for every statistic."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import OptionError
from borderline.stats._sample import select_sample

BORDER = bl.Border.from_line(shapely.LineString([(0, 0), (2, 0)]), left="XAA", right="XBB", name="equator")
SEGMENTS = bl.segment(BORDER, every_km=20)
FIRST = pd.Timestamp("2025-07-24")


def located(km, first, last=None, **columns):
    km = np.asarray(km, dtype=float)
    table = {
        "chainage_m": km * 1000,
        "distance_m": 100.0,
        "offset_m": 100.0,
        "side": pd.array(["XAA"] * len(km), dtype="string"),
        "beyond_end": False,
        "event_date": first,
        **({} if last is None else {"event_date_end": last}),
        **columns,
    }
    return pd.DataFrame(table)


#: One event on each of five days; counted by each verb that has a period.
FIVE = located([1, 2, 3, 4, 5], pd.date_range(FIRST, periods=5))
COUNTS = {
    "density": lambda events, period: int(
        bl.density(events, SEGMENTS, exposure="length", period=period)["n_events"].sum()
    ),
    "bands": lambda events, period: int(
        bl.bands(events, BORDER, edges_km=[0, 25], period=period)["n_events"].sum()
    ),
    "profile": lambda events, period: bl.profile(events, BORDER, bandwidth_km=5, period=period).attrs[
        "n_events"
    ],
    "hotspots": lambda events, period: bl.hotspots(events, BORDER, simulations=1, period=period).attrs[
        "n_events"
    ],
    "density_sensitivity": lambda events, period: int(
        bl.stats.density_sensitivity(events, BORDER, every_km=[20], period=period)["n_events"].sum()
    ),
    "compare_periods": lambda events, period: int(
        bl.compare_periods(events, SEGMENTS, "2020", period)["n_after"].sum()
    ),
}
#: These need two or three events, so they are tried with periods that hold as many.
PAIRED = {
    "k_function": lambda events, period: bl.stats.k_function(
        events, BORDER, simulations=19, period=period
    ).attrs["n_events"],
    "space_time_interaction": lambda events, period: bl.stats.space_time_interaction(
        events, BORDER, near_km=5, near_days=2, simulations=19, period=period
    ).attrs["n_events"],
}


@pytest.mark.parametrize("verb", COUNTS)
@pytest.mark.parametrize(
    ("period", "count"),
    [
        (("2025-07-24", "2025-07-28"), 5),
        ("2025-07-28", 1),
        (("2025-07-28", "2025-07-28"), 1),
        ("2025-07", 5),
        ("2025", 5),
        (("2025-07-26", None), 3),
        ((None, "2025-07-25"), 2),
        (("2025-06", "2025-07"), 5),
        (dt.date(2025, 7, 25), 1),
        ((pd.Timestamp("2025-07-25"), dt.date(2025, 7, 26)), 2),
        ("2024", 0),
    ],
)
def test_a_period_means_the_same_days_to_every_verb(verb, period, count):
    assert COUNTS[verb](FIVE, period) == count


@pytest.mark.parametrize("verb", PAIRED)
def test_a_period_means_the_same_days_to_verbs_of_pairs(verb):
    assert PAIRED[verb](FIVE, ("2025-07-24", "2025-07-28")) == 5
    assert PAIRED[verb](FIVE, ("2025-07-26", None)) == 3


@pytest.mark.parametrize("verb", COUNTS)
@pytest.mark.parametrize(
    ("period", "count"),
    [
        (("2025-07-24", "2025-07-25"), 1),
        (("2025-07-26", "2025-07-31"), 1),
        (("2025-07-29", "2025-07-31"), 0),
        (("2025-07-20", "2025-07-23"), 0),
        (("2025-07-26", "2025-07-26"), 1),
    ],
)
def test_an_event_that_lasts_counts_in_each_period_that_it_touches(verb, period, count):
    lasting = located([5], [FIRST], [pd.Timestamp("2025-07-28")])
    assert COUNTS[verb](lasting, period) == count


def test_an_event_that_lasts_counts_in_several_periods():
    events = located([5, 30], [FIRST, FIRST], [pd.Timestamp("2025-08-02"), pd.NaT], fatalities=[3, 1])
    periods = {"July": "2025-07", "August": "2025-08"}
    rates = bl.density(events, SEGMENTS, exposure="length", period=periods)
    assert rates.groupby("period", sort=False)["n_events"].sum().to_dict() == {"July": 2, "August": 1}
    assert rates.groupby("period", sort=False)["fatalities"].sum().to_dict() == {"July": 4, "August": 3}
    months = bl.density(events, SEGMENTS, exposure="length", period="M")
    assert months.groupby("period", sort=False)["n_events"].sum().tolist() == [2, 1]
    banded = bl.bands(events, BORDER, edges_km=[0, 25], period=periods)
    assert banded.groupby("period", sort=False)["n_events"].sum().tolist() == [2, 1]
    compared = bl.compare_periods(events, SEGMENTS, "2025-07", "2025-08")
    assert compared[["n_before", "n_after"]].sum().tolist() == [2, 1]


def test_an_end_before_the_start_is_the_start():
    events = located([5], [FIRST], [FIRST - pd.Timedelta(days=9)])
    assert COUNTS["density"](events, "2025-07-24") == 1
    assert COUNTS["density"](events, "2025-07-20") == 0


BY_BANK = {
    "profile": lambda bank: bl.profile(FIVE, BORDER, bandwidth_km=5, bank=bank),
    "profile near the line": lambda bank: bl.profile(FIVE, BORDER, bandwidth_km=5, within_km=25, bank=bank),
    "hotspots": lambda bank: bl.hotspots(FIVE, BORDER, simulations=1, bank=bank),
    "k_function": lambda bank: bl.stats.k_function(FIVE, BORDER, simulations=19, bank=bank),
    "density": lambda bank: bl.density(FIVE, SEGMENTS, bank=bank),
    "density_sensitivity": lambda bank: bl.stats.density_sensitivity(FIVE, BORDER, bank=bank),
    "compare_periods": lambda bank: bl.compare_periods(FIVE, SEGMENTS, "2024", "2025", bank=bank),
    "space_time_interaction": lambda bank: bl.stats.space_time_interaction(
        FIVE, BORDER, near_km=5, near_days=2, simulations=19, bank=bank
    ),
    "catchment_km2": lambda bank: bl.stats.catchment_km2(BORDER, [0, 20], within_km=5, bank=bank),
}


@pytest.mark.parametrize("verb", BY_BANK)
@pytest.mark.parametrize("bank", ["FRA", "KMH", "nowhere"])
def test_a_bank_that_does_not_exist_is_refused_in_the_same_words(verb, bank):
    words = f"bank must be one of 'XAA', 'XBB', the banks of equator, not '{bank}'"
    with pytest.raises(OptionError, match=words):
        BY_BANK[verb](bank)


def test_a_bank_leaves_the_other_bank_out():
    events = located([1, 2, 30], [FIRST] * 3, side=pd.array(["XAA", "XBB", "line"], dtype="string"))
    rates = bl.density(events, SEGMENTS, within_km=5, bank="XAA")
    assert rates["n_events"].sum() == 1
    assert rates.attrs["left_out"]["other_bank"] == 2
    land = bl.stats.catchment_km2(BORDER, np.append(SEGMENTS["from_m"], BORDER.length_m) / 1000,
                                  within_km=5, bank="XAA")  # fmt: skip
    np.testing.assert_allclose(rates["catchment_km2"], land)
    assert "on the bank of XAA" in rates.attrs["method"]


@given(
    st.lists(
        st.tuples(
            st.one_of(st.floats(-5, 230), st.just(np.nan)),
            st.one_of(st.integers(0, 60), st.none()),
            st.integers(0, 20),
            st.sampled_from(["XAA", "XBB", "line"]),
            st.booleans(),
        ),
        max_size=30,
    ),
    st.sampled_from([None, "XAA"]),
    st.sampled_from([None, ("2025-08-01", "2025-08-20")]),
    st.sampled_from([None, "place", "place-day"]),
)
@settings(max_examples=60)
def test_rows_count_once_or_are_left_out_with_a_reason(rows, bank, period, distinct):
    km = np.clip([row[0] for row in rows], 0, 222) if rows else []
    first = pd.to_datetime([None if row[1] is None else FIRST + pd.Timedelta(days=row[1]) for row in rows])
    last = first + pd.to_timedelta([row[2] for row in rows], unit="D")
    events = located(
        km,
        first,
        last,
        side=pd.array([row[3] for row in rows], dtype="string"),
        beyond_end=np.array([row[4] for row in rows], dtype=bool),
    )
    sample = select_sample(events, BORDER, verb="test", bank=bank, period=period, distinct=distinct)
    assert sample.n_events + sum(sample.left_out.values()) == len(events)
    for row in sample.rows:
        assert np.isfinite(events["chainage_m"].iloc[row])
        assert not events["beyond_end"].iloc[row]
        assert bank is None or events["side"].iloc[row] == bank
        if period is not None:
            assert events["event_date"].iloc[row] <= pd.Timestamp(period[1])
            assert events["event_date_end"].iloc[row] >= pd.Timestamp(period[0])
    assert sorted(sample.rows) == list(sample.rows)


def stretched(start_km, end_km, **columns):
    """An event that runs along the border, as `locate` tells it."""
    middle = (start_km + end_km) / 2
    return located([middle], [FIRST], from_m=[start_km * 1000.0], to_m=[end_km * 1000.0],
                   shared_m=[(end_km - start_km) * 1000.0], **columns)  # fmt: skip


def test_an_event_along_the_border_is_shared_out_over_its_stretch():
    rates = bl.density(stretched(20, 80, fatalities=[6]), SEGMENTS, exposure="length")
    np.testing.assert_allclose(rates["n_events"].iloc[:5], [0, 1 / 3, 1 / 3, 1 / 3, 0], atol=1e-12)
    np.testing.assert_allclose(rates["fatalities"].iloc[:5], [0, 2, 2, 2, 0], atol=1e-12)
    assert rates["n_events"].sum() == pytest.approx(1)
    part = bl.density(stretched(20, 80), SEGMENTS.iloc[:3], exposure="length")
    assert part["n_events"].sum() == pytest.approx(2 / 3)
    assert part.attrs["left_out"]["outside_segments"] == pytest.approx(1 / 3)
    bands = bl.bands(stretched(20, 80), BORDER, edges_km=[0, 25])
    assert bands["n_events"].sum() == 1


def test_a_profile_spreads_such_an_event_evenly():
    curve = bl.profile(stretched(50, 150), BORDER, bandwidth_km=2)
    km = curve["chainage_m"] / 1000
    assert np.trapezoid(curve["intensity_per_km"], km) == pytest.approx(1, abs=1e-6)
    inside = curve["intensity_per_km"][(km > 60) & (km < 140)]
    np.testing.assert_allclose(inside, 1 / 100, rtol=1e-3)
    assert curve["intensity_per_km"][(km < 40) | (km > 160)].max() < 1e-6


@given(st.lists(st.tuples(st.floats(0, 222), st.floats(0, 222)), min_size=1, max_size=8))
@settings(max_examples=40)
def test_shares_sum_to_the_number_of_events(stretches):
    ends = np.sort(np.array(stretches), axis=1)
    events = located(ends.mean(axis=1), [FIRST] * len(ends), from_m=ends[:, 0] * 1000,
                     to_m=ends[:, 1] * 1000, shared_m=np.diff(ends, axis=1).ravel() * 1000)  # fmt: skip
    rates = bl.density(events, SEGMENTS, exposure="length")
    assert rates["n_events"].sum() == pytest.approx(len(ends), abs=1e-9)
    assert (rates["n_events"] >= 0).all()


def test_an_area_is_shared_out_over_what_it_shares():
    shape = shapely.Polygon([(0.5, 0), (1.5, 0), (1.9, 0.4), (0.1, 0.4)])
    area = gpd.GeoDataFrame(geometry=[shape], crs=4326)
    events = bl.locate(area, BORDER)
    assert events["to_m"].iloc[0] - events["from_m"].iloc[0] > 1.5 * events["shared_m"].iloc[0]
    rates = bl.density(events, bl.segment(BORDER, breaks_km=[55.6597, 166.9792]), exposure="length")
    assert rates["n_events"].iloc[1:2].tolist() == pytest.approx([1], abs=1e-4)
    assert rates["n_events"].sum() == pytest.approx(1)
