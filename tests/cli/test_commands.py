"""The command: what it prints, what it writes, how it fails."""

from __future__ import annotations

import json
import pathlib
import re
import shutil
import subprocess
import sys

import geopandas as gpd
import pandas as pd
import pytest

import borderline as bl
from borderline.cli import main


def test_alone_it_says_what_to_do_first(run):
    done = run()
    assert done.exit_code == 0
    assert "borderline map -o border.html" in done.output


@pytest.mark.parametrize("command", main.commands)
def test_help_has_an_example(run, command):
    done = run(command, "--help")
    assert done.exit_code == 0
    assert re.search(r"Examples?:\n +borderline " + command, done.output)


def test_version(run):
    said = run("--version").output
    assert bl.__version__ in said
    for key in bl.catalog.list_layers().index:
        assert f"  {key} " in said
        assert bl.catalog.get(key).sha256[:12] in said


def test_map_of_what_comes_along(run, tmp_path):
    done = run("map")
    assert done.exit_code == 0, done.output
    assert "222 incidents, 212 located (18 of them by name)" in done.output
    assert done.output.count(" per km") == 5
    assert "Map: border.html" in done.output
    page = (tmp_path / "border.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")


@pytest.mark.slow
def test_all_types_count_more(run):
    few, all_types = run("map"), run("map", "--all-types")
    assert "of 190 incidents counted" in few.output
    assert "of 222 incidents counted" in all_types.output


@pytest.mark.parametrize("ending", ["csv", "gpkg", "geojson", "parquet"])
def test_locate_writes_by_ending(run, table, tmp_path, ending):
    done = run("locate", str(table), "-o", f"out.{ending}")
    assert done.exit_code == 0, done.output
    path = tmp_path / f"out.{ending}"
    read = {"csv": pd.read_csv, "parquet": gpd.read_parquet}.get(ending, gpd.read_file)
    out = read(path)
    assert out["side"].tolist() == ["KHM", "KHM"]
    assert out["distance_m"].round().tolist() == pytest.approx([58, 952], abs=9)
    assert out["admin1_iso"].tolist() == ["KH-22", "KH-13"]
    beside = json.loads((tmp_path / f"out.{ending}.source.json").read_text(encoding="utf-8"))
    assert beside


def test_columns_by_name(run, tmp_path):
    (tmp_path / "odd.csv").write_text("Nord,Ost\n14.3491,103.2664\n", encoding="utf-8")
    done = run("locate", "odd.csv", "-o", "o.csv", "--column", "latitude=Nord", "--column", "longitude=Ost")
    assert done.exit_code == 0, done.output
    assert pd.read_csv(tmp_path / "o.csv")["side"].tolist() == ["KHM"]


def test_rows_set_aside_are_announced(run, table):
    with table.open("a", encoding="utf-8") as file:
        file.write("c,2025-07-26,95.0,104.3,1\n")
    done = run("locate", str(table), "-o", "o.csv")
    assert done.exit_code == 0
    assert "1 rows set aside" in done.output or "1 row set aside" in done.output
    assert "Note:" in done.output


def test_border_tells_and_writes(run, tmp_path):
    done = run("border", "-o", "line.geojson")
    assert done.exit_code == 0, done.output
    assert "817 km" in done.output
    assert "798 km" in done.output
    assert gpd.read_file(tmp_path / "line.geojson")["left"].tolist() == ["KHM"]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["map", "nothing.csv"], 2, "does not exist"),
        (["map", "-o", "map.png"], 1, "must end in .html"),
        (["map", "--line", "osm-20255"], 1, "Did you mean 'osm-2025'"),
        (["map", "--every-km", "0"], 1, "--every-km must be a positive number"),
        (["map", "-o", "no/such/folder/b.html"], 1, "no/such/folder"),
        (["locate", "bad.csv", "-o", "out.csv"], 1, "latitude"),
        (["locate", "mine.csv", "-o", "out.docx"], 1, ".gpkg"),
        (["locate", "mine.csv", "-o", "out.csv", "--column", "when"], 2, "OURS=THEIRS"),
        (["locate", "mine.csv", "-o", "out.csv", "--column", "event_dat=date"], 1, "event_date"),
        (["border", "-o", "line.dwg"], 1, "must end in"),
        (["bordr"], 2, "No such command"),
    ],
)
@pytest.mark.usefixtures("table")
def test_mistakes(run, tmp_path, words, status, said):
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    before = set(tmp_path.iterdir())
    done = run(*words)
    assert done.exit_code == status, done.output
    assert said in done.output
    assert "Traceback" not in done.output
    if status == 1:
        assert len(done.output.strip().splitlines()) == 1
    assert set(tmp_path.iterdir()) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [[sys.executable, "-m", "borderline"], [str(pathlib.Path(sys.executable).with_name("borderline"))]],
    ids=["module", "script"],
)
def test_both_ways_to_call_it(tmp_path, command):
    done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert bl.__version__ in done.stdout


def test_catalog_lists_every_layer(run):
    done = run("catalog")
    assert done.exit_code == 0, done.output
    for record in bl.catalog.list_layers().itertuples():
        assert f"{record.Index} " in done.output
        assert record.title in done.output
    assert "2025-07-07, ODbL-1.0, 1 features, accuracy 450 m" in done.output
    assert "Verified" not in done.output


def test_catalog_tells_everything_about_one_layer(run):
    done = run("catalog", "admin1")
    assert done.exit_code == 0, done.output
    record = bl.catalog.get("admin1")
    for text in (record.sha256, record.attribution, record.accuracy_basis, record.origins[0].sha256):
        assert text in done.output
    assert "crs: not known" in run("catalog", "incidents").output


def test_catalog_verifies(run):
    count = len(bl.catalog.list_layers())
    done = run("catalog", "--verify")
    assert done.exit_code == 0, done.output
    assert f"Verified: {count} of {count} layers" in done.output


def test_catalog_names_the_layer_that_is_wrong(run, tmp_path, monkeypatch):
    root = pathlib.Path(bl.catalog.seeds_path()).parent.parent
    shutil.copytree(root / "geodata", tmp_path / "geodata", ignore=shutil.ignore_patterns("build"))
    shutil.copytree(root / "seeds", tmp_path / "seeds")
    path = tmp_path / "geodata" / "layers" / "pillars.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("3000", "30", 1), encoding="utf-8")
    monkeypatch.setenv("BORDERLINE_DATA", str(tmp_path))
    done = run("catalog", "--verify")
    assert done.exit_code == 1
    errors = done.stderr.strip().splitlines()
    assert len(errors) == 1
    assert "'pillars'" in errors[0]
    assert "is not what the catalog says" in errors[0]


def test_catalog_offers_a_near_miss(run):
    done = run("catalog", "osm-2052")
    assert done.exit_code == 1
    assert "Did you mean 'osm-202" in done.output
