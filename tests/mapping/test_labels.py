"""Labels of rows arrive as they were, however they travel."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import borderline as bl
from borderline.mapping._row_labels import RowLabels

BORDER = bl.Border.from_line(shapely.LineString([(7.0, 49.0), (8.0, 49.0)]), left="DEU", right="FRA")


@pytest.mark.parametrize(
    "labels",
    [
        [5, -3, 2**40],
        ["KHM1", "KHM22", "KHM3"],
        ["KHM001", "KHM022", "KHM003"],
        ["7", "08", "9"],
        ["12", "08", "19"],
        ["a 1", " 1", "\u00a01"],
        ["a1b", "a2", "\ud8003"],
        ["a\n1", "a\n2", "x"],
        ["\u0e51", "\u0661", "1"],
        ["1" * 16, "2", "3"],
        [1.5, "x", None],
    ],
)
def test_labels_arrive_as_they_were(labels, decoded):
    index = pd.Index(labels, dtype=None if isinstance(labels[0], int) else object)
    table = gpd.GeoDataFrame(geometry=[shapely.Point(7.5, 49.1)] * len(labels), crs=4326, index=index)
    told = decoded(bl.explore(table, BORDER).get_root().render()).records
    assert {row["id"] for row in told} == {str(label) for label in index}


@given(st.lists(st.text("ab 01\u0e51-", min_size=1), min_size=1, max_size=30))
def test_labels_taken_apart_can_be_put_together(texts):
    labels = RowLabels.of(pd.Index(texts, dtype=object))
    if labels.texts is not None:
        assert labels.texts.tolist() == texts
        return
    pairs = zip(labels.before.tolist(), labels.numbers.tolist(), strict=True)
    assert [f"{labels.words[a]}{n:0{labels.width or 1}}" for a, n in pairs] == texts


@given(st.lists(st.text("ab01", min_size=1), min_size=1, max_size=30), st.randoms())
def test_order_of_labels_does_not_depend_on_that_of_rows(texts, random):
    mixed = random.sample(texts, len(texts))
    orders = [RowLabels.of(pd.Index(each, dtype=object)).order() for each in (texts, mixed)]
    assert [texts[k] for k in orders[0]] == [mixed[k] for k in orders[1]]


def test_numbers_after_a_word_are_taken_apart():
    labels = RowLabels.of(pd.Index(["KHM12", "KHM02"]))
    assert (labels.words, labels.numbers.tolist(), labels.width) == (["KHM"], [12, 2], 2)
    assert labels.order().tolist() == [1, 0]
    assert RowLabels.of(pd.Index(["A1", "B2"])).texts.tolist() == ["A1", "B2"]
