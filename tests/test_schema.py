"""Columns that verbs add to a table."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from borderline.schema import add_columns


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
