"""ACLED: three generations of columns, one row an event or one an actor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from ._columns import fold_name
from ._raw import Raw
from ._values import texts

__all__ = ["COLUMNS", "PER_ACTOR", "SIGNATURE", "derive"]

#: Since 2010 in every generation, in lower or upper case.
SIGNATURE: Final = frozenset({"event_id_cnty", "event_type", "actor1", "inter1", "geo_precision"})
#: The export with a row for each actor, in long form.
PER_ACTOR: Final = frozenset({"event_id_cnty", "event_type", "actor", "actor_type", "geo_precision"})

COLUMNS: Final[dict[str, str]] = {
    "event_id": "event_id_cnty",
    "event_date": "event_date",
    "event_type": "event_type",
    "country": "country",
    "source": "source",
}

#: Words for the numbers that older files have in ``inter1`` and ``inter2``.
_INTER: Final[dict[str, str]] = {
    "1": "State forces",
    "2": "Rebel group",
    "3": "Political militia",
    "4": "Identity militia",
    "5": "Rioters",
    "6": "Protesters",
    "7": "Civilians",
    "8": "External/Other forces",
}
_INTER_COLUMNS: Final = ("inter1", "inter2", "inter_type", "inter")

#: What may differ between the rows of one event: who acts, and how the row itself is counted.
_OF_THE_ACTOR: Final = frozenset(
    {
        "actor",
        "actor_type",
        "actor1",
        "actor2",
        "assoc_actor",
        "assoc_actor_1",
        "assoc_actor_2",
        "ally_actor_1",
        "ally_actor_2",
        "associated_actors",
        "inter",
        "inter_type",
        "inter1",
        "inter2",
        "data_id",
    }
)


def derive(raw: Raw, cells: Mapping[str, pd.Series]) -> tuple[dict[str, pd.Series], dict[int, int]]:
    """
    Read type and actors; find the rows that repeat an event for another actor.

    Returns
    -------
    derived
        Columns of ours. ``event_type`` is the sub-event type where there is one,
        ``event_type_source`` both.
    folded
        Position of a row that repeats an event, to that of the event's first row.
    """
    theirs = {fold_name(name): raw.cells[name] for name in raw.cells.columns}
    derived: dict[str, pd.Series] = {}
    if "event_type" in cells:
        kind = texts(cells["event_type"])
        sub = texts(theirs["sub_event_type"]) if "sub_event_type" in theirs else np.full(len(kind), None)
        pairs = list(zip(kind, sub, strict=True))
        derived["event_type"] = pd.Series([b or a for a, b in pairs], dtype=object)
        told = [": ".join(filter(None, pair)) or None for pair in pairs]
        derived["event_type_source"] = pd.Series(told, dtype=object)
    for name in _INTER_COLUMNS:
        if name in theirs:
            words = [
                _INTER.get(text or "", None if text in {None, "0"} else text) for text in texts(theirs[name])
            ]
            derived[str(theirs[name].name)] = pd.Series(words, dtype=object)
    folded = _repeats(theirs)
    if folded:
        derived |= _two_actors(theirs, folded)
    return derived, folded


def _repeats(theirs: Mapping[str, pd.Series]) -> dict[int, int]:
    """
    Find the rows that tell an event again for another of its actors.

    Everything but the actors must agree and the actors must differ: a row that
    repeats another one wholly is an error of the file, not of this layout.
    """
    ids = texts(theirs["event_id_cnty"])
    groups: dict[str, list[int]] = {}
    for row, own in enumerate(ids):
        if own is not None:
            groups.setdefault(own, []).append(row)
    several = [rows for rows in groups.values() if len(rows) > 1]
    if not several:
        return {}
    common = [theirs[name].array for name in theirs if name not in _OF_THE_ACTOR]
    actors = [theirs[name].array for name in theirs if name in _OF_THE_ACTOR - {"data_id"}]
    folded: dict[int, int] = {}
    for first, *others in several:
        seen = [_row(actors, first)]
        for row in others:
            if _row(common, row) == _row(common, first) and _row(actors, row) not in seen:
                folded[row] = first
                seen.append(_row(actors, row))
    return folded


def _row(columns: list[pd.api.extensions.ExtensionArray], row: int) -> tuple[str, ...]:
    return tuple(str(column[row]).strip() for column in columns)


def _two_actors(theirs: Mapping[str, pd.Series], folded: Mapping[int, int]) -> dict[str, pd.Series]:
    """Give each event its first two distinct actors, from all rows that tell of it."""
    name = "actor" if "actor" in theirs else "actor1"
    acting = texts(theirs[name])
    other = texts(theirs["actor2"]) if "actor2" in theirs else np.full(len(acting), None)
    named: dict[int, list[str]] = {}
    for row, pair in enumerate(zip(acting, other, strict=True)):
        into = named.setdefault(folded.get(row, row), [])
        into.extend(actor for actor in pair if actor is not None and actor not in into)
    columns = {key: np.full(len(acting), None, dtype=object) for key in ("actor1", "actor2")}
    for row, actors in named.items():
        columns["actor1"][row], columns["actor2"][row] = [*actors, None, None][:2]
    return {key: pd.Series(values, dtype=object) for key, values in columns.items()}
