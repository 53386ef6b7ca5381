"""Queries and answers: what is asked of the gazetteer, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from ._candidate_ranking import Candidate

__all__ = ["NO_ANSWER", "Answer", "Member", "Query", "refuse"]


@dataclass(frozen=True, slots=True)
class Query:
    """A report of a place: the text about it, and what else it claims."""

    text: str
    #: Countries in question; None for any.
    countries: frozenset[str] | None = None
    #: Provinces (ISO 3166-2) that are claimed; None where none is.
    provinces: frozenset[str] | None = None
    #: District, as the table names it.
    district: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One of several places that a report names together."""

    #: What the report says of it.
    text: str
    #: The answer for it alone.
    answer: Answer


@dataclass(frozen=True, slots=True)
class Answer:
    """
    The place that a report means, with its position; no place where that is not known.

    Of several places in different provinces, and of an area across the border, only the
    position is known: `place` is None and `lon` a number.
    """

    #: Position of the place; of several in one province, that of the province.
    place: int | None
    #: Position of the spelling that matched.
    spelling: int | None
    #: Degrees.
    lon: float
    #: Degrees.
    lat: float
    #: Metres that hold 90 %.
    error_m: float
    #: 0 to 1.
    score: float
    #: The best that came into question, whether one was taken or not.
    candidates: tuple[Candidate, ...] = ()
    #: Stands for the stretch of border along the place.
    stretch: bool = False
    #: How the text was read, or why there is no answer.
    reading: str = "unknown"
    #: The places that are named together, where there are several.
    members: tuple[Member, ...] = ()
    #: Country, where no place but the country is known.
    country: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is a place or at least a position."""
        return self.place is not None or bool(np.isfinite(self.lon))


NO_ANSWER: Final = Answer(None, None, np.nan, np.nan, np.nan, 0.0)


def refuse(reading: str, candidates: tuple[Candidate, ...] = ()) -> Answer:
    """Return no answer, with the reason and what came into question."""
    return Answer(None, None, np.nan, np.nan, np.nan, 0.0, candidates, reading=reading)
