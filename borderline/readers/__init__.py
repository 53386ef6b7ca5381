"""Tables of incidents, read into one set of columns with every row accounted for, and written."""

from __future__ import annotations

from ._reader import Check, check_events, load_seeds, read_events
from ._writer import write_events

__all__ = ["Check", "check_events", "load_seeds", "read_events", "write_events"]
