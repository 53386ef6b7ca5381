"""Each public name tells what goes in and out, in which unit and CRS, what can go wrong, and shows itself."""

from __future__ import annotations

import builtins
import inspect
import re

import pytest
from surface import public_names

import borderline as bl

#: Nothing that is given can be wrong for these, or what is wrong is Python's own complaint.
NEVER_REFUSES = {
    "Border.accuracy_at",
    "Border.explore",
    "Border.foot",
    "Border.to_measure",
    "Border.reversed",
    "Border.to_geodataframe",
    "Calibration.reversed",
    "Calibration.to_chainage_m",
    "Calibration.to_measure_km",
    "catalog.registered",
}
UNITS = {
    "_km": "[Kk]ilomet",
    "_m": "[Mm]etre",
    "_days": "[Dd]ay",
    "_deg": "[Dd]egree",
}
#: A table or a shape comes with a CRS, or is read by columns that need none.
PLACED = r"CRS|WGS 84|EPSG|chainage|[Ll]ongitude|`locate`|`density`|`profile`|`segment`"


def members(name, thing):
    """What of a class or a module is called by its users."""
    for each in getattr(thing, "__all__", dir(thing)):
        member = getattr(thing, each)
        if not each.startswith("_") and callable(member):
            yield f"{name}.{each}", member


def public():
    for name, thing in public_names().items():
        if name == "errors" or isinstance(thing, str):
            continue
        if not inspect.ismodule(thing):
            yield name, thing
        if not inspect.isroutine(thing):
            yield from members(name, thing)


THINGS = dict(public())
CALLED = {name: thing for name, thing in THINGS.items() if inspect.isroutine(thing)}


def section(thing, title):
    """Text of a section, without its heading; None where there is none."""
    found = re.search(
        rf"^{title}\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", inspect.getdoc(thing), re.DOTALL | re.MULTILINE
    )
    return found and found[1]


def parameters(thing):
    return [name for name in inspect.signature(thing).parameters if name not in {"self", "cls"}]


def told(thing):
    """What is said of each parameter."""
    parts = re.split(r"^(\S.*)\n", section(thing, "Parameters") or "", flags=re.MULTILINE)
    return {
        name.strip(): text
        for names, text in zip(parts[1::2], parts[2::2], strict=True)
        for name in names.split(",")
    }


@pytest.mark.parametrize("name", THINGS)
def test_an_example_that_runs(name):
    # That it runs is for the doctests to say.
    assert ">>> " in (section(THINGS[name], "Examples") or "")


@pytest.mark.parametrize("name", CALLED)
def test_parameters_are_told_in_order_with_their_units(name):
    said = told(CALLED[name])
    assert list(said) == parameters(CALLED[name])
    for each, text in said.items():
        assert text.strip(), each
        for ending, unit in UNITS.items():
            assert not each.endswith(ending) or re.search(unit, text), each


@pytest.mark.parametrize("name", CALLED)
def test_what_comes_out_and_what_goes_wrong(name):
    if inspect.signature(CALLED[name]).return_annotation not in {"None", None}:
        assert section(CALLED[name], "Returns")
    raised = section(CALLED[name], "Raises")
    assert (raised is None) == (name in NEVER_REFUSES)
    for error in re.findall(r"^(\w+)$", raised or "", re.MULTILINE):
        assert error in bl.errors.__all__ or hasattr(builtins, error)


@pytest.mark.parametrize("name", CALLED)
def test_where_places_are_taken_their_crs_is_told(name):
    taken = [str(each.annotation) for each in inspect.signature(CALLED[name]).parameters.values()]
    if any(re.search("DataFrame|GeoSeries|Geometry|Polygon|Line", each) for each in taken):
        assert re.search(PLACED, inspect.getdoc(CALLED[name]))


def test_nobody_is_left_out():
    assert {"locate", "Border", "Border.interpolate", "catalog.list_layers", "explore"} <= set(THINGS)
    assert set(CALLED) >= NEVER_REFUSES
