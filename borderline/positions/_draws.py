"""Draws of positions: independent errors of events, one displacement of the line in each draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np

from .._constants import Bools, Floats, Ints
from ..border import Border
from ..options import validate_seed, validate_whole
from ..schema import coerce_numbers
from ._lattice import fill_polygon, shift_points
from ._line_error import displacement_sd, draw_displacement
from ._models import NORMAL_RADIUS, disc_radius
from ._places import Positions, find_bearings
from ._position_columns import read_positions
from ._prior import validate_prior, weigh_offsets
from ._spread import fit_border

__all__ = ["Draws", "draw_positions"]

#: A polygon's places are drawn from so many even ones.
POLYGON_POINTS: Final = 4096

#: Under a prior, each draw chooses among so many places.
CHOICES: Final = 16

#: Places whose feet are looked for in one go.
BATCH: Final = 1_048_576


@dataclass(frozen=True, eq=False)
class Draws:
    """Positions drawn at random, referred to a border; arrays of shape (n_draws, R)."""

    #: Chainage and offset (positive to the left), geodesic metres; NaN for rows without a position.
    chainage_m: Floats
    offset_m: Floats
    #: Which lie past an end of the border.
    past_end: Bools
    #: Radius of 90 % of each row's position, metres, shape (R,); NaN where not known.
    error_m: Floats


def draw_positions(
    events: gpd.GeoDataFrame,
    border: Border,
    *,
    n_draws: int,
    seed: int | None,
    model: str | None = None,
    prior: str = "flat",
    line_error: bool = True,
    verb: str,
) -> Draws:
    """
    Draw positions of all events at once, several times.

    Errors of positions are independent from event to event, and belong to the event: the
    same seed gives a row the same draws in whatever order the rows stand. The line's displacement is one
    random field along the border in each draw, with the correlation that its catalogue
    record states, so that events at one place share it.

    Parameters
    ----------
    events
        As in `read_positions`.
    border
        The reference line.
    n_draws
        How many draws.
    seed
        A whole number, or None for other draws each time.
    model, prior, line_error, verb
        As in `spread_positions`. Under a prior each draw chooses among 16 places by their
        weights; the line's displacement keeps its own distribution, since all events share it.

    Returns
    -------
    draws
        One column a row of `events`.

    Raises
    ------
    OptionError
        If an option is wrong.
    TableError
        As from `read_positions`.

    Warns
    -----
    PositionWarning
        If rows are set aside, or have no error.
    """
    n_draws = validate_whole(n_draws, "n_draws", least=1)
    rng = validate_seed(seed)
    validate_prior(prior)
    order = _order_rows(events)
    drawn = _draw_in_order(
        events.iloc[order],
        border,
        rng=rng,
        n_draws=n_draws,
        model=model,
        prior=prior,
        line_error=line_error,
        verb=verb,
    )
    back = np.argsort(order)
    return Draws(
        drawn.chainage_m[:, back], drawn.offset_m[:, back], drawn.past_end[:, back], drawn.error_m[back]
    )


def _order_rows(events: gpd.GeoDataFrame) -> Ints:
    """Return an order of the rows by label, place and error: draws do not depend on that of the table."""
    west, south = events.geometry.bounds.to_numpy().T[:2]
    labels = events.index.astype("string").to_numpy(dtype=str, na_value="")
    keys = [west, south, labels]
    if "location_error_m" in events.columns:
        keys.insert(0, coerce_numbers(events["location_error_m"]))
    order: Ints = np.lexsort(keys)
    return order


def _draw_in_order(
    events: gpd.GeoDataFrame,
    border: Border,
    *,
    rng: np.random.Generator,
    n_draws: int,
    model: str | None,
    prior: str,
    line_error: bool,
    verb: str,
) -> Draws:
    """Draw positions of events, one after the other as the table has them."""
    positions = fit_border(read_positions(events, model=model, verb=verb), events, border, verb)
    rows = np.flatnonzero(positions.index >= 0)
    position = positions.index[rows]
    base = border.foot(positions.lon, positions.lat)
    sd = displacement_sd(border, base.chainage) if line_error else np.zeros(len(positions))
    bearing = find_bearings(positions, border)
    field = np.zeros((n_draws, 2, len(positions)))
    if (sd > 0).any():
        field = draw_displacement(border, base.chainage, n_draws, rng) * sd
    exact = (positions.exact & (sd == 0))[position]
    shape = n_draws, len(events)
    chainage, offset = np.full(shape, np.nan), np.full(shape, np.nan)
    past_end = np.zeros(shape, dtype=np.bool_)
    still = rows[exact]
    chainage[:, still] = base.chainage[positions.index[still]]
    offset[:, still] = base.offset[positions.index[still]]
    past_end[:, still] = base.beyond_end[positions.index[still]]
    moving, choices = position[~exact], 1 if prior == "flat" else CHOICES
    step = max(1, BATCH // max(1, choices * len(moving)))
    for start in range(0, n_draws if len(moving) else 0, step):
        batch = slice(start, min(start + step, n_draws))
        count = batch.stop - batch.start
        lon, lat = _draw_places(positions, moving, (count, choices), field[batch], bearing, rng)
        feet = border.foot(lon.ravel(), lat.ravel())
        drawn_offset = feet.offset.reshape(lon.shape)
        picked = np.zeros((count, 1, len(moving)), dtype=np.int64)
        if choices > 1:
            picked = _choose_places(drawn_offset, prior, rng)
        columns = rows[~exact]
        for target, values in (
            (chainage, feet.chainage.reshape(lon.shape)),
            (offset, drawn_offset),
            (past_end, feet.beyond_end.reshape(lon.shape)),
        ):
            target[batch, columns] = np.take_along_axis(values, picked, axis=1)[:, 0]
    error = np.full(len(events), np.nan)
    error[rows] = positions.error_m[position]
    return Draws(chainage, offset, past_end, error)


def _draw_places(
    positions: Positions,
    position: Ints,
    counts: tuple[int, int],
    field: Floats,
    bearing: Floats,
    rng: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Draw places of events, shape (draws, choices, events); those of one draw share its displacement."""
    shape = (*counts, len(position))
    model, error = positions.model[position], np.nan_to_num(positions.error_m[position])
    along, across = positions.along_m[position], positions.across_m[position]
    angle = np.radians(bearing[position])
    oriented = (model == "ellipse") & np.isfinite(angle)
    vector = rng.standard_normal((2, *shape))
    radial = error / NORMAL_RADIUS
    first, second = np.where(oriented, along, radial), np.where(oriented, across, radial)
    sin, cos = np.where(oriented, np.sin(angle), 1.0), np.where(oriented, np.cos(angle), 0.0)
    east = vector[0] * first * sin + vector[1] * second * cos
    north = vector[0] * first * cos - vector[1] * second * sin
    disc = np.flatnonzero(model == "disc")
    if len(disc):
        radius = np.sqrt(rng.random((*counts, len(disc)))) * disc_radius(error[disc])
        turn = rng.random(radius.shape) * 2 * np.pi
        east[..., disc], north[..., disc] = radius * np.cos(turn), radius * np.sin(turn)
    lon, lat = (np.broadcast_to(values[position], shape).copy() for values in (positions.lon, positions.lat))
    for column in np.flatnonzero((model == "polygon") | (model == "mixture")).tolist():
        filled = fill_polygon(positions.area[position[column]], POLYGON_POINTS)
        chosen = filled[rng.integers(len(filled), size=counts)]
        share = float(np.nan_to_num(positions.share[position[column]]))
        away = rng.random(counts) >= share
        east[..., column][away] = north[..., column][away] = 0.0
        lon[..., column][away], lat[..., column][away] = chosen[away].T
    east += field[:, 0][:, None, position]
    north += field[:, 1][:, None, position]
    return shift_points(lon, lat, east, north)


def _choose_places(offset_m: Floats, prior: str, rng: np.random.Generator) -> Ints:
    """Choose one of the places of each draw and event by its weight, shape (draws, 1, events)."""
    offset = np.moveaxis(offset_m, 1, 2)
    flat = offset.reshape(-1, offset.shape[2])
    weight = weigh_offsets(flat, np.full(flat.shape, 1.0 / flat.shape[1]), prior=prior)
    picked = (np.cumsum(weight, axis=1) < rng.random((len(flat), 1))).sum(axis=1)
    chosen: Ints = np.minimum(picked, flat.shape[1] - 1).reshape(offset.shape[:2])[:, None]
    return chosen
