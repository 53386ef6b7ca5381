"""Every verb, every argument: what cannot be meant is refused by name, before Python stumbles over it."""

from __future__ import annotations

import inspect
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
import shapely
from surface import public_verbs

import borderline as bl
from borderline.errors import BorderlineError, TableError
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
}


def calls():
    """Give each verb arguments with which it works."""
    border, other = bl.load_border(), bl.load_border(line="osm-2026")
    seeds = bl.load_incidents()
    located = bl.locate(seeds, border)
    placed = located.dropna(subset="chainage_m")
    segments = bl.segment(border, every_km=50)
    density = bl.density(located, segments, within_km=25, exposure="length")
    near = {"events": located, "border": border, "within_km": 25}
    return {
        "along_border_km": {"events": placed.head(4)},
        "bands": {"events": located, "border": border, "edges_km": [0, 5]},
        "catchment_km2": {"border": border, "breaks_m": [0, 5_000], "within_km": 5},
        "check_events": {"source": seeds.head(3)},
        "compare_lines": {"events": seeds.head(3), "a": border, "b": other},
        "compare_periods": {
            "events": located,
            "segments": segments,
            "before": "2025-07",
            "after": "2025-12",
        },
        "deduplicate": {"events": seeds.head(5)},
        "density": {"events": located, "segments": segments, "within_km": 25},
        "density_sensitivity": {"events": located, "border": border, "within_km": 25},
        "nearest_places": {"events": seeds.head(3), "places": "pillars"},
        "duplicate_pairs": {"events": seeds.head(5)},
        "excess": {"density": density},
        "explore": {"events": located.head(3), "border": border, "density": density},
        "find_place": {"name": "Samrong"},
        "format_address": {"chainage_m": 1_000.0, "border": border},
        "geocode": {"events": seeds.head(3)},
        "hotspots": {**near, "simulations": 9},
        "k_function": {**near, "simulations": 19},
        "length_by_resolution": {"borders": border, "tolerances_m": [0]},
        "line_agreement": {"a": border, "b": other},
        "load_admin": {},
        "load_border": {},
        "load_landmarks": {"border": border},
        "local_statistics": {"density": density, "permutations": 9},
        "locate": {"events": seeds.head(3), "border": border},
        "parse_address": {"text": "km 100", "border": border},
        "plot_map": {"events": located.head(3), "border": border, "density": density},
        "plot_profile": {"profile": bl.profile(**near, bandwidth_km=20), "border": border},
        "plot_resolution": {"lengths": bl.lines.length_by_resolution(border, tolerances_m=[0])},
        "plot_strip": {"events": located, "border": border},
        "profile": {**near, "bandwidth_km": 20},
        "read_borders": {"path": "b.geojson"},
        "read_events": {"source": seeds.head(3)},
        "segment": {"border": border, "every_km": 50},
        "shared_boundary": {"polygon_a": shapely.box(0, 0, 1, 1), "polygon_b": shapely.box(1, 0, 2, 1)},
        "shrink_rates": {"density": density},
        "space_time_interaction": {**near, "near_km": 5, "near_days": 3, "simulations": 19},
        "space_time_profile": {**near, "bandwidth_km": 20, "bandwidth_days": 30},
        "steps_along_border": {"events": located},
        "tabulate": {"table": density},
        "transfer": {"table": segments, "from_border": border, "to_border": other},
        "write_table": {"table": seeds, "path": "x.csv"},
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
    yield calls()
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
        with pytest.raises(TableError, match=r"ax is the axes of a figure \(figure, ax = "):
            FUNCTIONS[verb](**{**right[verb], "ax": wrong})
    plt.close(figure)
