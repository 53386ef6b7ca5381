"""The fields of an event, each from the columns that tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from .._constants import Floats
from ._columns import fold_name
from ._crosswalks import country_codes, event_types, location_errors
from ._dates import dates
from ._layouts import Layout
from ._points import Points
from ._raw import Faults, Raw, quoted
from ._values import Texts, counts, numbers, texts

__all__ = ["read_fields"]

Cells = Mapping[str, pd.Series]

#: Columns taken over as text, whatever the layout.
_TEXT_COLUMNS: Final = (
    "location",
    "admin1",
    "actor1",
    "actor2",
    "side_blamed",
    "geo_precision",
    "source",
    "source_url",
    "notes",
    "dataset",
)
_COUNT_COLUMNS: Final = (
    "fatalities",
    "fatalities_low",
    "fatalities_high",
    "fatalities_civilian",
    "injuries",
)


def read_fields(
    raw: Raw, cells: Cells, layout: Layout, points: Points
) -> tuple[dict[str, Any], dict[str, str]]:
    """
    Read every field that the table tells.

    Parameters
    ----------
    raw
        The table; its faults are completed.
    cells
        Our name to the column behind it.
    layout
        How the table is written.
    points
        One a row, None where missing.

    Returns
    -------
    values
        Our name to an array with one value a row.
    remarks
        What the reader had to settle, for ``attrs``.
    """
    values: dict[str, Any] = {name: texts(cells[name]) for name in _TEXT_COLUMNS if name in cells}
    days, remarks = _dates(cells, layout, raw.faults)
    values |= days | _types(cells, layout) | _countries(raw, cells, layout) | _counts(cells, raw.faults)
    values |= _actors(raw, values)
    error = _location_error(raw, cells, layout)
    if error is not None:
        # A radius around no point says nothing.
        values["location_error_m"] = np.where([point is None for point in points], np.nan, error)
    if "dataset" not in values:
        values["dataset"] = np.full(len(points), layout.dataset or raw.stem or None, dtype=object)
    return values, remarks


def _dates(cells: Cells, layout: Layout, faults: Faults) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    remarks: dict[str, str] = {}
    for name in ("event_date", "event_date_end"):
        if name in cells:
            values[name], order = dates(cells[name], faults=faults, day_first=layout.day_first)
            if order:
                remarks[f"{name}_order"] = order
    if "event_date" in values and "event_date_end" in values:
        first, last = (values[name].astype("datetime64[D]") for name in ("event_date", "event_date_end"))
        for row in np.flatnonzero(last < first).tolist():
            faults.add(row, "dates_reversed", f"it ends on {last[row]}, before it begins on {first[row]}")
    return values, remarks


def _types(cells: Cells, layout: Layout) -> dict[str, Any]:
    told = cells.get("event_type", cells.get("event_type_source"))
    if told is None:
        return {}
    words = texts(told)
    theirs = texts(cells["event_type_source"]) if "event_type_source" in cells else words
    return {"event_type": event_types(words, layout=layout.words), "event_type_source": theirs}


def _countries(raw: Raw, cells: Cells, layout: Layout) -> dict[str, Any]:
    """Codes for the claims that name a country; a claim that names none is kept beside them."""
    if "country" not in cells:
        return {}
    claims = texts(cells["country"])
    codes = country_codes(claims)
    nameless = [row for row, claim in enumerate(claims) if claim is not None and codes[row] is None]
    kept_already = any(
        fold_name(name) == "country_reported" and name != cells["country"].name for name in raw.cells.columns
    )
    if kept_already or not (nameless or layout.name == "seeds"):
        return {"country": codes}
    reported = codes.copy()
    reported[nameless] = claims[nameless]
    return {"country": codes, "country_reported": reported}


def _counts(cells: Cells, faults: Faults) -> dict[str, Any]:
    """Figures of people: the best one, or the low end where only a range is known."""
    values: dict[str, Floats] = {}
    ends: dict[str, Floats] = {}
    for name in _COUNT_COLUMNS:
        if name not in cells:
            continue
        stem = "injuries" if name == "injuries" else "fatalities"
        best, low, high = counts(cells[name], reason=stem, faults=faults)
        values[name] = _filled(best, high if name == "fatalities_high" else low)
        if name == "fatalities":
            ends = {"fatalities_low": low, "fatalities_high": high}
    for name, end in ends.items():
        values[name] = _filled(values.get(name, end), end)
    lowest = values.get("fatalities_low")
    highest = values.get("fatalities_high")
    if lowest is not None:
        values["fatalities"] = _filled(values.get("fatalities", lowest), lowest)
    if lowest is not None and highest is not None:
        for row in np.flatnonzero(lowest > highest).tolist():
            faults.add(
                row,
                "fatalities_reversed",
                f"the low figure {lowest[row]:.0f} is above the high one {highest[row]:.0f}",
            )
    return values


def _filled(values: Floats, other: Floats) -> Floats:
    return np.where(np.isnan(values), other, values)


def _actors(raw: Raw, values: Mapping[str, Any]) -> dict[str, Texts]:
    """Take the first two of a list ``a;b;c``, where the table has that and no columns for the two."""
    column = next((name for name in raw.cells.columns if fold_name(name) == "actors"), None)
    if column is None or "actor1" in values or "actor2" in values:
        return {}
    first, second = (np.full(len(raw.cells), None, dtype=object) for _ in range(2))
    for row, cell in enumerate(texts(raw.cells[column])):
        named = [part.strip() for part in (cell or "").split(";") if part.strip()]
        first[row], second[row] = [*named, None, None][:2]
    return {"actor1": first, "actor2": second}


def _location_error(raw: Raw, cells: Cells, layout: Layout) -> Floats | None:
    """Take the table's own radius in metres, else the one its precision code stands for."""
    if "location_error_m" in cells:
        column = cells["location_error_m"]
        error, unreadable = numbers(column)
        for row, cell in unreadable.items():
            detail = f"{column.name} is {quoted(cell)}; write metres"
            raw.faults.add(row, "location_error_not_a_number", detail)
        for row in np.flatnonzero(error < 0).tolist():
            detail = f"{column.name} is {error[row]:g}; a radius in metres is not negative"
            raw.faults.add(row, "location_error_negative", detail)
        return error
    if "geo_precision" not in cells:
        return None
    origin = next((name for name in raw.cells.columns if fold_name(name) == "coordinate_source"), None)
    precision = texts(cells["geo_precision"])
    origins = np.full(len(precision), None, dtype=object) if origin is None else texts(raw.cells[origin])
    return location_errors(precision, origins, layout=layout.words)
