"""Columns that verbs add to a table."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import borderline as bl
from borderline.schema import add_columns, plain_days


def table(**columns):
    return gpd.GeoDataFrame(
        {"name": ["a", "b"], **columns}, geometry=shapely.points([[1, 2], [3, 4]]), crs=4326, index=[7, 7]
    )


def test_new_columns_come_last_and_the_table_stays_as_it_was():
    events = table()
    events.attrs["of"] = "x"
    before = events.copy()
    added = add_columns(events, {"far": np.array([1.0, 2.0]), "side": pd.array(["l", None], dtype="string")})
    assert list(added.columns) == ["name", "geometry", "far", "side"]
    assert (added.crs, added.index.tolist(), added.attrs) == (events.crs, [7, 7], {"of": "x"})
    assert added["side"].dtype == "string"
    added.loc[:, "name"] = "changed"
    pd.testing.assert_frame_equal(events, before)


def test_columns_of_the_name_are_replaced_where_they_stand():
    events = table(far="unknown", near=0)
    before = events.copy()
    added = add_columns(
        events, {"near": np.array([5.0, 6.0]), "far": np.array([1.0, 2.0]), "new": np.array([1, 2])}
    )
    assert list(added.columns) == ["name", "far", "near", "geometry", "new"]
    assert added["far"].tolist() == [1.0, 2.0]
    pd.testing.assert_frame_equal(events, before)


@pytest.mark.parametrize(
    "days",
    [
        pd.Series(pd.to_datetime(["2025-07-24", None])).astype("date32[pyarrow]"),
        pd.Series(pd.to_datetime(["2025-07-24", None])).astype("timestamp[us][pyarrow]"),
        pd.Series([dt.date(2025, 7, 24), None], dtype=object),
        pd.Series(
            [dt.datetime(2025, 7, 24, 23, tzinfo=dt.timezone(dt.timedelta(hours=7))), None], dtype=object
        ),
        pd.Series(pd.to_datetime(["2025-07-23T23:30Z", None]))
        .dt.tz_convert("Asia/Bangkok")
        .convert_dtypes(dtype_backend="pyarrow"),
    ],
)
def test_days_of_other_libraries_are_days(days):
    plain = plain_days(days)
    assert plain.dt.normalize().tolist()[0] == pd.Timestamp("2025-07-24")
    assert plain.isna().tolist() == [False, True]


def test_verbs_take_days_of_arrow():
    border = bl.load_border()
    table = pd.DataFrame({"event_date": pd.date_range("2025-07-24", periods=5), "lat": 14.35, "lon": 103.37})
    events = bl.locate(bl.read_events(table), border)
    events["event_date"] = events["event_date"].astype("date32[pyarrow]")
    segments = bl.segment(border, every_km=50)
    assert bl.density(events, segments, period="2025-07")["n_events"].sum() == 5
    assert "2025" in bl.explore(events, border).get_root().render()
