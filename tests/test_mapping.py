"""The map page as a file: safe, whole, the same every time, and asking nobody for anything."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from branca.element import Element
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import Template

import borderline as bl
import borderline.mapping._basemap as basemap_module
from borderline import _palette
from borderline.errors import CRSError, MeasureError, OptionError, OutputError, TableError
from borderline.mapping import _escape, _page_assets, _payload, _safe_figure

HOSTILE = st.text(
    st.one_of(st.sampled_from("{}%#`$\\<>\"'&/!-=()\n\r\u2028\u2029\0\x7f\x1b;s"), st.characters()),
    max_size=60,
)


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


def events(rows, index=None):
    table = pd.DataFrame(rows).drop(columns=["lon", "lat"], errors="ignore")
    table.index = range(len(rows)) if index is None else index
    points = [shapely.Point(r["lon"], r["lat"]) if "lon" in r else None for r in rows]
    return gpd.GeoDataFrame(table, geometry=points, crs=4326)


@pytest.fixture(scope="module")
def located(border):
    rows = [
        {"event_date": "2025-07-24", "event_type": "ground_clash", "location": "Ta Khwai",
         "fatalities": 2, "lon": 103.3711, "lat": 14.3528},
        {"event_date": "2025-07-25", "event_type": "diplomatic_event", "location": "Poipet",
         "fatalities": None, "lon": 102.552, "lat": 13.661},
        {"event_date": None, "event_type": "shooting", "location": "nowhere"},
    ]  # fmt: skip
    return bl.locate(events(rows, index=["a", "b", "c"]), border)


def page_of(map_):
    return map_.get_root().render()


class Tags(HTMLParser):
    """Collects attributes, and the text of each script and style element."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.inside = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style", "title"):
            self.inside.append([tag, dict(attrs), ""])

    def handle_data(self, data):
        if self.inside and self.tags and self.tags[-1][0] == self.inside[-1][0]:
            self.inside[-1][2] += data

    def handle_endtag(self, tag):
        self.tags.append(("/" + tag, {}))


def unpacked_text(page, element_id):
    return re.search(rf'<script type="text/plain" id="{element_id}">([^<]*)</script>', page)[1]


def unpacked(page, element_id):
    return gzip.decompress(base64.b64decode(unpacked_text(page, element_id)))


# Escapers ------------------------------------------------------------------


@given(HOSTILE)
def test_safe_html_shows_what_was_given_and_nothing_else(text):
    markup = _escape.safe_html(text)
    parsed = Tags(f'<p title="{markup}">{markup}</p>')
    assert [tag for tag, _ in parsed.tags] == ["p", "/p"]
    kept = "".join("\ufffd" if _unwritable(c) else c for c in text)
    assert parsed.tags[0][1]["title"] == kept
    assert Template(markup).render() == markup
    assert not set(markup) & set("{}`$\\\n\r\u2028\u2029<>\"'")


def _unwritable(char):
    return (ord(char) < 32 and char not in "\t\n\r") or 127 <= ord(char) < 160 or 0xD800 <= ord(char) < 0xE000


WRITABLE = HOSTILE.map(lambda text: re.sub("[\ud800-\udfff]", "?", text))
JSON = st.recursive(
    WRITABLE | st.integers() | st.none(), lambda x: st.lists(x) | st.dictionaries(WRITABLE, x)
)


@given(JSON)
def test_safe_json_means_the_same_and_ends_no_element(value):
    text = _escape.safe_json(value)
    assert json.loads(text) == value
    assert not re.search(r"[<>&\u2028\u2029]|\{[{%#]", text)
    assert Template(text).render() == text


def test_half_a_surrogate_pair_becomes_a_replacement_character():
    assert json.loads(_escape.safe_json("a\ud800b")) == "a\ufffdb"


def test_safe_json_refuses_what_json_has_no_word_for():
    with pytest.raises(ValueError, match="not JSON compliant"):
        _escape.safe_json(float("nan"))


@pytest.mark.parametrize(
    "url",
    ["https://example.org/a?b=c#d", "HTTP://example.org", " http://[2001:db8::1]/x ", "https://ไทย.example/"],
)
def test_safe_url_keeps_web_addresses(url):
    assert _escape.safe_url(url) == url.strip()


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x",
     "file:///etc/passwd", "//example.org", "https:", "https:///path", "http://a b", "http://[::1",
     "vbscript:x", "", None, float("nan")],
)  # fmt: skip
def test_safe_url_refuses_everything_else(url):
    assert _escape.safe_url(url) is None


@given(HOSTILE)
def test_safe_url_never_lets_another_scheme_through(text):
    kept = _escape.safe_url(text)
    assert kept is None or re.match(r"(?i)https?://[^\s\x00-\x1f]+$", kept)


# Payload -------------------------------------------------------------------


@given(st.lists(st.one_of(st.none(), st.floats(-180, 180)), max_size=50))
def test_planes_keep_numbers_to_half_a_step(planes_of, values):
    numbers = np.array([np.nan if v is None else v for v in values])
    planes = _payload.Planes()
    planes.add("x", numbers, per=1_000_000)
    planes.add("y", numbers, per=4)
    back = planes_of(planes)
    np.testing.assert_array_equal(back["x"], np.rint(numbers * 1e6) / 1e6)
    np.testing.assert_array_equal(back["y"], np.rint(numbers * 4) / 4)


@given(st.lists(st.floats(-180, 180), max_size=50))
def test_delta_planes_keep_numbers_to_half_a_step(planes_of, values):
    planes = _payload.Planes()
    planes.add("x", values, per=10_000, delta=True)
    np.testing.assert_array_equal(planes_of(planes)["x"], np.rint(np.array(values) * 1e4) / 1e4)


WHOLE = st.one_of(st.none(), st.integers(-(2**40), 2**40))


@given(st.lists(st.tuples(WHOLE, WHOLE), max_size=50))
def test_planes_that_count_from_others_keep_numbers(planes_of, pairs):
    numbers = np.array(pairs, dtype="float64").reshape(-1, 2)
    planes = _payload.Planes()
    planes.add("x", numbers[:, 0])
    planes.add("y", numbers[:, 1], since=("x", numbers[:, 0]))
    back = planes_of(planes)
    np.testing.assert_array_equal(back["x"], numbers[:, 0])
    np.testing.assert_array_equal(back["y"], numbers[:, 1])


def test_words_are_packed_in_blocks_that_drop_what_is_empty():
    rows = _payload.BLOCK_ROWS + 1
    blocks = _payload.pack_rows({"a": ["x"] * rows, "b": [None] * (rows - 1) + ["y"]}, rows)
    tables = [json.loads(gzip.decompress(base64.b64decode(block))) for block in blocks]
    assert [len(table["a"]) for table in tables] == [rows - 1, 1]
    assert "b" not in tables[0]
    assert tables[1]["b"] == ["y"]
    assert _payload.pack_rows({}, rows) == []


# Style ---------------------------------------------------------------------


def test_every_event_type_is_in_one_group():
    named = [name for group in _palette.GROUPS for name in group.types]
    assert len(named) == len(set(named))
    assert set(named) <= set(bl.schema.EVENT_TYPES)
    assert len(_palette.GROUPS) <= 8
    assert len({group.colour for group in _palette.GROUPS}) == len(_palette.GROUPS)
    assert len({(group.shape, group.hollow) for group in _palette.GROUPS}) == len(_palette.GROUPS)
    assert _palette.group_of("never heard of") == _palette.group_of(None) == len(_palette.GROUPS) - 1


@given(st.lists(st.floats(1e-6, 1e6), min_size=1))
def test_classes_hold_every_rate(rates):
    breaks = _palette.class_breaks(rates)
    assert breaks == sorted(set(breaks))
    assert 1 <= len(breaks) <= len(_palette.RAMP)
    assert breaks[0] <= min(rates) * (1 + 1e-9)
    assert breaks[-1] <= max(rates) * (1 + 1e-9)
    assert len(_palette.class_labels(breaks)) == len(breaks)


def test_no_positive_rate_makes_no_class():
    assert _palette.class_breaks([0.0, np.nan]) == []
    assert _palette.class_labels([]) == []


# The page ------------------------------------------------------------------


def test_explore_returns_a_folium_map(located, border):
    assert isinstance(bl.explore(located, border), folium.Map)


def test_page_asks_nobody_for_anything(located, border):
    density = bl.density(located, bl.segment(border, every_km=50))
    parsed = Tags(page_of(bl.explore(located, border, density)))
    for tag, attributes in parsed.tags:
        for name in ("src", "href", "srcset", "data", "action", "poster"):
            value = attributes.get(name) or ""
            assert value == "" or value.startswith(("#", "data:")), (tag, name)
    for tag, _, text in parsed.inside:
        if tag == "style":
            assert all(url.startswith("data:image/png") for url in re.findall(r"url\(['\"]?([^)]*)", text))
            assert "@import" not in text


def test_page_has_what_a_page_needs(located, border):
    page = page_of(bl.explore(located, border, title="A <title> & more"))
    parsed = Tags(page)
    tags = [tag for tag, _ in parsed.tags]
    assert tags.count("main") == tags.count("h1") == tags.count("title") == 1
    assert ("html", {"lang": "en"}) in parsed.tags
    assert "user-scalable" not in page.split("</head>")[0].split("<style>")[0]
    assert next(text for tag, _, text in parsed.inside if tag == "title") == "A <title> & more"


def test_policy_names_exactly_the_scripts_that_are_there(located, border):
    page = page_of(bl.explore(located, border))
    parsed = Tags(page)
    policy = next(a["content"] for _, a in parsed.tags if a.get("http-equiv") == "Content-Security-Policy")
    allowed = set(re.findall(r"'sha256-([^']*)'", policy))
    running = [text for tag, a, text in parsed.inside if tag == "script" and "type" not in a]
    running.extend(unpacked(page, name).decode() for name in ("bl-code", "bl-start"))
    assert {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in running} == allowed
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]


def test_status_says_what_is_not_drawn(located, border):
    page = page_of(bl.explore(located, border))
    assert (
        "2 incidents at 2 places, 24 Jul 2025 to 25 Jul 2025. 1 incident has no position and is not drawn."
        in page
    )


def test_page_names_the_line_and_the_dispute(located, border):
    page = page_of(bl.explore(located, border))
    config = json.loads(re.search(r'id="bl-config">(.*?)</script>', page)[1])
    note = config["line"]["note"]
    assert border.source.title.endswith(f", {note['title']}")
    assert note["disputed"]
    assert f"{border.source.title} " in page
    assert "Where the border runs is in dispute in places." in page
    assert "takes no position" in page


def test_sources_are_credited(located, border):
    page = page_of(bl.explore(located, border))
    credit = re.search(r'class="bl-credits">(.*?)</p>', page)[1]
    assert "OpenStreetMap contributors" in credit
    assert "Open Development Cambodia" in credit


def test_page_carries_the_table(located, border, decoded):
    told = decoded(page_of(bl.explore(located, border)))
    rows = told.records
    assert [row["id"] for row in rows] == ["a", "b", "c"]
    assert [row["place"] for row in rows] == ["Ta Khwai", "Poipet", "nowhere"]
    assert [row.get("deaths") for row in rows] == [2, None, None]
    assert [row.get("date") for row in rows] == ["2025-07-24", "2025-07-25", None]
    assert [row.get("side") for row in rows] == ["THA", "KHM", None]
    kilometres = told.columns["km"] / 10
    np.testing.assert_array_equal(kilometres, np.floor(located["measure_km"] * 10) / 10)


def test_same_input_gives_the_same_bytes(located, border):
    first = bl.explore(located, border)
    page = page_of(first)
    assert page_of(first) == page
    assert page_of(bl.explore(located, border)) == page
    assert page_of(bl.explore(located.iloc[::-1], border)) == page


def test_input_is_left_alone(located, border):
    density = bl.density(located, bl.segment(border, every_km=50))
    before, before_density = located.copy(deep=True), density.copy(deep=True)
    bl.explore(located, border, density)
    pd.testing.assert_frame_equal(located, before)
    pd.testing.assert_frame_equal(density, before_density)


def test_notebook_gets_a_frame(located, border):
    shown = bl.explore(located, border)._repr_html_()
    (framed,) = re.findall('<iframe srcdoc="([^"]*)"', shown)
    assert html.unescape(framed) == page_of(bl.explore(located, border))
    assert "Trust Notebook" in shown.replace(framed, "")


@pytest.mark.parametrize("rows", [0, 1])
def test_few_rows(rows, located, border):
    page = page_of(bl.explore(located.iloc[:rows], border))
    assert ('id="bl-status">The table holds no incident.' in page) == (rows == 0)


def test_only_a_geometry_is_needed(border, decoded):
    table = gpd.GeoDataFrame(geometry=[shapely.Point(103.3711, 14.3528), None], crs=4326)
    assert decoded(page_of(bl.explore(table, border))).records == [{"id": "0", "side": "THA"}, {"id": "1"}]


def test_values_that_cannot_be_read_count_as_missing(border, decoded):
    rows = [
        {"event_date": "soon", "fatalities": "many", "location": ["a", "list"], "distance_m": np.inf,
         "location_error_m": pd.NA, "beyond_end": "no", "lon": 103.3711, "lat": 14.3528},
    ]  # fmt: skip
    told = decoded(page_of(bl.explore(events(rows), border))).records
    assert told == [{"id": "0", "place": "['a', 'list']"}]


def test_dates_come_in_many_types(border, decoded):
    table = events([{"lon": 103.3, "lat": 14.4}] * 2)
    for dates in (
        pd.to_datetime(["2025-07-24", None]),
        pd.to_datetime(["2025-07-24T23:30", None]).tz_localize("Asia/Bangkok"),
        ["2025-07-24", ""],
    ):
        told = decoded(page_of(bl.explore(table.assign(event_date=dates), border))).records
        assert [row.get("date") for row in told] == ["2025-07-24", None]


def test_a_column_twice_is_taken_once(border, decoded):
    table = events([{"location": "first", "lon": 103.3, "lat": 14.4}])
    twice = gpd.GeoDataFrame(pd.concat([table, pd.DataFrame({"location": ["second"]})], axis=1), crs=4326)
    assert decoded(page_of(bl.explore(twice, border))).records[0]["place"] == "first"


@pytest.mark.parametrize("language", ["en", "th", "km", "local"])
def test_the_page_begins_in_the_language_asked_for(language, located, border):
    page = page_of(bl.explore(located, border, language=language))
    config = json.loads(re.search(r'id="bl-config">(.*?)</script>', page)[1])
    assert config["language"] == (language if language != "local" else "en")
    assert config["localNames"] == (language == "local")
    packed = re.search(r'id="bl-labels">([^<]*)<', page)[1]
    provinces = [
        label
        for label in json.loads(gzip.decompress(base64.b64decode(packed)))
        if label["kind"] == "province"
    ]
    assert {"en": "Surin", "th": "สุรินทร์", "km": "សុរិន្ទ"} in [label["text"] for label in provinces]
    assert {label["local"] for label in provinces} == {"th", "km"}


def test_own_provinces_and_another_border(located):
    other = bl.Border.from_line(shapely.LineString([(7.0, 49.0), (8.0, 49.0)]), left="DEU", right="FRA")
    points = gpd.GeoDataFrame(geometry=[shapely.Point(7.5, 49.01)], crs=4326)
    page = page_of(bl.explore(bl.locate(points, other), other))
    assert 'id="bl-ground"' not in page
    ground = gpd.GeoDataFrame({"name": ["<b>A</b>"]}, geometry=[shapely.box(7, 49, 8, 50)], crs=4326)
    page = page_of(bl.explore(bl.locate(points, other), other, provinces=ground))
    assert 'id="bl-ground"' in page
    assert "<b>A</b>" not in page
    with pytest.raises(TableError, match="located on"):
        bl.explore(located, other)


@pytest.mark.parametrize(
    ("error", "match", "change"),
    [
        (OptionError, "language must be one of .*not 'ht'", {"language": "ht"}),
        (CRSError, "provinces has no CRS", {"provinces": gpd.GeoDataFrame({"name": []}, geometry=[])}),
        (TableError, "column name", {"provinces": gpd.GeoDataFrame(geometry=[], crs=4326)}),
        (TableError, "from_m", {"density": pd.DataFrame({"to_m": [1.0]})}),
        (TableError, "must all be numbers",
         {"density": pd.DataFrame({"from_m": [0.0], "to_m": ["x"], "events_per_km": [1]})}),
        (MeasureError, "runs from 0 to 9",
         {"density": pd.DataFrame({"from_m": [0.0], "to_m": [9e9], "events_per_km": [1]})}),
    ],
)  # fmt: skip
def test_arguments_that_cannot_serve_are_refused(error, match, change, located, border):
    with pytest.raises(error, match=match):
        bl.explore(located, border, **change)


def test_table_without_crs_or_geometry_is_refused(border):
    with pytest.raises(CRSError):
        bl.explore(gpd.GeoDataFrame(geometry=[shapely.Point(1, 2)]), border)
    with pytest.raises(TableError):
        bl.explore(pd.DataFrame({"a": [1]}), border)


# Hostile text --------------------------------------------------------------

PAYLOAD = "{{ cycler.__init__.__globals__.os.mkdir(dict(pwned=1)|first) }}"
STATEMENT = "{% if cycler.__init__.__globals__.os.mkdir(dict(pwned=1)|first) %}{% endif %}"
FIELDS = [
    "event_type",
    "location",
    "admin1",
    "country",
    "actor1",
    "actor2",
    "side_blamed",
    "side",
    "notes",
    "source",
    "source_url",
    "dataset",
    "geo_precision",
    "geocoded_by",
    "admin1_reported",
]


@pytest.mark.parametrize("text", [PAYLOAD, STATEMENT, "{# open", "{% bad", "{{ 6 * 7 }}"])
def test_templates_in_data_are_never_run(text, border, tmp_path, monkeypatch, decoded):
    monkeypatch.chdir(tmp_path)
    table = events([dict.fromkeys(FIELDS, text) | {"lon": 103.3, "lat": 14.4}], index=[text])
    own = gpd.GeoDataFrame({"name": [text]}, geometry=[shapely.box(102, 13, 104, 15)], crs=4326)
    source = bl.Source(title=text, url=text, attribution=text, retrieved=text)
    line = bl.Border.from_line(border.line, left="KHM", right="THA", name=text, source=source)
    page = page_of(bl.explore(table, line, title=text, provinces=own))
    assert decoded(page).records[0]["notes"] == text
    assert text not in page
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=25)
@example("", "\ud800")
@example("\ud800", "x")
@given(HOSTILE, HOSTILE)
def test_any_text_leaves_the_page_as_it_was(title, note):
    border = bl.Border.from_line(shapely.LineString([(7.0, 49.0), (8.0, 49.0)]), left="DEU", right="FRA")
    plain = [{"notes": "x", "lon": 7.5, "lat": 49.1}]
    plain = Tags(page_of(bl.explore(events(plain, index=["a"]), border, title="x")))
    table = events([{"notes": "x", "lon": 7.5, "lat": 49.1}], index=["a"])
    # As objects: pandas makes no text column of half a surrogate pair.
    table["notes"] = pd.Series([note], index=table.index, dtype=object)
    hostile = Tags(page_of(bl.explore(table, border, title=title)))
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in plain.tags]


def test_no_element_or_template_is_made_of_text_that_varies():
    folder = Path(_safe_figure.__file__).parent
    for path in folder.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(Element|Template|MacroElement)\((?!\))", source), path.name


# Layers of folium ----------------------------------------------------------


def test_stock_layers_can_be_added_and_run_no_template(located, border, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    map_ = bl.explore(located, border)
    folium.Marker([14, 103], popup=folium.Popup(PAYLOAD), tooltip=PAYLOAD).add_to(map_)
    map_.fit_bounds([[13, 102], [14, 103]])
    map_.get_root().html.add_child(Element("{{ 6 * 7 }}"))
    page = page_of(map_)
    start = unpacked(page, "bl-start").decode()
    assert "L.marker(" in start
    assert PAYLOAD in start
    assert "{{ 6 * 7 }}" in page
    assert list(tmp_path.iterdir()) == []


# Files ---------------------------------------------------------------------


def test_save_writes_the_page(located, border, tmp_path):
    map_ = bl.explore(located, border)
    map_.save(tmp_path / "map.html")
    assert (tmp_path / "map.html").read_text(encoding="utf-8") == page_of(map_)
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]
    with (tmp_path / "open.html").open("wb") as file:
        map_.save(file)
    assert file.closed
    assert (tmp_path / "open.html").read_bytes() == (tmp_path / "map.html").read_bytes()


def test_save_leaves_the_old_file_when_it_fails(located, border, tmp_path, monkeypatch):
    path = tmp_path / "map.html"
    path.write_text("old")
    map_ = bl.explore(located, border)

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        map_.save(path)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]


def test_save_into_a_folder_that_is_not_there(located, border, tmp_path):
    with pytest.raises(OutputError, match="could not be written"):
        bl.explore(located, border).save(tmp_path / "missing" / "map.html")


# Assets --------------------------------------------------------------------


def test_vendored_files_are_what_their_list_says():
    folder = Path(_page_assets.__file__).parent / "assets" / "vendor"
    packages = json.loads((folder / "vendor.json").read_text())["packages"]
    listed = set()
    for package in packages:
        assert package["license"]
        for record in package["files"]:
            assert hashlib.sha256((folder / record["path"]).read_bytes()).hexdigest() == record["sha256"]
            listed.add(record["path"])
    present = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} - {"vendor.json"}
    assert present == listed
    assert any(path.endswith("LICENSE") for path in listed)


def test_scripts_on_the_list_are_the_scripts_there_are():
    folder = Path(_page_assets.__file__).parent / "assets"
    listed = [*_page_assets.OPEN_SCRIPTS, *_page_assets.PACKED_SCRIPTS]
    assert sorted(path.name for path in folder.glob("*.js")) == sorted(listed)
    for path in folder.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 300
        assert max(map(len, text.splitlines())) <= 160
        if path.name != "start.js":  # its one use serves folium's own popups
            assert "innerHTML" not in text
        assert not re.search(r"\beval\(|new Function|insertAdjacentHTML|outerHTML|document\.write", text)


def test_unknown_address_is_refused_with_a_remedy():
    with pytest.raises(OutputError, match=r"example\.org/x\.js.*remove the layer"):
        _page_assets.read_vendored("https://example.org/x.js")


def test_page_and_ground_stay_within_their_budgets(located, border):
    """Everything but land and names, the line of the border with it: 250 kB; land and names: 120 kB."""
    page = page_of(bl.explore(located, border)).encode()
    ground = sum(len(unpacked_text(page.decode(), name)) for name in ("bl-ground", "bl-labels"))
    assert ground <= 120_000
    assert len(page) - ground <= 250_000


def test_land_around_lies_under_the_built_in_ground_only(border, located):
    ground = basemap_module.basemap(border, None)
    own = basemap_module.basemap(border, bl.load_admin())
    assert ground.around
    assert own.around == []
    assert ground.rings == own.rings
    assert len(ground.planes.text()) - len(own.planes.text()) < 60_000
    assert "the neighbours through geo-maps" in page_of(bl.explore(located, border))


def test_several_maps_of_one_figure_keep_their_own_page():
    figure = folium.Figure()
    border = bl.load_border()
    for title, place in (("First", (103.37, 14.35)), ("Second", (104.68, 14.39)), ("Third", (102.9, 12.0))):
        events = bl.read_events(pd.DataFrame({"lon": [place[0]], "lat": [place[1]]}))
        page = bl.explore(bl.locate(events, border), border, title=title)
        figure.add_child(page)
    whole = figure.render()
    assert whole.count("<iframe srcdoc=") == 3
    assert [title in whole for title in ("First", "Second", "Third")] == [True] * 3
    assert figure.render() == whole
    # A map that is alone in a foreign figure is part of its page, as before.
    lone = folium.Figure()
    lone.add_child(page)
    assert "srcdoc" not in lone.render()
