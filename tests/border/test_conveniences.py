"""What a geopandas user asks of a border first."""

from __future__ import annotations

import builtins
import subprocess
import sys

import geopandas as gpd
import pytest
import shapely

import borderline as bl
from borderline.errors import FormatError, MissingExtraError, OptionError, OutputError

LINE = shapely.LineString([(7.0, 49.0), (7.5, 49.1), (8.0, 49.0)])


@pytest.fixture
def border():
    return bl.Border.from_line(LINE, left="FRA", right="DEU", name="drawn", source=bl.Source("a survey"))


def test_geometry_as_geopandas_names_it(border):
    assert border.geometry == LINE
    assert border.crs == "EPSG:4326"
    assert border.bounds == (7.0, 49.0, 8.0, 49.1)
    assert border.length_km == border.length_m / 1000
    assert gpd.GeoSeries([border.geometry], crs=border.crs).total_bounds.tolist() == list(border.bounds)


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".fgb", ".parquet", ".csv"])
def test_to_file_writes_what_from_file_reads(border, tmp_path, ending):
    path = border.to_file(tmp_path / f"border{ending}")
    assert path == tmp_path / f"border{ending}"
    again = bl.Border.from_file(path)
    assert again.identity == border.identity
    assert again.source == border.source
    assert (tmp_path / f"border{ending}.source.json").exists()


def test_to_file_writes_measures_where_asked(border, tmp_path):
    path = border.to_file(tmp_path / "border.gpkg", with_measure=True)
    with pytest.warns(UserWarning, match="Measured LineString"):
        assert gpd.read_file(path).geometry[0].equals(LINE)


def test_to_file_refuses_other_endings_and_folders(border, tmp_path):
    with pytest.raises(FormatError, match=r"\.doc"):
        border.to_file(tmp_path / "border.doc")
    with pytest.raises(OutputError, match="does the folder exist"):
        border.to_file(tmp_path / "none" / "border.gpkg")


def test_plot_draws_the_line_into_given_axes(border):
    plt = pytest.importorskip("matplotlib.pyplot")
    figure, ax = plt.subplots()
    assert border.plot(ax, color="black", linewidth=3) is ax
    (drawn,) = ax.collections
    assert drawn.get_linewidth() == [3]
    assert shapely.LineString(drawn.get_paths()[0].vertices).equals(LINE)
    assert border.plot() is not ax
    plt.close("all")
    assert figure is not None


def test_plot_names_the_extra_that_is_missing(border, monkeypatch):
    load = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return load(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtraError, match=r"borderline-geo\[plot\]"):
        border.plot()


def test_explore_is_the_map_of_the_line(border):
    page = border.explore()
    assert page.get_root().render() == bl.explore(border).get_root().render()
    with pytest.raises(OptionError):
        bl.explore(border, height="tall")


def test_a_border_loads_no_picture_until_it_is_drawn():
    code = (
        "import sys, borderline.border; rooms = ['borderline.mapping', 'borderline.readers']; "
        "print([m for m in ('folium', 'matplotlib', *rooms) if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
