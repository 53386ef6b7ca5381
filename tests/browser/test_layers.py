"""Layers of folium in a browser: those the map lets in work, and a plain map loads the others."""

from __future__ import annotations

import re

import branca
import folium
import geopandas as gpd
import numpy as np
import pytest
from branca.element import Element
from folium import plugins
from folium.raster_layers import ImageOverlay

import borderline as bl

pytestmark = pytest.mark.browser

PLACE = [14.0, 103.0]
SQUARE = {
    "type": "Feature", "id": "B", "properties": {"name": "B"},
    "geometry": {"type": "Polygon", "coordinates": [[[103, 13], [104, 13], [104, 14], [103, 13]]]},
}  # fmt: skip
POINT = {
    "type": "Feature",
    "properties": {"name": "A"},
    "geometry": {"type": "Point", "coordinates": [103, 14]},
}
GEOJSON = {"type": "FeatureCollection", "features": [POINT, SQUARE]}


@pytest.fixture(scope="module")
def empty(border):
    return bl.locate(gpd.GeoDataFrame({"location": []}, geometry=[], crs=4326), border)


def tip(marker):
    return folium.Marker(PLACE, tooltip="tip", **marker)


FITTING = {
    "marker": (lambda m: tip({"popup": "a <b>bold</b> word"}).add_to(m), "img.leaflet-marker-icon"),
    "popup": (lambda m: tip({"popup": folium.Popup("<h3>x</h3>", show=True)}).add_to(m), ".leaflet-popup h3"),
    "lazy popup": (lambda m: tip({"popup": folium.Popup("x", lazy=True)}).add_to(m), "img[tabindex]"),
    "sign": (lambda m: tip({"icon": folium.DivIcon(html="<b class=own>hi</b>")}).add_to(m), "b.own"),
    "circle": (lambda m: folium.Circle(PLACE, radius=9000).add_to(m), "path.leaflet-interactive"),
    "line": (lambda m: folium.PolyLine([PLACE, [13, 104]]).add_to(m), "path.leaflet-interactive"),
    "geojson": (
        lambda m: folium.GeoJson(
            GEOJSON, marker=folium.CircleMarker(radius=4), style_function=lambda _: {"color": "red"},
            highlight_function=lambda _: {"weight": 5}, tooltip=folium.GeoJsonTooltip(["name"]),
            popup=folium.GeoJsonPopup(["name"]),
        ).add_to(m),
        "path[stroke=red]",
    ),
    "group and control": (
        lambda m: (folium.FeatureGroup("<b>group</b>").add_to(m), folium.LayerControl().add_to(m)),
        ".leaflet-control-layers",
    ),
    "hidden tiles": (
        lambda m: folium.TileLayer("https://t.example/{z}/{x}/{y}.png", attr="t", show=False).add_to(m),
        "canvas.leaflet-zoom-animated",
    ),
    "picture": (
        lambda m: ImageOverlay(np.ones((2, 2)), [[13, 103], [14, 104]]).add_to(m), "img.leaflet-image-layer",
    ),
    "clicks": (lambda m: m.add_child(folium.LatLngPopup()), "canvas.leaflet-zoom-animated"),
    "bounds": (lambda m: m.fit_bounds([[13, 103], [14, 104]]), "canvas.leaflet-zoom-animated"),
    "markup and script": (
        lambda m: (
            m.get_root().html.add_child(Element("<p id=own>{{ 1 }}</p>")),
            m.get_root().script.add_child(Element("document.getElementById('own').className = 'ran';")),
        ),
        "p.ran",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FITTING)
def test_layers_that_fit_work_and_ask_nobody(name, opened, empty, border, tmp_path):
    add, seen = FITTING[name]
    map_ = bl.explore(empty, border)
    add(map_)
    map_.save(tmp_path / "map.html")
    with opened(tmp_path / "map.html") as page:
        page.wait_for_selector("html[data-bl-ready]", state="attached")
        page.wait_for_selector(seen, state="attached")


def test_pictures_beside_the_file_load(browser, empty, border, tmp_path):
    map_ = bl.explore(empty, border)
    (tmp_path / "tile.png").write_bytes(branca.utilities.write_png(np.ones((2, 2))))
    folium.TileLayer("tile.png?{z}/{x}/{y}", attr="own").add_to(map_)
    map_.save(tmp_path / "map.html")
    page = browser.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto((tmp_path / "map.html").as_uri())
    page.wait_for_selector("html[data-bl-ready]", state="attached")
    page.wait_for_selector("img.leaflet-tile-loaded", state="attached")
    assert said == []
    page.close()


STUB = "L.markerClusterGroup = (options) => Object.assign(L.layerGroup(), { stub: true });"


def test_a_plain_map_loads_what_its_layers_need(browser, empty, border, tmp_path):
    map_ = bl.explore(empty, border, plain=True)
    plugins.MarkerCluster().add_to(map_)
    markup = "<b onclick='window.own = 1'>press</b>"
    folium.Marker(PLACE, popup=folium.Popup(markup, show=True)).add_to(map_)
    map_.save(tmp_path / "plain.html")
    page = browser.new_page()
    said, asked = [], []
    page.on("pageerror", lambda error: said.append(str(error)))

    def answer(route):
        asked.append(route.request.url)
        kind = "text/css" if route.request.url.endswith(".css") else "text/javascript"
        body = STUB if route.request.url.endswith("leaflet.markercluster.js") else ""
        route.fulfill(content_type=kind, body=body)

    page.route(re.compile("^https:"), answer)
    page.goto((tmp_path / "plain.html").as_uri())
    page.wait_for_selector("html[data-bl-ready]", state="attached")
    page.get_by_text("press").click()
    assert page.evaluate("window.own") == 1
    assert any(url.endswith("leaflet.markercluster.js") for url in asked)
    assert said == []
    page.close()


def test_a_plain_map_is_whole_without_a_network(browser, empty, border, tmp_path):
    bl.explore(empty, border, plain=True).save(tmp_path / "plain.html")
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((tmp_path / "plain.html").as_uri())
    page.wait_for_selector("html[data-bl-ready]", state="attached")
    context.close()
