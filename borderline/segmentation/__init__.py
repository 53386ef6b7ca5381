"""A border cut into stretches."""

from __future__ import annotations

from ._segment import segment

__all__ = ["segment"]
