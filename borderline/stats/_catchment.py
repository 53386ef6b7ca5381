"""
Compute the catchment: how much land has its nearest point of the border in each stretch.

The land is summed over a lattice of points. For 10-km stretches of the built-in border and a band of
25 km the areas err by 0.11 % (root mean square) against a lattice sixteen times as dense; the
same number of points drawn at random err by 1.8 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike

from .._constants import Floats
from ..border import Border, require_border
from ..errors import MeasureError, OptionError
from ..geodesy import Chain, Pieces, find_feet
from ..options import validate_number, validate_numbers
from ._bank import validate_bank
from ._catchment_lattice import lay_lattice

__all__ = ["Catchment", "catchment_km2", "catchment_of"]

#: Approximate number of lattice points; halving the error takes two to three times as many.
POINTS: Final = 400_000

#: Largest half-width of a band, kilometres.
FARTHEST_KM: Final = 2_000.0

#: A foot within this distance of a break lies at it, metres, as for events.
BREAK_SLACK_M: Final = 1e-3


@dataclass(frozen=True, eq=False)
class Catchment:
    """
    Land within a distance of a border, sorted by the chainage of its nearest point.

    The land is a distribution over chainage with lumps: all the land outside a bend has its nearest point
    in the bend. Use `catchment_of` to create one.
    """

    #: Half-width of the band, kilometres.
    within_km: float
    #: Length of the border, geodesic metres.
    length_m: float
    #: Chainage of the feet of evenly spread points, metres, ascending.
    feet_m: Floats
    #: Land up to each foot, square kilometres on the ellipsoid; one more than feet, from 0.
    upto_km2: Floats

    @property
    def total_km2(self) -> float:
        """Return the area of all the land, square kilometres."""
        return float(self.upto_km2[-1])

    def before(self, chainage_m: ArrayLike) -> Floats:
        """
        Return the area of the land whose foot lies before a chainage.

        Parameters
        ----------
        chainage_m
            Metres, any shape; a foot within 1 mm of a chainage does not lie before it.

        Returns
        -------
        land_km2
            Square kilometres.
        """
        asked = np.asarray(chainage_m, dtype=np.float64) - BREAK_SLACK_M
        land: Floats = self.upto_km2[np.searchsorted(self.feet_m, asked, side="left")]
        return land

    def upto(self, chainage_m: ArrayLike) -> Floats:
        """
        Return the area of the land whose foot lies before or at a chainage.

        Parameters
        ----------
        chainage_m
            Metres, any shape; a foot within 1 mm of a chainage lies at it.

        Returns
        -------
        land_km2
            Square kilometres.
        """
        asked = np.asarray(chainage_m, dtype=np.float64) + BREAK_SLACK_M
        land: Floats = self.upto_km2[np.searchsorted(self.feet_m, asked, side="right")]
        return land

    def of_stretches(self, from_m: ArrayLike, to_m: ArrayLike) -> Floats:
        """
        Return the catchment of stretches, half open except at the end of the border.

        Parameters
        ----------
        from_m, to_m
            Metres, shape (n,).

        Returns
        -------
        land_km2
            Square kilometres, shape (n,).
        """
        end = np.asarray(to_m, dtype=np.float64)
        last = end >= self.length_m - BREAK_SLACK_M
        return np.where(last, self.total_km2, self.before(end)) - self.before(from_m)

    def draw(self, n: int, rng: np.random.Generator) -> Floats:
        """
        Draw chainages of events that are uniform on the land.

        Parameters
        ----------
        n
            Number of events.
        rng
            Random generator.

        Returns
        -------
        chainage_m
            Metres, shape (n,), unordered. Events in one lump have equal chainages.
        """
        point = np.searchsorted(self.upto_km2, rng.uniform(0.0, self.total_km2, n), side="right") - 1
        drawn: Floats = self.feet_m[np.minimum(point, len(self.feet_m) - 1)]
        return drawn


def catchment_of(
    border: Border, *, within_km: float, bank: str | None = None, points: int = POINTS
) -> Catchment:
    """
    Return the land along a border, sorted by the chainage of its nearest point.

    The land is represented by the points of a fine lattice in an equal-area projection, each located on the
    border as an event is. Land past the ends of the border belongs to no part of it. The result is cached.

    Parameters
    ----------
    border
        The line.
    within_km
        Half-width of the band, geodesic kilometres, more than 0 and at most 2,000.
    bank
        Country whose bank alone counts, ISO 3166-1 alpha-3 or alpha-2. By default both banks count.
    points
        Approximate number of lattice points on the land of both banks.

    Returns
    -------
    catchment
        Areas by chainage.

    Raises
    ------
    OptionError
        If `within_km` is not positive or too large, or `bank` is not a bank of the border.
    """
    country = validate_bank(bank, border)
    side = 0 if country is None else 1 if country == border.left else -1
    wanted = f"a positive number of kilometres up to {FARTHEST_KM:,.0f}"
    if not 0 < validate_number(within_km, "within_km", wanted) <= FARTHEST_KM:
        raise OptionError(f"within_km must be {wanted}, not {within_km!r}.")
    return _build_catchment(shapely.to_wkb(border.course), float(within_km), side, points)


def catchment_km2(
    border: Border, breaks_km: Sequence[float] | Floats, *, within_km: float, bank: str | None = None
) -> Floats:
    """
    Compute the area of the land nearest to each stretch of a border.

    Events spread evenly over the land near a border are not spread evenly along it: much land has its
    nearest point on the outside of a bend, little on the inside. The catchment of a stretch is the area of
    the points within `within_km` whose nearest point of the border lies in the stretch.

    Parameters
    ----------
    border
        The line.
    breaks_km
        Ends of the stretches, geodesic kilometres along the border, ascending, shape (n + 1,). A stretch
        includes its start and excludes its end, unless that is the end of the border.
    within_km
        Half-width of the band, geodesic kilometres, more than 0 and at most 2,000. Land past the ends of
        the border is left out.
    bank
        Country whose bank alone counts, ISO 3166-1 alpha-3 or alpha-2. By default both banks count.

    Returns
    -------
    catchment_km2
        Square kilometres on the ellipsoid (WGS 84), shape (n,). For 10-km stretches of the built-in border
        and a band of 25 km the error is 0.1 % (root mean square; 0.5 % at most) against a lattice sixteen
        times as dense.

    Raises
    ------
    OptionError
        If `within_km` is not positive or too large, `bank` is not a bank of the border, or the breaks are
        not ascending kilometres.
    MeasureError
        If a break lies off the border.

    Examples
    --------
    Along a straight border, with one bank 5 km wide, each kilometre has 5 square kilometres:

    >>> import borderline as bl, shapely
    >>> border = bl.Border.from_line(shapely.LineString([(0, 0), (0, 1)]), left="FRA", right="DEU")
    >>> bl.stats.catchment_km2(border, [0, 50, 100], within_km=5, bank="FRA").round(-1)
    array([250., 250.])
    """
    require_border(border, verb="catchment_km2")
    validate_bank(bank, border)
    wanted = "ascending kilometres along the border, such as [0, 10, 20]"
    breaks = np.asarray(validate_numbers(breaks_km, "breaks_km", wanted), dtype=np.float64) * 1000.0
    if not (np.diff(breaks) > 0).all():
        raise OptionError(f"breaks_km must be {wanted}, not {list(breaks_km)!r}.")
    off = ~((breaks >= -BREAK_SLACK_M) & (breaks <= border.length_m + BREAK_SLACK_M))
    if off.any():
        raise MeasureError(
            f"breaks_km: {breaks[off][0] / 1000:,.6g} km lies off the border, which runs from 0 to "
            f"{border.length_m / 1000:,.3f} km; are these metres?"
        )
    land = catchment_of(border, within_km=within_km, bank=bank)
    return land.of_stretches(breaks[:-1], breaks[1:])


@lru_cache(maxsize=12)
def _build_catchment(line: bytes, within_km: float, side: int, points: int) -> Catchment:
    feet, offset, area, length = _sort_feet(line, within_km, points)
    # A point on the line itself belongs to the left bank, so that the areas of the banks add up.
    counted = {0: np.ones(len(feet), dtype=np.bool_), 1: offset >= 0, -1: offset < 0}[side]
    upto = np.concatenate([[0.0], np.cumsum(area[counted])])
    kept = feet[counted]
    for array in (kept, upto):
        array.setflags(write=False)
    return Catchment(within_km, length, kept, upto)


@lru_cache(maxsize=4)
def _sort_feet(line: bytes, within_km: float, points: int) -> tuple[Floats, Floats, Floats, float]:
    """Return the lattice points by their feet on the line: chainage, ascending, offset, and area of each."""
    xy = shapely.get_coordinates(shapely.from_wkb(line))
    chain = Chain.from_lonlat(xy[:, 0], xy[:, 1])
    within_m = within_km * 1000.0
    grid = lay_lattice(chain, within_m, points)
    feet = find_feet(Pieces.from_chain(chain), grid.lon, grid.lat)
    # A point represents a cell, which may cross the edge of the band: the part inside counts.
    inside = np.clip((within_m - feet.distance) / grid.step_m + 0.5, 0.0, 1.0)
    kept = np.flatnonzero((inside > 0) & ~feet.beyond_end)
    kept = kept[np.argsort(feet.chainage[kept], kind="stable")]
    area = inside[kept] * (grid.step_m / 1000.0) ** 2
    return feet.chainage[kept], feet.offset[kept], area, chain.length_m
