"""How many events a stretch of border has, and how sure that is."""

from __future__ import annotations

from ._density import density

__all__ = ["density"]
