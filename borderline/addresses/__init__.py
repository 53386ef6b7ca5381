"""Places on a border in words: `km 123.4`, `pillar 46 + 300 m`, `Chong Chom + 2 km east`."""

from __future__ import annotations

from ._formatting import format_address
from ._landmarks import load_landmarks
from ._parsing import Address, parse_address

__all__ = ["Address", "format_address", "load_landmarks", "parse_address"]
