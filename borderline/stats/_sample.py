"""Which events a summary counts, and why it leaves the others out."""

from __future__ import annotations

import numbers
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from .._constants import Bools, Floats
from ..border import BorderId, distinguish_borders
from ..errors import MeasureError, TableError
from ..schema import numbers_of, require_columns, require_table

__all__ = [
    "Counted",
    "count_events",
    "near_line",
    "require_within",
    "too_vague",
]

#: A chainage may miss an end of the border by this much, metres, and still count as the end.
SLACK_M: Final = 1e-3


class Counted(NamedTuple):
    """The events that count."""

    #: Chainage of those that count, geodesic metres within the border, in the order of the table.
    chainage_m: Floats
    #: Which rows of the table they are.
    rows: Bools
    #: How many rows do not count, by reason; each row has one reason, the first that holds.
    left_out: dict[str, int]


def count_events(
    events: pd.DataFrame,
    *,
    length_m: float,
    border: BorderId,
    within_km: float | None,
    verb: str,
    bank: str | None = None,
) -> Counted:
    """
    Take the events with a place on the border, and count the others by reason.

    Parameters
    ----------
    events
        Events after `locate`: ``chainage_m``, ``distance_m``, ``beyond_end``.
    length_m
        Length of the border, geodesic metres.
    border
        The border's identity.
    within_km
        Leave out events farther than this from the line, geodesic kilometres; None
        for no limit.
    verb
        Who asks, for messages.
    bank
        Leave out events that are not on the bank of this country (ISO 3166-1 alpha-3,
        the column ``side``), those on the line too; None for both banks.

    Returns
    -------
    counted
        Reasons are ``no_chainage``, ``beyond_end``, ``beyond_within_km``, ``too_vague`` where
        there are any (see `too_vague`) and, when a bank is asked for, ``other_bank``.

    Raises
    ------
    TableError
        If a column is missing, or the events were located on another border.
    MeasureError
        If `within_km` is negative, or a chainage lies off the border.
    """
    require_table(events)
    needed = ["chainage_m", "distance_m", "beyond_end", *(["side"] if bank else [])]
    require_columns(events, needed, verb=verb, remedy="run locate first")
    require_within(within_km)
    of = events.attrs.get("border")
    if of and of != border:
        located_on, asked = distinguish_borders(of, border)
        raise TableError(
            f"{verb}: the events were located on {located_on}, not on {asked}; locate them anew."
        )
    chainage = numbers_of(events, "chainage_m")
    reasons = {
        "no_chainage": np.isnan(chainage),
        "beyond_end": events["beyond_end"].to_numpy(dtype=np.bool_, na_value=False),
        "beyond_within_km": np.zeros(len(events), dtype=np.bool_),
    }
    if within_km is not None:
        distance = numbers_of(events, "distance_m")
        reasons["beyond_within_km"] = ~(distance <= within_km * 1000.0)
        reasons |= too_vague(events, within_km)
    if bank is not None:
        reasons["other_bank"] = ~(events["side"] == bank).to_numpy(dtype=np.bool_, na_value=False)
    kept = np.ones(len(events), dtype=np.bool_)
    left_out: dict[str, int] = {}
    for reason, mask in reasons.items():
        left_out[reason] = int((kept & mask).sum())
        kept &= ~mask
    places = chainage[kept]
    off = (places < -SLACK_M) | (places > length_m + SLACK_M)
    if off.any():
        row = events.index[kept][off].tolist()[0]
        raise MeasureError(
            f"{verb}: row {row!r} has chainage {places[off][0]:.3f} m, but the border runs "
            f"from 0 to {length_m:.3f} m; locate the events on this border."
        )
    return Counted(np.clip(places, 0.0, length_m), kept, left_out)


def near_line(within_km: float | None, bank: str | None = None) -> str:
    """
    Say which events count, for a sentence of method.

    Parameters
    ----------
    within_km, bank
        As for `count_events`.

    Returns
    -------
    words
        With a space before them; empty where every event with a place counts.
    """
    near = "" if within_km is None else f" within {within_km:g} km of the line"
    return near if bank is None else f"{near} on the bank of {bank}"


def require_within(within_km: object) -> None:
    """
    Make sure that a reach is a number of kilometres.

    Parameters
    ----------
    within_km
        What the caller gave; None is no limit.

    Raises
    ------
    MeasureError
        If it is negative, or no number.
    """
    if within_km is None:
        return
    if isinstance(within_km, bool) or not isinstance(within_km, numbers.Real):
        raise MeasureError(f"within_km must be a number of kilometres, not {within_km!r}.")
    if not float(within_km) >= 0:
        raise MeasureError(f"within_km must not be negative, but is {within_km}.")


def too_vague(events: pd.DataFrame, within_km: float) -> dict[str, Bools]:
    """
    Mark the events placed by name alone whose place is not known to within `within_km`.

    A province's name gives a point in its middle, or along its border, with an error of tens of
    kilometres: enough to draw it, not to count it in a stretch.

    Returns
    -------
    reason
        ``too_vague`` and its rows; empty where there are none.
    """
    if not {"geocoded_by", "location_error_m"} <= set(events.columns):
        return {}
    error = pd.to_numeric(events["location_error_m"], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    named = (events["geocoded_by"] == "gazetteer").to_numpy(dtype=np.bool_, na_value=False)
    vague = named & (error > within_km * 1000.0)
    return {"too_vague": vague} if vague.any() else {}
