"""Numbers and counts of people."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from borderline.readers._cell_values import read_numbers, read_texts
from borderline.readers._counts import read_counts
from borderline.readers._raw_table import Faults


def column(*cells, dtype="object"):
    return pd.Series(list(cells), name="killed", dtype=dtype)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("14.5", 14.5),
        ("+14,5", 14.5),
        ("\N{MINUS SIGN}7", -7.0),
        ("1e2", 100.0),
        (".5", 0.5),
        ("๑๔.๕", 14.5),
        (3, 3.0),
        ("n/a", np.nan),
        ("", np.nan),
        (None, np.nan),
    ],
)
def test_number_in_many_writings(cell, number):
    values, unreadable = read_numbers(column(cell))
    np.testing.assert_array_equal(values, [number])
    assert not unreadable


@pytest.mark.parametrize(
    "cell", ["14°20'", "inf", "1_000", "0x10", "1.2.3", "nan nan", float("inf"), True, "1e999"]
)
def test_what_is_no_finite_number_is_told(cell):
    values, unreadable = read_numbers(column(cell))
    assert np.isnan(values[0])
    assert list(unreadable) == [0]


def test_infinity_in_a_column_of_floats_is_told():
    values, unreadable = read_numbers(column(1.0, np.inf, np.nan, dtype="float64"))
    np.testing.assert_array_equal(values, [1.0, np.nan, np.nan])
    assert list(unreadable) == [1]


@pytest.mark.parametrize(
    ("cell", "best", "low", "high"),
    [
        ("0", 0, np.nan, np.nan),
        ("3.0", 3, np.nan, np.nan),
        (3.0, 3, np.nan, np.nan),
        ("3-5", np.nan, 3, 5),
        ("3 to 5", np.nan, 3, 5),
        ("unknown", np.nan, np.nan, np.nan),
    ],
)
def test_count_or_range(cell, best, low, high):
    faults = Faults()
    found = read_counts(column(cell), reason="fatalities", faults=faults)
    np.testing.assert_array_equal(np.concatenate(found), [best, low, high])
    assert not faults.by_row


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("-1", "negative"),
        (-1, "negative"),
        ("1,200", "not_a_number"),
        ("1.200", "not_a_number"),
        ("1.000", "not_a_number"),
        ("2.5", "not_a_number"),
        ("several", "not_a_number"),
        ("5-3", "not_a_number"),
        ("9" * 17, "not_a_number"),
        (float("inf"), "not_a_number"),
    ],
)
def test_what_is_no_count_is_a_fault_that_names_cell_and_column(cell, reason):
    faults = Faults()
    best, _, _ = read_counts(column("1", cell), reason="fatalities", faults=faults)
    assert best[0] == 1
    assert np.isnan(best[1])
    [(code, detail)] = faults.by_row[1]
    assert code == f"fatalities_{reason}"
    assert "killed" in detail


def test_text_is_stripped_and_blank_is_missing():
    cells = read_texts(column(" a ", "  ", None, 7.0, 7.5, pd.Timestamp("2025-07-24")))
    assert cells.tolist() == ["a", None, None, "7", "7.5", "2025-07-24T00:00:00"]
