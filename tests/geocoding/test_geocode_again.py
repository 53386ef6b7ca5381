"""`geocode` a second time: what was put there is never taken for reported, in any format."""

from __future__ import annotations

import functools
import tempfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import borderline as bl
from borderline import schema

ENDINGS = (".csv", ".geojson", ".gpkg", ".parquet")


def make_events(records):
    """A table of reports, one dict each; as a provider's file is read."""
    names = ("location", "country", "admin1", "admin2", "latitude", "longitude", "location_error_m")
    raw = pd.DataFrame([{name: record.get(name) for name in names} for record in records], columns=names)
    return bl.read_events(raw)


def assert_same(first, second):
    """What `geocode` answers, and what was reported, is the same in both tables."""
    assert first.index.astype(str).tolist() == second.index.astype(str).tolist()
    for name in schema.AFTER_GEOCODE:
        before, after = (
            table[name].astype(object).where(table[name].notna(), None) for table in (first, second)
        )
        for label, was, now in zip(first.index, before, after, strict=True):
            same = was == pytest.approx(now, abs=1e-9) if isinstance(was, float) else was == now
            assert same, (label, name, was, now)
    apart = [
        (was is None) != (now is None) or (was is not None and was.distance(now) > 1e-9)
        for was, now in zip(first.geometry, second.geometry, strict=True)
    ]
    assert not any(apart)


def written_and_read(events, ending):
    with tempfile.TemporaryDirectory() as folder:
        return bl.read_events(bl.write_table(events, f"{folder}/events{ending}"))


@functools.cache
def incident_records():
    """The built-in incidents as raw records."""
    seeds = bl.load_incidents()
    table = pd.DataFrame(seeds.drop(columns="geometry")).assign(
        latitude=seeds.geometry.y, longitude=seeds.geometry.x, country=seeds["country_reported"]
    )
    table = table.astype(object).where(table.notna(), None)
    return table.to_dict("records")


ACLED_LIKE = st.fixed_dictionaries(
    {
        "latitude": st.floats(13.3, 14.8),
        "longitude": st.floats(102.3, 105.6),
        "country": st.sampled_from(["Cambodia", "Thailand", "Laos", "THA", "disputed", None]),
        "admin1": st.sampled_from(
            ["Surin", "Preah Vihear", "Sisaket / Preah Vihear", "Champasak", "Narnia", None]
        ),
        "admin2": st.sampled_from(["Kantharalak", "Phanom Dong Rak", "Poipet", "Samrong", None]),
        "location_error_m": st.sampled_from([None, 0.0, 500.0, 5_000.0, 25_000.0]),
    }
)
NAMED = st.fixed_dictionaries(
    {
        "location": st.sampled_from(
            [
                *(
                    "Poipet",
                    "Chong Bok",
                    "Ta Muen Thom temple",
                    "Samrong",
                    "ปราสาทตาควาย",
                    "Surin",
                    "Atlantis",
                ),
                *(
                    "along the border in Sa Kaeo",
                    "5 km north of Anlong Veng",
                    "Vientiane",
                    "a hill",
                    "Chong Chom",
                ),
                *("between Surin and Sisaket", "Kantharalak district", None),
            ]
        ),
        "country": st.sampled_from(["Cambodia", "Thailand", "Laos", "disputed", None]),
        "admin1": st.sampled_from(["Surin", "Oddar Meanchey / Surin", "Trat", None]),
        "admin2": st.sampled_from(["Lahan Sai", None]),
        "location_error_m": st.sampled_from([None, 25_000.0]),
    }
)
REPORTS = st.lists(
    st.one_of(st.deferred(lambda: st.sampled_from(incident_records())), ACLED_LIKE, NAMED),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("ending", [None, *ENDINGS, ".fgb", ".xlsx"])
def test_the_built_in_incidents_stay_where_they_are(ending):
    once = bl.geocode(bl.load_incidents())
    again = once if ending is None else written_and_read(once, ending)
    assert_same(once, bl.geocode(again))


@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(REPORTS, st.sampled_from([None, *ENDINGS]))
def test_a_second_run_changes_nothing(records, ending):
    once = bl.geocode(make_events(records))
    again = once if ending is None else written_and_read(once, ending)
    assert_same(once, bl.geocode(again))


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    REPORTS,
    st.fixed_dictionaries(
        {},
        optional={
            "nearest_within_m": st.sampled_from([0, 500]),
            "names": st.booleans(),
            "admin": st.just("own"),
        },
    ),
    st.booleans(),
)
def test_a_second_run_with_any_options_changes_nothing(records, options, is_geocoded):
    """Whether the table was geocoded with other options before, or not."""
    if "admin" in options:
        options["admin"] = bl.load_admin().iloc[::2]
    events = make_events(records)
    events = bl.geocode(events) if is_geocoded else events
    once = bl.geocode(events, **options)
    pd.testing.assert_frame_equal(pd.DataFrame(bl.geocode(once, **options)), pd.DataFrame(once))


def test_a_located_table_is_geocoded_alike():
    border = bl.load_border()
    events = bl.load_incidents()
    once = bl.geocode(events)
    located = bl.geocode(bl.locate(events, border))
    assert_same(once, located)
    assert_same(once, bl.geocode(bl.locate(once, border)))


def test_default_options_undo_what_others_left():
    """After a run without names, or with other provinces, a plain run says what it always says."""
    events = bl.load_incidents()
    plain = bl.geocode(events)
    for options in ({"names": False}, {"admin": bl.load_admin()}, {"nearest_within_m": 0}):
        assert_same(plain, bl.geocode(bl.geocode(plain, **options)))
        assert_same(plain, bl.geocode(bl.geocode(events, **options)))


def test_names_found_once_stay_without_names():
    once = bl.geocode(make_events([{"location": "Poipet"}, {"admin1": "Surin", "location": "a hill"}]))
    again = bl.geocode(once, names=False)
    assert once["geocoded_by"].tolist() == ["gazetteer", "claim"]
    assert_same(once, again)


def test_a_point_corrected_by_hand_is_reported():
    once = bl.geocode(
        make_events([{"location": "Poipet"}, {"location": "Poipet", "location_error_m": 30_000.0}])
    )
    corrected = once.set_geometry([shapely.Point(103.49, 14.88)] * 2, crs=4326)
    for options in ({}, {"names": False}):
        again = bl.geocode(corrected, **options)
        assert again["geocoded_by"].tolist() == ["coordinates"] * 2
        assert again["admin1_iso"].tolist() == ["TH-32"] * 2
        # The radius was that of the name.
        assert again["location_error_m"].fillna(-1).tolist()[0] == -1
        assert again["geocode_filled"].isna().all()


def test_a_name_corrected_by_hand_is_looked_up():
    once = bl.geocode(make_events([{"location": "Poipet"}, {"location": "Poipet"}]))
    again = bl.geocode(once.assign(location=["Chong Chom", "Atlantis"]))
    assert again["geocoded_by"].tolist() == ["gazetteer", "none"]
    assert again["admin1_iso"].fillna("").tolist() == ["TH-32", ""]
    assert again.geometry.notna().tolist() == [True, False]
    assert again["location_error_m"].isna().tolist() == [False, True]


def test_rows_added_to_a_geocoded_table_bring_their_claims():
    """Every week: the old table with its answers, and new rows below it."""
    old = bl.geocode(
        make_events([{"location": "Poipet"}, {"latitude": 14.88, "longitude": 103.49, "admin1": "Surin"}])
    )
    new = make_events(
        [{"latitude": 14.3906, "longitude": 104.6802, "country": "Thailand", "admin1": "Sisaket"}]
    )
    both = bl.geocode(gpd.GeoDataFrame(pd.concat([old, new.set_axis(["new"])]), crs=4326))
    assert both["admin1_reported"].fillna("").tolist() == ["", "Surin", "Sisaket"]
    assert both["country_reported"].fillna("").tolist() == ["", "", "THA"]
    assert both["geocoded_by"].tolist()[0] == "gazetteer"


def test_a_table_that_lost_the_record_is_known_by_geocoded_by():
    once = bl.geocode(bl.load_incidents())
    again = bl.geocode(once.drop(columns="geocode_filled"))
    for name in ("admin1_iso", "geocoded_by", "country_reported"):
        assert again[name].fillna("").tolist() == once[name].fillna("").tolist()


def test_another_crs_does_not_hide_the_mark():
    once = bl.geocode(make_events([{"location": "Ta Muen Thom temple"}]))
    again = bl.geocode(once.to_crs(32648))
    assert again["geocoded_by"].tolist() == ["gazetteer"]
    assert again["admin1_iso"].tolist() == once["admin1_iso"].tolist()
    assert np.allclose(again.to_crs(4326).geometry.x, once.geometry.x, atol=1e-9)


@pytest.mark.parametrize("names", [["Poipet"], ["Poipet", "Surin", "Chong Chom"]])
def test_other_readers_than_ours_keep_the_mark(tmp_path, names):
    """Pandas takes the code of a district for a number; geopandas keeps neither index nor dtypes."""
    once = bl.geocode(make_events([{"location": name} for name in names]))
    plain = pd.read_csv(bl.write_table(once, tmp_path / "events.csv"))
    points = gpd.points_from_xy(plain["longitude"], plain["latitude"])
    tables = [
        gpd.GeoDataFrame(plain, geometry=points, crs=4326),
        gpd.read_file(bl.write_table(once, tmp_path / "events.gpkg")),
    ]
    for table in tables:
        assert_same(once, bl.geocode(table.set_index("event_id")))
