"""
The first picture: a map in one HTML file that opens offline.

What comes from a table travels as compressed bytes and is written by the page's
own scripts as plain text; no part of it passes through a folium template.
"""

from __future__ import annotations

from ._border_map import BorderMap
from ._explore import explore

__all__ = ["BorderMap", "explore"]
