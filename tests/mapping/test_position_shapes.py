"""Sides that positions do not decide, and the shapes that show where such incidents may have been."""

from __future__ import annotations

import base64
import gzip
import json
import re
import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import borderline as bl
from borderline.errors import PositionWarning
from borderline.mapping._defaults import choose_subject
from borderline.mapping._filter_columns import side_is_known
from borderline.mapping._position_shapes import RADIUS_PER_SD, read_shapes

LINE = bl.Border.from_line(
    shapely.LineString([(100.0, 10.0), (100.0, 12.0)]), left="KHM", right="THA", accuracy_m=300.0
)


def make(**columns):
    rows = len(next(iter(columns.values())))
    lon = columns.pop("lon", [100.01] * rows)
    points = [None if np.isnan(x) else shapely.Point(x, 11.0) for x in lon]
    events = gpd.GeoDataFrame(columns, geometry=points, crs=4326)
    return bl.locate(events, LINE)


def embedded(page, name):
    packed = re.search(rf'id="{name}">([^<]*)<', page)[1]
    return json.loads(gzip.decompress(base64.b64decode(packed)))


@pytest.mark.parametrize(
    ("error", "known"),
    # The point lies 1,093 m from the line, which is known to 300 m.
    [(np.nan, True), (0.0, True), (1_000.0, True), (1_060.0, False), (5_000.0, False)],
)
def test_a_side_is_known_where_the_errors_are_smaller_than_the_distance(error, known):
    assert side_is_known(make(location_error_m=[error]), LINE).tolist() == [known]


def test_what_the_table_says_of_its_sides_comes_first():
    events = make(location_error_m=[5_000.0, 5_000.0, np.nan])
    events["side_known"] = pd.array([True, None, False], dtype="boolean")
    assert side_is_known(events, LINE).tolist() == [True, False, False]


def test_a_front_runs_along_the_border_and_a_village_is_round():
    events = make(location_error_m=[5_000.0, 2_000.0], geo_precision=["border_stretch", "village"])
    shapes = read_shapes(events, LINE, side_is_known(events, LINE))
    front, village = (shapes.shapes[int(k)] for k in shapes.index)
    along, across, turn, area = front
    assert along == pytest.approx(3 * across, rel=1e-3)
    assert turn % 180 == pytest.approx(0, abs=1)  # the border is a meridian
    assert area is None
    # An ellipse of standard deviations s and 3 s holds 90 % within the stated error of its middle.
    deviations = np.array([along, across]) / RADIUS_PER_SD
    draws = np.random.default_rng(1).normal(size=(200_000, 2)) * deviations
    assert np.mean(np.hypot(*draws.T) <= 5_000) == pytest.approx(0.9, abs=0.005)
    assert village == (2_000, 2_000, 0, None)


def test_an_area_is_drawn_once_for_all_that_lie_somewhere_in_it():
    text = "POLYGON ((99.5 10.5, 100.5 10.5, 100.5 11.5, 99.5 11.5, 99.5 10.5))"
    events = make(lon=[100.01, 100.02, 100.4], position_area=[text, text, None], location_error_m=[9e4] * 3)
    shapes = read_shapes(events, LINE, side_is_known(events, LINE))
    assert len(shapes.areas) == 1
    corners = np.reshape(shapes.areas[0][0], (-1, 2))
    assert shapely.equals(
        shapely.normalize(shapely.Polygon(corners)), shapely.normalize(shapely.from_wkt(text))
    )
    areas = [shapes.shapes[int(k)][3] for k in shapes.index]
    assert areas == [0, 0, None]


def test_no_shape_where_the_side_is_known_or_nothing_can_be_read():
    events = make(lon=[100.01, np.nan, 103.0], location_error_m=[5_000.0] * 3)
    known = side_is_known(events, LINE)
    assert np.isfinite(read_shapes(events, LINE, known).index).tolist() == [True, False, False]
    events["position_model"] = ["no such model"] * 3
    assert read_shapes(events, LINE, known).shapes == []
    bl.explore(events, LINE).get_root().render()


def test_the_page_counts_the_sides_that_are_not_known():
    border = bl.load_border()
    events = bl.load_incidents().pipe(bl.locate, border)
    page = bl.explore(events, border).get_root().render()
    config = json.loads(re.search(r'id="bl-config">(.*?)</script>', page)[1])
    assert set(config["sides"]) == {"KHM", "THA", "?"}
    sure = bl.locate(events, border, level=0.9)
    unsure = (~sure["side_known"]).fillna(value=False) & (events["location_error_m"] > 0)
    packed = embedded(page, "bl-shapes")
    # Rows that share a point, an error and a kind of place share a shape.
    columns = [events.geometry.x, events.geometry.y, events["location_error_m"], events["geo_precision"]]
    distinct = pd.concat(columns, axis=1, ignore_index=True)[unsure].drop_duplicates()
    assert len(packed["shapes"]) == len(distinct)
    assert config["sides"][0] == "?"  # by far the most


def test_tables_without_errors_are_shown_as_before():
    events = make(lon=[100.01, 99.9])
    page = bl.explore(events, LINE).get_root().render()
    config = json.loads(re.search(r'id="bl-config">(.*?)</script>', page)[1])
    assert config["sides"] == ["KHM", "THA"] or config["sides"] == ["THA", "KHM"]
    assert embedded(page, "bl-shapes") == {"shapes": [], "areas": []}


def test_probabilities_and_drawings_travel_as_whole_numbers():
    events = make(location_error_m=[5_000.0, 5_000.0])
    events["p_left"], events["p_right"] = [0.236, 0.4], [0.764, 0.6]
    events["n_lines_left"], events["n_lines_right"] = [4, 6], [2, 0]
    page = bl.explore(events, LINE).get_root().render()
    config = json.loads(re.search(r'id="bl-config">(.*?)</script>', page)[1])
    fields = {name for name, *_ in config["incidents"]["fields"]}
    assert {"share", "linesLeft", "linesRight"} <= fields
    assert config["banks"] == ["KHM", "THA"]


def test_a_map_says_how_sure_it_is_where_locate_did_not():
    events = make(lon=[100.01, 100.5], location_error_m=[5_000.0, 5_000.0])
    shown = choose_subject(events, LINE).events
    sure = bl.locate(events, LINE, level=0.9)
    for name in ("p_left", "distance_low_m", "side_known"):
        assert shown[name].tolist() == sure[name].tolist()
    assert list(events.columns) == list(make(lon=[100.01, 100.5], location_error_m=[1.0, 1.0]).columns)


def test_a_map_does_not_contradict_the_table():
    by_hand = make(location_error_m=[5_000.0, 5_000.0])
    by_hand["side"] = ["KHM", "THA"]
    shown = choose_subject(by_hand, LINE).events
    assert shown["p_left"].isna().tolist() == [True, False]
    measured = by_hand.assign(side_known=[True, True])
    assert "p_left" not in choose_subject(measured, LINE).events
    wrong = make(location_error_m=["5 km", "-3"])
    assert "p_left" not in choose_subject(wrong, LINE).events


def test_the_page_says_how_many_are_vaguer_than_their_stretch():
    border = bl.load_border()
    events = bl.load_incidents().pipe(bl.locate, border)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PositionWarning)
        density = bl.density(events, bl.segment(border, every_km=5), within_km=25)
    page = bl.explore(events, border, density).get_root().render()
    config = json.loads(re.search(r'id="bl-config">(.*?)</script>', page)[1])
    assert config["density"]["n_vague"] == density["n_vague"].tolist()
    assert sum(config["density"]["n_vague"]) > 0
