"""Speed of looking names up: 100,000 look-ups of 20,000 distinct names, three in four misspelt."""

from __future__ import annotations

import random

import pytest

from borderline.gazetteer import Query, answer_queries, load_index

COUNT = 100_000
DISTINCT = 20_000
LETTERS = "aeioukhpt"


def misspelt(name, rng):
    """Leave a name as it is, or drop, add or change a letter: one in four each."""
    at, letter = rng.randrange(len(name)), rng.choice(LETTERS)
    return rng.choice(
        [
            name,
            name[:at] + name[at + 1 :],
            name[:at] + letter + name[at:],
            name[:at] + letter + name[at + 1 :],
        ]
    )


@pytest.fixture(scope="module")
def queries():
    rng = random.Random(7)  # noqa: S311 - a fixed choice of names
    names = [name for name in load_index().spelling.tolist() if len(name) > 4]
    distinct = set()
    while len(distinct) < DISTINCT:
        distinct.add(misspelt(rng.choice(names), rng))
    listed = sorted(distinct)
    return [Query(name) for name in listed] + [Query(rng.choice(listed)) for _ in range(COUNT - DISTINCT)]


def test_look_ups(benchmark, queries):
    index = load_index()
    answers = benchmark.pedantic(answer_queries, (queries, index), rounds=3)
    benchmark.extra_info["names a second"] = round(COUNT / benchmark.stats.stats.min)
    assert len(answers) == COUNT
