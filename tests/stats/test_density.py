"""The verb `density`: counts that add up, and limits that are exact."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import borderline as bl
from borderline.errors import OptionError, TableError
from borderline.stats._poisson import poisson_limits

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
    result = bl.density(events, SEGMENTS, within_km=within_km, exposure="length")
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
    result = bl.density(events, SEGMENTS.iloc[:1], within_km=5, exposure="length")
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


@pytest.mark.parametrize("mean", [0.2, 1.0, 3.7, 20.0, 100.0])
def test_coverage_is_at_least_nominal(mean):
    """Enumerated, not simulated: the chance that the limits hold the true mean."""
    count = np.arange(0, 400)
    low, high = poisson_limits(count, 0.95)
    covered = (low <= mean) & (mean <= high)
    assert stats.poisson.pmf(count[covered], mean).sum() >= 0.95


@pytest.mark.parametrize("mean", [0.2, 3.7, 100.0])
def test_coverage_is_the_enumerated_value(mean):
    """The counts whose limits hold a mean, found without gamma integrals: those in neither tail."""
    count = np.arange(0, 400)
    low, high = poisson_limits(count, 0.95)
    tails = np.cumsum(stats.poisson.pmf(count, mean))
    inside = (tails > 0.025) & (1 - tails + stats.poisson.pmf(count, mean) > 0.025)
    covered = (low <= mean) & (mean <= high)
    chance = [stats.poisson.pmf(count[mask], mean).sum() for mask in (covered, inside)]
    assert chance[0] == pytest.approx(chance[1], abs=1e-6)


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
        (located([1.0]), {"within_km": -1}, OptionError, "within_km must be "),
        (located([1.0]), {"level": 95}, OptionError, "level must be "),
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


# What follows holds rates by land, time, groups and incidents.

FINE = bl.segment(BORDER, every_km=20)
DAYS = pd.to_datetime(["2025-07-24", "2025-07-24", "2025-07-25", "2025-12-08", None])
FIVE = located(
    [1_000.0, 1_000.0, 1_000.0, 30_000.0, 50_000.0],
    event_date=DAYS,
    event_type=["shooting", "shooting", "airstrike", "shooting", None],
    side=["XAA", "XAA", "XBB", "XBB", "line"],
    offset_m=[100.0, 100.0, -100.0, -100.0, 0.0],
)


def test_the_catchment_is_the_exposure_once_the_band_is_wider_than_a_kilometre():
    near = bl.density(FIVE, FINE, within_km=1)
    assert near.attrs["exposure"] == "length"
    assert "catchment_km2" not in near
    wide = bl.density(FIVE, FINE, within_km=5)
    assert wide.attrs["exposure"] == "catchment"
    np.testing.assert_allclose(wide["catchment_km2"], 10 * wide["length_km"], rtol=0.01)
    np.testing.assert_allclose(wide["events_per_km2"] * wide["catchment_km2"], wide["n_events"])
    low, high = poisson_limits(wide["n_events"].to_numpy(), 0.95)
    np.testing.assert_allclose(wide["events_per_km2_low"], low / wide["catchment_km2"])
    np.testing.assert_allclose(wide["events_per_km2_high"], high / wide["catchment_km2"])


def test_the_border_can_be_given_or_is_the_one_the_segments_carry(tmp_path):
    told = bl.density(FIVE, FINE, within_km=5, border=BORDER)
    pd.testing.assert_frame_equal(pd.DataFrame(told), pd.DataFrame(bl.density(FIVE, FINE, within_km=5)))
    part = bl.density(FIVE, FINE.iloc[1:3], within_km=5, border=BORDER)
    np.testing.assert_allclose(part["catchment_km2"], told["catchment_km2"].iloc[1:3])
    for rows in (slice(1, 3), slice(3), slice(None, None, 2)):
        some = bl.density(FIVE, FINE.iloc[rows], within_km=5)
        np.testing.assert_allclose(some["catchment_km2"], told["catchment_km2"].iloc[rows])
    for ending in (".parquet", ".gpkg"):
        read = gpd.read_parquet if ending == ".parquet" else gpd.read_file
        again = read(bl.write_table(FINE, tmp_path / f"segments{ending}"))
        with pytest.raises(TableError, match="give border="):
            bl.density(FIVE, again, within_km=5)
        np.testing.assert_allclose(
            bl.density(FIVE, again, within_km=5, border=BORDER)["catchment_km2"], told["catchment_km2"]
        )


def test_an_exposure_of_ones_own():
    roads = FINE.assign(road_km=np.arange(1.0, len(FINE) + 1))
    result = bl.density(FIVE, roads, exposure="road_km", period="2025")
    years = 365 / 365.2425
    np.testing.assert_allclose(result["rate"] * roads["road_km"] * years, result["n_events"])
    assert result.attrs["rate_unit"] == "events per road_km and year"


def test_rates_per_year_by_the_days_given_or_those_of_the_data():
    taken = bl.density(FIVE, FINE)
    assert taken.attrs["period"] == {"": ["2025-07-24", "2025-12-08"]}
    assert taken["events_per_year"].iloc[0] == pytest.approx(3 / (138 / 365.2425))
    assert taken["n_events"].sum() == 5
    given_days = bl.density(FIVE, FINE, period=("2025-07-25", None))
    assert given_days.attrs["period"] == {"": ["2025-07-25", "2025-12-08"]}
    assert given_days.attrs["left_out"]["outside_period"] == 2
    assert given_days.attrs["left_out"]["no_date"] == 1
    assert given_days["events_per_year"].iloc[0] == pytest.approx(1 / (137 / 365.2425))
    month = bl.density(FIVE, FINE, period="2025-07")
    assert month["n_events"].sum() == 3
    assert month["rate"].iloc[0] == pytest.approx(3 / 20 / (31 / 365.2425))


def test_long_form_keeps_zeros_and_adds_up():
    result = bl.density(FIVE, FINE, by="event_type")
    assert len(result) == 2 * len(FINE)
    assert result.groupby("event_type")["n_events"].sum().to_dict() == {"airstrike": 1, "shooting": 3}
    assert result.attrs["left_out"]["no_event_type"] == 1
    assert result["n_events"].sum() + sum(result.attrs["left_out"].values()) == len(FIVE)
    assert result.index.tolist() == FINE.index.tolist() * 2
    assert (result.groupby("event_type")["rank_rate"].min() == 1).all()


def test_by_bank_each_has_its_own_land():
    border = bl.Border.from_line(
        shapely.LineString([(0, 0), (0.5, 0.3), (1, 0)]), left="THA", right="KHM", name="bent"
    )
    events = located([30_000.0], side=["THA"], offset_m=[50.0])
    segments = bl.segment(border, every_km=200)
    result = bl.density(events, segments, border=border, within_km=10, by="bank")
    assert result["bank"].tolist() == ["THA", "KHM"]
    assert result["n_events"].tolist() == [1, 0]
    outer, inner = result["catchment_km2"]
    assert outer > inner
    whole = bl.density(events, segments, border=border, within_km=10)["catchment_km2"].iloc[0]
    assert outer + inner == pytest.approx(whole)
    carried = bl.density(events, segments, within_km=10, by="bank")
    assert carried["catchment_km2"].tolist() == [outer, inner]
    segments.attrs["border"] = dict(segments.attrs["border"])  # as read from a file
    with pytest.raises(TableError, match="give border="):
        bl.density(events, segments, within_km=10, by="bank")


def test_by_period_and_type_together():
    periods = {"July": "2025-07", "December": ("2025-12-01", "2025-12-31")}
    result = bl.density(FIVE, FINE, by="event_type", period=periods)
    counts = result.groupby(["event_type", "period"])["n_events"].sum().to_dict()
    assert counts == {
        ("airstrike", "July"): 1, ("airstrike", "December"): 0,
        ("shooting", "July"): 2, ("shooting", "December"): 1,
    }  # fmt: skip
    assert result["n_events"].sum() + sum(result.attrs["left_out"].values()) == len(FIVE)


def test_one_place_on_one_day_counts_once_but_all_its_dead_count():
    events = FIVE.assign(fatalities=[3, 4, 5, 6, 7])
    result = bl.density(events, FINE, distinct="place-day")
    assert result["n_events"].tolist()[:3] == [2, 1, 1]
    assert result["fatalities"].tolist()[:3] == [12, 6, 7]
    assert result.attrs["left_out"]["same_place_day"] == 1
    assert result["n_events"].sum() + sum(result.attrs["left_out"].values()) == len(events)
    alone = events.assign(event_date=pd.NaT)
    assert bl.density(alone, FINE, distinct="place-day")["n_events"].sum() == 5
    assert bl.density(events, FINE, distinct="place")["n_events"].tolist()[:3] == [2, 1, 1]


def test_low_and_high_fatalities():
    events = located(
        [1.0, 2.0, 3.0],
        fatalities=pd.array([2, pd.NA, 4], dtype="Int64"),
        fatalities_low=pd.array([1, pd.NA, pd.NA], dtype="Int64"),
        fatalities_high=pd.array([9, pd.NA, pd.NA], dtype="Int64"),
    )
    first = bl.density(events, FINE).iloc[0]
    told = [
        first[name] for name in ("fatalities_low", "fatalities", "fatalities_high", "n_unknown_fatalities")
    ]
    assert told == [5, 6, 13, 1]


def test_dispersion_is_variance_over_mean_for_equal_segments():
    equal = FINE.iloc[:5]
    events = located(np.repeat([1_000.0, 21_000.0, 41_000.0], [6, 1, 2]))
    result = bl.density(events, equal)
    counts = np.array([6, 1, 2, 0, 0])
    assert result["dispersion"].unique() == pytest.approx([counts.var(ddof=1) / counts.mean()])


def test_quasi_poisson_limits_are_wider_and_never_narrower():
    events = located(np.repeat([1_000.0, 21_000.0, 41_000.0], [6, 1, 2]))
    plain, wide = (bl.density(events, FINE.iloc[:5], limits=kind) for kind in ("poisson", "quasi-poisson"))
    assert (wide["rate_low"] <= plain["rate_low"]).all()
    assert (wide["rate_high"] > plain["rate_high"]).all()
    even = located(np.arange(5) * 20_000.0 + 500)
    plain, wide = (bl.density(even, FINE.iloc[:5], limits=kind) for kind in ("poisson", "quasi-poisson"))
    pd.testing.assert_series_equal(plain["rate_high"], wide["rate_high"])


def test_quasi_poisson_limits_are_exact_for_bundles():
    """Events that come in threes: the limits hold three times the mean of the bundles."""
    bundles = np.arange(0, 300)
    low, high = poisson_limits(3 * bundles, 0.95, dispersion=3.0)
    plain = poisson_limits(bundles, 0.95)
    np.testing.assert_allclose([low, high], 3 * np.array(plain))


def test_the_method_is_said_in_words():
    result = bl.density(FIVE, FINE, within_km=5, period="2025", by="event_type", distinct="place-day")
    method = result.attrs["method"]
    for words in (
        "within 5 km of the line", "by event_type", "each place-day once", "were left out",
        "per square kilometre of the land nearest to each segment and year", "2025-01-01 to 2025-12-31",
        "Garwood 1936", "95 %",
    ):  # fmt: skip
        assert words in method
    assert not re.search(r"\d\.\d{3}", method)
    assert result.attrs["computed_from"]["events"] == 5


@pytest.mark.parametrize(
    "events",
    [
        located([]),
        located([1_000.0]),
        located([0.0] * 7),
        located([BORDER.length_m] * 7),
        located([np.nan, np.nan]),
        located([5.0], event_date=pd.to_datetime(["2025-07-24"])),
        located([], event_date=pd.to_datetime([])),
    ],
    ids=["empty", "one", "all at the start", "all at the end", "no chainage", "one day", "no dates"],
)
@pytest.mark.parametrize("limits", ["poisson", "quasi-poisson"])
def test_thin_tables_have_a_clear_answer(events, limits):
    result = bl.density(events, FINE, within_km=3, limits=limits)
    assert result["n_events"].sum() + sum(result.attrs["left_out"].values()) == len(events)
    assert np.isfinite(result[["rate", "rate_low", "rate_high"]].to_numpy()).all()
    assert result.attrs["left_out"]["no_chainage"] == events["chainage_m"].isna().sum()


@pytest.mark.parametrize("by", ["event_type", ["event_type", "bank"]])
def test_no_events_have_no_types_and_so_no_rows(by):
    none = bl.locate(bl.load_incidents().iloc[:0], BORDER)
    result = bl.density(none, FINE, border=BORDER, within_km=3, by=by, period={"July": "2025-07"})
    assert result.empty
    assert {"event_type", "period", "n_events", "rate", "dispersion"} <= set(result.columns)
    assert bl.density(none, FINE, by="bank", border=BORDER)["n_events"].tolist() == [0] * 2 * len(FINE)


def test_a_segment_without_land_has_no_rate():
    thin = FINE.iloc[:3].assign(land=[1.0, 2.0, 3.0])
    result = bl.density(FIVE, thin, exposure="land")
    assert result["rate"].notna().all()
    with pytest.raises(TableError, match="not a positive number in segment 1"):
        bl.density(FIVE, thin.assign(land=[1.0, 0.0, 3.0]), exposure="land")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"limits": "exact"}, OptionError, "limits must be "),
        ({"exposure": "catchment"}, OptionError, "needs within_km"),
        ({"exposure": "roads"}, OptionError, "exposure must be "),
        ({"exposure": "geometry"}, TableError, "no column of numbers"),
        ({"by": "actor"}, TableError, "by names columns of the events"),
        ({"by": ["side", "side"]}, OptionError, "by must be "),
        ({"by": [["side"]]}, OptionError, "by must be "),
        ({"by": "period"}, OptionError, "needs several periods"),
        ({"distinct": "day"}, OptionError, "distinct must be "),
        ({"period": ("2025-12-02", "2025-12-01")}, OptionError, "has no days"),
        ({"period": "July"}, OptionError, "period must be a day .*, not 'July'"),
        ({"period": ""}, OptionError, "period must be a day"),
        ({"period": ("2025", "2026", "2027")}, OptionError, "period must be "),
        ({"period": {}}, OptionError, "names no period"),
        ({"period": {"a": "2025", "b": "2025-07"}}, OptionError, "'a' and 'b' overlap"),
    ],
)
def test_bad_options(options, error, message):
    with pytest.raises(error, match=message):
        bl.density(FIVE, FINE, **options)


def test_periods_need_dates():
    with pytest.raises(TableError, match="event_date"):
        bl.density(located([1.0]), FINE, period="2025")
    with pytest.raises(TableError, match="holds no dates"):
        bl.density(located([1.0], event_date=["soon"]), FINE, period="2025")
    with pytest.raises(OptionError, match="no event has a date"):
        bl.density(located([], event_date=pd.to_datetime([])), FINE, period=("2025", None))


@pytest.mark.slow
def test_where_there_is_no_land_there_is_no_rate():
    """Inside a hairpin of 40 m no land has its nearest point near the tip; an event there has no rate."""
    hairpin = bl.Border.from_line(
        shapely.LineString([(0, 0), (0.02, 0.0002), (0, 0.0004)]), left="XAA", right="XBB", name="hairpin"
    )
    segments = bl.segment(hairpin, every_km=0.05)
    events = located([2_230.0, 4_000.0], side=["XAA", "XBB"], offset_m=[0.5, -90.0])
    result = bl.density(events, segments, border=hairpin, within_km=10, by="bank")
    bare = result[result["catchment_km2"] == 0]
    assert len(bare)
    assert bare.loc[bare["n_events"] == 0, "rate"].isna().all()
    assert np.isinf(bare.loc[bare["n_events"] > 0, "rate"]).all()
    assert result["rank_rate"].between(1, len(segments)).all()
    assert np.isfinite(result["dispersion"]).all()


def test_what_a_provinces_name_alone_places_is_not_counted_near_the_line():
    events = located([5_000, 15_000, 25_000]).assign(
        geocoded_by=["coordinates", "gazetteer", "gazetteer"], location_error_m=[60_000.0, 60_000.0, 2_000.0]
    )
    result = bl.density(events, SEGMENTS, within_km=25, exposure="length")
    assert result.attrs["left_out"]["too_vague"] == 1
    assert result["n_events"].sum() == 2
    assert bl.density(events, SEGMENTS)["n_events"].sum() == 3
