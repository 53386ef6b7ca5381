"""Totals of the dead, the injured and the displaced that no place belongs to."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

import pandas as pd

from ._layers import read_table
from ._records import get

__all__ = ["load_tolls"]

#: The layer that holds them.
_LAYER: Final = "tolls"


def load_tolls() -> pd.DataFrame:
    """
    Load what governments, armies and news agencies gave as totals of the fighting.

    Each row is one claim about one country, or both, from the beginning of a round of fighting to a
    day. Claims of several days, of several speakers and of both sides stand side by side: they
    overlap, so never add them up. No verb counts them, and they are not shared out over incidents.

    Returns
    -------
    tolls
        Index ``id``, in the order of ``as_of``: ``since`` and ``as_of`` (first and last day,
        datetime), ``country`` (alpha-3; missing: both countries together), ``victims``
        (``"civilian"``, ``"military"``, ``"all"``, or ``"civilian, indirect"`` for deaths that are
        not laid to fire), ``fatalities_min``, ``fatalities_max``, ``injuries`` and ``displaced``
        (persons, missing where the claim does not say), ``stated_by``, ``note``, ``source_url``,
        ``source_date`` and ``source_2_url``. ``attrs["sources"]`` has the credit.

    Raises
    ------
    IntegrityError
        If the table is missing or is not what the catalog says.

    Examples
    --------
    >>> import borderline as bl
    >>> tolls = bl.load_tolls()
    >>> tolls.loc["TL-2025-12-27-01", ["country", "victims", "stated_by"]].tolist()
    ['THA', 'military', 'Government of Thailand']
    """
    tolls = read_table(_LAYER).set_index("id")
    tolls = tolls.assign(since=pd.to_datetime(tolls["since"]), as_of=pd.to_datetime(tolls["as_of"]))
    tolls.attrs["sources"] = [asdict(get(_LAYER).source)]
    return tolls
