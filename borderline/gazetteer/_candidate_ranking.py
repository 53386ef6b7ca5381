"""Candidates for a place in the order of how well they fit what a report says, and the choice among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from .._constants import GEOD
from ._name_index import Places
from ._name_matching import Match

__all__ = [
    "LEAST_RANK",
    "Candidate",
    "Context",
    "choose_candidate",
    "distance_between",
    "is_eligible",
    "may_be_meant",
    "rank_candidates",
]

#: An answer ranks at least this high, its handicap for being little known included.
LEAST_RANK: Final = 0.74
#: Far from the border there are so many names that one is like almost any other; and so there
#: are villages, subdistricts and communes, of which most of the unknown ones are like a known one.
_LEAST_RANK_FAR: Final = 0.84
_LEAST_RANK_SMALL: Final = 0.74
_SMALL_KINDS: Final = frozenset({"village", "subdistrict", "commune"})
#: A rival in another province that ranks within this of the best leaves the question open.
_MARGIN: Final = 0.035

#: A name that is merely like that of a small place may as well be a misspelt province that ranks
#: within this of it.
_ALIKE_RANK: Final = 0.86
_MARGIN_PROVINCE: Final = 0.06

#: What the words of a report add to a score, or take from it.
_GAIN_KIND: Final = 0.03
_LOSS_OTHER_KIND: Final = 0.05
_GAIN_BESIDE: Final = 0.06
_LOSS_OTHER_PROVINCE: Final = 0.2
_LOSS_FAR: Final = 0.1
#: The loss for distance is complete here, metres.
_FAR_M: Final = 200_000.0

#: Kinds whose words are often part of the name of something else.
_LOOSE_KINDS: Final = frozenset({"village", "hill", "pass"})


@dataclass(frozen=True, slots=True)
class Context:
    """Facts beside the name that decide between candidates."""

    #: Countries in question; None for any.
    countries: frozenset[str] | None = None
    #: Provinces (ISO 3166-2) that the report names; None where it names none.
    provinces: frozenset[str] | None = None
    #: Places beside which, or in which, the place lies.
    beside: tuple[int, ...] = ()
    #: Kinds of place that the words speak of.
    kinds: frozenset[str] = frozenset()
    #: A point it is near to: longitude, latitude.
    near: tuple[float, float] | None = None
    #: Whether other provinces than those named are excluded.
    strict: bool = False
    #: Whether a town is meant rather than the unit of its name.
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a name may mean."""

    #: Position of the place.
    place: int
    #: Position of the spelling that matched.
    spelling: int
    #: How well it fits and how well known it is, 0 to 1.
    score: float
    #: The same before it is cut to 0 to 1: what decides the order.
    rank: float
    #: Whether it lies in or by the places named beside it.
    beside: bool = False


def distance_between(places: Places, place: int, other: int) -> float:
    """Return the geodesic metres between two places."""
    _, _, metres = GEOD.inv(places.lon[place], places.lat[place], places.lon[other], places.lat[other])
    return float(metres)


def rank_candidates(matches: Sequence[Match], places: Places, context: Context) -> list[Candidate]:
    """Return the candidates among matches, best first."""
    candidates = []
    for place, spelling, score in matches:
        if context.countries is not None and places.country[place] not in context.countries:
            continue
        inside = context.provinces is None or places.iso[place] in context.provinces
        if context.strict and not inside:
            continue
        fit, beside = score - (0.0 if inside else _LOSS_OTHER_PROVINCE), False
        kind = places.kind[place]
        if context.kinds:
            if kind in context.kinds:
                fit += _GAIN_KIND
            elif not context.kinds & _LOOSE_KINDS:
                fit -= _LOSS_OTHER_KIND
        if context.beside:
            beside = any(_is_beside(places, place, other) for other in context.beside)
            fit += _GAIN_BESIDE if beside else 0.0
        if context.near is not None:
            _, _, metres = GEOD.inv(*context.near, places.lon[place], places.lat[place])
            fit -= _LOSS_FAR * min(float(metres) / _FAR_M, 1.0)
        rank = fit - float(places.handicap[place])
        candidates.append(Candidate(place, spelling, min(max(rank, 0.0), 1.0), rank, beside))
    return sorted(candidates, key=lambda candidate: (-candidate.rank, candidate.place))


def _is_beside(places: Places, place: int, other: int) -> bool:
    """Return whether a place may lie in or by another one."""
    if place == other or places.country[place] != places.country[other]:
        return False
    reach = 1.5 * places.error_m[other] + min(places.error_m[place], 10_000.0) + 5_000.0
    return bool(distance_between(places, place, other) <= reach)


def is_eligible(candidate: Candidate, places: Places) -> bool:
    """Return whether a candidate is good enough to be an answer."""
    is_small = places.kind[candidate.place] in _SMALL_KINDS and not candidate.beside
    if places.far[candidate.place]:
        return candidate.rank >= _LEAST_RANK_FAR
    return candidate.rank >= (_LEAST_RANK_SMALL if is_small else LEAST_RANK)


def may_be_meant(candidate: Candidate, best: Candidate, places: Places) -> bool:
    """Return whether a province may be meant, where the best candidate is a small place of a like name."""
    if best.rank >= _ALIKE_RANK or places.kind[best.place] not in _SMALL_KINDS:
        return False
    return places.kind[candidate.place] == "province" and candidate.rank > best.rank - _MARGIN_PROVINCE


def choose_candidate(
    candidates: Sequence[Candidate], places: Places, *, narrow: bool = False
) -> tuple[Candidate | None, float]:
    """
    Choose the answer among candidates.

    Of places of one name in one province the widest is meant, and the answer reaches as
    far as the others do; or, with `narrow`, the one whose position is known best.

    Returns
    -------
    answer, error_m
        None where nothing is good enough, or where equally good ones lie in several provinces.
    """
    # A candidate that is not good enough to be an answer is no rival either.
    eligible = [candidate for candidate in candidates if is_eligible(candidate, places)]
    if not eligible or eligible[0].place != candidates[0].place:
        return None, 0.0
    best = eligible[0]
    rivals = [
        candidate
        for candidate in eligible
        if candidate.rank > best.rank - _MARGIN or may_be_meant(candidate, best, places)
    ]
    province = places.iso[best.place]
    if not province or any(places.iso[rival.place] != province for rival in rivals):
        return None, 0.0
    if narrow:
        point = min(rivals, key=lambda rival: (places.error_m[rival.place], -rival.rank))
        return replace(point, score=best.score), float(places.error_m[point.place])
    # The lesser known of equal names only widen the answer where they are as likely.
    widest = max(rivals, key=lambda rival: (places.error_m[rival.place], rival.rank))
    reach = [
        distance_between(places, widest.place, rival.place) + min(places.error_m[rival.place], 5_000.0)
        for rival in rivals
        if rival.place != widest.place
    ]
    answer = replace(widest, score=best.score)
    return answer, max([float(places.error_m[widest.place]), *reach])
