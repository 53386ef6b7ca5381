"""Names, posts, crossings and the other drawings, as the browser shows them."""

from __future__ import annotations

import itertools
import re

import pytest

import borderline as bl

pytest.importorskip("playwright.sync_api", reason="browser tests need playwright")
pytestmark = pytest.mark.browser


# Notes where the ink of every name falls, whatever the page believes of its size.
INK = """
window.ink = [];
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
  if (this.canvas.closest('.leaflet-names-pane')) {
    const m = this.measureText(text);
    window.ink.push({ text, box: [x - m.actualBoundingBoxLeft, y - m.actualBoundingBoxAscent,
      x + m.actualBoundingBoxRight, y + m.actualBoundingBoxDescent] });
  }
  return write.apply(this, arguments);
};
"""


def names_at(page, lon, lat, zoom):
    # Not the map, which would travel here whole.
    page.evaluate(f"void Borderline.page.map.setView([{lat}, {lon}], {zoom}, {{animate: false}})")
    return page.evaluate("Borderline.page.names.shown")


def apart(a, b):
    return a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]


@pytest.mark.parametrize("language", ["en", "th", "km"])
def test_no_names_collide_along_the_whole_border(opened, seeds_file, border, language):
    with opened(seeds_file, script=INK, fragment=f"#lang={language}") as page:
        page.wait_for_selector("html[data-bl-ready]", state="attached")
        for zoom, step in {7: 400, 8: 200, 9: 120, 10: 80}.items():
            kinds = set()
            for km in range(0, 817, step):
                point = border.interpolate(float(border.to_chainage(km)))
                shown = names_at(page, point.x, point.y, zoom)
                page.evaluate("window.ink.length = 0; Borderline.page.names.redraw()")
                ink = page.evaluate("window.ink")
                assert [name["text"] for name in ink] == [name["text"] for name in shown]
                assert len(ink) > 5
                for a, b in itertools.combinations(ink, 2):
                    assert apart(a["box"], b["box"]), (language, zoom, km, a, b)
                kinds |= {name["kind"] for name in shown}
            assert {"post", "province"} <= kinds
            assert ("crossing" in kinds) == (zoom >= 8)
            assert ("town" in kinds) == (zoom >= 9)


def test_names_follow_the_language_of_the_reader(seeds_page):
    def names(kind):
        names_at(seeds_page, 103.0, 13.9, 8)
        return {
            name["text"]
            for name in seeds_page.evaluate("Borderline.page.names.shown")
            if name["kind"] == kind
        }

    assert {"Battambang", "Siem Reap"} <= names("province")
    seeds_page.locator(".bl-head select").select_option("km")
    assert {"បាត់ដំបង", "សៀមរាប"} <= names("province")
    assert all("\u1780" <= text[0] <= "\u17ff" for text in names("post"))
    seeds_page.locator(".bl-head select").select_option("th")
    assert {"พระตะบอง", "เสียมราฐ"} <= names("province")


def test_each_country_can_be_named_in_its_own_script_first(opened, located, border, tmp_path):
    bl.explore(located, border, language="local").save(tmp_path / "local.html")
    with opened(tmp_path / "local.html") as page:
        page.wait_for_selector("html[data-bl-ready]", state="attached")
        assert page.locator("#bl-table summary").text_content() == "Incidents as a table"
        page.evaluate("void Borderline.page.map.setView([14.2, 103.6], 7.5, {animate: false})")
        texts = page.evaluate("Borderline.page.names.shown.map((name) => name.text)")
        assert {"สุรินทร์", "សៀមរាប"} <= set(texts)
        page.locator(".bl-head select").select_option("th")
        page.evaluate("Borderline.page.names.redraw()")
        texts = page.evaluate("Borderline.page.names.shown.map((name) => name.text)")
        assert "เสียมราฐ" in texts


def test_the_ground_ends_in_a_frame_and_not_in_a_coast(seeds_page):
    """Far out the land around ends in a straight edge; what lies beyond is neither land nor sea."""
    names_at(seeds_page, 103.0, 13.0, 3)
    seeds_page.evaluate("new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))")
    found = seeds_page.evaluate(
        """() => {
          const p = Borderline.page, canvas = document.querySelector('.leaflet-ground-pane canvas');
          const copy = document.createElement('canvas');
          copy.width = copy.height = 1;
          const context = copy.getContext('2d', { willReadFrequently: true });
          const frame = canvas.getBoundingClientRect(), ratio = canvas.width / frame.width;
          return [[13.5, 40], [20, 102], [0, 90]].map((at) => {
            const map = p.map.getContainer().getBoundingClientRect();
            const point = p.map.latLngToContainerPoint(at);
            const [x, y] = [map.left + point.x - frame.left, map.top + point.y - frame.top];
            context.clearRect(0, 0, 1, 1);
            context.drawImage(canvas, x * ratio, y * ratio, 1, 1, 0, 0, 1, 1);
            return Array.from(context.getImageData(0, 0, 1, 1).data).join();
          });
        }"""
    )
    assert found == ["247,248,249,255", "239,238,234,255", "0,0,0,0"]  # beyond, land around, sea


def test_the_line_lies_above_the_incidents_and_the_names_above_both(seeds_page):
    order = seeds_page.evaluate(
        "['border', 'incidents', 'line', 'names'].map((n) => +Borderline.page.map.getPane(n).style.zIndex)"
    )
    assert order == sorted(set(order))


def test_posts_speak_the_language_of_the_reader(seeds_page):
    names_at(seeds_page, 103.0, 13.4, 7.5)
    seeds_page.locator(".bl-head select").select_option("th")
    seeds_page.evaluate("Borderline.page.names.redraw()")
    texts = seeds_page.evaluate(
        "Borderline.page.names.shown.filter((s) => s.kind === 'post').map((s) => s.text)"
    )
    assert texts
    assert all(text.startswith("กม. ") for text in texts)


def test_other_drawings_are_shown_when_asked_for(seeds_page):
    drawings = "Borderline.page.ground.drawings.map((d) => Borderline.page.map.hasLayer(d.layer))"
    assert not any(seeds_page.evaluate(drawings))
    seeds_page.locator("summary", has_text="Other drawings").press("Enter")
    boxes = seeds_page.locator("#bl-side details details input")
    assert boxes.count() == len(seeds_page.evaluate(drawings)) > 3
    boxes.first.press("Space")
    assert seeds_page.evaluate(drawings) == [True] + [False] * (boxes.count() - 1)


def test_patches_are_hatched_and_can_be_hidden(seeds_page):
    shown = "Borderline.page.map.hasLayer(Borderline.page.ground.patches)"
    assert seeds_page.evaluate(shown)
    assert seeds_page.evaluate("Borderline.page.ground.patches.options.fillColor instanceof CanvasPattern")
    seeds_page.locator("label", has_text="Where drawings differ").locator("input").uncheck()
    assert not seeds_page.evaluate(shown)


def test_line_takes_the_colours_of_the_quantity_chosen(seeds_page, density):
    assert seeds_page.evaluate("Borderline.page.density.quantity") == "events_per_km"
    choice = seeds_page.locator("label", has_text=re.compile("^Line")).locator("select")
    choice.select_option("fatalities")
    assert seeds_page.locator(".bl-density legend").text_content() == "Fatalities known"
    classes = seeds_page.evaluate("Borderline.page.density.class")
    assert [k >= 0 for k in classes] == (density["fatalities"] > 0).tolist()
    labels = seeds_page.locator(".bl-density .bl-key").all_text_contents()
    assert labels[-1] == "none counted"
    assert len(labels) == len(set(classes))


def test_change_between_periods_is_one_of_the_quantities(opened, located, border, tmp_path):
    segments = bl.segment(border, every_km=20)
    density = bl.density(located, segments, within_km=25)
    change = bl.compare_periods(
        located,
        segments,
        before=("2025-05-01", "2025-08-01"),
        after=("2025-11-01", "2026-02-01"),
        within_km=10,
    )
    bl.explore(located, border, [density, change]).save(tmp_path / "both.html")
    with opened(tmp_path / "both.html") as page:
        page.wait_for_selector("html[data-bl-ready]", state="attached")
        note = page.locator(".bl-density .bl-small")
        assert f"{density['n_events'].sum()} incidents within 25 km" in note.text_content()
        choice = page.locator("label", has_text=re.compile("^Line")).locator("select")
        assert choice.locator("option").count() >= 4
        choice.select_option("rate_ratio")
        counted = int(change["n_before"].sum() + change["n_after"].sum())
        assert f"{counted} incidents within 10 km" in note.text_content()
        assert "over that in 1 May" in note.text_content()
        classes = page.evaluate("Borderline.page.density.class")
        assert [k >= 0 for k in classes] == change["rate_ratio"].notna().tolist()


def test_tiles_are_asked_for_only_when_ticked(browser, located, border, tmp_path):
    path = tmp_path / "tiles.html"
    address = "https://tiles.example.org/{z}/{x}/{y}.png"
    bl.explore(located, border, tiles=(address, "<b>Someone</b>")).save(path)
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("https://tiles.example.org/**", lambda route: route.abort())
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-bl-ready]", state="attached")
    assert asked == [path.as_uri()]
    with page.expect_request("https://tiles.example.org/**"):
        page.locator("label", has_text="Tiles from the network").locator("input").check()
    assert page.locator(".leaflet-control-attribution").text_content() == "<b>Someone</b>"
    assert {url.split("/")[2] for url in asked[1:]} == {"tiles.example.org"}
    page.close()
