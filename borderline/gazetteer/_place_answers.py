"""Answers for single names: the choice among candidates, and what the words around them change."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from .._constants import GEOD
from ._answers import NO_ANSWER, Answer, Member, refuse
from ._candidate_ranking import Candidate, Context, choose_candidate, is_eligible, rank_candidates
from ._matched_names import MatchedNames
from ._place_phrases import Phrase, kinds_in_words

__all__ = [
    "KNOWN_SCORE",
    "LOSS_INSTEAD",
    "NEARBY_M",
    "add_surroundings",
    "answer_across",
    "answer_name",
    "answer_place",
    "answer_province",
    "apply_distance",
    "move_to_border",
    "rank_name",
    "round_radius",
]

#: A score from which on a name is taken for known.
KNOWN_SCORE: Final = 0.85
#: What "near" and a direction without a distance may mean, metres.
NEARBY_M: Final = 5_000.0
#: What a score loses where not the place itself is known but what it lies in.
LOSS_INSTEAD: Final = 0.1
#: Share of a reported distance by which it may be wrong.
_ROUGH: Final = 0.25
#: Candidates kept with an answer.
_MOST_CANDIDATES: Final = 5
#: "Opposite" reaches this much farther than the nearest known place of the other country, metres.
_ACROSS_M: Final = 10_000.0
#: Two names of one crossing lie no farther apart, metres.
_ONE_CROSSING_M: Final = 5_000.0


def answer_name(
    name: str,
    within: tuple[str, ...],
    context: Context,
    matched: MatchedNames,
    *,
    kinds: frozenset[str] = frozenset(),
) -> Answer:
    """
    Answer for one name, with what it lies in; its last words may be the province.

    Parameters
    ----------
    name
        As it stands in the text.
    within
        What the text says it lies in, the nearest first.
    context
        What is claimed beside it.
    matched
        From `match_phrases`.
    kinds
        Kinds of place in question, where the name itself does not tell.

    Returns
    -------
    answer
        With the reading ``place``, or a refusal with what came into question.
    """
    if not name:
        return NO_ANSWER
    direct = _choose_match(name, within, context, matched, kinds)
    if direct.place is not None and direct.score >= KNOWN_SCORE:
        return direct
    for head, tail in matched.split_tail(name):
        split = _choose_match(head, (*within, tail), context, matched, kinds)
        if split.place is not None and split.score > direct.score:
            return split
    return direct


def rank_name(
    name: str,
    within: tuple[str, ...],
    context: Context,
    matched: MatchedNames,
    kinds: frozenset[str] = frozenset(),
) -> tuple[list[Candidate], Context]:
    """Return the candidates for a name, best first, and the context that they were ranked in."""
    narrowed = add_surroundings(within, context, matched)
    kinds = kinds_in_words(name) or kinds
    if kinds != narrowed.kinds:
        narrowed = replace(narrowed, kinds=kinds)
    return rank_candidates(matched.matches.get(name, []), matched.index.places, narrowed), narrowed


def _choose_match(
    name: str, within: tuple[str, ...], context: Context, matched: MatchedNames, kinds: frozenset[str]
) -> Answer:
    """Rank the matches of a name and choose the answer."""
    places = matched.index.places
    candidates, narrowed = rank_name(name, within, context, matched, kinds)
    chosen, error_m = choose_candidate(candidates, places, narrow=context.narrow)
    shown = tuple(candidates[:_MOST_CANDIDATES])
    if chosen is None:
        is_known = bool(shown) and is_eligible(shown[0], places) and bool(places.iso[shown[0].place])
        return refuse("ambiguous" if is_known else "unknown", shown)
    if narrowed.beside and not chosen.beside and chosen.place not in narrowed.beside:
        return refuse("contradiction", shown)
    shown = (chosen, *(candidate for candidate in shown if candidate.place != chosen.place))
    place = chosen.place
    lon, lat, error_m = float(places.lon[place]), float(places.lat[place]), round_radius(error_m)
    return Answer(place, chosen.spelling, lon, lat, error_m, chosen.score, shown, reading="place")


def answer_place(place: int, matched: MatchedNames, *, spelling: int | None, score: float) -> Answer:
    """Return a place as an answer, with its own position."""
    places = matched.index.places
    lon, lat, error_m = float(places.lon[place]), float(places.lat[place]), float(places.error_m[place])
    return Answer(place, spelling, lon, lat, error_m, score, reading="place")


def answer_province(iso: str, matched: MatchedNames, *, score: float) -> Answer:
    """Return a province as an answer."""
    places = matched.index.places
    place = int(np.flatnonzero((places.kind == "province") & (places.iso == iso))[0])
    return answer_place(place, matched, spelling=None, score=score)


def add_surroundings(within: tuple[str, ...], context: Context, matched: MatchedNames) -> Context:
    """Return a context with what the text itself says the place lies in."""
    if not within:
        return context
    places = matched.index.places
    for part in within:
        country = matched.country_of(part)
        if country is not None:
            countries = frozenset({country})
            context = replace(context, countries=(context.countries or countries) & countries)
        elif part in matched.provinces:
            context = replace(context, provinces=matched.provinces[part], strict=True)
    beside: tuple[int, ...] = ()
    for part in reversed(within):
        if matched.is_unit(part):
            continue
        narrowed = replace(context, kinds=kinds_in_words(part), beside=beside)
        candidates = rank_candidates(matched.matches.get(part, []), places, narrowed)
        known = [candidate for candidate in candidates if candidate.score >= KNOWN_SCORE]
        # What does not lie in what the text names behind it is another place of that name.
        inside = [candidate for candidate in known if candidate.beside or candidate.place in beside]
        beside = tuple(candidate.place for candidate in (inside if beside else known)) or beside
    return replace(context, beside=beside)


def answer_across(answer: Answer, country: str | None, matched: MatchedNames) -> Answer:
    """
    Answer for what lies across the border from a place.

    Parameters
    ----------
    answer
        The place.
    country
        Country on whose side it lies; None for the other one.
    matched
        From `match_phrases`.

    Returns
    -------
    answer
        The other end of the crossing where the place is a crossing; else an area round the
        place that reaches the nearest known places of the other country, with their province
        where they have one.
    """
    places = matched.index.places
    if answer.place is None:
        return answer
    own = places.country[answer.place]
    others = [code for code in matched.index.border_countries if code != own]
    if country is None and len(others) == 1:
        country = others[0]
    if country is None or country == own:
        return replace(answer, reading="surroundings", score=max(answer.score - LOSS_INSTEAD, 0.0))
    if places.kind[answer.place] in {"province", "district"}:
        answer = move_to_border(answer, matched)
    rows = np.flatnonzero(
        (places.country == country) & ~np.isin(places.kind, ["province", "district", "border"])
    )
    ones = np.ones(len(rows))
    _, _, metres = GEOD.inv(ones * answer.lon, ones * answer.lat, places.lon[rows], places.lat[rows])
    order = np.argsort(metres, kind="stable")
    rows, metres = rows[order], np.asarray(metres)[order]
    score = max(answer.score - LOSS_INSTEAD, 0.0)
    if places.kind[answer.place] in {"crossing", "pass"}:
        is_end = (places.kind[rows] == "crossing") & (metres <= _ONE_CROSSING_M)
        if is_end.any():
            end = answer_place(int(rows[is_end][0]), matched, spelling=None, score=score)
            return replace(
                end, error_m=end.error_m + NEARBY_M, reading="across", candidates=answer.candidates
            )
    reach = (0.0 if answer.stretch else float(metres[0])) + _ACROSS_M + answer.error_m
    provinces = set(places.iso[rows[metres <= max(reach, float(metres[0]))]])
    area = replace(
        answer, place=None, spelling=None, error_m=round_radius(reach), score=score, country=country,
        reading="across", stretch=True,
    )  # fmt: skip
    own = {str(iso): answer_province(str(iso), matched, score=score).place for iso in sorted(provinces)}
    if len(own) == 1:
        return replace(area, place=own.popitem()[1])
    members = tuple(Member(iso, replace(area, place=place)) for iso, place in own.items())
    return replace(area, members=members)


def move_to_border(answer: Answer, matched: MatchedNames) -> Answer:
    """Move an answer for a unit to the stretch of border along it."""
    places = matched.index.places
    if answer.place is None:
        return answer
    kind, iso = places.kind[answer.place], str(places.iso[answer.place])
    district = {"district": str(places.name[answer.place]), "province": ""}.get(str(kind))
    border = None if district is None else matched.index.border.get((iso, district))
    if border is None:
        # Near a place, on the border: some kilometres along it.
        return replace(answer, error_m=answer.error_m + NEARBY_M)
    lon, lat = float(places.lon[border]), float(places.lat[border])
    return replace(answer, lon=lon, lat=lat, error_m=float(places.error_m[border]), stretch=True)


def apply_distance(answer: Answer, phrase: Phrase) -> Answer:
    """Move an answer by the distance that the report gives, and widen it by how rough that is."""
    if phrase.moved_m is None:
        wider = NEARBY_M if phrase.near else 0.0
        if not wider and answer.error_m == round_radius(answer.error_m):
            return answer
        return replace(answer, error_m=round_radius(np.hypot(answer.error_m, wider)))
    if phrase.bearing is None:
        return replace(answer, error_m=round_radius(answer.error_m + phrase.moved_m))
    lon, lat, _ = GEOD.fwd(answer.lon, answer.lat, phrase.bearing, phrase.moved_m)
    # A direction of eight is good to an eighth of a turn: 0.4 of the distance across, more than along.
    rough = np.hypot(_ROUGH, np.sin(np.radians(22.5))) * phrase.moved_m
    error_m = round_radius(np.hypot(answer.error_m, rough))
    return replace(answer, lon=float(lon), lat=float(lat), error_m=error_m)


def round_radius(error_m: float) -> float:
    """Round up a radius to the digits that it is known to."""
    return float(np.ceil(error_m / 100) * 100) if error_m > 1000 else float(np.ceil(error_m))
