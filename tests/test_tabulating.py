"""Tables for reading: every figure is there as text, and no text of a table becomes markup."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import borderline as bl
from borderline import errors


@pytest.fixture(scope="module")
def density():
    border = bl.load_border()
    located = bl.locate(bl.load_incidents(), border)
    return bl.density(located, bl.segment(border, every_km=10), within_km=25)


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<style.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))


def test_density_reads_without_styles(density):
    top = density.nlargest(3, "events_per_km")
    said = words(bl.tabulate(top).to_html())
    first = top.iloc[0]
    assert "100 to 110 Preah Vihear Si Sa Ket" in said
    limits = [f"{first[f'events_per_km{end}']:.2f}" for end in ("", "_low", "_high")]
    assert "{} ({} to {})".format(*limits) in said
    assert "incidents per km (95 % limits)" in said
    assert density.attrs["method"] in said
    assert "LINESTRING" not in said


def test_rate_has_its_unit(density):
    said = words(bl.tabulate(density.head(2), columns=["to_m", "from_m", "rate"]).to_html())
    assert "incidents per km² and year (95 % limits)" in said
    assert said.count("0 to 10 ") == 1


def test_all_rows_and_the_index_stay(density):
    shown = bl.tabulate(density)
    assert shown.data.index.equals(density.index)
    assert shown.data["incidents"].tolist() == density["n_events"].tolist()


def test_the_table_is_left_alone(density):
    before = density.copy(deep=True)
    bl.tabulate(density).to_html()
    pd.testing.assert_frame_equal(density, before)


def test_tables_that_read_alike_give_the_same_page(density):
    nearly = density.assign(rate=density["rate"] * (1 + 1e-12))
    assert bl.tabulate(density).to_html() == bl.tabulate(nearly).to_html()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0"),
        (1.7, "1.70"),
        (0.99031, "0.990"),
        (0.000123456, "0.000123"),
        (123456.7, "123,000"),
        (9999.6, "10,000"),
        (-2.345, "-2.35"),
        (np.inf, "∞"),
        (np.nan, "–"),
        (1234567, "1,234,567"),
    ],
)
def test_three_digits(value, said):
    assert f" {said} " in words(bl.tabulate(pd.DataFrame({"measured": [value]})).to_html())


def test_days_words_truths_and_gaps():
    table = pd.DataFrame(
        {"day": [pd.Timestamp("2025-07-24"), pd.NaT], "sure": [True, False], "deaths": [1, None]}
    )
    said = words(bl.tabulate(table.astype({"deaths": "Int64"})).to_html())
    assert " 2025-07-24 True 1 " in said
    assert " – False – " in said


def test_small_probabilities_are_not_written_out():
    table = pd.DataFrame({"expected": 0.143679, "p_value": [0.0000038, 0.01, np.nan], "q_moved": 0.39258})
    said = words(bl.tabulate(table, columns=["expected", "p_value", "q_moved"]).to_html())
    assert said.count(" 0.144 ") == 3
    assert said.count(" 0.393 ") == 3
    assert " under 0.001 " in said
    assert " 0.010 " in said


def bars(table, column):
    page = bl.tabulate(table, columns=[column]).to_html()
    return [tuple(map(float, each)) for each in re.findall(r"#9ecae1 ([\d.]+)%, #9ecae1 ([\d.]+)%", page)]


def test_bars_are_to_scale():
    table = pd.DataFrame(
        {"rate": [1.0, 2.0, 1.0], "rate_low": [0.5, 1.0, 0.0], "rate_high": [2.0, 4.0, np.inf]}
    )
    assert bars(table, "rate") == [(12.5, 50.0), (25.0, 100.0), (0.0, 100.0)]


def test_bars_of_ratios_are_even_about_one():
    table = pd.DataFrame({"rate_ratio": [1.0], "rate_ratio_low": [0.125], "rate_ratio_high": [8.0]})
    ((low, high),) = bars(table, "rate_ratio")
    assert low + high == pytest.approx(100)
    assert low == 25


def test_unknown_limits_have_no_bar():
    table = pd.DataFrame({"rate": [1.0, np.nan], "rate_low": np.nan, "rate_high": np.nan})
    assert bars(table, "rate") == []
    assert " 1.00 " in words(bl.tabulate(table).to_html())


def test_no_text_becomes_markup():
    hostile = "<img src=x onerror=alert(1)>{{ 7*7 }}"
    table = pd.DataFrame({hostile: [hostile], "location": [hostile]}, index=pd.Index([hostile], name=hostile))
    table.attrs["method"] = hostile
    page = bl.tabulate(table, columns=[hostile, "location"]).to_html()
    assert "<img" not in page
    assert "49" not in page
    assert page.count("&lt;img") == 6


def test_other_tables(density):
    empty = gpd.GeoDataFrame({"a": []}, geometry=[], crs=4326)
    assert list(bl.tabulate(empty).data) == ["a"]
    assert len(bl.tabulate(density.head(0)).data) == 0
    by = bl.tabulate(pd.DataFrame({"distance_m": [12.34], "area_km2": [5.0], "drawn_left_km": [1]}))
    assert list(by.data) == ["distance, m", "area, km²", "drawn left, km"]


@pytest.mark.parametrize(
    ("mistake", "error", "culprit", "remedy"),
    [
        (lambda _: bl.tabulate([1]), errors.TableError, "list", "density makes one"),
        (lambda d: bl.tabulate(d, columns="rate"), errors.OptionError, "not 'rate'", "a list of names"),
        (lambda d: bl.tabulate(d, columns=["rat"]), errors.OptionError, "not 'rat'", "Did you mean 'rate'?"),
        (
            lambda d: bl.tabulate(d, columns=[["rate"]]),
            errors.OptionError,
            "['rate']",
            "must be names of columns",
        ),
    ],
)
def test_mistakes(density, mistake, error, culprit, remedy):
    with pytest.raises(error) as raised:
        mistake(density)
    assert culprit in str(raised.value)
    assert remedy in str(raised.value)
