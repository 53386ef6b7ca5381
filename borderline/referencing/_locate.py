"""The verb `locate`: where events stand to a border."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from .._constants import Bools, Floats, Ints
from ..border import Border, require_border
from ..errors import OptionError
from ..geodesy import Feet
from ..options import validate_level, validate_word
from ..positions import MODELS, validate_prior
from ..provenance import cited
from ..schema import AFTER_LEVEL, EXTENT_COLUMNS, Column, add_columns, split_points
from ._certainty import measure_certainty
from ._extents import Extents, locate_extended
from ._sides_by_drawing import choose_drawings, count_sides

__all__ = ["locate"]

#: Keys of ``attrs`` that say how sure the results are.
_CERTAINTY_ATTRS: Final = ("level", "prior", "side_known_prior", "position_note")


def locate(
    events: gpd.GeoDataFrame,
    border: Border,
    *,
    level: float | None = None,
    position_model: str | None = None,
    prior: str = "flat",
    lines: Mapping[str, Border | str] | Iterable[Border | str] | Border | str | None = None,
) -> gpd.GeoDataFrame:
    """
    Refer each event to the border: how far along, how far off, on which side.

    The foot is the nearest point of the line by geodesic on WGS 84. Distance and
    chainage are metres on the ellipsoid, to the drawn line: how well the line
    itself is known is ``border.accuracy_m``, how well the event's position is
    known its ``location_error_m``.

    Parameters
    ----------
    events
        Points in any CRS that is set, or events of some extent: lines, polygons and
        groups of points. Missing and empty geometries give missing results.
    border
        Reference line; chainage grows from ``border.datum``.
    level
        Confidence, between 0 and 1, such as 0.9: say how sure the results are, too. By
        default positions and line are taken as exact.
    position_model
        ``normal``, ``disc``, ``ellipse``, ``polygon`` or ``mixture`` for all events, in place
        of the column ``position_model``. Where there is neither, the kind of place in
        ``geo_precision`` decides, else the model is ``normal``. Needs `level`.
    prior
        What is assumed of offsets before a position is looked at: ``flat``, nothing, or
        ``hugging``, that they are spread as those of well-placed events. Needs `level`.
    lines
        Drawings to compare: borders or keys of built-in lines, or ``"all"``; by default those of
        the catalogue where `border` is one of them and has an accuracy other than 0. Needs `level`.

    Returns
    -------
    located
        `events` with the same index and order, and in addition ``chainage_m`` and
        ``distance_m`` (geodesic metres), ``measure_km`` (kilometres by the border's
        calibration), ``offset_m`` (the distance, positive to the left), ``side``
        (ISO 3166-1 alpha-3 of the bank, ``line`` within 1 mm; past an end that of
        the last edge's extension), ``beyond_end``, ``ambiguous`` (a second foot
        competes: a local minimum of the distance, farther than the first foot by at
        most 50 m or 1 %, whichever is more, and as the crow flies more than 1 km and
        more than half the distance away from it), ``alt_chainage_m`` (chainage of the
        nearest such foot) and ``contested`` (the event lies on land that drawings of
        the border put on different sides, so that its side depends on the line;
        missing where only one drawing is known). Columns of these names are replaced.

        If any event has an extent, ``from_m``, ``to_m`` and ``shared_m`` are added.
        ``from_m`` and ``to_m`` are the stretch of border abreast of it, from the first to
        the last foot of all its points; for a point both are its chainage. ``shared_m`` is
        how many metres of border it shares: a line that runs along the border, an area
        whose side is the border, and the border inside an area that straddles it. A point,
        a crossing and a touch share 0. Two lines run together where they are copies of
        each other: they stay within 1 m, and within a five-hundredth of the length that they
        run together. Stretches shorter than 1 m count as points of touch, and gaps as short
        as that are closed.

        The distance of such an event is that of its nearest point, and so is its chainage
        if it shares nothing. Otherwise the chainage lies half way along the first stretch
        that it shares. Where an event touches or crosses the border, the distance is 0, the
        side ``line``, and the chainage, if it shares no stretch, that of the first such
        place. It is contested if any part of it lies on contested land.

        With `level` there are limits that hold the truth in that share of cases:
        ``offset_low_m`` and ``offset_high_m`` with equal tails, ``distance_low_m`` and
        ``distance_high_m`` folded from them (from 0 where they span the line), and
        ``chainage_low_m`` and ``chainage_high_m``, metres (of two arms see
        `segment_shares`). ``p_left``, ``p_right`` and ``p_past_end`` are probabilities and
        add up to 1. ``side_known`` says that a bank reaches the level whether events are
        spread evenly or hug the line. Positions are those of ``location_error_m`` (the radius
        that holds 90 %), ``position_area``, ``position_along_m``, ``position_across_m``,
        ``position_bearing`` and ``position_share``; where a row has none it is taken as exact.
        The line's ``accuracy_m`` is added as a shift of the whole line. Events of some
        extent have the error of the line alone. ``n_lines_left`` and ``n_lines_right`` count
        the drawings of the border that put the event on either bank, and it is contested
        if both do. ``attrs`` say the level, the prior, that of the second
        question of ``side_known``, and what was taken as exact.

    Raises
    ------
    OptionError
        If `level` does not lie between 0 and 1, another option is wrong, or is given without
        `level`.
    TableError
        If `events` is not a GeoDataFrame, or an error is negative, infinite or no number, or
        a model lacks its columns; rows are named.
    CRSError
        If it has no CRS.
    GeometryError
        If a geometry is a collection of different kinds, or not on the globe; rows
        are named.

    Warns
    -----
    PositionWarning
        With `level`, if events have no error, or rows are set aside: an error wider than the
        border is long, or a polygon that does not hold its point.

    Examples
    --------
    >>> import borderline as bl, geopandas as gpd, shapely
    >>> border = bl.load_border()
    >>> temples = gpd.GeoDataFrame(
    ...     {"location": ["Preah Vihear", "Ta Khwai"]},
    ...     geometry=shapely.points([[104.6802, 14.3906], [103.3711, 14.3528]]),
    ...     crs=4326,
    ... )
    >>> bl.locate(temples, border)[["distance_m", "side"]].round().values.tolist()
    [[952.0, 'KHM'], [41.0, 'THA']]

    An area that straddles the border takes the stretch inside it, and what its
    corners look at:

    >>> area = gpd.GeoDataFrame(geometry=[shapely.box(104.6, 14.3, 104.7, 14.45)], crs=4326)
    >>> row = bl.locate(area, border).iloc[0]
    >>> row["side"], float(row["distance_m"]), bool(row["from_m"] < row["chainage_m"] < row["to_m"])
    ('line', 0.0, True)

    A patrol along the border shares all of its way:

    >>> patrol = gpd.GeoDataFrame(geometry=[border.slice(300_000, 360_000)], crs=4326)
    >>> bl.locate(patrol, border)[["chainage_m", "from_m", "to_m", "shared_m"]].round().values.tolist()
    [[330000.0, 300000.0, 360000.0, 60000.0]]

    How sure is it? A point 952 m from the line, good to 500 m, is in Cambodia; one 41 m
    from it, good to 2 km, may be on either side:

    >>> vague = temples.assign(location_error_m=[500.0, 2000.0])
    >>> sure = bl.locate(vague, border, level=0.9)
    >>> sure["p_left"].round(2).tolist(), sure["side_known"].tolist()
    ([0.99, 0.5], [True, False])
    >>> sure[["distance_low_m", "distance_high_m"]].round(-2).values.tolist()
    [[300.0, 1700.0], [0.0, 1600.0]]
    """
    require_border(border, verb="locate")
    _validate_certainty(level, position_model, prior, lines)
    lon, lat, extended = split_points(events, verb="locate")
    feet = border.foot(lon, lat, second=True)
    contested = _lie_on_contested(lon, lat, feet, border)
    extents = None
    if len(extended):
        extents = locate_extended(events, extended, border)
        feet.put(extended, extents.feet)
        contested[extended] = extents.contested
    columns = _make_columns(feet, contested, border)
    # Those of an earlier call would be wrong here.
    if extents is not None or "shared_m" in events.columns:
        columns |= _extent_columns(feet, extended, extents)
    attrs = {name: value for name, value in events.attrs.items() if name not in _CERTAINTY_ATTRS}
    if level is None:
        # Those of an earlier call would be wrong here.
        stale = [name for name in AFTER_LEVEL if name in events.columns]
        events = events.drop(columns=stale) if stale else events
    else:
        certainty = measure_certainty(
            events, (lon, lat), feet, extended, border, level=level, model=position_model, prior=prior
        )
        columns |= certainty.columns
        drawings = choose_drawings(border, lines)
        if drawings:
            sides = count_sides(events, (lon, lat), certainty.positions, extended, drawings)
            columns |= _count_columns(*sides, missing=np.isnan(feet.distance))
        attrs |= certainty.attrs
    located = add_columns(events, columns)
    located.attrs = {**attrs, "border": border.identity, "sources": cited(events.attrs, border.source)}
    return located


def _validate_certainty(level: object, model: object, prior: object, lines: object) -> None:
    """Refuse options that say how sure results are, where they are wrong or count for nothing."""
    if level is not None:
        validate_level(level)
    if model is not None:
        validate_word(model, "position_model", MODELS)
    validate_prior(prior)
    given = {"position_model": model is not None, "prior": prior != "flat", "lines": lines is not None}
    idle = [name for name, is_given in given.items() if is_given]
    if level is None and idle:
        raise OptionError(f"{' and '.join(idle)} of locate count only with level=, such as level=0.9.")


def _count_columns(left: Ints, right: Ints, *, missing: Bools) -> dict[str, Column]:
    """Return how many drawings put events on each side, and which events are contested."""
    return {
        "contested": _flag_column((left > 0) & (right > 0), missing),
        "n_lines_left": pd.arrays.IntegerArray(left, missing.copy()),
        "n_lines_right": pd.arrays.IntegerArray(right, missing.copy()),
    }


def _make_columns(feet: Feet, contested: NDArray[np.int8], border: Border) -> dict[str, Column]:
    """Return the columns, in their order."""
    missing = np.isnan(feet.distance)
    side = np.where(missing, 3, np.sign(feet.offset) + 1).astype(np.int64)
    return {
        "chainage_m": feet.chainage,
        "measure_km": border.to_measure(feet.chainage),
        "distance_m": feet.distance,
        "offset_m": feet.offset,
        "side": _side_names(border.left, border.right).take(side),
        "beyond_end": _flag_column(feet.beyond_end, missing),
        "ambiguous": _flag_column(np.isfinite(feet.second), missing),
        "alt_chainage_m": feet.second,
        "contested": _flag_column(contested > 0, contested < 0),
    }


def _extent_columns(feet: Feet, extended: Ints, extents: Extents | None) -> dict[str, Floats]:
    """Return the stretch abreast of each event, and what it shares of the border."""
    of_points = feet.chainage, feet.chainage, np.where(np.isnan(feet.distance), np.nan, 0.0)
    columns = {name: values.copy() for name, values in zip(EXTENT_COLUMNS, of_points, strict=True)}
    if extents is not None:
        for name, values in columns.items():
            values[extended] = getattr(extents, name)
    return columns


@lru_cache(maxsize=16)
def _side_names(left: str, right: str) -> ExtensionArray:
    """Return the names of the right bank, the line, the left bank and none of them, in this order."""
    return pd.array([right, "line", left, pd.NA], dtype="string")


def _flag_column(values: Bools, missing: Bools) -> pd.arrays.BooleanArray:
    return pd.arrays.BooleanArray(values & ~missing, missing.copy())


def _lie_on_contested(lon: Floats, lat: Floats, feet: Feet, border: Border) -> NDArray[np.int8]:
    """Return which points lie on contested land: 1 or 0, or -1 where that is not known."""
    known = np.isfinite(feet.distance)
    contested = np.full(len(lon), -1, dtype=np.int8)
    if border.contested is None:
        return contested
    contested[known] = 0
    near = np.flatnonzero(known & (feet.distance <= _contested_reach(border)))
    shapely.prepare(border.contested)
    contested[near] = shapely.contains_xy(border.contested, lon[near], lat[near])
    return contested


@lru_cache(maxsize=16)
def _contested_reach(border: Border) -> float:
    """Return how far contested land reaches, metres: points farther off cannot lie in it."""
    corners = shapely.get_coordinates(border.contested)
    return float(border.foot(*corners.T).distance.max())
