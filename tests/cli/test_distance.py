"""`borderline distance`: one point or several, latitude first, and what a near miss is answered with."""

from __future__ import annotations

import re

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import borderline as bl


def test_it_says_what_the_library_says(run, tmp_path):
    points = [(14.3491, 103.2664), (14.3906, 104.6802), (13.66, 102.5)]
    done = run("distance", *(f"{lat},{lon}" for lat, lon in points), "-o", "out.csv")
    assert done.exit_code == 0, done.output
    events = gpd.GeoDataFrame(geometry=[shapely.Point(lon, lat) for lat, lon in points], crs=4326)
    expected = bl.locate(bl.geocode(events), bl.load_border())
    out = pd.read_csv(tmp_path / "out.csv")
    assert out["distance_m"].tolist() == pytest.approx(expected["distance_m"].tolist())
    assert out["admin1"].tolist() == expected["admin1"].tolist()
    blocks = done.output.split("latitude ")[1:]
    for block, row in zip(blocks, expected.itertuples(), strict=True):
        assert f"{row.distance_m:,.0f} m from the Cambodia–Thailand land border" in block
        assert f"on the side of {row.side}" in block
        assert f"km {row.chainage_m / 1000:.2f} along the line as drawn" in block
        assert f"km {row.measure_km:.2f} by 817 km, The World Factbook" in block
        assert f"province (admin1) {row.admin1}, {row.admin1_iso}, {row.country}" in block
    assert "The side is not certain: drawings of the border put this point on different sides" in blocks[0]
    assert "not certain" not in blocks[1]


@pytest.mark.parametrize(
    "word",
    ["14.3491, 103.2664", "14.3491 103.2664", "14°20'56.76\"N 103°15'59.04\"E", "103.2664E 14.3491N"],
)
def test_other_ways_to_write_a_point(run, word):
    done = run("distance", word)
    assert done.exit_code == 0, done.output
    assert "latitude 14.3491, longitude 103.2664\n" in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["103.2664,14.3491"], "latitude comes first, and 103.2664 is none; did you mean 14.3491,103.2664?"),
        (["14.3491", "103.2664"], "'14.3491' is one number; write latitude and longitude as one word"),
        (["14.3491,", "103.2664"], "is one number"),
        (["14.3491,203.2664"], "longitude from -180 to 180"),
        (["Poipet"], "`borderline place` looks up names"),
        (["--lin", "osm-2025", "14,103"], "No such option --lin"),
        ([], "Missing argument 'LAT,LON...'"),
    ],
)
def test_near_misses(run, words, said):
    done = run("distance", *words)
    assert done.exit_code == 2
    # What click writes itself differs between its versions in colons and quotes.
    output = re.sub(r"No such option:? '?(--\w+)'?", r"No such option \1", done.output)
    assert said in output


def test_numbers_that_both_could_be_a_latitude(run, tmp_path):
    """South of the equator, on a border of one's own; a point on the far side of the globe is asked about."""
    line = shapely.LineString([(20.0, -28.0), (20.0, -25.0)])
    border = bl.Border.from_line(line, left="NAM", right="BWA", name="Meridian")
    bl.write_table(border.to_geodataframe(), tmp_path / "meridian.gpkg")
    done = run("distance", "-26.5,20.1", "--line", "meridian.gpkg")
    assert done.exit_code == 0, done.output
    assert "on the side of BWA" in done.output
    assert "in no known province" in done.output
    done = run("distance", "--line", "meridian.gpkg", "20.1,-26.5")
    assert done.exit_code == 0, done.output
    assert "Note: latitude comes first; did you mean -26.5,20.1?" in done.stderr
