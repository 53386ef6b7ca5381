"""`borderline compare` and `borderline border`: what they print and write."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import borderline as bl


def test_compare_what_comes_along(run):
    done = run("compare", "--with", "osm-2026")
    assert done.exit_code == 0, done.output
    assert "824.2 km along each other" in done.output
    assert "at most 297 m" in done.output
    assert "land between: 1.78 km2" in done.output
    assert "222 incidents, 194 located" in done.output
    assert "10 change side, 10 province, 0 stretch" in done.output
    assert "OpenStreetMap" in done.output


def test_compare_with_every_drawing(run, tmp_path):
    (tmp_path / "mine.csv").write_text("lat,lon\n14.3491,103.2664\n14.3906,104.6802\n", encoding="utf-8")
    done = run("compare", "mine.csv", "-o", "out.csv")
    assert done.exit_code == 0, done.output
    assert "2 incidents, 2 located" in done.output
    assert "osm-2026: 1 change side, 1 province" in done.output
    assert "osm-2020: 0 change side, 0 province" in done.output
    sides = pd.read_csv(tmp_path / "out.csv").filter(regex="^side_(?!changes|blamed)")
    changed = sides.ne(sides["side_a"], axis=0).any(axis=1).sum()
    assert f"{changed} change side on at least one drawing" in done.output
    assert sides.shape == (2, 6)


@pytest.mark.parametrize(
    "ending",
    ["gpkg", *(pytest.param(each, marks=pytest.mark.slow) for each in ("csv", "geojson", "parquet"))],
)
def test_compare_writes_by_ending(run, tmp_path, ending):
    (tmp_path / "mine.csv").write_text("Nord,Ost\n14.3491,103.2664\n14.3906,104.6802\n", encoding="utf-8")
    words = ["mine.csv", "--with", "osm-2026", "--column", "latitude=Nord", "--column", "longitude=Ost"]
    done = run("compare", *words, "-o", f"out.{ending}", "--along", f"along.{ending}")
    assert done.exit_code == 0, done.output
    read = {"csv": pd.read_csv, "parquet": gpd.read_parquet}.get(ending, gpd.read_file)
    out = read(tmp_path / f"out.{ending}")
    assert out["side_a"].tolist() == ["KHM", "KHM"]
    assert out["side_b"].tolist() == ["THA", "KHM"]
    assert out["side_changes"].tolist() == [True, False]
    assert len(read(tmp_path / f"along.{ending}")) == 8_243
    for name in ("out", "along"):
        beside = json.loads((tmp_path / f"{name}.{ending}.source.json").read_text(encoding="utf-8"))
        assert any("OpenStreetMap" in source["attribution"] for source in beside["sources"])


@pytest.mark.parametrize("ending", ["csv", "gpkg", "geojson", "parquet", "fgb"])
@pytest.mark.parametrize("line", ["osm-2025", "rtsd-2019"])
def test_border_writes_all_that_is_known(run, tmp_path, line, ending):
    done = run("border", "--line", line, "-o", f"line.{ending}")
    assert done.exit_code == 0, done.output
    read, border = bl.Border.from_file(tmp_path / f"line.{ending}"), bl.load_border(line=line)
    assert read.line == border.line
    assert (read.left, read.right, read.datum, read.source) == (
        border.left,
        border.right,
        border.datum,
        border.source,
    )
    assert read.calibration == border.calibration
    assert read.contested == border.contested
    assert (tmp_path / f"line.{ending}.source.json").exists()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["compare", "--along", "along.csv"], 2, "--along needs --with"),
        (["compare", "--with", "osm-20266"], 1, "Did you mean 'osm-2026'"),
        (["compare", "--with", "osm-2026", "-o", "out.docx"], 1, "must end in"),
        (["compare", "--with", "osm-2026", "--every-km", "0"], 1, "--every-km"),
        (["compare", "nothing.csv", "--with", "osm-2026"], 2, "does not exist"),
    ],
)
def test_mistakes(run, tmp_path, words, status, said):
    done = run(*words)
    assert done.exit_code == status, done.output
    assert said in done.output
    assert "Traceback" not in done.output
    assert not list(tmp_path.iterdir())


def test_a_border_of_ones_own(run, tmp_path):
    """A file stands where the key of a drawing may: what `border` writes, and any line with two countries."""
    river = bl.Border.from_line(
        shapely.LineString([(7.0, 49.0), (7.5, 49.2), (8.0, 49.0)]),
        left="DEU",
        right="FRA",
        name="River",
        nominal_length_km=80.0,
    )
    bl.write_table(river.to_geodataframe(), tmp_path / "river.gpkg")
    bl.write_table(river.simplify(5_000).to_geodataframe(), tmp_path / "coarse.geojson")
    (tmp_path / "mine.csv").write_text("latitude,longitude\n49.3,7.5\n49.0,7.5\n", encoding="utf-8")
    told = run("border", "--line", "river.gpkg")
    assert told.exit_code == 0, told.output
    assert "River" in told.output
    assert "left DEU, right FRA" in told.output
    assert "80 km" in told.output
    assert "Thailand" not in told.output
    assert run("locate", "mine.csv", "--line", "river.gpkg", "-o", "out.csv").exit_code == 0
    out = pd.read_csv(tmp_path / "out.csv")
    assert out["side"].tolist() == ["DEU", "FRA"]
    assert out["measure_km"].between(0, 80).all()
    cut = run("segment", "--n", "4", "--line", "river.gpkg", "-o", "parts.csv")
    assert cut.exit_code == 0, cut.output
    assert len(pd.read_csv(tmp_path / "parts.csv")) == 4
    assert run("bands", "mine.csv", "--line", "river.gpkg", "-o", "bands.csv").exit_code == 0
    assert pd.read_csv(tmp_path / "bands.csv")["n_events"].sum() == 2
    compared = run("compare", "mine.csv", "--line", "river.gpkg", "--with", "coarse.geojson")
    assert compared.exit_code == 0, compared.output
    lost = run("segment", "--n", "4", "--line", "lost.gpkg", "-o", "parts.csv")
    assert lost.exit_code == 1
    assert "lost.gpkg" in lost.output
