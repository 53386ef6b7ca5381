"""Where events stand to a border."""

from __future__ import annotations

from ._locate import locate

__all__ = ["locate"]
