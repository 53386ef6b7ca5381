"""borderline turns reports of border incidents into measured facts about a border."""

from __future__ import annotations

from . import errors
from .provenance import Source

__all__ = ["Source", "__version__", "errors"]

__version__ = "0.1.0"
