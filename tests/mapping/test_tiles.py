"""Tiles: offered, never asked for unasked, from one host."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

import borderline as bl
from borderline.errors import OptionError

URL = "https://tiles.example.org/{z}/{x}/{y}.png"


@pytest.fixture(scope="module")
def page():
    border = bl.Border.from_line(shapely.LineString([(7.0, 49.0), (8.0, 49.0)]), left="DEU", right="FRA")
    table = bl.locate(gpd.GeoDataFrame(geometry=[shapely.Point(7.5, 49.01)], crs=4326), border)
    return lambda tiles=None: bl.explore(table, border, tiles=tiles).get_root().render()


def test_policy_opens_for_that_host_only(page):
    assert "img-src data: blob: https://tiles.example.org;" in page((URL, "Someone"))
    assert "img-src data: blob:;" in page()


@pytest.mark.parametrize(
    "tiles",
    [
        "OpenStreetMap",
        "https://tiles.example.org/{z}/{x}/{y}.png",
        (URL, " "),
        ("http://tiles.example.org/{z}/{x}/{y}.png", "a"),
        ("https://{s}.example.org/{z}/{x}/{y}.png", "a"),
        ("https://tiles.example.org/{z}/{x}.png", "a"),
        ("https://a b;script-src */{z}/{x}/{y}", "a"),
        ("https://me:secret@example.org/{z}/{x}/{y}", "a"),
        ("https://[/{z}/{x}/{y}", "a"),
        ("data:{z}{x}{y}", "a"),
    ],
)
def test_addresses_that_cannot_serve_are_refused(page, tiles):
    with pytest.raises(OptionError, match="tiles"):
        page(tiles)
