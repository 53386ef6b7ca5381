"""`plot_resolution`: what is on the picture."""

from __future__ import annotations

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

import borderline as bl
from borderline.charting import plot_resolution
from borderline.errors import TableError

mpl.use("Agg")


@pytest.fixture(scope="module")
def lengths():
    lines = {key: bl.load_border(line=key) for key in ("osm-2025", "natural-earth")}
    return bl.lines.length_by_resolution(lines, tolerances_m=[0, 1_000, 10_000])


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def test_every_row_is_on_the_picture(lengths, tmp_path):
    before = lengths.copy(deep=True)
    ax = plot_resolution(lengths)
    drawn = {line.get_label(): line.get_xydata() for line in ax.lines if not line.get_label().startswith("_")}
    assert set(drawn) == {"osm-2025", "natural-earth"}
    for name, rows in lengths.groupby("line"):
        assert drawn[name][:, 0] * 1000 == pytest.approx(rows["spacing_m"].to_numpy())
        assert drawn[name][:, 1] == pytest.approx(rows["length_km"].to_numpy())
    dots = [line.get_xydata() for line in ax.lines if line.get_label().startswith("_")]
    assert sorted(round(each[0, 1], 1) for each in dots) == [665.4, 824.2]
    assert ax.get_xscale() == "log"
    assert any("OpenStreetMap" in text.get_text() for text in ax.texts)
    for ending in ("png", "svg", "pdf"):
        ax.figure.savefig(tmp_path / f"it.{ending}")
    assert lengths.equals(before)


def test_it_draws_on_axes_given(lengths):
    _, ax = plt.subplots()
    assert plot_resolution(lengths, ax=ax) is ax


def test_bad_tables(lengths):
    with pytest.raises(TableError, match="spacing_m"):
        plot_resolution(lengths.drop(columns="spacing_m"))
    with pytest.raises(TableError, match="a row or more"):
        plot_resolution(lengths.iloc[:0])
