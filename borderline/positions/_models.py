"""The models of a position: their names, their constants, and which one a kind of place gets."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import numpy as np

from .._constants import Floats
from .._paths import data_path

__all__ = [
    "LINE_SD",
    "MODELS",
    "NORMAL_RADIUS",
    "PlaceModel",
    "disc_radius",
    "ellipse_across",
    "place_models",
]

#: Models of a position, by name.
MODELS: Final[tuple[str, ...]] = ("normal", "disc", "ellipse", "polygon", "mixture")

#: Radius that holds 90 % of a round normal distribution, in standard deviations: sqrt(2 ln 10), 2.146.
NORMAL_RADIUS: Final = float(np.sqrt(2.0 * np.log(10.0)))

#: Half-width that holds 90 % of a normal distribution on a line, in standard deviations.
LINE_SD: Final = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class PlaceModel:
    """What a kind of place says of a position, from ``geodata/crosswalks/position_models.csv``."""

    #: One of `MODELS`.
    model: str
    #: For ``ellipse``: standard deviation along, in those across; NaN for other models.
    ratio: float
    #: For ``mixture``: share at the named point, 0 to 1; NaN for other models.
    share: float
    #: Why.
    reason: str


@cache
def place_models() -> dict[tuple[str, str], PlaceModel]:
    """
    Return the model of each kind of place.

    Returns
    -------
    models
        By data set and kind, as in ``dataset`` and ``geo_precision``. Words have the data set
        ``""``, since they mean the same everywhere; codes have that of their provider. Any
        other place is ``("", "")``.
    """
    path = data_path("geodata", "crosswalks", "position_models.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["dataset"], row["kind"]): PlaceModel(
                row["model"], float(row["ratio"] or "nan"), float(row["share"] or "nan"), row["reason"]
            )
            for row in csv.DictReader(file)
        }


def disc_radius(error_m: Floats) -> Floats:
    """Return the radius of the even disc of which 90 % lies within `error_m`, metres."""
    radius: Floats = error_m / np.sqrt(0.9)
    return radius


@lru_cache(maxsize=64)
def ellipse_across(ratio: float) -> float:
    """
    Return the standard deviation across of a normal ellipse whose circle of 90 % has radius 1.

    Parameters
    ----------
    ratio
        Standard deviation along, in those across.

    Returns
    -------
    across
        That along is `ratio` times as long.
    """
    angle = (np.arange(720) + 0.5) * (np.pi / 720)
    stretch = (ratio * np.cos(angle)) ** 2 + np.sin(angle) ** 2
    low, high = 1e-9, 1.0 / NORMAL_RADIUS * max(1.0, 1.0 / ratio)
    for _ in range(60):
        middle = (low + high) / 2
        # In units of the two deviations the radius is that of a round normal, in every direction.
        beyond = np.exp(-0.5 / (middle**2 * stretch)).mean()
        low, high = (middle, high) if beyond < 0.1 else (low, middle)
    return (low + high) / 2
