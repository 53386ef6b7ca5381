"""Columns that `geocode` and `locate` add, written to a file and read again."""

from __future__ import annotations

import pandas as pd
import pytest

import borderline as bl
from borderline.schema import ADDED_TYPES


@pytest.fixture(scope="module")
def located():
    return bl.locate(bl.geocode(bl.load_incidents().tail(40)), bl.load_border(), level=0.9)


@pytest.mark.parametrize("ending", ["csv", "geojson", "gpkg", "parquet", "xlsx"])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_numbers_and_answers_keep_their_types(located, ending, tmp_path):
    path = tmp_path / f"located.{ending}"
    bl.write_table(located, path)
    again = bl.read_events(path)
    names = [name for name in ADDED_TYPES if name in located]
    assert {"side_known", "p_left", "p_admin1", "beyond_end", "n_lines_left"} <= set(names)
    pd.testing.assert_frame_equal(
        pd.DataFrame(again[names]).reset_index(drop=True),
        pd.DataFrame(located[names]).reset_index(drop=True),
        rtol=1e-12,
    )


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_was_read_is_counted_as_what_was_written(located, ending, tmp_path):
    path, segments = tmp_path / f"located.{ending}", bl.segment(bl.load_border(), every_km=100)
    bl.write_table(located, path)
    written, again = (
        bl.density(events, segments, within_km=25, by="bank") for events in (located, bl.read_events(path))
    )
    assert again["n_events"].tolist() == written["n_events"].tolist()


def test_a_cell_that_is_no_such_thing_leaves_the_column_as_it_is(tmp_path):
    path = tmp_path / "strange.csv"
    path.write_text(
        "date,latitude,longitude,disputed,distance_m\n2025-07-24,14.35,103.2,by both,about 5\n",
        encoding="utf-8",
    )
    events = bl.read_events(path)
    assert events[["disputed", "distance_m"]].iloc[0].tolist() == ["by both", "about 5"]
