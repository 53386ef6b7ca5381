"""What a table says of its positions, validated: one record for each distinct position."""

from __future__ import annotations

import warnings
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .._constants import Floats, Ints
from ..errors import PositionWarning, TableError, near_miss
from ..options import validate_word
from ..schema import describe_rows, split_points
from ._areas import distance_to_area, place_cell, read_areas
from ._models import MODELS, ellipse_across, place_models
from ._places import Positions

__all__ = ["collect_positions", "read_positions"]

#: Columns of numbers, with the smallest and the largest value of each.
_NUMBERS: Final[dict[str, tuple[float, float]]] = {
    "location_error_m": (0.0, np.inf),
    "position_along_m": (0.0, np.inf),
    "position_across_m": (0.0, np.inf),
    "position_bearing": (-np.inf, np.inf),
    "position_share": (0.0, 1.0),
}

#: What each column of numbers should hold, for messages.
_WANTED: Final = {
    "location_error_m": "the radius in metres that holds 90 % of the probability, 0 or more and finite; "
    "leave it empty where it is not known",
    "position_along_m": "a standard deviation in metres, 0 or more and finite",
    "position_across_m": "a standard deviation in metres, 0 or more and finite",
    "position_bearing": "degrees clockwise from north, finite",
    "position_share": "a share from 0 to 1",
}

#: A point may lie this far outside its polygon, metres: how well outlines of units are known.
OUTSIDE_M: Final = 500.0


def read_positions(events: gpd.GeoDataFrame, *, model: str | None = None, verb: str) -> Positions:
    """
    Validate what a table says of its positions.

    Parameters
    ----------
    events
        Points in any CRS that is set, and any of ``location_error_m``, ``position_model``,
        ``position_area``, ``position_along_m``, ``position_across_m``, ``position_bearing``
        and ``position_share``. Rows with another geometry have no position here.
    model
        One of `MODELS` for all rows, in place of the column.
    verb
        Name of the verb, for messages.

    Returns
    -------
    positions
        One record for each distinct position.

    Raises
    ------
    OptionError
        If `model` is no model.
    TableError
        If a cell is no number or out of range, a model is unknown or lacks its columns, or a
        ``position_area`` names no polygon; rows are named.

    Warns
    -----
    PositionWarning
        If a polygon does not hold the point of its row: the row is set aside.
    """
    if model is not None:
        validate_word(model, "position_model", MODELS)
    lon, lat, _ = split_points(events, verb=verb)
    return collect_positions(events, lon, lat, model=model, verb=verb)


def collect_positions(
    events: gpd.GeoDataFrame, lon: Floats, lat: Floats, *, model: str | None, verb: str
) -> Positions:
    """
    Validate what a table says of positions whose points are known already.

    Parameters
    ----------
    events, model, verb
        As in `read_positions`; `model` is one of `MODELS` or None.
    lon, lat
        Degrees, one a row; NaN where there is no point.

    Returns
    -------
    positions
        As from `read_positions`.
    """
    rows = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    numbers = {name: _read_numbers(events, name, verb) for name in _NUMBERS}
    named = _named_models(events, model, verb)
    texts = _area_texts(events)
    kinds = None if model is not None else _place_kinds(events)
    given = [values if name in events.columns else None for name, values in numbers.items()]
    index, first = _find_distinct(
        [lon, lat, *given], [named, texts, None if kinds is None else kinds[0]], rows, len(events)
    )
    distinct = Positions(
        index=index,
        lon=lon[first],
        lat=lat[first],
        error_m=numbers["location_error_m"][first],
        model=np.array([""] * len(first), dtype=object),
        along_m=numbers["position_along_m"][first],
        across_m=numbers["position_across_m"][first],
        bearing=numbers["position_bearing"][first],
        share=numbers["position_share"][first],
        area=np.full(len(first), None, dtype=object),
        set_aside=np.zeros(len(events), dtype=np.bool_),
        note="",
    )
    named_here = named[first] if named is not None else np.full(len(first), None, dtype=object)
    kind_here = [("", "")] * len(first)
    if kinds is not None:
        kind_here = [kinds[1][code] for code in kinds[0][first].tolist()]
    text_here = texts[first] if texts is not None else np.full(len(first), None, dtype=object)
    faults = _complete_models(distinct, named_here, kind_here, text_here)
    _refuse_faults(events, distinct, faults, verb)
    _set_aside_outside(events, distinct, verb)
    object.__setattr__(distinct, "note", _describe_unknown(distinct, rows))
    return distinct


def _read_numbers(events: gpd.GeoDataFrame, name: str, verb: str) -> Floats:
    """Return a column of numbers, NaN where missing; refuse what is no number or out of range."""
    if name not in events.columns:
        return np.full(len(events), np.nan)
    column = events[name]
    values = _to_floats(column)
    low, high = _NUMBERS[name]
    missing = np.array(column.isna())
    if column.dtype == object or isinstance(column.dtype, pd.StringDtype):
        missing |= (column.astype("string").str.strip() == "").fillna(value=False).to_numpy(dtype=np.bool_)
    wrong = ~missing & ~(np.isfinite(values) & (values >= low) & (values <= high))
    if wrong.any():
        first = column[wrong].astype(object).tolist()[0]
        raise TableError(
            f"{verb}: {describe_rows(events.index, wrong)} {first!r} in {name}; write {_WANTED[name]}."
        )
    return values


def _to_floats(column: pd.Series) -> Floats:
    """Return the cells of a column that are numbers, or text of numbers; NaN for others."""
    if not pd.api.types.is_numeric_dtype(column.dtype):
        column = pd.to_numeric(column.astype(object), errors="coerce")
    return np.array(column.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan))


def _named_models(events: gpd.GeoDataFrame, model: str | None, verb: str) -> NDArray[np.object_] | None:
    """Return the model that each row names, None where it names none; None for the whole if none does."""
    if model is not None:
        return np.full(len(events), model, dtype=object)
    if "position_model" not in events.columns:
        return None
    words = _read_words(events["position_model"])
    wrong = np.array([word is not None and word not in MODELS for word in words], dtype=np.bool_)
    if wrong.any():
        first = words[wrong][0]
        raise TableError(
            f"{verb}: {describe_rows(events.index, wrong)} {first!r} in position_model; "
            f"write one of the models.{near_miss(first, MODELS)}"
        )
    return words


def _area_texts(events: gpd.GeoDataFrame) -> NDArray[np.object_] | None:
    return _read_words(events["position_area"]) if "position_area" in events.columns else None


def _place_kinds(events: gpd.GeoDataFrame) -> tuple[Ints, list[tuple[str, str]]] | None:
    """
    Return the kind of place of each row as a code, and the kinds by code, as in `place_models`.

    None for the whole where no kind is known.
    """
    if "geo_precision" not in events.columns:
        return None
    kind, kinds = pd.factorize(_read_words(events["geo_precision"]), use_na_sentinel=False)
    datasets = np.array([None], dtype=object)
    dataset = np.zeros(len(events), dtype=np.int64)
    if "dataset" in events.columns:
        dataset, datasets = pd.factorize(_read_words(events["dataset"]), use_na_sentinel=False)
    known = place_models()
    pairs = []
    for name in datasets.tolist():
        for word in kinds.tolist():
            own, general = (name or "", word or ""), ("", word or "")
            pairs.append(own if own in known else general if general in known else ("", ""))
    if set(pairs) <= {("", "")}:
        return None
    levels = sorted(set(pairs))
    place = np.array([levels.index(pair) for pair in pairs], dtype=np.int64)
    return place[dataset * len(kinds) + kind], levels


def _read_words(column: pd.Series) -> NDArray[np.object_]:
    """Return the text of each cell; None where it is missing or empty."""
    codes, cells = pd.factorize(column.astype("string").str.strip())
    words = np.array([*cells.tolist(), None], dtype=object)
    words[words == ""] = None
    return words[codes]


def _find_distinct(
    numbers: list[Floats | None], words: list[NDArray[Any] | None], rows: Ints, count: int
) -> tuple[Ints, Ints]:
    """Return the distinct position of each of `count` rows, -1 outside `rows`, and the first row of each."""
    code = np.zeros(len(rows), dtype=np.int64)
    for values in (*numbers, *words):
        if values is None:
            continue
        own, levels = pd.factorize(values[rows], use_na_sentinel=False)
        if len(levels) > 1:
            # Factorized each time, so that the product stays below the square of the rows.
            code, _ = pd.factorize(code * len(levels) + own)
    index = np.full(count, -1, dtype=np.int64)
    index[rows] = code
    first = np.empty(int(code.max(initial=-1)) + 1, dtype=np.int64)
    first[code[::-1]] = rows[::-1]
    return index, first


def _complete_models(
    positions: Positions,
    named: NDArray[np.object_],
    kind: list[tuple[str, str]],
    text: NDArray[np.object_],
) -> dict[str, list[int]]:
    """Fill in the model of each position and what it needs; return what cannot be, by complaint."""
    faults: dict[str, list[int]] = {}
    known = place_models()
    for row in range(len(positions)):
        default = known[kind[row]]
        model = named[row] or ("polygon" if text[row] is not None else default.model)
        positions.model[row] = model
        complaint = ""
        if model == "ellipse":
            complaint = _complete_ellipse(positions, row, named=named[row] is not None)
        else:
            positions.along_m[row] = positions.across_m[row] = positions.bearing[row] = np.nan
        if model == "mixture":
            complaint = (
                "" if np.isfinite(positions.share[row]) else "the model mixture without position_share"
            )
        else:
            positions.share[row] = np.nan
        if model in {"polygon", "mixture"} and not complaint:
            complaint = _complete_area(positions, row, text[row])
        if complaint:
            faults.setdefault(complaint, []).append(row)
    return faults


def _complete_ellipse(positions: Positions, row: int, *, named: bool) -> str:
    """Fill in the deviations of an ellipse from its error and the ratio in the data."""
    given = np.isfinite([positions.along_m[row], positions.across_m[row]])
    if given.all():
        if np.isnan(positions.error_m[row]):
            along, across = positions.along_m[row], positions.across_m[row]
            longer, shorter = max(along, across), max(min(along, across), 1e-9 * max(along, across))
            if longer > 0:
                positions.error_m[row] = shorter / ellipse_across(longer / shorter)
        return ""
    if given.any():
        return "the model ellipse with only one of position_along_m and position_across_m"
    if np.isnan(positions.error_m[row]):
        return "the model ellipse without location_error_m, or position_along_m and position_across_m" * named
    ratio = place_models()["", "border_stretch"].ratio
    positions.across_m[row] = positions.error_m[row] * ellipse_across(ratio)
    positions.along_m[row] = ratio * positions.across_m[row]
    return ""


def _complete_area(positions: Positions, row: int, text: str | None) -> str:
    """Fill in the polygon of a position: of several that a code means, the nearest to the point."""
    lon, lat = positions.lon[row], positions.lat[row]
    if text is None:
        if positions.model[row] == "polygon":
            return "the model polygon without position_area"
        positions.area[row] = place_cell(float(lon), float(lat))
        return ""
    areas = read_areas(text)
    if not areas:
        shown = text if len(text) <= 40 else text[:37] + "..."
        return f"{shown!r} in position_area, which is neither the code of a unit nor a valid polygon"
    positions.area[row] = min(areas, key=lambda area: distance_to_area(area, float(lon), float(lat)))
    return ""


def _refuse_faults(
    events: gpd.GeoDataFrame, positions: Positions, faults: dict[str, list[int]], verb: str
) -> None:
    """Raise one error for all positions that lack something."""
    if not faults:
        return
    complaints = [
        f"{describe_rows(events.index, np.isin(positions.index, rows))} {complaint}"
        for complaint, rows in faults.items()
    ]
    raise TableError(f"{verb}: {'; '.join(complaints)}. Give the column, or choose another position_model.")


def _set_aside_outside(events: gpd.GeoDataFrame, positions: Positions, verb: str) -> None:
    """Set rows aside whose polygon does not hold their point, with a warning that names them."""
    outside = [
        row
        for row, area in enumerate(positions.area)
        if area is not None
        and distance_to_area(area, float(positions.lon[row]), float(positions.lat[row]))
        > max(OUTSIDE_M, float(np.nan_to_num(positions.error_m[row])))
    ]
    if not outside:
        return
    positions.set_aside[:] = np.isin(positions.index, outside)
    positions.index[positions.set_aside] = -1
    warnings.warn(
        f"{verb}: {describe_rows(events.index, positions.set_aside)} a position_area that does not hold the "
        "point; nothing is said of where they may be. Correct the area or the point, or give "
        "location_error_m if the point may be that far off.",
        PositionWarning,
        stacklevel=3,
    )


def _describe_unknown(positions: Positions, rows: Ints) -> str:
    """Return what to say of events whose error is not known; empty where all are."""
    unknown = np.isnan(positions.error_m) & positions.exact
    count = int(unknown[positions.index[positions.index >= 0]].sum())
    if not count:
        return ""
    return f"{count:,} of {len(rows):,} events have no location_error_m; their positions are taken as exact"
