"""Distinct positions, and places of each by its model, together with the shift of the line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .._constants import Bools, Floats, Ints
from ..border import Border
from ._lattice import Lattice, fill_polygon, line_vectors, shift_points, unit_disc, unit_normal
from ._line_error import front_bearing
from ._models import NORMAL_RADIUS, disc_radius

__all__ = ["Positions", "find_bearings", "lay_places"]


@dataclass(frozen=True, eq=False)
class Positions:
    """
    Where events may have happened: one record for each distinct position of a table.

    Rows that agree in point, error and model share a position, so that it is reckoned once.
    """

    #: Row to distinct position, shape (R,); -1 where there is no point, or it was set aside.
    index: Ints
    #: The reported points, degrees, shape (D,).
    lon: Floats
    lat: Floats
    #: Radius around the point that holds 90 %, metres; NaN where not known.
    error_m: Floats
    #: One of `MODELS` each.
    model: NDArray[np.object_]
    #: Standard deviations of ellipses, metres, and the direction of the long axis, degrees from north;
    #: NaN for other models, and NaN where the direction is that of the border.
    along_m: Floats
    across_m: Floats
    bearing: Floats
    #: Share of a mixture at the named point; NaN for other models.
    share: Floats
    #: Polygon of ``polygon``, cell of ``mixture``; None for other models.
    area: NDArray[np.object_]
    #: Rows that have a point but contradict themselves, shape (R,); a warning named them.
    set_aside: Bools
    #: What to say of the positions as a whole, such as how many have no error; may be empty.
    note: str

    def __len__(self) -> int:
        return len(self.lon)

    @property
    def exact(self) -> Bools:
        """Which positions are taken as exact, shape (D,)."""
        known = np.nan_to_num(self.error_m) > 0
        wide = np.nan_to_num(self.along_m) + np.nan_to_num(self.across_m) > 0
        return ~(known | wide | np.array([area is not None for area in self.area], dtype=np.bool_))

    def lattice(self, n_points: int = 256, *, border: Border | None = None) -> Lattice:
        """
        Return places where each position may be, the same ones every time.

        Parameters
        ----------
        n_points
            Places of each position; an even number.
        border
            Gives ellipses without a direction that of the border at their foot; without
            one they are round, with the same radius of 90 %.

        Returns
        -------
        lattice
            Longitude, latitude and weight, shape (D, `n_points`).
        """
        bearing = self.bearing if border is None else find_bearings(self, border)
        still = np.zeros(len(self))
        lon, lat, weight = lay_places(self, np.arange(len(self)), n_points, line_sd=still, bearing=bearing)
        exact = self.exact
        lon[exact], lat[exact] = self.lon[exact, None], self.lat[exact, None]
        return Lattice(lon, lat, weight)


def find_bearings(positions: Positions, border: Border) -> Floats:
    """
    Return the direction of the long axis of each ellipse: its own, else the border's at its foot.

    Parameters
    ----------
    positions
        The positions.
    border
        The border.

    Returns
    -------
    bearing
        Degrees from north; NaN for other models.
    """
    bearing = positions.bearing.copy()
    rows = np.flatnonzero((positions.model == "ellipse") & np.isnan(bearing) & (positions.along_m > 0))
    if len(rows):
        bearing[rows] = front_bearing(
            border, positions.lon[rows], positions.lat[rows], positions.along_m[rows]
        )
    return bearing


def lay_places(
    positions: Positions, rows: Ints, n_points: int, *, line_sd: Floats, bearing: Floats
) -> tuple[Floats, Floats, Floats]:
    """
    Return places of some positions, moved by the line's own error.

    Normal distributions add up to one; for the others each place is moved by a vector of
    its own.

    Parameters
    ----------
    positions
        The positions.
    rows
        Which of them, shape (V,).
    n_points
        Places of each; an even number.
    line_sd
        Standard deviation of the line's displacement, metres, shape (V,).
    bearing
        Direction of the long axis of every position of `positions`, degrees from north; NaN
        where it is not known.

    Returns
    -------
    lon, lat, weight
        Shape (V, n_points).
    """
    model = positions.model[rows]
    error = np.nan_to_num(positions.error_m[rows])
    count = len(rows)
    east, north = np.zeros((count, n_points)), np.zeros((count, n_points))
    lon = np.repeat(positions.lon[rows, None], n_points, axis=1)
    lat = np.repeat(positions.lat[rows, None], n_points, axis=1)
    weight = np.full((count, n_points), 1.0 / n_points)
    angle = np.radians(bearing[rows])
    oriented = (model == "ellipse") & np.isfinite(angle)
    is_round = (model == "normal") | ((model == "ellipse") & ~oriented)
    normal, shift = unit_normal(n_points), line_vectors(n_points)
    _add_vectors(east, north, is_round, np.hypot(error / NORMAL_RADIUS, line_sd), normal)
    _add_vectors(east, north, model == "disc", disc_radius(error), unit_disc(n_points))
    for row in np.flatnonzero(oriented).tolist():
        along = np.hypot(positions.along_m[rows[row]], line_sd[row]) * normal[:, 0]
        across = np.hypot(positions.across_m[rows[row]], line_sd[row]) * normal[:, 1]
        sin, cos = np.sin(angle[row]), np.cos(angle[row])
        east[row], north[row] = along * sin + across * cos, along * cos - across * sin
    for row in np.flatnonzero((model == "polygon") | (model == "mixture")).tolist():
        position = rows[row]
        named = _count_named(positions.share[position], n_points)
        if named:
            vectors = unit_normal(n_points)[_pick_evenly(named, n_points)] * (error[row] / NORMAL_RADIUS)
            east[row, :named], north[row, :named] = vectors.T
        if named < n_points:
            filled = fill_polygon(positions.area[position], n_points - named)
            lon[row, named:], lat[row, named:] = filled.T
        if 0 < named < n_points:
            share = positions.share[position]
            weight[row, :named], weight[row, named:] = share / named, (1 - share) / (n_points - named)
    _add_vectors(east, north, ~is_round & ~oriented & (line_sd > 0), line_sd, shift)
    return *shift_points(lon, lat, east, north), weight


def _add_vectors(east: Floats, north: Floats, chosen: Bools, scale: Floats, unit: Floats) -> None:
    rows = np.flatnonzero(chosen)
    east[rows] += scale[rows, None] * unit[:, 0]
    north[rows] += scale[rows, None] * unit[:, 1]


def _count_named(share: float, n_points: int) -> int:
    """Return how many places stand for the named point: at least one where it has any share."""
    if np.isnan(share) or share == 0:
        return 0
    return n_points if share == 1 else int(np.clip(round(share * n_points), 1, n_points - 1))


def _pick_evenly(count: int, n_points: int) -> Ints:
    """Return rows of a lattice that are spread over its order, mirror images together."""
    order = np.arange(n_points).reshape(2, -1).T.ravel()
    return order[np.floor((np.arange(count) + 0.5) * n_points / count).astype(np.int64)]
