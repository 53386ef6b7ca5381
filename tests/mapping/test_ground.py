"""What the ground shows, what stands along the border, and what both weigh."""

from __future__ import annotations

import base64
import gzip
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
from borderline.mapping import _basemap, _border_features, _escape


@pytest.fixture(scope="module")
def border():
    return bl.load_border()


@pytest.fixture(scope="module")
def located(border):
    table = gpd.GeoDataFrame(geometry=[shapely.Point(103.3711, 14.3528)], crs=4326)
    return bl.locate(table, border)


def config_of(map_):
    return json.loads(re.search(r'id="bl-config">(.*?)</script>', map_.get_root().render())[1])


def labels_of(map_):
    packed = re.search(r'id="bl-labels">([^<]*)<', map_.get_root().render())[1]
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def elsewhere():
    return bl.Border.from_line(shapely.LineString([(7.0, 49.0), (8.0, 49.0)]), left="DEU", right="FRA")


def test_ground_with_all_its_names_stays_within_its_budget(located, border):
    page = bl.explore(located, border).get_root().render()
    config = config_of(bl.explore(located, border))
    planes = re.search(r'id="bl-ground">([^<]*)<', page)[1]
    named = re.search(r'id="bl-labels">([^<]*)<', page)[1]
    assert len(planes) + len(named) + len(_escape.safe_json(config["ground"])) <= 120_000


def test_waters_are_the_large_ones(border):
    ground = _basemap.basemap(border, None)
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
    kinds = {label["kind"] for label in labels_of(bl.explore(located, border))}
    assert kinds >= {"post", "province"}
    assert kinds.isdisjoint({"crossing", "town", "temple"})


def test_posts_stand_every_50_km_by_measure(border):
    posts = _border_features.posts(border)
    assert [post["km"] for post in posts] == list(range(50, 801, 50))
    lon, lat = np.array([post["at"][0] for post in posts]).T
    feet = border.foot(lon, lat)
    np.testing.assert_allclose(border.to_measure(feet.chainage), [post["km"] for post in posts], atol=0.002)
    assert feet.distance.max() < 2
    assert _border_features.posts(elsewhere())[0]["km"] == 50
    short = bl.Border.from_line(shapely.LineString([(7.0, 49.0), (7.1, 49.0)]), left="DEU", right="FRA")
    assert _border_features.posts(short) == []


def test_crossings_are_those_of_this_border(border):
    found = _border_features.crossings(border)
    table = bl.catalog.read_table("places")
    table = table[table["kind"] == "crossing"]
    assert len(found) == len(table[["longitude", "latitude"]].drop_duplicates())
    assert any("Poipet" in crossing["text"]["en"] for crossing in found)
    assert all("checkpoint" not in crossing["text"]["en"] for crossing in found)
    assert {crossing["sure"] for crossing in found} == {True, False}
    assert _border_features.crossings(elsewhere()) == []


@pytest.mark.parametrize(
    ("language", "first", "last"), [("th", "\u0e00", "\u0e7f"), ("km", "\u1780", "\u17ff")]
)
def test_crossings_and_towns_have_names_in_three_scripts(border, language, first, last):
    for labels in (_border_features.crossings(border), _border_features.towns(border)):
        named = [label["text"][language] for label in labels if language in label["text"]]
        assert named
        assert all(first <= text[0] <= last for text in named)


def test_towns_are_those_of_the_two_countries_near_the_line(border):
    found = _border_features.towns(border)
    lon, lat = np.array([town["at"][0] for town in found]).T
    assert border.foot(lon, lat).distance.max() <= 75_000
    names = [town["text"]["en"] for town in found]
    assert len(set(names)) == len(names) > 100
    assert {"Aranyaprathet", "Poipet", "Pailin", "Preah Vihear temple"} <= set(names)
    assert [town["text"]["en"] for town in found if town["kind"] == "temple"] != []
    assert _border_features.towns(elsewhere()) == []


@pytest.mark.parametrize("language", ["en", "th", "km"])
def test_provinces_have_the_names_that_are_known(border, language):
    table = bl.catalog.load_admin().set_index("name")
    column = {"en": "name", "th": "name_th", "km": "name_km"}[language]
    for label in _basemap.basemap(border, None).labels:
        known = table.reset_index().set_index("name", drop=False).loc[label["text"]["en"], column]
        assert label["text"].get(language) == (known if isinstance(known, str) and known else None)


def test_names_that_both_sides_share_are_said_once():
    assert _border_features._join_names(["An Ses", "Chong An Ma-An Ses"]) == "Chong An Ma-An Ses"
    assert _border_features._join_names(["A", "B checkpoint"]) == "A \u2013 B"
    assert _border_features._join_names(["Malai border pass"]) == "Malai"


def test_other_drawings_are_all_but_the_one_drawn(border):
    names = {drawing.name for drawing in _border_features.drawings(border)}
    lines = bl.catalog.list_layers().query("kind == 'line'")
    assert len(names) == len(lines) - 1
    assert not any("mid 2025" in name for name in names)
    other = bl.load_border(line="natural-earth")
    assert any("mid 2025" in drawing.name for drawing in _border_features.drawings(other))
    assert _border_features.drawings(elsewhere()) == []
    assert len(_border_features.contested(elsewhere())) == 0


def test_other_drawings_keep_to_about_50_m(border):
    originals = {
        bl.catalog.get(key).title.partition(", ")[2]: bl.catalog.read_layer(key).geometry.iloc[0]
        for key in bl.catalog.list_layers().query("kind == 'line'").index
    }
    for drawing in _border_features.drawings(border):
        # What is not drawn follows the line that is.
        shown = shapely.union(shapely.multilinestrings(drawing.lines), border.line)
        vertices = shapely.points(shapely.get_coordinates(originals[drawing.name]))
        assert shapely.distance(vertices, shown).max() < 1.1 * _border_features.LINE_TOLERANCE


def test_patches_of_the_catalog_are_drawn(border):
    ground = _basemap.basemap(border, None)
    layer = bl.catalog.read_layer("contested")
    assert len(ground.patches) == len(layer.geometry.explode())
    credited = {source.title for source in _border_features.sources_of_features(border)}
    assert bl.catalog.get("contested").title in credited
    assert bl.catalog.get("rtsd-2019").title in credited
    assert _border_features.sources_of_features(elsewhere()) == []
