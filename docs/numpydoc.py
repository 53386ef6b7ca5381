"""Read what mkdocstrings does not: numbered references, and comments that document fields."""

from __future__ import annotations

import itertools
import re
from typing import Any

import griffe


class References(griffe.Extension):
    """Turn ``.. [1] text`` into an item of a list, and ``[1]_`` into ``[1]``."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of an object."""
        if obj.docstring is None:
            return
        text = re.sub(r"^\.\. \[(\d+)\] ", r"\1. ", obj.docstring.value, flags=re.MULTILINE)
        obj.docstring.value = re.sub(r"\[(\d+)\]_", r"[\1]", text)


class Fields(griffe.Extension):
    """Read the ``#:`` comment above a field as its docstring."""

    def on_attribute_instance(self, *, attr: griffe.Attribute, **_: Any) -> None:
        """Set the docstring of an attribute that has none."""
        if attr.docstring is not None or attr.lineno is None:
            return
        above = reversed(attr.lines_collection[attr.filepath][: attr.lineno - 1])
        comment = itertools.takewhile(lambda line: line.strip().startswith("#:"), above)
        words = [line.strip().removeprefix("#:").strip() for line in comment]
        if words:
            attr.docstring = griffe.Docstring(" ".join(reversed(words)), parent=attr)
