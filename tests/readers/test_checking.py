"""Reading tables: the account of every row, and each kind of bad input by name."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline.errors import BorderlineError, CRSError, OptionError, RejectsWarning, TableError
from borderline.schema import EVENT_COLUMNS


def table(**columns):
    length = max(len(cells) for cells in columns.values())
    plain = {"id": [f"e{n}" for n in range(1, length + 1)], "lat": [14.3] * length, "lon": [104.6] * length}
    return pd.DataFrame(plain | columns)


def points(*geometries, crs=4326):
    return gpd.GeoDataFrame({"id": range(len(geometries))}, geometry=list(geometries), crs=crs)


def assert_accounted(check):
    assert check.rows == len(check.events) + len(check.rejects) + check.folded
    assert list(check.events.columns)[: len(EVENT_COLUMNS)] == list(EVENT_COLUMNS)
    assert {name: str(check.events[name].dtype) for name in EVENT_COLUMNS} == EVENT_COLUMNS
    assert check.events.crs == 4326
    assert check.events.index.name == "event_id"
    assert check.events.index.is_unique
    assert check.events.index.notna().all()
    present = check.events.geometry.dropna()
    assert (present.geom_type == "Point").all()
    assert not present.is_empty.any()


# --- bad input, one by one -----------------------------------------------------------------

BAD_ROWS = [
    ("coordinates_swapped", "exchange them", {"lat": [14.3, 104.6], "lon": [104.6, 55.0]}),
    (
        "coordinates_unreadable",
        "grid reference",
        {"lat": ["", ""], "lon": ["", ""], "gps": ["14.3, 104.6", "hill 745"]},
    ),
    (
        "coordinates_unreadable",
        "hemisphere",
        {"lat": ["", ""], "lon": ["", ""], "mgrs": ["48P WA 220 861", "48 422000 1586000"]},
    ),
    ("coordinates_null_island", "empty both", {"lat": [14.3, 0], "lon": [104.6, 0.0]}),
    ("latitude_out_of_range", "-90 to 90", {"lat": [14.3, 95], "lon": [104.6, 104.6]}),
    ("longitude_out_of_range", "-180 to 180", {"lon": [104.6, 284.6]}),
    ("coordinate_incomplete", "empty both", {"lat": [14.3, np.nan]}),
    ("coordinate_incomplete", "empty both", {"lon": ["104.6", ""]}),
    ("coordinate_not_a_number", "decimal degrees", {"lat": ["14.3", "14°75'"]}),
    ("coordinate_not_a_number", "decimal degrees", {"lat": [14.3, np.inf]}),
    ("duplicate_id", "row 1", {"id": ["a", "a"]}),
    ("date_unreadable", "2025-07-24", {"date": ["2025-07-24", "soon"]}),
    ("date_ambiguous", "2025-07-24", {"date": ["2025-07-24", "03/04/2025"]}),
]

#: Cells that cost themselves, not the incident, with the columns that they leave empty.
BAD_CELLS = [
    (
        "dates_reversed",
        "before",
        {"date": ["2025-07-24"] * 2, "end_date": ["2025-07-25", "2025-07-23"]},
        ["event_date_end"],
    ),
    (
        "date_unreadable",
        "write it as",
        {"date": ["2025-07-24"] * 2, "end_date": ["", "soon"]},
        ["event_date_end"],
    ),
    ("fatalities_negative", "empty", {"killed": [1, -1]}, ["fatalities"]),
    ("fatalities_not_a_number", "whole number", {"killed": ["1", "dozens"]}, ["fatalities"]),
    (
        "fatalities_reversed",
        "above",
        {"deaths_min": [1, 5], "deaths_max": [2, 3]},
        ["fatalities", "fatalities_low", "fatalities_high"],
    ),
    ("injuries_negative", "empty", {"wounded": [1, -1]}, ["injuries"]),
    ("location_error_not_a_number", "metres", {"error_m": ["5", "near"]}, ["location_error_m"]),
    ("location_error_negative", "metres", {"error_m": [5, -5]}, ["location_error_m"]),
    ("coordinates_unreadable", "left out", {"grid": ["", "VA 123 456"]}, []),
]


@pytest.mark.parametrize(("reason", "remedy", "columns", "emptied"), BAD_CELLS)
def test_bad_cell_costs_the_cell_and_not_the_incident(reason, remedy, columns, emptied):
    check = bl.check_events(table(**columns))
    assert_accounted(check)
    assert len(check.events) == 2
    assert check.repairs[["row", "reason"]].to_numpy().tolist() == [[2, reason]]
    assert remedy in check.repairs["detail"][0]
    assert check.events[emptied].iloc[1].isna().all()
    assert check.events.geometry.notna().all()


@pytest.mark.parametrize(("reason", "remedy", "columns"), BAD_ROWS)
def test_bad_row_is_set_aside_with_row_reason_and_remedy(reason, remedy, columns):
    frame = table(**columns)
    check = bl.check_events(frame)
    assert_accounted(check)
    assert check.rejects[["row", "reason"]].to_numpy().tolist() == [[2, reason]]
    assert remedy in check.rejects["detail"][0]
    assert pd.isna(check.rejects["line"][0])
    for name in columns:
        pd.testing.assert_series_equal(check.rejects[name], frame[name].iloc[[1]].reset_index(drop=True))


@pytest.mark.parametrize(("reason", "remedy", "columns"), BAD_ROWS)
def test_reading_a_bad_row_warns_with_count_reason_and_remedy(reason, remedy, columns):
    del remedy
    with pytest.warns(RejectsWarning, match=rf"1 of 2 rows .*1 {reason}.*check_events") as caught:
        events = bl.read_events(table(**columns))
    assert len(events) == 1
    assert caught[0].filename == __file__


def test_all_complaints_of_a_row_are_told():
    check = bl.check_events(table(lat=[0], lon=[0], killed=[-3], date=["soon"]))
    assert len(check.rejects) == 1
    for said in ("latitude 0", "soon"):
        assert said in check.rejects["detail"][0]


def test_first_good_row_keeps_a_repeated_id():
    check = bl.check_events(table(id=["a", "a", "a"], lat=[99, 14, 14]))
    assert check.rejects["row"].tolist() == [1, 3]
    assert "row 2" in check.rejects["detail"][1]


@pytest.mark.parametrize("geometry", [None, shapely.Point(), shapely.MultiPoint(), shapely.LineString()])
def test_missing_or_empty_point_is_an_event_without_a_point(geometry):
    check = bl.check_events(points(shapely.Point(104, 14), geometry))
    assert_accounted(check)
    assert check.events.geometry.isna().tolist() == [False, True]


def test_row_without_coordinates_is_an_event():
    check = bl.check_events(table(lat=[14.3, np.nan], lon=[104.6, np.nan]))
    assert_accounted(check)
    assert check.events.geometry.isna().tolist() == [False, True]


def test_line_among_the_points_is_set_aside():
    check = bl.check_events(points(shapely.Point(104, 14), shapely.LineString([(104, 14), (105, 14)])))
    assert check.rejects[["row", "reason"]].to_numpy().tolist() == [[2, "geometry_not_point"]]


def test_multipoint_of_one_is_that_point_and_height_goes():
    events = bl.read_events(points(shapely.MultiPoint([(104, 14)]), shapely.Point(104, 14, 650)))
    assert events.geometry.to_wkt().unique().tolist() == ["POINT (104 14)"]


def test_swapped_points_with_nothing_to_prove_it_are_set_aside():
    check = bl.check_events(points(shapely.Point(14, 104)))
    assert check.rejects["reason"].tolist() == ["coordinates_swapped"]


@pytest.mark.parametrize("lone", [False, True])
def test_swapped_among_others_is_mended_and_told(lone):
    lat, lon = ([14.3, 104.6], [104.6, 14.3]) if lone else ([104.6, 104.7], [14.3, 14.4])
    frame = table(lat=lat, lon=lon)
    check = bl.check_events(frame)
    assert_accounted(check)
    assert check.repairs["reason"].unique().tolist() == ["coordinates_swapped"]
    assert check.repairs["row"].tolist() == ([2] if lone else [1, 2])
    assert check.events.geometry.x.between(104, 105).all()
    assert check.events.attrs["repaired"] == {"coordinates_swapped": len(check.repairs)}
    assert "mended: " in repr(check)
    with pytest.warns(RejectsWarning, match="rows were mended"):
        bl.read_events(frame)


def test_swapped_points_of_a_table_with_geometry_are_mended():
    check = bl.check_events(points(shapely.Point(104, 14), shapely.Point(14.2, 104.5)))
    assert check.events.geometry.to_wkt().tolist() == ["POINT (104 14)", "POINT (104.5 14.2)"]


def test_impossible_latitude_that_may_be_a_slip_is_set_aside():
    check = bl.check_events(table(lat=[49.5, 149.5], lon=[8.3, 8.3]))
    assert check.rejects["reason"].tolist() == ["coordinates_swapped"]


def test_no_crs_is_refused_with_the_remedy():
    with pytest.raises(CRSError, match=r"set_crs\(4326\)"):
        bl.read_events(points(shapely.Point(104, 14), crs=None))


def test_another_crs_is_transformed():
    there = points(shapely.Point(104.6, 14.3)).to_crs(32648)
    assert bl.read_events(there).geometry.iloc[0].distance(shapely.Point(104.6, 14.3)) < 1e-9


def test_metres_under_a_wrong_crs_are_set_aside():
    there = points(shapely.Point(104.6, 14.3)).to_crs(32648).set_crs(4326, allow_override=True)
    assert bl.check_events(there).rejects["reason"].tolist() == ["latitude_out_of_range"]


def test_table_without_a_place_is_refused_with_what_was_found():
    with pytest.raises(TableError, match=r"neither latitude.*columns=.*'when', 'who'"):
        bl.read_events(pd.DataFrame({"when": [1], "who": [2]}))


def test_half_of_the_coordinates_is_refused():
    with pytest.raises(TableError, match=r"latitude column \('lat'\) but none for longitude"):
        bl.read_events(pd.DataFrame({"lat": [14.3], "lonn": [104]}))


def test_location_alone_is_enough():
    events = bl.read_events(pd.DataFrame({"place": ["Ta Khwai"]}))
    assert events["location"].tolist() == ["Ta Khwai"]
    assert events.geometry.isna().all()


@pytest.mark.parametrize(
    ("columns", "error", "said"),
    [
        ({"event_dat": "When"}, OptionError, "event_date"),
        (["When"], OptionError, "'event_date': 'When'"),
        ({"event_date": "Wen"}, TableError, "'When'"),
    ],
)
def test_unknown_name_in_columns_is_refused_with_a_near_miss(columns, error, said):
    with pytest.raises(error, match=said):
        bl.read_events(table(When=["2025-07-24"]), columns=columns)


def test_unknown_format_is_refused_with_a_near_miss():
    with pytest.raises(OptionError, match="Did you mean 'seeds'"):
        bl.read_events(table(a=[1]), format="seed")


@pytest.mark.parametrize("source", [None, 3, [1, 2]])
def test_what_is_neither_path_nor_table_is_refused(source):
    with pytest.raises(TableError, match="a path, an open file, a DataFrame, or a list"):
        bl.read_events(source)


@pytest.mark.parametrize("empty", [table(a=[1]).iloc[:0], points(crs=4326)])
def test_empty_table_gives_an_empty_events_table(empty):
    check = bl.check_events(empty)
    assert_accounted(check)
    assert (check.rows, len(check.events)) == (0, 0)


# --- what is understood --------------------------------------------------------------------


def test_named_columns_win_and_extras_pass_through():
    frame = table(When=["2025-07-24"], date=["2001-01-01"], tag=[("x", 1)])
    events = bl.read_events(frame, columns={"event_date": "When"})
    assert events["event_date"].tolist() == [pd.Timestamp("2025-07-24")]
    assert events["date"].tolist() == ["2001-01-01"]
    assert events["tag"].tolist() == [("x", 1)]


def test_extra_with_one_of_our_names_gets_another():
    frame = table(When=["2025-07-24"], event_date=["old"], geometry=["WKT"], event_id=["x"])
    events = bl.read_events(frame, columns={"event_date": "When", "event_id": "id"})
    assert events[["event_date_2", "geometry_2", "event_id_2"]].to_numpy().tolist() == [["old", "WKT", "x"]]


def test_ids_are_text_or_row_numbers():
    assert bl.read_events(table(id=[7, 8])).index.tolist() == ["7", "8"]
    made = bl.read_events(table(a=[1, 2]).drop(columns="id"))
    assert made.index.tolist() == ["1", "2"]
    assert made.attrs["event_id"] == "row numbers"
    some = bl.read_events(table(id=["a", None]))
    assert some.index.tolist() == ["a", "row-2"]
    assert "1 empty" in some.attrs["event_id"]


@pytest.mark.parametrize(
    ("claim", "country", "reported"),
    [
        ("TH", "THA", None),
        ("khm", "KHM", None),
        ("Kingdom of Cambodia", "KHM", None),
        ("ไทย", "THA", None),
        ("disputed", None, "disputed"),
        (None, None, None),
    ],
)
def test_country_is_a_code_and_other_claims_are_kept(claim, country, reported):
    events = bl.read_events(table(country=[claim]))
    assert events["country"].astype(object).where(events["country"].notna(), None).tolist() == [country]
    assert ("country_reported" in events) == (reported is not None)
    if reported:
        assert events["country_reported"].tolist() == [reported]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("ground_clash", "ground_clash"),
        ("Ground clash", "ground_clash"),
        ("mine blast", "landmine_explosion"),
        ("karaoke", "other"),
    ],
)
def test_event_type_is_ours_and_their_words_stay(words, kind):
    events = bl.read_events(table(type=[words, None]))
    assert events["event_type"].iloc[0] == kind
    assert events["event_type_source"].iloc[0] == words
    assert events["event_type"].isna().tolist() == [False, True]


def test_low_end_is_the_figure_only_where_nothing_better_is_known():
    frame = table(deaths=["7", "", "3-5", ""], deaths_min=["6", "2", "", ""], deaths_max=["9", "4", "", "8"])
    events = bl.read_events(frame)
    found = events[["fatalities", "fatalities_low", "fatalities_high"]]
    assert found.astype(object).where(found.notna(), None).to_numpy().tolist() == [
        [7, 6, 9],
        [2, 2, 4],
        [3, 3, 5],
        [None, None, 8],
    ]


def test_list_of_actors_gives_the_first_two():
    events = bl.read_events(table(actors=["a; b;c", "a", None]))
    found = events[["actor1", "actor2", "actors"]].astype(object)
    assert found.where(found.notna(), None).to_numpy().tolist() == [
        ["a", "b", "a; b;c"],
        ["a", None, "a"],
        [None, None, None],
    ]


def test_reading_what_was_read_changes_nothing():
    once = bl.read_events(
        table(killed=[1, 2], date=["2025-07-24", None], country=["TH", "disputed"], x_tra=[1, 2])
    )
    again = bl.read_events(once)
    pd.testing.assert_frame_equal(pd.DataFrame(again), pd.DataFrame(once))


# --- laws ----------------------------------------------------------------------------------

CELLS = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.floats(),
    st.integers(-(10**20), 10**20),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.sampled_from(["14.3", "104.6", 14.3, 104.6, "2025-07-24", "TH", "3-5", "0", 0, "a;b"]),
    st.lists(st.integers(), max_size=2),
)
NAMES = st.sampled_from(
    [
        "id",
        "Date",
        "end_date",
        "lat",
        "LON",
        "place",
        "country",
        "killed",
        "deaths_min",
        "deaths_max",
        "actors",
        "type",
        "note",
        "geometry",
        "event_id",
        "row",
        "line",
        "reason",
        "error_m",
        "extra",
        "",
    ]
)


@st.composite
def frames(draw):
    names = draw(st.lists(NAMES, min_size=1, max_size=8))
    rows = draw(st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), max_size=5))
    return pd.DataFrame(rows, columns=names, dtype="object")


@given(frames())
@settings(max_examples=60)
def test_any_table_is_accounted_for_and_left_alone(frame):
    before = frame.copy(deep=True)
    try:
        check = bl.check_events(frame)
    except TableError:
        check = None
    pd.testing.assert_frame_equal(frame, before)
    if check is not None:
        assert_accounted(check)
        assert check.rows == len(frame)
        assert repr(check).startswith(f"Check: {len(frame)} row")


@given(text=st.lists(st.text(max_size=12), max_size=30), joints=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_read_or_refused(tmp_path, text, joints):
    between = st.sampled_from([",", ";", "\t", "\n", "\r\n", '"', '""', "lat", "lon", "place", "\0"])
    content = "place,lat,lon\n" + "".join(part + joints.draw(between) for part in text)
    path = tmp_path / "any.csv"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    try:
        check = bl.check_events(path)
    except BorderlineError:
        return
    assert_accounted(check)
    assert check.rejects["line"].notna().all()


@given(st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_is_read_or_refused(tmp_path, data):
    content = bytearray(bl.catalog.seeds_path().read_bytes()[:4000])
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.csv"
    path.write_bytes(content)
    try:
        check = bl.check_events(path)
    except BorderlineError:
        return
    assert_accounted(check)


@pytest.mark.slow
@given(st.permutations(range(6)))
@settings(max_examples=30)
def test_order_of_rows_is_kept_and_does_not_matter(order):
    frame = table(killed=["1", "x", "3", "", "5", "6"], date=["24/07/2025", "03/04/2025", "", "soon", "", ""])
    straight = bl.check_events(frame)
    mixed = bl.check_events(frame.iloc[order])
    kept = [frame["id"].iloc[row] for row in order if frame["id"].iloc[row] in straight.events.index]
    assert mixed.events.index.tolist() == kept
    pd.testing.assert_frame_equal(
        pd.DataFrame(mixed.events.sort_index()), pd.DataFrame(straight.events.sort_index())
    )


def test_repr_names_the_first_row_of_each_reason():
    check = bl.check_events(table(killed=["1", "x", "y"], lat=[0, 14, 14], lon=[0, 104, 104]))
    assert repr(check).splitlines() == [
        "Check: 3 rows read as 'table' = 2 events + 1 reject + 0 folded",
        "  1 coordinates_null_island, first in row 1",
        "  mended: 2 fatalities_not_a_number, first in row 2",
        "  read: event_id <- id, latitude <- lat, longitude <- lon, fatalities <- killed",
    ]
