"""Events by distance from the border, bank and period."""

from __future__ import annotations

from ._bands import bands

__all__ = ["bands"]
