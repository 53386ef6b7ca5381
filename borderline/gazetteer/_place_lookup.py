"""Answers to reports of a place; each distinct name is matched once, however many reports name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from .._constants import GEOD
from ._candidate_ranking import (
    LEAST_RANK,
    Candidate,
    Context,
    choose_candidate,
    distance_between,
    rank_candidates,
)
from ._name_forms import fold_names, plain_forms
from ._name_index import NameIndex
from ._name_matching import Match, match_names
from ._place_phrases import Phrase, country_of_word, kinds_in_words, parse_place

__all__ = ["Answer", "Query", "answer_queries", "list_candidates"]

#: A score from which on a name is taken for known.
_KNOWN_SCORE: Final = 0.85
#: What "near" and a direction without a distance may mean, metres.
_NEARBY_M: Final = 5_000.0
#: How far off the other of two ends may be where it is not known, metres.
_OTHER_END_M: Final = 25_000.0
#: Two names that lie farther apart than this are not two ends of one place, metres.
_APART_M: Final = 100_000.0
#: Share of a reported distance by which it may be wrong.
_ROUGH: Final = 0.25
#: What a score loses where not the place itself is known but what it lies in.
_LOSS_INSTEAD: Final = 0.1
#: A name may end in a province of at most this many words.
_MOST_TAIL_WORDS: Final = 3
#: Candidates kept with an answer.
_MOST_CANDIDATES: Final = 5


@dataclass(frozen=True, slots=True)
class Query:
    """A report of a place: the text about it, and the country and provinces it claims."""

    text: str
    countries: frozenset[str] | None = None
    provinces: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The place that a report means, with its position; no place where that is not known."""

    #: Position of the place; None where there is no answer.
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


_NO_ANSWER: Final = Answer(None, None, np.nan, np.nan, np.nan, 0.0)


@dataclass(frozen=True, slots=True)
class _Matched:
    """Names that were matched."""

    index: NameIndex
    matches: dict[str, list[Match]]
    #: Codes of the provinces that a text names, where it does.
    provinces: dict[str, frozenset[str]]

    def is_unit(self, name: str) -> bool:
        """Return whether a name is that of a province or of a country."""
        return name in self.provinces or country_of_word(name) is not None

    def split_tail(self, name: str) -> list[tuple[str, str]]:
        """Return the ways to take a province or a country off the end of a name."""
        return [
            (head, tail) for head, tail in _split_tails(name) if self.is_unit(tail) and head in self.matches
        ]


def answer_queries(queries: Sequence[Query], index: NameIndex) -> list[Answer]:
    """
    Answer queries.

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
    matched = _match_phrases(list(phrases.values()), index)
    answers = {query: _answer_query(query, phrases[query.text], matched) for query in distinct}
    return [answers[query] for query in queries]


def list_candidates(
    query: Query, index: NameIndex, *, near: tuple[float, float] | None = None
) -> list[Answer]:
    """
    List what a query may mean.

    Parameters
    ----------
    query
        A text with what is claimed beside it.
    index
        From `load_index`.
    near
        Longitude and latitude of a point: what lies near it goes first.

    Returns
    -------
    answers
        Best first, each as the answer that it would be.
    """
    phrase = parse_place(query.text)
    matched = _match_phrases([phrase], index)
    context = Context(query.countries, query.provinces, near=near, strict=True)
    readings = [(phrase.whole, ()), *((name, phrase.within) for name in phrase.names)]
    readings += [(head, (tail,)) for head, tail in matched.split_tail(phrase.whole)]
    places, best = index.places, dict[int, Candidate]()
    for name, within in readings:
        narrowed = replace(_add_surroundings(within, context, matched), kinds=kinds_in_words(name))
        for candidate in rank_candidates(matched.matches.get(name, []), places, narrowed):
            if candidate.place not in best or candidate.rank > best[candidate.place].rank:
                best[candidate.place] = candidate
    answers = []
    for candidate in sorted(best.values(), key=lambda candidate: (-candidate.rank, candidate.place)):
        place = candidate.place
        if candidate.rank >= LEAST_RANK and places.iso[place]:
            answer = _answer_place(place, matched, spelling=candidate.spelling, score=candidate.score)
            answers.append(
                _apply_distance(_move_to_border(answer, matched) if phrase.border else answer, phrase)
            )
    return answers


def _match_phrases(phrases: list[Phrase], index: NameIndex) -> _Matched:
    """Match every name in the phrases, and the heads of names whose tail is a province."""
    names = dict.fromkeys(
        name for phrase in phrases for name in (phrase.whole, *phrase.names, *phrase.within) if name
    )
    splits = [split for name in names for split in _split_tails(name)]
    texts = list(dict.fromkeys([*names, *(tail for _, tail in splits)]))
    forms = plain_forms(fold_names(texts))
    provinces = {
        text: index.provinces[form]
        for text, form in zip(texts, forms, strict=True)
        if form in index.provinces
    }
    matched = _Matched(index, {}, provinces)
    wanted = list(dict.fromkeys([*names, *(head for head, tail in splits if matched.is_unit(tail))]))
    matched.matches.update(zip(wanted, match_names(wanted, index), strict=True))
    return matched


def _split_tails(name: str) -> list[tuple[str, str]]:
    """Return the ways to take the last words off a name."""
    words = name.split(" ")
    return [
        (" ".join(words[:-count]), " ".join(words[-count:]))
        for count in range(1, min(_MOST_TAIL_WORDS, len(words) - 1) + 1)
    ]


def _answer_query(query: Query, phrase: Phrase, matched: _Matched) -> Answer:
    context = Context(query.countries, query.provinces)
    if phrase.opposite:
        # Of the other bank only the claims are known.
        return _answer_claim(phrase, context, matched)
    is_beside = phrase.border or phrase.near or phrase.moved_m is not None
    whole = _NO_ANSWER if is_beside else _answer_name(phrase.whole, (), context, matched)
    if whole.score >= _KNOWN_SCORE and whole.place is not None:
        return whole
    # What is so far off a place is so far off the town, not the district of its name.
    context = replace(context, narrow=phrase.near or phrase.moved_m is not None)
    if not is_beside and not phrase.within and phrase.names == (phrase.whole,):
        parts = [whole]
    else:
        parts = [_answer_name(name, phrase.within, context, matched) for name in phrase.names]
    answer = _join_answers(parts, matched)
    if answer.place is None and whole.place is not None and not phrase.within and len(parts) < 2:
        answer = whole
    if answer.place is None:
        answer = _answer_surroundings(answer, phrase, context, matched)
    if answer.place is None:
        return replace(_answer_claim(phrase, context, matched), candidates=answer.candidates)
    if phrase.border:
        answer = _move_to_border(answer, matched)
    return _apply_distance(answer, phrase)


def _answer_name(name: str, within: tuple[str, ...], context: Context, matched: _Matched) -> Answer:
    """Answer for one name, with what it lies in; its last words may be the province."""
    if not name:
        return _NO_ANSWER
    direct = _choose_match(name, within, context, matched)
    if direct.place is not None and direct.score >= _KNOWN_SCORE:
        return direct
    for head, tail in matched.split_tail(name):
        split = _choose_match(head, (*within, tail), context, matched)
        if split.place is not None and split.score > direct.score:
            return split
    return direct


def _choose_match(name: str, within: tuple[str, ...], context: Context, matched: _Matched) -> Answer:
    """Rank the matches of a name and choose the answer."""
    narrowed = _add_surroundings(within, context, matched)
    places = matched.index.places
    candidates = rank_candidates(
        matched.matches.get(name, []), places, replace(narrowed, kinds=kinds_in_words(name))
    )
    chosen, error_m = choose_candidate(candidates, places, narrow=context.narrow)
    shown = tuple(candidates[:_MOST_CANDIDATES])
    if chosen is None or (narrowed.beside and not chosen.beside and chosen.place not in narrowed.beside):
        return replace(_NO_ANSWER, candidates=shown)
    answer = _answer_place(chosen.place, matched, spelling=chosen.spelling, score=chosen.score)
    return replace(answer, error_m=_round_radius(error_m), candidates=shown)


def _answer_place(place: int, matched: _Matched, *, spelling: int | None, score: float) -> Answer:
    """Return a place as an answer, with its own position."""
    places = matched.index.places
    lon, lat, error_m = float(places.lon[place]), float(places.lat[place]), float(places.error_m[place])
    return Answer(place, spelling, lon, lat, error_m, score)


def _add_surroundings(within: tuple[str, ...], context: Context, matched: _Matched) -> Context:
    """Return a context with what the text itself says the place lies in."""
    places = matched.index.places
    for part in within:
        country = country_of_word(part)
        if country is not None:
            countries = frozenset({country})
            context = replace(context, countries=(context.countries or countries) & countries)
        elif part in matched.provinces:
            context = replace(context, provinces=matched.provinces[part], strict=True)
    beside: list[int] = []
    for part in within:
        if not matched.is_unit(part):
            narrowed = replace(context, kinds=kinds_in_words(part))
            candidates = rank_candidates(matched.matches.get(part, []), places, narrowed)
            beside += [candidate.place for candidate in candidates if candidate.score >= _KNOWN_SCORE]
    return replace(context, beside=tuple(dict.fromkeys(beside)))


def _join_answers(parts: list[Answer], matched: _Matched) -> Answer:
    """Return one answer for several names: of two ends, or of one place as two sides call it."""
    known = [part for part in parts if part.place is not None]
    if len(known) > 1:
        known = [part for part in known if part.score >= _KNOWN_SCORE] or known[:1]
    if not known:
        candidates = next((part.candidates for part in parts if part.candidates), ())
        return replace(_NO_ANSWER, candidates=candidates)
    answer = known[0]
    for other in known[1:]:
        answer = _take_middle(answer, other, matched)
    if len(known) < len(parts) and answer.place is not None:
        # The end that is not known may lie some way off.
        score = max(answer.score - _LOSS_INSTEAD, 0.0)
        answer = replace(answer, error_m=answer.error_m + _OTHER_END_M, score=score)
    return answer


def _take_middle(answer: Answer, other: Answer, matched: _Matched) -> Answer:
    """Return the middle of two places, with a radius that reaches both; it is filed under the first."""
    azimuth, _, apart = GEOD.inv(answer.lon, answer.lat, other.lon, other.lat)
    if answer.place == other.place or apart < 1.0:
        return replace(answer, error_m=max(answer.error_m, other.error_m))
    lon, lat, _ = GEOD.fwd(answer.lon, answer.lat, azimuth, apart / 2)
    reach = apart / 2 + max(answer.error_m, other.error_m)
    candidates = tuple(dict.fromkeys([*answer.candidates, *other.candidates]))[:_MOST_CANDIDATES]
    if answer.place is not None and other.place is not None and reach > _APART_M:
        widest = distance_between(matched.index.places, answer.place, other.place)
        return replace(_NO_ANSWER, candidates=candidates, error_m=widest)
    return replace(
        answer,
        lon=float(lon),
        lat=float(lat),
        error_m=float(reach),
        score=min(answer.score, other.score),
        candidates=candidates,
    )


def _answer_surroundings(answer: Answer, phrase: Phrase, context: Context, matched: _Matched) -> Answer:
    """Return what the place lies in, where the place itself is not known."""
    kinds = matched.index.places.kind
    for position, part in enumerate(phrase.within):
        if country_of_word(part) is not None:
            continue
        wider = _answer_name(part, phrase.within[position + 1 :], context, matched)
        if wider.place is not None:
            is_unit = kinds[wider.place] in {"province", "district", "subdistrict", "commune"}
            return replace(
                wider,
                error_m=wider.error_m + (0.0 if is_unit else _NEARBY_M),
                score=max(wider.score - _LOSS_INSTEAD, 0.0),
                candidates=answer.candidates or wider.candidates,
            )
    return answer


def _answer_claim(phrase: Phrase, context: Context, matched: _Matched) -> Answer:
    """Return the one province that is claimed, where no name is known."""
    if context.provinces is None or len(context.provinces) != 1:
        return _NO_ANSWER
    (iso,) = context.provinces
    places = matched.index.places
    place = int(np.flatnonzero((places.kind == "province") & (places.iso == iso))[0])
    if context.countries is not None and places.country[place] not in context.countries:
        return _NO_ANSWER
    answer = _answer_place(place, matched, spelling=None, score=1.0 - _LOSS_INSTEAD)
    return _move_to_border(answer, matched) if phrase.border or phrase.opposite else answer


def _move_to_border(answer: Answer, matched: _Matched) -> Answer:
    """Move an answer for a unit to the stretch of border along it."""
    places = matched.index.places
    kind, iso = places.kind[answer.place], str(places.iso[answer.place])
    district = {"district": str(places.name[answer.place]), "province": ""}.get(str(kind))
    border = None if district is None else matched.index.border.get((iso, district))
    if border is None:
        # Near a place, on the border: some kilometres along it.
        return replace(answer, error_m=answer.error_m + _NEARBY_M)
    lon, lat = float(places.lon[border]), float(places.lat[border])
    return replace(answer, lon=lon, lat=lat, error_m=float(places.error_m[border]), stretch=True)


def _apply_distance(answer: Answer, phrase: Phrase) -> Answer:
    """Move an answer by the distance that the report gives, and widen it by how rough that is."""
    if phrase.moved_m is None:
        wider = _NEARBY_M if phrase.near else 0.0
        return replace(answer, error_m=_round_radius(np.hypot(answer.error_m, wider)))
    if phrase.bearing is None:
        return replace(answer, error_m=_round_radius(answer.error_m + phrase.moved_m))
    lon, lat, _ = GEOD.fwd(answer.lon, answer.lat, phrase.bearing, phrase.moved_m)
    # A direction of eight is good to an eighth of a turn: 0.4 of the distance across, more than along.
    rough = np.hypot(_ROUGH, np.sin(np.radians(22.5))) * phrase.moved_m
    error_m = _round_radius(np.hypot(answer.error_m, rough))
    return replace(answer, lon=float(lon), lat=float(lat), error_m=error_m)


def _round_radius(error_m: float) -> float:
    """Round up a radius to the digits that it is known to."""
    return float(np.ceil(error_m / 100) * 100) if error_m > 1000 else float(np.ceil(error_m))
