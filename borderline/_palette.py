"""Colours and shapes of incident types, and classes of a rate, for maps and figures alike."""

from __future__ import annotations

import itertools
import math
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from .schema import EVENT_TYPES

__all__ = ["GROUPS", "RAMP", "ZERO_COLOUR", "class_breaks", "class_labels", "group_of"]


@dataclass(frozen=True, slots=True)
class Group:
    """Incident types that are drawn alike."""

    #: What the legend calls them.
    name: str
    #: Fill, one of the eight colours of Okabe and Ito (2008), told apart by colour-blind readers.
    colour: str
    #: Outline of a lone symbol, so that colour is never the only difference.
    shape: str
    #: The event types of `schema.EVENT_TYPES` it holds.
    types: tuple[str, ...]
    #: Drawn hollow: nobody was fought.
    hollow: bool = False

    def as_config(self) -> dict[str, Any]:
        """Return what the page needs to know."""
        return {key: value for key, value in asdict(self).items() if key != "types"}


#: In the order of the legend. The last one takes every type not named before it.
GROUPS: Final[tuple[Group, ...]] = (
    Group("Ground clash", "#D55E00", "circle", ("ground_clash",)),
    Group("Artillery, rockets", "#0072B2", "square", ("artillery_rocket",)),
    Group("Air or drone strike", "#56B4E9", "triangle", ("airstrike", "drone_strike")),
    Group("Shooting", "#E69F00", "hexagon", ("shooting",)),
    Group("Mine explosion", "#000000", "diamond", ("landmine_explosion",)),
    Group(
        "Protest, alleged incursion",
        "#CC79A7",
        "square",
        ("protest_confrontation", "incursion_allegation"),
        hollow=True,
    ),
    Group("Talks, diplomacy", "#009E73", "circle", ("diplomatic_event",), hollow=True),
    Group("Other", "#F0E442", "pentagon", ()),
)

#: From few to many: ColorBrewer's YlOrRd without its palest step, safe for colour-blind readers.
RAMP: Final[tuple[str, ...]] = ("#FED976", "#FEB24C", "#FD8D3C", "#E31A1C", "#800026")

#: A stretch with nothing on it, and a border without density.
ZERO_COLOUR: Final = "#7A7F87"

_STEPS: Final = (1.0, 2.0, 5.0)


def group_of(event_type: object) -> int:
    """
    Return the group that an event type belongs to.

    Parameters
    ----------
    event_type
        One of `schema.EVENT_TYPES`; anything else, missing too, is "Other".

    Returns
    -------
    position
        Index into `GROUPS`.

    Examples
    --------
    >>> GROUPS[group_of("shooting")].name
    'Shooting'
    """
    return _POSITION.get(str(event_type), len(GROUPS) - 1)


_POSITION: Final = {
    name: next((i for i, group in enumerate(GROUPS) if name in group.types), len(GROUPS) - 1)
    for name in EVENT_TYPES
}


def class_breaks(values: npt.ArrayLike) -> list[float]:
    """
    Return round lower bounds for at most five classes of a rate.

    Parameters
    ----------
    values
        Rates; missing ones and those not above zero belong to no class.

    Returns
    -------
    breaks
        Increasing lower bounds, from the series 1, 2, 5 of each decade. A class
        holds its lower bound and not its upper one; the last class is open.

    Examples
    --------
    >>> class_breaks([0.0, 0.1, 0.3, 4.2])
    [0.1, 0.2, 0.5, 1.0, 2.0]
    """
    rates = np.asarray(values, dtype="float64")
    rates = rates[np.isfinite(rates) & (rates > 0)]
    if rates.size == 0:
        return []
    low, high = float(rates.min()), float(rates.max())
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    series = [float(f"{step:g}e{decade}") for decade in decades for step in _STEPS]
    # A rate of 0.1 may arrive as 0.09999999999999999: it belongs to the class that starts there.
    start = max(i for i, bound in enumerate(series) if bound <= low * (1 + 1e-9))
    breaks = [series[start]] + [bound for bound in series[start + 1 :] if bound <= high * (1 + 1e-9)]
    # Too wide a span for one break per step: the top classes matter most, the lowest one takes the rest.
    return [breaks[0], *breaks[-len(RAMP) + 1 :]] if len(breaks) > len(RAMP) else breaks


def class_labels(breaks: list[float]) -> list[str]:
    """
    Return a label for each class.

    Parameters
    ----------
    breaks
        Lower bounds, as `class_breaks` gives them.

    Returns
    -------
    labels
        One per class.

    Examples
    --------
    >>> class_labels([0.1, 0.2, 0.5])
    ['0.1 to under 0.2', '0.2 to under 0.5', '0.5 and more']
    """
    if not breaks:
        return []
    bounded = [f"{a:g} to under {b:g}" for a, b in itertools.pairwise(breaks)]
    return [*bounded, f"{breaks[-1]:g} and more"]
