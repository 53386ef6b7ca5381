"""The verb `line_agreement`: the distance and the land between two drawings of a border."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..border import Border
from ..errors import OptionError
from ..options import validate_numbers, validate_positive
from ..provenance import cited
from ._line_pair import feet_along, hausdorff_distance, land_between, pair_lines

__all__ = ["Agreement", "line_agreement"]

#: More places than this are asked for by mistake.
MOST = 10_000_000


@dataclass(frozen=True, eq=False, repr=False)
class Agreement:
    """
    Distance between two drawings of a border, in geodesic metres and square kilometres.

    Examples
    --------
    >>> import borderline as bl
    >>> agreement = bl.lines.line_agreement(bl.load_border(), bl.load_border(line="osm-2026"))
    >>> f"{agreement.hausdorff_m:.0f} m, {agreement.area_km2:.1f} km2"
    '297 m, 1.8 km2'
    """

    #: Place by place along the first line; see `line_agreement`.
    table: pd.DataFrame
    #: Mean separation along the common stretch of the first line, geodesic metres.
    mean_m: float
    #: Quantiles of the separation, geodesic metres, by their level.
    quantiles_m: dict[float, float]
    #: Largest distance from any place of either line, ends and all, to the other; to 5 cm.
    hausdorff_m: float
    #: Land to the left of the first line and to the right of the second, square kilometres.
    left_km2: float
    #: Land to the right of the first line and to the left of the second, square kilometres.
    right_km2: float
    #: Length of the common stretch on the first line, geodesic kilometres.
    common_km: float

    @property
    def area_km2(self) -> float:
        """Land that the two lines put on different sides, square kilometres."""
        return self.left_km2 + self.right_km2

    def __repr__(self) -> str:
        levels = "".join(f", {level:.0%} within {value:,.1f} m" for level, value in self.quantiles_m.items())
        return (
            f"<Agreement over {self.common_km:,.1f} km: mean {self.mean_m:,.1f} m{levels}, "
            f"at most {self.hausdorff_m:,.1f} m, {self.area_km2:,.3f} km2 between>"
        )


def line_agreement(
    a: Border,
    b: Border,
    *,
    step_m: float = 100.0,
    levels: Sequence[float] = (0.5, 0.9, 0.95),
) -> Agreement:
    """
    Measure how far apart two drawings of a border are.

    Mean and quantiles are taken along `a`, so they change a little when the two change
    places; the largest distance and the areas do not. Ends that only one of the lines
    reaches count for the largest distance alone.

    Parameters
    ----------
    a
        The line to go along.
    b
        The other line, in either direction.
    step_m
        How far apart the places are where the separation is taken, geodesic metres; they
        divide the common stretch evenly.
    levels
        Quantiles wanted, between 0 and 1.

    Returns
    -------
    agreement
        With ``agreement.table``: ``chainage_m`` along `a`, ``separation_m`` (geodesic
        distance to `b`), ``offset_m`` (the same, positive where `b` runs to the left of
        `a`), ``other_chainage_m`` along `b`.

    Raises
    ------
    GeometryError
        If the lines do not run along each other.
    OptionError
        If `step_m` is not positive or makes more than ten million places, or a level lies
        outside 0 to 1.

    Examples
    --------
    >>> import borderline as bl
    >>> a, b = bl.load_border(), bl.load_border(line="rtsd-2019")
    >>> agreement = bl.lines.line_agreement(a, b)
    >>> round(agreement.quantiles_m[0.5]), round(agreement.area_km2)
    (139, 145)
    """
    validate_numbers(levels, "levels", "a list of shares from 0 to 1, such as [0.5, 0.9]", least=0, most=1)
    validate_positive(step_m, "step_m", "a positive number of metres, such as 100")
    pair = pair_lines(a, b)
    first, last = pair.span_a
    if (last - first) / step_m >= MOST:
        raise OptionError(
            f"step_m must be a number of metres that makes up to {MOST:,} places, not {step_m}."
        )
    count = int(np.ceil((last - first) / step_m))
    chainage = np.asarray(first + (np.arange(count) + 0.5) * ((last - first) / count), dtype=np.float64)
    feet = feet_along(a, pair.b, chainage)
    # Seen from the place on `a`, `b` lies on the side that the place is not on, seen from `b`.
    offset = -feet.offset
    other = feet.chainage if pair.b is b else b.length_m - feet.chainage
    table = pd.DataFrame(
        {
            "chainage_m": chainage,
            "separation_m": feet.distance,
            "offset_m": offset,
            "other_chainage_m": other,
        }
    )
    table.attrs = {"border": a.identity, "other": b.identity, "sources": cited({}, a.source, b.source)}
    land = land_between(pair)
    return Agreement(
        table=table,
        mean_m=float(feet.distance.mean()),
        quantiles_m={float(level): float(np.quantile(feet.distance, level)) for level in levels},
        hausdorff_m=hausdorff_distance(a, b),
        left_km2=land.left_km2,
        right_km2=land.right_km2,
        common_km=(last - first) / 1000.0,
    )
