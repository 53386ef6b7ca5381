"""Answers for names with a word for what stands in or by a place: a hospital, a casino, a base."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ._answers import Answer, refuse
from ._candidate_ranking import Context
from ._matched_names import MatchedNames
from ._place_answers import KNOWN_SCORE, LOSS_INSTEAD, NEARBY_M, answer_across, answer_name, round_radius
from ._place_phrases import Name, facility_in_words

__all__ = ["answer_head"]

#: Gambling is forbidden in Thailand: the casinos at its border stand on the other side.
_COUNTRY_OF_CASINOS: Final = "KHM"
#: Kinds of place that lie on the border.
_ON_THE_BORDER: Final = frozenset({"crossing", "pass"})
#: What stands at crossings more than elsewhere.
_AT_CROSSINGS: Final = frozenset({"casino", "resort"})
#: Units, which hold what stands in them.
_UNITS: Final = frozenset({"province", "district", "subdistrict", "commune"})


def answer_head(
    head: Name,
    within: tuple[str, ...],
    context: Context,
    matched: MatchedNames,
    *,
    kinds: frozenset[str] = frozenset(),
) -> Answer:
    """
    Answer for the name of a place, with the words for what stands in or by it.

    Parameters
    ----------
    head
        The name.
    within
        What the text says it lies in.
    context
        What is claimed beside it.
    matched
        From `match_phrases`.
    kinds
        Kinds of place in question, where the name itself does not tell.

    Returns
    -------
    answer
        The place of this name; where only the place it is called after is known, that one as
        its surroundings. A military unit is not where the place of its name is.
    """
    if head.is_generic or head.facility == "unit":
        return refuse("no_name")
    direct = answer_name(head.text, within, context, matched, kinds=kinds)
    if head.facility is not None:
        return direct if _is_facility(direct, head, matched) else _answer_by(head, within, context, matched)
    if direct.place is not None or head.core in {"", head.text}:
        return direct
    if head.side is not None:
        context = replace(context, countries=frozenset({head.side}) & (context.countries or {head.side}))
    bare = answer_name(head.core, within, context, matched, kinds=kinds)
    return bare if bare.place is not None else direct


def _answer_by(head: Name, within: tuple[str, ...], context: Context, matched: MatchedNames) -> Answer:
    """Answer with the place that something is called after, where the thing itself is not known."""
    kinds = _ON_THE_BORDER if head.facility in _AT_CROSSINGS else frozenset[str]()
    answer = answer_name(head.core, within, replace(context, narrow=False), matched, kinds=kinds)
    if answer.place is None or answer.score < KNOWN_SCORE:
        return refuse(answer.reading if answer.place is None else "unknown", answer.candidates)
    places = matched.index.places
    if places.far[answer.place] and not within and context.provinces is None:
        # So far off, a name alone is that of something else.
        return refuse("unknown", answer.candidates)
    place_kind, country = places.kind[answer.place], places.country[answer.place]
    is_casino = head.facility == "casino" or (head.facility == "resort" and place_kind in _ON_THE_BORDER)
    if is_casino and country in matched.index.border_countries and country != _COUNTRY_OF_CASINOS:
        return answer_across(answer, _COUNTRY_OF_CASINOS, matched)
    wider = 0.0 if place_kind in _UNITS else NEARBY_M
    return replace(
        answer,
        error_m=round_radius(answer.error_m + wider),
        score=max(answer.score - LOSS_INSTEAD, 0.0),
        reading="surroundings",
    )


def _is_facility(answer: Answer, head: Name, matched: MatchedNames) -> bool:
    """Return whether an answer is a hospital where one is meant, and so on, by its kind or its name."""
    place = answer.place
    if place is None or head.facility is None:
        return False
    if matched.index.places.kind[place] in head.facility_kinds:
        return True
    return answer.spelling is not None and (
        facility_in_words(matched.index.spelling[answer.spelling]) == head.facility
    )
