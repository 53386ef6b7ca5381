"""Tables for reading: headings with units, three digits, limits as bars."""

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
from .errors import OptionError, TableError, describe_type, near_miss

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
    Format a table for reading: headings with units, three digits, limits as bars.

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
    OptionError
        If `columns` is no list of columns of the table.
    TableError
        If `table` is no table.

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
        raise TableError(f"tabulate needs a table, not {describe_type(table)}; density makes one.")
    chosen = _choose_columns(table) if columns is None else _validate_columns(columns, table)
    shown, bars = _lay_out_columns(table, chosen)
    # pandas writes the names of an index as they are.
    shown.index.names = [name and html.escape(str(name)) for name in table.index.names]
    # Named by what a reader sees: tables that read alike give the same page.
    written = shown.astype(object).map(_write_value).to_csv()
    name = hashlib.sha256(written.encode("utf-8")).hexdigest()[:8]
    method = html.escape(str(table.attrs.get("method", "")))
    styler = shown.style.set_uuid(name).set_caption(method)
    words = [name for name in shown if name not in bars and not pd.api.types.is_numeric_dtype(shown[name])]
    chances = {_write_heading(name, {}) for name in chosen if name.startswith(("p_", "q_"))}
    formats: dict[Any, Any] = {
        head: _write_probability if head in chances else _write_value for head in shown
    }
    styler.format(formats, na_rep=_UNKNOWN, escape="html")
    styler.format_index(escape="html", axis=0).format_index(escape="html", axis=1)
    styler.set_properties(subset=words, **{"text-align": "left"})
    styler.set_properties(subset=[name for name in words if name == _STRETCH], **{"white-space": "nowrap"})
    styler.apply(lambda _: bars.reindex(columns=shown.columns, fill_value=""), axis=None)
    return styler.set_table_styles([{"selector": "caption", "props": _CAPTION}])


def _validate_columns(columns: Sequence[str], table: pd.DataFrame) -> list[str]:
    """Return the columns that a caller chose, all of which the table has."""
    if not isinstance(columns, (list, tuple)):
        raise OptionError(f"columns must be a list of names, such as ['rate'], not {columns!r}.")
    names = table.columns.tolist()
    unknown = next((name for name in columns if name not in names), None)
    if unknown is not None:
        close = near_miss(unknown, map(str, names))
        raise OptionError(f"columns must be names of columns of the table, not {unknown!r}.{close}")
    return list(columns)


def _choose_columns(table: pd.DataFrame) -> list[str]:
    """Return the columns that a reader asks for first; all of them where there are none of these."""
    known = [name for name in _HEADS if name in table.columns]
    if set(_ENDS) <= set(table.columns):
        known.insert(0, _ENDS[0])
    return known or [name for name in table.columns if not isinstance(table[name], gpd.GeoSeries)]


def _lay_out_columns(table: pd.DataFrame, chosen: Iterable[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the columns to show, and the styles of those with a bar."""
    columns: dict[str, Any] = {}
    bars: dict[str, list[str]] = {}
    limits = f"{100 * table.attrs.get('level', 0.95):g} % limits"
    for name in chosen:
        ends = [f"{name}_low", f"{name}_high"]
        if name in _ENDS and set(_ENDS) <= set(table.columns):
            columns[_STRETCH] = list(map(_write_stretch, table["from_m"], table["to_m"]))
        elif set(ends) <= set(table.columns) and name != "fatalities":  # its range is no limits of chance
            head = f"{_write_heading(name, table.attrs)} ({limits})"
            value, low, high = (
                table[column].to_numpy(np.float64, na_value=np.nan) for column in (name, *ends)
            )
            columns[head] = list(map(_write_with_limits, value, low, high))
            place = _scale_doublings if name.endswith("_ratio") else _scale_to_largest(high)
            bars[head] = list(map(_draw_bar, place(low), place(high), place(value)))
        else:
            columns[_write_heading(name, table.attrs)] = table[name]
    return pd.DataFrame(columns, index=table.index), pd.DataFrame(bars, index=table.index)


def _write_heading(name: str, attrs: Mapping[Any, Any]) -> str:
    """Return the heading of a column, with its unit."""
    if name == "rate" and "rate_unit" in attrs:
        return str(attrs["rate_unit"]).replace("events", "incidents").replace("km2", "km²")
    if name in _HEADS:
        return _HEADS[name]
    for ending, unit in _UNITS.items():
        if str(name).endswith(ending):
            return name.removesuffix(ending).replace("_", " ") + unit
    return str(name).replace("_", " ")


def _write_value(value: Any) -> Any:  # noqa: ANN401 - whatever a cell holds
    """Return a number with three digits, a whole one in full, a date as a date, and all else as it is."""
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


def _write_probability(value: Any) -> str:  # noqa: ANN401 - pandas hands over what a cell holds
    """Return a probability as text, none smaller than a thousandth."""
    return "under 0.001" if value < 0.001 else f"{value:.3f}"


def _write_stretch(from_m: float, to_m: float) -> str:
    """Return the ends of a stretch in kilometres."""
    return " to ".join(f"{metres / 1000:.1f}".removesuffix(".0") for metres in (from_m, to_m))


def _write_with_limits(value: float, low: float, high: float) -> str | None:
    """Return a value with its limits, where they are known; None for a missing value."""
    if math.isnan(value):
        return None
    known = not (math.isnan(low) or math.isnan(high))
    return (
        f"{_write_value(value)} ({_write_value(low)} to {_write_value(high)})"
        if known
        else f"{_write_value(value)}"
    )


def _scale_to_largest(high: Floats) -> Callable[[Floats], Floats]:
    """Return a scale from 0 to the largest finite limit."""
    largest = max(high[np.isfinite(high)], default=0.0) or 1.0
    return lambda values: np.clip(values / largest, 0.0, 1.0)


def _scale_doublings(values: Floats) -> Floats:
    """Scale ratios by their logarithm, with 1 in the middle."""
    with np.errstate(divide="ignore"):
        return np.clip(0.5 + np.log2(values) / (2 * _DOUBLINGS), 0.0, 1.0)


def _draw_bar(low: float, high: float, value: float) -> str:
    """Return the style of a cell with limits as a bar along its bottom and the value as a mark."""
    if math.isnan(low + high + value):
        return ""
    start, end, mark = (f"{100 * share:.1f}%" for share in (low, high, min(value, 0.985)))
    band = f"transparent {start}, {_BAR} {start}, {_BAR} {end}, transparent {end}"
    tick = f"transparent {mark}, {_MARK} {mark}, {_MARK} calc({mark} + 2px), transparent calc({mark} + 2px)"
    layers = (f"linear-gradient(90deg, {stops}) 0 100% / 100% 5px no-repeat" for stops in (tick, band))
    return f"background: {', '.join(layers)}; padding-bottom: 8px; white-space: nowrap"
