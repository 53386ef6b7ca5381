"""borderline turns reports of border incidents into measured facts about a border."""

from __future__ import annotations

from . import catalog, errors
from .catalog import load_admin
from .provenance import Source

__all__ = ["Source", "__version__", "catalog", "errors", "load_admin"]

__version__ = "0.1.0"
