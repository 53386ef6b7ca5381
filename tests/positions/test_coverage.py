"""Limits hold the truth: the key rows of the validation, with fewer events."""

from __future__ import annotations

import numpy as np
import position_truths as truths
import pytest

import borderline as bl

#: 90 % of 600 events is known to 1.2 %; three of these to either side.
N, LOW, HIGH = 600, 86.3, 93.7


@pytest.fixture(scope="module")
def border():
    return truths.exact_border()


@pytest.mark.parametrize(
    "draw",
    [
        lambda border, rng: truths.flat(border, 5_000, N, rng),
        lambda border, rng: truths.flat(
            border, 5_000, N, rng, errors=truths.disc, position_model=["disc"] * N
        ),
        lambda border, rng: truths.fronts(border, 3_000, 700, 2 * N, rng),
        lambda border, rng: truths.districts(border, N, rng),
        lambda border, rng: truths.districts(border, N, rng, share=0.5, error=1_000),
    ],
    ids=["normal", "disc", "ellipse", "polygon", "mixture"],
)
def test_limits_hold_the_truth_under_the_model_that_is_true(draw, border):
    shares, _ = truths.coverage(border, draw(border, np.random.default_rng(11)))
    assert LOW <= shares["offset"] <= HIGH
    assert shares["distance"] >= LOW
    assert shares["chainage"] >= LOW


def test_limits_fail_where_errors_are_understated(border):
    drawn = truths.flat(border, 10_000, N, np.random.default_rng(12), stated=5_000)
    assert truths.coverage(border, drawn)[0]["offset"] < 70


def test_limits_fail_where_events_are_snapped_to_places_unless_their_cells_are_known(border):
    taken, even = truths.snapped(border, N, np.random.default_rng(13))
    assert truths.coverage(border, taken)[0]["offset"] < 70
    assert LOW <= truths.coverage(border, even)[0]["offset"] <= 96


@pytest.mark.parametrize("level", [0.5, 0.99])
def test_other_levels_hold_as_well(level, border):
    shares, _ = truths.coverage(border, truths.flat(border, 5_000, N, np.random.default_rng(14)), level=level)
    slack = 300 * np.sqrt(level * (1 - level) / N)
    assert shares["offset"] == pytest.approx(100 * level, abs=slack)


def test_probabilities_are_frequencies(border):
    drawn = truths.flat(border, 5_000, 3_000, np.random.default_rng(15), within=6_000.0)
    p_left = bl.locate(drawn.events, border, level=0.9)["p_left"].to_numpy()
    left = (drawn.offset > 0) & ~drawn.past
    for third in range(3):
        rows = (p_left >= third / 3) & (p_left <= (third + 1) / 3)
        assert left[rows].mean() == pytest.approx(p_left[rows].mean(), abs=1.5 / np.sqrt(rows.sum()))
