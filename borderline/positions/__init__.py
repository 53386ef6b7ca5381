"""
Positions: where an event may have happened, as probabilities.

`read_positions` validates what a table says of its positions, `spread_positions` refers a
lattice of places for each of them to a border, and `draw_positions` draws places at random.
A position is a point and an error around it, by one of five models: ``normal``, ``disc``,
``ellipse``, ``polygon`` and ``mixture``. The line's own error enters as one more normal
vector ("shift"): a line that is displaced as a whole near the event and an event that is
displaced the other way are the same.
"""

from __future__ import annotations

from ._draws import Draws, draw_positions
from ._intervals import weighted_quantiles
from ._lattice import Lattice
from ._line_error import displacement_sd
from ._models import MODELS, place_models
from ._places import Positions, find_bearings
from ._position_columns import collect_positions, read_positions
from ._prior import PRIORS, describe_prior, hugging_prior, share_left, validate_prior, weigh_offsets
from ._spread import Spread, fit_border, spread_batches, spread_positions

__all__ = [
    "MODELS",
    "PRIORS",
    "Draws",
    "Lattice",
    "Positions",
    "Spread",
    "collect_positions",
    "describe_prior",
    "displacement_sd",
    "draw_positions",
    "find_bearings",
    "fit_border",
    "hugging_prior",
    "place_models",
    "read_positions",
    "share_left",
    "spread_batches",
    "spread_positions",
    "validate_prior",
    "weigh_offsets",
    "weighted_quantiles",
]
