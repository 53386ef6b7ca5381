"""Where events stand to a border."""

from __future__ import annotations

from ._along_border import distances_along
from ._locate import locate
from ._nearest_places import nearest_places
from ._segment_shares import segment_shares

__all__ = ["distances_along", "locate", "nearest_places", "segment_shares"]
