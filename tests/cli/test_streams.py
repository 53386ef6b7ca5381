"""Several files, patterns, standard input and output, byte-order marks and Excel."""

from __future__ import annotations

import io
import json
import os
import pathlib
import shutil
import subprocess
import sys

import openpyxl
import pandas as pd
import pytest

import borderline as bl

COMMAND = [sys.executable, "-m", "borderline"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(pathlib.Path(__file__).parents[2])}
HEAD = "id,date,latitude,longitude,notes\n"
FIRST = "a,2025-07-24,14.3491,103.2664,ปราสาท\n"
SECOND = "b,2025-07-25,14.3906,104.6802,=1+1\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "week-1.csv").write_text(HEAD + FIRST, encoding="utf-8")
    (tmp_path / "week-2.csv").write_text(HEAD + SECOND, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "words", [("week-1.csv", "week-2.csv"), ("week-*.csv",), ("week-*.csv", "week-1.csv"), ("**/week-?.csv",)]
)
@pytest.mark.usefixtures("files")
def test_files_and_patterns_make_one_table(run, tmp_path, words):
    done = run("locate", *words, "-o", "out.csv")
    assert done.exit_code == 0, done.output
    out = pd.read_csv(tmp_path / "out.csv")
    assert out["event_id"].tolist() == ["a", "b"]
    assert out["admin1_iso"].tolist() == ["KH-22", "KH-13"]
    checked = run("check", *words)
    assert "Check: 2 rows of 2 files" in checked.output


@pytest.mark.slow
def test_a_pipe_of_commands(tmp_path):
    located = subprocess.run(
        [*COMMAND, "locate", "-", "-o", "-"],
        input=(HEAD + FIRST + SECOND).encode(),
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env=ENVIRONMENT,
    )
    assert located.returncode == 0, located.stderr
    table = pd.read_csv(io.BytesIO(located.stdout))
    assert table["admin1_iso"].tolist() == ["KH-22", "KH-13"]
    assert "2 incidents, 2 located" in located.stderr.decode()
    counted = subprocess.run(
        [*COMMAND, "provinces", "-", "-o", "-", "--bom"],
        input=located.stdout,
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env=ENVIRONMENT,
    )
    assert counted.returncode == 0, counted.stderr
    assert counted.stdout.startswith(b"\xef\xbb\xbfadmin1_iso,country,admin1,n_events")
    assert b"\r\n" not in counted.stdout
    assert sorted(pd.read_csv(io.BytesIO(counted.stdout))["admin1_iso"]) == ["KH-13", "KH-22"]
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_pipe_that_closes_early_is_no_error(tmp_path):
    done = subprocess.run(
        [shutil.which("bash") or "bash", "-c", f"{sys.executable} -m borderline border -o - | head -c 10"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env=ENVIRONMENT,
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "xlsx", "parquet"])
def test_standard_input_may_be_any_format(run, tmp_path, files, ending):
    path = tmp_path / f"both.{ending}"
    if ending == "xlsx":
        pd.read_csv(files / "week-1.csv").to_excel(path, index=False)
    else:
        bl.write_table(bl.read_events(files / "week-1.csv"), path)
    done = run("locate", "-", "-o", "out.csv", stdin=path.read_bytes())
    assert done.exit_code == 0, done.output
    assert pd.read_csv(tmp_path / "out.csv")["admin1_iso"].tolist() == ["KH-22"]


def test_a_map_on_standard_output(run, tmp_path):
    done = run("map", "-o", "-")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("<!DOCTYPE html>")
    assert done.stdout.rstrip().endswith("</html>")
    assert "222 incidents, 212 located" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("files")
def test_excel_files_hold_text_as_text(run, tmp_path):
    done = run("locate", "week-*.csv", "-o", "out.xlsx")
    assert done.exit_code == 0, done.output
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    head, *rows = sheet.iter_rows()
    names = [cell.value for cell in head]
    notes = [row[names.index("notes")] for row in rows]
    assert [cell.value for cell in notes] == ["ปราสาท", "=1+1"]
    assert [cell.data_type for cell in notes] == ["s", "s"]
    again = bl.read_events(tmp_path / "out.xlsx")
    once = bl.read_events([tmp_path / "week-1.csv", tmp_path / "week-2.csv"])
    assert again.index.tolist() == once.index.tolist()
    assert again["event_date"].tolist() == once["event_date"].tolist()
    assert again.geometry.geom_equals(once.geometry).all()
    beside = json.loads((tmp_path / "out.xlsx.source.json").read_text(encoding="utf-8"))
    assert any("OpenStreetMap" in source["attribution"] for source in beside["sources"])


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    "words", [("locate", "week-1.csv"), ("bands", "week-1.csv"), ("provinces", "week-1.csv")]
)
def test_a_byte_order_mark_on_request(run, tmp_path, words):
    assert run(*words, "-o", "plain.csv").exit_code == 0
    done = run(*words, "-o", "marked.csv", "--bom")
    assert done.exit_code == 0, done.output
    plain = (tmp_path / "plain.csv").read_bytes()
    assert not plain.startswith(b"\xef\xbb\xbf")
    assert (tmp_path / "marked.csv").read_bytes() == b"\xef\xbb\xbf" + plain


def test_other_formats_have_no_byte_order_mark(run):
    done = run("provinces", "-o", "out.xlsx", "--bom")
    assert done.exit_code == 2
    assert "it is for CSV" in done.output


def test_nothing_on_standard_input(run, tmp_path):
    done = run("locate", "-", "-o", "out.csv", stdin=b"")
    assert done.exit_code == 1
    assert len(done.output.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())
