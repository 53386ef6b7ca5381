"""The commands that cut the border and count by distance."""

from __future__ import annotations

import json
import pathlib

import geopandas as gpd
import pandas as pd
import pytest

import borderline as bl


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "id,date,latitude,longitude,deaths\na,2025-07-24,14.3491,103.2664,0\nb,2025-08-25,14.3906,104.6802,2\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("ending", ["csv", "gpkg", "geojson", "parquet"])
def test_segment_writes_by_ending(run, tmp_path, ending):
    done = run("segment", "--n", "5", "-o", f"out.{ending}")
    assert done.exit_code == 0, done.output
    assert "5 segments of 164.8 km" in done.output
    assert "817 km, The World Factbook" in done.output
    read = {"csv": pd.read_csv, "parquet": gpd.read_parquet}.get(ending, gpd.read_file)
    out = read(tmp_path / f"out.{ending}")
    assert out["length_km"].sum() == pytest.approx(bl.load_border().length_m / 1000)
    assert json.loads((tmp_path / f"out.{ending}.source.json").read_text(encoding="utf-8"))["sources"]


def test_segment_by_province_says_what_is_reported(run):
    done = run("segment", "--by", "admin1", "-o", "out.csv")
    assert done.exit_code == 0, done.output
    assert "14 segments" in done.output
    assert "Chanthaburi (whole border): reported 96 km, as drawn 88.3 km" in done.output


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["--break-km", "100", "--break-km", "300"], 3),
        (["--place", "Chong Chom", "--place", "pillar 46 + 2 km"], 3),
        (["--every-km", "100", "--balance"], 9),
        (["--every-km", "100", "--origin-km", "50"], 9),
        (["--every-km", "100", "--calibrated"], 9),
    ],
)
def test_ways_of_cutting(run, tmp_path, words, count):
    done = run("segment", *words, "-o", "out.csv")
    assert done.exit_code == 0, done.output
    assert len(pd.read_csv(tmp_path / "out.csv")) == count


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_bands_count_and_write(run, table, tmp_path, ending):
    done = run(
        "bands", str(table), "--edge-km", "0", "--edge-km", "0.5", "--period", "M", "-o", f"out.{ending}"
    )
    assert done.exit_code == 0, done.output
    assert "2 of 2 incidents counted" in done.output
    out = {"csv": pd.read_csv, "parquet": pd.read_parquet}[ending](tmp_path / f"out.{ending}")
    assert out["n_events"].sum() == 2
    assert sorted(out["period"].unique()) == ["2025-07", "2025-08"]
    beside = json.loads((tmp_path / f"out.{ending}.source.json").read_text(encoding="utf-8"))
    assert beside["attrs"]["left_out"]["no_chainage"] == 0
    assert any("OpenStreetMap" in source["attribution"] for source in beside["sources"])


def test_bands_of_what_comes_along(run, tmp_path):
    done = run("bands")
    assert done.exit_code == 0, done.output
    assert "of 190 incidents counted" in done.output
    assert "on contested land" in done.output
    assert list(pathlib.Path(tmp_path).iterdir()) == []


def test_locate_writes_addresses(run, table, tmp_path):
    done = run("locate", str(table), "--address", "crossing", "-o", "out.csv")
    assert done.exit_code == 0, done.output
    assert "follow a published length: 817 km, The World Factbook" in done.output
    out = pd.read_csv(tmp_path / "out.csv")
    border = bl.load_border()
    for row in out.itertuples():
        assert bl.addresses.parse_address(row.address, border).chainage_m == pytest.approx(
            row.chainage_m, abs=50
        )


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["segment", "-o", "out.csv"], 1, "one way at a time"),
        (["segment", "--n", "2", "--by", "admin1", "-o", "out.csv"], 1, "--n and --by were given"),
        (["segment", "--n", "2"], 2, "--output"),
        (["segment", "--n", "2", "-o", "out.docx"], 1, ".gpkg"),
        (["segment", "--break-km", "300", "--break-km", "100", "-o", "out.csv"], 1, "out of order"),
        (["segment", "--break-km", "900", "-o", "out.csv"], 1, "lies off the border"),
        (["segment", "--place", "Chong Chomm", "-o", "out.csv"], 1, "did you mean"),
        (["bands", "-o", "out.gpkg"], 1, "must end in .csv, .xlsx or .parquet"),
        (["bands", "--edge-km", "5", "--edge-km", "1"], 1, "--edge-km must be"),
        (["bands", "--period", "fortnight"], 1, "period must be"),
        (["bands", "-o", "no/such/folder/b.csv"], 1, "no/such/folder"),
        (["locate", "mine.csv", "--address", "pilar", "-o", "out.csv"], 1, "Did you mean 'pillar'"),
    ],
)
@pytest.mark.usefixtures("table")
def test_mistakes(run, tmp_path, words, status, said):
    before = set(tmp_path.iterdir())
    done = run(*words)
    assert done.exit_code == status, done.output
    assert said in done.output
    assert "Traceback" not in done.output
    assert set(tmp_path.iterdir()) == before
