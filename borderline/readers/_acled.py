"""ACLED: three generations of columns, one row an event or one an actor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from ._cell_values import read_distinct, read_texts
from ._layout import Derived, Layout, columns_by_name
from ._raw_table import RawTable

__all__ = ["LAYOUT", "LAYOUT_PER_ACTOR"]

_COLUMNS: Final[dict[str, str]] = {
    "event_id": "event_id_cnty",
    "event_date": "event_date",
    "event_type": "event_type",
    "country": "country",
    "source": "source",
}

#: Words for the numbers that older files have in ``inter1`` and ``inter2``.
_ACTOR_TYPES: Final[dict[str, str]] = {
    "1": "State forces",
    "2": "Rebel group",
    "3": "Political militia",
    "4": "Identity militia",
    "5": "Rioters",
    "6": "Protesters",
    "7": "Civilians",
    "8": "External/Other forces",
}
_ACTOR_TYPE_COLUMNS: Final = ("inter1", "inter2", "inter_type", "inter")

#: Columns that may differ between the records of one event: who acts, and the record's own number.
_ACTOR_COLUMNS: Final = frozenset(
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


def _derive_columns(raw: RawTable, cells: Mapping[str, pd.Series]) -> Derived:
    """
    Compute type and actors, and find the records that repeat an event for another actor.

    ``event_type`` becomes the sub-event type where there is one; ``event_type_source`` holds both.
    """
    columns = columns_by_name(raw)
    derived: dict[str, pd.Series] = {}
    if "event_type" in cells:
        kinds = read_distinct(cells["event_type"])
        codes, sub_types = kinds.codes, np.array([None], dtype=object)
        if "sub_event_type" in columns:
            subs = read_distinct(columns["sub_event_type"])
            # -1 stands for the last of the distinct texts, which is none.
            width = len(subs.distinct)
            codes, sub_types = codes * width + subs.codes % width, subs.distinct
        places, distinct = pd.factorize(codes)
        pairs = [
            (kinds.distinct[code // len(sub_types)], sub_types[code % len(sub_types)]) for code in distinct
        ]
        types = np.array([*(sub_type or kind for kind, sub_type in pairs), None], dtype=object)
        joined = np.array([*(": ".join(filter(None, pair)) or None for pair in pairs), None], dtype=object)
        derived["event_type"] = pd.Series(types[places], dtype=object)
        derived["event_type_source"] = pd.Series(joined[places], dtype=object)
    for name in _ACTOR_TYPE_COLUMNS:
        if name in columns:
            texts = read_distinct(columns[name])
            words = [
                _ACTOR_TYPES.get(text or "", None if text in {None, "0"} else text) for text in texts.distinct
            ]
            derived[str(columns[name].name)] = pd.Series(
                np.array(words, dtype=object)[texts.codes], dtype=object
            )
    repeats = _find_repeats(columns)
    if repeats:
        derived |= _first_two_actors(columns, repeats)
    return Derived(derived, repeats)


def _find_repeats(columns: Mapping[str, pd.Series]) -> dict[int, int]:
    """
    Find the records that repeat an event for another of its actors.

    Everything but the actors must agree and the actors must differ: a record that
    repeats another one wholly is an error of the file, not of this layout.
    """
    known_ids = read_distinct(columns["event_id_cnty"])
    named = known_ids.codes[known_ids.codes >= 0]
    if len(np.unique(named)) == len(named):
        return {}
    ids = known_ids.texts
    rows_by_id: dict[str, list[int]] = {}
    for row, event_id in enumerate(ids):
        if event_id is not None:
            rows_by_id.setdefault(event_id, []).append(row)
    groups = [rows for rows in rows_by_id.values() if len(rows) > 1]
    if not groups:
        return {}
    common = [columns[name].array for name in columns if name not in _ACTOR_COLUMNS]
    actors = [columns[name].array for name in columns if name in _ACTOR_COLUMNS - {"data_id"}]
    repeats: dict[int, int] = {}
    for first, *others in groups:
        seen = [_record_cells(actors, first)]
        for row in others:
            if (
                _record_cells(common, row) == _record_cells(common, first)
                and _record_cells(actors, row) not in seen
            ):
                repeats[row] = first
                seen.append(_record_cells(actors, row))
    return repeats


def _record_cells(columns: list[pd.api.extensions.ExtensionArray], row: int) -> tuple[str, ...]:
    return tuple(str(column[row]).strip() for column in columns)


def _first_two_actors(columns: Mapping[str, pd.Series], repeats: Mapping[int, int]) -> dict[str, pd.Series]:
    """Return the first two distinct actors of each event, from all records of it."""
    name = "actor" if "actor" in columns else "actor1"
    first = read_texts(columns[name])
    second = read_texts(columns["actor2"]) if "actor2" in columns else np.full(len(first), None)
    actors_by_row: dict[int, list[str]] = {}
    for row, pair in enumerate(zip(first, second, strict=True)):
        actors = actors_by_row.setdefault(repeats.get(row, row), [])
        actors.extend(actor for actor in pair if actor is not None and actor not in actors)
    result = {key: np.full(len(first), None, dtype=object) for key in ("actor1", "actor2")}
    for row, actors in actors_by_row.items():
        result["actor1"][row], result["actor2"][row] = [*actors, None, None][:2]
    return {key: pd.Series(values, dtype=object) for key, values in result.items()}


LAYOUT: Final = Layout(
    "acled",
    "ACLED",
    # Since 2010 in every generation, in lower or upper case.
    frozenset({"event_id_cnty", "event_type", "actor1", "inter1", "geo_precision"}),
    dataset="ACLED",
    columns=_COLUMNS,
    derive=_derive_columns,
    day_first=True,
    version="timestamp",
)
#: The export in long form.
LAYOUT_PER_ACTOR: Final = Layout(
    "acled-actors",
    "ACLED, a row for each actor",
    frozenset({"event_id_cnty", "event_type", "actor", "actor_type", "geo_precision"}),
    dataset="ACLED",
    crosswalk="acled",
    columns=_COLUMNS | {"actor1": "actor"},
    derive=_derive_columns,
    day_first=True,
    version="timestamp",
)
