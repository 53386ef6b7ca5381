"""Docstrings write references as numpydoc does; pages want them as a list."""

from __future__ import annotations

import re
from typing import Any

import griffe


class References(griffe.Extension):
    """Turn ``.. [1] text`` into an item of a list, and ``[1]_`` into ``[1]``."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Do so for every docstring that was found."""
        if obj.docstring is None:
            return
        text = re.sub(r"^\.\. \[(\d+)\] ", r"\1. ", obj.docstring.value, flags=re.MULTILINE)
        obj.docstring.value = re.sub(r"\[(\d+)\]_", r"[\1]", text)
