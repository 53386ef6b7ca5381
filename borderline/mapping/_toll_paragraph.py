"""The paragraph of the page on totals of the dead that no place belongs to."""

from __future__ import annotations

from typing import Final

import pandas as pd

from .._countries import country_name
from ..border import Border
from ..catalog import load_tolls

__all__ = ["toll_paragraph"]

#: The border that the built-in totals are about.
_COUNTRIES: Final = {"KHM", "THA"}

_OPENING: Final = (
    "Totals that belong to no place, as others stated them. They are claims, they overlap, "
    "and nothing on this map counts them."
)


def toll_paragraph(border: Border, period: tuple[str, str]) -> str:
    """
    Return the last stated totals of each round of fighting within a period.

    Parameters
    ----------
    border
        The border that is drawn.
    period
        First and last day of the incidents, ISO dates; empty texts where none has a date.

    Returns
    -------
    paragraph
        Plain text, in English; empty for another border or when no round falls into the period.
    """
    first, last = period
    if {border.left, border.right} != _COUNTRIES or not first:
        return ""
    tolls = load_tolls()
    within = (tolls["since"] <= pd.Timestamp(last)) & (tolls["as_of"] >= pd.Timestamp(first))
    stated = tolls[within & tolls["fatalities_min"].notna()].sort_values(["since", "as_of"], kind="stable")
    # The last claim about each kind of victims; the table itself has the earlier ones.
    latest = stated.groupby(["since", "country", "victims"], dropna=False, sort=False).tail(1)
    rounds = [
        "; ".join(_state_toll(claim) for _, claim in claims.iterrows())
        for _, claims in latest.groupby("since", sort=True)
    ]
    return ". ".join([_OPENING.removesuffix("."), *rounds]) + "." if rounds else ""


def _state_toll(claim: pd.Series) -> str:
    """Return one claim as a phrase, with who made it."""
    low, high = claim["fatalities_min"], claim["fatalities_max"]
    dead = f"{low}" if high == low else f"{low} to {high}"
    side = "both countries" if pd.isna(claim["country"]) else country_name(claim["country"])
    victims = "" if claim["victims"] == "all" else f", {claim['victims']}"
    days = f"{claim['since']:%Y-%m-%d} to {claim['as_of']:%Y-%m-%d}"
    note = "" if pd.isna(claim["note"]) else f": {claim['note'].removesuffix('.')}"
    return f"{days}, {side}{victims}: {dead} dead ({claim['stated_by']}{note})"
