"""`length_by_resolution`: the coastline effect on public lines."""

from __future__ import annotations

import pytest
import shapely

import borderline as bl
from borderline.errors import OptionError


@pytest.fixture(scope="module")
def lines():
    return {key: bl.load_border(line=key) for key in bl.catalog.get_border("khm-tha").lines}


def test_public_files_differ_by_a_quarter(lines):
    lengths = bl.lines.length_by_resolution(lines, tolerances_m=[0]).set_index("line")["length_km"]
    assert lengths.min() == pytest.approx(665.4, abs=0.1)
    assert lengths.idxmin() == "natural-earth"
    assert lengths.max() == pytest.approx(824.5, abs=0.1)
    assert lengths.idxmax() == "osm-2026"


@pytest.mark.slow
def test_the_coarser_the_shorter(lines):
    table = bl.lines.length_by_resolution(lines, tolerances_m=[0, 100, 1_000, 10_000])
    assert table.columns.tolist() == ["line", "tolerance_m", "vertices", "spacing_m", "length_km", "share"]
    for name, rows in table.groupby("line"):
        assert rows["length_km"].is_monotonic_decreasing, name
        assert rows["vertices"].is_monotonic_decreasing, name
        assert rows["share"].iloc[0] == 1
        assert rows["length_km"].iloc[0] == pytest.approx(lines[name].length_m / 1000)
        assert (rows["spacing_m"] * (rows["vertices"] - 1) / 1000).tolist() == pytest.approx(
            rows["length_km"].tolist()
        )
    # Drawn to within 10 km, all the lines are as long as each other.
    coarse = table[table["tolerance_m"] == 10_000]["length_km"]
    assert coarse.max() - coarse.min() < 3


def test_one_border_goes_by_its_name():
    border = bl.Border.from_line(shapely.LineString([(0, 0), (0, 1)]), left="XAA", right="XBB", name="it")
    table = bl.lines.length_by_resolution(border, tolerances_m=[0, 5])
    assert table["line"].tolist() == ["it", "it"]
    assert table["share"].tolist() == [1, 1]


def test_bad_tolerances():
    border = bl.load_border()
    with pytest.raises(OptionError, match=r"tolerances_m must be .* not"):
        bl.lines.length_by_resolution(border, tolerances_m=[])
    with pytest.raises(OptionError, match="tolerances_m must be a list of metres, 0 or more"):
        bl.lines.length_by_resolution(border, tolerances_m=[-1])
