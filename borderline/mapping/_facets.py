"""What a reader can choose incidents by: kilometre, side, actor; and what scales their signs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from .._constants import Floats
from ._payload import Planes

__all__ = ["CELLS_PER_KM", "Facets", "add_facets", "cells_of"]

#: The page chooses stretches of the border by cells of this many to the kilometre.
CELLS_PER_KM: Final = 10
#: So many actors can be chosen by name; a longer list would not be read.
MOST_ACTORS: Final = 200
#: Banks are two and the line itself; a table may call them anything.
MOST_SIDES: Final = 6

_Texts = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Facets:
    """The names behind the codes of the planes."""

    #: Sides, most frequent first; rows of no listed side have the code after the last.
    sides: list[str]
    #: Actors, most frequent first, with the rows that name them.
    actors: list[tuple[str, int]]


def cells_of(measure_km: npt.ArrayLike) -> Floats:
    """
    Find the cell of the border that holds each kilometre.

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


def add_facets(
    planes: Planes,
    *,
    measure_km: Floats,
    sides: _Texts,
    actors: tuple[_Texts, _Texts],
    deaths: Floats,
    error_m: Floats,
) -> Facets:
    """
    Add to the planes what incidents are chosen by.

    Parameters
    ----------
    planes
        The planes of the incidents, which grow by ``km`` (cells), ``side``, ``actor1``,
        ``actor2``, ``deaths`` and ``error`` (metres).
    measure_km, sides, actors, deaths, error_m
        One value a row, in the order of the planes.

    Returns
    -------
    facets
        The names behind the codes.
    """
    side_codes, side_names, _ = _coded([sides], MOST_SIDES)
    actor_codes, actor_names, counts = _coded(list(actors), MOST_ACTORS)
    planes.add("km", cells_of(measure_km), step=1.0, low=0.0)
    planes.add("side", side_codes[0], step=1.0, low=0.0)
    planes.add("actor1", actor_codes[0], step=1.0, low=0.0)
    planes.add("actor2", actor_codes[1], step=1.0, low=0.0)
    planes.add("deaths", np.where(deaths >= 0, np.rint(deaths), np.nan), step=1.0, low=0.0)
    planes.add("error", np.where(error_m > 0, np.rint(error_m), np.nan), step=1.0, low=0.0)
    return Facets(sides=side_names, actors=list(zip(actor_names, counts, strict=True)))


def _coded(columns: list[_Texts], most: int) -> tuple[list[Floats], list[str], list[int]]:
    """Give the names of some columns numbers, the most frequent first; the rest get none."""
    series = [pd.Series(list(column), dtype=object) for column in columns]
    counts: Counter[str] = Counter()
    for k, column in enumerate(series):
        again = np.zeros(len(column), dtype=np.bool_)
        for other in series[:k]:
            # A row that names an actor twice counts once.
            again |= column.to_numpy() == other.to_numpy()
        counts.update({str(name): int(count) for name, count in column[~again].value_counts().items()})
    # By number, then by name: no accident of sorting may decide.
    order = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    codes = {name: float(k) for k, (name, _) in enumerate(order)}
    coded: list[Floats] = [
        np.asarray(column.map(codes).to_numpy(dtype="float64", na_value=np.nan)) for column in series
    ]
    return coded, [name for name, _ in order], [count for _, count in order]
