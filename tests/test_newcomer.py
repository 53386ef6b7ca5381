"""The likeliest first mistakes: each message names the culprit and the remedy."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import borderline as bl
from borderline import errors

LINE = shapely.LineString([(0, 0), (0, 1)])
POINT = {"lat": [14.0], "lon": [103.0]}
NO_CRS = gpd.GeoDataFrame(geometry=[shapely.Point(103, 14)])
SWAPPED = gpd.GeoDataFrame(geometry=[shapely.Point(14.3, 103.2)], crs=4326)
METRES = gpd.GeoDataFrame(geometry=[shapely.Point(300_000, 1_500_000)], crs=4326)
PLAIN = pd.DataFrame({"a": [1]})


class Things:
    """What a newcomer has at hand."""

    def __init__(self):
        self.border = bl.load_border()
        self.seeds = bl.load_incidents()
        self.located = bl.locate(self.seeds, self.border)
        self.segments = bl.segment(self.border, every_km=50)
        self.density = bl.density(self.located, self.segments, within_km=25)


@pytest.fixture(scope="module")
def things():
    return Things()


# What is done, the error, and words of its message: the culprit, then the remedy.
READING = {
    "a border that is not there": (
        lambda _: bl.load_border("laos"),
        "UnknownKeyError",
        "laos",
        "khm-tha",
    ),
    "a line misspelt": (lambda _: bl.load_border(line="osm2025"), "UnknownKeyError", "osm2025", "'osm-2025'"),
    "a level for a kind": (lambda _: bl.load_admin(1), "OptionError", "1", "'province'"),
    "a level too many": (lambda _: bl.load_admin(3), "OptionError", "3", "'district'"),
    "a country in words": (
        lambda _: bl.load_admin(countries="Cambodia"),
        "OptionError",
        "Cambodia",
        "'KHM'",
    ),
    "a layer misspelt": (lambda _: bl.catalog.get("pilars"), "UnknownKeyError", "pilars", "'pillars'"),
    "no file": (lambda _: bl.read_events("none.csv"), "FormatError", "none.csv", "folder"),
    "a list": (lambda _: bl.read_events([1]), "TableError", "list", "DataFrame"),
    "no place": (lambda _: bl.read_events(PLAIN), "TableError", "column", "columns={"),
    "a column misspelt": (
        lambda _: bl.read_events(pd.DataFrame({**POINT, "Wen": "x"}), columns={"event_date": "When"}),
        "TableError",
        "'When'",
        "'Wen'",
    ),
    "a layout misspelt": (
        lambda _: bl.read_events(pd.DataFrame(POINT), format="acledd"),
        "OptionError",
        "acledd",
        "'acled'",
    ),
    "points without CRS": (lambda _: bl.read_events(NO_CRS), "CRSError", "CRS", "set_crs(4326)"),
    "a border without a file": (
        lambda _: bl.Border.from_file("none.gpkg"),
        "FormatError",
        "none.gpkg",
        "folder",
    ),
    "an ending": (lambda t: bl.write_table(t.seeds, "a.shp"), "FormatError", ".shp", ".gpkg"),
    "no folder": (lambda t: bl.write_table(t.seeds, "none/a.csv"), "OutputError", "none/a.csv", "folder"),
    "a plain table": (lambda _: bl.write_table(PLAIN, "a.gpkg"), "TableError", "DataFrame", "read_events"),
}
LOCATING = {
    "a DataFrame": (lambda t: bl.locate(PLAIN, t.border), "TableError", "DataFrame", "read_events"),
    "a path": (lambda t: bl.locate("a.csv", t.border), "TableError", "str", "read_events"),
    "no CRS": (lambda t: bl.locate(NO_CRS, t.border), "CRSError", "CRS", "set_crs(4326)"),
    "latitude first": (lambda t: bl.locate(SWAPPED, t.border), "GeometryError", "row 0", "swapped"),
    "metres for degrees": (lambda t: bl.locate(METRES, t.border), "GeometryError", "row 0", "CRS"),
    "a key for a border": (lambda t: bl.locate(t.seeds, "khm-tha"), "TableError", "'khm-tha'", "load_border"),
    "the other way round": (lambda t: bl.locate(t.border, t.seeds), "TableError", "Border", "GeoDataFrame"),
    "a negative reach": (
        lambda t: bl.geocode(t.seeds, nearest_within_m=-1),
        "OptionError",
        "-1",
        "0 or more",
    ),
    "a place misspelt": (
        lambda t: bl.nearest_places(t.seeds, "pilars"),
        "UnknownKeyError",
        "pilars",
        "'pillars'",
    ),
    "a kind misspelt": (
        lambda t: bl.nearest_places(t.seeds, "places", kind="crossings"),
        "OptionError",
        "crossings",
        "'crossing'",
    ),
    "a number for a name": (lambda _: bl.find_place(5), "OptionError", "5", "text"),
    "a province misspelt": (
        lambda _: bl.find_place("Samrong", admin1="Surrin"),
        "OptionError",
        "Surrin",
        "'Surin'",
    ),
    "near, latitude first": (
        lambda _: bl.find_place("Samrong", near=(14.2, 103.5)),
        "OptionError",
        "14.2",
        "longitude, then latitude",
    ),
    "past the end": (
        lambda t: bl.addresses.parse_address("km 5000", t.border),
        "MeasureError",
        "5000",
        "817",
    ),
    "no such pillar": (
        lambda t: bl.addresses.parse_address("pillar 400", t.border),
        "UnknownKeyError",
        "400",
        "42",
    ),
}
CUTTING = {
    "no way to cut": (lambda t: bl.segment(t.border), "OptionError", "none was given", "every_km"),
    "two ways to cut": (
        lambda t: bl.segment(t.border, every_km=10, n=5),
        "OptionError",
        "every_km and n",
        "give one",
    ),
    "negative kilometres": (lambda t: bl.segment(t.border, every_km=-5), "OptionError", "-5", "positive"),
    "metres for kilometres": (
        lambda t: bl.segment(t.border, every_km=0.0001),
        "OptionError",
        "0.0001",
        "longer",
    ),
    "a table for a border": (
        lambda t: bl.segment(t.seeds, every_km=10),
        "TableError",
        "GeoDataFrame",
        "load_border",
    ),
    "kilometres in words": (
        lambda t: bl.segment(t.border, every_km="ten"),
        "OptionError",
        "'ten'",
        "positive number",
    ),
    "one country on both sides": (
        lambda _: bl.Border.from_line(LINE, left="FR", right="FRA"),
        "OptionError",
        "FRA",
        "two countries",
    ),
    "places for units": (
        lambda t: bl.segment(t.border, by=["Poipet"]),
        "OptionError",
        "Poipet",
        "places=",
    ),
    "a number for a calibration": (
        lambda t: t.border.with_calibration(817),
        "TableError",
        "817",
        "from_points",
    ),
    "units misspelt": (
        lambda t: bl.segment(t.border, by="provinces"),
        "OptionError",
        "provinces",
        "admin1",
    ),
    "a point for a line": (
        lambda _: bl.Border.from_line(shapely.Point(0, 0), left="FRA", right="DEU"),
        "GeometryError",
        "Point",
        "line",
    ),
    "a line, latitude first": (
        lambda _: bl.Border.from_line(shapely.LineString([(14, 103), (13, 102)]), left="KHM", right="THA"),
        "GeometryError",
        "coordinates",
        "longitude comes first",
    ),
    "a country's name": (
        lambda _: bl.Border.from_line(LINE, left="France", right="DEU"),
        "OptionError",
        "'France'",
        "three letters",
    ),
    "polygons apart": (
        lambda _: bl.Border.between(
            shapely.box(0, 0, 1, 1), shapely.box(3, 0, 4, 1), left="FRA", right="DEU"
        ),
        "GeometryError",
        "do not touch",
        "tolerance_m",
    ),
    "a key of no drawing": (
        lambda t: bl.lines.compare_lines(t.seeds, t.border, "osm-2062"),
        "UnknownKeyError",
        "'osm-2062'",
        "Did you mean",
    ),
}
COUNTING = {
    "not located": (
        lambda t: bl.density(t.seeds, t.segments),
        "TableError",
        "chainage_m",
        "run locate first",
    ),
    "a border for segments": (lambda t: bl.density(t.located, t.border), "TableError", "Border", "segment"),
    "the other border": (
        lambda t: bl.density(t.located, bl.segment(t.border.reversed(), every_km=50)),
        "TableError",
        "located on",
        "same border",
    ),
    "a reach as text": (
        lambda t: bl.density(t.located, t.segments, within_km="25"),
        "OptionError",
        "'25'",
        "number of kilometres",
    ),
    "a negative reach": (
        lambda t: bl.density(t.located, t.segments, within_km=-1),
        "OptionError",
        "-1",
        "kilometres from 0",
    ),
    "a weight misspelt": (
        lambda t: bl.density(t.located, t.segments, weight="fatalties"),
        "TableError",
        "fatalties",
        "'fatalities'",
    ),
    "text for a weight": (
        lambda t: bl.density(t.located, t.segments, weight="location"),
        "TableError",
        "'location'",
        "numbers",
    ),
    "per cent for a level": (
        lambda t: bl.density(t.located, t.segments, level=95),
        "OptionError",
        "95",
        "0.95",
    ),
    "a month in words": (
        lambda t: bl.density(t.located, t.segments, period="July 2025"),
        "OptionError",
        "July 2025",
        "2025-07",
    ),
    "bands that shrink": (
        lambda t: bl.bands(t.located, t.border, edges_km=[5, 1]),
        "OptionError",
        "[5, 1]",
        "grow",
    ),
    "a reach as text, again": (
        lambda t: bl.hotspots(t.located, t.border, within_km="25"),
        "OptionError",
        "'25'",
        "number of kilometres",
    ),
    "a kernel misspelt": (
        lambda t: bl.profile(t.located, t.border, kernel="gauss"),
        "OptionError",
        "gauss",
        "'gaussian'",
    ),
    "a country that is no bank": (
        lambda t: bl.hotspots(t.located, t.border, bank="VNM"),
        "OptionError",
        "VNM",
        "'KHM', 'THA'",
    ),
    "one period twice": (
        lambda t: bl.compare_periods(t.located, t.segments, "2025-07", "2025-07"),
        "OptionError",
        "overlap",
        "before",
    ),
    "segments for rates": (
        lambda t: bl.stats.local_statistics(t.segments, statistics="excess"),
        "TableError",
        "n_events",
        "density makes them",
    ),
    "a rate misspelt": (
        lambda t: bl.stats.local_statistics(t.density, column="rat"),
        "TableError",
        "rat",
        "'rate'",
    ),
    "a score above one": (lambda t: bl.deduplicate(t.seeds, threshold=2), "OptionError", "2", "0 and 1"),
    "a language in words": (
        lambda t: bl.explore(t.located, t.border, language="thai"),
        "OptionError",
        "thai",
        "'th'",
    ),
    "segments for a map of rates": (
        lambda t: bl.explore(t.located, t.border, t.segments),
        "TableError",
        "events_per_km",
        "density makes them",
    ),
    "rates for a profile": (
        lambda t: bl.plot_profile(t.density, t.border),
        "TableError",
        "intensity_per_km",
        "profile makes them",
    ),
}


def cases():
    return [
        pytest.param(*case, id=name)
        for table in (READING, LOCATING, CUTTING, COUNTING)
        for name, case in table.items()
    ]


@pytest.mark.parametrize(("mistake", "error", "culprit", "remedy"), cases())
def test_mistake(things, tmp_path, monkeypatch, mistake, error, culprit, remedy):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(errors.BorderlineError) as raised:
        mistake(things)
    assert type(raised.value).__name__ == error
    said = " ".join(str(raised.value).split())
    assert culprit in said
    assert remedy in said
    assert len(said) < 1_000


KEY_FOR_A_BORDER = {
    "profile": lambda t: bl.profile(t.located, "khm-tha"),
    "hotspots": lambda t: bl.hotspots(t.located, "khm-tha"),
    "k_function": lambda t: bl.stats.k_function(t.located, "khm-tha"),
    "space_time_interaction": lambda t: bl.stats.space_time_interaction(
        t.located, "khm-tha", near_km=5, near_days=3
    ),
    "bands": lambda t: bl.bands(t.located, "khm-tha", edges_km=[0, 5]),
    "transfer": lambda t: bl.lines.transfer(t.located, t.border, "khm-tha"),
    "nearest_places": lambda t: bl.nearest_places(t.seeds, "pillars", border="khm-tha"),
    "parse_address": lambda _: bl.addresses.parse_address("km 1", "khm-tha"),
    "format_address": lambda _: bl.addresses.format_address(1.0, "khm-tha"),
    "load_landmarks": lambda _: bl.addresses.load_landmarks("khm-tha"),
    "length_by_resolution": lambda _: bl.lines.length_by_resolution("khm-tha"),
    "A calibration": lambda t: bl.Calibration.from_points("khm-tha", t.segments),
    "plot_strip": lambda t: bl.plot_strip(t.located, "khm-tha"),
    "plot_map": lambda t: bl.plot_map(t.located, "khm-tha"),
    "explore": lambda t: bl.explore(t.located, "khm-tha"),
}


@pytest.mark.parametrize("verb", KEY_FOR_A_BORDER)
def test_a_key_is_no_border(things, verb):
    with pytest.raises(errors.TableError, match=f"{verb} needs a Border, not 'khm-tha'; "):
        KEY_FOR_A_BORDER[verb](things)


BORDER_FOR_A_TABLE = {
    "distances_along": lambda t: bl.lines.distances_along(t.border),
    "transfer": lambda t: bl.lines.transfer(t.border, t.border, t.border),
    "plot_resolution": lambda t: bl.plot_resolution(t.border),
    "A calibration": lambda t: bl.Calibration.from_points(t.border, t.border),
}


@pytest.mark.parametrize("verb", BORDER_FOR_A_TABLE)
def test_a_border_is_no_table(things, verb):
    with pytest.raises(errors.TableError, match=f"{verb} needs a table, not Border; "):
        BORDER_FOR_A_TABLE[verb](things)
