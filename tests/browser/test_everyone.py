"""The page for everyone: languages, keyboard, axe, print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser.steps import live, ready, saved, settled

sync_api = pytest.importorskip("playwright.sync_api", reason="browser tests need playwright")
expect = sync_api.expect
pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[1] / "js" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.mark.parametrize(("language", "word"), [("th", "เหตุการณ์"), ("km", "ហេតុការណ៍")])
def test_the_page_speaks(opened, seeds_file, language, word):
    with opened(seeds_file, fragment=f"#lang={language}") as page:
        ready(page)
        assert page.evaluate("document.documentElement.lang") == language
        for selector in ("h1", ".bl-live", "#bl-status", "#bl-table summary", "figcaption"):
            assert word in page.locator(selector).first.text_content(), selector
        left = page.evaluate(
            """Array.from(document.querySelectorAll('[data-t]'))
              .filter((e) => e.offsetParent && /^[\\x20-\\x7e]+$/.test(e.textContent))
              .map((e) => e.textContent)"""
        )
        assert left == []
        assert page.title() == page.locator("h1").text_content()
        assert page.title() in page.locator(".folium-map").get_attribute("aria-label")
        page.locator("#bl-about summary").click()
        assert not re.search(r"[a-z]", page.locator("#bl-about [data-t]").last.text_content())
        page.locator(".bl-head select").select_option("en")
        settled(page)
        assert live(page).startswith("All ")
        assert page.evaluate("document.documentElement.lang") == "en"


def test_a_heading_of_the_analyst_stays_as_it_is(opened, located, border, tmp_path):
    path = saved(located, border, tmp_path, title="Mines, 2025")
    with opened(path, fragment="#lang=th") as page:
        assert ready(page).locator("h1").text_content() == page.title() == "Mines, 2025"


def test_every_text_is_there_in_three_languages(seeds_page):
    texts = seeds_page.evaluate(
        "Borderline.unpack('bl-texts').then((b) => JSON.parse(new TextDecoder().decode(b)))"
    )
    for key, three in texts.items():
        assert len(three) == 3, key
        assert all(three), key
        holes = [sorted(re.findall(r"\{(\w+)\}", text)) for text in three]
        assert holes[0] == holes[1] == holes[2], key


# Colours do not depend on the language, nor words on the scheme.
@pytest.mark.parametrize(
    ("scheme", "language"), [("light", "en"), ("light", "th"), ("light", "km"), ("dark", "en")]
)
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_axe_finds_nothing(opened, seeds_file, phone, scheme, language):
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci in tests/js): accessibility is not checked by it")
    # The page's policy runs no script that is not its own; axe comes from outside of it.
    look = "axe.run().then((r) => r.violations.map((v) => [v.id, v.nodes[0].html]))"
    with opened(
        seeds_file, phone=phone, color_scheme=scheme, bypass_csp=True, fragment=f"#lang={language}"
    ) as page:
        ready(page).add_script_tag(path=str(AXE))
        page.locator("#bl-table summary").click()
        page.wait_for_selector("#bl-table tbody tr")
        assert page.evaluate(look) == []
        page.locator("#bl-table summary").click()
        page.evaluate("void Borderline.page.show(100)")
        page.wait_for_selector(".bl-sheet")
        assert page.evaluate(look) == []
        page.keyboard.press("Escape")
        if phone:
            page.locator(".bl-legend > summary").click()
        else:
            page.locator("#bl-about summary").click()
        assert page.evaluate(look) == []


def test_every_control_is_at_most_15_stops_away(seeds_page):
    stops = []
    name = """() => {
      const here = document.activeElement;
      if (here === document.body) return -1;
      window.stops = window.stops || [];
      if (!window.stops.includes(here)) window.stops.push(here);
      return window.stops.indexOf(here);
    }"""
    for _ in range(40):
        seeds_page.keyboard.press("Tab")
        here = seeds_page.evaluate(name)
        if here < 0 or here in stops:
            break
        stops.append(here)
    assert len(stops) <= 15
    reached = seeds_page.evaluate(
        """() => {
          const kinds = 'fieldset, [role=toolbar], .leaflet-bar, footer';
          const panel = document.getElementById('bl-panel');
          const group = (one) =>
            one.closest('.bl-also, .bl-boxes') || (one.closest('.bl-tools, .bl-modes') && panel)
            || one.closest(kinds) || one;
          const groups = window.stops.map(group);
          return Array.from(document.querySelectorAll('a, button, input, select, summary, [tabindex="0"]'))
            .filter((one) => one.checkVisibility() && !one.disabled)
            .filter((one) => !groups.some((group) => group.contains(one)))
            .map((one) => one.outerHTML.slice(0, 80));
        }"""
    )
    assert reached == []
    # Within a group the arrow keys lead on.
    seeds_page.locator(".bl-play").focus()
    seeds_page.keyboard.press("End")
    assert seeds_page.evaluate("document.activeElement.textContent") == "Incidents per km"
    seeds_page.keyboard.press("Enter")
    assert seeds_page.evaluate("Borderline.page.profile.mode") == "intensity"
    seeds_page.locator("fieldset:has(.bl-icon) input").first.focus()
    seeds_page.keyboard.press("ArrowDown")
    assert seeds_page.evaluate(
        "document.activeElement === document.querySelectorAll('fieldset .bl-icon')[1].previousElementSibling"
    )


# What the browser takes for paper: the page of itself, and what it does when printing begins and ends.
PAPER = """(border) => {
  const p = Borderline.page, before = location.hash;
  window.dispatchEvent(new Event('beforeprint'));
  const frame = p.map.getContainer().getBoundingClientRect();
  const inside = border.every(([lat, lon]) => p.map.getBounds().contains([lat, lon]));
  const picture = document.querySelector('.bl-picture');
  const { data } = picture.getContext('2d').getImageData(0, 0, picture.width, picture.height);
  const colours = new Set(new Uint32Array(data.buffer)).size;
  const side = document.querySelector('#bl-side');
  const cut = side.scrollHeight > side.clientHeight || side.scrollWidth > side.clientWidth;
  window.dispatchEvent(new Event('afterprint'));
  const back = p.map.getContainer().getBoundingClientRect();
  const left = document.querySelectorAll('.bl-picture').length;
  return { width: frame.width, back: back.width, inside, colours, cut, left, kept: before === location.hash };
}"""


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_paper_holds_the_whole_border_and_the_page_comes_back(opened, seeds_file, border, phone):
    with opened(seeds_file, phone=phone) as page:
        ready(page).emulate_media(media="print")
        west, south, east, north = border.line.bounds
        found = page.evaluate(PAPER, [[south, west], [north, east]])
        assert found["width"] == 790
        assert found["inside"]
        assert found["colours"] > 100
        assert not found["cut"]
        assert found["left"] == 0
        assert found["kept"]
        assert found["back"] != 790


def test_it_prints_on_one_page_with_its_legend(seeds_page):
    pdf = seeds_page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    seeds_page.emulate_media(media="print")
    expect(seeds_page.locator(".bl-legend .bl-icon").first).to_be_visible()
    assert not seeds_page.locator(".bl-tools").is_visible()
