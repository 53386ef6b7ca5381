"""Smooth events into an intensity along a border, or along it and through time."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from .._constants import Floats
from ..border import Border, require_border
from ..errors import OptionError
from ..options import validate_flag, validate_level, validate_whole, validate_word
from ._catchment import Catchment
from ._gamma_limits import gamma_limits
from ._kernel import KERNELS, weight_at
from ._kernel_lattice import bin_on_line, kernel_sums
from ._period import PeriodOption
from ._placements import DRAWS, validate_positions
from ._profile_along import LineEvents, gather_events, profile_nodes
from ._sample import Sample, select_sample
from ._space_time_surface import smooth_surface
from ._vague_counts import count_vague, format_count, mark_vague

__all__ = ["profile"]

#: Lattice points per bandwidth onto which the land is binned, for adaptive and Epanechnikov kernels.
LATTICE_PER_SD: Final = 32

#: An event that runs along the border is smoothed in parts of about this length, kilometres.
PART_KM: Final = 0.1

#: Places per bandwidth that stand for those where an event may be, when variances are summed.
PARTS_PER_SD: Final = 8

#: Largest number of these parts.
MOST_PARTS: Final = 5_000


def profile(  # noqa: PLR0913 - each option is one choice of the method
    events: pd.DataFrame,
    border: Border,
    *,
    bandwidth_km: float | str = "likelihood",
    bandwidth_days: float | None = None,
    step_km: float | None = None,
    step_days: int = 1,
    kernel: str = "gaussian",
    adaptive: bool = False,
    within_km: float | None = None,
    bank: str | None = None,
    distinct: str | None = None,
    period: PeriodOption | None = None,
    exposure: str | None = None,
    level: float = 0.95,
    positions: str = "points",
    deconvolve: int | None = None,
    draws: int = DRAWS,
    seed: int | None = 0,
) -> pd.DataFrame:
    """
    Smooth events into an intensity along a border.

    Each event is spread over the chainages around it by a kernel. At the ends of the border kernels are
    reflected as often as needed (the method of images), so the intensity integrates to the number of events
    for every bandwidth. With the Gaussian kernel the trapezoidal sum over the nodes agrees with that
    number to 1e-6 of an event or better; the Epanechnikov kernel has corners, which cost the sum up to
    0.3 %.

    Parameters
    ----------
    events
        Events after `locate`: ``chainage_m``, ``distance_m``, ``beyond_end``; with `bank` also ``side``,
        and ``location_error_m`` where the table has it.
    border
        The border they were located on.
    bandwidth_km
        Standard deviation of the kernel, kilometres along the border, of any size; ``"likelihood"``, the
        bandwidth that best predicts events from those at other places (cross-validation); or ``"rule"``,
        Silverman's rule of thumb [1]_. A chosen bandwidth is no shorter than the median
        ``location_error_m``.
    bandwidth_days
        Standard deviation in time, days. The result is then a surface, smoothed along the border and
        through time by the product of two kernels, both reflected at the ends, so its sums over places and
        dates integrate to the number of events. An event that lasts counts on its first day in the period.
        By default all dates count together.
    step_km
        Largest distance between nodes of the result, kilometres. Nodes are evenly spaced from one end to
        the other. By default a quarter of the bandwidth (of the narrowest, if it is adaptive), at most 1
        km. Nodes farther apart than a bandwidth do not integrate to the number of events.
    step_days
        Days from one date of a surface to the next, a whole number. The last date is always the end of the
        period.
    kernel
        ``"gaussian"``, or ``"epanechnikov"``, which ends at 2.24 standard deviations.
    adaptive
        Whether the bandwidth of an event varies with the inverse square root of a first estimate at its
        place [2]_, by a factor of at most 5 either way.
    within_km
        Leave out events farther than this from the line, geodesic kilometres. By default there is
        no limit.
    bank
        Country whose bank alone counts, ISO 3166-1 alpha-3 or alpha-2. By default both banks count.
    distinct
        ``"place-day"`` counts the events at one place on one day once, ``"place"`` the events at one
        place once. By default every event counts.
    period
        Days in which events count: a day (``"2025-07-24"``), a month (``"2025-07"``), a year
        (``"2025"``), or a pair of a first and a last day, both included; None on either side is the
        first or last day of the data. An event that lasts (``event_date_end``) counts in each period
        that it touches. By default every event counts, with or without a date; with `bandwidth_days`
        the period is that from the first event to the last.
    exposure
        What ``relative_intensity`` compares with: ``"length"`` of border, or ``"catchment"``, the land
        within `within_km` by its nearest point of the border. By default the catchment where `within_km`
        exceeds 1, else the length. Where events keep close to the line, stretches inside a bend, which have
        little land, look hotter than they are: compare both.
    level
        Confidence level of the limits, between 0 and 1.
    positions
        ``"points"`` smooths each event where its point is. ``"spread"`` spreads it over the places where it
        may have been (``location_error_m``, the columns of positions, and the accuracy of the line) before
        it is smoothed, so the curve is smoothed twice. ``"impute"`` draws all positions together and takes
        the mean. With either, no event is left out because its place is vague, and the limits allow for what
        is not known of positions.
    deconvolve
        Steps of deconvolution (expectation and maximisation) of spread positions: 5 sharpen clusters of many
        events, and add noise where the intensity is smooth. By default none.
    draws
        Number of draws for ``"impute"``, 2 or more.
    seed
        Seed of these draws. The same seed gives the same result.

    Returns
    -------
    profile
        One row for each node: ``chainage_m`` (geodesic metres, from 0 to the length of the border),
        ``intensity_per_km``, ``intensity_low``, ``intensity_high`` and ``relative_intensity`` (1 where the
        intensity is that of the same number of events spread over the exposure). With a catchment also
        ``catchment_km2_per_km`` (smoothed in the same way) and ``intensity_per_km2`` with ``_low`` and
        ``_high``; missing where there is no land. The limits hold at each node by itself, for the
        *smoothed* intensity of a Poisson process: not for its peaks before smoothing, and not for all nodes
        at once. ``attrs`` holds ``method``, ``bandwidth_km``, ``n_events``, ``n_vague`` (events whose
        position error, ``location_error_m``, exceeds the bandwidth), ``left_out`` and the options. An event
        that runs along the border (``shared_m`` of `locate`) is spread evenly over its stretch.

        With `bandwidth_days` one row for each date and node, sorted by both: ``event_date``, ``chainage_m``
        and ``intensity_per_km_day``.

    Raises
    ------
    TableError
        If a column is missing, the events were located on another border, or a bandwidth cannot be chosen
        because the events lie at fewer than two places.
    OptionError
        If an option is of the wrong kind, out of range or unknown, or a surface would have too many rows.
    MeasureError
        If a chainage lies off the border.

    Warns
    -----
    PositionWarning
        If most of the events that count as points are vaguer than what they are counted in. With positions
        that are spread or imputed, if events have no error or are set aside.

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

    Smoothed through time as well, the fighting of 2025 peaks in December:

    >>> surface = bl.profile(
    ...     events, border, bandwidth_km=10, bandwidth_days=7, period=("2025-05-01", "2025-12-31")
    ... )
    >>> peak = surface.loc[surface["intensity_per_km_day"].idxmax()]
    >>> str(peak["event_date"].date())[:7]
    '2025-12'
    """
    require_border(border, verb="profile")
    shape = KERNELS[validate_word(kernel, "kernel", list(KERNELS))]
    validate_level(level)
    validate_flag(adaptive, "adaptive")
    validate_whole(step_days, "step_days")
    placing = validate_positions(positions, draws=draws, seed=seed, deconvolve=deconvolve)
    in_time = bandwidth_days is not None
    if in_time and (adaptive or exposure is not None):
        raise OptionError("bandwidth_days cannot be combined with adaptive or exposure; leave them out.")
    sample = select_sample(
        events,
        border,
        verb="profile",
        within_km=within_km,
        bank=bank,
        distinct=distinct,
        period=(None, None) if in_time and period is None else period,
        dated=in_time,
        compared=not in_time,
        exposure=exposure,
        positions=placing,
    )
    sample, _ = sample.split_places(np.zeros(len(sample.rows), dtype=np.int64))
    if in_time:
        return smooth_surface(
            events,
            sample,
            border,
            shape,
            bandwidth_km=bandwidth_km,
            bandwidth_days=bandwidth_days,
            step_km=step_km,
            step_days=step_days,
        )
    line = gather_events(events, sample, border, shape, bandwidth_km, adaptive=adaptive)
    narrowest = float(np.min(line.sd(line.places), initial=line.bandwidth))
    nodes = profile_nodes(line.length, narrowest, step_km)
    total, squares = _smooth_events(nodes, sample, line)
    low, high = gamma_limits(total, squares, _largest_weight(nodes, line), level)
    result = pd.DataFrame(
        {
            "chainage_m": np.append(nodes[:-1] * 1000.0, border.length_m),
            "intensity_per_km": total,
            "intensity_low": low,
            "intensity_high": high,
        }
    )
    catchment = sample.catchment()
    if catchment is not None:
        land, total_km2 = _smooth_land(nodes, line, catchment)
        expected = sample.n_events * land / total_km2
        result["catchment_km2_per_km"] = land
        for ending, values in (("", total), ("_low", low), ("_high", high)):
            result[f"intensity_per_km2{ending}"] = _divide_where_some(values, land)
    else:
        expected = np.full(len(nodes), sample.n_events / line.length)
    result["relative_intensity"] = _divide_where_some(total, expected)
    vague = count_vague(
        sample.error_m,
        mark_vague(sample.error_m, 1000.0 * line.bandwidth),
        sample.weight * sample.share_inside(),
        "the bandwidth",
    )
    result.attrs = {
        **sample.facts(),
        "bandwidth_km": line.bandwidth,
        "kernel": line.kernel.name,
        "adaptive": line.adaptive,
        "level": level,
        "step_km": float(nodes[1]),
        **vague.facts(),
        "method": _describe_method(line, sample, border, level)
        + sample.describe_positions()
        + vague.sentence,
    }
    if placing.as_points:
        vague.warn_finer("profile", "Give a larger bandwidth_km.")
    return result


def _smooth_events(nodes: Floats, sample: Sample, line: LineEvents) -> tuple[Floats, Floats]:
    """Return the sums of all kernels at the nodes, and their variance: at known places, of their squares."""
    counted = sample.weight > 0
    long = sample.to_m > sample.from_m
    places_m, counts = sample.list_places(np.where(long, 0.0, sample.weight))
    places = places_m / 1000.0
    total, squares = kernel_sums(nodes, places, counts, line.sd(places), line.kernel)
    squares = squares + _add_position_variance(nodes, sample, line)
    for entry in np.flatnonzero(counted & long):
        start, end = sample.from_m[entry] / 1000.0, sample.to_m[entry] / 1000.0
        parts = int(np.clip(np.ceil((end - start) / PART_KM), 1, MOST_PARTS))
        middles = start + (np.arange(parts) + 0.5) * (end - start) / parts
        smoothed = kernel_sums(
            nodes, middles, np.full(parts, 1.0 / parts), line.sd(middles), line.kernel
        ).total
        total, squares = total + smoothed, squares + smoothed**2
    return total, squares


def _add_position_variance(nodes: Floats, sample: Sample, line: LineEvents) -> Floats:
    """Return the variance of the sums of kernels that unknown positions add; 0 where all are known."""
    placements = sample.placements
    if placements is None:
        return np.zeros(len(nodes))
    inside, n_of_row = sample.mark_outside() < 0, placements.count_rows(sample.weight)
    if placements.drawn:
        totals = []
        for column in range(inside.shape[1]):
            used = inside[:, column] & (n_of_row > 0)
            places = placements.chainage_m[used, column] / 1000.0
            totals.append(kernel_sums(nodes, places, n_of_row[used], line.sd(places), line.kernel).total)
        variance: Floats = np.var(totals, axis=0, ddof=1) * (1.0 + 1.0 / len(totals))
        return variance
    uncertain = np.flatnonzero((placements.weight.max(axis=1) < 1.0) & (n_of_row > 0))
    if not len(uncertain):
        return np.zeros(len(nodes))
    step = line.bandwidth / PARTS_PER_SD
    lattice = np.linspace(0.0, line.length, int(np.clip(np.ceil(line.length / step), 1, MOST_PARTS)) + 1)
    kernels = weight_at(
        nodes, lattice[:, None], np.asarray(line.sd(lattice)).reshape(-1, 1), line.length, line.kernel
    )
    place = np.rint(placements.chainage_m[uncertain] / 1000.0 / lattice[1]).astype(np.int64)
    weight = np.where(inside[uncertain], placements.weight[uncertain], 0.0)
    variance = np.zeros(len(nodes))
    for n, where, share in zip(n_of_row[uncertain], place, weight, strict=True):
        used, parts = np.unique(where, return_inverse=True)
        chance = np.bincount(parts, share)
        mean = chance @ kernels[used]
        variance += n * (chance @ kernels[used] ** 2 - mean**2)
    return np.maximum(variance, 0.0)


def _largest_weight(nodes: Floats, line: LineEvents) -> Floats:
    """Return the largest weight that an event could have at each node."""
    sd = np.broadcast_to(np.asarray(line.sd(nodes), dtype=np.float64), nodes.shape)
    # Near an end, an event at the end itself may have more weight than one at the node.
    events = np.stack([nodes, np.zeros_like(nodes), np.full_like(nodes, line.length)])
    largest: Floats = weight_at(nodes, events, sd, line.length, line.kernel).max(axis=0)
    return largest


def _smooth_land(nodes: Floats, line: LineEvents, land: Catchment) -> tuple[Floats, float]:
    """Return the catchment, smoothed as the events are, and its total."""
    feet = np.clip(land.feet_m / 1000.0, 0.0, line.length)
    area = np.diff(land.upto_km2)
    if line.adaptive or line.kernel.name != "gaussian":
        # Pairs of all feet and nodes would be slow; the lattice errs by far less than the area itself.
        feet, area = bin_on_line(feet, area, line.length, line.bandwidth / LATTICE_PER_SD)
    return kernel_sums(nodes, feet, area, line.sd(feet), line.kernel).total, land.total_km2


def _divide_where_some(values: Floats, base: Floats) -> Floats:
    """Divide; missing where the divisor is zero."""
    some = base > 1e-9 * float(np.max(base, initial=0.0))
    return np.asarray(np.where(some, values / np.where(some, base, 1.0), np.nan))


def _describe_method(line: LineEvents, sample: Sample, border: Border, level: float) -> str:
    varied = ", varied by Abramson's square root law" if line.adaptive else ""
    return (
        f"Kernel intensity of {format_count(sample.n_events)} events{sample.describe_filters()} at "
        f"{len(line.places)} places along {line.length:.1f} km of the {border.name or 'border'}: "
        f"{line.kernel.name} kernel with a standard deviation of {line.bandwidth:.4g} km "
        f"({line.chosen}){varied}, reflected at the ends; "
        f"{100 * level:g} % limits at each place by itself for the smoothed intensity, "
        "mid-P gamma limits of a Poisson process (Fay and Kim 2017)."
    )
