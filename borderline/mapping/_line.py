"""The border and its density, as the page draws them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from .._constants import GEOD, Floats
from ..border import Border
from ..errors import MeasureError, TableError
from ..schema import require_columns
from ._classes import QUANTITIES, quantities
from ._payload import Planes

__all__ = ["CHAINAGE_PER", "LONLAT_PER", "density_config", "line_columns", "line_planes"]

#: Steps to the degree: a tenth of a metre, finer than any position is known.
LONLAT_PER: Final = 1_000_000
#: Steps to the metre along the line.
CHAINAGE_PER: Final = 10
#: A segment may end this far past the border, metres, by rounding.
SLACK_M: Final = 1.0

_OPTIONAL: Final = (
    "n_events",
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


def line_columns(border: Border) -> tuple[Floats, Floats, Floats]:
    """
    Take the vertices of a border apart.

    Parameters
    ----------
    border
        The border.

    Returns
    -------
    lon, lat
        Degrees.
    chainage
        Geodesic metres from the start.
    """
    xy = shapely.get_coordinates(border.line)
    chainage = np.concatenate([[0.0], np.cumsum(GEOD.line_lengths(xy[:, 0], xy[:, 1]))])
    return xy[:, 0], xy[:, 1], chainage[: len(xy)]


def line_planes(border: Border) -> Planes:
    """
    Pack the vertices of a border with their chainage.

    Parameters
    ----------
    border
        The border.

    Returns
    -------
    planes
        ``lon``, ``lat`` (degrees) and ``chainage`` (geodesic metres).
    """
    lon, lat, chainage = line_columns(border)
    planes = Planes()
    planes.add("lon", lon, per=LONLAT_PER, delta=True)
    planes.add("lat", lat, per=LONLAT_PER, delta=True)
    planes.add("chainage", chainage, per=CHAINAGE_PER, delta=True)
    return planes


def density_config(
    density: pd.DataFrame | None, border: Border, *, scheme: str = "round"
) -> dict[str, Any] | None:
    """
    Take from a density table what the page shows of it.

    Parameters
    ----------
    density
        Segments of `border` with ``from_m``, ``to_m`` and one of `QUANTITIES`.
    border
        The border they were cut from.
    scheme
        How the classes are made, see `quantities`.

    Returns
    -------
    config
        Columns, classes with their labels, and what was left out of the counts;
        None when there is no density.

    Raises
    ------
    TableError
        If a column is missing, holds no number, or the segments are of another border.
    MeasureError
        If a segment lies off the border.
    """
    if density is None:
        return None
    require_columns(density, [], verb="explore", remedy="density makes one")
    first = next((name for name in QUANTITIES if name in density.columns), "events_per_km")
    needed = ("from_m", "to_m", first)
    require_columns(density, needed, verb="explore", remedy="density makes them")
    of = density.attrs.get("border")
    if of is not None and of != border.identity:
        raise TableError(f"The density is of {of}, the map shows {border.identity}; use the same border.")
    columns = {name: _numbers(density, name) for name in needed}
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
            f"explore: segment {density.index[off][0]!r} runs from {start[off][0]:.0f} to "
            f"{end[off][0]:.0f} m, the border from 0 to {border.length_m:.0f} m; cut them from this border."
        )
    left_out = density.attrs.get("left_out") or {}
    within = density.attrs.get("within_km")
    change_within = density.attrs.get("change_within_km", within)
    optional = {name: _plain(_numbers(density, name)) for name in _OPTIONAL if name in density.columns}
    return {
        "from": _plain(np.round(start, 1)),
        "to": _plain(np.round(end, 1)),
        "quantities": quantities(density, scheme),
        "leftOut": int(sum(left_out.values())),
        "withinKm": None if within is None else float(within),
        "changeWithinKm": None if change_within is None else float(change_within),
        "level": density.attrs.get("level"),
        "periods": [list(map(str, span)) for span in (density.attrs.get("periods") or {}).values()],
        **optional,
    }


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    values: Floats = pd.to_numeric(table[name], errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def _plain(values: Floats) -> list[float | int | None]:
    """Write numbers for JSON: whole ones without a point, missing ones as null."""
    return [
        None if np.isnan(v) else int(v) if v == int(v) else float(f"{v:.6g}") if v < 1000 else v
        for v in values.tolist()
    ]
