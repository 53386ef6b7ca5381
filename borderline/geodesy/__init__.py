"""
Metres on the ellipsoid: length, chainage, foot point, distance and side.

Everything here works on arrays of longitude and latitude (WGS 84, degrees) and
knows no table. Edges are geodesics.
"""

from __future__ import annotations

from ._chain import Chain
from ._foot import find_feet
from ._pieces import Pieces
from ._settle import Feet
from ._sphere import to_xyz

__all__ = ["Chain", "Feet", "Pieces", "find_feet", "to_xyz"]
