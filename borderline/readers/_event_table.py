"""From a raw table to the events table, with every record accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS

from .._constants import WGS84_CRS, Bools, Floats, Ints
from .._datums import NO_SHIFT
from ..errors import OptionError, TableError
from ..schema import ADDED_TYPES, EVENT_COLUMNS
from ._cell_values import Texts, read_marked_texts, read_numbers, read_texts
from ._column_account import account_columns, describe_columns
from ._column_names import fold_column_name
from ._coordinates import (
    Placement,
    Points,
    join_placements,
    place_columns,
    place_positions,
    points_from_geometries,
)
from ._counts import read_counts
from ._crosswalks import country_codes, event_types, location_errors
from ._event_dates import join_date_parts, read_event_dates
from ._event_ids import KnownId, assign_ids
from ._geometry_cells import read_geometry_cells, require_position_read
from ._instants import localize_instants
from ._layout import TARGETS, Cells, Layout, columns_by_name, match_columns
from ._providers import list_signatures
from ._raw_table import Faults, RawTable, quote_cell, unique_names
from ._stray_rows import reject_stray_rows
from ._unnamed_positions import find_position_texts

__all__ = ["BuiltEvents", "build_events"]

#: Most columns listed in a message.
_MAX_SHOWN: Final = 12
_UTM_COLUMNS: Final = frozenset({"utm_zone", "easting", "northing"})
#: Columns read as text, whatever the layout.
_TEXT_COLUMNS: Final = (
    *("location", "admin1", "actor1", "actor2", "side_blamed", "geo_precision"),
    *("source", "source_url", "notes", "dataset"),
)
#: Text columns in which a word for "unknown" is no name.
_PLACE_COLUMNS: Final = frozenset({"location", "admin1"})
_COUNT_COLUMNS: Final = (
    *("fatalities", "fatalities_low", "fatalities_high", "fatalities_civilian"),
    "injuries",
)


class BuiltEvents(NamedTuple):
    """The events of one source."""

    #: One row an event.
    events: gpd.GeoDataFrame
    #: Position of the record behind each event.
    rows: Ints
    #: Number of records that only repeat another one, by the design of the layout.
    folded: int
    #: What was read from which column, as `account_columns` returns it.
    columns: pd.DataFrame


def build_events(
    raw: RawTable,
    layout: Layout,
    mapping: Mapping[str, str],
    *,
    prefix: str = "",
    ids_elsewhere: Mapping[str, KnownId] | None = None,
    datum: CRS | None = None,
) -> BuiltEvents:
    """
    Build the events table of the records without a fault; `raw.faults` is completed.

    Parameters
    ----------
    raw
        The source.
    layout
        How it is written.
    mapping
        Event column to column of the table, where the caller says so.
    prefix
        Put before identifiers that are made from row numbers.
    ids_elsewhere
        Layout, source and row (from 1) of each identifier of the sources read before this one.
    datum
        Geographic CRS of coordinates in columns and cells; None for WGS 84.

    Raises
    ------
    TableError
        If no column holds a position or a place, or only half of a coordinate pair is there.
    """
    if datum is not None and raw.geometries is not None:
        raise OptionError(
            f"datum is for coordinates in columns and cells; {raw.name} has geometries with a CRS."
        )
    names = list(raw.cells.columns)
    meanings = {target: name for target, name in raw.meanings.items() if name not in mapping.values()}
    matched = match_columns(names, layout.known_columns(names) | meanings | dict(mapping))
    raw = read_geometry_cells(raw, matched)
    find_position_texts(raw, matched)
    _require_position(raw, matched)
    require_position_read(raw, matched)
    cells = {target: raw.cells[name] for target, name in matched.items()}
    raw, derived, repeats = _derive_columns(raw, cells, layout, mapping)
    cells |= derived
    placement = _read_points(raw, cells, datum)
    points = placement.points
    values, remarks = _read_fields(raw, cells, layout, placement)
    if placement.datum:
        remarks["datum"] = placement.datum
    reject_stray_rows(
        raw,
        placed=~shapely.is_missing(points),
        named=_have_text(values, ("location", "admin1"), len(points)),
        dated=~np.isnat(values["event_date"]) if "event_date" in values else None,
    )
    # A record stands for its event itself where the one it repeats cannot be used.
    repeats = {row: first for row, first in repeats.items() if not {row, first} & raw.faults.by_row.keys()}
    ids, ids_from = assign_ids(raw, cells, repeats, layout, prefix, ids_elsewhere or {})
    left_out = raw.faults.by_row.keys() | repeats.keys()
    kept = np.array([row for row in range(len(raw.cells)) if row not in left_out], dtype=np.int64)
    consumed = set(matched.values())
    if raw.geometries is not None:
        # The geometry is the position; coordinates beside it are only carried along.
        consumed -= {matched.get("latitude", ""), matched.get("longitude", "")} - set(mapping.values())
    columns = _schema_columns(values, kept) | _extra_columns(raw, consumed, values, kept)
    frame = pd.DataFrame(columns, index=range(len(kept)))
    frame.index = pd.Index(ids[kept], name="event_id", dtype="string")
    events = gpd.GeoDataFrame(frame, geometry=points[kept], crs=WGS84_CRS)
    events.attrs = {
        "format": layout.name,
        "event_id": ids_from,
        "rows": len(raw.cells),
        "rejects": raw.faults.count_reasons(),
        **({"encoding": raw.encoding} if raw.encoding else {}),
        **({"repaired": raw.repairs.count_reasons()} if raw.repairs.by_row else {}),
        **({"passed_over": raw.passed_over} if raw.passed_over else {}),
        **_note_same_names(names, matched),
        **remarks,
    }
    positions = ("latitude", "longitude", "coordinates", "easting", "northing")
    notations = {
        "datum": placement.datum,
        **dict.fromkeys(positions, placement.notation),
        **{name: ", ".join(_list_remarks(remarks, name)) for name in ("event_date", "event_date_end")},
    }
    accounted = account_columns(raw, matched, layout, notations)
    events.attrs["columns"] = "; ".join(line.strip() for line in describe_columns(accounted))
    return BuiltEvents(events, kept, len(repeats), accounted)


def _list_remarks(remarks: Mapping[str, str], name: str) -> Iterator[str]:
    """Yield what had to be decided about a column of dates: the order of its parts, the zone."""
    if order := remarks.get(f"{name}_order"):
        yield order
    if zone := remarks.get(f"{name}_zone"):
        yield f"times in UTC dated in {zone}"


def _note_same_names(names: list[str], matched: Mapping[str, str]) -> dict[str, str]:
    """Say which columns have the name of one that was read, but for case and marks, and were left."""
    folded = {fold_column_name(name): name for name in matched.values()}
    same = [
        f"{folded[fold_column_name(name)]} was read, {name} was left"
        for name in names
        if name not in matched.values() and fold_column_name(name) in folded
    ]
    return {"same_name": "; ".join(same)} if same else {}


def _have_text(values: Mapping[str, Any], names: Iterable[str], count: int) -> Bools:
    """Return which rows have a text in any of some columns."""
    filled = np.zeros(count, dtype=np.bool_)
    for name in names:
        if name in values:
            filled |= ~pd.isna(values[name])
    return filled


def _require_position(raw: RawTable, matched: Mapping[str, str]) -> None:
    if raw.geometries is not None:
        return
    names = [quote_cell(name) for name in raw.cells.columns]
    more = ", …" if len(names) > _MAX_SHOWN else ""
    listed = f"Columns found: {', '.join(names[:_MAX_SHOWN]) or 'none'}{more}."
    pair = [name for name in ("latitude", "longitude") if name in matched]
    if len(pair) == 1:
        other = "longitude" if pair == ["latitude"] else "latitude"
        raise TableError(
            f"{raw.name} has a {pair[0]} column ({quote_cell(matched[pair[0]])}) but none for {other}; "
            f'name it with columns={{"{other}": ...}}. {listed}'
        )
    if not pair and not {"location", "coordinates"} & matched.keys() and not matched.keys() >= _UTM_COLUMNS:
        raise TableError(
            f"{raw.name} has no column that says where: neither latitude and longitude, "
            "nor coordinates, nor a location; "
            'name them with columns={"latitude": ..., "longitude": ...} or columns={"location": ...}. '
            f"{listed} Layouts looked for: {list_signatures()}."
        )


def _derive_columns(
    raw: RawTable, cells: Cells, layout: Layout, mapping: Mapping[str, str]
) -> tuple[RawTable, dict[str, pd.Series], dict[int, int]]:
    """Let the layout compute event columns (unless the caller named them) and replace codes by words."""
    if layout.derive is None:
        return raw, {}, {}
    derived, repeats = layout.derive(raw, cells)
    event_columns = {
        name: column for name, column in derived.items() if name in TARGETS and name not in mapping
    }
    replaced = {name: column for name, column in derived.items() if name not in TARGETS}
    if replaced:
        raw = replace(raw, cells=raw.cells.assign(**replaced))
    return raw, event_columns, repeats


def _read_points(raw: RawTable, cells: Cells, datum: CRS | None) -> Placement:
    """Read points from the geometry, else from the first of several kinds of coordinates that has one."""
    count = len(raw.cells)
    placements: list[Placement] = []
    if raw.geometries is not None:
        placements.append(_place_geometries(raw, raw.geometries))
    if {"latitude", "longitude"} <= cells.keys():
        placements.append(place_columns(cells["latitude"], cells["longitude"], datum=datum))
    if "coordinates" in cells:
        placements.append(place_positions(cells["coordinates"], datum=datum))
    if cells.keys() >= _UTM_COLUMNS:
        zone, east, north = (read_texts(cells[name]) for name in ("utm_zone", "easting", "northing"))
        joined = [
            " ".join(filter(None, parts)) if parts[1] and parts[2] else None
            for parts in zip(zone, east, north, strict=True)
        ]
        utm = pd.Series(joined, dtype=object, name="UTM")
        placements.append(place_positions(utm, datum=datum))
    return join_placements(placements, count, faults=raw.faults, repairs=raw.repairs)


def _place_geometries(raw: RawTable, geometries: Points) -> Placement:
    faults, repairs = Faults(), Faults()
    points = points_from_geometries(geometries, faults=faults, repairs=repairs)
    error = np.full(len(points), raw.shift.added_error_m)
    datum = raw.shift.text if raw.shift.operation else ""
    return Placement(points, error, faults, repairs, "the geometry", "", datum)


def _read_fields(
    raw: RawTable, cells: Cells, layout: Layout, placement: Placement
) -> tuple[dict[str, Any], dict[str, str]]:
    """
    Read every event column that the table holds, positions aside.

    Returns
    -------
    values
        Event column to an array with one value a record.
    remarks
        What had to be decided, for ``attrs``.
    """
    values: dict[str, Any] = {
        name: read_marked_texts(cells[name], is_place=name in _PLACE_COLUMNS)
        for name in _TEXT_COLUMNS
        if name in cells
    }
    days, remarks = _read_dates(raw, cells, layout)
    values |= days
    values |= _read_types(cells, layout) | _read_countries(raw, cells, layout)
    values |= _read_casualties(cells, raw.repairs)
    values |= _split_actors(raw, values)
    error = _add_position_error(_read_location_error(raw, cells, layout), placement, raw, cells)
    if error is not None:
        # A radius without a point means nothing.
        values["location_error_m"] = np.where(shapely.is_missing(placement.points), np.nan, error)
    if "dataset" not in values:
        values["dataset"] = np.full(len(placement.points), layout.dataset or raw.stem or None, dtype=object)
    return values, remarks


def _read_dates(raw: RawTable, cells: Cells, layout: Layout) -> tuple[dict[str, Any], dict[str, str]]:
    columns = columns_by_name(raw)
    dated = {name: cells.get(name) for name in ("event_date", "event_date_end")}
    if dated["event_date"] is None:
        joined = join_date_parts(columns)
        dated["event_date"] = None if joined is None else joined[0]
    zones = {}
    for name, column in dated.items():
        if column is not None:
            dated[name], n_instants = localize_instants(column)
            if n_instants:
                zones[f"{name}_zone"] = "Asia/Bangkok"
    values, remarks = read_event_dates(
        dated["event_date"],
        dated["event_date_end"],
        cells.get("date_precision"),
        columns,
        # Only the oldest generation wrote so; later files with slashes come from a spreadsheet.
        day_first=layout.day_first and not {"timestamp", "disorder_type"} & columns.keys(),
        faults=raw.faults,
        repairs=raw.repairs,
    )
    return values, zones | remarks


def _read_types(cells: Cells, layout: Layout) -> dict[str, Any]:
    column = cells.get("event_type", cells.get("event_type_source"))
    if column is None:
        return {}
    words = read_texts(column)
    original = read_texts(cells["event_type_source"]) if "event_type_source" in cells else words
    return {
        "event_type": event_types(words, layout=layout.crosswalk_name),
        "event_type_source": original,
    }


def _read_countries(raw: RawTable, cells: Cells, layout: Layout) -> dict[str, Any]:
    """Return country codes; text that names no country goes to a second column."""
    if "country" not in cells:
        return {}
    names = _blank_countries(raw, cells["country"])
    codes = country_codes(names)
    unmatched = np.flatnonzero(~pd.isna(names) & pd.isna(codes)).tolist()
    has_second_column = any(
        fold_column_name(name) == "country_reported" and name != cells["country"].name
        for name in raw.cells.columns
    )
    if has_second_column or not (unmatched or layout.name == "seeds"):
        return {"country": codes}
    reported = codes.copy()
    reported[unmatched] = names[unmatched]
    return {"country": codes, "country_reported": reported}


def _blank_countries(raw: RawTable, column: pd.Series) -> Texts:
    """Return names of countries without words for none; ``NA`` is Namibia only among codes of two letters."""
    names = read_texts(column)
    distinct = set(names.tolist()) - {None}
    others = {name for name in distinct if name.casefold() != "na"}
    blank = read_marked_texts(column, is_place=True)
    if others == distinct:
        return blank
    doubtful = np.flatnonzero([name is not None and name.casefold() == "na" for name in names])
    if others and all(len(name) == 2 for name in others) and not _has_null_marks(raw):
        blank[doubtful] = names[doubtful]
    return blank


def _has_null_marks(raw: RawTable) -> bool:
    """Return whether several columns hold ``NA``, as programs write it for no value."""
    marked = 0
    for name in raw.cells.columns:
        column = raw.cells[name]
        if isinstance(column.dtype, pd.StringDtype) or column.dtype == object:
            marked += bool(column.isin(["NA"]).any())
    return marked > 1


def _read_casualties(cells: Cells, repairs: Faults) -> dict[str, Any]:
    """Read deaths and injuries: the best figure, or the low end where only a range is known."""
    values: dict[str, Floats] = {}
    ends: dict[str, Floats] = {}
    for name in _COUNT_COLUMNS:
        if name not in cells:
            continue
        reason = "injuries" if name == "injuries" else "fatalities"
        best, low, high = read_counts(cells[name], reason=reason, faults=repairs)
        values[name] = _fill_missing(best, high if name == "fatalities_high" else low)
        if name == "fatalities":
            ends = {"fatalities_low": low, "fatalities_high": high}
    for name, end in ends.items():
        values[name] = _fill_missing(values.get(name, end), end)
    given = values["fatalities"].copy() if "fatalities" in values else None
    lowest = values.get("fatalities_low")
    highest = values.get("fatalities_high")
    if lowest is not None:
        values["fatalities"] = _fill_missing(values.get("fatalities", lowest), lowest)
    if lowest is not None and highest is not None:
        for row in np.flatnonzero(lowest > highest).tolist():
            repairs.add(
                row,
                "fatalities_reversed",
                f"the low figure {lowest[row]:.0f} is above the high one {highest[row]:.0f}; both left out",
            )
            if given is None or np.isnan(given[row]):
                values["fatalities"][row] = np.nan
            lowest[row] = highest[row] = np.nan
    return values


def _fill_missing(values: Floats, other: Floats) -> Floats:
    return np.where(np.isnan(values), other, values)


def _split_actors(raw: RawTable, values: Mapping[str, Any]) -> dict[str, Texts]:
    """Take the first two of a list ``a;b;c``, where the table has that and no columns for the two."""
    column = columns_by_name(raw).get("actors")
    if column is None or "actor1" in values or "actor2" in values:
        return {}
    first, second = (np.full(len(raw.cells), None, dtype=object) for _ in range(2))
    for row, cell in enumerate(read_texts(column)):
        actors = [part.strip() for part in (cell or "").split(";") if part.strip()]
        first[row], second[row] = [*actors, None, None][:2]
    return {"actor1": first, "actor2": second}


def _read_location_error(raw: RawTable, cells: Cells, layout: Layout) -> Floats | None:
    """Read the table's own radius in metres, else the one that its precision code stands for."""
    if "location_error_m" in cells:
        column = cells["location_error_m"]
        error, unreadable = read_numbers(column)
        for row, cell in unreadable.items():
            detail = f"{column.name} is {quote_cell(cell)}; write metres"
            raw.repairs.add(row, "location_error_not_a_number", detail)
        for row in np.flatnonzero(error < 0).tolist():
            detail = f"{column.name} is {error[row]:g}; a radius in metres is not negative"
            raw.repairs.add(row, "location_error_negative", detail)
        error[error < 0] = np.nan
        return error
    if "geo_precision" not in cells:
        return None
    precision = read_texts(cells["geo_precision"])
    origin = columns_by_name(raw).get("coordinate_source")
    origins = np.full(len(precision), None, dtype=object) if origin is None else read_texts(origin)
    return location_errors(precision, origins, layout=layout.crosswalk_name)


def _add_position_error(
    error: Floats | None, placement: Placement, raw: RawTable, cells: Cells
) -> Floats | None:
    """Add what a receiver or a change of datum says of the position to the radius of the table."""
    more = placement.error_m
    if np.isnan(more).all():
        return error
    if error is None:
        return more
    is_own = "location_error_m" in cells and raw.shift is NO_SHIFT and "height" in placement.notation
    total = (
        _fill_missing(error, more)
        if is_own
        else np.where(np.isnan(more), error, _fill_missing(error + more, more))
    )
    return np.asarray(total, dtype=np.float64)


def _schema_columns(values: Mapping[str, Any], kept: Ints) -> dict[str, Any]:
    """Return all event columns in their order, missing where the table has none."""
    columns = {}
    for name, dtype in EVENT_COLUMNS.items():
        column = values[name][kept] if name in values else np.full(len(kept), None, dtype=object)
        if dtype in {"Int64", "Float64"}:
            columns[name] = _nullable_array(column.astype(np.float64), dtype)
        elif dtype == "string":
            columns[name] = pd.array(column, dtype="string")
        else:
            columns[name] = column.astype(dtype)
    return columns


def _nullable_array(values: npt.NDArray[np.float64], dtype: str) -> Any:  # noqa: ANN401 - either of two array types
    absent = np.isnan(values)
    filled = np.where(absent, 0.0, values)
    if dtype == "Int64":
        return pd.arrays.IntegerArray(filled.astype(np.int64), absent)
    return pd.arrays.FloatingArray(filled, absent)


def _extra_columns(
    raw: RawTable, consumed: set[str], values: Mapping[str, Any], kept: Ints
) -> dict[str, Any]:
    """Return the other columns of the table; an empty cell of a text file is missing."""
    extras: dict[str, Any] = {}
    if "country_reported" in values:
        extras["country_reported"] = pd.array(values["country_reported"][kept], dtype="string")
    others = [name for name in raw.cells.columns if name not in consumed]
    reserved = [*EVENT_COLUMNS, *extras, "geometry", "event_id"]
    for name, unique_name in zip(others, unique_names(others, taken=reserved), strict=True):
        column = raw.cells[name].iloc[kept]
        if raw.lines is not None:
            texts = column.astype("string")
            column = texts.mask(texts == "")
        extras[unique_name] = _restore_type(column, ADDED_TYPES.get(str(name))).array
    return extras


def _restore_type(column: pd.Series, dtype: str | None) -> pd.Series:
    """
    Return a column of `geocode` or `locate` as these made it; as it is where a cell fits no such type.

    Without it a table that was written as text comes back with "False" for a side that is not known.
    """
    if dtype is None or str(column.dtype) in {dtype, "bool"}:
        return column
    absent = column.isna()
    texts = column.astype("string").str.strip().str.lower()
    if dtype in {"bool", "boolean"}:
        cells = texts.map({"true": 1.0, "false": 0.0, "1": 1.0, "0": 0.0, "1.0": 1.0, "0.0": 0.0})
    else:
        cells = pd.to_numeric(texts, errors="coerce")
    numbers = cells.astype("Float64")
    if (numbers.isna() & ~absent).any() or (dtype == "Int64" and (numbers % 1 != 0).any()):
        return column
    if dtype == "float64":
        return pd.Series(numbers.to_numpy(dtype=np.float64, na_value=np.nan), index=column.index)
    restored: pd.Series = numbers.astype(
        pd.api.types.pandas_dtype("boolean" if dtype == "bool" and absent.any() else dtype)
    )
    return restored
