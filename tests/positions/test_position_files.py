"""Columns of positions survive every format that events are kept in."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import borderline as bl

AREA = "POLYGON ((103.2 14.2, 103.6 14.2, 103.6 14.5, 103.2 14.5, 103.2 14.2))"


def events():
    return gpd.GeoDataFrame(
        {
            "event_date": pd.to_datetime(["2025-07-24"] * 6),
            "event_type": ["ground_clash"] * 6,
            "location_error_m": [2000.0, 2000.0, None, None, 500.0, 2000.0],
            "position_model": pd.array(
                ["disc", "ellipse", "polygon", "polygon", "mixture", None], dtype="string"
            ),
            "position_area": pd.array([None, None, "TH-32", AREA, AREA, None], dtype="string"),
            "position_along_m": [None, 900.0, None, None, None, None],
            "position_across_m": [None, 300.0, None, None, None, None],
            "position_bearing": [None, 95.0, None, None, None, None],
            "position_share": [None, None, None, None, 0.4, None],
        },
        geometry=[shapely.Point(103.37, 14.36)] * 2
        + [shapely.Point(103.37, 14.6)]
        + [shapely.Point(103.37, 14.36)] * 3,
        crs=4326,
        index=pd.Index(list("abcdef"), name="event_id"),
    )


@pytest.mark.parametrize("ending", ["csv", "gpkg", "geojson", "parquet", "xlsx", "fgb"])
def test_a_table_that_was_written_and_read_is_as_sure_as_before(ending, tmp_path):
    border = bl.load_border()
    path = bl.write_table(events(), tmp_path / f"events.{ending}")
    read = bl.read_events(path)
    before, after = (bl.locate(table, border, level=0.9) for table in (events(), read))
    columns = ["offset_low_m", "offset_high_m", "p_left", "p_right", "p_past_end"]
    # Files keep coordinates to a centimetre or so.
    assert after[columns].to_numpy() == pytest.approx(before.loc[after.index, columns].to_numpy(), abs=0.5)
    assert after["side_known"].tolist() == before["side_known"].tolist()


def test_ta_muen_thom_on_a_line_that_is_shifted():
    """An exact point on a line good to 450 m: 0.535, by 100,000 shifts drawn at random."""
    border = replace(bl.load_border(), accuracy_m=450.1)
    lon, lat = 103.26664, 14.34919
    rng = np.random.default_rng(3)
    shift = rng.normal(0, 450.1 / 1.6448536, (2, 100_000))
    from pyproj import Geod  # noqa: PLC0415 - another way to move points than the library's

    moved = Geod(ellps="WGS84").fwd(
        np.full(100_000, lon),
        np.full(100_000, lat),
        np.degrees(np.arctan2(*shift)),
        np.hypot(*shift),
    )
    share = (border.foot(moved[0], moved[1]).offset > 0).mean()
    event = gpd.GeoDataFrame({"location_error_m": [0.0]}, geometry=[shapely.Point(lon, lat)], crs=4326)
    assert bl.locate(event, border, level=0.9)["p_left"].iloc[0] == pytest.approx(share, abs=0.01)
