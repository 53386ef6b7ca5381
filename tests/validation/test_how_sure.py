"""Limits and probabilities of `locate`: how often they hold, and where they do not."""

from __future__ import annotations

import numpy as np
import position_truths as truths
import pytest
import shapely

import borderline as bl

N = 2_000

#: What is drawn, and how; the model that is true is the one that is stated.
SCENARIOS = {
    "even over the land, normal errors of 500 m": lambda border, rng: truths.flat(border, 500, N, rng),
    "even over the land, normal errors of 5 km": lambda border, rng: truths.flat(border, 5_000, N, rng),
    "even over the land, normal errors of 25 km": lambda border, rng: truths.flat(border, 25_000, N, rng),
    "even over the land, discs of 5 km": lambda border, rng: truths.flat(
        border, 5_000, N, rng, errors=truths.disc, position_model=["disc"] * N
    ),
    "even over the land, ellipses of 3 km by 700 m": lambda border, rng: truths.fronts(
        border, 3_000, 700, 2 * N, rng
    ),
    "even over border districts": lambda border, rng: truths.districts(border, N, rng),
    "half within 1 km of a named point, half over its district": lambda border, rng: truths.districts(
        border, N, rng, share=0.5, error=1_000
    ),
    "reported at the nearest of 57 places, even over their cells": lambda border, rng: truths.snapped(
        border, N, rng
    )[1],
}

FAILING = {
    "true errors twice those stated": lambda border, rng: truths.flat(border, 10_000, N, rng, stated=5_000),
    "reported at the nearest of 57 places, taken for errors of 5 km": lambda border, rng: truths.snapped(
        border, N, rng
    )[0],
    "even over discs of 5 km, taken for normal errors": lambda border, rng: truths.flat(
        border, 5_000, N, rng, errors=truths.disc
    ),
}


@pytest.fixture(scope="module")
def border():
    return truths.exact_border()


@pytest.mark.parametrize("name", SCENARIOS)
def test_limits_hold_the_truth(name, border, record):
    drawn = SCENARIOS[name](border, np.random.default_rng(2026))
    shares, _ = truths.coverage(border, drawn)
    count = len(drawn.events)
    assert count >= N
    offset = shares["offset"]
    record("locate: offset at 90 %", name, count, f"{offset:.1f} %", "88 to 92 %", 88 <= offset <= 92)
    for column in ("distance", "chainage"):
        share = shares[column]
        record(f"locate: {column} at 90 %", name, count, f"{share:.1f} %", "at least 88 %", share >= 88)


@pytest.mark.parametrize("name", FAILING)
def test_limits_that_do_not_hold(name, border, record):
    drawn = FAILING[name](border, np.random.default_rng(2026))
    offset = truths.coverage(border, drawn)[0]["offset"]
    record(
        "locate: offset at 90 %",
        name,
        N,
        f"{offset:.1f} %",
        "88 to 92 %",
        88 <= offset <= 92,
        must_fail=True,
    )


def test_heavy_tails(border, record):
    """Errors of Student's t with 2 degrees of freedom: 90 % lie within the error, the rest far off."""
    drawn = truths.flat(border, 5_000, N, np.random.default_rng(2026), errors=truths.heavy)
    for level in (0.9, 0.99):
        offset = truths.coverage(border, drawn, level=level)[0]["offset"]
        record(
            f"locate: offset at {level * 100:g} %",
            "heavy tails, taken for normal errors of 5 km",
            N,
            f"{offset:.1f} %",
            "at least 88 %" if level == 0.9 else "at least 98 %",
            offset >= (88 if level == 0.9 else 98),
            must_fail=level == 0.99,
        )


def test_probabilities_are_frequencies(border, record):
    drawn = truths.flat(border, 5_000, 30_000, np.random.default_rng(2027), within=6_000.0)
    p_left = bl.locate(drawn.events, border, level=0.9)["p_left"].to_numpy()
    left = (drawn.offset > 0) & ~drawn.past
    tenth = np.minimum((p_left * 10).astype(int), 9)
    worst = max(abs(left[tenth == n].mean() - p_left[tenth == n].mean()) for n in range(10))
    record(
        "locate: p_left against the share on the left",
        "even over the land, normal errors of 5 km, worst tenth",
        len(p_left),
        f"{worst:.3f}",
        "at most 0.03",
        worst <= 0.03,
    )


@pytest.mark.parametrize(("error", "scale"), [(5_000, 500), (500, 500), (2_000, 2_000)])
def test_sides_called_known(error, scale, border, record):
    drawn = truths.hugging(border, error, scale, N, np.random.default_rng(2028))
    _, located = truths.coverage(border, drawn)
    known, wrong = truths.called_certain(drawn, located)
    flat = located[["p_left", "p_right"]].max(axis=1).to_numpy() >= 0.9
    left = located["p_left"].to_numpy() > located["p_right"].to_numpy()
    wrong_flat = flat & (left != (drawn.offset > 0))
    scenario = f"events within {scale:,} m of the line (sd), errors of {error:,} m"
    record(
        "locate: sides called known that are wrong",
        scenario,
        N,
        f"{wrong.sum():,} of {known.sum():,}",
        "at most 10 %",
        wrong.sum() <= 0.1 * known.sum(),
    )
    share = wrong_flat.sum() / max(1, flat.sum())
    record(
        "locate: sides that reach 90 % with the flat prior and are wrong",
        scenario,
        N,
        f"{share * 100:.0f} % of {flat.sum():,}",
        "at most 10 %",
        share <= 0.1,
        must_fail=error > scale,
    )


def test_the_line_that_is_displaced(record):
    """The other survey is taken for the true line; what the record of accuracy says must hold it."""
    drawn_line, true_line = bl.load_border(), bl.load_border(line="rtsd-2019")
    rng = np.random.default_rng(2029)
    lon, lat = truths.near_line(drawn_line, N, 3_000, rng)
    points = truths.moved(lon, lat, *truths.normal(100, N, rng))
    drawn = truths.simulated(true_line, lon, lat, points, location_error_m=np.full(N, 100.0))
    located = bl.locate(drawn.events, drawn_line, level=0.9)
    inside = (located["offset_low_m"] <= drawn.offset) & (drawn.offset <= located["offset_high_m"])
    share = 100 * inside[~drawn.past].mean()
    record(
        "locate: offset at 90 %",
        "the line displaced as rtsd-2019 is, errors of 100 m",
        int((~drawn.past).sum()),
        f"{share:.1f} %",
        "at least 88 %",
        share >= 88,
    )


def test_shared_draws_count_a_bank(record):
    """Forty events at one place of a displaced line: all change side together."""
    line = bl.load_border()
    runs, held, alone = 400, 0, 0
    rng = np.random.default_rng(2030)
    chainage = rng.uniform(20_000, line.length_m - 20_000, runs)
    from borderline.positions import draw_positions  # noqa: PLC0415 - the room is no public module

    for row, foot in enumerate(shapely.get_coordinates(line.interpolate(chainage))):
        sd = line.accuracy_at(chainage[row]) / 1.6448536
        shift = rng.normal(0, sd, 2)
        offset = rng.normal(0, 300, (2, 40))
        lon, lat = truths.moved(np.full(40, foot[0]), np.full(40, foot[1]), *offset)
        truth = line.foot(*truths.moved(lon, lat, *(shift[:, None] * np.ones(40)))).offset
        events = truths.simulated(line, lon, lat, (lon, lat), location_error_m=np.full(40, 1.0)).events
        draws = draw_positions(events, line, n_draws=200, seed=row, verb="density")
        count = (draws.offset_m > 0).sum(axis=1)
        p_left = (draws.offset_m > 0).mean(axis=0)
        free = (rng.random((200, 40)) < p_left).sum(axis=1)
        true = (truth > 0).sum()
        held += np.quantile(count, 0.05) <= true <= np.quantile(count, 0.95)
        alone += np.quantile(free, 0.05) <= true <= np.quantile(free, 0.95)
    share, without = held / runs, alone / runs
    scenario = "40 events within 300 m of one place, the line displaced"
    record(
        "draws: count of a bank at 90 %",
        scenario,
        runs,
        f"{share * 100:.0f} %",
        "88 to 97 %",
        0.88 <= share <= 0.97,
    )
    record(
        "draws: count of a bank at 90 %, each event for itself",
        scenario,
        runs,
        f"{without * 100:.0f} %",
        "88 to 97 %",
        0.88 <= without <= 0.97,
        must_fail=True,
    )
