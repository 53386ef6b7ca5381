"""
The map: one HTML file that opens offline.

Data of a table is packed into compressed bytes, which the scripts of the page write as plain
text; none of it passes through a folium template.
"""

from __future__ import annotations

from ._border_map import BorderMap
from ._explore import explore

__all__ = ["BorderMap", "explore"]
