"""Columns that the page filters and scales incidents by: kilometre, type, side, actor, deaths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from .._constants import Bools, Floats
from .._palette import GROUPS, group_of
from ..border import Border
from ._column_values import exact_numbers, series_of
from ._foot_prediction import CELLS_PER_KM
from ._incident_store import IncidentStore, Names

__all__ = ["FilterNames", "add_filter_columns", "cells_of", "side_is_known"]

#: At most so many actors can be chosen by name; nobody reads a longer list.
MOST_ACTORS: Final = 200
#: At most so many sides: two banks, the line itself and those not known, under any names.
MOST_SIDES: Final = 6
#: What stands for a side that the position cannot decide.
NOT_KNOWN: Final = "?"


@dataclass(frozen=True, slots=True)
class FilterNames:
    """The names behind the codes of the filter columns."""

    #: Group of each type.
    groups: list[int]
    #: Rows by group of types.
    by_group: list[int]
    #: Sides, most frequent first; rows of no listed side count as of an unknown one.
    sides: list[str]
    #: Actors, most frequent first, with the rows that name them.
    actors: list[tuple[str, int]]


def cells_of(measure_km: npt.ArrayLike) -> Floats:
    """
    Return the cell of the border that holds each kilometre.

    Parameters
    ----------
    measure_km
        Kilometres along the border; missing ones stay missing.

    Returns
    -------
    cells
        ``k`` where ``k / CELLS_PER_KM <= measure < (k + 1) / CELLS_PER_KM``, exactly:
        a comparison with a cell's bound agrees with one of the kilometres.

    Examples
    --------
    >>> cells_of([0.0, 0.29, 0.3, 816.96]).tolist()
    [0.0, 2.0, 3.0, 8169.0]
    """
    km: Floats = np.asarray(measure_km, dtype="float64")
    cells: Floats = np.floor(km * CELLS_PER_KM)
    # The product may round across a bound that the quotient does not.
    cells = np.where(cells / CELLS_PER_KM > km, cells - 1, cells)
    return np.where((cells + 1) / CELLS_PER_KM <= km, cells + 1, cells)


def side_is_known(table: pd.DataFrame, border: Border) -> Bools:
    """
    Return whether the position of each incident decides its side.

    Parameters
    ----------
    table
        Events after `locate`. ``side_known`` is taken as it is; where it is missing, an incident
        nearer to the line than the errors of its position and of the line together is on a side
        that is not known. Where no error is stated, the side counts as known.
    border
        The line, with its accuracy.

    Returns
    -------
    known
        One flag for each row; True where there is no side at all.
    """
    error, distance = (exact_numbers(table, name) for name in ("location_error_m", "distance_m"))
    with np.errstate(invalid="ignore"):
        near = distance <= np.hypot(error, border.accuracy_m or 0.0)
    known: Bools = ~(near & (error > 0))
    stated = series_of(table, "side_known")
    if stated is not None:
        flags = pd.array(stated.to_numpy(dtype=object), dtype="boolean")
        known = np.where(flags.isna(), known, flags.to_numpy(dtype=np.bool_, na_value=False))
    return known


def add_filter_columns(store: IncidentStore, table: pd.DataFrame, known: Bools) -> FilterNames:
    """
    Add the filter and size columns to the eager payload.

    Parameters
    ----------
    store
        The facts of the incidents, which get ``type``, ``side``, ``actor1``, ``actor2``,
        ``best`` and ``deathsLow`` (fatalities), ``blur`` (error of the position, metres); and
        ``bank``, the side to choose by, where the side of some incident is not known.
    table
        The incidents, in the order of the store.
    known
        Which sides are known, see `side_is_known`.

    Returns
    -------
    facets
        The names behind the codes.
    """
    kinds = store.shared({"type": _read_words(table, "event_type")}, "type", at_once=True)
    side = _read_words(table, "side")
    sides = store.shared({"side": side}, "side", at_once=bool(known.all()))
    if not known.all():
        sides = store.codes("bank", side.where(known | side.isna().to_numpy(), NOT_KNOWN))
    actors = store.shared(
        {name: _read_words(table, name) for name in ("actor1", "actor2")}, "actor", at_once=True
    )
    best, error = exact_numbers(table, "fatalities"), exact_numbers(table, "location_error_m")
    store.first.add("best", best)
    store.add_field("deaths", "number", "best")
    store.first.add("deathsLow", exact_numbers(table, "fatalities_low"), since=("best", best))
    store.add_field("deathsLow", "number")
    store.first.add("blur", error)
    store.add_field("error", "number", "blur")
    groups = [group_of(text) for text in kinds.texts]
    return FilterNames(
        groups=groups,
        by_group=_count_groups(kinds, groups, len(table)),
        sides=sides.texts[:MOST_SIDES],
        actors=list(zip(actors.texts, actors.counts, strict=True))[:MOST_ACTORS],
    )


def _read_words(table: pd.DataFrame, name: str) -> pd.Series[Any]:
    """Return a column of texts; an empty one where there is none."""
    series = series_of(table, name)
    return pd.Series([None] * len(table), dtype="str") if series is None else series


def _count_groups(kinds: Names, groups: list[int], rows: int) -> list[int]:
    """Return the number of rows in each group of types; rows without a type are in the last group."""
    counts = np.bincount(groups, weights=kinds.counts, minlength=len(GROUPS)).astype(np.int64)
    counts[group_of(None)] += rows - sum(kinds.counts)
    return [int(count) for count in counts]
