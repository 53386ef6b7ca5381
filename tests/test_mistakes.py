"""Every verb, every argument: what cannot be meant is refused by name, before Python stumbles over it."""

from __future__ import annotations

import inspect
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
import shapely
from calls import working_calls
from surface import public_verbs

from borderline.errors import BorderlineError, OptionError
from borderline.options import validate_seed

LINE = shapely.LineString([(0, 0), (0, 1)])
PLAIN = pd.DataFrame({"a": [1]})
#: What is given where a table, a border, a number or one of some words is wanted.
WRONG = {
    "table": (None, "a.csv", 5, [1], PLAIN, LINE),
    "border": (None, "khm-tha", 5, LINE, PLAIN),
    "number": (None, "25", [1, 2]),
    "word": (5, "nonsense", ["nonsense"]),
}
#: Any text will do, any table is right, or a single word is what was meant.
FREE = {
    ("explore", "title"),
    ("find_place", "name"),
    ("find_place", "near"),
    ("read_borders", "layer"),
    ("format_address", "landmarks"),
    ("parse_address", "landmarks"),
    ("segment", "landmarks"),
    ("tabulate", "table"),
    ("write_table", "table"),
}


def wanted(annotation):
    kinds = {
        "table": "DataFrame",
        "border": "Border",
        "": "bool|Sequence|Iterable|ArrayLike|Mapping|Period",
        "number": "float|int",
        "word": "str",
    }
    return next((kind for kind, words in kinds.items() if re.search(rf"\b({words})\b", annotation)), "")


FUNCTIONS = {
    name.rpartition(".")[2]: verb for name, verb in public_verbs().items() if name != "load_incidents"
}
VERBS = sorted(FUNCTIONS)


@pytest.fixture(scope="module")
def right():
    mpl.use("Agg")
    yield working_calls()
    plt.close("all")


def mistakes(verb):
    for name, parameter in inspect.signature(FUNCTIONS[verb]).parameters.items():
        annotation = str(parameter.annotation)
        kind = wanted(annotation)
        if name == "ax" or (verb, name) in FREE or not kind:
            continue
        for wrong in WRONG[kind]:
            # Without a seed the numbers differ each time.
            if not (wrong is None and ("None" in annotation or name == "seed")):
                yield name, wrong


@pytest.mark.parametrize("verb", VERBS)
def test_what_cannot_be_meant_is_refused_by_name(right, tmp_path, monkeypatch, verb):
    monkeypatch.chdir(tmp_path)
    for name, wrong in mistakes(verb):
        with pytest.raises(BorderlineError) as raised:
            FUNCTIONS[verb](**{**right[verb], name: wrong})
        said = str(raised.value)
        named = (name, verb, repr(wrong), type(wrong).__name__, "column")
        assert any(word in said for word in named), f"{verb}({name}={wrong!r}): {said}"
        assert 20 < len(said) < 1_000


def test_every_verb_is_tried(right):
    assert sorted(right) == VERBS


def test_large_seeds_are_told_apart():
    first, second = (validate_seed(2**60 + k).integers(2**62) for k in (0, 1))
    assert first != second
    assert validate_seed(2.0).integers(2**62) == validate_seed(2).integers(2**62)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb.startswith("plot_")])
def test_axes_are_no_figure(right, verb):
    figure = plt.figure()
    for wrong in (figure, (figure, figure.subplots()), "axes"):
        with pytest.raises(OptionError, match=r"ax must be the axes of a figure \(figure, ax = "):
            FUNCTIONS[verb](**{**right[verb], "ax": wrong})
    plt.close(figure)
