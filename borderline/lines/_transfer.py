"""The verb `transfer`: measures from one drawing of a border to another."""

from __future__ import annotations

from typing import Final, Literal, TypeVar, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .._constants import GEOD, SLACK_M, Bools, Floats
from ..border import Border, distinguish_borders, require_border
from ..errors import MeasureError, OptionError, TableError
from ..options import validate_number, validate_word
from ..provenance import cited
from ..schema import numbers_of, require_columns
from ._line_pair import feet_along

__all__ = ["Rule", "transfer"]

Rule = Literal["point", "measure", "retire"]
Table = TypeVar("Table", bound=pd.DataFrame)

#: Whether the lines part inside a stretch is seen at the vertices and at places so far apart, metres.
STEP_M: Final = 100.0

#: A stretch shorter than this, metres, counts as vanished.
SHORTEST_M: Final = 1e-3


def transfer(
    table: Table,
    from_border: Border,
    to_border: Border,
    *,
    rule: Rule = "point",
    tolerance_m: float | None = None,
) -> Table:
    """
    Move measures from one drawing of a border to another.

    What a table places by its chainage alone, such as a post, the stretch of a patrol or a
    segment, has to move when the line is redrawn. There are three rules, as road agencies
    have them: it stays at the same point of the ground, it keeps the same published measure, or it is
    retired where the two lines part. Events with a position of their own need none of
    them: `locate` refers them to the new line.

    Parameters
    ----------
    table
        With ``chainage_m``, or with ``from_m`` and ``to_m``, or with all of them: geodesic
        metres on `from_border`. Missing values stay missing.
    from_border
        The border that the chainages are counted on.
    to_border
        The border to count them on, in either direction.
    rule
        ``point``: to the place of the new line nearest to the old place. ``measure``: to
        the same ``measure_km``; retired where the new line has no such measure.
        ``retire``: as ``point``, but retired where the lines are farther apart than
        `tolerance_m`, for a stretch anywhere within it.
    tolerance_m
        For ``retire``, geodesic metres. By default the larger ``accuracy_m`` of the two.

    Returns
    -------
    moved
        `table` with the same index and order; what was there before is in
        ``chainage_before_m``, ``from_before_m`` and ``to_before_m``. In addition
        ``moved_m`` (geodesic metres between the old and the new place, for a stretch at
        the end that moves farther) and ``retired``. What is retired, or a stretch of
        which nothing is left, has missing values. ``measure_km`` goes with ``chainage_m``;
        ``length_km`` and the lines of stretches are recomputed where the table has them;
        other columns, such as ``distance_m`` and ``side``, still speak of the old line.

    Raises
    ------
    TableError
        If the table has none of the columns, or was made with another border.
    MeasureError
        If a chainage lies beyond the ends of `from_border`, a stretch runs backwards, or
        only one of the borders follows a published measure, for ``measure``.
    OptionError
        If `rule` is unknown, or `tolerance_m` is negative, belongs to another rule, or is
        needed and not given.

    Examples
    --------
    >>> import borderline as bl, pandas as pd
    >>> old, new = bl.load_border(line="osm-2017"), bl.load_border(line="osm-2026")
    >>> posts = pd.DataFrame({"chainage_m": [100_000.0, 327_091.0]}, index=["A", "B"])
    >>> bl.lines.transfer(posts, old, new, rule="retire", tolerance_m=50)["retired"].tolist()
    [False, True]
    """
    for border in (from_border, to_border):
        require_border(border, verb="transfer")
    points, stretches = _require_movable(table, from_border)
    reach = _choose_tolerance(rule, tolerance_m, from_border, to_border)
    moved = table.copy()
    count = len(table)
    retired, far = np.zeros(count, dtype=np.bool_), np.full(count, np.nan)
    if points:
        chainage = _read_chainage(table, "chainage_m", from_border)
        place, distance = _move_places(chainage, from_border, to_border, rule)
        gone = np.isnan(place) & ~np.isnan(chainage) | (distance > reach)
        retired, far = gone, distance
        moved["chainage_before_m"] = chainage
        moved["chainage_m"] = np.where(gone, np.nan, place)
        moved["measure_km"] = to_border.to_measure(moved["chainage_m"].to_numpy())
    if stretches:
        ends, gone, distance = _move_stretches(table, from_border, to_border, rule, reach)
        retired, far = retired | gone, np.fmax(far, distance)
        for name, before, after in zip(("from", "to"), ("from_m", "to_m"), ends, strict=True):
            moved[f"{name}_before_m"] = table[before].to_numpy(dtype=np.float64, na_value=np.nan)
            moved[before] = after
        _update_segments(moved, to_border)
    moved["moved_m"] = far
    moved["retired"] = retired
    moved.attrs = {
        **table.attrs,
        "border": to_border.identity,
        "sources": cited(table.attrs, to_border.source),
        "transfer": {"from": from_border.identity, "rule": rule, "retired": int(retired.sum())},
    }
    return moved


def _require_movable(table: pd.DataFrame, border: Border) -> tuple[bool, bool]:
    """Return whether the table has points and stretches to move."""
    require_columns(table, [], verb="transfer", remedy="locate and segment make them")
    points = "chainage_m" in table.columns
    stretches = {"from_m", "to_m"} <= set(table.columns)
    if not points and not stretches:
        raise TableError(
            "transfer needs the column chainage_m, or from_m and to_m; locate and segment make them."
        )
    made_with = table.attrs.get("border")
    if made_with and made_with != border.identity:
        of_table, given = distinguish_borders(made_with, border.identity)
        raise TableError(
            f"The table was made with {of_table}, but from_border is {given}; give the border "
            "that its chainages are counted on."
        )
    return points, stretches


def _choose_tolerance(rule: str, tolerance_m: float | None, *borders: Border) -> float:
    """Return how far apart the lines may be for a rule."""
    validate_word(rule, "rule", get_args(Rule))
    if rule != "retire":
        if tolerance_m is not None:
            raise OptionError(f"tolerance_m goes with rule='retire'; rule={rule!r} keeps everything.")
        calibrated = [border.calibration is not None for border in borders]
        if rule == "measure" and calibrated[0] != calibrated[1]:
            raise MeasureError(
                "Only one of the two borders follows a published measure, so the same kilometre is not the "
                "same place; calibrate the other with Border.with_calibration."
            )
        return np.inf
    if tolerance_m is not None:
        return validate_number(tolerance_m, "tolerance_m", "a number of metres, 0 or more", least=0)
    known = [border.accuracy_m for border in borders if border.accuracy_m is not None]
    if not known:
        raise OptionError("rule='retire' needs tolerance_m: neither border says how well it is known.")
    return max(known)


def _read_chainage(table: pd.DataFrame, column: str, border: Border) -> Floats:
    chainage = numbers_of(table, column)
    off = (chainage < -SLACK_M) | (chainage > border.length_m + SLACK_M)
    if off.any():
        rows = ", ".join(repr(label) for label in table.index[off].tolist()[:3])
        raise MeasureError(
            f"{column} lies beyond the ends of the border in row {rows} ({chainage[off][0]:.3f} m); "
            f"it runs from 0 to {border.length_m:.3f} m."
        )
    return np.clip(chainage, 0.0, border.length_m)


def _move_places(chainage: Floats, old: Border, new: Border, rule: str) -> tuple[Floats, Floats]:
    """Return the new chainage of places, and how far they move."""
    known = np.flatnonzero(~np.isnan(chainage))
    place, distance = np.full(len(chainage), np.nan), np.full(len(chainage), np.nan)
    if rule != "measure":
        feet = feet_along(old, new, chainage[known])
        place[known], distance[known] = np.clip(feet.chainage, 0.0, new.length_m), feet.distance
        return place, distance
    measure = old.to_measure(chainage[known])
    wanted = measure * 1000.0 if new.calibration is None else new.calibration.to_chainage_m(measure)
    wanted = np.where((wanted < -SLACK_M) | (wanted > new.length_m + SLACK_M), np.nan, wanted)
    place[known] = np.clip(wanted, 0.0, new.length_m)
    both = np.flatnonzero(~np.isnan(place))
    before, after = (
        shapely.get_coordinates(border.interpolate(along[both]))
        for border, along in ((old, chainage), (new, place))
    )
    _, _, distance[both] = GEOD.inv(before[:, 0], before[:, 1], after[:, 0], after[:, 1])
    return place, distance


def _move_stretches(
    table: pd.DataFrame, old: Border, new: Border, rule: str, reach: float
) -> tuple[tuple[Floats, Floats], Bools, Floats]:
    """Move both ends of stretches; retire those that leave the new line or vanish."""
    start, end = _read_chainage(table, "from_m", old), _read_chainage(table, "to_m", old)
    back = start > end
    if back.any():
        raise MeasureError(
            f"The stretch in row {table.index[back].tolist()[0]!r} runs backwards; from_m comes first."
        )
    first, first_far = _move_places(start, old, new, rule)
    last, last_far = _move_places(end, old, new, rule)
    low, high = np.fmin(first, last), np.fmax(first, last)
    missing = np.isnan(start) | np.isnan(end)
    apart = np.fmax(first_far, last_far)
    gone = np.isnan(first) | np.isnan(last) | (apart > reach)
    gone |= (high - low < SHORTEST_M) & (end - start >= SHORTEST_M)
    if np.isfinite(reach):
        gone |= _find_parting(start, end, old, new, reach)
    gone &= ~missing
    lost = gone | missing
    return (np.where(lost, np.nan, low), np.where(lost, np.nan, high)), gone, apart


def _find_parting(start: Floats, end: Floats, old: Border, new: Border, reach: float) -> Bools:
    """Return which stretches hold a place farther than the tolerance from the new line."""
    places = np.unique(np.concatenate([old.vertex_chainage, np.arange(0.0, old.length_m, STEP_M)]))
    far = places[feet_along(old, new, places).distance > reach]
    return np.asarray(np.searchsorted(far, end, side="right") > np.searchsorted(far, start, side="left"))


def _update_segments(moved: pd.DataFrame, border: Border) -> None:
    """Recompute the columns derived from segment ends."""
    start, end = moved["from_m"].to_numpy(), moved["to_m"].to_numpy()
    if "length_km" in moved.columns:
        moved["length_km"] = (end - start) / 1000.0
    if not isinstance(moved, gpd.GeoDataFrame) or moved.active_geometry_name is None:
        return
    drawn = moved.geometry.to_numpy()
    if not np.isin(shapely.get_type_id(drawn), (-1, 1)).all():
        return
    lines = [border.slice(low, high) if high > low else None for low, high in zip(start, end, strict=True)]
    moved[moved.active_geometry_name] = gpd.GeoSeries(lines, index=moved.index, crs=4326).to_crs(
        moved.crs or 4326
    )
