"""Tables of incidents, read into one set of columns with every row accounted for, and written."""

from __future__ import annotations

from ._account import Check
from ._reader import check_events, load_incidents, read_events
from ._writer import write_table

__all__ = ["Check", "check_events", "load_incidents", "read_events", "write_table"]
