"""`borderline locate`: the library's verbs are the oracle of its table and of what it says."""

from __future__ import annotations

import pandas as pd
import pytest

import borderline as bl


@pytest.fixture(scope="module")
def events():
    return bl.geocode(bl.load_incidents())


@pytest.fixture
def file(tmp_path):
    return bl.write_table(bl.load_incidents(), tmp_path / "incidents.csv")


def test_limits_and_sides_are_those_of_the_library(run, file, tmp_path, events):
    done = run("locate", str(file), "--level", "0.9", "-o", "located.csv")
    assert done.exit_code == 0, done.output
    expected = bl.locate(events, bl.load_border(), level=0.9)
    found = pd.read_csv(tmp_path / "located.csv", index_col="event_id")
    for name in ("distance_low_m", "distance_high_m", "p_left", "p_admin1", "p_country"):
        assert found[name].tolist() == pytest.approx(expected[name].astype(float).tolist(), nan_ok=True)
    known = int(expected["side_known"].sum())
    located = int(expected["chainage_m"].notna().sum())
    assert f"Side known at the level 0.9 for {known}, not known for {located - known}" in done.output


def test_without_a_level_the_sides_that_are_not_certain_are_counted(run, file, tmp_path, events):
    done = run("locate", str(file), "-o", "located.csv")
    assert done.exit_code == 0, done.output
    expected = bl.locate(events, bl.load_border())
    vague = int((expected["location_error_m"] > expected["distance_m"]).sum())
    assert f"{vague} incidents of which the side is not certain" in done.output
    kept = int(((events["geocoded_by"] == "claim") & events.geometry.notna()).sum())
    assert f"{kept} incidents in the province of the report" in done.output
    assert "side_known" not in pd.read_csv(tmp_path / "located.csv").columns


def test_exact_positions_need_no_words(run, tmp_path):
    table = pd.DataFrame({"latitude": [14.88], "longitude": [103.49]})
    path = bl.write_table(table, tmp_path / "exact.csv")
    done = run("locate", str(path), "-o", "located.csv")
    assert done.exit_code == 0, done.output
    assert "certain" not in done.output
    assert "report" not in done.output


@pytest.mark.parametrize("level", ["0", "1", "1.5", "-0.5", "nan"])
def test_a_level_that_cannot_be_is_refused(run, file, tmp_path, level):
    done = run("locate", str(file), "--level", level, "-o", "located.csv")
    assert done.exit_code
    assert "--level must be" in done.output
    assert not (tmp_path / "located.csv").exists()
