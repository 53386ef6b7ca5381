"""Choosing incidents on the page: windows over time and border, types, sides, actors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from browser.steps import live, ready, settled

import borderline as bl

sync_api = pytest.importorskip("playwright.sync_api", reason="browser tests need playwright")
expect = sync_api.expect
pytestmark = pytest.mark.browser


def day_number(value):
    return int(pd.Timestamp(value).to_numpy().astype("datetime64[D]").astype(int))


def side_to_choose(located):
    """Return the side of each incident where its position decides it, ``?`` where it does not."""
    sure = bl.locate(located, bl.load_border(), level=0.9)
    return sure["side"].mask(~sure["side_known"] & sure["side"].notna(), "?")


def test_counts_are_those_of_the_table(seeds_page, located):
    rng = np.random.default_rng(3)
    km = located["measure_km"].to_numpy()
    days = located["event_date"]
    ends = located["event_date_end"].fillna(days)
    sides = seeds_page.evaluate("Borderline.page.sides")
    actors = [name for name, _ in seeds_page.evaluate("Borderline.page.actors")]
    side = side_to_choose(located)
    assert [(side == name).sum() for name in sides] == side.value_counts().tolist()
    for _ in range(60):
        first, last = sorted(rng.choice(days.dropna().to_numpy(), 2))
        low, high = sorted(rng.choice(np.arange(0, 8170), 2, replace=False).tolist())
        actor = int(rng.integers(len(actors)))
        state = {"days": None, "km": None, "sides": None, "actor": None}
        keep = np.ones(len(located), dtype=bool)
        if rng.random() < 0.7:
            state["days"] = [day_number(first), day_number(last)]
            keep &= (ends >= first) & (days <= last)
        if rng.random() < 0.6:
            state["km"] = [low, high]
            keep &= (km >= low / 10) & (km < high / 10)
        if rng.random() < 0.4:
            state["sides"] = [0]
            keep &= (side == sides[0]).fillna(value=False).to_numpy()
        if rng.random() < 0.4:
            state["actor"] = actor
            named = (located["actor1"] == actors[actor]) | (located["actor2"] == actors[actor])
            keep &= named.fillna(value=False).to_numpy()
        count, drawn = seeds_page.evaluate(
            """(state) => {
              const p = Borderline.page;
              p.filter.set(state);
              p.paintNow();
              const symbols = p.incidents.symbolsAt(p.map.getZoom());
              return [p.filter.count, symbols.reduce((n, s) => n + s.total, 0)];
            }""",
            state,
        )
        assert count == keep.sum(), state
        assert drawn == (keep & located.geometry.notna() & ~located.geometry.is_empty).sum()
        if keep.all():
            assert live(seeds_page) == f"All {len(located)} incidents"
        else:
            assert live(seeds_page).startswith(f"{keep.sum()} of {len(located)} incidents")


def test_types_sides_and_actors_are_chosen_by_their_controls(seeds_page, located):
    seeds_page.locator(".bl-check", has_text="Shooting").locator("input").uncheck()
    settled(seeds_page)
    rest = (located["event_type"] != "shooting").sum()
    assert live(seeds_page) == f"{rest} of {len(located)} incidents"
    seeds_page.locator(".bl-tools button", has_text="Show all").click()
    settled(seeds_page)
    assert live(seeds_page) == f"All {len(located)} incidents"
    assert seeds_page.locator(".bl-check", has_text="Shooting").locator("input").is_checked()
    seeds_page.locator(".bl-check", has_text="Thailand").locator("input").uncheck()
    settled(seeds_page)
    side = side_to_choose(located)
    assert live(seeds_page).startswith(f"{(side != 'THA').fillna(value=True).sum()} of")
    seeds_page.locator(".bl-check", has_text="side not known").locator("input").uncheck()
    settled(seeds_page)
    assert live(seeds_page).startswith(f"{(~side.isin(['THA', '?'])).sum()} of")
    seeds_page.locator(".bl-tools button", has_text="Show all").click()
    seeds_page.get_by_label("Actor").select_option(index=1)
    settled(seeds_page)
    name, count = seeds_page.evaluate("Borderline.page.actors[0]")
    named = ((located["actor1"] == name) | (located["actor2"] == name)).fillna(value=False).sum()
    assert count == named
    assert live(seeds_page).startswith(f"{named} of")


@pytest.mark.parametrize("chart", [0, 1])
def test_a_window_is_drawn_moved_and_taken_away_with_the_pointer(seeds_page, chart):
    box = seeds_page.locator(".bl-chart").nth(chart).bounding_box()
    state = "Borderline.page.filter.state." + ("days" if chart == 0 else "km")

    def drag(from_, to):
        y0, y1 = box["y"] + 12, box["y"] + 80
        seeds_page.mouse.move(box["x"] + from_ * box["width"], y0 if from_ < 0.4 else (y0 + y1) / 2)
        seeds_page.mouse.down()
        end = y1 if from_ < 0.4 else (y0 + y1) / 2
        seeds_page.mouse.move(box["x"] + to * box["width"], end, steps=4)
        seeds_page.mouse.up()
        return seeds_page.evaluate(state)

    first = drag(0.3, 0.6)
    assert first[0] < first[1]
    moved = drag(0.45, 0.55)
    assert moved[1] - moved[0] == first[1] - first[0]
    assert moved[0] > first[0]
    assert (
        settled(seeds_page)
        .locator(".bl-live")
        .text_content()
        .startswith(f"{seeds_page.evaluate('Borderline.page.filter.count')} of")
    )
    seeds_page.mouse.click(box["x"] + 0.95 * box["width"], box["y"] + 40)
    assert seeds_page.evaluate(state) is None


def test_windows_are_sliders_for_the_keyboard(seeds_page, located):
    time, profile = seeds_page.locator(".bl-chart").nth(0), seeds_page.locator(".bl-chart").nth(1)
    first, last = located["event_date"].min(), located["event_date"].max()
    assert time.get_attribute("role") == "slider"
    assert int(time.get_attribute("aria-valuemin")) == day_number(first)
    assert int(time.get_attribute("aria-valuemax")) == day_number(last)
    time.press("ArrowRight")
    time.press("ArrowRight")
    settled(seeds_page)
    days = seeds_page.evaluate("Borderline.page.filter.state.days")
    assert int(time.get_attribute("aria-valuenow")) == days[0] > day_number(first)
    assert str(np.datetime64(days[0], "D"))[:4] in time.get_attribute("aria-valuetext")
    time.press("Shift+ArrowRight")
    assert seeds_page.evaluate("Borderline.page.filter.state.days")[1] > days[1]
    assert seeds_page.evaluate("Borderline.page.filter.state.days")[0] == days[0]
    time.press("Escape")
    assert seeds_page.evaluate("Borderline.page.filter.state.days") is None
    profile.press("ArrowRight")
    profile.press("ArrowUp")
    settled(seeds_page)
    assert seeds_page.evaluate("Borderline.page.filter.state.km")[0] == 0
    assert seeds_page.evaluate("Borderline.page.filter.state.days") is not None
    assert profile.get_attribute("aria-valuetext").startswith("km 0.0 to 81.7, ")
    profile.press("Escape")
    assert not seeds_page.evaluate("Borderline.page.filter.active")


def test_the_charts_go_into_a_window_and_back(opened, seeds_file, located):
    first, last = day_number("2025-07-20"), day_number("2025-08-02")
    with opened(seeds_file, fragment="#time=2025-07-20..2025-08-02") as page:
        zoom = ready(page).locator(".bl-zoom")
        expect(zoom).to_have_text("Zoom to window")
        zoom.click()
        settled(page)
        expect(zoom).to_have_text("Whole period")
        assert page.evaluate("Borderline.page.span") == [first, last]
        expect(page.locator("figcaption").first).to_have_text("Incidents over time, a bar a day")
        # A bar a day: the counts of the chart are those of the table.
        days = located["event_date"].dropna()
        bars = page.evaluate(
            f"""Array.from(Borderline.countBars(Borderline.page.filter.day, {first}, 1, {last - first + 1},
                Borderline.page.filter.mask))"""
        )
        assert bars == [int((days == d).sum()) for d in pd.date_range("2025-07-20", "2025-08-02")]
        time = page.locator(".bl-chart").first
        time.press("Escape")
        time.press("ArrowRight")
        assert page.evaluate("Borderline.page.filter.state.days")[0] >= day_number(days.min())
        fragment = page.evaluate("(Borderline.page.keep(), location.hash)")
        assert "span=2025-07-20..2025-08-02" in fragment
        page.locator(".bl-tools button", has_text="Show all").click()
        settled(page)
        assert not page.evaluate("Borderline.page.zoomed")
        expect(zoom).to_be_disabled()
    with opened(seeds_file, fragment=fragment) as page:
        assert ready(page).evaluate("Borderline.page.span") == [first, last]


def test_the_intensity_of_a_stretch_is_that_of_the_whole_border_there(seeds_page):
    """A window over the kilometres shows a part of the curve; it does not make another one."""
    seeds_page.evaluate("Borderline.page.setProfile('intensity')")
    seeds_page.evaluate("Borderline.page.filter.set({ km: [2500, 3500] })")
    settled(seeds_page)
    across, mask = seeds_page.evaluate(
        "['across', 'mask'].map((name) => Borderline.page.filter[name].reduce((a, b) => a + b, 0))"
    )
    assert across == seeds_page.evaluate("Borderline.page.filter.rows") > mask > 0
    # Left of the window nothing is drawn in the colour of what is chosen.
    blue = seeds_page.evaluate(
        """() => {
          const canvas = document.querySelectorAll('.bl-chart canvas')[1];
          const copy = document.createElement('canvas');
          Object.assign(copy, { width: canvas.width, height: canvas.height });
          const context = copy.getContext('2d', { willReadFrequently: true });
          context.drawImage(canvas, 0, 0);
          const blue = [0, 0x72, 0xb2];
          const count = (x0, x1) => {
            const { data } = context.getImageData(x0, 0, x1 - x0, canvas.height);
            let n = 0;
            for (let i = 0; i < data.length; i += 4) n += blue.every((value, k) => data[i + k] === value);
            return n;
          };
          const p = Borderline.page.profile, ratio = canvas.width / canvas.clientWidth;
          const [from, to] = [2500, 3500].map((cell) => Math.round(p.toX(cell) * ratio));
          return [count(0, from - 2), count(from, to), count(to + 2, canvas.width)];
        }"""
    )
    assert blue[0] == blue[2] == 0
    assert blue[1] > 20


def test_time_runs_and_stops(seeds_page):
    play = seeds_page.locator(".bl-play")
    play.click()
    expect(play).to_have_text("Pause")
    seeds_page.wait_for_timeout(400)
    one = seeds_page.evaluate("Borderline.page.filter.state.days")
    seeds_page.wait_for_timeout(400)
    two = seeds_page.evaluate("Borderline.page.filter.state.days")
    assert two[0] > one[0]
    assert two[1] - two[0] == one[1] - one[0]
    play.click()
    expect(play).to_have_text("Play")
    stopped = seeds_page.evaluate("Borderline.page.filter.state.days")
    seeds_page.wait_for_timeout(150)
    assert seeds_page.evaluate("Borderline.page.filter.state.days") == stopped


def test_time_runs_at_three_speeds(seeds_page):
    """Days a second, by the page's own clock of frames: each speed is faster than the one before."""
    rate = """async () => {
      const p = Borderline.page;
      p.filter.reset();
      p.play.start();
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      let start = null, now = 0;
      while (start === null || now - start < 400) {
        now = await frame();
        if (start === null && p.filter.state.days) start = now;
      }
      const days = p.filter.state.days[0] - p.filter.firstDay;
      p.play.stop();
      return days / (now - start);
    }"""
    speed = seeds_page.locator(".bl-tools button", has_text="Speed")
    rates = {}
    for _ in range(3):
        speed.click()
        rates[speed.text_content()] = seeds_page.evaluate(rate)
    assert set(rates) == {"Speed: slow", "Speed: medium", "Speed: fast"}
    assert 0 < rates["Speed: slow"] < rates["Speed: medium"] < rates["Speed: fast"]


def test_the_profile_points_at_the_border_and_the_border_at_the_profile(seeds_page, border):
    box = seeds_page.locator(".bl-chart").nth(1).bounding_box()
    seeds_page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 30)
    settled(seeds_page)
    cell = seeds_page.evaluate("Borderline.page.profile.marked")
    assert 3500 < cell < 4700
    at = border.calibration.to_chainage_m([cell / 10])[0]
    middle = seeds_page.evaluate(f"Borderline.page.map.latLngToContainerPoint(Borderline.page.line.at({at}))")
    frame = seeds_page.locator(".folium-map").bounding_box()
    seeds_page.mouse.move(5, 5)
    seeds_page.mouse.move(frame["x"] + middle["x"], frame["y"] + middle["y"])
    settled(seeds_page)
    assert abs(seeds_page.evaluate("Borderline.page.profile.marked") - cell) < 60
