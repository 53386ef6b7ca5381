"""How well a line is known from stretch to stretch, and over what length its displacement is alike."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from .._constants import Floats
from ..errors import TableError

__all__ = ["LineAccuracy"]


@dataclass(frozen=True)
class LineAccuracy:
    """
    Accuracy of a line by stretch, measured against another drawing.

    It refines the one number ``Border.accuracy_m``, and counts only as long as that is the
    number it was measured with: a border that is given another accuracy has that everywhere.

    Examples
    --------
    >>> import borderline as bl
    >>> along = bl.load_border().accuracy_along
    >>> len(along.accuracy_m), min(along.accuracy_m), max(along.accuracy_m)
    (16, 295.0, 1055.0)
    """

    #: ``accuracy_m`` of the whole line, metres.
    overall_m: float
    #: Chainages between which each value holds, metres, growing; one more than values.
    breaks_m: tuple[float, ...]
    #: Half-width that holds 90 % of the displacement in each stretch, metres.
    accuracy_m: tuple[float, ...]
    #: Length l over which the displacement is alike, metres: its correlation at a distance d is
    #: exp(-(d / l)^2).
    correlation_m: float

    def __post_init__(self) -> None:
        values = (self.overall_m, self.correlation_m, *self.accuracy_m, *self.breaks_m)
        ordered = all(first < second for first, second in itertools.pairwise(self.breaks_m))
        if not (
            np.isfinite(values).all()
            and min(self.accuracy_m, default=-1.0) >= 0
            and self.correlation_m > 0
            and ordered
            and len(self.breaks_m) == len(self.accuracy_m) + 1
        ):
            raise TableError(
                "An accuracy along a line needs finite metres: breaks_m that grow, one accuracy_m of 0 or "
                "more between each two of them, and a positive correlation_m."
            )

    def at_chainage(self, chainage_m: ArrayLike) -> Floats:
        """
        Return the accuracy at chainages.

        Parameters
        ----------
        chainage_m
            Geodesic metres, a number or an array.

        Returns
        -------
        accuracy_m
            Half-width that holds 90 %, metres; beyond the breaks that of the outermost stretch.
        """
        place = np.searchsorted(self.breaks_m, np.asarray(chainage_m, dtype=np.float64), side="right") - 1
        return np.asarray(self.accuracy_m)[np.clip(place, 0, len(self.accuracy_m) - 1)]

    def reversed(self, length_m: float) -> LineAccuracy:
        """Return the accuracy of the line counted from its other end, at `length_m` metres."""
        breaks = tuple(length_m - chainage for chainage in reversed(self.breaks_m))
        return replace(self, breaks_m=breaks, accuracy_m=self.accuracy_m[::-1])

    def widened(self, tolerance_m: float, breaks_m: Floats) -> LineAccuracy:
        """Return the accuracy of a simplified line: `tolerance_m` more, and breaks at other chainages."""
        return replace(
            self,
            overall_m=self.overall_m + tolerance_m,
            breaks_m=tuple(breaks_m.tolist()),
            accuracy_m=tuple(accuracy + tolerance_m for accuracy in self.accuracy_m),
        )
