"""Layouts of event databases and survey tools, on made-up rows under their names of columns."""

from __future__ import annotations

import pandas as pd
import pytest

import borderline as bl

GTD = {
    "eventid": [202107240001, 202107000002],
    "iyear": 2021,
    "imonth": 7,
    "iday": [24, 0],
    "country": [205, 36],
    "country_txt": ["Thailand", "Cambodia"],
    "provstate": ["Surin", "Oddar Meanchey"],
    "city": ["Phanom Dong Rak", "Unknown"],
    "latitude": [14.35, 14.36],
    "longitude": [103.37, 103.38],
    "specificity": [1, 4],
    "attacktype1_txt": ["Armed Assault", "Bombing/Explosion"],
    "gname": ["Unknown", "Unknown"],
    "nkill": [2, -99],
    "nwound": [1, None],
}
SCAD = {
    "eventid": [8000001],
    "ccode": 800,
    "countryname": "Thailand",
    "startdate": "2011-02-04",
    "enddate": "2011-02-07",
    "etype": 9,
    "actor1": "A",
    "target1": "B",
    "ndeath": -99,
    "latitude": 14.39,
    "longitude": 104.68,
    "location": "Preah Vihear",
}
IMSMA = {
    "Accident ID": ["A1"],
    "Date of Accident": "2025-07-24",
    "Type of Accident": "Mine",
    "Latitude": 14.35,
    "Longitude": 103.37,
    "Number of Killed": 1,
    "Number of Injured": 2,
}
ODK = {
    "SubmissionDate": ["2025-07-25T01:00:00Z"],
    "date_incident": "2025-07-24",
    "location-Latitude": 14.35,
    "location-Longitude": 103.37,
    "location-Accuracy": 4.5,
    "KEY": "uuid:1",
}
USHAHIDI = {
    "Post ID": [1],
    "Post Status": "published",
    "Created (UTC)": "2025-07-25 02:00:00",
    "Title": "Shelling",
    "Date of incident": "2025-07-24",
    "Location.lat": 14.35,
    "Location.lon": 103.37,
}


def test_days_and_months_of_gtd():
    check = bl.check_events(pd.DataFrame(GTD))
    assert check.format == "gtd"
    events = check.events
    assert events["event_date"].astype(str).tolist() == ["2021-07-24", "2021-07-01"]
    assert events["event_date_end"].iloc[1] == pd.Timestamp("2021-07-31")
    assert events["country"].tolist() == ["THA", "KHM"]
    assert events["event_type"].tolist() == ["shooting", "other"]
    assert events["fatalities"].isna().tolist() == [False, True]
    assert events["location_error_m"].tolist() == [5000, 75_000]


@pytest.mark.parametrize(
    ("table", "name", "event_id"),
    [(SCAD, "scad", "8000001"), (IMSMA, "imsma", "A1"), (ODK, "odk", "uuid:1"), (USHAHIDI, "ushahidi", "1")],
)
def test_exports_of_other_tools(tmp_path, table, name, event_id):
    frame = pd.DataFrame(table)
    frame.to_csv(tmp_path / "t.csv", index=False)
    for source in (frame, tmp_path / "t.csv"):
        check = bl.check_events(source)
        assert check.format == name
        assert check.events.index.tolist() == [event_id]
        assert check.events["event_date"].notna().all()
        assert check.events.geometry.notna().all()


def test_unknown_deaths_of_scad_and_its_end():
    events = bl.read_events(pd.DataFrame(SCAD))
    assert events["fatalities"].isna().all()
    assert events["event_date_end"].astype(str).tolist() == ["2011-02-07"]
    assert events[["actor1", "actor2"]].to_numpy().tolist() == [["A", "B"]]


def test_mines_of_imsma():
    events = bl.read_events(pd.DataFrame(IMSMA))
    assert events[["event_type", "fatalities", "injuries"]].to_numpy().tolist() == [
        ["landmine_explosion", 1, 2]
    ]
