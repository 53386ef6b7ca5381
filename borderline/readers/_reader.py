"""The verbs that read events: a table, the account of every record, the built-in incidents."""

from __future__ import annotations

import dataclasses
import json
import warnings
from collections.abc import Iterable, Mapping, Sequence

import geopandas as gpd
from pyproj import CRS

from .._constants import WGS84_CRS
from .._datums import DATUMS, find_datum
from .._paths import data_path
from .._text_encoding import validate_encoding
from ..errors import OptionError, RejectsWarning, near_miss
from ..provenance import Source
from ._account import Check, combine_checks, make_check
from ._event_ids import KnownId
from ._event_table import build_events
from ._layout import validate_mapping
from ._providers import find_layout, validate_format
from ._raw_table import unique_names
from ._row_filter import RowFilter
from ._sources import EventSource, ReadingRequest, expand_sources, label_sources, read_source, validate_part

__all__ = ["check_events", "load_incidents", "read_events"]


def check_events(  # noqa: PLR0913 - ways to read, all by keyword
    source: EventSource | Iterable[EventSource],
    *,
    format: str = "auto",  # noqa: A002 - the word a user expects
    columns: Mapping[str, str] | None = None,
    bbox: Sequence[float] | None = None,
    countries: Iterable[str] | None = None,
    cameo_roots: Iterable[str | int] | None = None,
    sheet: str | None = None,
    layer: str | None = None,
    encoding: str | None = None,
    datum: str | int | None = None,
) -> Check:
    """
    Read a table of incidents and account for every row of it.

    See `read_events` for what is read and how; this verb gives no warning, it
    hands over the rows that were set aside.

    Parameters
    ----------
    source
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
    sheet
        As in `read_events`.
    layer
        As in `read_events`.
    encoding
        As in `read_events`.
    datum
        As in `read_events`.

    Returns
    -------
    check
        Events, rejects with row, line, reason and detail, and the counts.

    Raises
    ------
    OptionError, FormatError, TableError, CRSError
        As in `read_events`.

    Examples
    --------
    >>> import borderline as bl
    >>> import pandas as pd
    >>> table = pd.DataFrame({"lat": [14.39, 0], "lon": [104.68, 0], "killed": [1, -2]})
    >>> bl.check_events(table).rejects[["row", "reason"]].values.tolist()
    [[2, 'coordinates_null_island']]
    """
    mapping = validate_mapping(columns)
    geodetic = _validate_datum(datum)
    row_filter = RowFilter.from_options(bbox, countries, cameo_roots, geodetic)
    validate_format(format)
    request = ReadingRequest(
        format=format,
        mapping=mapping,
        row_filter=row_filter,
        sheet=validate_part(sheet, "sheet"),
        layer=validate_part(layer, "layer"),
        encoding=validate_encoding(encoding),
    )
    sources = expand_sources(source)
    several = len(sources) > 1
    checks: list[Check] = []
    ids_elsewhere: dict[str, KnownId] = {}
    prefixes: list[str] = []
    for one_source, label in zip(sources, label_sources(sources) if several else [""], strict=True):
        raw = read_source(one_source, request)
        raw = dataclasses.replace(raw, name=label or raw.name)
        layout, why = find_layout(raw.cells.columns, format)
        prefixes = unique_names([*prefixes, raw.stem or raw.name])
        prefix = f"{prefixes[-1]}:" if several else ""
        built = build_events(raw, layout, mapping, prefix=prefix, ids_elsewhere=ids_elsewhere, datum=geodetic)
        if several:
            for event_id, row in zip(built.events.index, built.rows.tolist(), strict=True):
                ids_elsewhere[event_id] = KnownId(layout.name, raw.name, row + 1)
        checks.append(make_check(raw, layout, why, built))
    return combine_checks(checks)


def read_events(  # noqa: PLR0913 - ways to read, all by keyword
    source: EventSource | Iterable[EventSource],
    *,
    format: str = "auto",  # noqa: A002 - the word a user expects
    columns: Mapping[str, str] | None = None,
    bbox: Sequence[float] | None = None,
    countries: Iterable[str] | None = None,
    cameo_roots: Iterable[str | int] | None = None,
    sheet: str | None = None,
    layer: str | None = None,
    encoding: str | None = None,
    datum: str | int | None = None,
) -> gpd.GeoDataFrame:
    """
    Read a table of incidents into one set of columns.

    Rows that cannot be used are set aside, with a warning that counts them;
    `check_events` lists them with their reasons. Only what has one possible reading is
    mended, and reported: latitude and longitude exchanged, where the latitude is none
    and the exchanged pair lies among the table's other positions. Another cell that cannot be
    read is emptied, and reported; a row is set aside only where its position or its date cannot
    be read, or where it is a sum or a note below the table.

    Parameters
    ----------
    source
        A file, a table, or a list of them.

        - A path or an open file: delimited text (``.csv``, ``.tsv``, ``.tab``, ``.txt``; the
          delimiter is found, and the encoding among Unicode, Thai CP874 and Western CP1252), a
          spreadsheet of one sheet (``.xlsx``, ``.xls``, ``.ods``), ``.json`` as the providers'
          interfaces give it, ``.geojson``, ``.gpkg``, ``.fgb``, ``.shp``, ``.kml``, ``.gpx``
          (waypoints) or ``.parquet``; also a ``.zip``, ``.kmz`` or ``.gz`` of one such file.
        - A DataFrame with coordinates on WGS 84 (decimal degrees; degrees, minutes and
          seconds; both in one cell; a MGRS grid reference; UTM), or a GeoDataFrame of
          points in any CRS that is set.
        - A list of these, or a pattern such as ``"exports/*.csv"``: their rows follow each other.
          An identifier that occurs in two files of one layout is a reject (``duplicate_id``) in the
          second; where layouts differ, the name of the file is put before it, as before
          identifiers made from row numbers.
    format
        Layout of the table, found from its columns unless given: ``"acled"`` (three
        generations), ``"acled-actors"`` (a row for each actor), ``"ucdp-ged"``, ``"gdelt"``,
        ``"osint"``, ``"bellingcat"``, ``"gtd"``, ``"scad"``, ``"imsma"``, ``"odk"``, ``"ushahidi"``,
        ``"seeds"`` (the built-in incidents) or ``"table"`` (any other).
    columns
        Event column to column of the table, such as ``{"event_date": "When"}``, where the
        name alone is not recognised; ``event_id``, ``latitude`` and ``longitude`` may be named, too.
    bbox
        Keep only rows in this box while reading: west, south, east, north in degrees.
    countries
        Keep only rows of these countries, by the table's own claim: ISO 3166-1 codes.
    cameo_roots
        Keep only GDELT events whose code begins so, such as ``("18", "19", "20")``.
    sheet
        Name of the sheet of a spreadsheet. Without it all sheets with the same names of columns are joined;
        hidden sheets, and sheets without a known name, are passed over.
    layer
        Name of the layer of a file of a GIS. Without it layers of points are joined in the same way.
    encoding
        Encoding of text, such as ``"cp1251"``; found among Unicode, Thai and Western unless given.
    datum
        Datum of coordinates in columns and cells, grid references and UTM among them: ``"WGS 84"`` unless
        given, ``"Indian 1975"`` (Thai and Cambodian sheets of the series L7017), ``"Indian 1960"``,
        ``"Indian 1954"``, or the EPSG code of a geographic CRS. The accuracy of the change to WGS 84 is added
        to ``location_error_m``.

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
    OptionError
        If `format` is not known, or another option cannot be meant.
    FormatError
        If the file is no table of a known kind, or not of the layout that `format` names.
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
        source,
        format=format,
        columns=columns,
        bbox=bbox,
        countries=countries,
        cameo_roots=cameo_roots,
        sheet=sheet,
        layer=layer,
        encoding=encoding,
        datum=datum,
    )
    counts = [
        f"{len(account)} of {check.rows} rows were {outcome} ({_list_reasons(check.events.attrs[name])})"
        for account, outcome, name in (
            (check.rejects, "set aside", "rejects"),
            (check.repairs, "mended", "repaired"),
        )
        if len(account)
    ]
    if counts:
        warnings.warn(
            f"{' and '.join(counts)}; check_events with the same arguments lists them with their reasons.",
            RejectsWarning,
            stacklevel=2,
        )
    return check.events


def load_incidents() -> gpd.GeoDataFrame:
    """
    Load the 222 sourced incidents on or near the Thai-Cambodian border, 2008 to 2026.

    They are no complete count of incidents or of the dead: never add up a toll from them.
    Many positions are estimates (``location_error_m``, ``coordinate_source``) and 28 rows
    have none.

    Returns
    -------
    events
        EPSG:4326, as `read_events` returns them; ``attrs["sources"]`` has the credit.

    Raises
    ------
    UnknownKeyError
        If the built-in data is not where it should be.

    Examples
    --------
    >>> import borderline as bl
    >>> seeds = bl.load_incidents()
    >>> len(seeds), int(seeds.geometry.notna().sum())
    (222, 194)
    """
    events = read_events(data_path("seeds", "incidents.csv"), format="seeds")
    events.attrs["sources"] = [dataclasses.asdict(_read_credit())]
    del events.attrs["columns"]
    return events


def _validate_datum(datum: object) -> CRS | None:
    """Return the geographic CRS of the argument ``datum``; None for WGS 84."""
    if datum is None:
        return None
    crs = find_datum(datum)
    if crs is None:
        known = ", ".join(map(repr, DATUMS))
        raise OptionError(
            f"datum must be one of {known}, or the EPSG code of a geographic CRS, not {datum!r}."
            f"{near_miss(str(datum), DATUMS)}"
        )
    return None if crs.equals(WGS84_CRS, ignore_axis_order=True) else crs


def _read_credit() -> Source:
    """Return the credit in the catalog's record of the incidents."""
    catalog = json.loads(data_path("geodata", "catalog.json").read_text(encoding="utf-8"))
    record = next(layer for layer in catalog["layers"] if layer["key"] == "incidents")
    return Source(
        title=record["title"],
        url=record["url"],
        license=record["license"],
        attribution=record["attribution"],
        retrieved=record["date"],
        sha256=record["sha256"],
    )


def _list_reasons(reasons: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in reasons.items())
