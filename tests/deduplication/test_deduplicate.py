"""Reports of one event: pairs found, groups marked, rows merged, and nothing lost on the way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.deduplication._similarity import type_similarity
from borderline.errors import OptionError, TableError

ROW = {
    "id": "a",
    "date": "2025-07-24",
    "lat": 14.35,
    "lon": 103.37,
    "type": "shelling",
    "error_m": 500,
    "actor1": "Army of A",
    "killed": 2,
    "place": "Made-up hill",
    "source": "X",
    "url": "https://example.org/x",
    "dataset": "one",
}


def read(*rows):
    return bl.read_events(pd.DataFrame([ROW | row for row in rows]))


def score(**other):
    pairs = bl.duplicate_pairs(read({}, {"id": "b"} | other), threshold=0.0)
    return pairs["score"].max() if len(pairs) else 0.0


def test_the_same_report_twice_scores_highest():
    assert score() > 0.9


@pytest.mark.parametrize(
    "other",
    [
        {"date": "2025-07-25"},
        {"lat": 14.358},
        {"type": "airstrike"},
        {"actor1": "Militia of C"},
        {"killed": 30},
        {"error_m": 20_000},
    ],
)
def test_every_difference_lowers_the_score(other):
    assert 0 < score(**other) < score() - 0.01


@pytest.mark.parametrize(
    "other", [{"date": "2025-07-30"}, {"lat": 15.6, "place": "elsewhere"}, {"type": "meeting, talks"}]
)
def test_other_events_are_no_pair(other):
    if "type" in other:
        other = {"type": "diplomatic_event"}
    assert score(**other) < 0.1


def test_intervals_that_overlap_are_no_days_apart():
    rows = {"date_end": "2025-07-28"}, {"id": "b", "date": "2025-07-27", "date_end": "2025-07-27"}
    pairs = bl.duplicate_pairs(read(*rows))
    assert pairs["days"].tolist() == [0.0]


def test_distance_counts_against_the_errors_of_both():
    near = score(lat=14.40, error_m=500, place="other")
    vague = score(lat=14.40, error_m=10_000, place="other")
    assert near < 0.01 < vague


def test_reports_without_a_position_pair_by_name():
    pairs = bl.duplicate_pairs(read({}, {"id": "b", "lat": None, "lon": None, "place": "MADE-UP  Hill"}))
    assert pairs[["first", "second"]].to_numpy().tolist() == [["a", "b"]]
    assert pairs["distance_m"].isna().all()


def test_marks_leave_rows_order_and_input_alone():
    events = read({}, {"id": "c", "lat": 12.0}, {"id": "b", "error_m": 300})
    before = events.copy(deep=True)
    marked = bl.deduplicate(events)
    pd.testing.assert_frame_equal(events, before)
    assert marked.index.tolist() == ["a", "c", "b"]
    assert marked["duplicate_group"].isna().tolist() == [False, True, False]
    assert marked["duplicate_of"].tolist() == ["b", None, None]
    assert marked["duplicate_score"].notna().tolist() == [True, False, True]


def test_merging_keeps_sources_and_the_range_of_deaths():
    events = read(
        {"notes": "first"},
        {
            "id": "b",
            "error_m": 300,
            "killed": 5,
            "source": "Y",
            "dataset": "two",
            "url": None,
            "actor1": None,
        },
        {"id": "c", "lat": 12.0},
    )
    merged = bl.deduplicate(events, merge=True)
    assert merged.index.tolist() == ["b", "c"]
    event = merged.loc["b"]
    assert event["source"] == "Y; X"
    assert event["dataset"] == "two; one"
    assert event["notes"] == "first"
    assert event["actor1"] == "Army of A"
    assert event["source_url"] == "https://example.org/x"
    assert event["merged_from"] == "a; b"
    assert (event["fatalities_low"], event["fatalities_high"]) == (2, 5)
    assert merged.attrs["merged"] == 1
    assert merged.crs == 4326


def test_a_group_is_one_only_if_every_two_are_a_pair():
    chain = [{"id": str(n), "lat": 14.35 + 0.004 * n, "place": f"p{n}"} for n in range(4)]
    pairs = bl.duplicate_pairs(read(*chain))
    known = {frozenset(pair) for pair in pairs[["first", "second"]].to_numpy().tolist()}
    marked = bl.deduplicate(read(*chain))
    for _, group in marked.groupby("duplicate_group"):
        labels = group.index.tolist()
        assert all(frozenset({a, b}) in known for a in labels for b in labels if a != b)
    assert frozenset({"0", "3"}) not in known


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"max_days": -1}, OptionError),
        ({"threshold": 2}, OptionError),
        ({"max_days": float("nan")}, OptionError),
    ],
)
def test_settings_that_cannot_be(arguments, error):
    with pytest.raises(error):
        bl.deduplicate(read({}), **arguments)


def test_labels_that_repeat_are_refused_with_the_remedy():
    with pytest.raises(TableError, match="set_index"):
        bl.deduplicate(pd.concat([read({}), read({})]))


@pytest.mark.parametrize("rows", [0, 1])
def test_nothing_and_one(rows):
    events = read({}).iloc[:rows]
    assert len(bl.deduplicate(events)) == rows
    assert bl.deduplicate(events, merge=True)["merged_from"].isna().all()


def second_report(events, rng):
    """Tell the same events again: moved within the errors, a day off now and then, in other words."""
    other = events.copy()
    sigma = events["location_error_m"].astype(float).to_numpy() / 2.146
    away = rng.normal(size=(2, len(events))) * sigma / 111_000
    other = other.set_geometry(other.geometry.translate(0, 0))
    other.geometry = [
        geometry if geometry is None else type(geometry)(geometry.x + x, geometry.y + y)
        for geometry, x, y in zip(events.geometry, *away, strict=True)
    ]
    other["event_date"] += pd.to_timedelta(rng.choice([0, 0, 0, 1], size=len(events)), unit="D")
    other["event_date_end"] = other["event_date"]
    other["location"] = pd.Series(None, index=other.index, dtype=events["location"].dtype)
    other["dataset"] = "told again"
    other.index = "again-" + events.index
    return other


@pytest.mark.parametrize(
    ("other", "least", "most"), [("ground_clash", 0.9, 0.99), ("diplomatic_event", 0, 0.05)]
)
def test_a_type_that_names_no_means_fits_any_violent_one(other, least, most):
    types = np.array(["armed_conflict", other], dtype=object)
    for first, second in (([0], [1]), ([1], [0])):
        [similarity] = type_similarity(types, np.array(first), np.array(second))
        assert least <= similarity <= most


def test_a_second_telling_of_the_seeds_is_found():
    seeds = bl.load_incidents()
    seeds = seeds[seeds.geometry.notna() & (seeds["location_error_m"] <= 5_000)]
    found, right = [], []
    for seed in range(5):
        both = pd.concat([seeds, second_report(seeds, np.random.default_rng(seed))])
        pairs = bl.duplicate_pairs(both)
        across = pairs[pairs["second"].str.startswith("again-") & ~pairs["first"].str.startswith("again-")]
        same = across["second"] == "again-" + across["first"]
        found.append(same.sum() / len(seeds))
        right.append(same.mean())
    # The figures that the documentation of the verb quotes.
    assert np.mean(found) == pytest.approx(0.77, abs=0.005)
    assert np.mean(right) == pytest.approx(0.84, abs=0.005)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.sampled_from(["x", "y", None])), max_size=12)
)
def test_merging_accounts_for_every_report(told):
    rows = [
        {"id": str(n), "date": f"2025-07-{24 + day}", "lat": 14.35 + 0.01 * step, "place": name}
        for n, (day, step, name) in enumerate(told)
    ]
    if not rows:
        return
    events = read(*rows)
    merged = bl.deduplicate(events, merge=True)
    named = [label for told in merged["merged_from"].dropna() for label in told.split("; ")]
    alone = merged.index[merged["merged_from"].isna()].tolist()
    assert sorted(named + alone) == sorted(events.index)
