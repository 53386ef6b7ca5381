"""What the tests of the page do over and over."""

from __future__ import annotations

import borderline as bl


def ready(page):
    """Wait until the page has drawn itself."""
    page.wait_for_selector("html[data-bl-ready]", state="attached")
    return page


def settled(page):
    """Let the page draw what was chosen, and what waits until the choice rests."""
    page.evaluate("new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")
    page.wait_for_timeout(220)
    return page


def live(page):
    """Read how many incidents are said to be shown."""
    return page.locator(".bl-live").text_content()


def saved(located, border, folder, density=None, **options):
    """Save a map."""
    path = folder / "map.html"
    bl.explore(located, border, density, **options).save(path)
    return path
