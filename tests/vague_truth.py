"""
Truth to hold counts of vague positions against: events, reports and lines drawn by numpy alone.

The border is a stretch of the equator, so chainage and offset of a true place are its coordinates
in kilometres; nothing here comes from the library's lattice, draws or fields.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import borderline as bl

#: Kilometres a degree along the equator and across it, on WGS 84.
EAST, NORTH = 111.3195, 110.5743
LENGTH = 818.0
#: Radius of 90 % of a round normal distribution, in standard deviations.
RADIUS = np.sqrt(2 * np.log(10))
#: Errors of the built-in incidents, kilometres, by their frequency.
ERRORS = np.repeat([0.5, 2.0, 3.0, 5.0, 7.0, 8.0, 25.0], [25, 37, 22, 45, 23, 11, 21])
SEGMENT_KM = 10.0
WITHIN_KM = 25.0


def make_border(accuracy_m=None):
    line = shapely.LineString([(100, 0), (100 + LENGTH / EAST, 0)])
    return bl.Border.from_line(line, left="XAA", right="XBB", name="equator", accuracy_m=accuracy_m)


def locate_reports(border, along_km, across_km, error_km):
    """Locate reports at these places, with these errors."""
    points = gpd.points_from_xy(100 + np.asarray(along_km) / EAST, np.asarray(across_km) / NORTH)
    error = pd.array(np.broadcast_to(np.asarray(error_km, float) * 1000, len(points)), dtype="Float64")
    table = {"location_error_m": error, "position_model": pd.array(["normal"] * len(points), dtype="string")}
    return bl.locate(gpd.GeoDataFrame(table, geometry=points, crs=4326), border)


def report(rng, along_km, across_km, error_km):
    """Report true places with round normal errors."""
    sd = error_km / RADIUS
    return along_km + rng.normal(size=len(along_km)) * sd, across_km + rng.normal(size=len(along_km)) * sd


def displace(rng, along_km, sd_km, length_km=1.8):
    """Draw how far the true line lies left of the drawn one at each place: a Gaussian field."""
    places, where = np.unique(along_km, return_inverse=True)
    apart = places[:, None] - places
    root = np.linalg.cholesky(np.exp(-((apart / length_km) ** 2)) + 1e-9 * np.eye(len(places)))
    return (root @ rng.normal(size=len(places)) * sd_km)[where]


# Truth by segment ------------------------------------------------------------


def smooth(rng, n):
    """Places of an intensity with two broad waves, from 60 km before the line to 60 km past it."""
    along = []
    while sum(map(len, along)) < n:
        tried = rng.uniform(-60, LENGTH + 60, 2 * n)
        along.append(tried[rng.random(2 * n) < (1 + 0.8 * np.sin(tried / LENGTH * 4 * np.pi)) / 1.8])
    return np.concatenate(along)[:n]


CENTRES = np.array([35.0, 107, 151, 244, 322, 401, 487, 562, 655, 748])


def clusters(rng, n):
    """Places round ten points, 1.5 km either way."""
    return rng.choice(CENTRES, n) + rng.normal(0, 1.5, n)


def expect_segments(draw, n, breaks):
    """Expected events of segments within `WITHIN_KM`, from a million of them; all are that near."""
    along = draw(np.random.default_rng(0), 1_000_000)
    return np.histogram(along, breaks)[0] * (n / 1_000_000)


def compare_estimates(draw, n, runs, seed):
    """Integrated error of dropping, spread and deconvolved counts, over that of plain ones."""
    border, rng = make_border(), np.random.default_rng(seed)
    segments = bl.segment(border, every_km=SEGMENT_KM)
    breaks = np.append(segments["from_m"], border.length_m) / 1000
    truth = expect_segments(draw, n, breaks)
    error = dict.fromkeys(("plain", "dropping", "spread", "deconvolved"), 0.0)
    for _ in range(runs):
        along, across, errors = draw(rng, n), rng.normal(0, 2, n), rng.choice(ERRORS, n)
        events = locate_reports(border, *report(rng, along, across, errors), errors)
        precise = events[errors <= 5]
        options = {"segments": segments, "within_km": WITHIN_KM, "exposure": "length"}
        counts = {
            "plain": bl.density(events, **options)["n_events"],
            "dropping": bl.density(precise, **options)["n_events"] * (n / len(precise)),
            "spread": bl.density(events, **options, positions="spread")["n_expected"],
            "deconvolved": bl.density(events, **options, positions="spread", deconvolve=5)["n_expected"],
        }
        for name, count in counts.items():
            error[name] += np.abs(count.to_numpy(dtype=float) - truth).sum()
    return {name: total / error["plain"] for name, total in error.items()}


# Coverage --------------------------------------------------------------------


def cover_bank(kind, runs, seed, error_km=0.1, modes=("spread", "impute"), level=0.9, draws=200):
    """
    Share of runs in which limits hold the true count of the left bank, by how positions count.

    A number: 40 events good to `error_km` at one place, that many kilometres from the drawn line at most.
    ``flat``: 158 events at 57 places along the line, even over 60 km either side, with the built-in errors.
    The true line lies elsewhere than the drawn one, which is good to 450 m.
    """
    border, rng = make_border(accuracy_m=450.0), np.random.default_rng(seed)
    held = dict.fromkeys(modes, 0)
    for run in range(runs):
        if kind != "flat":
            along, error = np.full(40, rng.uniform(50, LENGTH - 50)), np.full(40, error_km)
            reported_along, reported_across = along, np.full(40, rng.uniform(-kind, kind))
            # With an even prior the truth is spread round the report as the report round the truth.
            _, across = report(rng, along, reported_across, error)
        else:
            place = rng.uniform(50, LENGTH - 50, 57)[rng.integers(0, 57, 158)]
            error = rng.choice(ERRORS, 158)
            along, across = place, rng.uniform(-60, 60, 158)
            reported_along, reported_across = report(rng, along, across, error)
        truth = int((across > displace(rng, along, 0.45 / 1.6449)).sum())
        events = locate_reports(border, reported_along, reported_across, error)
        for mode in modes:
            table = bl.bands(events, border, edges_km=[0], positions=mode, level=level, draws=draws, seed=run)
            left = table[table["side"] == "XAA"].iloc[0]
            held[mode] += left["n_events_low"] <= truth <= left["n_events_high"]
    return {mode: count / runs for mode, count in held.items()}


def cover_rate(per_km, error_km, runs, seed, mode="spread", level=0.9):
    """
    Share of segments whose limits hold the rate, and whose limits of the count do.

    Events are a Poisson process even over the land, 60 km past either end and 60 km from the line;
    `per_km` of them are within `WITHIN_KM` for each kilometre of line.
    """
    border, rng = make_border(), np.random.default_rng(seed)
    segments = bl.segment(border, every_km=SEGMENT_KM)
    held = np.zeros(2)
    for run in range(runs):
        n = rng.poisson(per_km * (LENGTH + 120) * 60 / WITHIN_KM)
        along, across = rng.uniform(-60, LENGTH + 60, n), rng.uniform(-60, 60, n)
        errors = np.full(n, float(error_km))
        events = locate_reports(border, *report(rng, along, across, errors), errors)
        rates = bl.density(
            events, segments, within_km=WITHIN_KM, exposure="length", positions=mode, level=level, seed=run
        )
        length = rates["length_km"].to_numpy()
        true_rate = np.full(len(rates), per_km)
        held[0] += (
            (rates["events_per_km_low"] <= true_rate) & (true_rate <= rates["events_per_km_high"])
        ).mean()
        count = true_rate * length
        held[1] += ((rates["n_events_low"] <= count) & (count <= rates["n_events_high"])).mean()
    return dict(zip(("rate", "count"), held / runs, strict=True))
