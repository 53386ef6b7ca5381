"""Answers to reports of a place; each distinct name is matched once, however many reports name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ._answers import NO_ANSWER, Answer, Member, Query, refuse
from ._candidate_ranking import Candidate, Context, is_eligible, may_be_meant
from ._facility_answers import answer_head
from ._matched_names import MatchedNames, find_refusal, match_phrases
from ._name_index import NameIndex
from ._place_answers import (
    KNOWN_SCORE,
    LOSS_INSTEAD,
    NEARBY_M,
    answer_across,
    answer_name,
    answer_place,
    answer_province,
    apply_distance,
    move_to_border,
    rank_name,
)
from ._place_phrases import Name, Phrase, parse_place
from ._several_places import find_area, orient_chain, split_items, split_pair

__all__ = ["answer_queries", "list_answers"]

#: How far off the other of two ends may be where it is not known, metres.
_OTHER_END_M: Final = 25_000.0
#: A text with several names is one name only where the gazetteer has it nearly as it stands.
_WHOLE_SCORE: Final = 0.94

Chain = tuple[Name, ...]


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
    texts = dict.fromkeys(text for query in distinct for text in (query.text, query.district))
    phrases = dict(zip(texts, map(parse_place, texts), strict=True))
    matched = match_phrases(phrases.values(), index)
    answers = {}
    for query in distinct:
        context = Context(query.countries, query.provinces)
        district = phrases[query.district].whole
        answers[query] = _answer_query(phrases[query.text], context, matched, district=district)
    return [answers[query] for query in queries]


def list_answers(
    query: Query, index: NameIndex, *, near: tuple[float, float] | None = None, limit: int
) -> list[Answer]:
    """
    List what a query may mean.

    Parameters
    ----------
    query
        A text with what is claimed beside it: provinces other than those claimed are excluded.
    index
        From `load_index`.
    near
        Longitude and latitude of a point: what lies near it goes first.
    limit
        How many to list at most; all of several places that are named together are listed.

    Returns
    -------
    answers
        The answer of `answer_queries` first, or the places named together; then what else came
        into question, with the reading ``candidate``.
    """
    phrase = parse_place(query.text)
    matched = match_phrases([phrase], index)
    context = Context(query.countries, query.provinces, near=near, strict=query.provinces is not None)
    answer = _answer_query(phrase, context, matched, claims=False)
    if answer.members:
        return [replace(member.answer, reading=answer.reading) for member in answer.members]
    answers = [answer] if answer.is_known else []
    taken = {answer.place}
    for candidate in _rank_heads(phrase, context, matched):
        if candidate.place not in taken and len(answers) < limit:
            taken.add(candidate.place)
            other = answer_place(candidate.place, matched, spelling=candidate.spelling, score=candidate.score)
            other = _place_as_said(other, phrase, matched)
            answers.append(replace(other, reading="candidate"))
    return answers


def _rank_heads(phrase: Phrase, context: Context, matched: MatchedNames) -> list[Candidate]:
    """Return what the name of the place may mean, best first; all within what it is said to lie in."""
    places = matched.index.places
    if find_refusal(phrase, matched.index) is not None or len(phrase.chains) > 1 or phrase.opposite:
        return []
    readings: list[tuple[str, tuple[str, ...]]] = [(phrase.whole, ())]
    if phrase.chains:
        head, *rest = orient_chain(phrase.chains[0], context, matched)
        if head.facility is not None or head.is_generic:
            return []
        within = tuple(name.text for name in (*rest, *phrase.remarks))
        readings = [*(readings if not within else []), (head.text, within), (head.core, within)]
    readings += [
        (head, (*within, tail)) for name, within in readings for head, tail in matched.split_tail(name)
    ]
    best: dict[int, Candidate] = {}
    for name, within in readings:
        candidates, narrowed = rank_name(name, within, context, matched, phrase.kinds)
        for candidate in candidates:
            is_inside = candidate.beside or not narrowed.beside or candidate.place in narrowed.beside
            is_known = is_eligible(candidate, places) and bool(places.iso[candidate.place])
            if (
                is_inside
                and is_known
                and (candidate.place not in best or candidate.rank > best[candidate.place].rank)
            ):
                best[candidate.place] = candidate
    ranked = sorted(best.values(), key=lambda candidate: (-candidate.rank, candidate.place))
    return sorted(ranked, key=lambda candidate: not may_be_meant(candidate, ranked[0], places))


def _answer_query(
    phrase: Phrase, context: Context, matched: MatchedNames, *, district: str = "", claims: bool = True
) -> Answer:
    """Answer one query; with `claims`, a claimed province is an answer where no name is known."""
    if not _claims_agree(context, matched):
        candidates = _rank_heads(phrase, replace(context, countries=None, provinces=None), matched)
        return refuse("contradiction", tuple(candidates[:4]))
    refusal = find_refusal(phrase, matched.index)
    answer = refuse(refusal) if refusal else _answer_phrase(phrase, context, matched, district)
    if not answer.is_known:
        if district and not phrase.names:
            answer = _answer_district(district, phrase, context, matched)
        claimed = _answer_claim(phrase, context, matched) if claims and not answer.is_known else NO_ANSWER
        return replace(claimed, candidates=answer.candidates) if claimed.is_known else answer
    return answer if answer.members or answer.reading == "across" else _place_as_said(answer, phrase, matched)


def _place_as_said(answer: Answer, phrase: Phrase, matched: MatchedNames) -> Answer:
    """Return an answer moved to the border, or off the place, as the text has it."""
    if phrase.border:
        answer = move_to_border(answer, matched)
    return apply_distance(answer, phrase)


def _claims_agree(context: Context, matched: MatchedNames) -> bool:
    """Return whether some claimed province lies in a claimed country."""
    if not context.countries or not context.provinces:
        return True
    country_of = matched.index.country_of_province
    return any(country_of.get(iso) in context.countries for iso in context.provinces)


def _answer_district(district: str, phrase: Phrase, context: Context, matched: MatchedNames) -> Answer:
    """Answer with the district that the table names, where the text names nothing."""
    answer = answer_name(district, (), context, matched)
    if answer.place is None:
        return answer
    answer = replace(answer, reading="surroundings", score=max(answer.score - LOSS_INSTEAD, 0.0))
    return _place_as_said(answer, phrase, matched)


def _answer_phrase(phrase: Phrase, context: Context, matched: MatchedNames, district: str) -> Answer:
    """Answer a text that names something."""
    around = (district,) if district else ()
    pillar = _answer_pillars(phrase, matched)
    if pillar is not None:
        return pillar
    if not (phrase.border or phrase.near or phrase.moved_m is not None or phrase.opposite):
        heads = [chain[0] for chain in phrase.chains]
        least = KNOWN_SCORE if len(phrase.all_names) == 1 else _WHOLE_SCORE
        if heads and all(head.facility is None and not head.is_generic for head in heads):
            whole = answer_name(phrase.whole, around, context, matched, kinds=phrase.kinds)
            if whole.place is not None and whole.score >= least:
                return whole
            is_all = len(heads) == 1 and phrase.all_names == (Name(phrase.whole, phrase.whole),)
            if is_all and not around and (whole.place is not None or "-" not in phrase.whole):
                return whole
    # What is so far off a place is so far off the town, not the district of its name.
    context = replace(context, narrow=phrase.near or phrase.moved_m is not None)
    answer = _answer_chains(phrase, context, matched, around)
    if not answer.is_known and phrase.opposite:
        head = phrase.chains[0][0] if phrase.chains else None
        opposite = _answer_chain(
            phrase.opposite, (), replace(context, countries=None, provinces=None), matched
        )
        country = head.side if head is not None else None
        if country is None and context.countries is not None and len(context.countries) == 1:
            (country,) = context.countries
        if opposite.place is not None:
            answer = _fit_claims(answer_across(opposite, country, matched), context, matched)
    return answer


def _fit_claims(answer: Answer, context: Context, matched: MatchedNames) -> Answer:
    """Return an answer for an area in the claimed province, where one is claimed; none in another country."""
    places = matched.index.places
    country = answer.country if answer.place is None else str(places.country[answer.place])
    if context.countries is not None and country not in context.countries:
        return refuse("contradiction", answer.candidates)
    if context.provinces is not None and len(context.provinces) == 1:
        (iso,) = context.provinces
        if answer.place is None and matched.index.country_of_province.get(iso) == country:
            return replace(answer, place=answer_province(iso, matched, score=answer.score).place)
    return answer


def _answer_pillars(phrase: Phrase, matched: MatchedNames) -> Answer | None:
    """Return the place of boundary pillars; None where none is named, or the place of none is known."""
    known = {number: pillar for number in phrase.pillars if (pillar := matched.index.pillars.get(number))}
    if not known or len(known) < len(set(phrase.pillars)):
        return None
    members = []
    for number, pillar in known.items():
        answer = answer_place(pillar.unit, matched, spelling=None, score=1.0 - LOSS_INSTEAD)
        answer = replace(
            answer, lon=pillar.lon, lat=pillar.lat, error_m=pillar.error_m, reading="surroundings"
        )
        members.append(Member(f"pillar {number}", answer))
    return find_area(members, matched) if len(members) > 1 else members[0].answer


def _answer_chains(
    phrase: Phrase, context: Context, matched: MatchedNames, around: tuple[str, ...]
) -> Answer:
    """Answer for one place or for several of equal standing, each with what it lies in."""
    remarks = (*(name.text for name in phrase.remarks if name.core), *around)
    items = split_items(phrase, context, matched)
    if not items:
        return _answer_remarks(phrase, context, matched)
    answers = [_answer_chain(item, remarks, context, matched, kinds=phrase.kinds) for item in items]
    if len(items) == 1 and answers[0].reading != "place":
        items = split_pair(items[0], context, matched) or items
        if len(items) > 1:
            answers = [_answer_chain(item, remarks, context, matched, kinds=phrase.kinds) for item in items]
            phrase = replace(phrase, by_signs=True)
    if len(items) == 1:
        return answers[0]
    return _join_answers(phrase, items, answers, context, matched)


def _join_answers(
    phrase: Phrase, items: list[Chain], answers: list[Answer], context: Context, matched: MatchedNames
) -> Answer:
    """Return one answer for several places; none where some of them are not known."""
    members = [
        Member(", ".join(name.text for name in item), _place_as_said(answer, phrase, matched))
        for item, answer in zip(items, answers, strict=True)
        if answer.place is not None
    ]
    unknown = len(items) - len(members)
    distinct = {member.answer.place: member for member in members}
    claimed = context.provinces if context.provinces is not None and len(context.provinces) == 1 else ()
    in_claim = bool(members) and all(matched.index.places.iso[place] in claimed for place in distinct)
    if in_claim and unknown:
        # All lie in the claimed province, those that are not known some way off the others.
        area = find_area(list(distinct.values()), matched)
        return replace(area, error_m=area.error_m + _OTHER_END_M, score=area.score - LOSS_INSTEAD)
    if not members or (unknown and not phrase.by_signs):
        candidates = tuple(candidate for answer in answers for candidate in answer.candidates[:1])
        return refuse("unknown", candidates)
    if len(distinct) == 1:
        (answer,) = [answer for answer in answers if answer.place is not None][:1]
        if not unknown:
            return answer
        # The end that is not known may lie some way off.
        score = max(answer.score - LOSS_INSTEAD, 0.0)
        return replace(answer, error_m=answer.error_m + _OTHER_END_M, score=score)
    return find_area(list(distinct.values()), matched)


def _answer_chain(
    chain: Chain,
    remarks: tuple[str, ...],
    context: Context,
    matched: MatchedNames,
    *,
    kinds: frozenset[str] = frozenset(),
) -> Answer:
    """Answer for a place with what it lies in; with the latter where the place itself is not known."""
    head, *rest = orient_chain(chain, context, matched)
    within = (*(name.text if name.core else "" for name in rest), *remarks)
    within = tuple(part for part in within if part)
    answer = answer_head(head, within, context, matched, kinds=kinds)
    return answer if answer.is_known else _answer_surroundings(answer, head, within, context, matched)


def _answer_remarks(phrase: Phrase, context: Context, matched: MatchedNames) -> Answer:
    """Answer with what stands in parentheses, where nothing else is named."""
    named = [name for name in phrase.remarks if name.core]
    return _answer_chain(tuple(named), (), context, matched) if named else refuse("no_name")


def _answer_surroundings(
    answer: Answer, head: Name, within: tuple[str, ...], context: Context, matched: MatchedNames
) -> Answer:
    """Return what the place lies in, where the place itself is not known."""
    places = matched.index.places
    kinds = places.kind
    for position, part in enumerate(within):
        if matched.country_of(part) is not None:
            continue
        wider = answer_name(part, within[position + 1 :], context, matched)
        if wider.place is None:
            continue
        if head.side is not None and places.country[wider.place] != head.side:
            return answer_across(wider, head.side, matched)
        if answer.reading == "contradiction" and places.far[wider.place]:
            # A district at the border rather than one of some other name far off.
            near = [row for row in matched.equal_places(head.text, context) if kinds[row] == "district"]
            if len(near) == 1 and not places.far[near[0]]:
                own = answer_place(near[0], matched, spelling=None, score=KNOWN_SCORE)
                return replace(own, candidates=answer.candidates, reading="surroundings")
        is_unit = kinds[wider.place] in {"province", "district", "subdistrict", "commune"}
        return replace(
            wider,
            error_m=wider.error_m + (0.0 if is_unit else NEARBY_M),
            score=max(wider.score - LOSS_INSTEAD, 0.0),
            candidates=answer.candidates or wider.candidates,
            reading="surroundings",
        )
    return answer


def _answer_claim(phrase: Phrase, context: Context, matched: MatchedNames) -> Answer:
    """Return the one province that is claimed, where no name is known."""
    if context.provinces is None or len(context.provinces) != 1:
        return NO_ANSWER
    (iso,) = context.provinces
    answer = replace(answer_province(iso, matched, score=1.0 - LOSS_INSTEAD), reading="claim")
    country = matched.index.places.country[answer.place]
    if context.countries is not None and country not in context.countries:
        return NO_ANSWER
    return move_to_border(answer, matched) if phrase.border or phrase.opposite else answer
