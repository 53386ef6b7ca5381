"""The verb `profile`: how dense events are at every place along a border."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

import numpy as np
import pandas as pd

from .._constants import Floats
from .._countries import alpha3
from ..border import Border, require_border
from ..errors import MeasureError, UnknownKeyError, near_miss
from ..provenance import cited
from ._catchment import catchment_of
from ._gamma_limits import gamma_limits
from ._kernel import weight_at
from ._kernel_lattice import folded, kernel_sums
from ._profile_along import Along, along, checked_kernel, checked_level, profile_nodes
from ._sample import Counted, count_events, near_line, require_within

__all__ = ["profile"]

#: Lattice points in a bandwidth that stand for the land, where there is no quicker way.
LATTICE_PER_SD: Final = 32

#: Within this distance events gather at the line; farther off, bends decide how many.
NEAR_KM: Final = 1.0


def profile(  # noqa: PLR0913 - each option is one choice of the method
    events: pd.DataFrame,
    border: Border,
    *,
    bandwidth_km: float | str = "likelihood",
    step_km: float | None = None,
    kernel: str = "gaussian",
    adaptive: bool = False,
    within_km: float | None = None,
    bank: str | None = None,
    exposure: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """
    Smooth events into an intensity along a border.

    Each event is spread by a kernel over the chainages round it. At the ends of the
    border kernels are reflected as often as it takes (the method of images), so
    the intensity integrates to the number of events for every bandwidth. With the normal
    kernel the trapezoidal sum over the nodes does so too, to 1e-6 of an event or better; the
    parabola of Epanechnikov has corners, which cost that sum up to 0.3 %.

    Parameters
    ----------
    events
        Events after `locate`: ``chainage_m``, ``distance_m``, ``beyond_end``; with
        `bank` also ``side``, and ``location_error_m`` where the table has it.
    border
        The border they were located on.
    bandwidth_km
        Standard deviation of the kernel, kilometres along the border, of any
        size; or ``"likelihood"``, the one with which events are best foreseen from
        those at other places (cross-validation), or ``"rule"``, Silverman's rule of
        thumb [1]_. A chosen one is no shorter than the median ``location_error_m``.
    step_km
        Largest distance between nodes of the result, kilometres; they are evenly
        spaced from one end to the other. By default a quarter of the bandwidth (of the
        narrowest, if it is adaptive), at most 1 km. A sum over nodes farther apart than a
        bandwidth is no integral.
    kernel
        ``"gaussian"``, or ``"epanechnikov"``, which ends at 2.24 standard deviations.
    adaptive
        Let the bandwidth of an event vary with the inverse square root of a first
        estimate at its place [2]_, by a factor of 5 at most either way.
    within_km
        Leave out events farther than this from the line, geodesic kilometres. By
        default there is no limit.
    bank
        Country whose bank alone counts, ISO 3166-1 alpha-3 or alpha-2; by default both.
    exposure
        What ``relative_intensity`` compares with: ``"length"`` of border, or
        ``"catchment"``, the land within `within_km` by its nearest place of the
        border. By default catchment once `within_km` exceeds 1, else length. Where
        events keep to the line the inside of a bend, with little land, seems hotter than
        it is; compare both.
    level
        Confidence level of the limits, between 0 and 1.

    Returns
    -------
    profile
        One row a node: ``chainage_m`` (geodesic metres, from 0 to the length of the
        border), ``intensity_per_km``, ``intensity_low``, ``intensity_high`` and
        ``relative_intensity`` (1 where events are as many as their number spread
        over the exposure would be). With a catchment also ``catchment_km2_per_km``
        (smoothed alike) and ``intensity_per_km2`` with ``_low`` and ``_high``;
        missing where there is no land. The limits hold at each node by itself,
        for the *smoothed* intensity of a Poisson process: not for its peaks before
        smoothing, and not for all nodes at once. ``attrs`` hold ``method``,
        ``bandwidth_km``, ``n_events``, ``left_out`` and the options.

    Raises
    ------
    TableError
        If a column is missing, or the events were located on another border.
    MeasureError
        If an option is out of range, a chainage lies off the border, or a bandwidth
        is to be chosen from fewer than two places.
    UnknownKeyError
        If the kernel, the choice of bandwidth, the exposure or the bank is unknown.

    References
    ----------
    .. [1] B. W. Silverman, Density Estimation for Statistics and Data Analysis (1986).
    .. [2] I. S. Abramson, "On bandwidth variation in kernel estimates: a square root
       law", Annals of Statistics 10 (1982), 1217-1223.

    Examples
    --------
    >>> import borderline as bl, numpy as np
    >>> border = bl.load_border()
    >>> events = bl.load_incidents().pipe(bl.geocode).pipe(bl.locate, border)
    >>> curve = bl.profile(events, border, bandwidth_km=10, within_km=25)
    >>> total = np.trapezoid(curve["intensity_per_km"], curve["chainage_m"] / 1000)
    >>> bool(np.isclose(total, curve.attrs["n_events"]))
    True
    """
    require_border(border, verb="profile")
    shape, _ = checked_kernel(kernel), checked_level(level)
    side = None if bank is None else alpha3(bank)
    measured = _exposure(exposure, within_km)
    counted = count_events(
        events,
        length_m=border.length_m,
        border=border.identity,
        within_km=within_km,
        verb="profile",
        bank=side,
    )
    line = along(events, counted, border, shape, bandwidth_km, adaptive=adaptive)
    sd = line.sd(line.places)
    nodes = profile_nodes(line.length, float(np.min(sd, initial=line.bandwidth)), step_km)
    total, squares = kernel_sums(nodes, line.places, line.times, sd, shape)
    low, high = gamma_limits(total, squares, _largest(nodes, line), level)
    result = pd.DataFrame(
        {
            "chainage_m": np.append(nodes[:-1] * 1000.0, border.length_m),
            "intensity_per_km": total,
            "intensity_low": low,
            "intensity_high": high,
        }
    )
    n = int(line.times.sum())
    if measured == "length":
        expected = np.full(len(nodes), n / line.length)
    else:
        land, total_km2 = _land(nodes, line, border, within_km, side)
        expected = n * land / total_km2
        result["catchment_km2_per_km"] = land
        for ending, values in (("", total), ("_low", low), ("_high", high)):
            result[f"intensity_per_km2{ending}"] = _over(values, land)
    result["relative_intensity"] = _over(total, expected)
    result.attrs = {
        **_facts(events, border, line, counted, level, near=near_line(within_km, side)),
        "within_km": within_km,
        "bank": side,
        "exposure": measured,
        "step_km": float(nodes[1]),
    }
    return result


def _exposure(exposure: str | None, within_km: float | None) -> str:
    known = ("catchment", "length")
    require_within(within_km)
    if exposure is None:
        return "catchment" if within_km is not None and within_km > NEAR_KM else "length"
    if exposure not in known:
        raise UnknownKeyError(f"There is no exposure {exposure!r}.{near_miss(str(exposure), known)}")
    if exposure == "catchment" and within_km is None:
        raise MeasureError("The catchment of a border needs a width; give within_km in kilometres.")
    return exposure


def _largest(nodes: Floats, line: Along) -> Floats:
    """Find the largest weight that an event could have had at each node."""
    sd = np.broadcast_to(np.asarray(line.sd(nodes), dtype=np.float64), nodes.shape)
    # Next to an end, an event at the end itself may weigh more than one at the node.
    events = np.stack([nodes, np.zeros_like(nodes), np.full_like(nodes, line.length)])
    largest: Floats = weight_at(nodes, events, sd, line.length, line.kernel).max(axis=0)
    return largest


def _land(
    nodes: Floats, line: Along, border: Border, within_km: float | None, bank: str | None
) -> tuple[Floats, float]:
    """Smooth the catchment as the events are smoothed."""
    if within_km is None:  # _exposure refused it
        raise MeasureError("The catchment of a border needs a width; give within_km in kilometres.")
    land = catchment_of(border, within_km=within_km, bank=bank)
    feet = np.clip(land.feet_m / 1000.0, 0.0, line.length)
    area = np.diff(land.upto_km2)
    if line.adaptive or line.kernel.name != "gaussian":
        # So many feet are dear; on a lattice they keep far more than the area is known by.
        feet, area = folded(feet, area, line.length, line.bandwidth / LATTICE_PER_SD)
    return kernel_sums(nodes, feet, area, line.sd(feet), line.kernel).total, land.total_km2


def _over(values: Floats, base: Floats) -> Floats:
    """Divide, missing where there is nothing to divide by."""
    some = base > 1e-9 * float(np.max(base, initial=0.0))
    return np.asarray(np.where(some, values / np.where(some, base, 1.0), np.nan))


def _facts(
    events: pd.DataFrame, border: Border, line: Along, counted: Counted, level: float, *, near: str
) -> dict[Hashable, Any]:
    n = int(line.times.sum())
    varied = ", varied by Abramson's square root law" if line.adaptive else ""
    return {
        "border": border.identity,
        "sources": cited(events.attrs, border.source),
        "n_events": n,
        "left_out": counted.left_out,
        "bandwidth_km": line.bandwidth,
        "kernel": line.kernel.name,
        "adaptive": line.adaptive,
        "level": level,
        "method": (
            f"Kernel intensity of {n} events{near} at {len(line.places)} places along "
            f"{line.length:.1f} km of the {border.name or 'border'}: {line.kernel.name} kernel with a "
            f"standard deviation of {line.bandwidth:.4g} km ({line.chosen}){varied}, reflected at the ends; "
            f"{100 * level:g} % limits at each place by itself for the smoothed intensity, "
            "mid-P gamma limits of a Poisson process (Fay and Kim 2017)."
        ),
    }
