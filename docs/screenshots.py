"""
Take the pictures of what a browser shows, for the pages: ``python docs/screenshots.py``.

They need Chromium, as the browser tests do. The figures of the pages are drawn by ``docs/outputs.py``.
"""

from __future__ import annotations

import io
import pathlib
import tempfile

from PIL import Image
from playwright.sync_api import sync_playwright

import borderline as bl

DOCS = pathlib.Path(__file__).parent
#: Where Debian keeps Chromium; elsewhere Playwright finds its own.
CHROMIUM = pathlib.Path("/usr/bin/chromium")
#: The table stands on white, with some room about its cells.
LOOK = "body { font: 14px sans-serif; width: 1000px } td, th { padding: 4px 12px }"


def save_small(shot, path):
    """Save a screenshot with 256 colours."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    picture = picture.quantize(256, method=Image.Quantize.MEDIANCUT, kmeans=8, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)


def main():
    border = bl.load_border()
    located = bl.load_incidents().pipe(bl.geocode).pipe(bl.locate, border)
    talk = ["diplomatic_event", "protest_confrontation", "incursion_allegation"]
    violent = located[~located["event_type"].isin(talk)]
    density = bl.density(violent, every_km=10, within_km=25)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_path, table_path = pathlib.Path(folder, "map.html"), pathlib.Path(folder, "table.html")
        bl.explore(located, border, density).save(page_path)
        table = bl.tabulate(density.nlargest(5, "events_per_km")).to_html()
        table_path.write_text(
            f'<meta charset="utf-8"><style>{LOOK}</style>{table}',
            encoding="utf-8",
        )
        browser = playwright.chromium.launch(executable_path=CHROMIUM if CHROMIUM.exists() else None)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(page_path.as_uri())
        page.wait_for_timeout(2000)  # until labels and charts are drawn
        save_small(page.screenshot(), DOCS / "map.png")
        page.goto(table_path.as_uri())
        save_small(page.locator("table").screenshot(), DOCS / "how-to" / "density.png")
        browser.close()


if __name__ == "__main__":
    main()
