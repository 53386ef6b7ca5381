"""From the words of a provider to ours, by the small tables in ``geodata/crosswalks``."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import cache

import numpy as np

from .._constants import Floats
from .._paths import data_path
from ..schema import EVENT_TYPES
from ._values import Texts

__all__ = [
    "cameo_types",
    "country_codes",
    "event_types",
    "fips_codes",
    "gleditsch_ward_codes",
    "location_errors",
]


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with data_path("geodata", "crosswalks", name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _fold(words: str) -> str:
    return re.sub(r"[\s_\-]+", " ", words).strip().casefold()


@cache
def _countries() -> dict[str, str]:
    known = {}
    for row in _rows("countries.csv"):
        for word in (row["alpha_3"], row["alpha_2"], row["name"], *row["aliases"].split(";")):
            known[_fold(word)] = row["alpha_3"]
    known.pop("", None)
    return known


def country_codes(claims: Texts) -> Texts:
    """Alpha-3 codes for the claims that name one country; None for the others."""
    known = _countries()
    return _each(claims, lambda claim: known.get(_fold(claim)))


def fips_codes(codes: Texts) -> Texts:
    """Alpha-3 codes for FIPS 10-4 ones (Cambodia is ``CB`` there); None for the unknown."""
    known = _codes("fips")
    return _each(codes, lambda code: known.get(code.upper()))


def gleditsch_ward_codes(numbers: Texts) -> Texts:
    """Alpha-3 codes for Gleditsch-Ward numbers; None for countries far from the border."""
    return _each(numbers, _codes("gleditsch_ward").get)


@cache
def _codes(column: str) -> dict[str, str]:
    return {row[column]: row["alpha_3"] for row in _rows("countries.csv") if row[column]}


def cameo_types(codes: Texts) -> Texts:
    """Our event type for CAMEO event codes: the longest beginning that the table has counts."""
    known = {
        row["source_type"]: row["event_type"] for row in _rows("event_types.csv") if row["format"] == "gdelt"
    }
    lengths = range(4, 1, -1)
    return _each(codes, lambda code: next((known[code[:n]] for n in lengths if code[:n] in known), "other"))


def event_types(words: Texts, *, layout: str) -> Texts:
    """Our event type for the provider's words: ``other`` for what fits none, None for none."""
    known = {_fold(name): name for name in EVENT_TYPES}
    for row in _rows("event_types.csv"):
        if row["format"] == layout:
            known[_fold(row["source_type"])] = row["event_type"]
    return _each(words, lambda word: known.get(_fold(word), "other"))


def location_errors(precision: Texts, coordinate_source: Texts, *, layout: str) -> Floats:
    """
    Radius in metres that holds 90 %, from the provider's precision code.

    The longest entry that begins `coordinate_source` counts; NaN where the table has none.
    """
    rules: dict[str, list[tuple[str, float]]] = {}
    for row in _rows("location_error.csv"):
        if row["format"] == layout:
            rule = (row["coordinate_source"], float(row["location_error_m"]))
            rules.setdefault(row["geo_precision"], []).append(rule)
    for candidates in rules.values():
        candidates.sort(key=lambda rule: -len(rule[0]))
    result = np.full(len(precision), np.nan)
    for position, (code, origin) in enumerate(zip(precision, coordinate_source, strict=True)):
        fitting = (error for begin, error in rules.get(code, ()) if (origin or "").startswith(begin))
        result[position] = next(fitting, np.nan)
    return result


def _each(cells: Texts, translate: Callable[[str], str | None]) -> Texts:
    """Translate every distinct text once; None stays None."""
    memory = {cell: translate(cell) for cell in set(cells.tolist()) if cell is not None}
    result = np.empty(len(cells), dtype=object)
    for position, cell in enumerate(cells):
        result[position] = None if cell is None else memory[cell]
    return result
