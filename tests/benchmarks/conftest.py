"""What benchmarks share, and one line each: the facts that the pages quote."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import borderline as bl

TYPES = ["ground_clash", "artillery_rocket", "airstrike", "shooting", "diplomatic_event", "arrest"]
SENTENCE = (
    "the of soldiers shell fired near village border patrol mine temple wounded reported artillery "
    "rocket clash army said morning evening troops exchanged fire crossing hill"
)


def pytest_terminal_summary(terminalreporter, config):
    session = getattr(config, "_benchmarksession", None)
    for bench in getattr(session, "benchmarks", []):
        if bench.stats and bench.extra_info:
            facts = ", ".join(f"{value:,} {name}" for name, value in bench.extra_info.items())
            terminalreporter.write_line(f"{bench.name:40s} {facts}")


@pytest.fixture(scope="session")
def crowd():
    """
    Make very many incidents along the built-in border, located.

    Seven in ten lie about a dozen hot spots, Laplace distances of 2.5 km from the line, in fifteen
    years with a burst; notes are twelve words, each row with a link of its own.
    """
    border = bl.load_border()

    def make(count, *, notes):
        rng = np.random.default_rng(5)
        spots = rng.uniform(0, border.length_m, 12)
        at = np.where(
            rng.random(count) < 0.7,
            rng.choice(spots, count) + rng.normal(0, 8000, count),
            rng.uniform(0, border.length_m, count),
        )
        feet = shapely.get_coordinates(border.interpolate(np.clip(at, 0, border.length_m)))
        points = feet + rng.laplace(0, 0.0225, (count, 2))
        days = np.where(rng.random(count) < 0.4, rng.normal(5200, 60, count), rng.uniform(0, 5500, count))
        days = pd.to_timedelta(np.clip(days, 0, 5500).astype(int), "D")
        table = {
            "event_date": pd.Timestamp("2011-01-01") + days,
            "event_type": rng.choice(TYPES, count),
            "fatalities": rng.poisson(0.6, count),
            "actor1": rng.choice(["Army A", "Army B", "Villagers"], count),
            "location_error_m": rng.choice([500.0, 3000.0], count),
        }
        if notes:
            table["notes"] = [" ".join(row) for row in rng.choice(SENTENCE.split(), (count, 12))]
            table["source_url"] = [f"https://example.org/news/{k}" for k in rng.integers(0, 10**7, count)]
        frame = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(*points.T), crs=4326)
        return bl.locate(frame, border), border

    return make
