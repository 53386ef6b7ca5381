"""Static pictures: written in every format, with names that render and nothing left out in silence."""

from __future__ import annotations

import itertools
import re
import types

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import dates as mdates
from pyproj import Geod

import borderline as bl
from borderline._palette import GROUPS
from borderline.charting import _chart_text
from borderline.charting._border_axis import spread_labels
from borderline.charting._chart_text import credit_line
from borderline.charting._date_axis import date_axis, long_gaps
from borderline.charting._strip_chart import MARKERS
from borderline.errors import BorderlineWarning, CRSError, MeasureError, OptionError, TableError

plt = pytest.importorskip("matplotlib.pyplot")
PLAIN = bl.Border.from_line(shapely.LineString([(0, 0), (2, 0)]), left="FRA", right="DEU", name="equator")
#: Where fonts, or the shaping of Khmer, are missing, pictures say so instead; other tests are about that.
CAN_WRITE = {"Noto Sans Thai", "Noto Sans Khmer"} <= set(
    _chart_text.families()
) and _chart_text.can_shape_khmer()
LOCAL = "local" if CAN_WRITE else "en"
NO_PLACES = pd.DataFrame({"name": [], "chainage_m": []})


@pytest.fixture(autouse=True)
def _quiet():
    """Draw without a screen, and close what was drawn."""
    mpl.use("Agg")
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


@pytest.fixture(scope="module")
def events(border):
    """Made up, near the built-in border, with every kind of gap."""
    rng = np.random.default_rng(1)
    n = 120
    lon, lat = shapely.get_coordinates(border.interpolate(rng.uniform(0, border.length_m, n))).T
    table = gpd.GeoDataFrame(
        {
            "event_date": pd.Timestamp("2025-07-01") + pd.to_timedelta(rng.integers(0, 180, n), unit="D"),
            "event_type": pd.array(
                rng.choice([*bl.schema.EVENT_TYPES, "unheard of", None], n), dtype="string"
            ),
            "fatalities": pd.array(
                np.where(rng.uniform(size=n) < 0.4, None, rng.poisson(1, n)), dtype="Int64"
            ),
        },
        geometry=shapely.points(lon + rng.normal(0, 0.05, n), lat + rng.normal(0, 0.05, n)),
        crs=4326,
    )
    table.loc[3, "geometry"] = None
    table.loc[4, "event_date"] = pd.NaT
    return bl.locate(table, border)


@pytest.fixture(scope="module")
def curve(events, border):
    return bl.profile(events, border, bandwidth_km=15, within_km=25)


def written(ax):
    return [text.get_text() for text in ax.findobj(mpl.text.Text)]


def draw(name, events, curve, border, **options):
    if name == "profile":
        return bl.plot_profile(curve, border, **options)
    if name == "strip":
        return bl.plot_strip(events, border, **options)
    rates = bl.density(events, bl.segment(border, every_km=20), within_km=25)
    return bl.plot_map(events, border, rates, **options)


@pytest.mark.parametrize("name", ["profile", "strip", "map"])
@pytest.mark.parametrize(("ending", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_it_is_written_in_every_format(name, ending, start, events, curve, border, tmp_path):
    ax = draw(name, events, curve, border, language=LOCAL)
    assert isinstance(ax, mpl.axes.Axes)
    path = tmp_path / f"picture.{ending}"
    ax.figure.savefig(path)
    assert path.read_bytes().startswith(start)
    assert path.stat().st_size > 10_000


@pytest.mark.parametrize("name", ["profile", "strip", "map"])
def test_provinces_and_crossings_are_named_in_the_language(name, events, curve, border):
    if not CAN_WRITE:
        pytest.skip("the fonts are not installed, or Matplotlib is older than 3.11")
    said = " ".join(written(draw(name, events, curve, border)))
    assert "Surin" in said
    assert "Preah Vihear" in said
    thai = written(draw(name, events, curve, border, language="th"))
    assert "สุรินทร์" in thai
    assert "Preah Vihear" in thai
    local = written(draw(name, events, curve, border, language="local"))
    assert "ព្រះវិហារ" in local
    if name != "map":
        assert "Poipet / Ban Khlong Luek" in said
        assert "ช่องจอม" in thai


def test_khmer_is_shaped():
    """The sign that is spoken after its consonant stands before it: the parts of a word change order."""
    if not CAN_WRITE:
        pytest.skip("the font is not installed, or Matplotlib is older than 3.11")
    figure, ax = plt.subplots()
    whole = ax.text(0, 0, "ព្រះ", family=_chart_text.families())
    parts = ax.text(0, 0, "ព\u200c្\u200cរ\u200cះ", family=_chart_text.families())
    renderer = figure.canvas.get_renderer()
    assert whole.get_window_extent(renderer).width < 0.9 * parts.get_window_extent(renderer).width


def test_without_a_font_names_are_english_and_it_is_said(curve, border, monkeypatch):
    monkeypatch.setattr(_chart_text, "_writable_letters", lambda: frozenset(range(32, 0x250)))
    with pytest.warns(BorderlineWarning, match="Install Noto Sans Thai"):
        ax = bl.plot_profile(curve, border, language="local")
    assert "Surin" in written(ax)


def test_khmer_that_cannot_be_shaped_is_english_and_it_is_said(curve, border, monkeypatch):
    monkeypatch.setattr(_chart_text, "_writable_letters", lambda: frozenset(range(32, 0x2500)))
    monkeypatch.setattr(mpl, "__version_info__", (3, 10, 9))
    with pytest.warns(BorderlineWarning, match=r"cannot shape Khmer.*Matplotlib 3\.11 or newer") as caught:
        ax = bl.plot_profile(curve, border, language="km")
    assert len(caught) == 1
    assert "Preah Vihear" in written(ax)


def test_a_font_installed_since_matplotlib_listed_them_is_used(monkeypatch):
    if "Noto Sans Khmer" not in _chart_text.families():
        pytest.skip("the font is not installed")
    fonts = mpl.font_manager.fontManager
    monkeypatch.setattr(fonts, "ttflist", [font for font in fonts.ttflist if "Khmer" not in font.name])
    assert "Noto Sans Khmer" in _chart_text.families.__wrapped__()


def test_fonts_are_never_looked_for_in_vain(caplog, events, curve, border, tmp_path):
    for name in ("profile", "strip", "map"):
        draw(name, events, curve, border, language=LOCAL).figure.savefig(tmp_path / "a.png")
    assert "findfont" not in caplog.text
    assert not caplog.records


def test_curve_and_band_are_the_table(curve, border):
    ax = bl.plot_profile(curve, border)
    line = max(ax.lines, key=lambda each: len(each.get_xdata()))
    np.testing.assert_array_equal(line.get_ydata(), curve["intensity_per_km"])
    np.testing.assert_allclose(line.get_xdata(), curve["chainage_m"] / 1000)
    band = ax.collections[0].get_paths()[0].vertices
    assert band[:, 1].max() == pytest.approx(curve["intensity_high"].max())
    assert ax.get_ylim()[0] == 0
    other = bl.plot_profile(curve, border, curve="relative_intensity")
    assert max(other.lines, key=lambda each: len(each.get_xdata())).get_ydata().max() == pytest.approx(
        curve["relative_intensity"].max()
    )


def test_hot_stretches_alone_are_shaded(curve, border):
    hot = pd.DataFrame({"from_m": [1e5, 2e5, 3e5], "to_m": [1.5e5, 2e5, 4e5], "p_value": [0.01, 0.05, 0.2]})
    ax = bl.plot_profile(curve, border, hotspots=hot)
    spans = sorted(patch.get_x() for patch in ax.patches)
    assert len(spans) == 2
    assert spans[0] == pytest.approx(100)
    assert ax.patches[1].get_width() > 0
    assert any("Hot stretch" in text for text in written(ax.get_legend()))


def test_strip_shows_every_event_that_has_a_place_and_a_date(events, border):
    ax = bl.plot_strip(events, border)
    symbols = [each for each in ax.collections if each.get_gid() != "stems"]
    drawn = sum(len(each.get_offsets()) for each in symbols)
    there = (
        events["chainage_m"].notna()
        & events["event_date"].notna()
        & ~events["beyond_end"].fillna(value=False)
    )
    assert drawn == there.sum() < len(events)
    assert any(f"{len(events) - drawn} more" in text for text in written(ax))
    stems = sum(len(each.get_offsets()) for each in ax.collections if each.get_gid() == "stems")
    assert stems == (there & events["side"].isin(["THA", "KHM"])).sum()


def test_deaths_make_symbols_larger_and_unknown_ones_pale(border):
    table = pd.DataFrame(
        {
            "chainage_m": [1e5, 2e5, 3e5],
            "beyond_end": False,
            "event_date": pd.to_datetime(["2025-07-01", "2025-07-02", "2025-07-03"]),
            "event_type": "shooting",
            "fatalities": pd.array([0, 9, None], dtype="Int64"),
        }
    )
    ax = bl.plot_strip(table, border)
    found = {
        float(at[0]): (float(size), tuple(each.get_facecolors()[0][:3]))
        for each in ax.collections
        for at, size in zip(each.get_offsets(), each.get_sizes(), strict=True)
    }
    assert found[200.0][0] > 5 * found[100.0][0] == 5 * found[300.0][0]
    assert sum(found[300.0][1]) > sum(found[100.0][1])


@given(st.lists(st.integers(0, 8000), min_size=1, max_size=30), st.integers(0, 8000))
@settings(max_examples=30)
def test_long_times_without_events_are_shortened_and_keep_their_order(days, at):
    day = np.array(days, dtype=float)
    ax = mpl.figure.Figure().subplots()
    date_axis(ax, day, shorten_gaps=True)
    forward = ax.yaxis.get_transform().transform
    gaps = long_gaps(day)
    span = np.ptp(day)
    assert len(gaps) <= 3
    assert not any(((day > low) & (day < high)).any() for low, high in gaps)
    assert (np.diff(forward(np.sort(np.append(day, at)))) >= -1e-6).all()
    if len(gaps):
        assert np.diff(gaps).max() > 0.25 * span
        # Away from the gaps a day is a day; a gap and the room at its ends are a share of what is left.
        left = span - np.diff(gaps).sum()
        assert np.ptp(forward(day)) == pytest.approx(
            left + len(gaps) * (max(1, 0.05 * left) + 2 * max(1, 0.03 * left))
        )
        assert f"shortened: no events from {mdates.num2date(gaps[0, 0]):%B %Y}" in " ".join(written(ax))
    else:
        assert ax.get_yscale() == "linear"
    ax.figure.canvas.draw()


def test_the_axis_of_dates_is_even_if_asked(events, border):
    early = events.assign(event_date=events["event_date"].where(events.index > 9, pd.Timestamp("2001-02-03")))
    ax = bl.plot_strip(early, border)
    assert ax.get_yscale() == "function"
    assert any("shortened: no events from February 2001 to July 2025" in text for text in written(ax))
    ax.figure.canvas.draw()
    ticks = [text.get_text() for text in ax.get_yticklabels()]
    assert any("2001" in tick for tick in ticks)
    assert any("2025" in tick for tick in ticks)
    assert bl.plot_strip(early, border, shorten_gaps=False).get_yscale() == "linear"


def test_stems_stand_out_of_large_symbols(border):
    table = pd.DataFrame(
        {"chainage_m": [1e5], "beyond_end": False, "event_date": pd.to_datetime(["2025-07-01"]),
         "event_type": "shooting", "fatalities": [40], "side": "THA"}
    )  # fmt: skip
    ax = bl.plot_strip(table, border)
    sizes = {each.get_gid(): each.get_sizes()[0] for each in ax.collections if len(each.get_offsets())}
    assert np.sqrt(sizes["stems"]) > np.sqrt(sizes[None]) / 2


def test_types_at_one_place_are_all_seen(border):
    table = gpd.GeoDataFrame(
        {"event_type": ["shooting"] * 9 + ["airstrike", "landmine_explosion", "shooting"]},
        geometry=gpd.points_from_xy([103.0] * 11 + [104.0], [14.3] * 12),
        crs=4326,
    )
    ax = bl.plot_map(table, border)
    here = [
        (each.get_zorder(), size)
        for each in ax.collections
        if isinstance(each, mpl.collections.PathCollection)
        for at, size in zip(each.get_offsets(), each.get_sizes(), strict=False)
        if tuple(at) == (103.0, 14.3)
    ]
    areas = [size for _, size in sorted(here)]
    assert len(areas) == 3
    assert (np.divide(areas[:-1], areas[1:]) >= 1.69).all()


def test_credits_say_each_thing_once_and_stay_on_the_picture(events, curve, border):
    assert (
        credit_line({"sources": [{"title": "a; b"}, {"title": "b"}, {"title": "b, too"}]})
        == "Data: a; b, too"
    )
    for name in ("profile", "strip", "map"):
        ax = draw(name, events, curve, border)
        ax.figure.canvas.draw()
        credit = next(text for text in ax.texts if text.get_text().startswith("Data: "))
        box, page = credit.get_window_extent(), ax.figure.bbox
        assert box.x0 > page.x0
        assert box.y0 > page.y0


@pytest.mark.parametrize("name", ["profile", "strip", "map"])
def test_what_is_named_and_drawn_round_the_data_is_credited(name, border):
    bare = pd.DataFrame(
        {
            "chainage_m": [1e5],
            "distance_m": [0.0],
            "beyond_end": False,
            "event_date": pd.Timestamp("2025-07-24"),
        }
    )
    points = gpd.GeoDataFrame(bare, geometry=gpd.points_from_xy([103.0], [14.3]), crs=4326)
    curve = pd.DataFrame(bl.profile(bare, border, bandwidth_km=10))
    curve.attrs, points.attrs = {}, {}
    credit = " ".join(written(draw(name, points, curve, border))).split("Data: ")[1].replace("\n", " ")
    assert "OpenStreetMap" in credit
    assert "Royal Thai Survey Department" in credit
    assert ("Natural Earth" if name == "map" else "GeoNames") in credit


def test_nothing_written_round_a_profile_collides(curve, border):
    ax = bl.plot_profile(curve, border)
    ax.figure.canvas.draw()
    title = ax.title if ax.title.get_text() else ax._left_title
    boxes = [title.get_window_extent(), ax.get_legend().get_window_extent()]
    boxes += [text.get_window_extent() for text in ax.texts if "kernel" in text.get_text()]
    names = [text for text in ax.texts if text.get_rotation() == 60]
    assert len(boxes) == 3
    assert not any(one.overlaps(two) for one, two in itertools.combinations(boxes, 2))
    assert all(box.y0 >= max(name.get_window_extent().y1 for name in names) for box in boxes)


def test_map_colours_the_border_by_rate(events, border):
    rates = bl.density(events, bl.segment(border, every_km=20), within_km=25)
    ax = bl.plot_map(events, border, rates)
    coloured = [each for each in ax.collections if isinstance(each, mpl.collections.LineCollection)]
    assert sum(len(each.get_segments()) for each in coloured) == (rates["events_per_km"] > 0).sum()
    shown = sum(
        len(each.get_offsets()) for each in ax.collections if isinstance(each, mpl.collections.PathCollection)
        and len(each.get_offsets()) > 1
    )  # fmt: skip
    assert shown > 0
    bare = bl.plot_map(None, border)
    assert bare.get_title(loc="left") == "The Cambodia–Thailand land border"
    latitude = np.mean(ax.get_ylim())
    assert ax.get_aspect() == pytest.approx(1 / np.cos(np.radians(latitude)), rel=0.02)


def test_a_degree_is_as_wide_as_it_is(events, border):
    """On paper a kilometre east is as long as a kilometre north, within a percent in the middle."""
    ax = bl.plot_map(events, border)
    ax.figure.canvas.draw()
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    middle = ((west + east) / 2, (south + north) / 2)
    wgs = Geod(ellps="WGS84")
    east_of = wgs.fwd(*middle, 90, 50_000)[:2]
    north_of = wgs.fwd(*middle, 0, 50_000)[:2]
    at = ax.transData.transform([middle, east_of, north_of])
    across, up = np.hypot(*(at[1] - at[0])), np.hypot(*(at[2] - at[0]))
    assert across == pytest.approx(up, rel=0.01)


def test_every_group_has_a_marker():
    assert {group.shape for group in GROUPS} <= set(MARKERS)


@pytest.mark.parametrize("name", ["profile", "strip", "map"])
def test_a_border_that_is_not_built_in_has_no_names_but_a_picture(name, tmp_path):
    rng = np.random.default_rng(2)
    points = gpd.GeoDataFrame(
        {"event_date": pd.date_range("2025-01-01", periods=9)},
        geometry=gpd.points_from_xy(rng.uniform(0, 2, 9), rng.normal(0, 0.05, 9)),
        crs=4326,
    )
    events = bl.locate(points, PLAIN)
    curve = bl.profile(events, PLAIN, bandwidth_km=10)
    ax = draw(name, events, curve, PLAIN)
    ax.figure.savefig(tmp_path / "a.png")
    assert "equator" in ax.get_title(loc="left")


@pytest.mark.parametrize("name", ["strip", "map"])
def test_no_events_are_a_picture_too(name, events, border, tmp_path):
    empty = events.iloc[:0]
    ax = bl.plot_strip(empty, border) if name == "strip" else bl.plot_map(empty, border)
    ax.figure.savefig(tmp_path / "a.png")


def test_an_empty_profile_is_a_picture_too(events, border, tmp_path):
    nothing = bl.profile(events.iloc[:0], border, bandwidth_km=10)
    bl.plot_profile(nothing, border, places=NO_PLACES).figure.savefig(tmp_path / "a.png")


def test_axes_of_ones_own_are_drawn_on(curve, events, border, tmp_path):
    figure, (one, two) = plt.subplots(2, figsize=(10, 14))
    assert bl.plot_profile(curve, border, ax=one) is one
    assert bl.plot_strip(events, border, ax=two, places=NO_PLACES) is two
    figure.savefig(tmp_path / "a.png")
    plt.close("all")
    _, ax = plt.subplots()
    assert bl.plot_map(events, border, ax=ax) is ax


def test_inputs_are_untouched(events, curve, border):
    before = events.copy(deep=True), curve.copy(deep=True)
    bl.plot_profile(curve, border)
    bl.plot_strip(events, border)
    bl.plot_map(events, border)
    pd.testing.assert_frame_equal(pd.DataFrame(events), pd.DataFrame(before[0]))
    pd.testing.assert_frame_equal(curve, before[1])


def test_text_of_strangers_is_no_formula(border, tmp_path):
    """Dollar signs and the like are letters, not mathematics."""
    places = pd.DataFrame({"name": ["$x^{2$", "a_b\\frac"], "chainage_m": [1e5, 4e5]})
    curve = bl.profile(
        pd.DataFrame({"chainage_m": [1e5], "distance_m": [0.0], "beyond_end": [False]}),
        border,
        bandwidth_km=9,
    )
    ax = bl.plot_profile(curve, border, places=places)
    ax.figure.savefig(tmp_path / "a.png")
    assert "$x^{2$" in written(ax)


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=30).map(sorted), st.floats(0.1, 60))
def test_marks_are_spread_labels_and_no_farther_than_needed(wanted, gap):
    wanted = np.array(wanted)
    placed = spread_labels(wanted, gap)
    assert (np.diff(placed) >= gap * (1 - 1e-9)).all()
    if (np.diff(wanted) >= gap).all():
        np.testing.assert_allclose(placed, wanted, atol=1e-9)
    # The sum of moves is zero where the sum of squares is least.
    assert (placed - wanted).sum() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda of: bl.plot_profile(of.curve.iloc[:1], of.border), TableError, "two rows"),
        (
            lambda of: bl.plot_profile(of.curve.drop(columns="intensity_low"), of.border),
            TableError,
            "intensity_low",
        ),
        (
            lambda of: bl.plot_profile(of.curve, of.border, curve="events"),
            OptionError,
            "curve must be one of .*, not 'events'",
        ),
        (
            lambda of: bl.plot_profile(of.curve, of.border, language="fr"),
            OptionError,
            "language must be one of 'en', 'th', 'km', 'local', not 'fr'",
        ),
        (lambda of: bl.plot_profile(of.curve, PLAIN), TableError, "use one border"),
        (
            lambda of: bl.plot_profile(
                of.curve, of.border, places=pd.DataFrame({"name": ["far"], "chainage_m": [1e7]})
            ),
            MeasureError,
            "off the border",
        ),
        (lambda of: bl.plot_strip(of.events.drop(columns="event_date"), of.border), TableError, "event_date"),
        (
            lambda of: bl.plot_strip(of.events.assign(event_date="soon"), of.border),
            TableError,
            "cannot be read",
        ),
        (lambda of: bl.plot_strip(of.events, PLAIN), TableError, "use one border"),
        (lambda of: bl.plot_map(of.events, of.border, of.curve), TableError, "from_m"),
        (
            lambda of: bl.plot_map(of.events, color="red"),
            OptionError,
            "color must be None without density, not 'red'",
        ),
        (
            lambda of: bl.plot_map(of.events, of.border, of.rates, color="events_per_kilometre"),
            OptionError,
            "color must be one of .*, not 'events_per_kilometre'. Did you mean 'events_per_km'",
        ),
        (lambda of: bl.plot_map(of.border, of.events), TableError, "needs a Border, not GeoDataFrame"),
        (lambda of: bl.plot_map(of.border, of.border), TableError, "events first"),
        (
            lambda of: bl.plot_map(of.events, figsize=5),
            OptionError,
            "figsize must be width and height in inches, at least 4",
        ),
        (
            lambda of: bl.plot_strip(of.events, figsize=(5, 0)),
            OptionError,
            "figsize must be width and height in inches, at least 4",
        ),
        (
            lambda of: bl.plot_map(of.events, figsize=(5, 5), ax=plt.figure().subplots()),
            OptionError,
            "figsize must be None with ax",
        ),
        (
            lambda of: bl.plot_strip(of.events, shorten_gaps="no"),
            OptionError,
            "shorten_gaps must be True or False, not 'no'",
        ),
        (lambda of: bl.plot_map(pd.DataFrame(of.events), of.border), TableError, "GeoDataFrame"),
        (lambda of: bl.plot_map(of.events.set_crs(None, allow_override=True), of.border), CRSError, "no CRS"),
        (
            lambda of: bl.plot_map(
                of.events, of.border, pd.DataFrame({"from_m": [0.0], "to_m": [9e9], "events_per_km": [1.0]})
            ),
            MeasureError,
            "off the border",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(call, error, words, border, events, curve):
    rates = bl.density(events, bl.segment(border, every_km=100), within_km=25)
    with pytest.raises(error, match=words):
        call(types.SimpleNamespace(border=border, events=events, curve=curve, rates=rates))


def test_the_border_is_the_one_of_the_table_unless_it_is_given(border, events, curve):
    other = bl.load_border(line="osm-2026")
    there = bl.locate(events[["event_date", "geometry"]], other)
    assert bl.plot_map(events).get_title(loc="left") == "Events along the Cambodia–Thailand land border"
    length_km = other.length_m / 1000
    assert bl.plot_strip(there).get_xlim() == (0, length_km) != bl.plot_strip(events).get_xlim()
    assert bl.plot_profile(curve).get_xlim() == (0, border.length_m / 1000)


def test_a_border_alone_is_drawn(border):
    assert bl.plot_map(border).get_title(loc="left") == "The Cambodia–Thailand land border"
    assert bl.plot_map().get_title(loc="left") == "The Cambodia–Thailand land border"


def test_color_names_the_column_that_colours_the_border(events, border):
    rates = bl.density(events, bl.segment(border, every_km=20), within_km=25)
    counts = written(bl.plot_map(events, border, rates, color="n_events").get_legend())
    assert any(text.startswith("Number of events") for text in counts)


def test_the_size_of_a_figure(events):
    assert bl.plot_map(events, figsize=(6, 5)).figure.get_size_inches().tolist() == [6, 5]
    assert bl.plot_strip(events).figure.get_size_inches().tolist() == [10, 7]


@pytest.mark.parametrize("name", ["profile", "strip", "map"])
def test_the_least_size_has_room_for_all_that_is_written(name, events, curve, border):
    width = {"profile": 3.1, "strip": 4.45, "map": 4.35}[name]
    with pytest.raises(OptionError, match=r"figsize must be .* at least .* wide, not"):
        draw(name, events, curve, border, figsize=(width - 0.1, 4))
    with pytest.raises(OptionError, match=r"at least .* inches high") as raised:
        draw(name, events, curve, border, figsize=(width, 1))
    height = float(re.search(r"at least ([\d.]+) inches", str(raised.value))[1])
    ax = draw(name, events, curve, border, figsize=(width, height))
    ax.figure.canvas.draw()
    # A map is as high as its shape makes it.
    assert name == "map" or 1 <= ax.get_window_extent().height / ax.figure.dpi < 1.2


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_hundred_thousand_incidents_are_drawn(ending, border, tmp_path):
    rng = np.random.default_rng(3)
    feet = shapely.get_coordinates(border.interpolate(rng.uniform(0, border.length_m, 100_000)))
    points = feet + rng.laplace(0, 0.05, feet.shape)
    many = gpd.GeoDataFrame(
        {"event_type": rng.choice(bl.schema.EVENT_TYPES, len(points))},
        geometry=gpd.points_from_xy(*points.T),
        crs=4326,
    )
    ax = bl.plot_map(many, border)
    path = tmp_path / f"many.{ending}"
    ax.figure.savefig(path)
    assert path.stat().st_size < 5_000_000  # points are a picture within the drawing
