"""Several tables of the same segments as one, so that a reader can switch between what they hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..errors import TableError
from ..provenance import cited, sources_of
from ..schema import require_columns

__all__ = ["joined"]

#: Bounds of the same segment agree to this, metres.
SAME_M = 1.0


def joined(density: pd.DataFrame | Sequence[pd.DataFrame] | None) -> pd.DataFrame | None:
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
    >>> joined([counts, change]).columns.tolist()
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
