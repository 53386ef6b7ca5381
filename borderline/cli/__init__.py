"""
The command `borderline`: parse, call the library, write.

Exit status: 0 when done, 1 when data, a file or a value cannot be used, 2 when the command
line cannot be parsed.

At import the modules of this room load click and the standard library alone, so that ``--help``
and the completion of a word need not wait for pandas.
"""

from __future__ import annotations

# Each module adds its commands to the group as it is imported.
from . import (  # noqa: F401
    _border_commands,
    _catalog_command,
    _counting_commands,
    _file_commands,
    _locating_commands,
    _map_command,
    _place_command,
)
from ._command_group import main

__all__ = ["main"]
