"""Layers of folium on the map: they fit the page, or are refused with the remedy."""

from __future__ import annotations

import re
import time

import branca
import folium
import geopandas as gpd
import numpy as np
import pytest
import shapely
from branca.element import Element
from folium import plugins
from folium.raster_layers import ImageOverlay, VideoOverlay

import borderline as bl
from borderline.errors import OutputError
from borderline.mapping._layer_checks import picture_hosts, require_harmless
from borderline.mapping._page_assets import LEAFLET_JS, read_vendored

PLACE = [14.0, 103.0]
POINT = {"type": "Point", "coordinates": [103.0, 14.0]}
TILES = "https://{s}.tile.example.org/{z}/{x}/{y}.png"


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


@pytest.fixture(scope="module")
def located(border):
    table = gpd.GeoDataFrame({"location": ["Ta Khwai"]}, geometry=[shapely.Point(103.37, 14.35)], crs=4326)
    return bl.locate(table, border)


def popup(markup):
    return lambda m: folium.Marker(PLACE, popup=folium.Popup(markup)).add_to(m)


def html(markup):
    return lambda m: m.get_root().html.add_child(Element(markup))


def header(markup):
    return lambda m: m.get_root().header.add_child(Element(markup))


def script(code):
    return lambda m: m.get_root().script.add_child(Element(code))


def on(layer):
    return lambda m: layer().add_to(m)


REFUSED = {
    "icon": (on(lambda: folium.Marker(PLACE, icon=folium.Icon())), "Font Awesome"),
    "clusters": (on(plugins.MarkerCluster), "would have to load"),
    "heat": (on(lambda: plugins.HeatMap([PLACE])), "would have to load"),
    "colours": (on(lambda: branca.colormap.LinearColormap(["red", "blue"])), "would have to load"),
    "timeline": (on(lambda: plugins.Timeline({"type": "FeatureCollection", "features": []})), "timelines"),
    "film": (on(lambda: VideoOverlay("https://example.org/v.webm", [[13, 103], [14, 104]])), "film"),
    "frame in a popup": (popup(branca.element.IFrame("<b>x</b>")), "frame"),
    "script in a popup": (popup("<script>window.own = 1</script>"), "script in its markup"),
    "handler in a popup": (popup("<b class=x onclick='window.own = 1'>x</b>"), "script in an attribute"),
    "handler after a slash": (popup("<svg/onload=alert(1)>"), "script in an attribute"),
    "handler in a sign": (
        on(lambda: folium.Marker(PLACE, icon=folium.DivIcon(html='<b title="a" onclick="x()">x</b>'))),
        "script in an attribute",
    ),
    "address that is a script": (popup("<a href=' javascript:alert(1)'>x</a>"), "script in an address"),
    "picture in a popup": (popup("<img alt=x src='https://example.org/a.png'>"), r"picture https://example\.org"),
    "script in the page": (html("<script>window.own = 1</script>"), "script in its markup"),
    "script in the head": (header("<script src='https://example.org/x.js'></script>"), "script in its"),
    "style sheet": (header("<link rel='stylesheet' href='https://example.org/x.css'>"), "style sheet"),
    "imported style": (header("<style>@import 'https://example.org/x.css'</style>"), "style sheet"),
    "request": (script("fetch('https://example.org')"), "data from elsewhere"),
    "made code": (script("eval('1')"), "made while it runs"),
    "jQuery": (script("$.ajax('x')"), "jQuery"),
    "zoom switch": (on(plugins.ScrollZoomToggler), "script in an attribute"),
    "no host": (on(lambda: folium.TileLayer("https://a b/{z}/{x}/{y}.png", attr="x")), "names no host"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_page_would_stop_is_refused_and_the_old_file_stays(name, located, border, tmp_path):
    add, message = REFUSED[name]
    path = tmp_path / "map.html"
    path.write_text("old")
    map_ = bl.explore(located, border)
    add(map_)
    with pytest.raises(OutputError, match=rf"(?s){message}.*plain=True"):
        map_.save(path)
    assert path.read_text() == "old"


@pytest.mark.parametrize("name", [name for name in REFUSED if name != "no host"])
def test_a_plain_map_takes_everything(name, located, border):
    map_ = bl.explore(located, border, plain=True)
    REFUSED[name][0](map_)
    page = map_.get_root().render()
    assert "Content-Security-Policy" not in page
    assert 'id="bl-incidents"' in page


def test_a_plain_map_links_what_it_does_not_carry(located, border):
    map_ = bl.explore(located, border, plain=True)
    plugins.MarkerCluster().add_to(map_)
    page = map_.get_root().render()
    links = re.findall(r'<script src="([^"]*)"', page)
    assert any("markercluster" in link for link in links)
    assert not any("/leaflet.js" in link for link in links)
    assert read_vendored(LEAFLET_JS) in page
    assert "bootstrap@" not in page


def test_a_plain_map_still_runs_no_template_of_a_table(located, border, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    payload = "{{ cycler.__init__.__globals__.os.mkdir(dict(pwned=1)|first) }}"
    map_ = bl.explore(located.assign(notes=payload), border, title=payload, plain=True)
    popup(payload)(map_)
    map_.get_root().render()
    assert list(tmp_path.iterdir()) == []


def test_pictures_come_from_the_picture_hosts_their_layers_alone(located, border):
    map_ = bl.explore(located, border, tiles=("https://own.example/{z}/{x}/{y}.png", "own"))
    folium.TileLayer(TILES, attr="tiles").add_to(folium.FeatureGroup("below").add_to(map_))
    folium.WmsTileLayer("http://wms.example:8080/x?y", layers="a").add_to(map_)
    plugins.FloatImage("https://float.example/a.png").add_to(map_)
    folium.Marker(PLACE, icon=folium.CustomIcon("https://icon.example/i.png")).add_to(map_)
    ImageOverlay(np.zeros((2, 2)), [[13, 103], [14, 104]]).add_to(map_)
    page = map_.get_root().render()
    assert re.search(r"img-src ([^;]*);", page)[1].split() == [
        "data:", "blob:", "https://own.example", "http://wms.example:8080", "https://*.tile.example.org",
        "https://float.example", "https://icon.example",
    ]  # fmt: skip


def test_pictures_beside_the_file_are_let_in(located, border):
    map_ = bl.explore(located, border)
    folium.TileLayer("tiles/{z}/{x}/{y}.png", attr="own").add_to(map_)
    assert picture_hosts(map_) == ["file:"]


HARMLESS = [
    "for (let i = 0; i < n; i++) { let once = 1; }",
    "if (a <b && c) { on = 1; }",
    "L.marker([1, 2]).on('click', run);",
    "const text = `5 < 6, and an image, on = off`;",
    "costs $.50",
    "<b class='on' data-one=1>bold</b> <a href='https://example.org/?on=1'>link</a>",
    "<img src='data:image/png;base64,AA=='>",
    "<script type='application/json'>{}</script>",
    "for (let i = 0; i<n; i++) { layer.onAdd = (x) => x; const once = { onEachFeature: f }; }",
    "<b title='x > y' data-on='1'>x</b>",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_harms_nobody_is_let_in(text):
    require_harmless("a layer", text, script=True, hosts=[])


HIDDEN = [
    "<!-- <script>window.own = 1</script>",
    "if (a<b) popup = `<svg onload=alert(1)>`;",
    "<b title='a > b' onclick='x()'>",
    '<b title="it\'s > <i>" onclick=x()>',
    "<A HREF='java\tscript:alert(1)'>x</A>",
    "<a href='\x01 JavaScript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<button formaction=javascript:alert(1)>",
    "const text = '\\u003cscript\\u003ealert(1)\\u003c/script\\u003e';",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<script type='text/javascript'>x</script>",
    "<script type=module>x</script>",
]


@pytest.mark.parametrize("text", HIDDEN)
@pytest.mark.parametrize("script", [False, True])
def test_what_hides_a_script_is_seen_through(text, script):
    with pytest.raises(OutputError, match="needs a script in"):
        require_harmless("a layer", text, script=script, hosts=[])


def test_large_layers_are_checked_in_time():
    """Every tag is read by itself: twice the text takes about twice the time."""
    text = "L.marker([1, 2]).bindPopup(`<div id='html_1' title='a > b'>x < y and <b>z</b></div>`);\n"

    def seconds(times):
        started = time.perf_counter()
        require_harmless("a layer", text * times, script=True, hosts=[])
        return time.perf_counter() - started

    seconds(100)
    assert min(seconds(4000) for _ in range(3)) < 12 * min(seconds(1000) for _ in range(3))


@pytest.mark.parametrize("text", ["<a" * 100_000 + ">", "<a x='" + ">" * 100_000])
def test_markup_that_takes_too_long_is_refused(text):
    with pytest.raises(OutputError, match=r"cannot be read in time.*html\.escape"):
        require_harmless("a layer", text, script=False, hosts=[])


def test_one_layer_is_named(located, border):
    map_ = bl.explore(located, border)
    marker = folium.Marker(PLACE, icon=folium.Icon())
    marker.add_to(map_)
    with pytest.raises(OutputError, match=marker.icon.get_name()):
        map_.get_root().render()
