"""`borderline check`: what a file is, and which rows cannot be used."""

from __future__ import annotations

import pandas as pd
import pytest


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "id,date,lat,lon,killed\na,2025-07-24,14.3,104.6,1\nb,soon,14.3,104.6,1\nc,2025-07-25,104.7,14.4,\n"
        "d,2025-07-25,,,\n",
        encoding="utf-8",
    )
    return path


def test_summary_and_file_of_rows(run, table, tmp_path):
    out = tmp_path / "rows.csv"
    done = run("check", str(table), "-o", str(out))
    assert done.exit_code == 0, done.output
    assert "Read as table" in done.output
    assert "4 rows read as 'table' = 3 events + 1 reject + 0 folded" in done.output
    assert "mended: 1 coordinates_swapped, first in row 3 (line 4)" in done.output
    assert "write it as 2025-07-24" in done.output
    assert "1 events have no position" in done.output
    rows = pd.read_csv(out)
    assert rows[["outcome", "row", "reason", "id"]].to_numpy().tolist() == [
        ["set aside", 2, "date_unreadable", "b"],
        ["mended", 3, "coordinates_swapped", "c"],
    ]


def test_columns_and_layout_can_be_given(run, table):
    done = run("check", str(table), "--format", "acled")
    assert done.exit_code == 1
    assert "lacks" in done.output
    done = run("check", str(table), "--column", "event_date")
    assert done.exit_code == 2
