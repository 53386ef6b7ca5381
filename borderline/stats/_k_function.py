"""Count pairs of events by their distance along the border, compared with chance."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from .._constants import Bools, Floats, Ints
from ..border import Border, require_border
from ..errors import OptionError, TableError
from ..options import (
    validate_level,
    validate_numbers,
    validate_positive,
    validate_seed,
    validate_whole,
    validate_word,
)
from ..schema import require_columns
from ._catchment import Catchment
from ._k_function_sums import CORRECTIONS, PairCounter
from ._period import PeriodOption
from ._placements import DRAWS, PositionOptions, validate_positions
from ._rank_envelope import rank_envelope
from ._sample import Sample, select_sample
from ._vague_counts import UNKNOWN, VagueNote, format_count, mark_vague, vague_column

__all__ = ["k_function"]

#: By default K is computed at this many distances, up to this share of the line.
DISTANCES: Final = 50
FARTHEST_SHARE: Final = 0.1

#: Fewer simulations cannot give a p-value of 0.05.
FEWEST_SIMULATIONS: Final = 19

#: Lower bound of the land around an event, a share of the mean, so that no weight becomes huge.
LEAST_LAND: Final = 0.05


class _Pattern(NamedTuple):
    """Points on a line, and the null hypothesis they are compared with."""

    #: Chainages, kilometres.
    points: Floats
    #: Which points are of the first type (the others are of the second); None to pair all with all.
    first: Bools | None
    #: Length of the line, kilometres.
    length: float
    #: Land on which chance places events uniformly; None for the line itself.
    land: Catchment | None


def k_function(  # noqa: PLR0913 - each option is one choice of the method
    events: pd.DataFrame,
    border: Border,
    *,
    distances_km: Sequence[float] | Floats | None = None,
    correction: str = "ang",
    types: tuple[str, str] | None = None,
    within_km: float | None = None,
    bank: str | None = None,
    distinct: str | None = None,
    period: PeriodOption | None = None,
    exposure: str | None = None,
    smooth_km: float | None = None,
    simulations: int = 999,
    seed: int = 0,
    level: float = 0.95,
    positions: str = "points",
    draws: int = DRAWS,
) -> pd.DataFrame:
    """
    Count pairs of events by their distance along a border, compared with chance.

    K(r) is the length of border that the events within r of an event represent: 2r where events are
    independent of each other, more where they cluster. The pair correlation g(r) is half the slope of K, 1
    where events are independent; it shows at which distances the excess pairs are.

    Parameters
    ----------
    events
        Events after `locate`: ``chainage_m``, ``distance_m``, ``beyond_end``; with `types` also
        ``event_type``, with `bank` also ``side``.
    border
        The border they were located on.
    distances_km
        Distances along the border, kilometres, ascending, up to the length of the border. By default 50
        distances up to a tenth of it.
    correction
        ``"ang"`` counts a pair twice where the border has only one place at its distance from the first
        event [1]_; ``"none"`` counts each pair once, so K falls short of 2r near the ends.
    types
        Two values of ``event_type``: count pairs from the first to the second only. Simulations then
        permute the types among the events of both, and keep the places.
    within_km
        Leave out events farther than this from the line, geodesic kilometres. By default there is
        no limit.
    bank
        Country whose bank alone counts, ISO 3166-1 alpha-3 or alpha-2. By default both banks count.
    distinct
        ``"place-day"`` counts the events at one place on one day once, ``"place"`` the events at one
        place once. By default every event counts. With `types` each type is counted by itself. Events
        at one place are pairs at distance zero, so a table with many of them is clustered at every
        distance.
    period
        Days in which events count: a day (``"2025-07-24"``), a month (``"2025-07"``), a year
        (``"2025"``), or a pair of a first and a last day, both included; None on either side is the
        first or last day of the data. An event that lasts (``event_date_end``) counts in each period
        that it touches. By default every event counts, with or without a date.
    exposure
        Where chance places events: uniformly on the ``"length"`` of the border, or on its ``"catchment"``,
        the land within `within_km` by its nearest point of the border; a pair is then weighted by the
        inverse of the catchment around its events. By default the catchment where `within_km` exceeds 1,
        else the length.
    smooth_km
        Half-width, kilometres, of the range of distances that g averages over, and of the stretch of border
        whose catchment weights an event. By default a tenth of the largest distance.
    simulations
        Number of simulated patterns for the envelope, 19 or more.
    seed
        Seed of the random numbers. The same seed gives the same result.
    level
        Share of simulated curves within the envelope, between 0 and 1.
    positions
        ``"points"`` pairs events where their points are. ``"spread"`` and ``"impute"`` pair them in each of
        several draws of positions, independent ones or with the displacement of the line shared, and take
        the mean of K; clusters narrower than the errors are blurred, so fewer are found. No event is then
        left out because its place is vague.
    draws
        Number of these draws, 2 or more.

    Returns
    -------
    k
        One row for each distance: ``distance_km``, ``n_vague`` (events whose position error,
        ``location_error_m``, exceeds it; missing where no error is known), ``k_km``, ``expected_km`` (mean
        of the simulations), ``low``, ``high``, and ``g``, ``g_low``, ``g_high``. Each envelope holds for
        all distances at once. ``attrs["p_value"]`` and ``attrs["p_value_g"]`` are the shares of curves at
        least as extreme as the observed one, itself included [2]_; ``attrs`` also holds ``method``,
        ``n_events``, ``left_out`` and the options.

    Raises
    ------
    TableError
        If a column is missing, the events were located on another border, or fewer than two events count
        (with `types`, none of one type).
    OptionError
        If an option is of the wrong kind, out of range or unknown.
    MeasureError
        If a chainage lies off the border.

    Warns
    -----
    PositionWarning
        If a distance is shorter than the median error of events that count as points. With positions
        that are spread or imputed, if events have no error or are set aside.

    Notes
    -----
    With n points on a line of length L, K(r) is L / (n (n - 1)) times the sum over ordered pairs at most r
    apart of ``2 / m``, where m is the number of places on the line at the distance of the pair from its
    first point. Ang, Baddeley and Nair [1]_ use ``1 / m``, so their K is half of this. By catchment, each
    pair is divided by the catchment per kilometre around both points, relative to its mean.

    References
    ----------
    .. [1] Q. W. Ang, A. Baddeley and G. Nair, "Geometrically corrected second order
       analysis of events on a linear network, with applications to ecology and
       criminology", Scandinavian Journal of Statistics 39 (2012), 591-617.
    .. [2] M. Myllymäki, T. Mrkvička, P. Grabarnik, H. Seijo and U. Hahn, "Global
       envelope tests for spatial processes", Journal of the Royal Statistical
       Society B 79 (2017), 381-404.

    Examples
    --------
    >>> import borderline as bl
    >>> border = bl.load_border()
    >>> events = bl.load_incidents().pipe(bl.geocode).pipe(bl.locate, border)
    >>> k = bl.stats.k_function(events, border, distances_km=[5, 10, 20], simulations=99)
    >>> bool((k["k_km"] > k["high"]).all()), k.attrs["p_value"]
    (True, 0.01)
    """
    require_border(border, verb="k_function")
    length = border.length_m / 1000.0
    distances = _validate_distances(distances_km, length)
    validate_word(correction, "correction", list(CORRECTIONS))
    validate_level(level)
    validate_whole(simulations, "simulations", least=FEWEST_SIMULATIONS)
    kinds = _validate_types(types)
    placing = validate_positions(positions, draws=draws, seed=seed)
    smooth = _validate_smooth(smooth_km, float(distances[-1]))
    sample = select_sample(
        events,
        border,
        verb="k_function",
        within_km=within_km,
        bank=bank,
        distinct=distinct,
        period=period,
        groups=_code_types(events, kinds),
        compared=True,
        exposure=exposure,
        positions=placing,
    )
    sample, pattern = _make_pattern(events, sample, kinds, length)
    curve = _make_estimator(length, distances, smooth, correction)
    rng = validate_seed(seed)
    patterns = _draw_positions(pattern, sample, placing)
    observed = curve(patterns[0]) if len(patterns) == 1 else np.mean([curve(p) for p in patterns], axis=0)
    drawn = np.array(
        [curve(_draw_by_chance(patterns[run % len(patterns)], rng)) for run in range(simulations)]
    )
    r = len(distances)
    k, g = (rank_envelope(observed[part], drawn[:, part], level) for part in (slice(r), slice(r, None)))
    result = pd.DataFrame(
        {
            "distance_km": distances,
            "k_km": observed[:r],
            "expected_km": drawn[:, :r].mean(axis=0),
            "low": k.low,
            "high": k.high,
            "g": observed[r:],
            "g_low": g.low,
            "g_high": g.high,
        }
    )
    vague = _add_vague(result, sample)
    result.attrs = {
        **sample.facts(),
        "p_value": k.p_value,
        "p_value_g": g.p_value,
        "correction": correction,
        "types": types,
        "smooth_km": smooth,
        "simulations": simulations,
        "seed": seed,
        "level": level,
        **vague.facts(),
    }
    result.attrs["method"] = _describe_method(pattern, sample, border, result.attrs)
    result.attrs["method"] += sample.describe_positions() + vague.sentence
    if placing.as_points:
        vague.warn_finer("k_function", "Read K at longer distances.")
    return result


def _add_vague(result: pd.DataFrame, sample: Sample) -> VagueNote:
    """Add how many events have an error above each distance, and say which distances are too short."""
    inside = sample.share_inside()[sample.weight > 0]
    error = sample.error_m[sample.weight > 0]
    distance_m = 1000.0 * result["distance_km"].to_numpy(dtype=np.float64)
    known = bool(np.isfinite(error).any())
    n_vague = np.array([inside[mark_vague(error, distance)].sum() for distance in distance_m])
    whole = bool((inside == 1.0).all())
    result.insert(1, "n_vague", vague_column(n_vague, known=known, whole=whole).to_numpy())
    if not known:
        return VagueNote(UNKNOWN, None, finer=False)
    # An error that is not known counts as none.
    median = float(np.median(np.nan_to_num(error)))
    n_short = int((distance_m < median).sum())
    note = (
        f"{n_short} of {len(distance_m)} distances are shorter than the median position error (90 %) of the "
        f"events, {median / 1000:.3g} km, so the result is finer than its positions there."
    )
    return VagueNote(note if n_short else "", float(n_vague[0]), n_short > 0)


def _validate_smooth(smooth_km: object, farthest: float) -> float:
    """Return the half-width of smoothing, kilometres: by default a tenth of the largest distance."""
    if smooth_km is None:
        return 0.1 * farthest
    return validate_positive(smooth_km, "smooth_km", "a positive number of kilometres")


def _validate_distances(distances_km: object, length: float) -> Floats:
    if distances_km is None:
        return np.linspace(0.0, FARTHEST_SHARE * length, DISTANCES + 1)[1:]
    wanted = f"ascending kilometres from 0 to the {length:.1f} km of the border, such as [1, 5, 10]"
    distances = np.asarray(validate_numbers(distances_km, "distances_km", wanted), dtype=np.float64)
    ascend = len(distances) > 0 and (np.diff(distances) > 0).all()
    if not (ascend and distances[0] >= 0 and 0 < distances[-1] <= length):
        raise OptionError(f"distances_km must be {wanted}, not {distances_km!r}.")
    return distances


def _validate_types(types: object) -> tuple[str, str] | None:
    if types is None:
        return None
    pair = tuple(types) if isinstance(types, list | tuple) else ()
    if len(pair) != 2 or pair[0] == pair[1]:
        raise OptionError(f"types must be two different event types, not {types!r}.")
    return pair


def _code_types(events: pd.DataFrame, types: tuple[str, str] | None) -> Ints | None:
    """Return a code for the type of each event, so that only events of one type repeat each other."""
    if types is None or not isinstance(events, pd.DataFrame) or "event_type" not in events:
        return None
    return pd.factorize(events["event_type"])[0].astype(np.int64)


def _make_pattern(
    events: pd.DataFrame,
    sample: Sample,
    types: tuple[str, str] | None,
    length: float,
) -> tuple[Sample, _Pattern]:
    """Return the points to pair, and the sample without events of other types."""
    land = sample.catchment()
    if types is None:
        points = sample.chainage_m[sample.weight > 0] / 1000.0
        if len(points) < 2:
            raise TableError(f"k_function pairs events and needs two or more that count, not {len(points)}.")
        return sample, _Pattern(points, None, length, land)
    require_columns(events, ["event_type"], verb="k_function", remedy="types names two of its values")
    known = events["event_type"].astype("object").where(events["event_type"].notna(), None)
    kinds = known.to_numpy()[sample.rows]
    for name in types:
        if not (kinds[sample.weight > 0] == name).any():
            raise TableError(f"k_function: no event that counts is of type {name!r}.")
    other = (kinds != types[0]) & (kinds != types[1])
    sample = sample.without("other_type", other)
    first = (kinds[~other] == types[0])[sample.weight > 0]
    return sample, _Pattern(sample.chainage_m[sample.weight > 0] / 1000.0, first, length, land)


def _draw_positions(pattern: _Pattern, sample: Sample, placing: PositionOptions) -> list[_Pattern]:
    """Draw patterns of the events where they may be; the one pattern where all positions are known."""
    if sample.placements is None:
        return [pattern]
    patterns = []
    # Chance draws from a generator of its own, so that it does not depend on positions.
    (rng,) = validate_seed(placing.seed).spawn(1)
    for chainage in sample.draw_chainages(placing.draws, rng):
        kept = ~np.isnan(chainage)
        first = None if pattern.first is None else pattern.first[kept]
        enough = kept.sum() > 1 if first is None else 0 < first.sum() < len(first)
        if enough:
            patterns.append(pattern._replace(points=chainage[kept] / 1000.0, first=first))
    if not patterns:
        raise TableError(
            "k_function pairs events and needs two or more that count, in any draw of positions."
        )
    return patterns


def _draw_by_chance(pattern: _Pattern, rng: np.random.Generator) -> _Pattern:
    """Draw a pattern under the null hypothesis: permute the types, or place the events at random."""
    if pattern.first is not None:
        return pattern._replace(first=rng.permutation(pattern.first))
    n = len(pattern.points)
    if pattern.land is None:
        return pattern._replace(points=rng.uniform(0.0, pattern.length, n))
    return pattern._replace(points=np.clip(pattern.land.draw(n, rng) / 1000.0, 0.0, pattern.length))


def _make_estimator(
    length: float, distances: Floats, smooth: float, correction: str
) -> Callable[[_Pattern], Floats]:
    """Return a function that computes K and g of a pattern, one array after the other."""
    near, far = np.maximum(distances - smooth, 0.0), np.minimum(distances + smooth, length)
    counter = PairCounter(length, np.concatenate([distances, near, far]), correction=correction)
    r = len(distances)

    def curve(pattern: _Pattern) -> Floats:
        points, first = pattern.points, pattern.first
        weight = None if pattern.land is None else _weigh_points(points, pattern.land, smooth)
        if first is None:
            n_pairs = len(points) * (len(points) - 1)
            sums = counter.among(points, weight)
        else:
            n_pairs = int(first.sum()) * int((~first).sum())
            from_weight, to_weight = (None, None) if weight is None else (weight[first], weight[~first])
            sums = counter.between(points[first], points[~first], from_weight, to_weight)
        k = sums * (length / n_pairs)
        # Pairs at one place have distance zero: they belong to the first bin of g.
        below = np.where(distances > smooth, k[r : 2 * r], 0.0)
        # Rounding may make a difference of equal sums negative.
        g = np.maximum(k[2 * r :] - below, 0.0) / (2 * (far - near))
        return np.concatenate([k[:r], g])

    return curve


def _weigh_points(points: Floats, land: Catchment, smooth: float) -> Floats:
    """Return the inverse of the land per kilometre around each point, relative to its mean."""
    length = land.length_m / 1000.0
    start, end = np.maximum(points - smooth, 0.0), np.minimum(points + smooth, length)
    share = (land.upto(end * 1000.0) - land.before(start * 1000.0)) / land.total_km2
    return np.asarray(1.0 / np.maximum(share * length / (end - start), LEAST_LAND))


def _describe_method(
    pattern: _Pattern, sample: Sample, border: Border, options: Mapping[Hashable, Any]
) -> str:
    n, types, simulations = format_count(sample.n_events), options["types"], options["simulations"]
    ends = {"ang": "corrected for the ends after Ang et al. (2012)", "none": "not corrected for the ends"}
    if types is not None:
        chance = f"{simulations} random permutations of the types"
    elif pattern.land is None:
        chance = f"{simulations} patterns uniform on its length"
    else:
        chance = f"{simulations} patterns uniform on the land within {sample.within_km:g} km of it"
    weighted = "" if pattern.land is None else ", weighted by the inverse of the catchment around each event"
    pair = "" if types is None else f"{types[1]} around {types[0]}, "
    counted = f"{pair}{n} events{'' if types is None else ' in all'}{sample.describe_filters()}"
    return (
        f"K function of {counted} along {pattern.length:.1f} km of the {border.name or 'border'}, "
        f"{ends[options['correction']]}{weighted}; global {100 * options['level']:g} % envelope and p-value "
        f"by extreme rank length (Myllymäki et al. 2017) from {chance}."
    )
