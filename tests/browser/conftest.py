"""A browser with the network switched off, and the map of the built-in incidents in it."""

from __future__ import annotations

import shutil
from contextlib import contextmanager

import pytest
from browser.steps import ready

import borderline as bl

sync_api = pytest.importorskip("playwright.sync_api", reason="browser tests need playwright")

NAMES = ("chromium", "chromium-browser", "google-chrome")
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session")
def browser():
    with sync_api.sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, NAMES)), None)
        try:
            chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except sync_api.Error as error:
            pytest.skip(f"no Chromium to be found: {str(error).splitlines()[0]}")
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def opened(browser):
    """Open a file; afterwards nothing may have been asked for, said or thrown."""

    @contextmanager
    def open_(path, viewport=None, script=None, *, phone=False, fragment="", **options):
        size = viewport or (PHONE if phone else DESKTOP)
        context = browser.new_context(viewport=size, has_touch=phone, **options)
        context.set_offline(True)
        page = context.new_page()
        page.set_default_timeout(10_000)
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append("dialog"), dialog.dismiss()))
        if script:
            page.add_init_script(script)
        page.goto(path.as_uri() + fragment)
        yield page
        context.close()
        assert said == []
        assert [url for url in asked if not url.startswith(("data:", "blob:"))] == [path.as_uri()]

    return open_


@pytest.fixture(scope="session")
def border():
    return bl.load_border()


@pytest.fixture(scope="session")
def located(border):
    return bl.load_incidents().pipe(bl.geocode).pipe(bl.locate, border)


@pytest.fixture(scope="session")
def density(located, border):
    return bl.density(located, bl.segment(border, every_km=10), within_km=25)


@pytest.fixture(scope="session")
def seeds_file(located, border, density, tmp_path_factory):
    path = tmp_path_factory.mktemp("map") / "seeds.html"
    bl.explore(located, border, density).save(path)
    return path


@pytest.fixture
def seeds_page(opened, seeds_file):
    with opened(seeds_file) as page:
        yield ready(page)
