"""What the ground shows, what stands along the border, and what both weigh."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

import borderline as bl
from borderline import _paths
from borderline.mapping import _basemap, _escape, _signs


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


@pytest.fixture(scope="module")
def located(border):
    table = gpd.GeoDataFrame(geometry=[shapely.Point(103.3711, 14.3528)], crs=4326)
    return bl.locate(table, border)


def config_of(map_):
    return json.loads(re.search(r'id="bl-config">(.*?)</script>', map_.get_root().render())[1])


def elsewhere():
    return bl.Border.from_line(shapely.LineString([(7.0, 49.0), (8.0, 49.0)]), left="DEU", right="FRA")


def test_ground_with_all_its_names_stays_within_its_budget(located, border):
    page = bl.explore(located, border).get_root().render()
    config = config_of(bl.explore(located, border))
    planes = re.search(r'id="bl-ground">([^<]*)<', page)[1]
    named = _escape.safe_json([config["ground"], config["labels"]]).encode()
    assert len(planes) + len(named) <= 120_000


def test_waters_are_the_large_ones(border):
    ground = _basemap.basemap(border, None, "en")
    waters = bl.catalog.read_layer("waters")
    large = sum(shapely.area(part) >= _basemap.SMALLEST_WATER for part in waters.geometry.explode())
    assert 100 < len(ground.waters) == large
    assert sum(
        [*ground.around, *ground.rings, *ground.waters, *ground.lines, *ground.patches]
        + [count for other in ground.drawings for count in other["lines"]]
    ) == ground.planes.layout[0]["rows"]  # fmt: skip


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A data folder whose catalog lacks what older ones lack."""
    for part in ("geodata", "seeds"):
        source = Path(_paths.data_path(part))
        shutil.copytree(source / "layers" if part == "geodata" else source, tmp_path / part / "layers")
    catalog = json.loads(_paths.data_path("geodata", "catalog.json").read_text(encoding="utf-8"))
    absent = {"waters", "neighbours", "places", "contested"}
    catalog["layers"] = [layer for layer in catalog["layers"] if layer["key"] not in absent]
    (tmp_path / "geodata" / "catalog.json").write_text(json.dumps(catalog), encoding="utf-8")
    monkeypatch.setenv("BORDERLINE_DATA", str(tmp_path))


@pytest.mark.usefixtures("bare")
def test_a_data_folder_may_lack_what_lies_around(located, border):
    config = config_of(bl.explore(located, border))
    assert config["ground"]["rings"]
    assert config["ground"]["waters"] == config["ground"]["around"] == config["ground"]["patches"] == []
    assert {label["kind"] for label in config["labels"]} >= {"post", "province"}
    assert "crossing" not in {label["kind"] for label in config["labels"]}


def test_posts_stand_every_50_km_by_measure(border):
    posts = _signs.posts(border)
    assert [post["km"] for post in posts] == list(range(50, 801, 50))
    lon, lat = np.array([post["at"][0] for post in posts]).T
    feet = border.foot(lon, lat)
    np.testing.assert_allclose(border.measure(feet.chainage), [post["km"] for post in posts], atol=0.002)
    assert feet.distance.max() < 2
    assert _signs.posts(elsewhere())[0]["km"] == 50
    short = bl.Border.from_line(shapely.LineString([(7.0, 49.0), (7.1, 49.0)]), left="DEU", right="FRA")
    assert _signs.posts(short) == []


def test_crossings_are_those_of_this_border(border):
    found = _signs.crossings(border, "en")
    table = bl.catalog.read_table("places")
    table = table[table["kind"] == "crossing"]
    assert len(found) == len(table[["longitude", "latitude"]].drop_duplicates())
    assert any("Poipet" in crossing["text"] for crossing in found)
    assert all("checkpoint" not in crossing["text"] for crossing in found)
    assert {crossing["sure"] for crossing in found} == {True, False}
    assert _signs.crossings(elsewhere(), "en") == []


@pytest.mark.parametrize(
    ("language", "first", "last"), [("th", "\u0e00", "\u0e7f"), ("km", "\u1780", "\u17ff")]
)
def test_crossings_have_names_in_the_language_asked_for(border, language, first, last):
    named = [crossing for crossing in _signs.crossings(border, language) if crossing["lang"] == language]
    assert named
    assert all(first <= crossing["text"][0] <= last for crossing in named)


def test_names_that_both_sides_share_are_said_once():
    assert _signs._joined(["An Ses", "Chong An Ma-An Ses"]) == "Chong An Ma-An Ses"
    assert _signs._joined(["A", "B checkpoint"]) == "A \u2013 B"
    assert _signs._joined(["Malai border pass"]) == "Malai"


def test_other_drawings_are_all_but_the_one_drawn(border):
    names = {drawing.name for drawing in _signs.drawings(border)}
    lines = bl.catalog.list().query("kind == 'line'")
    assert len(names) == len(lines) - 1
    assert not any("mid 2025" in name for name in names)
    other = bl.load_border(line="natural-earth")
    assert any("mid 2025" in drawing.name for drawing in _signs.drawings(other))
    assert _signs.drawings(elsewhere()) == []
    assert len(_signs.contested(elsewhere())) == 0


def test_other_drawings_keep_to_about_50_m(border):
    originals = {
        bl.catalog.get(key).title.partition(", ")[2]: bl.catalog.read_layer(key).geometry.iloc[0]
        for key in bl.catalog.list().query("kind == 'line'").index
    }
    for drawing in _signs.drawings(border):
        # What is not drawn follows the line that is.
        shown = shapely.union(shapely.multilinestrings(drawing.lines), border.line)
        vertices = shapely.points(shapely.get_coordinates(originals[drawing.name]))
        assert shapely.distance(vertices, shown).max() < 1.1 * _signs.LINE_TOLERANCE


def test_patches_of_the_catalog_are_drawn(border):
    ground = _basemap.basemap(border, None, "en")
    layer = bl.catalog.read_layer("contested")
    assert len(ground.patches) == len(layer.geometry.explode())
    credited = {source.title for source in _signs.sources_of_signs(border)}
    assert bl.catalog.get("contested").title in credited
    assert bl.catalog.get("rtsd-2019").title in credited
    assert _signs.sources_of_signs(elsewhere()) == []
