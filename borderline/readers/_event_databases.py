"""Layouts that need no more than names of columns: GTD, SCAD, IMSMA, ODK, Ushahidi."""

from __future__ import annotations

from typing import Final

from ._layout import Layout

__all__ = ["LAYOUTS"]

#: Global Terrorism Database (START, University of Maryland); a day or month 0 is unknown.
_GTD: Final = Layout(
    "gtd",
    "Global Terrorism Database",
    frozenset({"eventid", "iyear", "imonth", "iday", "nkill"}),
    dataset="GTD",
    columns={
        "event_type": "attacktype1_txt",
        "location": "city",
        "country": "country_txt",
        "admin1": "provstate",
        "actor1": "gname",
        "injuries": "nwound",
        "geo_precision": "specificity",
        "source": "scite1",
        "notes": "summary",
    },
)
#: Social Conflict Analysis Database; deaths below 0 stand for unknown counts.
_SCAD: Final = Layout(
    "scad",
    "Social Conflict Analysis Database",
    frozenset({"eventid", "ccode", "startdate", "enddate", "etype", "ndeath"}),
    dataset="SCAD",
    columns={
        "event_date": "startdate",
        "event_date_end": "enddate",
        "country": "countryname",
        "fatalities": "ndeath",
        "actor2": "target1",
        "notes": "issuenote",
    },
)
#: Accidents of the Information Management System for Mine Action, as its reports name the columns.
_IMSMA: Final = Layout(
    "imsma",
    "accidents of IMSMA",
    frozenset({"accident_id", "date_of_accident"}),
    columns={
        "event_id": "accident_id",
        "event_date": "date_of_accident",
        "event_type": "type_of_accident",
    },
)
#: Submissions of ODK Central and Aggregate; the questions themselves have names of their own.
_ODK: Final = Layout(
    "odk",
    "submissions of ODK",
    frozenset({"submissiondate", "key"}),
    columns={"event_id": "key"},
)
#: Posts of an Ushahidi deployment.
_USHAHIDI: Final = Layout(
    "ushahidi",
    "posts of Ushahidi",
    frozenset({"post_id", "post_status", "title"}),
    columns={"event_id": "post_id"},
)

#: In the order in which they are tried.
LAYOUTS: Final = (_GTD, _SCAD, _IMSMA, _ODK, _USHAHIDI)
