"""Every verb, every wrong option: one class of error and one form of words."""

from __future__ import annotations

import inspect
import re

import numpy as np
import pytest
from calls import working_calls
from surface import public_verbs

from borderline.errors import OptionError

NAN = float("nan")
SHARE = (0, 1, 95, NAN, "0.95", True)
POSITIVE = (0, -1, NAN, float("inf"), "ten", True, [5])
WHOLE = (0, -3, 2.5, NAN, "three", True)
NAMES = ("nonsense", 5, ["nonsense"])
#: What is wrong for an option of this name, in whichever verb it stands.
WRONG = {
    "adaptive": ("yes", 1, None),
    "balance": ("yes", 1, None),
    "calibrated": ("yes", 1, None),
    "classes": NAMES,
    "color": ("red", 5, ["events_per_km"]),
    "countries": ("Siam", ["THA", "nowhere"], 5),
    "bandwidth_days": POSITIVE,
    "bandwidth_km": (*POSITIVE[:4], "likelyhood", True, None),
    "bank": ("VNM", "KMH", "nowhere", 5, ["KHM"]),
    "correction": NAMES,
    "curve": NAMES,
    "deconvolve": WHOLE,
    "draws": (*WHOLE, 1),
    "distances_km": ([], [2, 1], [1, NAN], [1, 1e6], 5, "abc"),
    "distinct": ("day", "place day", 5, ["place"]),
    "edges_km": ([], [5, 1], [0, 5, 5], [-1, 1], [NAN], 5, "abc", ["a"]),
    "every_km": (0, -1, NAN, float("inf"), "ten", True),
    "exposure": ("roads", "lenght", 5),
    "fdr": NAMES,
    "figsize": (5, (8, 0), (8, -1), (8,), ("wide", 5), (8, NAN), (1, 8), (8, 0.5), "large"),
    "height": (0, -1, NAN, "10em", "", True, [400]),
    "kernel": ("gauss", 5, ["gaussian"]),
    "language": ("Thai", "fr", 5, ["th"]),
    "level": SHARE,
    "levels": ([1.5], [-0.1], [NAN], 0.5, "all", ["half"]),
    "limit": WHOLE,
    "limits": ("exact", 5),
    "max_share": (0, 50, NAN, "half"),
    "method": ("james", 5),
    "min_events": (0, 1, 2.5, "two"),
    "min_length_km": (0, -1, 9_999, NAN, "one"),
    "near": ((14.3, 103.2), "Surin", (NAN, 1.0), 5, (1, 2, 3)),
    "near_days": POSITIVE,
    "nearest_within_m": (-1, NAN, float("inf"), "far", True),
    "near_km": POSITIVE,
    "neighbours": WHOLE,
    "origin_km": (NAN, float("inf"), "ten", True),
    "origins": WHOLE,
    "period": ("July", "", 5, [], ("2025-07",), ("2025", "2026", "2027"), ("soon", "2026")),
    "plain": ("yes", 1, None),
    "positions": ("point", 5, ["spread"], None),
    "precision_m": (50, 0, "100", True, NAN),
    "rule": NAMES,
    "seed": (-1, 2.5, "a", NAN),
    "shorten_gaps": ("yes", 1, None),
    "signed": ("yes", 1, None),
    "simulations": (0, -3, 2.5, NAN, "many", True),
    "smooth_km": POSITIVE,
    "statistics": ("moran's i", 5, [], ["gstar"]),
    "step_days": WHOLE,
    "step_m": (0, -1, NAN, 1e-9, "one"),
    "step_km": (0, -1, NAN, "one"),
    "threshold": (2, -1, NAN, "high"),
    "style": NAMES,
    "tolerance_m": POSITIVE,
    "tolerances_m": ([], [-1], [NAN], 5, "all", ["ten"]),
    "tiles": (
        "OpenStreetMap",
        5,
        ("https://tiles.example.org/{z}/{x}/{y}.png", ""),
        ("tiles/{z}/{x}/{y}.png", "a"),
    ),
    "top": SHARE,
    "types": (("shooting", "shooting"), ("shooting",), "shooting", 5),
    "width": (0, -1, NAN, "10em", "", True, [400]),
    "window_km": (0, -1, 9_999, NAN, "one"),
    "zoom": (2, 19, NAN, "9", [9], True),
    "within_km": (-1, NAN, float("inf"), "25", True, [25]),
}
#: Wrong for the option of one verb alone; the name has another meaning elsewhere.
WRONG_FOR = {
    ("load_admin", "countries"): ("LAO",),
    ("load_admin", "kind"): ("provinces", "osm-2025", 1, 2, 7, True, ["province"]),
    ("tabulate", "columns"): ("rate", 5, ["rat"], [5]),
    ("segment", "breaks_km"): ([], "all", [NAN], [[1, 2, 3]], 5),
    ("segment", "by"): ("province", "admin3", "osm-2025", 5, ["admin1"]),
    ("segment", "n"): WHOLE,
    ("segment", "places"): ([], "Chong Chom", 5),
}
#: Options that stand in the place of another.
INSTEAD = {("segment", option): "every_km" for option in ("breaks_km", "by", "n", "places")}
#: Where one of them is right.
RIGHT = {("shared_boundary", "tolerance_m"): (0,), ("transfer", "tolerance_m"): (0,)}


def wrong_options():
    for name, verb in public_verbs().items():
        short = name.rpartition(".")[2]
        for option in inspect.signature(verb).parameters:
            for value in (*WRONG.get(option, ()), *WRONG_FOR.get((short, option), ())):
                if value in RIGHT.get((short, option), ()):
                    continue
                yield pytest.param(short, verb, option, value, id=f"{short}-{option}-{value!r}")


@pytest.fixture(scope="module")
def right():
    return working_calls()


def first_of(value):
    """Whatever the message may name: the option, or the part of it that is wrong."""
    parts = [value, *value] if isinstance(value, list | tuple) else [value]
    return "|".join(re.escape(repr(part)) for part in parts)


@pytest.mark.parametrize(("name", "verb", "option", "value"), list(wrong_options()))
def test_a_wrong_option_is_named_with_what_is_right(right, name, verb, option, value):
    given = {key: kept for key, kept in right[name].items() if key != INSTEAD.get((name, option))}
    with pytest.raises(OptionError) as raised:
        verb(**{**given, option: value})
    said = str(raised.value)
    assert re.match(rf"{option} must be .+, not ({first_of(value)})", said, re.DOTALL), said
    assert isinstance(raised.value, ValueError)
    assert len(said) < 500


@pytest.mark.parametrize("word", ["lenght", "catchmant"])
def test_the_near_miss_is_offered(right, word):
    meant = {"lenght": "length", "catchmant": "catchment"}[word]
    with pytest.raises(OptionError, match=f"Did you mean '{meant}'"):
        public_verbs()["density"](**{**right["density"], "exposure": word})


def test_numbers_of_numpy_are_numbers(right):
    verb, given = public_verbs()["density"], right["density"]
    assert verb(**{**given, "within_km": np.float32(25)})["n_events"].equals(verb(**given)["n_events"])
