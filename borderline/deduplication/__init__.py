"""The same event in two reports, or in two datasets."""

from __future__ import annotations

from ._deduplicate import deduplicate, duplicate_pairs

__all__ = ["deduplicate", "duplicate_pairs"]
