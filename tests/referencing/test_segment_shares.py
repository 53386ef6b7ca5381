"""In which segments an event may have been."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy import stats

import borderline as bl
from borderline.errors import OptionError, TableError

BORDER = bl.Border.from_line(shapely.LineString([(0, 0), (0, 1)]), left="FRA", right="DEU")
SEGMENTS = bl.segment(BORDER, every_km=2)


def events_at(points, errors, **columns):
    return gpd.GeoDataFrame(
        {"location_error_m": errors, **columns}, geometry=shapely.points(points), crs=4326
    )


def test_shares_are_those_of_a_normal_along_the_line():
    shares = bl.segment_shares(events_at([(0.01, 0.5)], [5000.0]), SEGMENTS)
    sd = 5000 / np.sqrt(2 * np.log(10))
    foot = BORDER.foot([0.01], [0.5]).chainage[0]
    ends = SEGMENTS.loc[shares["segment_id"].astype(int), ["from_m", "to_m"]].to_numpy()
    expected = stats.norm.cdf((ends[:, 1] - foot) / sd) - stats.norm.cdf((ends[:, 0] - foot) / sd)
    assert shares["share"].to_numpy() == pytest.approx(expected, abs=0.02)
    assert shares["share"].is_monotonic_decreasing


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_the_set_is_the_smallest_that_reaches_the_level(level):
    events = events_at([(0.01, 0.5), (0.2, 0.7), (0.0, 0.0)], [5000.0, 25_000.0, 9000.0])
    shares = bl.segment_shares(events, SEGMENTS, level=level)
    for _, own in shares.groupby("event_id"):
        assert own["share"].sum() >= level - 1e-9
        assert own["share"].iloc[:-1].sum() < level


def test_what_lies_past_an_end_has_no_segment():
    shares = bl.segment_shares(events_at([(0.0, 0.0)], [5000.0]), SEGMENTS)
    past = shares["segment_id"].isna()
    assert shares.loc[past, "share"].tolist() == pytest.approx([0.5], abs=0.01)


def test_rows_follow_the_events_and_keep_their_labels():
    events = events_at([(0.01, 0.5), (0.01, 0.2), (0.01, 0.5)], [800.0] * 3)
    events.index = pd.Index(["b", "a", "c"], name="event_id")
    shares = bl.segment_shares(events, SEGMENTS)
    assert shares.columns.tolist() == ["event_id", "segment_id", "share"]
    assert shares["event_id"].drop_duplicates().tolist() == ["b", "a", "c"]
    first, third = (shares[shares["event_id"] == label].iloc[:, 1:].to_numpy() for label in "bc")
    assert (first == third).all()
    assert shares.attrs["level"] == 0.9


def test_events_without_a_position_have_no_row_and_areas_their_foot():
    events = gpd.GeoDataFrame(
        {"location_error_m": [500.0, 500.0]}, geometry=[None, shapely.box(0.1, 0.5, 0.2, 0.501)], crs=4326
    )
    shares = bl.segment_shares(events, SEGMENTS)
    assert shares[["event_id", "share"]].to_numpy().tolist() == [[1, 1.0]]


def test_segments_may_stand_in_any_order_and_leave_gaps():
    events = events_at([(0.01, 0.5)], [9000.0])
    whole = bl.segment_shares(events, SEGMENTS).dropna()
    mixed = bl.segment_shares(events, SEGMENTS.iloc[::-1]).dropna()
    assert dict(zip(whole["segment_id"], whole["share"], strict=True)) == pytest.approx(
        dict(zip(mixed["segment_id"], mixed["share"], strict=True))
    )
    gaps = bl.segment_shares(events, SEGMENTS.iloc[:3])
    assert gaps["segment_id"].isna().tolist() == [True]


def test_what_cannot_be_is_refused():
    events = events_at([(0.01, 0.5)], [500.0])
    with pytest.raises(OptionError, match="level"):
        bl.segment_shares(events, SEGMENTS, level=1)
    with pytest.raises(OptionError):
        bl.segment_shares(events, SEGMENTS, prior="round")
    with pytest.raises(TableError, match="overlap"):
        bl.segment_shares(events, pd.concat([SEGMENTS, SEGMENTS]), border=BORDER)
    with pytest.raises(TableError, match="border"):
        bl.segment_shares(events, pd.DataFrame({"from_m": [0.0], "to_m": [1.0]}))
    with pytest.raises(TableError, match="from_m"):
        bl.segment_shares(events, pd.DataFrame({"start": [0.0]}))
