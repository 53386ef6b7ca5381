"""
Metres on the ellipsoid: length, chainage, foot, distance and side.

Everything here works on arrays of longitude and latitude (WGS 84, degrees) and knows
neither tables nor borders. Edges are geodesics. A `Chain` is cut into straight `Pieces`
in space; `find_feet` searches them through two trees, then refines feet by geodesic.
"""

from __future__ import annotations

from ._chain import Chain
from ._foot_refinement import Feet
from ._foot_search import find_feet
from ._geocentric import to_xyz
from ._pieces import Pieces

__all__ = ["Chain", "Feet", "Pieces", "find_feet", "to_xyz"]
