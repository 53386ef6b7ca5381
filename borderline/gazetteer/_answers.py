"""Answers for many reports of a place at once: each distinct name is looked up once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from .._constants import GEOD
from ._index import Index
from ._match import Match, match_names
from ._normal import fold_names, plain_forms
from ._phrases import COUNTRY_WORDS, Phrase, kinds_told, parse_place
from ._rank import ENOUGH, Candidate, Context, choose, metres_between, rank

__all__ = ["Answer", "Query", "answer_all", "list_candidates"]

#: A place beside which another one lies is known by a name at least this like.
_SURE: Final = 0.85
#: What "near" and a direction without a distance may mean, metres.
_NEARBY_M: Final = 5_000.0
#: How far off the other of two ends may be where it is not known, metres.
_OTHER_END_M: Final = 25_000.0
#: Part of a reported distance by which it may be wrong, and of a distance along a stated direction.
_ROUGH: Final = 0.25
#: What is taken from the score where not the place itself is known but what it lies in.
_INSTEAD: Final = 0.1
#: Words at the end of a name that may name a province.
_TAIL_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Query:
    """What a report says: the text about the place, and the country and provinces it claims."""

    text: str
    countries: frozenset[str] | None = None
    provinces: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Where a report says it was, or why that is not known."""

    #: Position of the place; None where there is no answer.
    place: int | None
    #: Spelling that matched.
    alias: int | None
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


_NONE: Final = Answer(None, None, np.nan, np.nan, np.nan, 0.0)


@dataclass(frozen=True, slots=True)
class _Known:
    """Names that were looked up."""

    index: Index
    matches: dict[str, list[Match]]
    #: Provinces that a text names, where it does.
    provinces: dict[str, frozenset[str]]


def answer_all(queries: Sequence[Query], index: Index) -> list[Answer]:
    """
    Answer queries, equal ones once.

    Parameters
    ----------
    queries
        Texts with what is claimed beside them.
    index
        From `load_index`.

    Returns
    -------
    answers
        One for each query.
    """
    distinct = dict.fromkeys(queries)
    texts = list(dict.fromkeys(query.text for query in distinct))
    phrases = dict(zip(texts, map(parse_place, texts), strict=True))
    known = _look_up(list(phrases.values()), index)
    answered = {query: _answer(query, phrases[query.text], known) for query in distinct}
    return [answered[query] for query in queries]


def list_candidates(query: Query, index: Index, *, near: tuple[float, float] | None = None) -> list[Answer]:
    """List what a single query may mean, the best first, each as the answer it would be."""
    phrase = parse_place(query.text)
    known = _look_up([phrase], index)
    context = Context(query.countries, query.provinces, near=near, strict=True)
    ways = [(phrase.whole, ()), *((name, phrase.within) for name in phrase.names)]
    ways += [
        (head, (tail,))
        for head, tail in _tails(phrase.whole)
        if _tells(tail, known) and head in known.matches
    ]
    places, found = index.places, dict[int, Candidate]()
    for name, within in ways:
        told = replace(_told(within, context, known), kinds=kinds_told(name))
        for each in rank(known.matches.get(name, []), places, told):
            if each.place not in found or each.rank > found[each.place].rank:
                found[each.place] = each
    ordered = sorted(found.values(), key=lambda each: (-each.rank, each.place))
    listed = []
    for each in ordered:
        at = each.place
        if each.rank >= ENOUGH and places.iso[at]:
            lon, lat, error_m = float(places.lon[at]), float(places.lat[at]), float(places.error_m[at])
            answer = Answer(at, each.alias, lon, lat, error_m, each.score)
            listed.append(_shifted(_along_border(answer, known) if phrase.border else answer, phrase))
    return listed


def _look_up(phrases: list[Phrase], index: Index) -> _Known:
    """Match every name in the phrases, and the heads of names whose tail is a province."""
    names = dict.fromkeys(
        name for phrase in phrases for name in (phrase.whole, *phrase.names, *phrase.within) if name
    )
    heads = {name: _tails(name) for name in names}
    tails = list(dict.fromkeys(tail for each in heads.values() for _, tail in each))
    told = list(dict.fromkeys([*names, *tails]))
    forms = plain_forms(fold_names(told))
    provinces = {
        name: index.provinces[form] for name, form in zip(told, forms, strict=True) if form in index.provinces
    }
    wanted = {
        **names,
        **dict.fromkeys(
            head
            for each in heads.values()
            for head, tail in each
            if tail in provinces or tail.casefold() in COUNTRY_WORDS
        ),
    }
    matches = dict(zip(wanted, match_names(list(wanted), index), strict=True))
    return _Known(index, matches, provinces)


def _tails(name: str) -> list[tuple[str, str]]:
    """Ways to take the last words off a name."""
    words = name.split(" ")
    return [
        (" ".join(words[:-count]), " ".join(words[-count:]))
        for count in range(1, min(_TAIL_WORDS, len(words) - 1) + 1)
    ]


def _tells(tail: str, known: _Known) -> bool:
    """Tell whether the end of a name is a province or a country."""
    return tail in known.provinces or tail.casefold() in COUNTRY_WORDS


def _answer(query: Query, phrase: Phrase, known: _Known) -> Answer:
    """Answer one query."""
    context = Context(query.countries, query.provinces)
    if phrase.opposite:
        # Of the other bank only the claims are known.
        return _claimed(phrase, context, known)
    told = phrase.border or phrase.near or phrase.moved_m is not None
    whole = _NONE if told else _named(phrase.whole, (), context, known)
    if whole.score >= _SURE and whole.place is not None:
        return whole
    # What is told as so far off a place is so far off the town, not the district of its name.
    context = replace(context, narrow=phrase.near or phrase.moved_m is not None)
    if not told and not phrase.within and phrase.names == (phrase.whole,):
        parts = [whole]
    else:
        parts = [_named(name, phrase.within, context, known) for name in phrase.names]
    answer = _together(parts, known)
    if answer.place is None and whole.place is not None and not phrase.within and len(parts) < 2:
        answer = whole
    if answer.place is None:
        answer = _instead(answer, phrase, context, known)
    if answer.place is None:
        return replace(_claimed(phrase, context, known), candidates=answer.candidates)
    if phrase.border:
        answer = _along_border(answer, known)
    return _shifted(answer, phrase)


def _together(parts: list[Answer], known: _Known) -> Answer:
    """Several names for where it was: of two ends, or of one place as two sides name it."""
    found = [part for part in parts if part.place is not None]
    if len(found) > 1:
        found = [part for part in found if part.score >= _SURE] or found[:1]
    if not found:
        return replace(_NONE, candidates=next((part.candidates for part in parts if part.candidates), ()))
    answer = found[0]
    for other in found[1:]:
        answer = _joined(answer, other, known)
    if len(found) < len(parts) and answer.place is not None:
        # The end that is not known may lie some way off.
        answer = replace(
            answer, error_m=answer.error_m + _OTHER_END_M, score=max(answer.score - _INSTEAD, 0.0)
        )
    return answer


def _named(name: str, within: tuple[str, ...], context: Context, known: _Known) -> Answer:
    """Answer for one name, with what it lies in."""
    if not name:
        return _NONE
    direct = _chosen(name, within, context, known)
    if direct.place is not None and direct.score >= _SURE:
        return direct
    for head, tail in _tails(name):
        if _tells(tail, known) and head in known.matches:
            split = _chosen(head, (*within, tail), context, known)
            if split.place is not None and split.score > direct.score:
                return split
    return direct


def _chosen(name: str, within: tuple[str, ...], context: Context, known: _Known) -> Answer:
    """Rank the matches of a name and take the answer."""
    told = _told(within, context, known)
    places = known.index.places
    # The best score that a name could get decides how many are worth a look.
    matches = known.matches.get(name, [])
    candidates = rank(matches, places, replace(told, kinds=kinds_told(name)))
    taken, error_m = choose(candidates, places, narrow=context.narrow)
    shown = tuple(candidates[:5])
    if taken is None or (told.beside and not taken.beside and taken.place not in told.beside):
        return replace(_NONE, candidates=shown)
    at = taken.place
    lon, lat = float(places.lon[at]), float(places.lat[at])
    return Answer(at, taken.alias, lon, lat, _rounded(error_m), taken.score, shown)


def _told(within: tuple[str, ...], context: Context, known: _Known) -> Context:
    """Add to the claims what the text itself says the place lies in."""
    places = known.index.places
    for part in within:
        if part.casefold() in COUNTRY_WORDS:
            country = frozenset({COUNTRY_WORDS[part.casefold()]})
            context = replace(context, countries=(context.countries or country) & country)
        elif part in known.provinces:
            context = replace(context, provinces=known.provinces[part], strict=True)
    beside: list[int] = []
    for part in within:
        if part.casefold() in COUNTRY_WORDS or part in known.provinces:
            continue
        candidates = rank(known.matches.get(part, []), places, replace(context, kinds=kinds_told(part)))
        beside += [each.place for each in candidates if each.score >= _SURE]
    return replace(context, beside=tuple(dict.fromkeys(beside)))


def _instead(answer: Answer, phrase: Phrase, context: Context, known: _Known) -> Answer:
    """Where the place is not known, take what it lies in."""
    for at, part in enumerate(phrase.within):
        if part.casefold() in COUNTRY_WORDS:
            continue
        wider = _named(part, phrase.within[at + 1 :], context, known)
        if wider.place is not None:
            error_m = wider.error_m + (0.0 if _is_unit(wider, known) else _NEARBY_M)
            candidates = answer.candidates or wider.candidates
            return replace(
                wider, error_m=error_m, score=max(wider.score - _INSTEAD, 0.0), candidates=candidates
            )
    return answer


def _is_unit(answer: Answer, known: _Known) -> bool:
    kind = known.index.places.kind[answer.place]
    return kind in {"province", "district", "subdistrict", "commune"}


def _claimed(phrase: Phrase, context: Context, known: _Known) -> Answer:
    """Where no name is known, take the one province that is claimed."""
    if context.provinces is None or len(context.provinces) != 1:
        return _NONE
    (iso,) = context.provinces
    places = known.index.places
    at = int(np.flatnonzero((places.kind == "province") & (places.iso == iso))[0])
    if context.countries is not None and places.country[at] not in context.countries:
        return _NONE
    lon, lat, error_m = float(places.lon[at]), float(places.lat[at]), float(places.error_m[at])
    answer = Answer(at, None, lon, lat, error_m, 1.0 - _INSTEAD)
    return _along_border(answer, known) if phrase.border or phrase.opposite else answer


def _along_border(answer: Answer, known: _Known) -> Answer:
    """Put an answer for a unit on the stretch of border along it."""
    places = known.index.places
    kind, iso = places.kind[answer.place], str(places.iso[answer.place])
    name = {"district": str(places.name[answer.place]), "province": ""}.get(str(kind))
    at = None if name is None else known.index.border.get((iso, name))
    if at is None:
        # Near a place, on the border: some kilometres along it.
        return replace(answer, error_m=answer.error_m + _NEARBY_M)
    lon, lat = float(places.lon[at]), float(places.lat[at])
    return replace(answer, lon=lon, lat=lat, error_m=float(places.error_m[at]), stretch=True)


def _joined(one: Answer, other: Answer, known: _Known) -> Answer:
    """Two places together: half way between them, reaching both; filed under the first."""
    _, _, apart = GEOD.inv(one.lon, one.lat, other.lon, other.lat)
    azimuth, _, _ = GEOD.inv(one.lon, one.lat, other.lon, other.lat)
    if one.place == other.place or apart < 1.0:
        return replace(one, error_m=max(one.error_m, other.error_m))
    lon, lat, _ = GEOD.fwd(one.lon, one.lat, azimuth, apart / 2)
    reach = apart / 2 + max(one.error_m, other.error_m)
    candidates = tuple(dict.fromkeys([*one.candidates, *other.candidates]))[:5]
    # Names that lie in different parts of the country are not two ends of one place.
    if one.place is not None and other.place is not None and reach > 100_000.0:
        widest = metres_between(known.index.places, one.place, other.place)
        return replace(_NONE, candidates=candidates, error_m=widest)
    return replace(
        one,
        lon=float(lon),
        lat=float(lat),
        error_m=float(reach),
        score=min(one.score, other.score),
        candidates=candidates,
    )


def _shifted(answer: Answer, phrase: Phrase) -> Answer:
    """Move an answer by what the report says, and widen it by how rough that is."""
    if phrase.moved_m is None:
        wider = _NEARBY_M if phrase.near else 0.0
        return replace(answer, error_m=_rounded(np.hypot(answer.error_m, wider)))
    if phrase.bearing is None:
        return replace(answer, error_m=_rounded(answer.error_m + phrase.moved_m))
    lon, lat, _ = GEOD.fwd(answer.lon, answer.lat, phrase.bearing, phrase.moved_m)
    # A direction of eight is good to an eighth of a turn: 0.4 of the distance across, more than along.
    rough = np.hypot(_ROUGH, np.sin(np.radians(22.5))) * phrase.moved_m
    return replace(answer, lon=float(lon), lat=float(lat), error_m=_rounded(np.hypot(answer.error_m, rough)))


def _rounded(error_m: float) -> float:
    """Give no more digits than a radius has."""
    return float(np.ceil(error_m / 100) * 100) if error_m > 1000 else float(np.ceil(error_m))
