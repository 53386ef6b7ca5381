"""Bands: every event once or counted as left out, over areas that an independent method confirms."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import borderline as bl
from borderline.errors import OptionError, TableError

NORTH = bl.Border.from_line(shapely.LineString([(0, 10), (0, 11)]), left="FRA", right="DEU")
EDGES = [0.0, 1.0, 5.0, 25.0]


def made(distance_km, side, **columns):
    n = len(distance_km)
    table = {
        "chainage_m": np.linspace(1_000.0, 90_000.0, n),
        "distance_m": np.array(distance_km, dtype=float) * 1000,
        "side": pd.array(side, dtype="string"),
        "beyond_end": pd.array([False] * n, dtype="boolean"),
        **columns,
    }
    return pd.DataFrame(table)


@given(
    st.lists(
        st.tuples(st.one_of(st.floats(0, 60), st.just(np.nan)), st.sampled_from(["FRA", "DEU", "line"])),
        max_size=40,
    ),
    st.one_of(st.none(), st.floats(26, 60)),
)
@settings(max_examples=25)
def test_every_event_counts_once_or_is_left_out(events, within_km):
    distance, side = [each[0] for each in events], [each[1] for each in events]
    table = bl.bands(made(distance, side), NORTH, edges_km=EDGES, within_km=within_km)
    assert table["n_events"].sum() + sum(table.attrs["left_out"].values()) == len(events)
    assert (
        table.attrs["left_out"]["no_distance"] + table.attrs["left_out"]["beyond_within_km"]
        >= np.isnan(np.array(distance, dtype=float)).sum()
    )
    for row in table.itertuples():
        last = within_km is not None and row.to_km == within_km
        inside = sum(
            each == row.side and (row.from_km <= km < row.to_km or (last and km == within_km))
            for km, each in zip(distance, side, strict=True)
        )
        # Kilometres become metres with a rounding: no event here lies that near an edge unless it is on it.
        assert row.n_events == inside


def test_a_band_holds_its_lower_edge():
    table = bl.bands(made([0, 1, 5, 25], ["FRA"] * 4), NORTH, edges_km=EDGES)
    assert table.loc[table["side"] == "FRA", "n_events"].tolist() == [1, 1, 1, 1]
    assert table.loc[table["side"] == "DEU", "n_events"].tolist() == [0, 0, 0, 0]
    closed = bl.bands(made([5, 25], ["FRA"] * 2), NORTH, edges_km=[0, 5], within_km=25)
    assert closed["n_events"].tolist() == [0, 2, 0, 0]


def strip_km2(start_km, end_km):
    """Area between two curves at constant distances east of a stretch of a meridian, by geographiclib."""
    wgs84 = Geodesic.WGS84
    polygon = wgs84.Polygon()
    lats = np.linspace(10, 11, 101)
    for lat, km in [*((lat, start_km) for lat in lats), *((lat, end_km) for lat in lats[::-1])]:
        point = wgs84.Direct(lat, 0.0, 90.0, km * 1000)
        polygon.AddPoint(point["lat2"], point["lon2"])
    return abs(polygon.Compute()[2]) / 1e6


@pytest.mark.parametrize(("start", "end"), [(0, 1), (1, 5), (5, 25)])
def test_areas_agree_with_geographiclib(start, end):
    table = bl.bands(made([], []), NORTH, edges_km=EDGES).set_index(["side", "from_km"])
    for side in ("FRA", "DEU"):
        assert table.loc[(side, float(start)), "area_km2"] == pytest.approx(strip_km2(start, end), rel=5e-3)


def test_areas_of_the_built_in_border_agree_with_a_buffer():
    border = bl.load_border()
    table = bl.bands(made([], []).assign(side=pd.array([], dtype="string")), border, edges_km=[0, 1, 5])
    plane = gpd.GeoSeries([border.line], crs=4326).to_crs(32648)
    discs = gpd.GeoSeries(shapely.buffer(plane.to_numpy(), 5_000, quad_segs=64), crs=plane.crs)
    round_both_ends = discs.to_crs(4326).to_crs("ESRI:54034").area.item() / 1e6
    land = table.loc[table["to_km"] <= 5, "area_km2"].sum()
    # The half discs past both ends belong to no band.
    assert land == pytest.approx(round_both_ends - np.pi * 25, rel=5e-3)


def test_rates_have_exact_limits():
    table = bl.bands(made([0.5] * 7, ["FRA"] * 7), NORTH, edges_km=EDGES, level=0.9)
    row = table.iloc[0]
    assert row["events_per_km2"] == pytest.approx(7 / row["area_km2"])
    assert row["events_per_km2_low"] * row["area_km2"] == pytest.approx(stats.chi2.ppf(0.05, 14) / 2)
    assert row["events_per_km2_high"] * row["area_km2"] == pytest.approx(stats.chi2.ppf(0.95, 16) / 2)
    last = table.iloc[3]
    assert np.isinf(last["to_km"])
    assert pd.isna(last["area_km2"])
    assert pd.isna(last["events_per_km2"])
    assert last["band"] == "25 km and more"


def test_contested_and_fatalities_are_shown():
    events = made(
        [0.5, 0.5, 3.0],
        ["FRA", "FRA", "DEU"],
        contested=pd.array([True, False, None], dtype="boolean"),
        fatalities=pd.array([2, None, 3], dtype="Int64"),
    )
    table = bl.bands(events, NORTH, edges_km=EDGES).set_index(["side", "from_km"])
    assert table.loc[("FRA", 0.0), ["n_contested", "fatalities", "n_unknown_fatalities"]].tolist() == [
        1,
        2,
        1,
    ]
    assert table.loc[("DEU", 1.0), ["n_contested", "fatalities", "n_unknown_fatalities"]].tolist() == [
        0,
        3,
        0,
    ]
    unknown = bl.bands(events.drop(columns="contested"), NORTH, edges_km=EDGES)
    assert unknown["n_contested"].isna().all()


def test_events_on_the_line_are_on_no_bank():
    table = bl.bands(made([0.0, 0.5], ["line", "FRA"]), NORTH, edges_km=EDGES)
    assert table.groupby("side")["n_events"].sum().to_dict() == {"DEU": 0, "FRA": 1, "line": 1}
    assert table.loc[table["side"] == "line", "area_km2"].isna().all()


def test_months_without_a_gap():
    dates = pd.to_datetime(["2025-01-31", "2025-02-01", "2025-05-01", None])
    table = bl.bands(made([1] * 4, ["FRA"] * 4, event_date=dates), NORTH, edges_km=EDGES, period="M")
    assert table["period"].drop_duplicates().tolist() == [
        "2025-01",
        "2025-02",
        "2025-03",
        "2025-04",
        "2025-05",
    ]
    assert table.groupby("period")["n_events"].sum().tolist() == [1, 1, 0, 0, 1]
    assert table.attrs["left_out"]["no_date"] == 1
    assert table["period_end"].iloc[0] == pd.Timestamp("2025-01-31")


def test_periods_hold_both_their_days():
    dates = pd.to_datetime(["2025-07-23", "2025-07-24", "2025-12-31", "2026-01-01", None])
    periods = {"before": ("2025-01-01", "2025-07-23"), "after": ("2025-07-24", "2025-12-31")}
    table = bl.bands(made([1] * 5, ["FRA"] * 5, event_date=dates), NORTH, edges_km=EDGES, period=periods)
    assert table.groupby("period", sort=False)["n_events"].sum().tolist() == [1, 2]
    assert table.attrs["left_out"]["no_date"] == 1
    assert table.attrs["left_out"]["outside_period"] == 1
    assert table["period"].iloc[0] == "before"
    assert table["period_end"].iloc[0] == pd.Timestamp("2025-07-23")


def test_no_event_with_a_date_makes_no_period():
    events = made([1], ["FRA"], event_date=pd.to_datetime([None]))
    table = bl.bands(events, NORTH, edges_km=EDGES, period="M")
    assert table.empty
    assert table.attrs["left_out"]["no_date"] == 1


def test_what_is_left_out_has_its_reason():
    events = made([1, np.nan, 40, 1, np.nan], ["FRA"] * 5)
    events["beyond_end"] = pd.array([False, False, False, True, False], dtype="boolean")
    events.loc[4, "chainage_m"] = np.nan
    left_out = bl.bands(events, NORTH, edges_km=EDGES).attrs["left_out"]
    assert left_out == {"no_chainage": 1, "beyond_end": 1, "beyond_within_km": 0, "no_distance": 1}


def test_inputs_are_left_alone():
    events = made([1, 2], ["FRA", "DEU"])
    before = events.copy(deep=True)
    bl.bands(events, NORTH, edges_km=EDGES)
    pd.testing.assert_frame_equal(events, before)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"edges_km": [0, 5, 5]}, OptionError, "edges_km must be "),
        ({"edges_km": [5, 1]}, OptionError, "edges_km must be "),
        ({"edges_km": [-1, 1]}, OptionError, "edges_km must be "),
        ({"edges_km": []}, OptionError, "edges_km must be "),
        ({"edges_km": [np.nan]}, OptionError, "edges_km must be "),
        ({"edges_km": "abc"}, OptionError, "edges_km must be "),
        ({"within_km": 25}, OptionError, "beyond the last of edges_km, 25"),
        ({"level": 1.0}, OptionError, "level must be "),
        ({"period": "M"}, TableError, "event_date"),
    ],
)
def test_bad_options(options, error, said):
    with pytest.raises(error, match=said):
        bl.bands(made([1], ["FRA"]), NORTH, **{"edges_km": EDGES, **options})


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("fortnight", "period must be .*, or a frequency .*, not 'fortnight'"),
        (["2025-01-01"], "period must be .*first and a last day"),
        (["2025-01-01", "2025-07-24", "2026-01-01"], "period must be .*first and a last day"),
        (["2026-01-01", "2025-01-01"], "has no days"),
        (["soon", "later"], "period must be .*, not 'soon'"),
        ("h", "period must be"),
    ],
)
def test_bad_periods(period, said):
    events = made([1], ["FRA"], event_date=pd.to_datetime(["2025-01-01"]))
    with pytest.raises(OptionError, match=said):
        bl.bands(events, NORTH, edges_km=EDGES, period=period)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        (made([1], ["KHM"]), "the banks are FRA and DEU"),
        (made([1], ["FRA"]).drop(columns="side"), "side; run locate first"),
        (made([1], ["FRA"]).drop(columns="distance_m"), "distance_m; run locate first"),
    ],
)
def test_bad_tables(events, said):
    with pytest.raises(TableError, match=said):
        bl.bands(events, NORTH, edges_km=EDGES)
