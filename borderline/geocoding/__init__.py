"""The verb `geocode`: which province, by coordinates."""

from __future__ import annotations

from ._geocode import geocode

__all__ = ["geocode"]
