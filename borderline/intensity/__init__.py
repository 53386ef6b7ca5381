"""How many events a stretch of border has, and how sure that is."""

from __future__ import annotations

from ._density import density
from ._profile import profile
from ._profile_time import space_time_profile
from ._sensitivity import density_sensitivity
from ._shrink import shrink_rates

__all__ = ["density", "density_sensitivity", "profile", "shrink_rates", "space_time_profile"]
