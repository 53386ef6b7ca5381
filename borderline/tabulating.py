"""Tables for reading: units in the heads, three digits, limits as bars."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import math
import numbers
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from ._constants import Floats
from .errors import TableError
from .schema import require_columns

if typing.TYPE_CHECKING:
    from pandas.io.formats.style import Styler

__all__ = ["tabulate"]

#: What is shown unless asked otherwise, in this order, and how its head reads.
_HEADS: Final[dict[str, str]] = {
    "event_type": "type",
    "bank": "bank",
    "side": "side",
    "period": "period",
    "band": "distance from the line",
    "admin1_left": "province, left",
    "admin1_right": "province, right",
    "n_events": "incidents",
    "n_before": "incidents before",
    "n_after": "incidents after",
    "expected": "incidents expected",
    "relative_risk": "relative risk",
    "events_per_km": "incidents per km",
    "events_per_km2": "incidents per km²",
    "rate_ratio": "rate ratio",
    "fatalities": "fatalities known",
    "n_unknown_fatalities": "fatalities unknown",
    "p_value": "p",
    "q_value": "q",
}
#: What the ending of a name says of its unit.
_UNITS: Final = {"_per_km2": " per km²", "_per_km": " per km", "_per_year": " per year", "_km2": ", km²"} | {
    "_km": ", km",
    "_m": ", m",
}
_ENDS: Final = ("from_m", "to_m")
_STRETCH, _UNKNOWN = "stretch, km", "–"
#: A ratio's bar reaches from a 64th to 64 times, a doubling as wide as the next.
_DOUBLINGS: Final = 6.0
_CAPTION: Final = "caption-side: bottom; text-align: left; max-width: 60em; padding-top: 0.5em"
_BAR, _MARK = "#9ecae1", "#08519c"


def tabulate(table: pd.DataFrame, *, columns: Sequence[str] | None = None) -> Styler:
    """
    Set a table for reading: units in the heads, three digits, limits as bars.

    Made for what `density`, `bands`, `hotspots` and `compare_periods` return, but
    any table will do. ``from_m`` and ``to_m`` become one column in kilometres. A
    column with limits (``rate`` with ``rate_low`` and ``rate_high``) is shown with
    them and a bar: from 0 to the largest finite limit of the column, for ratios in
    doublings with 1 in the middle. Below stands how the table was made. Where a
    page shows no styles, all of it is still there as text.

    It is for reading only: pick and sort rows before, and go on working with
    `table` itself.

    Parameters
    ----------
    table
        A table, with units as its columns have them. Missing values become a dash.
        Geometry is left out by default, so the CRS does not matter.
    columns
        What to show, in this order, by the names of the table; limits come with
        what they limit. By default what a reader asks for first, or everything
        where the table has none of that.

    Returns
    -------
    styler
        A pandas ``Styler`` with a row for each row of `table`. A notebook shows it;
        ``to_html``, ``to_latex``, ``to_string`` and ``to_excel`` write it. Texts are
        escaped for HTML.

    Raises
    ------
    TableError
        If `table` is no table, or a column is missing.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> located = bl.locate(bl.load_incidents(), border)
    >>> density = bl.density(located, bl.segment(border, every_km=10), within_km=25)
    >>> top = bl.tabulate(density.nlargest(2, "events_per_km"), columns=["from_m", "events_per_km"])
    >>> print(top.hide().to_string(delimiter=" | ").strip())
    stretch, km | incidents per km (95 % limits)
    100 to 110 | 4.00 (2.86 to 5.45)
    320 to 330 | 2.10 (1.30 to 3.21)
    """
    if not isinstance(table, pd.DataFrame):
        raise TableError(f"tabulate needs a table, not {type(table).__name__}; density makes one.")
    if columns is not None and not isinstance(columns, (list, tuple)):
        raise TableError(f"columns needs a list of names, such as columns=['rate'], not {columns!r}.")
    chosen = _chosen(table) if columns is None else list(columns)
    require_columns(table, chosen, verb="tabulate", remedy="choose among the columns of the table")
    shown, bars = _laid_out(table, chosen)
    # pandas writes the names of an index as they are.
    shown.index.names = [name and html.escape(str(name)) for name in table.index.names]
    # Named by what a reader sees: tables that read alike give the same page.
    written = shown.astype(object).map(_written).to_csv()
    name = hashlib.sha256(written.encode("utf-8")).hexdigest()[:8]
    method = html.escape(str(table.attrs.get("method", "")))
    styler = shown.style.set_uuid(name).set_caption(method)
    words = [each for each in shown if each not in bars and not pd.api.types.is_numeric_dtype(shown[each])]
    chances = {_head(name, {}) for name in chosen if name.startswith(("p_", "q_"))}
    formats: dict[Any, Any] = {each: _chance if each in chances else _written for each in shown}
    styler.format(formats, na_rep=_UNKNOWN, escape="html")
    styler.format_index(escape="html", axis=0).format_index(escape="html", axis=1)
    styler.set_properties(subset=words, **{"text-align": "left"})
    styler.set_properties(subset=[each for each in words if each == _STRETCH], **{"white-space": "nowrap"})
    styler.apply(lambda _: bars.reindex(columns=shown.columns, fill_value=""), axis=None)
    return styler.set_table_styles([{"selector": "caption", "props": _CAPTION}])


def _chosen(table: pd.DataFrame) -> list[str]:
    """Pick what a reader asks for first."""
    known = [name for name in _HEADS if name in table.columns]
    if set(_ENDS) <= set(table.columns):
        known.insert(0, _ENDS[0])
    return known or [name for name in table.columns if not isinstance(table[name], gpd.GeoSeries)]


def _laid_out(table: pd.DataFrame, chosen: Iterable[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lay out the columns of `table`; with them the styles of those that have a bar."""
    columns: dict[str, Any] = {}
    bars: dict[str, list[str]] = {}
    limits = f"{100 * table.attrs.get('level', 0.95):g} % limits"
    for name in chosen:
        ends = [f"{name}_low", f"{name}_high"]
        if name in _ENDS and set(_ENDS) <= set(table.columns):
            columns[_STRETCH] = list(map(_stretch, table["from_m"], table["to_m"]))
        elif set(ends) <= set(table.columns) and name != "fatalities":  # its range is no limits of chance
            head = f"{_head(name, table.attrs)} ({limits})"
            value, low, high = (table[each].to_numpy(np.float64, na_value=np.nan) for each in (name, *ends))
            columns[head] = list(map(_with_limits, value, low, high))
            place = _in_doublings if name.endswith("_ratio") else _in_shares_of(high)
            bars[head] = list(map(_bar, place(low), place(high), place(value)))
        else:
            columns[_head(name, table.attrs)] = table[name]
    return pd.DataFrame(columns, index=table.index), pd.DataFrame(bars, index=table.index)


def _head(name: str, attrs: Mapping[Any, Any]) -> str:
    """Say what a column holds, with its unit."""
    if name == "rate" and "rate_unit" in attrs:
        return str(attrs["rate_unit"]).replace("events", "incidents").replace("km2", "km²")
    if name in _HEADS:
        return _HEADS[name]
    for ending, unit in _UNITS.items():
        if str(name).endswith(ending):
            return name.removesuffix(ending).replace("_", " ") + unit
    return str(name).replace("_", " ")


def _written(value: Any) -> Any:  # noqa: ANN401 - whatever a cell holds
    """Write a number to three digits, a whole one in full, a day as a day; leave the rest."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return _UNKNOWN
    if isinstance(value, dt.date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        return value
    if isinstance(value, numbers.Integral):
        return f"{value:,d}"
    number = float(value)
    if math.isinf(number):
        return "∞"
    places = 2 - math.floor(math.log10(abs(number))) if number else 0
    return f"{round(number, places):,.{max(places, 0)}f}"


def _chance(value: Any) -> str:  # noqa: ANN401 - pandas hands over what a cell holds
    """Write a probability, none smaller than a thousandth."""
    return "under 0.001" if value < 0.001 else f"{value:.3f}"


def _stretch(from_m: float, to_m: float) -> str:
    """Write where a stretch runs, in kilometres."""
    return " to ".join(f"{metres / 1000:.1f}".removesuffix(".0") for metres in (from_m, to_m))


def _with_limits(value: float, low: float, high: float) -> str | None:
    """Write a value and its limits, where they are known."""
    if math.isnan(value):
        return None
    known = not (math.isnan(low) or math.isnan(high))
    return f"{_written(value)} ({_written(low)} to {_written(high)})" if known else f"{_written(value)}"


def _in_shares_of(high: Floats) -> Callable[[Floats], Floats]:
    """Scale from 0 to the largest finite limit."""
    largest = max(high[np.isfinite(high)], default=0.0) or 1.0
    return lambda values: np.clip(values / largest, 0.0, 1.0)


def _in_doublings(values: Floats) -> Floats:
    """Scale ratios by their logarithm; 1 lies in the middle."""
    with np.errstate(divide="ignore"):
        return np.clip(0.5 + np.log2(values) / (2 * _DOUBLINGS), 0.0, 1.0)


def _bar(low: float, high: float, value: float) -> str:
    """Draw limits as a bar along the bottom of a cell, the value as a mark on it."""
    if math.isnan(low + high + value):
        return ""
    start, end, mark = (f"{100 * each:.1f}%" for each in (low, high, min(value, 0.985)))
    band = f"transparent {start}, {_BAR} {start}, {_BAR} {end}, transparent {end}"
    tick = f"transparent {mark}, {_MARK} {mark}, {_MARK} calc({mark} + 2px), transparent calc({mark} + 2px)"
    layers = (f"linear-gradient(90deg, {each}) 0 100% / 100% 5px no-repeat" for each in (tick, band))
    return f"background: {', '.join(layers)}; padding-bottom: 8px; white-space: nowrap"
