"""
How fast the map of very many incidents is built, opens and answers, beside stock folium.

Each page is opened in Chromium without a graphics card and without a network. "Ready" counts from
the start of navigation to two frames after everything is drawn, the middle of three fresh pages.
Frames are gaps between animation frames: the longest while the map is dragged at three zooms, and
the 95th in a hundred while a window moves over both charts. A slow computer is Chromium's own
brake, four times. `processor` seconds say more than the clock where others use the machine.
"""

from __future__ import annotations

import re
import shutil
import time

import folium
import numpy as np
import pytest

import borderline as bl
from borderline.mapping._page_assets import LEAFLET_CSS, LEAFLET_JS, read_vendored

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")

ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-dev-shm-usage"]
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
READY = "html[data-bl-ready]"

# Collects the gaps between animation frames.
WATCH = """() => {
  window.gaps = [];
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""

# Moves a window over the time chart, then over the profile too; the milliseconds of each frame's work.
BRUSH = """async () => {
  const p = Borderline.page, work = [];
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const span = p.filter.lastDay - p.filter.firstDay;
  gaps.length = 0;
  for (let k = 0; k < 120; k++) {
    const from = p.filter.firstDay + Math.round(span * k / 150);
    const change = { days: [from, from + Math.round(span / 5)] };
    if (k >= 60) change.km = [k * 40, k * 40 + 2000];
    p.filter.set(change);
    await frame();
    await frame();
    work.push(p.paintMs);
  }
  const p95 = (list) => list.slice().sort((a, b) => a - b)[Math.floor(list.length * .95)];
  const found = { work: p95(work), gap: p95(gaps) };
  p.filter.reset();
  await frame();
  return found;
}"""

CENTRE = """(zoom) => {
  const p = Borderline.page, row = p.total >> 1;
  p.map.setView([p.columns.lat[row], p.columns.lon[row]], zoom, { animate: false });
}"""

JQUERY = """window.$ = (markup) => {
  const template = document.createElement('template');
  template.innerHTML = markup.trim();
  return [template.content.firstElementChild];
};"""

CARD = """async () => {
  const started = performance.now();
  await Borderline.page.read(Borderline.page.total >> 1);
  return performance.now() - started;
}"""


@pytest.fixture(scope="module")
def chromium():
    with sync_api.sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def opened(chromium, path, *, slower=1, ready=READY):
    """Open a page; itself and the milliseconds until it was ready."""
    page = chromium.new_context(viewport={"width": 1280, "height": 800}, offline=True).new_page()
    if slower > 1:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(path.as_uri())
    page.wait_for_selector(ready, state="attached", timeout=120_000)
    page.evaluate(FRAMES)
    return page, page.evaluate("performance.now()")


def ready_ms(chromium, path, **options):
    found = []
    for _ in range(3):
        page, ready = opened(chromium, path, **options)
        found.append(ready)
        page.context.close()
    return round(np.median(found))


def dragged(page):
    """The longest frame while the map is dragged, milliseconds."""
    box, longest = page.locator(".folium-map").bounding_box(), 0.0
    for zoom in (8, 10, 12):
        page.evaluate(CENTRE, zoom)
        page.wait_for_timeout(500)
        page.evaluate("gaps.length = 0")
        x, y = box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.4
        page.mouse.move(x, y)
        page.mouse.down()
        for step in range(60):
            page.mouse.move(x - step * 6, y + step * 2)
            page.wait_for_timeout(8)
        page.mouse.up()
        page.wait_for_timeout(600)
        longest = max(longest, page.evaluate("Math.max(...gaps)"))
    return longest


def built(benchmark, build):
    """Seconds of the processor that the faster of two builds takes."""
    spent = []

    def once():
        before = time.process_time()
        build()
        spent.append(time.process_time() - before)

    benchmark.pedantic(once, rounds=2)
    return min(spent)


@pytest.mark.parametrize(("count", "notes"), [(100_000, True), (1_000_000, False)], ids=["100k", "1M"])
def test_map(benchmark, chromium, crowd, tmp_path, count, notes):
    located, border = crowd(count, notes=notes)
    path = tmp_path / "map.html"
    bl.explore(located.iloc[:5], border).get_root().render()  # the ground is made once a process
    spent = built(benchmark, lambda: bl.explore(located, border).save(path))
    page, _ = opened(chromium, path)
    page.evaluate(WATCH)
    card, pan, brush = page.evaluate(CARD), dragged(page), page.evaluate(BRUSH)
    assert page.evaluate("Borderline.page.filter.rows") == count
    page.context.close()
    benchmark.extra_info |= {
        "processor ms to build": round(1000 * spent),
        "kB": round(path.stat().st_size / 1000),
        "ms to be ready": ready_ms(chromium, path),
        "ms on a slow computer": ready_ms(chromium, path, slower=4),
        "ms to the first card": round(card),
        "ms the longest frame while dragging": round(pan),
        "ms of work a brush frame (p95)": round(brush["work"], 1),
        "ms between brush frames (p95)": round(brush["gap"], 1),
    }


def test_stock_folium(benchmark, chromium, crowd, tmp_path):
    """Circle markers with popups on a canvas, a tenth of the incidents."""
    located, _ = crowd(10_000, notes=True)
    path = tmp_path / "stock.html"

    def build():
        stock = folium.Map([14, 104], zoom_start=7, prefer_canvas=True, tiles=None)
        for point, note in zip(located.geometry, located["notes"], strict=True):
            folium.CircleMarker([point.y, point.x], radius=3, popup=note).add_to(stock)
        stock.save(path)

    spent = built(benchmark, build)
    size = path.stat().st_size
    path.write_text(inlined(path.read_text(encoding="utf-8")), encoding="utf-8")
    benchmark.extra_info |= {
        "processor ms to build": round(1000 * spent),
        "kB": round(size / 1000),
        "ms to be ready": ready_ms(chromium, path, ready="canvas.leaflet-zoom-animated"),
    }


def inlined(page):
    """A page of folium with Leaflet inside, what its popups need of jQuery, and nothing else to load."""
    page = re.sub(r'<script src="[^"]*"></script>|<link[^>]*/>', "", page)
    scripts = "".join(f"<script>{text}</script>" for text in (read_vendored(LEAFLET_JS), JQUERY))
    return page.replace("<head>", f"<head><style>{read_vendored(LEAFLET_CSS)}</style>{scripts}", 1)
