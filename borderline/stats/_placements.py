"""Where along the border, and how far from it, the events of a sample may be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from .._constants import Bools, Floats, Ints
from ..border import Border
from ..errors import OptionError
from ..options import validate_whole, validate_word
from ..positions import draw_positions, spread_positions

__all__ = [
    "AS_POINTS",
    "DRAWS",
    "POSITIONS",
    "Placements",
    "PositionOptions",
    "Shares",
    "deconvolve_placements",
    "place_events",
    "validate_positions",
]

#: What counts: points as reported, the probability of each place, or shared draws of places.
POSITIONS: Final = ("points", "spread", "impute")

#: Draws of all positions, unless a number is given.
DRAWS: Final = 200

#: Length of the cells that a deconvolution resolves, metres.
CELL_M: Final = 1_000.0

#: An offset within this distance of the line is on it, metres, as in `locate`.
ON_LINE_M: Final = 1e-3


class PositionOptions(NamedTuple):
    """How the positions of events count."""

    #: One of `POSITIONS`.
    kind: str
    #: Number of draws.
    draws: int
    #: Seed of the draws.
    seed: int | None
    #: Steps of deconvolution; 0 for none.
    deconvolve: int

    @property
    def as_points(self) -> bool:
        """Return whether points count as reported."""
        return self.kind == "points"


#: Points count as reported.
AS_POINTS: Final = PositionOptions("points", DRAWS, 0, 0)


def validate_positions(
    positions: object, *, draws: object = DRAWS, seed: object = 0, deconvolve: object = None
) -> PositionOptions:
    """
    Validate how the positions of events count.

    Parameters
    ----------
    positions
        ``"points"``, ``"spread"`` or ``"impute"``.
    draws
        Number of draws, 2 or more.
    seed
        Seed of the draws.
    deconvolve
        Steps of deconvolution, a whole number from 1; None for none.

    Returns
    -------
    options
        Validated.

    Raises
    ------
    OptionError
        If one is of the wrong kind, or `deconvolve` is given for positions that are not spread.
    """
    kind = validate_word(positions, "positions", POSITIONS)
    n_draws = validate_whole(draws, "draws", least=2)
    number = None if seed is None else validate_whole(seed, "seed", least=0)
    steps = 0 if deconvolve is None else validate_whole(deconvolve, "deconvolve")
    if steps and kind != "spread":
        raise OptionError(f"deconvolve must be None unless positions='spread', not {deconvolve!r}.")
    return PositionOptions(kind, n_draws, number, steps)


class Shares(NamedTuple):
    """The share that each of several rows has in each of several cells; rows in order."""

    #: Row, cell and share of each part, above 0.
    row: Ints
    cell: Ints
    share: Floats

    def expand(self, rows: Ints) -> tuple[Ints, Ints, Floats]:
        """
        Return the parts of many events that have these rows.

        Parameters
        ----------
        rows
            Row of each event.

        Returns
        -------
        event, cell, share
            One element for each part, events in order.
        """
        last = int(rows.max(initial=-1)) + 1
        start = np.searchsorted(self.row, np.arange(last + 1))
        count = np.diff(start)[rows]
        event = np.repeat(np.arange(len(rows)), count)
        part = np.arange(len(event)) - np.repeat(np.cumsum(count) - count, count) + start[rows][event]
        return event, self.cell[part], self.share[part]


@dataclass(frozen=True, eq=False)
class Placements:
    """
    Places where events may be, with their probabilities.

    A row of the tables holds the places of one position, and events at one position share it. With draws,
    a column is one draw of all positions together.
    """

    #: Row of each entry of the sample; -1 for one that counts as its point.
    index: Ints
    #: Chainage, and offset (positive to the left), metres, shape (rows, places).
    chainage_m: Floats
    offset_m: Floats
    #: Whether a place is past an end of the border.
    past_end: Bools
    #: Probability of each place; a row sums to 1.
    weight: Floats
    #: Whether columns are draws of all positions together.
    drawn: bool

    def take(self, kept: Bools | Ints) -> Placements:
        """Return the placements of some of the entries."""
        return replace(self, index=self.index[kept])

    def split_by(self, group: Ints) -> tuple[Placements, Ints]:
        """
        Return placements whose rows belong to entries of one group each.

        Parameters
        ----------
        group
            Group of each entry.

        Returns
        -------
        placements
            With as many rows as there are pairs of a group and a position.
        group_of_row
            Group of each row.
        """
        placed = self.index >= 0
        pair = group[placed] * max(len(self.weight), 1) + self.index[placed]
        pairs, row = np.unique(pair, return_inverse=True)
        index = np.full(len(self.index), -1, dtype=np.int64)
        index[placed] = row
        group_of_row, position = np.divmod(pairs, max(len(self.weight), 1))
        parts = {
            name: getattr(self, name)[position] for name in ("chainage_m", "offset_m", "past_end", "weight")
        }
        return replace(self, index=index, **parts), group_of_row

    def count_rows(self, weight: Floats) -> Floats:
        """Return the weight of the entries at each row."""
        placed = self.index >= 0
        counts = np.bincount(self.index[placed], weight[placed], minlength=len(self.weight))
        return counts.astype(np.float64)

    def share_rows(self, cell: Ints) -> Shares:
        """
        Return the share of each row in cells.

        Parameters
        ----------
        cell
            Cell of each place, shape (rows, places); -1 for none.

        Returns
        -------
        shares
            A row whose places all lie in one cell has the share 1 in it, whatever the rounding.
        """
        n_rows, n_places = cell.shape
        if not cell.size:
            return Shares(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
        size = int(cell.max()) + 2
        key = np.repeat(np.arange(n_rows), n_places) * size + cell.ravel() + 1
        keys, place = np.unique(key, return_inverse=True)
        share = np.bincount(place, self.weight.ravel(), minlength=len(keys))
        row, inside = keys // size, keys % size - 1
        alone = np.bincount(row, minlength=n_rows)[row] == 1
        share[alone] = 1.0
        kept = (inside >= 0) & (share > 0)
        return Shares(row[kept], inside[kept], share[kept])

    def bank_numbers(self) -> Ints:
        """Return the bank of each place: 0 left, 1 right, 2 on the line itself."""
        on_line = np.abs(self.offset_m) <= ON_LINE_M
        return np.where(on_line, 2, np.where(self.offset_m > 0, 0, 1))

    def choose_places(self, rows: Ints, n_draws: int, rng: np.random.Generator) -> Ints:
        """
        Return a place of each of several events in each draw.

        Parameters
        ----------
        rows
            Row of each event.
        n_draws
            Number of draws of independent places; where places were drawn together, those draws are given.
        rng
            Random generator of independent places.

        Returns
        -------
        place
            Column of the tables, shape (events, draws).
        """
        if self.drawn:
            return np.broadcast_to(np.arange(self.weight.shape[1]), (len(rows), self.weight.shape[1]))
        place = np.empty((len(rows), n_draws), dtype=np.int64)
        upto = np.cumsum(self.weight, axis=1)
        order = np.argsort(rows, kind="stable")
        for row, events in zip(*_group_order(rows[order], order), strict=True):
            chance = rng.random((len(events), n_draws)) * upto[row, -1]
            place[events] = np.searchsorted(upto[row], chance, side="right")
        return np.asarray(np.minimum(place, self.weight.shape[1] - 1))

    def reweigh(self, weight: Floats) -> Placements:
        """Return the same places with other probabilities."""
        return replace(self, weight=weight)


def _group_order(rows: Ints, order: Ints) -> tuple[Ints, list[Ints]]:
    distinct, start = np.unique(rows, return_index=True)
    return distinct, np.split(order, start[1:]) if len(distinct) else []


def place_events(
    events: pd.DataFrame, border: Border, rows: Ints, firm: Bools, options: PositionOptions, *, verb: str
) -> Placements:
    """
    Find where the events of a sample may be.

    Parameters
    ----------
    events
        Events after `locate`, with their points.
    border
        The border they were located on.
    rows
        Row of each entry, by position.
    firm
        Entries that count as their point, such as events that run along the border.
    options
        How positions count.
    verb
        Name of the public function, for messages.

    Returns
    -------
    placements
        Of the entries.
    """
    if options.kind == "spread":
        spread = spread_positions(events, border, verb=verb)
        index = np.where(firm, -1, spread.index[rows])
        return _keep_used(
            Placements(
                index, spread.chainage_m, spread.offset_m, spread.past_end, spread.weight, drawn=False
            ),
            border,
        )
    draws = draw_positions(events, border, n_draws=options.draws, seed=options.seed, verb=verb)
    known: Bools = ~np.isnan(draws.chainage_m[0])
    index = np.where(firm | ~known[rows], -1, rows)
    weight = np.full(draws.chainage_m.T.shape, 1.0 / options.draws)
    return _keep_used(
        Placements(index, draws.chainage_m.T, draws.offset_m.T, draws.past_end.T, weight, drawn=True), border
    )


def _keep_used(placements: Placements, border: Border) -> Placements:
    """Keep the rows that entries have; a position known exactly is one place."""
    placed = placements.index >= 0
    used, row = np.unique(placements.index[placed], return_inverse=True)
    index = placements.index.copy()
    index[placed] = row
    chainage = np.clip(placements.chainage_m[used], 0.0, border.length_m)
    offset, past_end, weight = (
        getattr(placements, name)[used] for name in ("offset_m", "past_end", "weight")
    )
    exact = (
        (chainage == chainage[:, :1]).all(axis=1)
        & (offset == offset[:, :1]).all(axis=1)
        & (past_end == past_end[:, :1]).all(axis=1)
    )
    weight = weight.copy()
    if weight.size:
        weight[exact] = np.eye(1, weight.shape[1])
    return Placements(index, chainage, offset, past_end, weight, placements.drawn)


def deconvolve_placements(
    placements: Placements, counts: Floats, group: Ints, *, length_m: float, steps: int
) -> Placements:
    """
    Weigh the places of each position by where the other events are.

    Each step is one of expectation and maximisation for the intensity along the border, in cells of about a
    kilometre, from the spread positions (Richardson 1972; Lucy 1974). The share of a position past an end
    of the border stays what it is.

    Parameters
    ----------
    placements
        Spread positions, with rows of one group each.
    counts
        Events at each row.
    group
        Group of each row; each group has an intensity of its own.
    length_m
        Length of the border, metres.
    steps
        Number of steps; few, so that chance is not sharpened.

    Returns
    -------
    placements
        With other probabilities.
    """
    n_cells = max(1, round(length_m / CELL_M))
    cell = np.minimum((placements.chainage_m * (n_cells / length_m)).astype(np.int64), n_cells - 1)
    on_border = ~placements.past_end
    flat = np.where(on_border, placements.weight, 0.0)
    kept = flat.sum(axis=1)
    place = group[:, None] * n_cells + cell
    size = (int(group.max(initial=-1)) + 1) * n_cells
    weight = flat
    for _ in range(steps):
        intensity = np.bincount(place.ravel(), (counts[:, None] * weight).ravel(), minlength=size)
        weight = flat * intensity[place]
        total = weight.sum(axis=1)
        seen = total > 0
        weight = np.where(seen[:, None], weight * (kept / np.where(seen, total, 1.0))[:, None], flat)
    return placements.reweigh(np.where(on_border, weight, placements.weight))
