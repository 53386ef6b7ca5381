"""The public names: those on top, and those of the public modules that are not on top as well."""

from __future__ import annotations

import inspect

import borderline as bl
from borderline import readers

MODULES = ("addresses", "lines", "stats")

#: What a verb gives back, for its fields; nobody makes one.
RESULTS = {"readers.Check": readers.Check}


def public_names():
    """Map dotted names, without ``borderline.``, to what they name."""
    names = {name: getattr(bl, name) for name in bl.__all__ if name not in MODULES} | RESULTS
    for module in MODULES:
        members = getattr(bl, module)
        names |= {
            f"{module}.{name}": getattr(members, name) for name in members.__all__ if name not in bl.__all__
        }
    return names


def public_verbs():
    """Map dotted names to the functions among them."""
    return {name: thing for name, thing in public_names().items() if inspect.isfunction(thing)}
