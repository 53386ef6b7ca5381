"""`borderline update`: newer rows replace older ones with the same identifier, and nothing is lost."""

from __future__ import annotations

import pandas as pd
import pytest

import borderline as bl

ACLED = (
    "event_id_cnty,event_date,event_type,sub_event_type,actor1,inter1,location,latitude,longitude,"
    "geo_precision,fatalities\n"
)
ROW = "{},2026-01-{:02d},Battles,Armed clash,Army A,1,{},{},{},1,{}\n"


@pytest.fixture
def weeks(tmp_path):
    first = ROW.format("X1", 5, "Ta Khwai", 14.3581, 103.4128, 0)
    second = ROW.format("X2", 6, "Chong An Ma", 14.4213, 104.9681, 0)
    third = ROW.format("X3", 13, "Chong Bok", 14.4379, 105.0110, 2)
    again = ROW.format("X4", 13, "Chong Bok", 14.4379, 105.0110, 2)
    (tmp_path / "week-1.csv").write_text(ACLED + first + second, encoding="utf-8")
    corrected = second.replace(",0\n", ",3\n")
    (tmp_path / "week-2.csv").write_text(ACLED + corrected + third, encoding="utf-8")
    (tmp_path / "week-3.csv").write_text(ACLED + first + again, encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("weeks")
def test_newer_rows_replace_older_ones(run, tmp_path):
    done = run("update", "week-1.csv", "week-2.csv", "-o", "all.csv")
    assert done.exit_code == 0, done.output
    assert "week-1.csv: 2 incidents\nweek-2.csv: 2 incidents\n" in done.output
    assert "3 incidents: 1 added, 1 replaced (1 of them changed), 1 kept." in done.output
    out = pd.read_csv(tmp_path / "all.csv")
    assert out["event_id"].tolist() == ["X1", "X2", "X3"]
    assert out["fatalities"].tolist() == [0, 3, 2]


@pytest.mark.usefixtures("weeks")
def test_a_table_that_was_updated_is_updated_in_place(run, tmp_path):
    """The same rows in, the same table out; the last of several newer files counts."""
    assert run("update", "week-1.csv", "week-2.csv", "-o", "all.gpkg").exit_code == 0
    done = run("update", "all.gpkg", "week-3.csv", "-o", "all.gpkg")
    assert done.exit_code == 0, done.output
    assert "4 incidents: 1 added, 1 replaced (0 of them changed), 2 kept." in done.output
    assert "1 pair of rows may describe one incident; both rows are in the table:\n  X3 and X4" in done.output
    at_once = run("update", *(f"week-{k}.csv" for k in (1, 2, 3)), "-o", "at-once.gpkg")
    assert "4 incidents: 2 added, 2 replaced (1 of them changed), 0 kept." in at_once.output
    step_by_step, together = bl.read_events(tmp_path / "all.gpkg"), bl.read_events(tmp_path / "at-once.gpkg")
    pd.testing.assert_frame_equal(
        pd.DataFrame(step_by_step.drop(columns="geometry")), pd.DataFrame(together.drop(columns="geometry"))
    )
    assert step_by_step["fatalities"].tolist() == [0, 3, 2, 2]


def test_the_built_in_incidents_are_not_changed_by_themselves(run, tmp_path):
    bl.write_table(bl.load_incidents(), tmp_path / "all.csv")
    done = run("update", "all.csv", "all.csv")
    assert done.exit_code == 2
    bl.write_table(bl.load_incidents(), tmp_path / "again.csv")
    done = run("update", "all.csv", "again.csv", "-o", "out.csv")
    assert done.exit_code == 0, done.output
    assert "222 incidents: 0 added, 222 replaced (0 of them changed), 0 kept." in done.output
    assert "may describe" not in done.output
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "all.csv").read_bytes()


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        ("date,lat,lon\n2026-01-05,14.3,104.6\n", 1, "name the column with --column event_id=..."),
        ("id,lat,lon,dataset\nX1,14.3,104.6,UCDP\n", 1, "'X1' stands for a row of 'ACLED'"),
        (None, 2, "Name two files or more"),
    ],
)
@pytest.mark.usefixtures("weeks")
def test_what_cannot_be_matched_is_refused(run, tmp_path, content, status, said):
    (tmp_path / "other.csv").write_text(content or "", encoding="utf-8")
    done = run("update", "week-1.csv", *(["other.csv"] if content else []), "-o", "all.csv")
    assert done.exit_code == status, done.output
    assert said in done.output
    assert not (tmp_path / "all.csv").exists()
