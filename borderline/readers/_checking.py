"""The two verbs that read: one hands over the events, the other the whole account."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from ..errors import RejectsWarning
from ._build import build_account, build_events
from ._columns import check_mapping
from ._layouts import find_layout
from ._taking import take
from ._wanted import Wanted

__all__ = ["Check", "check_events", "read_events"]


@dataclass(frozen=True, eq=False, repr=False)
class Check:
    """
    The account of one reading: ``rows == len(events) + len(rejects) + folded``.

    Examples
    --------
    >>> import borderline as bl
    >>> import pandas as pd
    >>> table = pd.DataFrame({"id": ["a", "b"], "lat": [14.39, 95.0], "lon": [104.68, 104.68]})
    >>> bl.check_events(table)
    Check: 2 rows read as 'table' = 1 event + 1 reject + 0 folded
      1 latitude_out_of_range, first in row 2
    """

    #: The rows that can be used, as `read_events` returns them.
    events: gpd.GeoDataFrame
    #: The rows set aside: ``row`` (from 1), ``line`` of the file, ``reason``, ``detail``, then the raw row.
    rejects: pd.DataFrame
    #: The rows among the events that were mended, told like the rejects.
    repairs: pd.DataFrame
    #: Rows that only repeat another one in a layout that does so by design.
    folded: int
    #: Records in the source.
    rows: int
    #: The layout that was found.
    format: str
    #: What gave it away.
    why: str = ""
    #: Records that `bbox`, `countries` or `cameo_roots` passed over; they are not among the rows.
    passed_over: int = 0

    def __repr__(self) -> str:
        """Give the sum, then a line for each reason."""
        head = (
            f"Check: {_many(self.rows, 'row')} read as {self.format!r} = {_many(len(self.events), 'event')} "
            f"+ {_many(len(self.rejects), 'reject')} + {self.folded} folded"
        )
        return "\n".join([head, *_reasons(self.rejects, ""), *_reasons(self.repairs, "mended: ")])


def check_events(
    path_or_frame: str | os.PathLike[str] | pd.DataFrame,
    *,
    format: str = "auto",  # noqa: A002 - the word a user expects
    columns: Mapping[str, str] | None = None,
    bbox: Sequence[float] | None = None,
    countries: Iterable[str] | None = None,
    cameo_roots: Iterable[str | int] | None = None,
) -> Check:
    """
    Read a table of incidents and account for every row of it.

    See `read_events` for what is read and how; this verb gives no warning, it
    hands over the rows that were set aside.

    Parameters
    ----------
    path_or_frame
        As in `read_events`.
    format
        As in `read_events`.
    columns
        As in `read_events`.
    bbox
        As in `read_events`.
    countries
        As in `read_events`.
    cameo_roots
        As in `read_events`.

    Returns
    -------
    check
        Events, rejects with row, line, reason and detail, and the counts.

    Raises
    ------
    FormatError, TableError, CRSError
        As in `read_events`.

    Examples
    --------
    >>> import borderline as bl
    >>> import pandas as pd
    >>> table = pd.DataFrame({"lat": [14.39, 0], "lon": [104.68, 0], "killed": [1, -2]})
    >>> bl.check_events(table).rejects[["row", "reason"]].values.tolist()
    [[2, 'coordinates_null_island']]
    """
    mapping = check_mapping(columns)
    wanted = Wanted.of(bbox, countries, cameo_roots)
    raw = take(path_or_frame, format=format, mapping=mapping, wanted=wanted)
    layout, why = find_layout(raw.cells.columns, format)
    events, folded = build_events(raw, layout, mapping)
    return Check(
        events=events,
        rejects=build_account(raw, raw.faults),
        repairs=build_account(raw, raw.repairs),
        folded=len(folded),
        rows=len(raw.cells),
        format=layout.name,
        why=why,
        passed_over=raw.passed_over,
    )


def read_events(
    path_or_frame: str | os.PathLike[str] | pd.DataFrame,
    *,
    format: str = "auto",  # noqa: A002 - the word a user expects
    columns: Mapping[str, str] | None = None,
    bbox: Sequence[float] | None = None,
    countries: Iterable[str] | None = None,
    cameo_roots: Iterable[str | int] | None = None,
) -> gpd.GeoDataFrame:
    """
    Read a table of incidents into one set of columns.

    Rows that cannot be used are set aside, with a warning that counts them;
    `check_events` lists them with their reasons. Only what has one possible reading is
    mended, and reported: latitude and longitude exchanged, where the latitude is none
    and the exchanged pair lies among the table's other positions.

    Parameters
    ----------
    path_or_frame
        A DataFrame with coordinates on WGS 84 (decimal degrees; degrees, minutes and
        seconds; both in one cell; a MGRS grid reference; UTM), a GeoDataFrame of
        points in any CRS that is set, or a file: delimited text (``.csv``, ``.tsv``,
        ``.tab``, ``.txt``; the delimiter is found, and the encoding among Unicode, Thai
        CP874 and Western CP1252), a spreadsheet of one sheet (``.xlsx``, ``.xls``, ``.ods``),
        ``.json`` as the providers' interfaces give it, ``.geojson``, ``.gpkg``, ``.fgb``, ``.shp``,
        ``.kml``, ``.gpx`` (waypoints) or ``.parquet``; also a ``.zip``, ``.kmz`` or ``.gz`` of
        one such file.
    format
        Layout of the table, found from its columns unless given: ``"acled"`` (three
        generations), ``"acled-actors"`` (a row for each actor), ``"ucdp-ged"``, ``"gdelt"``,
        ``"osint"``, ``"bellingcat"``, ``"seeds"`` (the built-in incidents) or ``"table"`` (any other).
    columns
        Our column name to that of the table, such as ``{"event_date": "When"}``, for
        columns whose name tells too little; ``event_id``, ``latitude`` and
        ``longitude`` may be named too.
    bbox
        Keep only rows in this box while reading: west, south, east, north in degrees.
    countries
        Keep only rows of these countries, by the table's own claim: ISO 3166-1 codes.
    cameo_roots
        Keep only GDELT events whose code begins so, such as ``("18", "19", "20")``.

    Returns
    -------
    events
        EPSG:4326, rows in their order, index ``event_id`` (row numbers where the
        table has none; ``attrs`` says so), first the columns of the vocabulary, then
        the table's other columns. A row without coordinates has a missing point.
        Empty means unknown: a missing figure is never 0. A country that is no
        country (such as ``disputed``) is missing, and kept in ``country_reported``.

    Raises
    ------
    FormatError
        If the file is no table of a known kind, or `format` is not known.
    TableError
        If no column says where, or `columns` names what is not there.
    CRSError
        If geometries have no CRS.

    Examples
    --------
    >>> import borderline as bl
    >>> import pandas as pd
    >>> table = pd.DataFrame({"When": ["16 July 2025"], "lat": [14.3473], "lng": [105.2045], "injured": [3]})
    >>> events = bl.read_events(table, columns={"event_date": "When"})
    >>> events[["event_date", "fatalities", "injuries"]]
              event_date  fatalities  injuries
    event_id
    1         2025-07-16        <NA>         3
    """
    check = check_events(
        path_or_frame,
        format=format,
        columns=columns,
        bbox=bbox,
        countries=countries,
        cameo_roots=cameo_roots,
    )
    told = [
        f"{len(account)} of {check.rows} rows were {what} ({_listed(check.events.attrs[name])})"
        for account, what, name in (
            (check.rejects, "set aside", "rejects"),
            (check.repairs, "mended", "repaired"),
        )
        if len(account)
    ]
    if told:
        warnings.warn(
            f"{' and '.join(told)}; check_events with the same arguments lists them with their reasons.",
            RejectsWarning,
            stacklevel=2,
        )
    return check.events


def _listed(reasons: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in reasons.items())


def _many(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")


def _reasons(account: pd.DataFrame, what: str) -> Iterator[str]:
    for reason, group in account.groupby("reason", sort=True):
        first = group.iloc[0]
        line = "" if pd.isna(first["line"]) else f" (line {first['line']})"
        yield f"  {what}{len(group)} {reason}, first in row {first['row']}{line}"
