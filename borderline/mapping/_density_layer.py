"""The density layer of the map: tables of segments, joined and classified."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from .._constants import Floats
from ..border import Border, distinguish_borders
from ..errors import MeasureError, OptionError, TableError
from ..options import validate_word
from ..provenance import cited, sources_of
from ..schema import require_columns
from ._colour_classes import QUANTITIES, quantities

__all__ = ["density_config", "join_tables"]

#: Bounds of the same segment agree to this, metres.
SAME_M: Final = 1.0
#: A segment may end this far past the border, metres, by rounding.
SLACK_M: Final = 1.0

_OPTIONAL: Final = (
    "n_events",
    "n_vague",
    "events_per_km",
    "events_per_km_low",
    "events_per_km_high",
    "events_per_km2",
    "fatalities",
    "n_unknown_fatalities",
    "n_before",
    "n_after",
    "rate_ratio_low",
    "rate_ratio_high",
)


def join_tables(density: pd.DataFrame | Sequence[pd.DataFrame] | None) -> pd.DataFrame | None:
    """
    Join tables of the same segments.

    Parameters
    ----------
    density
        A table of segments, several of the same segments in the same order, or None.

    Returns
    -------
    table
        The first table, with the columns of the others that it lacks and, in its ``attrs``,
        their sources, their ``periods`` and, as ``change_within_km``, the ``within_km`` of these.

    Raises
    ------
    TableError
        If there is no table, or they are not of the same segments.

    Examples
    --------
    >>> counts = pd.DataFrame({"from_m": [0.0], "to_m": [10.0], "n_events": [3]})
    >>> change = pd.DataFrame({"from_m": [0.0], "to_m": [10.0], "rate_ratio": [2.0]})
    >>> join_tables([counts, change]).columns.tolist()
    ['from_m', 'to_m', 'n_events', 'rate_ratio']
    """
    if density is None or isinstance(density, pd.DataFrame):
        return density
    tables: list[pd.DataFrame] = list(density) if isinstance(density, (list, tuple)) else []
    if not tables or not all(isinstance(table, pd.DataFrame) for table in tables):
        raise TableError("explore: density is a table of segments, or a list of some.")
    for table in tables:
        require_columns(table, ["from_m", "to_m"], verb="explore", remedy="density makes them")
    first, *rest = tables
    attrs = dict(first.attrs)
    for other in rest:
        bounds = [table[["from_m", "to_m"]].to_numpy(dtype="float64") for table in (first, other)]
        if bounds[0].shape != bounds[1].shape or (np.abs(bounds[0] - bounds[1]) > SAME_M).any():
            raise TableError(
                "explore: the tables of density are of different segments; cut them once with segment "
                "and count on these."
            )
        lacking = [name for name in other.columns if name not in first.columns]
        first = first.assign(**{str(name): other[name].to_numpy() for name in lacking})
        attrs["sources"] = cited(attrs, *sources_of(other.attrs))
        if other.attrs.get("periods"):
            attrs["periods"] = other.attrs["periods"]
            attrs["change_within_km"] = other.attrs.get("within_km")
    first.attrs = attrs
    return first


def density_config(
    density: pd.DataFrame | None, border: Border, *, scheme: str = "round", color: str | None = None
) -> dict[str, Any] | None:
    """
    Return what the page needs to know of a table of segments.

    Parameters
    ----------
    density
        Segments of `border` with ``from_m``, ``to_m`` and one of `QUANTITIES`.
    border
        The border they were cut from.
    scheme
        How the classes are made, see `quantities`.
    color
        Which quantity colours the line at first; by default the first one.

    Returns
    -------
    config
        Columns, classes with their labels, and what was left out of the counts;
        None when there is no density.

    Raises
    ------
    OptionError
        If `color` is none of the quantities of the table.
    TableError
        If a column is missing, holds no number, or the segments are of another border.
    MeasureError
        If a segment lies off the border.
    """
    if density is None:
        if color is not None:
            raise OptionError(
                f"color must be None without density, not {color!r}: it names the column of density that "
                "colours the line, and incidents have the colour of their type."
            )
        return None
    require_columns(density, [], verb="explore", remedy="density makes one")
    first = next((name for name in QUANTITIES if name in density.columns), "events_per_km")
    needed = ("from_m", "to_m", first)
    require_columns(density, needed, verb="explore", remedy="density makes them")
    identity = density.attrs.get("border")
    if identity is not None and identity != border.identity:
        counted_on, shown = distinguish_borders(identity, border.identity)
        raise TableError(f"The density is of {counted_on}, the map shows {shown}; use the same border.")
    columns = {name: _read_numbers(density, name) for name in needed}
    # A rate per area has no value where there is no land, a ratio where there is no event.
    whole = [name for name in needed if name not in ("events_per_km2", "rate_ratio")]
    if any(np.isnan(columns[name]).any() for name in whole):
        raise TableError(f"explore: {', '.join(whole)} of the density must all be numbers.")
    start, end, _ = columns.values()
    if density["from_m"].duplicated().any():
        raise TableError("explore: the density has several rows a segment; choose one group of them.")
    off = (start < -SLACK_M) | (end > border.length_m + SLACK_M) | (end <= start)
    if off.any():
        raise MeasureError(
            f"explore: segment {density.index[off].tolist()[0]!r} runs from {start[off][0]:.0f} to "
            f"{end[off][0]:.0f} m, the border from 0 to {border.length_m:.0f} m; cut them from this border."
        )
    columns_shown = quantities(density, scheme)
    if color is not None:
        validate_word(color, "color", [quantity["name"] for quantity in columns_shown])
    left_out = density.attrs.get("left_out") or {}
    within = density.attrs.get("within_km")
    change_within = density.attrs.get("change_within_km", within)
    optional = {
        name: _write_numbers(_read_numbers(density, name)) for name in _OPTIONAL if name in density.columns
    }
    return {
        "from": _write_numbers(np.round(start, 1)),
        "to": _write_numbers(np.round(end, 1)),
        "quantities": columns_shown,
        "quantity": color or columns_shown[0]["name"],
        "leftOut": int(sum(left_out.values())),
        "withinKm": None if within is None else float(within),
        "changeWithinKm": None if change_within is None else float(change_within),
        "level": density.attrs.get("level"),
        "periods": [list(map(str, span)) for span in (density.attrs.get("periods") or {}).values()],
        **optional,
    }


def _read_numbers(table: pd.DataFrame, name: str) -> Floats:
    """Return a column as numbers; infinite and unreadable ones are missing."""
    values: Floats = pd.to_numeric(table[name], errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def _write_numbers(values: Floats) -> list[float | int | None]:
    """Write numbers for JSON: whole ones without a point, missing ones as null."""
    return [
        None if np.isnan(v) else int(v) if v == int(v) else float(f"{v:.6g}") if v < 1000 else v
        for v in values.tolist()
    ]
