"""
How fast the page of a map answers, in Chromium without a graphics card.

Incidents are synthetic: most in a dozen hot spots, Laplace distances of 2.5 km from
the line, fifteen years with two bursts. A frame is everything the page does in one
animation frame while a window is drawn over a chart; "ready" counts from navigation.
"""

from __future__ import annotations

import shutil
import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import borderline as bl

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")

ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-dev-shm-usage"]
TYPES = ["ground_clash", "artillery_rocket", "airstrike", "shooting", "diplomatic_event", "arrest"]
WORDS = ["shells", "fell", "near", "the", "village", "at", "dawn", "and", "two", "houses", "burned"]


def synthetic(count, *, notes):
    """Incidents along the built-in border, located."""
    border = bl.load_border()
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
    table = {
        "event_date": pd.Timestamp("2011-01-01") + pd.to_timedelta(np.clip(days, 0, 5500).astype(int), "D"),
        "event_type": rng.choice(TYPES, count),
        "fatalities": rng.poisson(0.6, count),
        "actor1": rng.choice(["Army A", "Army B", "Villagers"], count),
        "location_error_m": rng.choice([500.0, 3000.0], count),
    }
    if notes:
        words = np.array(WORDS)
        table["notes"] = [" ".join(row) for row in words[rng.integers(0, len(words), (count, 12))]]
        table["source_url"] = [f"https://example.org/report/{k}" for k in range(count)]
    frame = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(*points.T), crs=4326)
    return bl.locate(frame, border), border


# Draws a window over the time chart, then over the profile, a step a frame, and gives the
# milliseconds of each frame's work.
BRUSH = """async () => {
  const p = Borderline.page, times = [];
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const span = p.filter.lastDay - p.filter.firstDay;
  const gaps = [];
  let last = performance.now();
  for (let k = 0; k < 120; k++) {
    const from = p.filter.firstDay + Math.round(span * k / 150);
    const change = { days: [from, from + Math.round(span / 5)] };
    if (k >= 60) change.km = [k * 40, k * 40 + 2000];
    p.filter.set(change);
    await frame();
    await frame();
    times.push(p.paintMs);
    const now = performance.now();
    gaps.push((now - last) / 2);
    last = now;
  }
  const p95 = (list) => list.slice().sort((a, b) => a - b)[Math.floor(list.length * .95)];
  return { work: p95(times), gap: p95(gaps), most: Math.max(...times) };
}"""


@pytest.fixture(scope="module")
def chromium():
    with sync_api.sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.mark.parametrize(("count", "notes"), [(100_000, True), (1_000_000, False)], ids=["100k", "1M"])
def test_page(benchmark, chromium, tmp_path, count, notes):
    located, border = synthetic(count, notes=notes)
    path = tmp_path / "map.html"
    started = time.process_time()
    benchmark.pedantic(lambda: bl.explore(located, border).save(path), rounds=1)
    built = time.process_time() - started
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_offline(True)
    page = context.new_page()
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-bl-ready]", state="attached", timeout=120_000)
    ready = page.evaluate("new Promise((r) => requestAnimationFrame(() => r(performance.now())))")
    frames = page.evaluate(BRUSH)
    benchmark.extra_info["kB"] = round(path.stat().st_size / 1000)
    benchmark.extra_info["ms CPU to build"] = round(1000 * built)
    benchmark.extra_info["ms to ready"] = round(ready)
    benchmark.extra_info["ms a brush frame (p95)"] = round(frames["work"])
    benchmark.extra_info["ms between brush frames (p95)"] = round(frames["gap"])
    assert page.evaluate("Borderline.page.filter.rows") == count
    context.close()
