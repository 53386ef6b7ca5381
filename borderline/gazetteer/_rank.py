"""Candidates in order, and whether one of them is the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from .._constants import GEOD
from ._index import Places
from ._match import Match

__all__ = ["ENOUGH", "Candidate", "Context", "choose", "metres_between", "rank"]

#: An answer scores at least this, what is taken for being little known included.
ENOUGH: Final = 0.74
#: Far from the border there are so many names that one is like almost any other.
_ENOUGH_FAR: Final = 0.84
#: A rival elsewhere that scores within this of the best leaves the question open.
_MARGIN: Final = 0.035

#: What the words of a report add or take.
_KIND_TOLD: Final = 0.03
_KIND_CONTRARY: Final = 0.05
_CLOSE_BY: Final = 0.06
_OTHER_PROVINCE: Final = 0.2
_FAR_OFF: Final = 0.1
#: Where nearness has taken all it takes, metres.
_FAR_M: Final = 200_000.0

#: Kinds of which the words for them are often part of a name of something else.
_LOOSE: Final = frozenset({"village", "hill", "pass"})


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the name."""

    #: Countries that come into question; None where any does.
    countries: frozenset[str] | None = None
    #: Provinces (ISO 3166-2) that the report names; None where it names none.
    provinces: frozenset[str] | None = None
    #: Places beside which, or in which, the place lies.
    beside: tuple[int, ...] = ()
    #: Kinds of place that the words tell.
    kinds: frozenset[str] = frozenset()
    #: A point it is near to: longitude, latitude.
    near: tuple[float, float] | None = None
    #: Provinces other than those named are out of the question.
    strict: bool = False
    #: Of a town and the unit of its name the town is meant.
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a name may mean."""

    #: Position of the place.
    place: int
    #: Position of the spelling that matched.
    alias: int
    #: How well it fits and how well known it is, 0 to 1.
    score: float
    #: The same before it is cut to 0 to 1: what decides the order.
    rank: float
    #: Fits in with the places named beside it.
    beside: bool = False


def metres_between(places: Places, one: int, other: int) -> float:
    """Geodesic metres between two places."""
    _, _, metres = GEOD.inv(places.lon[one], places.lat[one], places.lon[other], places.lat[other])
    return float(metres)


def rank(matches: Sequence[Match], places: Places, context: Context) -> list[Candidate]:
    """Put candidates in order, the best first."""
    found = []
    for place, alias, score in matches:
        if context.countries is not None and places.country[place] not in context.countries:
            continue
        inside = context.provinces is None or places.iso[place] in context.provinces
        if context.strict and not inside:
            continue
        fit, beside = score - (0.0 if inside else _OTHER_PROVINCE), False
        kind = places.kind[place]
        if context.kinds:
            if kind in context.kinds:
                fit += _KIND_TOLD
            elif not context.kinds & _LOOSE:
                fit -= _KIND_CONTRARY
        if context.beside:
            beside = any(_is_beside(places, place, other) for other in context.beside)
            fit += _CLOSE_BY if beside else 0.0
        if context.near is not None:
            _, _, metres = GEOD.inv(*context.near, places.lon[place], places.lat[place])
            fit -= _FAR_OFF * min(float(metres) / _FAR_M, 1.0)
        order = fit - float(places.handicap[place])
        found.append(Candidate(place, alias, min(max(order, 0.0), 1.0), order, beside))
    return sorted(found, key=lambda each: (-each.rank, each.place))


def _is_beside(places: Places, place: int, other: int) -> bool:
    """Tell whether a place may lie in or by another one."""
    if place == other or places.country[place] != places.country[other]:
        return False
    reach = 1.5 * places.error_m[other] + min(places.error_m[place], 10_000.0) + 5_000.0
    return bool(metres_between(places, place, other) <= reach)


def choose(
    candidates: Sequence[Candidate], places: Places, *, narrow: bool = False
) -> tuple[Candidate | None, float]:
    """
    Take the answer, where there is one.

    Of places of one name in one province the widest is meant, and the answer reaches as
    far as the others do; or, with `narrow`, the one that is known best.

    Returns
    -------
    answer, error_m
        None where nothing is good enough, or where equally good ones lie in several provinces.
    """
    # What is not good enough to be an answer is no rival either.
    able = [each for each in candidates if each.rank >= (_ENOUGH_FAR if places.far[each.place] else ENOUGH)]
    if not able or able[0].place != candidates[0].place:
        return None, 0.0
    best = able[0]
    close = [each for each in able if each.rank > best.rank - _MARGIN]
    if not places.iso[best.place] or any(places.iso[each.place] != places.iso[best.place] for each in close):
        return None, 0.0
    if narrow:
        point = min(close, key=lambda each: (places.error_m[each.place], -each.rank))
        return replace(point, score=best.score), float(places.error_m[point.place])
    # The lesser known of equal names only widen the answer where they are as likely.
    widest = max(close, key=lambda each: (places.error_m[each.place], each.rank))
    reach = [
        metres_between(places, widest.place, each.place) + min(places.error_m[each.place], 5_000.0)
        for each in close
        if each.place != widest.place
    ]
    answer = replace(widest, score=best.score)
    return answer, max([float(places.error_m[widest.place]), *reach])
