"""
The command: parse, call, write.

Exit status: 0 when done, 1 when data or a file cannot be used, 2 when the command
line cannot be read.
"""

from __future__ import annotations

# Each module adds its commands to the group as it is imported.
from . import _bands, _border, _catalog, _check, _compare, _locate, _map, _place, _segment  # noqa: F401 - imported for its commands
from ._app import main

__all__ = ["main"]
