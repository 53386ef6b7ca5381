"""What is assumed of offsets before a position is looked at: nothing, or that events hug the line."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from .._constants import Bools, Floats
from .._paths import data_path
from ..options import validate_word

__all__ = [
    "PRIORS",
    "OffsetPrior",
    "describe_prior",
    "hugging_prior",
    "near_sides",
    "share_left",
    "validate_prior",
    "weigh_offsets",
]

#: Priors by name: ``flat`` weighs all places alike, ``hugging`` by their offset.
PRIORS: Final[tuple[str, ...]] = ("flat", "hugging")

#: A position this many standard deviations off the line refutes that its event hugged the line:
#: chance places 1 in 100,000 there.
REFUTED: Final = 4.42


@dataclass(frozen=True, slots=True)
class OffsetPrior:
    """A mixture of two normal distributions of the offset, both with mean 0."""

    #: Share of the component near the line.
    near_share: float
    #: Its standard deviation, metres.
    near_sd_m: float
    #: That of the other component, metres.
    far_sd_m: float


@cache
def hugging_prior() -> OffsetPrior:
    """Return the prior fitted to well-placed events, from ``geodata/crosswalks/offset_prior.csv``."""
    path = data_path("geodata", "crosswalks", "offset_prior.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["component"]: row for row in csv.DictReader(file) if row["prior"] == "hugging"}
    near, far = rows["near"], rows["far"]
    return OffsetPrior(float(near["share"]), float(near["sd_m"]), float(far["sd_m"]))


def validate_prior(prior: object) -> str:
    """Return the name of a prior, or refuse with an OptionError."""
    return validate_word(prior, "prior", PRIORS)


def describe_prior(prior: str) -> str:
    """
    Return a prior in words, with its numbers.

    Parameters
    ----------
    prior
        One of `PRIORS`.

    Returns
    -------
    words
        For ``attrs``.
    """
    fitted = hugging_prior()
    words = (
        f"{fitted.near_share:.0%} normal with sd {fitted.near_sd_m:,.0f} m and "
        f"{1 - fitted.near_share:.0%} normal with sd {fitted.far_sd_m:,.0f} m about the line"
    )
    return f"hugging: offsets {words}" if prior == "hugging" else "flat: every place is as likely as another"


def weigh_offsets(offset_m: Floats, weight: Floats, *, prior: str) -> Floats:
    """
    Return the weights of places under a prior.

    Parameters
    ----------
    offset_m, weight
        Places of each position and their weights under the flat prior, shape (D, N).
    prior
        One of `PRIORS`.

    Returns
    -------
    weight
        Rows sum to 1.
    """
    if prior == "flat":
        return weight
    return _scale_weights(hugging_density(offset_m), weight)


def hugging_density(offset_m: Floats) -> Floats:
    """Return the logarithm of the density of offsets of events that hug the line, but for a constant."""
    fitted = hugging_prior()
    near = np.log(fitted.near_share / fitted.near_sd_m) - 0.5 * (offset_m / fitted.near_sd_m) ** 2
    far = np.log((1 - fitted.near_share) / fitted.far_sd_m) - 0.5 * (offset_m / fitted.far_sd_m) ** 2
    density: Floats = np.logaddexp(near, far)
    return density


def near_sides(offset_m: Floats, weight: Floats) -> tuple[Floats, Bools]:
    """
    Return the probability of the left bank if every event hugged the line, and where that is refuted.

    A mixture alone would take the most extreme of many wrong positions for true ones: its
    far component answers for whatever the near one cannot explain. Offsets are taken as
    normal, in closed form: few places of a lattice lie as far out as the line may be.

    Parameters
    ----------
    offset_m, weight
        As in `weigh_offsets`.

    Returns
    -------
    p_left
        Shape (D,).
    refuted
        Shape (D,): the position is too far off the line for it.
    """
    near_sd = hugging_prior().near_sd_m
    mean = (weight * offset_m).sum(axis=1)
    spread = np.sqrt(np.maximum((weight * (offset_m - mean[:, None]) ** 2).sum(axis=1), 0.0))
    refuted = np.abs(mean) > REFUTED * np.hypot(spread, near_sd)
    return share_left(mean * near_sd / np.hypot(near_sd, spread), spread), refuted


def share_left(offset_m: Floats, sd_m: Floats) -> Floats:
    """
    Return the probability that a normal distribution about each offset is positive.

    Parameters
    ----------
    offset_m, sd_m
        Mean and standard deviation, metres, shape (D,).

    Returns
    -------
    share
        Without deviation 1, 0, or on the line one half.
    """
    score = np.divide(offset_m, sd_m, out=np.sign(offset_m) * 40.0, where=sd_m > 0)
    return np.array([0.5 * math.erfc(-value / math.sqrt(2.0)) for value in score.tolist()])


def _scale_weights(log_density: Floats, weight: Floats) -> Floats:
    """Multiply weights by densities given as logarithms; rows sum to 1 again."""
    # The largest logarithm of a row is taken out first: far from the line all densities vanish.
    scaled: Floats = weight * np.exp(log_density - log_density.max(axis=1, keepdims=True, initial=-np.inf))
    scaled /= scaled.sum(axis=1, keepdims=True)
    return scaled
