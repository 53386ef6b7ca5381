"""`lines.sensitivity` and `compare_lines` over several drawings: what a result owes to the line."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import borderline as bl
from borderline.errors import BorderlineError, GeometryError, OptionError, TableError, UnknownKeyError


def make(xy, name=""):
    return bl.Border.from_line(shapely.LineString(xy), left="XAA", right="XBB", name=name)


STRAIGHT = make([(100.0, 10.0), (100.0, 11.0), (100.0, 12.0)], "straight")
BENT = make([(100.0, 10.0), (100.1, 11.0), (100.0, 12.0)], "bent")
TURNED = make([(100.0, 12.0), (100.1, 11.0), (100.0, 10.0)]).reversed()
AWAY = make([(50.0, 0.0), (51.0, 0.0)], "away")
LINES = {"straight": STRAIGHT, "bent": BENT}
EVENTS = gpd.GeoDataFrame(
    {"name": ["between", "left", "right"]},
    geometry=[shapely.Point(100.05, 11.0), shapely.Point(99.5, 11.0), shapely.Point(100.5, 11.0)],
    index=pd.Index(["e1", "e2", "e3"], name="event_id"),
    crs=4326,
)


@pytest.fixture(scope="module")
def seeds():
    return bl.load_incidents()


def test_a_table_row_by_row():
    done = bl.lines.sensitivity(lambda border: bl.locate(EVENTS, border)[["side", "distance_m"]], lines=LINES)
    assert list(done.by_line.columns) == ["straight", "bent"]
    assert done.by_line.index.names == ["event_id", "column"]
    for name, border in LINES.items():
        located = bl.locate(EVENTS, border)
        assert done.by_line.loc[("e1", "side"), name] == located.loc["e1", "side"]
        assert done.by_line.loc[("e3", "distance_m"), name] == located.loc["e3", "distance_m"]
    assert done.changes.loc[("e1", "side"), ["n_values", "changes"]].tolist() == [2, True]
    assert done.changes.loc[("e2", "side"), ["reference", "n_values", "changes"]].tolist() == [
        "XAA",
        1,
        False,
    ]
    distances = done.by_line.xs("distance_m", level="column").astype(float)
    changes = done.changes.xs("distance_m", level="column")
    assert changes["low"].tolist() == distances.min(axis=1).tolist()
    assert changes["high"].tolist() == distances.max(axis=1).tolist()
    assert ("e2", "side") not in done.changed.index
    assert ("e1", "side") in done.changed.index
    assert repr(done).startswith("<Sensitivity over 2 drawings: 4 of 6 values depend on the drawing")


@pytest.mark.parametrize(
    ("compute", "expected"),
    [
        (lambda border: border.length_m, [STRAIGHT.length_m, BENT.length_m]),
        (lambda border: border.name, ["straight", "bent"]),
        (lambda border: {"vertices": len(border.line.coords)}, [3, 3]),
        (lambda border: pd.Series({"km": border.length_km}), [STRAIGHT.length_km, BENT.length_km]),
    ],
)
def test_numbers_texts_dicts_and_series(compute, expected):
    done = bl.lines.sensitivity(compute, lines=LINES)
    assert done.by_line.iloc[0].tolist() == expected
    assert done.changes["changes"].tolist() == [expected[0] != expected[1]]


def test_geometries_are_left_out_and_rows_of_one_drawing_alone_are_kept():
    def count_sides(border):
        return bl.locate(EVENTS.iloc[:1], border)["side"].value_counts()

    done = bl.lines.sensitivity(count_sides, lines=LINES)
    assert done.by_line.index.tolist() == ["XBB", "XAA"]
    assert done.changes["n_values"].tolist() == [2, 2]
    table = bl.lines.sensitivity(lambda border: bl.segment(border, every_km=100), lines=LINES)
    assert "geometry" not in table.by_line.index.get_level_values("column")


def test_all_built_in_drawings_count_the_banks(seeds):
    def count_banks(border):
        return bl.locate(seeds, border)["side"].value_counts()

    done = bl.lines.sensitivity(count_banks, lines=all)
    assert list(done.results) == list(bl.catalog.get_border().lines)
    for name in done.results:
        assert done.results[name].equals(count_banks(bl.load_border(line=name)))
    assert done.changes["changes"].all()
    assert len(set(done.by_line.sum())) == 1


def test_a_line_that_runs_the_other_way_is_turned():
    opposite = {"as it is": BENT, "turned": make(TURNED.reversed().line.coords)}
    opposite["turned"] = bl.Border.from_line(opposite["turned"].line, left="XBB", right="XAA")
    done = bl.lines.sensitivity(
        lambda border: bl.locate(EVENTS, border)[["side", "chainage_m"]], lines=opposite
    )
    assert not done.changes.xs("side", level="column")["changes"].any()
    spread = done.changes.xs("chainage_m", level="column")
    assert (spread["high"] - spread["low"]).max() < 1e-6


def test_a_drawing_without_a_result_is_named():
    done = bl.lines.sensitivity(lambda border: border.length_m, lines=[STRAIGHT, AWAY])
    assert list(done.failed) == ["away"]
    assert "do not run along each other" in done.failed["away"]
    assert "none on away" in repr(done)
    with pytest.raises(BorderlineError, match="within_km"):
        bl.lines.sensitivity(
            lambda border: bl.density(bl.locate(EVENTS, border), every_km=5, within_km=-1), lines=LINES
        )


@pytest.mark.parametrize(
    ("lines", "error", "message"),
    [
        (7, OptionError, "lines must be a list or a dict of borders or of keys of lines"),
        ([], OptionError, "not an empty one"),
        ([3.5], OptionError, "item 1 is 3.5"),
        (["osm-2052"], UnknownKeyError, "Did you mean"),
    ],
)
def test_wrong_lines(lines, error, message):
    with pytest.raises(error, match=message):
        bl.lines.sensitivity(lambda border: border.length_m, lines=lines)


def test_wrong_results():
    with pytest.raises(OptionError, match="compute must be a function of a border, not 5"):
        bl.lines.sensitivity(5)
    with pytest.raises(TableError, match="not list"):
        bl.lines.sensitivity(lambda border: [border.length_m], lines=LINES)
    with pytest.raises(TableError, match="'x' twice"):
        bl.lines.sensitivity(lambda _: pd.Series([1, 2], index=["x", "x"]), lines=LINES)


def test_several_drawings_side_by_side():
    done = bl.lines.compare_lines(EVENTS, STRAIGHT, LINES, every_km=50)
    assert list(done.by_line) == ["bent"]  # a line is not compared with itself
    alone = bl.lines.compare_lines(EVENTS, STRAIGHT, BENT, every_km=50)
    assert done.summary.loc["bent"].to_dict() == pytest.approx(alone.summary, nan_ok=True)
    assert done.events["side_a"].tolist() == ["XBB", "XAA", "XBB"]
    assert done.events["side_bent"].tolist() == ["XAA", "XAA", "XBB"]
    assert done.events["side_changes"].tolist() == [True, False, False]
    assert done.events["n_lines"].tolist() == [2, 2, 2]
    assert done.events["n_lines_left"].tolist() == [1, 2, 0]
    assert done.events["n_lines_right"].tolist() == [1, 0, 2]
    assert (done.events["distance_low_m"] <= done.events["distance_a_m"]).all()


def test_all_drawings_of_the_built_in_border(seeds):
    border = bl.load_border()
    done = bl.lines.compare_lines(seeds, border)
    assert set(done.summary.index) == set(bl.catalog.get_border().lines) - {"osm-2025"}
    assert done.summary.loc["osm-2020", "side_changes"] == 0
    placed = done.events["side_a"].notna()
    assert (done.events.loc[placed, "n_lines"] == 6).all()
    on_a_bank = done.events["n_lines_left"] + done.events["n_lines_right"]
    assert (on_a_bank[placed] == 6).all()
    for name in done.by_line:
        one = bl.locate(seeds, bl.load_border(line=name))["side"]
        assert done.events[f"side_{name}"].equals(one.rename(f"side_{name}"))


def test_drawings_elsewhere_are_named():
    assert list(bl.lines.compare_lines(EVENTS, STRAIGHT, [BENT, AWAY]).failed) == ["away"]
    with pytest.raises(GeometryError, match="do not run along each other"):
        bl.lines.compare_lines(EVENTS, STRAIGHT, [AWAY])
    with pytest.raises(OptionError, match="b must be"):
        bl.lines.compare_lines(EVENTS, STRAIGHT, 7)
