"""`compare_lines`: what hangs on which drawing of the border is used."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import borderline as bl
from borderline.errors import CRSError, GeometryError, OptionError, TableError


def make(xy):
    return bl.Border.from_line(shapely.LineString(xy), left="XAA", right="XBB")


OLD = make([(100.0, 10.0), (100.0, 11.0), (100.0, 12.0), (100.0, 13.0)])
NEW = make([(100.0, 10.0), (100.0, 11.0), (100.1, 11.2), (100.1, 11.8), (100.0, 12.0), (100.0, 13.0)])


def table(*lonlat):
    return gpd.GeoDataFrame(
        {"name": [f"event {i}" for i in range(len(lonlat))]},
        geometry=[None if each is None else shapely.Point(each) for each in lonlat],
        index=[10 * i for i in range(len(lonlat))],
        crs=4326,
    )


EVENTS = table((99.9, 10.5), (100.05, 11.5), (100.2, 11.5), (100.05, 12.5), None)


def test_event_by_event():
    events = bl.lines.compare_lines(EVENTS, OLD, NEW).events
    assert events.index.tolist() == EVENTS.index.tolist()
    assert events["side_a"].tolist()[:4] == ["XAA", "XBB", "XBB", "XBB"]
    assert events["side_b"].tolist()[:4] == ["XAA", "XAA", "XBB", "XBB"]
    assert events["side_changes"].tolist()[:4] == [False, True, False, False]
    for key, line in (("a", OLD), ("b", NEW)):
        located = bl.locate(EVENTS, line)
        np.testing.assert_allclose(events[f"distance_{key}_m"], located["distance_m"])
        np.testing.assert_allclose(events[f"chainage_{key}_m"], located["chainage_m"])
    np.testing.assert_allclose(events["distance_change_m"], events["distance_b_m"] - events["distance_a_m"])
    assert events["province_a"].isna().all()
    assert pd.isna(events["side_changes"].iloc[4])
    assert pd.isna(events["segment_a"].iloc[4])


def test_segments_are_the_same_ground():
    done = bl.lines.compare_lines(EVENTS, OLD, NEW, every_km=50)
    segments = done.segments
    assert segments["from_a_m"].iloc[0] == segments["from_b_m"].iloc[0] == 0
    assert segments["to_b_m"].iloc[-1] == NEW.length_m
    np.testing.assert_allclose(segments["from_b_m"].iloc[1:], segments["to_b_m"].iloc[:-1])
    before = OLD.interpolate(segments["to_a_m"].to_numpy()[:-1])
    after = NEW.foot(shapely.get_x(before), shapely.get_y(before)).chainage
    np.testing.assert_allclose(segments["to_b_m"].to_numpy()[:-1], after, atol=1e-3)
    # The events near the detour stay in the segment they were in: the ground is the same.
    assert not done.events["segment_changes"].any()
    assert segments["n_events_a"].sum() == segments["n_events_b"].sum() == 4
    assert done.summary["rank_changes"] == 0
    assert done.summary["rank_correlation"] == pytest.approx(1.0)


def test_ranks_follow_the_events():
    """One event belongs to the next segment along the new line, so two segments change rank."""
    crowd = table(*[(99.9, 10.2)] * 3, *[(99.9, 11.02)] * 2, (99.99, 12.5), (99.99, 12.51))
    bend = make([(100.0, 10.0), (100.0, 10.9), (99.85, 11.06), (100.0, 11.2), (100.0, 13.0)])
    done = bl.lines.compare_lines(crowd, OLD, bend, every_km=40)
    for key in ("a", "b"):
        recounted = done.events[f"segment_{key}"].value_counts()
        told = done.segments[f"n_events_{key}"]
        assert told[told > 0].to_dict() == recounted.to_dict()
        rank = (-told / (done.segments["to_a_m"] - done.segments["from_a_m"])).rank(method="min")
        assert done.segments[f"rank_{key}"].astype(float).tolist() == rank.tolist()
        assert done.events[f"rank_{key}"].tolist() == rank[done.events[f"segment_{key}"]].tolist()


@pytest.fixture(scope="module")
def seeds():
    return bl.load_incidents()


@pytest.fixture(scope="module")
def lines():
    return {key: bl.load_border(line=key) for key in ("osm-2025", "osm-2026")}


def test_a_line_against_itself_changes_nothing(seeds, lines):
    summary = bl.lines.compare_lines(seeds, lines["osm-2025"], lines["osm-2025"]).summary
    assert summary["located"] == 194
    for name in (
        "side_changes",
        "province_changes",
        "segment_changes",
        "rank_changes",
        "largest_distance_change_m",
    ):
        assert summary[name] == 0
    assert summary["rank_correlation"] == pytest.approx(1.0)


def test_ta_muen_thom_lies_where_the_line_says(seeds, lines):
    done = bl.lines.compare_lines(seeds, lines["osm-2025"], lines["osm-2026"])
    changed = done.events[done.events["side_changes"].fillna(value=False)]
    assert done.summary["side_changes"] == len(changed) == 10
    near = shapely.distance(changed.geometry.to_numpy(), shapely.Point(103.26639, 14.34917))
    assert (near < 0.02).all()
    # Each side's own province: Oddar Meanchey, Surin.
    assert set(changed["province_a"]) == {"KH-22"}
    assert set(changed["province_b"]) == {"TH-32"}
    back = bl.lines.compare_lines(seeds, lines["osm-2026"], lines["osm-2025"])
    assert back.summary["side_changes"] == 10
    np.testing.assert_allclose(back.events["distance_change_m"], -done.events["distance_change_m"])


@pytest.mark.slow
def test_direction_does_not_matter(seeds, lines):
    one = bl.lines.compare_lines(seeds, lines["osm-2025"], lines["osm-2026"])
    other = bl.lines.compare_lines(seeds, lines["osm-2025"], lines["osm-2026"].reversed())
    assert one.events["side_b"].equals(other.events["side_b"])
    np.testing.assert_allclose(
        lines["osm-2026"].length_m - other.events["chainage_b_m"], one.events["chainage_b_m"], atol=1e-2
    )
    assert one.summary["rank_changes"] == other.summary["rank_changes"]


def test_repr_says_the_changes():
    text = repr(bl.lines.compare_lines(EVENTS, OLD, NEW))
    assert text.startswith("<Comparison of 4 events: 1 change side, 0 province, 0 segment; distance by up to")


def test_nothing_to_count():
    summary = bl.lines.compare_lines(EVENTS.iloc[:0], OLD, NEW).summary
    assert summary["located"] == 0
    assert np.isnan(summary["rank_correlation"])


def test_inputs_stay_as_they_are():
    before = EVENTS.copy(deep=True)
    bl.lines.compare_lines(EVENTS, OLD, NEW)
    assert before.equals(EVENTS)


@pytest.mark.parametrize(
    ("events", "options", "error", "message"),
    [
        (pd.DataFrame({"a": [1]}), {}, TableError, "GeoDataFrame"),
        (EVENTS.set_crs(None, allow_override=True), {}, CRSError, "no CRS"),
        (gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs=4326), {}, GeometryError, "takes points"),
        (EVENTS, {"every_km": 0}, OptionError, "every_km"),
        (EVENTS, {"within_km": -1}, OptionError, "within_km"),
    ],
)
def test_bad_input(events, options, error, message):
    with pytest.raises(error, match=message):
        bl.lines.compare_lines(events, OLD, NEW, **options)


def test_lines_elsewhere():
    with pytest.raises(GeometryError, match="do not run along each other"):
        bl.lines.compare_lines(EVENTS, OLD, make([(50.0, 0.0), (51.0, 0.0)]))
